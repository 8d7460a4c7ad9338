//! The month that a page is about: in its address, turned with arrows or typed.

use common::period::Month;
use leptos::prelude::*;

use super::icon::icon;
use super::{Query, icons};
use crate::t;

/// The month of the address; this month where it names none.
pub fn month_of(query: Query) -> Memo<Month> {
    month_or(query, Month::of(crate::session::today()))
}

/// The month of the address; the one before this month where it names none, for what is known when a month is over.
pub fn past_month_of(query: Query) -> Memo<Month> {
    month_or(query, Month::of(crate::session::today()).plus(-1))
}

fn month_or(query: Query, other: Month) -> Memo<Month> {
    Memo::new(move |_| query.one("month").and_then(|month| month.parse().ok()).unwrap_or(other))
}

/// A field that turns to another month, with arrows at its sides.
pub fn month_picker(query: Query, month: Memo<Month>) -> AnyView {
    let turn = move |by: i32| {
        let to = month.get_untracked().plus(by).to_string();
        query.put(&[("month", Some(&to)), ("page", None)]);
    };
    view! {
        <div class="join" role="group" aria-label=t!("kit-month")>
            <button type="button" class="btn btn-sm btn-square join-item" aria-label=t!("kit-month-before") title=t!("kit-month-before") on:click=move |_| turn(-1)>
                {icon(icons::CHEVRON_LEFT)}
            </button>
            <input class="input input-sm join-item w-24 text-center" inputmode="numeric" maxlength="7" placeholder="2026-11" aria-label=t!("kit-month") prop:value=move || month.get().to_string()
                on:change=move |event| {
                    let value = event_target_value(&event);
                    match value.trim().parse::<Month>() {
                        Ok(to) => query.put(&[("month", Some(to.to_string().as_str())), ("page", None)]),
                        Err(_) => event_target::<web_sys::HtmlInputElement>(&event).set_value(&month.get_untracked().to_string()),
                    }
                } />
            <button type="button" class="btn btn-sm btn-square join-item" aria-label=t!("kit-month-next") title=t!("kit-month-next") on:click=move |_| turn(1)>
                {icon(icons::CHEVRON_RIGHT)}
            </button>
        </div>
    }
    .into_any()
}
