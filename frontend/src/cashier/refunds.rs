//! 退款记录: what was given back of prepayments and deposits.

use common::cashier::api::{ListMethods, ListRefunds, RefundRow};
use leptos::prelude::*;

use super::{method_name, ways};
use crate::api::call;
use crate::kit::{Column, Empty, Filter, Header, List, clock, icons, link_button, money, primary_link, text_or_dash};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let base = ListRefunds {
        community: session::community(),
        from: None,
        to: None,
        method: None,
        unit: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    };
    let methods = || async {
        let ways = call(ListMethods { community: session::community() }).await?;
        Ok(ways.into_iter().map(|way| (way.method.code(), method_name(way.method, Some(&way.name)))).collect())
    };
    let list = List::new("refunds", base, |row: &RefundRow| row.refund.to_string())
        .search(t!("cashier-search-refunds"))
        .filter(Filter::days("from", "to", t!("cashier-the-day")))
        .filter(Filter::later("method", t!("cashier-refund-method"), methods))
        .column(
            Column::new("cashier-refund-number", |row: &RefundRow| row.number.clone())
                .link(|row| format!("/cashier/refunds/{}", row.refund)),
        )
        .column(Column::new("cashier-at", |row: &RefundRow| format!("{} {}", row.day, clock(row.at))).sort("at"))
        .column(Column::new("cashier-unit", |row: &RefundRow| row.unit_label.clone()).sort("unit"))
        .column(Column::new("cashier-payee", |row: &RefundRow| text_or_dash(row.payee.clone())))
        .column(Column::new("cashier-refund-method", |row: &RefundRow| ways(std::slice::from_ref(&row.paid))))
        .column(Column::new("cashier-refund-reason", |row: &RefundRow| row.reason.clone()).wide())
        .column(Column::new("cashier-held-by", |row: &RefundRow| text_or_dash(row.cashier_name.clone())))
        .column(Column::new("cashier-refund-amount", |row: &RefundRow| money(row.total_fen)).num().strong().sort("total"))
        .export("/api/cashier/refunds/export.xlsx")
        .empty(|| {
            Empty::new(icons::UNDO_2, t!("cashier-refunds-empty"), t!("cashier-refunds-empty-text")).actions(primary_link(
                icons::WALLET,
                t!("cashier-held"),
                "/cashier/held",
            ))
        });
    let actions = link_button(icons::WALLET, t!("cashier-held"), "/cashier/held");
    view! {
        {Header::new(t!("cashier-refunds")).actions(actions).show()}
        {list.show()}
    }
    .into_any()
}
