//! Runs: what they are computed from, what was seen before, and what they left out.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::plan::SkipReason;
use crate::api::Checked;
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::NamedValue;
use crate::id::{BillingRunId, BuildingId, CommunityId, FeeItemId, GenerationRuleId, JobId, UnitId};
use crate::metering::Utility;
use crate::money::Money;
use crate::period::{Day, Month};
use crate::problem::{FieldProblem, Problem};
use crate::words;

/// The most months that one run may be for.
pub const MONTHS_MOST: u32 = 12;
/// The most single units that one run may be for: they stand in an address.
pub const UNITS_MOST: usize = 100;

/// Everything that a run would be computed from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetRunInputs {
    pub community: CommunityId,
    pub first: Month,
    pub months: u32,
    #[serde(default)]
    pub fee_items: Vec<FeeItemId>,
    /// Only these; all in scope where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buildings: Vec<BuildingId>,
    /// Only these units, wherever they stand; then no buildings are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    pub issued_day: Day,
    /// When all of it falls due; where it is left open, the tariffs say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_day: Option<Day>,
    /// The rule that has these months generated; a run for just that is its occurrence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<GenerationRuleId>,
}

impl GetRunInputs {
    /// Whether it is for just these fee items of all units of just these buildings, in whatever order; none named stands for all
    /// buildings, here and there.
    pub fn is_all_of(&self, fee_items: &[FeeItemId], buildings: &[BuildingId]) -> bool {
        self.units.is_empty() && same(&self.fee_items, fee_items) && same(&self.buildings, buildings)
    }
}

/// Whether both name the same, in whatever order.
fn same<T: Ord>(some: &[T], others: &[T]) -> bool {
    some.iter().collect::<BTreeSet<_>>() == others.iter().collect::<BTreeSet<_>>()
}

impl Checked for GetRunInputs {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = run_problems(self.months, &self.fee_items);
        problems.extend(due_problem(self.issued_day, self.due_day));
        problems.extend(units_problem(&self.units, &self.buildings));
        problems
    }
}

/// What a run would be computed from if nothing of these months had been billed yet: to try other prices, rules and schemes on it.
/// Who benefits from schemes is told to those who may see waivers; for others the bills are in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetTrialInputs {
    pub community: CommunityId,
    pub first: Month,
    pub months: u32,
    #[serde(default)]
    pub fee_items: Vec<FeeItemId>,
    /// Only this building, or that of this unit; all in scope where neither is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}

impl GetTrialInputs {
    /// For everything that the caller sees.
    pub fn of(community: CommunityId, first: Month, months: u32, fee_items: Vec<FeeItemId>) -> Self {
        Self { community, first, months, fee_items, building: None, unit: None }
    }
}

impl Checked for GetTrialInputs {
    fn problems(&self) -> Vec<FieldProblem> {
        run_problems(self.months, &self.fee_items)
    }
}

/// In which month units' meters of these utilities were last read: metered prices are tried on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListLastRead {
    pub community: CommunityId,
    #[serde(default)]
    pub utilities: Vec<Utility>,
}

/// The newest month with usages of a utility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LastRead {
    pub utility: Utility,
    pub month: Month,
}

/// What the names of a formula stand for in real units, to see what it comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowFormulaUnits {
    pub community: CommunityId,
    /// Whose meters are asked for the usage; every meter of the unit where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    /// Whose meters are asked instead of the fee item's own: those of another utility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_of: Option<FeeItemKind>,
    /// Some units, one of each kind, where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
}

/// The most units that are looked at side by side.
pub const FORMULA_UNITS_MOST: usize = 8;

impl Checked for ShowFormulaUnits {
    fn problems(&self) -> Vec<FieldProblem> {
        if self.units.len() <= FORMULA_UNITS_MOST {
            return Vec::new();
        }
        vec![FieldProblem::new("units", "too_many").with("most", FORMULA_UNITS_MOST)]
    }
}

/// A unit as a formula sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FormulaUnit {
    pub unit: UnitId,
    pub label: String,
    /// What it has a value for; the usage is that of the latest month that was read.
    pub values: Vec<NamedValue>,
}

fn due_problem(issued: Day, due: Option<Day>) -> Option<FieldProblem> {
    due.filter(|due| *due < issued).map(|_| FieldProblem::new("due_day", "billing.due_before_issue"))
}

fn units_problem(units: &[UnitId], buildings: &[BuildingId]) -> Option<FieldProblem> {
    if units.len() > UNITS_MOST {
        return Some(FieldProblem::new("units", "billing.units_most").with("most", UNITS_MOST));
    }
    let both = !units.is_empty() && !buildings.is_empty();
    both.then(|| FieldProblem::new("units", "billing.units_or_buildings"))
}

pub(crate) fn run_problems(months: u32, fee_items: &[FeeItemId]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if !(1..=MONTHS_MOST).contains(&months) {
        problems.push(FieldProblem::new("months", "billing.months").with("most", MONTHS_MOST));
    }
    if fee_items.is_empty() || fee_items.len() > 100 {
        problems.push(FieldProblem::new("fee_items", "required"));
    }
    problems
}

/// Bills and their amount of one fee item in one building, as the person saw them before generating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SeenTotal {
    pub fee_item: FeeItemId,
    pub building: Option<BuildingId>,
    pub bills: u64,
    pub amount_fen: Money,
    /// What schemes take off it.
    #[serde(default)]
    pub waived_fen: Money,
}

/// What the person saw before generating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Seen {
    /// Stands for every bill of the plan.
    pub digest: String,
    pub totals: Vec<SeenTotal>,
}

/// Generates the bills that were seen; refused with the difference when the world has moved since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Generate {
    pub community: CommunityId,
    /// Made by the caller: sent twice, it is one run.
    pub run: BillingRunId,
    pub first: Month,
    pub months: u32,
    pub fee_items: Vec<FeeItemId>,
    pub buildings: Vec<BuildingId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    pub issued_day: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_day: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<GenerationRuleId>,
    pub seen: Seen,
}

impl Checked for Generate {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = run_problems(self.months, &self.fee_items);
        problems.extend(due_problem(self.issued_day, self.due_day));
        problems.extend(units_problem(&self.units, &self.buildings));
        if self.seen.digest.len() != 64 {
            problems.push(FieldProblem::new("seen.digest", "billing.not_a_digest"));
        }
        problems
    }
}

impl Generate {
    /// The inputs that the plan was made from.
    pub fn inputs(&self) -> GetRunInputs {
        GetRunInputs {
            community: self.community,
            first: self.first,
            months: self.months,
            fee_items: self.fee_items.clone(),
            buildings: self.buildings.clone(),
            units: self.units.clone(),
            issued_day: self.issued_day,
            due_day: self.due_day,
            rule: self.rule,
        }
    }
}

words! {
    /// Where a run stands.
    RunState {
        Queued = "queued",
        Running = "running",
        Done = "done",
        /// The world had moved: see the difference, look again.
        Refused = "refused",
        /// Something broke; nothing was written, it can be started again.
        Failed = "failed",
    }
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunView {
    pub id: BillingRunId,
    /// What it was computed from, to look at the same again.
    pub inputs: GetRunInputs,
    pub fee_items: Vec<String>,
    /// The buildings that it was for; none where it was for the whole community, or for single units.
    pub buildings: Vec<String>,
    /// The single units that it was for.
    pub units: Vec<RunUnit>,
    /// The name of the rule whose occurrence it is.
    pub rule: Option<String>,
    pub state: RunState,
    pub job: Option<JobId>,
    /// Steps done and to do, while it runs on the node that answers.
    pub done: u64,
    pub total: u64,
    pub bills: u64,
    pub amount_fen: Money,
    /// What schemes took off it.
    pub waived_fen: Money,
    /// Skipped, by reason.
    pub skips: Vec<RunSkips>,
    /// Of those that want mending, what has no bill until now; not told in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Vec<RunSkips>>,
    /// Why it was refused.
    pub difference: Vec<Difference>,
    pub problem: Option<Problem>,
    pub created_by: Option<String>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub ended_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl RunView {
    /// How many units lack a bill that they should have: until now, where that is told.
    pub fn lacking(&self) -> u64 {
        self.open.as_ref().unwrap_or(&self.skips).iter().filter(|skip| skip.reason.wants_mending()).map(|skip| skip.units).sum()
    }
}

/// A single unit that a run was for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunUnit {
    pub unit: UnitId,
    pub label: String,
}

/// How many were skipped for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunSkips {
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    /// What the fee item is for, which its reason's words go by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FeeItemKind>,
    pub reason: SkipReason,
    pub units: u64,
}

/// Where what was seen and what would be generated differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Difference {
    pub fee_item_name: String,
    pub building_name: Option<String>,
    pub seen_bills: u64,
    /// To pay, with what schemes take off.
    pub seen_fen: Money,
    pub now_bills: u64,
    pub now_fen: Money,
}

/// Starts a failed run again; one that runs or is done is left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RestartRun {
    pub community: CommunityId,
    pub run: BillingRunId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetRun {
    pub community: CommunityId,
    pub run: BillingRunId,
}

/// Runs, the latest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListRuns {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// Who got no bill in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListSkips {
    pub community: CommunityId,
    pub run: BillingRunId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SkipReason>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SkipRow {
    pub unit: UnitId,
    pub unit_label: String,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub kind: FeeItemKind,
    pub reason: SkipReason,
}
