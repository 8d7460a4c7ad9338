//! Meters and readings as workbooks, which their imports read again.

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::metering::api::{ListMeters, ListReadings, MeterRow, ReadingRow};
use common::metering::usage::Mark;
use common::text::{Language, text};

use super::files::{meter_columns, reading_column};
use super::{list, round};
use crate::export::{Export, answer, asked, within_sheet};
use crate::workbook::{Book, Col, Kind, Value};
use crate::{Answer, App};

/// Rows read at a time.
const AT_ONCE: u32 = 5_000;

/// The meters that the filters of the list find; as first reading stands the latest, with which another community would begin.
pub(super) async fn meters(State(app): State<App>, request: Request) -> Response {
    answer(meter_book(&app, request).await, "metering-meters")
}

/// The readings that the filters of the list find.
pub(super) async fn readings(State(app): State<App>, request: Request) -> Response {
    answer(reading_book(&app, request).await, "metering-readings")
}

async fn meter_book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListMeters>(app, request).await?;
    within_sheet(list::count(app, &who, &ask).await?)?;
    let say = |id: &str| text(language, id);
    let mut cols = meter_columns(language);
    cols.push(Col::new(say("metering-last-usage"), Kind::Quantity));
    cols.push(Col::new(say("metering-state"), Kind::Text));
    let mut book = Book::new();
    let mut sheet = book.sheet(&say("metering-meters"), cols)?;
    for page in 1.. {
        let paging = Paging { page, size: AT_ONCE, sort: ask.sort.clone() };
        let rows = list::page(app, &who, &ask, &paging).await?;
        for row in &rows {
            sheet.row(meter_cells(row, language))?;
        }
        if rows.len() < AT_ONCE as usize {
            break;
        }
    }
    sheet.finish(language)?;
    Ok((book.finish()?, language))
}

fn meter_cells(row: &MeterRow, language: Language) -> [Value<'_>; 13] {
    [
        row.code.as_str().into(),
        text(language, &format!("metering-role-{}", row.role.word())).into(),
        text(language, &format!("metering-sheet-{}", row.utility.word())).into(),
        row.unit.as_ref().map(|unit| unit.code.as_str()).into(),
        row.place.as_str().into(),
        row.parent_code.as_deref().into(),
        row.fee_item_name.as_str().into(),
        row.multiplier.into(),
        i64::from(row.digits).into(),
        row.value.into(),
        row.day.into(),
        row.usage.into(),
        text(language, if row.active { "metering-in-use" } else { "metering-taken-out" }).into(),
    ]
}

async fn reading_book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListReadings>(app, request).await?;
    within_sheet(round::count(app, &who, &ask).await?)?;
    let say = |id: &str| text(language, id);
    // Water and electricity don't add up.
    let usage = if ask.utility.is_some() { Col::summed } else { Col::new };
    let mut cols: Vec<Col> =
        ["code", "unit", "previous", "previous_day", "value", "day", "note"].map(|key| reading_column(key, language)).into();
    cols.extend([
        Col::new(say("metering-utility"), Kind::Text),
        Col::new(say("metering-role"), Kind::Text),
        Col::new(say("metering-multiplier"), Kind::Quantity),
        usage(say("metering-usage"), Kind::Quantity),
        Col::new(say("metering-mark"), Kind::Text),
        Col::new(say("metering-state"), Kind::Text),
        Col::new(say("metering-by"), Kind::Text),
    ]);
    let mut book = Book::new();
    let mut sheet = book.sheet(&say("metering-readings"), cols)?;
    for page in 1.. {
        let paging = Paging { page, size: AT_ONCE, sort: ask.sort.clone() };
        let rows = round::page(app, &who, &ask, &paging).await?;
        for row in &rows {
            sheet.row(reading_cells(row, language))?;
        }
        if rows.len() < AT_ONCE as usize {
            break;
        }
    }
    sheet.finish(language)?;
    Ok((book.finish()?, language))
}

fn reading_cells(row: &ReadingRow, language: Language) -> [Value<'_>; 14] {
    let mark = row.mark.map(|mark| match mark {
        Mark::RolledOver => "metering-mark-rolled",
        Mark::Replaced { .. } => "metering-mark-replaced",
    });
    [
        row.meter_code.as_str().into(),
        row.unit.as_ref().map_or(row.place.as_str(), |unit| unit.label.as_str()).into(),
        row.previous.into(),
        row.previous_day.into(),
        row.value.into(),
        row.day.into(),
        row.note.as_str().into(),
        text(language, &format!("metering-utility-{}", row.utility.word())).into(),
        text(language, &format!("metering-role-{}", row.role.word())).into(),
        row.multiplier.into(),
        row.usage.into(),
        mark.map(|mark| text(language, mark)).into(),
        text(language, &format!("metering-state-{}", row.state.word())).into(),
        row.by_name.as_deref().into(),
    ]
}
