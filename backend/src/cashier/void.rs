//! Taking a payment back on the day it was taken.

use common::cashier::api::{PaymentState, Receipt, VoidPayment};
use common::cashier::settle::Laid;
use common::cashier::{Account, Posting};
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, PaymentId, PostingId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::FromQueryResult;

use super::bills::Moved;
use super::{bills, payment, posting, receipt};
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work, organisation};

#[derive(FromQueryResult)]
struct Taken {
    day: Day,
    state: String,
    source: String,
}

/// Opposite postings, the bills open again, the payment marked with the reason; nothing is deleted.
pub(super) async fn void_payment(app: App, who: Who, ask: VoidPayment) -> Answer<Receipt> {
    let work = app.begin(&who).await?;
    let lines = lines_of(&work, ask.community, ask.payment).await?;
    let chosen: Vec<BillId> = lines.iter().map(|line| line.laid.bill).collect();
    let locked = bills::lock(&work, &who, ask.community, &chosen).await?;
    let taken = Sql::new("SELECT day, state, source FROM payment")
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.payment.into()])
        .push(if work.is_postgres() { " FOR UPDATE" } else { "" }, [])
        .one::<Taken, _>(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    if taken.state != payment::code(PaymentState::Taken) {
        return Err(Problem::conflict("cashier.already_void", "This payment is void").into());
    }
    if taken.day != today || taken.source != "desk" {
        return Err(Problem::conflict("cashier.not_today", "Only a payment of today can be voided")
            .with("day", taken.day)
            .into());
    }
    // Both in the order of the bills' ids.
    if let Some((bill, _)) = locked.iter().zip(&lines).find(|(bill, line)| line.rests(bill.late().booked())) {
        let problem = Problem::conflict("cashier.late_fee_settled_since", "Late fee that this payment charged was settled since");
        return Err(problem.with("number", &bill.number).into());
    }
    Sql::new("UPDATE payment SET state = ")
        .push(
            "?, void_reason = ?, voided_at = ?, voided_by_name = ?",
            [payment::code(PaymentState::Void).into(), ask.reason.trim().into(), work.at.into(), who.name.clone().into()],
        )
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.payment.into()])
        .run(work.db())
        .await?;
    bills::reopen(&work, ask.community, &lines).await?;
    post_opposites(&work, ask.community, ask.payment, today).await?;
    work.record(Some(ask.community), "cashier.void", ask.payment.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    receipt::find(&app, &who, ask.community, ask.payment).await
}

/// Which bills it paid, and how much of each, in the order of their ids.
async fn lines_of(work: &Work, community: CommunityId, payment: PaymentId) -> Answer<Vec<Moved>> {
    #[derive(FromQueryResult)]
    struct Row {
        bill_id: BillId,
        amount_fen: Money,
        late_fee_fen: Money,
        late_charged_fen: Money,
    }
    let rows = Sql::new("SELECT bill_id, amount_fen, late_fee_fen, late_charged_fen FROM payment_line")
        .push(" WHERE community_id = ? AND payment_id = ? ORDER BY bill_id", [community.into(), payment.into()])
        .all::<Row, _>(work.db())
        .await?;
    if rows.is_empty() {
        return Err(Problem::not_found().into());
    }
    let moved = |row: Row| {
        let principal = Money::from_fen(row.amount_fen.fen() - row.late_fee_fen.fen());
        Moved { laid: Laid { bill: row.bill_id, late: row.late_fee_fen, principal }, charged: row.late_charged_fen }
    };
    Ok(rows.into_iter().map(moved).collect())
}

/// Writes the opposite of each entry of the payment.
async fn post_opposites(work: &Work, community: CommunityId, payment: PaymentId, today: Day) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: PostingId,
        month: i32,
        debit: String,
        credit: String,
        amount_fen: Money,
        unit_id: UnitId,
        building_id: Option<BuildingId>,
        fee_item_id: FeeItemId,
        bill_id: BillId,
    }
    let rows = Sql::new("SELECT id, month, debit, credit, amount_fen, unit_id, building_id, fee_item_id, bill_id FROM posting")
        .push(
            " WHERE community_id = ? AND payment_id = ? AND reverses_id IS NULL ORDER BY id",
            [community.into(), payment.into()],
        )
        .all::<Row, _>(work.db())
        .await?;
    let account = |code: &str| code.parse::<Account>().map_err(Failure::broken);
    let entries = rows
        .into_iter()
        .map(|row| {
            let original = Posting::new(account(&row.debit)?, account(&row.credit)?, row.amount_fen, row.bill_id)
                .ok_or_else(|| Failure::broken("a posting that moves nothing"))?;
            Ok(posting::Entry {
                posting: original.opposite(),
                day: today,
                month: row.month,
                unit: row.unit_id,
                building: row.building_id,
                fee_item: row.fee_item_id,
                payment: Some(payment),
                reverses: Some(row.id),
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    posting::write(work, community, entries).await?;
    Ok(())
}
