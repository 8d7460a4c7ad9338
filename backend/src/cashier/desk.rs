//! A household at the desk.

use std::collections::HashMap;

use common::approvals::api::WaitingMark;
use common::cashier::api::{Desk, DeskUnit, OpenBill, OpenDesk};
use common::cashier::settle::BILLS_MOST;
use common::charging::tariff::FeeItemKind;
use common::id::{BillId, BuildingId, FeeItemId, ResidentId, UnitId};
use common::money::Money;
use common::period::{Day, Month};
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::FromQueryResult;

use super::{bills, held, order, payment};
use crate::billing::{Late, PAYER, late_fees};
use crate::sql::Sql;
use crate::{Answer, App, Who, approvals, organisation};

/// The most units of one owner whose bills stand together.
const UNITS_MOST: u64 = 100;
/// The latest payments shown beside the bills.
const HISTORY: u64 = 8;

#[derive(FromQueryResult)]
struct UnitRow {
    id: UnitId,
    code: String,
    label: String,
    kind: String,
    billed_area: Option<Quantity>,
    handed_over: Option<Day>,
    heads: i64,
}

#[derive(FromQueryResult)]
struct OwnerRow {
    id: ResidentId,
    name: String,
    phone: Option<String>,
}

#[derive(FromQueryResult)]
struct BillRow {
    id: BillId,
    number: String,
    unit_id: UnitId,
    unit_label: String,
    fee_item_id: FeeItemId,
    fee_item_name: String,
    fee_item_kind: String,
    payer: Option<String>,
    month: i32,
    period_from: Day,
    period_to: Day,
    due_day: Day,
    amount_fen: Money,
    waived_fen: Money,
    paid_fen: Money,
    open_fen: Money,
    late_charged_fen: Money,
    late_paid_fen: Money,
    late_waived_fen: Money,
}

#[derive(FromQueryResult)]
struct Sum {
    open_fen: Money,
}

/// What stands of a unit in every query below.
const UNIT: &str = "u.id, u.code, u.label, u.kind, u.billed_area, u.handed_over, CAST(COALESCE(u.heads, (SELECT COUNT(*) FROM occupancy h \
     WHERE h.community_id = u.community_id AND h.unit_id = u.id AND h.from_day <= ? AND (h.to_day IS NULL OR h.to_day > ?))) AS bigint) AS heads";

/// Who is here, what they owe in all their units, and what they paid last.
pub(super) async fn open_desk(app: App, who: Who, ask: OpenDesk) -> Answer<Desk> {
    let db = app.db();
    let buildings = who.scope.buildings(ask.community);
    let today = organisation::today(db, ask.community, app.now()).await?;
    let unit = Sql::new("SELECT ")
        .push(UNIT, [today.into(), today.into()])
        .push(" FROM unit u WHERE u.community_id = ? AND u.id = ?", [ask.community.into(), ask.unit.into()])
        .within("u.building_id", &buildings)
        .one::<UnitRow, _>(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    let owners = Sql::new("SELECT r.id, r.name, r.phone FROM occupancy o JOIN resident r ON r.community_id = o.community_id AND r.id = o.resident_id")
        .push(" WHERE o.community_id = ? AND o.unit_id = ? AND o.role = 'owner'", [ask.community.into(), ask.unit.into()])
        .push(" AND o.from_day <= ? AND (o.to_day IS NULL OR o.to_day > ?) ORDER BY o.from_day, o.id", [today.into(), today.into()])
        .all::<OwnerRow, _>(db)
        .await?;
    let others = Sql::new("SELECT ")
        .push(UNIT, [today.into(), today.into()])
        .push(" FROM unit u WHERE u.community_id = ? AND u.id <> ?", [ask.community.into(), ask.unit.into()])
        .push(
            " AND u.id IN (SELECT o.unit_id FROM occupancy o WHERE o.community_id = ? AND o.role = 'owner'",
            [ask.community.into()],
        )
        .push(" AND o.from_day <= ? AND (o.to_day IS NULL OR o.to_day > ?) AND o.resident_id IN ", [today.into(), today.into()])
        .list(owners.iter().map(|owner| owner.id))
        .push(")", [])
        .within("u.building_id", &buildings)
        .push(" ORDER BY u.sort_key, u.id", [])
        .page(UNITS_MOST, 0)
        .all::<UnitRow, _>(db)
        .await?;
    let units: Vec<UnitId> = std::iter::once(unit.id).chain(others.iter().map(|other| other.id)).collect();

    let owed = |columns: &str| {
        Sql::new("SELECT ")
            .push(columns, [])
            .push(" FROM bill b JOIN unit u ON u.community_id = b.community_id AND u.id = b.unit_id", [])
            .push(" JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id", [])
            .push(" WHERE b.community_id = ? AND ", [ask.community.into()])
            .push(bills::OPEN, [])
            .push(" AND b.unit_id IN ", [])
            .list(units.iter().copied())
    };
    let columns = format!(
        "b.id, b.number, b.unit_id, u.label AS unit_label, b.fee_item_id, f.name AS fee_item_name, f.kind AS fee_item_kind, b.month, \
         b.period_from, b.period_to, b.due_day, b.amount_fen, b.waived_fen, b.paid_fen, b.open_fen, \
         b.late_charged_fen, b.late_paid_fen, b.late_waived_fen, {PAYER}"
    );
    let mut bills = owed(&columns)
        .push(" ORDER BY b.due_day, b.period_from, f.sort, u.sort_key, b.number", [])
        .page(BILLS_MOST as u64 + 1, 0)
        .all::<BillRow, _>(db)
        .await?;
    let open = owed("CAST(COALESCE(SUM(b.open_fen), 0) AS bigint) AS open_fen").one::<Sum, _>(db).await?;
    let more = bills.len() > BILLS_MOST;
    bills.truncate(BILLS_MOST);
    let late = late_fees(db, ask.community, today, bills.iter().map(BillRow::late)).await?;
    let late: HashMap<BillId, Money> = late.into_iter().map(|(bill, late)| (bill, late.due)).collect();
    let mut waits = approvals::waits(db, ask.community, bills.iter().map(|bill| bill.id)).await?;
    let (history, payments) = payment::latest(db, ask.community, &units, HISTORY).await?;
    let owner = owners.into_iter().next();
    Ok(Desk {
        today,
        handed_over: unit.handed_over,
        heads: i32::try_from(unit.heads).unwrap_or(i32::MAX),
        unit: unit.into(),
        phone_masked: owner.as_ref().and_then(|owner| masked(owner.phone.as_deref()?)),
        owner: owner.map(|owner| owner.name),
        others: others.into_iter().map(Into::into).collect(),
        late_fee_fen: Money::sum(late.values().copied()).ok_or_else(|| crate::Failure::broken("late fees that do not fit"))?,
        order: order::of_community(db, ask.community).await?,
        bills: bills.into_iter().map(|bill| bill.shown(&late, &mut waits)).collect::<Answer<_>>()?,
        more,
        open_fen: open.map_or(Money::ZERO, |sum| sum.open_fen),
        held: held::at_desk(db, ask.community, &units).await?,
        held_items: held::items(db, ask.community).await?,
        history,
        payments,
    })
}

/// A stored phone as it is shown.
fn masked(phone: &str) -> Option<String> {
    phone.parse::<common::person::Phone>().ok().map(|phone| phone.masked())
}

/// Who owns a unit on a day: the first where there are several; empty where nobody does.
pub(super) async fn payer<C: sea_orm::ConnectionTrait>(
    db: &C,
    community: common::id::CommunityId,
    unit: UnitId,
    day: Day,
) -> Answer<String> {
    let owner = Sql::new("SELECT r.id, r.name, r.phone FROM occupancy o JOIN resident r ON r.community_id = o.community_id AND r.id = o.resident_id")
        .push(" WHERE o.community_id = ? AND o.unit_id = ? AND o.role = 'owner'", [community.into(), unit.into()])
        .push(" AND o.from_day <= ? AND (o.to_day IS NULL OR o.to_day > ?) ORDER BY o.from_day, o.id LIMIT 1", [day.into(), day.into()])
        .one::<OwnerRow, _>(db)
        .await?;
    Ok(owner.map(|owner| owner.name).unwrap_or_default())
}

/// Holds a unit against others who take money for it, until this is done. SQLite's writing transaction is the lock.
pub(super) async fn lock_unit(work: &crate::Work, community: common::id::CommunityId, unit: UnitId) -> Answer<()> {
    if work.is_postgres() {
        Sql::new("SELECT id FROM unit")
            .push(" WHERE community_id = ? AND id = ? FOR NO KEY UPDATE", [community.into(), unit.into()])
            .run(work.db())
            .await?;
    }
    Ok(())
}

/// A unit in scope and its building; 404 where there is none.
pub(super) async fn unit_in_scope<C: sea_orm::ConnectionTrait>(
    db: &C,
    who: &Who,
    community: common::id::CommunityId,
    unit: UnitId,
) -> Answer<Option<BuildingId>> {
    #[derive(FromQueryResult)]
    struct Row {
        building_id: Option<BuildingId>,
    }
    let row = Sql::new("SELECT building_id FROM unit u")
        .push(" WHERE u.community_id = ? AND u.id = ?", [community.into(), unit.into()])
        .within("u.building_id", &who.scope.buildings(community))
        .one::<Row, _>(db)
        .await?;
    Ok(row.ok_or_else(Problem::not_found)?.building_id)
}

impl From<UnitRow> for DeskUnit {
    fn from(row: UnitRow) -> Self {
        Self { unit: row.id, code: row.code, label: row.label, kind: row.kind, area: row.billed_area }
    }
}

impl BillRow {
    fn late(&self) -> Late {
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

    fn shown(self, late: &HashMap<BillId, Money>, waits: &mut HashMap<BillId, Vec<WaitingMark>>) -> Answer<OpenBill> {
        let row = self;
        Ok(OpenBill {
            late_fee_fen: late.get(&row.id).copied().unwrap_or_default(),
            waits: waits.remove(&row.id).unwrap_or_default(),
            bill: row.id,
            number: row.number,
            unit: row.unit_id,
            unit_label: row.unit_label,
            fee_item: row.fee_item_id,
            fee_item_name: row.fee_item_name,
            fee_item_kind: FeeItemKind::from_word(&row.fee_item_kind)
                .ok_or_else(|| crate::Failure::broken(format!("fee item kind {:?}", row.fee_item_kind)))?,
            payer: row.payer,
            month: Month::from_number(row.month).ok_or_else(|| crate::Failure::broken("a bill's month"))?,
            period_from: row.period_from,
            period_to: row.period_to,
            due_day: row.due_day,
            amount_fen: row.amount_fen,
            waived_fen: row.waived_fen,
            paid_fen: row.paid_fen,
            open_fen: row.open_fen,
        })
    }
}
