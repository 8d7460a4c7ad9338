//! 日结: what was taken on a day, by method and cashier.

use common::cashier::api::{CashierSum, DayTotals, SumDay, Takings};
use common::period::Day;
use leptos::prelude::*;

use super::method_name;
use crate::api::call;
use crate::kit::{Empty, Header, Query, Term, cards, clock, empty_view, equation, icons, link_button, load, money, print_button};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let community = session::community();
    let day = Memo::new(move |_| query.one("day").and_then(|day| day.parse::<Day>().ok()));
    let pick = view! {
        <input
            type="date"
            class="input input-sm w-40"
            aria-label=t!("cashier-the-day")
            prop:value=move || day.get().unwrap_or_else(session::today).to_string()
            on:change=move |event| {
                let value = event_target_value(&event);
                query.put(&[("day", Some(value.as_str()).filter(|value| !value.is_empty()))]);
            }
        />
    };
    let header = Header::new(t!("cashier-day")).actions(view! {
        {pick}
        {move || {
            let day = day.get().unwrap_or_else(session::today);
            link_button(icons::RECEIPT_TEXT, t!("cashier-payments"), format!("/cashier/payments?from={day}&to={day}"))
        }}
        {print_button()}
    });
    view! {
        {header.show()}
        {load(move || call(SumDay { community, day: day.get() }), 8, |totals| of(&totals))}
    }
    .into_any()
}

fn of(totals: &DayTotals) -> AnyView {
    if totals.all.payments == 0 && totals.all.voided == 0 {
        let empty = Empty::new(icons::COINS, t!("cashier-day-empty", day = totals.day), t!("cashier-day-empty-text"));
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
    }
    let Takings { payments, total_fen, voided, voided_fen, .. } = totals.all;
    let gross = total_fen.checked_add(voided_fen).unwrap_or_default();
    let terms = vec![
        Term::money("", t!("cashier-day-gross", count = payments + voided), gross),
        Term::money("−", t!("cashier-day-voided", count = voided), voided_fen),
        Term::result(t!("cashier-day-net", count = payments), total_fen),
    ];
    let numbers = match (&totals.first_number, &totals.last_number) {
        (Some(first), Some(last)) => t!("cashier-day-numbers", day = totals.day, first = first, last = last),
        _ => totals.day.to_string(),
    };
    view! {
        <section class="border-y border-line px-6 py-4 max-sm:px-4">{equation(terms)} <p class="label-xs mt-2">{numbers}</p></section>
        {table(totals)}
    }
    .into_any()
}

/// Methods down, cashiers across; each cell an amount, each line and column with its sum.
fn table(totals: &DayTotals) -> AnyView {
    let people = &totals.by_cashier;
    let cell = |takings: &Takings, method| {
        let sum = takings.by_method.iter().find(|sum| sum.method == method);
        match sum {
            Some(sum) => view! {
                {money(sum.amount_fen)}
                <span class="label-xs ml-2 inline-block w-12">{t!("cashier-times", count = sum.payments)}</span>
            }
            .into_any(),
            None => view! { <span class="text-ink-3">"–"</span><span class="ml-2 inline-block w-12"></span> }.into_any(),
        }
    };
    let rows = totals
        .all
        .by_method
        .iter()
        .map(|sum| {
            let method = sum.method;
            view! {
                <tr>
                    <th scope="row" class="font-normal">{method_name(method, sum.name.as_deref())}</th>
                    {people.iter().map(|person| view! { <td class="num">{cell(&person.takings, method)}</td> }).collect_view()}
                    <td class="num font-semibold">{cell(&totals.all, method)}</td>
                </tr>
            }
        })
        .collect_view();
    let foot = |takings: &Takings| {
        view! {
            <td class="num">{money(takings.total_fen)} <span class="label-xs ml-2 inline-block w-12">{t!("cashier-times", count = takings.payments)}</span></td>
        }
    };
    let voided = |takings: &Takings| {
        match takings.voided {
        0 => view! { <td class="num text-ink-3">"–"<span class="ml-2 inline-block w-12"></span></td> }.into_any(),
        count => view! {
            <td class="num text-ink-2">{money(takings.voided_fen)} <span class="label-xs ml-2 inline-block w-12">{t!("cashier-times", count = count)}</span></td>
        }
        .into_any(),
    }
    };
    view! {
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("cashier-day")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("cashier-method")}</th>
                        {people.iter().map(|person| view! { <th scope="col" class="num">{of_person(person)}</th> }).collect_view()}
                        <th scope="col" class="num">{t!("kit-total")}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr>
                        <th scope="row" class="font-normal text-ink-2">{t!("cashier-voided")}</th>
                        {people.iter().map(|person| voided(&person.takings)).collect_view()}
                        {voided(&totals.all)}
                    </tr>
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t!("cashier-taken-sum")}</th>
                        {people.iter().map(|person| foot(&person.takings)).collect_view()}
                        {foot(&totals.all)}
                    </tr>
                </tfoot>
            </table>})}
    }
    .into_any()
}

fn of_person(person: &CashierSum) -> String {
    match person.since {
        Some(since) => t!("cashier-since", name = person.name, since = clock(since)),
        None => person.name.clone(),
    }
}
