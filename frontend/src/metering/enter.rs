//! Typing a round: one page of meters, previous and present side by side, the usage live; Enter or ↓ saves and goes on.

use common::id::ReadingId;
use common::metering::api::{EnterReading, ReadingRow, ReadingState, RoundRow, ShowRound};
use common::metering::book::oddity;
use common::metering::usage::{Mark, Turn, usage};
use common::metering::{Oddity, Role, Utility};
use common::period::{Day, Month};
use common::problem::Problem;
use common::quantity::Quantity;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::readings::{month_of, month_picker};
use super::{buildings, figure, figure_or_dash, odd_mark, utilities, whereabouts};
use crate::api::call;
use crate::kit::{
    Empty, Ending, FieldValue, Form, Header, Query, Reload, button, dialog, empty_view, focus_id, icon, icons, load, toast,
};
use crate::{session, t, text};

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
                unread: query.one("unread").map(|_| true),
                search: query.one("search"),
                page: Some(page.get()),
                size: Some(AT_ONCE),
                sort: None,
            })
        },
        12,
        move |found| {
            if found.rows.is_empty() {
                let empty = Empty::new(icons::CIRCLE_CHECK, t!("metering-round-none"), t!("metering-round-none-why"));
                return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
            }
            let total = found.total.unwrap_or(0);
            view! {
                {table(found.rows, month.get_untracked(), day, reload)}
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
        {Header::new(t!("metering-enter")).beside(month_picker(query, month)).actions(day_field).show()}
        {filters(query)}
        {shown}
        <p class="label-xs px-6 py-4 max-sm:px-4">{t!("metering-enter-keys")}</p>
    }
    .into_any()
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
            <select class="select select-sm w-40" aria-label=t!("metering-building") on:change=set("building")>
                <option value="">{t!("metering-all-buildings")}</option>
                {move || choices("building", houses.get().unwrap_or_default().into_iter().map(|(id, name)| (id.to_string(), name)).collect())}
            </select>
            <select class="select select-sm w-32" aria-label=t!("metering-utility") on:change=set("utility")>
                <option value="">{t!("metering-all-utilities")}</option>
                {choices("utility", utilities())}
            </select>
            <select class="select select-sm w-32" aria-label=t!("metering-role") on:change=set("role")>
                <option value="">{t!("metering-all-roles")}</option>
                {choices("role", super::roles())}
            </select>
            <label class="input input-sm w-56">
                {icon(icons::SEARCH)}
                <input type="search" aria-label=t!("kit-search") placeholder=t!("metering-search") prop:value=move || query.one("search").unwrap_or_default() on:change=set("search") />
            </label>
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

fn table(rows: Vec<RoundRow>, month: Month, day: RwSignal<Day>, reload: Reload) -> AnyView {
    let replacing = RwSignal::new(None::<RoundRow>);
    let last = rows.len().saturating_sub(1);
    let lines = rows.into_iter().enumerate().map(|(place, row)| line(place, last, row, month, day, replacing)).collect_view();
    view! {
        <div class="overflow-x-auto">
            <table class="table" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-enter")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-whereabouts")}</th>
                        <th scope="col" class="max-sm:hidden">{t!("metering-code")}</th>
                        <th scope="col" class="max-sm:hidden">{t!("metering-previous-day")}</th>
                        <th scope="col" class="num">{t!("metering-previous")}</th>
                        <th scope="col" class="num">{t!("metering-present")}</th>
                        <th scope="col" class="num">{t!("metering-usage")}</th>
                        <th scope="col" class="num max-sm:hidden">{t!("metering-average")}</th>
                        <th scope="col">{t!("metering-state")}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        {replace_dialog(replacing, month, day, reload)}
    }
    .into_any()
}

/// What a line knows besides its meter.
#[derive(Clone, Copy)]
struct Line {
    typed: RwSignal<String>,
    rolled: RwSignal<bool>,
    confirmed: RwSignal<bool>,
    saved: RwSignal<Option<ReadingRow>>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
    id: StoredValue<ReadingId>,
}

fn turn_of(row: &RoundRow, present: Quantity, rolled: bool) -> Turn {
    let mark = rolled.then_some(Mark::RolledOver);
    Turn { previous: row.previous, present, multiplier: row.multiplier, digits: row.digits, mark }
}

fn line(
    place: usize,
    last: usize,
    row: RoundRow,
    month: Month,
    day: RwSignal<Day>,
    replacing: RwSignal<Option<RoundRow>>,
) -> AnyView {
    let line = Line {
        typed: RwSignal::new(String::new()),
        rolled: RwSignal::new(false),
        confirmed: RwSignal::new(false),
        saved: RwSignal::new(None),
        problem: RwSignal::new(None),
        busy: RwSignal::new(false),
        id: StoredValue::new(ReadingId(Uuid::now_v7())),
    };
    let done = row.reading.clone();
    let known = StoredValue::new(row.clone());
    let outcome = Memo::new(move |_| {
        let text = line.typed.get();
        if text.trim().is_empty() {
            return None;
        }
        Some(Quantity::read(&text).map_err(str::to_owned).and_then(|present| {
            let rolled = line.rolled.get();
            known.with_value(|row| usage(&turn_of(row, present, rolled))).map_err(|no| text::of_field(&no.problem("value")))
        }))
    });
    let odd = Memo::new(move |_| match outcome.get() {
        Some(Ok(Some(used))) => known.with_value(|row| row.average.and_then(|usual| oddity(used, &[Some(usual); 3]))),
        _ => None,
    });
    let save = move || {
        let Ok(value) = Quantity::read(&line.typed.get_untracked()) else { return };
        if !matches!(outcome.get_untracked(), Some(Ok(_)))
            || line.busy.get_untracked()
            || line.saved.with_untracked(Option::is_some)
        {
            return;
        }
        line.busy.set(true);
        line.problem.set(None);
        let ask = EnterReading {
            community: session::community(),
            reading: line.id.get_value(),
            meter: known.with_value(|row| row.meter),
            month,
            day: day.get_untracked(),
            value,
            mark: line.rolled.get_untracked().then_some(Mark::RolledOver),
            multiplier: None,
            confirmed: line.confirmed.get_untracked(),
            note: String::new(),
        };
        spawn_local(async move {
            let result = call(ask).await;
            if line.busy.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(saved) => line.saved.set(Some(saved)),
                Err(problem) => line.problem.set(Some(problem)),
            }
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
    let measure = row.utility.measure();
    let name = whereabouts(row.unit.as_ref(), &row.place);
    let label = t!("metering-present-of", meter = row.code);
    let entry = match &done {
        Some(reading) => view! { <span id=format!("round-{place}") tabindex="-1">{figure(reading.value)}</span> }.into_any(),
        None => view! {
            <input id=format!("round-{place}") class="input input-sm w-32 text-right max-sm:w-24" inputmode="decimal" autocomplete="off" aria-label=label
                aria-invalid=move || matches!(outcome.get(), Some(Err(_))).to_string()
                prop:value=move || line.typed.get()
                prop:disabled=move || line.saved.with(Option::is_some)
                on:input=move |event| line.typed.set(event_target_value(&event))
                on:keydown=keys
                on:blur=move |_| save() />
        }
        .into_any(),
    };
    let for_replace = row.clone();
    let used = done.as_ref().map(|reading| reading.usage);
    let status = move || {
        if let Some(reading) = &done {
            return super::reading_state(reading.state, None);
        }
        if let Some(saved) = line.saved.get() {
            return view! { <span class="inline-flex items-center gap-1 text-ink-2">{icon(icons::CHECK)} {t!("metering-entered")}</span> {(saved.state == ReadingState::Review).then(|| super::reading_state(saved.state, saved.odd))} }.into_any();
        }
        trouble(line, outcome.get(), odd.get(), &for_replace, replacing)
    };
    view! {
        <tr>
            <th scope="row" class="font-normal whitespace-nowrap">{name}</th>
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
            <td>{status}</td>
        </tr>
    }
    .into_any()
}

/// What is wrong or odd with what was typed, and what may be done about it right there.
fn trouble(
    line: Line,
    outcome: Option<Result<Option<Quantity>, String>>,
    odd: Option<Oddity>,
    row: &RoundRow,
    replacing: RwSignal<Option<RoundRow>>,
) -> AnyView {
    if let Some(problem) = line.problem.get() {
        let said = problem.fields.first().map_or_else(|| text::of_problem(&problem), text::of_field);
        return view! { <span class="text-error" role="alert">{said}</span> }.into_any();
    }
    match outcome {
        None => ().into_any(),
        Some(Err(said)) => {
            let row = row.clone();
            view! {
                <span class="text-error">{said}</span>
                <span class="ml-2 inline-flex gap-1">
                    <button type="button" class="btn btn-xs" on:click=move |_| line.rolled.update(|rolled| *rolled = !*rolled)>{t!("metering-mark-rolled")}</button>
                    <button type="button" class="btn btn-xs" on:click=move |_| replacing.set(Some(row.clone()))>{t!("metering-replace")}</button>
                </span>
            }
            .into_any()
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

/// The meter was exchanged: what the old one showed at last, what the new one began with, and what it shows now.
fn replace_dialog(what: RwSignal<Option<RoundRow>>, month: Month, day: RwSignal<Day>, reload: Reload) -> AnyView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if what.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            what.set(None);
        }
    });
    let title =
        move || what.with(|row| row.as_ref().map_or_else(String::new, |row| t!("metering-replace-title", meter = row.code)));
    let body = move || {
        let Some(row) = what.get_untracked() else { return ().into_any() };
        let mark = Mark::Replaced {
            old_final: row.previous.unwrap_or_default(),
            old_multiplier: row.multiplier,
            new_initial: Quantity::ZERO,
        };
        let form = Form::new(EnterReading {
            community: session::community(),
            reading: ReadingId(Uuid::now_v7()),
            meter: row.meter,
            month,
            day: day.get_untracked(),
            value: Quantity::ZERO,
            mark: Some(mark),
            multiplier: Some(row.multiplier),
            confirmed: false,
            note: String::new(),
        });
        let measure = row.utility.measure();
        let fields = view! {
            {register(form, "mark.old_final", t!("metering-old-final"), measure, row.previous.unwrap_or_default(), put_final)}
            {register(form, "mark.new_initial", t!("metering-new-initial"), measure, Quantity::ZERO, put_initial)}
            {form.field("value", t!("metering-present"), |ask| &mut ask.value).unit(measure).show()}
            {form.field("multiplier", t!("metering-new-multiplier"), |ask| &mut ask.multiplier).show()}
            {form.field("day", t!("metering-day"), |ask| &mut ask.day).show()}
            {form.field("note", t!("metering-note"), |ask| &mut ask.note).show()}
        };
        form.show(Ending::new(t!("metering-replace")).cancel(move || open.set(false)).in_dialog(), fields, move |_| {
            open.set(false);
            toast(t!("metering-replaced"));
            reload.now();
        })
    };
    dialog(open, title, body)
}

/// A register value of the replacement; the draft follows while it is a number.
fn register(
    form: Form<EnterReading>,
    field: &str,
    label: String,
    measure: &'static str,
    start: Quantity,
    put: fn(&mut Mark, Quantity),
) -> AnyView {
    let typed = RwSignal::new(start.show());
    form.custom(field, label, move |id, changed| {
        view! {
            <label class="input mt-1">
                <input id=id class="text-right" inputmode="decimal" autocomplete="off" prop:value=move || typed.get()
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        if let Ok(value) = Quantity::read(&typed.get_untracked()) {
                            form.draft.update(|ask| if let Some(mark) = &mut ask.mark { put(mark, value); });
                        }
                        changed();
                    } />
                <span class="label-xs">{measure}</span>
            </label>
        }
        .into_any()
    })
}

fn put_final(mark: &mut Mark, value: Quantity) {
    if let Mark::Replaced { old_final, .. } = mark {
        *old_final = value;
    }
}

fn put_initial(mark: &mut Mark, value: Quantity) {
    if let Mark::Replaced { new_initial, .. } = mark {
        *new_initial = value;
    }
}
