//! A billing period and its months.

use super::span::Span;
use crate::period::Period;

/// A billing period with its months counted from its first day, made once and used for every unit.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub period: Span,
    pub(super) months: Vec<BillingMonth>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct BillingMonth {
    /// As far as it lies in the period.
    pub(super) part: Span,
    pub(super) whole: Span,
}

impl Calendar {
    /// Whole months that follow each other.
    pub fn of_months(months: &[Period]) -> Self {
        let all = |month: &Period| BillingMonth { part: Span::of(*month), whole: Span::of(*month) };
        let months: Vec<BillingMonth> = months.iter().map(all).collect();
        let from = months.first().map_or(0, |month| month.whole.from);
        let to = months.last().map_or(from, |month| month.whole.to);
        Self { period: Span { from, to }, months }
    }

    pub fn new(period: Period) -> Self {
        let months =
            period.months().into_iter().map(|(part, whole)| BillingMonth { part: Span::of(part), whole: Span::of(whole) });
        Self { period: Span::of(period), months: months.collect() }
    }

    /// How many months it has.
    pub fn count(&self) -> i64 {
        i64::try_from(self.months.len()).unwrap_or(i64::MAX)
    }

    /// Its months, as far as they lie in the period.
    pub fn months(&self) -> impl Iterator<Item = Span> + '_ {
        self.months.iter().map(|month| month.part)
    }
}
