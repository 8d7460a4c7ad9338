//! 抄表任务: the rounds of a community and how far each is.

use common::metering::api::{ListRounds, OpenRound, RoundState, RoundView};
use leptos::prelude::*;

use super::{days, round_badge, tally_bar, utility_names};
use crate::kit::{Column, Empty, Filter, Header, List, View, count, dash, icons, link_button, primary_link};
use crate::{session, t};

/// A year of rounds: each is counted meter by meter, so a page of them is short.
const A_PAGE: u32 = 12;

/// The page.
pub(in crate::metering) fn page() -> AnyView {
    let base =
        ListRounds { community: session::community(), month: None, state: None, page: None, size: Some(A_PAGE), sort: None };
    let states =
        RoundState::ALL.iter().map(|state| (state.word().to_owned(), t!(&format!("metering-round-{}", state.word())))).collect();
    let may = session::may_ask::<OpenRound>();
    let list = List::new("rounds", base, |row: &RoundView| row.id.to_string())
        .filter(Filter::one("state", t!("metering-state"), states))
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(t!("metering-round-open"), "state=open"))
        .column(
            Column::new("metering-month", |row: &RoundView| row.month.to_string())
                .link(|row| format!("/metering/rounds/{}", row.id)),
        )
        .column(Column::new("metering-utility", |row: &RoundView| utility_names(&row.utilities)))
        .column(Column::new(
            "metering-round-when",
            |row: &RoundView| view! { <span class="whitespace-nowrap">{days(row.from, row.to)}</span> },
        ))
        .column(Column::new("metering-progress", progress).wide())
        .column(Column::new("metering-in-review", |row: &RoundView| figure_or_none(row.tally.review)).num())
        .column(Column::new("metering-standing-missed", |row: &RoundView| figure_or_none(row.tally.missed)).num())
        .column(Column::new("metering-standing-unread", |row: &RoundView| figure_or_none(row.tally.unread)).num())
        .column(
            Column::new("metering-round-readers", |row: &RoundView| row.readers.join(&t!("metering-list-comma"))).not_on_phone(),
        )
        .column(Column::new("metering-state", |row: &RoundView| round_badge(row.state)))
        .empty(move || {
            let empty = Empty::new(icons::CLIPBOARD_LIST, t!("metering-rounds-none"), t!("metering-rounds-none-why"));
            if may { empty.actions(open_link()) } else { empty }
        });
    let actions = view! {
        {link_button(icons::ROTATE_CCW, t!("metering-rereads"), "/metering/rereads")}
        {may.then(open_link)}
    };
    view! {
        {Header::new(t!("metering-rounds")).actions(actions).show()}
        {list.show()}
    }
    .into_any()
}

fn open_link() -> AnyView {
    primary_link(icons::PLUS, t!("metering-round-new"), "/metering/rounds/new")
}

fn progress(row: &RoundView) -> AnyView {
    let told = format!("{} / {}", count(row.tally.done()), count(row.tally.meters));
    view! {
        <div class="flex items-center gap-2">
            <div class="w-32 max-sm:flex-1">{tally_bar(row.tally)}</div>
            <span class="whitespace-nowrap">{told}</span>
        </div>
    }
    .into_any()
}

/// A count, or a pale dash for none.
pub(super) fn figure_or_none(many: u64) -> AnyView {
    if many == 0 { dash() } else { count(many).into_any() }
}
