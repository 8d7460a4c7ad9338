//! The bills that a payment touches: locked, looked at, and their paid and open amounts brought along.

use std::collections::HashMap;

use common::cashier::HeldKind;
use common::cashier::oldest_first::Owed;
use common::cashier::settle::Laid;
use common::charging::tariff::FeeItemKind;
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::billing::{Late, late_fees};
use crate::sql::Sql;
use crate::{Answer, Failure, Who, Work};

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
    pub due_day: Day,
    pub amount_fen: Money,
    pub open_fen: Money,
    pub late_charged_fen: Money,
    pub late_paid_fen: Money,
    pub late_waived_fen: Money,
    pub state: String,
    pub fee_item_kind: String,
    /// What a bill written for something else was written for.
    pub source_id: Option<Uuid>,
}

pub(super) const COLUMNS: &str = "b.id, b.number, b.unit_id, b.building_id, b.fee_item_id, b.month, b.period_from, b.due_day, b.amount_fen, \
     b.open_fen, b.late_charged_fen, b.late_paid_fen, b.late_waived_fen, b.state, b.source_id, \
     (SELECT f.kind FROM fee_item f WHERE f.community_id = b.community_id AND f.id = b.fee_item_id) AS fee_item_kind";

/// Whether something is to be paid of a bill `b`, principal or late fee that was charged.
pub(super) const OPEN: &str =
    "b.state <> 'void' AND (b.open_fen > 0 OR b.late_charged_fen > b.late_paid_fen + b.late_waived_fen)";

impl Billed {
    /// What its late fee depends on.
    pub(super) fn late(&self) -> Late {
        Late {
            bill: self.id,
            fee_item: self.fee_item_id,
            due_day: self.due_day,
            amount: self.amount_fen,
            open: self.open_fen,
            charged: self.late_charged_fen,
            paid: self.late_paid_fen,
            waived: self.late_waived_fen,
        }
    }

    /// The kind of its fee item.
    pub(super) fn kind(&self) -> Answer<FeeItemKind> {
        FeeItemKind::from_word(&self.fee_item_kind)
            .ok_or_else(|| Failure::broken(format!("fee item kind {:?}", self.fee_item_kind)))
    }

    /// What money for it is held as; `None` where it is earned.
    pub(super) fn held(&self) -> Answer<Option<HeldKind>> {
        Ok(HeldKind::of(self.kind()?))
    }

    pub(super) fn owed(self, late: &HashMap<BillId, Money>) -> Owed {
        let open_fen = if self.state == "void" { Money::ZERO } else { self.open_fen };
        Owed {
            bill: self.id,
            number: self.number,
            unit: self.unit_id,
            fee_item: self.fee_item_id,
            from: self.period_from,
            open_fen,
            late_fee_fen: late.get(&self.id).copied().unwrap_or_default(),
        }
    }
}

/// Locks the bills in the order of their ids, so that two payments can't wait for each other, and reads them. SQLite's
/// writing transaction is the lock. 404 where one is missing or out of scope.
pub(super) async fn lock(work: &Work, who: &Who, community: CommunityId, bills: &[BillId]) -> Answer<Vec<Billed>> {
    let rows = Sql::new("SELECT ")
        .push(COLUMNS, [])
        .push(" FROM bill b WHERE b.community_id = ? AND b.id IN ", [community.into()])
        .list(bills.iter().copied())
        .within("b.building_id", &who.scope.buildings(community))
        .push(" ORDER BY b.id", [])
        .push(if work.is_postgres() { " FOR UPDATE OF b" } else { "" }, [])
        .all::<Billed, _>(work.db())
        .await?;
    if rows.len() != bills.len() {
        return Err(Problem::not_found().into());
    }
    Ok(rows)
}

/// The late fee that is due on bills today.
pub(super) async fn due(work: &Work, community: CommunityId, today: Day, bills: &[Billed]) -> Answer<HashMap<BillId, Money>> {
    let late = late_fees(work.db(), community, today, bills.iter().map(Billed::late)).await?;
    Ok(late.into_iter().map(|(bill, late)| (bill, late.due)).collect())
}

/// The chosen bills and all open ones of the same units and fee items, for the decision.
pub(super) async fn with_earlier(work: &Work, community: CommunityId, today: Day, chosen: &[Billed]) -> Answer<Vec<Owed>> {
    let open = Sql::new("SELECT ")
        .push(COLUMNS, [])
        .push(" FROM bill b WHERE b.community_id = ? AND ", [community.into()])
        .push(OPEN, [])
        .push(" AND b.unit_id IN ", [])
        .list(chosen.iter().map(|bill| bill.unit_id))
        .push(" AND b.fee_item_id IN ", [])
        .list(chosen.iter().map(|bill| bill.fee_item_id))
        .all::<Billed, _>(work.db())
        .await?;
    let gone = chosen.iter().filter(|bill| open.iter().all(|other| other.id != bill.id));
    let gone: Vec<Billed> = gone.map(|bill| Billed { open_fen: Money::ZERO, ..bill.clone() }).collect();
    let late = due(work, community, today, &open).await?;
    Ok(gone.into_iter().chain(open).map(|bill| bill.owed(&late)).collect())
}

/// What a payment does to a bill, in both directions.
#[derive(Clone, Copy)]
pub(super) struct Moved {
    pub laid: Laid,
    /// Late fee that it charged.
    pub charged: Money,
}

impl Moved {
    /// Whether something else has settled late fee that this charged: it would be charged to nothing without it. `booked` is what
    /// is charged and not settled now.
    pub(super) fn rests(&self, booked: Money) -> bool {
        booked.fen() + self.laid.late.fen() < self.charged.fen()
    }
}

/// Brings paid, open and state of the bills along with a payment; refused where one is not as it was seen.
pub(super) async fn pay(work: &Work, community: CommunityId, lines: &[(Moved, Money)]) -> Answer<()> {
    let changed = Sql::new("WITH line (id, amount, late, charged, seen) AS (VALUES ")
        .push(
            &vec!["(?, ?, ?, ?, ?)"; lines.len()].join(", "),
            lines.iter().flat_map(|(Moved { laid, charged }, seen)| {
                [laid.bill.into(), laid.principal.into(), laid.late.into(), (*charged).into(), (*seen).into()]
            }),
        )
        .push(") UPDATE bill SET paid_fen = bill.paid_fen + line.amount, open_fen = bill.open_fen - line.amount,", [])
        .push(" late_charged_fen = bill.late_charged_fen + line.charged, late_paid_fen = bill.late_paid_fen + line.late,", [])
        .push(" state = CASE WHEN bill.open_fen = line.amount THEN 'settled' WHEN line.amount = 0 THEN bill.state ELSE 'part' END FROM line", [])
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

/// Opens the bills again that a payment had paid, and takes the late fee back that it charged.
pub(super) async fn reopen(work: &Work, community: CommunityId, lines: &[Moved]) -> Answer<()> {
    let changed = Sql::new("WITH line (id, amount, late, charged) AS (VALUES ")
        .push(
            &vec!["(?, ?, ?, ?)"; lines.len()].join(", "),
            lines.iter().flat_map(|Moved { laid, charged }| {
                [laid.bill.into(), laid.principal.into(), laid.late.into(), (*charged).into()]
            }),
        )
        .push(") UPDATE bill SET paid_fen = bill.paid_fen - line.amount, open_fen = bill.open_fen + line.amount,", [])
        .push(" late_charged_fen = bill.late_charged_fen - line.charged, late_paid_fen = bill.late_paid_fen - line.late,", [])
        .push(" state = CASE WHEN bill.open_fen + line.amount = 0 THEN 'settled'", [])
        .push(" WHEN bill.paid_fen - line.amount = 0 THEN 'open' ELSE 'part' END FROM line", [])
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
