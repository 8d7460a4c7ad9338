//! Fee items, tariffs, prices, and which units are charged by which tariff.

mod rent;
mod tools;

use serde::{Deserialize, Serialize};

pub use self::rent::*;
pub use self::tools::*;
use super::late_fee::LateFeeTerm;
use super::price::PriceScopeKind;
use super::rate::Rate;
use super::tariff::{FeeItemKind, Offsetting, TariffRules};
use crate::api::{Checked, Done, Page};
use crate::estate::kind::UnitKind;
use crate::id::{BuildingId, ChargeId, CommunityId, EntranceId, FeeItemId, PriceId, TariffId, UnitId};
use crate::period::Day;
use crate::problem::{FieldProblem, text_field};
use crate::quantity::Quantity;
use crate::words;

crate::endpoints! {
    Get  "/api/charging/fee-items"        ListFeeItems  => Vec<FeeItemView>, Staff may ChargingRead of community;
    Post "/api/charging/fee-items/save"   SaveFeeItem   => Done, Staff may ChargingWrite of community whole, checked;
    Post "/api/charging/fee-items/retire" RetireFeeItem => Done, Staff may ChargingWrite of community whole;
    Post "/api/charging/late-fees/set"    SetLateFee    => Done, Staff may ChargingWrite of community whole, checked;
    Post "/api/charging/late-fees/end"    EndLateFee    => Done, Staff may ChargingWrite of community whole;
    Post "/api/charging/tariffs/save"     SaveTariff    => Done, Staff may ChargingWrite of community whole, checked;
    Post "/api/charging/tariffs/retire"   RetireTariff  => Done, Staff may ChargingWrite of community whole;
    Get  "/api/charging/prices"           ListPrices    => PriceBoard, Staff may ChargingRead of community;
    Post "/api/charging/prices/set"       SetPrice      => Done, Staff may ChargingWrite of community, checked;
    Post "/api/charging/prices/end"       EndPrice      => Done, Staff may ChargingWrite of community;
    Get  "/api/charging/prices/events"    ListPriceEvents => Vec<PriceEvent>, Staff may ChargingRead of community;
    Get  "/api/charging/tariffs/events"   ListRuleEvents  => Vec<RuleEvent>,  Staff may ChargingRead of community;
    Get  "/api/charging/copy/review"      ReviewCopy    => Vec<CopyLine>, Staff may ChargingWrite of community whole;
    Post "/api/charging/copy"             CopyTariffs   => Copied, Staff may ChargingWrite of community whole, checked;
    Get  "/api/charging/charges"          ListCharges   => Page<ChargeRow>, Staff may ChargingRead of community;
    Get  "/api/charging/charges/preview"  PreviewAssign => AssignPreview, Staff may ChargingRead of community, checked;
    Post "/api/charging/charges/assign"   Assign        => Assigned, Staff may ChargingWrite of community, checked;
    Post "/api/charging/charges/end"      EndCharges    => Assigned, Staff may ChargingWrite of community, checked;
    Get  "/api/charging/rents"            ListRents     => Page<RentRow>, Staff may ChargingRead of community;
    Get  "/api/charging/rents/show"       ShowRent      => RentView, Staff may ChargingRead of community;
    Post "/api/charging/rents/save"       SaveRent      => Done, Staff may ChargingWrite of community, checked;
    Post "/api/charging/rents/end"        EndRent       => Done, Staff may ChargingWrite of community;
    Get  "/api/charging/sales"            ListSales     => Vec<SalesRow>, Staff may ChargingRead of community;
    Post "/api/charging/sales/enter"      EnterSales    => SalesEntered, Staff may ChargingWrite of community, checked;
    Post "/api/charging/sales/import"     ImportSales   => SalesEntered, Staff may ChargingWrite of community, checked;
}

crate::listing!(ListCharges, ListRents);

/// All fee items of a community with their tariffs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListFeeItems {
    pub community: CommunityId,
}

/// A fee item and how it is charged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FeeItemView {
    pub id: FeeItemId,
    pub code: String,
    pub name: String,
    pub kind: FeeItemKind,
    /// The only fee item that a prepayment pays for; `None` pays for all.
    pub pays_for: Option<FeeItemId>,
    /// When a prepayment pays bills; `None` of what is none.
    pub offsetting: Option<Offsetting>,
    /// Retired fee items keep their bills and get no new ones.
    pub active: bool,
    /// Its rules of late fee, from old to new; none where it bears none.
    pub late_fees: Vec<LateFeeTerm>,
    pub tariffs: Vec<TariffView>,
}

/// A tariff, with how much it is used today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TariffView {
    pub id: TariffId,
    pub name: String,
    pub rules: TariffRules,
    pub active: bool,
    /// Units that are charged by it today.
    pub units: u64,
    /// The community's price today, or none.
    pub rate: Option<Rate>,
    /// How many prices are in force today for something narrower than the community.
    pub narrower: u64,
}

/// Makes a fee item, or changes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveFeeItem {
    pub community: CommunityId,
    pub fee_item: FeeItemId,
    pub code: String,
    pub name: String,
    pub kind: FeeItemKind,
    /// The only fee item that a prepayment pays for; `None` pays for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pays_for: Option<FeeItemId>,
    /// When a prepayment pays bills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offsetting: Option<Offsetting>,
}

impl SaveFeeItem {
    /// A fee item of a kind, with nothing else said of it.
    pub fn of(community: CommunityId, fee_item: FeeItemId, code: &str, name: &str, kind: FeeItemKind) -> Self {
        Self { community, fee_item, code: code.to_owned(), name: name.to_owned(), kind, pays_for: None, offsetting: None }
    }
}

impl Checked for SaveFeeItem {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> =
            [text_field("code", &self.code, 20), text_field("name", &self.name, 30)].into_iter().flatten().collect();
        let prepaid = self.kind == FeeItemKind::Prepayment;
        if !prepaid && self.pays_for.is_some() {
            problems.push(FieldProblem::new("pays_for", "charging.not_a_prepayment"));
        }
        if !prepaid && self.offsetting.is_some() {
            problems.push(FieldProblem::new("offsetting", "charging.not_a_prepayment"));
        }
        problems
    }
}

/// No new bills from now on; what is billed stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RetireFeeItem {
    pub community: CommunityId,
    pub fee_item: FeeItemId,
}

/// Sets the rule of late fee of a fee item from a day on: late days from then are counted by it, those before as before. Rules
/// that would have begun later give way. What was charged stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SetLateFee {
    pub community: CommunityId,
    pub fee_item: FeeItemId,
    pub term: LateFeeTerm,
}

impl Checked for SetLateFee {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = self.term.rule.problems("term.rule");
        if self.term.to.is_some_and(|to| to <= self.term.from) {
            problems.push(FieldProblem::new("term.to", "period_empty"));
        }
        problems
    }
}

/// From a day on nothing more is counted; what has come to by then stays due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EndLateFee {
    pub community: CommunityId,
    pub fee_item: FeeItemId,
    /// The first late day that is not counted.
    pub to: Day,
}

/// Makes a tariff, or changes its rules for bills to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveTariff {
    pub community: CommunityId,
    pub tariff: TariffId,
    pub fee_item: FeeItemId,
    pub name: String,
    pub rules: TariffRules,
}

impl Checked for SaveTariff {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("name", &self.name, 30).into_iter().collect();
        problems.extend(self.rules.problems("rules"));
        problems
    }
}

/// Nothing is charged by it from now on: its charges end today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RetireTariff {
    pub community: CommunityId,
    pub tariff: TariffId,
}

/// For what a price is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PriceScope {
    Community,
    Building { building: BuildingId },
    Entrance { entrance: EntranceId },
    Floor { building: BuildingId, floor: i16 },
    Unit { unit: UnitId },
}

impl PriceScope {
    pub fn kind(self) -> PriceScopeKind {
        match self {
            Self::Community => PriceScopeKind::Community,
            Self::Building { .. } => PriceScopeKind::Building,
            Self::Entrance { .. } => PriceScopeKind::Entrance,
            Self::Floor { .. } => PriceScopeKind::Floor,
            Self::Unit { .. } => PriceScopeKind::Unit,
        }
    }
}

/// All prices of a tariff and the places they may be set for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListPrices {
    pub community: CommunityId,
    pub tariff: TariffId,
}

/// The prices of a tariff over the tree of a community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PriceBoard {
    /// Community, then each building followed by what lies in it.
    pub places: Vec<PricePlace>,
    pub prices: Vec<PriceView>,
}

/// A place in the tree: buildings and entrances always, floors and units where they have a price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PricePlace {
    pub scope: PriceScope,
    pub name: String,
    /// The building that it lies in.
    pub building: Option<BuildingId>,
    /// Units of the place that are charged by the tariff today.
    pub units: u64,
}

/// A price, from a day to a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PriceView {
    pub id: PriceId,
    pub scope: PriceScope,
    pub rate: Rate,
    pub from: Day,
    /// The first day on which it is no longer in force.
    pub to: Option<Day>,
    pub reason: String,
    pub set_by: Option<String>,
}

words! {
    /// What happens to an earlier price or charge that would be in force on the same days.
    Earlier {
        /// The request is refused, or the unit left out.
        Kept = "kept",
        /// It ends where the new one begins; beginning on the same day, it was never in force.
        Ended = "ended",
    }
}

/// Sets a price for a place from a day on. Two prices of one scope on one day are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SetPrice {
    pub community: CommunityId,
    pub tariff: TariffId,
    /// Made by the caller.
    pub price: PriceId,
    pub scope: PriceScope,
    pub rate: Rate,
    pub from: Day,
    pub to: Option<Day>,
    /// A price of the same scope that runs on past `from`.
    pub earlier: Earlier,
    pub reason: String,
}

impl Checked for SetPrice {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        problems.extend(self.rate.problems("rate"));
        if self.to.is_some_and(|to| to <= self.from) {
            problems.push(FieldProblem::new("to", "period_empty"));
        }
        if self.reason.chars().count() > 200 {
            problems.push(FieldProblem::new("reason", "too_long").with("most", 200));
        }
        problems
    }
}

/// Ends a price; ended on its first day or before, it was never in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EndPrice {
    pub community: CommunityId,
    pub price: PriceId,
    /// The first day without it.
    pub to: Day,
    /// Of one that was never in force: the price of the same scope that had ended on its first day goes on in its place.
    #[serde(default)]
    pub resumes: bool,
}

/// Who is charged by what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListCharges {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_item: Option<FeeItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<TariffId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Room or label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// `current` (the default), `ended` or `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ChargeState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

words! {
    /// Whether charges that are over are wanted.
    ChargeState {
        /// Not over, also where they begin later.
        Current = "current",
        Ended = "ended",
        All = "all",
    }
}

/// A tariff assigned to a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ChargeRow {
    pub id: ChargeId,
    pub unit: UnitId,
    pub unit_label: String,
    pub unit_kind: String,
    pub billed_area: Option<Quantity>,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub tariff: TariffId,
    pub tariff_name: String,
    pub from: Day,
    pub to: Option<Day>,
}

/// How many units are assigned one by one at a time: more would not fit the address that their preview is asked for at.
pub const ASSIGN_UNITS_MOST: usize = 150;

/// How many units an assignment would touch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PreviewAssign {
    pub community: CommunityId,
    pub tariff: TariffId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buildings: Vec<BuildingId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<UnitKind>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    pub from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

impl Checked for PreviewAssign {
    fn problems(&self) -> Vec<FieldProblem> {
        units_problem(&self.units).into_iter().collect()
    }
}

fn units_problem(units: &[UnitId]) -> Option<FieldProblem> {
    let many = units.len() > ASSIGN_UNITS_MOST;
    many.then(|| FieldProblem::new("units", "charging.assign_units_most").with("most", ASSIGN_UNITS_MOST))
}

/// What an assignment would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct AssignPreview {
    /// Units that the filter finds.
    pub found: u64,
    /// Of these, units that are charged by this very tariff in that time already: left as they are.
    pub already: u64,
    /// Of these, units that are charged by another tariff of the same fee item in that time.
    pub other: u64,
    /// Without an area although the tariff goes by area: they would be skipped by a run.
    pub no_area: u64,
}

/// Assigns a tariff to all units that a filter finds: of these buildings, these kinds, or these very units; an empty
/// list does not narrow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Assign {
    pub community: CommunityId,
    pub tariff: TariffId,
    pub buildings: Vec<BuildingId>,
    pub kinds: Vec<UnitKind>,
    pub units: Vec<UnitId>,
    pub from: Day,
    pub to: Option<Day>,
    /// Charges by another tariff of the same fee item in that time: kept (the unit is left out) or ended before.
    pub earlier: Earlier,
}

impl Checked for Assign {
    fn problems(&self) -> Vec<FieldProblem> {
        let empty = self.to.filter(|to| *to <= self.from).map(|_| FieldProblem::new("to", "period_empty"));
        empty.into_iter().chain(units_problem(&self.units)).collect()
    }
}

/// How many charges were made or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Assigned {
    pub charges: u64,
    /// Left out because another tariff of the fee item is in force.
    pub left_out: u64,
}

/// Ends charges; ended on their first day or before, they never counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EndCharges {
    pub community: CommunityId,
    pub charges: Vec<ChargeId>,
    /// The first day without them.
    pub to: Day,
}

impl Checked for EndCharges {
    fn problems(&self) -> Vec<FieldProblem> {
        let wrong = self.charges.is_empty() || self.charges.len() > 1_000;
        wrong.then(|| FieldProblem::new("charges", "charging.how_many").with("most", 1_000)).into_iter().collect()
    }
}
