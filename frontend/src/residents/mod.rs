//! The pages of residents.

use crate::shell::{Entry, Place};

/// The pages.
pub fn places() -> Vec<Place> {
    vec![]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![]
}
