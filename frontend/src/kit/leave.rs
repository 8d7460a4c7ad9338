//! Nothing typed is lost by accident: leaving a page with a changed form asks first.

use std::cell::Cell;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::t;

thread_local! {
    static DIRTY: Cell<u32> = const { Cell::new(0) };
}

/// Knows whether one form has been changed; forgets it with the page.
#[derive(Clone, Copy)]
pub struct Guard(StoredValue<bool>);

impl Default for Guard {
    fn default() -> Self {
        Self::new()
    }
}

impl Guard {
    /// Of the form or page that is being drawn.
    pub fn new() -> Self {
        let dirty = StoredValue::new(false);
        let counted = StoredValue::new(());
        on_cleanup(move || {
            let _alive = counted;
            if dirty.try_get_value().unwrap_or(false) {
                DIRTY.set(DIRTY.get().saturating_sub(1));
            }
        });
        Self(dirty)
    }

    /// Something would be lost.
    pub fn dirty(self) {
        if self.0.try_get_value() == Some(false) {
            self.0.set_value(true);
            DIRTY.set(DIRTY.get() + 1);
        }
    }

    /// Nothing would be lost any more.
    pub fn clean(self) {
        if self.0.try_get_value() == Some(true) {
            self.0.set_value(false);
            DIRTY.set(DIRTY.get().saturating_sub(1));
        }
    }
}

impl Guard {
    /// Whether this may be given up: nothing was changed, or the person says so.
    pub fn may_drop(self) -> bool {
        let drops = self.0.try_get_value() != Some(true) || gloo::dialogs::confirm(&t!("kit-leave"));
        if drops {
            self.clean();
        }
        drops
    }
}

/// Whether one may go now: nothing was changed, or the person says so.
pub fn may_leave() -> bool {
    if DIRTY.get() == 0 {
        return true;
    }
    let leave = gloo::dialogs::confirm(&t!("kit-leave"));
    if leave {
        DIRTY.set(0);
    }
    leave
}

/// How many forms are changed now.
pub(super) fn dirty() -> u32 {
    DIRTY.get()
}

/// Whether what was changed since there were `before` changed forms may be given up: nothing was, or the person says so.
pub(super) fn may_drop_since(before: u32) -> bool {
    DIRTY.get() <= before || gloo::dialogs::confirm(&t!("kit-leave"))
}

/// Watches links and the closing of the tab; called once, by the application.
pub fn watch() {
    let unload = window_event_listener(ev::beforeunload, |event| {
        if DIRTY.get() > 0 {
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
