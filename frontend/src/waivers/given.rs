//! 减免明细: who benefits from what, and what it costs by scheme and month.

use common::charging::api::ListFeeItems;
use common::waivers::api::{GivenMonth, GivenRow, GivenSums, ListGiven, ListSchemes, SumGiven, WaiverSource, WaiverState};
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{
    Column, Empty, Filter, Header, List, Query, State, Term, cards, count, icons, load, money, section, state_badge, text_or_dash,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let states = WaiverState::ALL.iter().map(|state| (state.word().to_owned(), state_text(*state))).collect();
    let sources = WaiverSource::ALL.iter().map(|source| (source.word().to_owned(), t!(&format!("waivers-source-{source}"))));
    let list = List::new("waivers", ListGiven::of(community), |row: &GivenRow| row.id.to_string())
        .search(t!("waivers-search"))
        .filter(Filter::months("from_month", "to_month", t!("waivers-month")))
        .filter(Filter::later("scheme", t!("waivers-scheme"), move || async move {
            let schemes = call(ListSchemes { community }).await?;
            Ok(schemes.into_iter().map(|scheme| (scheme.id.to_string(), scheme.name)).collect())
        }))
        .filter(Filter::one("source", t!("waivers-source"), sources.collect()))
        .filter(Filter::later("building", t!("estate-column-building"), crate::estate::buildings_for_filter).folded())
        .filter_of::<ListFeeItems>(
            Filter::later("fee_item", t!("waivers-fee-item"), move || async move {
                let items = call(ListFeeItems { community }).await?;
                Ok(items.into_iter().map(|item| (item.id.to_string(), item.name)).collect())
            })
            .folded(),
        )
        .filter(Filter::one("state", t!("waivers-state"), states).folded())
        .totals::<SumGiven>(totals)
        .column(
            Column::new("waivers-unit", |row: &GivenRow| row.unit_label.clone())
                .link(|row| format!("/estate/units/{}", row.unit))
                .sort("room"),
        )
        .column(Column::new("waivers-fee-item", |row: &GivenRow| row.fee_item_name.clone()))
        .column(Column::new("waivers-month", |row: &GivenRow| row.month.to_string()).sort("month"))
        .column(Column::new("waivers-bill", |row: &GivenRow| {
            view! { <a class="a" href=format!("/billing/bills/{}", row.bill)>{row.bill_number.clone()}</a> }
        }))
        .column(Column::new(
            "waivers-scheme",
            |row: &GivenRow| if row.name.is_empty() { t!("waivers-once") } else { row.name.clone() },
        ))
        .column(Column::new("waivers-reason", |row: &GivenRow| row.reason.clone()).wide())
        .column(Column::new("waivers-billed", |row: &GivenRow| money(row.billed_fen)).num().not_on_phone())
        .column(Column::new("waivers-amount", |row: &GivenRow| money(row.amount_fen)).num().strong().sort("amount_fen"))
        .column(Column::new("waivers-by", |row: &GivenRow| text_or_dash(row.by.clone())).not_on_phone())
        .column(Column::new("waivers-state", |row: &GivenRow| state(row.state)).spare())
        .export("/api/waivers/given/export.xlsx")
        .empty(|| Empty::new(icons::BADGE_PERCENT, t!("waivers-given-none"), t!("waivers-given-none-why")));
    view! {
        {Header::new(t!("waivers-given")).show()}
        {list.show()}
        {by_month()}
    }
    .into_any()
}

fn state_text(state: WaiverState) -> String {
    t!(&format!("waivers-state-{}", state.word().replace('_', "-")))
}

fn state(state: WaiverState) -> AnyView {
    let look = if state == WaiverState::Given { State::Done } else { State::Void };
    state_badge(look, state_text(state))
}

fn totals(sums: GivenSums) -> Vec<Term> {
    vec![
        Term::new("", t!("waivers-totals", bills = count(sums.bills), units = count(sums.units)), ""),
        Term::result(t!("waivers-amount"), sums.amount_fen),
    ]
}

/// The sums of what the filters find, by scheme and month.
fn by_month() -> AnyView {
    let query = Query::here();
    let sums = load(
        move || {
            let one = move |name: &str| query.one(name);
            let ask = ListGiven {
                scheme: one("scheme").and_then(|text| text.parse().ok()),
                source: one("source").and_then(|text| text.parse().ok()),
                state: one("state").and_then(|text| text.parse().ok()),
                from_month: one("from_month").and_then(|text| text.parse().ok()),
                to_month: one("to_month").and_then(|text| text.parse().ok()),
                building: one("building").and_then(|text| text.parse().ok()),
                fee_item: one("fee_item").and_then(|text| text.parse().ok()),
                search: one("search"),
                ..ListGiven::of(session::community())
            };
            call(SumGiven::from(&ask))
        },
        4,
        |sums: GivenSums| {
            if sums.months.is_empty() {
                return ().into_any();
            }
            section(t!("waivers-by-month"), (), table(&sums.months))
        },
    );
    view! { <div class="border-t border-line">{sums}</div> }.into_any()
}

fn table(months: &[GivenMonth]) -> AnyView {
    let rows = months
        .iter()
        .map(|month| {
            let name = if month.scheme.is_none() { t!("waivers-once") } else { month.name.clone() };
            view! {
                <tr>
                    <td>{month.month.to_string()}</td>
                    <td>{name}</td>
                    <td class="num">{count(month.bills)}</td>
                    <td class="num">{count(month.units)}</td>
                    <td class="num font-semibold">{money(month.amount_fen)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("waivers-by-month")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("waivers-month")}</th>
                        <th scope="col">{t!("waivers-scheme")}</th>
                        <th scope="col" class="num">{t!("waivers-bills")}</th>
                        <th scope="col" class="num">{t!("waivers-units")}</th>
                        <th scope="col" class="num">{t!("waivers-amount")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}
