//! Sums over whole communities, buildings and entrances, for formulas of a run that is for a part of them.

use common::billing::api::GetRunInputs;
use common::billing::inputs::{RunTariff, RunWhole, RunWholePlace};
use common::formula::{Formula, Variable};
use common::id::{BuildingId, CommunityId, EntranceId};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{Asked, Places};
use crate::Answer;
use crate::sql::Sql;

/// The sums of the whole community, where the run is for a part of it and a formula asks for them; those of buildings and entrances
/// as well, where it is for a part of these.
pub(super) async fn whole<C: ConnectionTrait>(
    db: &C,
    ask: &GetRunInputs,
    tariffs: &[RunTariff],
    places: &Places,
    asked: Asked,
) -> Answer<Option<RunWhole>> {
    let asks = |tariff: &RunTariff, of: &[Variable]| {
        Formula::names_in(&tariff.rules.formula).iter().any(|variable| of.contains(variable))
    };
    let ask_for = |of: &[Variable]| tariffs.iter().any(|tariff| asks(tariff, of));
    let around = !ask.units.is_empty() && ask_for(&[Variable::BuildingArea, Variable::BuildingUnits, Variable::EntranceArea]);
    let community = (!ask.units.is_empty() || !ask.buildings.is_empty())
        // A trial may bring a formula of its own.
        && (asked.is_trial() || ask_for(&[Variable::CommunityArea, Variable::CommunityUnits]));
    if !around && !community {
        return Ok(None);
    }
    let all: Vec<Sums> = sums(db, ask.community, "community_id", [ask.community.0].into_iter()).await?;
    let mut whole =
        all.first().map(|sums| RunWhole { area: sums.area, units: sums.units, ..RunWhole::default() }).unwrap_or_default();
    if around {
        let buildings = sums(db, ask.community, "building_id", places.buildings.keys().map(|id| id.0)).await?;
        let place = |sums: &Sums| places.buildings.get(&BuildingId(sums.id)).copied();
        whole.buildings = buildings.iter().filter_map(|sums| Some(sums.at(place(sums)?))).collect();
        let entrances = sums(db, ask.community, "entrance_id", places.entrances.keys().map(|id| id.0)).await?;
        let place = |sums: &Sums| places.entrances.get(&EntranceId(sums.id)).copied();
        whole.entrances = entrances.iter().filter_map(|sums| Some(sums.at(place(sums)?))).collect();
    }
    Ok(Some(whole))
}

/// What the units of a place come to.
#[derive(FromQueryResult)]
struct Sums {
    id: Uuid,
    units: i64,
    area: i64,
}

impl Sums {
    fn at(&self, place: u32) -> RunWholePlace {
        RunWholePlace { place, area: self.area, units: self.units }
    }
}

async fn sums<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    column: &str,
    of: impl Iterator<Item = Uuid>,
) -> Answer<Vec<Sums>> {
    Sql::new(&format!(
        "SELECT {column} AS id, COUNT(*) AS units, CAST(COALESCE(SUM(billed_area), 0) AS bigint) AS area FROM unit WHERE community_id = "
    ))
    .bind(community)
    .add(&format!(" AND {column} IN "))
    .list(of)
    .add(&format!(" GROUP BY {column}"))
    .all(db)
    .await
}
