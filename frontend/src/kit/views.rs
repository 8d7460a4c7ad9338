//! Saved views of a list: tabs that set filters; the user's own are kept in this browser.

use std::collections::BTreeSet;

use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

use super::icon::icon;
use super::icons;
use super::query::{Query, pairs};
use crate::t;

/// A view that the page offers: its title and the filters it sets, as a query string.
pub struct View {
    title: String,
    query: String,
}

impl View {
    pub fn new(title: impl Into<String>, query: impl Into<String>) -> Self {
        Self { title: title.into(), query: query.into() }
    }
}

/// The tabs; `set` are the filters that are in force, whatever else the address holds.
pub(super) fn view_tabs(list: &'static str, views: Vec<View>, query: Query, set: Memo<BTreeSet<(String, String)>>) -> AnyView {
    let store = move || format!("anju.views.{list}");
    let own = RwSignal::new(LocalStorage::get::<Vec<(String, String)>>(store()).unwrap_or_default());
    let keep_own = move || {
        let _kept = LocalStorage::set(store(), own.get_untracked());
    };
    let tab = move |title: String, wanted: String| {
        let wanted = pairs(&wanted);
        let as_set: BTreeSet<_> = wanted.iter().cloned().collect();
        let on = Memo::new(move |_| set.with(|set| *set == as_set));
        view! {
            <button
                type="button"
                role="tab"
                class="tab whitespace-nowrap"
                aria-selected=move || on.get().to_string()
                on:click=move |_| query.replace(&wanted)
            >
                {title}
            </button>
        }
    };
    let offered: Vec<BTreeSet<(String, String)>> = views.iter().map(|view| pairs(&view.query).into_iter().collect()).collect();
    let place_of_own = move || {
        let set = set.get();
        own.with(|own| own.iter().position(|(_, query)| pairs(query).into_iter().collect::<BTreeSet<_>>() == set))
    };
    let unknown = move || !offered.contains(&set.get()) && place_of_own().is_none();
    let naming = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let save = move || {
        let title = name.get_untracked().trim().to_owned();
        if !title.is_empty() {
            let pairs: Vec<_> = set.get_untracked().into_iter().collect();
            own.update(|own| own.push((title, serde_html_form::to_string(&pairs).unwrap_or_default())));
            keep_own();
        }
        naming.set(false);
        name.set(String::new());
    };
    let beside = move || {
        if naming.get() {
            return naming_form(name, naming, save).into_any();
        }
        if unknown() {
            return view! {
                <button type="button" class="btn btn-ghost btn-xs text-ink-2" on:click=move |_| naming.set(true)>
                    {icon(icons::BOOKMARK_PLUS)}
                    {t!("kit-view-save")}
                </button>
            }
            .into_any();
        }
        let Some(place) = place_of_own() else { return ().into_any() };
        let remove = move |_| {
            own.update(|own| {
                if place < own.len() {
                    own.remove(place);
                }
            });
            keep_own();
            query.replace(&[]);
        };
        view! {
            <button type="button" class="btn btn-ghost btn-xs text-ink-2" on:click=remove>
                {icon(icons::TRASH_2)}
                {t!("kit-view-remove")}
            </button>
        }
        .into_any()
    };
    let keys = |event: leptos::ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowRight" | "ArrowLeft")
            && let Some(list) = super::current_target(&event)
        {
            event.prevent_default();
            super::step_focus(&list, "[role=tab]", event.key() == "ArrowRight");
        }
    };
    view! {
        <div class="no-print mx-6 flex items-center gap-2 border-b border-line max-sm:mx-4">
            <div role="tablist" aria-label=t!("kit-views") class="tabs tabs-border min-w-0 flex-1 flex-nowrap overflow-x-auto border-b-0" on:keydown=keys>
                {views.into_iter().map(|view| tab(view.title, view.query)).collect_view()}
                {move || own.get().into_iter().map(|(title, query)| tab(title, query)).collect_view()}
            </div>
            {beside}
        </div>
    }
    .into_any()
}

fn naming_form(name: RwSignal<String>, naming: RwSignal<bool>, save: impl Fn() + Copy + 'static) -> impl IntoView {
    view! {
        <form
            class="flex items-center gap-1"
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <input
                class="input input-xs w-36"
                aria-label=t!("kit-view-name")
                placeholder=t!("kit-view-name")
                maxlength="20"
                autofocus
                on:input=move |event| name.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        naming.set(false);
                    }
                }
            />
            <button class="btn btn-xs">{t!("kit-save")}</button>
        </form>
    }
}
