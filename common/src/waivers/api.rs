//! Groups of people, waiver schemes, and what was waived for whom.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::scheme::{CountsBy, SchemeRules};
use super::trace::WaiverTrace;
use crate::api::{Checked, Done, Page};
use crate::approvals::api::DeedOutcome;
use crate::id::{
    BillId, BuildingId, CommunityId, FeeItemId, GroupMemberId, PeopleGroupId, ResidentId, UnitId, WaiverId, WaiverSchemeId,
};
use crate::money::Money;
use crate::period::{Day, Month};
use crate::problem::{FieldProblem, text_field};
use crate::words;

crate::endpoints! {
    Get  "/api/waivers/groups"         ListGroups    => Vec<GroupView>, Staff may WaiversRead of community;
    Post "/api/waivers/groups/save"    SaveGroup     => Done, Staff may WaiversWrite of community whole, checked;
    Get  "/api/waivers/members"        ListMembers   => Page<MemberRow>, Staff may WaiversRead of community;
    Post "/api/waivers/members/add"    AddMember     => Done, Staff may WaiversWrite of community whole, checked;
    Post "/api/waivers/members/end"    EndMember     => Done, Staff may WaiversWrite of community whole;
    Get  "/api/waivers/schemes"        ListSchemes   => Vec<SchemeView>, Staff may WaiversRead of community;
    Post "/api/waivers/schemes/save"   SaveScheme    => DeedOutcome, Staff may WaiversWrite of community whole, checked;
    Post "/api/waivers/schemes/switch" SwitchScheme  => DeedOutcome, Staff may WaiversWrite of community whole;
    Get  "/api/waivers/given"          ListGiven     => Page<GivenRow>, Staff may WaiversRead of community;
    Get  "/api/waivers/given/totals"   SumGiven      => GivenSums, Staff may WaiversRead of community;
}

crate::listing!(ListMembers, ListGiven);

/// All groups of a community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListGroups {
    pub community: CommunityId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GroupView {
    pub id: PeopleGroupId,
    pub name: String,
    pub note: String,
    pub counts_by: CountsBy,
    /// People who are in it today, and the units that benefit through them.
    pub members: u64,
    pub units: u64,
    /// People whose days in it are still to come.
    pub coming: u64,
    /// The names of the schemes that it benefits from, now or later.
    pub schemes: Vec<String>,
}

/// Makes a group, or changes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveGroup {
    pub community: CommunityId,
    pub group: PeopleGroupId,
    pub name: String,
    pub counts_by: CountsBy,
    pub note: String,
}

impl Checked for SaveGroup {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("name", &self.name, 30).into_iter().collect();
        problems.extend(note_problem(&self.note));
        problems
    }
}

fn note_problem(note: &str) -> Option<FieldProblem> {
    (note.chars().count() > 200).then(|| FieldProblem::new("note", "too_long").with("most", 200))
}

/// Who is in a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListMembers {
    pub community: CommunityId,
    pub group: PeopleGroupId,
    /// `current` (the default), `ended` or `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<MemberState>,
    /// The start of a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `name`, `from`; with `-` descending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

words! {
    /// Whether people who have left the group are wanted.
    MemberState {
        /// Not left, also where they come in later.
        Current = "current",
        Ended = "ended",
        All = "all",
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MemberRow {
    pub id: GroupMemberId,
    pub resident: ResidentId,
    pub name: String,
    /// What they hold or live in today, as people read it.
    pub units: String,
    pub from: Day,
    pub to: Option<Day>,
    pub note: String,
}

/// Puts a resident into a group, from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct AddMember {
    pub community: CommunityId,
    /// Made by the caller: sent twice, it is one member.
    pub member: GroupMemberId,
    pub group: PeopleGroupId,
    pub resident: ResidentId,
    pub from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// The certificate's number, or what else shows it.
    pub note: String,
}

impl Checked for AddMember {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.resident.0.is_nil() {
            problems.push(FieldProblem::new("resident", "required"));
        }
        if self.to.is_some_and(|to| to <= self.from) {
            problems.push(FieldProblem::new("to", "period_empty"));
        }
        problems.extend(note_problem(&self.note));
        problems
    }
}

/// Ends a membership; ended on its first day or before, it never counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EndMember {
    pub community: CommunityId,
    pub member: GroupMemberId,
    /// The first day without it.
    pub to: Day,
}

/// All schemes of a community, in the order in which they are applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListSchemes {
    pub community: CommunityId,
}

words! {
    /// Whether a scheme is applied.
    SchemeState {
        Active = "active",
        /// No longer applied to new bills; what it waived stays.
        Stopped = "stopped",
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SchemeView {
    pub id: WaiverSchemeId,
    pub name: String,
    pub reason: String,
    /// The lower, the sooner it is applied.
    pub rank: i32,
    pub from: Day,
    /// The first day on which it is no longer in force.
    pub to: Option<Day>,
    pub state: SchemeState,
    pub rules: SchemeRules,
    pub fee_item_names: Vec<String>,
    pub group_names: Vec<String>,
    /// The labels of the named units.
    pub unit_labels: Vec<String>,
    /// What it has waived so far.
    pub bills: u64,
    pub units: u64,
    pub amount_fen: Money,
}

/// Makes a scheme, or changes it for bills to come. A new one, and a change by which one in use takes more off, may need approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveScheme {
    pub community: CommunityId,
    pub scheme: WaiverSchemeId,
    pub name: String,
    pub reason: String,
    pub rank: i32,
    pub from: Day,
    pub to: Option<Day>,
    pub rules: SchemeRules,
}

impl Checked for SaveScheme {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> =
            [text_field("name", &self.name, 30), text_field("reason", &self.reason, 100)].into_iter().flatten().collect();
        if self.to.is_some_and(|to| to <= self.from) {
            problems.push(FieldProblem::new("to", "period_empty"));
        }
        if !(1..=999).contains(&self.rank) {
            problems.push(FieldProblem::new("rank", "waivers.rank").with("most", 999));
        }
        problems.extend(self.rules.problems("rules"));
        problems
    }
}

/// Stops a scheme, or applies it again, which may need approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SwitchScheme {
    pub community: CommunityId,
    pub scheme: WaiverSchemeId,
    pub state: SchemeState,
}

words! {
    /// What became of a waiver.
    WaiverState {
        Given = "given",
        /// Taken back by hand.
        TakenBack = "taken_back",
        /// Its bill is void.
        Void = "void",
    }

    /// Where a waiver came from.
    WaiverSource {
        Scheme = "scheme",
        /// By hand, on one bill.
        Once = "once",
    }
}

/// Who benefits: waivers by scheme, month, building, fee item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListGiven {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<WaiverSchemeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<WaiverSource>,
    /// `given` where nothing is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<WaiverState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_month: Option<Month>,
    /// The last month, itself included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    /// A room, from its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `room`, `month`, `amount_fen`; with `-` descending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

impl ListGiven {
    /// All that was waived in a community.
    pub fn of(community: CommunityId) -> Self {
        Self {
            community,
            scheme: None,
            source: None,
            state: None,
            from_month: None,
            to_month: None,
            building: None,
            fee_item: None,
            search: None,
            page: None,
            size: None,
            sort: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GivenRow {
    pub id: WaiverId,
    pub bill: BillId,
    pub bill_number: String,
    pub unit: UnitId,
    pub unit_label: String,
    pub fee_item_name: String,
    pub month: Month,
    /// The bill in full.
    pub billed_fen: Money,
    pub amount_fen: Money,
    /// The scheme's name, as it was then; empty for a waiver by hand.
    pub name: String,
    pub reason: String,
    pub state: WaiverState,
    pub day: Day,
    pub by: Option<String>,
}

/// What the filters of [`ListGiven`] find, added up: in all, and by scheme and month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SumGiven {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<WaiverSchemeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<WaiverSource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<WaiverState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

impl From<&ListGiven> for SumGiven {
    fn from(list: &ListGiven) -> Self {
        Self {
            community: list.community,
            scheme: list.scheme,
            source: list.source,
            state: list.state,
            from_month: list.from_month,
            to_month: list.to_month,
            building: list.building,
            fee_item: list.fee_item,
            search: list.search.clone(),
        }
    }
}

impl From<&SumGiven> for ListGiven {
    fn from(ask: &SumGiven) -> Self {
        Self {
            scheme: ask.scheme,
            source: ask.source,
            state: ask.state,
            from_month: ask.from_month,
            to_month: ask.to_month,
            building: ask.building,
            fee_item: ask.fee_item,
            search: ask.search.clone(),
            ..Self::of(ask.community)
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GivenSums {
    pub waivers: u64,
    pub bills: u64,
    pub units: u64,
    pub amount_fen: Money,
    /// The latest month first.
    pub months: Vec<GivenMonth>,
}

/// What one scheme waived on the bills of a month; none stands for waivers by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GivenMonth {
    pub scheme: Option<WaiverSchemeId>,
    pub name: String,
    pub month: Month,
    pub bills: u64,
    pub units: u64,
    pub amount_fen: Money,
}

/// A waiver as its bill shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillWaiver {
    pub id: WaiverId,
    pub scheme: Option<WaiverSchemeId>,
    /// The scheme's name, as it was then; empty for a waiver by hand.
    pub name: String,
    pub reason: String,
    pub amount_fen: Money,
    pub trace: WaiverTrace,
    pub state: WaiverState,
    pub at: DateTime<Utc>,
    pub by: Option<String>,
    /// Why it was taken back.
    pub back_reason: Option<String>,
}
