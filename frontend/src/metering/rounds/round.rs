//! One round: how far each building and each reader is, and what is left.

use std::collections::BTreeMap;

use common::id::{EmployeeId, RoundId};
use common::metering::api::{CloseRound, GetRound, RoundPage, RoundPart, RoundState, Tally};
use leptos::prelude::*;

use super::close::{close_dialog, reopen_button};
use super::list::figure_or_none;
use super::{Divided, days, legend, part_name, round_badge, tally_bar, utility_names};
use crate::api::call;
use crate::kit::{
    Header, Reload, State, button, cards, count, dash, icon, icons, link_button, load, primary_button, print_button, section,
    state_badge,
};
use crate::shell::param_id;
use crate::{session, t};

/// The page.
pub(in crate::metering) fn page() -> AnyView {
    let Some(round) = param_id::<RoundId>("round") else { return crate::shell::not_found() };
    let (community, reload) = (session::community(), Reload::new());
    load(
        move || {
            reload.track();
            call(GetRound { community, round })
        },
        12,
        move |page| of(&page, reload),
    )
}

/// The address of the workbook of what is left.
pub(super) fn workbook(round: RoundId, month: common::period::Month, more: &str) -> String {
    let (community, language) = (session::community(), session::language().tag());
    format!("/api/metering/readings/template?community={community}&month={month}&round={round}&language={language}{more}")
}

fn of(page: &RoundPage, reload: Reload) -> AnyView {
    let round = &page.round;
    let closing = RwSignal::new(false);
    let may = page.whole && session::may_ask::<CloseRound>();
    let left = round.tally.left();
    let deeds = may.then(|| match round.state {
        RoundState::Open => view! {
            {link_button(icons::USERS, t!("metering-round-assign"), format!("/metering/rounds/{}/assign", round.id))}
            {primary_button(icons::CHECK, t!("metering-round-close"), move || closing.set(true))}
        }
        .into_any(),
        RoundState::Closed => reopen_button(round, reload),
    });
    let sheet = (left > 0).then(|| view! {
        <a class="btn btn-sm" href=workbook(round.id, round.month, "") download="" rel="external">{icon(icons::FILE_DOWN)} {t!("metering-round-sheet")}</a>
        {link_button(icons::PRINTER, t!("metering-round-print"), format!("/metering/rounds/{}/sheet", round.id))}
    });
    let late = (round.state == RoundState::Open && round.to < session::today() && left > 0)
        .then(|| state_badge(State::Late, t!("metering-round-late")));
    let beside = view! { {round_badge(round.state)} {late} <span class="text-sm text-ink-2">{utility_names(&round.utilities)} " · " {days(round.from, round.to)}</span> };
    view! {
        {Header::new(t!("metering-round-of", month = round.month)).beside(beside).actions(view! { {print_button()} {sheet} {deeds} }).show()}
        <div class="border-t border-line px-6 pt-3 pb-2 max-sm:px-4">
            {figures(page)}
            <div class="mt-3">{tally_bar(round.tally)}</div>
            <div class="mt-2">{legend()}</div>
            {history(page)}
        </div>
        {section(t!("metering-round-by-building"), (), parts(page))}
        {section(t!("metering-round-by-reader"), (), readers(page))}
        {close_dialog(closing, round, reload)}
    }
    .into_any()
}

/// The address of the meters of a standing, of a part or reader.
fn listed(round: RoundId, standing: &str, more: &str) -> String {
    format!("/metering/rounds/{round}/left?standing={standing}{more}")
}

fn figures(page: &RoundPage) -> AnyView {
    let (round, tally) = (page.round.id, page.round.tally);
    let month = page.round.month;
    let figure = |word: String, many: u64, href: String| {
        view! {
            <div>
                <dt class="label-xs">{word}</dt>
                <dd class="text-2xl font-semibold"><a class="hover:underline" href=href>{count(many)}</a></dd>
            </div>
        }
    };
    view! {
        <dl class="flex flex-wrap items-end gap-x-8 gap-y-2">
            <div>
                <dt class="label-xs">{t!("metering-round-done")}</dt>
                <dd class="text-2xl font-semibold">{count(tally.done())}<span class="text-base font-normal text-ink-2">" / " {count(tally.meters)}</span></dd>
            </div>
            {figure(t!("metering-standing-unread"), tally.unread, listed(round, "unread", ""))}
            {figure(t!("metering-standing-missed"), tally.missed, listed(round, "missed", ""))}
            {figure(t!("metering-standing-review"), tally.review, format!("/metering/review?month={month}"))}
            {figure(t!("metering-standing-estimated"), tally.estimated, listed(round, "estimated", ""))}
            {figure(t!("metering-rereads"), page.rereads, format!("/metering/rereads?month={month}&state=open"))}
        </dl>
    }
    .into_any()
}

fn history(page: &RoundPage) -> AnyView {
    let round = &page.round;
    let opened = round.opened_by.clone().unwrap_or_default();
    let opened = t!("metering-round-opened-by", name = opened, at = crate::kit::moment(round.opened_at));
    let closed = round.closed_at.map(|at| {
        t!("metering-round-closed-by", name = round.closed_by.clone().unwrap_or_default(), at = crate::kit::moment(at))
    });
    view! { <p class="mt-2 flex flex-wrap gap-x-4 text-xs text-ink-2"><span>{opened}</span> {closed.map(|closed| view! { <span>{closed}</span> })}</p> }.into_any()
}

fn table(caption: String, first: String, second: Option<String>, rows: impl IntoAny) -> AnyView {
    cards(view! {
        <table class="table">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{first}</th>
                    {second.map(|second| view! { <th scope="col">{second}</th> })}
                    <th scope="col" class="w-64 max-lg:w-40">{t!("metering-progress")}</th>
                    <th scope="col" class="num">{t!("metering-round-done")}</th>
                    <th scope="col" class="num">{t!("metering-standing-review")}</th>
                    <th scope="col" class="num">{t!("metering-standing-estimated")}</th>
                    <th scope="col" class="num">{t!("metering-standing-missed")}</th>
                    <th scope="col" class="num">{t!("metering-standing-unread")}</th>
                </tr>
            </thead>
            <tbody>{rows.into_any()}</tbody>
        </table>
    })
}

/// The cells that a part and a reader have in common.
fn cells(round: RoundId, tally: Tally, more: &str) -> AnyView {
    let cell = |standing: &str, many: u64| {
        let href = listed(round, standing, more);
        if many == 0 { dash() } else { view! { <a class="a" href=href>{count(many)}</a> }.into_any() }
    };
    view! {
        <td>{tally_bar(tally)}</td>
        <td class="num whitespace-nowrap">{count(tally.done())} " / " {count(tally.meters)}</td>
        <td class="num">{cell("review", tally.review)}</td>
        <td class="num">{cell("estimated", tally.estimated)}</td>
        <td class="num">{cell("missed", tally.missed)}</td>
        <td class="num">{cell("unread", tally.unread)}</td>
    }
    .into_any()
}

fn parts(page: &RoundPage) -> AnyView {
    let round = page.round.id;
    let rows = page
        .parts
        .iter()
        .map(|part| {
            let name = part_name(part, Divided::of(part, &page.parts));
            let reader = part.reader_name.clone().unwrap_or_else(|| t!("metering-round-nobody"));
            view! {
                <tr>
                    <th scope="row" class="font-normal whitespace-nowrap">{name}</th>
                    <td class="whitespace-nowrap">{reader}</td>
                    {cells(round, part.tally, &format!("&part={}", part.id))}
                </tr>
            }
        })
        .collect_view();
    table(t!("metering-round-by-building"), t!("metering-building"), Some(t!("metering-by")), rows)
}

fn readers(page: &RoundPage) -> AnyView {
    let round = page.round.id;
    let mut readers: BTreeMap<Option<EmployeeId>, Vec<&RoundPart>> = BTreeMap::new();
    for part in &page.parts {
        readers.entry(part.reader).or_default().push(part);
    }
    let rows = readers
        .into_iter()
        .map(|(reader, parts)| {
            let tally: Tally = parts.iter().map(|part| part.tally).sum();
            let name = parts.iter().find_map(|part| part.reader_name.clone()).unwrap_or_else(|| t!("metering-round-nobody"));
            let cells = match reader {
                Some(reader) => cells(round, tally, &format!("&reader={reader}")),
                None => view! {
                    <td>{tally_bar(tally)}</td>
                    <td class="num whitespace-nowrap">{count(tally.done())} " / " {count(tally.meters)}</td>
                    <td class="num">{figure_or_none(tally.review)}</td>
                    <td class="num">{figure_or_none(tally.estimated)}</td>
                    <td class="num">{figure_or_none(tally.missed)}</td>
                    <td class="num">{figure_or_none(tally.unread)}</td>
                }
                .into_any(),
            };
            view! { <tr><th scope="row" class="font-normal whitespace-nowrap">{name}</th> {cells}</tr> }
        })
        .collect_view();
    table(t!("metering-round-by-reader"), t!("metering-by"), None, rows)
}

/// Goes back to the round.
pub(super) fn back(round: RoundId) -> AnyView {
    let go = crate::kit::go_with_router();
    button(icons::ARROW_LEFT, t!("metering-round-back"), move || go(&format!("/metering/rounds/{round}")))
}
