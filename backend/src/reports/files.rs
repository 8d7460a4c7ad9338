//! The reports as workbooks, in the order and with the filters of the screen.

use axum::extract::{Request, State};
use axum::response::Response;
use common::billing::api::ListBills;
use common::cashier::Method;
use common::charging::late_fee::BillPart;
use common::period::Period;
use common::reports::Age;
use common::reports::api::{AskLedger, EntryKind, Grouping, LedgerRow, LedgerSums, ListArrears, ListCollections, ListEntries};
use common::text::{Language, text, text_with};
use rust_decimal::Decimal;

use super::{arrears, collections, entries, ledger};
use crate::billing::write_sheet;
use crate::export::{Export, answer, asked};
use crate::workbook::{Book, Col, Kind, Value};
use crate::{Answer, App, organisation};

pub(super) async fn ledger(State(app): State<App>, request: Request) -> Response {
    let made = async {
        let Export { who, ask, language } = asked::<AskLedger>(&app, request).await?;
        let ledger = ledger::of(app.db(), &who.scope.buildings(ask.community), &ask).await?;
        let mut book = Book::new();
        ledger_sheet(&mut book, &ask, &ledger.rows, language)?;
        let bills = ListBills {
            from_month: Some(ask.from),
            to_month: Some(ask.to),
            building: ask.building,
            fee_item: ask.fee_item,
            sort: Some("room".to_owned()),
            ..ListBills::of(ask.community)
        };
        write_sheet(&app, &who, &bills, &mut book, "reports-detail", language).await?;
        Ok((book.finish()?, language))
    };
    answer(made.await, "reports-file-ledger")
}

fn ledger_sheet(book: &mut Book, ask: &AskLedger, rows: &[LedgerRow], language: Language) -> Answer<()> {
    let say = |id: &str| text(language, id);
    let mut cols: Vec<Col> = ask
        .by
        .iter()
        .map(|by| match by {
            Grouping::Month => Col::new(say("reports-month"), Kind::Text),
            Grouping::Building => Col::new(say("reports-building"), Kind::Text),
            Grouping::FeeItem => Col::new(say("reports-fee-item"), Kind::Text),
        })
        .collect();
    if cols.is_empty() {
        cols.push(Col::new(say("reports-month"), Kind::Text));
    }
    for id in ["reports-receivable", "reports-waived", "reports-received", "reports-offset", "reports-outstanding"] {
        cols.push(Col::summed(say(id), Kind::Money));
    }
    cols.push(Col::new(format!("{} %", say("reports-rate")), Kind::Quantity));
    cols.push(Col::summed(say("reports-late-fee"), Kind::Money));
    let rate = |sums: LedgerSums| sums.per_mille().map_or(Value::Empty, |rate| Value::Number(Decimal::new(rate, 1)));
    let mut sheet = book.sheet(&say("reports-ledger"), cols)?;
    let figures = |sums: LedgerSums| {
        let amounts = [sums.receivable_fen, sums.waived_fen, sums.received_fen, sums.offset_fen, sums.outstanding_fen];
        amounts.into_iter().map(Value::from).chain([rate(sums), sums.late_fee_fen.into()])
    };
    for row in rows {
        let names = ask.by.iter().map(|by| match by {
            Grouping::Month => Value::from(row.month.map(|month| month.to_string())),
            Grouping::Building => row.building_name.clone().unwrap_or_else(|| say("reports-no-building")).into(),
            Grouping::FeeItem => row.fee_item_name.clone().into(),
        });
        let names: Vec<Value<'_>> =
            if ask.by.is_empty() { vec![format!("{} – {}", ask.from, ask.to).into()] } else { names.collect() };
        sheet.row(names.into_iter().chain(figures(row.sums)))?;
    }
    sheet.finish(language)
}

pub(super) async fn entries(State(app): State<App>, request: Request) -> Response {
    let made = async {
        let Export { who, ask, language } = asked::<ListEntries>(&app, request).await?;
        let rows = entries::every(app.db(), &who.scope.buildings(ask.community), &ask).await?;
        let say = |id: &str| text(language, id);
        let mut book = Book::new();
        let mut sheet = book.sheet(
            &say("reports-entry"),
            vec![
                Col::new(say("reports-day"), Kind::Day),
                Col::new(say("reports-entry"), Kind::Text),
                Col::new(say("reports-unit"), Kind::Text),
                Col::new(say("reports-fee-item"), Kind::Text),
                Col::new(say("reports-month"), Kind::Text),
                Col::new(say("reports-bill"), Kind::Text),
                Col::new(say("reports-receipt"), Kind::Text),
                Col::summed(say("reports-amount"), Kind::Money),
            ],
        )?;
        for row in &rows {
            let method = row.method.map(|method| method_name(language, method, row.method_name.as_deref())).unwrap_or_default();
            let kind = match row.kind {
                EntryKind::Billed => "reports-billed",
                EntryKind::BillVoided => "reports-bill-voided",
                EntryKind::Waived => "reports-waived",
                EntryKind::WaiverTakenBack => "reports-waiver-taken-back",
                EntryKind::Paid => "reports-paid",
                EntryKind::PaymentVoided => "reports-payment-voided",
            };
            sheet.row([
                row.day.into(),
                text_with(language, kind, &[("method", &method)]).into(),
                row.unit_label.as_str().into(),
                row.fee_item_name.as_str().into(),
                row.month.to_string().into(),
                row.bill_number.as_str().into(),
                row.receipt_number.as_deref().into(),
                row.amount_fen.into(),
            ])?;
        }
        sheet.finish(language)?;
        Ok((book.finish()?, language))
    };
    answer(made.await, "reports-file-entries")
}

pub(super) async fn collections(State(app): State<App>, request: Request) -> Response {
    let made = async {
        let Export { who, ask, language } = asked::<ListCollections>(&app, request).await?;
        let rows = collections::every(app.db(), &who.scope.buildings(ask.community), &ask).await?;
        let say = |id: &str| text(language, id);
        let mut book = Book::new();
        let mut sheet = book.sheet(
            &say("reports-collections"),
            vec![
                Col::new(say("reports-day"), Kind::Day),
                Col::new(say("reports-receipt"), Kind::Text),
                Col::new(say("reports-unit"), Kind::Text),
                Col::new(say("reports-payer"), Kind::Text),
                Col::new(say("reports-bill"), Kind::Text),
                Col::new(say("reports-fee-item"), Kind::Text),
                Col::new(say("reports-period"), Kind::Text),
                Col::new(say("reports-method"), Kind::Text),
                Col::new(say("reports-cashier"), Kind::Text),
                Col::summed(say("reports-amount"), Kind::Money),
            ],
        )?;
        for row in &rows {
            sheet.row([
                row.day.into(),
                row.receipt_number.as_str().into(),
                row.unit_label.as_str().into(),
                row.payer.as_str().into(),
                row.bill_number.as_str().into(),
                item_name(language, &row.fee_item_name, row.part).into(),
                Period { from: row.period_from, to: row.period_to }.to_string().into(),
                method_name(language, row.method, row.method_name.as_deref()).into(),
                row.cashier_name.as_str().into(),
                row.amount_fen.into(),
            ])?;
        }
        sheet.finish(language)?;
        Ok((book.finish()?, language))
    };
    answer(made.await, "reports-file-collections")
}

pub(super) async fn arrears(State(app): State<App>, request: Request) -> Response {
    let made = async {
        let Export { who, ask, language } = asked::<ListArrears>(&app, request).await?;
        let today = organisation::today(app.db(), ask.community, app.now()).await?;
        let rows = arrears::every(app.db(), &who.scope.buildings(ask.community), &ask, today).await?;
        let say = |id: &str| text(language, id);
        let mut cols = vec![
            Col::new(say("reports-unit"), Kind::Text),
            Col::new(say("reports-owner"), Kind::Text),
            Col::new(say("reports-phone"), Kind::Text),
            Col::summed(say("reports-bills"), Kind::Whole),
            Col::new(say("reports-oldest"), Kind::Day),
        ];
        cols.extend(Age::LATE.map(|age| Col::summed(say(&format!("reports-age-{}", age.code())), Kind::Money)));
        cols.push(Col::summed(say("reports-late"), Kind::Money));
        cols.push(Col::summed(say("reports-late-fee-due"), Kind::Money));
        let mut book = Book::new();
        let mut sheet = book.sheet(&say("reports-arrears"), cols)?;
        for row in &rows {
            let facts: [Value<'_>; 5] = [
                row.unit_label.as_str().into(),
                row.owner.as_deref().into(),
                row.phone_masked.as_deref().into(),
                row.bills.into(),
                row.oldest_due.into(),
            ];
            sheet.row(
                facts
                    .into_iter()
                    .chain(row.ages_fen.iter().map(|amount| (*amount).into()))
                    .chain([row.late_fen.into(), row.late_fee_fen.into()]),
            )?;
        }
        sheet.finish(language)?;
        Ok((book.finish()?, language))
    };
    answer(made.await, "reports-file-arrears")
}

/// The fee item, or its late fee.
fn item_name(language: Language, name: &str, part: BillPart) -> String {
    match part {
        BillPart::Principal => name.to_owned(),
        BillPart::LateFee => text_with(language, "cashier-late-fee-of", &[("item", name)]),
    }
}

fn method_name(language: Language, method: Method, own: Option<&str>) -> String {
    own.map_or_else(|| text(language, &method.text_id()), str::to_owned)
}
