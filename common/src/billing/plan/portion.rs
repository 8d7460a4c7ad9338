//! Whose days a bill is for, where the unit changes hands in its period: what of it falls on each.

use super::super::inputs::{RunInputs, place};
use super::planner::Planner;
use super::{PlannedBill, PlannedLine};
use crate::billing::portion::Portion;
use crate::charging::proration::{Span, day_of};
use crate::formula::{Exact, Towards};
use crate::money::Money;
use crate::waivers::apply::Left;

/// Days on which the same people held the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    pub span: Span,
    /// The place of their row in the inputs; none on days of which it is not known who held the unit.
    pub owned: Option<u32>,
}

/// What of a bill falls on the days of a holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedPortion {
    pub holding: Holding,
    pub amount: Money,
    pub waived: Money,
}

impl PlannedPortion {
    /// As it is told and kept.
    pub fn told(&self) -> Portion {
        let Span { from, to } = self.holding.span;
        Portion { from: day_of(from), to: day_of(to), amount_fen: self.amount, waived_fen: self.waived }
    }
}

impl Planner<'_> {
    /// Who held the unit on these days, in order and without a gap; nothing where it did not change hands in them.
    pub(super) fn holdings(&self, unit: u32, within: Span) -> Vec<Holding> {
        let rows = self.owned_rows(unit);
        let mut found: Vec<Holding> = Vec::new();
        // Most units change hands in no period at all.
        if rows.len() < 2 {
            return found;
        }
        let owned = &self.inputs().owned;
        let mut day = within.from;
        let mut owners = 0;
        for row in rows {
            let at = place(*row);
            let (Some(from), Some(to)) = (owned.from.get(at), owned.to.get(at)) else { continue };
            let Some(span) = (Span { from: (*from).max(day), to: *to }).overlap(within) else { continue };
            if day < span.from {
                found.push(Holding { span: Span { from: day, to: span.from }, owned: None });
            }
            found.push(Holding { span, owned: Some(*row) });
            owners += 1;
            day = span.to;
        }
        if day < within.to {
            found.push(Holding { span: Span { from: day, to: within.to }, owned: None });
        }
        if owners < 2 { Vec::new() } else { found }
    }
}

/// Tells a bill apart by holdings, from what its lines were on each stretch before anything was waived, and what is left of
/// them; `None` where a number does not fit. Both the amount and what is waived add up to those of the bill.
pub(super) fn portions(
    inputs: &RunInputs,
    bill: &PlannedBill,
    holdings: &[Holding],
    stretches: &[Span],
    (before, after): (&Left, &Left),
) -> Option<Vec<PlannedPortion>> {
    if holdings.is_empty() {
        return Some(Vec::new());
    }
    let full = sums(inputs, bill, holdings, stretches, before)?;
    let left = sums(inputs, bill, holdings, stretches, after)?;
    let gone = full.iter().zip(&left).map(|(full, left)| full.minus(*left).map(|gone| gone.max(Exact::ZERO)));
    let amounts = shared(bill.amount, &full)?;
    let mut waived = shared(bill.waived(), &gone.collect::<Option<Vec<_>>>()?)?;
    // Where both were rounded apart, nobody is let off more than falls on him.
    let mut beyond = 0;
    for (waived, amount) in waived.iter_mut().zip(&amounts) {
        let most = (*waived).min(*amount);
        beyond += waived.fen() - most.fen();
        *waived = most;
    }
    for (waived, amount) in waived.iter_mut().zip(&amounts) {
        let more = beyond.min(amount.fen() - waived.fen());
        *waived = Money::from_fen(waived.fen() + more);
        beyond -= more;
    }
    let each = holdings.iter().zip(amounts).zip(waived);
    Some(each.map(|((holding, amount), waived)| PlannedPortion { holding: *holding, amount, waived }).collect())
}

/// What of a bill stands on the days of each holding, in fen.
fn sums(inputs: &RunInputs, bill: &PlannedBill, holdings: &[Holding], stretches: &[Span], left: &Left) -> Option<Vec<Exact>> {
    let mut sums = vec![Exact::ZERO; holdings.len()];
    for (line, parts) in bill.lines.iter().zip(left.lines()) {
        let once = charged_once(inputs, line, bill);
        for (stretch, part) in stretches.iter().zip(parts) {
            let day = once.unwrap_or(stretch.from);
            let holding = holdings.iter().position(|one| one.span.from <= day && day < one.span.to)?;
            let sum = sums.get_mut(holding)?;
            *sum = sum.plus(*part)?.fitted();
        }
    }
    Some(sums)
}

/// What is charged only once falls on whoever held the unit on the day from which it is charged.
fn charged_once(inputs: &RunInputs, line: &PlannedLine, bill: &PlannedBill) -> Option<i32> {
    let PlannedLine::Priced(priced) = line else { return None };
    inputs.tariff(priced.tariff).filter(|tariff| tariff.rules.cycle.is_once())?;
    let Span { from, to } = Span::of(bill.period);
    let day = inputs.charges.from.get(place(priced.charge)).copied()?;
    Some(day.max(from).min(to.saturating_sub(1)))
}

/// Whole fen by largest remainder, ties to the earlier days.
fn shared(whole: Money, exact: &[Exact]) -> Option<Vec<Money>> {
    let mut shares = Vec::with_capacity(exact.len());
    let mut rests = Vec::with_capacity(exact.len());
    let mut missing = whole.fen();
    for (at, one) in exact.iter().enumerate() {
        let floor = one.rounded(0, Towards::Floor)?.reduced();
        let fen = i64::try_from(floor.numerator()).ok()?;
        missing -= fen;
        shares.push(fen);
        rests.push((std::cmp::Reverse(one.minus(floor)?), at));
    }
    rests.sort_unstable();
    // Fractions of very large sums were fitted, so that a fen more or less than the remainders say may be left.
    for (_, at) in rests.iter().cycle().take(usize::try_from(missing.max(0)).ok()?) {
        *shares.get_mut(*at)? += 1;
    }
    if let Some(largest) = shares.iter_mut().max().filter(|_| missing < 0) {
        *largest += missing;
    }
    Some(shares.into_iter().map(Money::from_fen).collect())
}
