//! The cashier desk's table of contents.

mod day;
mod held;
mod offset;
mod payment;

use serde::{Deserialize, Serialize};

pub use self::day::*;
pub use self::held::*;
pub use self::offset::*;
pub use self::payment::*;
use super::held::Due;
use super::method::Method;
use super::oldest_first::Owed;
use super::settle::{self, BillAmount, MethodAmount, Paying, TakeHeld};
use crate::api::{Checked, Done, Page};
use crate::approvals::api::DeedOutcome;
use crate::approvals::api::WaitingMark;
use crate::charging::late_fee::InsideBill;
use crate::charging::tariff::FeeItemKind;
use crate::id::{BillId, CommunityId, FeeItemId, LateFeeWaiverId, PaymentId, UnitId};
use crate::money::Money;
use crate::period::{Day, Month};
use crate::problem::{FieldProblem, text_field};

crate::endpoints! {
    Get  "/api/cashier/desk"            OpenDesk     => Desk,             Staff may CashierRead of community;
    Post "/api/cashier/collect"         Collect      => Receipt,          Staff may CashierCollect of community, checked;
    Get  "/api/cashier/payments"        ListPayments => Page<PaymentRow>, Staff may CashierRead of community;
    Get  "/api/cashier/payments/totals" SumPayments  => Takings,          Staff may CashierRead of community;
    Get  "/api/cashier/cashiers"        ListCashiers => Vec<Cashier>,     Staff may CashierRead of community;
    Get  "/api/cashier/receipt"         GetReceipt   => Receipt,          Staff may CashierRead of community;
    Post "/api/cashier/receipt/print"   PrintReceipt => Receipt,          Staff may CashierRead of community;
    Post "/api/cashier/payments/void"   VoidPayment  => Receipt,          Staff may CashierVoid of community, checked;
    Get  "/api/cashier/today"           SumDay       => DayTotals,        Staff may CashierRead of community;
    Get  "/api/cashier/methods"         ListMethods  => Vec<DeskMethod>,  Staff may CashierRead of community;
    Post "/api/cashier/late-fees/waive" WaiveLateFee => DeedOutcome,      Staff may CashierWaive of community, checked;
    Get  "/api/cashier/order"           GetOrder     => InsideBill,       Staff may CashierRead of community;
    Post "/api/cashier/order/save"      SaveOrder    => InsideBill,       Staff may ChargingWrite of community whole;
    Post "/api/cashier/methods/save"    SaveMethods  => Vec<DeskMethod>,  Staff may ChargingWrite of community whole, checked;
    Get  "/api/cashier/held"            ListHeld     => Page<HeldRow>,    Staff may CashierRead of community;
    Get  "/api/cashier/held/totals"     SumHeld      => HeldSums,         Staff may CashierRead of community;
    Get  "/api/cashier/held/show"       ShowHeld     => HeldView,         Staff may CashierRead of community;
    Get  "/api/cashier/offset/ahead"    GetOffsetAhead => Vec<LeftAhead>, Staff may CashierRead of community, checked;
    Get  "/api/cashier/offset/run"      GetRunOffset => RunOffset,        Staff may CashierRead of community;
    Post "/api/cashier/offset/again"    RestartOffset => Done,            Staff may BillingGenerate of community;
    Post "/api/cashier/refunds/give"    GiveBack     => GivenBack,        Staff may CashierRefund of community, checked;
    Get  "/api/cashier/refunds"         ListRefunds  => Page<RefundRow>,  Staff may CashierRead of community;
    Get  "/api/cashier/refund"          GetRefund    => Voucher,          Staff may CashierRead of community;
    Post "/api/cashier/refund/print"    PrintRefund  => Voucher,          Staff may CashierRead of community;
}

/// A household at the desk: who, what is owed, what was paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OpenDesk {
    pub community: CommunityId,
    pub unit: UnitId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Desk {
    /// The community's day: what is late is late as of it.
    pub today: Day,
    pub unit: DeskUnit,
    /// Who owns it; the first where there are several.
    pub owner: Option<String>,
    pub phone_masked: Option<String>,
    /// People living there.
    pub heads: i32,
    pub handed_over: Option<Day>,
    /// Other units of the same owner, whose bills stand in the list too.
    pub others: Vec<DeskUnit>,
    /// Open bills of all these units, the longest due first.
    pub bills: Vec<OpenBill>,
    /// More bills are open than a payment can settle; the list is cut.
    pub more: bool,
    /// All principal that is open, of the whole list and beyond.
    pub open_fen: Money,
    /// All late fee that is due today on the bills of the list.
    pub late_fee_fen: Money,
    /// What is settled first inside a bill.
    pub order: InsideBill,
    /// What is held of these units, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<DeskHolding>,
    /// What money can be taken for, to be held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_items: Vec<HeldItem>,
    /// The latest payments of these units.
    pub history: Vec<PaymentRow>,
    pub payments: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DeskUnit {
    pub unit: UnitId,
    pub code: String,
    pub label: String,
    /// The unit kind's code: `residence`, `shop` …
    pub kind: String,
    pub area: Option<crate::quantity::Quantity>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OpenBill {
    pub bill: BillId,
    pub number: String,
    pub unit: UnitId,
    pub unit_label: String,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub fee_item_kind: FeeItemKind,
    /// Who pays it, where that is not the owner: the tenant of its contract.
    pub payer: Option<String>,
    pub month: Month,
    pub period_from: Day,
    pub period_to: Day,
    pub due_day: Day,
    pub amount_fen: Money,
    pub waived_fen: Money,
    pub paid_fen: Money,
    pub open_fen: Money,
    /// Late fee that is due on top of it when it is paid today.
    pub late_fee_fen: Money,
    /// What was asked for about it and waits for approval.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<WaitingMark>,
}

impl OpenBill {
    /// What the order of payment depends on.
    pub fn owed(&self) -> Owed {
        Owed {
            bill: self.bill,
            number: self.number.clone(),
            unit: self.unit,
            fee_item: self.fee_item,
            from: self.period_from,
            open_fen: self.open_fen,
            late_fee_fen: self.late_fee_fen,
        }
    }

    /// What held money could pay of it, where so much of it is paid.
    pub fn due(&self, line: &BillAmount, order: InsideBill) -> Due {
        Due { laid: line.laid(order), fee_item: self.fee_item, fee_item_kind: self.fee_item_kind }
    }

    /// All that settles it today, late fee included.
    pub fn whole(&self) -> Money {
        Money::from_fen(self.open_fen.fen().saturating_add(self.late_fee_fen.fen()))
    }

    /// Days since it fell due; zero or less while it is not late.
    pub fn days_late(&self, today: Day) -> i64 {
        (today - self.due_day).num_days()
    }
}

/// Takes a payment. The client makes its id once per intent: sent again with the same content, the same receipt comes
/// back; with other content it is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Collect {
    pub community: CommunityId,
    pub payment: PaymentId,
    /// Whose desk was open; the bills may belong to other units of the same owner.
    pub unit: UnitId,
    pub bills: Vec<BillAmount>,
    /// Prepayments and deposits that are taken with it; what a payer wants kept of too much money is one, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<TakeHeld>,
    /// Who pays what is taken to be held, where that is neither the owner nor the tenant of the bills.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub payer: String,
    /// Where prepayments or deposits pay, they are among them.
    pub methods: Vec<MethodAmount>,
    /// Cash handed over, where change is to be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tendered_fen: Option<Money>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Collect {
    /// What is paid, and how.
    pub fn paying(&self) -> Paying<'_> {
        Paying { bills: &self.bills, takes: &self.takes, methods: &self.methods, tendered: self.tendered_fen }
    }
}

impl Checked for Collect {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = settle::problems(self.paying());
        if self.payer.chars().count() > 60 {
            problems.push(FieldProblem::new("payer", "too_long").with("most", 60));
        }
        if self.note.chars().count() > 200 {
            problems.push(FieldProblem::new("note", "too_long").with("most", 200));
        }
        problems
    }
}

/// The ways to pay at this community's desk, in the order of the digit keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListMethods {
    pub community: CommunityId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DeskMethod {
    pub method: Method,
    /// The company's own name for it; empty where the product's name serves.
    pub name: String,
    /// Whether the desk offers it.
    pub offered: bool,
}

/// Sets the ways to pay, in the order of the digit keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveMethods {
    pub community: CommunityId,
    pub methods: Vec<DeskMethod>,
}

impl Checked for SaveMethods {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if !self.methods.iter().any(|each| each.offered) {
            problems.push(FieldProblem::new("methods", "cashier.no_method"));
        }
        if self.methods.len() > 40 {
            problems.push(FieldProblem::new("methods", "cashier.too_many_methods"));
        }
        for (place, each) in self.methods.iter().enumerate() {
            let field = |name: &str| format!("methods.{place}.{name}");
            if !each.method.at_desk() {
                problems.push(FieldProblem::new(field("method"), "cashier.not_at_the_desk"));
            }
            if self.methods.iter().take(place).any(|other| other.method == each.method) {
                problems.push(FieldProblem::new(field("method"), "cashier.chosen_twice"));
            }
            if matches!(each.method, Method::Own(_)) {
                problems.extend(text_field(&field("name"), &each.name, 20));
            } else if each.name.chars().count() > 20 {
                problems.push(FieldProblem::new(field("name"), "too_long").with("most", 20));
            }
        }
        problems
    }
}

/// Lets go of late fee that is due on a bill today, wholly or in part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct WaiveLateFee {
    pub community: CommunityId,
    /// Made by the caller: sent twice, it is one waiver.
    pub waiver: LateFeeWaiverId,
    pub bill: BillId,
    pub amount_fen: Money,
    /// What was due when the person looked; refused when it has moved since.
    pub late_fee_fen: Money,
    pub reason: String,
}

impl Checked for WaiveLateFee {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("reason", &self.reason, 200).into_iter().collect();
        if !self.amount_fen.is_positive() {
            problems.push(FieldProblem::new("amount_fen", "not_positive"));
        } else if self.amount_fen > self.late_fee_fen {
            problems.push(FieldProblem::new("amount_fen", "cashier.more_than_late_fee").with("late", self.late_fee_fen));
        }
        problems
    }
}

/// What a community settles first inside a bill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetOrder {
    pub community: CommunityId,
}

/// Chooses what is settled first inside a bill, for payments to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveOrder {
    pub community: CommunityId,
    pub order: InsideBill,
}
