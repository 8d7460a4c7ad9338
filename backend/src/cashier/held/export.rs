//! The list of prepayments and deposits as a workbook.

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::cashier::api::{HeldRow, ListHeld, SumHeld};
use common::text::{Language, text};

use super::list;
use crate::export::{Export, answer, asked, one_sheet, within_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App};

/// What the filters of the list find.
pub(in crate::cashier) async fn held(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "cashier-held")
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListHeld>(app, request).await?;
    let buildings = who.scope.buildings(ask.community);
    within_sheet(list::count(app.db(), &buildings, &SumHeld::from(&ask)).await?)?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("cashier-bill"), Kind::Text),
        Col::new(say("cashier-unit"), Kind::Text),
        Col::new(say("cashier-fee-item"), Kind::Text),
        Col::new(say("cashier-held-for"), Kind::Text),
        Col::new(say("cashier-payer"), Kind::Text),
        Col::new(say("cashier-held-since"), Kind::Day),
        Col::summed(say("cashier-held-taken"), Kind::Money),
        Col::summed(say("cashier-held-offset"), Kind::Money),
        Col::summed(say("cashier-held-refunded"), Kind::Money),
        Col::summed(say("cashier-held-left"), Kind::Money),
    ];
    let (buildings, ask) = (&buildings, &ask);
    let read = |paging: Paging| async move { list::page(app.db(), buildings, ask, &paging).await };
    one_sheet(&say("cashier-held"), cols, language, ask.sort.clone(), read, cells).await
}

fn cells(row: &HeldRow) -> Vec<Value<'_>> {
    vec![
        row.bill_number.as_str().into(),
        row.unit_label.as_str().into(),
        row.fee_item_name.as_str().into(),
        row.pays_for_name.as_deref().unwrap_or_default().into(),
        row.payer.as_str().into(),
        row.since.into(),
        row.taken_fen.into(),
        row.offset_fen.into(),
        row.refunded_fen.into(),
        row.left_fen.into(),
    ]
}
