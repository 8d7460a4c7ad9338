//! The list of payments as a workbook: each method of payment has its column, and what was taken is added up.

use axum::extract::{Request, State};
use axum::response::Response;
use common::api::Paging;
use common::cashier::Method;
use common::cashier::api::{ListPayments, MethodSum, PaymentRow, PaymentState};
use common::money::Money;
use common::text::{Language, text};

use super::payment::{filter, page, sums_of, takings};
use crate::export::{Clock, Export, answer, asked, one_sheet, within_sheet};
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App};

/// What the filters of the list find.
pub(super) async fn payments(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "cashier-payments")
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListPayments>(app, request).await?;
    let buildings = who.scope.buildings(ask.community);
    let takings = takings(app.db(), ask.community, filter(&buildings, &sums_of(&ask))).await?;
    within_sheet((takings.payments + takings.voided).unsigned_abs())?;
    let say = |id: &str| text(language, id);
    let mut cols = vec![
        Col::new(say("cashier-receipt"), Kind::Text),
        Col::new(say("cashier-the-day"), Kind::Day),
        Col::new(say("cashier-at"), Kind::Text),
        Col::new(say("cashier-unit"), Kind::Text),
        Col::new(say("cashier-payer"), Kind::Text),
        Col::new(say("cashier-cashier"), Kind::Text),
        Col::summed(say("cashier-bills-paid"), Kind::Whole),
        Col::summed(say("cashier-amount"), Kind::Money),
    ];
    cols.extend(takings.by_method.iter().map(|sum| Col::summed(name(sum, language), Kind::Money)));
    cols.extend(takings.offset_fen.is_positive().then(|| Col::summed(say("reports-offset"), Kind::Money)));
    cols.extend([
        Col::new(say("cashier-reference"), Kind::Text),
        Col::summed(say("cashier-voided-amount"), Kind::Money),
        Col::new(say("cashier-state"), Kind::Text),
    ]);
    let methods: Vec<Method> = takings.by_method.iter().map(|sum| sum.method).collect();
    let set_off = if takings.offset_fen.is_positive() { SetOff::Shown } else { SetOff::None };
    let (buildings, ask, methods) = (&buildings, &ask, &methods);
    let read = |paging: Paging| async move { page(app.db(), buildings, ask, &paging).await };
    let clock = Clock::of(app, ask.community).await?;
    let title = say("cashier-payments");
    one_sheet(&title, cols, language, ask.sort.clone(), read, |row| cells(row, methods, set_off, clock, language)).await
}

fn name(sum: &MethodSum, language: Language) -> String {
    sum.name.clone().unwrap_or_else(|| text(language, &sum.method.text_id()))
}

/// Whether some payment was made of prepayments or deposits.
#[derive(Clone, Copy)]
enum SetOff {
    None,
    Shown,
}

/// A void payment counts in no total but its own, with the money of it.
fn cells<'a>(row: &'a PaymentRow, methods: &[Method], set_off: SetOff, clock: Clock, language: Language) -> Vec<Value<'a>> {
    let taken = row.state == PaymentState::Taken;
    let by = |method: &Method| {
        let amounts = row.methods.iter().filter(|paid| taken && paid.method == *method).map(|paid| paid.amount_fen);
        Money::sum(amounts).filter(|amount| !amount.is_zero())
    };
    let references: Vec<&str> =
        row.methods.iter().map(|paid| paid.reference.as_str()).filter(|reference| !reference.is_empty()).collect();
    let mut cells: Vec<Value<'a>> = vec![
        row.receipt_number.as_str().into(),
        row.day.into(),
        row.at.map(|at| clock.shows(at)).into(),
        row.unit_label.as_str().into(),
        row.payer.as_str().into(),
        row.cashier_name.as_str().into(),
        taken.then_some(row.bills).into(),
        taken.then_some(row.total_fen).into(),
    ];
    cells.extend(methods.iter().map(|method| by(method).into()));
    let held = row.methods.iter().filter(|paid| paid.method.held().is_some()).map(|paid| paid.amount_fen);
    let held = Money::sum(held).unwrap_or_default();
    if matches!(set_off, SetOff::Shown) {
        cells.push(Some(held).filter(|held| taken && held.is_positive()).into());
    }
    cells.extend([
        references.join(" ").into(),
        (!taken).then(|| Money::from_fen(row.total_fen.fen() - held.fen())).into(),
        text(language, if taken { "cashier-state-taken" } else { "cashier-state-void" }).into(),
    ]);
    cells
}
