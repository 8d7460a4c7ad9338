//! Late fee (违约金): simple, per day, on the principal that is still open on that day; never on late fee.
//!
//! The first day that counts is the day after the due day (or after the grace), the last one is the day before payment:
//! what is paid on a day stops counting on that day. So what is due on a day counts the days before it, and whoever pays
//! what is shown owes nothing more.

pub mod explain;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::tariff::Rounding;
use crate::money::Money;
use crate::period::{Day, add_days};
use crate::problem::FieldProblem;
use crate::quantity::{Price, Quantity};
use crate::words;

words! {
    /// From when days count, once the grace is over.
    CountedFrom {
        /// From the day after the due day: the grace only forgives those who pay within it.
        DueDay = "due_day",
        /// From the day after the grace.
        GraceEnd = "grace_end",
    }

    /// Whether an amount of a bill is its principal or its late fee.
    BillPart {
        Principal = "principal",
        LateFee = "late_fee",
    }

    /// What is settled first inside a bill.
    InsideBill {
        LateFeeFirst = "late_fee_first",
        PrincipalFirst = "principal_first",
    }
}

/// The latest day after which a rate may follow: ten years.
const STEP_DAYS_MOST: u16 = 3_660;

/// The longest grace.
pub const GRACE_DAYS_MOST: u16 = 366;

/// The most further rates of a rule.
pub const STEPS_MOST: usize = 4;

/// Another rate, once a debt has been late for some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LateStep {
    /// So many days were counted before it: 30 is from the 31st on.
    pub after_days: u16,
    pub rate: Price,
}

/// How late fee is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LateFeeRule {
    /// Of the principal, per day: 0.0005 is 万分之五.
    pub rate: Price,
    /// The most that it comes to, as a share of the principal.
    pub cap: Quantity,
    /// Days after the due day within which nothing is charged.
    pub grace_days: u16,
    pub counted_from: CountedFrom,
    /// The rates that follow, in the order of their days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<LateStep>,
}

impl Default for LateFeeRule {
    /// 万分之五 per day, never more than the principal, without grace.
    fn default() -> Self {
        Self {
            rate: Price::from_scaled(50_000),
            cap: Quantity::ONE,
            grace_days: 0,
            counted_from: CountedFrom::DueDay,
            steps: Vec::new(),
        }
    }
}

impl LateFeeRule {
    /// The highest rate per day, 千分之三: no rule of the trade knows a higher one, and a slip of the comma is found.
    pub fn rate_most() -> Price {
        Price::from_scaled(300_000)
    }

    /// The rate of a day before which so many days were counted.
    fn rate_after(&self, days: i64) -> Price {
        let reached = self.steps.iter().rev().find(|step| i64::from(step.after_days) <= days);
        reached.map_or(self.rate, |step| step.rate)
    }

    /// What is wrong with it, as fields below `field`.
    pub fn problems(&self, field: &str) -> Vec<FieldProblem> {
        let at = |name: &str| format!("{field}.{name}");
        let mut problems = Vec::new();
        let rates = self.steps.iter().enumerate().map(|(place, step)| (format!("steps.{place}.rate"), step.rate));
        for (name, rate) in [("rate".to_owned(), self.rate)].into_iter().chain(rates) {
            if rate <= Price::ZERO {
                problems.push(FieldProblem::new(at(&name), "not_positive"));
            } else if rate > Self::rate_most() {
                let most = percent(Self::rate_most().get());
                problems.push(FieldProblem::new(at(&name), "charging.late_fee_rate").with("most", most));
            }
        }
        let mut before = 0;
        for (place, step) in self.steps.iter().enumerate() {
            if step.after_days <= before || step.after_days > STEP_DAYS_MOST {
                let problem = FieldProblem::new(at(&format!("steps.{place}.after_days")), "charging.late_fee_steps");
                problems.push(problem.with("least", before + 1).with("most", STEP_DAYS_MOST));
            }
            before = before.max(step.after_days.min(STEP_DAYS_MOST));
        }
        if self.steps.len() > STEPS_MOST {
            problems.push(FieldProblem::new(at("steps"), "too_many").with("most", STEPS_MOST));
        }
        // The law: never more than what is owed itself.
        if self.cap <= Quantity::ZERO || self.cap > Quantity::ONE {
            problems.push(FieldProblem::new(at("cap"), "charging.late_fee_cap"));
        }
        if self.grace_days > GRACE_DAYS_MOST {
            problems.push(FieldProblem::new(at("grace_days"), "charging.late_fee_grace").with("most", GRACE_DAYS_MOST));
        }
        problems
    }
}

/// A rule and the days on which it is in force; where two are, the later one is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LateFeeTerm {
    pub rule: LateFeeRule,
    /// The first late day that it counts.
    pub from: Day,
    /// The first late day that it counts no more.
    pub to: Option<Day>,
}

/// A part of the principal that was paid or waived on a day; negative where that was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    pub day: Day,
    pub amount: Money,
}

/// What is owed, since when, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Debt<'a> {
    pub principal: Money,
    /// What was let off of it: the cap is a share of the rest. It is among what was settled.
    pub let_off: Money,
    pub due: Day,
    /// In any order.
    pub settled: &'a [Settled],
}

/// Days on which the same principal was open under the same rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LatePiece {
    pub from: Day,
    /// The first day that no longer belongs to it.
    pub to: Day,
    pub principal_fen: Money,
    pub rate: Price,
}

impl LatePiece {
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days()
    }

    /// The exact product, in yuan.
    pub fn yuan(&self) -> Decimal {
        let fen = self.parts().and_then(|parts| Decimal::try_from_i128_with_scale(parts, Price::SCALE).ok());
        fen.and_then(|fen| fen.checked_div(Decimal::ONE_HUNDRED)).unwrap_or_default().normalize()
    }

    /// `days × principal × rate` in parts of a fen, of which [`PARTS`] are one.
    fn parts(&self) -> Option<i128> {
        let product = i128::from(self.principal_fen.fen()).checked_mul(i128::from(self.rate.scaled()))?;
        product.checked_mul(i128::from(self.days()))
    }
}

/// The cap, where it was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CapReached {
    pub share: Quantity,
    /// What the days would have come to.
    pub without_fen: Money,
}

/// What late fee has come to by a day, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LateFee {
    pub due: Day,
    /// As of this day, which itself does not count.
    pub asked: Day,
    pub amount_fen: Money,
    pub pieces: Vec<LatePiece>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<CapReached>,
    /// The rule in force last; none where no rule has been in force by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<LateFeeTerm>,
}

/// How many parts a fen has: rates have so many decimals.
const PARTS: i128 = 100_000_000;

/// The late fee that a debt has come to by the day asked, whatever of it has been paid. `terms` are in the order of their
/// beginnings. `None` where an amount does not fit.
pub fn late_fee(debt: Debt<'_>, terms: &[LateFeeTerm], asked: Day) -> Option<LateFee> {
    let mut pieces: Vec<LatePiece> = Vec::new();
    let (mut sum, mut without, mut reached) = (0_i128, 0_i128, None);
    for (place, term) in terms.iter().enumerate() {
        let next = terms.get(place + 1).map(|next| next.from);
        let days = counted(debt, term, next, asked)?;
        let mut added = 0_i128;
        for piece in days {
            added = added.checked_add(piece.parts()?)?;
            match pieces.last_mut() {
                Some(last) if (last.to, last.principal_fen, last.rate) == (piece.from, piece.principal_fen, piece.rate) => {
                    last.to = piece.to;
                }
                _ => pieces.push(piece),
            }
        }
        if added == 0 {
            continue;
        }
        // A cap that was lowered takes nothing back: from then on nothing is added.
        let owed = debt.principal.checked_sub(debt.let_off)?;
        let cap = i128::from(owed.fen()).checked_mul(i128::from(term.rule.cap.scaled()))?;
        let limit = sum.max(cap.checked_mul(PARTS / 10_i128.pow(Quantity::SCALE))?);
        let grown = sum.checked_add(added)?;
        without = without.checked_add(added)?;
        reached = (grown > limit).then_some(term.rule.cap);
        sum = grown.min(limit);
    }
    let round = |parts: i128| Rounding::default().round(parts, PARTS);
    let cap = match reached {
        Some(share) => Some(CapReached { share, without_fen: round(without)? }),
        None => None,
    };
    let term = terms.iter().rev().find(|term| term.from < asked).cloned();
    Some(LateFee { due: debt.due, asked, amount_fen: round(sum)?, pieces, cap, term })
}

/// The days that a term counts, cut where the open principal or the rate changes.
fn counted(debt: Debt<'_>, term: &LateFeeTerm, next: Option<Day>, asked: Day) -> Option<Vec<LatePiece>> {
    let grace_end = add_days(debt.due, u32::from(term.rule.grace_days))?;
    let first = match term.rule.counted_from {
        CountedFrom::DueDay => debt.due.succ_opt()?,
        CountedFrom::GraceEnd => grace_end.succ_opt()?,
    };
    let from = first.max(term.from);
    let to = [term.to, next].into_iter().flatten().fold(asked, Day::min);
    if asked <= grace_end || to <= from {
        return Some(Vec::new());
    }
    let inside = debt.settled.iter().map(|settled| settled.day).filter(|day| from < *day && *day < to);
    let steps = term.rule.steps.iter().filter_map(|step| add_days(first, u32::from(step.after_days)));
    let cuts: BTreeSet<Day> = inside.chain(steps.filter(|day| from < *day && *day < to)).chain([from, to]).collect();
    let cuts: Vec<Day> = cuts.into_iter().collect();
    let mut pieces = Vec::with_capacity(cuts.len());
    for pair in cuts.windows(2) {
        let [from, to] = pair else { continue };
        // What is paid within the grace bears nothing, also where days of the grace count.
        let open = open_on(debt, (*from).max(grace_end))?;
        if open.is_positive() {
            let rate = term.rule.rate_after((*from - first).num_days());
            pieces.push(LatePiece { from: *from, to: *to, principal_fen: open, rate });
        }
    }
    Some(pieces)
}

/// The principal that is open on a day: what was settled on it is not.
fn open_on(debt: Debt<'_>, day: Day) -> Option<Money> {
    let settled = Money::sum(debt.settled.iter().filter(|settled| settled.day <= day).map(|settled| settled.amount))?;
    debt.principal.checked_sub(settled)
}

/// What is still to be paid of a late fee: what it has come to, or what was charged if that is more (a rule may have changed
/// since), less what was paid and waived.
pub fn still_due(come_to: Money, charged: Money, gone: Money) -> Money {
    Money::from_fen(come_to.max(charged).fen().saturating_sub(gone.fen()).max(0))
}

/// A share or rate as people read it: `0.05%`.
pub fn percent(share: Decimal) -> String {
    format!("{}%", share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(share).normalize())
}
