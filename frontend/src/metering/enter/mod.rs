//! Typing a round: one page of meters, previous and present side by side, the usage live; Enter or ↓ saves and goes on.

mod estimate;
mod line;
mod replace;
mod sheet;

use common::metering::api::{RoundRow, ShowRound};
use common::metering::usage::Mark;
use common::metering::{Role, Utility};
use common::period::{Day, Month};
use leptos::prelude::*;

use self::estimate::estimate_button;
use self::line::line;
use self::replace::replace_dialog;
use self::sheet::Sheet;
use super::meter::correct_dialog;
use super::{bills_of, buildings, utilities};
use crate::api::call;
use crate::kit::{
    Empty, Header, Query, Reload, button, cards, empty_view, icons, load, month_of, month_picker, primary_link, search_field,
};
use crate::{session, t};

/// The marks that a form offers; a replacement is kept where there is one, and made by its own dialog.
pub(super) fn marks(now: Option<Mark>) -> Vec<(Option<Mark>, String)> {
    let mut marks = vec![(None, t!("metering-mark-none")), (Some(Mark::RolledOver), t!("metering-mark-rolled"))];
    if let Some(replaced @ Mark::Replaced { .. }) = now {
        marks.push((Some(replaced), t!("metering-mark-replaced")));
    }
    marks
}

/// What one is asked for in a page: 100 meters.
const AT_ONCE: u32 = 100;

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let month = month_of(query);
    let community = session::community();
    let reload = Reload::new();
    let day = RwSignal::new(session::today());
    let sheet = Sheet::new(day, reload);
    let page = Memo::new(move |_| query.one("page").and_then(|page| page.parse::<u32>().ok()).unwrap_or(1));
    let shown = load(
        move || {
            reload.track();
            call(ShowRound {
                community,
                month: month.get(),
                building: query.one("building").and_then(|id| id.parse().ok()),
                utility: query.one("utility").and_then(|word| Utility::from_word(&word)),
                role: query.one("role").and_then(|word| Role::from_word(&word)),
                meter: None,
                unread: query.one("unread").map(|_| true),
                round: None,
                part: None,
                reader: None,
                standing: None,
                search: query.one("search"),
                page: Some(page.get()),
                size: Some(AT_ONCE),
                sort: None,
            })
        },
        12,
        move |found| {
            if found.rows.is_empty() {
                return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(none_left(query, month.get_untracked()))}</div> }
                    .into_any();
            }
            let total = found.total.unwrap_or(0);
            view! {
                {table(found.rows, month.get_untracked(), sheet)}
                {turner(query, page.get_untracked(), total, found.more)}
            }
            .into_any()
        },
    );
    let day_field = view! {
        <label class="flex items-center gap-2 text-sm">
            <span class="text-ink-2">{t!("metering-day")}</span>
            <input type="date" class="input input-sm w-40" prop:value=move || day.get().to_string()
                on:change=move |event| { if let Ok(value) = event_target_value(&event).parse::<Day>() { day.set(value); } } />
        </label>
    };
    view! {
        {Header::new(t!("metering-enter")).beside(month_picker(query, month)).actions(view! { {day_field} {estimate_button(query, month, day, reload)} }).show()}
        {filters(query)}
        {shown}
        {replace_dialog(sheet, month)}
        {correct_dialog(sheet.correcting, reload)}
        <p class="label-xs px-6 py-4 max-sm:px-4">{t!("metering-enter-keys")}</p>
    }
    .into_any()
}

/// No meters; where all of them are read, their bills come next.
fn none_left(query: Query, month: Month) -> Empty {
    let empty = Empty::new(icons::CIRCLE_CHECK, t!("metering-round-none"), t!("metering-round-none-why"));
    let utility = untrack(|| query.one("utility")).and_then(|word| Utility::from_word(&word));
    match bills_of(month, utility).filter(|_| untrack(|| query.one("unread")).is_some()) {
        Some(bills) => empty.actions(primary_link(icons::FILE_PLUS, t!("billing-generate"), bills)),
        None => empty,
    }
}

fn filters(query: Query) -> AnyView {
    let set = move |name: &'static str| {
        move |event| {
            let value = event_target_value(&event);
            query.put(&[(name, Some(value.as_str()).filter(|value| !value.is_empty())), ("page", None)]);
        }
    };
    let choices = move |name: &'static str, list: Vec<(String, String)>| {
        list.into_iter()
            .map(|(value, word)| {
                let own = value.clone();
                view! { <option value=value selected=move || query.one(name).as_deref() == Some(own.as_str())>{word}</option> }
            })
            .collect_view()
    };
    let houses = LocalResource::new(|| async { buildings().await.unwrap_or_default() });
    view! {
        <div class="flex flex-wrap items-center gap-2 border-y border-line px-6 py-2 max-sm:px-4">
            <select class="select select-sm w-40 max-sm:w-auto max-sm:flex-1 max-sm:basis-[28%]" aria-label=t!("metering-building") on:change=set("building")>
                <option value="">{t!("metering-all-buildings")}</option>
                {move || choices("building", houses.get().unwrap_or_default().into_iter().map(|(id, name)| (id.to_string(), name)).collect())}
            </select>
            <select class="select select-sm w-32 max-sm:w-auto max-sm:flex-1 max-sm:basis-[28%]" aria-label=t!("metering-utility") on:change=set("utility")>
                <option value="">{t!("metering-all-utilities")}</option>
                {choices("utility", utilities())}
            </select>
            <select class="select select-sm w-32 max-sm:w-auto max-sm:flex-1 max-sm:basis-[28%]" aria-label=t!("metering-role") on:change=set("role")>
                <option value="">{t!("metering-all-roles")}</option>
                {choices("role", super::roles())}
            </select>
            {search_field(t!("metering-search"), query, "w-56 max-sm:w-auto max-sm:flex-1 max-sm:basis-[55%]")}
            <label class="flex items-center gap-2 text-sm">
                <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || query.one("unread").is_some()
                    on:change=move |event| query.put(&[("unread", event_target_checked(&event).then_some("1")), ("page", None)]) />
                {t!("metering-unread-only")}
            </label>
        </div>
    }
    .into_any()
}

fn turner(query: Query, page: u32, total: u64, more: bool) -> AnyView {
    let pages = total.div_ceil(u64::from(AT_ONCE)).max(1);
    if pages == 1 {
        return ().into_any();
    }
    let to = move |page: u32| query.put(&[("page", Some(page.to_string().as_str()))]);
    view! {
        <nav class="flex items-center gap-2 px-6 pt-3 text-sm max-sm:px-4" aria-label=t!("kit-pages")>
            {(page > 1).then(|| button(icons::CHEVRON_LEFT, t!("kit-page-before"), move || to(page - 1)))}
            <span class="text-ink-2">{t!("metering-page-of", page = page, pages = pages)}</span>
            {more.then(|| button(icons::CHEVRON_RIGHT, t!("kit-page-next"), move || to(page + 1)))}
        </nav>
    }
    .into_any()
}

fn table(rows: Vec<RoundRow>, month: Month, sheet: Sheet) -> AnyView {
    sheet.of_month(month);
    sheet.go_on(&rows);
    let last = rows.len().saturating_sub(1);
    let lines = rows.into_iter().enumerate().map(|(place, row)| line(place, last, row, month, sheet)).collect_view();
    view! {
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-enter")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-whereabouts")}</th>
                        <th scope="col" class="max-sm:hidden">{t!("metering-code")}</th>
                        <th scope="col" class="max-sm:hidden">{t!("metering-previous-day")}</th>
                        <th scope="col" class="num">{t!("metering-previous")}</th>
                        <th scope="col" class="num">{t!("metering-present")}</th>
                        <th scope="col" class="num sm:w-32">{t!("metering-usage")}</th>
                        <th scope="col" class="num max-sm:hidden">{t!("metering-average")}</th>
                        <th scope="col" class="sm:w-[32%]">{t!("metering-state")}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>})}
    }
    .into_any()
}
