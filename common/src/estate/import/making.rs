//! An estate in the making: names become places in lists, people who are the same person become one.

use std::collections::{HashMap, HashSet};

use crate::estate::draft::{BuildingDraft, EstateDraft, OccupancyDraft, ResidentDraft, UnitDraft, VehicleDraft};
use crate::estate::name;
use crate::person::{IdNumber, Phone};
use crate::residents::{Gender, Role};
use crate::sheet::{CellProblem, Problems, Row};

use super::{Reading, SheetReading, Source};

#[derive(Default)]
pub(super) struct Making {
    pub(super) draft: EstateDraft,
    pub(super) problems: Problems,
    pub(super) sheets: Vec<SheetReading>,
    buildings: HashMap<String, u32>,
    entrances: HashMap<(u32, String), u32>,
    units: HashMap<String, u32>,
    people: HashMap<String, u32>,
    held: HashSet<(u32, u32)>,
}

/// A person as a row names them.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) gender: Option<Gender>,
    pub(super) phone: Option<Phone>,
    pub(super) id_number: Option<IdNumber>,
}

impl Making {
    /// The place of the building with this name; a new one where there is none yet.
    pub(super) fn building(&mut self, text: &str) -> u32 {
        let name = name::building(text);
        if let Some(place) = self.buildings.get(&name) {
            return *place;
        }
        let place = place(self.draft.buildings.len());
        self.draft.buildings.push(BuildingDraft { name: name.clone(), entrances: Vec::new() });
        self.buildings.insert(name, place);
        place
    }

    /// The place of the building's entrance with this name; none for `0`, a new one where there is none yet.
    pub(super) fn entrance(&mut self, building: u32, text: &str) -> Option<u32> {
        let name = name::entrance(text)?;
        if let Some(place) = self.entrances.get(&(building, name.clone())) {
            return Some(*place);
        }
        let entrances = &mut self.draft.buildings.get_mut(usize::try_from(building).ok()?)?.entrances;
        let place = place(entrances.len());
        entrances.push(name.clone());
        self.entrances.insert((building, name), place);
        Some(place)
    }

    /// Whether the tree has this building and entrance.
    pub(super) fn knows(&self, building: &str, entrance: Option<&str>) -> bool {
        let Some(building) = self.buildings.get(&name::building(building)) else { return false };
        match entrance.and_then(name::entrance) {
            Some(entrance) => self.entrances.contains_key(&(*building, entrance)),
            None => true,
        }
    }

    /// The unit's place, and whether it is new here.
    pub(super) fn unit(&mut self, unit: UnitDraft) -> (u32, bool) {
        let code = self.draft.code(&unit);
        if let Some(place) = self.units.get(&code) {
            return (*place, false);
        }
        let place = place(self.draft.units.len());
        self.units.insert(code, place);
        self.draft.units.push(unit);
        (place, true)
    }

    /// Says that the unit of this row stands in an earlier row too.
    pub(super) fn unit_twice(&mut self, row: &Row<'_>, unit: u32) {
        let Some(first) = usize::try_from(unit).ok().and_then(|place| self.draft.units.get(place)) else { return };
        let problem = row.problem("room", "estate.unit_twice").with("unit", self.draft.label(first)).with("first", &first.at);
        self.problems.add(problem);
    }

    /// The place of this person: the same ID number, or the same name with the same phone, is the same person.
    pub(super) fn person(&mut self, row: &Row<'_>, person: Person) -> u32 {
        let by_number = person.id_number.as_ref().map(|number| format!("id {}", number.as_str()));
        let by_phone = person.phone.as_ref().map(|phone| format!("{} {}", phone.as_str(), person.name));
        let known = [&by_number, &by_phone].into_iter().flatten().find_map(|key| self.people.get(key).copied());
        let place = match known {
            Some(place) => place,
            None => place(self.draft.residents.len()),
        };
        match usize::try_from(place).ok().and_then(|place| self.draft.residents.get_mut(place)) {
            Some(known) => {
                let differs = known.name != person.name
                    || matches!((&known.id_number, &person.id_number), (Some(known), Some(told)) if known != told);
                if differs {
                    let problem = row.problem("id_number", "residents.id_number_of_two").with("first", &known.at);
                    self.problems.add(problem);
                }
                known.id_number = known.id_number.take().or(person.id_number);
                known.phone = known.phone.take().or(person.phone);
                known.gender = known.gender.or(person.gender);
            }
            None => self.draft.residents.push(ResidentDraft {
                at: row.at("name").to_string(),
                name: person.name,
                gender: person.gender,
                phone: person.phone,
                id_number: person.id_number,
            }),
        }
        for key in [by_number, by_phone].into_iter().flatten() {
            self.people.insert(key, place);
        }
        place
    }

    /// Ties a person to a unit; `false` where they are tied already.
    pub(super) fn holds(&mut self, occupancy: OccupancyDraft) -> bool {
        let new = self.held.insert((occupancy.unit, occupancy.resident));
        if new {
            self.draft.occupancies.push(occupancy);
        }
        new
    }

    pub(super) fn vehicle(&mut self, vehicle: VehicleDraft) {
        self.draft.vehicles.push(vehicle);
    }

    pub(super) fn finish(mut self, source: Source) -> Reading {
        // Without any row a missing header has said enough.
        if !(self.draft.units.is_empty() && self.problems.total > 0) {
            for problem in self.draft.problems() {
                let told = self.problems.list.iter().any(|told| told.at == problem.field && told.code == problem.code);
                if !told {
                    self.problems.add(CellProblem {
                        at: problem.field,
                        code: problem.code,
                        args: problem.args,
                        value: String::new(),
                    });
                }
            }
        }
        Reading {
            source,
            draft: self.draft,
            problem_count: u64::try_from(self.problems.total).unwrap_or(u64::MAX),
            problems: self.problems.list,
            sheets: self.sheets,
        }
    }
}

/// An owner, say, from the day on that is known.
pub(super) fn occupancy(unit: u32, resident: u32, role: Role) -> OccupancyDraft {
    OccupancyDraft { unit, resident, role, from_day: None, to_day: None }
}

fn place(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
