//! Bills: lists, totals, one bill with its history, raising and voiding.

use serde::{Deserialize, Serialize};

use crate::api::Checked;
use crate::approvals::api::{WaitingDeed, WaitingMark};
use crate::billing::portion::Portion;
use crate::charging::late_fee::LateFee;
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::Trace;
use crate::id::{ApprovalId, BillId, BuildingId, CommunityId, FeeItemId, PaymentId, ResidentId, TariffId, UnitId, WaiverId};
use crate::money::Money;
use crate::period::{Day, Month};
use crate::problem::{FieldProblem, text_field};
use crate::quantity::Quantity;
use crate::waivers::api::BillWaiver;
use crate::words;

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
        /// Late fee that was charged is still to be paid.
        LateFee = "late_fee",
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
    /// Who pays it, where that is not the owner: the tenant of its contract.
    pub payer: Option<String>,
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
    /// Late fee that is due on top of it today.
    pub late_fee_fen: Money,
    pub state: BillState,
    /// Days past the due day, while something is open.
    pub overdue_days: i64,
    /// What was asked for about it and waits for approval.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<WaitingMark>,
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
    /// What of it falls on whose days, where the unit changed hands in its period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub portions: Vec<BillPortion>,
    /// Where a rule of late fee applies, or some was charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fee: Option<BillLateFee>,
    /// What it was let off, in order; also what was taken back.
    pub waivers: Vec<BillWaiver>,
    /// What was asked for about it and waits for approval.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<WaitingDeed>,
    /// In the order in which they were written.
    pub postings: Vec<BillPosting>,
    pub history: Vec<BillEvent>,
}

/// What of a bill falls on those who held the unit on its days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillPortion {
    #[serde(flatten)]
    pub portion: Portion,
    /// Nobody, where it is not known who held it.
    pub holders: Vec<PortionHolder>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PortionHolder {
    pub resident: ResidentId,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillLine {
    pub no: u32,
    pub amount_fen: Money,
    pub trace: Trace,
}

/// What late fee has come to on a bill, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillLateFee {
    pub fee: LateFee,
    /// What it has come to, or what was charged if that is more.
    pub come_to_fen: Money,
    pub paid_fen: Money,
    pub waived_fen: Money,
    /// What is due today.
    pub due_fen: Money,
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
    /// Made by the caller: where it needs approval, the request has this id.
    pub request: ApprovalId,
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

/// Waives part of an open bill, or all that is open, once (一次性减免).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct WaiveBill {
    pub community: CommunityId,
    /// Made by the caller: sent twice, it is one waiver.
    pub waiver: WaiverId,
    pub bill: BillId,
    /// What was open when the person looked; refused when it has changed since.
    pub open_fen: Money,
    /// Either an amount…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<Money>,
    /// …or a share of what is open, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Quantity>,
    pub reason: String,
}

impl WaiveBill {
    /// What it comes to; none where it says nothing that can be taken off.
    pub fn amount(&self) -> Option<Money> {
        let amount = match (self.amount_fen, self.percent) {
            (Some(amount), None) => amount,
            (None, Some(percent)) => {
                let product = i128::from(self.open_fen.fen()) * i128::from(percent.scaled());
                let (whole, half) = (1_000_000, 500_000);
                Money::from_fen(i64::try_from((product + half).div_euclid(whole)).ok()?)
            }
            _ => return None,
        };
        (amount.is_positive() && amount <= self.open_fen).then_some(amount)
    }
}

impl Checked for WaiveBill {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("reason", &self.reason, 200).into_iter().collect();
        match (self.amount_fen, self.percent) {
            (Some(amount), None) if !amount.is_positive() => problems.push(FieldProblem::new("amount_fen", "not_positive")),
            (Some(amount), None) if amount > self.open_fen => {
                problems.push(FieldProblem::new("amount_fen", "billing.waives_too_much").with("open", self.open_fen));
            }
            (None, Some(percent)) if percent <= Quantity::ZERO || percent > Quantity::from_scaled(1_000_000) => {
                problems.push(FieldProblem::new("percent", "waivers.percent"));
            }
            (None, Some(_)) if self.amount().is_none() => problems.push(FieldProblem::new("percent", "billing.waives_nothing")),
            (Some(_), None) | (None, Some(_)) => {}
            _ => problems.push(FieldProblem::new("amount_fen", "required")),
        }
        problems
    }
}

/// Takes a waiver by hand back, while the bill lives: the amount is open again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TakeBackWaiver {
    pub community: CommunityId,
    pub waiver: WaiverId,
    pub reason: String,
}

impl Checked for TakeBackWaiver {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
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
        if self.unit.0.is_nil() {
            problems.push(FieldProblem::new("unit", "required"));
        }
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
