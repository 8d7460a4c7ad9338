//! The meters of a round in walking order: as a list with its filters, and as a sheet of paper to write on.

use common::id::RoundId;
use common::metering::api::{GetRound, RoundPage, RoundRow, ShowRound, Standing};
use common::period::Month;
use common::problem::Problem;
use leptos::prelude::*;

use super::round::{back, workbook};
use super::{Divided, miss_name, part_name, standing_name};
use crate::api::call;
use crate::kit::{Column, Empty, Filter, Header, List, Query, empty_view, icon, icons, link_button, load, print_button};
use crate::metering::{estimated_mark, figure, figure_or_dash, meter_kind, reading_state, whereabouts};
use crate::shell::param_id;
use crate::{session, t};

/// A request for the meters of a round without any filter.
pub(in crate::metering) fn shown(round: Option<RoundId>, month: Month) -> ShowRound {
    ShowRound {
        community: session::community(),
        month,
        building: None,
        utility: None,
        role: None,
        meter: None,
        unread: None,
        round,
        part: None,
        reader: None,
        standing: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    }
}

/// All of them, page after page.
pub(in crate::metering) async fn all(ask: ShowRound) -> Result<Vec<RoundRow>, Problem> {
    let mut rows = Vec::new();
    for page in 1.. {
        let found = call(ShowRound { page: Some(page), size: Some(common::api::PAGE_SIZE_MOST), ..ask.clone() }).await?;
        rows.extend(found.rows);
        if !found.more {
            break;
        }
    }
    Ok(rows)
}

/// The page with the list.
pub(in crate::metering) fn list_page() -> AnyView {
    let Some(round) = param_id::<RoundId>("round") else { return crate::shell::not_found() };
    let community = session::community();
    load(move || call(GetRound { community, round }), 12, |page| list(&page))
}

fn list(page: &RoundPage) -> AnyView {
    let round = page.round.id;
    let standings = Standing::ALL.iter().map(|standing| (standing.word().to_owned(), standing_name(*standing))).collect();
    let parts: Vec<(String, String)> =
        page.parts.iter().map(|part| (part.id.to_string(), part_name(part, Divided::of(part, &page.parts)))).collect();
    let mut readers: Vec<(String, String)> =
        page.parts.iter().filter_map(|part| Some((part.reader?.to_string(), part.reader_name.clone()?))).collect();
    readers.sort();
    readers.dedup();
    let list = List::new("round-meters", shown(Some(round), page.round.month), |row: &RoundRow| row.meter.to_string())
        .search(t!("metering-search"))
        .filter(Filter::one("standing", t!("metering-state"), standings))
        .filter(Filter::one("part", t!("metering-building"), parts))
        .filter(Filter::one("reader", t!("metering-by"), readers))
        .column(
            Column::new("metering-whereabouts", |row: &RoundRow| whereabouts(row.unit.as_ref(), &row.place))
                .link(|row| format!("/metering/meters/{}", row.meter)),
        )
        .column(Column::new("metering-code", |row: &RoundRow| row.code.clone()))
        .column(Column::new("metering-utility", |row: &RoundRow| meter_kind(row.utility, row.register)))
        .column(Column::new("metering-previous", |row: &RoundRow| figure_or_dash(row.previous)).num())
        .column(
            Column::new("metering-present", |row: &RoundRow| figure_or_dash(row.reading.as_ref().map(|reading| reading.value)))
                .num(),
        )
        .column(Column::new("metering-average", |row: &RoundRow| figure_or_dash(row.average)).num().not_on_phone())
        .column(Column::new("metering-state", state).wide())
        .empty(|| Empty::new(icons::CIRCLE_CHECK, t!("metering-left-none"), t!("metering-left-none-why")));
    let title = t!("metering-left-of", month = page.round.month);
    view! {
        {Header::new(title).crumb(t!("metering-round-of", month = page.round.month), format!("/metering/rounds/{round}")).actions(view! { {back(round)} {print_button()} }).show()}
        {list.show()}
    }
    .into_any()
}

/// Where it stands: what was read, why it could not be, that it is to be read again.
fn state(row: &RoundRow) -> AnyView {
    let again = row.reread.map(|_| crate::kit::mark(t!("metering-reread"), "badge-warning"));
    match (&row.reading, &row.missed) {
        (Some(reading), _) => {
            view! { {reading_state(reading.state, None)} {estimated_mark(reading.estimated)} {again} }.into_any()
        }
        (None, Some(missed)) => {
            let tries = (missed.tries > 1).then(|| t!("metering-miss-tries", count = missed.tries));
            view! {
                {crate::kit::mark(miss_name(missed.reason), "badge-warning")}
                <span class="ml-2 text-ink-2">{missed.day.to_string()} " " {tries} " " {missed.note.clone()}</span>
                {again}
            }
            .into_any()
        }
        (None, None) => view! { <span class="text-ink-2">{standing_name(Standing::Unread)}</span> {again} }.into_any(),
    }
}

/// The page with the sheet of what is left.
pub(in crate::metering) fn page() -> AnyView {
    let Some(round) = param_id::<RoundId>("round") else { return crate::shell::not_found() };
    let (community, query) = (session::community(), Query::here());
    let both = move || {
        let (part, reader) =
            (query.one("part").and_then(|id| id.parse().ok()), query.one("reader").and_then(|id| id.parse().ok()));
        async move {
            let page = call(GetRound { community, round }).await?;
            let ask = ShowRound { unread: Some(true), part, reader, ..shown(Some(round), page.round.month) };
            Ok((page, all(ask).await?))
        }
    };
    load(both, 12, |(page, rows): (RoundPage, Vec<RoundRow>)| sheet(&page, rows))
}

fn sheet(page: &RoundPage, rows: Vec<RoundRow>) -> AnyView {
    let round = &page.round;
    let title = t!("metering-sheet-title", month = round.month);
    let file = workbook(round.id, round.month, "");
    let actions = view! {
        {back(round.id)}
        <a class="btn btn-sm" href=file download="" rel="external">{icon(icons::FILE_DOWN)} {t!("metering-round-sheet")}</a>
        {link_button(icons::UPLOAD, t!("metering-import"), format!("/metering/readings/import?month={}", round.month))}
        {print_button()}
    };
    let header = Header::new(title)
        .crumb(t!("metering-round-of", month = round.month), format!("/metering/rounds/{}", round.id))
        .beside(view! { <span class="text-sm text-ink-2">{t!("metering-sheet-count", count = rows.len())}</span> })
        .actions(actions);
    if rows.is_empty() {
        let empty = Empty::new(icons::CIRCLE_CHECK, t!("metering-left-none"), t!("metering-left-none-why"));
        return view! { {header.show()} <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
    }
    let lines = rows.into_iter().map(line).collect_view();
    view! {
        {header.show()}
        <div class="overflow-x-auto border-t border-line" tabindex="0" role="group" aria-label=t!("metering-round-print")>
            <table class="table table-sm" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-round-print")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-whereabouts")}</th>
                        <th scope="col">{t!("metering-code")}</th>
                        <th scope="col">{t!("metering-utility")}</th>
                        <th scope="col" class="num">{t!("metering-previous")}</th>
                        <th scope="col" class="num">{t!("metering-average")}</th>
                        <th scope="col" class="w-32">{t!("metering-present")}</th>
                        <th scope="col" class="w-40">{t!("metering-note")}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(row: RoundRow) -> AnyView {
    let note = row.missed.map(|missed| miss_name(missed.reason));
    view! {
        <tr>
            <th scope="row" class="font-normal whitespace-nowrap">{whereabouts(row.unit.as_ref(), &row.place)}</th>
            <td class="whitespace-nowrap">{row.code}</td>
            <td class="whitespace-nowrap">{meter_kind(row.utility, row.register)}</td>
            <td class="num">{row.previous.map(figure)}</td>
            <td class="num text-ink-2">{row.average.map(figure)}</td>
            <td class="border-x border-line"></td>
            <td class="text-ink-2">{note}</td>
        </tr>
    }
    .into_any()
}
