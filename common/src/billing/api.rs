//! Runs, bills, and what a bill tells about itself.

use serde::{Deserialize, Serialize};

use super::inputs::RunInputs;
use super::plan::SkipReason;
use crate::api::{Checked, Done, Page};
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::Trace;
use crate::id::{BillId, BillingRunId, BuildingId, CommunityId, FeeItemId, ImportId, JobId, PaymentId, TariffId, UnitId};
use crate::money::Money;
use crate::period::{Day, Month};
use crate::problem::{FieldProblem, Problem, text_field};
use crate::words;

crate::endpoints! {
    Get  "/api/billing/run-inputs"   GetRunInputs  => RunInputs, Staff may BillingGenerate of community, checked;
    Post "/api/billing/runs/generate" Generate     => RunView, Staff may BillingGenerate of community, checked;
    Post "/api/billing/runs/restart" RestartRun    => RunView, Staff may BillingGenerate of community;
    Get  "/api/billing/runs"         ListRuns      => Page<RunView>, Staff may BillingRead of community;
    Get  "/api/billing/runs/run"     GetRun        => RunView, Staff may BillingRead of community;
    Get  "/api/billing/runs/skips"   ListSkips     => Page<SkipRow>, Staff may BillingRead of community;
    Get  "/api/billing/bills"        ListBills     => Page<BillRow>, Staff may BillingRead of community;
    Get  "/api/billing/bills/totals" GetBillTotals => BillTotals, Staff may BillingRead of community;
    Get  "/api/billing/bills/bill"   GetBill       => BillView, Staff may BillingRead of community;
    Post "/api/billing/bills/void"   VoidBills     => Done, Staff may BillingVoid of community, checked;
    Post "/api/billing/bills/raise"  RaiseBill     => Raised, Staff may BillingRaise of community, checked;
    Post "/api/billing/import"       ImportBills   => Imported, Staff may BillingImport of community, checked;
}

crate::listing!(ListBills, ListRuns, ListSkips);

/// The most months that one run may be for.
pub const MONTHS_MOST: u32 = 12;

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
    pub issued_day: Day,
}

impl Checked for GetRunInputs {
    fn problems(&self) -> Vec<FieldProblem> {
        run_problems(self.months, &self.fee_items)
    }
}

fn run_problems(months: u32, fee_items: &[FeeItemId]) -> Vec<FieldProblem> {
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
    pub issued_day: Day,
    pub seen: Seen,
}

impl Checked for Generate {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = run_problems(self.months, &self.fee_items);
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
            issued_day: self.issued_day,
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
    pub first: Month,
    pub months: u32,
    pub issued_day: Day,
    pub fee_items: Vec<String>,
    pub state: RunState,
    pub job: Option<JobId>,
    /// Steps done and to do, while it runs on the node that answers.
    pub done: u64,
    pub total: u64,
    pub bills: u64,
    pub amount_fen: Money,
    /// Skipped, by reason.
    pub skips: Vec<RunSkips>,
    /// Why it was refused.
    pub difference: Vec<Difference>,
    pub problem: Option<Problem>,
    pub created_by: Option<String>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub ended_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// How many were skipped for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunSkips {
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
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
    pub reason: SkipReason,
}

words! {
    /// Where a bill stands.
    BillState {
        Open = "open",
        /// Paid in part.
        Part = "part",
        Settled = "settled",
        Void = "void",
    }

    /// Where a bill came from.
    BillSource {
        Run = "run",
        /// Written by hand.
        Raised = "raised",
        Import = "import",
    }

    /// Which bills a list shows.
    BillFilter {
        All = "all",
        /// Something is still to be paid.
        Unpaid = "unpaid",
        /// … and it is past the due day.
        Overdue = "overdue",
        /// … by more than 90 days.
        Overdue90 = "overdue90",
        Part = "part",
        Settled = "settled",
        Void = "void",
    }
}

/// Bills by month, state, building, fee item, unit; searched by room, holder or number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListBills {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<BillFilter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_month: Option<Month>,
    /// The last month, itself included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The run or import that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<uuid::Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `number`, `room`, `due_day`, `amount_fen`, `open_fen`, `month`; with `-` descending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

impl ListBills {
    /// All bills of a community, in the list's own order.
    pub fn of(community: CommunityId) -> Self {
        Self {
            community,
            state: None,
            from_month: None,
            to_month: None,
            building: None,
            fee_item: None,
            unit: None,
            source: None,
            search: None,
            page: None,
            size: None,
            sort: None,
        }
    }
}

/// A bill in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillRow {
    pub id: BillId,
    pub number: String,
    pub unit: UnitId,
    pub unit_label: String,
    /// Who holds the unit today.
    pub holder: Option<String>,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub month: Month,
    pub period_from: Day,
    /// The first day after the period.
    pub period_to: Day,
    pub due_day: Day,
    pub amount_fen: Money,
    pub waived_fen: Money,
    pub paid_fen: Money,
    pub open_fen: Money,
    pub state: BillState,
    /// Days past the due day, while something is open.
    pub overdue_days: i64,
}

/// The sums of a whole result, by the same filters as the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetBillTotals {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<BillFilter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<uuid::Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

impl From<&ListBills> for GetBillTotals {
    fn from(list: &ListBills) -> Self {
        Self {
            community: list.community,
            state: list.state,
            from_month: list.from_month,
            to_month: list.to_month,
            building: list.building,
            fee_item: list.fee_item,
            unit: list.unit,
            source: list.source,
            search: list.search.clone(),
        }
    }
}

impl From<&GetBillTotals> for ListBills {
    fn from(ask: &GetBillTotals) -> Self {
        Self {
            state: ask.state,
            from_month: ask.from_month,
            to_month: ask.to_month,
            building: ask.building,
            fee_item: ask.fee_item,
            unit: ask.unit,
            source: ask.source,
            search: ask.search.clone(),
            ..Self::of(ask.community)
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillTotals {
    pub bills: u64,
    pub units: u64,
    pub amount_fen: Money,
    pub waived_fen: Money,
    pub paid_fen: Money,
    pub open_fen: Money,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetBill {
    pub community: CommunityId,
    pub bill: BillId,
}

/// A bill with everything that is known about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillView {
    pub bill: BillRow,
    pub fee_item_kind: FeeItemKind,
    pub tariff: Option<TariffId>,
    pub tariff_name: Option<String>,
    pub issued_day: Day,
    pub source: BillSource,
    pub source_id: uuid::Uuid,
    pub note: String,
    pub building_name: Option<String>,
    pub lines: Vec<BillLine>,
    /// In the order in which they were written.
    pub postings: Vec<BillPosting>,
    pub history: Vec<BillEvent>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillLine {
    pub no: u32,
    pub amount_fen: Money,
    pub trace: Trace,
}

/// A posting of a bill: an amount moved from an account to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillPosting {
    pub day: Day,
    pub debit: String,
    pub credit: String,
    pub amount_fen: Money,
    /// What it does to what is owed.
    pub change_fen: Money,
    /// What is owed after it.
    pub balance_fen: Money,
    pub payment: Option<PaymentId>,
    pub receipt_number: Option<String>,
}

/// Something that happened to a bill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillEvent {
    pub at: chrono::DateTime<chrono::Utc>,
    /// `created`, `paid`, `void` …; the UI names it by the text `bill-event-<what>`.
    pub what: String,
    pub amount_fen: Option<Money>,
    /// A receipt number, a reason.
    pub note: String,
    pub by: Option<String>,
}

/// Voids bills on which nothing was paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct VoidBills {
    pub community: CommunityId,
    pub bills: Vec<BillId>,
    pub reason: String,
}

impl Checked for VoidBills {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("reason", &self.reason, 200).into_iter().collect();
        if self.bills.is_empty() || self.bills.len() > 1_000 {
            problems.push(FieldProblem::new("bills", "billing.how_many").with("most", 1_000));
        }
        problems
    }
}

/// Writes a one-off bill by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RaiseBill {
    pub community: CommunityId,
    /// Made by the caller: sent twice, it is one bill.
    pub bill: BillId,
    pub unit: UnitId,
    pub fee_item: FeeItemId,
    pub amount_fen: Money,
    pub period_from: Day,
    /// The first day after the period.
    pub period_to: Day,
    pub due_day: Day,
    pub note: String,
}

impl Checked for RaiseBill {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if !self.amount_fen.is_positive() {
            problems.push(FieldProblem::new("amount_fen", "not_positive"));
        }
        if self.period_to <= self.period_from {
            problems.push(FieldProblem::new("period_to", "period_empty"));
        }
        if self.note.chars().count() > 200 {
            problems.push(FieldProblem::new("note", "too_long").with("most", 200));
        }
        problems
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Raised {
    pub bill: BillId,
    pub number: String,
}

/// A bill of the past, as checked in the browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PastBill {
    /// The row in the sheet, for problems.
    pub row: u32,
    /// The unit's code, label or room, as the sheet has it.
    pub unit: String,
    /// The fee item's name or code.
    pub fee_item: String,
    pub period_from: Day,
    /// The first day after the period.
    pub period_to: Day,
    pub amount_fen: Money,
    /// What was paid, and when; nothing for an unpaid bill.
    pub paid_fen: Money,
    pub paid_day: Option<Day>,
    pub cashier: String,
    pub note: String,
}

/// The most bills of one import.
pub const IMPORT_MOST: usize = 100_000;

words! {
    /// How far an import goes.
    ImportStep {
        /// Everything is checked and nothing is kept.
        Check = "check",
        TakeOver = "take_over",
    }
}

/// Takes bills of the past over, paid and unpaid: all or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportBills {
    pub community: CommunityId,
    /// Made by the caller: sent twice, it is one import.
    pub import: ImportId,
    pub step: ImportStep,
    pub file_name: String,
    pub bills: Vec<PastBill>,
}

impl Checked for ImportBills {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("file_name", &self.file_name, 200).into_iter().collect();
        if self.bills.is_empty() || self.bills.len() > IMPORT_MOST {
            problems.push(FieldProblem::new("bills", "billing.how_many").with("most", IMPORT_MOST));
        }
        problems
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Imported {
    pub bills: u64,
    pub payments: u64,
    pub amount_fen: Money,
    pub paid_fen: Money,
}
