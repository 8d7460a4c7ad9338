//! Flows, and requests: asked for, decided level by level, withdrawn.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::flow::{self, DeedKind, FlowLevel};
use crate::api::{Checked, Done, Page};
use crate::id::{ApprovalId, BillId, CommunityId, DepartmentId, EmployeeId};
use crate::money::Money;
use crate::period::Month;
use crate::problem::{Args, FieldProblem, Problem, text_field};
use crate::text::{Language, text_with};
use crate::words;

crate::endpoints! {
    Get  "/api/approvals"               ListApprovals    => Page<ApprovalRow>, Staff may ApprovalsRead of community;
    Get  "/api/approvals/waiting"       CountApprovals   => ApprovalCounts, Staff may ApprovalsRead of community;
    Get  "/api/approvals/approval"      GetApproval      => ApprovalView, Staff may ApprovalsRead of community;
    Post "/api/approvals/decide"        DecideApproval   => Decided, Staff may ApprovalsDecide of community, checked;
    Post "/api/approvals/withdraw"      WithdrawApproval => Done, Staff of community, checked;
    Get  "/api/approvals/flows"         ListFlows        => Vec<FlowView>, Staff may ApprovalsRead of community;
    Post "/api/approvals/flows/save"    SaveFlow         => Done, Staff may ApprovalsWrite of community whole, checked;
    Get  "/api/approvals/flows/deciders" ListDeciders    => Deciders, Staff may ApprovalsWrite of community whole;
}

crate::listing!(ListApprovals);

words! {
    /// Where a request stands.
    ApprovalState {
        Waiting = "waiting",
        /// By the last level: the deed is done.
        Agreed = "agreed",
        Refused = "refused",
        /// By whoever asked.
        Withdrawn = "withdrawn",
    }

    /// Why somebody whom a flow names decides nothing any more.
    Gone {
        /// Not at work here any more.
        Left = "left",
        /// At work, but without the permission, or without sight of this community; a department in which nobody has them.
        MayNot = "may_not",
    }

    /// What one says to a request.
    Verdict {
        Agree = "agree",
        Refuse = "refuse",
    }

    /// Which requests are wanted.
    Whose {
        /// Those that wait for the caller.
        ForMe = "for_me",
        /// Those that the caller made.
        ByMe = "by_me",
        All = "all",
    }
}

/// What became of a deed that may need approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DeedOutcome {
    /// The request that waits for approval; nothing is done yet. None where the deed is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<ApprovalId>,
}

/// Requests: those that wait for the caller, the caller's, or all; searched by bill number or room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListApprovals {
    pub community: CommunityId,
    /// Where nothing is asked: those that wait for the caller, or the caller's own if the caller decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<Whose>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ApprovalState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<DeedKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `asked_at`, `amount_fen`; with `-` descending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

impl ListApprovals {
    /// The requests of a community that concern the caller.
    pub fn of(community: CommunityId) -> Self {
        Self { community, whose: None, state: None, kind: None, search: None, page: None, size: None, sort: None }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApprovalRow {
    pub id: ApprovalId,
    pub kind: DeedKind,
    pub state: ApprovalState,
    /// What it is about: a scheme's name, a receipt's number, or the number of the first bill.
    pub number: String,
    pub unit_label: Option<String>,
    pub fee_item_name: Option<String>,
    pub month: Option<Month>,
    /// How many bills it is about.
    pub bills: u32,
    /// What the deed takes off; zero where its kind has no amount.
    pub amount_fen: Money,
    pub before_fen: Money,
    pub after_fen: Money,
    /// What counted along towards the levels: taken off before.
    pub together_fen: Money,
    pub reason: String,
    pub asked_by: String,
    pub asked_at: DateTime<Utc>,
    /// The level that decides next, counted from 1.
    pub level: u32,
    pub levels: u32,
    /// Who decides next, while it waits.
    pub waits_for: Vec<String>,
}

/// How many requests wait for the caller, and how many of the caller's own wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CountApprovals {
    pub community: CommunityId,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApprovalCounts {
    pub for_me: u64,
    pub by_me: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetApproval {
    pub community: CommunityId,
    pub approval: ApprovalId,
}

/// A request with everything that is known about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApprovalView {
    pub approval: ApprovalRow,
    pub bills: Vec<ApprovalBill>,
    /// The scheme or payment that it is about.
    pub subject: Option<Uuid>,
    /// What would change of a scheme.
    pub changes: Vec<ApprovalChange>,
    /// In their order.
    pub steps: Vec<ApprovalStep>,
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was withdrawn.
    pub withdrawn: Option<String>,
    /// Why the deed could not be done when the last level agreed.
    pub problem: Option<Problem>,
    /// Whether it waits for the caller.
    pub may_decide: bool,
    /// Whether the caller asked for it, or sets the flows and does not decide on it, and may withdraw it.
    pub may_withdraw: bool,
}

/// A bill that a request is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApprovalBill {
    pub bill: BillId,
    pub number: String,
    pub unit_label: Option<String>,
    pub fee_item_name: Option<String>,
    pub month: Option<Month>,
    pub amount_fen: Money,
}

/// Something that a request would change, as people read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApprovalChange {
    /// The id of the text that names it.
    pub what: String,
    /// Nothing where it is new.
    pub before: Vec<Said>,
    pub after: Vec<Said>,
}

/// Something said in whatever language it is read in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The same in every language: a name, a day.
    Name(String),
    /// A text by its id, with its variables.
    Text { id: String, args: Args },
}

impl Said {
    pub fn name(name: impl ToString) -> Self {
        Self::Name(name.to_string())
    }

    pub fn text(id: impl Into<String>, args: &[(&str, String)]) -> Self {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self::Text { id: id.into(), args }
    }

    /// In a language.
    pub fn read(&self, language: Language) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Text { id, args } => {
                let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                text_with(language, id, &args)
            }
        }
    }
}

/// A level of a request: who decides, and what they said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApprovalStep {
    pub level: u32,
    /// A department, or people by name.
    pub who: Vec<String>,
    pub verdict: Option<Verdict>,
    pub by: Option<String>,
    pub at: Option<DateTime<Utc>>,
    pub note: String,
}

/// Agrees to a request at its level, or refuses it. When the last level agrees, the deed is done in the same moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DecideApproval {
    pub community: CommunityId,
    pub approval: ApprovalId,
    /// The level that the person saw; refused when somebody else was first.
    pub level: u32,
    pub verdict: Verdict,
    /// Needed to refuse.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Checked for DecideApproval {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("note", &self.note, 200)
            .filter(|problem| self.verdict == Verdict::Refuse || problem.code != "required")
            .into_iter()
            .collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Decided {
    pub state: ApprovalState,
}

/// Takes a request of one's own back while it waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct WithdrawApproval {
    pub community: CommunityId,
    pub approval: ApprovalId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Checked for WithdrawApproval {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("note", &self.note, 200).filter(|problem| problem.code != "required").into_iter().collect()
    }
}

/// That something waits for a bill, as lists show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct WaitingMark {
    pub approval: ApprovalId,
    pub kind: DeedKind,
}

/// A request as its bill shows it while it waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct WaitingDeed {
    pub approval: ApprovalId,
    pub kind: DeedKind,
    pub amount_fen: Money,
    pub reason: String,
    pub asked_by: String,
    pub asked_at: DateTime<Utc>,
    /// Whether the caller asked for it.
    pub mine: bool,
}

/// The flow of each kind of deed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListFlows {
    pub community: CommunityId,
}

/// The flow of a kind of deed; without levels it needs no approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FlowView {
    pub kind: DeedKind,
    pub levels: Vec<FlowLevel>,
    /// Who decides at each level, by name.
    pub who: Vec<Vec<String>>,
    /// Who is named at each level and decides nothing any more.
    pub gone: Vec<Vec<Former>>,
    /// Requests that wait; they keep the levels that they were made with.
    pub waiting: u64,
}

/// Somebody, or a department, who is named by a flow and decides nothing any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Former {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<EmployeeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    pub name: String,
    pub why: Gone,
}

/// Sets the flow of a kind of deed, for requests to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveFlow {
    pub community: CommunityId,
    pub kind: DeedKind,
    pub levels: Vec<FlowLevel>,
}

impl Checked for SaveFlow {
    fn problems(&self) -> Vec<FieldProblem> {
        flow::problems(&self.levels)
    }
}

/// Who may decide requests of this community, to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListDeciders {
    pub community: CommunityId,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Deciders {
    pub departments: Vec<DecidingDepartment>,
    pub employees: Vec<DecidingEmployee>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DecidingDepartment {
    pub id: DepartmentId,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DecidingEmployee {
    pub id: EmployeeId,
    pub name: String,
    pub department: String,
}
