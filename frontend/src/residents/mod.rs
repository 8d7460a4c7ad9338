//! The pages of residents: who lives where.

mod list;
mod resident;
mod resident_form;

use common::id::ResidentId;
use common::permission::Permission;
use common::problem::Problem;
use common::residents::api::ListResidents;
use leptos::prelude::AnyView;

use crate::api::call;
use crate::kit::Pick;
use crate::session;
use crate::shell::{Entry, Group, Place};

/// The pages.
pub fn places() -> Vec<Place> {
    let page: fn() -> AnyView = list::page;
    vec![
        Place::new("/residents", page).may(Permission::ResidentsRead),
        Place::new("/residents/new", resident_form::page).may(Permission::ResidentsWrite),
        Place::new("/residents/:resident", resident::page).may(Permission::ResidentsRead),
        Place::new("/residents/:resident/edit", resident_form::page).may(Permission::ResidentsWrite),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![Entry::new(Group::Estate, 20, "residents-residents", "/residents", Permission::ResidentsRead)]
}

/// Residents for a field that looks for one.
pub async fn find_residents(text: String) -> Result<Vec<Pick<ResidentId>>, Problem> {
    let mut ask = ListResidents::of(session::community());
    ask.search = Some(text).filter(|text| !text.is_empty());
    ask.size = Some(12);
    let page = call(ask).await?;
    let pick = |row: common::residents::api::ResidentRow| {
        let units: Vec<String> = row.units.into_iter().map(|unit| unit.label).collect();
        let note: Vec<String> = row.phone_masked.into_iter().chain(units).collect();
        Pick::new(row.resident, row.name, note.join(" · "))
    };
    Ok(page.rows.into_iter().map(pick).collect())
}
