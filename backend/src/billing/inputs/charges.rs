//! Which unit pays by which tariff, and what contracts say of it.

use common::billing::api::GetRunInputs;
use common::billing::inputs::{RunCharges, RunInputs, RunRent, RunSales};
use common::charging::proration::number_of;
use common::id::{ChargeId, TariffId, UnitId};
use common::period::{Day, Month, Period};
use sea_orm::{ConnectionTrait, FromQueryResult, StreamTrait};

use super::Places;
use super::scope::among;
use crate::sql::Sql;
use crate::{Answer, charging};

#[derive(FromQueryResult)]
struct ChargeRow {
    id: ChargeId,
    unit_id: UnitId,
    tariff_id: TariffId,
    from_day: Day,
    to_day: Option<Day>,
}

pub(super) async fn charges<C: StreamTrait>(
    db: &C,
    ask: &GetRunInputs,
    period: Period,
    places: &mut Places,
) -> Answer<RunCharges> {
    let sql = Sql::new("SELECT id, unit_id, tariff_id, from_day, to_day FROM charge")
        .push(" WHERE community_id = ? AND from_day < ? AND (to_day IS NULL OR (to_day > ? AND to_day > from_day)) AND tariff_id IN ", [
            ask.community.into(),
            period.to.into(),
            period.from.into(),
        ])
        .list(places.tariffs.keys().copied());
    let mut rows: Vec<ChargeRow> = Vec::new();
    let take = |row| {
        rows.push(row);
        Ok(())
    };
    among(sql, "unit_id", ask).each(db, take).await?;
    // Put in order here: SQLite would put all of them in order before it hands over the first.
    rows.sort_unstable_by_key(|row| (row.from_day, row.id));
    let mut charges = RunCharges::default();
    places.charges.reserve(rows.len());
    for row in rows {
        if let (Some(unit), Some(tariff)) = (places.units.get(&row.unit_id), places.tariffs.get(&row.tariff_id)) {
            charges.id.push(row.id);
            places.charges.insert(row.id, u32::try_from(charges.unit.len()).unwrap_or(u32::MAX));
            charges.unit.push(*unit);
            charges.tariff.push(*tariff);
            charges.from.push(number_of(row.from_day));
            charges.to.push(row.to_day.map(number_of));
        }
    }
    Ok(charges)
}

/// What contracts say of these charges, and the sales that some of them ask for.
pub(super) async fn contracts<C: ConnectionTrait>(db: &C, inputs: &mut RunInputs, period: Period, places: &Places) -> Answer<()> {
    let tariffs: Vec<TariffId> = places.tariffs.keys().copied().collect();
    let rents = charging::rents(db, inputs.community, &tariffs, period).await?;
    let rents = rents.into_iter().filter_map(|(charge, rent)| Some(RunRent { charge: *places.charges.get(&charge)?, rent }));
    inputs.rents = rents.collect();
    inputs.rents.sort_unstable_by_key(|rent| rent.charge);
    if inputs.rents.iter().any(|rent| rent.rent.turnover.is_some()) {
        let months = (Month::of(period.from), Month::of(period.last_day()));
        let sales = charging::sales(db, inputs.community, months).await?;
        let sales = sales.into_iter();
        let of = |(unit, month, sales_fen)| Some(RunSales { unit: *places.units.get(&unit)?, month, sales_fen });
        inputs.sales = sales.filter_map(of).collect();
    }
    Ok(())
}
