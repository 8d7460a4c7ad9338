//! A month of the calendar: its days on a wide screen, a list on a phone.

use chrono::Datelike as _;
use common::billing::api::{OccurrenceState, OccurrenceView};
use common::period::{Day, Month, add_days};
use leptos::prelude::*;

use super::occurrence::Shown;
use super::words::period_text;
use crate::kit::{Query, State, count, icon_sized, icons, section, state_badge};
use crate::{session, t};

/// Draws it.
pub(super) fn show(month: Month, all: &[OccurrenceView], shown: Shown, query: Query) -> AnyView {
    let of_month: Vec<OccurrenceView> = all.iter().filter(|one| Month::of(one.at.day) == month).cloned().collect();
    let turn = move |to: Month, shape, word: String| {
        view! {
            <button type="button" class="btn btn-ghost btn-sm btn-square" aria-label=word on:click=move |_| query.put(&[("month", Some(&to.to_string()))])>
                {icon_sized(shape, 16, "")}
            </button>
        }
    };
    let turns = view! {
        <span class="ml-auto flex gap-1">
            {turn(month.plus(-1), icons::CHEVRON_LEFT, t!("billing-month-before"))} {turn(month.plus(1), icons::CHEVRON_RIGHT, t!("billing-month-after"))}
        </span>
    };
    let lines = of_month.iter().map(|one| view! { <li>{line(one, shown)}</li> }).collect_view();
    let list = if of_month.is_empty() {
        view! { <p class="py-2 text-sm text-ink-2">{t!("billing-calendar-nothing")}</p> }.into_any()
    } else {
        view! { <ul class="border-t border-line">{lines}</ul> }.into_any()
    };
    let body = view! {
        <div class="max-sm:hidden">{days(month, all, shown)}</div>
        <div class="sm:hidden">{list}</div>
    };
    section(month.to_string(), turns, body)
}

/// Weeks from Monday, as the trade counts them.
fn days(month: Month, all: &[OccurrenceView], shown: Shown) -> AnyView {
    let period = month.period();
    let offset = period.from.weekday().num_days_from_monday();
    let begin = period.from.checked_sub_days(chrono::Days::new(u64::from(offset))).unwrap_or(period.from);
    let heads = (1..=7).map(|day| view! { <th scope="col">{t!(&format!("billing-weekday-{day}"))}</th> }).collect_view();
    let weeks = (0..6)
        .filter_map(|week| add_days(begin, week * 7))
        .take_while(|monday| *monday < period.to)
        .map(|monday| {
            let days = (0..7).filter_map(|day| add_days(monday, day)).map(|day| cell(day, period.contains(day), all, shown));
            view! { <tr>{days.collect_view()}</tr> }
        })
        .collect_view();
    view! {
        <table class="calendar-month">
            <caption class="sr-only">{month.to_string()}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{weeks}</tbody>
        </table>
    }
    .into_any()
}

/// A day: what is generated on it; and of what people are told on it, or must have paid.
fn cell(day: Day, inside: bool, all: &[OccurrenceView], shown: Shown) -> AnyView {
    let live = |one: &&OccurrenceView| one.state != OccurrenceState::Skipped;
    let generated = all.iter().filter(|one| one.at.day == day).map(|one| chip(one, shown)).collect_view();
    let told = all.iter().filter(live).filter(|one| one.at.notice_day == day && one.at.notice_day != one.at.day);
    let told = told.map(|one| t!("billing-calendar-told", name = one.rule_name));
    let due = all
        .iter()
        .filter(live)
        .filter(|one| one.at.due_day == Some(day))
        .map(|one| t!("billing-calendar-due", name = one.rule_name));
    let words = told
        .chain(due)
        .map(|words| view! { <span class="block truncate px-1 text-xs text-ink-2" title=words.clone()>{words.clone()}</span> });
    let today = day == session::today();
    let class = if inside { "" } else { "calendar-outside" };
    view! {
        <td class=class aria-current=today.then_some("date")>
            <span class="calendar-day">{day.day().to_string()}</span>
            {generated}
            {words.collect_view()}
        </td>
    }
    .into_any()
}

fn chip(one: &OccurrenceView, shown: Shown) -> AnyView {
    let words = format!("{} {} {}", one.rule_name, period_text(one.at), t!(&format!("billing-occurrence-{}", one.state)));
    let for_click = one.clone();
    view! {
        <button type="button" class="calendar-chip" title=words.clone() aria-label=words on:click=move |_| shown.open(for_click.clone())>
            {mark_of(one)}
            <span class="truncate">{one.rule_name.clone()}</span>
        </button>
    }
    .into_any()
}

/// A line of a list of occurrences, with what came of it.
pub(super) fn line(one: &OccurrenceView, shown: Shown) -> AnyView {
    let for_click = one.clone();
    let done = one.run.as_ref().filter(|_| one.state == OccurrenceState::Done);
    let done = done.map(|run| t!("billing-occurrence-made", bills = count(run.bills), amount = run.amount_fen));
    view! {
        <button type="button" class="calendar-line" on:click=move |_| shown.open(for_click.clone())>
            <span class="num w-22 shrink-0 text-left">{one.at.day.to_string()}</span>
            <span class="min-w-0 flex-1 text-left">
                <span class="block truncate font-semibold">{one.rule_name.clone()}</span>
                <span class="block truncate text-xs text-ink-2">
                    {period_text(one.at)} " · " {super::items_text(&one.fee_items)} {done.map(|done| format!(" · {done}"))}
                </span>
            </span>
            {badge_of(one)}
        </button>
    }
    .into_any()
}

/// The state as a badge.
pub(super) fn badge_of(one: &OccurrenceView) -> AnyView {
    let state = match one.state {
        OccurrenceState::Planned => State::Open,
        OccurrenceState::Due => State::Wait,
        OccurrenceState::Running => State::Part,
        OccurrenceState::Done => State::Done,
        OccurrenceState::Missed | OccurrenceState::Failed => State::Late,
        OccurrenceState::Skipped => State::Void,
    };
    state_badge(state, t!(&format!("billing-occurrence-{}", one.state)))
}

fn mark_of(one: &OccurrenceView) -> AnyView {
    let (shape, class) = match one.state {
        OccurrenceState::Planned => (icons::CLOCK, "text-ink-3"),
        OccurrenceState::Due => (icons::BELL, "text-warning"),
        OccurrenceState::Running => (icons::LOADER, "text-primary"),
        OccurrenceState::Done => (icons::CIRCLE_CHECK, "text-success"),
        OccurrenceState::Missed | OccurrenceState::Failed => (icons::TRIANGLE_ALERT, "text-error"),
        OccurrenceState::Skipped => (icons::MINUS, "text-ink-3"),
    };
    icon_sized(shape, 12, class)
}
