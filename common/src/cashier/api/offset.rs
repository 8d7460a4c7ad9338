//! Prepayments that pay what a run bills: what there is of them before it, and what came of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Checked;
use crate::billing::api::{GetRunInputs, UNITS_MOST};
use crate::id::{BillingRunId, BuildingId, CommunityId, FeeItemId, UnitId};
use crate::money::Money;
use crate::problem::{FieldProblem, Problem};
use crate::words;

/// How much prepayments could pay by themselves after a run of these fee items, for whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetOffsetAhead {
    pub community: CommunityId,
    #[serde(default)]
    pub fee_items: Vec<FeeItemId>,
    /// Only these; all in scope where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buildings: Vec<BuildingId>,
    /// Only these units, wherever they stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
}

impl From<&GetRunInputs> for GetOffsetAhead {
    fn from(run: &GetRunInputs) -> Self {
        Self {
            community: run.community,
            fee_items: run.fee_items.clone(),
            buildings: run.buildings.clone(),
            units: run.units.clone(),
        }
    }
}

impl Checked for GetOffsetAhead {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.fee_items.is_empty() || self.fee_items.len() > 100 {
            problems.push(FieldProblem::new("fee_items", "required"));
        }
        if self.units.len() > UNITS_MOST {
            problems.push(FieldProblem::new("units", "billing.units_most").with("most", UNITS_MOST));
        }
        problems
    }
}

/// What there is to set off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OffsetAhead {
    pub units: i64,
    pub left_fen: Money,
}

words! {
    /// Where the set-off after a run stands.
    OffsetState {
        /// It is about to be done, or under way.
        Waits = "waits",
        /// Nothing is left to be done.
        Done = "done",
        /// It failed, and is tried again later.
        Failed = "failed",
    }
}

/// What prepayments paid because of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetRunOffset {
    pub community: CommunityId,
    pub run: BillingRunId,
}

/// The payments that stand; one that was voided pays nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunOffset {
    pub state: OffsetState,
    pub units: i64,
    pub bills: i64,
    pub amount_fen: Money,
    /// Why it failed the last time.
    pub problem: Option<Problem>,
    /// When it is tried again by itself.
    pub next_try: Option<DateTime<Utc>>,
}

/// Tries at once what is to be tried again later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RestartOffset {
    pub community: CommunityId,
    pub run: BillingRunId,
}
