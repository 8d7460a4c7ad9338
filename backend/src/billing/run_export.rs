//! Runs, and who got no bill in one of them, as workbooks.

use axum::extract::{Request, State};
use axum::response::Response;
use chrono::TimeDelta;
use common::api::Paging;
use common::billing::api::{ListRuns, ListSkips, RunState, RunView, SkipRow};
use common::text::{Language, text};

use super::run;
use crate::export::{Export, answer, asked, one_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App, organisation};

/// Every run.
pub(super) async fn runs(State(app): State<App>, request: Request) -> Response {
    answer(run_book(&app, request).await, "billing-runs")
}

/// What the filters of a run's skipped units find.
pub(super) async fn skips(State(app): State<App>, request: Request) -> Response {
    answer(skip_book(&app, request).await, "billing-skipped")
}

async fn run_book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListRuns>(app, request).await?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("billing-run"), Kind::Text),
        Col::new(say("billing-fee-items"), Kind::Text),
        Col::new(say("billing-run-where"), Kind::Text),
        Col::new(say("billing-state"), Kind::Text),
        Col::summed(say("billing-bills"), Kind::Whole),
        Col::summed(say("billing-amount"), Kind::Money),
        Col::summed(say("billing-waived"), Kind::Money),
        Col::summed(say("billing-skipped"), Kind::Whole),
        Col::new(say("billing-run-who"), Kind::Text),
        Col::new(say("billing-run-when"), Kind::Text),
    ];
    let offset = organisation::offset(app.db(), ask.community).await?;
    let who = &who;
    let read = |paging: Paging| async move { Ok(run::rows(app, who, ask.community, run::Which::All, &paging).await?.rows) };
    one_sheet(&say("billing-runs"), cols, language, None, read, |row| run_cells(row, offset, language)).await
}

fn run_cells(row: &RunView, offset: TimeDelta, language: Language) -> Vec<Value<'_>> {
    let (first, count) = (row.inputs.first, row.inputs.months);
    let last = first.plus(i32::try_from(count).unwrap_or(1) - 1);
    let months = if count > 1 { format!("{first} – {last}") } else { first.to_string() };
    let done = row.state == RunState::Done;
    let skipped: u64 = row.skips.iter().map(|skip| skip.units).sum();
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    vec![
        months.into(),
        row.fee_items.join(&text(language, "billing-comma")).into(),
        was_for(row, language).into(),
        text(language, &format!("billing-run-{}", row.state.word())).into(),
        done.then_some(whole(row.bills)).into(),
        done.then_some(row.amount_fen).into(),
        done.then_some(row.waived_fen).into(),
        done.then_some(whole(skipped)).into(),
        row.created_by.as_deref().into(),
        (row.created_at + offset).format("%Y-%m-%d %H:%M").to_string().into(),
    ]
}

/// The buildings or single units that it was for, all of them.
fn was_for(row: &RunView, language: Language) -> String {
    let units: Vec<&str> = row.units.iter().map(|unit| unit.label.as_str()).collect();
    let comma = text(language, "billing-comma");
    match (row.inputs.units.is_empty(), row.buildings.is_empty()) {
        (false, _) => units.join(&comma),
        (true, false) => row.buildings.join(&comma),
        (true, true) => text(language, "billing-rule-everywhere"),
    }
}

async fn skip_book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListSkips>(app, request).await?;
    let say = |id: &str| text(language, id);
    let cols = ["billing-unit", "billing-fee-item", "billing-reason"].map(|id| Col::new(say(id), Kind::Text));
    let (who, ask) = (&who, &ask);
    let read = |paging: Paging| async move { Ok(run::skips(app, who, ask, &paging).await?.rows) };
    one_sheet(&say("billing-skipped"), cols.into(), language, None, read, |row| skip_cells(row, language)).await
}

fn skip_cells(row: &SkipRow, language: Language) -> Vec<Value<'_>> {
    vec![
        row.unit_label.as_str().into(),
        row.fee_item_name.as_str().into(),
        text(language, &row.reason.text_id(Some(row.kind))).into(),
    ]
}
