//! Prepayments and deposits: what is held, what became of it, and giving it back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::PaidMethod;
use crate::api::Checked;
use crate::cashier::held::{HeldKind, Holding};
use crate::cashier::method::Method;
use crate::id::{ApprovalId, BillId, CommunityId, EmployeeId, FeeItemId, PaymentId, RefundId, UnitId};
use crate::money::Money;
use crate::period::Day;
use crate::problem::{FieldProblem, text_field};
use crate::words;

words! {
    /// Which holdings a list shows.
    HeldFilter {
        /// Something is left.
        Held = "held",
        /// Nothing is left.
        Gone = "gone",
    }

    /// What became of money that is held.
    HeldDeed {
        /// It was taken.
        Taken = "taken",
        /// Its payment was voided.
        TakenBack = "taken_back",
        /// It paid a bill.
        Offset = "offset",
        /// The payment for which it paid was voided: it is held again.
        OffsetBack = "offset_back",
        /// It was given back.
        Refunded = "refunded",
    }
}

/// A fee item for which money can be taken to be held, offered at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct HeldItem {
    pub fee_item: FeeItemId,
    pub name: String,
    pub kind: HeldKind,
    /// The name of the only fee item that it pays for; `None` pays for all.
    pub pays_for_name: Option<String>,
}

/// What is held of a household, at the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DeskHolding {
    pub holding: Holding,
    pub unit: UnitId,
    pub unit_label: String,
    pub bill_number: String,
    pub fee_item_name: String,
    pub pays_for_name: Option<String>,
    pub payer: String,
}

/// What is held, the latest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListHeld {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<HeldKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<HeldFilter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Taken on this day or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// A room, payer or bill number, from its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `since`, `unit`, `left_fen`, `taken_fen`; with `-` descending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

impl ListHeld {
    /// Everything that was ever held in a community.
    pub fn of(community: CommunityId) -> Self {
        Self {
            community,
            kind: None,
            state: None,
            fee_item: None,
            unit: None,
            from: None,
            to: None,
            search: None,
            page: None,
            size: None,
            sort: None,
        }
    }
}

/// What one prepayment or deposit came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct HeldRow {
    /// Its own bill, which names it.
    pub bill: BillId,
    pub bill_number: String,
    pub kind: HeldKind,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    /// The only fee item that it pays for; `None` pays for all.
    pub pays_for_name: Option<String>,
    pub unit: UnitId,
    pub unit_label: String,
    pub payer: String,
    pub since: Day,
    pub taken_fen: Money,
    pub offset_fen: Money,
    pub refunded_fen: Money,
    pub left_fen: Money,
    /// The request to give it back that waits for approval.
    pub waits: Option<ApprovalId>,
}

/// The sums of a whole result, by the same filters as the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SumHeld {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<HeldKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<HeldFilter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

impl From<&ListHeld> for SumHeld {
    fn from(list: &ListHeld) -> Self {
        Self {
            community: list.community,
            kind: list.kind,
            state: list.state,
            fee_item: list.fee_item,
            unit: list.unit,
            from: list.from,
            to: list.to,
            search: list.search.clone(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct HeldSums {
    pub holdings: i64,
    pub taken_fen: Money,
    pub offset_fen: Money,
    pub refunded_fen: Money,
    pub left_fen: Money,
}

/// One prepayment or deposit with its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowHeld {
    pub community: CommunityId,
    pub bill: BillId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct HeldView {
    pub row: HeldRow,
    /// From old to new; what they leave is the row's.
    pub events: Vec<HeldEvent>,
}

/// What happened to it once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct HeldEvent {
    pub at: DateTime<Utc>,
    pub day: Day,
    pub deed: HeldDeed,
    pub amount_fen: Money,
    /// What was left right after it.
    pub left_fen: Money,
    pub by_name: String,
    /// The payment that took it or that it paid for.
    pub payment: Option<PaymentId>,
    pub receipt_number: Option<String>,
    /// The bill that it paid.
    pub paid_bill: Option<BillId>,
    pub paid_bill_number: Option<String>,
    pub paid_fee_item_name: Option<String>,
    pub refund: Option<RefundId>,
    pub refund_number: Option<String>,
}

/// How much of a holding goes back, and what the person saw left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RefundLine {
    pub bill: BillId,
    pub amount_fen: Money,
    /// What was left when the person looked; refused when it has changed since.
    pub left_fen: Money,
}

/// The most holdings that one refund gives back.
pub const REFUND_LINES_MOST: usize = 50;

/// Gives held money of one unit back. The caller makes its id: sent twice, it is one refund.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GiveBack {
    pub community: CommunityId,
    pub refund: RefundId,
    pub unit: UnitId,
    pub lines: Vec<RefundLine>,
    /// How it goes out.
    pub method: Method,
    /// The slip's or transfer's number, where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Who gets it.
    pub payee: String,
    pub reason: String,
}

impl Checked for GiveBack {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> =
            [text_field("payee", &self.payee, 60), text_field("reason", &self.reason, 200)].into_iter().flatten().collect();
        if self.lines.is_empty() {
            problems.push(FieldProblem::new("lines", "cashier.nothing_chosen"));
        }
        if self.lines.len() > REFUND_LINES_MOST {
            problems.push(FieldProblem::new("lines", "cashier.too_many_bills"));
        }
        for (place, line) in self.lines.iter().enumerate() {
            let mut field = |name: &str, code: &str| problems.push(FieldProblem::new(format!("lines.{place}.{name}"), code));
            if self.lines.iter().take(place).any(|other| other.bill == line.bill) {
                field("bill", "cashier.chosen_twice");
            }
            if !line.amount_fen.is_positive() {
                field("amount_fen", "not_positive");
            } else if line.amount_fen > line.left_fen {
                field("amount_fen", "cashier.more_than_held");
            }
        }
        if !self.method.at_desk() {
            problems.push(FieldProblem::new("method", "cashier.not_at_the_desk"));
        }
        if self.reference.chars().count() > 60 {
            problems.push(FieldProblem::new("reference", "too_long").with("most", 60));
        }
        problems
    }
}

/// What became of it: a voucher, or a request that waits for approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GivenBack {
    pub refund: RefundId,
    /// The voucher's number; `None` while it waits.
    pub number: Option<String>,
    pub waits: Option<ApprovalId>,
}

/// The refunds, the latest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListRefunds {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// A voucher number, room or payee, from its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `at`, `unit`, `total`; with `-` descending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RefundRow {
    pub refund: RefundId,
    pub number: String,
    pub at: DateTime<Utc>,
    pub day: Day,
    pub unit: UnitId,
    pub unit_label: String,
    pub payee: String,
    pub cashier_name: String,
    pub paid: PaidMethod,
    pub reason: String,
    pub total_fen: Money,
    pub prints: i32,
}

/// One refund as its voucher.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetRefund {
    pub community: CommunityId,
    pub refund: RefundId,
}

/// Counts a print of the voucher: later ones are marked 补打.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PrintRefund {
    pub community: CommunityId,
    pub refund: RefundId,
}

/// Everything that stands on the voucher of a refund.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Voucher {
    pub refund: RefundId,
    pub number: String,
    pub at: DateTime<Utc>,
    pub day: Day,
    pub community_name: String,
    pub unit: UnitId,
    pub unit_label: String,
    pub payee: String,
    pub cashier: Option<EmployeeId>,
    pub cashier_name: String,
    pub paid: PaidMethod,
    pub reason: String,
    pub lines: Vec<VoucherLine>,
    pub total_fen: Money,
    /// The total in capitals (大写).
    pub capitals: String,
    pub prints: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct VoucherLine {
    pub bill: BillId,
    pub bill_number: String,
    pub kind: HeldKind,
    pub fee_item_name: String,
    pub since: Day,
    pub taken_fen: Money,
    pub amount_fen: Money,
    /// What is left of it after this refund.
    pub left_fen: Money,
}

crate::listing!(ListHeld, ListRefunds);
