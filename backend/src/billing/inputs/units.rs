//! The buildings and units of a run.

use common::billing::api::GetRunInputs;
use common::billing::inputs::{RunBuilding, RunHeads, RunUnits};
use common::charging::proration::number_of;
use common::estate::kind::UnitKind;
use common::id::{BuildingId, CommunityId, EntranceId, UnitId};
use common::period::Day;
use sea_orm::{ConnectionTrait, FromQueryResult, StreamTrait};

use super::Places;
use super::scope::among;
use crate::sql::Sql;
use crate::{Answer, Buildings, Failure};

#[derive(FromQueryResult)]
struct BuildingRow {
    id: BuildingId,
    name: String,
}

/// The buildings of a run.
pub(super) async fn buildings<C: ConnectionTrait>(db: &C, community: CommunityId, scope: &Buildings) -> Answer<Vec<RunBuilding>> {
    let rows: Vec<BuildingRow> = Sql::new("SELECT id, name FROM building")
        .push(" WHERE community_id = ?", [community.into()])
        .within("id", scope)
        .push(" ORDER BY sort_key, id", [])
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| RunBuilding { id: row.id, name: row.name }).collect())
}

#[derive(FromQueryResult)]
struct UnitRow {
    id: UnitId,
    label: String,
    building_id: Option<BuildingId>,
    entrance_id: Option<EntranceId>,
    floor: Option<i32>,
    billed_area: Option<i64>,
    inner_area: Option<i64>,
    property_value_fen: Option<i64>,
    heads: Option<i32>,
    kind: String,
    handed_over: Option<Day>,
}

/// The units and how many people live in each, where that is known.
pub(super) async fn units<C: StreamTrait>(
    db: &C,
    ask: &GetRunInputs,
    scope: &Buildings,
    places: &mut Places,
) -> Answer<(RunUnits, RunHeads)> {
    let sql = Sql::new("SELECT id, label, building_id, entrance_id, floor, billed_area, inner_area, property_value_fen, ")
        .add("heads, kind, handed_over FROM unit")
        .push(" WHERE community_id = ?", [ask.community.into()]);
    // Single units may stand in no building.
    let sql = if ask.units.is_empty() { sql.within("building_id", scope) } else { among(sql, "id", ask) };
    let mut units = RunUnits::default();
    let mut heads = RunHeads::default();
    let take = |row: UnitRow| {
        let place = units.len();
        places.units.insert(row.id, place);
        let next = u32::try_from(places.entrances.len()).unwrap_or(u32::MAX);
        units.id.push(row.id);
        units.label.push(row.label);
        units.building.push(row.building_id.and_then(|id| places.buildings.get(&id).copied()));
        units.entrance.push(row.entrance_id.map(|id| *places.entrances.entry(id).or_insert(next)));
        units.floor.push(row.floor.and_then(|floor| i16::try_from(floor).ok()));
        units.area.push(row.billed_area.unwrap_or(0));
        units.handed_over.push(row.handed_over.map(number_of));
        let kind = UnitKind::from_code(&row.kind).ok_or_else(|| Failure::broken(format!("unit kind {:?}", row.kind)))?;
        let heads_known = row.heads.and_then(|heads| u32::try_from(heads).ok());
        units.kind.push(kind);
        units.inner_area.push(row.inner_area.unwrap_or(0));
        units.value_fen.push(row.property_value_fen.unwrap_or(0));
        if let Some(people) = heads_known {
            heads.unit.push(place);
            heads.from.push(i32::MIN);
            heads.to.push(i32::MAX);
            heads.heads.push(people);
        }
        Ok(())
    };
    sql.push(" ORDER BY sort_key, id", []).each(db, take).await?;
    Ok((units, heads))
}
