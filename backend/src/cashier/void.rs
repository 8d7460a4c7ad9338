//! Taking a payment back on the day it was taken; one that a run made of prepayments on any day.

use std::collections::BTreeMap;

use common::approvals::flow::DeedKind;
use common::cashier::api::{PaymentState, Receipt, VoidPayment};
use common::cashier::settle::Laid;
use common::cashier::{Account, Posting};
use common::id::{ApprovalId, BillId, BuildingId, CommunityId, FeeItemId, PaymentId, PostingId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::bills::{Billed, Moved};
use super::payment::OFFSET;
use super::{bills, held, payment, posting, receipt};
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work, approvals, billing, organisation};

#[derive(FromQueryResult)]
struct Taken {
    day: Day,
    state: String,
    source: String,
    receipt_number: String,
    total_fen: Money,
}

/// A payment with what it paid, all of it held.
struct Held {
    taken: Taken,
    lines: Vec<Moved>,
    bills: Vec<Billed>,
    today: Day,
}

/// Takes a payment back, or asks for approval where that is needed.
pub(super) async fn void_payment(app: App, who: Who, ask: VoidPayment) -> Answer<Receipt> {
    let work = app.begin(&who).await?;
    let held = hold(&work, &who, &ask).await?;
    let waits = approvals::waiting_about(&work, ask.community, DeedKind::VoidPayment, ask.payment.0, &ask).await?;
    if waits.is_none() {
        if submit(&work, &who, &ask, &held).await?.is_none() {
            void(&work, &who, &ask, &held).await?;
        }
        work.commit().await?;
    }
    receipt::find(&app, &who, ask.community, ask.payment).await
}

/// Does what was asked for, now that the last level has agreed: still on the day of the payment.
pub(super) async fn agreed(work: &Work, who: &Who, body: &str) -> Answer<()> {
    let ask: VoidPayment = serde_json::from_str(body)?;
    let held = hold(work, who, &ask).await?;
    void(work, who, &ask, &held).await
}

async fn submit(work: &Work, who: &Who, ask: &VoidPayment, held: &Held) -> Answer<Option<ApprovalId>> {
    let paid = |laid: Laid| laid.principal.checked_add(laid.late).ok_or_else(|| Failure::broken("a sum of a line"));
    // Both in the order of the bills' ids.
    let bills = held.bills.iter().zip(&held.lines).map(|(bill, line)| {
        Ok(approvals::Bill {
            id: bill.id,
            number: bill.number.clone(),
            unit: bill.unit_id,
            building: bill.building_id,
            amount: paid(line.laid)?,
        })
    });
    let total = held.taken.total_fen;
    let draft = approvals::Draft {
        kind: DeedKind::VoidPayment,
        id: ApprovalId(Uuid::now_v7()),
        ask,
        reason: &ask.reason,
        amount: total,
        earlier: Money::ZERO,
        before: total,
        after: Money::ZERO,
        bills: bills.collect::<Answer<_>>()?,
        subject: Some(approvals::Subject { id: ask.payment.0, name: held.taken.receipt_number.clone(), changes: Vec::new() }),
    };
    approvals::submit(work, who, ask.community, draft).await
}

/// The payment and its bills, locked; refused where it may not be taken back.
async fn hold(work: &Work, who: &Who, ask: &VoidPayment) -> Answer<Held> {
    let lines = lines_of(work, ask.community, ask.payment).await?;
    let chosen: Vec<BillId> = lines.iter().map(|line| line.laid.bill).collect();
    let locked = bills::lock(work, who, ask.community, &chosen).await?;
    let taken = Sql::new("SELECT day, state, source, receipt_number, total_fen FROM payment")
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.payment.into()])
        .push(if work.is_postgres() { " FOR UPDATE" } else { "" }, [])
        .one::<Taken, _>(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    if taken.state != payment::code(PaymentState::Taken) {
        return Err(Problem::conflict("cashier.already_void", "This payment is void").into());
    }
    if !payment::may_be_void(&taken.source, taken.day, today) {
        return Err(Problem::conflict("cashier.not_today", "Only a payment of today can be voided")
            .with("day", taken.day)
            .into());
    }
    // Both in the order of the bills' ids.
    if let Some((bill, _)) = locked.iter().zip(&lines).find(|(bill, line)| line.rests(bill.late().booked())) {
        let problem = Problem::conflict("cashier.late_fee_settled_since", "Late fee that this payment charged was settled since");
        return Err(problem.with("number", &bill.number).into());
    }
    unspent(work, ask.community, ask.payment, &lines).await?;
    Ok(Held { taken, lines, bills: locked, today })
}

/// What the payment brought in to be held is still there and does not wait to be given back. What it spent is locked in the same breath, in one order.
async fn unspent(work: &Work, community: CommunityId, payment: PaymentId, lines: &[Moved]) -> Answer<()> {
    let moved = held::moved_by(work, community, payment).await?;
    if moved.is_empty() {
        return Ok(());
    }
    let left = held::left(work, community, &moved).await?;
    let waiting = held::waiting(work, community, &moved).await?;
    for line in lines {
        let Some(left) = left.get(&line.laid.bill).copied() else { continue };
        let free = left.fen() - waiting.get(&line.laid.bill).copied().unwrap_or_default().fen();
        let problem = if left < line.laid.principal {
            Problem::conflict("cashier.held_spent", "What this payment brought in to be held was used since")
        } else if free < line.laid.principal.fen() {
            Problem::conflict("cashier.held_waits", "What this payment brought in to be held waits to be given back")
        } else {
            continue;
        };
        let number = held::number(work, community, line.laid.bill).await?;
        return Err(problem.with("number", number).into());
    }
    Ok(())
}

/// Opposite postings, the bills open again, the payment marked with the reason; nothing is deleted.
async fn void(work: &Work, who: &Who, ask: &VoidPayment, held: &Held) -> Answer<()> {
    Sql::new("UPDATE payment SET state = ")
        .push(
            "?, void_reason = ?, voided_at = ?, voided_by_name = ?",
            [payment::code(PaymentState::Void).into(), ask.reason.trim().into(), work.at.into(), who.name.clone().into()],
        )
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.payment.into()])
        .run(work.db())
        .await?;
    bills::reopen(work, ask.community, &held.lines).await?;
    held::follow(work, ask.community, held.bills.iter().map(|bill| (bill.id, bill.fee_item_id))).await?;
    post_opposites(work, ask.community, ask.payment, &held.taken.source, held.today).await?;
    // What was written for this very payment goes with it.
    let own = held.bills.iter().filter(|bill| bill.source_id == Some(ask.payment.0)).map(|bill| bill.id);
    billing::void_raised(work, who, ask.community, own.collect(), &ask.reason).await?;
    work.record(Some(ask.community), "cashier.void", ask.payment.0, None::<&()>, Some(ask)).await
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
async fn post_opposites(work: &Work, community: CommunityId, payment: PaymentId, source: &str, today: Day) -> Answer<()> {
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
        held_id: Option<BillId>,
    }
    let rows =
        Sql::new("SELECT id, month, debit, credit, amount_fen, unit_id, building_id, fee_item_id, bill_id, held_id FROM posting")
            .push(
                " WHERE community_id = ? AND payment_id = ? AND reverses_id IS NULL ORDER BY id",
                [community.into(), payment.into()],
            )
            .all::<Row, _>(work.db())
            .await?;
    let account = |code: &str| code.parse::<Account>().map_err(Failure::broken);
    let mut unspent: BTreeMap<BillId, i64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.credit == "receivable" || row.credit == "late_fee_receivable") {
        if let Some(held) = row.held_id {
            *unspent.entry(held).or_default() -= row.amount_fen.fen();
        }
    }
    held::book(work, community, held::Column::Offset, &unspent).await?;
    if source == OFFSET {
        // Whoever takes back what a run paid wants the money kept: it pays no more by itself.
        held::by_hand(work, community, unspent.into_keys()).await?;
    }
    let entries = rows
        .into_iter()
        .map(|row| {
            let original = Posting::new(account(&row.debit)?, account(&row.credit)?, row.amount_fen, row.bill_id)
                .ok_or_else(|| Failure::broken("a posting that moves nothing"))?;
            Ok(posting::Entry {
                posting: original.of_held(row.held_id).opposite(),
                day: today,
                month: row.month,
                unit: row.unit_id,
                building: row.building_id,
                fee_item: row.fee_item_id,
                payment: Some(payment),
                refund: None,
                reverses: Some(row.id),
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    posting::write(work, community, entries).await?;
    Ok(())
}
