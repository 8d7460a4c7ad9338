//! Owners' money that is held: a row per prepayment or deposit, brought along with its bill, with what it pays and what goes back.

mod by_run;
mod export;
mod list;
mod offset;
mod record;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use common::cashier::api::DeskHolding;
use common::cashier::held::{Holding, Use};
use common::cashier::{HeldKind, Posting};
use common::id::{BillId, CommunityId, FeeItemId, PaymentId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

pub(super) use by_run::{get_offset_ahead, get_run_offset, given_up, restart_offset};
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

/// A holding `h` of which nothing waits to be given back: what somebody asked for stays until that is decided. Whoever spends asks
/// [`waiting`] once the holding is locked.
pub(super) const FREE: &str = " AND NOT EXISTS (SELECT 1 FROM approval_bill w WHERE w.community_id = h.community_id \
     AND w.bill_id = h.bill_id AND w.kind = 'refund' AND w.waits)";

/// A holding with whose it is.
#[derive(FromQueryResult)]
struct OfUnit {
    bill_id: BillId,
    kind: String,
    pays_for: Option<FeeItemId>,
    since: Day,
    left_fen: Money,
    unit_id: UnitId,
    payer: String,
}

/// A holding that is locked, with its unit and who paid it in.
pub(super) struct Locked {
    pub unit: UnitId,
    pub payer: String,
    pub holding: Holding,
    /// Nothing of it waits to be given back.
    pub free: bool,
}

/// What is held of some units and under some bills, locked in the order of the bills, as everybody locks them. A request to give back is
/// put down under the same locks, so that it is looked for once they are had.
pub(super) async fn lock(work: &Work, community: CommunityId, units: &[UnitId], bills: &[BillId]) -> Answer<Vec<Locked>> {
    let rows: Vec<OfUnit> = Sql::new("SELECT h.bill_id, h.kind, h.pays_for, h.since, h.unit_id, h.payer,")
        .add(&format!(" {LEFT} AS left_fen FROM held h WHERE h.community_id = "))
        .bind(community)
        .add(" AND ((h.taken_fen > h.offset_fen + h.refunded_fen AND h.unit_id IN ")
        .list(units.iter().copied())
        .add(") OR h.bill_id IN ")
        .list(bills.iter().copied())
        .add(") ORDER BY h.bill_id")
        .add(if work.is_postgres() { " FOR UPDATE" } else { "" })
        .all(work.db())
        .await?;
    let bills: Vec<BillId> = rows.iter().map(|row| row.bill_id).collect();
    let waiting = waiting(work, community, &bills).await?;
    let locked = |row: OfUnit| {
        let (bill_id, kind, pays_for, since, left_fen) = (row.bill_id, row.kind, row.pays_for, row.since, row.left_fen);
        let holding = Row { bill_id, kind, pays_for, since, left_fen }.holding()?;
        Ok(Locked { unit: row.unit_id, payer: row.payer, holding, free: !waiting.contains_key(&bill_id) })
    };
    rows.into_iter().map(locked).collect()
}

/// How much of some holdings waits to be given back; those of which nothing does are left out.
pub(super) async fn waiting(work: &Work, community: CommunityId, bills: &[BillId]) -> Answer<BTreeMap<BillId, Money>> {
    #[derive(FromQueryResult)]
    struct Waits {
        bill_id: BillId,
        amount_fen: Money,
    }
    let rows: Vec<Waits> = Sql::new("SELECT w.bill_id, w.amount_fen FROM approval_bill w WHERE w.community_id = ")
        .bind(community)
        .add(" AND w.kind = 'refund' AND w.waits AND w.bill_id IN ")
        .list(bills.iter().copied())
        .all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.bill_id, row.amount_fen)).collect())
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

/// The first payment of a bill `b` that stands: a column of it.
fn first(column: &str) -> String {
    format!(
        "(SELECT y.{column} FROM payment_line l JOIN payment y ON y.community_id = l.community_id AND y.id = l.payment_id \
         WHERE l.community_id = b.community_id AND l.bill_id = b.id AND y.state = 'taken' ORDER BY y.at, y.id LIMIT 1)"
    )
}

/// Who owns the unit of a bill `b` when it is issued; the first where there are several.
const OWNER: &str = "(SELECT r.name FROM occupancy o JOIN resident r ON r.community_id = o.community_id AND r.id = o.resident_id \
     WHERE o.community_id = b.community_id AND o.unit_id = b.unit_id AND o.role = 'owner' AND o.from_day <= b.issued_day \
     AND (o.to_day IS NULL OR o.to_day > b.issued_day) ORDER BY o.from_day, o.id LIMIT 1)";

/// Brings what is held along with what is paid on bills for it: called once their payments are written, or taken back. Day, payer and
/// what it pays for are kept from the payment that began it.
pub(super) async fn follow(
    work: &Work,
    community: CommunityId,
    bills: impl IntoIterator<Item = (BillId, FeeItemId)>,
) -> Answer<()> {
    let bills: Vec<(BillId, FeeItemId)> = bills.into_iter().collect();
    let fee_items: BTreeSet<FeeItemId> = bills.iter().map(|(_, fee_item)| *fee_item).collect();
    let held = charging::held_items(work.db(), community, fee_items).await?;
    let of_held: Vec<BillId> = bills.iter().filter(|(_, fee_item)| held.contains_key(fee_item)).map(|(bill, _)| *bill).collect();
    let anew = |column: &str| format!("{column} = CASE WHEN held.taken_fen = 0 THEN excluded.{column} ELSE held.{column} END");
    let payer = format!("COALESCE(NULLIF({}, ''), {OWNER}, '')", first("payer"));
    for some in of_held.chunks(2_000) {
        Sql::new("INSERT INTO held (community_id, bill_id, kind, fee_item_id, unit_id, pays_for, payer, since, taken_fen)")
            .add(" SELECT b.community_id, b.id, CASE f.kind WHEN 'deposit' THEN 'deposit' ELSE 'prepaid' END, b.fee_item_id, b.unit_id,")
            .add(&format!(" f.pays_for, {payer}, COALESCE({}, b.issued_day), b.paid_fen FROM bill b", first("day")))
            .add(" JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id WHERE b.community_id = ")
            .bind(community)
            .add(" AND b.id IN ")
            .list(some.iter().copied())
            .add(" ON CONFLICT (community_id, bill_id) DO UPDATE SET taken_fen = excluded.taken_fen, ")
            .add(&[anew("payer"), anew("since"), anew("pays_for")].join(", "))
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

/// What holdings have left, by their bills, locked in one order; only those that exist.
pub(super) async fn left(work: &Work, community: CommunityId, bills: &[BillId]) -> Answer<BTreeMap<BillId, Money>> {
    let rows: Vec<Row> = Sql::new(&format!("SELECT h.bill_id, h.kind, h.pays_for, h.since, {LEFT} AS left_fen FROM held h"))
        .add(" WHERE h.community_id = ")
        .bind(community)
        .add(" AND h.bill_id IN ")
        .list(bills.iter().copied())
        .add(" ORDER BY h.bill_id")
        .add(if work.is_postgres() { " FOR UPDATE" } else { "" })
        .all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.bill_id, row.left_fen)).collect())
}

/// Holdings whose money a payment moved: those that it brought in, and those that paid for it.
pub(super) async fn moved_by(work: &Work, community: CommunityId, payment: PaymentId) -> Answer<Vec<BillId>> {
    #[derive(FromQueryResult)]
    struct Moved {
        held_id: BillId,
    }
    let rows: Vec<Moved> = Sql::new("SELECT DISTINCT p.held_id FROM posting p")
        .push(" WHERE p.community_id = ? AND p.payment_id = ? AND p.held_id IS NOT NULL", [community.into(), payment.into()])
        .all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| row.held_id).collect())
}

/// From now on these pay only where somebody at the desk says so.
pub(super) async fn by_hand(work: &Work, community: CommunityId, bills: impl IntoIterator<Item = BillId>) -> Answer<()> {
    Sql::new("")
        .push("UPDATE held SET by_hand = ? WHERE community_id = ? AND bill_id IN ", [true.into(), community.into()])
        .list(bills)
        .run(work.db())
        .await?;
    Ok(())
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
        Sql::new(&format!("SELECT h.bill_id, h.kind, h.pays_for, o.name AS pays_for_name, h.since, {LEFT} AS left_fen,"))
            .add(" h.unit_id, u.label AS unit_label, b.number, f.name AS fee_item_name, h.payer FROM held h")
            .add(list::JOINS)
            .add(" WHERE h.community_id = ")
            .bind(community)
            .add(&format!(" AND {LEFT} > 0 AND h.unit_id IN "))
            .list(units.iter().copied())
            .add(FREE)
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
