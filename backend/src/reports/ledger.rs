//! Receivable, waived, received and outstanding by month, building and fee item.

use common::id::{BuildingId, FeeItemId};
use common::money::Money;
use common::period::Month;
use common::reports::api::{AskLedger, Grouping, Ledger, LedgerRow, LedgerSums};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::sums::{Items, LATE_FEE_RECEIVED, OFFSET, OUTSTANDING, RECEIVABLE, RECEIVED, WAIVED, sum};
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who};

#[derive(FromQueryResult)]
struct Row {
    month: Option<i32>,
    building_id: Option<BuildingId>,
    building_name: Option<String>,
    fee_item_id: Option<FeeItemId>,
    fee_item_name: Option<String>,
    receivable_fen: Money,
    waived_fen: Money,
    received_fen: Money,
    offset_fen: Money,
    outstanding_fen: Money,
    late_fee_fen: Money,
}

pub(super) async fn ask_ledger(app: App, who: Who, ask: AskLedger) -> Answer<Ledger> {
    of(app.db(), &who.scope.buildings(ask.community), &ask).await
}

/// The ledger in the order of its grouping, and its total.
pub(super) async fn of<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &AskLedger) -> Answer<Ledger> {
    let rows = rows(db, buildings, ask).await?;
    let total = |of: fn(&LedgerSums) -> Money| {
        Money::sum(rows.iter().map(|row| of(&row.sums))).ok_or_else(|| Failure::broken("the ledger's total does not fit"))
    };
    let total = LedgerSums {
        receivable_fen: total(|sums| sums.receivable_fen)?,
        waived_fen: total(|sums| sums.waived_fen)?,
        received_fen: total(|sums| sums.received_fen)?,
        offset_fen: total(|sums| sums.offset_fen)?,
        outstanding_fen: total(|sums| sums.outstanding_fen)?,
        late_fee_fen: total(|sums| sums.late_fee_fen)?,
    };
    Ok(Ledger { rows, total })
}

async fn rows<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &AskLedger) -> Answer<Vec<LedgerRow>> {
    let by = |grouping| ask.by.contains(&grouping);
    let column =
        |grouping, name: &str, kind: &str| if by(grouping) { format!("p.{name}") } else { format!("CAST(NULL AS {kind})") };
    let groups: Vec<&str> = ask
        .by
        .iter()
        .map(|grouping| match grouping {
            Grouping::Month => "p.month",
            Grouping::Building => "p.building_id",
            Grouping::FeeItem => "p.fee_item_id",
        })
        .collect();
    let order: Vec<&str> = ask
        .by
        .iter()
        .map(|grouping| match grouping {
            Grouping::Month => "s.month",
            Grouping::Building => "b.sort_key IS NULL, b.sort_key, s.building_id",
            Grouping::FeeItem => "f.sort, f.name",
        })
        .collect();
    let sql = Sql::new(&format!(
        "WITH s AS (SELECT {} AS month, {} AS building_id, {} AS fee_item_id, {} AS receivable_fen, {} AS waived_fen, {} AS received_fen, {} AS offset_fen, {} AS outstanding_fen, {} AS late_fee_fen FROM posting p",
        column(Grouping::Month, "month", "integer"),
        column(Grouping::Building, "building_id", "uuid"),
        column(Grouping::FeeItem, "fee_item_id", "uuid"),
        sum(RECEIVABLE),
        sum(WAIVED),
        sum(RECEIVED),
        sum(OFFSET),
        sum(OUTSTANDING),
        sum(LATE_FEE_RECEIVED),
    ))
    .push(" WHERE p.community_id = ? AND p.month BETWEEN ? AND ?", [ask.community.into(), ask.from.number().into(), ask.to.number().into()])
    .within("p.building_id", buildings)
    .some(" AND p.building_id = ?", ask.building);
    let sql = Items::of(ask.fee_item)
        .within(sql, "p.fee_item_id", ask.community)
        .push(&if groups.is_empty() { String::new() } else { format!(" GROUP BY {}", groups.join(", ")) }, [])
        .push(") SELECT s.*, b.name AS building_name, f.name AS fee_item_name FROM s", [])
        .push(" LEFT JOIN building b ON b.community_id = ? AND b.id = s.building_id", [ask.community.into()])
        .push(" LEFT JOIN fee_item f ON f.community_id = ? AND f.id = s.fee_item_id", [ask.community.into()])
        .push(&if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) }, []);
    let rows = sql.all::<Row, _>(db).await?;
    rows.into_iter()
        .map(|row| {
            Ok(LedgerRow {
                month: row
                    .month
                    .map(|month| Month::from_number(month).ok_or_else(|| Failure::broken("a posting's month")))
                    .transpose()?,
                building: row.building_id,
                building_name: row.building_name,
                fee_item: row.fee_item_id,
                fee_item_name: row.fee_item_name,
                sums: LedgerSums {
                    receivable_fen: row.receivable_fen,
                    waived_fen: row.waived_fen,
                    received_fen: row.received_fen,
                    offset_fen: row.offset_fen,
                    outstanding_fen: row.outstanding_fen,
                    late_fee_fen: row.late_fee_fen,
                },
            })
        })
        .collect()
}
