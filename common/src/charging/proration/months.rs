//! How much of a month is charged, by the rule of a tariff whose price is for a month or a day.

use super::calendar::BillingMonth;
use super::pieces::{PARTS_OF_A_MONTH, Piece, TimeShare, days_of, push};
use super::span::Span;
use super::terms::{Terms, stretches, terms_on};
use crate::charging::tariff::ProrationRule;

pub(super) fn by_days(
    list: &mut Vec<Piece>,
    month: BillingMonth,
    rule: ProrationRule,
    charged: i64,
    cover: &[Span],
    terms: &[(Span, Terms)],
) {
    let length = month.whole.days();
    // By 30-day months, a month charged in full is 1, and its pieces share it by its own days.
    let of = if rule == ProrationRule::ThirtyDays && charged < length { 30 } else { length };
    let mut left = of;
    for (span, terms) in stretches(month.part, cover, terms) {
        if span == month.whole {
            push(list, whole_month(span, terms));
            continue;
        }
        let days = span.days().min(left);
        left -= days;
        list.push(Piece { span, terms, share: days_of(days, of), weight: parts(days, of) });
    }
}

/// The month counts in full, at the price of its first day and for what charges that day, or not at all.
pub(super) fn by_whole_months(
    list: &mut Vec<Piece>,
    month: BillingMonth,
    cutoff_day: u8,
    (cover, all): (&[Span], &[Span]),
    terms: &[(Span, Terms)],
) {
    let needed =
        Span { from: month.whole.from, to: month.whole.to.min(month.whole.from.saturating_add(i32::from(cutoff_day.max(1)))) };
    let first = Span { from: needed.from, to: needed.from.saturating_add(1) };
    let is_charged = all.iter().any(|span| span.contains(needed)) && cover.iter().any(|span| span.contains(first));
    if let Some(terms) = terms_on(needed.from, terms).filter(|_| is_charged) {
        push(list, whole_month(month.whole, terms));
    }
}

/// The days up to the cut-off day and those after it each count half a month where any of them is charged, at the price of the
/// first such day; what charges that day charges the half.
pub(super) fn by_half_months(
    list: &mut Vec<Piece>,
    month: BillingMonth,
    cutoff_day: u8,
    (cover, all): (&[Span], &[Span]),
    terms: &[(Span, Terms)],
) {
    let middle = month.whole.to.min(month.whole.from.saturating_add(i32::from(cutoff_day.max(1))));
    let halves = [Span { from: month.whole.from, to: middle }, Span { from: middle, to: month.whole.to }];
    // A month that ends with the cut-off day has its only half count for both.
    let count = if middle == month.whole.to { 2 } else { 1 };
    let charged = |half: Span| {
        let half = half.overlap(month.part)?;
        let first = all.iter().find_map(|span| span.overlap(half))?.from;
        let within = || cover.iter().filter_map(|span| span.overlap(half));
        let own = within().next().filter(|span| span.from == first)?;
        Some((Span { from: first, to: within().next_back().unwrap_or(own).to }, terms_on(first, terms)?))
    };
    match halves.map(charged) {
        [Some((one, same)), Some((other, terms))] if same == terms && one.to == other.from => {
            push_halves(list, month, Span { from: one.from, to: other.to }, terms, 2);
        }
        each => {
            for (span, terms) in each.into_iter().flatten() {
                push_halves(list, month, span, terms, count);
            }
        }
    }
}

fn push_halves(list: &mut Vec<Piece>, month: BillingMonth, span: Span, terms: Terms, count: u8) {
    if span == month.whole {
        return push(list, whole_month(span, terms));
    }
    let weight = PARTS_OF_A_MONTH / 2 * i64::from(count);
    list.push(Piece { span, terms, share: TimeShare::Halves(count), weight });
}

fn whole_month(span: Span, terms: Terms) -> Piece {
    Piece { span, terms, share: TimeShare::Months(1), weight: PARTS_OF_A_MONTH }
}

/// The price is for a day: a piece counts as many times as it has days, however long its month is.
pub(super) fn each_day(list: &mut Vec<Piece>, month: BillingMonth, cover: &[Span], terms: &[(Span, Terms)]) {
    let count = |days: i64| u16::try_from(days).unwrap_or(u16::MAX);
    let of = count(month.whole.days());
    for (span, terms) in stretches(month.part, cover, terms) {
        list.push(Piece { span, terms, share: TimeShare::EachDay { days: count(span.days()), of }, weight: span.days() });
    }
}

/// `days` out of a month of `of` days, in parts of a month. Exact: 28, 29, 30 and 31 all divide the parts.
pub(super) fn parts(days: i64, of: i64) -> i64 {
    days * (PARTS_OF_A_MONTH / of.max(1))
}
