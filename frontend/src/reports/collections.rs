//! 收款明细: what came in, line by line.

use std::collections::BTreeMap;

use common::cashier::Method;
use common::charging::api::ListFeeItems;
use common::charging::late_fee::BillPart;
use common::money::Money;
use common::period::Month;
use common::reports::api::{Collection, CollectionSum, ListCollections, SumCollections};
use leptos::prelude::*;

use super::pick::{buildings, fee_items};
use crate::cashier::{cashier_choices, method_name};
use crate::kit::{Column, Empty, Filter, Header, List, Query, Term, icons, money, text_or_dash};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    // Without days one starts with this month.
    if untrack(move || query.one("from").is_none() && query.one("to").is_none()) {
        let today = session::today();
        let first = Month::of(today).first_day().to_string();
        query.put(&[("from", Some(first.as_str())), ("to", Some(today.to_string().as_str()))]);
    }
    let base = ListCollections {
        community: session::community(),
        from: None,
        to: None,
        cashier: None,
        method: None,
        building: None,
        fee_item: None,
        page: None,
        size: None,
        sort: None,
    };
    let methods = Method::USUAL.into_iter().chain([Method::UnionPay, Method::Imported]);
    let methods = methods.map(|method| (method.code(), method_name(method, None))).collect();
    let list = List::new("collections", base, |row: &Collection| {
        format!("{}{}{}{}{}", row.payment, row.bill, row.part, row.method, row.amount_fen)
    })
    .filter(Filter::days("from", "to", t!("reports-days")))
    .filter(Filter::one("method", t!("reports-method"), methods))
    .filter(Filter::later("cashier", t!("reports-cashier"), cashier_choices))
    .filter_of::<ListFeeItems>(Filter::later("fee_item", t!("reports-fee-item"), fee_items))
    .filter(Filter::later("building", t!("reports-building"), buildings))
    .column(
        Column::new("reports-receipt", |row: &Collection| row.receipt_number.clone().into_any())
            .link(|row| format!("/cashier/receipt/{}", row.payment)),
    )
    .column(Column::new("reports-day", |row: &Collection| row.day.to_string().into_any()).sort("at"))
    .column(Column::new("reports-unit", |row: &Collection| row.unit_label.clone().into_any()).sort("unit"))
    .column(Column::new("reports-payer", |row: &Collection| text_or_dash(row.payer.clone())))
    .column(Column::new("reports-fee-item", |row: &Collection| {
        match row.part {
            BillPart::Principal => row.fee_item_name.clone(),
            BillPart::LateFee => t!("cashier-late-fee-of", item = row.fee_item_name),
        }
        .into_any()
    }))
    .column(
        Column::new("reports-period", |row: &Collection| {
            common::period::Period { from: row.period_from, to: row.period_to }.to_string().into_any()
        })
        .not_on_phone(),
    )
    .column(Column::new("reports-method", |row: &Collection| method_name(row.method, row.method_name.as_deref()).into_any()))
    .column(Column::new("reports-cashier", |row: &Collection| text_or_dash(row.cashier_name.clone())))
    .column(Column::new("reports-amount", |row: &Collection| money(row.amount_fen)).num().strong().sort("amount"))
    .totals::<SumCollections>(|sums| terms(&sums))
    .export("/api/reports/collections/export.xlsx")
    .empty(|| Empty::new(icons::COINS, t!("reports-collections-empty"), t!("reports-collections-empty-text")));
    view! {
        {Header::new(t!("reports-collections")).show()}
        {list.show()}
    }
    .into_any()
}

/// The sums by way to pay, and all of it.
fn terms(sums: &[CollectionSum]) -> Vec<Term> {
    let mut by_method: BTreeMap<Method, (Option<String>, Money)> = BTreeMap::new();
    for sum in sums {
        let (_, amount) = by_method.entry(sum.method).or_insert_with(|| (sum.method_name.clone(), Money::ZERO));
        *amount = amount.checked_add(sum.amount_fen).unwrap_or_default();
    }
    let whole = Money::sum(by_method.values().map(|(_, amount)| *amount)).unwrap_or_default();
    let mut terms: Vec<Term> = by_method
        .into_iter()
        .enumerate()
        .map(|(place, (method, (name, amount)))| {
            Term::money(if place == 0 { "" } else { "+" }, method_name(method, name.as_deref()), amount)
        })
        .collect();
    terms.push(Term::result(t!("reports-received"), whole));
    terms
}
