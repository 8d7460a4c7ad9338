//! A line of the round: what is typed becomes a usage at once, and is saved when one goes on.

use common::metering::Oddity;
use common::metering::api::{EnterReading, ReadingRow, ReadingState, RoundRow};
use common::metering::book::{days_between, oddity};
use common::metering::usage::{Mark, Turn, usage};
use common::period::Month;
use common::problem::Problem;
use common::quantity::Quantity;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::sheet::{Entry, Sheet};
use crate::api::call;
use crate::kit::{FieldValue, focus_id, icon, icons};
use crate::metering::photo::take_photo;
use crate::metering::{Wrong, estimated_mark, figure, figure_or_dash, meter_kind, odd_mark, reading_state, whereabouts};
use crate::{session, t, text};

/// What a line knows besides its meter, as long as its table stands.
#[derive(Clone, Copy)]
struct Line {
    typed: RwSignal<String>,
    rolled: RwSignal<bool>,
    confirmed: RwSignal<bool>,
    saved: RwSignal<Option<ReadingRow>>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
}

impl Line {
    fn of(entry: &Entry) -> Self {
        Self {
            typed: entry.typed.clone().into(),
            rolled: entry.rolled.clone().into(),
            confirmed: entry.confirmed.clone().into(),
            saved: entry.saved.clone().into(),
            problem: entry.problem.clone().into(),
            busy: entry.busy.clone().into(),
        }
    }
}

fn turn_of(row: &RoundRow, present: Quantity, rolled: bool) -> Turn {
    let mark = rolled.then_some(Mark::RolledOver);
    Turn { previous: row.previous, present, multiplier: row.multiplier, digits: row.digits, mark, least: row.least }
}

pub(super) fn line(place: usize, last: usize, row: RoundRow, month: Month, sheet: Sheet) -> AnyView {
    let (meter, day) = (row.meter, sheet.day);
    if row.reading.is_some() {
        sheet.saved(month, meter);
    }
    let entry = sheet.entry(month, meter);
    let line = Line::of(&entry);
    let entry = StoredValue::new(entry);
    let done = row.reading.clone();
    let known = StoredValue::new(row.clone());
    let outcome = Memo::new(move |_| {
        let text = line.typed.get();
        if text.trim().is_empty() {
            return None;
        }
        Some(Quantity::read(&text).map_err(Wrong::unreadable).and_then(|present| {
            let rolled = line.rolled.get();
            known.with_value(|row| usage(&turn_of(row, present, rolled))).map_err(Wrong::of)
        }))
    });
    let odd = Memo::new(move |_| match outcome.get() {
        Some(Ok(Some(used))) => known.with_value(|row| {
            let days = row.previous_day.map(|before| days_between(before, day.get()));
            row.average.and_then(|usual| oddity(used, &[Some(usual); 3], days))
        }),
        _ => None,
    });
    let save = move || {
        // A field that goes with its page loses the focus when nothing is there any more.
        let Some(typed) = line.typed.try_get_untracked() else { return };
        let Ok(value) = Quantity::read(&typed) else { return };
        if !matches!(outcome.get_untracked(), Some(Ok(_)))
            || line.busy.get_untracked()
            || line.saved.with_untracked(Option::is_some)
        {
            return;
        }
        let entry = entry.get_value();
        entry.busy.set(true);
        entry.problem.set(None);
        sheet.watch();
        let ask = EnterReading {
            community: session::community(),
            reading: entry.id,
            meter,
            month,
            day: day.get_untracked(),
            value,
            mark: line.rolled.get_untracked().then_some(Mark::RolledOver),
            multiplier: None,
            confirmed: line.confirmed.get_untracked(),
            note: String::new(),
            round: None,
            reread: None,
        };
        spawn_local(async move {
            let result = call(ask).await;
            entry.busy.set(false);
            match result {
                Ok(saved) => {
                    entry.saved.set(Some(saved));
                    sheet.saved(month, meter);
                }
                Err(problem) => entry.problem.set(Some(problem)),
            }
            sheet.watch();
        });
    };
    let keys = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "Enter" | "ArrowDown" => Some((place + 1).min(last)),
            "ArrowUp" => Some(place.saturating_sub(1)),
            _ => None,
        };
        if let Some(to) = to {
            event.prevent_default();
            save();
            focus_id(&format!("round-{to}"));
        }
    };
    let wrong = move || matches!(outcome.get(), Some(Err(_))) || line.problem.with(Option::is_some);
    let typed = move |event| {
        line.problem.set(None);
        line.typed.set(event_target_value(&event));
        sheet.watch();
    };
    let left = move || {
        // A field that is taken away with its table was not left.
        if line.typed.try_get_untracked().is_some() {
            sheet.go_to(None);
        }
        save();
    };
    let measure = row.utility.measure();
    let name = whereabouts(row.unit.as_ref(), &row.place);
    let label = t!("metering-present-of", meter = row.code);
    let entry = match &done {
        Some(reading) => view! { <span id=format!("round-{place}") tabindex="-1">{figure(reading.value)}</span> }.into_any(),
        None => view! {
            <input id=format!("round-{place}") class="input input-sm w-32 text-right max-sm:w-24" inputmode="decimal" autocomplete="off" aria-label=label
                aria-invalid=move || wrong().to_string()
                prop:value=move || line.typed.get()
                prop:readOnly=move || line.busy.get()
                prop:disabled=move || line.saved.with(Option::is_some)
                on:input=typed
                on:keydown=keys
                on:focus=move |_| sheet.go_to(Some(meter))
                on:blur=move |_| left() />
        }
        .into_any(),
    };
    let for_replace = row.clone();
    let for_photo = row.code.clone();
    let used = done.as_ref().map(|reading| reading.usage);
    let status = move || {
        if let Some(reading) = &done {
            let camera = take_photo(reading.id, t!("metering-photo-of", meter = for_photo));
            let label = t!("metering-correct-reading-of", meter = for_photo);
            // The meter's own page has all of the reading.
            let mend = (reading.state != ReadingState::Billed)
                .then(|| view! { <a class="a ml-2" href=format!("/metering/meters/{meter}") aria-label=label>{t!("metering-correct")}</a> });
            return view! { {reading_state(reading.state, None)} {estimated_mark(reading.estimated)} {camera} {mend} }.into_any();
        }
        if let Some(saved) = line.saved.get() {
            let again = saved.clone();
            let mend = view! {
                <button type="button" class="btn btn-ghost btn-xs" aria-label=t!("metering-correct-reading-of", meter = saved.meter_code) on:click=move |_| sheet.correcting.set(Some(again.clone()))>{t!("metering-correct")}</button>
            };
            return view! { <span class="inline-flex flex-wrap items-center gap-1 text-ink-2">{icon(icons::CHECK)} {t!("metering-entered")} {(saved.state == ReadingState::Review).then(|| reading_state(saved.state, saved.odd))} {take_photo(saved.id, t!("metering-photo-of", meter = saved.meter_code.clone()))} {mend}</span> }.into_any();
        }
        trouble(line, outcome.get(), odd.get(), &for_replace, sheet)
    };
    view! {
        <tr>
            <th scope="row" class="font-normal whitespace-nowrap">
                {name}
                <span class="ml-2 font-normal text-ink-2 sm:hidden">{meter_kind(row.utility, row.register)} " " {row.code.clone()}</span>
            </th>
            <td class="whitespace-nowrap text-ink-2 max-sm:hidden">{row.code.clone()}</td>
            <td class="whitespace-nowrap text-ink-2 max-sm:hidden">{row.previous_day.map(|day| day.to_string())}</td>
            <td class="num text-ink-2">{figure_or_dash(row.previous)}</td>
            <td class="num">{entry}</td>
            <td class="num font-semibold">
                {move || match (used, outcome.get()) {
                    (Some(used), _) | (None, Some(Ok(used))) => match used {
                        Some(used) => view! { {figure(used)} <span class="label-xs ml-1 font-normal">{measure}</span> }.into_any(),
                        None => view! { <span class="font-normal text-ink-2">{t!("metering-baseline")}</span> }.into_any(),
                    },
                    _ => ().into_any(),
                }}
            </td>
            <td class="num text-ink-2 max-sm:hidden">{figure_or_dash(row.average)}</td>
            <td class="sm:whitespace-normal">{status}</td>
        </tr>
    }
    .into_any()
}

/// What is wrong or odd with what was typed, and what may be done about it right there.
fn trouble(
    line: Line,
    outcome: Option<Result<Option<Quantity>, Wrong>>,
    odd: Option<Oddity>,
    row: &RoundRow,
    sheet: Sheet,
) -> AnyView {
    if let Some(problem) = line.problem.get() {
        let said = problem.fields.first().map_or_else(|| text::of_problem(&problem), text::of_field);
        return view! { <span class="text-error" role="alert">{said}</span> }.into_any();
    }
    match outcome {
        None => ().into_any(),
        Some(Err(wrong)) => {
            let row = row.clone();
            let explained = wrong.below.then(|| view! {
                <span class="ml-2 inline-flex gap-1">
                    <button type="button" class="btn btn-xs" on:click=move |_| line.rolled.update(|rolled| *rolled = !*rolled)>{t!("metering-mark-rolled")}</button>
                    <button type="button" class="btn btn-xs" on:click=move |_| sheet.replacing.set(Some((row.clone(), Quantity::read(&line.typed.get_untracked()).ok())))>{t!("metering-replace")}</button>
                </span>
            });
            view! { <span class="text-error">{wrong.said}</span> {explained} }.into_any()
        }
        Some(Ok(Some(used))) if used < Quantity::ZERO => {
            view! { <span class="text-ink-2">{t!("metering-given-back")}</span> }.into_any()
        }
        Some(Ok(_)) => match odd {
            Some(odd) => view! {
                {odd_mark(odd)}
                <label class="ml-2 inline-flex items-center gap-1 text-sm">
                    <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || line.confirmed.get() on:change=move |event| line.confirmed.set(event_target_checked(&event)) />
                    {t!("metering-right")}
                </label>
            }
            .into_any(),
            None => ().into_any(),
        },
    }
}
