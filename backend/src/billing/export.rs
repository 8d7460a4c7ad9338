//! Bills as a workbook, which the import of past bills reads again; and that import's template.

use std::collections::HashMap;

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::billing::api::{BillFilter, BillRow, BillState, GetBillTotals, ListBills};
use common::id::BillId;
use common::period::Day;
use common::text::{Language, text};
use sea_orm::FromQueryResult;

use super::list;
use crate::export::{Export, answer, asked, within_sheet};
use crate::organisation::today;
use crate::sql::Sql;
use crate::workbook::{Book, Col, Kind, Value};
use crate::{Answer, App, Who};

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

/// When and to whom something was paid last.
#[derive(FromQueryResult)]
struct Paid {
    bill_id: BillId,
    day: Day,
    cashier_name: String,
}

#[derive(FromQueryResult)]
struct Note {
    id: BillId,
    note: String,
}

/// What the list does not show of its bills.
#[derive(Default)]
struct Told {
    paid: HashMap<BillId, Paid>,
    notes: HashMap<BillId, String>,
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListBills>(app, request).await?;
    let mut book = Book::new();
    write_sheet(app, &who, &ask, &mut book, "billing-bills", language).await?;
    Ok((book.finish()?, language))
}

/// Adds a sheet with the bills that the filters of the list find; the import of past bills reads it.
pub async fn write_sheet(app: &App, who: &Who, ask: &ListBills, book: &mut Book, name: &str, language: Language) -> Answer<()> {
    within_sheet(list::count(app, who, &GetBillTotals::from(ask)).await?)?;
    let today = today(app.db(), ask.community, app.now()).await?;
    let say = |id: &str| text(language, id);
    let mut cols = import_columns(language);
    cols.extend([
        Col::new(say("billing-number"), Kind::Text),
        Col::new(say("billing-holder"), Kind::Text),
        Col::new(say("billing-payer"), Kind::Text),
        Col::new(say("billing-due-day"), Kind::Day),
        Col::summed(say("billing-waived"), Kind::Money),
        Col::summed(say("billing-open"), Kind::Money),
        Col::new(say("billing-state"), Kind::Text),
    ]);
    let mut sheet = book.sheet(&say(name), cols)?;
    for page in 1.. {
        let paging = Paging { page, size: AT_ONCE, sort: ask.sort.clone() };
        let mut rows = list::page(app, who, ask, today, &paging).await?;
        let more = rows.len() > AT_ONCE as usize;
        rows.truncate(AT_ONCE as usize);
        let told = told(app, ask, &rows).await?;
        for row in &rows {
            let cells = cells(row, &told, language);
            // As in the list's own totals.
            match row.state {
                BillState::Void if ask.state != Some(BillFilter::Void) => sheet.uncounted(cells)?,
                _ => sheet.row(cells)?,
            }
        }
        if !more {
            break;
        }
    }
    sheet.finish(language)
}

fn cells<'a>(row: &'a BillRow, told: &'a Told, language: Language) -> Vec<Value<'a>> {
    let state = text(language, &format!("billing-state-{}", row.state));
    let paid = told.paid.get(&row.id);
    vec![
        row.unit_label.as_str().into(),
        row.fee_item_name.as_str().into(),
        row.period_from.into(),
        row.period_to.pred_opt().unwrap_or(row.period_to).into(),
        row.amount_fen.into(),
        row.paid_fen.into(),
        paid.map(|paid| paid.day).into(),
        paid.map(|paid| paid.cashier_name.as_str()).into(),
        told.notes.get(&row.id).map(String::as_str).into(),
        row.number.as_str().into(),
        row.holder.as_deref().into(),
        row.payer.as_deref().into(),
        row.due_day.into(),
        row.waived_fen.into(),
        row.open_fen.into(),
        state.into(),
    ]
}

async fn told(app: &App, ask: &ListBills, rows: &[BillRow]) -> Answer<Told> {
    let mut told = Told::default();
    let paid: Vec<BillId> = rows.iter().filter(|row| row.paid_fen.is_positive()).map(|row| row.id).collect();
    if !paid.is_empty() {
        let paid: Vec<Paid> = Sql::new("SELECT l.bill_id, p.day, p.cashier_name FROM payment_line l")
            .push(" JOIN payment p ON p.community_id = l.community_id AND p.id = l.payment_id", [])
            .push(" WHERE l.community_id = ? AND p.state = 'taken' AND l.bill_id IN ", [ask.community.into()])
            .list(paid)
            .add(" ORDER BY p.day, p.id")
            .all(app.db())
            .await?;
        // The latest is the last.
        told.paid = paid.into_iter().map(|paid| (paid.bill_id, paid)).collect();
    }
    let notes: Vec<Note> = Sql::new("SELECT id, note FROM bill")
        .push(" WHERE community_id = ? AND note <> '' AND id IN ", [ask.community.into()])
        .list(rows.iter().map(|row| row.id))
        .all(app.db())
        .await?;
    told.notes = notes.into_iter().map(|row| (row.id, row.note)).collect();
    Ok(told)
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
