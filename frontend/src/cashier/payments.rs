//! The list of payments.

use common::cashier::Method;
use common::cashier::api::{ListPayments, PaymentRow, PaymentState, SumPayments, Takings};
use leptos::prelude::*;

use super::{method_name, taken_by, ways};
use crate::kit::{
    Column, Empty, Filter, Header, List, Query, State, Term, clock, count, icons, linked_chip, money, primary_link, state_badge,
    text_or_dash,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let base = ListPayments {
        community: session::community(),
        from: None,
        to: None,
        cashier: None,
        method: None,
        unit: None,
        state: None,
        run: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    };
    let rare = [Method::UnionPay, Method::Prepaid, Method::Deposit, Method::Imported];
    let methods = Method::USUAL.into_iter().chain(rare).map(|method| (method.code(), method_name(method, None))).collect();
    let states = vec![("taken".to_owned(), t!("cashier-state-taken")), ("void".to_owned(), t!("cashier-state-void"))];
    let list = List::new("payments", base, |row: &PaymentRow| row.payment.to_string())
        .search(t!("cashier-search-payments"))
        .filter(Filter::days("from", "to", t!("cashier-the-day")))
        .filter(Filter::one("method", t!("cashier-method"), methods))
        .filter(Filter::later("cashier", t!("cashier-cashier"), super::cashier_choices))
        .filter(Filter::one("state", t!("cashier-state"), states))
        .filter(Filter::own("run", run_chip))
        .column(
            Column::new("cashier-receipt", |row: &PaymentRow| row.receipt_number.clone().into_any())
                .link(|row| format!("/cashier/receipt/{}", row.payment))
                .sort("receipt_number"),
        )
        .column(
            Column::new("cashier-at", |row: &PaymentRow| {
                let time = row.at.map(clock).unwrap_or_default();
                format!("{} {time}", row.day).into_any()
            })
            .sort("at"),
        )
        .column(Column::new("cashier-unit", |row: &PaymentRow| row.unit_label.clone().into_any()).sort("unit"))
        .column(Column::new("cashier-payer", |row: &PaymentRow| text_or_dash(row.payer.clone())))
        .column(Column::new("cashier-method", |row: &PaymentRow| ways(&row.methods).into_any()).wide())
        .column(Column::new("cashier-cashier", |row: &PaymentRow| text_or_dash(taken_by(&row.cashier_name, &row.methods))))
        .column(Column::new("cashier-bills-paid", |row: &PaymentRow| row.bills.to_string().into_any()).num().not_on_phone())
        .column(Column::new("cashier-amount", |row: &PaymentRow| money(row.total_fen)).num().strong().sort("total"))
        .column(Column::new("cashier-state", |row: &PaymentRow| state(row)))
        .totals::<SumPayments>(|takings| terms(&takings))
        .export("/api/cashier/payments/export.xlsx")
        .empty(|| {
            Empty::new(icons::RECEIPT_TEXT, t!("cashier-payments-empty"), t!("cashier-payments-empty-text"))
                .actions(primary_link(icons::HAND_COINS, t!("cashier-to-desk"), "/cashier"))
        });
    view! {
        {Header::new(t!("cashier-payments")).actions(primary_link(icons::HAND_COINS, t!("cashier-to-desk"), "/cashier")).show()}
        {list.show()}
    }
    .into_any()
}

/// The run to which a link has narrowed the list, and the way to see all payments again.
fn run_chip(query: Query) -> AnyView {
    let chip = move || {
        query.one("run")?;
        Some(linked_chip(query, "run", view! { <span>{t!("cashier-of-run")}</span> }, t!("cashier-of-every-run")))
    };
    chip.into_any()
}

fn state(row: &PaymentRow) -> AnyView {
    match (row.state, row.prints) {
        (PaymentState::Void, _) => state_badge(State::Void, t!("cashier-state-void")),
        (PaymentState::Taken, prints) if prints > 1 => state_badge(State::Done, t!("cashier-reprinted", count = prints - 1)),
        (PaymentState::Taken, _) => state_badge(State::Done, t!("cashier-state-taken")),
    }
}

fn terms(takings: &Takings) -> Vec<Term> {
    let mut terms: Vec<Term> = takings
        .by_method
        .iter()
        .enumerate()
        .map(|(place, sum)| {
            Term::money(if place == 0 { "" } else { "+" }, method_name(sum.method, sum.name.as_deref()), sum.amount_fen)
        })
        .collect();
    let offset = takings.offset_fen;
    // What was set off brought nothing in: it stands beside the money, or alone.
    if !takings.money_in().is_zero() || offset.is_zero() {
        terms.push(Term::result(t!("cashier-taken-count", count = count(takings.payments)), takings.money_in()));
    }
    if !offset.is_zero() {
        terms.push(Term::money("", t!("cashier-offset"), offset));
    }
    terms
}
