//! The buildings and single units that a run is for: what was asked, as far as the caller sees it.

use common::billing::api::GetRunInputs;
use common::id::{BuildingId, CommunityId, UnitId};
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, Buildings, Who};

/// The buildings and single units that a run is for, given what was asked and what the caller sees. Single units stand for
/// themselves: all of them are seen, or none of it is done.
pub async fn seen_by<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    (buildings, mut units): (Vec<BuildingId>, Vec<UnitId>),
) -> Answer<(Vec<BuildingId>, Vec<UnitId>)> {
    if units.is_empty() {
        let mut buildings = in_scope(who, community, buildings)?;
        buildings.sort_unstable();
        buildings.dedup();
        return Ok((buildings, units));
    }
    units.sort_unstable();
    units.dedup();
    let seen = Sql::new("SELECT COUNT(*) AS number FROM unit WHERE community_id = ")
        .bind(community)
        .within("building_id", &who.scope.buildings(community))
        .add(" AND id IN ")
        .list(units.iter().copied())
        .number(db)
        .await?;
    if usize::try_from(seen).ok() == Some(units.len()) { Ok((Vec::new(), units)) } else { Err(Problem::not_found().into()) }
}

/// The buildings that a run is for, given what was asked and what the caller sees; none named means the whole community.
pub(super) fn in_scope(who: &Who, community: CommunityId, asked: Vec<BuildingId>) -> Answer<Vec<BuildingId>> {
    match who.scope.buildings(community) {
        Buildings::All => Ok(asked),
        Buildings::Only(own) if own.is_empty() => Err(Problem::not_found().into()),
        Buildings::Only(own) if asked.is_empty() => Ok(own),
        Buildings::Only(own) if asked.iter().all(|building| own.contains(building)) => Ok(asked),
        Buildings::Only(_) => Err(Problem::not_found().into()),
    }
}

/// Where a unit is.
pub(super) async fn building_of<C: ConnectionTrait>(db: &C, community: CommunityId, unit: UnitId) -> Answer<Option<BuildingId>> {
    #[derive(FromQueryResult)]
    struct Row {
        building_id: Option<BuildingId>,
    }
    let row: Option<Row> = Sql::new("SELECT building_id FROM unit WHERE community_id = ")
        .bind(community)
        .add(" AND id = ")
        .bind(unit)
        .one(db)
        .await?;
    row.map(|row| row.building_id).ok_or_else(|| Problem::not_found().into())
}

/// The buildings that the run's units stand in.
pub(super) async fn scope<C: ConnectionTrait>(db: &C, ask: &GetRunInputs) -> Answer<Buildings> {
    #[derive(FromQueryResult)]
    struct Row {
        building_id: BuildingId,
    }
    if ask.units.is_empty() {
        return Ok(if ask.buildings.is_empty() { Buildings::All } else { Buildings::Only(ask.buildings.clone()) });
    }
    let sql =
        Sql::new("SELECT DISTINCT building_id FROM unit WHERE building_id IS NOT NULL AND community_id = ").bind(ask.community);
    let rows: Vec<Row> = among(sql, "id", ask).all(db).await?;
    Ok(Buildings::Only(rows.into_iter().map(|row| row.building_id).collect()))
}

/// Adds: only what is about the run's single units, where it is for such.
pub(super) fn among(sql: Sql, column: &str, ask: &GetRunInputs) -> Sql {
    if ask.units.is_empty() {
        return sql;
    }
    sql.add(&format!(" AND {column} IN ")).list(ask.units.iter().copied())
}
