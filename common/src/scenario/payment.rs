//! Payments of a file, decided on by the till's own rules: what they settle, what held money pays of it, and what late fee is due between them.

use super::Refusal;
use super::account::{Account, Move, Terms};
use super::format::{Payment, Scenario};
use super::held::{Purse, Purses};
use super::names::{Names, id};
use crate::billing::plan::PlannedBill;
use crate::cashier::HeldKind;
use crate::cashier::held::{self, Due, Holding, Payable, Use};
use crate::cashier::oldest_first::{self, Owed};
use crate::cashier::settle::{BillAmount, Laid, MethodAmount, Paying, TakeHeld, settle};
use crate::charging::late_fee::{InsideBill, LateFee};
use crate::id::{BillId, FeeItemId, UnitId};
use crate::money::Money;
use crate::period::Day;
use crate::problem::Problem;

/// A payment that may be taken.
pub(super) struct Settled {
    pub(super) payment: String,
    pub(super) total: Money,
    pub(super) change: Money,
    /// How much of it is late fee.
    pub(super) late_fee: Money,
}

/// Held money that paid a bill.
pub(super) struct Spent {
    pub(super) held: String,
    /// `None` where it paid by itself, after the run.
    pub(super) payment: Option<String>,
    /// The bill's number, or the fee item of what the run billed.
    pub(super) bill: String,
    pub(super) laid: Laid,
}

impl Spent {
    pub(super) fn amount(&self) -> Money {
        Money::from_fen(self.laid.late.fen() + self.laid.principal.fen())
    }
}

/// A late fee that the file asks for.
pub(super) struct Asked {
    pub(super) number: String,
    pub(super) on: Day,
    pub(super) due: Money,
    pub(super) fee: LateFee,
}

/// What came of a file's payments.
#[derive(Default)]
pub(super) struct Paid {
    pub(super) settled: Vec<Settled>,
    pub(super) spent: Vec<Spent>,
    /// All that was held or came to be, with what is left of it.
    pub(super) held: Vec<Purse>,
    pub(super) asked: Vec<Asked>,
}

/// Where a file's payments are taken.
pub(super) struct Till<'a> {
    scenario: &'a Scenario,
    names: &'a Names<'a>,
    order: InsideBill,
    terms: Terms,
    open: Vec<Account>,
    /// What the run billed.
    billed: Vec<Account>,
    purses: Purses,
    paid: Paid,
}

impl<'a> Till<'a> {
    /// What is open and what is held before anybody pays.
    pub(super) fn of(scenario: &'a Scenario, names: &'a Names<'a>, refusals: &mut Vec<Refusal>) -> Result<Self, String> {
        let terms = Terms::of(scenario, names, refusals)?;
        let open = (0_u32..).zip(&scenario.open).map(|(place, one)| Account::open(one, place, names, &terms));
        Ok(Self {
            scenario,
            names,
            order: scenario.order.unwrap_or(InsideBill::LateFeeFirst),
            open: open.collect::<Result<_, _>>()?,
            billed: Vec::new(),
            purses: Purses::of(&scenario.held, names)?,
            paid: Paid::default(),
            terms,
        })
    }

    /// Payments that have a day follow each other, the run comes before those of the day on its bills and later; those without a day
    /// are taken by themselves, on what the file says is open and held.
    pub(super) fn all(mut self, bills: &[&PlannedBill], issued: Day, refusals: &mut Vec<Refusal>) -> Result<Paid, String> {
        let payments = &self.scenario.payments;
        let after = payments.iter().position(|payment| payment.day.is_some_and(|day| day >= issued)).unwrap_or(payments.len());
        for (place, payment) in payments.iter().enumerate() {
            if place == after {
                self.run_done(bills, issued)?;
            }
            self.waive(payment.day)?;
            self.take(payment, refusals)?;
        }
        if after == payments.len() {
            self.run_done(bills, issued)?;
        }
        self.waive(Some(Day::MAX))?;
        for ask in &self.scenario.expect.late_fees {
            let (fee, due) = self.find(&ask.number, "expect.late_fee")?.late_fee(ask.on)?;
            self.paid.asked.push(Asked { number: ask.number.clone(), on: ask.on, due, fee });
        }
        self.paid.held = self.purses.all();
        Ok(self.paid)
    }

    /// Lets go what late fee is let go before a day.
    fn waive(&mut self, before: Option<Day>) -> Result<(), String> {
        for waiver in self.scenario.waived.iter().filter(|waiver| before.is_some_and(|day| waiver.day < day)) {
            self.find(&waiver.number, "waived")?.waive(waiver.day, waiver.yuan.0);
        }
        Ok(())
    }

    fn take(&mut self, payment: &Payment, refusals: &mut Vec<Refusal>) -> Result<(), String> {
        let open: Vec<Owed> = self.open.iter().map(|account| account.on(payment.day)).collect::<Result<_, _>>()?;
        let bills = bills_of(payment, &open)?;
        let units = self.units_of(payment, &bills)?;
        let taken = self.taken(payment, &units)?;
        let takes: Vec<TakeHeld> = taken.iter().map(|(take, _)| *take).collect();
        let methods = payment.methods.iter();
        let methods = methods.map(|way| MethodAmount { method: way.method, amount_fen: way.yuan.0, reference: String::new() });
        let methods: Vec<MethodAmount> = methods.collect();
        let paying = Paying { bills: &bills, takes: &takes, methods: &methods, tendered: payment.tendered.map(|yuan| yuan.0) };
        let decided = settle(&open, paying).and_then(|one| Ok((one, self.uses(&units, paying)?)));
        match decided {
            Ok((one, uses)) => {
                let late_fee = Money::sum(bills.iter().map(|bill| bill.laid(self.order).late)).unwrap_or_default();
                self.paid.settled.push(Settled { payment: payment.name.clone(), total: one.total, change: one.change, late_fee });
                self.spent(Some(&payment.name), &uses);
                if let Some(day) = payment.day {
                    self.book(day, &bills, &uses);
                    taken.into_iter().try_for_each(|(_, purse)| self.purses.add(purse))?;
                }
            }
            Err(problem) => refusals.extend(Refusal::of_problem(&payment.name, problem)),
        }
        Ok(())
    }

    /// Whose held money may pay: that of who pays, and of the bills' units.
    fn units_of(&self, payment: &Payment, bills: &[BillAmount]) -> Result<Vec<UnitId>, String> {
        let key = format!("payment {:?}, unit", payment.name);
        let who = payment.unit.as_deref().map(|name| self.names.unit(name, &key)).transpose()?;
        let of_bills = bills.iter().filter_map(|bill| Some(self.account(bill.bill)?.owed.unit));
        Ok(who.map(|unit| UnitId(id(4, unit))).into_iter().chain(of_bills).collect())
    }

    fn taken(&self, payment: &Payment, units: &[UnitId]) -> Result<Vec<(TakeHeld, Purse)>, String> {
        if payment.takes.is_empty() {
            return Ok(Vec::new());
        }
        let needs = |what: &str| format!("payment {:?} takes money to be held, so that it needs a {what}", payment.name);
        let day = payment.day.ok_or_else(|| needs("day"))?;
        let only = (self.names.units.len() == 1).then(|| UnitId(id(4, 0)));
        let unit = units.first().copied().or(only).ok_or_else(|| needs("unit"))?;
        self.purses.taken(&payment.takes, self.names, (unit, day))
    }

    /// Whose money pays which bill.
    fn uses(&self, units: &[UnitId], paying: Paying<'_>) -> Result<Vec<Use>, Problem> {
        let due = |line: &BillAmount| {
            let account = self.account(line.bill)?;
            Some(Due { laid: line.laid(self.order), fee_item: account.owed.fee_item, fee_item_kind: account.kind })
        };
        let dues: Vec<Due> = paying.bills.iter().filter_map(due).collect();
        held::uses(&self.purses.holdings(units), &dues, &held::asked(paying.methods))
    }

    fn spent(&mut self, payment: Option<&str>, uses: &[Use]) {
        for one in uses {
            let bill = self.account(one.laid.bill).map_or_else(String::new, |account| account.called.clone());
            let held = self.purses.name_of(one.held).to_owned();
            self.paid.spent.push(Spent { held, payment: payment.map(str::to_owned), bill, laid: one.laid });
        }
    }

    /// What was paid on a day is open no more; held money that paid is gone, and what was paid of a bill for it is held.
    fn book(&mut self, day: Day, bills: &[BillAmount], uses: &[Use]) {
        self.purses.spend(uses);
        for line in bills {
            let Some(account) = self.open.iter_mut().chain(&mut self.billed).find(|one| one.owed.bill == line.bill) else {
                continue;
            };
            let (laid, charged) = (line.laid(self.order), line.to_charge(self.order, account.booked()));
            account.moves.push(Move { day, principal: laid.principal, late: laid.late, charged });
            if let Some(kind) = HeldKind::of(account.kind) {
                let holding = Holding { bill: line.bill, kind, pays_for: None, since: day, left_fen: laid.principal };
                self.purses.receive(&account.called, account.owed.unit, holding);
            }
        }
    }

    /// Prepayments that pay by themselves pay what is open of the fee items that the run billed their units.
    fn run_done(&mut self, bills: &[&PlannedBill], issued: Day) -> Result<(), String> {
        self.waive(Some(issued))?;
        let billed = (0_u32..).zip(bills).map(|(place, bill)| Account::billed(bill, place, issued, self.names, &self.terms));
        self.billed = billed.collect();
        for unit in (0_u32..).zip(&self.names.units).map(|(place, _)| UnitId(id(4, place))) {
            let of_unit = self.billed.iter().filter(|account| account.owed.unit == unit);
            if !of_unit.clone().any(|account| account.owed.open_fen.is_positive()) {
                continue;
            }
            let fee_items: Vec<FeeItemId> = of_unit.map(|account| account.owed.fee_item).collect();
            let payable = self.payable(unit, &fee_items, issued)?;
            let (lines, uses) = held::by_themselves(&self.purses.by_themselves(unit), &payable, self.order);
            self.spent(None, &uses);
            self.book(issued, &lines, &uses);
        }
        Ok(())
    }

    /// What is open of a unit for some fee items on a day, the oldest first.
    fn payable(&self, unit: UnitId, fee_items: &[FeeItemId], on: Day) -> Result<Vec<Payable>, String> {
        let accounts = self.open.iter().chain(&self.billed);
        let accounts = accounts.filter(|account| account.owed.unit == unit && fee_items.contains(&account.owed.fee_item));
        let mut owed: Vec<Owed> = accounts.map(|account| account.on(Some(on))).collect::<Result<_, _>>()?;
        oldest_first::sort(&mut owed);
        let payable = owed.iter().filter_map(|owed| {
            let (bill, amount_fen) = (owed.bill, owed.whole());
            let whole = BillAmount { bill, amount_fen, open_fen: owed.open_fen, late_fee_fen: owed.late_fee_fen };
            Some(Payable { whole, fee_item: owed.fee_item, fee_item_kind: self.account(bill)?.kind })
        });
        Ok(payable.collect())
    }

    fn account(&self, bill: BillId) -> Option<&Account> {
        self.open.iter().chain(&self.billed).find(|account| account.owed.bill == bill)
    }

    fn find(&mut self, number: &str, key: &str) -> Result<&mut Account, String> {
        let found = self.open.iter_mut().find(|account| account.owed.number == number);
        found.ok_or_else(|| format!("{key}: there is no open bill {number:?}"))
    }
}

fn bills_of(payment: &Payment, open: &[Owed]) -> Result<Vec<BillAmount>, String> {
    let of = |number: &str| open.iter().find(|owed| owed.number == number);
    let bills = payment.bills.iter().map(|paid| {
        let owed =
            of(&paid.number).ok_or_else(|| format!("payment {:?}: there is no open bill {:?}", payment.name, paid.number))?;
        let open_fen = paid.seen.map_or(owed.open_fen, |seen| seen.0);
        let late_fee_fen = paid.seen_late_fee.map_or(owed.late_fee_fen, |seen| seen.0);
        Ok(BillAmount { bill: owed.bill, amount_fen: paid.yuan.0, open_fen, late_fee_fen })
    });
    bills.collect()
}
