//! The append-only postings, as rows.

use std::collections::BTreeMap;

use common::cashier::Posting;
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, PaymentId, PostingId, RefundId, UnitId};
use common::period::Day;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::bills::Billed;
use crate::sql::Sql;
use crate::{Answer, Work, bulk};

/// A posting and what it is about.
pub(super) struct Entry {
    pub posting: Posting,
    pub day: Day,
    /// The bill's month.
    pub month: i32,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub fee_item: FeeItemId,
    /// None where late fee is let go.
    pub payment: Option<PaymentId>,
    /// The refund by which held money goes back.
    pub refund: Option<RefundId>,
    /// The entry that this one takes back.
    pub reverses: Option<PostingId>,
}

impl Entry {
    /// An entry about a bill.
    pub(super) fn about(bill: &Billed, posting: Posting, day: Day, payment: Option<PaymentId>) -> Self {
        Self {
            posting,
            day,
            month: bill.month,
            unit: bill.unit_id,
            building: bill.building_id,
            fee_item: bill.fee_item_id,
            payment,
            refund: None,
            reverses: None,
        }
    }
}

const COLUMNS: [&str; 18] = [
    "community_id",
    "id",
    "at",
    "day",
    "month",
    "debit",
    "credit",
    "amount_fen",
    "unit_id",
    "building_id",
    "fee_item_id",
    "bill_id",
    "payment_id",
    "reverses_id",
    "created_by",
    "held_id",
    "refund_id",
    "held_nth",
];

/// Writes postings; nothing ever changes or deletes them. Holdings that they move are locked, or their bills are.
pub(super) async fn write(work: &Work, community: CommunityId, entries: Vec<Entry>) -> Answer<u64> {
    let mut counted = counted(work, community, &entries).await?;
    let row = |entry: Entry| -> Vec<Value> {
        let nth = entry.posting.held().map(|held| {
            let count = counted.entry(held).or_default();
            *count += 1;
            *count
        });
        vec![
            community.into(),
            PostingId(Uuid::now_v7()).into(),
            work.at.into(),
            entry.day.into(),
            entry.month.into(),
            entry.posting.debit().code().into(),
            entry.posting.credit().code().into(),
            entry.posting.amount().into(),
            entry.unit.into(),
            entry.building.map(|building| building.0).into(),
            entry.fee_item.into(),
            entry.posting.bill().into(),
            entry.payment.map(|payment| payment.0).into(),
            entry.reverses.map(|original| original.0).into(),
            work.by.map(|by| by.0).into(),
            entry.posting.held().map(|held| held.0).into(),
            entry.refund.map(|refund| refund.0).into(),
            nth.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = entries.into_iter().map(row).collect();
    bulk::insert(work.db(), "posting", &COLUMNS, rows).await
}

/// How many entries the holdings have by now that these move. Counting goes on under the locks of whoever writes, so that it is the
/// order in which money moved; the clock was read before they were had.
async fn counted(work: &Work, community: CommunityId, entries: &[Entry]) -> Answer<BTreeMap<BillId, i32>> {
    #[derive(FromQueryResult)]
    struct Row {
        held_id: BillId,
        nth: i32,
    }
    let mut held: Vec<BillId> = entries.iter().filter_map(|entry| entry.posting.held()).collect();
    held.sort_unstable();
    held.dedup();
    let mut counted = BTreeMap::new();
    for some in held.chunks(2_000) {
        let rows: Vec<Row> = Sql::new("SELECT held_id, MAX(held_nth) AS nth FROM posting WHERE community_id = ")
            .bind(community)
            .add(" AND held_id IN ")
            .list(some.iter().copied())
            .add(" GROUP BY held_id")
            .all(work.db())
            .await?;
        counted.extend(rows.into_iter().map(|row| (row.held_id, row.nth)));
    }
    Ok(counted)
}
