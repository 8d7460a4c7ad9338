//! The list: an endpoint that replies with a `Page`, its columns and its filters. Everything else is the kit's.
//!
//! The request is made of `base` (what the page fixes) and the address (filters, order, page), by the request's own
//! field names: a filter named `state` fills the field `state`. Totals and exports get the same.

mod column;
mod settings;
mod table;
mod toolbar;

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;

use common::api::{Endpoint, Listing, Page};
use common::problem::Problem;
use leptos::prelude::*;
use serde::de::DeserializeOwned;

pub use self::column::Column;
use self::column::Head;
use self::settings::Settings;
use self::table::{Rows, row_keys, skeleton_rows, table_head, table_rows};
use self::toolbar::{export_link, selection_bar, sum_line};
use super::blank::{Empty, empty_view, problem_view};
use super::figures::Term;
use super::filter::{Filter, filter_chips};
use super::query::Query;
use super::search::search_field;
use super::views::{View, view_tabs};
use super::{icons, pager};
use crate::api::{call, query as as_query};
use crate::{session, t};

/// Draws a list again from the server: after something was added, changed or removed.
#[derive(Clone, Copy)]
pub struct Reload(RwSignal<u32>);

impl Default for Reload {
    fn default() -> Self {
        Self::new()
    }
}

impl Reload {
    pub fn new() -> Self {
        Self(RwSignal::new(0))
    }

    /// Asks the server again.
    pub fn now(self) {
        self.0.try_update(|version| *version += 1);
    }

    /// Makes the running effect or resource depend on it.
    pub fn track(self) {
        self.0.track();
    }
}

/// The rows that are ticked.
pub struct Picked<T: 'static> {
    keys: RwSignal<BTreeSet<String>>,
    seen: StoredValue<BTreeMap<String, T>>,
}

impl<T> Clone for Picked<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Picked<T> {}

impl<T: Clone + Send + Sync> Picked<T> {
    /// The ticked rows, of all pages that were seen; tracked.
    pub fn rows(self) -> Vec<T> {
        self.keys.with(|keys| self.seen.with_value(|seen| keys.iter().filter_map(|key| seen.get(key).cloned()).collect()))
    }

    /// Nothing is ticked any more.
    pub fn clear(self) {
        self.keys.try_set(BTreeSet::new());
    }
}

type Loading<R> = Pin<Box<dyn Future<Output = Result<R, Problem>>>>;
type Sound = Arc<dyn Fn(Vec<(String, String)>) -> Vec<(String, String)> + Send + Sync>;
type Ask<R> = Arc<dyn Fn(Vec<(String, String)>) -> Loading<R> + Send + Sync>;

/// A list of `T`, to be described and then shown.
pub struct List<T: 'static> {
    columns: Vec<Column<T>>,
    key: Arc<dyn Fn(&T) -> String + Send + Sync>,
    ask: Ask<Page<T>>,
    bulk: Option<Arc<dyn Fn(Picked<T>) -> AnyView + Send + Sync>>,
    parts: Parts,
}

struct Parts {
    name: &'static str,
    fixed: Vec<(String, String)>,
    sound: Sound,
    search: Option<String>,
    filters: Vec<Filter>,
    usual: Vec<(&'static str, &'static str)>,
    views: Vec<View>,
    totals: Option<Ask<Vec<Term>>>,
    export: Option<&'static str>,
    empty: Arc<dyn Fn() -> Empty + Send + Sync>,
    reload: Reload,
    size: u32,
}

impl<T: Clone + Send + Sync + 'static> List<T> {
    /// A list of what `base` asks for; `key` tells rows apart. Fields that `base` sets are fixed, the others may be
    /// filtered by the address.
    pub fn new<E>(name: &'static str, base: E, key: impl Fn(&T) -> String + Send + Sync + 'static) -> Self
    where
        E: Endpoint<Reply = Page<T>> + Listing,
    {
        let paging = base.paging();
        let fixed = super::query::pairs(&as_query(&base));
        let fixed: Vec<_> = fixed.into_iter().filter(|(key, _)| !matches!(key.as_str(), "page" | "size" | "sort")).collect();
        Self {
            columns: Vec::new(),
            key: Arc::new(key),
            ask: Arc::new(|pairs| match read::<E>(&pairs) {
                Ok(ask) => Box::pin(call(ask)),
                Err(problem) => Box::pin(async { Err(problem) }),
            }),
            bulk: None,
            parts: Parts {
                name,
                fixed,
                sound: Arc::new(sound::<E>),
                search: None,
                filters: Vec::new(),
                usual: Vec::new(),
                views: Vec::new(),
                totals: None,
                export: None,
                empty: Arc::new(|| Empty::new(icons::FILE_SEARCH, t!("kit-empty"), "")),
                reload: Reload::new(),
                size: paging.size,
            },
        }
    }

    #[must_use]
    pub fn column(mut self, column: Column<T>) -> Self {
        self.columns.push(column);
        self
    }

    /// A search field that fills the request's field `search`; `placeholder` says what it looks through.
    #[must_use]
    pub fn search(mut self, placeholder: impl Into<String>) -> Self {
        self.parts.search = Some(placeholder.into());
        self
    }

    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.parts.filters.push(filter);
        self
    }

    /// A filter whose choices only those see who may ask for them with `E`.
    #[must_use]
    pub fn filter_of<E: Endpoint>(self, filter: Filter) -> Self {
        if session::may_ask::<E>() { self.filter(filter) } else { self }
    }

    /// What a filter of one's own stands at while the address does not name its field; named and blank it is not set.
    #[must_use]
    pub fn usually(mut self, field: &'static str, value: &'static str) -> Self {
        self.parts.usual.push((field, value));
        self
    }

    /// A tab that sets filters: `View::new(t!("billing-unpaid"), "state=open&state=part")`. The first is where one starts
    /// when it sets none. With views, the user may keep their own beside them.
    #[must_use]
    pub fn view(mut self, view: View) -> Self {
        self.parts.views.push(view);
        self
    }

    /// Totals of the whole result, from an endpoint of their own, as an equation under a double rule. It is asked with the
    /// same fixed fields and filters.
    #[must_use]
    pub fn totals<S: Endpoint>(mut self, terms: impl Fn(S::Reply) -> Vec<Term> + Send + Sync + 'static) -> Self {
        let terms = Arc::new(terms);
        self.parts.totals = Some(Arc::new(move |mut pairs| {
            pairs.retain(|(key, _)| !matches!(key.as_str(), "page" | "size" | "sort"));
            let terms = terms.clone();
            match read::<S>(&pairs) {
                Ok(ask) => Box::pin(async move { call(ask).await.map(|reply| terms(reply)) }),
                Err(problem) => Box::pin(async { Err(problem) }),
            }
        }));
        self
    }

    /// Where the workbook of what is filtered is fetched from; it gets the same query.
    #[must_use]
    pub fn export(mut self, path: &'static str) -> Self {
        self.parts.export = Some(path);
        self
    }

    /// What stands there while there is nothing at all: says what to do first.
    #[must_use]
    pub fn empty(mut self, empty: impl Fn() -> Empty + Send + Sync + 'static) -> Self {
        self.parts.empty = Arc::new(empty);
        self
    }

    /// Rows may be ticked; while some are, `actions` stands in a bar with their number.
    #[must_use]
    pub fn bulk<V: IntoAny>(mut self, actions: impl Fn(Picked<T>) -> V + Send + Sync + 'static) -> Self {
        self.bulk = Some(Arc::new(move |picked| actions(picked).into_any()));
        self
    }

    #[must_use]
    pub fn reload(mut self, reload: Reload) -> Self {
        self.parts.reload = reload;
        self
    }

    /// Draws it.
    pub fn show(self) -> AnyView {
        let Self { columns, key, ask, bulk, parts } = self;
        let heads = columns.iter().map(|column| column.head.clone()).collect();
        let picked = Picked { keys: RwSignal::new(BTreeSet::new()), seen: StoredValue::new(BTreeMap::<String, T>::new()) };
        let columns = Arc::new(columns);
        let fetch: Ask<Rows> = Arc::new(move |pairs| {
            let (columns, key, loading) = (columns.clone(), key.clone(), ask(pairs));
            Box::pin(async move {
                let page = loading.await?;
                let keys: Vec<String> = page.rows.iter().map(|row| key(row)).collect();
                let links = page
                    .rows
                    .iter()
                    .map(|row| columns.iter().find_map(|column| column.link.as_ref()).map(|link| link(row)))
                    .collect();
                picked.seen.try_update_value(|seen| seen.extend(keys.iter().cloned().zip(page.rows.iter().cloned())));
                let rows = page.rows;
                Ok(Rows {
                    keys: Arc::new(keys),
                    links: Arc::new(links),
                    cell: Arc::new(move |row, column| match (rows.get(row), columns.get(column)) {
                        (Some(row), Some(column)) => (column.cell)(row),
                        _ => ().into_any(),
                    }),
                    total: page.total,
                    more: page.more,
                })
            })
        });
        let bulk = bulk.map(|bulk| -> Arc<dyn Fn() -> AnyView + Send + Sync> { Arc::new(move || bulk(picked)) });
        draw(parts, heads, fetch, picked.keys, bulk)
    }
}

/// Those of these pairs that a request can be made of, in their order: what an address holds besides, an old word or one that was typed
/// wrongly, is passed by, as if it were not set. Those that come first are trusted first.
fn sound<E: DeserializeOwned>(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    if read::<E>(&pairs).is_ok() {
        return pairs;
    }
    let mut kept: Vec<(String, String)> = Vec::with_capacity(pairs.len());
    let mut lacking = read::<E>(&kept).is_err();
    for pair in pairs {
        kept.push(pair);
        match read::<E>(&kept) {
            Ok(_) => lacking = false,
            Err(_) if lacking => {}
            Err(_) => drop(kept.pop()),
        }
    }
    kept
}

/// The request that these pairs make; `invalid` when the address holds something that the request can't.
fn read<E: DeserializeOwned>(pairs: &[(String, String)]) -> Result<E, Problem> {
    serde_html_form::to_string(pairs)
        .ok()
        .and_then(|text| serde_html_form::from_str(&text).ok())
        .ok_or_else(|| Problem::new(422, "kit.address", "The address holds filters that can't be read"))
}

fn draw(
    parts: Parts,
    heads: Vec<Head>,
    fetch: Ask<Rows>,
    picked: RwSignal<BTreeSet<String>>,
    bulk: Option<Arc<dyn Fn() -> AnyView + Send + Sync>>,
) -> AnyView {
    let Parts { name, fixed, sound, search, filters, usual, views, totals, export, empty, reload, size } = parts;
    let query = Query::here();
    let known: Arc<Vec<&'static str>> =
        Arc::new(filters.iter().flat_map(Filter::names).chain(search.iter().map(|_| "search")).collect());
    let filtering = Memo::new({
        let known = known.clone();
        move |_| {
            query
                .pairs()
                .into_iter()
                .filter(|(key, value)| known.contains(&key.as_str()) && !value.is_empty())
                .collect::<Vec<_>>()
        }
    });
    // What the address holds of filters that the request can't be made of is not set, so that its tab is the one that is shown.
    let in_force = Memo::new({
        let (fixed, sound) = (fixed.clone(), sound.clone());
        move |_| {
            let of_page = |name: &String| fixed.iter().any(|(fixed, _)| fixed == name);
            let mut pairs = fixed.clone();
            pairs.extend(filtering.get());
            sound(pairs).into_iter().filter(|(name, _)| !of_page(name)).collect::<BTreeSet<_>>()
        }
    });
    let asked = Memo::new(move |_| {
        // What the page fixes comes first, so that a request can be made of that alone.
        let mut pairs = fixed.clone();
        pairs.extend(filtering.get().into_iter().filter(|(key, _)| fixed.iter().all(|(name, _)| name != key)));
        let unnamed = usual.iter().filter(|(name, _)| query.all(name).is_empty());
        pairs.extend(unnamed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        pairs.extend(["page", "sort"].iter().filter_map(|name| Some(((*name).to_owned(), query.one(name)?))));
        pairs.push(("size".to_owned(), query.one("size").unwrap_or_else(|| size.to_string())));
        sound(pairs)
    });
    let loaded = LocalResource::new(move || {
        reload.track();
        fetch(asked.get())
    });
    let sums = totals.map(|totals| {
        let asked_without_page = Memo::new(move |_| {
            asked.get().into_iter().filter(|(key, _)| !matches!(key.as_str(), "page" | "size" | "sort")).collect::<Vec<_>>()
        });
        LocalResource::new(move || {
            reload.track();
            totals(asked_without_page.get())
        })
    });
    // What is shown stays until the next is there, so that nothing jumps.
    let shown = RwSignal::new(None::<Result<Rows, Problem>>);
    let busy = RwSignal::new(true);
    Effect::new(move || {
        asked.track();
        reload.track();
        busy.set(true);
    });
    Effect::new(move || {
        if let Some(result) = loaded.get()
            && !matches!(&result, Err(problem) if problem.code == "aborted")
        {
            shown.set(Some(result));
            busy.set(false);
        }
    });
    let settings = Settings::of(name, &heads);
    let heads = Arc::new(heads);
    let pickable = bulk.is_some();
    let total = Signal::derive(move || shown.with(|shown| shown.as_ref().and_then(|rows| rows.as_ref().ok()?.total)));
    let more = Signal::derive(move || shown.with(|shown| matches!(shown, Some(Ok(rows)) if rows.more)));
    let rows = Signal::derive(move || {
        shown.with(|shown| shown.as_ref().and_then(|rows| rows.as_ref().ok()).map_or(0, |rows| rows.keys.len()))
    });
    let has_tools = search.is_some() || !filters.is_empty() || export.is_some();

    let body = {
        let heads = heads.clone();
        move || match shown.get() {
            None => skeleton_rows(&heads, settings, pickable),
            Some(Ok(rows)) if !rows.keys.is_empty() => table_rows(&rows, &heads, settings, picked, pickable),
            Some(result) => {
                let view = match result {
                    Err(problem) => problem_view(&problem, move || reload.now()),
                    Ok(_) if filtering.with(Vec::is_empty) && query.one("page").is_none() => empty_view(empty()),
                    Ok(_) => nothing_found(query),
                };
                view! {
                    <tr class="list-blank">
                        <td colspan=heads.len() + 1>
                            <div class="py-6">{view}</div>
                        </td>
                    </tr>
                }
                .into_any()
            }
        }
    };
    let head = {
        let heads = heads.clone();
        move || table_head(&heads, settings, query, pickable.then_some((picked, shown)))
    };
    view! {
        {(!views.is_empty()).then(|| view_tabs(name, views, query, in_force))}
        {has_tools
            .then(|| {
                view! {
                    <div class="no-print flex flex-wrap items-center gap-2 px-6 py-3 max-sm:px-4" role="search" aria-label=t!("kit-filters")>
                        {search.map(|placeholder| search_field(placeholder, query, "w-64 shrink-0 max-sm:w-full"))}
                        {filter_chips(filters, query)}
                        <div class="ml-auto flex items-center gap-1">
                            {settings.menu(heads.clone())}
                            {export.map(|path| export_link(path, asked, total))}
                        </div>
                    </div>
                }
            })}
        {bulk.map(|bulk| selection_bar(picked, bulk))}
        <div class="list-scroll min-w-0 flex-1" class:opacity-60=move || busy.get() && shown.with(Option::is_some)>
            <table aria-labelledby="page-title" class=move || if settings.compact.get() { "table list table-sm" } else { "table list" } aria-busy=move || busy.get().to_string()>
                <thead class="sticky top-12 z-10">{head}</thead>
                <tbody on:keydown=row_keys>{body}</tbody>
            </table>
        </div>
        <div class="sticky bottom-0 z-10 bg-sheet max-sm:static">
            {sums.map(|sums| view! { <div class:hidden=move || rows.get() == 0>{sum_line(sums, total)}</div> })}
            {pager::pager(query, total, more, rows, size)}
        </div>
    }
    .into_any()
}

fn nothing_found(query: Query) -> AnyView {
    empty_view(Empty::new(icons::FILE_SEARCH, t!("kit-nothing-found"), t!("kit-nothing-found-why")).actions(view! {
        <button type="button" class="btn btn-sm" on:click=move |_| query.replace(&[])>
            {t!("kit-filters-clear")}
        </button>
    }))
}
