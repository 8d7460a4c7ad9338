//! Voiding bills on which nothing was paid: opposite postings, never a deletion; readings and shares are free again.

use common::api::Done;
use common::billing::api::VoidBills;
use common::id::{BillId, BuildingId, FeeItemId, UnitId};
use common::money::Money;
use common::problem::Problem;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::write::{self, About};
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Who, metering};

#[derive(FromQueryResult)]
struct Row {
    id: BillId,
    number: String,
    unit_id: UnitId,
    building_id: Option<BuildingId>,
    fee_item_id: FeeItemId,
    month: i32,
    amount_fen: Money,
    paid_fen: Money,
    waived_fen: Money,
    late_charged_fen: Money,
    state: String,
    posting_id: Uuid,
}

/// Voids bills, all or none.
pub(super) async fn void_bills(app: App, who: Who, ask: VoidBills) -> Answer<Done> {
    let mut bills = ask.bills.clone();
    bills.sort_unstable();
    bills.dedup();
    let work = app.begin(&who).await?;
    let rows: Vec<Row> = Sql::new("SELECT b.id, b.number, b.unit_id, b.building_id, b.fee_item_id, b.month, b.amount_fen, b.paid_fen, b.waived_fen, b.late_charged_fen, b.state,")
        .push(" p.id AS posting_id FROM bill b JOIN posting p ON p.community_id = b.community_id AND p.bill_id = b.id", [])
        .push(" AND p.debit = 'receivable' AND p.credit = 'income' AND p.reverses_id IS NULL", [])
        .push(" WHERE b.community_id = ? AND b.id IN ", [ask.community.into()])
        .list(bills.iter().copied())
        .within("b.building_id", &who.scope.buildings(ask.community))
        .push(" ORDER BY b.id", [])
        .push(if work.is_postgres() { " FOR UPDATE OF b" } else { "" }, [])
        .all(work.db())
        .await?;
    if rows.len() != bills.len() {
        return Err(Problem::not_found().into());
    }
    if let Some(paid) = rows.iter().find(|row| !row.paid_fen.is_zero() || !row.waived_fen.is_zero()) {
        return Err(Problem::conflict("billing.paid", "Something was paid on the bill").with("number", &paid.number).into());
    }
    if let Some(late) = rows.iter().find(|row| !row.late_charged_fen.is_zero()) {
        let problem = Problem::conflict("billing.late_fee_waived", "Late fee of the bill was paid or let go");
        return Err(problem.with("number", &late.number).into());
    }
    if let Some(void) = rows.iter().find(|row| row.state == "void") {
        return Err(Problem::conflict("billing.void_already", "The bill is void already").with("number", &void.number).into());
    }
    let day = today(work.db(), ask.community, work.at).await?;
    let opposites: Vec<(About, Money, Uuid)> = rows
        .iter()
        .map(|row| {
            let about =
                About { month: row.month, unit: row.unit_id, building: row.building_id, fee_item: row.fee_item_id, bill: row.id };
            (about, row.amount_fen, row.posting_id)
        })
        .collect();
    write::opposites(&work, ask.community, day, &opposites).await?;
    Sql::new("UPDATE bill SET state = 'void', open_fen = 0")
        .push(" WHERE community_id = ? AND id IN ", [ask.community.into()])
        .list(bills.iter().copied())
        .run(work.db())
        .await?;
    metering::free(&work, ask.community, &bills).await?;
    for bill in &bills {
        work.record(Some(ask.community), "billing.void", bill.0, None::<&()>, Some(&ask.reason)).await?;
    }
    work.commit().await?;
    Ok(Done {})
}
