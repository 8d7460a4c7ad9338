//! The comparison of a share of the sales with the rent.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::charging::proration::day_of;
use crate::charging::turnover::{Comparison, Turnover};
use crate::formula::Exact;
use crate::money::Money;
use crate::period::{Day, Month};
use crate::quantity::Quantity;

/// The comparison of a share of the sales with the rent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedTurnover {
    /// The share of the sales, 0 to 1.
    pub share: Quantity,
    /// The months of the bill, or all of it in one.
    pub rows: Vec<TracedComparison>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedComparison {
    pub from: Day,
    /// The first day after it.
    pub to: Day,
    /// How many of its days have sales that count; none where it is rent-free.
    pub days: u16,
    /// What was reported of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sales: Vec<TracedSales>,
    /// What the rent comes to, in yuan, at no more than 5 decimals.
    pub fixed: Decimal,
}

/// The sales of a month: all of them, or the part that so many of its days have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedSales {
    pub month: Month,
    pub sales_fen: Money,
    pub days: u16,
    pub of: u16,
}

impl TracedTurnover {
    /// What is kept of a comparison; `None` where a number does not fit.
    pub fn of(turnover: &Turnover) -> Option<Self> {
        let count = |days: i64| u16::try_from(days).unwrap_or(u16::MAX);
        let one = |row: &Comparison| {
            let sales = row.sales.iter().map(|sales| TracedSales {
                month: sales.month,
                sales_fen: sales.sales,
                days: count(sales.days),
                of: count(sales.of),
            });
            let fixed = row.fixed.times(Exact::new(1, 100)?)?.shown(5)?;
            let (from, to) = (day_of(row.span.from), day_of(row.span.to));
            Some(TracedComparison { from, to, days: count(row.days), sales: sales.collect(), fixed })
        };
        Some(Self { share: turnover.share, rows: turnover.rows.iter().map(one).collect::<Option<_>>()? })
    }

    /// What the share of the sales comes to in a row, in yuan at no more than 5 decimals.
    pub fn part(&self, row: &TracedComparison) -> Decimal {
        let part = |sales: &TracedSales| {
            let yuan = sales.sales_fen.yuan().checked_mul(Decimal::from(sales.days))?;
            yuan.checked_mul(self.share.get())?.checked_div(Decimal::from(sales.of))
        };
        let sum = row.sales.iter().try_fold(Decimal::ZERO, |sum, sales| sum.checked_add(part(sales)?)).unwrap_or_default();
        sum.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero).normalize()
    }

    /// What a row charges: the larger of both.
    pub fn larger(&self, row: &TracedComparison) -> Decimal {
        self.part(row).max(row.fixed)
    }

    /// Whether the share of the sales is charged anywhere.
    pub fn is_more(&self) -> bool {
        self.rows.iter().any(|row| self.part(row) > row.fixed)
    }

    /// What the rent alone comes to.
    pub fn fixed(&self) -> Decimal {
        self.rows.iter().map(|row| row.fixed).sum()
    }

    /// What all rows charge.
    pub fn sum(&self) -> Decimal {
        self.rows.iter().map(|row| self.larger(row)).sum()
    }
}
