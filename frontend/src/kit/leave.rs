//! Nothing typed is lost by accident: leaving a page with a changed form asks first.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::t;

/// The forms that are changed, by the numbers of their guards.
pub(super) type Changed = BTreeSet<u32>;

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
    static CHANGED: RefCell<Changed> = const { RefCell::new(BTreeSet::new()) };
}

/// Knows whether one form has been changed; forgets it with the page.
#[derive(Clone, Copy)]
pub struct Guard(StoredValue<u32>);

impl Default for Guard {
    fn default() -> Self {
        Self::new()
    }
}

impl Guard {
    /// Of the form or page that is being drawn.
    pub fn new() -> Self {
        let number = NEXT.get();
        NEXT.set(number + 1);
        on_cleanup(move || forget(number));
        Self(StoredValue::new(number))
    }

    /// Something would be lost.
    pub fn dirty(self) {
        if let Some(number) = self.0.try_get_value() {
            CHANGED.with_borrow_mut(|changed| changed.insert(number));
        }
    }

    /// Nothing would be lost any more.
    pub fn clean(self) {
        if let Some(number) = self.0.try_get_value() {
            forget(number);
        }
    }

    /// Whether this may be given up: nothing was changed, or the person says so.
    pub fn may_drop(self) -> bool {
        let is_changed = self.0.try_get_value().is_some_and(|number| CHANGED.with_borrow(|changed| changed.contains(&number)));
        let drops = !is_changed || gloo::dialogs::confirm(&t!("kit-leave"));
        if drops {
            self.clean();
        }
        drops
    }
}

fn forget(number: u32) {
    CHANGED.with_borrow_mut(|changed| changed.remove(&number));
}

/// Whether one may go now: nothing was changed, or the person says so.
pub fn may_leave() -> bool {
    may_drop_since(&Changed::new())
}

/// What is changed now.
pub(super) fn changed() -> Changed {
    CHANGED.with_borrow(Clone::clone)
}

/// Whether all may be given up that was not changed before: nothing was, or the person says so.
pub(super) fn may_drop_since(before: &Changed) -> bool {
    let is_kept = CHANGED.with_borrow(|changed| changed.is_subset(before));
    let drops = is_kept || gloo::dialogs::confirm(&t!("kit-leave"));
    if drops {
        CHANGED.with_borrow_mut(|changed| changed.retain(|number| before.contains(number)));
    }
    drops
}

/// Watches links and the closing of the tab; called once, by the application.
pub fn watch() {
    let unload = window_event_listener(ev::beforeunload, |event| {
        if CHANGED.with_borrow(|changed| !changed.is_empty()) {
            event.prevent_default();
        }
    });
    let click = move |event: web_sys::Event| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
        let Ok(Some(link)) = target.closest("a[href]") else { return };
        let href = link.get_attribute("href").unwrap_or_default();
        if href.starts_with('/')
            && link.get_attribute("target").is_none()
            && link.get_attribute("download").is_none()
            && !may_leave()
        {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    };
    // In the capture phase: before the router sees the click.
    let options = gloo::events::EventListenerOptions { phase: gloo::events::EventListenerPhase::Capture, passive: false };
    gloo::events::EventListener::new_with_options(&document(), "click", options, move |event| click(event.clone())).forget();
    // Listens as long as the application lives.
    std::mem::forget(unload);
}
