//! Payments of a file, decided on by the till's own rule, and the late fee that is due between them.

use super::Refusal;
use super::format::{Payment, Scenario};
use super::names::{Names, id};
use crate::cashier::oldest_first::Owed;
use crate::cashier::settle::{BillAmount, Laid, MethodAmount, Paying, settle};
use crate::charging::late_fee::{self, Debt, InsideBill, LateFee, LateFeeRule, LateFeeTerm, LateStep, still_due};
use crate::id::{BillId, FeeItemId, UnitId};
use crate::money::Money;
use crate::period::Day;

/// A payment that may be taken.
pub(super) struct Settled {
    pub(super) payment: String,
    pub(super) total: Money,
    pub(super) change: Money,
    /// How much of it is late fee.
    pub(super) late_fee: Money,
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
    pub(super) asked: Vec<Asked>,
}

/// A bill of the file and what became of it.
struct Account {
    owed: Owed,
    due: Option<Day>,
    terms: Vec<LateFeeTerm>,
    moves: Vec<Move>,
}

/// What was paid or waived on a day, and what late fee was charged with it.
struct Move {
    day: Day,
    principal: Money,
    late: Money,
    charged: Money,
}

/// Payments that have a day follow each other; those without are taken by themselves, on what the file says is open.
pub(super) fn all(scenario: &Scenario, names: &Names<'_>, refusals: &mut Vec<Refusal>) -> Result<Paid, String> {
    let mut accounts = accounts(scenario, names, refusals)?;
    let order = scenario.order.unwrap_or(InsideBill::LateFeeFirst);
    let mut paid = Paid::default();
    for payment in &scenario.payments {
        for waiver in scenario.waived.iter().filter(|waiver| payment.day.is_some_and(|day| waiver.day < day)) {
            waive(&mut accounts, waiver)?;
        }
        take(payment, order, &mut accounts, &mut paid, refusals)?;
    }
    for waiver in &scenario.waived {
        waive(&mut accounts, waiver)?;
    }
    for ask in &scenario.expect.late_fees {
        let account = find(&mut accounts, &ask.number, "expect.late_fee")?;
        let (fee, due) = account.late_fee(ask.on)?;
        paid.asked.push(Asked { number: ask.number.clone(), on: ask.on, due, fee });
    }
    Ok(paid)
}

fn take(
    payment: &Payment,
    order: InsideBill,
    accounts: &mut [Account],
    paid: &mut Paid,
    refusals: &mut Vec<Refusal>,
) -> Result<(), String> {
    let open: Vec<Owed> = accounts.iter().map(|account| account.on(payment.day)).collect::<Result<_, _>>()?;
    let bills = bills_of(payment, &open)?;
    let methods =
        payment.methods.iter().map(|way| MethodAmount { method: way.method, amount_fen: way.yuan.0, reference: String::new() });
    let methods: Vec<MethodAmount> = methods.collect();
    let tendered = payment.tendered.map(|yuan| yuan.0);
    match settle(&open, Paying { bills: &bills, takes: &[], methods: &methods, tendered }) {
        Ok(one) => {
            let laid: Vec<Laid> = bills.iter().map(|bill| bill.laid(order)).collect();
            let late_fee = Money::sum(laid.iter().map(|laid| laid.late)).unwrap_or_default();
            paid.settled.push(Settled { payment: payment.name.clone(), total: one.total, change: one.change, late_fee });
            for (bill, laid) in bills.iter().zip(laid).filter(|_| payment.day.is_some()) {
                let Some(account) = accounts.iter_mut().find(|account| account.owed.bill == bill.bill) else { continue };
                let charged = bill.to_charge(order, account.booked());
                let day = payment.day.unwrap_or_default();
                account.moves.push(Move { day, principal: laid.principal, late: laid.late, charged });
            }
        }
        Err(problem) if problem.fields.is_empty() => refusals.push(Refusal::new(&payment.name, &problem.code)),
        Err(problem) => refusals.extend(problem.fields.into_iter().map(|field| Refusal::of_field(&payment.name, field))),
    }
    Ok(())
}

/// Lets late fee go, once.
fn waive(accounts: &mut [Account], waiver: &super::format::Waived) -> Result<(), String> {
    let account = find(accounts, &waiver.number, "waived")?;
    let same = |one: &Move| one.day == waiver.day && one.late == waiver.yuan.0 && one.principal.is_zero();
    if !account.moves.iter().any(same) {
        let charged = Money::from_fen((waiver.yuan.0.fen() - account.booked().fen()).max(0));
        account.moves.push(Move { day: waiver.day, principal: Money::ZERO, late: waiver.yuan.0, charged });
    }
    Ok(())
}

fn accounts(scenario: &Scenario, names: &Names<'_>, refusals: &mut Vec<Refusal>) -> Result<Vec<Account>, String> {
    let mut terms = Vec::new();
    for one in &scenario.late_fees {
        let steps = one.steps.iter().map(|step| LateStep { after_days: step.after, rate: step.rate }).collect();
        let rule = LateFeeRule { rate: one.rate, cap: one.cap, grace_days: one.grace, counted_from: one.counted, steps };
        let fee_item = names.fee_item(&one.fee, "late_fee.fee")?;
        let problems = rule.problems("");
        if problems.is_empty() {
            terms.push((fee_item, LateFeeTerm { rule, from: one.from, to: one.to }));
        }
        refusals.extend(problems.into_iter().map(|problem| Refusal::of_field(&one.fee, problem)));
    }
    terms.sort_by_key(|(_, term)| term.from);
    let mut accounts = Vec::new();
    for (place, one) in (0_u32..).zip(&scenario.open) {
        let fee_item = names.fee_item(&one.fee, "open.fee")?;
        accounts.push(Account {
            owed: Owed {
                bill: BillId(id(8, place)),
                number: one.number.clone(),
                unit: UnitId(id(4, names.unit(&one.unit, "open.unit")?)),
                fee_item: FeeItemId(id(2, fee_item.into())),
                from: one.from,
                open_fen: one.yuan.0,
                late_fee_fen: Money::ZERO,
            },
            due: one.due,
            terms: terms.iter().filter(|(of, _)| *of == fee_item).map(|(_, term)| term.clone()).collect(),
            moves: Vec::new(),
        });
    }
    Ok(accounts)
}

fn find<'a>(accounts: &'a mut [Account], number: &str, key: &str) -> Result<&'a mut Account, String> {
    let found = accounts.iter_mut().find(|account| account.owed.number == number);
    found.ok_or_else(|| format!("{key}: there is no open bill {number:?}"))
}

impl Account {
    /// What is owed on a day; as the file says where there is no day.
    fn on(&self, day: Option<Day>) -> Result<Owed, String> {
        let Some(day) = day else { return Ok(self.owed.clone()) };
        let gone: i64 = self.moves.iter().map(|one| one.principal.fen()).sum();
        let open_fen = Money::from_fen(self.owed.open_fen.fen() - gone);
        Ok(Owed { open_fen, late_fee_fen: self.late_fee(day)?.1, ..self.owed.clone() })
    }

    /// What late fee has come to by a day, and what is due of it after all that happened by then.
    fn late_fee(&self, on: Day) -> Result<(LateFee, Money), String> {
        let moves: Vec<&Move> = self.moves.iter().filter(|one| one.day <= on).collect();
        let settled = moves.iter().filter(|one| !one.principal.is_zero());
        let settled: Vec<_> = settled.map(|one| late_fee::Settled { day: one.day, amount: one.principal }).collect();
        // A bill without a due day is not late.
        let debt = Debt { principal: self.owed.open_fen, let_off: Money::ZERO, due: self.due.unwrap_or(on), settled: &settled };
        let fee = late_fee::late_fee(debt, &self.terms, on).ok_or("a late fee does not fit")?;
        let sum = |of: fn(&Move) -> Money| Money::from_fen(moves.iter().map(|one| of(one).fen()).sum());
        let due = still_due(fee.amount_fen, sum(|one| one.charged), sum(|one| one.late));
        Ok((fee, due))
    }

    /// Late fee that was charged and not settled.
    fn booked(&self) -> Money {
        Money::from_fen(self.moves.iter().map(|one| one.charged.fen() - one.late.fen()).sum())
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
