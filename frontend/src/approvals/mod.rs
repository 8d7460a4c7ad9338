//! The pages of approvals: what waits for whom, one request, and the flows; and what bills show of requests.

mod decide;
mod flow_form;
mod flows;
mod list;
mod of_bill;
mod request;
mod words;

use common::permission::Permission;

use crate::shell::{Entry, Group, Place};

pub use of_bill::{done_or_waits, waiting_marks, waiting_notes, waiting_requests, waits_link};

/// The pages.
pub fn places() -> Vec<Place> {
    vec![
        Place::new("/approvals", list::page).may(Permission::ApprovalsRead),
        Place::new("/approvals/flows", flows::page).may(Permission::ApprovalsRead),
        Place::new("/approvals/:approval", request::page).may(Permission::ApprovalsRead),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![
        Entry::new(Group::Charging, 25, "approvals", "/approvals", Permission::ApprovalsRead),
        Entry::new(Group::System, 60, "approvals-flows", "/approvals/flows", Permission::ApprovalsRead),
    ]
}
