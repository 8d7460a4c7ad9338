//! The list: an endpoint that replies with a `Page`, its columns and its filters. Everything else is the kit's.
//!
//! The request is made of `base` (what the page fixes) and the address (filters, order, page), by the request's own
//! field names: a filter named `state` fills the field `state`. Totals and exports get the same.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;

use common::api::{Endpoint, Listing, Page};
use common::problem::Problem;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;

use super::blank::{Empty, empty_view, problem_view};
use super::figures::{Term, count, equation_line};
use super::filter::{Filter, filter_chips};
use super::icon::{icon, icon_sized};
use super::menu::{Look, menu};
use super::query::Query;
use super::views::{View, view_tabs};
use super::{icons, pager};
use crate::api::{call, query as as_query};
use crate::t;

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

type Cell<T> = Arc<dyn Fn(&T) -> AnyView + Send + Sync>;
type Link<T> = Arc<dyn Fn(&T) -> String + Send + Sync>;

/// A column: its title, how a row fills it, whether one may sort by it.
pub struct Column<T> {
    cell: Cell<T>,
    link: Option<Link<T>>,
    head: Head,
}

/// What a column's head and the cards on a phone must know.
#[derive(Clone)]
struct Head {
    id: &'static str,
    title: String,
    sort: Option<&'static str>,
    num: bool,
    strong: bool,
    spare: bool,
    phone: bool,
    wide: bool,
}

impl<T> Column<T> {
    /// A column whose title is the text `id`; the id also remembers whether the user hid it.
    pub fn new<V: IntoAny>(id: &'static str, cell: impl Fn(&T) -> V + Send + Sync + 'static) -> Self {
        Self {
            cell: Arc::new(move |row| cell(row).into_any()),
            link: None,
            head: Head { id, title: t!(id), sort: None, num: false, strong: false, spare: false, phone: true, wide: false },
        }
    }

    /// The cell is a link, which Enter on the row follows too: for the first column.
    #[must_use]
    pub fn link(mut self, link: impl Fn(&T) -> String + Send + Sync + 'static) -> Self {
        self.link = Some(Arc::new(link));
        self
    }

    /// One may sort by it; `key` is the server's name for the order.
    #[must_use]
    pub fn sort(mut self, key: &'static str) -> Self {
        self.head.sort = Some(key);
        self
    }

    /// Figures: right-aligned, every digit in its column.
    #[must_use]
    pub fn num(mut self) -> Self {
        self.head.num = true;
        self
    }

    /// The one bold column: what is still open.
    #[must_use]
    pub fn strong(mut self) -> Self {
        self.head.strong = true;
        self
    }

    /// Hidden until the user chooses it.
    #[must_use]
    pub fn spare(mut self) -> Self {
        self.head.spare = true;
        self
    }

    /// Left out of the cards on a phone.
    #[must_use]
    pub fn not_on_phone(mut self) -> Self {
        self.head.phone = false;
        self
    }

    /// Long text: it wraps and takes the room that is left.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.head.wide = true;
        self
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
type Ask<R> = Arc<dyn Fn(Vec<(String, String)>) -> Loading<R> + Send + Sync>;

/// A page of rows without their type.
#[derive(Clone)]
struct Rows {
    keys: Arc<Vec<String>>,
    links: Arc<Vec<Option<String>>>,
    cell: Arc<dyn Fn(usize, usize) -> AnyView + Send + Sync>,
    total: Option<u64>,
    more: bool,
}

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
    search: Option<String>,
    filters: Vec<Filter>,
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
                fixed: fixed.into_iter().filter(|(key, _)| !matches!(key.as_str(), "page" | "size" | "sort")).collect(),
                search: None,
                filters: Vec::new(),
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
    let Parts { name, fixed, search, filters, views, totals, export, empty, reload, size } = parts;
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
    let asked = Memo::new(move |_| {
        let mut pairs: Vec<(String, String)> =
            filtering.get().into_iter().filter(|(key, _)| fixed.iter().all(|(name, _)| name != key)).collect();
        pairs.extend(fixed.iter().cloned());
        pairs.extend(["page", "sort"].iter().filter_map(|name| Some(((*name).to_owned(), query.one(name)?))));
        pairs.push(("size".to_owned(), query.one("size").unwrap_or_else(|| size.to_string())));
        pairs
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
                    Err(problem) if problem.code == "kit.address" => problem_view(&problem, move || query.replace(&[])),
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
        {(!views.is_empty()).then(|| view_tabs(name, views, query, known.clone()))}
        {has_tools
            .then(|| {
                view! {
                    <div class="no-print flex flex-wrap items-center gap-2 px-6 py-3 max-sm:px-4" role="search" aria-label=t!("kit-filters")>
                        {search.map(|placeholder| search_field(placeholder, query))}
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

/// Which columns are hidden and how high rows are: kept in this browser for each list.
#[derive(Clone, Copy)]
struct Settings {
    name: &'static str,
    hidden: RwSignal<Vec<String>>,
    compact: RwSignal<bool>,
}

impl Settings {
    fn of(name: &'static str, heads: &[Head]) -> Self {
        use gloo::storage::{LocalStorage, Storage};
        let spare = || heads.iter().filter(|head| head.spare).map(|head| head.id.to_owned()).collect();
        Self {
            name,
            hidden: RwSignal::new(LocalStorage::get(format!("anju.columns.{name}")).unwrap_or_else(|_| spare())),
            compact: RwSignal::new(LocalStorage::get("anju.compact").unwrap_or(false)),
        }
    }

    fn shows(self, id: &str) -> bool {
        self.hidden.with(|hidden| hidden.iter().all(|name| name != id))
    }

    fn menu(self, heads: Arc<Vec<Head>>) -> AnyView {
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
                    let id = head.id;
                    let toggle = move |_| {
                        self.hidden.update(|hidden| match hidden.iter().position(|name| name == id) {
                            Some(place) => {
                                hidden.remove(place);
                            }
                            None => hidden.push(id.to_owned()),
                        });
                        let _kept = LocalStorage::set(format!("anju.columns.{}", self.name), self.hidden.get_untracked());
                    };
                    view! {
                        <label class="menu-line">
                            <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || self.shows(id) on:change=toggle />
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

fn search_field(placeholder: String, query: Query) -> AnyView {
    let typed = StoredValue::new_local(None::<gloo::timers::callback::Timeout>);
    let put = move |text: String| query.put(&[("search", Some(text.trim()).filter(|text| !text.is_empty())), ("page", None)]);
    let on_input = move |event| {
        let text = event_target_value(&event);
        typed.set_value(Some(gloo::timers::callback::Timeout::new(300, move || put(text))));
    };
    view! {
        <label class="input input-sm w-64 shrink-0 max-sm:w-full">
            <span class="sr-only">{placeholder.clone()}</span>
            {icon_sized(icons::SEARCH, 16, "text-ink-3")}
            <input
                type="search"
                data-search="page"
                placeholder=placeholder
                prop:value=move || query.one("search").unwrap_or_default()
                on:input=on_input
            />
        </label>
    }
    .into_any()
}

fn export_link(path: &'static str, asked: Memo<Vec<(String, String)>>, total: Signal<Option<u64>>) -> AnyView {
    let href = move || {
        let mut pairs: Vec<_> = asked.get().into_iter().filter(|(key, _)| !matches!(key.as_str(), "page" | "size")).collect();
        pairs.push(("language".to_owned(), crate::session::language().tag().to_owned()));
        format!("{path}{}", as_query(&pairs))
    };
    view! {
        <a class="btn btn-sm" href=href download="" rel="external">
            {icon(icons::DOWNLOAD)}
            {move || match total.get() {
                Some(total) => t!("kit-export-count", count = count(total)),
                None => t!("kit-export"),
            }}
        </a>
    }
    .into_any()
}

fn selection_bar(picked: RwSignal<BTreeSet<String>>, bulk: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    let any = Memo::new(move |_| picked.with(|picked| !picked.is_empty()));
    (move || {
        let bulk = bulk.clone();
        any.get().then(|| {
            view! {
                <div
                    role="toolbar"
                    aria-label=t!("kit-selection")
                    class="no-print sticky top-12 z-20 flex min-h-12 flex-wrap items-center gap-2 border-y border-line bg-pick px-6 py-2 text-sm max-sm:px-4"
                >
                    <span aria-live="polite">{move || t!("kit-selected", count = picked.with(BTreeSet::len))}</span>
                    <button type="button" class="btn btn-ghost btn-xs text-ink-2" on:click=move |_| picked.set(BTreeSet::new())>
                        {t!("kit-selection-clear")}
                    </button>
                    <div class="ml-auto flex flex-wrap items-center gap-2">{move || bulk()}</div>
                </div>
            }
        })
    })
    .into_any()
}

fn table_head(
    heads: &[Head],
    settings: Settings,
    query: Query,
    pick: Option<(RwSignal<BTreeSet<String>>, RwSignal<Option<Result<Rows, Problem>>>)>,
) -> AnyView {
    let sorted = query.one("sort");
    let cells = heads
        .iter()
        .filter(|head| settings.shows(head.id))
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

fn table_rows(rows: &Rows, heads: &[Head], settings: Settings, picked: RwSignal<BTreeSet<String>>, pickable: bool) -> AnyView {
    let columns: Vec<(usize, Head)> =
        heads.iter().enumerate().filter(|(_, head)| settings.shows(head.id)).map(|(place, head)| (place, head.clone())).collect();
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

fn skeleton_rows(heads: &[Head], settings: Settings, pickable: bool) -> AnyView {
    let columns: Vec<bool> = heads.iter().filter(|head| settings.shows(head.id)).map(|head| head.num).collect();
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

fn sum_line(sums: LocalResource<Result<Vec<Term>, Problem>>, total: Signal<Option<u64>>) -> AnyView {
    view! {
        <div class="mx-6 flex min-h-12 flex-wrap items-center gap-x-6 gap-y-1 border-t-3 border-double border-control py-2 text-sm max-sm:mx-4">
            <span class="font-semibold">{t!("kit-total")}</span>
            {move || total.get().map(|total| view! { <span class="text-ink-2">{t!("kit-rows", count = count(total))}</span> })}
            <div class="ml-auto">
                {move || match sums.get() {
                    Some(Ok(terms)) => equation_line(terms),
                    Some(Err(_)) => view! { <span class="text-ink-3">{t!("kit-totals-missing")}</span> }.into_any(),
                    None => view! { <span class="skeleton skeleton-late block h-3 w-64"></span> }.into_any(),
                }}
            </div>
        </div>
    }
    .into_any()
}

/// Arrow keys move between rows, Enter opens, Space ticks.
fn row_keys(event: KeyboardEvent) {
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
