//! The list of residents as a workbook: masked as the list is, with the units that each holds today.

use axum::extract::{Request, State};
use axum::response::Response;
use common::estate::field::{CustomField, FieldOf};
use common::residents::api::{ListResidents, ResidentRow};
use common::text::{Language, text};

use super::list::page;
use crate::export::{Export, answer, asked, one_sheet, within_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App, estate};

/// What the filters of the list find.
pub(super) async fn residents(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "residents-residents")
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListResidents>(app, request).await?;
    let all = common::api::Paging { page: 1, size: 1, sort: None };
    let fields = estate::fields(app.db(), ask.community, FieldOf::Resident).await?;
    within_sheet(page(app, &who, &ask, &all, &[]).await?.total.unwrap_or_default())?;
    let say = |id: &str| text(language, id);
    let cols =
        ["estate-column-name-any", "estate-column-gender", "estate-column-phone", "estate-column-id_number", "residents-holds"]
            .map(|id| Col::new(say(id), Kind::Text));
    let cols = cols.into_iter().chain(estate::field_cols(&fields)).collect();
    let (who, ask, fields) = (&who, &ask, &fields);
    let read = |paging| async move { Ok(page(app, who, ask, &paging, fields).await?.rows) };
    one_sheet(&say("residents-residents"), cols, language, ask.sort.clone(), read, |row| cells(row, fields, language)).await
}

fn cells<'a>(row: &'a ResidentRow, fields: &[CustomField], language: Language) -> Vec<Value<'a>> {
    let units: Vec<String> =
        row.units.iter().map(|held| format!("{} {}", held.label, text(language, &held.role.text_id()))).collect();
    let mut cells = vec![
        row.name.as_str().into(),
        row.gender.map(|gender| text(language, &gender.text_id())).into(),
        row.phone_masked.as_deref().into(),
        row.id_number_masked.as_deref().into(),
        units.join(&text(language, "billing-comma")).into(),
    ];
    cells.extend(fields.iter().map(|field| estate::field_cell(field, &row.custom, language)));
    cells
}
