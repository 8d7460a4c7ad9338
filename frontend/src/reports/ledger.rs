//! 台账: receivable, received and outstanding by month, building and fee item; a click on a figure shows its entries.

use common::charging::api::ListFeeItems;
use common::money::Money;
use common::reports::api::{AskLedger, Grouping, Ledger, LedgerRow, LedgerSums, Side, per_mille};
use leptos::prelude::*;

use super::percent;
use super::pick::{buildings, choose, fee_items, month_fields, months};
use crate::api::{call, query as as_query};
use crate::kit::{
    Chart, Empty, Header, Query, Series, Term, Tone, cards, empty_view, equation, icon, icons, load, money, print_button,
};
use crate::{session, t};

/// The ways to group, as they stand in the address.
const GROUPINGS: [(&str, &[Grouping]); 6] = [
    ("month", &[Grouping::Month]),
    ("building", &[Grouping::Building]),
    ("fee_item", &[Grouping::FeeItem]),
    ("month_fee_item", &[Grouping::Month, Grouping::FeeItem]),
    ("month_building", &[Grouping::Month, Grouping::Building]),
    ("building_fee_item", &[Grouping::Building, Grouping::FeeItem]),
];

/// The most labels that a chart has room for.
const CHARTED: usize = 14;

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let ask = Memo::new(move |_| {
        let (from, to) = months(query);
        let by = query.one("by").unwrap_or_default();
        let by = GROUPINGS.into_iter().find(|(code, _)| *code == by).map_or(&[Grouping::Month][..], |(_, by)| by);
        AskLedger {
            community: session::community(),
            from,
            to,
            by: by.to_vec(),
            building: query.one("building").and_then(|id| id.parse().ok()),
            fee_item: query.one("fee_item").and_then(|id| id.parse().ok()),
        }
    });
    let export =
        move || format!("/api/reports/ledger/export.xlsx{}&language={}", as_query(&ask.get()), session::language().tag());
    let header = Header::new(t!("reports-ledger")).actions(view! {
        {print_button()}
        <a class="btn btn-sm" href=export download="" rel="external">
            {icon(icons::DOWNLOAD)}
            {t!("kit-export")}
        </a>
    });
    view! {
        {header.show()}
        <div class="no-print flex flex-wrap items-center gap-x-4 gap-y-2 px-6 pb-3 max-sm:px-4">
            {month_fields(query)}
            {grouping(query)}
            {choose(query, "building", t!("reports-building"), buildings)}
            {session::may_ask::<ListFeeItems>().then(|| choose(query, "fee_item", t!("reports-fee-item"), fee_items))}
        </div>
        {load(move || call(ask.get()), 10, move |ledger| show(&ask.get_untracked(), &ledger))}
    }
    .into_any()
}

fn grouping(query: Query) -> AnyView {
    let chosen = move || query.one("by").unwrap_or_else(|| "month".to_owned());
    let options = GROUPINGS
        .into_iter()
        .map(|(code, _)| {
            let word = t!(format!("reports-by-{}", code.replace('_', "-")).as_str());
            view! { <option value=code selected=move || chosen() == code>{word}</option> }
        })
        .collect_view();
    view! {
        <label class="report-pick">
            <span class="text-ink-2">{t!("reports-by")}</span>
            <select
                class="select select-sm w-auto max-sm:w-full"
                on:change=move |event| {
                    let value = event_target_value(&event);
                    query.put(&[("by", Some(value.as_str()).filter(|value| *value != "month"))]);
                }
            >
                {options}
            </select>
        </label>
    }
    .into_any()
}

fn show(ask: &AskLedger, ledger: &Ledger) -> AnyView {
    if ledger.rows.is_empty() {
        let empty = Empty::new(icons::BOOK_OPEN, t!("reports-ledger-empty"), t!("reports-ledger-empty-text"));
        return view! { <div class="px-6 py-4 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
    }
    let total = ledger.total;
    let mut terms = vec![Term::money("", t!("reports-receivable"), total.receivable_fen)];
    if !total.waived_fen.is_zero() {
        terms.push(Term::money("−", t!("reports-waived"), total.waived_fen));
    }
    terms.push(Term::money("−", t!("reports-received"), total.received_fen));
    if !total.offset_fen.is_zero() {
        terms.push(Term::money("−", t!("reports-offset"), total.offset_fen));
    }
    terms.extend([
        Term::result(t!("reports-outstanding"), total.outstanding_fen),
        Term::new("", t!("reports-rate"), percent(total.per_mille())),
    ]);
    if !total.late_fee_fen.is_zero() {
        terms.push(Term::money("", t!("reports-late-fee"), total.late_fee_fen));
    }
    view! {
        <section class="border-y border-line px-6 py-4 max-sm:px-4">{equation(terms)}</section>
        <section class="border-b border-line px-6 py-4 max-sm:px-4">
            <p class="label-xs">{t!("reports-chart-note")}</p>
            <div class="max-w-220">{chart(ask, ledger)}</div>
        </section>
        {table(ask, ledger)}
    }
    .into_any()
}

/// What a row is called by one of its groupings.
fn name(row: &LedgerRow, by: Grouping) -> String {
    match by {
        Grouping::Month => row.month.map(|month| month.to_string()).unwrap_or_default(),
        Grouping::Building => row.building_name.clone().unwrap_or_else(|| t!("reports-no-building")),
        Grouping::FeeItem => row.fee_item_name.clone().unwrap_or_default(),
    }
}

/// Bars over the first grouping; rows that share it are added up.
fn chart(ask: &AskLedger, ledger: &Ledger) -> AnyView {
    let Some(by) = ask.by.first().copied() else { return ().into_any() };
    let mut groups: Vec<(String, i64, i64)> = Vec::new();
    for row in &ledger.rows {
        let label = name(row, by);
        if groups.last().is_none_or(|(last, ..)| *last != label) {
            groups.push((label, 0, 0));
        }
        if let Some((_, receivable, received)) = groups.last_mut() {
            *receivable += row.sums.receivable_fen.fen();
            *received += row.sums.paid().fen();
        }
    }
    let skip = if by == Grouping::Month { groups.len().saturating_sub(CHARTED) } else { 0 };
    let shown: Vec<_> = groups.into_iter().skip(skip).take(CHARTED).collect();
    let short = |label: &str| if by == Grouping::Month { label.get(2..).unwrap_or(label).to_owned() } else { label.to_owned() };
    let ten_thousands = |fen: i64| {
        let hundredths = fen / 10_000;
        format!("{}.{:02}", hundredths / 100, (hundredths % 100).abs())
    };
    Chart {
        title: t!("reports-chart"),
        labels: shown.iter().map(|(label, ..)| short(label)).collect(),
        series: vec![
            Series {
                name: t!("reports-receivable"),
                values: shown.iter().map(|(_, receivable, _)| Some(*receivable)).collect(),
                tone: Tone::Soft,
            },
            Series {
                name: t!("reports-received"),
                values: shown.iter().map(|(.., received)| Some(*received)).collect(),
                tone: Tone::Main,
            },
        ],
        say: |fen| t!("reports-ten-thousand", amount = crate::kit::count(fen / 1_000_000)),
        goal: None,
        unfinished: None,
        rows: vec![
            (
                t!("reports-rate"),
                shown
                    .iter()
                    .map(|(_, receivable, received)| percent(per_mille(Money::from_fen(*received), Money::from_fen(*receivable))))
                    .collect(),
            ),
            (t!("reports-receivable"), shown.iter().map(|(_, receivable, _)| ten_thousands(*receivable)).collect()),
            (t!("reports-received"), shown.iter().map(|(.., received)| ten_thousands(*received)).collect()),
        ],
    }
    .bars()
}

/// Where a click on a figure leads: the entries it is made of.
fn entries(ask: &AskLedger, row: Option<&LedgerRow>, side: &str) -> String {
    let mut pairs = vec![("side", side.to_owned())];
    let month = row.and_then(|row| row.month);
    pairs.push(("from", month.unwrap_or(ask.from).to_string()));
    pairs.push(("to", month.unwrap_or(ask.to).to_string()));
    let building = row.and_then(|row| row.building).or(ask.building);
    pairs.extend(building.map(|id| ("building", id.to_string())));
    let outside = row.is_some_and(|row| row.building.is_none()) && ask.by.contains(&Grouping::Building);
    pairs.extend(outside.then(|| ("no_building", "true".to_owned())));
    let fee_item = row.and_then(|row| row.fee_item).or(ask.fee_item);
    pairs.extend(fee_item.map(|id| ("fee_item", id.to_string())));
    format!("/reports/ledger/entries{}", as_query(&pairs))
}

/// `total` says whether there are columns of waivers, of what was set off and of late fee at all.
fn figures(ask: &AskLedger, row: Option<&LedgerRow>, sums: LedgerSums, total: LedgerSums) -> AnyView {
    let cell = |side: &str, amount: Money, class: &'static str| {
        view! {
            <td class=format!("num {class}")>
                <a class="hover:underline" href=entries(ask, row, side)>{money(amount)}</a>
            </td>
        }
    };
    view! {
        {cell("receivable", sums.receivable_fen, "")}
        {(!total.waived_fen.is_zero()).then(|| cell("waived", sums.waived_fen, ""))}
        {cell("received", sums.received_fen, "")}
        {(!total.offset_fen.is_zero()).then(|| cell("offset", sums.offset_fen, ""))}
        {cell("outstanding", sums.outstanding_fen, "font-semibold")}
        <td class="num">{percent(sums.per_mille())}</td>
        {(!total.late_fee_fen.is_zero()).then(|| cell("late_fee", sums.late_fee_fen, ""))}
    }
    .into_any()
}

fn table(ask: &AskLedger, ledger: &Ledger) -> AnyView {
    let heads = ask
        .by
        .iter()
        .map(|by| {
            let id = match by {
                Grouping::Month => "reports-month",
                Grouping::Building => "reports-building",
                Grouping::FeeItem => "reports-fee-item",
            };
            view! { <th scope="col">{t!(id)}</th> }
        })
        .collect_view();
    let rows = ledger
        .rows
        .iter()
        .map(|row| {
            let names = ask.by.iter().map(|by| view! { <td class="whitespace-nowrap">{name(row, *by)}</td> }).collect_view();
            view! { <tr>{names} {figures(ask, Some(row), row.sums, ledger.total)}</tr> }
        })
        .collect_view();
    view! {
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("reports-ledger")}</caption>
                <thead>
                    <tr>
                        {heads}
                        <th scope="col" class="num">{t!("reports-receivable")}</th>
                        {(!ledger.total.waived_fen.is_zero()).then(|| view! { <th scope="col" class="num">{t!("reports-waived")}</th> })}
                        <th scope="col" class="num">{t!("reports-received")}</th>
                        {(!ledger.total.offset_fen.is_zero()).then(|| view! { <th scope="col" class="num">{t!("reports-offset")}</th> })}
                        <th scope="col" class="num">{t!("reports-outstanding")}</th>
                        <th scope="col" class="num">{t!("reports-rate")}</th>
                        {(!ledger.total.late_fee_fen.is_zero()).then(|| view! { <th scope="col" class="num">{t!("reports-late-fee")}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <td colspan=ask.by.len().max(1)>{t!("kit-total")}</td>
                        {figures(ask, None, ledger.total, ledger.total)}
                    </tr>
                </tfoot>
            </table>})}
    }
    .into_any()
}

/// The side's name, for the page of its entries.
pub(super) fn side_name(side: Side) -> String {
    match side {
        Side::Receivable => t!("reports-receivable"),
        Side::Waived => t!("reports-waived"),
        Side::Received => t!("reports-received"),
        Side::Offset => t!("reports-offset"),
        Side::Outstanding => t!("reports-outstanding"),
        Side::LateFee => t!("reports-late-fee"),
    }
}
