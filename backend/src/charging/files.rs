//! Workbooks of contracts: the list of them to take home, and a month's sales to fill in.

use axum::extract::{Query, Request, State};
use axum::http::{Extensions, HeaderMap};
use axum::response::Response;
use common::api::Paging;
use common::charging::api::{ListRents, RentRow};
use common::charging::import_sales;
use common::id::CommunityId;
use common::period::Month;
use common::permission::Permission;
use common::problem::Problem;
use common::text::{Language, text, text_with};
use serde::Deserialize;

use super::{rent, sales};
use crate::export::{Export, answer, asked, one_sheet, within_sheet};
use crate::problem::respond;
use crate::workbook::{Book, Col, Kind, Value, download};
use crate::{Answer, App, sign_in};

/// The contracts that the list's filters find.
pub(super) async fn rents(State(app): State<App>, request: Request) -> Response {
    answer(contracts(&app, request).await, "charging-rents")
}

async fn contracts(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListRents>(app, request).await?;
    within_sheet(rent::page(app, &who, &ask, &Paging { page: 1, size: 1, sort: None }).await?.total.unwrap_or_default())?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("charging-unit-label"), Kind::Text),
        Col::new(say("charging-tenant"), Kind::Text),
        Col::new(say("charging-fee-item"), Kind::Text),
        Col::new(say("charging-tariff"), Kind::Text),
        Col::new(say("charging-from"), Kind::Day),
        Col::new(say("charging-rent-last"), Kind::Day),
        Col::new(say("charging-rent-first"), Kind::Quantity),
        Col::new(say("charging-rent-now"), Kind::Quantity),
        Col::new(say("charging-rent-next"), Kind::Day),
        Col::new(say("charging-rent-next-price"), Kind::Quantity),
        Col::new(say("charging-rent-turnover"), Kind::Quantity),
    ];
    let (who, ask) = (&who, &ask);
    let read = |paging| async move { Ok(rent::page(app, who, ask, &paging).await?.rows) };
    one_sheet(&say("charging-rents"), cols, language, ask.sort.clone(), read, cells).await
}

fn cells(row: &RentRow) -> Vec<Value<'_>> {
    vec![
        row.unit_label.as_str().into(),
        row.tenant.as_deref().into(),
        row.fee_item_name.as_str().into(),
        row.tariff_name.as_str().into(),
        row.from.into(),
        row.to.map(|to| to.pred_opt().unwrap_or(to)).into(),
        row.rent.price.into(),
        row.now.into(),
        row.next.map(|step| step.day).into(),
        row.next.map(|step| step.price).into(),
        row.rent.turnover.into(),
    ]
}

/// Which month the sales are of.
#[derive(Deserialize)]
pub(super) struct OfMonth {
    community: CommunityId,
    month: Month,
    #[serde(default)]
    language: Language,
}

/// A month's sales to fill in, with the units in place and what was entered.
pub(super) async fn sales_template(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
    Query(ask): Query<OfMonth>,
) -> Response {
    match template(&app, &headers, &extensions, &ask).await {
        Ok((name, bytes)) => download(&name, bytes),
        Err(failure) => respond(failure.into_problem()),
    }
}

async fn template(app: &App, headers: &HeaderMap, extensions: &Extensions, ask: &OfMonth) -> Answer<(String, Vec<u8>)> {
    let who = sign_in::staff(app, headers, extensions).await?;
    who.need(Permission::ChargingRead)?;
    if !who.scope.contains(ask.community) {
        return Err(Problem::not_found().into());
    }
    let rows = sales::of_month(app.db(), &who, ask.community, ask.month).await?;
    let col = |key: &str, kind| Col::new(header(key, ask.language), kind);
    let cols = vec![
        col("unit", Kind::Text),
        col("label", Kind::Text).pale(),
        col("tenant", Kind::Text).pale(),
        col("month", Kind::Text),
        col("sales", Kind::Money),
    ];
    let mut book = Book::new();
    let mut sheet = book.sheet(&text(ask.language, "charging-sales"), cols)?;
    for row in &rows {
        sheet.row([
            row.unit_code.as_str().into(),
            row.unit_label.as_str().into(),
            row.tenant.as_deref().into(),
            ask.month.to_string().into(),
            row.sales_fen.into(),
        ])?;
    }
    sheet.not_negative(4)?;
    sheet.finish(ask.language)?;
    let name = text_with(ask.language, "charging-sales-file", &[("month", &ask.month.to_string())]);
    Ok((name, book.finish()?))
}

/// The header in the user's language: our own Chinese word, or the alias that is Latin.
fn header(key: &str, language: Language) -> &'static str {
    let aliases = import_sales::COLUMNS.iter().find(|column| column.key == key).map_or(&[][..], |column| column.aliases);
    let latin = aliases.iter().find(|alias| language == Language::English && alias.is_ascii());
    latin.or(aliases.first()).copied().unwrap_or_default()
}
