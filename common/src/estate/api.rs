//! The estate's table of contents.

use serde::{Deserialize, Serialize};

use super::draft::NAME_MOST;
use super::field::{CustomField, CustomValue, FieldFilter, FieldKind, FieldOf};
use super::{Decoration, Facts, UnitKind, UnitState};
use crate::api::{Checked, Done, Page};
use crate::id::{BuildingId, CommunityId, EntranceId, FieldId, OccupancyId, ResidentId, UnitId, VehicleId};
use crate::money::Money;
use crate::period::Day;
use crate::problem::{FieldProblem, text_field};
use crate::quantity::Quantity;
use crate::residents::Role;

crate::endpoints! {
    Get  "/api/estate/tree"             GetTree         => Tree,              Staff may EstateRead of community;
    Post "/api/estate/buildings/save"   SaveBuilding    => Done,              Staff may EstateWrite of community, checked;
    Post "/api/estate/buildings/remove" RemoveBuilding  => Done,              Staff may EstateWrite of community;
    Get  "/api/estate/units"            ListUnits       => Page<UnitRow>,     Staff may EstateRead of community;
    Get  "/api/estate/units/counts"     CountUnits      => UnitCounts,        Staff may EstateRead of community;
    Get  "/api/estate/units/get"        GetUnit         => UnitView,          Staff may EstateRead of community;
    Post "/api/estate/units/save"       SaveUnit        => Done,              Staff may EstateWrite of community, checked;
    Post "/api/estate/units/remove"     RemoveUnit      => Done,              Staff may EstateWrite of community;
    Post "/api/estate/units/heads"      SetHeads        => Done,              Staff may EstateWrite of community, checked;
    Get  "/api/estate/fields"           ListFields      => Vec<CustomField>,  Staff of community;
    Post "/api/estate/fields/save"      SaveField       => Done,              Staff may EstateWrite of community whole, checked;
    Post "/api/estate/fields/order"     OrderFields     => Done,              Staff may EstateWrite of community whole;
    Get  "/api/estate/search"           Search          => Vec<Hit>,          Staff may EstateRead of community;
}

crate::listing!(ListUnits);

/// Buildings and entrances of a community, with how many units each has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetTree {
    pub community: CommunityId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Tree {
    pub buildings: Vec<BuildingNode>,
    /// Units that stand in no building.
    pub outside: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BuildingNode {
    pub building: BuildingId,
    pub name: String,
    pub units: u64,
    pub entrances: Vec<EntranceNode>,
    pub floors: Vec<FloorNode>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EntranceNode {
    pub entrance: EntranceId,
    pub name: String,
    pub units: u64,
}

/// A floor of a building or of one of its entrances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FloorNode {
    pub entrance: Option<EntranceId>,
    pub floor: i32,
    pub units: u64,
}

/// Creates or renames a building and its entrances. An entrance that is left out is removed, unless it has units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveBuilding {
    pub community: CommunityId,
    pub building: BuildingId,
    pub name: String,
    #[serde(default)]
    pub entrances: Vec<SaveEntrance>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveEntrance {
    pub entrance: EntranceId,
    pub name: String,
}

impl Checked for SaveBuilding {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("name", &self.name, NAME_MOST).into_iter().collect();
        for (place, entrance) in self.entrances.iter().enumerate() {
            problems.extend(text_field(&format!("entrances.{place}.name"), &entrance.name, NAME_MOST));
            if self.entrances.iter().take(place).any(|other| other.name.trim() == entrance.name.trim()) {
                problems.push(FieldProblem::new(format!("entrances.{place}.name"), "taken"));
            }
        }
        problems
    }
}

/// Removes a building without units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RemoveBuilding {
    pub community: CommunityId,
    pub building: BuildingId,
}

/// Units, found by room, owner's name, phone or plate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListUnits {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<EntranceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<UnitKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<UnitState>,
    /// By custom fields; all of them must fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<FieldFilter>,
    /// Only these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `code` (the list's own order), `kind`, `state`, `billed_area`, `handed_over`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

impl ListUnits {
    /// All units of a community.
    pub fn of(community: CommunityId) -> Self {
        Self {
            community,
            search: None,
            building: None,
            entrance: None,
            kind: None,
            state: None,
            custom: Vec::new(),
            units: Vec::new(),
            page: None,
            size: None,
            sort: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitRow {
    pub unit: UnitId,
    pub code: String,
    pub label: String,
    pub kind: UnitKind,
    pub state: UnitState,
    pub floor: Option<i32>,
    pub billed_area: Option<Quantity>,
    pub heads: Option<i32>,
    /// Who owns it now; several are told by commas.
    pub owner: Option<String>,
    pub owner_id: Option<ResidentId>,
    pub phone_masked: Option<String>,
    pub handed_over: Option<Day>,
    /// Values of the custom fields that lists show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomValue>,
}

/// Totals of the units that [`ListUnits`] with the same filters finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CountUnits {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<EntranceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<UnitKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<UnitState>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<FieldFilter>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitCounts {
    pub units: u64,
    /// Living, for rent or standing empty, by state.
    pub states: Vec<StateCount>,
    pub billed_area: Quantity,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct StateCount {
    pub state: UnitState,
    pub units: u64,
}

/// A unit with all its facts, its people and vehicles of today and before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetUnit {
    pub community: CommunityId,
    pub unit: UnitId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitView {
    pub unit: UnitId,
    pub code: String,
    pub label: String,
    pub building: Option<BuildingId>,
    pub building_name: Option<String>,
    pub entrance: Option<EntranceId>,
    pub entrance_name: Option<String>,
    pub floor: Option<i32>,
    pub room: String,
    pub kind: UnitKind,
    pub state: UnitState,
    pub billed_area: Option<Quantity>,
    pub inner_area: Option<Quantity>,
    pub heads: Option<i32>,
    pub layout: Option<String>,
    pub decoration: Option<Decoration>,
    pub handed_over: Option<Day>,
    pub property_value_fen: Option<Money>,
    pub facts: Facts,
    /// Values of all custom fields, those that are switched off left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomValue>,
    /// How many people live there from which day on, newest first; empty where the number never changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads_since: Vec<HeadsSince>,
    /// Present ones first, then the past, newest first.
    pub occupancies: Vec<UnitOccupancy>,
    pub vehicles: Vec<UnitVehicle>,
    /// The community's day.
    pub today: Day,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitOccupancy {
    pub occupancy: OccupancyId,
    pub resident: ResidentId,
    pub name: String,
    pub phone_masked: Option<String>,
    pub role: Role,
    pub from_day: Day,
    /// The first day that no longer belongs to it.
    pub to_day: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitVehicle {
    pub vehicle: VehicleId,
    pub plate: String,
    pub brand: String,
    pub colour: String,
    pub resident: Option<ResidentId>,
    pub resident_name: Option<String>,
}

/// Creates a unit (with an id of the client's making) or changes one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveUnit {
    pub community: CommunityId,
    pub unit: UnitId,
    #[serde(default)]
    pub building: Option<BuildingId>,
    #[serde(default)]
    pub entrance: Option<EntranceId>,
    #[serde(default)]
    pub floor: Option<i32>,
    pub room: String,
    pub kind: UnitKind,
    pub state: UnitState,
    #[serde(default)]
    pub billed_area: Option<Quantity>,
    #[serde(default)]
    pub inner_area: Option<Quantity>,
    #[serde(default)]
    pub heads: Option<i32>,
    #[serde(default)]
    pub layout: Option<String>,
    #[serde(default)]
    pub decoration: Option<Decoration>,
    #[serde(default)]
    pub handed_over: Option<Day>,
    #[serde(default)]
    pub property_value_fen: Option<Money>,
    #[serde(default)]
    pub facts: Facts,
    /// Custom fields that are set or, where blank, taken away; what is not named stays as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomValue>,
}

impl Checked for SaveUnit {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = self.facts.problems();
        problems.extend(text_field("room", &self.room, NAME_MOST));
        let outside = matches!(self.kind, UnitKind::AdSpace | UnitKind::Parking | UnitKind::Basement);
        if self.building.is_none() && !outside {
            problems.push(FieldProblem::new("building", "required"));
        }
        if self.entrance.is_some() && self.building.is_none() {
            problems.push(FieldProblem::new("building", "required"));
        }
        let negative = |field: &str, area: Option<Quantity>| {
            area.is_some_and(|area| area < Quantity::ZERO).then(|| FieldProblem::new(field, "negative"))
        };
        problems.extend(negative("billed_area", self.billed_area));
        problems.extend(negative("inner_area", self.inner_area));
        if self.property_value_fen.is_some_and(Money::is_negative) {
            problems.push(FieldProblem::new("property_value_fen", "negative"));
        }
        if self.heads.is_some_and(|heads| !(0..=999).contains(&heads)) {
            problems.push(FieldProblem::new("heads", "estate.heads_out_of_range"));
        }
        if self.floor.is_some_and(|floor| !(-20..=200).contains(&floor)) {
            problems.push(FieldProblem::new("floor", "estate.floor_out_of_range"));
        }
        if self.layout.as_ref().is_some_and(|layout| layout.chars().count() > NAME_MOST) {
            problems.push(FieldProblem::new("layout", "too_long").with("most", NAME_MOST));
        }
        problems
    }
}

/// How many people live in a unit from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct HeadsSince {
    /// `None` is from the beginning.
    pub from_day: Option<Day>,
    /// `None` is unknown.
    pub heads: Option<i32>,
}

/// Says how many people live in a unit from a day on; what was said of that day and later ones is put aside. Bills that were
/// made stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SetHeads {
    pub community: CommunityId,
    pub unit: UnitId,
    /// Today or earlier.
    pub from_day: Day,
    /// Required; optional only while a form is filled in.
    #[serde(default)]
    pub heads: Option<i32>,
}

impl Checked for SetHeads {
    fn problems(&self) -> Vec<FieldProblem> {
        match self.heads {
            None => vec![FieldProblem::new("heads", "required")],
            Some(0..=999) => Vec::new(),
            Some(_) => vec![FieldProblem::new("heads", "estate.heads_out_of_range")],
        }
    }
}

/// The custom fields of a community, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListFields {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<FieldOf>,
}

/// Defines a custom field (with an id of the client's making) or changes one. What it is of stays; its kind stays once it has
/// values, and so do choices that were made; what a formula names keeps its name and stays on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveField {
    pub community: CommunityId,
    pub field: FieldId,
    pub of: FieldOf,
    pub name: String,
    pub kind: FieldKind,
    #[serde(default)]
    pub unit_kinds: Vec<UnitKind>,
    #[serde(default)]
    pub choices: Vec<String>,
    #[serde(default)]
    pub in_lists: bool,
    pub active: bool,
}

impl SaveField {
    /// The field as it will be.
    pub fn defined(&self) -> CustomField {
        let trimmed = |choice: &String| choice.trim().to_owned();
        let choices = if self.kind == FieldKind::Choice { self.choices.iter().map(trimmed).collect() } else { Vec::new() };
        CustomField {
            field: self.field,
            of: self.of,
            name: self.name.trim().to_owned(),
            kind: self.kind,
            unit_kinds: self.unit_kinds.clone(),
            choices,
            in_lists: self.in_lists,
            active: self.active,
        }
    }
}

impl From<(CommunityId, CustomField)> for SaveField {
    fn from((community, field): (CommunityId, CustomField)) -> Self {
        let CustomField { field, of, name, kind, unit_kinds, choices, in_lists, active } = field;
        Self { community, field, of, name, kind, unit_kinds, choices, in_lists, active }
    }
}

impl Checked for SaveField {
    fn problems(&self) -> Vec<FieldProblem> {
        self.defined().problems()
    }
}

/// Puts custom fields into this order; those that are not named come after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OrderFields {
    pub community: CommunityId,
    pub fields: Vec<FieldId>,
}

/// Removes a unit that nothing refers to: no people, no charges, no bills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RemoveUnit {
    pub community: CommunityId,
    pub unit: UnitId,
}

/// Finds units by room (`3-2-1501`, `3栋2单元1501`, `321501`, `1501`), by who lives there (name, phone, its last four
/// digits) or by plate: at most ten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Search {
    pub community: CommunityId,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Hit {
    pub kind: HitKind,
    /// The unit, resident or vehicle.
    pub id: uuid::Uuid,
    /// The unit that it leads to; what the cashier opens.
    pub unit: Option<UnitId>,
    pub title: String,
    pub detail: String,
    /// Where the shell goes.
    pub link: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    Unit,
    Resident,
    Vehicle,
}
