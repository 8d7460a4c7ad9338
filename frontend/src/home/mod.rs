//! 工作台: what a manager wants to see first: is the money coming in, who owes it, what came today, what must be done.

mod board;
mod todo;

use common::permission::Permission;
use common::reports::api::AskDashboard;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{Header, clock, load};
use crate::shell::{Place, welcome};
use crate::{session, t};

/// The pages.
pub fn places() -> Vec<Place> {
    vec![Place::new("/", page)]
}

fn page() -> AnyView {
    let said = RwSignal::new(String::new());
    let header = Header::new(t!("nav-home")).beside(view! { <span class="label-xs mt-1">{said}</span> }).show();
    if !session::may(Permission::ReportsRead) {
        return view! { {header} {welcome()} }.into_any();
    }
    let community = session::community();
    view! { {header} {load(
        move || call(AskDashboard { community }),
        12,
        move |dashboard| {
            said.set(t!("home-as-of", day = dashboard.today, time = clock(dashboard.at)));
            board::board(dashboard)
        },
    )} }
    .into_any()
}
