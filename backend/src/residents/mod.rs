//! Who lives there: residents, who holds which unit from when to when, their vehicles; and importing estates with people.

pub mod occupancy;
pub mod resident;
pub mod vehicle;

mod export;
mod files;
mod import;
mod list;
mod register;
mod transfer;
mod view;

pub use import::import_estate;

use axum::routing::{get, post};

use crate::Routes;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(list::list_residents)
        .serve(view::get_resident)
        .serve(register::save_resident)
        .serve(register::remove_resident)
        .serve(register::reveal)
        .serve(transfer::move_in)
        .serve(transfer::move_out)
        .serve(transfer::transfer)
        .serve(vehicle::save_vehicle)
        .serve(vehicle::remove_vehicle)
        .serve(import::check_import)
        .serve(import::import_estate)
        .outside("/api/residents/export.xlsx", get(export::residents))
        .outside("/api/residents/import/problems.xlsx", post(files::problems))
}
