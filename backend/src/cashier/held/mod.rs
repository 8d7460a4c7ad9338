//! Owners' money that is held: a row per prepayment or deposit, brought along with its bill, with what it pays and what goes back.

mod export;
mod list;
mod offset;
mod record;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use common::cashier::api::DeskHolding;
use common::cashier::held::{Holding, Use};
use common::cashier::{HeldKind, Posting};
use common::id::{BillId, CommunityId, FeeItemId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

pub(super) use export::held as export;
pub(super) use list::{list_held, sum_held};
pub(super) use offset::{run_done, uses};
pub(super) use record::show_held;
pub(super) use take::{bills as take, items};

use super::posting;
use crate::sql::Sql;
use crate::{Answer, Failure, Work, charging};

/// What is left of a holding `h`.
pub(super) const LEFT: &str = "(h.taken_fen - h.offset_fen - h.refunded_fen)";

#[derive(FromQueryResult)]
struct Row {
    bill_id: BillId,
    kind: String,
    pays_for: Option<FeeItemId>,
    since: Day,
    left_fen: Money,
}

impl Row {
    fn holding(self) -> Answer<Holding> {
        let kind = self.kind.parse::<HeldKind>().map_err(Failure::broken)?;
        Ok(Holding { bill: self.bill_id, kind, pays_for: self.pays_for, since: self.since, left_fen: self.left_fen })
    }
}

/// What is held of some units, locked; the oldest first.
pub(super) async fn lock(work: &Work, community: CommunityId, units: &[UnitId]) -> Answer<Vec<Holding>> {
    let rows: Vec<Row> = of_units(community, units)
        .add(" ORDER BY h.bill_id")
        .add(if work.is_postgres() { " FOR UPDATE OF h" } else { "" })
        .all(work.db())
        .await?;
    rows.into_iter().map(Row::holding).collect()
}

fn of_units(community: CommunityId, units: &[UnitId]) -> Sql {
    Sql::new(&format!("SELECT h.bill_id, h.kind, f.pays_for, h.since, {LEFT} AS left_fen FROM held h"))
        .add(" JOIN fee_item f ON f.community_id = h.community_id AND f.id = h.fee_item_id WHERE h.community_id = ")
        .bind(community)
        .add(&format!(" AND {LEFT} > 0 AND h.unit_id IN "))
        .list(units.iter().copied())
}

/// Takes from holdings what they pay; refused where one has less by now.
pub(super) async fn spend(work: &Work, community: CommunityId, uses: &[Use]) -> Answer<()> {
    let mut spent: BTreeMap<BillId, i64> = BTreeMap::new();
    for one in uses {
        *spent.entry(one.held).or_default() += one.amount().fen();
    }
    book(work, community, Column::Offset, &spent).await
}

/// What a change of a holding counts as.
#[derive(Clone, Copy)]
pub(super) enum Column {
    Offset,
    Refunded,
}

/// Adds to what holdings paid or gave back; below zero takes it back. A holding never gives more than it has.
pub(super) async fn book(work: &Work, community: CommunityId, column: Column, amounts: &BTreeMap<BillId, i64>) -> Answer<()> {
    if amounts.is_empty() {
        return Ok(());
    }
    let column = match column {
        Column::Offset => "offset_fen",
        Column::Refunded => "refunded_fen",
    };
    let lines = vec!["(?, ?)"; amounts.len()].join(", ");
    let values = amounts.iter().flat_map(|(bill, amount)| -> [Value; 2] { [(*bill).into(), (*amount).into()] });
    let changed = Sql::new("WITH line (id, amount) AS (VALUES ")
        .push(&lines, values)
        .add(&format!(") UPDATE held SET {column} = held.{column} + line.amount FROM line WHERE held.community_id = "))
        .bind(community)
        .add(" AND held.bill_id = line.id AND held.taken_fen - held.offset_fen - held.refunded_fen >= line.amount")
        .run(work.db())
        .await?
        .rows_affected();
    if usize::try_from(changed) != Ok(amounts.len()) {
        return Err(Problem::conflict("conflict", "What is held changed at this very moment").into());
    }
    Ok(())
}

/// Brings what is held along with what is paid on bills for it: called whenever something was paid on bills or taken back. `since` and
/// `payer` are kept from the first time.
pub(super) async fn follow(
    work: &Work,
    community: CommunityId,
    bills: impl IntoIterator<Item = (BillId, FeeItemId)>,
    payer: &str,
    since: Day,
) -> Answer<()> {
    let bills: Vec<(BillId, FeeItemId)> = bills.into_iter().collect();
    let mut fee_items: Vec<FeeItemId> = bills.iter().map(|(_, fee_item)| *fee_item).collect();
    fee_items.sort_unstable();
    fee_items.dedup();
    let held = charging::held_items(work.db(), community, fee_items).await?;
    let of_held: Vec<BillId> = bills.iter().filter(|(_, fee_item)| held.contains_key(fee_item)).map(|(bill, _)| *bill).collect();
    for some in of_held.chunks(2_000) {
        Sql::new("INSERT INTO held (community_id, bill_id, kind, fee_item_id, unit_id, building_id, payer, since, taken_fen)")
            .add(" SELECT b.community_id, b.id, CASE f.kind WHEN 'deposit' THEN 'deposit' ELSE 'prepaid' END, b.fee_item_id,")
            .push(" b.unit_id, b.building_id, ?, ?, b.paid_fen FROM bill b", [payer.into(), since.into()])
            .add(" JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id WHERE b.community_id = ")
            .bind(community)
            .add(" AND b.id IN ")
            .list(some.iter().copied())
            .add(" ON CONFLICT (community_id, bill_id) DO UPDATE SET taken_fen = excluded.taken_fen")
            .run(work.db())
            .await?;
    }
    Ok(())
}

/// The entries by which what payments brought in for bills of held money is held from then on. `paid` are those by which it came in.
pub(super) async fn to_hold(work: &Work, community: CommunityId, paid: &[posting::Entry]) -> Answer<Vec<posting::Entry>> {
    let fee_items: BTreeSet<FeeItemId> = paid.iter().map(|entry| entry.fee_item).collect();
    let held = charging::held_items(work.db(), community, fee_items).await?;
    let entries = paid.iter().filter_map(|entry| {
        let kind = held.get(&entry.fee_item).copied().and_then(HeldKind::of)?;
        let posting = Posting::to_hold(kind, entry.posting.amount(), entry.posting.bill())?;
        Some(posting::Entry { posting, ..*entry })
    });
    Ok(entries.collect())
}

/// What holdings have left, by their bills, locked; only those that exist.
pub(super) async fn left(work: &Work, community: CommunityId, bills: &[BillId]) -> Answer<BTreeMap<BillId, Money>> {
    #[derive(FromQueryResult)]
    struct Left {
        bill_id: BillId,
        left_fen: Money,
    }
    let rows: Vec<Left> = Sql::new(&format!("SELECT h.bill_id, {LEFT} AS left_fen FROM held h WHERE h.community_id = "))
        .bind(community)
        .add(" AND h.bill_id IN ")
        .list(bills.iter().copied())
        .add(" ORDER BY h.bill_id")
        .add(if work.is_postgres() { " FOR UPDATE" } else { "" })
        .all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.bill_id, row.left_fen)).collect())
}

/// The number of a bill.
pub(super) async fn number(work: &Work, community: CommunityId, bill: BillId) -> Answer<String> {
    #[derive(FromQueryResult)]
    struct Number {
        number: String,
    }
    let row: Option<Number> = Sql::new("SELECT number FROM bill")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), bill.into()])
        .one(work.db())
        .await?;
    Ok(row.map(|row| row.number).unwrap_or_default())
}

/// The holdings of a household at the desk, the oldest first.
pub(super) async fn at_desk<C: ConnectionTrait>(db: &C, community: CommunityId, units: &[UnitId]) -> Answer<Vec<DeskHolding>> {
    #[derive(FromQueryResult)]
    struct Shown {
        bill_id: BillId,
        kind: String,
        pays_for: Option<FeeItemId>,
        pays_for_name: Option<String>,
        since: Day,
        left_fen: Money,
        unit_id: UnitId,
        unit_label: String,
        number: String,
        fee_item_name: String,
        payer: String,
    }
    let rows: Vec<Shown> =
        Sql::new(&format!("SELECT h.bill_id, h.kind, f.pays_for, o.name AS pays_for_name, h.since, {LEFT} AS left_fen,"))
            .add(" h.unit_id, u.label AS unit_label, b.number, f.name AS fee_item_name, h.payer FROM held h")
            .add(list::JOINS)
            .add(" WHERE h.community_id = ")
            .bind(community)
            .add(&format!(" AND {LEFT} > 0 AND h.unit_id IN "))
            .list(units.iter().copied())
            .add(" ORDER BY h.since, h.bill_id")
            .page(500, 0)
            .all(db)
            .await?;
    rows.into_iter()
        .map(|row| {
            let holding =
                Row { bill_id: row.bill_id, kind: row.kind, pays_for: row.pays_for, since: row.since, left_fen: row.left_fen };
            Ok(DeskHolding {
                holding: holding.holding()?,
                unit: row.unit_id,
                unit_label: row.unit_label,
                bill_number: row.number,
                fee_item_name: row.fee_item_name,
                pays_for_name: row.pays_for_name,
                payer: row.payer,
            })
        })
        .collect()
}
