//! The application: one line for each capability.

use common::estate::api::{Hit, HitKind, Search};
use common::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::api::call;
use crate::shell::chunk::{self, Chunk};
use crate::shell::{Entry, Found, Frame};
use crate::{
    approvals, billing, cashier, charging, estate, kit, metering, organisation, reports, residents, session, t, waivers,
};

/// Every line of the navigation.
pub fn entries() -> Vec<Entry> {
    [
        estate::entries(),
        residents::entries(),
        charging::entries(),
        metering::entries(),
        waivers::entries(),
        approvals::entries(),
        billing::entries(),
        cashier::entries(),
        reports::entries(),
        organisation::entries(),
    ]
    .concat()
}

/// What the search of the top bar finds for what is typed, 200 ms after the last key; `None` while it is looking.
pub fn finder(typed: Signal<String>) -> Signal<Option<Vec<Found>>> {
    let found = RwSignal::new(Some(Vec::new()));
    let timer = StoredValue::new_local(None::<gloo::timers::callback::Timeout>);
    Effect::new(move || {
        let text = typed.get().trim().to_owned();
        if text.is_empty() || !session::may(Permission::EstateRead) {
            timer.set_value(None);
            found.set(Some(Vec::new()));
            return;
        }
        found.set(None);
        timer.set_value(Some(gloo::timers::callback::Timeout::new(200, move || {
            spawn_local(async move {
                let hits = call(Search { community: session::community(), text: text.clone() }).await.unwrap_or_default();
                // A later keystroke has asked again by now.
                if typed.try_get_untracked().is_some_and(|now| now.trim() == text) {
                    found.try_set(Some(hits.into_iter().map(of_hit).collect()));
                }
            });
        })));
    });
    found.into()
}

fn of_hit(hit: Hit) -> Found {
    let kind = match hit.kind {
        HitKind::Unit => "kit-found-unit",
        HitKind::Resident => "kit-found-resident",
        HitKind::Vehicle => "kit-found-vehicle",
    };
    Found { kind: t!(kind), title: hit.title, note: hit.detail, href: hit.link }
}

/// Starts it: who is signed in, then the pages.
pub fn start(chunks: &'static [Chunk]) {
    chunk::know(chunks);
    crate::shell::watch_panics();
    session::show_theme();
    session::watch_device();
    kit::leave::watch();
    leptos::mount::mount_to_body(App);
    organisation::ask_who();
    // Beside that question: a chunk for the page of this address, or for the one after signing in.
    let path = window().location().pathname().unwrap_or_default();
    chunk::fetch(if path == "/sign-in" { "/" } else { &path });
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
