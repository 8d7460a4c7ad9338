//! Prepayments that pay what a run bills: what there is of them before it, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Checked;
use crate::billing::api::{GetRunInputs, MONTHS_MOST, UNITS_MOST, run_problems};
use crate::id::{BillingRunId, BuildingId, CommunityId, FeeItemId, UnitId};
use crate::money::Money;
use crate::period::{Month, Period};
use crate::problem::{FieldProblem, Problem};
use crate::words;

/// What prepayments have left that could pay by themselves what a run of these fee items bills: unit by unit, since only the plan knows
/// who is billed what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetOffsetAhead {
    pub community: CommunityId,
    pub first: Month,
    pub months: u32,
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
            first: run.first,
            months: run.months,
            fee_items: run.fee_items.clone(),
            buildings: run.buildings.clone(),
            units: run.units.clone(),
        }
    }
}

impl GetOffsetAhead {
    /// The months of the run.
    pub fn period(&self) -> Period {
        let more = i32::try_from(self.months.clamp(1, MONTHS_MOST) - 1).unwrap_or_default();
        Period { from: self.first.first_day(), to: self.first.plus(more).period().to }
    }
}

impl Checked for GetOffsetAhead {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = run_problems(self.months, &self.fee_items);
        if self.units.len() > UNITS_MOST {
            problems.push(FieldProblem::new("units", "billing.units_most").with("most", UNITS_MOST));
        }
        problems
    }
}

/// What a unit's prepayments have left, those of one purpose together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LeftAhead {
    pub unit: UnitId,
    /// The only fee item that they pay for; `None` pay for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pays_for: Option<FeeItemId>,
    pub left_fen: Money,
    /// Fee items whose bills a tenant would owe: these are not the owner's to pay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenant_owes: Vec<FeeItemId>,
}

/// What there is to set off after a run that is planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetAhead {
    pub units: u64,
    pub left_fen: Money,
}

impl OffsetAhead {
    /// What is left to those whom the plan bills something that it may pay; `billed` are bills with something to pay. `None` where
    /// that is nobody.
    pub fn of(left: &[LeftAhead], billed: impl IntoIterator<Item = (UnitId, FeeItemId)>) -> Option<Self> {
        let mut by_unit: BTreeMap<UnitId, Vec<FeeItemId>> = BTreeMap::new();
        for (unit, fee_item) in billed {
            by_unit.entry(unit).or_default().push(fee_item);
        }
        let pays = |one: &&LeftAhead| {
            let own = by_unit.get(&one.unit).into_iter().flatten();
            let mut own = own.filter(|item| !one.tenant_owes.contains(item));
            own.any(|item| one.pays_for.is_none_or(|only| only == *item))
        };
        let paying: Vec<&LeftAhead> = left.iter().filter(pays).collect();
        let units: BTreeSet<UnitId> = paying.iter().map(|one| one.unit).collect();
        let left_fen = Money::sum(paying.iter().map(|one| one.left_fen))?;
        (!units.is_empty()).then_some(Self { units: u64::try_from(units.len()).unwrap_or(u64::MAX), left_fen })
    }
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_who_is_billed_what_it_may_pay_counts() {
        let unit = |number: u128| UnitId(Uuid::from_u128(number));
        let fee_item = |number: u128| FeeItemId(Uuid::from_u128(number));
        let left = |number: u128, pays_for: Option<u128>, fen: i64| LeftAhead {
            unit: unit(number),
            pays_for: pays_for.map(fee_item),
            left_fen: Money::from_fen(fen),
            tenant_owes: Vec::new(),
        };
        let tenant = LeftAhead { tenant_owes: vec![fee_item(1)], ..left(4, None, 40) };
        let all = [left(1, None, 10), left(1, Some(2), 5), left(2, None, 20), left(3, Some(2), 30), tenant];
        let ahead = |billed: &[(u128, u128)]| {
            let billed = billed.iter().map(|(one, item)| (unit(*one), fee_item(*item)));
            OffsetAhead::of(&all, billed).map(|ahead| (ahead.units, ahead.left_fen.fen()))
        };
        assert_eq!(ahead(&[]), None);
        assert_eq!(ahead(&[(9, 1)]), None, "others are billed");
        assert_eq!(ahead(&[(1, 1), (3, 1)]), Some((1, 10)), "money for something else stays");
        assert_eq!(ahead(&[(1, 1), (1, 2), (2, 1), (3, 2)]), Some((3, 65)));
        assert_eq!(ahead(&[(4, 1)]), None, "what a tenant owes is not the owner's to pay");
        assert_eq!(ahead(&[(4, 1), (4, 2)]), Some((1, 40)));
    }
}
