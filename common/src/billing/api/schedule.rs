//! Generation rules, and the calendar of what they generate.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::schedule::{Occurrence, RuleStart, Schedule};
use super::{GetRunInputs, RunView};
use crate::api::Checked;
use crate::id::{BillingRunId, BuildingId, CommunityId, FeeItemId, GenerationRuleId};
use crate::period::{Day, Month};
use crate::problem::{FieldProblem, text_field};
use crate::words;

/// The most months that a calendar shows at a time.
pub const CALENDAR_MOST: u32 = 24;

/// Makes a generation rule, or changes what it generates from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveGenerationRule {
    pub community: CommunityId,
    pub rule: GenerationRuleId,
    pub name: String,
    pub fee_items: Vec<FeeItemId>,
    /// All of the community where it is empty.
    pub buildings: Vec<BuildingId>,
    pub schedule: Schedule,
    pub start: RuleStart,
    /// A rule that is not active generates and proposes nothing.
    pub active: bool,
}

impl Checked for SaveGenerationRule {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("name", &self.name, 60).into_iter().collect();
        if self.fee_items.is_empty() || self.fee_items.len() > 100 {
            problems.push(FieldProblem::new("fee_items", "required"));
        }
        problems.extend(self.schedule.problems("schedule"));
        problems
    }
}

/// Every rule of a community, the active ones first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListGenerationRules {
    pub community: CommunityId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GenerationRuleView {
    pub id: GenerationRuleId,
    pub name: String,
    pub fee_items: Vec<FeeItemId>,
    pub fee_item_names: Vec<String>,
    pub buildings: Vec<BuildingId>,
    pub building_names: Vec<String>,
    pub schedule: Schedule,
    pub start: RuleStart,
    pub active: bool,
    /// Periods that begin before this day are over for it.
    pub over_to: Day,
    /// What comes next; nothing where it has ended or rests.
    pub next: Option<Occurrence>,
}

words! {
    /// Where an occurrence of a rule stands.
    OccurrenceState {
        /// Its day is still to come.
        Planned = "planned",
        /// Its day has come: an automatic one starts within a minute, any other waits for a person.
        Due = "due",
        /// Its day has gone by, and nobody generated it.
        Missed = "missed",
        Running = "running",
        Done = "done",
        /// It will be tried again by itself.
        Failed = "failed",
        /// Somebody said that it is not to be.
        Skipped = "skipped",
    }
}

impl OccurrenceState {
    /// Whether somebody should look into it, given who starts it.
    pub fn wants_attention(self, start: RuleStart) -> bool {
        match self {
            Self::Missed | Self::Failed => true,
            Self::Due => start == RuleStart::Proposed,
            _ => false,
        }
    }

    /// Whether it can still be generated.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::Due | Self::Missed | Self::Failed)
    }
}

/// What the rules generate on the days of some months, and whatever of earlier days is still open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetCalendar {
    pub community: CommunityId,
    pub first: Month,
    pub months: u32,
}

impl Checked for GetCalendar {
    fn problems(&self) -> Vec<FieldProblem> {
        let most = CALENDAR_MOST;
        let wrong = !(1..=most).contains(&self.months);
        wrong.then(|| FieldProblem::new("months", "billing.months").with("most", most)).into_iter().collect()
    }
}

/// One time that a rule generates, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OccurrenceView {
    pub rule: GenerationRuleId,
    pub rule_name: String,
    pub start: RuleStart,
    /// Its period and its days.
    pub at: Occurrence,
    pub state: OccurrenceState,
    /// What a preview of it is computed from.
    pub inputs: GetRunInputs,
    pub fee_items: Vec<String>,
    pub buildings: Vec<String>,
    /// Its run, where there is one.
    pub run: Option<RunView>,
    /// How often it failed, and when it is tried again.
    pub tries: u32,
    pub next_try: Option<DateTime<Utc>>,
    /// Why it is skipped, who said so and when.
    pub reason: String,
    pub by: Option<String>,
    pub said_at: Option<DateTime<Utc>>,
}

/// The occurrences, by day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CalendarView {
    pub today: Day,
    /// Rules that are active.
    pub rules: u64,
    pub occurrences: Vec<OccurrenceView>,
}

/// Generates an occurrence now, without a preview. One that failed is tried again, with the run that it has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GenerateOccurrence {
    pub community: CommunityId,
    pub rule: GenerationRuleId,
    /// The first month of its period.
    pub first: Month,
    /// Made by the caller: sent twice, it is one run.
    pub run: BillingRunId,
}

/// Says that an occurrence is not to be, and why. Nothing is generated for it until that is taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SkipOccurrence {
    pub community: CommunityId,
    pub rule: GenerationRuleId,
    pub first: Month,
    pub reason: String,
}

impl Checked for SkipOccurrence {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
    }
}

/// Takes back that it is skipped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnskipOccurrence {
    pub community: CommunityId,
    pub rule: GenerationRuleId,
    pub first: Month,
}
