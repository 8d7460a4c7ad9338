//! Days, months and time shares: a period cut into pieces, each with its exact share of time.

use chrono::{Datelike as _, NaiveDate};

use super::tariff::{Proration, ProrationRule};
use crate::period::{Day, Period};

/// A time share is a whole number of these parts of a month: the least common multiple of 28, 29, 30 and 31.
pub const PARTS_OF_A_MONTH: i64 = 377_580;

/// Days `[from, to)` as numbers: what the engine counts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub from: i32,
    pub to: i32,
}

/// The number of a day.
pub fn number_of(day: Day) -> i32 {
    day.num_days_from_ce()
}

/// The day of a number.
pub fn day_of(number: i32) -> Day {
    NaiveDate::from_num_days_from_ce_opt(number).unwrap_or_default()
}

impl Span {
    pub fn of(period: Period) -> Self {
        Self { from: number_of(period.from), to: number_of(period.to) }
    }

    pub fn days(self) -> i64 {
        i64::from(self.to) - i64::from(self.from)
    }

    /// What both have in common; `None` when they do not touch.
    pub fn overlap(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from < to).then_some(Self { from, to })
    }

    pub fn contains(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

/// A billing period with its months counted from its first day, made once and used for every unit.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub period: Span,
    months: Vec<BillingMonth>,
}

#[derive(Clone, Copy, Debug)]
struct BillingMonth {
    /// As far as it lies in the period.
    part: Span,
    whole: Span,
}

impl Calendar {
    pub fn new(period: Period) -> Self {
        let months =
            period.months().into_iter().map(|(part, whole)| BillingMonth { part: Span::of(part), whole: Span::of(whole) });
        Self { period: Span::of(period), months: months.collect() }
    }
}

/// How much of the time one piece counts, as a person would write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeShare {
    /// So many whole months.
    Months(u16),
    /// Days of the piece over days of what they are part of.
    Days { days: u16, of: u16 },
    /// All of the period.
    Whole,
}

/// A stretch of days with one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    /// The price's place in its book.
    pub price: u32,
    pub share: TimeShare,
    /// The share as a number: of [`Pieces::whole`].
    pub weight: i64,
}

/// A period cut into its pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    pub list: Vec<Piece>,
    /// What a weight is part of: [`PARTS_OF_A_MONTH`], or the days charged where the amount is for the period.
    pub whole: i64,
    /// Months charged, by days, in parts of a month: what the bounds of tiers grow with.
    pub months: i64,
}

impl Pieces {
    /// These pieces as part of more days and months than their own: two tariffs that share one usage.
    #[must_use]
    pub fn as_part_of(mut self, days: i64, months: i64) -> Self {
        if days != self.whole {
            for piece in &mut self.list {
                piece.share = days_of(piece.weight, days);
            }
            self.whole = days;
            self.months = months;
        }
        self
    }
}

/// Cuts what is charged of the period (`cover`, in order, not touching) at the changes of price (`prices`, in order,
/// over all of `cover`) and at the ends of months, and says how much each piece counts.
pub fn cut(calendar: &Calendar, proration: Proration, cover: &[Span], prices: &[(Span, u32)]) -> Pieces {
    let mut pieces = Pieces { list: Vec::with_capacity(prices.len()), whole: PARTS_OF_A_MONTH, months: 0 };
    for month in &calendar.months {
        let days: i64 = cover.iter().filter_map(|span| span.overlap(month.part)).map(Span::days).sum();
        if days == 0 {
            continue;
        }
        pieces.months += parts(days, month.whole.days());
        match proration.rule {
            ProrationRule::Days | ProrationRule::ThirtyDays => {
                by_days(&mut pieces.list, *month, proration.rule, days, cover, prices)
            }
            ProrationRule::WholeMonths => whole_month(&mut pieces.list, *month, proration.cutoff_day, cover, prices),
            ProrationRule::None => {}
        }
    }
    if proration.rule == ProrationRule::None {
        by_period(&mut pieces, cover, prices);
    }
    pieces
}

/// `days` out of a month of `of` days, in parts of a month. Exact: 28, 29, 30 and 31 all divide the parts.
fn parts(days: i64, of: i64) -> i64 {
    days * (PARTS_OF_A_MONTH / of.max(1))
}

fn by_days(
    list: &mut Vec<Piece>,
    month: BillingMonth,
    rule: ProrationRule,
    charged: i64,
    cover: &[Span],
    prices: &[(Span, u32)],
) {
    let length = month.whole.days();
    // By 30-day months, a month charged in full is 1, and its pieces share it by its own days.
    let of = if rule == ProrationRule::ThirtyDays && charged < length { 30 } else { length };
    let mut left = of;
    for (span, price) in stretches(month.part, cover, prices) {
        if span == month.whole {
            push_month(list, span, price);
            continue;
        }
        let days = span.days().min(left);
        left -= days;
        list.push(Piece { span, price, share: days_of(days, of), weight: parts(days, of) });
    }
}

/// The month counts in full, at the price of its first day, or not at all.
fn whole_month(list: &mut Vec<Piece>, month: BillingMonth, cutoff_day: u8, cover: &[Span], prices: &[(Span, u32)]) {
    let needed =
        Span { from: month.whole.from, to: month.whole.to.min(month.whole.from.saturating_add(i32::from(cutoff_day.max(1)))) };
    if let Some(price) = price_on(needed.from, prices).filter(|_| cover.iter().any(|span| span.contains(needed))) {
        push_month(list, month.whole, price);
    }
}

/// The amount is for the period: its pieces, if the price changes, share it by days.
fn by_period(pieces: &mut Pieces, cover: &[Span], prices: &[(Span, u32)]) {
    let all: i64 = cover.iter().map(|span| span.days()).sum();
    pieces.whole = all.max(1);
    for (span, price) in stretches(Span { from: i32::MIN, to: i32::MAX }, cover, prices) {
        match pieces.list.last_mut() {
            // The same price before and after a gap, or in two assignments that follow each other, is one piece.
            Some(last) if last.price == price => {
                last.span.to = span.to;
                last.weight += span.days();
            }
            _ => pieces.list.push(Piece { span, price, share: TimeShare::Whole, weight: span.days() }),
        }
    }
    for piece in &mut pieces.list {
        if piece.weight != all {
            piece.share = days_of(piece.weight, all);
        }
    }
}

/// Adds a whole month, to the piece before it where that is whole months at the same price too.
fn push_month(list: &mut Vec<Piece>, span: Span, price: u32) {
    if let Some(Piece { span: before, price: same, share: TimeShare::Months(months), weight }) = list.last_mut()
        && *same == price
        && before.to == span.from
    {
        before.to = span.to;
        *months = months.saturating_add(1);
        *weight += PARTS_OF_A_MONTH;
        return;
    }
    list.push(Piece { span, price, share: TimeShare::Months(1), weight: PARTS_OF_A_MONTH });
}

/// The days of `within` that are covered, cut at the changes of price.
fn stretches<'a>(within: Span, cover: &'a [Span], prices: &'a [(Span, u32)]) -> impl Iterator<Item = (Span, u32)> + 'a {
    cover
        .iter()
        .filter_map(move |span| span.overlap(within))
        .flat_map(move |span| prices.iter().filter_map(move |(priced, price)| priced.overlap(span).map(|span| (span, *price))))
}

fn price_on(day: i32, prices: &[(Span, u32)]) -> Option<u32> {
    prices.iter().find(|(span, _)| span.from <= day && day < span.to).map(|(_, price)| *price)
}

fn days_of(days: i64, of: i64) -> TimeShare {
    TimeShare::Days { days: u16::try_from(days).unwrap_or(u16::MAX), of: u16::try_from(of).unwrap_or(u16::MAX) }
}
