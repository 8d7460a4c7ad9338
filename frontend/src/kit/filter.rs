//! Filters of a list: chips that are quiet while unset and tinted while set. Their state is the address.

use std::pin::Pin;
use std::sync::Arc;

use common::problem::Problem;
use leptos::prelude::*;

use super::icon::{icon, icon_sized};
use super::icons;
use super::menu::{Look, menu};
use super::query::Query;
use crate::t;

/// A value that a filter may take and what it is called.
pub type Choice = (String, String);
type Own = Arc<dyn Fn(Query) -> AnyView + Send + Sync>;
type Later = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Vec<Choice>, Problem>>>> + Send + Sync>;

#[derive(Clone)]
enum Kind {
    One(Vec<Choice>),
    Many(Vec<Choice>),
    Later {
        ask: Later,
        many: bool,
    },
    /// Two names, from and to; `month` or `date`.
    Range(&'static str, &'static str),
    Tick,
    Own(Own),
}

/// One filter: it fills the request's field of the same name.
#[derive(Clone)]
pub struct Filter {
    name: &'static str,
    label: String,
    kind: Kind,
    folded: bool,
}

impl Filter {
    fn new(name: &'static str, label: impl Into<String>, kind: Kind) -> Self {
        Self { name, label: label.into(), kind, folded: false }
    }

    /// One of a few values.
    pub fn one(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::One(choices))
    }

    /// Any of a few values; the request's field is a `Vec`.
    pub fn many(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Kind::Many(choices))
    }

    /// One of values that the server is asked for when the filter is first drawn: buildings, fee items.
    pub fn later<F>(name: &'static str, label: impl Into<String>, ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<Choice>, Problem>> + 'static,
    {
        Self::new(name, label, Kind::Later { ask: Arc::new(move || Box::pin(ask())), many: false })
    }

    /// Any of values that the server is asked for; the request's field is a `Vec`.
    pub fn many_later<F>(name: &'static str, label: impl Into<String>, ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<Choice>, Problem>> + 'static,
    {
        Self::new(name, label, Kind::Later { ask: Arc::new(move || Box::pin(ask())), many: true })
    }

    /// Months from–to, in two fields of the request: `Filter::months("from_month", "to_month", t!("…"))`.
    pub fn months(from: &'static str, to: &'static str, label: impl Into<String>) -> Self {
        Self::new(from, label, Kind::Range(to, "month"))
    }

    /// Days from–to, in two fields of the request.
    pub fn days(from: &'static str, to: &'static str, label: impl Into<String>) -> Self {
        Self::new(from, label, Kind::Range(to, "date"))
    }

    /// A field of the request that is `true` or absent.
    pub fn tick(name: &'static str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Tick)
    }

    /// A chip that the page draws; several of them may share the name, each with values of its own.
    pub fn own(name: &'static str, draw: impl Fn(Query) -> AnyView + Send + Sync + 'static) -> Self {
        Self::new(name, "", Kind::Own(Arc::new(draw)))
    }

    /// Stands under "more filters".
    #[must_use]
    pub fn folded(mut self) -> Self {
        self.folded = true;
        self
    }

    /// The names it writes into the address.
    pub fn names(&self) -> Vec<&'static str> {
        match self.kind {
            Kind::Range(to, _) => vec![self.name, to],
            _ => vec![self.name],
        }
    }
}

/// The chips in a row, the folded ones behind a button, and a way to clear what is set.
pub(super) fn filter_chips(filters: Vec<Filter>, query: Query) -> AnyView {
    let names: Vec<&'static str> = filters.iter().flat_map(Filter::names).collect();
    let any = Memo::new({
        let names = names.clone();
        move |_| query.pairs().iter().any(|(key, value)| names.contains(&key.as_str()) && !value.is_empty())
    });
    let (folded, open): (Vec<_>, Vec<_>) = filters.into_iter().partition(|filter| filter.folded);
    let folded_set = folded.iter().flat_map(Filter::names).any(|name| query.one(name).is_some());
    let unfolded = RwSignal::new(folded_set);
    let has_folded = !folded.is_empty();
    let folded = StoredValue::new(folded);
    view! {
        {open.into_iter().map(|filter| chip(filter, query)).collect_view()}
        {move || unfolded.get().then(|| folded.with_value(|folded| folded.iter().cloned().map(|filter| chip(filter, query)).collect_view()))}
        {has_folded
            .then(|| {
                view! {
                    <button
                        type="button"
                        class="btn btn-sm btn-ghost gap-1.5 px-2"
                        aria-expanded=move || unfolded.get().to_string()
                        on:click=move |_| unfolded.update(|unfolded| *unfolded = !*unfolded)
                    >
                        {icon(icons::SLIDERS_HORIZONTAL)}
                        {t!("kit-filters-more")}
                    </button>
                }
            })}
        {move || {
            let names = names.clone();
            any.get()
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="btn btn-sm btn-ghost px-2 text-ink-2"
                            on:click=move |_| {
                                let none: Vec<_> = names.iter().map(|name| (*name, None)).chain([("page", None)]).collect();
                                query.put(&none);
                            }
                        >
                            {t!("kit-filters-clear")}
                        </button>
                    }
                })
        }}
    }
    .into_any()
}

fn chip(filter: Filter, query: Query) -> AnyView {
    let Filter { name, label, kind, .. } = filter;
    match kind {
        Kind::One(choices) => choice_chip(name, label, choices, false, query),
        Kind::Many(choices) => choice_chip(name, label, choices, true, query),
        Kind::Later { ask, many } => {
            let choices = LocalResource::new(move || ask());
            (move || match choices.get() {
                Some(Ok(choices)) => choice_chip(name, label.clone(), choices, many, query),
                _ => {
                    let label = label.clone();
                    view! { <span class="chip"><span>{label}</span><span>{t!("kit-all")}</span>{icon_sized(icons::CHEVRON_DOWN, 14, "text-ink-3")}</span> }
                        .into_any()
                }
            })
            .into_any()
        }
        Kind::Own(draw) => draw(query),
        Kind::Range(to, kind) => range_chip(name, to, kind, label, query),
        Kind::Tick => view! {
            <button
                type="button"
                class=move || if query.one(name).is_some() { "chip chip-on" } else { "chip" }
                aria-pressed=move || query.one(name).is_some().to_string()
                on:click=move |_| {
                    let next = query.one(name).is_none().then_some("true");
                    query.put(&[(name, next), ("page", None)]);
                }
            >
                <span>{label}</span>
                {move || query.one(name).is_some().then(|| icon_sized(icons::CHECK, 14, "text-primary"))}
            </button>
        }
        .into_any(),
    }
}

fn choice_chip(name: &'static str, label: String, choices: Vec<Choice>, many: bool, query: Query) -> AnyView {
    let choices = StoredValue::new(choices);
    let set = Memo::new(move |_| query.all(name).into_iter().filter(|value| !value.is_empty()).collect::<Vec<_>>());
    let shown = move || {
        let set = set.get();
        let first = choices.with_value(|choices| {
            set.first().map(|first| {
                choices.iter().find(|(value, _)| value == first).map_or_else(|| first.clone(), |(_, word)| word.clone())
            })
        });
        match (first, set.len()) {
            (None, _) => t!("kit-all"),
            (Some(first), 1) => first,
            (Some(first), number) => t!("kit-and-more", first = first, count = number),
        }
    };
    let choose = move |value: &str, close: super::Close| {
        if many {
            let mut next = query.pairs();
            next.retain(|(key, old)| !(key == name && old == value) && key != "page");
            if next.iter().filter(|(key, _)| key == name).count() == set.with_untracked(Vec::len) {
                next.push((name.to_owned(), value.to_owned()));
            }
            query.replace(&next);
        } else {
            close.now();
            query.put(&[(name, Some(value).filter(|value| !value.is_empty())), ("page", None)]);
        }
    };
    let filter_text = RwSignal::new(String::new());
    let named = label.clone();
    let panel = move |close: super::Close| {
        filter_text.set(String::new());
        let long = choices.with_value(|choices| choices.len() > 12);
        let lines = move || {
            let wanted = filter_text.get();
            choices.with_value(|choices| {
                choices
                    .iter()
                    .filter(|(_, word)| wanted.is_empty() || word.contains(wanted.as_str()))
                    .map(|(value, word)| {
                        let (for_set, for_click) = (value.clone(), value.clone());
                        let on = move || set.with(|set| set.contains(&for_set));
                        view! {
                            <button type="button" class="menu-line" role="option" aria-selected=move || on().to_string() on:click=move |_| choose(&for_click, close)>
                                <span class="menu-check">{icon_sized(icons::CHECK, 14, "")}</span>
                                {word.clone()}
                            </button>
                        }
                    })
                    .collect_view()
            })
        };
        view! {
            {long
                .then(|| {
                    view! {
                        <label class="input input-sm mb-1">
                            {icon_sized(icons::SEARCH, 14, "text-ink-3")}
                            <input type="search" aria-label=t!("kit-search") autofocus on:input=move |event| filter_text.set(event_target_value(&event)) />
                        </label>
                    }
                })}
            <div class="max-h-80 overflow-y-auto" role="listbox" aria-label=named.clone() aria-multiselectable=many.to_string()>
                <button
                    type="button"
                    class="menu-line"
                    role="option"
                    aria-selected=move || set.with(Vec::is_empty).to_string()
                    on:click=move |_| {
                        close.now();
                        query.put(&[(name, None), ("page", None)]);
                    }
                >
                    <span class="menu-check">{icon_sized(icons::CHECK, 14, "")}</span>
                    {t!("kit-all")}
                </button>
                {lines}
            </div>
        }
        .into_any()
    };
    let face = view! {
        <span class="chip" class:chip-on=move || set.with(|set| !set.is_empty())>
            <span>{label}</span>
            <span>{shown}</span>
            {icon_sized(icons::CHEVRON_DOWN, 14, "text-ink-3")}
        </span>
    };
    menu(None, Look { button: "chip-button", panel: "left-0 min-w-44 w-max max-w-80" }, face, panel)
}

/// What a link has narrowed a list to; pressed, the list shows all again, as `away` says.
pub fn linked_chip(query: Query, name: &'static str, shown: impl IntoAny, away: String) -> AnyView {
    let title = away.clone();
    view! {
        <button
            type="button"
            class="chip chip-on"
            title=title
            on:click=move |_| query.put(&[(name, None), ("page", None)])
        >
            {shown.into_any()}
            <span class="sr-only">{away}</span>
            {icon_sized(icons::X, 14, "text-ink-3")}
        </button>
    }
    .into_any()
}

fn range_chip(from: &'static str, to: &'static str, kind: &'static str, label: String, query: Query) -> AnyView {
    let shown = move || match (query.one(from), query.one(to)) {
        (None, None) => t!("kit-all"),
        (Some(from), None) => t!("kit-range-from", from = from),
        (None, Some(to)) => t!("kit-range-to", to = to),
        (Some(from), Some(to)) if from == to => from,
        (Some(from), Some(to)) => t!("kit-range-from-to", from = from, to = to),
    };
    let field = move |name: &'static str, word: String| {
        view! {
            <label class="flex items-center gap-2 text-sm">
                <span class="w-6 text-ink-2">{word}</span>
                <input
                    type=kind
                    class="input input-sm flex-1"
                    prop:value=move || query.one(name).unwrap_or_default()
                    on:change=move |event| {
                        let value = event_target_value(&event);
                        query.put(&[(name, Some(value.as_str()).filter(|value| !value.is_empty())), ("page", None)]);
                    }
                />
            </label>
        }
        .into_any()
    };
    let panel = move |close: super::Close| {
        view! {
            <div class="flex flex-col gap-2 p-2">
                {field(from, t!("kit-from"))} {field(to, t!("kit-to"))}
                <button
                    type="button"
                    class="btn btn-xs btn-ghost self-end text-ink-2"
                    on:click=move |_| {
                        close.now();
                        query.put(&[(from, None), (to, None), ("page", None)]);
                    }
                >
                    {t!("kit-all")}
                </button>
            </div>
        }
        .into_any()
    };
    let face = view! {
        <span class="chip" class:chip-on=move || query.one(from).is_some() || query.one(to).is_some()>
            <span>{label}</span>
            <span>{shown}</span>
            {icon_sized(icons::CHEVRON_DOWN, 14, "text-ink-3")}
        </span>
    };
    menu(None, Look { button: "chip-button", panel: "left-0 w-60" }, face, panel)
}
