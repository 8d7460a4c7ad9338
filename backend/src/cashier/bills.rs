//! The bills that a payment touches: locked, looked at, and their paid and open amounts brought along.

use common::cashier::oldest_first::Owed;
use common::cashier::settle::BillAmount;
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::FromQueryResult;

use crate::sql::Sql;
use crate::{Answer, Who, Work};

/// What a payment's postings need to know of a bill.
#[derive(Clone, FromQueryResult)]
pub(super) struct Billed {
    pub id: BillId,
    pub number: String,
    pub unit_id: UnitId,
    pub building_id: Option<BuildingId>,
    pub fee_item_id: FeeItemId,
    pub month: i32,
    pub period_from: Day,
    pub open_fen: Money,
    pub state: String,
}

const COLUMNS: &str = "b.id, b.number, b.unit_id, b.building_id, b.fee_item_id, b.month, b.period_from, b.open_fen, b.state";

/// Locks the bills in the order of their ids, so that two payments can't wait for each other, and reads them. SQLite's
/// writing transaction is the lock. 404 where one is missing or out of scope.
pub(super) async fn lock(work: &Work, who: &Who, community: CommunityId, bills: &[BillId]) -> Answer<Vec<Billed>> {
    let rows = Sql::new("SELECT ")
        .push(COLUMNS, [])
        .push(" FROM bill b WHERE b.community_id = ? AND b.id IN ", [community.into()])
        .list(bills.iter().copied())
        .within("b.building_id", &who.scope.buildings(community))
        .push(" ORDER BY b.id", [])
        .push(if work.is_postgres() { " FOR UPDATE" } else { "" }, [])
        .all::<Billed, _>(work.db())
        .await?;
    if rows.len() != bills.len() {
        return Err(Problem::not_found().into());
    }
    Ok(rows)
}

/// The chosen bills and all open ones of the same units and fee items, for the decision.
pub(super) async fn with_earlier(work: &Work, community: CommunityId, chosen: &[Billed]) -> Answer<Vec<Owed>> {
    let open = Sql::new("SELECT ")
        .push(COLUMNS, [])
        .push(
            " FROM bill b WHERE b.community_id = ? AND b.state <> 'void' AND b.open_fen > 0 AND b.unit_id IN ",
            [community.into()],
        )
        .list(chosen.iter().map(|bill| bill.unit_id))
        .push(" AND b.fee_item_id IN ", [])
        .list(chosen.iter().map(|bill| bill.fee_item_id))
        .all::<Billed, _>(work.db())
        .await?;
    let gone = chosen.iter().filter(|bill| open.iter().all(|other| other.id != bill.id)).cloned();
    Ok(gone.map(|bill| Billed { open_fen: Money::ZERO, ..bill }).chain(open.iter().cloned()).map(Owed::from).collect())
}

/// Brings paid, open and state of the bills along with a payment; refused where one is not as it was seen.
pub(super) async fn pay(work: &Work, community: CommunityId, lines: &[BillAmount]) -> Answer<()> {
    let changed = Sql::new("WITH line (id, amount, seen) AS (VALUES ")
        .push(
            &vec!["(?, ?, ?)"; lines.len()].join(", "),
            lines.iter().flat_map(|line| [line.bill.into(), line.amount_fen.into(), line.open_fen.into()]),
        )
        .push(") UPDATE bill SET paid_fen = bill.paid_fen + line.amount, open_fen = bill.open_fen - line.amount,", [])
        .push(" state = CASE WHEN bill.open_fen = line.amount THEN 'settled' ELSE 'part' END FROM line", [])
        .push(
            " WHERE bill.community_id = ? AND bill.id = line.id AND bill.open_fen = line.seen AND bill.state <> 'void'",
            [community.into()],
        )
        .run(work.db())
        .await?
        .rows_affected();
    if usize::try_from(changed) != Ok(lines.len()) {
        return Err(Problem::conflict("conflict", "A bill changed while it was being paid").into());
    }
    Ok(())
}

/// Opens the bills again that a payment had paid.
pub(super) async fn reopen(work: &Work, community: CommunityId, lines: &[(BillId, Money)]) -> Answer<()> {
    let changed = Sql::new("WITH line (id, amount) AS (VALUES ")
        .push(&vec!["(?, ?)"; lines.len()].join(", "), lines.iter().flat_map(|(bill, amount)| [(*bill).into(), (*amount).into()]))
        .push(") UPDATE bill SET paid_fen = bill.paid_fen - line.amount, open_fen = bill.open_fen + line.amount,", [])
        .push(" state = CASE WHEN bill.paid_fen = line.amount THEN 'open' ELSE 'part' END FROM line", [])
        .push(
            " WHERE bill.community_id = ? AND bill.id = line.id AND bill.paid_fen >= line.amount AND bill.state <> 'void'",
            [community.into()],
        )
        .run(work.db())
        .await?
        .rows_affected();
    if usize::try_from(changed) != Ok(lines.len()) {
        return Err(Problem::conflict("conflict", "A bill changed while its payment was being voided").into());
    }
    Ok(())
}

impl From<Billed> for Owed {
    fn from(bill: Billed) -> Self {
        let open_fen = if bill.state == "void" { Money::ZERO } else { bill.open_fen };
        Self {
            bill: bill.id,
            number: bill.number,
            unit: bill.unit_id,
            fee_item: bill.fee_item_id,
            from: bill.period_from,
            open_fen,
        }
    }
}
