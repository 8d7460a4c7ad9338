//! Who benefits, as a workbook.

use axum::extract::{Request, State};
use axum::response::Response;
use common::text::{Language, text};
use common::waivers::api::{GivenRow, ListGiven};

use super::given::{count, page};
use crate::export::{Export, answer, asked, one_sheet, within_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App};

/// What the filters of the list find.
pub(super) async fn given(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "waivers-given")
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListGiven>(app, request).await?;
    within_sheet(count(app, &who, &ask).await?)?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("waivers-unit"), Kind::Text),
        Col::new(say("waivers-fee-item"), Kind::Text),
        Col::new(say("waivers-month"), Kind::Text),
        Col::new(say("waivers-bill"), Kind::Text),
        Col::new(say("waivers-scheme"), Kind::Text),
        Col::new(say("waivers-reason"), Kind::Text),
        Col::summed(say("waivers-billed"), Kind::Money),
        Col::summed(say("waivers-amount"), Kind::Money),
        Col::new(say("waivers-day"), Kind::Day),
        Col::new(say("waivers-by"), Kind::Text),
        Col::new(say("waivers-state"), Kind::Text),
    ];
    let (who, ask) = (&who, &ask);
    let read = |paging: common::api::Paging| async move {
        let mut rows = page(app, who, ask, &paging).await?;
        rows.truncate(usize::try_from(paging.size).unwrap_or(usize::MAX));
        Ok(rows)
    };
    one_sheet(&say("waivers-given"), cols, language, ask.sort.clone(), read, |row| cells(row, language)).await
}

fn cells(row: &GivenRow, language: Language) -> Vec<Value<'_>> {
    let name = if row.name.is_empty() { text(language, "waivers-once") } else { row.name.clone() };
    vec![
        row.unit_label.as_str().into(),
        row.fee_item_name.as_str().into(),
        row.month.to_string().into(),
        row.bill_number.as_str().into(),
        name.into(),
        row.reason.as_str().into(),
        row.billed_fen.into(),
        row.amount_fen.into(),
        row.day.into(),
        row.by.as_deref().into(),
        text(language, &format!("waivers-state-{}", row.state.word().replace('_', "-"))).into(),
    ]
}
