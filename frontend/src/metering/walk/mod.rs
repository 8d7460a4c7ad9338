//! Walking a part of a round with a phone: one meter at a time, in the order of the doors; also one meter that is read again.

mod aside;
mod card;
mod stop;

use std::time::Duration;

use common::id::{MeterId, RereadId, RoundId, RoundPartId};
use common::metering::api::{GetMyRounds, MyRounds, RereadRow, RoundRow, ShowRound};
use common::problem::Problem;
use leptos::prelude::*;

pub(super) use self::stop::unsent_of;
use self::stop::{Put, Stop, Walk};
use super::rounds::sheet::{all, shown};
use super::rounds::{Divided, part_name};
use super::whereabouts;
use crate::api::call;
use crate::kit::{Empty, Header, Query, count, empty_view, icon_sized, icons, leave, link_button, load, month_of};
use crate::{session, t};

/// How long until what could not be sent is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// Whose page it is to go back to.
const MINE: &str = "/metering/my-round";

/// The page.
pub(super) fn page() -> AnyView {
    let (query, community) = (Query::here(), session::community());
    let month = month_of(query).get_untracked();
    let id = |name: &str| untrack(|| query.one(name));
    let round: Option<RoundId> = id("round").and_then(|id| id.parse().ok());
    let part: Option<RoundPartId> = id("part").and_then(|id| id.parse().ok());
    let meter: Option<MeterId> = id("meter").and_then(|id| id.parse().ok());
    let reread: Option<RereadId> = id("reread").and_then(|id| id.parse().ok());
    let ask = move || {
        let ask = ShowRound { part, meter, ..shown(round, month) };
        async move {
            let mine = call(GetMyRounds { community }).await?;
            Ok::<_, Problem>((mine, all(ask).await?))
        }
    };
    load(ask, 10, move |(mine, rows): (MyRounds, Vec<RoundRow>)| {
        let title = title(&mine, part, &rows);
        let task = reread.and_then(|id| mine.rereads.iter().find(|task| task.id == id).cloned());
        let walk = Walk::new(rows, month, round, reread, leave::Guard::new());
        of(walk, title, task)
    })
}

fn title(mine: &MyRounds, part: Option<RoundPartId>, rows: &[RoundRow]) -> String {
    let of_part = mine.rounds.iter().find_map(|round| {
        let found = round.parts.iter().find(|own| Some(own.id) == part)?;
        Some(part_name(found, Divided::of(found, &round.parts)))
    });
    of_part.or_else(|| rows.first().map(|row| whereabouts(row.unit.as_ref(), &row.place))).unwrap_or_else(|| t!("metering-walk"))
}

fn of(walk: Walk, title: String, task: Option<RereadRow>) -> AnyView {
    let header = Header::new(title).crumb(t!("metering-mine"), MINE);
    let back = link_button(icons::ARROW_LEFT, t!("metering-mine"), MINE);
    if walk.stops.with_value(Vec::is_empty) {
        let empty = Empty::new(icons::CIRCLE_CHECK, t!("metering-round-none"), t!("metering-mine-none-why")).actions(back);
        return view! { {header.show()} <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
    }
    let timer = set_interval_with_handle(move || walk.try_again(), AGAIN);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    // What is left of last time goes at once.
    set_timeout(move || walk.try_again(), Duration::ZERO);
    let online = window_event_listener(leptos::ev::online, move |_| walk.try_again());
    on_cleanup(move || online.remove());
    let many = walk.stops.with_value(Vec::len);
    let done = move || walk.done();
    view! {
        {header.beside(view! { <span class="num text-base text-ink-2">{move || count(done())} " / " {count(many)}</span> }).actions(back).show()}
        <div class="mx-auto w-full max-w-[480px]">
            <progress class="progress progress-primary block w-full" aria-label=t!("metering-progress") max=many.to_string() prop:value=move || done().to_string()></progress>
            {waiting(walk)}
            {move || card::card(walk, walk.at.get(), task.clone())}
            {(many > 1).then(|| stops(walk))}
        </div>
        {aside::dialogs(walk)}
    }
    .into_any()
}

/// What is kept on the phone until there is a connection again.
fn waiting(walk: Walk) -> AnyView {
    let many = Memo::new(move |_| walk.waiting());
    (move || {
        (many.get() > 0).then(|| {
            view! {
                <p role="status" class="flex min-h-11 flex-wrap items-center gap-2 border-b border-line bg-base-200 px-4 text-sm">
                    {icon_sized(icons::WIFI_OFF, 18, "text-warning")}
                    <span class="min-w-0 flex-1">{t!("metering-walk-waiting", count = count(many.get()))}</span>
                    <button type="button" class="btn btn-xs" on:click=move |_| walk.try_again()>{t!("kit-retry-now")}</button>
                </p>
            }
        })
    })
    .into_any()
}

/// All meters on the way, to go to any of them.
fn stops(walk: Walk) -> AnyView {
    let lines =
        walk.stops.with_value(|stops| stops.iter().enumerate().map(|(place, stop)| line(walk, place, *stop)).collect_view());
    view! {
        <details class="border-t border-line">
            <summary class="flex min-h-11 cursor-pointer items-center px-4 text-sm text-ink-2">{t!("metering-walk-all", count = count(walk.stops.with_value(Vec::len)))}</summary>
            <ol>{lines}</ol>
        </details>
    }
    .into_any()
}

fn line(walk: Walk, place: usize, stop: Stop) -> AnyView {
    let name = stop.row.with_value(|row| whereabouts(row.unit.as_ref(), &row.place));
    let code = stop.row.with_value(|row| row.code.clone());
    view! {
        <li class="border-t border-line">
            <button type="button" class="flex min-h-12 w-full items-center gap-3 px-4 text-left hover:bg-hover" aria-current=move || (walk.at.get() == place).then_some("step")
                on:click=move |_| walk.go(place)>
                <span class="num w-6 text-sm text-ink-3">{place + 1}</span>
                <span class="min-w-0 flex-1 truncate">{name} <span class="label-xs ml-1">{code}</span></span>
                {move || stop.put.with(Put::badge)}
            </button>
        </li>
    }
    .into_any()
}
