//! What of a bill falls on whose days, where the unit changes hands in its period.

use common::billing::api::BillPortion;
use common::billing::portion::{Portion, sentences};
use leptos::prelude::*;

use crate::kit::{cards, money, money_or_dash, section};
use crate::{session, t};

/// Of a bill that is planned.
pub fn portions_view(portions: &[Portion]) -> Option<AnyView> {
    if portions.is_empty() {
        return None;
    }
    let said = sentences(session::language(), portions).into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view();
    Some(
        view! {
            <section class="border-b border-line py-3 text-sm">
                <h3 class="text-base font-semibold">{t!("portion-title")}</h3>
                <div class="mt-1 flex flex-col gap-1 leading-6 text-ink-2">{said}</div>
            </section>
        }
        .into_any(),
    )
}

/// Of a bill, with the names of those on whom it falls.
pub(super) fn bill_portions(portions: &[BillPortion]) -> Option<AnyView> {
    let last = portions.iter().rev().find_map(|one| (!one.holders.is_empty()).then(|| names(one)))?;
    let rows = portions
        .iter()
        .map(|one| {
            let portion = &one.portion;
            view! {
                <tr>
                    <th scope="row">{if one.holders.is_empty() { t!("portion-nobody") } else { names(one) }}</th>
                    <td class="whitespace-nowrap">{t!("kit-range-from-to", from = portion.from, to = portion.last_day())}</td>
                    <td class="num">{portion.days()}</td>
                    <td class="num">{money(portion.amount_fen)}</td>
                    <td class="num">{money_or_dash(portion.waived_fen)}</td>
                    <td class="num font-semibold">{money(portion.to_pay())}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <p class="text-sm text-ink-2">{t!("portion-why", owner = last)}</p>
        <div class="mt-2 max-sm:-mx-4">{cards(view! {
            <table class="table table-plain">
                <caption class="sr-only">{t!("portion-title")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-holder")}</th>
                        <th scope="col">{t!("trace-from-to")}</th>
                        <th scope="col" class="num">{t!("billing-days")}</th>
                        <th scope="col" class="num">{t!("billing-amount")}</th>
                        <th scope="col" class="num">{t!("billing-waived")}</th>
                        <th scope="col" class="num">{t!("portion-bears")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    };
    Some(section(t!("portion-title"), (), table))
}

fn names(one: &BillPortion) -> String {
    one.holders.iter().map(|holder| holder.name.as_str()).collect::<Vec<_>>().join(&t!("trace-list-comma"))
}
