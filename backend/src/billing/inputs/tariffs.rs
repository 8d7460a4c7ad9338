//! The fee items of a run, their tariffs and prices.

use common::billing::api::GetRunInputs;
use common::billing::inputs::{RunFeeItem, RunTariff};
use common::charging::api::PriceScope;
use common::charging::price::{At, PriceRow};
use common::charging::proration::number_of;
use common::charging::tariff::FeeItemKind;
use common::id::{CommunityId, FeeItemId, TariffId};
use common::period::Period;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::Places;
use crate::sql::Sql;
use crate::{Answer, Failure, charging};

#[derive(FromQueryResult)]
struct FeeItemRow {
    id: FeeItemId,
    name: String,
    kind: String,
}

pub(super) async fn fee_items<C: ConnectionTrait>(db: &C, ask: &GetRunInputs) -> Answer<Vec<RunFeeItem>> {
    let rows: Vec<FeeItemRow> = Sql::new("SELECT id, name, kind FROM fee_item")
        .push(" WHERE community_id = ? AND active = ? AND id IN ", [ask.community.into(), true.into()])
        .list(ask.fee_items.iter().copied())
        .push(" ORDER BY sort, code", [])
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let kind =
                FeeItemKind::from_word(&row.kind).ok_or_else(|| Failure::broken(format!("fee item kind {:?}", row.kind)))?;
            Ok(RunFeeItem { id: row.id, name: row.name, kind })
        })
        .collect()
}

/// The tariffs of the fee items, their prices still to come.
pub(super) async fn tariffs<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
    places: &mut Places,
) -> Answer<Vec<RunTariff>> {
    let mut tariffs = Vec::new();
    for (tariff, place) in charging::running_tariffs(db, community, fee_items).await?.into_iter().zip(0_u16..) {
        let Some(fee_item) = places.fee_items.get(&tariff.fee_item).copied() else { continue };
        places.tariffs.insert(tariff.id, place);
        tariffs.push(RunTariff { id: tariff.id, fee_item, name: tariff.name, rules: tariff.rules, prices: Vec::new() });
    }
    Ok(tariffs)
}

/// Adds the prices in force on some day that a bill may be for; a price for a place outside the run is left out.
pub(super) async fn prices<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    period: Period,
    tariffs: &mut [RunTariff],
    places: &Places,
) -> Answer<()> {
    let ids: Vec<TariffId> = tariffs.iter().map(|tariff| tariff.id).collect();
    for row in charging::price_rows(db, community, &ids, period.from, period.to).await? {
        let at = match row.scope()? {
            PriceScope::Community => Some(At::Community),
            PriceScope::Building { building } => places.buildings.get(&building).copied().map(At::Building),
            PriceScope::Entrance { entrance } => places.entrances.get(&entrance).copied().map(At::Entrance),
            PriceScope::Floor { building, floor } => places.buildings.get(&building).map(|building| At::Floor(*building, floor)),
            PriceScope::Unit { unit } => places.units.get(&unit).copied().map(At::Unit),
        };
        let tariff = places.tariffs.get(&row.tariff_id).and_then(|place| tariffs.get_mut(usize::from(*place)));
        if let (Some(at), Some(tariff)) = (at, tariff) {
            let rate = row.rate()?;
            tariff.prices.push(PriceRow { at, from: number_of(row.from_day), to: row.to_day.map(number_of), rate });
        }
    }
    Ok(())
}
