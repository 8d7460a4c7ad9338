//! Custom fields wherever they appear: facts of a page, inputs of a form, columns and filters of a list.

use std::sync::Arc;

use common::api::Endpoint;
use common::estate::api::{CountUnits, ListFields};
use common::estate::field::{CustomField, CustomValue, FieldFilter, FieldKind, FieldOf};
use common::problem::Problem;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{Close, Column, Filter, Form, Look, Query, dash, icon_sized, icons, menu};
use crate::{session, t};

/// The fields that are asked for, of units or of residents.
pub async fn ask(of: FieldOf) -> Result<Vec<CustomField>, Problem> {
    let fields = call(ListFields { community: session::community(), of: Some(of) }).await?;
    Ok(fields.into_iter().filter(|field| field.active).collect())
}

/// The number fields that a formula may speak of; none until they are there.
pub fn of_formulas() -> Signal<Vec<CustomField>> {
    let fields = LocalResource::new(|| ask(FieldOf::Unit));
    Signal::derive(move || match fields.get() {
        Some(Ok(fields)) => fields.into_iter().filter(CustomField::is_for_formulas).collect(),
        _ => Vec::new(),
    })
}

/// Their names.
pub fn formula_names() -> Signal<Vec<String>> {
    let fields = of_formulas();
    Signal::derive(move || fields.with(|fields| fields.iter().map(|field| field.name.clone()).collect()))
}

/// How many of the units that have a field, of all its kinds, have no value in it.
///
/// # Errors
/// What the server refuses.
pub async fn blank_units(field: &CustomField) -> Result<u64, Problem> {
    let ask = CountUnits {
        community: session::community(),
        search: None,
        building: None,
        entrance: None,
        kind: None,
        state: None,
        custom: vec![FieldFilter { field: field.field, what: String::new() }],
    };
    Ok(call(ask).await?.units)
}

/// A value as people read it.
fn said(field: &CustomField, values: &[CustomValue]) -> Option<String> {
    let text = values.iter().find(|value| value.field == field.field)?.text.clone();
    Some(match (field.kind, text.as_str()) {
        (FieldKind::YesNo, "yes") => t!("estate-yes"),
        (FieldKind::YesNo, _) => t!("estate-no"),
        _ => text,
    })
}

/// The facts of a page.
pub fn facts<'a>(
    fields: impl IntoIterator<Item = &'a CustomField>,
    values: &'a [CustomValue],
) -> impl Iterator<Item = (String, AnyView)> {
    let fact = |field: &CustomField| (field.name.clone(), said(field, values).map_or_else(dash, IntoAny::into_any));
    fields.into_iter().map(fact)
}

/// The columns of a list whose rows have these values.
pub fn columns<T: 'static>(fields: &[CustomField], values: fn(&T) -> &[CustomValue]) -> impl Iterator<Item = Column<T>> {
    fields.iter().filter(|field| field.in_lists).cloned().map(move |field| {
        let (id, title, num) = (field.field.to_string(), field.name.clone(), field.kind == FieldKind::Number);
        let column = Column::named(id, title, move |row: &T| said(&field, values(row)).map_or_else(dash, IntoAny::into_any));
        if num { column.num() } else { column }
    })
}

/// The filters of a list, under "more filters".
pub fn filters(fields: Vec<CustomField>) -> impl Iterator<Item = Filter> {
    fields.into_iter().map(|field| Filter::own("custom", move |query| chip(&field, query)).folded())
}

/// What the address says of one field.
#[derive(Clone, Copy)]
struct Asked {
    query: Query,
    prefix: StoredValue<String>,
    /// A blank one wants what has no value.
    what: Memo<Option<String>>,
}

impl Asked {
    fn of(field: &CustomField, query: Query) -> Self {
        let prefix = StoredValue::new(format!("{}:", field.field));
        let what = Memo::new(move |_| {
            let all = query.all("custom").into_iter();
            all.filter_map(|value| prefix.with_value(|prefix| value.strip_prefix(prefix).map(str::to_owned))).next()
        });
        Self { query, prefix, what }
    }

    fn put(self, what: Option<&str>) {
        let prefix = self.prefix.get_value();
        let mut pairs = untrack(|| self.query.pairs());
        pairs.retain(|(key, value)| key != "page" && !(key == "custom" && value.starts_with(&prefix)));
        if let Some(what) = what {
            pairs.push(("custom".to_owned(), format!("{prefix}{what}")));
        }
        self.query.replace(&pairs);
    }

    /// The two ends of a range.
    fn range(self) -> (String, String) {
        let what = self.what.get().unwrap_or_default();
        let (from, to) = what.split_once("..").unwrap_or((&what, &what));
        (from.to_owned(), to.to_owned())
    }
}

fn chip(field: &CustomField, query: Query) -> AnyView {
    let asked = Asked::of(field, query);
    let name = field.name.clone();
    let shown = {
        let field = field.clone();
        move || match (asked.what.get(), field.kind) {
            (None, _) => t!("kit-all"),
            (Some(what), _) if what.is_empty() => t!("estate-field-blank"),
            (_, FieldKind::Number | FieldKind::Date) => match asked.range() {
                (from, to) if from == to => from,
                (from, to) if to.is_empty() => t!("kit-range-from", from = from),
                (from, to) if from.is_empty() => t!("kit-range-to", to = to),
                (from, to) => t!("estate-field-range-from-to", from = from, to = to),
            },
            (Some(what), _) => said(&field, &[CustomValue { field: field.field, text: what }]).unwrap_or_default(),
        }
    };
    let face = view! {
        <span class="chip" class:chip-on=move || asked.what.with(Option::is_some)>
            <span>{name.clone()}</span>
            <span class="max-w-40 truncate">{shown}</span>
            {icon_sized(icons::CHEVRON_DOWN, 14, "text-ink-3")}
        </span>
    };
    let field = field.clone();
    let panel = move |close: Close| match field.kind {
        FieldKind::Text => view! { {words(asked, name.clone())} {blank(asked, close)} }.into_any(),
        FieldKind::Number => view! { {range(asked, "text")} {blank(asked, close)} }.into_any(),
        FieldKind::Date => view! { {range(asked, "date")} {blank(asked, close)} }.into_any(),
        FieldKind::Choice => {
            options(asked, close, name.clone(), field.choices.iter().map(|choice| (choice.clone(), choice.clone())).collect())
        }
        FieldKind::YesNo => {
            let words = [("yes", t!("estate-yes")), ("no", t!("estate-no"))];
            options(asked, close, name.clone(), words.map(|(value, word)| (value.to_owned(), word)).into())
        }
    };
    menu(None, Look { button: "chip-button", panel: "left-0 w-60" }, face, panel)
}

fn options(asked: Asked, close: Close, name: String, mut choices: Vec<(String, String)>) -> AnyView {
    choices.push((String::new(), t!("estate-field-blank")));
    let all = std::iter::once((None, t!("kit-all")));
    let lines = all
        .chain(choices.into_iter().map(|(value, word)| (Some(value), word)))
        .map(|(value, word)| {
            let for_set = value.clone();
            let choose = move |_| {
                close.now();
                asked.put(value.as_deref());
            };
            view! {
                <button type="button" class="menu-line" role="option" aria-selected=move || (asked.what.get() == for_set).to_string() on:click=choose>
                    <span class="menu-check">{icon_sized(icons::CHECK, 14, "")}</span>
                    {word}
                </button>
            }
        })
        .collect_view();
    view! { <div class="max-h-80 overflow-y-auto" role="listbox" aria-label=name>{lines}</div> }.into_any()
}

/// What has no value; chosen again, everything.
fn blank(asked: Asked, close: Close) -> AnyView {
    let is = move || asked.what.with(|what| what.as_deref() == Some(""));
    let choose = move |_| {
        close.now();
        asked.put(if untrack(is) { None } else { Some("") });
    };
    view! {
        <button type="button" class="menu-line" aria-pressed=move || is().to_string() on:click=choose>
            {move || is().then(|| icon_sized(icons::CHECK, 14, "text-primary"))}
            {t!("estate-field-blank")}
        </button>
    }
    .into_any()
}

fn words(asked: Asked, name: String) -> AnyView {
    view! {
        <label class="flex flex-col gap-1 p-2 text-sm">
            <span class="text-ink-2">{t!("estate-field-starts")}</span>
            <input
                type="search"
                class="input input-sm"
                aria-label=name
                prop:value=move || asked.what.get().unwrap_or_default()
                on:change=move |event| asked.put(Some(event_target_value(&event).trim()).filter(|text| !text.is_empty()))
            />
        </label>
    }
    .into_any()
}

fn range(asked: Asked, kind: &'static str) -> AnyView {
    let put = move |from: String, to: String| {
        let (from, to) = (from.trim(), to.trim());
        let range = format!("{from}..{to}");
        asked.put(Some(range.as_str()).filter(|range| *range != ".."));
    };
    let end = move |word: String, at: fn((String, String)) -> String, set: Arc<dyn Fn(String) + Send + Sync>| {
        view! {
            <label class="flex items-center gap-2 text-sm">
                <span class="w-8 text-ink-2">{word}</span>
                <input
                    type=kind
                    inputmode=if kind == "text" { "decimal" } else { "text" }
                    class="input input-sm min-w-0 flex-1"
                    prop:value=move || at(asked.range())
                    on:change=move |event| set(event_target_value(&event))
                />
            </label>
        }
        .into_any()
    };
    let (set_from, set_to): (Arc<dyn Fn(String) + Send + Sync>, Arc<dyn Fn(String) + Send + Sync>) =
        (Arc::new(move |from| put(from, untrack(|| asked.range()).1)), Arc::new(move |to| put(untrack(|| asked.range()).0, to)));
    view! {
        <div class="flex flex-col gap-2 p-2">
            {end(t!("kit-from"), |(from, _)| from, set_from)} {end(t!("kit-to"), |(_, to)| to, set_to)}
        </div>
    }
    .into_any()
}

/// The inputs of a form; `at` says where the values stand in the request.
pub fn inputs<E>(form: Form<E>, fields: Vec<CustomField>, at: fn(&mut E) -> &mut Vec<CustomValue>) -> AnyView
where
    E: Endpoint + Clone + PartialEq + Sync,
{
    fields.into_iter().map(|field| input(form, field, at)).collect_view().into_any()
}

fn input<E>(form: Form<E>, field: CustomField, at: fn(&mut E) -> &mut Vec<CustomValue>) -> AnyView
where
    E: Endpoint + Clone + PartialEq + Sync,
{
    let path = format!("custom.{}", field.field);
    let id = field.field;
    let now =
        form.draft.try_update_untracked(|ask| at(ask).iter().find(|value| value.field == id).map(|value| value.text.clone()));
    let now = now.flatten().unwrap_or_default();
    // What was typed before the kind of unit changed is gone from the form, and its problem with it.
    form.unreadable(&path, None);
    form.custom(&path.clone(), field.name.clone(), move |dom, changed| {
        let known = field.clone();
        let typed = move |text: String| {
            form.unreadable(&path, known.read(&text).err());
            form.draft.update(|ask| {
                let values = at(ask);
                match values.iter_mut().find(|value| value.field == id) {
                    Some(value) => value.text = text,
                    None => values.push(CustomValue { field: id, text }),
                }
            });
            changed();
        };
        let about = format!("{dom}-said");
        let mut words = match field.kind {
            FieldKind::Text | FieldKind::Number | FieldKind::Date => {
                let kind = if field.kind == FieldKind::Date { "date" } else { "text" };
                let keys = if field.kind == FieldKind::Number { "decimal" } else { "text" };
                let class = if field.kind == FieldKind::Number { "num" } else { "" };
                return view! {
                    <label class="input">
                        <input
                            id=dom
                            type=kind
                            inputmode=keys
                            class=class
                            autocomplete="off"
                            aria-describedby=about
                            value=now
                            on:input=move |event| typed(event_target_value(&event))
                        />
                    </label>
                }
                .into_any();
            }
            FieldKind::Choice => field.choices.iter().map(|choice| (choice.clone(), choice.clone())).collect::<Vec<_>>(),
            FieldKind::YesNo => vec![("yes".to_owned(), t!("estate-yes")), ("no".to_owned(), t!("estate-no"))],
        };
        words.insert(0, (String::new(), t!("estate-unknown")));
        let options = words
            .into_iter()
            .map(|(value, word)| {
                let selected = value == now;
                view! { <option value=value selected=selected>{word}</option> }
            })
            .collect_view();
        view! {
            <select id=dom class="select" aria-describedby=about on:change=move |event| typed(event_target_value(&event))>
                {options}
            </select>
        }
        .into_any()
    })
}
