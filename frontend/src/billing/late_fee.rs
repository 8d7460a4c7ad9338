//! A bill's late fee as of today: how it is counted, a table with which one redoes it by hand, and what became of it.

use common::billing::api::BillLateFee;
use common::charging::late_fee::{explain, percent};
use common::money::grouped;
use leptos::prelude::*;

use crate::kit::{Term, cards, equation_line, money};
use crate::{session, t};

/// The tab.
pub(super) fn show(late: &BillLateFee) -> AnyView {
    let language = session::language();
    let rules = explain::rules(language, &late.fee).into_iter().map(|said| view! { <p>{said}</p> }).collect_view();
    let mut terms = vec![
        Term::money("", t!("billing-late-fee-come"), late.come_to_fen),
        Term::money("−", t!("billing-late-fee-paid"), late.paid_fen),
    ];
    if late.waived_fen.is_positive() {
        terms.push(Term::money("−", t!("billing-late-fee-waived"), late.waived_fen));
    }
    terms.push(Term::result(t!("billing-late-fee-due"), late.due_fen));
    view! {
        <div class="px-6 py-4 max-sm:px-4">
            <div class="flex flex-col gap-1 text-sm leading-6">{rules}</div>
            {if late.fee.pieces.is_empty() {
                view! { <p class="mt-2 text-sm text-ink-2">{t!("billing-late-fee-none-yet")}</p> }.into_any()
            } else {
                table(late)
            }}
            <p class="mt-2 text-sm">{explain::result(language, &late.fee)}</p>
            <div class="mt-4">{equation_line(terms)}</div>
        </div>
    }
    .into_any()
}

fn table(late: &BillLateFee) -> AnyView {
    let rows = late
        .fee
        .pieces
        .iter()
        .map(|piece| {
            let last = piece.to.pred_opt().unwrap_or(piece.to);
            view! {
                <tr>
                    <td class="whitespace-nowrap">{t!("kit-range-from-to", from = piece.from, to = last)}</td>
                    <td class="num">{piece.days()}</td>
                    <td class="num">{money(piece.principal_fen)}</td>
                    <td class="num">{percent(piece.rate.get())}</td>
                    <td class="num">{grouped(piece.yuan(), 2)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="mt-3 max-w-200 max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-late-fee")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-late-fee-days")}</th>
                        <th scope="col" class="num">{t!("billing-days")}</th>
                        <th scope="col" class="num">{t!("billing-principal-open")}</th>
                        <th scope="col" class="num">{t!("billing-day-rate")}</th>
                        <th scope="col" class="num">{t!("billing-money")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}
