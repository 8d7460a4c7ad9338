//! A payment as its receipt.

use chrono::{DateTime, Utc};
use common::approvals::flow::DeedKind;
use common::cashier::api::{GetReceipt, PaymentState, PrintReceipt, Receipt, ReceiptHolding, ReceiptLine, Voided};
use common::charging::tariff::FeeItemKind;
use common::id::{BillId, CommunityId, EmployeeId, PaymentId, UnitId};
use common::money::{Money, in_capitals};
use common::period::Day;
use common::problem::Problem;
use sea_orm::FromQueryResult;

use super::payment;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, approvals, organisation};

#[derive(FromQueryResult)]
struct Row {
    receipt_number: String,
    state: String,
    source: String,
    at: DateTime<Utc>,
    day: Day,
    community_name: String,
    unit_id: UnitId,
    unit_label: String,
    payer: String,
    cashier_id: Option<EmployeeId>,
    cashier_name: String,
    total_fen: Money,
    tendered_fen: Option<Money>,
    note: String,
    printed: i32,
    void_reason: Option<String>,
    voided_at: Option<DateTime<Utc>>,
    voided_by_name: Option<String>,
}

#[derive(FromQueryResult)]
struct LineRow {
    bill_id: BillId,
    number: String,
    unit_label: String,
    fee_item_name: String,
    fee_item_kind: String,
    period_from: Day,
    period_to: Day,
    billed_fen: Money,
    amount_fen: Money,
    late_fee_fen: Money,
    left_fen: Money,
}

pub(super) async fn get_receipt(app: App, who: Who, ask: GetReceipt) -> Answer<Receipt> {
    find(&app, &who, ask.community, ask.payment).await
}

/// Counts the print in the same breath as it is shown.
pub(super) async fn print_receipt(app: App, who: Who, ask: PrintReceipt) -> Answer<Receipt> {
    #[derive(FromQueryResult)]
    struct Printed {
        printed: i32,
    }
    let receipt = find(&app, &who, ask.community, ask.payment).await?;
    let work = app.begin(&who).await?;
    let now: Option<Printed> = Sql::new("UPDATE payment SET printed = printed + 1")
        .push(" WHERE community_id = ? AND id = ? RETURNING printed", [ask.community.into(), ask.payment.into()])
        .one(work.db())
        .await?;
    if now.is_none_or(|now| now.printed > 1) {
        work.record(Some(ask.community), "cashier.reprint", ask.payment.0, None::<&()>, Some(&receipt.receipt_number)).await?;
    }
    work.commit().await?;
    find(&app, &who, ask.community, ask.payment).await
}

/// Everything that stands on the receipt of a payment in scope; 404 where there is none.
pub(super) async fn find(app: &App, who: &Who, community: CommunityId, id: PaymentId) -> Answer<Receipt> {
    let db = app.db();
    let row = Sql::new("SELECT p.receipt_number, p.state, p.source, p.at, p.day, c.name AS community_name, p.unit_id, u.label AS unit_label, p.payer,")
        .push(" p.cashier_id, p.cashier_name, p.total_fen, p.tendered_fen, p.note, p.printed, p.void_reason, p.voided_at, p.voided_by_name", [])
        .push(" FROM payment p JOIN community c ON c.id = p.community_id", [])
        .push(" JOIN unit u ON u.community_id = p.community_id AND u.id = p.unit_id", [])
        .push(" WHERE p.community_id = ? AND p.id = ?", [community.into(), id.into()])
        .within("u.building_id", &who.scope.buildings(community))
        .one::<Row, _>(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    let methods = payment::methods_of(db, community, &[id]).await?.remove(&id).unwrap_or_default();
    let cash =
        methods.iter().find(|line| line.method == common::cashier::Method::Cash).map_or(Money::ZERO, |line| line.amount_fen);
    let state = payment::state(&row.state)?;
    let today = organisation::today(db, community, app.now()).await?;
    let waits = approvals::about(db, community, DeedKind::VoidPayment, id.0).await?;
    Ok(Receipt {
        waits,
        payment: id,
        receipt_number: row.receipt_number,
        state,
        at: row.at,
        day: row.day,
        community_name: row.community_name,
        unit: row.unit_id,
        unit_label: row.unit_label,
        payer: row.payer,
        cashier: row.cashier_id,
        cashier_name: row.cashier_name,
        lines: lines(app, community, id).await?,
        held: held(app, community, id).await?,
        total_fen: row.total_fen,
        capitals: in_capitals(row.total_fen),
        change_fen: row.tendered_fen.and_then(|tendered| tendered.checked_sub(cash)).unwrap_or_default(),
        tendered_fen: row.tendered_fen,
        methods,
        note: row.note,
        prints: row.printed,
        voided: row.voided_at.map(|at| Voided {
            at,
            by_name: row.voided_by_name.unwrap_or_default(),
            reason: row.void_reason.unwrap_or_default(),
        }),
        may_void: waits.is_none() && state == PaymentState::Taken && payment::may_be_void(&row.source, row.day, today),
    })
}

/// What each bill was paid, and what was left of its principal right after.
async fn lines(app: &App, community: CommunityId, id: PaymentId) -> Answer<Vec<ReceiptLine>> {
    let rows = Sql::new(
        "SELECT l.bill_id, b.number, u.label AS unit_label, f.name AS fee_item_name, f.kind AS fee_item_kind, b.period_from, b.period_to,",
    )
    .push(" b.amount_fen AS billed_fen, l.amount_fen, l.late_fee_fen, l.left_fen FROM payment_line l", [])
    .push(" JOIN bill b ON b.community_id = l.community_id AND b.id = l.bill_id", [])
    .push(" JOIN unit u ON u.community_id = b.community_id AND u.id = b.unit_id", [])
    .push(" JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id", [])
    .push(" WHERE l.community_id = ? AND l.payment_id = ?", [community.into(), id.into()])
    .push(" ORDER BY u.sort_key, f.sort, b.period_from, b.number", [])
    .all::<LineRow, _>(app.db())
    .await?;
    let line = |row: LineRow| {
        let kind = FeeItemKind::from_word(&row.fee_item_kind);
        Ok(ReceiptLine {
            fee_item_kind: kind.ok_or_else(|| Failure::broken(format!("fee item kind {:?}", row.fee_item_kind)))?,
            bill: row.bill_id,
            bill_number: row.number,
            unit_label: row.unit_label,
            fee_item_name: row.fee_item_name,
            period_from: row.period_from,
            period_to: row.period_to,
            billed_fen: row.billed_fen,
            amount_fen: row.amount_fen,
            late_fee_fen: row.late_fee_fen,
            left_fen: row.left_fen,
        })
    };
    rows.into_iter().map(line).collect()
}

/// The prepayments and deposits that it took or used, with what was left of each right after: a reprint says the same.
async fn held(app: &App, community: CommunityId, id: PaymentId) -> Answer<Vec<ReceiptHolding>> {
    #[derive(FromQueryResult)]
    struct Held {
        bill_id: BillId,
        number: String,
        kind: String,
        fee_item_name: String,
        left_fen: Money,
    }
    let rows: Vec<Held> = Sql::new("SELECT h.bill_id, b.number, h.kind, f.name AS fee_item_name,")
        .add(" CAST(SUM(CASE WHEN p.credit = h.kind THEN p.amount_fen ELSE -p.amount_fen END) AS bigint) AS left_fen FROM")
        .add(" (SELECT community_id, held_id, MAX(held_nth) AS nth FROM posting WHERE community_id = ")
        .bind(community)
        .push(
            " AND payment_id = ? AND held_id IS NOT NULL AND reverses_id IS NULL GROUP BY community_id, held_id) y",
            [id.into()],
        )
        .add(" JOIN held h ON h.community_id = y.community_id AND h.bill_id = y.held_id")
        .add(" JOIN posting p ON p.community_id = y.community_id AND p.held_id = y.held_id AND p.held_nth <= y.nth")
        .add(" JOIN bill b ON b.community_id = h.community_id AND b.id = h.bill_id")
        .add(" JOIN fee_item f ON f.community_id = h.community_id AND f.id = h.fee_item_id")
        .add(" GROUP BY h.bill_id, b.number, h.kind, f.name, h.since ORDER BY h.since, b.number")
        .all(app.db())
        .await?;
    let holding = |row: Held| {
        Ok(ReceiptHolding {
            bill: row.bill_id,
            bill_number: row.number,
            kind: row.kind.parse().map_err(Failure::broken)?,
            fee_item_name: row.fee_item_name,
            left_fen: row.left_fen,
        })
    };
    rows.into_iter().map(holding).collect()
}
