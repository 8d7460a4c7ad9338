//! 出账日历: what is generated when, twelve months at a glance and one of them in detail.

use std::time::Duration;

use common::billing::api::{CalendarView, GetCalendar, OccurrenceState, OccurrenceView, SaveGenerationRule};
use common::period::Month;
use leptos::prelude::*;

use super::month;
use super::occurrence::{self, Shown};
use crate::api::call;
use crate::kit::{Empty, Header, Query, Reload, empty_view, icon_sized, icons, link_button, load, primary_link, section};
use crate::{session, t};

/// Months at a glance.
const MONTHS: i32 = 12;
/// Where the rules are set.
pub(super) const RULES: &str = "/billing/calendar/rules";

/// The page; asks again every two seconds while something is being generated.
pub(super) fn page() -> AnyView {
    let (query, reload, community) = (Query::here(), Reload::new(), session::community());
    let this = Month::of(session::today());
    let chosen = Memo::new(move |_| query.one("month").and_then(|month| month.parse().ok()).unwrap_or(this));
    // The coming twelve months, or twelve that hold the chosen one.
    let first = Memo::new(move |_| {
        let ahead = months_between(this, chosen.get());
        this.plus(ahead.div_euclid(MONTHS) * MONTHS)
    });
    let shown = Shown::new(reload);
    let running = RwSignal::new(false);
    let timer = set_interval_with_handle(
        move || {
            if running.try_get_untracked().unwrap_or(false) {
                reload.now();
            }
        },
        Duration::from_secs(2),
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let ask = move || {
        reload.track();
        call(GetCalendar { community, first: first.get(), months: MONTHS.unsigned_abs() })
    };
    let body = load(ask, 12, move |calendar: CalendarView| {
        running.set(calendar.occurrences.iter().any(|one| one.state == OccurrenceState::Running));
        shown.renew(&calendar.occurrences);
        if calendar.rules == 0 && calendar.occurrences.is_empty() {
            return none();
        }
        let all = StoredValue::new(calendar.occurrences.clone());
        view! {
            {to_do(&calendar, shown)}
            {year(&calendar, first.get_untracked(), chosen, query)}
            {move || all.with_value(|all| month::show(chosen.get(), all, shown, query))}
        }
        .into_any()
    });
    let rules = link_button(icons::LIST_CHECKS, t!("billing-rules"), RULES);
    view! {
        {Header::new(t!("billing-calendar")).actions(rules).show()}
        <div class="border-t border-line pb-8">{body}</div>
        {occurrence::dialogs(shown)}
    }
    .into_any()
}

fn none() -> AnyView {
    let may = session::may_ask::<SaveGenerationRule>();
    let add = may.then(|| primary_link(icons::CALENDAR_PLUS, t!("billing-rule-add"), RULES));
    let empty = Empty::new(icons::CALENDAR_DAYS, t!("billing-rules-none"), t!("billing-rules-none-why")).actions(add);
    view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any()
}

/// Months from one to another.
fn months_between(from: Month, to: Month) -> i32 {
    let count = |month: Month| month.number() / 100 * 12 + month.number() % 100;
    count(to) - count(from)
}

/// What waits for a person: proposed and due, missed, failed.
fn to_do(calendar: &CalendarView, shown: Shown) -> AnyView {
    let waiting: Vec<&OccurrenceView> = calendar.occurrences.iter().filter(|one| one.state.wants_attention(one.start)).collect();
    if waiting.is_empty() {
        return ().into_any();
    }
    let lines = waiting.into_iter().map(|one| view! { <li>{month::line(one, shown)}</li> }).collect_view();
    section(t!("billing-calendar-waiting"), (), view! { <ul class="border-t border-line">{lines}</ul> })
}

/// A tile for each month: how much is generated, done, and what is not well.
fn year(calendar: &CalendarView, first: Month, chosen: Memo<Month>, query: Query) -> AnyView {
    let choose = move |month: Month| query.put(&[("month", Some(&month.to_string()))]);
    let tiles = (0..MONTHS)
        .map(|place| {
            let month = first.plus(place);
            let of_month = || calendar.occurrences.iter().filter(move |one| Month::of(one.at.day) == month);
            let (all, open) = (of_month().count(), of_month().filter(|one| one.state.is_open()).count());
            let wanting = of_month().filter(|one| one.state.wants_attention(one.start)).count();
            let words = match (all, open) {
                (0, _) => t!("billing-calendar-nothing"),
                (all, 0) => t!("billing-calendar-all-done", count = all),
                (all, open) => t!("billing-calendar-some", count = all, open = open),
            };
            let warning = (wanting > 0).then(|| icon_sized(icons::TRIANGLE_ALERT, 14, "text-warning"));
            view! {
                <button
                    type="button"
                    class="calendar-tile"
                    aria-pressed=move || (chosen.get() == month).to_string()
                    on:click=move |_| choose(month)
                >
                    <span class="flex items-center gap-1 text-sm font-semibold">{month.to_string()} {warning}</span>
                    <span class=if all == 0 { "text-xs text-ink-3" } else { "text-xs text-ink-2" }>{words}</span>
                </button>
            }
        })
        .collect_view();
    let turn = |by: i32, shape, word: String| {
        let to = first.plus(by);
        view! {
            <button type="button" class="btn btn-ghost btn-sm btn-square" aria-label=word on:click=move |_| choose(to)>
                {icon_sized(shape, 16, "")}
            </button>
        }
    };
    let turns = view! {
        <span class="ml-auto flex gap-1">
            {turn(-MONTHS, icons::CHEVRON_LEFT, t!("billing-calendar-before"))} {turn(MONTHS, icons::CHEVRON_RIGHT, t!("billing-calendar-after"))}
        </span>
    };
    section(t!("billing-calendar-year"), turns, view! { <div class="calendar-year">{tiles}</div> })
}
