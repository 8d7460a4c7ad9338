//! Whose estate it is: buildings, entrances, units and their custom fields; defining, finding and bringing them in.

pub mod building;
pub mod entrance;
pub mod unit;

mod around;
mod custom;
mod define;
mod field;
mod files;
mod filter;
mod heads;
mod import;
mod list;
mod search;
mod tree;
mod view;

pub use around::{Around, Own};
pub use custom::{filter as filter_by_fields, forget as forget_values, numbers, values, values_of, write as write_values};
pub use field::{fields, formula_names, number_fields};
pub use files::{field_cell, field_cols};
pub use filter::{people, rooms, scope};
pub use heads::heads_since;
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
        .serve(heads::set_heads)
        .serve(field::list_fields)
        .serve(field::save_field)
        .serve(field::order_fields)
        .serve(search::search)
        .outside("/api/estate/units/export.xlsx", get(files::export))
        .outside("/api/estate/template.xlsx", get(files::template))
}
