//! The entries that a figure is made of.

use common::reports::api::{Entry, EntryKind, ListEntries, Side, SumEntries};
use leptos::prelude::*;

use super::ledger::side_name;
use super::pick::months;
use crate::cashier::method_name;
use crate::kit::{Column, Header, List, Query, State, Term, dash, money, state_badge};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let base = untrack(move || {
        let (from, to) = months(query);
        let side = match query.one("side").as_deref() {
            Some("waived") => Side::Waived,
            Some("received") => Side::Received,
            Some("offset") => Side::Offset,
            Some("outstanding") => Side::Outstanding,
            Some("late_fee") => Side::LateFee,
            _ => Side::Receivable,
        };
        ListEntries {
            community: session::community(),
            side,
            from,
            to,
            building: query.one("building").and_then(|id| id.parse().ok()),
            no_building: query.one("no_building").is_some().then_some(true),
            fee_item: query.one("fee_item").and_then(|id| id.parse().ok()),
            page: None,
            size: None,
            sort: None,
        }
    });
    let side = side_name(base.side);
    let months = if base.from == base.to { base.from.to_string() } else { format!("{} – {}", base.from, base.to) };
    let title = t!("reports-entries-of", side = side, months = months);
    let figure = side.clone();
    let list = List::new("entries", base, |row: &Entry| format!("{:?}{}{:?}{}", row.kind, row.bill, row.payment, row.amount_fen))
        .column(Column::new("reports-day", |row: &Entry| row.day.to_string().into_any()).sort("day"))
        .column(Column::new("reports-entry", kind))
        .column(Column::new("reports-unit", |row: &Entry| row.unit_label.clone().into_any()).sort("unit"))
        .column(Column::new("reports-fee-item", |row: &Entry| row.fee_item_name.clone().into_any()))
        .column(Column::new("reports-month", |row: &Entry| row.month.to_string().into_any()))
        .column(Column::new("reports-bill", |row: &Entry| {
            let href = format!("/billing/bills/{}", row.bill);
            view! { <a class="a" href=href>{row.bill_number.clone()}</a> }.into_any()
        }))
        .column(Column::new("reports-receipt", |row: &Entry| match (row.payment, row.receipt_number.clone()) {
            (Some(payment), Some(number)) => {
                view! { <a class="a" href=format!("/cashier/receipt/{payment}")>{number}</a> }.into_any()
            }
            _ => dash(),
        }))
        .column(Column::new("reports-amount", |row: &Entry| money(row.amount_fen)).num().strong().sort("amount"))
        .totals::<SumEntries>(move |sums| vec![Term { sign: "", ..Term::result(figure.clone(), sums.amount_fen) }])
        .export("/api/reports/entries/export.xlsx");
    view! {
        {Header::new(title).crumb(t!("reports-ledger"), "/reports/ledger").show()}
        {list.show()}
    }
    .into_any()
}

fn kind(row: &Entry) -> AnyView {
    let method = row.method.map(|method| method_name(method, row.method_name.as_deref())).unwrap_or_default();
    match row.kind {
        EntryKind::Billed => t!("reports-billed").into_any(),
        EntryKind::BillVoided => state_badge(State::Void, t!("reports-bill-voided")),
        EntryKind::Waived => t!("reports-waived").into_any(),
        EntryKind::WaiverTakenBack => state_badge(State::Void, t!("reports-waiver-taken-back")),
        EntryKind::Paid => t!("reports-paid", method = method).into_any(),
        EntryKind::PaymentVoided => state_badge(State::Void, t!("reports-payment-voided", method = method)),
    }
}
