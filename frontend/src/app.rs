//! The application: one line for each capability.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::shell::{Entry, Found, Frame, Place};
use crate::{billing, cashier, charging, estate, home, kit, metering, organisation, reports, residents, session};

/// Every page.
pub fn places() -> Vec<Place> {
    [
        home::places(),
        estate::places(),
        residents::places(),
        charging::places(),
        metering::places(),
        billing::places(),
        cashier::places(),
        reports::places(),
        organisation::places(),
    ]
    .concat()
}

/// Every line of the navigation.
pub fn entries() -> Vec<Entry> {
    [
        estate::entries(),
        residents::entries(),
        charging::entries(),
        metering::entries(),
        billing::entries(),
        cashier::entries(),
        reports::entries(),
        organisation::entries(),
    ]
    .concat()
}

/// What the search of the top bar finds for what is typed; `None` while it is looking.
pub fn finder(_typed: Signal<String>) -> Signal<Option<Vec<Found>>> {
    Signal::derive(|| Some(Vec::new()))
}

/// Starts it: who is signed in, then the pages.
pub fn start() {
    crate::shell::watch_panics();
    session::show_theme();
    kit::leave::watch();
    leptos::mount::mount_to_body(App);
    organisation::ask_who();
    if let Some(mark) = document().get_element_by_id("boot") {
        mark.remove();
    }
}

#[component]
fn App() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=|| ()>
                <Route path=path!("/*any") view=Frame />
            </FlatRoutes>
        </Router>
    }
}
