//! What is billed already, for those who change prices and contracts.

use std::collections::HashSet;

use common::billing::api::{BilledCount, BilledUnit, CountBilled, ListBilledRents, ListBilledUnits};
use common::id::{CommunityId, FeeItemId, TariffId, UnitId};
use common::period::{Day, Month};
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::inputs::LONGEST_MONTHS;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

#[derive(FromQueryResult)]
struct Counted {
    bills: i64,
    units: i64,
    period_to: Option<Day>,
}

#[derive(FromQueryResult)]
struct OfFeeItem {
    fee_item_id: FeeItemId,
}

#[derive(FromQueryResult)]
struct OfUnit {
    unit_id: UnitId,
}

#[derive(FromQueryResult)]
struct OfTariff {
    tariff_id: TariffId,
}

/// Those of these tariffs by which days are still to be billed: some charge of theirs reaches beyond the bills of its unit.
pub async fn still_to_bill<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    tariffs: &[TariffId],
) -> Answer<HashSet<TariffId>> {
    if tariffs.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<OfTariff> = Sql::new("SELECT DISTINCT c.tariff_id FROM charge c")
        .add(" JOIN tariff t ON t.community_id = c.community_id AND t.id = c.tariff_id WHERE c.community_id = ")
        .bind(community)
        .add(" AND c.tariff_id IN ")
        .list(tariffs.iter().copied())
        .add(" AND (c.to_day IS NULL OR c.to_day > c.from_day) AND NOT EXISTS (SELECT 1 FROM bill b")
        .add(" WHERE b.community_id = c.community_id AND b.unit_id = c.unit_id AND b.fee_item_id = t.fee_item_id")
        .add(" AND b.state <> 'void' AND b.source <> 'raised' AND b.period_to >= c.to_day)")
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.tariff_id).collect())
}

/// How many bills there are of a tariff's units for some days.
pub(super) async fn count_billed(app: App, who: Who, ask: CountBilled) -> Answer<BilledCount> {
    let db = app.db();
    let of: OfFeeItem = Sql::new("SELECT fee_item_id FROM tariff")
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.tariff.into()])
        .one(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    // No bill is for longer: of those that begin earlier, none reaches these days.
    let first = Month::of(ask.from).plus(-LONGEST_MONTHS);
    let counted: Option<Counted> =
        Sql::new("SELECT COUNT(*) AS bills, COUNT(DISTINCT b.unit_id) AS units, MAX(b.period_to) AS period_to FROM bill b")
            .add(" JOIN unit u ON u.community_id = b.community_id AND u.id = b.unit_id")
            .push(
                " WHERE b.community_id = ? AND b.fee_item_id = ? AND b.month >= ?",
                [ask.community.into(), of.fee_item_id.into(), first.number().into()],
            )
            .push(" AND b.state <> 'void' AND b.source <> 'raised' AND b.period_to > ?", [ask.from.into()])
            .some(" AND b.period_from < ?", ask.to)
            .within("u.building_id", &who.scope.buildings(ask.community))
            .some(" AND u.building_id = ?", ask.building)
            .some(" AND u.entrance_id = ?", ask.entrance)
            .some(" AND u.floor = ?", ask.floor.map(i32::from))
            .some(" AND b.unit_id = ?", ask.unit)
            .add(" AND EXISTS (SELECT 1 FROM charge c WHERE c.community_id = b.community_id AND c.unit_id = b.unit_id")
            .push(
                " AND c.tariff_id = ? AND c.from_day < b.period_to AND (c.to_day IS NULL OR c.to_day > b.period_from))",
                [ask.tariff.into()],
            )
            .one(db)
            .await?;
    let Some(counted) = counted else { return Ok(BilledCount::default()) };
    let (bills, units) = (counted.bills.unsigned_abs(), counted.units.unsigned_abs());
    Ok(BilledCount { bills, units, to: counted.period_to })
}

/// The units with a rent contract for which a month is billed already.
pub(super) async fn list_billed_rents(app: App, who: Who, ask: ListBilledRents) -> Answer<Vec<UnitId>> {
    let (month, period) = (ask.month, ask.month.period());
    let rows: Vec<OfUnit> = Sql::new("SELECT DISTINCT c.unit_id FROM charge_rent cr")
        .add(" JOIN charge c ON c.community_id = cr.community_id AND c.id = cr.charge_id")
        .add(" JOIN tariff t ON t.community_id = c.community_id AND t.id = c.tariff_id")
        .add(" JOIN unit u ON u.community_id = c.community_id AND u.id = c.unit_id")
        .add(" JOIN bill b ON b.community_id = c.community_id AND b.unit_id = c.unit_id AND b.fee_item_id = t.fee_item_id")
        .push(
            " WHERE cr.community_id = ? AND b.month >= ? AND b.month <= ? AND b.last_month >= ?",
            [ask.community.into(), month.plus(-LONGEST_MONTHS).number().into(), month.number().into(), month.number().into()],
        )
        .add(" AND b.state <> 'void' AND b.source <> 'raised' AND (c.to_day IS NULL OR c.to_day > b.period_from)")
        .push(" AND c.from_day < b.period_to AND b.period_from < ? AND b.period_to > ?", [period.to.into(), period.from.into()])
        .within("u.building_id", &who.scope.buildings(ask.community))
        .all(app.db())
        .await?;
    Ok(rows.into_iter().map(|row| row.unit_id).collect())
}

/// The units of which a month or a later one is billed of a fee item, and up to which month.
pub(super) async fn list_billed_units(app: App, who: Who, ask: ListBilledUnits) -> Answer<Vec<BilledUnit>> {
    #[derive(FromQueryResult)]
    struct Until {
        unit_id: UnitId,
        until: i32,
    }
    let month = ask.month.number();
    let rows: Vec<Until> = Sql::new("SELECT b.unit_id, MAX(b.last_month) AS until FROM bill b")
        .add(" JOIN unit u ON u.community_id = b.community_id AND u.id = b.unit_id")
        .push(" WHERE b.community_id = ? AND b.fee_item_id = ?", [ask.community.into(), ask.fee_item.into()])
        // Of bills that begin earlier only those for several months reach the month.
        .push(" AND (b.month >= ? OR (b.last_month > b.month AND b.last_month >= ?))", [month.into(), month.into()])
        .add(" AND b.state <> 'void' AND b.source <> 'raised'")
        .within("u.building_id", &who.scope.buildings(ask.community))
        .add(" GROUP BY b.unit_id ORDER BY b.unit_id")
        .all(app.db())
        .await?;
    let until = |row: Until| {
        let until = Month::from_number(row.until).ok_or_else(|| Failure::broken("a bill without a last month"))?;
        Ok(BilledUnit { unit: row.unit_id, until })
    };
    rows.into_iter().map(until).collect()
}
