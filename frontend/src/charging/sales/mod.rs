//! 营业额: the sales of a month, typed line by line, with what is missing and what is billed already.

mod import;
mod line;

use std::collections::BTreeSet;

use common::billing::api::ListBilledRents;
use common::charging::api::{ListSales, SalesRow};
use common::id::UnitId;
use common::money::Money;
use common::period::Month;
use common::permission::Permission;
use leptos::prelude::*;

use self::line::line;
use crate::api::call;
use crate::kit::{
    Empty, Header, Query, Term, cards, empty_view, equation, icon, icons, load, month_of, month_picker, primary_link,
};
use crate::{session, t};

pub(super) use import::page as import_page;

/// The page.
pub(super) fn page() -> AnyView {
    let (query, community) = (Query::here(), session::community());
    let month = last_month_or(query);
    let may = session::may(Permission::ChargingWrite);
    let actions = move || {
        let month = month.get();
        let template =
            format!("/api/charging/sales/template?community={community}&month={month}&language={}", session::language().tag());
        view! {
            <a class="btn btn-sm" href=template download="" rel="external">{icon(icons::FILE_DOWN)} {t!("charging-sales-template")}</a>
            {may.then(|| primary_link(icons::UPLOAD, t!("charging-sales-import"), format!("/charging/sales/import?month={month}")))}
        }
    };
    let shown = load(
        move || {
            let month = month.get();
            async move {
                let rows = call(ListSales { community, month }).await?;
                let billed = call(ListBilledRents { community, month }).await?;
                Ok((rows, billed))
            }
        },
        8,
        move |(rows, billed): (Vec<SalesRow>, Vec<UnitId>)| {
            of_month(rows, billed.into_iter().collect(), month.get_untracked(), may)
        },
    );
    view! {
        {Header::new(t!("charging-sales")).beside(month_picker(query, month)).actions(actions).show()}
        <div class="border-t border-line">{shown}</div>
    }
    .into_any()
}

/// The month of the address; else the last one, which is reported now.
fn last_month_or(query: Query) -> Memo<Month> {
    let named = month_of(query);
    Memo::new(move |_| match query.one("month") {
        Some(_) => named.get(),
        None => Month::of(session::today()).plus(-1),
    })
}

fn of_month(rows: Vec<SalesRow>, billed: BTreeSet<UnitId>, month: Month, may: bool) -> AnyView {
    if rows.is_empty() {
        let empty = Empty::new(icons::STORE, t!("charging-sales-none"), t!("charging-sales-none-why"));
        let contracts = primary_link(icons::STORE, t!("charging-rents"), "/charging/rents");
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty.actions(contracts))}</div> }.into_any();
    }
    let count = rows.len();
    // What each line holds now, so that the sums follow what is typed.
    let now: Vec<RwSignal<Option<Money>>> = rows.iter().map(|row| RwSignal::new(row.sales_fen)).collect();
    let missing_only = RwSignal::new(false);
    let all = StoredValue::new(now.clone());
    let sums = move || {
        let entered: Vec<Money> = all.with_value(|all| all.iter().filter_map(|one| one.get()).collect());
        let missing = count - entered.len();
        let terms = vec![
            Term::count("", t!("charging-sales-due"), count),
            Term::count("−", t!("charging-sales-have"), entered.len()),
            Term::count("=", t!("charging-sales-missing"), missing).class(if missing > 0 {
                "font-semibold text-warning"
            } else {
                "text-ink-3"
            }),
            Term::money("·", t!("charging-sales"), Money::sum(entered).unwrap_or(Money::ZERO)).class("font-semibold"),
        ];
        equation(terms)
    };
    let last = rows.len().saturating_sub(1);
    let any_billed = rows.iter().any(|row| billed.contains(&row.unit));
    let lines = rows
        .into_iter()
        .zip(now)
        .enumerate()
        .map(|(place, (row, now))| {
            let is_billed = billed.contains(&row.unit);
            line((place, last), row, (month, now), (is_billed, may), missing_only)
        })
        .collect_view();
    view! {
        <div class="flex flex-wrap items-center gap-x-8 gap-y-2 border-b border-line px-6 py-3 max-sm:px-4">
            {sums}
            <label class="flex items-center gap-2 text-sm">
                <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || missing_only.get() on:change=move |event| missing_only.set(event_target_checked(&event)) />
                {t!("charging-sales-missing-only")}
            </label>
        </div>
        <p class="px-6 py-3 text-sm text-ink-2 max-sm:px-4">
            {t!("charging-sales-missing-why")} {any_billed.then(|| view! { <span class="sentence">{t!("charging-sales-billed-why")}</span> })}
        </p>
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("charging-sales")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("charging-unit-label")}</th>
                        <th scope="col">{t!("charging-tenant")}</th>
                        <th scope="col" class="num">{t!("charging-rent-turnover")}</th>
                        <th scope="col" class="num">{t!("charging-sales-of")}</th>
                        <th scope="col" class="num">{t!("charging-sales-share-amount")}</th>
                        <th scope="col">{t!("charging-state")}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>})}
        {may.then(|| view! { <p class="label-xs px-6 py-4 max-sm:px-4">{t!("charging-sales-keys")}</p> })}
    }
    .into_any()
}
