//! Bills of a file that are to be paid, and the late fee of them from day to day.

use super::Refusal;
use super::format::{Open, Scenario};
use super::names::{Names, id};
use crate::billing::plan::PlannedBill;
use crate::cashier::oldest_first::Owed;
use crate::charging::late_fee::{self, Debt, LateFee, LateFeeRule, LateFeeTerm, LateStep, still_due};
use crate::charging::tariff::FeeItemKind;
use crate::id::{BillId, FeeItemId, UnitId};
use crate::money::Money;
use crate::period::Day;

/// A bill of the file and what became of it.
pub(super) struct Account {
    pub(super) owed: Owed,
    pub(super) kind: FeeItemKind,
    /// What the file calls it: its number, or the fee item of what the run bills.
    pub(super) called: String,
    due: Option<Day>,
    terms: Vec<LateFeeTerm>,
    pub(super) moves: Vec<Move>,
}

/// What was paid or waived on a day, and what late fee was charged with it.
pub(super) struct Move {
    pub(super) day: Day,
    pub(super) principal: Money,
    pub(super) late: Money,
    pub(super) charged: Money,
}

/// The rules of late fee by their fee items, earlier ones first.
pub(super) struct Terms(Vec<(u16, LateFeeTerm)>);

impl Terms {
    pub(super) fn of(scenario: &Scenario, names: &Names<'_>, refusals: &mut Vec<Refusal>) -> Result<Self, String> {
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
        Ok(Self(terms))
    }

    fn of_fee_item(&self, fee_item: u16) -> Vec<LateFeeTerm> {
        self.0.iter().filter(|(of, _)| *of == fee_item).map(|(_, term)| term.clone()).collect()
    }
}

impl Account {
    /// What the file says is open.
    pub(super) fn open(one: &Open, place: u32, names: &Names<'_>, terms: &Terms) -> Result<Self, String> {
        let fee_item = names.fee_item(&one.fee, "open.fee")?;
        let owed = Owed {
            bill: BillId(id(8, place)),
            number: one.number.clone(),
            unit: UnitId(id(4, names.unit(&one.unit, "open.unit")?)),
            fee_item: FeeItemId(id(2, fee_item.into())),
            from: one.from,
            open_fen: one.yuan.0,
            late_fee_fen: Money::ZERO,
        };
        let terms = terms.of_fee_item(fee_item);
        Ok(Self { owed, kind: names.kind(fee_item), called: one.number.clone(), due: one.due, terms, moves: Vec::new() })
    }

    /// What the run bills. Its number comes after those of before.
    pub(super) fn billed(bill: &PlannedBill, place: u32, issued: Day, names: &Names<'_>, terms: &Terms) -> Self {
        let owed = Owed {
            bill: BillId(id(13, place)),
            number: format!("ZD{}-{:06}", issued.format("%Y%m"), place + 1),
            unit: UnitId(id(4, bill.unit)),
            fee_item: FeeItemId(id(2, bill.fee_item.into())),
            from: bill.period.from,
            open_fen: bill.to_pay(),
            late_fee_fen: Money::ZERO,
        };
        let called = names.called(bill.fee_item).to_owned();
        let (kind, terms) = (names.kind(bill.fee_item), terms.of_fee_item(bill.fee_item));
        Self { owed, kind, called, due: Some(bill.due_day), terms, moves: Vec::new() }
    }

    /// What is owed on a day; as the file says where there is no day.
    pub(super) fn on(&self, day: Option<Day>) -> Result<Owed, String> {
        let Some(day) = day else { return Ok(self.owed.clone()) };
        let gone: i64 = self.moves.iter().map(|one| one.principal.fen()).sum();
        let open_fen = Money::from_fen(self.owed.open_fen.fen() - gone);
        Ok(Owed { open_fen, late_fee_fen: self.late_fee(day)?.1, ..self.owed.clone() })
    }

    /// What late fee has come to by a day, and what is due of it after all that happened by then.
    pub(super) fn late_fee(&self, on: Day) -> Result<(LateFee, Money), String> {
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
    pub(super) fn booked(&self) -> Money {
        Money::from_fen(self.moves.iter().map(|one| one.charged.fen() - one.late.fen()).sum())
    }

    /// Lets late fee go, once.
    pub(super) fn waive(&mut self, day: Day, late: Money) {
        let same = |one: &Move| one.day == day && one.late == late && one.principal.is_zero();
        if !self.moves.iter().any(same) {
            let charged = Money::from_fen((late.fen() - self.booked().fen()).max(0));
            self.moves.push(Move { day, principal: Money::ZERO, late, charged });
        }
    }
}
