//! What the books say: every figure is a sum of postings. Reads all tables and writes none.

mod arrears;
mod collections;
mod dashboard;
mod entries;
mod files;
mod ledger;
mod sums;
pub mod verify;

use axum::routing::get;

use crate::Routes;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(dashboard::ask_dashboard)
        .serve(ledger::ask_ledger)
        .serve(entries::list_entries)
        .serve(entries::sum_entries)
        .serve(collections::list_collections)
        .serve(collections::sum_collections)
        .serve(arrears::ask_arrears)
        .serve(arrears::ask_held_late)
        .serve(arrears::list_arrears)
        .outside("/api/reports/ledger/export.xlsx", get(files::ledger))
        .outside("/api/reports/entries/export.xlsx", get(files::entries))
        .outside("/api/reports/collections/export.xlsx", get(files::collections))
        .outside("/api/reports/arrears/export.xlsx", get(files::arrears))
}
