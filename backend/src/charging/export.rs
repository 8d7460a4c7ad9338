//! Who is charged by what, as a workbook.

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::charging::api::{ChargeRow, ListCharges};
use common::estate::kind::UnitKind;
use common::text::{Language, text};

use super::charge::page;
use crate::export::{Export, answer, asked, one_sheet, within_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App};

/// What the filters of the list find.
pub(super) async fn charges(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "charging-charges")
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListCharges>(app, request).await?;
    within_sheet(page(app, &who, &ask, &Paging { page: 1, size: 1, sort: None }).await?.total.unwrap_or_default())?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("charging-unit-label"), Kind::Text),
        Col::new(say("charging-unit-kind"), Kind::Text),
        Col::summed(say("charging-area"), Kind::Quantity),
        Col::new(say("charging-fee-item"), Kind::Text),
        Col::new(say("charging-tariff"), Kind::Text),
        Col::new(say("charging-from"), Kind::Day),
        Col::new(say("charging-to"), Kind::Day),
    ];
    let (who, ask) = (&who, &ask);
    let read = |paging| async move { Ok(page(app, who, ask, &paging).await?.rows) };
    one_sheet(&say("charging-charges"), cols, language, ask.sort.clone(), read, |row| cells(row, language)).await
}

fn cells(row: &ChargeRow, language: Language) -> Vec<Value<'_>> {
    vec![
        row.unit_label.as_str().into(),
        UnitKind::from_code(&row.unit_kind).map(|kind| text(language, &kind.text_id())).into(),
        row.billed_area.into(),
        row.fee_item_name.as_str().into(),
        row.tariff_name.as_str().into(),
        row.from.into(),
        // As the list shows it: the last day.
        row.to.map(|to| to.pred_opt().unwrap_or(to)).into(),
    ]
}
