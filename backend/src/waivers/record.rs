//! The record of what was waived: a row beside each posting, with its reason and its trace.

use chrono::{DateTime, Utc};
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, PostingId, UnitId, WaiverId, WaiverSchemeId};
use common::money::Money;
use common::period::Day;
use common::waivers::api::{BillWaiver, WaiverState};
use common::waivers::trace::WaiverTrace;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::sql::Sql;
use crate::{Answer, Failure, Work, bulk};

/// A waiver about to be recorded; its posting is the bill's capability's to write.
pub struct NewWaiver {
    pub id: WaiverId,
    pub posting: PostingId,
    pub bill: BillId,
    /// Its place among the bill's, counted from 1.
    pub no: i32,
    pub scheme: Option<WaiverSchemeId>,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub fee_item: FeeItemId,
    /// The bill's month.
    pub month: i32,
    /// The scheme's name as it is now; empty for a waiver by hand.
    pub name: String,
    pub reason: String,
    pub amount: Money,
    pub trace: WaiverTrace,
    pub day: Day,
}

const COLUMNS: [&str; 18] = [
    "community_id",
    "id",
    "bill_id",
    "no",
    "scheme_id",
    "unit_id",
    "building_id",
    "fee_item_id",
    "month",
    "name",
    "reason",
    "amount_fen",
    "trace",
    "state",
    "posting_id",
    "at",
    "day",
    "created_by",
];

/// Records waivers, in bulk.
pub async fn record(work: &Work, community: CommunityId, waivers: Vec<NewWaiver>) -> Answer<()> {
    let row = |new: NewWaiver| -> Answer<Vec<Value>> {
        Ok(vec![
            community.into(),
            new.id.into(),
            new.bill.into(),
            new.no.into(),
            new.scheme.map(|scheme| scheme.0).into(),
            new.unit.into(),
            new.building.map(|building| building.0).into(),
            new.fee_item.into(),
            new.month.into(),
            new.name.into(),
            new.reason.into(),
            new.amount.into(),
            serde_json::to_string(&new.trace)?.into(),
            WaiverState::Given.word().into(),
            new.posting.into(),
            work.at.into(),
            new.day.into(),
            work.by.map(|by| by.0).into(),
        ])
    };
    bulk::try_insert(work.db(), "waiver", &COLUMNS, waivers.into_iter().map(row)).await?;
    Ok(())
}

/// A waiver as its being taken back looks at it.
#[derive(FromQueryResult)]
pub struct Given {
    pub bill_id: BillId,
    pub scheme_id: Option<WaiverSchemeId>,
    pub amount_fen: Money,
    pub posting_id: PostingId,
    pub state: String,
}

/// One waiver; none where there is none.
pub async fn given(work: &Work, community: CommunityId, waiver: WaiverId) -> Answer<Option<Given>> {
    Sql::new("SELECT bill_id, scheme_id, amount_fen, posting_id, state FROM waiver")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), waiver.into()])
        .one(work.db())
        .await
}

/// Marks a waiver as taken back; says whether it was given until now.
pub async fn take_back(work: &Work, community: CommunityId, waiver: WaiverId, reason: &str) -> Answer<bool> {
    let done = Sql::new("UPDATE waiver SET state = 'taken_back', back_reason = ")
        .bind(reason)
        .push(" WHERE community_id = ? AND id = ? AND state = 'given'", [community.into(), waiver.into()])
        .run(work.db())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks the waivers of bills that are void.
pub async fn void(work: &Work, community: CommunityId, bills: &[BillId]) -> Answer<()> {
    Sql::new("UPDATE waiver SET state = 'void' WHERE state = 'given' AND community_id = ")
        .bind(community)
        .push(" AND bill_id IN ", [])
        .list(bills.iter().copied())
        .run(work.db())
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: WaiverId,
    scheme_id: Option<WaiverSchemeId>,
    name: String,
    reason: String,
    amount_fen: Money,
    trace: String,
    state: String,
    at: DateTime<Utc>,
    by: Option<String>,
    back_reason: Option<String>,
    posting_id: PostingId,
}

/// All that a bill was let off, in order; also what was taken back. Each comes with its posting.
pub async fn of_bill<C: ConnectionTrait>(db: &C, community: CommunityId, bill: BillId) -> Answer<Vec<(PostingId, BillWaiver)>> {
    let rows: Vec<Row> = Sql::new("SELECT w.id, w.scheme_id, w.name, w.reason, w.amount_fen, w.trace, w.state, w.at, e.name AS by, w.back_reason, w.posting_id")
        .push(" FROM waiver w LEFT JOIN employee e ON e.id = w.created_by", [])
        .push(" WHERE w.community_id = ? AND w.bill_id = ? ORDER BY w.at, w.no, w.id", [community.into(), bill.into()])
        .all(db)
        .await?;
    let shown = rows.into_iter().map(|row| {
        let waiver = BillWaiver {
            id: row.id,
            scheme: row.scheme_id,
            name: row.name,
            reason: row.reason,
            amount_fen: row.amount_fen,
            trace: serde_json::from_str(&row.trace)?,
            state: WaiverState::from_word(&row.state).ok_or_else(|| Failure::broken(format!("waiver state {:?}", row.state)))?,
            at: row.at,
            by: row.by,
            back_reason: row.back_reason,
        };
        Ok((row.posting_id, waiver))
    });
    shown.collect()
}

/// What was let off a bill by hand, as far as it was not taken back.
pub async fn by_hand(work: &Work, community: CommunityId, bill: BillId) -> Answer<Money> {
    let sum: Option<Sum> = Sql::new("SELECT CAST(COALESCE(SUM(amount_fen), 0) AS bigint) AS amount_fen FROM waiver")
        .push(
            " WHERE community_id = ? AND bill_id = ? AND scheme_id IS NULL AND state = ?",
            [community.into(), bill.into(), WaiverState::Given.word().into()],
        )
        .one(work.db())
        .await?;
    Ok(sum.map_or(Money::ZERO, |sum| sum.amount_fen))
}

#[derive(FromQueryResult)]
struct Sum {
    amount_fen: Money,
}
