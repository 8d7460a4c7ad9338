//! Choosing what a report is about: months, a building, a fee item; all of it stands in the address.

use common::charging::api::ListFeeItems;
use common::estate::api::GetTree;
use common::period::Month;
use common::problem::Problem;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{Choice, Query};
use crate::{session, t};

/// The community's buildings, for a filter.
pub(super) async fn buildings() -> Result<Vec<Choice>, Problem> {
    let tree = call(GetTree { community: session::community() }).await?;
    Ok(tree.buildings.into_iter().map(|node| (node.building.to_string(), node.name)).collect())
}

/// The community's fee items, for a filter.
pub(super) async fn fee_items() -> Result<Vec<Choice>, Problem> {
    let items = call(ListFeeItems { community: session::community() }).await?;
    // What is held has a list of its own: it is not earned.
    let earned = items.into_iter().filter(|item| !item.kind.is_held());
    Ok(earned.map(|item| (item.id.to_string(), item.name)).collect())
}

/// The months that the address names; this month and the eleven before it otherwise. Tracked.
pub(super) fn months(query: Query) -> (Month, Month) {
    let read = |name: &str| query.one(name).and_then(|month| month.parse::<Month>().ok());
    let to = read("to").unwrap_or_else(|| Month::of(session::today()));
    (read("from").unwrap_or_else(|| to.plus(-11)), to)
}

/// From this month to that.
pub(super) fn month_fields(query: Query) -> AnyView {
    let field = move |name: &'static str, label: String, value: Signal<String>| {
        view! {
            <label class="report-pick">
                <span class="text-ink-2">{label}</span>
                <input
                    type="month"
                    class="input input-sm w-36 max-sm:w-full"
                    prop:value=move || value.get()
                    on:change=move |event| {
                        let value = event_target_value(&event);
                        query.put(&[(name, Some(value.as_str()).filter(|value| !value.is_empty()))]);
                    }
                />
            </label>
        }
    };
    view! {
        {field("from", t!("reports-months-from"), Signal::derive(move || months(query).0.to_string()))}
        {field("to", t!("kit-to"), Signal::derive(move || months(query).1.to_string()))}
    }
    .into_any()
}

/// One of a few values in the address, as a native select; blank is all.
pub(super) fn choose<F>(query: Query, name: &'static str, label: String, ask: impl Fn() -> F + 'static) -> AnyView
where
    F: Future<Output = Result<Vec<Choice>, Problem>> + 'static,
{
    let choices = LocalResource::new(ask);
    let options = move || {
        let chosen = query.one(name);
        choices.get().and_then(Result::ok).map(|choices| {
            choices
                .into_iter()
                .map(|(value, word)| {
                    let selected = chosen.as_ref() == Some(&value);
                    view! { <option value=value selected=selected>{word}</option> }
                })
                .collect_view()
        })
    };
    select(query, name, label, options.into_any())
}

/// A native select whose value stands in the address.
pub(super) fn select(query: Query, name: &'static str, label: String, options: AnyView) -> AnyView {
    view! {
        <label class="report-pick">
            <span class="text-ink-2">{label}</span>
            <select
                class="select select-sm w-auto min-w-28 max-sm:w-full"
                on:change=move |event| {
                    let value = event_target_value(&event);
                    query.put(&[(name, Some(value.as_str()).filter(|value| !value.is_empty()))]);
                }
            >
                <option value="">{t!("kit-all")}</option>
                {options}
            </select>
        </label>
    }
    .into_any()
}
