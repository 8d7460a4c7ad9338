//! What a user set for a list, and its menu.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::icon::icon;
use super::super::icons;
use super::super::menu::{Look, menu};
use super::column::Head;
use crate::t;

/// Which columns are hidden and how high rows are: kept in this browser for each list.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    pub(super) name: &'static str,
    pub(super) hidden: RwSignal<Vec<String>>,
    pub(super) compact: RwSignal<bool>,
}

impl Settings {
    pub(super) fn of(name: &'static str, heads: &[Head]) -> Self {
        use gloo::storage::{LocalStorage, Storage};
        let spare = || heads.iter().filter(|head| head.spare).map(|head| head.id.clone()).collect();
        Self {
            name,
            hidden: RwSignal::new(LocalStorage::get(format!("anju.columns.{name}")).unwrap_or_else(|_| spare())),
            compact: RwSignal::new(LocalStorage::get("anju.compact").unwrap_or(false)),
        }
    }

    pub(super) fn shows(self, id: &str) -> bool {
        self.hidden.with(|hidden| hidden.iter().all(|name| name != id))
    }

    pub(super) fn menu(self, heads: Arc<Vec<Head>>) -> AnyView {
        use gloo::storage::{LocalStorage, Storage};
        let density = move |_| {
            self.compact.update(|compact| *compact = !*compact);
            let _kept = LocalStorage::set("anju.compact", self.compact.get_untracked());
        };
        let panel = move |_| {
            heads
                .iter()
                .skip(1)
                .map(|head| {
                    let (id, for_shown) = (head.id.clone(), head.id.clone());
                    let toggle = move |_| {
                        self.hidden.update(|hidden| match hidden.iter().position(|name| *name == id) {
                            Some(place) => {
                                hidden.remove(place);
                            }
                            None => hidden.push(id.clone()),
                        });
                        let _kept = LocalStorage::set(format!("anju.columns.{}", self.name), self.hidden.get_untracked());
                    };
                    view! {
                        <label class="menu-line">
                            <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || self.shows(&for_shown) on:change=toggle />
                            {head.title.clone()}
                        </label>
                    }
                })
                .collect_view()
                .into_any()
        };
        view! {
            <button
                type="button"
                class="btn btn-sm btn-ghost btn-square max-sm:hidden"
                aria-label=t!("kit-compact")
                title=t!("kit-compact")
                aria-pressed=move || self.compact.get().to_string()
                on:click=density
            >
                {icon(icons::ROWS_2)}
            </button>
            <div class="max-sm:hidden">
                {menu(
                    Some(t!("kit-columns")),
                    Look { button: "btn btn-sm btn-ghost btn-square", panel: "right-0 w-44 max-h-96 overflow-y-auto" },
                    icon(icons::COLUMNS_3),
                    panel,
                )}
            </div>
        }
        .into_any()
    }
}
