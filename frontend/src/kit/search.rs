//! The field that searches what a page shows: its text goes into the address a moment after the last key.

use leptos::prelude::*;

use super::icon::icon_sized;
use super::icons;
use super::query::Query;

/// While one types, not when one leaves the field: a click into the table would miss the line that it was meant for.
pub fn search_field(placeholder: String, query: Query, width: &'static str) -> AnyView {
    let typed = StoredValue::new_local(None::<gloo::timers::callback::Timeout>);
    let put = move |text: String| query.put(&[("search", Some(text.trim()).filter(|text| !text.is_empty())), ("page", None)]);
    let on_input = move |event| {
        let text = event_target_value(&event);
        typed.set_value(Some(gloo::timers::callback::Timeout::new(300, move || put(text))));
    };
    view! {
        <label class=format!("input input-sm {width}")>
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
