//! A share of the sales beside the rent (提成租金): what each comes to, month by month or over the bill, and the larger of both.

use super::line::NoLine;
use super::proration::{Span, day_of};
use super::tariff::Rounding;
use crate::formula::Exact;
use crate::money::Money;
use crate::period::Month;
use crate::quantity::Quantity;

/// The comparison of a line, one row after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Turnover {
    /// The share of the sales, 0 to 1.
    pub share: Quantity,
    pub rows: Vec<Comparison>,
}

/// A month of the bill, or all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub span: Span,
    /// Days of it whose sales count.
    pub days: i64,
    /// What was reported of them; nothing where nobody did.
    pub sales: Vec<SalesDays>,
    /// What the rent comes to, in fen.
    pub fixed: Exact,
}

/// The sales of a month, and how many of its days count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SalesDays {
    pub month: Month,
    pub sales: Money,
    pub days: i64,
    pub of: i64,
}

impl SalesDays {
    /// The days of `spans` in a month whose sales were reported.
    fn of(month: Span, sales: Money, spans: &[Span]) -> Option<Self> {
        let days: i64 = spans.iter().filter_map(|span| span.overlap(month)).map(Span::days).sum();
        (days > 0).then(|| Self { month: Month::of(day_of(month.from)), sales, days, of: month.days() })
    }

    /// A part of a month has the part of its sales that its days have.
    fn part(self) -> Option<Exact> {
        Exact::whole(self.sales.fen()).times(Exact::new(self.days.into(), self.of.into())?)
    }
}

impl Comparison {
    /// Of the days of `counted`, in `span`; `sales` are those of whole months.
    pub fn new(span: Span, counted: &[Span], sales: &[(Span, Money)], fixed: Exact) -> Self {
        let counted: Vec<Span> = counted.iter().filter_map(|days| days.overlap(span)).collect();
        let days = counted.iter().map(|span| span.days()).sum();
        let sales = sales.iter().filter_map(|(month, sales)| SalesDays::of(*month, *sales, &counted)).collect();
        Self { span, days, sales, fixed }
    }

    /// The share of the sales, in fen.
    pub fn part(&self, share: Quantity) -> Option<Exact> {
        let all = self.sales.iter().try_fold(Exact::ZERO, |sum, sales| sum.plus(sales.part()?))?;
        Some(all.times(Exact::of(share.get()))?.reduced())
    }

    /// What is charged, and whether that is the share of the sales.
    pub fn larger(&self, share: Quantity) -> Option<(Exact, bool)> {
        let part = self.part(share)?;
        Some(if part > self.fixed { (part, true) } else { (self.fixed, false) })
    }
}

impl Turnover {
    /// Whether anything was reported of the days that count.
    pub fn is_reported(&self) -> bool {
        self.rows.iter().any(|row| !row.sales.is_empty())
    }

    /// Whether the share of the sales is charged anywhere.
    pub fn is_more(&self) -> bool {
        self.rows.iter().any(|row| row.larger(self.share).is_some_and(|(_, more)| more))
    }

    /// The line: the larger of both in each row, added up and rounded once.
    pub fn amount(&self, rounding: Rounding) -> Result<Money, NoLine> {
        let sum = self.rows.iter().try_fold(Exact::ZERO, |sum, row| Some(sum.plus(row.larger(self.share)?.0)?.reduced()));
        let sum = sum.ok_or(NoLine::TooLarge)?;
        rounding.round(sum.numerator(), sum.denominator()).ok_or(NoLine::TooLarge)
    }
}

/// The days of `cover` without those of `free`, both in order.
pub fn without(cover: &[Span], free: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    for span in cover {
        let mut day = span.from;
        for free in free.iter().filter_map(|free| free.overlap(*span)) {
            if day < free.from {
                left.push(Span { from: day, to: free.from });
            }
            day = day.max(free.to);
        }
        if day < span.to {
            left.push(Span { from: day, to: span.to });
        }
    }
    left
}
