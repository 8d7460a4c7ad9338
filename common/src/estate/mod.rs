//! Whose estate it is: communities, the tree building → entrance → floor → unit, and what each kind of unit tells.

pub mod api;
pub mod draft;
pub mod field;
#[cfg(feature = "sheet")]
pub mod import;
pub mod kind;
pub mod name;

pub use kind::{Decoration, Facts, ParkingRight, UnitKind, UnitState, stands_empty};
