//! Finding a household in a keystroke: by room, name, phone or plate.

use common::estate::api::{Hit, Search};
use common::id::UnitId;
use gloo::timers::callback::Timeout;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::Counter;
use crate::api::call;
use crate::kit::{icon_sized, icons};
use crate::{session, t};

/// Milliseconds without a key before the server is asked.
const PAUSE: u32 = 120;

#[derive(Clone, Copy)]
struct Finder {
    text: RwSignal<String>,
    hits: RwSignal<Option<Vec<Hit>>>,
    at: RwSignal<usize>,
    timer: StoredValue<Option<Timeout>, LocalStorage>,
    /// Enter came before the answer did.
    eager: RwSignal<bool>,
    counter: Counter,
}

impl Finder {
    fn typed(self, text: String) {
        self.eager.set(false);
        self.at.set(0);
        let blank = text.trim().is_empty();
        self.text.set(text);
        if blank {
            self.timer.set_value(None);
            self.hits.set(None);
        } else {
            self.timer.set_value(Some(Timeout::new(PAUSE, move || self.ask())));
        }
    }

    fn ask(self) {
        let text = self.text.get_untracked();
        let ask = Search { community: session::community(), text: text.trim().trim_start_matches('/').trim_start().to_owned() };
        spawn_local(async move {
            let result = call(ask).await;
            // An answer to what is not typed any more is nobody's.
            if self.text.try_get_untracked().is_none_or(|now| now != text) {
                return;
            }
            let hits: Vec<Hit> =
                result.map(|hits| hits.into_iter().filter(|hit| hit.unit.is_some()).collect()).unwrap_or_default();
            let first = hits.first().and_then(|hit| hit.unit).filter(|_| self.eager.get_untracked());
            self.hits.set(Some(hits));
            if let Some(unit) = first {
                self.open(unit);
            }
        });
    }

    fn open(self, unit: UnitId) {
        self.hits.set(None);
        self.text.set(String::new());
        self.eager.set(false);
        self.counter.open(unit);
    }

    fn key(self, event: &KeyboardEvent) {
        let found = self.hits.with_untracked(|hits| hits.as_ref().map_or(0, Vec::len));
        match event.key().as_str() {
            "ArrowDown" if found > 0 => self.at.update(|at| *at = (*at + 1) % found),
            "ArrowUp" if found > 0 => self.at.update(|at| *at = (*at + found - 1) % found),
            "Enter" if !event.is_composing() => {
                let at = self.at.get_untracked();
                match self.hits.with_untracked(|hits| hits.as_ref().and_then(|hits| hits.get(at)?.unit)) {
                    Some(unit) => self.open(unit),
                    None => self.eager.set(true),
                }
            }
            "Escape" if !self.text.with_untracked(String::is_empty) => {
                event.stop_propagation();
                self.typed(String::new());
            }
            _ => return,
        }
        event.prevent_default();
    }
}

/// The search field with what it found beneath.
pub(super) fn find(counter: Counter) -> AnyView {
    let finder = Finder {
        text: RwSignal::new(String::new()),
        hits: RwSignal::new(None),
        at: RwSignal::new(0),
        timer: StoredValue::new_local(None),
        eager: RwSignal::new(false),
        counter,
    };
    let found = move || finder.hits.with(|hits| hits.as_ref().map(|hits| t!("cashier-hits", count = hits.len())));
    view! {
        <div class="relative flex-1">
            <label class="input input-lg h-12 w-full">
                <span class="sr-only">{t!("cashier-find")}</span>
                {icon_sized(icons::SEARCH, 20, "text-ink-3")}
                <input
                    id="find"
                    type="search"
                    class="text-lg"
                    autocomplete="off"
                    role="combobox"
                    aria-expanded=move || finder.hits.with(Option::is_some).to_string()
                    aria-controls=move || finder.hits.with(Option::is_some).then_some("hits")
                    aria-activedescendant=move || {
                        finder.hits.with(|hits| hits.as_ref().is_some_and(|hits| !hits.is_empty())).then(|| format!("hit-{}", finder.at.get()))
                    }
                    placeholder=t!("cashier-find-by")
                    prop:value=move || finder.text.get()
                    on:input=move |event| finder.typed(event_target_value(&event))
                    on:keydown=move |event| finder.key(&event)
                />
                <span class="label-xs" aria-live="polite">{found}</span>
                <kbd class="kbd max-sm:hidden">"/"</kbd>
            </label>
            {move || finder.hits.get().map(|hits| list(finder, hits))}
        </div>
    }
    .into_any()
}

fn list(finder: Finder, hits: Vec<Hit>) -> AnyView {
    let lines = hits
        .into_iter()
        .enumerate()
        .map(|(place, hit)| {
            let unit = hit.unit;
            view! {
                <li
                    id=format!("hit-{place}")
                    role="option"
                    aria-selected=move || (finder.at.get() == place).to_string()
                    class="flex min-h-11 cursor-pointer items-center gap-3 rounded-field px-3 aria-selected:bg-pick"
                    // A list that opens under a pointer that rests must not change whom Enter opens.
                    on:mousemove=move |event| {
                        if event.movement_x() != 0 || event.movement_y() != 0 {
                            finder.at.set(place);
                        }
                    }
                    on:mousedown=move |event| {
                        event.prevent_default();
                        if let Some(unit) = unit {
                            finder.open(unit);
                        }
                    }
                >
                    <span class="font-semibold whitespace-nowrap">{hit.title}</span>
                    <span class="truncate text-sm text-ink-2">{hit.detail}</span>
                </li>
            }
        })
        .collect_view();
    let none = move || finder.hits.with(|hits| hits.as_ref().is_some_and(Vec::is_empty));
    view! {
        <div class="menu-float absolute top-full right-0 left-0 z-40 mt-1 p-1">
            <ul id="hits" role="listbox" aria-label=t!("cashier-find")>{lines}</ul>
            {move || none().then(|| view! { <p class="px-3 py-2 text-sm text-ink-2">{t!("cashier-nobody")}</p> })}
        </div>
    }
    .into_any()
}
