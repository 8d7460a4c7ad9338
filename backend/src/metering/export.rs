//! Meters and readings as workbooks, which their imports read again; and the pools that were shared out.

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::metering::api::{ApportionmentRow, ListApportionments, ListMeters, ListReadings, MeterRow, ReadingRow};
use common::metering::usage::Mark;
use common::text::{Language, text};

use super::files::{meter_columns, reading_column};
use super::{apportionment, list, round};
use crate::export::{Export, answer, asked, one_sheet, within_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App};

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
    let (who, ask) = (&who, &ask);
    let read = |paging: Paging| async move { list::page(app, who, ask, &paging).await };
    one_sheet(&say("metering-meters"), cols, language, ask.sort.clone(), read, |row| meter_cells(row, language).into()).await
}

fn meter_cells(row: &MeterRow, language: Language) -> [Value<'_>; 14] {
    [
        row.code.as_str().into(),
        text(language, &format!("metering-role-{}", row.role.word())).into(),
        text(language, &format!("metering-sheet-{}", row.utility.word())).into(),
        row.unit.as_ref().map(|unit| unit.code.as_str()).into(),
        row.place.as_str().into(),
        row.parent_code.as_deref().into(),
        row.fee_item_name.as_str().into(),
        text(language, &format!("counted-{}", row.register.word())).into(),
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
    let (who, ask) = (&who, &ask);
    let read = |paging: Paging| async move { round::page(app, who, ask, &paging).await };
    one_sheet(&say("metering-readings"), cols, language, ask.sort.clone(), read, |row| reading_cells(row, language).into()).await
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

/// The pools that the filters of the list find.
pub(super) async fn apportionments(State(app): State<App>, request: Request) -> Response {
    answer(apportionment_book(&app, request).await, "metering-pools")
}

async fn apportionment_book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListApportionments>(app, request).await?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("metering-pool"), Kind::Text),
        Col::new(say("metering-month"), Kind::Text),
        Col::new(say("metering-taken"), Kind::Text),
        Col::new(say("metering-method"), Kind::Text),
        Col::new(say("metering-fee-item"), Kind::Text),
        Col::new(say("metering-units"), Kind::Whole),
        Col::new(say("metering-quantity"), Kind::Quantity),
        Col::new(say("metering-price"), Kind::Quantity),
        Col::summed(say("metering-amount"), Kind::Money),
        Col::new(say("metering-state"), Kind::Text),
        Col::new(say("metering-by"), Kind::Text),
    ];
    let (who, ask) = (&who, &ask);
    let read = |paging: Paging| async move { Ok(apportionment::page(app, who, ask, &paging).await?.rows) };
    one_sheet(&say("metering-pools"), cols, language, ask.sort.clone(), read, |row| pool_cells(row, language)).await
}

fn pool_cells(row: &ApportionmentRow, language: Language) -> Vec<Value<'_>> {
    let taken = row.taken.map_or("metering-typed-amount".to_owned(), |taken| format!("metering-taken-{}", taken.word()));
    vec![
        row.name.as_str().into(),
        row.month.to_string().into(),
        text(language, &taken).into(),
        text(language, &format!("metering-method-{}", row.method.word())).into(),
        row.fee_item_name.as_str().into(),
        i64::try_from(row.units).unwrap_or(i64::MAX).into(),
        row.meter.map(|_| row.quantity).into(),
        row.price.into(),
        row.amount.into(),
        text(language, &format!("metering-pool-{}", row.state.word())).into(),
        row.by_name.as_deref().into(),
    ]
}
