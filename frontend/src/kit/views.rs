//! Saved views of a list: tabs that set filters; the user's own are kept in this browser.

use std::collections::BTreeSet;
use std::sync::Arc;

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

/// The tabs; `known` are the names that filters write, everything else in the address stays as it is.
pub(super) fn view_tabs(list: &'static str, views: Vec<View>, query: Query, known: Arc<Vec<&'static str>>) -> AnyView {
    let store = move || format!("anju.views.{list}");
    let own = RwSignal::new(LocalStorage::get::<Vec<(String, String)>>(store()).unwrap_or_default());
    let set: Memo<BTreeSet<(String, String)>> = Memo::new({
        let known = known.clone();
        move |_| query.pairs().into_iter().filter(|(key, value)| !value.is_empty() && known.contains(&key.as_str())).collect()
    });
    let keep_own = move || {
        let _kept = LocalStorage::set(store(), own.get_untracked());
    };
    let tab = move |title: String, wanted: String, mine: Option<usize>| {
        let wanted = pairs(&wanted);
        let as_set: BTreeSet<_> = wanted.iter().cloned().collect();
        let on = Memo::new(move |_| set.with(|set| *set == as_set));
        view! {
            <span class="tab" role="presentation" aria-selected=move || on.get().to_string()>
                <button
                    type="button"
                    role="tab"
                    class="h-full whitespace-nowrap"
                    aria-selected=move || on.get().to_string()
                    on:click=move |_| query.replace(&wanted)
                >
                    {title}
                </button>
                {mine
                    .map(|place| {
                        view! {
                            <button
                                type="button"
                                class="text-ink-3 hover:text-ink"
                                aria-label=t!("kit-view-remove")
                                title=t!("kit-view-remove")
                                on:click=move |_| {
                                    own.update(|own| {
                                        if place < own.len() {
                                            own.remove(place);
                                        }
                                    });
                                    keep_own();
                                }
                            >
                                {super::icon_sized(icons::X, 12, "")}
                            </button>
                        }
                    })}
            </span>
        }
    };
    let offered: Vec<BTreeSet<(String, String)>> = views.iter().map(|view| pairs(&view.query).into_iter().collect()).collect();
    let unknown = move || {
        let set = set.get();
        !offered.contains(&set)
            && own.with(|own| own.iter().all(|(_, query)| pairs(query).into_iter().collect::<BTreeSet<_>>() != set))
    };
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
    view! {
        <div class="no-print px-6 max-sm:px-4">
            <div role="tablist" aria-label=t!("kit-views") class="tabs tabs-border flex-nowrap overflow-x-auto">
                {views.into_iter().map(|view| tab(view.title, view.query, None)).collect_view()}
                {move || own.get().into_iter().enumerate().map(|(place, (title, query))| tab(title, query, Some(place))).collect_view()}
                {move || {
                    if naming.get() {
                        view! {
                            <form
                                class="ml-auto flex items-center gap-1 self-center"
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
                            .into_any()
                    } else if unknown() {
                        view! {
                            <button type="button" class="btn btn-ghost btn-xs ml-auto self-center text-ink-2" on:click=move |_| naming.set(true)>
                                {icon(icons::BOOKMARK_PLUS)}
                                {t!("kit-view-save")}
                            </button>
                        }
                            .into_any()
                    } else {
                        ().into_any()
                    }
                }}
            </div>
        </div>
    }
    .into_any()
}
