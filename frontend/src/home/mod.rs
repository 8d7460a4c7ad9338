//! 工作台: what a manager wants to see first.

use leptos::prelude::*;

use crate::kit::Header;
use crate::shell::Place;
use crate::t;

/// The pages.
pub fn places() -> Vec<Place> {
    vec![Place::new("/", page)]
}

fn page() -> AnyView {
    Header::new(t!("nav-home")).show()
}
