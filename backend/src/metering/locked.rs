//! What billing tells metering: which readings and shares are billed or came to nothing, and which are free again.

use std::collections::BTreeSet;

use common::id::{ApportionmentId, BillId, CommunityId, FeeItemId, ReadingId, UnitId};
use common::metering::{Role, Utility};
use common::period::Month;
use common::problem::Problem;

use super::apportionment::LIVE;
use crate::sql::Sql;
use crate::{Answer, Work};

/// Keeps readings and pools of these fee items as they are until the transaction ends: whoever corrects, deletes or takes
/// back waits, and then finds them billed. SQLite has but one writer anyway.
pub async fn hold(work: &Work, community: CommunityId, fee_items: &[FeeItemId], utilities: &[Utility]) -> Answer<()> {
    if !work.is_postgres() {
        return Ok(());
    }
    let meters = Sql::new("SELECT id FROM meter WHERE community_id = ")
        .bind(community)
        .add(" AND (fee_item_id IN ")
        .list(fee_items.iter().copied())
        .add(" OR utility IN ")
        .list(utilities.iter().map(|utility| utility.word()))
        .add(") AND role = ")
        .bind(Role::Household.word())
        .add(" ORDER BY id FOR NO KEY UPDATE");
    meters.run(work.db()).await?;
    let pools = Sql::new("SELECT id FROM apportionment WHERE community_id = ")
        .bind(community)
        .add(" AND fee_item_id IN ")
        .list(fee_items.iter().copied())
        .add(" AND state = ")
        .bind(LIVE)
        .add(" ORDER BY id FOR NO KEY UPDATE");
    pools.run(work.db()).await?;
    Ok(())
}

/// How many pairs one statement carries.
const AT_ONCE: usize = 2_000;

/// Locks readings and shares under their bills; refused when one of them is billed by now.
pub async fn mark_billed(
    work: &Work,
    community: CommunityId,
    readings: &[(ReadingId, BillId)],
    shares: &[(ApportionmentId, UnitId, BillId)],
) -> Answer<()> {
    let mut marked = 0;
    for chunk in readings.chunks(AT_ONCE) {
        let mut sql = Sql::new("WITH now (id, bill_id) AS (VALUES ");
        for (place, (reading, bill)) in chunk.iter().enumerate() {
            sql = sql.add(if place > 0 { ", (" } else { "(" }).bind(*reading).add(", ").bind(*bill).add(")");
        }
        sql = sql
            .add(") UPDATE reading SET bill_id = now.bill_id FROM now WHERE reading.community_id = ")
            .bind(community)
            .add(" AND reading.id = now.id AND (reading.bill_id IS NULL OR EXISTS (SELECT 1 FROM reading_charged c")
            .add(" WHERE c.community_id = reading.community_id AND c.reading_id = reading.id AND c.bill_id = reading.bill_id))");
        marked += sql.run(work.db()).await?.rows_affected();
    }
    for chunk in shares.chunks(AT_ONCE) {
        let mut sql = Sql::new("WITH now (apportionment_id, unit_id, bill_id) AS (VALUES ");
        for (place, (apportionment, unit, bill)) in chunk.iter().enumerate() {
            sql = sql
                .add(if place > 0 { ", (" } else { "(" })
                .bind(*apportionment)
                .add(", ")
                .bind(*unit)
                .add(", ")
                .bind(*bill)
                .add(")");
        }
        sql = sql
            .add(") UPDATE apportionment_share SET bill_id = now.bill_id FROM now WHERE apportionment_share.community_id = ")
            .bind(community)
            .add(" AND apportionment_share.apportionment_id = now.apportionment_id AND apportionment_share.unit_id = now.unit_id")
            .add(" AND apportionment_share.bill_id IS NULL AND EXISTS (SELECT 1 FROM apportionment a WHERE a.community_id = ")
            .bind(community)
            .add(" AND a.id = now.apportionment_id AND a.state = ")
            .bind(LIVE)
            .add(")");
        marked += sql.run(work.db()).await?.rows_affected();
    }
    if marked == u64::try_from(readings.len() + shares.len()).unwrap_or(u64::MAX) {
        Ok(())
    } else {
        Err(Problem::conflict("metering.billed_meanwhile", "A reading or share was billed meanwhile").into())
    }
}

/// Locks readings under bills of fee items that go by other meters; refused when one of them is billed for it by now.
pub async fn mark_charged(work: &Work, community: CommunityId, readings: &[(ReadingId, FeeItemId, BillId)]) -> Answer<()> {
    for chunk in readings.chunks(AT_ONCE) {
        let mut sql = Sql::new("INSERT INTO reading_charged (community_id, reading_id, fee_item_id, bill_id) VALUES ");
        for (place, (reading, fee_item, bill)) in chunk.iter().enumerate() {
            sql = sql.add(if place > 0 { ", (" } else { "(" }).bind(community).add(", ").bind(*reading);
            sql = sql.add(", ").bind(*fee_item).add(", ").bind(*bill).add(")");
        }
        let marked = sql.add(" ON CONFLICT DO NOTHING").run(work.db()).await?.rows_affected();
        if marked != u64::try_from(chunk.len()).unwrap_or(u64::MAX) {
            return Err(Problem::conflict("metering.billed_meanwhile", "A reading or share was billed meanwhile").into());
        }
        let bills: BTreeSet<BillId> = chunk.iter().map(|(.., bill)| *bill).collect();
        lock_charged(work, community, &bills).await?;
    }
    Ok(())
}

/// Readings that a run of this month priced at nothing for a fee item: their months are over, until they are corrected.
pub async fn settle(work: &Work, community: CommunityId, month: Month, readings: &[(ReadingId, FeeItemId)]) -> Answer<()> {
    let by_fee_item = readings.chunk_by(|a, b| a.1 == b.1);
    for chunk in by_fee_item.flat_map(|readings| readings.chunks(AT_ONCE)) {
        let Some((_, fee_item)) = chunk.first() else { continue };
        Sql::new("INSERT INTO reading_settled (community_id, reading_id, fee_item_id, unit_id, month, usage) SELECT r.community_id, r.id, ")
            .bind(*fee_item)
            .add(", m.unit_id, ")
            .bind(month.number())
            .add(", r.usage FROM reading r JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id WHERE r.community_id = ")
            .bind(community)
            .add(" AND r.usage IS NOT NULL AND m.unit_id IS NOT NULL AND r.id IN ")
            .list(chunk.iter().map(|(reading, _)| *reading))
            .add(" ON CONFLICT (community_id, reading_id, fee_item_id) DO UPDATE SET unit_id = excluded.unit_id,")
            .add(" month = excluded.month, usage = excluded.usage")
            .run(work.db())
            .await?;
    }
    Ok(())
}

/// A reading without a bill of its own fee item is locked by one of those that go by its meter.
async fn lock_charged(work: &Work, community: CommunityId, bills: &BTreeSet<BillId>) -> Answer<()> {
    let sql = Sql::new(
        "UPDATE reading SET bill_id = (SELECT c.bill_id FROM reading_charged c WHERE c.community_id = reading.community_id",
    )
    .add(" AND c.reading_id = reading.id ORDER BY c.fee_item_id LIMIT 1) WHERE community_id = ")
    .bind(community)
    .add(" AND bill_id IS NULL AND id IN (SELECT c.reading_id FROM reading_charged c WHERE c.community_id = ")
    .bind(community)
    .add(" AND c.bill_id IN ")
    .list(bills.iter().copied())
    .add(")");
    sql.run(work.db()).await?;
    Ok(())
}

/// Frees what stood on these bills: they were voided. A reading on which bills of other fee items stand stays locked by them.
pub async fn free(work: &Work, community: CommunityId, bills: &[BillId]) -> Answer<()> {
    for chunk in bills.chunks(AT_ONCE) {
        let of = |sql: Sql| sql.bind(community).add(" AND bill_id IN ").list(chunk.iter().copied());
        unsettle(work, community, chunk).await?;
        of(Sql::new("DELETE FROM reading_charged WHERE community_id = ")).run(work.db()).await?;
        of(Sql::new("UPDATE apportionment_share SET bill_id = NULL WHERE community_id = ")).run(work.db()).await?;
        let rest = "UPDATE reading SET bill_id = (SELECT c.bill_id FROM reading_charged c WHERE c.community_id = reading.community_id \
                    AND c.reading_id = reading.id ORDER BY c.fee_item_id LIMIT 1) WHERE community_id = ";
        of(Sql::new(rest)).run(work.db()).await?;
    }
    Ok(())
}

/// What came to nothing once, and stood on one of these bills later, is open again for the bill's fee item.
async fn unsettle(work: &Work, community: CommunityId, bills: &[BillId]) -> Answer<()> {
    let charged = "SELECT c.reading_id, c.fee_item_id FROM reading_charged c WHERE c.community_id = ";
    let own = " UNION ALL SELECT r.id, m.fee_item_id FROM reading r JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id \
               WHERE r.community_id = ";
    // Where a bill by other meters locks it, the meter's own fee item stands on none.
    let is_own = " AND NOT EXISTS (SELECT 1 FROM reading_charged c WHERE c.community_id = r.community_id AND c.reading_id = r.id \
                  AND c.bill_id = r.bill_id))";
    Sql::new("DELETE FROM reading_settled WHERE community_id = ")
        .bind(community)
        .add(" AND (reading_id, fee_item_id) IN (")
        .add(charged)
        .bind(community)
        .add(" AND c.bill_id IN ")
        .list(bills.iter().copied())
        .add(own)
        .bind(community)
        .add(" AND r.bill_id IN ")
        .list(bills.iter().copied())
        .add(is_own)
        .run(work.db())
        .await?;
    Ok(())
}
