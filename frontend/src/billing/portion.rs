//! What of a bill falls on whose days, where the unit changes hands in its period.

use common::billing::api::BillPortion;
use common::billing::portion::Portion;
use leptos::prelude::*;

use crate::kit::{cards, money, money_or_dash, section};
use crate::t;

/// Of a bill that is planned: by days. Who held the unit on them is named once it is a bill.
pub fn portions_view(portions: &[Portion]) -> Option<AnyView> {
    if portions.is_empty() {
        return None;
    }
    let rows = portions.iter().map(|portion| row(None, portion)).collect_view();
    Some(
        view! {
            <section class="border-b border-line py-3 text-sm">
                <h3 class="text-base font-semibold">{t!("portion-title")}</h3>
                <p class="mt-1 text-ink-2">{t!("portion-planned-why")}</p>
                <div class="mt-2">{table(None, rows)}</div>
            </section>
        }
        .into_any(),
    )
}

/// Of a bill, with the names of those on whom it falls.
pub(super) fn bill_portions(portions: &[BillPortion]) -> Option<AnyView> {
    let last = portions.iter().rev().find_map(|one| (!one.holders.is_empty()).then(|| names(one)))?;
    let named = |one: &BillPortion| if one.holders.is_empty() { t!("portion-nobody") } else { names(one) };
    let rows = portions.iter().map(|one| row(Some(named(one)), &one.portion)).collect_view();
    let table = view! {
        <p class="text-sm text-ink-2">{t!("portion-why", owner = last)}</p>
        <div class="mt-2 max-sm:-mx-4">{table(Some(t!("billing-holder")), rows)}</div>
    };
    Some(section(t!("portion-title"), (), table))
}

/// Its days, and what of the bill falls on them; who held the unit before that, where it is told.
fn row(holder: Option<String>, portion: &Portion) -> AnyView {
    let days = t!("kit-range-from-to", from = portion.from, to = portion.last_day());
    let days = match holder {
        Some(holder) => view! { <th scope="row">{holder}</th> <td class="whitespace-nowrap">{days}</td> }.into_any(),
        None => view! { <th scope="row" class="font-normal whitespace-nowrap">{days}</th> }.into_any(),
    };
    view! {
        <tr>
            {days}
            <td class="num">{portion.days()}</td>
            <td class="num">{money(portion.amount_fen)}</td>
            <td class="num">{money_or_dash(portion.waived_fen)}</td>
            <td class="num font-semibold">{money(portion.to_pay())}</td>
        </tr>
    }
    .into_any()
}

fn table(holder: Option<String>, rows: impl IntoView + 'static) -> AnyView {
    cards(view! {
        <table class="table table-plain">
            <caption class="sr-only">{t!("portion-title")}</caption>
            <thead>
                <tr>
                    {holder.map(|holder| view! { <th scope="col">{holder}</th> })}
                    <th scope="col">{t!("trace-from-to")}</th>
                    <th scope="col" class="num">{t!("billing-days")}</th>
                    <th scope="col" class="num">{t!("billing-amount")}</th>
                    <th scope="col" class="num">{t!("billing-waived")}</th>
                    <th scope="col" class="num">{t!("portion-bears")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    })
    .into_any()
}

fn names(one: &BillPortion) -> String {
    one.holders.iter().map(|holder| holder.name.as_str()).collect::<Vec<_>>().join(&t!("trace-list-comma"))
}
