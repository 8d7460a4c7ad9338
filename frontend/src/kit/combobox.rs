//! A field that looks for things as one types: a unit, a resident, a fee item among many.

use std::hash::Hash;
use std::pin::Pin;
use std::rc::Rc;

use common::api::Endpoint;
use common::problem::Problem;
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::icon::icon_sized;
use super::{Form, icons};
use crate::{t, text};

/// Something that may be picked.
#[derive(Clone, Debug)]
pub struct Pick<V> {
    pub value: V,
    pub title: String,
    /// What tells it apart from others of the same title.
    pub note: String,
}

impl<V> Pick<V> {
    pub fn new(value: V, title: impl Into<String>, note: impl Into<String>) -> Self {
        Self { value, title: title.into(), note: note.into() }
    }
}

/// What stands in the field once something is picked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// What was picked.
    Title,
    /// Nothing: it was put elsewhere, and the next is looked for.
    Blank,
}

type Lines = Vec<(String, String)>;
type Find = Rc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Lines, Problem>>>>>;

/// The field. `find` is asked 200 ms after the last keystroke, also for the empty text when it opens; `picked` gets the
/// choice, or `None` when the text is cleared. `shown` is what stands there at first.
pub fn combobox<V, F>(
    id: String,
    shown: String,
    placeholder: String,
    find: impl Fn(String) -> F + 'static,
    picked: impl Fn(Option<V>) + 'static,
) -> AnyView
where
    V: Clone + 'static,
    F: Future<Output = Result<Vec<Pick<V>>, Problem>> + 'static,
{
    ask(id, shown, After::Title, placeholder, find, picked)
}

/// The same for one thing after the other: the field is blank again after each.
pub fn adding_combobox<V, F>(
    id: String,
    placeholder: String,
    find: impl Fn(String) -> F + 'static,
    add: impl Fn(V) + 'static,
) -> AnyView
where
    V: Clone + 'static,
    F: Future<Output = Result<Vec<Pick<V>>, Problem>> + 'static,
{
    ask(id, String::new(), After::Blank, placeholder, find, move |picked: Option<V>| picked.into_iter().for_each(&add))
}

fn ask<V, F>(
    id: String,
    shown: String,
    after: After,
    placeholder: String,
    find: impl Fn(String) -> F + 'static,
    picked: impl Fn(Option<V>) + 'static,
) -> AnyView
where
    V: Clone + 'static,
    F: Future<Output = Result<Vec<Pick<V>>, Problem>> + 'static,
{
    let values = StoredValue::new_local(Vec::<V>::new());
    let find: Find = Rc::new(move |text| {
        let found = find(text);
        Box::pin(async move {
            let found = found.await?;
            let lines = found.iter().map(|pick| (pick.title.clone(), pick.note.clone())).collect();
            values.try_update_value(|values| *values = found.into_iter().map(|pick| pick.value).collect());
            Ok(lines)
        })
    });
    let choose = move |place: Option<usize>| {
        let value = place.and_then(|place| values.with_value(|values| values.get(place).cloned()));
        if place.is_none() || value.is_some() {
            picked(value);
        }
    };
    draw(id, shown, after, placeholder, find, Rc::new(choose))
}

fn draw(id: String, shown: String, after: After, placeholder: String, find: Find, choose: Rc<dyn Fn(Option<usize>)>) -> AnyView {
    let typed = RwSignal::new(shown.clone());
    let settled = RwSignal::new(shown);
    let open = RwSignal::new(false);
    let at = RwSignal::new(0_usize);
    let found = RwSignal::new(None::<Result<Lines, Problem>>);
    let turn = StoredValue::new(0_u32);
    let timer = StoredValue::new_local(None::<gloo::timers::callback::Timeout>);
    let find = StoredValue::new_local(find);
    let choose = StoredValue::new_local(choose);
    let root = NodeRef::<html::Div>::new();
    let look = move |wait: u32| {
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let mine = turn.get_value();
        timer.set_value(Some(gloo::timers::callback::Timeout::new(wait, move || {
            let Some(text) = typed.try_get_untracked() else { return };
            let Some(find) = find.try_get_value() else { return };
            spawn_local(async move {
                let lines = find(text.trim().to_owned()).await;
                // An older answer must not overtake a newer one.
                if turn.try_get_value() == Some(mine) {
                    at.try_set(0);
                    found.try_set(Some(lines));
                }
            });
        })));
    };
    let take = move |place: usize| {
        let title = found.with_untracked(|found| found.as_ref()?.as_ref().ok()?.get(place).map(|(title, _)| title.clone()));
        let Some(title) = title else { return };
        let stays = if after == After::Title { title } else { String::new() };
        typed.set(stays.clone());
        settled.set(stays);
        open.set(false);
        // The lines were those of the text that is gone, and so are those that are still looked for.
        if after == After::Blank {
            turn.update_value(|turn| *turn = turn.wrapping_add(1));
            found.set(None);
        }
        choose.get_value()(Some(place));
    };
    let keys = move |event: KeyboardEvent| {
        let many = found.with_untracked(|found| found.as_ref().and_then(|found| found.as_ref().ok()).map_or(0, Vec::len));
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !open.get_untracked() => {
                open.set(true);
                look(0);
            }
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(many.saturating_sub(1))),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" if open.get_untracked() && !event.ctrl_key() => take(at.get_untracked()),
            "Escape" if open.get_untracked() => {
                typed.set(settled.get_untracked());
                open.set(false);
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let left = move |event: FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        // The field loses the focus once more when its dialog is taken away with it.
        let Some(root) = root.try_get_untracked() else { return };
        if root.is_some_and(|root| next.is_some_and(|next| root.contains(Some(&next)))) {
            return;
        }
        open.set(false);
        if typed.with_untracked(String::is_empty) {
            if !settled.with_untracked(String::is_empty) {
                settled.set(String::new());
                choose.get_value()(None);
            }
        } else {
            typed.set(settled.get_untracked());
        }
    };
    let list_id = format!("{id}-list");
    let option_id = {
        let list_id = list_id.clone();
        move |place: usize| format!("{list_id}-{place}")
    };
    let active = {
        let option_id = option_id.clone();
        move || open.get().then(|| option_id(at.get()))
    };
    let lines = move || {
        found.get().map(|found| match found {
            Err(problem) => view! { <p class="px-2 py-2 text-sm text-error">{text::of_problem(&problem)}</p> }.into_any(),
            Ok(lines) if lines.is_empty() => {
                view! { <p class="px-2 py-2 text-sm text-ink-2">{t!("kit-nothing-found")}</p> }.into_any()
            }
            Ok(lines) => lines
                .into_iter()
                .enumerate()
                .map(|(place, (title, note))| {
                    view! {
                        <div
                            role="option"
                            id=option_id(place)
                            class="menu-line"
                            class:bg-hover=move || at.get() == place
                            aria-selected=move || (at.get() == place).to_string()
                            on:mousedown=move |event| {
                                event.prevent_default();
                                take(place);
                            }
                        >
                            <span class="truncate">{title}</span>
                            <span class="ml-auto truncate pl-4 text-xs text-ink-2">{note}</span>
                        </div>
                    }
                })
                .collect_view()
                .into_any(),
        })
    };
    view! {
        <div class="relative" node_ref=root on:focusout=left>
            <label class="input">
                <input
                    id=id
                    role="combobox"
                    autocomplete="off"
                    aria-autocomplete="list"
                    aria-expanded=move || open.get().to_string()
                    aria-controls=list_id.clone()
                    aria-activedescendant=active
                    placeholder=placeholder
                    prop:value=move || typed.get()
                    on:keydown=keys
                    on:click=move |_| {
                        open.set(true);
                        look(0);
                    }
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        open.set(true);
                        look(200);
                    }
                />
                {icon_sized(icons::CHEVRONS_UP_DOWN, 14, "text-ink-3")}
            </label>
            <div id=list_id role="listbox" class="menu-float absolute top-full right-0 left-0 z-40 mt-1 max-h-72 overflow-y-auto p-1" class:hidden=move || !open.get()>
                {lines}
            </div>
        </div>
    }
    .into_any()
}

impl<E> Form<E>
where
    E: Endpoint + Clone + PartialEq + Sync,
{
    /// A field that looks for things: the request holds an `Option` of what is picked.
    pub fn pick<V, F>(
        self,
        field: &str,
        label: impl Into<String>,
        at: fn(&mut E) -> &mut Option<V>,
        shown: impl Into<String>,
        find: impl Fn(String) -> F + 'static,
    ) -> AnyView
    where
        V: Clone + Send + Sync + 'static,
        F: Future<Output = Result<Vec<Pick<V>>, Problem>> + 'static,
    {
        let draft = self.draft;
        let shown = shown.into();
        self.custom(field, label, move |id, changed| {
            combobox(id, shown, t!("kit-search"), find, move |value| {
                draft.update(|draft| *at(draft) = value);
                changed();
            })
        })
    }

    /// A field that looks for several things: each stands below it, by its title, until it is taken out again. `named` holds those that
    /// are in the request, with their titles.
    pub fn picks<V, F>(
        self,
        field: &str,
        label: impl Into<String>,
        at: fn(&mut E) -> &mut Vec<V>,
        named: RwSignal<Vec<(V, String)>>,
        placeholder: String,
        find: impl Fn(String) -> F + 'static,
    ) -> AnyView
    where
        V: Copy + Eq + Hash + Send + Sync + 'static,
        F: Future<Output = Result<Vec<Pick<V>>, Problem>> + 'static,
    {
        let draft = self.draft;
        self.custom(field, label, move |id, changed| {
            let told = move || {
                draft.update(|draft| {
                    *at(draft) = named.with_untracked(|named| named.iter().map(|(value, _)| *value).collect());
                });
                changed();
            };
            let for_drop = told.clone();
            let add = move |picked: (V, String)| {
                if named.with_untracked(|named| named.iter().all(|(known, _)| *known != picked.0)) {
                    named.update(|named| named.push(picked));
                    told();
                }
            };
            let titled = move |text| {
                let found = find(text);
                async move {
                    let titled = |pick: Pick<V>| Pick::new((pick.value, pick.title.clone()), pick.title, pick.note);
                    Ok(found.await?.into_iter().map(titled).collect())
                }
            };
            let chip = move |(value, title): (V, String)| {
                let told = for_drop.clone();
                let remove = move || {
                    named.update(|named| named.retain(|(known, _)| *known != value));
                    told();
                };
                chip(title, remove)
            };
            view! {
                {adding_combobox(id, placeholder, titled, add)}
                <ul class="mt-2 flex flex-wrap gap-2">
                    <For each=move || named.get() key=|(value, _)| *value children=chip />
                </ul>
            }
            .into_any()
        })
    }
}

/// Something that was picked, with a button that takes it out again.
fn chip(title: String, remove: impl Fn() + 'static) -> AnyView {
    let word = t!("kit-pick-remove", name = title);
    view! {
        <li class="flex min-h-8 items-center gap-1 border border-line pr-1 pl-2 text-sm">
            {title}
            <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=word.clone() title=word on:click=move |_| remove()>
                {icon_sized(icons::X, 14, "")}
            </button>
        </li>
    }
    .into_any()
}
