//! What metering hands to billing: usages, shares of a pool, and why a unit has none.
//!
//! Metering stands below billing in the order of calls, so the types that both speak stand here, below both.
//!
//! A billing run asks metering for the [`UsageInput`]s, [`NoUsage`]s and [`ShareInput`]s of its fee items and period,
//! all that is not billed yet, and tells it which readings and shares went onto which bill, or were freed by a void.

use serde::{Deserialize, Serialize};

use super::proration::{Span, number_of};
use super::rate::Counted;
use super::tariff::FeeItemKind;
use crate::id::{ApportionmentId, FeeItemId, ReadingId, UnitId};
use crate::money::Money;
use crate::period::{Day, Month};
use crate::quantity::{Price, Quantity};

/// How a present register value below the previous one came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeterMark {
    /// The register passed its highest value and began again at zero.
    RolledOver,
    /// The meter was replaced between the two readings.
    Replaced,
    /// Nobody read the meter: the present value goes by what was used before.
    Estimated,
}

/// What one meter showed in the period: enough to redo its usage by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MeterRead {
    /// The meter's code, e.g. `SB-03-2-1501`.
    pub meter: String,
    pub previous: Quantity,
    pub previous_day: Day,
    pub present: Quantity,
    pub present_day: Day,
    pub multiplier: Quantity,
    /// Usage after the multiplier.
    pub usage: Quantity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<MeterMark>,
    /// Of a replaced meter: what is needed to redo the usage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<ReplacedMeter>,
}

/// Where the old meter ended and the new one began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ReplacedMeter {
    pub old_final: Quantity,
    pub old_multiplier: Quantity,
    pub new_initial: Quantity,
}

/// The days over which meters were read: from the day after the first of the previous readings to that of the last present one.
pub fn read_over(meters: &[MeterRead]) -> Option<Span> {
    let first = meters.iter().map(|read| read.previous_day).min()?;
    let last = meters.iter().map(|read| read.present_day).max()?;
    let span = Span { from: number_of(first).saturating_add(1), to: number_of(last).saturating_add(1) };
    (span.from < span.to).then_some(span)
}

/// How many months so many days are, to the nearest: 146,097 days are 4,800 months.
pub fn months_over(days: Span) -> i64 {
    (days.days() * 9_600 + 146_097) / 292_194
}

/// What one register of a unit's meters counted in the period, after the multiplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RegisterUsage {
    pub register: Counted,
    pub usage: Quantity,
}

/// The usage that one unit is to be charged for under one fee item: the sum over its meters.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageInput {
    pub unit: UnitId,
    pub fee_item: FeeItemId,
    pub usage: Quantity,
    /// What was used in the tariff year before the period; zero where no price counts by the year.
    pub before: Quantity,
    /// What each register counted; empty for meters with one.
    pub registers: Vec<RegisterUsage>,
    pub meters: Vec<MeterRead>,
    /// The readings that the bill will lock; one unit's readings stand together.
    pub readings: Vec<ReadingId>,
}

/// Why a unit that has a meter of the fee item has no usage in the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoUsageReason {
    /// Nobody read the meter in the period.
    NoReading,
    /// The only reading is the meter's first: its baseline, never billed as usage.
    NoBaseline,
    /// A reading is unlike the meter's past and waits for a second look.
    InReview,
}

/// A unit with a meter of the fee item, but without a usage that may be billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoUsage {
    pub unit: UnitId,
    pub fee_item: FeeItemId,
    pub reason: NoUsageReason,
}

crate::words! {
    /// By what a pool is shared out.
    SharedBy {
        Area = "area",
        Household = "household",
        Head = "head",
        Usage = "usage",
        Formula = "formula",
    }
}

/// One unit's share of one pool: its amount is fixed by the apportionment, billing only puts it onto the bill.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareInput {
    pub apportionment: ApportionmentId,
    pub unit: UnitId,
    pub fee_item: FeeItemId,
    /// The month whose use is shared out.
    pub month: Month,
    pub amount_fen: Money,
    pub trace: ShareTrace,
}

/// All that is needed to redo a share by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShareTrace {
    /// What the pool is called, e.g. `3栋公共照明`.
    pub pool: String,
    pub by: SharedBy,
    /// The formula of the weights, where it is by one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// This unit's weight and the sum of all weights.
    pub weight: Quantity,
    pub weights: Quantity,
    /// The whole pool.
    pub pool_quantity: Quantity,
    pub pool_fen: Money,
    /// This unit's part of the quantity.
    pub quantity: Quantity,
    /// How many units share it.
    pub units: u32,
    /// What is shared out, where the pool was metered; older traces do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<FeeItemKind>,
    /// What one of the quantity costs: quantity × price is the pool, to the fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Where the pool was shared out; told on a bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apportionment: Option<ApportionmentId>,
}
