//! The small tables of lines that have no pieces: a share of a pool, and a share of the sales.

use common::charging::explain::usage_unit;
use common::charging::tariff::FeeItemKind;
use common::charging::usage::{ShareTrace, SharedBy};
use common::money::Money;
use common::quantity::Quantity;
use leptos::prelude::*;

use crate::kit::{cards, figure};
use crate::t;

/// What the whole pool is, this unit's part of it, and what that comes to.
pub(super) fn share_table(share: &ShareTrace, amount: Money, kind: FeeItemKind) -> AnyView {
    let unit = usage_unit(kind);
    let of_quantity = (!share.pool_quantity.is_zero()).then(|| {
        let head = t!("trace-share-quantity", unit = unit);
        (head, figure(share.pool_quantity.get()))
    });
    let measure = match share.by {
        SharedBy::Area => format!(" {}", t!("kit-square-metre")),
        SharedBy::Usage => format!(" {unit}"),
        SharedBy::Household | SharedBy::Head | SharedBy::Formula => String::new(),
    };
    let sum = format!("{} × {} ÷ {}", share.pool_fen, figure(share.weight.get()), figure(share.weights.get()));
    let mut columns: Vec<(String, String)> = of_quantity.into_iter().collect();
    columns.extend([
        (t!("trace-share-money"), share.pool_fen.to_string()),
        (t!("trace-share-weight"), format!("{}{measure}", figure(share.weight.get()))),
        (t!("trace-share-weights"), format!("{}{measure}", figure(share.weights.get()))),
        (t!("trace-sum"), sum),
        (t!("billing-money"), amount.to_string()),
    ]);
    one_row(t!("trace-share-table"), columns)
}

/// The sales, the share of them, and the fixed rent that it is more than.
pub(super) fn turnover_table(sales: Money, share: Quantity, fixed: Money, amount: Money) -> AnyView {
    let percent = format!("{}%", figure(share.get() * rust_decimal::Decimal::ONE_HUNDRED));
    let columns = vec![
        (t!("charging-sales"), sales.to_string()),
        (t!("charging-rent-turnover"), percent.clone()),
        (t!("trace-sum"), format!("{sales} × {percent}")),
        (t!("trace-turnover-fixed"), fixed.to_string()),
        (t!("billing-money"), amount.to_string()),
    ];
    one_row(t!("trace-how-turnover"), columns)
}

fn one_row(caption: String, columns: Vec<(String, String)>) -> AnyView {
    let last = columns.len().saturating_sub(1);
    let heads = columns.iter().map(|(head, _)| view! { <th scope="col" class="num">{head.clone()}</th> }).collect_view();
    let cells = columns
        .iter()
        .enumerate()
        .map(|(place, (_, value))| view! { <td class="num" class:font-semibold=place == last>{value.clone()}</td> })
        .collect_view();
    view! {
        <div class="mt-3 max-sm:-mx-4">{cards(view! {
            <table class="table table-plain">
                <caption class="sr-only">{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody><tr>{cells}</tr></tbody>
            </table>})}</div>
    }
    .into_any()
}
