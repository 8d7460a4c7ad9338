//! The list of prepayments and deposits, and what they add up to.

use common::api::{Listing as _, Page, Paging};
use common::approvals::flow::DeedKind;
use common::cashier::api::{HeldFilter, HeldRow, HeldSums, ListHeld, SumHeld};
use common::id::{BillId, CommunityId, FeeItemId, UnitId};
use common::money::Money;
use common::period::Day;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::LEFT;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, approvals, estate};

#[derive(FromQueryResult)]
pub(super) struct Row {
    bill_id: BillId,
    number: String,
    kind: String,
    fee_item_id: FeeItemId,
    fee_item_name: String,
    pays_for_name: Option<String>,
    unit_id: UnitId,
    unit_label: String,
    payer: String,
    since: Day,
    taken_fen: Money,
    offset_fen: Money,
    refunded_fen: Money,
    left_fen: Money,
}

/// What stands of a holding `h` in every list.
pub(super) fn columns() -> String {
    format!(
        "SELECT h.bill_id, b.number, h.kind, h.fee_item_id, f.name AS fee_item_name, o.name AS pays_for_name, h.unit_id, \
         u.label AS unit_label, h.payer, h.since, h.taken_fen, h.offset_fen, h.refunded_fen, {LEFT} AS left_fen FROM held h"
    )
}

/// The bill, unit and fee items of a holding `h`.
pub(super) const JOINS: &str = " JOIN bill b ON b.community_id = h.community_id AND b.id = h.bill_id \
     JOIN unit u ON u.community_id = h.community_id AND u.id = h.unit_id \
     JOIN fee_item f ON f.community_id = h.community_id AND f.id = h.fee_item_id \
     LEFT JOIN fee_item o ON o.community_id = f.community_id AND o.id = h.pays_for";

/// The unit of a holding `h`, by which it is in somebody's scope.
const UNIT: &str = " JOIN unit u ON u.community_id = h.community_id AND u.id = h.unit_id";

/// A page of holdings, the latest first.
pub(in crate::cashier) async fn list_held(app: App, who: Who, ask: ListHeld) -> Answer<Page<HeldRow>> {
    let paging = ask.paging();
    let buildings = who.scope.buildings(ask.community);
    let total = count(app.db(), &buildings, &SumHeld::from(&ask)).await?;
    let rows = page(app.db(), &buildings, &ask, &paging).await?;
    Ok(Page { more: total > paging.offset() + rows.len() as u64, rows, total: Some(total) })
}

/// What the filtered holdings add up to.
pub(in crate::cashier) async fn sum_held(app: App, who: Who, ask: SumHeld) -> Answer<HeldSums> {
    sums(app.db(), &who.scope.buildings(ask.community), &ask).await
}

/// Some of the holdings that the filters find.
pub(super) async fn page<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    ask: &ListHeld,
    paging: &Paging,
) -> Answer<Vec<HeldRow>> {
    let order = match paging.order() {
        Some(("since", false)) => "h.since, h.bill_id",
        Some(("unit", false)) => "u.sort_key, h.since DESC, h.bill_id",
        Some(("unit", true)) => "u.sort_key DESC, h.since DESC, h.bill_id",
        Some(("left_fen", false)) => "left_fen, h.bill_id",
        Some(("left_fen", true)) => "left_fen DESC, h.bill_id",
        Some(("taken_fen", false)) => "h.taken_fen, h.bill_id",
        Some(("taken_fen", true)) => "h.taken_fen DESC, h.bill_id",
        _ => "h.since DESC, h.bill_id DESC",
    };
    let rows: Vec<Row> = filter(Sql::new(&columns()).add(JOINS), buildings, &SumHeld::from(ask))
        .add(" ORDER BY ")
        .add(order)
        .page(u64::from(paging.size), paging.offset())
        .all(db)
        .await?;
    shown(db, ask.community, rows).await
}

/// With what waits for approval about each.
pub(super) async fn shown<C: ConnectionTrait>(db: &C, community: CommunityId, rows: Vec<Row>) -> Answer<Vec<HeldRow>> {
    let mut waits = approvals::waits(db, community, rows.iter().map(|row| row.bill_id)).await?;
    let shown = |row: Row| {
        let marks = waits.remove(&row.bill_id).unwrap_or_default();
        Ok(HeldRow {
            waits: marks.iter().find(|mark| mark.kind == DeedKind::Refund).map(|mark| mark.approval),
            bill: row.bill_id,
            bill_number: row.number,
            kind: row.kind.parse().map_err(Failure::broken)?,
            fee_item: row.fee_item_id,
            fee_item_name: row.fee_item_name,
            pays_for_name: row.pays_for_name,
            unit: row.unit_id,
            unit_label: row.unit_label,
            payer: row.payer,
            since: row.since,
            taken_fen: row.taken_fen,
            offset_fen: row.offset_fen,
            refunded_fen: row.refunded_fen,
            left_fen: row.left_fen,
        })
    };
    rows.into_iter().map(shown).collect()
}

/// How many the filters find.
pub(super) async fn count<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &SumHeld) -> Answer<u64> {
    filter(Sql::new("SELECT COUNT(*) FROM held h").add(UNIT), buildings, ask).number(db).await
}

async fn sums<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &SumHeld) -> Answer<HeldSums> {
    #[derive(FromQueryResult)]
    struct Sums {
        holdings: i64,
        taken_fen: Money,
        offset_fen: Money,
        refunded_fen: Money,
        left_fen: Money,
    }
    let sum = |of: &str| format!("CAST(COALESCE(SUM({of}), 0) AS bigint)");
    let select = format!(
        "SELECT COUNT(*) AS holdings, {} AS taken_fen, {} AS offset_fen, {} AS refunded_fen, {} AS left_fen FROM held h",
        sum("h.taken_fen"),
        sum("h.offset_fen"),
        sum("h.refunded_fen"),
        sum(LEFT)
    );
    let found: Option<Sums> = filter(Sql::new(&select).add(UNIT), buildings, ask).one(db).await?;
    Ok(found.map_or_else(HeldSums::default, |sums| HeldSums {
        holdings: sums.holdings,
        taken_fen: sums.taken_fen,
        offset_fen: sums.offset_fen,
        refunded_fen: sums.refunded_fen,
        left_fen: sums.left_fen,
    }))
}

/// Those whose payment was voided as a whole hold nothing and are in no list.
fn filter(select: Sql, buildings: &Buildings, ask: &SumHeld) -> Sql {
    let search = ask.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
    let state = match ask.state {
        Some(HeldFilter::Held) => " AND h.taken_fen > h.offset_fen + h.refunded_fen".to_owned(),
        Some(HeldFilter::Gone) => format!(" AND {LEFT} = 0"),
        None => String::new(),
    };
    let sql = select
        .add(" WHERE h.taken_fen > 0 AND h.community_id = ")
        .bind(ask.community)
        .within("u.building_id", buildings)
        .add(&state)
        .some(" AND h.kind = ?", ask.kind.map(common::cashier::HeldKind::word))
        .some(" AND h.fee_item_id = ?", ask.fee_item)
        .some(" AND h.unit_id = ?", ask.unit)
        .some(" AND h.since >= ?", ask.from)
        .some(" AND h.since <= ?", ask.to);
    let Some(search) = search else { return sql };
    sql.add(" AND (h.bill_id IN (")
        .join(
            Sql::new("SELECT id FROM bill WHERE community_id = ")
                .bind(ask.community)
                .starts(" AND number", &search.to_uppercase()),
        )
        .add(" UNION ")
        .join(Sql::new("SELECT bill_id FROM held WHERE community_id = ").bind(ask.community).starts(" AND payer", search))
        .add(") OR h.unit_id IN (")
        .join(estate::rooms(ask.community, search))
        .add("))")
}
