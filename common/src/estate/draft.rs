//! What an import brings: buildings, units, people and vehicles as plain values, each with the cell that it comes from.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::field::CustomValue;
use super::{Decoration, Facts, UnitKind, UnitState, name};
use crate::money::Money;
use crate::period::Day;
use crate::person::{IdNumber, Phone, Plate};
use crate::problem::FieldProblem;
use crate::quantity::Quantity;
use crate::residents::{Gender, Role};

/// A whole estate to bring in at once. References are places in the lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EstateDraft {
    pub buildings: Vec<BuildingDraft>,
    pub units: Vec<UnitDraft>,
    #[serde(default)]
    pub residents: Vec<ResidentDraft>,
    #[serde(default)]
    pub occupancies: Vec<OccupancyDraft>,
    #[serde(default)]
    pub vehicles: Vec<VehicleDraft>,
}

/// A building with its entrances. One that exists already is joined, not made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BuildingDraft {
    pub name: String,
    pub entrances: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitDraft {
    /// The cell that names it, such as `房屋信息!A2`.
    pub at: String,
    /// Its building's place in the list; none for what stands outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<u32>,
    /// Its entrance's place in the building's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<i32>,
    pub room: String,
    pub kind: UnitKind,
    pub state: UnitState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billed_area: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner_area: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoration: Option<Decoration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_over: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_value_fen: Option<Money>,
    #[serde(default)]
    pub facts: Facts,
    /// Custom fields, by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<CustomValue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ResidentDraft {
    pub at: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<IdNumber>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OccupancyDraft {
    pub unit: u32,
    pub resident: u32,
    pub role: Role,
    /// Where nothing is said: the day the unit was handed over, else the day of the import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_day: Option<Day>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct VehicleDraft {
    pub at: String,
    pub plate: Plate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resident: Option<u32>,
    #[serde(default)]
    pub brand: String,
    #[serde(default)]
    pub colour: String,
}

/// The longest name of a building, an entrance, a room.
pub const NAME_MOST: usize = 30;
/// The longest name of a person; companies own units too.
pub const PERSON_NAME_MOST: usize = 60;
/// The most units of one import.
pub const UNITS_MOST: usize = 200_000;

impl EstateDraft {
    /// The names of a unit's building and entrance.
    pub fn place(&self, unit: &UnitDraft) -> (Option<&str>, Option<&str>) {
        let building = unit.building.and_then(|place| self.buildings.get(usize::try_from(place).ok()?));
        let entrance = unit.entrance.and_then(|place| building?.entrances.get(usize::try_from(place).ok()?));
        (building.map(|building| building.name.as_str()), entrance.map(String::as_str))
    }

    /// `3-2-1501`.
    pub fn code(&self, unit: &UnitDraft) -> String {
        let (building, entrance) = self.place(unit);
        name::code(building, entrance, &unit.room)
    }

    /// `3栋2单元1501`.
    pub fn label(&self, unit: &UnitDraft) -> String {
        let (building, entrance) = self.place(unit);
        name::label(building, entrance, &unit.room)
    }

    /// What breaks a rule, by cell: the reader of workbooks and the server both ask this.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.units.is_empty() {
            problems.push(FieldProblem::new("units", "estate.nothing_to_import"));
        }
        if self.units.len() > UNITS_MOST {
            problems.push(FieldProblem::new("units", "estate.too_many_units").with("most", UNITS_MOST));
        }
        for building in &self.buildings {
            let names = [&building.name].into_iter().chain(&building.entrances);
            problems.extend(names.filter_map(|name| crate::problem::text_field("buildings", name, NAME_MOST)));
        }
        self.unit_problems(&mut problems);
        self.people_problems(&mut problems);
        problems
    }

    fn unit_problems(&self, problems: &mut Vec<FieldProblem>) {
        let mut seen: HashMap<String, &str> = HashMap::with_capacity(self.units.len());
        for unit in &self.units {
            let (building, entrance) = self.place(unit);
            if (unit.building.is_some() && building.is_none()) || (unit.entrance.is_some() && entrance.is_none()) {
                problems.push(FieldProblem::new(&unit.at, "not_found"));
            }
            problems.extend(crate::problem::text_field(&unit.at, &unit.room, NAME_MOST));
            if unit.heads.is_some_and(|heads| !(0..=999).contains(&heads)) {
                problems.push(FieldProblem::new(&unit.at, "estate.heads_out_of_range"));
            }
            if unit.floor.is_some_and(|floor| !(-20..=200).contains(&floor)) {
                problems.push(FieldProblem::new(&unit.at, "estate.floor_out_of_range"));
            }
            problems.extend(unit.facts.problems().into_iter().map(|problem| FieldProblem { field: unit.at.clone(), ..problem }));
            if let Some(first) = seen.insert(self.code(unit), &unit.at) {
                problems
                    .push(FieldProblem::new(&unit.at, "estate.unit_twice").with("unit", self.label(unit)).with("first", first));
            }
        }
    }

    fn people_problems(&self, problems: &mut Vec<FieldProblem>) {
        let mut people: HashMap<&str, &str> = HashMap::new();
        for resident in &self.residents {
            problems.extend(crate::problem::text_field(&resident.at, &resident.name, PERSON_NAME_MOST));
            if let Some(number) = &resident.id_number
                && let Some(first) = people.insert(number.as_str(), &resident.at)
            {
                problems.push(FieldProblem::new(&resident.at, "residents.id_number_twice").with("first", first));
            }
        }
        let (units, residents) = (self.units.len(), self.residents.len());
        let inside = |place: u32, length: usize| usize::try_from(place).is_ok_and(|place| place < length);
        for occupancy in &self.occupancies {
            if !inside(occupancy.unit, units) || !inside(occupancy.resident, residents) {
                problems.push(FieldProblem::new("occupancies", "not_found"));
            } else if let (Some(from), Some(to)) = (occupancy.from_day, occupancy.to_day)
                && to <= from
            {
                let at = usize::try_from(occupancy.unit).ok().and_then(|place| self.units.get(place)).map_or("", |unit| &unit.at);
                problems.push(FieldProblem::new(at, "period_empty"));
            }
        }
        let mut plates: HashMap<&str, &str> = HashMap::new();
        for vehicle in &self.vehicles {
            if vehicle.unit.is_some_and(|place| !inside(place, units))
                || vehicle.resident.is_some_and(|place| !inside(place, residents))
            {
                problems.push(FieldProblem::new(&vehicle.at, "not_found"));
            }
            if let Some(first) = plates.insert(vehicle.plate.as_str(), &vehicle.at) {
                problems.push(FieldProblem::new(&vehicle.at, "residents.plate_twice").with("first", first));
            }
        }
    }
}
