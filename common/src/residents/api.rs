//! The residents' table of contents; importing brings units and people together, so it stands here.

use serde::{Deserialize, Serialize};

use super::{Gender, Role};
use crate::api::{Checked, Done, Page};
use crate::estate::draft::{EstateDraft, PERSON_NAME_MOST};
use crate::estate::field::{CustomValue, FieldFilter};
use crate::id::{BuildingId, CommunityId, ImportId, OccupancyId, ResidentId, UnitId, VehicleId};
use crate::period::Day;
use crate::person::{IdNumber, Phone, Plate};
use crate::problem::{FieldProblem, text_field};

crate::endpoints! {
    Get  "/api/residents"                ListResidents => Page<ResidentRow>, Staff may ResidentsRead of community;
    Get  "/api/residents/get"            GetResident   => ResidentView,      Staff may ResidentsRead of community;
    Post "/api/residents/save"           SaveResident  => Done,              Staff may ResidentsWrite of community, checked;
    Post "/api/residents/remove"         RemoveResident => Done,             Staff may ResidentsWrite of community;
    Post "/api/residents/reveal"         Reveal        => Revealed,          Staff may ResidentsReveal of community;
    Post "/api/residents/move-in"        MoveIn        => Done,              Staff may ResidentsWrite of community, checked;
    Post "/api/residents/move-out"       MoveOut       => Done,              Staff may ResidentsWrite of community;
    Post "/api/residents/transfer"       Transfer      => Done,              Staff may ResidentsWrite of community, checked;
    Post "/api/residents/vehicles/save"  SaveVehicle   => Done,              Staff may ResidentsWrite of community, checked;
    Post "/api/residents/vehicles/remove" RemoveVehicle => Done,             Staff may ResidentsWrite of community;
    Post "/api/residents/import/check"   CheckImport   => ImportCheck,       Staff may EstateWrite of community whole;
    Post "/api/residents/import"         ImportEstate  => Imported,          Staff may EstateWrite of community whole;
}

crate::listing!(ListResidents);

/// Residents by name, phone or its last four digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListResidents {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    /// Who is this to some unit today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// By custom fields; all of them must fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<FieldFilter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `name` (the list's own order), `created_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

impl ListResidents {
    /// All residents of a community.
    pub fn of(community: CommunityId) -> Self {
        Self { community, search: None, building: None, role: None, custom: Vec::new(), page: None, size: None, sort: None }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ResidentRow {
    pub resident: ResidentId,
    pub name: String,
    pub gender: Option<Gender>,
    pub phone_masked: Option<String>,
    pub id_number_masked: Option<String>,
    /// The units held today, by label.
    pub units: Vec<HeldUnit>,
    /// Values of the custom fields that lists show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomValue>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct HeldUnit {
    pub unit: UnitId,
    pub label: String,
    pub role: Role,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetResident {
    pub community: CommunityId,
    pub resident: ResidentId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ResidentView {
    pub resident: ResidentId,
    pub name: String,
    pub gender: Option<Gender>,
    pub phone_masked: Option<String>,
    pub id_number_masked: Option<String>,
    pub remark: String,
    /// Values of all custom fields, those that are switched off left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomValue>,
    pub occupancies: Vec<ResidentOccupancy>,
    pub vehicles: Vec<ResidentVehicle>,
    /// The community's day.
    pub today: Day,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ResidentOccupancy {
    pub occupancy: OccupancyId,
    pub unit: UnitId,
    pub label: String,
    pub role: Role,
    pub from_day: Day,
    pub to_day: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ResidentVehicle {
    pub vehicle: VehicleId,
    pub plate: String,
    pub brand: String,
    pub colour: String,
    pub unit: Option<UnitId>,
    pub label: Option<String>,
}

/// What becomes of a value that the form only shows masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema), schemars(rename = "ChangeOf{T}"))]
#[serde(rename_all = "snake_case")]
pub enum Change<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

/// Registers a resident (with an id of the client's making) or changes one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveResident {
    pub community: CommunityId,
    pub resident: ResidentId,
    pub name: String,
    #[serde(default)]
    pub gender: Option<Gender>,
    #[serde(default)]
    pub phone: Change<Phone>,
    #[serde(default)]
    pub id_number: Change<IdNumber>,
    #[serde(default)]
    pub remark: String,
    /// Custom fields that are set or, where blank, taken away; what is not named stays as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomValue>,
}

impl Checked for SaveResident {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("name", &self.name, PERSON_NAME_MOST).into_iter().collect();
        if self.remark.chars().count() > 500 {
            problems.push(FieldProblem::new("remark", "too_long").with("most", 500));
        }
        problems
    }
}

/// Removes a resident who never held a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RemoveResident {
    pub community: CommunityId,
    pub resident: ResidentId,
}

/// Shows phone and ID number in clear; who looked at whom is recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Reveal {
    pub community: CommunityId,
    pub resident: ResidentId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Revealed {
    pub phone: Option<Phone>,
    pub id_number: Option<IdNumber>,
}

/// Ties a resident to a unit from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MoveIn {
    pub community: CommunityId,
    pub occupancy: OccupancyId,
    pub unit: UnitId,
    /// Required; optional only while a form is filled in.
    #[serde(default)]
    pub resident: Option<ResidentId>,
    pub role: Role,
    pub from_day: Day,
    #[serde(default)]
    pub to_day: Option<Day>,
}

impl Checked for MoveIn {
    fn problems(&self) -> Vec<FieldProblem> {
        let nobody = self.resident.is_none().then(|| FieldProblem::new("resident", "required"));
        let empty = self.to_day.is_some_and(|to| to <= self.from_day).then(|| FieldProblem::new("to_day", "period_empty"));
        nobody.into_iter().chain(empty).collect()
    }
}

/// Ends an occupancy: the day is the first that no longer belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MoveOut {
    pub community: CommunityId,
    pub occupancy: OccupancyId,
    pub to_day: Day,
}

/// Hands a unit over to other owners: what the present owners and their families hold ends on the day, the new owners
/// begin on it. What was billed stays with who held the unit then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Transfer {
    pub community: CommunityId,
    pub unit: UnitId,
    pub day: Day,
    pub owners: Vec<ResidentId>,
    /// Tenants stay unless they leave with the owner.
    #[serde(default)]
    pub tenants: TenantsStay,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TenantsStay {
    #[default]
    Stay,
    Leave,
}

impl Checked for Transfer {
    fn problems(&self) -> Vec<FieldProblem> {
        self.owners.is_empty().then(|| FieldProblem::new("owners", "required")).into_iter().collect()
    }
}

/// Registers a vehicle or changes one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveVehicle {
    pub community: CommunityId,
    pub vehicle: VehicleId,
    /// Required; optional only while a form is filled in.
    #[serde(default)]
    pub plate: Option<Plate>,
    #[serde(default)]
    pub brand: String,
    #[serde(default)]
    pub colour: String,
    #[serde(default)]
    pub unit: Option<UnitId>,
    #[serde(default)]
    pub resident: Option<ResidentId>,
}

impl Checked for SaveVehicle {
    fn problems(&self) -> Vec<FieldProblem> {
        let plate = self.plate.is_none().then(|| FieldProblem::new("plate", "required"));
        let long = [("brand", &self.brand), ("colour", &self.colour)]
            .into_iter()
            .filter(|(_, text)| text.chars().count() > 30)
            .map(|(field, _)| FieldProblem::new(field, "too_long").with("most", 30));
        plate.into_iter().chain(long).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RemoveVehicle {
    pub community: CommunityId,
    pub vehicle: VehicleId,
}

/// Compares a draft with what is there; nothing is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CheckImport {
    pub community: CommunityId,
    pub draft: EstateDraft,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportCheck {
    /// By cell; the first thousand.
    pub problems: Vec<FieldProblem>,
    pub problem_count: u64,
    pub counts: ImportCounts,
}

/// What an import brings, and what it finds there and uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportCounts {
    pub new_buildings: u64,
    pub known_buildings: u64,
    pub units: u64,
    pub new_residents: u64,
    /// The same ID number, or the same name and phone, is the same person.
    pub known_residents: u64,
    pub occupancies: u64,
    pub vehicles: u64,
}

/// Brings in a whole estate: all of it or nothing. The client makes the id once per file: sent again with the same
/// content, the first answer comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportEstate {
    pub community: CommunityId,
    pub import: ImportId,
    pub file_name: String,
    pub draft: EstateDraft,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema), schemars(rename = "ImportedEstate"))]
pub struct Imported {
    pub counts: ImportCounts,
}
