//! One prepayment or deposit with all that became of it.

use chrono::{DateTime, Utc};
use common::cashier::api::{HeldDeed, HeldEvent, HeldRow, HeldView, ShowHeld};
use common::id::{BillId, CommunityId, PaymentId, RefundId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::FromQueryResult;

use super::list::{JOINS, Row, columns, shown};
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

/// A holding in the caller's scope; 404 where there is none.
pub(in crate::cashier) async fn one(app: &App, who: &Who, community: CommunityId, bill: BillId) -> Answer<HeldRow> {
    let rows: Vec<Row> = Sql::new(&columns())
        .add(JOINS)
        .push(" WHERE h.community_id = ? AND h.bill_id = ?", [community.into(), bill.into()])
        .within("u.building_id", &who.scope.buildings(community))
        .all(app.db())
        .await?;
    let row = shown(app.db(), community, rows).await?.into_iter().next();
    row.ok_or_else(|| Problem::not_found().into())
}

#[derive(FromQueryResult)]
struct Posted {
    at: DateTime<Utc>,
    day: Day,
    debit: String,
    credit: String,
    amount_fen: Money,
    by: Option<String>,
    payment_id: Option<PaymentId>,
    receipt_number: Option<String>,
    cashier_name: Option<String>,
    bill_id: BillId,
    number: String,
    fee_item_name: String,
    refund_id: Option<RefundId>,
    refund_number: Option<String>,
}

/// The record: each entry that moved its money, and what that left.
pub(in crate::cashier) async fn show_held(app: App, who: Who, ask: ShowHeld) -> Answer<HeldView> {
    let row = one(&app, &who, ask.community, ask.bill).await?;
    let posted: Vec<Posted> = Sql::new(
        "SELECT p.at, p.day, p.debit, p.credit, p.amount_fen, e.name AS by, p.payment_id, y.receipt_number,",
    )
    .add(" y.cashier_name, p.bill_id, b.number, f.name AS fee_item_name, p.refund_id, r.number AS refund_number FROM posting p")
    .add(" JOIN bill b ON b.community_id = p.community_id AND b.id = p.bill_id")
    .add(" JOIN fee_item f ON f.community_id = p.community_id AND f.id = p.fee_item_id")
    .add(" LEFT JOIN payment y ON y.community_id = p.community_id AND y.id = p.payment_id")
    .add(" LEFT JOIN refund r ON r.community_id = p.community_id AND r.id = p.refund_id")
    .add(" LEFT JOIN employee e ON e.id = p.created_by")
    .push(" WHERE p.community_id = ? AND p.held_id = ? ORDER BY p.held_nth", [ask.community.into(), ask.bill.into()])
    .all(app.db())
    .await?;
    let mut left = Money::ZERO;
    let mut events = Vec::with_capacity(posted.len());
    for entry in posted {
        let (deed, change) = deed(&entry, row.kind.word())?;
        left = left.checked_add(change).ok_or_else(|| Failure::broken("a sum of what is held"))?;
        let paid = matches!(deed, HeldDeed::Offset | HeldDeed::OffsetBack);
        events.push(HeldEvent {
            at: entry.at,
            day: entry.day,
            deed,
            amount_fen: entry.amount_fen,
            left_fen: left,
            by_name: entry.by.or(entry.cashier_name).unwrap_or_default(),
            payment: entry.payment_id,
            receipt_number: entry.receipt_number,
            paid_bill: paid.then_some(entry.bill_id),
            paid_bill_number: paid.then_some(entry.number),
            paid_fee_item_name: paid.then_some(entry.fee_item_name),
            refund: entry.refund_id,
            refund_number: entry.refund_number,
        });
    }
    Ok(HeldView { row, events })
}

/// What an entry did to the money that is held on this account, and by how much it changed it.
fn deed(entry: &Posted, account: &str) -> Answer<(HeldDeed, Money)> {
    let (more, less) = (entry.amount_fen, Money::from_fen(-entry.amount_fen.fen()));
    match (entry.debit.as_str(), entry.credit.as_str()) {
        ("held_due", to) if to == account => Ok((HeldDeed::Taken, more)),
        (from, "held_due") if from == account => Ok((HeldDeed::TakenBack, less)),
        (from, _) if from == account && entry.refund_id.is_some() => Ok((HeldDeed::Refunded, less)),
        (from, _) if from == account => Ok((HeldDeed::Offset, less)),
        (_, to) if to == account => Ok((HeldDeed::OffsetBack, more)),
        (debit, credit) => Err(Failure::broken(format!("held money that moves from {credit} to {debit}"))),
    }
}
