//! Days as numbers, and stretches of them.

use chrono::{Datelike as _, NaiveDate};

use crate::period::{Day, Period};

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

    /// What is left of it before and after another.
    pub fn without(self, other: Self) -> [Option<Self>; 2] {
        let before = Self { from: self.from, to: self.to.min(other.from) };
        let after = Self { from: self.from.max(other.to), to: self.to };
        [before, after].map(|span| (span.from < span.to).then_some(span))
    }

    pub fn contains(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

/// How many days of a list of spans lie in `within`.
pub(super) fn days_in(spans: &[Span], within: Span) -> i64 {
    spans.iter().filter_map(|span| span.overlap(within)).map(Span::days).sum()
}

/// The days that any of the spans covers, in order, none touching the next.
pub fn union(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => joined.push(span),
        }
    }
    joined
}
