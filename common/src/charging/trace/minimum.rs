//! A minimum that was more than the usage.

use serde::{Deserialize, Serialize};

use crate::charging::line::{Line, Measure};
use crate::charging::minimum::{Minimum, MinimumPer};
use crate::charging::proration::PARTS_OF_A_MONTH;
use crate::money::Money;
use crate::quantity::Quantity;

/// A minimum that was more than the usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedMinimum {
    pub per: MinimumPer,
    /// The months that it is for, in 1/377,580; absent when it is one month, or for the bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<i64>,
    pub least: TracedLeast,
}

/// What the minimum is for a month or a bill, and what it lifted to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TracedLeast {
    /// So much counts as used, to 4 decimals.
    Usage { usage: Quantity, counted: Quantity },
    /// What the usage itself came to.
    Amount { amount_fen: Money, priced_fen: Money },
}

impl TracedMinimum {
    /// None where the usage came to as much by itself.
    pub fn of(minimum: Minimum, line: &Line, measure: &Measure<'_>) -> Option<Self> {
        let least = match (measure.lifted(), line.raised_from) {
            (Some(least), _) => {
                TracedLeast::Usage { usage: minimum.usage, counted: Quantity::new(least.shown(Quantity::SCALE)?)? }
            }
            (None, Some(priced_fen)) => TracedLeast::Amount { amount_fen: minimum.amount_fen, priced_fen },
            (None, None) => return None,
        };
        let months = minimum.months(&line.pieces).filter(|months| *months != PARTS_OF_A_MONTH);
        Some(Self { per: minimum.per, months, least })
    }
}
