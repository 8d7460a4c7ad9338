//! The list of refunds as a workbook.

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::cashier::api::{ListRefunds, RefundRow};
use common::text::{Language, text};

use super::list;
use crate::export::{Clock, Export, answer, asked, one_sheet, within_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App};

/// What the filters of the list find.
pub(in crate::cashier) async fn refunds(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "cashier-refunds")
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListRefunds>(app, request).await?;
    let buildings = who.scope.buildings(ask.community);
    within_sheet(list::count(app.db(), &buildings, &ask).await?)?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("cashier-refund-number"), Kind::Text),
        Col::new(say("cashier-the-day"), Kind::Day),
        Col::new(say("cashier-at"), Kind::Text),
        Col::new(say("cashier-unit"), Kind::Text),
        Col::new(say("cashier-payee"), Kind::Text),
        Col::new(say("cashier-refund-method"), Kind::Text),
        Col::new(say("cashier-reference"), Kind::Text),
        Col::new(say("cashier-refund-reason"), Kind::Text),
        Col::new(say("cashier-held-by"), Kind::Text),
        Col::summed(say("cashier-amount"), Kind::Money),
    ];
    let (buildings, ask) = (&buildings, &ask);
    let read = |paging: Paging| async move { list::page(app.db(), buildings, ask, &paging).await };
    let clock = Clock::of(app, ask.community).await?;
    one_sheet(&say("cashier-refunds"), cols, language, ask.sort.clone(), read, |row| cells(row, clock, language)).await
}

fn cells(row: &RefundRow, clock: Clock, language: Language) -> Vec<Value<'_>> {
    vec![
        row.number.as_str().into(),
        row.day.into(),
        clock.shows(row.at).into(),
        row.unit_label.as_str().into(),
        row.payee.as_str().into(),
        row.paid.name.clone().unwrap_or_else(|| text(language, &row.paid.method.text_id())).into(),
        row.paid.reference.as_str().into(),
        row.reason.as_str().into(),
        row.cashier_name.as_str().into(),
        row.total_fen.into(),
    ]
}
