//! What is held of one unit: a section of its page.

use common::cashier::api::{HeldFilter, HeldRow, ListHeld};
use common::id::UnitId;
use common::money::Money;
use leptos::prelude::*;

use super::held::marks;
use crate::api::call;
use crate::kit::{cards, money, problem_view, section, text_or_dash};
use crate::{session, t};

/// The prepayments and deposits of a unit that have a balance; nothing where there are none, or for whom may not see them.
pub fn held_of_unit(unit: UnitId) -> AnyView {
    if !session::may_ask::<ListHeld>() {
        return ().into_any();
    }
    let again = RwSignal::new(0_u32);
    let held = LocalResource::new(move || {
        again.track();
        let ask =
            ListHeld { unit: Some(unit), state: Some(HeldFilter::Held), size: Some(200), ..ListHeld::of(session::community()) };
        call(ask)
    });
    (move || match held.get()? {
        Ok(page) => (!page.rows.is_empty()).then(|| shown(unit, &page.rows)),
        Err(problem) => {
            let problem = problem_view(&problem, move || again.update(|again| *again += 1));
            Some(section(t!("cashier-held"), (), problem))
        }
    })
    .into_any()
}

fn shown(unit: UnitId, rows: &[HeldRow]) -> AnyView {
    let all = view! { <a class="a ml-auto text-sm" href=format!("/cashier/held?unit={unit}")>{t!("cashier-held-of-unit")}</a> };
    let row = |row: &HeldRow| {
        view! {
            <tr>
                <td><a class="a" href=format!("/cashier/held/{}", row.bill)>{row.fee_item_name.clone()}</a> {marks(row)}</td>
                <td>{text_or_dash(row.payer.clone())}</td>
                <td class="whitespace-nowrap">{row.since.to_string()}</td>
                <td class="num font-semibold">{money(row.left_fen)}</td>
            </tr>
        }
    };
    let total = Money::sum(rows.iter().map(|row| row.left_fen)).filter(|_| rows.len() > 1).map(|total| {
        view! {
            <tfoot>
                <tr>
                    <th scope="row">{t!("kit-total")}</th>
                    <td colspan="2" class="max-sm:hidden"></td>
                    <td class="num font-semibold">{money(total)}</td>
                </tr>
            </tfoot>
        }
    });
    let table = view! {
        <table class="table">
            <caption class="sr-only">{t!("cashier-held")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!("cashier-fee-item")}</th>
                    <th scope="col">{t!("cashier-payer")}</th>
                    <th scope="col">{t!("cashier-held-since")}</th>
                    <th scope="col" class="num">{t!("cashier-held-left")}</th>
                </tr>
            </thead>
            <tbody>{rows.iter().map(row).collect_view()}</tbody>
            {total}
        </table>
    };
    section(t!("cashier-held"), all, view! { <div class="max-sm:-mx-4">{cards(table)}</div> })
}
