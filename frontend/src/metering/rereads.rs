//! Meters that are read again: the list of tasks, and the dialog that sends somebody back.

use common::id::{EmployeeId, RereadId};
use common::metering::Oddity;
use common::metering::api::{
    DropReread, GetRoundChoices, ListRereads, Reader, RereadRow, RereadState, ReviewRow, RoundChoices, SendBack,
};
use common::period::Day;
use leptos::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::meter::opened;
use super::{building_choices, figure, figure_or_dash, meter_kind, odd_mark, tenths, whereabouts};
use crate::api::call;
use crate::kit::{
    Column, Confirm, Deed, Empty, Ending, Filter, Form, Header, List, Picked, Reload, State, View, button, dialog, icons,
    link_button, load, state_badge, toast,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let (reload, dropping) = (Reload::new(), Deed::new());
    let base = ListRereads {
        community: session::community(),
        state: None,
        month: None,
        building: None,
        reader: None,
        page: None,
        size: None,
        sort: None,
    };
    let states = RereadState::ALL.iter().map(|state| (state.word().to_owned(), state_name(*state))).collect();
    let list = List::new("rereads", base, |row: &RereadRow| row.id.to_string())
        .reload(reload)
        .filter(Filter::one("state", t!("metering-state"), states))
        .filter(Filter::later("building", t!("metering-building"), building_choices))
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(state_name(RereadState::Open), "state=open"))
        .column(
            Column::new("metering-whereabouts", |row: &RereadRow| whereabouts(row.unit.as_ref(), &row.place))
                .link(|row| format!("/metering/meters/{}", row.meter)),
        )
        .column(Column::new("metering-utility", |row: &RereadRow| meter_kind(row.utility, row.register)))
        .column(Column::new("metering-month", |row: &RereadRow| row.month.to_string()).not_on_phone())
        .column(Column::new("metering-reread-why", |row: &RereadRow| why(row)).wide())
        .column(Column::new("metering-reread-old", |row: &RereadRow| figure(row.refused)).num())
        .column(Column::new("metering-reread-new", |row: &RereadRow| figure_or_dash(row.answer)).num().strong())
        .column(Column::new("metering-by", |row: &RereadRow| row.reader_name.clone()))
        .column(Column::new("metering-reread-due", due))
        .column(Column::new("metering-state", |row: &RereadRow| badge(row)))
        .column(Column::new("metering-note", |row: &RereadRow| row.note.clone()).not_on_phone())
        .empty(|| {
            let empty = Empty::new(icons::CIRCLE_CHECK, t!("metering-rereads-none"), t!("metering-rereads-none-why"));
            empty.actions(link_button(icons::GAUGE, t!("metering-reviews"), "/metering/review"))
        });
    let list = if session::may_ask::<DropReread>() {
        list.bulk(move |picked: Picked<RereadRow>| {
            button(icons::CIRCLE_SLASH, t!("metering-reread-drop"), move || {
                let open: Vec<RereadRow> = picked.rows().into_iter().filter(|row| row.state == RereadState::Open).collect();
                let [row] = open.as_slice() else {
                    toast(t!("metering-reread-drop-one"));
                    return;
                };
                let (reread, code) = (row.id, row.meter_code.clone());
                Confirm::new(
                    t!("metering-reread-drop-title", meter = code),
                    t!("metering-reread-drop-why"),
                    t!("metering-reread-drop"),
                )
                .ask(move || {
                    dropping.run(DropReread { community: session::community(), reread }, move |_| {
                        picked.clear();
                        reload.now();
                        toast(t!("metering-reread-dropped"));
                    });
                });
            })
        })
    } else {
        list
    };
    view! {
        {Header::new(t!("metering-rereads")).actions(link_button(icons::GAUGE, t!("metering-reviews"), "/metering/review")).show()}
        {list.show()}
    }
    .into_any()
}

fn state_name(state: RereadState) -> String {
    t!(&format!("metering-reread-{}", state.word()))
}

fn badge(row: &RereadRow) -> AnyView {
    match row.state {
        RereadState::Open if row.due < session::today() => state_badge(State::Late, t!("metering-reread-late")),
        RereadState::Open => state_badge(State::Wait, state_name(row.state)),
        RereadState::Done if row.is_confirmed() => state_badge(State::Done, t!("metering-reread-same")),
        RereadState::Done => state_badge(State::Done, state_name(row.state)),
        RereadState::Dropped => state_badge(State::Void, state_name(row.state)),
    }
}

fn due(row: &RereadRow) -> AnyView {
    view! { <span class="whitespace-nowrap">{row.due.to_string()}</span> }.into_any()
}

/// Why it was refused, in figures: 用量 120，是平时的 12 倍.
pub(super) fn why(row: &RereadRow) -> String {
    let used = row.usage.map(|usage| t!("metering-reread-used", usage = figure(usage), measure = row.utility.measure()));
    let (usage, usual) =
        (row.usage.map(|usage| usage.get()).unwrap_or_default(), row.usual.map(|usual| usual.get()).unwrap_or_default());
    let usual_text = format!("{} {}", figure(usual), row.utility.measure());
    let odd = match row.odd {
        Some(Oddity::Spike) if usual.is_zero() => Some(t!("metering-reread-unused")),
        Some(Oddity::Spike) => {
            usage.checked_div(usual).map(|times| t!("metering-review-spike", times = tenths(times), usual = usual_text))
        }
        Some(Oddity::Drop) => (usage * Decimal::ONE_HUNDRED)
            .checked_div(usual)
            .map(|share| t!("metering-review-drop", share = tenths(share), usual = usual_text)),
        Some(Oddity::Zero) => Some(t!("metering-review-zero", usual = usual_text)),
        Some(Oddity::PreviousDiffers) => Some(t!("metering-review-previous")),
        None => None,
    };
    used.into_iter().chain(odd).collect::<Vec<_>>().join(&t!("metering-comma"))
}

/// Sends somebody back to the meter whose reading is in the signal.
pub(super) fn send_dialog(what: RwSignal<Option<ReviewRow>>, reload: Reload) -> AnyView {
    let open = opened(what);
    let title = move || {
        what.with(|row| {
            row.as_ref().map_or_else(String::new, |ReviewRow { reading: row, .. }| {
                t!("metering-send-title", place = whereabouts(row.unit.as_ref(), &row.place), value = figure(row.value))
            })
        })
    };
    let body = move || {
        let Some(row) = what.get_untracked() else { return ().into_any() };
        let community = session::community();
        load(move || call(GetRoundChoices { community }), 4, move |choices: RoundChoices| form(&row, choices, open, reload))
    };
    dialog(open, title, body)
}

fn form(review: &ReviewRow, choices: RoundChoices, open: RwSignal<bool>, reload: Reload) -> AnyView {
    // Whose meter it is in the month's round goes first, then whoever read it, the person at the desk last.
    let row = &review.reading;
    let readers: Vec<Reader> = choices.readers.into_iter().filter(|reader| reader.sees(row.building)).collect();
    let found = |who: Option<EmployeeId>| readers.iter().find(|reader| Some(reader.id) == who);
    let own = found(review.reader).or_else(|| found(row.by)).or(readers.first());
    let Some(own) = own else { return view! { <p class="text-base text-ink-2">{t!("metering-send-nobody")}</p> }.into_any() };
    let form = Form::new(SendBack {
        community: session::community(),
        reread: RereadId(Uuid::now_v7()),
        reading: row.id,
        reader: own.id,
        due: in_two_days(session::today()),
        note: String::new(),
    });
    let readers = readers.into_iter().map(|reader| (reader.id, reader.name)).collect();
    let fields = view! {
        <p class="flex flex-wrap items-center gap-x-2 text-base text-ink-2">{row.odd.map(odd_mark)} <span>{t!("metering-send-why")}</span></p>
        {form.choice("reader", t!("metering-send-to"), |ask| &mut ask.reader, readers)}
        {form.field("due", t!("metering-reread-due"), |ask| &mut ask.due).width("w-48").show()}
        {form.field("note", t!("metering-note"), |ask| &mut ask.note).placeholder(t!("metering-send-example")).focus().show()}
    };
    form.show(Ending::new(t!("metering-review-back")).cancel(move || open.set(false)).in_dialog(), fields, move |_| {
        open.set(false);
        toast(t!("metering-sent-back"));
        reload.now();
    })
}

fn in_two_days(day: Day) -> Day {
    day.checked_add_days(chrono::Days::new(2)).unwrap_or(day)
}

/// What was refused and what was read again, side by side.
pub(super) fn beside(task: &RereadRow) -> AnyView {
    let measure = task.utility.measure();
    let old = view! {
        <div>
            <dt class="label-xs">{t!("metering-reread-old")}</dt>
            <dd class="text-lg font-semibold line-through decoration-1">{figure(task.refused)}</dd>
            <dd class="label-xs">{task.refused_day.to_string()} " " {task.refused_by.clone()}</dd>
            {task.photo.then(|| super::photo::refused_photo(task.id))}
        </div>
    };
    let new = view! {
        <div>
            <dt class="label-xs">{t!("metering-reread-new")}</dt>
            <dd class="text-lg font-semibold">{figure_or_dash(task.answer)} <span class="label-xs ml-1 font-normal">{measure}</span></dd>
            <dd class="label-xs">{task.answer_day.map(|day| day.to_string())} " " {task.ended_by.clone()}</dd>
        </div>
    };
    let same = task.is_confirmed().then(|| state_badge(State::Done, t!("metering-reread-same")));
    view! {
        <div class="mt-3 rounded-field bg-base-200 px-3 py-2">
            <p class="flex flex-wrap items-center gap-2 text-sm font-semibold">{t!("metering-reread-answered")} {same}</p>
            <dl class="mt-1 grid grid-cols-2 gap-x-3">{old} {new}</dl>
            {(!task.note.is_empty()).then(|| view! { <p class="mt-1 text-sm text-ink-2">{task.note.clone()}</p> })}
        </div>
    }
    .into_any()
}

/// The tasks of one meter, for its page.
pub(super) fn history(tasks: &[RereadRow]) -> AnyView {
    let lines = tasks
        .iter()
        .map(|task| {
            view! {
                <tr>
                    <td class="whitespace-nowrap">{task.month.to_string()}</td>
                    <td>{why(task)}</td>
                    <td class="num">{figure(task.refused)}</td>
                    <td class="num font-semibold">{figure_or_dash(task.answer)}</td>
                    <td class="whitespace-nowrap">{task.reader_name.clone()}</td>
                    <td class="whitespace-nowrap">{task.due.to_string()}</td>
                    <td class="whitespace-nowrap">{badge(task)}</td>
                    <td>{task.note.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    crate::kit::cards(view! {
        <table class="table" style="--table-edge:1.5rem">
            <caption class="sr-only">{t!("metering-rereads")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!("metering-month")}</th>
                    <th scope="col">{t!("metering-reread-why")}</th>
                    <th scope="col" class="num">{t!("metering-reread-old")}</th>
                    <th scope="col" class="num">{t!("metering-reread-new")}</th>
                    <th scope="col">{t!("metering-by")}</th>
                    <th scope="col">{t!("metering-reread-due")}</th>
                    <th scope="col">{t!("metering-state")}</th>
                    <th scope="col">{t!("metering-note")}</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    })
}
