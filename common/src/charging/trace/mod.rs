//! How an amount came about, as data: enough to redo the line by hand, and small enough to keep with every line.

mod basis;
mod minimum;
mod piece;
mod sum;
mod tier;
mod turnover;

use serde::{Deserialize, Serialize};

use self::piece::pieces_of;
use self::tier::tiers_of;
use super::line::{Line, Measure};
use super::price::{At, PriceBook};
use super::proration::PARTS_OF_A_MONTH;
use super::tariff::{FeeItemKind, Rounding};
use super::tier::TierScope;
use super::usage::ShareTrace;
use crate::id::ApportionmentId;
use crate::quantity::Quantity;

pub use basis::{Basis, NamedValue};
pub use minimum::{TracedLeast, TracedMinimum};
pub use piece::{TracedPiece, TracedPlace, TracedShare};
pub use tier::{TracedPeople, TracedQuota, TracedTier};
pub use turnover::{TracedComparison, TracedSales, TracedTurnover};

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
    /// What the unit's kind multiplied the quantity with; absent when that is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coefficient: Option<Quantity>,
    /// What vacant pieces count; absent when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vacant_rate: Option<Quantity>,
    /// What was used in the tariff year before this period, where tiers count by the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Quantity>,
    /// The sales beside the rent, where a contract has a share of them and they were reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnover: Option<TracedTurnover>,
    /// What the meters count, where the fee item is of another kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<FeeItemKind>,
    /// The minimum that was charged, where the usage came to less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<TracedMinimum>,
}

impl Trace {
    /// The trace of a priced line.
    pub fn of_line(
        basis: Basis,
        line: &Line,
        measure: &Measure<'_>,
        prices: (&PriceBook, &dyn Fn(At) -> Option<TracedPlace>),
        rounding: Rounding,
    ) -> Self {
        let months = line.pieces.tier_months();
        let by = |scope| line.parts.iter().any(|part| tiers_of(prices.0, line, part).is_some_and(|tiers| tiers.scope == scope));
        let vacant = line.pieces.list.iter().any(|piece| piece.terms.vacant);
        let coefficient = Quantity::from_scaled(measure.coefficient);
        Self {
            basis,
            pieces: pieces_of(line, measure, prices),
            rounding,
            tier_months: (months != PARTS_OF_A_MONTH && by(TierScope::Month)).then_some(months),
            coefficient: (coefficient != Quantity::ONE).then_some(coefficient),
            vacant_rate: vacant.then(|| Quantity::from_scaled(measure.vacant_rate)),
            before: by(TierScope::Year).then(|| Quantity::from_scaled(measure.before)),
            turnover: None,
            utility: None,
            minimum: None,
        }
    }

    /// The trace of an amount that was given.
    pub fn given(note: impl Into<String>) -> Self {
        Self::bare(Basis::Given { note: note.into() })
    }

    /// The trace of a share of a pool.
    pub fn share(share: ShareTrace, apportionment: ApportionmentId) -> Self {
        let utility = share.utility;
        Self { utility, ..Self::bare(Basis::Share(ShareTrace { apportionment: Some(apportionment), ..share })) }
    }

    fn bare(basis: Basis) -> Self {
        Self {
            basis,
            pieces: Vec::new(),
            rounding: Rounding::default(),
            tier_months: None,
            coefficient: None,
            vacant_rate: None,
            before: None,
            turnover: None,
            utility: None,
            minimum: None,
        }
    }
}

fn is_default(rounding: &Rounding) -> bool {
    *rounding == Rounding::default()
}
