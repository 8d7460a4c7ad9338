//! The table of a list: its head, its rows, what stands there meanwhile, and the keys that move in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use common::problem::Problem;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::super::icon::icon_sized;
use super::super::icons;
use super::super::query::Query;
use super::column::Head;
use super::settings::Settings;
use crate::t;

/// A page of rows without their type.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) keys: Arc<Vec<String>>,
    pub(super) links: Arc<Vec<Option<String>>>,
    pub(super) cell: Arc<dyn Fn(usize, usize) -> AnyView + Send + Sync>,
    pub(super) total: Option<u64>,
    pub(super) more: bool,
}

pub(super) fn table_head(
    heads: &[Head],
    settings: Settings,
    query: Query,
    pick: Option<(RwSignal<BTreeSet<String>>, RwSignal<Option<Result<Rows, Problem>>>)>,
) -> AnyView {
    let sorted = query.one("sort");
    let cells = heads
        .iter()
        .filter(|head| settings.shows(&head.id))
        .map(|head| {
            let Some(key) = head.sort else {
                return view! { <th scope="col" class=if head.num { "num" } else { "" }>{head.title.clone()}</th> }.into_any();
            };
            let (rising, falling) =
                (sorted.as_deref() == Some(key), sorted.as_deref().and_then(|sort| sort.strip_prefix('-')) == Some(key));
            let next = if rising {
                Some(format!("-{key}"))
            } else if falling {
                None
            } else {
                Some(key.to_owned())
            };
            let arrow = match (rising, falling) {
                (true, _) => icon_sized(icons::ARROW_UP, 12, ""),
                (_, true) => icon_sized(icons::ARROW_DOWN, 12, ""),
                _ => icon_sized(icons::CHEVRONS_UP_DOWN, 12, "opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60"),
            };
            view! {
                <th
                    scope="col"
                    class=if head.num { "num" } else { "" }
                    aria-sort=if rising { "ascending" } else if falling { "descending" } else { "none" }
                >
                    <button
                        type="button"
                        class="group inline-flex items-center gap-1 hover:text-ink"
                        class:flex-row-reverse=head.num
                        class:text-ink=rising || falling
                        on:click=move |_| query.put(&[("sort", next.as_deref()), ("page", None)])
                    >
                        {head.title.clone()}
                        {arrow}
                    </button>
                </th>
            }
            .into_any()
        })
        .collect_view();
    let all = pick.map(|(picked, shown)| {
        let state = move || {
            shown.with(|shown| match shown {
                Some(Ok(rows)) if !rows.keys.is_empty() => {
                    let ticked = picked.with(|picked| rows.keys.iter().filter(|key| picked.contains(*key)).count());
                    (ticked == rows.keys.len(), ticked > 0 && ticked < rows.keys.len())
                }
                _ => (false, false),
            })
        };
        let toggle = move |_| {
            let every = state().0;
            shown.with_untracked(|shown| {
                if let Some(Ok(rows)) = shown {
                    picked.update(|picked| {
                        for key in rows.keys.iter() {
                            if every {
                                picked.remove(key)
                            } else {
                                picked.insert(key.clone())
                            };
                        }
                    });
                }
            });
        };
        view! {
            <th scope="col" class="w-14">
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs align-middle"
                    aria-label=t!("kit-select-page")
                    prop:checked=move || state().0
                    prop:indeterminate=move || state().1
                    on:change=toggle
                />
            </th>
        }
    });
    view! { <tr>{all}{cells}</tr> }.into_any()
}

pub(super) fn table_rows(
    rows: &Rows,
    heads: &[Head],
    settings: Settings,
    picked: RwSignal<BTreeSet<String>>,
    pickable: bool,
) -> AnyView {
    let columns: Vec<(usize, Head)> = heads
        .iter()
        .enumerate()
        .filter(|(_, head)| settings.shows(&head.id))
        .map(|(place, head)| (place, head.clone()))
        .collect();
    rows.keys
        .iter()
        .enumerate()
        .map(|(place, key)| {
            let link = rows.links.get(place).cloned().flatten();
            let cells = columns
                .iter()
                .enumerate()
                .map(|(order, (column, head))| {
                    let inner = (rows.cell)(place, *column);
                    let inner = match link.clone().filter(|_| order == 0) {
                        Some(href) => view! { <a class="a" href=href>{inner}</a> }.into_any(),
                        None => inner,
                    };
                    let class = match (head.num, head.strong, head.wide, head.phone) {
                        (true, true, ..) => "num font-semibold",
                        (true, false, ..) => "num",
                        (_, _, true, _) => "list-wide",
                        (.., false) => "list-not-phone",
                        _ => "",
                    };
                    view! { <td class=class data-label=head.title.clone()>{inner}</td> }
                })
                .collect_view();
            let tick = pickable.then(|| {
                let (for_checked, for_change) = (key.clone(), key.clone());
                view! {
                    <td class="list-tick">
                        <input
                            type="checkbox"
                            class="checkbox checkbox-xs align-middle"
                            aria-label=t!("kit-select-row")
                            prop:checked=move || picked.with(|picked| picked.contains(&for_checked))
                            on:change=move |_| {
                                picked
                                    .update(|picked| {
                                        if !picked.remove(&for_change) {
                                            picked.insert(for_change.clone());
                                        }
                                    });
                            }
                        />
                    </td>
                }
            });
            let selected = pickable.then(|| {
                let key = key.clone();
                move || picked.with(|picked| picked.contains(&key)).then_some("true")
            });
            view! {
                <tr tabindex=if place == 0 { "0" } else { "-1" } aria-selected=selected>
                    {tick}
                    {cells}
                </tr>
            }
        })
        .collect_view()
        .into_any()
}

pub(super) fn skeleton_rows(heads: &[Head], settings: Settings, pickable: bool) -> AnyView {
    let columns: Vec<bool> = heads.iter().filter(|head| settings.shows(&head.id)).map(|head| head.num).collect();
    (0..12_usize)
        .map(|row| {
            let cells = columns
                .iter()
                .enumerate()
                .map(|(column, num)| {
                    let width = if column == 0 { 104 } else { 44 + (row * 7 + column * 13) % 40 };
                    let class = if *num { "skeleton ml-auto block h-3" } else { "skeleton block h-3" };
                    view! { <td><span class=class style:width=format!("{width}px")></span></td> }
                })
                .collect_view();
            view! {
                <tr class="skeleton-late" aria-hidden="true">
                    {pickable.then(|| view! { <td><span class="skeleton block size-4"></span></td> })}
                    {cells}
                </tr>
            }
        })
        .collect_view()
        .into_any()
}

/// Arrow keys move between rows, Enter opens, Space ticks.
pub(super) fn row_keys(event: KeyboardEvent) {
    let Some(row) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    let Ok(Some(row)) = row.closest("tr") else { return };
    let on_row = event.target().is_some_and(|target| target.dyn_ref::<web_sys::Element>() == Some(&row));
    let focus = |row: Option<web_sys::Element>| {
        if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
            event.prevent_default();
            let _focused = row.focus();
        }
    };
    let click = |selector: &str| {
        if let Some(inner) =
            row.query_selector(selector).ok().flatten().and_then(|inner| inner.dyn_into::<web_sys::HtmlElement>().ok())
        {
            event.prevent_default();
            inner.click();
        }
    };
    match event.key().as_str() {
        "ArrowDown" => focus(row.next_element_sibling()),
        "ArrowUp" => focus(row.previous_element_sibling()),
        "Enter" if on_row => click("td a"),
        " " if on_row => click("td input[type=checkbox]"),
        _ => {}
    }
}
