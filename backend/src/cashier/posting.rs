//! The append-only postings, as rows.

use common::cashier::Posting;
use common::id::{BuildingId, CommunityId, FeeItemId, PaymentId, PostingId, RefundId, UnitId};
use common::period::Day;
use sea_orm::Value;
use uuid::Uuid;

use super::bills::Billed;
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

const COLUMNS: [&str; 17] = [
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
];

/// Writes postings; nothing ever changes or deletes them.
pub(super) async fn write(work: &Work, community: CommunityId, entries: Vec<Entry>) -> Answer<u64> {
    let row = |entry: Entry| -> Vec<Value> {
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
        ]
    };
    let rows: Vec<Vec<Value>> = entries.into_iter().map(row).collect();
    bulk::insert(work.db(), "posting", &COLUMNS, rows).await
}
