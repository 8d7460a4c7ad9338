//! The contract of metering: meters, readings, loss, apportionments.

use serde::{Deserialize, Serialize};

use super::apportion::{Figures, Method, NegativeLoss, Taken};
use super::book::{Book, NewReading};
use super::usage::{DIGITS_MOST, Mark};
use super::{Oddity, Role, Utility};
use crate::api::{Checked, Done, Page};
use crate::estate::UnitKind;
use crate::id::{
    ApportionmentId, BillId, BuildingId, CommunityId, EmployeeId, FeeItemId, MeterId, ReadingId, ReadingImportId, UnitId,
};
use crate::money::Money;
use crate::period::{Day, Month};
use crate::problem::{FieldProblem, text_field};
use crate::quantity::{Price, Quantity};

crate::endpoints! {
    Get "/api/metering/meters" ListMeters => Page<MeterRow>, Staff may MeteringRead of community;
    Get "/api/metering/meters/one" ShowMeter => MeterPage, Staff may MeteringRead of community;
    Post "/api/metering/meters/define" DefineMeter => Done, Staff may MeteringWrite of community, checked;
    Post "/api/metering/meters/define-many" DefineMeters => Defined, Staff may MeteringWrite of community, checked;
    Post "/api/metering/meters/import" ImportMeters => Defined, Staff may MeteringWrite of community, checked;
    Post "/api/metering/meters/retire" RetireMeter => Done, Staff may MeteringWrite of community;

    Get "/api/metering/progress" ShowProgress => Progress, Staff may MeteringRead of community;
    Get "/api/metering/readings" ListReadings => Page<ReadingRow>, Staff may MeteringRead of community;
    Get "/api/metering/readings/round" ShowRound => Page<RoundRow>, Staff may MeteringRead of community;
    Post "/api/metering/readings/enter" EnterReading => ReadingRow, Staff may MeteringWrite of community, checked;
    Post "/api/metering/readings/correct" CorrectReading => ReadingRow, Staff may MeteringWrite of community, checked;
    Post "/api/metering/readings/delete" DeleteReading => Done, Staff may MeteringWrite of community, checked;
    Post "/api/metering/readings/confirm" ConfirmReadings => Done, Staff may MeteringWrite of community;
    Get "/api/metering/readings/book" OpenBook => Book, Staff may MeteringRead of community;
    Post "/api/metering/readings/import" ImportReadings => Imported, Staff may MeteringWrite of community, checked;

    Get "/api/metering/loss" ShowLoss => Vec<MasterLoss>, Staff may MeteringRead of community;
    Get "/api/metering/apportionments" ListApportionments => Page<ApportionmentRow>, Staff may MeteringRead of community;
    Get "/api/metering/apportionments/one" ShowApportionment => ApportionmentPage, Staff may MeteringRead of community;
    Get "/api/metering/apportionments/inputs" ShowInputs => Inputs, Staff may MeteringRead of community;
    Post "/api/metering/apportionments/apportion" Apportion => Apportioned, Staff may MeteringWrite of community, checked;
    Post "/api/metering/apportionments/cancel" CancelApportionment => Done, Staff may MeteringWrite of community, checked;
}

crate::listing!(ListMeters, ListReadings, ShowRound, ListApportionments);

/// A unit as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitName {
    pub id: UnitId,
    pub code: String,
    pub label: String,
}

/// The meters of a community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListMeters {
    pub community: CommunityId,
    /// Part of a meter's code, its place or its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The sub-meters of this master meter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<MeterId>,
    /// `true`: in use, `false`: taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `code`, `unit` or `day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A meter in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MeterRow {
    pub id: MeterId,
    pub code: String,
    pub role: Role,
    pub utility: Utility,
    /// Where it hangs, e.g. `1栋电梯`.
    pub place: String,
    pub unit: Option<UnitName>,
    pub building: Option<BuildingId>,
    /// The master meter that measures it too.
    pub parent: Option<MeterId>,
    pub parent_code: Option<String>,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub multiplier: Quantity,
    pub digits: u32,
    pub active: bool,
    /// The latest reading.
    pub value: Option<Quantity>,
    pub day: Option<Day>,
    pub usage: Option<Quantity>,
}

/// One meter with its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowMeter {
    pub community: CommunityId,
    pub meter: MeterId,
}

/// A meter, and its readings from new to old: the latest 120.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MeterPage {
    pub meter: MeterRow,
    pub readings: Vec<ReadingRow>,
    /// How many meters hang below this one.
    pub children: u64,
    /// Whether there are older readings than those listed.
    pub more: bool,
}

/// Puts up a meter, or changes what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DefineMeter {
    pub community: CommunityId,
    /// Made by the client; one that exists is changed.
    pub meter: MeterId,
    pub code: String,
    pub role: Role,
    pub utility: Utility,
    #[serde(default)]
    pub place: String,
    /// Needed for a household meter.
    pub unit: Option<UnitId>,
    /// Where a public or master meter belongs.
    pub building: Option<BuildingId>,
    pub parent: Option<MeterId>,
    pub fee_item: FeeItemId,
    pub multiplier: Quantity,
    pub digits: u32,
    /// The first reading; the baseline, never billed.
    pub first: Option<FirstReading>,
}

/// What a meter showed when it was put up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FirstReading {
    pub value: Quantity,
    pub day: Day,
}

/// Puts up one household meter of a kind for every unit that has none of it yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DefineMeters {
    pub community: CommunityId,
    pub utility: Utility,
    pub fee_item: FeeItemId,
    pub parent: Option<MeterId>,
    /// Before the unit's code: `SB` makes `SB-3-2-1501`.
    pub prefix: String,
    pub multiplier: Quantity,
    pub digits: u32,
    pub first: Option<FirstReading>,
    /// Units of this building only; all where there is none.
    pub building: Option<BuildingId>,
    /// Units of these kinds.
    pub kinds: Vec<UnitKind>,
}

/// What a command about many meters did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Defined {
    pub made: u64,
    /// Had one already.
    pub kept: u64,
}

/// Puts up the meters of a workbook: all of them or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportMeters {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub import: ReadingImportId,
    pub file_name: String,
    pub rows: Vec<super::import_meters::NewMeter>,
}

/// Takes a meter out of use, or back into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RetireMeter {
    pub community: CommunityId,
    pub meter: MeterId,
    pub active: bool,
}

/// How far the reading round of a month is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowProgress {
    pub community: CommunityId,
    pub month: Month,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
}

/// The reading round of a month, by building.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Progress {
    pub buildings: Vec<BuildingProgress>,
    /// The latest month with a reading.
    pub latest: Option<Month>,
}

/// The meters of a building in a month's round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BuildingProgress {
    /// `None`: meters that belong to no building.
    pub building: Option<BuildingId>,
    pub name: String,
    pub utility: Utility,
    /// Meters in use.
    pub meters: u64,
    pub read: u64,
    /// Readings that wait for a second look.
    pub review: u64,
    pub billed: u64,
    /// Of the household meters.
    pub usage: Quantity,
    /// The month before.
    pub usage_before: Quantity,
}

/// Readings of a month, or of a meter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListReadings {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<MeterId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ReadingState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `unit`, `code`, `day` or `usage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

crate::words! {
    /// Where a reading stands.
    ReadingState {
        /// May be billed.
        Open = "open",
        /// Unlike the meter's past and not confirmed: it is not billed.
        Review = "review",
        /// Locked by its bill.
        Billed = "billed",
    }
    /// Where an apportionment stands.
    ApportionmentState {
        /// Its shares wait for bills, all or some.
        Open = "open",
        /// All its shares are billed.
        Billed = "billed",
        Cancelled = "cancelled",
    }
}

/// A reading in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ReadingRow {
    pub id: ReadingId,
    pub meter: MeterId,
    pub meter_code: String,
    pub role: Role,
    pub utility: Utility,
    pub place: String,
    pub unit: Option<UnitName>,
    pub month: Month,
    pub day: Day,
    pub value: Quantity,
    /// Absent in the meter's first reading.
    pub previous: Option<Quantity>,
    pub previous_day: Option<Day>,
    pub multiplier: Quantity,
    pub usage: Option<Quantity>,
    pub mark: Option<Mark>,
    pub state: ReadingState,
    pub odd: Option<Oddity>,
    pub bill: Option<BillId>,
    pub import: Option<ReadingImportId>,
    pub note: String,
    pub by: Option<EmployeeId>,
    pub by_name: Option<String>,
}

/// The meters of a round, in the order in which a person walks them, for typing what they show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowRound {
    pub community: CommunityId,
    pub month: Month,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only those that have no reading in the month yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A line of the entry page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundRow {
    pub meter: MeterId,
    pub code: String,
    pub role: Role,
    pub utility: Utility,
    pub place: String,
    pub unit: Option<UnitName>,
    pub multiplier: Quantity,
    pub digits: u32,
    /// The latest reading before this month's.
    pub previous: Option<Quantity>,
    pub previous_day: Option<Day>,
    /// The mean of the last months' usages.
    pub average: Option<Quantity>,
    /// The month's latest reading, if there is one.
    pub reading: Option<RoundReading>,
}

/// What was read in the month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundReading {
    pub id: ReadingId,
    pub value: Quantity,
    pub day: Day,
    pub usage: Option<Quantity>,
    pub mark: Option<Mark>,
    pub state: ReadingState,
}

/// Records one reading; one between two others derives the later usage anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EnterReading {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub reading: ReadingId,
    pub meter: MeterId,
    pub month: Month,
    pub day: Day,
    pub value: Quantity,
    #[serde(default)]
    pub mark: Option<Mark>,
    /// Of the new meter, when it was replaced by one with another multiplier.
    #[serde(default)]
    pub multiplier: Option<Quantity>,
    /// Unlike the meter's past, and looked at.
    #[serde(default)]
    pub confirmed: bool,
    #[serde(default)]
    pub note: String,
}

/// Corrects a reading that is not billed; the usage after it is derived anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CorrectReading {
    pub community: CommunityId,
    pub reading: ReadingId,
    pub day: Day,
    pub value: Quantity,
    #[serde(default)]
    pub mark: Option<Mark>,
    #[serde(default)]
    pub confirmed: bool,
    #[serde(default)]
    pub note: String,
}

/// Deletes a reading that is not billed; the usage after it is derived anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DeleteReading {
    pub community: CommunityId,
    pub reading: ReadingId,
    pub reason: String,
}

/// Confirms odd readings after a second look: they may be billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ConfirmReadings {
    pub community: CommunityId,
    pub readings: Vec<ReadingId>,
}

/// What a reading import is checked against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OpenBook {
    pub community: CommunityId,
    pub month: Month,
}

/// Brings in a month's readings: all of them or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportReadings {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub import: ReadingImportId,
    pub file_name: String,
    pub month: Month,
    pub rows: Vec<NewReading>,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Imported {
    pub import: ReadingImportId,
    pub month: Month,
    pub file_name: String,
    pub readings: u64,
    /// First readings of their meters.
    pub baselines: u64,
    /// Wait for a second look.
    pub review: u64,
}

/// The loss of every master meter in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowLoss {
    pub community: CommunityId,
    pub month: Month,
}

/// A master meter's month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MasterLoss {
    pub meter: MeterId,
    pub code: String,
    pub place: String,
    pub utility: Utility,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub figures: Figures,
    /// The month before.
    pub before: Figures,
    pub sub_meters: u64,
    /// Meters, the master included, without a usage in the month: the figures are not final.
    pub unread: u64,
    /// Readings that wait for a second look.
    pub review: u64,
    /// The parts of this month that are shared out already.
    pub shared: Vec<Taken>,
}

/// Earlier and present apportionments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListApportionments {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ApportionmentState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `month` or `amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// An apportionment in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApportionmentRow {
    pub id: ApportionmentId,
    pub name: String,
    pub month: Month,
    pub meter: Option<MeterId>,
    pub utility: Option<Utility>,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub taken: Option<Taken>,
    pub method: Method,
    pub quantity: Quantity,
    pub price: Option<Price>,
    #[serde(rename = "amount_fen")]
    pub amount: Money,
    pub units: u64,
    pub billed: u64,
    pub state: ApportionmentState,
    pub by_name: Option<String>,
    pub at: String,
}

/// One apportionment with all its shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowApportionment {
    pub community: CommunityId,
    pub apportionment: ApportionmentId,
}

/// An apportionment, its figures and its shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApportionmentPage {
    pub apportionment: ApportionmentRow,
    /// Absent for an amount that was typed in.
    pub figures: Option<Figures>,
    pub shares: Vec<ShareRow>,
}

/// A unit's share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShareRow {
    pub unit: UnitName,
    pub weight: Quantity,
    pub quantity: Quantity,
    #[serde(rename = "amount_fen")]
    pub amount: Money,
    pub bill: Option<BillId>,
}

/// What an apportionment is computed from, for the preview in the browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowInputs {
    pub community: CommunityId,
    pub month: Month,
    /// `None` for an amount that is typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<MeterId>,
}

/// The units that may share a pool, and what they weigh.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Inputs {
    pub figures: Option<Figures>,
    /// What the last apportionment of this pool took as price and method.
    pub last_price: Option<Price>,
    pub last_method: Option<Method>,
    pub units: Vec<SharerRow>,
}

/// A unit that may share a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SharerRow {
    pub unit: UnitName,
    pub building: Option<BuildingId>,
    pub kind: UnitKind,
    pub vacant: bool,
    pub area: Option<Quantity>,
    pub heads: u32,
    /// The sum of its meters below the master meter.
    pub usage: Quantity,
    /// Whether it has a meter below the master meter.
    pub metered: bool,
}

/// Which units share a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Over {
    /// Units of these buildings; of all where there is none.
    pub buildings: Vec<BuildingId>,
    /// Units of these kinds; of all where there is none.
    pub kinds: Vec<UnitKind>,
    /// Only units with a meter below the master meter.
    pub metered: bool,
    /// Vacant units too.
    pub vacant: bool,
}

impl Over {
    /// Whether the unit takes part.
    pub fn includes(&self, unit: &SharerRow) -> bool {
        (self.vacant || !unit.vacant)
            && (!self.metered || unit.metered)
            && (self.kinds.is_empty() || self.kinds.contains(&unit.kind))
            && (self.buildings.is_empty() || unit.building.is_some_and(|building| self.buildings.contains(&building)))
    }
}

/// What is shared out: a part of a master meter's usage, or an amount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    Meter { meter: MeterId, taken: Taken, price: Price, negative: NegativeLoss },
    Amount { name: String, amount_fen: Money },
}

/// Shares a pool out, as it was seen in the preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Apportion {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub apportionment: ApportionmentId,
    pub month: Month,
    pub source: Source,
    /// What the shares are billed as.
    pub fee_item: FeeItemId,
    pub method: Method,
    pub over: Over,
    /// The digest of the preview: refused with the difference when the world moved.
    pub seen: String,
}

/// A pool that was shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Apportioned {
    pub apportionment: ApportionmentId,
    pub units: u64,
    #[serde(rename = "amount_fen")]
    pub amount: Money,
}

/// Takes an apportionment back while no share is billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CancelApportionment {
    pub community: CommunityId,
    pub apportionment: ApportionmentId,
    pub reason: String,
}

fn register_problems(multiplier: Quantity, digits: u32) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if multiplier.get() <= rust_decimal::Decimal::ZERO {
        problems.push(FieldProblem::new("multiplier", "not_positive"));
    }
    if !(3..=DIGITS_MOST).contains(&digits) {
        problems.push(FieldProblem::new("digits", "metering.digits").with("most", DIGITS_MOST));
    }
    problems
}

fn negative(field: &str, value: Quantity) -> Option<FieldProblem> {
    (value.get() < rust_decimal::Decimal::ZERO).then(|| FieldProblem::new(field, "negative"))
}

fn note_problem(note: &str) -> Option<FieldProblem> {
    (note.chars().count() > 200).then(|| FieldProblem::new("note", "too_long").with("most", 200))
}

impl Checked for DefineMeter {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = register_problems(self.multiplier, self.digits);
        problems.extend(text_field("code", &self.code, 40));
        if self.place.chars().count() > 60 {
            problems.push(FieldProblem::new("place", "too_long").with("most", 60));
        }
        if self.role == Role::Household && self.unit.is_none() {
            problems.push(FieldProblem::new("unit", "required"));
        }
        if self.role == Role::Master && self.parent == Some(self.meter) {
            problems.push(FieldProblem::new("parent", "metering.own_parent"));
        }
        problems.extend(self.first.and_then(|first| negative("first.value", first.value)));
        problems
    }
}

impl Checked for DefineMeters {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = register_problems(self.multiplier, self.digits);
        problems.extend(text_field("prefix", &self.prefix, 12));
        if self.kinds.is_empty() {
            problems.push(FieldProblem::new("kinds", "required"));
        }
        problems.extend(self.first.and_then(|first| negative("first.value", first.value)));
        problems
    }
}

impl Checked for ImportMeters {
    fn problems(&self) -> Vec<FieldProblem> {
        if self.rows.is_empty() { vec![FieldProblem::new("rows", "required")] } else { Vec::new() }
    }
}

impl Checked for EnterReading {
    fn problems(&self) -> Vec<FieldProblem> {
        negative("value", self.value).into_iter().chain(note_problem(&self.note)).collect()
    }
}

impl Checked for CorrectReading {
    fn problems(&self) -> Vec<FieldProblem> {
        negative("value", self.value).into_iter().chain(note_problem(&self.note)).collect()
    }
}

impl Checked for DeleteReading {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
    }
}

impl Checked for ImportReadings {
    fn problems(&self) -> Vec<FieldProblem> {
        if self.rows.is_empty() { vec![FieldProblem::new("rows", "required")] } else { Vec::new() }
    }
}

impl Checked for Apportion {
    fn problems(&self) -> Vec<FieldProblem> {
        match &self.source {
            Source::Meter { price, .. } => {
                if price.get() > rust_decimal::Decimal::ZERO {
                    Vec::new()
                } else {
                    vec![FieldProblem::new("price", "not_positive")]
                }
            }
            Source::Amount { name, amount_fen } => {
                let mut problems: Vec<FieldProblem> = text_field("name", name, 60).into_iter().collect();
                if !amount_fen.is_positive() {
                    problems.push(FieldProblem::new("amount_fen", "not_positive"));
                }
                if self.method == Method::Usage {
                    problems.push(FieldProblem::new("method", "metering.usage_needs_meter"));
                }
                problems
            }
        }
    }
}

impl Checked for CancelApportionment {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
    }
}

impl SharerRow {
    /// As the sharing out needs it.
    pub fn sharer(&self) -> super::apportion::Sharer {
        super::apportion::Sharer {
            unit: self.unit.id,
            code: self.unit.code.clone(),
            area: self.area,
            heads: self.heads,
            usage: self.usage,
        }
    }
}
