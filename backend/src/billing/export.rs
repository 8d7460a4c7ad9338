//! Bills as a workbook, which the import of past bills reads again; and that import's template.

use std::collections::HashMap;

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::billing::api::{BillRow, GetBillTotals, ListBills};
use common::id::BillId;
use common::period::Day;
use common::text::{Language, text};
use sea_orm::FromQueryResult;

use super::list;
use crate::export::{Export, answer, asked, within_sheet};
use crate::organisation::today;
use crate::sql::Sql;
use crate::workbook::{Book, Col, Kind, Value};
use crate::{Answer, App};

/// Bills read at a time.
const AT_ONCE: u32 = 5_000;

/// What the filters of the list find.
pub(super) async fn bills(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "billing-bills")
}

/// The columns that the import reads, with nothing under them.
pub(super) async fn template(State(app): State<App>, request: Request) -> Response {
    answer(empty(&app, request).await, "billing-import")
}

#[derive(FromQueryResult)]
struct Paid {
    bill_id: BillId,
    day: Day,
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListBills>(app, request).await?;
    within_sheet(list::count(app, &who, &GetBillTotals::from(&ask)).await?)?;
    let today = today(app.db(), ask.community, app.now()).await?;
    let mut book = Book::new();
    let say = |id: &str| text(language, id);
    let mut cols = import_columns(language);
    cols.extend([
        Col::new(say("billing-number"), Kind::Text),
        Col::new(say("billing-holder"), Kind::Text),
        Col::new(say("billing-due-day"), Kind::Day),
        Col::summed(say("billing-waived"), Kind::Money),
        Col::summed(say("billing-open"), Kind::Money),
        Col::new(say("billing-state"), Kind::Text),
    ]);
    let mut sheet = book.sheet(&say("billing-bills"), cols)?;
    for page in 1.. {
        let paging = Paging { page, size: AT_ONCE, sort: ask.sort.clone() };
        let mut rows = list::page(app, &who, &ask, today, &paging).await?;
        let more = rows.len() > AT_ONCE as usize;
        rows.truncate(AT_ONCE as usize);
        let paid = paid_days(app, &ask, &rows).await?;
        for row in &rows {
            sheet.row(cells(row, paid.get(&row.id).copied(), language))?;
        }
        if !more {
            break;
        }
    }
    sheet.finish(language)?;
    Ok((book.finish()?, language))
}

fn cells(row: &BillRow, paid_day: Option<Day>, language: Language) -> Vec<Value<'_>> {
    let state = text(language, &format!("billing-state-{}", row.state));
    vec![
        row.unit_label.as_str().into(),
        row.fee_item_name.as_str().into(),
        row.period_from.into(),
        row.period_to.pred_opt().unwrap_or(row.period_to).into(),
        row.amount_fen.into(),
        row.paid_fen.into(),
        paid_day.into(),
        Value::Empty,
        Value::Empty,
        row.number.as_str().into(),
        row.holder.as_deref().into(),
        row.due_day.into(),
        row.waived_fen.into(),
        row.open_fen.into(),
        state.into(),
    ]
}

/// The last day on which something was paid on each bill.
async fn paid_days(app: &App, ask: &ListBills, rows: &[BillRow]) -> Answer<HashMap<BillId, Day>> {
    let paid: Vec<BillId> = rows.iter().filter(|row| row.paid_fen.is_positive()).map(|row| row.id).collect();
    if paid.is_empty() {
        return Ok(HashMap::new());
    }
    let days: Vec<Paid> = Sql::new("SELECT bill_id, MAX(day) AS day FROM posting")
        .push(" WHERE community_id = ? AND payment_id IS NOT NULL AND bill_id IN ", [ask.community.into()])
        .list(paid)
        .add(" GROUP BY bill_id")
        .all(app.db())
        .await?;
    Ok(days.into_iter().map(|row| (row.bill_id, row.day)).collect())
}

fn import_columns(language: Language) -> Vec<Col> {
    let say = |id: &str| text(language, id);
    vec![
        Col::new(say("billing-column-unit"), Kind::Text),
        Col::new(say("billing-column-fee-item"), Kind::Text),
        Col::new(say("billing-column-from"), Kind::Day),
        Col::new(say("billing-column-to"), Kind::Day),
        Col::summed(say("billing-column-amount"), Kind::Money),
        Col::summed(say("billing-column-paid"), Kind::Money),
        Col::new(say("billing-column-paid-day"), Kind::Day),
        Col::new(say("billing-column-cashier"), Kind::Text),
        Col::new(say("billing-column-note"), Kind::Text),
    ]
}

async fn empty(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { language, .. } = asked::<ListBills>(app, request).await?;
    let mut book = Book::new();
    let cols = import_columns(language).into_iter().map(|col| Col { summed: false, ..col }).collect();
    book.sheet(&text(language, "billing-bills"), cols)?.finish(language)?;
    Ok((book.finish()?, language))
}
