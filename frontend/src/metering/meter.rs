//! One meter: what it is, its usages as a chart, its readings.

use common::id::MeterId;
use common::metering::Role;
use common::metering::api::{CorrectReading, DeleteReading, MeterPage, ReadingRow, ReadingState, RetireMeter, ShowMeter};
use common::permission::Permission;
use common::quantity::Quantity;
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::photo::photo;
use super::{estimated_mark, figure, figure_or_dash, mark_name, meter_kind, reading_state, role_name, tenths, whereabouts};
use crate::api::call;
use crate::kit::{
    Chart, Confirm, Deed, Empty, Ending, Form, Header, Reload, Series, State, Tone, button, cards, dash, dialog, empty_view,
    facts_wide, icon, icons, link_button, load, section, state_badge, text_or_dash, toast,
};
use crate::shell::param_id;
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(meter) = param_id::<MeterId>("meter") else { return crate::shell::not_found() };
    let community = session::community();
    let reload = Reload::new();
    load(
        move || {
            reload.track();
            call(ShowMeter { community, meter })
        },
        10,
        move |page| of(&page, reload),
    )
}

fn of(page: &MeterPage, reload: Reload) -> AnyView {
    let row = &page.meter;
    let may_write = session::may(Permission::MeteringWrite);
    let state = if row.active {
        state_badge(State::Done, t!("metering-in-use"))
    } else {
        state_badge(State::Void, t!("metering-taken-out"))
    };
    let place = whereabouts(row.unit.as_ref(), &row.place);
    let home = match &row.unit {
        Some(unit) => view! { <a class="a" href=format!("/estate/units/{}", unit.id)>{unit.label.clone()}</a> }.into_any(),
        None => text_or_dash(Some(row.place.clone()).filter(|place| !place.is_empty())),
    };
    let parent = match (row.parent, &row.parent_code) {
        (Some(id), Some(code)) => view! { <a class="a" href=format!("/metering/meters/{id}")>{code.clone()}</a> }.into_any(),
        _ => dash(),
    };
    let mut list = vec![
        (t!("metering-whereabouts"), home),
        (t!("metering-utility"), meter_kind(row.utility, row.register).into_any()),
        (t!("metering-role"), role_name(row.role).into_any()),
        (t!("metering-parent"), parent),
        (t!("metering-fee-item"), row.fee_item_name.clone().into_any()),
        (t!("metering-multiplier"), figure(row.multiplier).into_any()),
        (t!("metering-digits"), row.digits.to_string().into_any()),
    ];
    if row.role == Role::Master {
        let children = t!("metering-children-count", count = page.children);
        list.push((
            t!("metering-children"),
            view! { <a class="a" href=format!("/metering/meters?parent={}", row.id)>{children}</a> }.into_any(),
        ));
    }
    let actions = may_write.then(|| actions(page, reload));
    view! {
        {Header::new(row.code.clone()).beside(view! { <span class="text-ink-2">{place}</span> {state} }).actions(actions).show()}
        <div class="border-t border-line px-6 py-3 max-sm:px-4">{facts_wide(list)}</div>
        {chart(page)}
        {(!page.rereads.is_empty()).then(|| view! {
            <section class="pt-4">
                <h2 class="px-6 text-lg font-semibold leading-8 max-sm:px-4">{t!("metering-rereads")}</h2>
                <div class="mt-1">{super::rereads::history(&page.rereads)}</div>
            </section>
        })}
        {history(page, may_write, reload)}
    }
    .into_any()
}

fn actions(page: &MeterPage, reload: Reload) -> AnyView {
    let deed = Deed::new();
    let (id, active, code) = (page.meter.id, page.meter.active, page.meter.code.clone());
    let community = session::community();
    let retire = move || {
        let send = move || deed.run(RetireMeter { community, meter: id, active: !active }, move |_| reload.now());
        if active {
            Confirm::new(t!("metering-retire-title", code = code), t!("metering-retire-why"), t!("metering-retire")).ask(send);
        } else {
            send();
        }
    };
    view! {
        {button(icons::POWER, if active { t!("metering-retire") } else { t!("metering-revive") }, retire)}
        {link_button(icons::PENCIL, t!("metering-edit"), format!("/metering/meters/{id}/edit"))}
    }
    .into_any()
}

/// How many months the chart shows.
const CHARTED: usize = 14;

fn chart(page: &MeterPage) -> AnyView {
    let mut months: Vec<(String, Quantity)> = Vec::new();
    for reading in page.readings.iter().rev() {
        let Some(usage) = reading.usage else { continue };
        let month = reading.month.to_string();
        match months.last_mut() {
            Some((last, sum)) if *last == month => *sum = common::metering::usage::sum([*sum, usage]).unwrap_or(*sum),
            _ => months.push((month, usage)),
        }
    }
    let shown = months.get(months.len().saturating_sub(CHARTED)..).unwrap_or_default();
    if shown.len() < 2 {
        return ().into_any();
    }
    let measure = page.meter.utility.measure();
    let drawn = Chart {
        title: t!("metering-chart"),
        labels: shown.iter().map(|(month, _)| month.get(2..).unwrap_or(month).to_owned()).collect(),
        series: vec![Series {
            name: t!("metering-usage"),
            values: shown.iter().map(|(_, usage)| (tenths(usage.get()) * Decimal::TEN).to_i64()).collect(),
            tone: Tone::Main,
        }],
        say: |tenths| figure(Decimal::new(tenths, 1)),
        goal: None,
        unfinished: None,
        rows: vec![(measure.to_owned(), shown.iter().map(|(_, usage)| figure(*usage)).collect())],
    };
    section(t!("metering-usage-by-month"), (), view! { <div class="max-w-220">{drawn.bars()}</div> })
}

fn history(page: &MeterPage, may_write: bool, reload: Reload) -> AnyView {
    if page.readings.is_empty() {
        let empty = Empty::new(icons::HISTORY, t!("metering-no-readings"), t!("metering-no-readings-why"));
        return section(t!("metering-history"), (), empty_view(empty));
    }
    let correcting = RwSignal::new(None::<ReadingRow>);
    let deleting = RwSignal::new(None::<ReadingRow>);
    let rows = page.readings.iter().map(|row| line(row, may_write, correcting, deleting)).collect_view();
    view! {
        <section class="pt-4 pb-8">
            <h2 class="px-6 text-lg font-semibold leading-8 max-sm:px-4">{t!("metering-history")}</h2>
            <div class="mt-1">{cards(view! {
                <table class="table" style="--table-edge:1.5rem">
                    <caption class="sr-only">{t!("metering-history")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("metering-month")}</th>
                            <th scope="col">{t!("metering-day")}</th>
                            <th scope="col" class="num">{t!("metering-previous")}</th>
                            <th scope="col" class="num">{t!("metering-present")}</th>
                            <th scope="col" class="num">{t!("metering-usage")}</th>
                            <th scope="col">{t!("metering-mark")}</th>
                            <th scope="col">{t!("metering-state")}</th>
                            <th scope="col">{t!("metering-by")}</th>
                            <th scope="col"><span class="sr-only">{t!("metering-actions")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>})}</div>
            {page.more.then(|| view! { <p class="label-xs px-6 pt-2 max-sm:px-4">{t!("metering-older")}</p> })}
        </section>
        {correct_dialog(correcting, reload)}
        {delete_dialog(deleting, reload)}
    }
    .into_any()
}

fn line(
    row: &ReadingRow,
    may_write: bool,
    correcting: RwSignal<Option<ReadingRow>>,
    deleting: RwSignal<Option<ReadingRow>>,
) -> AnyView {
    let (for_correct, for_delete) = (row.clone(), row.clone());
    let open = may_write && row.state != ReadingState::Billed;
    let day = row.day.to_string();
    view! {
        <tr>
            <td class="whitespace-nowrap">{row.month.to_string()}</td>
            <td class="whitespace-nowrap">{day.clone()}</td>
            <td class="num text-ink-2">{figure_or_dash(row.previous)}</td>
            <td class="num">{figure(row.value)}</td>
            <td class="num font-semibold">
                {match row.usage {
                    Some(usage) => figure(usage).into_any(),
                    None => view! { <span class="font-normal text-ink-2">{t!("metering-baseline")}</span> }.into_any(),
                }}
            </td>
            <td class="whitespace-nowrap">{mark_name(row.mark)}</td>
            <td class="whitespace-nowrap">{reading_state(row.state, row.odd)} {estimated_mark(row.estimated)} {row.photo.then(|| photo(row.id))}</td>
            <td class="whitespace-nowrap text-ink-2">{row.by_name.clone()}</td>
            <td class="num">
                {open
                    .then(|| {
                        view! {
                            <button type="button" class="btn btn-ghost btn-xs btn-square" title=t!("metering-correct") aria-label=t!("metering-correct-of", day = day) on:click=move |_| correcting.set(Some(for_correct.clone()))>
                                {icon(icons::PENCIL)}
                            </button>
                            <button type="button" class="btn btn-ghost btn-xs btn-square" title=t!("metering-delete") aria-label=t!("metering-delete-of", day = day) on:click=move |_| deleting.set(Some(for_delete.clone()))>
                                {icon(icons::TRASH_2)}
                            </button>
                        }
                    })}
            </td>
        </tr>
    }
    .into_any()
}

/// A dialog that is open while there is something in the signal.
pub(super) fn opened<T: Clone + Send + Sync + 'static>(what: RwSignal<Option<T>>) -> RwSignal<bool> {
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
    open
}

pub(super) fn correct_dialog(what: RwSignal<Option<ReadingRow>>, reload: Reload) -> AnyView {
    let open = opened(what);
    let body = move || {
        let Some(row) = what.get_untracked() else { return ().into_any() };
        let form = Form::new(CorrectReading {
            community: session::community(),
            reading: row.id,
            day: row.day,
            value: row.value,
            mark: row.mark,
            confirmed: row.state == ReadingState::Open,
            note: row.note,
        });
        let fields = view! {
            {form.field("value", t!("metering-present"), |ask| &mut ask.value).unit(row.utility.measure()).focus().show()}
            {form.field("day", t!("metering-day"), |ask| &mut ask.day).show()}
            {form.choice("mark", t!("metering-mark"), |ask| &mut ask.mark, super::enter::marks(row.mark))}
            {form.tick("confirmed", t!("metering-confirmed"), |ask| &mut ask.confirmed)}
            {form.field("note", t!("metering-note"), |ask| &mut ask.note).show()}
        };
        form.show(Ending::new(t!("metering-correct")).cancel(move || open.set(false)).in_dialog(), fields, move |_| {
            open.set(false);
            toast(t!("metering-corrected"));
            reload.now();
        })
    };
    dialog(open, || t!("metering-correct-title"), body)
}

pub(super) fn delete_dialog(what: RwSignal<Option<ReadingRow>>, reload: Reload) -> AnyView {
    let open = opened(what);
    let title = move || {
        what.with(|row| {
            row.as_ref().map_or_else(String::new, |row| t!("metering-delete-title", day = row.day, value = figure(row.value)))
        })
    };
    let body = move || {
        let Some(row) = what.get_untracked() else { return ().into_any() };
        let form = Form::new(DeleteReading { community: session::community(), reading: row.id, reason: String::new() });
        let fields = view! {
            <p class="text-base text-ink-2">{t!("metering-delete-why")}</p>
            {form.field("reason", t!("metering-reason"), |ask| &mut ask.reason).focus().show()}
        };
        form.show(Ending::new(t!("metering-delete")).danger().cancel(move || open.set(false)).in_dialog(), fields, move |_| {
            open.set(false);
            toast(t!("metering-deleted"));
            reload.now();
        })
    };
    dialog(open, title, body)
}
