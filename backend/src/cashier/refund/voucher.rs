//! A refund as its voucher.

use chrono::{DateTime, Utc};
use common::cashier::api::{GetRefund, PaidMethod, PrintRefund, Voucher, VoucherLine};
use common::id::{BillId, CommunityId, EmployeeId, RefundId, UnitId};
use common::money::{Money, in_capitals};
use common::period::Day;
use common::problem::Problem;
use sea_orm::FromQueryResult;

use crate::cashier::methods;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

pub(in crate::cashier) async fn get_refund(app: App, who: Who, ask: GetRefund) -> Answer<Voucher> {
    find(&app, &who, ask.community, ask.refund).await
}

/// Counts the print in the same breath as it is shown.
pub(in crate::cashier) async fn print_refund(app: App, who: Who, ask: PrintRefund) -> Answer<Voucher> {
    #[derive(FromQueryResult)]
    struct Printed {
        printed: i32,
    }
    let voucher = find(&app, &who, ask.community, ask.refund).await?;
    let work = app.begin(&who).await?;
    let now: Option<Printed> = Sql::new("UPDATE refund SET printed = printed + 1")
        .push(" WHERE community_id = ? AND id = ? RETURNING printed", [ask.community.into(), ask.refund.into()])
        .one(work.db())
        .await?;
    if now.is_none_or(|now| now.printed > 1) {
        work.record(Some(ask.community), "cashier.reprint_refund", ask.refund.0, None::<&()>, Some(&voucher.number)).await?;
    }
    work.commit().await?;
    find(&app, &who, ask.community, ask.refund).await
}

#[derive(FromQueryResult)]
struct Row {
    number: String,
    at: DateTime<Utc>,
    day: Day,
    community_name: String,
    unit_id: UnitId,
    unit_label: String,
    payee: String,
    cashier_id: Option<EmployeeId>,
    cashier_name: String,
    method: String,
    reference: String,
    reason: String,
    total_fen: Money,
    printed: i32,
}

/// Everything that stands on the voucher of a refund in scope; 404 where there is none.
async fn find(app: &App, who: &Who, community: CommunityId, id: RefundId) -> Answer<Voucher> {
    let db = app.db();
    let row: Row = Sql::new(
        "SELECT r.number, r.at, r.day, c.name AS community_name, r.unit_id, u.label AS unit_label, r.payee, r.cashier_id,",
    )
    .add(" r.cashier_name, r.method, r.reference, r.reason, r.total_fen, r.printed FROM refund r")
    .add(" JOIN community c ON c.id = r.community_id JOIN unit u ON u.community_id = r.community_id AND u.id = r.unit_id")
    .push(" WHERE r.community_id = ? AND r.id = ?", [community.into(), id.into()])
    .within("u.building_id", &who.scope.buildings(community))
    .one(db)
    .await?
    .ok_or_else(Problem::not_found)?;
    let method = row.method.parse().map_err(Failure::broken)?;
    let name = methods::names(db, community).await?.get(&method).cloned();
    Ok(Voucher {
        refund: id,
        number: row.number,
        at: row.at,
        day: row.day,
        community_name: row.community_name,
        unit: row.unit_id,
        unit_label: row.unit_label,
        payee: row.payee,
        cashier: row.cashier_id,
        cashier_name: row.cashier_name,
        paid: PaidMethod { method, name, amount_fen: row.total_fen, reference: row.reference },
        reason: row.reason,
        lines: lines(app, community, id).await?,
        total_fen: row.total_fen,
        capitals: in_capitals(row.total_fen),
        prints: row.printed,
    })
}

/// What was left right after it: all that moved a holding's money up to this refund's own entry.
const LEFT_THEN: &str = "(SELECT SUM(CASE WHEN p.credit = h.kind THEN p.amount_fen ELSE -p.amount_fen END) FROM posting p, posting o \
     WHERE p.community_id = l.community_id AND p.held_id = l.bill_id AND o.community_id = l.community_id AND o.held_id = l.bill_id \
     AND o.refund_id = l.refund_id AND p.held_nth <= o.held_nth)";

async fn lines(app: &App, community: CommunityId, id: RefundId) -> Answer<Vec<VoucherLine>> {
    #[derive(FromQueryResult)]
    struct Line {
        bill_id: BillId,
        number: String,
        kind: String,
        fee_item_name: String,
        since: Day,
        taken_fen: Money,
        amount_fen: Money,
        left_fen: Money,
    }
    let rows: Vec<Line> =
        Sql::new("SELECT l.bill_id, b.number, h.kind, f.name AS fee_item_name, h.since, h.taken_fen, l.amount_fen,")
            .add(&format!(" CAST({LEFT_THEN} AS bigint) AS left_fen FROM refund_line l"))
            .add(" JOIN held h ON h.community_id = l.community_id AND h.bill_id = l.bill_id")
            .add(" JOIN bill b ON b.community_id = l.community_id AND b.id = l.bill_id")
            .add(" JOIN fee_item f ON f.community_id = h.community_id AND f.id = h.fee_item_id")
            .push(" WHERE l.community_id = ? AND l.refund_id = ? ORDER BY h.since, h.bill_id", [community.into(), id.into()])
            .all(app.db())
            .await?;
    rows.into_iter()
        .map(|row| {
            Ok(VoucherLine {
                bill: row.bill_id,
                bill_number: row.number,
                kind: row.kind.parse().map_err(Failure::broken)?,
                fee_item_name: row.fee_item_name,
                since: row.since,
                taken_fen: row.taken_fen,
                amount_fen: row.amount_fen,
                left_fen: row.left_fen,
            })
        })
        .collect()
}
