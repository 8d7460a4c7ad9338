//! How an amount came about, as data: enough to redo the line by hand, and small enough to keep with every line.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::line::Line;
use super::price::{PriceBook, PriceScopeKind, Rate};
use super::proration::{PARTS_OF_A_MONTH, TimeShare, day_of};
use super::tariff::Rounding;
use super::usage::{MeterRead, ShareTrace};
use crate::money::Money;
use crate::period::Day;
use crate::quantity::{Price, Quantity};

/// The trace of one bill line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Trace {
    pub basis: Basis,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<TracedPiece>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub rounding: Rounding,
    /// The months that the bounds of tiers grew with, in 1/377,580; absent when it is one month or there are no tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier_months: Option<i64>,
}

/// What the price was multiplied with, and where that came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Basis {
    /// The unit's billed area in m².
    Area {
        area: Quantity,
    },
    Household,
    Fixed,
    Usage {
        usage: Quantity,
        meters: Vec<MeterRead>,
    },
    /// A share of a pool, computed by an apportionment.
    Share(ShareTrace),
    /// The amount was given: a one-off bill, or a bill of the past.
    Given {
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
}

/// A stretch of days with one price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedPiece {
    pub from: Day,
    /// The first day after it.
    pub to: Day,
    pub share: TracedShare,
    /// For whom the price was set.
    pub scope: PriceScopeKind,
    /// The price's effective date.
    pub since: Day,
    /// Absent where the price has tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TracedTier>,
}

/// How much of the time a piece counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TracedShare {
    /// So many whole months.
    Months(u16),
    /// Days out of days: `[15, 31]`.
    Days(u16, u16),
    /// The amount is for the period, whatever its length.
    Whole,
}

/// One tier that the usage touched.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedTier {
    /// Counted from 1.
    pub no: u16,
    /// The bound below, for one month.
    pub above: Quantity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Quantity>,
    pub price: Price,
    pub quantity: Quantity,
    pub amount_fen: Money,
}

impl Trace {
    /// The trace of a priced line.
    pub fn of_line(basis: Basis, line: &Line, book: &PriceBook, rounding: Rounding) -> Self {
        let pieces = (0_u32..).zip(&line.pieces.list).filter_map(|(place, piece)| {
            let row = book.get(piece.price)?;
            let (price, tiers) = match &row.rate {
                Rate::Flat(price) => (Some(Price::from_scaled(*price)), Vec::new()),
                Rate::Tiered(tiers) => {
                    let touched = line.tiers.iter().filter(|tier| tier.piece == place).filter_map(|part| {
                        let step = tiers.steps.get(usize::from(part.tier))?;
                        let below = part.tier.checked_sub(1).and_then(|below| tiers.steps.get(usize::from(below)));
                        Some(TracedTier {
                            no: part.tier + 1,
                            above: below.and_then(|below| below.up_to).unwrap_or(Quantity::ZERO),
                            up_to: step.up_to,
                            price: step.price,
                            quantity: Quantity::from_scaled(part.quantity),
                            amount_fen: part.amount,
                        })
                    });
                    (None, touched.collect())
                }
            };
            Some(TracedPiece {
                from: day_of(piece.span.from),
                to: day_of(piece.span.to),
                share: piece.share.into(),
                scope: row.at.kind(),
                since: day_of(row.from),
                price,
                tiers,
            })
        });
        let months = line.pieces.months;
        Self {
            basis,
            pieces: pieces.collect(),
            rounding,
            tier_months: (!line.tiers.is_empty() && months != PARTS_OF_A_MONTH).then_some(months),
        }
    }

    /// The trace of an amount that was given.
    pub fn given(note: impl Into<String>) -> Self {
        Self::bare(Basis::Given { note: note.into() })
    }

    /// The trace of a share of a pool.
    pub fn share(share: ShareTrace) -> Self {
        Self::bare(Basis::Share(share))
    }

    fn bare(basis: Basis) -> Self {
        Self { basis, pieces: Vec::new(), rounding: Rounding::default(), tier_months: None }
    }

    /// The number that prices are multiplied with.
    pub fn quantity(&self) -> Option<Quantity> {
        match &self.basis {
            Basis::Area { area } => Some(*area),
            Basis::Household | Basis::Fixed => Some(Quantity::ONE),
            Basis::Usage { usage, .. } => Some(*usage),
            Basis::Share(share) => Some(share.quantity),
            Basis::Given { .. } => None,
        }
    }

    /// What one piece comes to before anything is rounded, shown at 5 decimals.
    pub fn product(&self, piece: &TracedPiece) -> Option<Decimal> {
        self.exact(piece).map(|exact| exact.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero))
    }

    /// The sum of all pieces before it is rounded, shown at 5 decimals; `None` where tiers or a share say it already.
    pub fn sum(&self) -> Option<Decimal> {
        let sum = self.pieces.iter().try_fold(Decimal::ZERO, |sum, piece| sum.checked_add(self.exact(piece)?))?;
        (!self.pieces.is_empty()).then(|| sum.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero))
    }

    fn exact(&self, piece: &TracedPiece) -> Option<Decimal> {
        let product = piece.price?.get().checked_mul(self.quantity()?.get())?;
        match piece.share {
            TracedShare::Whole => Some(product),
            TracedShare::Months(months) => product.checked_mul(Decimal::from(months)),
            TracedShare::Days(days, of) => product.checked_mul(Decimal::from(days))?.checked_div(Decimal::from(of)),
        }
    }
}

impl From<TimeShare> for TracedShare {
    fn from(share: TimeShare) -> Self {
        match share {
            TimeShare::Months(months) => Self::Months(months),
            TimeShare::Days { days, of } => Self::Days(days, of),
            TimeShare::Whole => Self::Whole,
        }
    }
}

fn is_default(rounding: &Rounding) -> bool {
    *rounding == Rounding::default()
}
