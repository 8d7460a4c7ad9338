//! 系统设置: signing in, departments, employees and their data scope, one's own account.

mod first;
mod sign_in;

use common::organisation::api::GetMe;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::call;
use crate::session;
use crate::shell::{Entry, Place};

/// The pages.
pub fn places() -> Vec<Place> {
    vec![]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![]
}

/// Asks the server who is signed in.
pub fn ask_who() {
    spawn_local(async {
        match call(GetMe {}).await {
            Ok(me) => session::began(me),
            Err(_) => session::ended(None),
        }
    });
}

/// What stands there while nobody is signed in.
pub fn outside() -> AnyView {
    sign_in::page()
}
