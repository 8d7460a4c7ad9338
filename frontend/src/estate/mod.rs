//! The pages of estate: units, buildings, and bringing in a whole estate from a workbook.

mod building_form;
mod buildings;
pub mod errands;
mod field_page;
pub mod fields;
mod import;
mod import_preview;
mod unit;
mod unit_form;
mod unit_heads;
mod unit_people;
mod units;

use common::estate::api::SaveField;
use common::estate::{UnitKind, UnitState};
use common::permission::Permission;
use common::residents::api::ImportEstate;
use leptos::prelude::*;

pub use units::buildings as buildings_for_filter;

use crate::kit::{State, state_badge};
use crate::shell::{Entry, Group, Place};
use crate::t;

/// The pages.
pub fn places() -> Vec<Place> {
    vec![
        Place::new("/estate/units", units::page).may(Permission::EstateRead),
        Place::new("/estate/units/new", unit_form::page).may(Permission::EstateWrite),
        Place::new("/estate/units/:unit", unit::page).may(Permission::EstateRead),
        Place::new("/estate/units/:unit/edit", unit_form::page).may(Permission::EstateWrite),
        Place::new("/estate/buildings", buildings::page).may(Permission::EstateRead),
        Place::new("/estate/import", import::page).asks::<ImportEstate>(),
        Place::new("/estate/fields", field_page::page).asks::<SaveField>(),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![
        Entry::new(Group::Estate, 10, "estate-units", "/estate/units", Permission::EstateRead),
        Entry::new(Group::Estate, 30, "estate-buildings", "/estate/buildings", Permission::EstateRead),
        Entry::new(Group::Estate, 40, "estate-import", "/estate/import", Permission::EstateWrite),
        Entry::new(Group::Estate, 50, "estate-fields", "/estate/fields", Permission::EstateWrite),
    ]
}

/// What a kind of unit is called.
pub fn kind_name(kind: UnitKind) -> String {
    t!(kind.text_id().as_str())
}

/// A unit's state as a badge: quiet when nobody need do anything.
pub fn unit_state(state: UnitState) -> AnyView {
    let shape = match state {
        UnitState::Occupied | UnitState::Let => State::Done,
        UnitState::Decorating => State::Part,
        UnitState::HandedOver | UnitState::Sold | UnitState::Vacant | UnitState::Unsold => State::Open,
    };
    state_badge(shape, t!(state.text_id().as_str()))
}
