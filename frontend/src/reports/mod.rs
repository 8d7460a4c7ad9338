//! The pages of reports: the ledger, collection detail, arrears by age, and the entries behind every figure.

mod arrears;
mod collections;
mod entries;
mod ledger;
mod pick;

use common::permission::Permission;
use common::reports::Age;

use crate::shell::{Entry, Group, Place};
use crate::t;

/// The pages.
pub fn places() -> Vec<Place> {
    vec![
        Place::new("/reports/ledger", ledger::page).may(Permission::ReportsRead),
        Place::new("/reports/ledger/entries", entries::page).may(Permission::ReportsRead),
        Place::new("/reports/collections", collections::page).may(Permission::ReportsRead),
        Place::new("/reports/arrears", arrears::page).may(Permission::ReportsRead),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![
        Entry::new(Group::Reports, 10, "reports-ledger", "/reports/ledger", Permission::ReportsRead),
        Entry::new(Group::Reports, 20, "reports-collections", "/reports/collections", Permission::ReportsRead),
        Entry::new(Group::Reports, 30, "reports-arrears", "/reports/arrears", Permission::ReportsRead),
    ]
}

/// What an age of arrears is called.
pub fn age_name(age: Age) -> String {
    t!(format!("reports-age-{}", age.code().replace('_', "-")).as_str())
}

/// Tenths of a percent as people read them: `81.6%`; a dash where there is none.
pub fn percent(per_mille: Option<i64>) -> String {
    per_mille.map_or_else(|| "–".to_owned(), |rate| format!("{}.{}%", rate / 10, rate.rem_euclid(10)))
}
