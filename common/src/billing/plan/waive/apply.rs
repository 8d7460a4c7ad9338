//! Takes off a bill what its schemes say, one after the other.

use super::super::{PlannedBill, PlannedWaiver};
use super::cut::Cut;
use super::schemes::{Reaching, Schemes};
use super::spent::{Spent, year_of};
use crate::charging::proration::{Span, day_of};
use crate::charging::tariff::{RoundTo, Rounding};
use crate::formula::Exact;
use crate::money::Money;
use crate::period::Period;
use crate::waivers::apply::{Left, Reach};
use crate::waivers::scheme::Relief;
use crate::waivers::trace::{SchemeTrace, TracedCap, TracedDays};

pub(super) fn apply(
    left: &mut Left,
    (bill, rounding): (&PlannedBill, Rounding),
    reaching: &[Reaching<'_>],
    stretches: &[Span],
    cuts: &[Cut],
    spent: &Spent,
) -> Option<Vec<PlannedWaiver>> {
    let PlannedBill { unit, period, .. } = *bill;
    let mut waivers: Vec<PlannedWaiver> = Vec::with_capacity(reaching.len());
    let year = year_of(period);
    let monthly: Vec<bool> = cuts.iter().map(|cut| cut.monthly).collect();
    for (at, one) in reaching.iter().enumerate() {
        let relief = one.scheme.relief;
        let on = on(one, stretches);
        let before = left.money();
        let months = match relief {
            Relief::Fixed { .. } => months_of(period, &one.spans, &on, cuts.iter())?,
            // A scheme that begins in mid-bill takes its share of what the whole bill has free.
            Relief::Months { .. } => {
                let charged = cuts.iter().filter(|cut| cut.monthly);
                months_of(period, &[Span::of(period)], &vec![true; stretches.len()], charged)?
            }
            Relief::Percent { .. } | Relief::Price { .. } => Exact::ZERO,
        };
        let at_prices: Vec<_> = cuts.iter().map(|cut| cut.at_prices.get(at).and_then(Option::as_deref)).collect();
        let year = Schemes::rest_of_year(one.scheme, unit, year, spent.of(one.place, year));
        let most = [one.scheme.bill_most_fen, year.map(|(rest, _)| rest)].into_iter().flatten().min();
        let taken = left.take(&Reach { relief, on: &on, months, monthly: &monthly, at_price: &at_prices, most, rounding })?;
        if taken.amount.is_zero() {
            continue;
        }
        let cap = taken.cut.then(|| match (one.scheme.bill_most_fen, year) {
            (Some(most), _) if taken.amount == most => TracedCap::Bill(most),
            (_, Some((rest, most))) if taken.amount == rest => {
                TracedCap::Year(most, Money::from_fen(most.fen().saturating_sub(rest.fen())))
            }
            _ => TracedCap::Left,
        });
        let whole = one.spans == [Span::of(period)];
        let yuan = |fen: Exact| fen.times(Exact::new(1, 100)?)?.shown(5);
        let other = at_prices.iter().flatten().try_fold(Exact::ZERO, |sum, each| sum.plus(sum_on(each, &on)?))?;
        let trace = SchemeTrace {
            relief,
            before_fen: before,
            later: !waivers.is_empty(),
            base: if taken.base == Exact::whole(before.fen()) { None } else { yuan(taken.base) },
            days: if whole { Vec::new() } else { one.spans.iter().map(|span| days_of(*span)).collect() },
            groups: one.groups.iter().map(|name| (*name).to_owned()).collect(),
            months: matches!(relief, Relief::Fixed { .. } | Relief::Months { .. }).then(|| months.shown(5)).flatten(),
            at_price: matches!(relief, Relief::Price { .. }).then(|| yuan(other)).flatten(),
            cap,
            months_least: Some(one.scheme.months_least).filter(|months| *months > 1),
            rounded: Some(rounding.to).filter(|to| *to != RoundTo::Fen && cap.is_none()),
        };
        waivers.push(PlannedWaiver { scheme: one.place, amount: taken.amount, trace });
    }
    Some(waivers)
}

/// Whether a scheme applies on each stretch.
fn on(one: &Reaching<'_>, stretches: &[Span]) -> Vec<bool> {
    stretches.iter().map(|stretch| one.spans.iter().any(|span| span.contains(*stretch))).collect()
}

fn days_of(span: Span) -> TracedDays {
    TracedDays { from: day_of(span.from), to: day_of(span.to) }
}

fn sum_on(each: &[Exact], on: &[bool]) -> Option<Exact> {
    each.iter().zip(on).filter(|(_, on)| **on).try_fold(Exact::ZERO, |sum, (one, _)| sum.plus(*one).map(Exact::reduced))
}

/// How many months a scheme counts on a bill: those of its only priced line; of several, together no more than the days have.
fn months_of<'c>(period: Period, spans: &[Span], on: &[bool], cuts: impl Iterator<Item = &'c Cut>) -> Option<Exact> {
    let mut by_lines = Exact::ZERO;
    let mut priced = 0;
    for each in cuts.filter_map(|cut| cut.months.as_ref()) {
        by_lines = by_lines.plus(sum_on(each, on)?)?;
        priced += 1;
    }
    if priced == 1 {
        return Some(by_lines);
    }
    let mut by_days = Exact::ZERO;
    for (part, whole) in period.months() {
        let days: i64 = spans.iter().filter_map(|span| span.overlap(Span::of(part))).map(Span::days).sum();
        by_days = by_days.plus(Exact::new(days.into(), whole.days().into())?)?.reduced();
    }
    Some(if priced == 0 { by_days } else { by_lines.min(by_days) })
}
