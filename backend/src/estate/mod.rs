//! Whose estate it is: buildings, entrances, units; defining, finding and bringing them in.

pub mod building;
pub mod entrance;
pub mod unit;

mod define;
mod files;
mod filter;
mod import;
mod list;
mod search;
mod tree;
mod view;

pub use filter::{people, rooms, scope};
pub use import::{Known, bring_in, known};
pub use list::masked;

use axum::routing::get;

use crate::Routes;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(tree::get_tree)
        .serve(define::save_building)
        .serve(define::remove_building)
        .serve(list::list_units)
        .serve(list::count_units)
        .serve(view::get_unit)
        .serve(define::save_unit)
        .serve(define::remove_unit)
        .serve(search::search)
        .outside("/api/estate/units/export.xlsx", get(files::export))
        .outside("/api/estate/template.xlsx", get(files::template))
}
