//! The meter one stands before: where it hangs, what it showed last, and a large field for what it shows now.

use common::metering::api::{MissReason, RereadRow, RoundRow};
use common::quantity::Quantity;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::stop::{Kept, Put, Stop, Walk};
use crate::kit::{icon, icon_sized, icons};
use crate::metering::photo::take_photo;
use crate::metering::rereads;
use crate::metering::rounds::miss_name;
use crate::metering::{estimated_mark, figure, figure_or_dash, meter_kind, odd_mark, reading_state, whereabouts};
use crate::{t, text};

pub(super) fn card(walk: Walk, place: usize, task: Option<RereadRow>) -> AnyView {
    let Some(stop) = walk.stop(place) else { return ().into_any() };
    let row = stop.row.get_value();
    let (name, measure) = (whereabouts(row.unit.as_ref(), &row.place), row.utility.measure());
    let note = row.missed.as_ref().map(|missed| missed.note.clone()).filter(|note| !note.is_empty());
    let previous = row.previous;
    let body = {
        let row = row.clone();
        move || {
            match stop.put.get() {
            Put::Kept(kept) => kept_view(&kept, &row),
            Put::Sending(_) => view! { <p class="text-base text-ink-2" role="status">{t!("metering-walk-sending")}</p> }.into_any(),
            Put::Waiting(_) => view! { <p class="flex items-center gap-2 text-base" role="status">{icon_sized(icons::WIFI_OFF, 18, "text-warning")} {t!("metering-walk-kept-why")}</p> }.into_any(),
            Put::Refused(problem) => {
                let said = problem.fields.first().map_or_else(|| text::of_problem(&problem), text::of_field);
                view! { <p class="mb-2 text-base text-error" role="alert">{said}</p> {entry(walk, place, stop, measure)} }.into_any()
            }
            Put::Missed(reason) => view! { {missed_line(reason, note.clone())} {entry(walk, place, stop, measure)} }.into_any(),
            Put::Open => entry(walk, place, stop, measure),
        }
        }
    };
    view! {
        <article class="px-4 pt-3 pb-4" aria-labelledby="walk-place">
            <p class="label-xs flex items-center gap-2">{meter_kind(row.utility, row.register)} <span>{row.code.clone()}</span>
                {(row.multiplier != Quantity::ONE).then(|| view! { <span>"× " {figure(row.multiplier)}</span> })}
            </p>
            <h2 id="walk-place" class="text-2xl font-semibold">{name}</h2>
            {task.map(|task| again(&task))}
            <dl class="mt-2 grid grid-cols-3 gap-x-3 text-sm">
                <div><dt class="label-xs">{t!("metering-previous")}</dt><dd class="text-lg font-semibold">{figure_or_dash(previous)}</dd></div>
                <div><dt class="label-xs">{t!("metering-previous-day")}</dt><dd class="leading-7">{row.previous_day.map(|day| day.to_string())}</dd></div>
                <div><dt class="label-xs">{t!("metering-average")}</dt><dd class="leading-7">{figure_or_dash(row.average)}</dd></div>
            </dl>
            <div class="mt-3">{body}</div>
        </article>
        {foot(walk, place, stop)}
    }
    .into_any()
}

/// Why one was sent back.
fn again(task: &RereadRow) -> AnyView {
    view! {
        <div class="mt-2 rounded-field border border-line px-3 py-2 text-sm">
            <p class="flex items-center gap-2 font-semibold">{icon_sized(icons::ROTATE_CCW, 16, "text-warning")} {t!("metering-reread-refused", value = figure(task.refused))}</p>
            <p class="text-ink-2">{rereads::why(task)}</p>
            {(!task.note.is_empty()).then(|| view! { <p>{task.note.clone()}</p> })}
        </div>
    }
    .into_any()
}

fn missed_line(reason: MissReason, note: Option<String>) -> AnyView {
    view! { <p class="mb-2 flex flex-wrap items-center gap-2 text-sm text-ink-2">{icon_sized(icons::DOOR_OPEN, 16, "text-warning")} <span>{miss_name(reason)}</span> <span>{note}</span></p> }
        .into_any()
}

fn kept_view(kept: &Kept, row: &RoundRow) -> AnyView {
    view! {
        <p class="flex flex-wrap items-center gap-3">
            <span class="text-3xl font-semibold">{figure(kept.value)}</span>
            <span class="text-base text-ink-2">{t!("metering-usage")} " " {figure_or_dash(kept.usage)} " " {row.utility.measure()}</span>
        </p>
        <p class="mt-2 flex flex-wrap items-center gap-2">{reading_state(kept.state, None)} {estimated_mark(kept.estimated)} {take_photo(kept.id, t!("metering-photo-of", meter = row.code))}</p>
    }
    .into_any()
}

fn entry(walk: Walk, place: usize, stop: Stop, measure: &'static str) -> AnyView {
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            walk.save(place);
        }
    };
    let label = t!("metering-present-of", meter = stop.row.with_value(|row| row.code.clone()));
    let wrong = move || matches!(stop.outcome(), Some(Err(_)));
    view! {
        <label class="input flex h-16! w-full items-center gap-2">
            <input id="walk-value" class="text-right text-3xl! font-semibold" inputmode="decimal" autocomplete="off" autofocus enterkeyhint="next" aria-label=label
                aria-describedby="walk-outcome" aria-invalid=move || wrong().to_string()
                prop:value=move || stop.typed.get()
                on:input=move |event| stop.typed.set(event_target_value(&event))
                on:keydown=keys />
            <span class="text-base text-ink-2">{measure}</span>
        </label>
        <div id="walk-outcome" class="mt-2 min-h-12 text-base" aria-live="polite">{move || outcome(stop, measure)}</div>
    }
    .into_any()
}

/// What the figure comes to, and what is odd or wrong with it.
fn outcome(stop: Stop, measure: &'static str) -> AnyView {
    match stop.outcome() {
        None => ().into_any(),
        Some(Err(wrong)) => {
            let rolled = wrong.below.then(|| view! {
                <label class="mt-1 inline-flex min-h-11 items-center gap-2">
                    <input type="checkbox" class="checkbox checkbox-sm" prop:checked=move || stop.rolled.get() on:change=move |event| stop.rolled.set(event_target_checked(&event)) />
                    {t!("metering-mark-rolled")}
                </label>
            });
            view! { <p class="text-error">{wrong.said}</p> {rolled} }.into_any()
        }
        Some(Ok(used)) => {
            let rolled = stop.rolled.get().then(|| view! {
                <button type="button" class="btn btn-xs" on:click=move |_| stop.rolled.set(false)>{t!("metering-mark-rolled")} {icon(icons::X)}</button>
            });
            let odd = stop.odd().map(|odd| view! {
                <label class="mt-1 flex min-h-11 items-center gap-2">
                    {odd_mark(odd)}
                    <input type="checkbox" class="checkbox checkbox-sm" prop:checked=move || stop.confirmed.get() on:change=move |event| stop.confirmed.set(event_target_checked(&event)) />
                    {t!("metering-walk-right")}
                </label>
            });
            view! {
                <p class="flex items-center gap-2">{t!("metering-usage")} " " <span class="font-semibold">{figure_or_dash(used)}</span> <span class="label-xs">{measure}</span> {rolled}</p>
                {odd}
            }
            .into_any()
        }
    }
}

/// The deeds, large enough for a thumb.
fn foot(walk: Walk, place: usize, stop: Stop) -> AnyView {
    let open = move || stop.put.with(|put| matches!(put, Put::Open | Put::Missed(_) | Put::Refused(_)));
    let many = walk.stops.with_value(Vec::len);
    let (first, last, alone) = (place == 0, place + 1 >= many, many == 1);
    let ready = move || matches!(stop.outcome(), Some(Ok(_)));
    let chosen = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        if let Some(file) = input.and_then(|input| input.files()?.get(0)) {
            stop.photo.set(Some(file));
        }
    };
    let taken = move || stop.photo.with(Option::is_some);
    let deeds = move || {
        open().then(|| {
            let code = stop.row.with_value(|row| row.code.clone());
            view! {
                <div class="grid grid-cols-3 gap-3">
                    <label class="btn btn-lg relative px-2">
                        <span class=move || if taken() { "text-primary" } else { "" }>{icon_sized(icons::CAMERA, 20, "")}</span>
                        {move || if taken() { t!("metering-walk-photo-taken") } else { t!("metering-photo-take") }}
                        <input type="file" accept="image/*" capture="environment" class="absolute inset-0 cursor-pointer opacity-0" aria-label=t!("metering-photo-of", meter = code) on:change=chosen />
                    </label>
                    <button type="button" class="btn btn-lg px-2" on:click=move |_| walk.estimating.set(true)>{icon_sized(icons::CALCULATOR, 20, "")} {t!("metering-estimated")}</button>
                    {walk.round.map(|_| view! {
                        <button type="button" class="btn btn-lg px-2" on:click=move |_| walk.missing.set(true)>{icon_sized(icons::DOOR_OPEN, 20, "")} {t!("metering-miss")}</button>
                    })}
                </div>
            }
        })
    };
    let save = if alone { t!("metering-walk-save-one") } else { t!("metering-walk-save") };
    let on = move || {
        if open() {
            let save = save.clone();
            view! { <button type="button" class="btn btn-primary btn-lg flex-1" aria-disabled=move || (!ready()).to_string() on:click=move |_| walk.save(place)>{icon_sized(icons::CHECK, 20, "")} {save}</button> }.into_any()
        } else if alone {
            view! { <a class="btn btn-lg flex-1" href=super::MINE>{icon_sized(icons::ARROW_LEFT, 20, "")} {t!("metering-mine")}</a> }.into_any()
        } else if walk.done() == many {
            view! { <a class="btn btn-primary btn-lg flex-1" href=super::MINE>{icon_sized(icons::CHECK, 20, "")} {t!("metering-walk-over")}</a> }.into_any()
        } else {
            view! { <button type="button" class="btn btn-lg flex-1" on:click=move |_| walk.next(place)>{t!("metering-walk-next")} {icon_sized(icons::CHEVRON_RIGHT, 20, "")}</button> }.into_any()
        }
    };
    view! {
        <footer class="flex flex-col gap-3 border-t border-line px-4 py-3">
            {deeds}
            <div class="flex gap-3">
                {(!alone).then(|| view! { <button type="button" class="btn btn-lg btn-square" aria-label=t!("metering-walk-before") disabled=first on:click=move |_| walk.go(place.saturating_sub(1))>{icon_sized(icons::CHEVRON_LEFT, 20, "")}</button> })}
                {on}
                {(!alone).then(|| view! { <button type="button" class="btn btn-lg btn-square" aria-label=t!("metering-walk-skip") disabled=last on:click=move |_| walk.go(place + 1)>{icon_sized(icons::CHEVRON_RIGHT, 20, "")}</button> })}
            </div>
        </footer>
    }
    .into_any()
}
