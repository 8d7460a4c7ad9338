//! The board of a tariff's prices: the tree of places, and which price each has from when to when.

use std::collections::HashMap;

use common::charging::api::{ListPrices, PriceBoard, PricePlace, PriceScope, PriceView};
use common::charging::price::PriceScopeKind;
use common::id::{BuildingId, CommunityId, EntranceId, UnitId};
use common::period::Day;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::price::{BUILDING, PriceRecord, SELECT};
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Who};

#[derive(FromQueryResult)]
struct PlaceRow {
    building_id: Option<BuildingId>,
    building: Option<String>,
    entrance_id: Option<EntranceId>,
    entrance: Option<String>,
    units: i64,
}

#[derive(FromQueryResult)]
struct UnitRow {
    id: UnitId,
    label: String,
    building_id: Option<BuildingId>,
}

#[derive(FromQueryResult)]
struct FloorRow {
    building_id: BuildingId,
    floor: i32,
    units: i64,
}

#[derive(FromQueryResult)]
struct Named {
    name: String,
}

/// The prices of a tariff and the tree that they hang on.
pub(super) async fn list_prices(app: App, who: Who, ask: ListPrices) -> Answer<PriceBoard> {
    let (db, community) = (app.db(), ask.community);
    let day = today(db, community, app.now()).await?;
    let rows: Vec<PriceRecord> = Sql::new(SELECT)
        .push(
            " WHERE p.community_id = ? AND p.tariff_id = ? AND (p.to_day IS NULL OR p.to_day > p.from_day) AND (p.scope = ?",
            [community.into(), ask.tariff.into(), PriceScopeKind::Community.word().into()],
        )
        .add(" OR (1 = 1")
        .within(BUILDING, &who.scope.buildings(community))
        .push(")) ORDER BY p.from_day, p.id", [])
        .all(db)
        .await?;
    let prices = rows
        .into_iter()
        .map(|row| {
            let (scope, rate) = (row.scope()?, row.rate()?);
            Ok(PriceView { id: row.id, scope, rate, from: row.from_day, to: row.to_day, reason: row.reason, set_by: row.set_by })
        })
        .collect::<Answer<Vec<_>>>()?;
    let places = places(db, &who, &ask, day, &prices).await?;
    Ok(PriceBoard { places, prices })
}

/// Community, then each building with its entrances, and the floors and units that have prices of their own.
async fn places<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    ask: &ListPrices,
    day: Day,
    prices: &[PriceView],
) -> Answer<Vec<PricePlace>> {
    let community = ask.community;
    let name: Named = Sql::new("")
        .push("SELECT name FROM community WHERE id = ?", [community.into()])
        .one(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    let scope = who.scope.buildings(community);
    let charged = "EXISTS (SELECT 1 FROM charge c WHERE c.community_id = u.community_id AND c.unit_id = u.id AND c.tariff_id = ? \
         AND c.from_day <= ? AND (c.to_day IS NULL OR c.to_day > ?))";
    let charged_by = || -> [Value; 3] { [ask.tariff.into(), day.into(), day.into()] };
    let buildings: Vec<PlaceRow> =
        Sql::new("SELECT b.id AS building_id, b.name AS building, e.id AS entrance_id, e.name AS entrance,")
            .push(" (SELECT COUNT(*) FROM unit u WHERE u.community_id = b.community_id AND u.building_id = b.id", [])
            .push(" AND (e.id IS NULL OR u.entrance_id = e.id) AND ", [])
            .push(charged, charged_by())
            .push(
                ") AS units FROM building b LEFT JOIN entrance e ON e.community_id = b.community_id AND e.building_id = b.id",
                [],
            )
            .push(" WHERE b.community_id = ?", [community.into()])
            .within("b.id", &scope)
            .push(" ORDER BY b.sort_key, b.id, e.name", [])
            .all(db)
            .await?;
    let all: Vec<PlaceRow> =
        Sql::new("SELECT u.building_id, NULL AS building, NULL AS entrance_id, NULL AS entrance, COUNT(*) AS units FROM unit u")
            .push(" WHERE u.community_id = ? AND ", [community.into()])
            .push(charged, charged_by())
            .within("u.building_id", &scope)
            .push(" GROUP BY u.building_id", [])
            .all(db)
            .await?;
    let in_building: HashMap<Option<BuildingId>, u64> =
        all.iter().map(|row| (row.building_id, row.units.unsigned_abs())).collect();
    let units = units_of(db, community, prices).await?;
    let floors: Vec<FloorRow> = Sql::new("").push("SELECT u.building_id, u.floor, COUNT(*) AS units FROM unit u WHERE u.community_id = ? AND u.floor IS NOT NULL AND u.building_id IN ", [community.into()])
        .list(prices.iter().filter_map(|price| match price.scope {
            PriceScope::Floor { building, .. } => Some(building),
            _ => None,
        }))
        .push(" AND ", [])
        .push(charged, charged_by())
        .push(" GROUP BY u.building_id, u.floor", [])
        .all(db)
        .await?;
    let mut places =
        vec![PricePlace { scope: PriceScope::Community, name: name.name, building: None, units: in_building.values().sum() }];
    let mut last = None;
    for row in &buildings {
        let Some(building) = row.building_id else { continue };
        if last != Some(building) {
            last = Some(building);
            let name = row.building.clone().unwrap_or_default();
            places.push(PricePlace {
                scope: PriceScope::Building { building },
                name,
                building: None,
                units: in_building.get(&Some(building)).copied().unwrap_or(0),
            });
            places.extend(narrower(building, prices, &floors, &units));
        }
        if let Some(entrance) = row.entrance_id {
            let name = row.entrance.clone().unwrap_or_default();
            places.push(PricePlace {
                scope: PriceScope::Entrance { entrance },
                name,
                building: Some(building),
                units: row.units.unsigned_abs(),
            });
        }
    }
    let outside = units.iter().filter(|unit| unit.building_id.is_none());
    places.extend(outside.map(|unit| PricePlace {
        scope: PriceScope::Unit { unit: unit.id },
        name: unit.label.clone(),
        building: None,
        units: 1,
    }));
    Ok(places)
}

/// Floors and units of a building that have a price.
fn narrower(building: BuildingId, prices: &[PriceView], floors: &[FloorRow], units: &[UnitRow]) -> Vec<PricePlace> {
    let mut priced: Vec<i16> = prices
        .iter()
        .filter_map(|price| match price.scope {
            PriceScope::Floor { building: of, floor } if of == building => Some(floor),
            _ => None,
        })
        .collect();
    priced.sort_unstable();
    priced.dedup();
    let mut places: Vec<PricePlace> = priced
        .into_iter()
        .map(|floor| {
            let row = floors.iter().find(|row| row.building_id == building && row.floor == i32::from(floor));
            PricePlace {
                scope: PriceScope::Floor { building, floor },
                name: floor.to_string(),
                building: Some(building),
                units: row.map_or(0, |row| row.units.unsigned_abs()),
            }
        })
        .collect();
    let of_building = units.iter().filter(|unit| unit.building_id == Some(building));
    places.extend(of_building.map(|unit| PricePlace {
        scope: PriceScope::Unit { unit: unit.id },
        name: unit.label.clone(),
        building: Some(building),
        units: 1,
    }));
    places
}

async fn units_of<C: ConnectionTrait>(db: &C, community: CommunityId, prices: &[PriceView]) -> Answer<Vec<UnitRow>> {
    let mut found = Vec::new();
    let units: Vec<UnitId> = prices
        .iter()
        .filter_map(|price| match price.scope {
            PriceScope::Unit { unit } => Some(unit),
            _ => None,
        })
        .collect();
    for some in units.chunks(1_000) {
        let rows: Vec<UnitRow> = Sql::new("")
            .push("SELECT id, label, building_id FROM unit WHERE community_id = ? AND id IN ", [community.into()])
            .list(some.iter().copied())
            .push(" ORDER BY sort_key", [])
            .all(db)
            .await?;
        found.extend(rows);
    }
    found.dedup_by_key(|row| row.id);
    Ok(found)
}
