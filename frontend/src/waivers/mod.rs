//! The pages of waivers: schemes, groups of people, and who benefits from what.

mod given;
mod groups;
mod member_form;
mod of_bill;
mod scheme_form;
mod schemes;
mod waive;

use common::permission::Permission;
use common::waivers::api::SaveScheme;

use crate::shell::{Entry, Group, Place};

pub use of_bill::{bill_waivers, waivers_view};
pub use scheme_form::{next_rank, scheme_fields, scheme_start, unit_labels};
pub use waive::Waiving;

/// The pages.
pub fn places() -> Vec<Place> {
    vec![
        Place::new("/waivers/schemes", schemes::page).may(Permission::WaiversRead),
        Place::new("/waivers/schemes/new", scheme_form::new).asks::<SaveScheme>(),
        Place::new("/waivers/schemes/:scheme", scheme_form::edit).asks::<SaveScheme>(),
        Place::new("/waivers/groups", groups::page).may(Permission::WaiversRead),
        Place::new("/waivers/given", given::page).may(Permission::WaiversRead),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![
        Entry::new(Group::Charging, 30, "waivers-given", "/waivers/given", Permission::WaiversRead),
        Entry::new(Group::Charging, 50, "waivers-schemes", "/waivers/schemes", Permission::WaiversRead),
        Entry::new(Group::Charging, 51, "waivers-groups", "/waivers/groups", Permission::WaiversRead),
    ]
}
