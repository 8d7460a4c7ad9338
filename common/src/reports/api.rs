//! The reports' table of contents. Every figure is a sum of postings.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::age::Age;
use crate::api::{Checked, Page};
use crate::cashier::api::Takings;
use crate::cashier::method::Method;
use crate::charging::late_fee::BillPart;
use crate::id::{BillId, BuildingId, CommunityId, EmployeeId, FeeItemId, PaymentId, UnitId};
use crate::money::Money;
use crate::period::{Day, Month};
use crate::problem::FieldProblem;

crate::endpoints! {
    Get "/api/reports/dashboard"          AskDashboard    => Dashboard,           Staff may ReportsRead of community;
    Get "/api/reports/ledger"             AskLedger       => Ledger,              Staff may ReportsRead of community, checked;
    Get "/api/reports/entries"            ListEntries     => Page<Entry>,         Staff may ReportsRead of community;
    Get "/api/reports/entries/totals"     SumEntries      => EntrySums,           Staff may ReportsRead of community;
    Get "/api/reports/collections"        ListCollections => Page<Collection>,    Staff may ReportsRead of community;
    Get "/api/reports/collections/totals" SumCollections  => Vec<CollectionSum>,  Staff may ReportsRead of community;
    Get "/api/reports/arrears"            AskArrears      => Arrears,             Staff may ReportsRead of community;
    Get "/api/reports/arrears/held"       AskHeldLate     => HeldLate,            Staff may ReportsRead of community;
    Get "/api/reports/arrears/units"      ListArrears     => Page<ArrearsRow>,    Staff may ReportsRead of community;
}

/// What a manager wants to see first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct AskDashboard {
    pub community: CommunityId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Dashboard {
    /// The community's day, and the instant the figures are of.
    pub today: Day,
    pub at: DateTime<Utc>,
    /// The month that today lies in.
    pub month: Month,
    /// This month's bills so far.
    pub this_month: MonthFigures,
    /// The same for last month's bills, with what had come in by the same day of last month.
    pub last_month_to_date: MonthFigures,
    pub units_billed: i64,
    pub bills: i64,
    /// All that is late, and what was late at the end of last month.
    pub arrears_fen: Money,
    pub arrears_last_month_fen: Money,
    pub arrears_units: i64,
    /// The last twelve months, this one last.
    pub months: Vec<MonthRate>,
    pub ages: Vec<AgeSum>,
    pub takings: Takings,
    pub todo: Vec<Todo>,
}

/// Receivable and received of one month's bills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MonthFigures {
    pub receivable_fen: Money,
    /// Let off of the receivable.
    pub waived_fen: Money,
    /// With money, prepayments and deposits.
    pub received_fen: Money,
}

impl MonthFigures {
    /// Received out of what was to be paid, in tenths of a percent, rounded half up; `None` where nothing was.
    pub fn per_mille(self) -> Option<i64> {
        per_mille(self.received_fen, self.receivable_fen.checked_sub(self.waived_fen)?)
    }
}

/// Part of a whole in tenths of a percent, rounded half up; `None` of nothing.
pub fn per_mille(part: Money, whole: Money) -> Option<i64> {
    if !whole.is_positive() {
        return None;
    }
    let twice = 2 * i128::from(whole.fen());
    let rounded = (2000 * i128::from(part.fen()) + i128::from(whole.fen())).div_euclid(twice);
    i64::try_from(rounded).ok()
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MonthRate {
    pub month: Month,
    pub figures: MonthFigures,
    /// The same month of the year before.
    pub last_year: MonthFigures,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct AgeSum {
    pub age: Age,
    pub units: i64,
    pub bills: i64,
    pub open_fen: Money,
}

/// Something that waits for a person, with the reasons and their counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Todo {
    pub kind: TodoKind,
    pub count: i64,
    pub reasons: Vec<TodoReason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TodoKind {
    /// Units with a charge and no bill this month.
    UnitsWithoutBill,
    /// Readings that look odd or are missing this month.
    ReadingsToCheck,
    /// Meters that are to be read again.
    Rereads,
    /// Homes with bills more than 90 days late.
    LongArrears,
    /// Times of generation rules that are due and wait for a person, or failed.
    Occurrences,
    /// Requests that wait for the caller's approval.
    Approvals,
    /// Jobs that gave up.
    FailedJobs,
}

/// Why, by a code of its own kind (a skip reason, a reading's mark, a job's kind).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TodoReason {
    pub code: String,
    pub count: i64,
}

/// What the rows of the ledger stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    Month,
    Building,
    FeeItem,
}

/// Receivable, waived, received and outstanding of the bills of some months; of fee items under which money is held only where one is
/// named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct AskLedger {
    pub community: CommunityId,
    /// Months of the bills, both included.
    pub from: Month,
    pub to: Month,
    /// In this order; all in one row when there is none.
    #[serde(default)]
    pub by: Vec<Grouping>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
}

/// The most months that a ledger spans.
pub const LEDGER_MONTHS_MOST: i32 = 60;

impl Checked for AskLedger {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.to < self.from {
            problems.push(FieldProblem::new("to", "period_empty"));
        } else if self.from.plus(LEDGER_MONTHS_MOST) <= self.to {
            problems.push(FieldProblem::new("to", "reports.too_many_months").with("most", LEDGER_MONTHS_MOST));
        }
        problems
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Ledger {
    pub rows: Vec<LedgerRow>,
    pub total: LedgerSums,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LedgerRow {
    pub month: Option<Month>,
    /// With its name; parking spaces and the like may stand in no building.
    pub building: Option<BuildingId>,
    pub building_name: Option<String>,
    pub fee_item: Option<FeeItemId>,
    pub fee_item_name: Option<String>,
    pub sums: LedgerSums,
}

/// 应收 − 减免 − 实收 − 抵扣 = 未收.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct LedgerSums {
    pub receivable_fen: Money,
    pub waived_fen: Money,
    /// Paid with money.
    pub received_fen: Money,
    /// Paid with prepayments and deposits, whose money came in before.
    #[serde(default)]
    pub offset_fen: Money,
    pub outstanding_fen: Money,
    /// Late fee received, which is in none of these.
    pub late_fee_fen: Money,
}

impl LedgerSums {
    /// What was paid, with money or not.
    pub fn paid(self) -> Money {
        Money::from_fen(self.received_fen.fen() + self.offset_fen.fen())
    }

    /// Paid out of what was to be paid, in tenths of a percent.
    pub fn per_mille(self) -> Option<i64> {
        per_mille(self.paid(), self.receivable_fen.checked_sub(self.waived_fen)?)
    }
}

/// Which entries make up a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Billed, and bills taken back.
    Receivable,
    /// Waived, and waivers taken back.
    Waived,
    /// Paid with money, and payments taken back.
    Received,
    /// Paid with prepayments and deposits, and what of that was taken back.
    Offset,
    /// All of them: what they leave is outstanding.
    Outstanding,
    /// Late fee paid, and payments taken back.
    LateFee,
}

/// The entries that a figure of the ledger is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListEntries {
    pub community: CommunityId,
    pub side: Side,
    pub from: Month,
    pub to: Month,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    /// Only what stands in no building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_building: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}
crate::listing!(ListEntries);

/// The sum of the entries of a figure; filters as in [`ListEntries`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SumEntries {
    pub community: CommunityId,
    pub side: Side,
    pub from: Month,
    pub to: Month,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_building: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EntrySums {
    pub entries: i64,
    pub amount_fen: Money,
}

/// Why an entry was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    Billed,
    BillVoided,
    Waived,
    WaiverTakenBack,
    Paid,
    PaymentVoided,
}

/// A posting as people read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Entry {
    pub day: Day,
    pub kind: EntryKind,
    pub month: Month,
    pub bill: BillId,
    pub bill_number: String,
    pub payment: Option<PaymentId>,
    pub receipt_number: Option<String>,
    pub unit: UnitId,
    pub unit_label: String,
    pub fee_item_name: String,
    pub method: Option<Method>,
    pub method_name: Option<String>,
    /// As it counts towards the figure: what was taken back, and on the outstanding side what was paid, is negative.
    pub amount_fen: Money,
}

/// Collection detail: what came in, line by line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListCollections {
    pub community: CommunityId,
    /// All days where none is named.
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
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}
crate::listing!(ListCollections);

/// What the collection detail adds up to, by fee item and method; filters as in [`ListCollections`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SumCollections {
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
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
}

/// A line of money that came in, or went back when its payment was voided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Collection {
    pub day: Day,
    pub at: DateTime<Utc>,
    pub payment: PaymentId,
    pub receipt_number: String,
    pub unit: UnitId,
    pub unit_label: String,
    pub payer: String,
    pub bill: BillId,
    pub bill_number: String,
    pub fee_item_name: String,
    pub period_from: Day,
    pub period_to: Day,
    pub method: Method,
    pub method_name: Option<String>,
    pub cashier_name: String,
    /// Whether it was for the bill's principal or its late fee.
    pub part: BillPart,
    pub amount_fen: Money,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CollectionSum {
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub method: Method,
    pub method_name: Option<String>,
    pub part: BillPart,
    pub lines: i64,
    pub amount_fen: Money,
}

/// What is late as of today, by age and by building or fee item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct AskArrears {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    /// `month` is not a way to group arrears; by building when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Grouping>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Arrears {
    pub today: Day,
    pub ages: Vec<AgeSum>,
    pub rows: Vec<ArrearsGroup>,
    pub units: i64,
    pub late_fen: Money,
    /// Late fee that was charged on these bills and is not settled, on top of that; also of bills of which only that is owed.
    pub late_fee_fen: Money,
    /// Open and not due yet.
    pub not_due_fen: Money,
    /// Late on bills for prepayments and deposits, which are no arrears unless their fee item is named; zero then.
    #[serde(default)]
    pub held_fen: Money,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ArrearsGroup {
    pub building: Option<BuildingId>,
    pub fee_item: Option<FeeItemId>,
    pub name: Option<String>,
    /// In the order of [`Age::LATE`].
    pub ages_fen: Vec<Money>,
    pub late_fen: Money,
}

/// What is late on bills for prepayments and deposits, which are no arrears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct AskHeldLate {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct HeldLate {
    pub held_fen: Money,
}

/// Who owes: unit by unit, the longest due first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListArrears {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    /// Only what is this old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<Age>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}
crate::listing!(ListArrears);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ArrearsRow {
    pub unit: UnitId,
    pub unit_label: String,
    pub owner: Option<String>,
    pub phone_masked: Option<String>,
    pub bills: i64,
    pub oldest_due: Day,
    pub days_late: i64,
    /// In the order of [`Age::LATE`].
    pub ages_fen: Vec<Money>,
    pub late_fen: Money,
    /// Late fee that is due on these bills today.
    pub late_fee_fen: Money,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_rounded_half_up_to_a_tenth_of_a_percent() {
        let rate = |part, whole| per_mille(Money::from_fen(part), Money::from_fen(whole));
        assert_eq!(rate(816, 1000), Some(816));
        assert_eq!(rate(1, 3), Some(333));
        assert_eq!(rate(2, 3), Some(667));
        assert_eq!(rate(1, 2000), Some(1));
        assert_eq!(rate(0, 5), Some(0));
        assert_eq!(rate(5, 0), None);
        assert_eq!(rate(i64::MAX, i64::MAX), Some(1000));
    }
}
