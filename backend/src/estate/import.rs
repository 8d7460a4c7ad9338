//! The estate's part of an import: what is there already, and the rows of buildings, entrances and units.

use std::collections::{HashMap, HashSet};

use common::estate::draft::{EstateDraft, UnitDraft};
use common::estate::field::{CustomField, FieldOf};
use common::estate::name;
use common::id::{BuildingId, CommunityId, EntranceId, UnitId};
use common::problem::FieldProblem;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Value};
use uuid::Uuid;

use super::{building, custom, entrance, field};
use crate::sql::Sql;
use crate::{Answer, Failure, Work, bulk};

/// What of an estate is there already.
pub struct Known {
    buildings: HashMap<String, BuildingId>,
    entrances: HashMap<(BuildingId, String), EntranceId>,
    codes: HashSet<String>,
    fields: Vec<CustomField>,
}

/// Reads what is there.
pub async fn known<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Known> {
    #[derive(FromQueryResult)]
    struct Coded {
        code: String,
    }
    let buildings = building::Entity::find().filter(building::Column::CommunityId.eq(community)).all(db).await?;
    let entrances = entrance::Entity::find().filter(entrance::Column::CommunityId.eq(community)).all(db).await?;
    let codes: Vec<Coded> = Sql::new("SELECT code FROM unit WHERE community_id = ").bind(community).all(db).await?;
    Ok(Known {
        fields: field::fields(db, community, FieldOf::Unit).await?,
        buildings: buildings.into_iter().map(|row| (row.name, row.id)).collect(),
        entrances: entrances.into_iter().map(|row| ((row.building_id, row.name), row.id)).collect(),
        codes: codes.into_iter().map(|row| row.code).collect(),
    })
}

impl Known {
    /// Units of the draft that are there already and values that custom fields can't hold, by cell.
    pub fn problems(&self, draft: &EstateDraft) -> Vec<FieldProblem> {
        let there = draft.units.iter().filter(|unit| self.codes.contains(&draft.code(unit)));
        there
            .map(|unit| FieldProblem::new(&unit.at, "estate.unit_exists").with("unit", draft.label(unit)))
            .chain(custom::draft_problems(&self.fields, draft))
            .collect()
    }

    /// How many buildings of the draft are there already.
    pub fn buildings_known(&self, draft: &EstateDraft) -> usize {
        draft.buildings.iter().filter(|building| self.buildings.contains_key(&building.name)).count()
    }
}

/// Writes the buildings, entrances and units of a draft that has no problems; returns the units' ids in its order.
pub async fn bring_in(work: &Work, community: CommunityId, known: &Known, draft: &EstateDraft) -> Answer<Vec<UnitId>> {
    let mut new_buildings = Vec::new();
    let mut new_entrances = Vec::new();
    let mut places = Vec::with_capacity(draft.buildings.len());
    for building in &draft.buildings {
        let id = known.buildings.get(&building.name).copied().unwrap_or_else(|| {
            let id = BuildingId(Uuid::now_v7());
            new_buildings.push(vec![
                community.into(),
                id.into(),
                Value::from(building.name.clone()),
                Value::from(name::sort_key(&building.name)),
            ]);
            id
        });
        let mut entrances = Vec::with_capacity(building.entrances.len());
        for entrance in &building.entrances {
            let entrance_id = known.entrances.get(&(id, entrance.clone())).copied().unwrap_or_else(|| {
                let entrance_id = EntranceId(Uuid::now_v7());
                new_entrances.push(vec![community.into(), entrance_id.into(), id.into(), Value::from(entrance.clone())]);
                entrance_id
            });
            entrances.push(entrance_id);
        }
        places.push((id, entrances));
    }
    bulk::insert(work.db(), "building", &["community_id", "id", "name", "sort_key"], new_buildings).await?;
    bulk::insert(work.db(), "entrance", &["community_id", "id", "building_id", "name"], new_entrances).await?;
    let ids: Vec<UnitId> = draft.units.iter().map(|_| UnitId(Uuid::now_v7())).collect();
    let mut rows = Vec::with_capacity(draft.units.len());
    for (unit, id) in draft.units.iter().zip(&ids) {
        let at = |place: Option<u32>| place.and_then(|place| usize::try_from(place).ok());
        let building = at(unit.building).and_then(|place| places.get(place));
        let entrance = at(unit.entrance).and_then(|place| building?.1.get(place).copied());
        rows.push(row(work, community, *id, building.map(|building| building.0), entrance, draft, unit)?);
    }
    bulk::insert(work.db(), "unit", COLUMNS, rows).await?;
    custom::bring_in(work, community, &known.fields, draft, &ids).await?;
    Ok(ids)
}

const COLUMNS: &[&str] = &[
    "community_id",
    "id",
    "building_id",
    "entrance_id",
    "floor",
    "room",
    "code",
    "label",
    "search_key",
    "sort_key",
    "kind",
    "state",
    "billed_area",
    "inner_area",
    "heads",
    "layout",
    "decoration",
    "handed_over",
    "property_value_fen",
    "facts",
    "created_at",
];

fn row(
    work: &Work,
    community: CommunityId,
    id: UnitId,
    building: Option<BuildingId>,
    entrance: Option<EntranceId>,
    draft: &EstateDraft,
    unit: &UnitDraft,
) -> Result<Vec<Value>, Failure> {
    let code = draft.code(unit);
    Ok(vec![
        community.into(),
        id.into(),
        building.into(),
        entrance.into(),
        unit.floor.into(),
        unit.room.clone().into(),
        code.clone().into(),
        draft.label(unit).into(),
        name::search_key(&code).into(),
        name::sort_key(&code).into(),
        unit.kind.into(),
        unit.state.into(),
        unit.billed_area.into(),
        unit.inner_area.into(),
        unit.heads.into(),
        unit.layout.clone().into(),
        unit.decoration.into(),
        unit.handed_over.into(),
        unit.property_value_fen.into(),
        serde_json::to_string(&unit.facts)?.into(),
        work.at.into(),
    ])
}
