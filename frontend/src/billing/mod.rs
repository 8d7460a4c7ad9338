//! The pages of billing: bills, a bill, runs, generating, the rules and the calendar that generate by themselves, and bills of
//! the past.

mod bill;
mod calendar;
pub mod errands;
mod generate;
mod import;
mod late_fee;
mod list;
mod mend;
mod month;
mod occurrence;
mod of_unit;
mod offset;
mod portion;
mod preview;
mod raise;
mod rule_form;
mod rules;
mod run;
mod runs;
mod trace;
mod trace_share;
pub mod trial;
mod words;

use common::permission::Permission;

use crate::shell::{Entry, Group, Place};
use crate::t;

pub use bill::{history as bill_history, lines as bill_lines};
pub use of_unit::unit_bills;
pub use portion::portions_view;
pub use preview::{reason_text, turn};
pub use trace::trace_view;

/// The pages.
pub fn places() -> Vec<Place> {
    vec![
        Place::new("/billing/bills", list::page).may(Permission::BillingRead),
        Place::new("/billing/bills/import", import::page).may(Permission::BillingImport),
        Place::new("/billing/bills/raise", raise::page).may(Permission::BillingRaise),
        Place::new("/billing/bills/:bill", bill::page).may(Permission::BillingRead),
        Place::new("/billing/generate", generate::page).may(Permission::BillingGenerate),
        Place::new("/billing/calendar", calendar::page).may(Permission::BillingRead),
        Place::new("/billing/calendar/rules", rules::page).may(Permission::BillingRead),
        Place::new("/billing/runs", runs::page).may(Permission::BillingRead),
        Place::new("/billing/runs/:run", run::page).may(Permission::BillingRead),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![
        Entry::new(Group::Charging, 20, "billing-bills", "/billing/bills", Permission::BillingRead),
        Entry::new(Group::Charging, 22, "billing-generate", "/billing/generate", Permission::BillingGenerate),
        Entry::new(Group::Charging, 23, "billing-calendar", "/billing/calendar", Permission::BillingRead),
        Entry::new(Group::Charging, 24, "billing-runs", "/billing/runs", Permission::BillingRead),
    ]
}

/// The fee items of a run in a few words: 物业费、水费, or 物业费等 8 个科目.
fn items_text(items: &[String]) -> String {
    match items {
        [first, _, _, _, ..] => t!("billing-items-some", first = first, count = items.len()),
        few => few.join(&t!("billing-comma")),
    }
}
