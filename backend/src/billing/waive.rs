//! Waiving part of an open bill by hand, once (一次性减免), and taking that back: opposite postings, never a deletion.

use common::api::Done;
use common::approvals::api::DeedOutcome;
use common::approvals::flow::DeedKind;
use common::billing::api::{BillState, TakeBackWaiver, WaiveBill};
use common::id::{ApprovalId, BillId, BuildingId, CommunityId, FeeItemId, PostingId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use common::waivers::trace::WaiverTrace;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::late_fee::{Late, late_fees};
use super::write::{self, About, Move};
use crate::organisation::today;
use crate::sql::Sql;
use crate::waivers::{self, NewWaiver};
use crate::{Answer, App, Failure, Made, Who, Work, approvals, charging};

#[derive(FromQueryResult)]
struct Row {
    id: BillId,
    number: String,
    unit_id: UnitId,
    building_id: Option<BuildingId>,
    fee_item_id: FeeItemId,
    month: i32,
    amount_fen: Money,
    paid_fen: Money,
    waived_fen: Money,
    open_fen: Money,
    due_day: Day,
    late_charged_fen: Money,
    late_paid_fen: Money,
    late_waived_fen: Money,
}

impl Row {
    fn about(&self) -> About {
        About { month: self.month, unit: self.unit_id, building: self.building_id, fee_item: self.fee_item_id, bill: self.id }
    }
}

/// The bill in the caller's scope, locked; 404 where there is none.
async fn lock(work: &Work, who: &Who, community: CommunityId, bill: BillId) -> Answer<Row> {
    let row = Sql::new(
        "SELECT b.id, b.number, b.unit_id, b.building_id, b.fee_item_id, b.month, b.amount_fen, b.paid_fen, b.waived_fen,",
    )
    .push(" b.open_fen, b.due_day, b.late_charged_fen, b.late_paid_fen, b.late_waived_fen FROM bill b WHERE b.community_id = ? AND b.id = ?", [community.into(), bill.into()])
    .within("b.building_id", &who.scope.buildings(community))
    .push(if work.is_postgres() { " FOR UPDATE" } else { "" }, [])
    .one(work.db())
    .await?;
    row.ok_or_else(|| Problem::not_found().into())
}

/// Brings what is waived and open of a bill along.
async fn set(work: &Work, community: CommunityId, row: &Row, waived: Money) -> Answer<()> {
    let open = row.amount_fen.checked_sub(row.paid_fen).and_then(|owed| owed.checked_sub(waived));
    let open = open.filter(|open| !open.is_negative()).ok_or_else(|| Failure::broken("more is waived than was owed"))?;
    let state = match (open.is_zero(), row.paid_fen.is_zero()) {
        (true, _) => BillState::Settled,
        (false, true) => BillState::Open,
        (false, false) => BillState::Part,
    };
    Sql::new("UPDATE bill SET waived_fen = ")
        .push("?, open_fen = ?, state = ?", [waived.into(), open.into(), state.word().into()])
        .push(" WHERE community_id = ? AND id = ?", [community.into(), row.id.into()])
        .run(work.db())
        .await?;
    Ok(())
}

/// A bill of which nothing is open has come to the late fee that was charged: what has not been charged yet would be let go
/// unsaid, so it is collected or let go first.
async fn late_fee_first(work: &Work, community: CommunityId, row: &Row, day: Day) -> Answer<()> {
    let late = Late {
        bill: row.id,
        fee_item: row.fee_item_id,
        due_day: row.due_day,
        amount: row.amount_fen,
        open: row.open_fen,
        charged: row.late_charged_fen,
        paid: row.late_paid_fen,
        waived: row.late_waived_fen,
    };
    let due = late_fees(work.db(), community, day, [late]).await?.get(&row.id).map_or(Money::ZERO, |late| late.due);
    if due <= late.booked() {
        return Ok(());
    }
    let problem = Problem::conflict("billing.late_fee_first", "Late fee is due of the bill: collect or let it go first");
    Err(problem.with("number", &row.number).with("late", due).into())
}

/// Waives part of an open bill, at most what is open, or asks for approval where that is needed. Sent twice, it is one waiver.
pub(super) async fn waive_bill(app: App, who: Who, ask: WaiveBill) -> Answer<DeedOutcome> {
    let work = app.begin(&who).await?;
    let row = lock(&work, &who, ask.community, ask.bill).await?;
    if let Made::Before(outcome) = work.make(ask.community, ask.waiver.0, &ask).await? {
        return Ok(outcome);
    }
    if !charging::held_items(work.db(), ask.community, [row.fee_item_id]).await?.is_empty() {
        return Err(Problem::conflict("billing.waive_held", "Nothing is waived of money that is to be held").into());
    }
    let (day, amount) = sound(&work, &ask, &row).await?;
    let draft = approvals::Draft {
        kind: DeedKind::Waive,
        id: ApprovalId(ask.waiver.0),
        ask: &ask,
        reason: &ask.reason,
        amount,
        earlier: waivers::by_hand(&work, ask.community, ask.bill).await?,
        before: row.open_fen,
        after: row.open_fen.checked_sub(amount).unwrap_or_default(),
        bills: vec![approvals::Bill {
            id: row.id,
            number: row.number.clone(),
            unit: row.unit_id,
            building: row.building_id,
            amount,
        }],
        subject: None,
    };
    let waits = approvals::submit(&work, &who, ask.community, draft).await?;
    if waits.is_none() {
        waive(&work, &ask, &row, day, amount).await?;
    }
    let outcome = DeedOutcome { waits };
    work.made(ask.community, ask.waiver.0, &outcome).await?;
    work.commit().await?;
    Ok(outcome)
}

/// Does what was asked for, now that the last level has agreed: refused when the bill is not as it was then.
pub(super) async fn agreed(work: &Work, who: &Who, body: &str) -> Answer<()> {
    let ask: WaiveBill = serde_json::from_str(body)?;
    let row = lock(work, who, ask.community, ask.bill).await?;
    let (day, amount) = sound(work, &ask, &row).await?;
    waive(work, &ask, &row, day, amount).await
}

/// Whether the bill is as it was seen and may be let off so much: today, and how much.
async fn sound(work: &Work, ask: &WaiveBill, row: &Row) -> Answer<(Day, Money)> {
    if row.open_fen.is_zero() {
        return Err(Problem::conflict("billing.nothing_open", "Nothing is open of the bill").with("number", &row.number).into());
    }
    if row.open_fen != ask.open_fen {
        return Err(Problem::conflict("billing.open_changed", "Less or more is open of the bill than was seen")
            .with("number", &row.number)
            .with("seen", ask.open_fen)
            .with("open", row.open_fen)
            .into());
    }
    let amount = ask.amount().ok_or_else(|| Problem::field("amount_fen", "not_positive"))?;
    let day = today(work.db(), ask.community, work.at).await?;
    if amount == row.open_fen {
        late_fee_first(work, ask.community, row, day).await?;
    }
    Ok((day, amount))
}

/// Writes the waiver: its posting, its record, and what is open of the bill.
async fn waive(work: &Work, ask: &WaiveBill, row: &Row, day: Day, amount: Money) -> Answer<()> {
    let waived = row.waived_fen.checked_add(amount).ok_or_else(|| Failure::broken("a sum of waivers"))?;
    let posting = PostingId(Uuid::now_v7());
    let move_ = Move { debit: "waived", credit: "receivable", amount, reverses: None };
    write::post(work, ask.community, day, vec![(posting, row.about(), move_)]).await?;
    let record = NewWaiver {
        id: ask.waiver,
        posting,
        bill: row.id,
        no: 0,
        scheme: None,
        unit: row.unit_id,
        building: row.building_id,
        fee_item: row.fee_item_id,
        month: row.month,
        name: String::new(),
        reason: ask.reason.trim().to_owned(),
        amount,
        trace: WaiverTrace::Once { open_fen: ask.open_fen, percent: ask.percent },
        day,
    };
    waivers::record(work, ask.community, vec![record]).await?;
    set(work, ask.community, row, waived).await?;
    work.record(Some(ask.community), "billing.waive", ask.bill.0, None::<&()>, Some(ask)).await
}

/// Takes a waiver by hand back: what it let off is owed again. What schemes take off goes with its bill.
pub(super) async fn take_back_waiver(app: App, who: Who, ask: TakeBackWaiver) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let seen = waivers::given(&work, ask.community, ask.waiver).await?.ok_or_else(Problem::not_found)?;
    let row = lock(&work, &who, ask.community, seen.bill_id).await?;
    if seen.scheme_id.is_some() {
        return Err(Problem::conflict("billing.waived_by_scheme", "A scheme's waiver goes with its bill").into());
    }
    if !waivers::take_back(&work, ask.community, ask.waiver, ask.reason.trim()).await? {
        return Err(Problem::conflict("billing.waiver_not_given", "The waiver was taken back already").into());
    }
    approvals::forget(&work, ask.community, DeedKind::Waive, ApprovalId(ask.waiver.0)).await?;
    let waived = row.waived_fen.checked_sub(seen.amount_fen).ok_or_else(|| Failure::broken("a waiver that the bill lacks"))?;
    let day = today(work.db(), ask.community, work.at).await?;
    let move_ = Move { debit: "receivable", credit: "waived", amount: seen.amount_fen, reverses: Some(seen.posting_id) };
    write::post(&work, ask.community, day, vec![(PostingId(Uuid::now_v7()), row.about(), move_)]).await?;
    set(&work, ask.community, &row, waived).await?;
    work.record(Some(ask.community), "billing.take_back_waiver", ask.waiver.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
