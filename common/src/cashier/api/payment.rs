//! Payments: their receipts, the list of them, the day's takings, and taking one back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::Checked;
use crate::cashier::held::HeldKind;
use crate::cashier::method::Method;
use crate::charging::tariff::FeeItemKind;
use crate::id::{ApprovalId, BillId, BillingRunId, CommunityId, EmployeeId, PaymentId, UnitId};
use crate::money::Money;
use crate::period::Day;
use crate::problem::{FieldProblem, text_field};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    Taken,
    Void,
}

/// Everything that stands on a receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Receipt {
    pub payment: PaymentId,
    pub receipt_number: String,
    pub state: PaymentState,
    pub at: DateTime<Utc>,
    pub day: Day,
    pub community_name: String,
    pub unit: UnitId,
    pub unit_label: String,
    pub payer: String,
    pub cashier: Option<EmployeeId>,
    pub cashier_name: String,
    pub lines: Vec<ReceiptLine>,
    pub methods: Vec<PaidMethod>,
    /// The prepayments and deposits that it took or used.
    #[serde(default)]
    pub held: Vec<ReceiptHolding>,
    pub total_fen: Money,
    /// The total in capitals (大写).
    pub capitals: String,
    pub tendered_fen: Option<Money>,
    pub change_fen: Money,
    pub note: String,
    /// How often it was printed; from the second time on it is marked.
    pub prints: i32,
    pub voided: Option<Voided>,
    /// Whether it may still be voided: taken today and not void.
    pub may_void: bool,
    /// The request to void it that waits for approval.
    pub waits: Option<ApprovalId>,
}

impl Receipt {
    /// How much prepayments and deposits paid: no money came in for it.
    pub fn set_off(&self) -> Money {
        let held = self.methods.iter().filter(|line| line.method.held().is_some());
        Money::sum(held.map(|line| line.amount_fen)).unwrap_or_default()
    }

    /// The money that came in.
    pub fn received(&self) -> Money {
        Money::from_fen(self.total_fen.fen() - self.set_off().fen())
    }

    /// Whether no money came in at all: it acknowledges none.
    pub fn is_set_off(&self) -> bool {
        self.set_off().is_positive() && self.received().is_zero()
    }
}

/// A prepayment or deposit, and what was left of it right after a payment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ReceiptHolding {
    /// Its own bill, which names it.
    pub bill: BillId,
    pub bill_number: String,
    pub kind: HeldKind,
    pub fee_item_name: String,
    pub left_fen: Money,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ReceiptLine {
    pub bill: BillId,
    pub bill_number: String,
    pub unit_label: String,
    pub fee_item_name: String,
    pub fee_item_kind: FeeItemKind,
    pub period_from: Day,
    pub period_to: Day,
    /// What was billed.
    pub billed_fen: Money,
    /// What was paid of it, late fee included.
    pub amount_fen: Money,
    /// How much of that was late fee.
    pub late_fee_fen: Money,
    /// What stays open of its principal after this payment.
    pub left_fen: Money,
}

impl ReceiptLine {
    /// How much was principal.
    pub fn principal(&self) -> Money {
        Money::from_fen(self.amount_fen.fen() - self.late_fee_fen.fen())
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PaidMethod {
    pub method: Method,
    /// The company's own name for it.
    pub name: Option<String>,
    pub amount_fen: Money,
    pub reference: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Voided {
    pub at: DateTime<Utc>,
    pub by_name: String,
    pub reason: String,
}

/// Everybody who has taken money here, to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListCashiers {
    pub community: CommunityId,
}

/// Somebody who has taken money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Cashier {
    pub id: EmployeeId,
    pub name: String,
}

/// The payments, the latest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListPayments {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cashier: Option<EmployeeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PaymentState>,
    /// Made by prepayments after this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<BillingRunId>,
    /// A receipt number, room or payer, from its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}
crate::listing!(ListPayments);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PaymentRow {
    pub payment: PaymentId,
    pub receipt_number: String,
    pub state: PaymentState,
    /// When it was taken; none where it was imported, since that has a day alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    pub day: Day,
    pub unit: UnitId,
    pub unit_label: String,
    pub payer: String,
    pub cashier_name: String,
    pub methods: Vec<PaidMethod>,
    pub bills: i64,
    pub total_fen: Money,
    pub prints: i32,
}

/// What the payments of a list add up to, by method; filters as in [`ListPayments`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SumPayments {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cashier: Option<EmployeeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PaymentState>,
    /// Made by prepayments after this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<BillingRunId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}

/// Money taken: how many payments, how much, in which ways. Void payments are counted apart, and so is what only changed its
/// name: prepayments and deposits that paid bills.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Takings {
    pub payments: i64,
    pub total_fen: Money,
    /// Money alone.
    pub by_method: Vec<MethodSum>,
    /// How much of the total was set off: no money came in for it.
    #[serde(default)]
    pub offset_fen: Money,
    pub voided: i64,
    /// Money alone.
    pub voided_fen: Money,
    /// What was given back, on the same days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunded: Vec<MethodSum>,
    #[serde(default)]
    pub refunded_fen: Money,
}

impl Takings {
    /// Money that came in, before refunds.
    pub fn money_in(&self) -> Money {
        Money::from_fen(self.total_fen.fen() - self.offset_fen.fen())
    }

    /// Money that came in less what went out.
    pub fn net(&self) -> Money {
        Money::from_fen(self.money_in().fen() - self.refunded_fen.fen())
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MethodSum {
    pub method: Method,
    pub name: Option<String>,
    /// Payments in which it was used.
    pub payments: i64,
    pub amount_fen: Money,
}

/// One payment as its receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetReceipt {
    pub community: CommunityId,
    pub payment: PaymentId,
}

/// Counts a print: the first is the receipt, later ones are marked 补打.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PrintReceipt {
    pub community: CommunityId,
    pub payment: PaymentId,
}

/// Takes a payment of today back: opposite entries, and its bills are open again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct VoidPayment {
    pub community: CommunityId,
    pub payment: PaymentId,
    pub reason: String,
}

impl Checked for VoidPayment {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
    }
}
