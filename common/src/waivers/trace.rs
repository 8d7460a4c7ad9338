//! How a waiver came about, as data: enough to redo it by hand.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::scheme::Relief;
use crate::charging::tariff::RoundTo;
use crate::money::Money;
use crate::period::Day;
use crate::quantity::Quantity;

/// The trace of one waiver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum WaiverTrace {
    /// By a scheme, when the bill was made.
    Scheme(SchemeTrace),
    /// By hand, on an open bill.
    Once {
        /// What was open then.
        open_fen: Money,
        /// Where a share was asked for and not an amount.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<Quantity>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SchemeTrace {
    pub relief: Relief,
    /// What was to pay before it: the bill, less what schemes before it took off.
    pub before_fen: Money,
    /// Whether schemes before it took something off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
    /// Of that, what falls on the days on which it applies, in yuan at 5 decimals; absent where that is all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Decimal>,
    /// The days on which it applies; empty where that is the whole period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<TracedDays>,
    /// The groups that the unit benefits from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// How many months counted, at 5 decimals: of an amount for each month; or how many the bill is for, where some of them are free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<Decimal>,
    /// What its days come to at the other price, in yuan at 5 decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_price: Option<Decimal>,
    /// The bound that cut it: of a bill, or what was left of the year's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<TracedCap>,
    /// Only bills for at least so many months; absent where that does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months_least: Option<u32>,
    /// What remains was rounded as the bill is, to more than the fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounded: Option<RoundTo>,
}

/// A stretch of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedDays {
    pub from: Day,
    /// The first day after it.
    pub to: Day,
}

/// Why it is not more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TracedCap {
    Bill(Money),
    /// The most for the year, and what was taken off before.
    Year(Money, Money),
    /// Nothing more was left.
    Left,
}
