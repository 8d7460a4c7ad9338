//! Readings that wait for a second look: each beside its meter's own past, to be confirmed, read again or sent back.

use common::metering::Oddity;
use common::metering::api::{ConfirmReadings, ListReviews, ReadingRow, ReviewRow};
use common::metering::book::{compared, days_between};
use common::metering::usage::Mark;
use common::period::Month;
use common::permission::Permission;
use leptos::prelude::*;
use rust_decimal::Decimal;

use super::chart::past_bars;
use super::meter::{correct_dialog, delete_dialog};
use super::photo::photo;
use super::rereads::{beside, send_dialog};
use super::{buildings, figure, figure_or_dash, meter_kind, odd_mark, tenths, utilities, whereabouts};
use crate::api::call;
use crate::kit::{
    Deed, Empty, Header, Query, Reload, button, empty_view, icon, icons, link_button, load, month_of, month_picker, toast,
};
use crate::{session, t};

/// Cards in one page.
const AT_ONCE: u32 = 30;

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    // What waits is shown whatever its month, unless the address names one.
    let month = Memo::new(move |_| query.one("month").and_then(|month| month.parse::<Month>().ok()));
    let community = session::community();
    let reload = Reload::new();
    let dialogs = Dialogs::new();
    let list = load(
        move || {
            reload.track();
            call(ListReviews {
                community,
                month: month.get(),
                building: query.one("building").and_then(|id| id.parse().ok()),
                utility: query.one("utility").and_then(|word| word.parse().ok()),
                page: None,
                size: Some(AT_ONCE),
                sort: None,
            })
        },
        10,
        move |page| {
            let total = page.total.unwrap_or(0);
            if page.rows.is_empty() {
                let empty = Empty::new(icons::CIRCLE_CHECK, t!("metering-review-none"), t!("metering-review-none-why"));
                return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
            }
            let shown = u64::try_from(page.rows.len()).unwrap_or(0);
            let more = (shown < total).then(|| view! { <p class="px-6 pb-4 text-sm text-ink-2 max-sm:px-4">{t!("metering-review-more", count = total - shown)}</p> });
            let cards = page.rows.into_iter().map(|row| card(row, reload, dialogs)).collect_view();
            view! {
                <p class="px-6 pt-3 text-sm text-ink-2 max-sm:px-4">{t!("metering-review-count", count = total)}</p>
                <div class="grid grid-cols-[repeat(auto-fill,minmax(22rem,1fr))] gap-4 px-6 py-4 max-sm:grid-cols-1 max-sm:px-4">{cards}</div>
                {more}
            }
            .into_any()
        },
    );
    let readings = view! {
        {link_button(icons::ROTATE_CCW, t!("metering-rereads"), "/metering/rereads")}
        {link_button(icons::LIST, t!("metering-readings"), "/metering/readings")}
    };
    let of_month = move || {
        month.get().is_some().then(|| {
            let all = button(icons::X, t!("metering-review-all-months"), move || query.put(&[("month", None)]));
            view! { <div class="flex flex-wrap items-center gap-2">{month_picker(query, month_of(query))} {all}</div> }
        })
    };
    view! {
        {Header::new(t!("metering-reviews")).beside(of_month).actions(readings).show()}
        {filters(query)}
        {list}
        {correct_dialog(dialogs.correcting, reload)}
        {delete_dialog(dialogs.deleting, reload)}
        {send_dialog(dialogs.sending, reload)}
    }
    .into_any()
}

fn filters(query: Query) -> AnyView {
    let set = move |name: &'static str| {
        move |event| {
            let value = event_target_value(&event);
            query.put(&[(name, Some(value.as_str()).filter(|value| !value.is_empty()))]);
        }
    };
    let options = move |name: &'static str, list: Vec<(String, String)>| {
        let one = move |(value, word): (String, String)| {
            let own = value.clone();
            view! { <option value=value selected=move || query.one(name).as_deref() == Some(own.as_str())>{word}</option> }
        };
        list.into_iter().map(one).collect_view()
    };
    let houses = LocalResource::new(|| async { buildings().await.unwrap_or_default() });
    let houses = move || houses.get().unwrap_or_default().into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    view! {
        <div class="flex flex-wrap items-center gap-2 border-y border-line px-6 py-2 max-sm:px-4">
            <select class="select select-sm w-40 max-sm:w-auto max-sm:flex-1" aria-label=t!("metering-building") on:change=set("building")>
                <option value="">{t!("metering-all-buildings")}</option>
                {move || options("building", houses())}
            </select>
            <select class="select select-sm w-32 max-sm:w-auto max-sm:flex-1" aria-label=t!("metering-utility") on:change=set("utility")>
                <option value="">{t!("metering-all-utilities")}</option>
                {options("utility", utilities())}
            </select>
        </div>
    }
    .into_any()
}

/// How much it differs, in words: 是平时的 4.2 倍.
fn why(row: &ReviewRow) -> String {
    let usual = row.usual.map(|usual| usual.get()).unwrap_or_default();
    let usual_text = format!("{} {}", figure(usual), row.reading.utility.measure());
    let days = row.reading.previous_day.map(|before| days_between(before, row.reading.day));
    let used = row.reading.usage.map(|used| used.get()).unwrap_or_default();
    // What is compared may be a month's, which is not the usage that stands below.
    let over = |compared: Decimal, said: String| match days {
        Some(days) if compared != used => {
            let monthly = format!("{} {}", figure(tenths(compared)), row.reading.utility.measure());
            t!("metering-review-over", days = days, monthly = monthly, said = said)
        }
        _ => said,
    };
    match row.reading.odd {
        Some(Oddity::Zero) => t!("metering-review-zero", usual = usual_text),
        Some(Oddity::PreviousDiffers) => t!("metering-review-previous"),
        Some(Oddity::Spike) if usual.is_zero() => t!("metering-reread-unused"),
        Some(odd @ Oddity::Spike) => {
            let compared = compared(odd, used, days);
            let times = compared.checked_div(usual).map(tenths).unwrap_or_default();
            over(compared, t!("metering-review-spike", times = times, usual = usual_text))
        }
        Some(odd @ Oddity::Drop) => {
            let compared = compared(odd, used, days);
            let share = (compared * Decimal::ONE_HUNDRED).checked_div(usual).map(tenths).unwrap_or_default();
            over(compared, t!("metering-review-drop", share = share, usual = usual_text))
        }
        None => t!("metering-review-other"),
    }
}

/// Why the usage is not the plain difference: 换表：旧表止数 6,227，新表起数 2.
fn explained(what: Mark) -> String {
    match what {
        Mark::RolledOver => t!("metering-mark-rolled"),
        Mark::Replaced { old_final, new_initial, .. } => {
            t!("metering-mark-replaced-of", old = figure(old_final), new = figure(new_initial))
        }
    }
}

/// The dialogs of the page, each open for the reading in it.
#[derive(Clone, Copy)]
struct Dialogs {
    correcting: RwSignal<Option<ReadingRow>>,
    deleting: RwSignal<Option<ReadingRow>>,
    sending: RwSignal<Option<ReviewRow>>,
}

impl Dialogs {
    fn new() -> Self {
        Self { correcting: RwSignal::new(None), deleting: RwSignal::new(None), sending: RwSignal::new(None) }
    }
}

fn card(row: ReviewRow, reload: Reload, dialogs: Dialogs) -> AnyView {
    let reading = row.reading.clone();
    let measure = reading.utility.measure();
    let reason = why(&row);
    let confirming = Deed::new();
    let (id, for_correct, for_delete, for_send) = (reading.id, reading.clone(), reading.clone(), row.clone());
    let own = row.own;
    let right = match &row.reread {
        Some(task) if task.is_confirmed() => t!("metering-review-accept"),
        _ => t!("metering-review-right"),
    };
    let confirm = move || {
        confirming.run(ConfirmReadings { community: session::community(), readings: vec![id] }, move |_| {
            toast(t!("metering-confirmed-count", count = 1));
            reload.now();
        });
    };
    let deeds = session::may(Permission::MeteringWrite).then(|| {
        view! {
            <div class="mt-3 flex flex-wrap gap-2">
                {(!own).then(|| button(icons::CHECK, right.clone(), confirm))}
                {button(icons::UNDO_2, t!("metering-review-back"), move || dialogs.sending.set(Some(for_send.clone())))}
                {button(icons::PENCIL, t!("metering-review-again"), move || dialogs.correcting.set(Some(for_correct.clone())))}
                {button(icons::TRASH_2, t!("metering-delete"), move || dialogs.deleting.set(Some(for_delete.clone())))}
            </div>
        }
    });
    let name = whereabouts(reading.unit.as_ref(), &reading.place);
    view! {
        <article class="rounded-field border border-line p-4">
            <h2 class="flex flex-wrap items-baseline gap-x-2 text-base font-semibold">
                <a class="a" href=format!("/metering/meters/{}", reading.meter)>{name}</a>
                <span class="label-xs font-normal">{meter_kind(reading.utility, reading.register)} " " {reading.meter_code.clone()}</span>
                <span class="ml-auto">{reading.odd.map(odd_mark)}</span>
            </h2>
            <p class="mt-1 text-sm">{reason}</p>
            {row.reread.as_ref().map(beside)}
            <div class="mt-3">{past_bars(&row.past, reading.usage.unwrap_or_default())}</div>
            <dl class="mt-2 grid grid-cols-3 gap-x-3 text-sm">
                <div><dt class="label-xs">{t!("metering-previous")}</dt><dd class="num text-left!">{figure_or_dash(reading.previous)}</dd></div>
                <div><dt class="label-xs">{t!("metering-present")}</dt><dd class="num text-left!">{figure(reading.value)}</dd></div>
                <div><dt class="label-xs">{t!("metering-usage")}</dt><dd class="num text-left! font-semibold">{figure_or_dash(reading.usage)} <span class="label-xs ml-1 font-normal">{measure}</span></dd></div>
            </dl>
            {reading.mark.map(|what| view! { <p class="mt-2 flex items-center gap-1 text-sm">{icon(icons::INFO)} {explained(what)}</p> })}
            <p class="mt-2 flex flex-wrap items-center gap-x-3 text-sm text-ink-2">
                <span>{t!("metering-review-read", month = reading.month, day = reading.day)}</span>
                <span>{reading.by_name.clone()}</span>
                {(!reading.note.is_empty()).then(|| view! { <span class="inline-flex items-center gap-1">{icon(icons::MESSAGE_SQUARE)} {reading.note.clone()}</span> })}
            </p>
            {reading.photo.then(|| photo(reading.id))}
            {own.then(|| view! { <p class="mt-2 text-sm text-warning">{t!("metering-review-own")}</p> })}
            {deeds}
        </article>
    }
    .into_any()
}
