//! Creating, changing and removing buildings and units.

use common::api::Done;
use common::estate::api::{RemoveBuilding, RemoveUnit, SaveBuilding, SaveUnit};
use common::estate::field::FieldOf;
use common::estate::name;
use common::id::{CommunityId, EntranceId};
use common::problem::Problem;
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, Set, SqlErr};

use super::{building, custom, entrance, heads, unit};
use crate::moved::{self, Moved};
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Who, Work};

pub(super) async fn save_building(app: App, who: Who, ask: SaveBuilding) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    let before = building::Entity::find_by_id((community, ask.building)).one(work.db()).await?;
    match &before {
        Some(before) => who.scope.allow(community, Some(before.id))?,
        // A new building lies in nobody's part of the community.
        None if who.scope.buildings(community) != Buildings::All => return Err(Problem::forbidden().into()),
        None => {}
    }
    let called = name::building(&ask.name);
    let after = building::ActiveModel {
        community_id: Set(community),
        id: Set(ask.building),
        name: Set(called.clone()),
        sort_key: Set(name::sort_key(&called)),
    };
    let taken = || Problem::field("name", "taken");
    match &before {
        Some(_) => drop(after.update(work.db()).await.on_taken(taken)?),
        None => drop(building::Entity::insert(after).exec_without_returning(work.db()).await.on_taken(taken)?),
    }
    save_entrances(&work, &ask).await?;
    if before.as_ref().is_some_and(|before| before.name != called) {
        rename_units(&work, &ask, &called).await?;
    }
    moved::follow(&work, community, Moved::Building(ask.building)).await?;
    work.record(Some(community), "estate.save_building", ask.building.0, before.map(|before| before.name).as_ref(), Some(&ask))
        .await?;
    work.commit().await?;
    Ok(Done {})
}

/// Adds, renames and removes entrances so that they are those of the request.
async fn save_entrances(work: &Work, ask: &SaveBuilding) -> Answer<()> {
    let community = ask.community;
    let before = entrance::Entity::find()
        .filter(entrance::Column::CommunityId.eq(community))
        .filter(entrance::Column::BuildingId.eq(ask.building))
        .all(work.db())
        .await?;
    for gone in before.iter().filter(|row| !ask.entrances.iter().any(|kept| kept.entrance == row.id)) {
        let units = units_of(work, community, gone.id).await?;
        if units > 0 {
            let problem = Problem::conflict("estate.entrance_has_units", "The entrance still has units");
            return Err(problem.with("entrance", &gone.name).with("units", units).into());
        }
        gone.clone().delete(work.db()).await?;
    }
    for (place, kept) in ask.entrances.iter().enumerate() {
        let Some(called) = name::entrance(&kept.name) else { continue };
        let known = before.iter().find(|row| row.id == kept.entrance);
        let row = entrance::ActiveModel {
            community_id: Set(community),
            id: Set(kept.entrance),
            building_id: Set(ask.building),
            name: Set(called.clone()),
        };
        let taken = || Problem::field(&format!("entrances.{place}.name"), "taken");
        match known {
            None => drop(entrance::Entity::insert(row).exec_without_returning(work.db()).await.on_taken(taken)?),
            Some(known) if known.name != called => {
                row.update(work.db()).await.on_taken(taken)?;
                let building = name::building(&ask.name);
                rename(work, ask, &building, Some((known.id, &called))).await?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

async fn units_of(work: &Work, community: CommunityId, entrance: EntranceId) -> Answer<u64> {
    Sql::new("SELECT COUNT(*) AS number FROM unit WHERE community_id = ")
        .bind(community)
        .add(" AND entrance_id = ")
        .bind(entrance)
        .number(work.db())
        .await
}

/// The codes and labels of all units of a building start with its name.
async fn rename_units(work: &Work, ask: &SaveBuilding, building: &str) -> Answer<()> {
    let entrances = entrance::Entity::find()
        .filter(entrance::Column::CommunityId.eq(ask.community))
        .filter(entrance::Column::BuildingId.eq(ask.building))
        .all(work.db())
        .await?;
    rename(work, ask, building, None).await?;
    for entrance in entrances {
        rename(work, ask, building, Some((entrance.id, &entrance.name))).await?;
    }
    Ok(())
}

/// One statement for all units of an entrance: what they are called is its name and their room.
async fn rename(work: &Work, ask: &SaveBuilding, building: &str, entrance: Option<(EntranceId, &str)>) -> Answer<()> {
    let entrance_name = entrance.map(|(_, name)| name);
    let mut rooms: Vec<unit::Model> = Vec::new();
    let query = unit::Entity::find()
        .filter(unit::Column::CommunityId.eq(ask.community))
        .filter(unit::Column::BuildingId.eq(ask.building));
    let query = match entrance {
        Some((id, _)) => query.filter(unit::Column::EntranceId.eq(id)),
        None => query.filter(unit::Column::EntranceId.is_null()),
    };
    rooms.extend(query.all(work.db()).await?);
    let Some(sample) = rooms.first() else { return Ok(()) };
    // What stands before the room in each of the four names, before and after.
    let code = name::code(Some(building), entrance_name, "");
    let prefix = format!("{code}-");
    let label = name::label(Some(building), entrance_name, "");
    let old_search = name::search_key(&sample.code).chars().count() - name::search_key(&sample.room).chars().count();
    let old_sort = sample.sort_key.chars().count() - name::sort_key(&sample.room).chars().count();
    let sql = Sql::new("UPDATE unit SET code = CAST(")
        .bind(prefix.clone())
        .add(" AS text) || room, label = CAST(")
        .bind(label)
        .add(" AS text) || room, search_key = CAST(")
        .bind(name::search_key(&prefix))
        .add(" AS text) || substr(search_key, CAST(")
        .bind(i32::try_from(old_search).unwrap_or(0) + 1)
        .add(" AS integer)), sort_key = CAST(")
        .bind(name::sort_key(&prefix))
        .add(" AS text) || substr(sort_key, CAST(")
        .bind(i32::try_from(old_sort).unwrap_or(0) + 1)
        .add(" AS integer)) WHERE community_id = ")
        .bind(ask.community)
        .add(" AND building_id = ")
        .bind(ask.building);
    let sql = match entrance {
        Some((id, _)) => sql.add(" AND entrance_id = ").bind(id),
        None => sql.add(" AND entrance_id IS NULL"),
    };
    sql.run(work.db()).await.on_taken(|| Problem::field("name", "taken"))?;
    Ok(())
}

pub(super) async fn remove_building(app: App, who: Who, ask: RemoveBuilding) -> Answer<Done> {
    let community = ask.community;
    who.scope.allow(community, Some(ask.building))?;
    let work = app.begin(&who).await?;
    let row = building::Entity::find_by_id((community, ask.building)).one(work.db()).await?.ok_or_else(Problem::not_found)?;
    let units = Sql::new("SELECT COUNT(*) AS number FROM unit WHERE community_id = ")
        .bind(community)
        .add(" AND building_id = ")
        .bind(ask.building)
        .number(work.db())
        .await?;
    if units > 0 {
        return Err(Problem::conflict("estate.building_has_units", "The building still has units").with("units", units).into());
    }
    entrance::Entity::delete_many()
        .filter(entrance::Column::CommunityId.eq(community))
        .filter(entrance::Column::BuildingId.eq(ask.building))
        .exec(work.db())
        .await?;
    work.record(Some(community), "estate.remove_building", ask.building.0, Some(&row.name), None::<&()>).await?;
    row.delete(work.db()).await?;
    work.commit().await?;
    Ok(Done {})
}

pub(super) async fn save_unit(app: App, who: Who, ask: SaveUnit) -> Answer<Done> {
    let community = ask.community;
    who.scope.allow(community, ask.building)?;
    let work = app.begin(&who).await?;
    let before = unit::Entity::find_by_id((community, ask.unit)).one(work.db()).await?;
    if let Some(before) = &before {
        who.scope.allow(community, before.building_id)?;
    }
    let (building, entrance) = place(&work, &ask).await?;
    let room = name::room(&ask.room);
    let code = name::code(building.as_deref(), entrance.as_deref(), &room);
    let label = name::label(building.as_deref(), entrance.as_deref(), &room);
    let after = unit::ActiveModel {
        community_id: Set(community),
        id: Set(ask.unit),
        building_id: Set(ask.building),
        entrance_id: Set(ask.entrance),
        floor: Set(ask.floor),
        room: Set(room),
        search_key: Set(name::search_key(&code)),
        sort_key: Set(name::sort_key(&code)),
        code: Set(code),
        label: Set(label.clone()),
        kind: Set(ask.kind),
        state: Set(ask.state),
        billed_area: Set(ask.billed_area),
        inner_area: Set(ask.inner_area),
        heads: Set(ask.heads),
        layout: Set(ask.layout.clone().filter(|layout| !layout.trim().is_empty())),
        decoration: Set(ask.decoration),
        handed_over: Set(ask.handed_over),
        property_value_fen: Set(ask.property_value_fen),
        facts: Set(serde_json::to_string(&ask.facts)?),
        created_at: Set(before.as_ref().map_or(work.at, |before| before.created_at)),
    };
    let taken = || {
        let mut problem = Problem::field("room", "estate.unit_exists");
        problem.fields = problem.fields.into_iter().map(|field| field.with("unit", &label)).collect();
        problem
    };
    match &before {
        Some(_) => drop(after.update(work.db()).await.on_taken(taken)?),
        None => drop(unit::Entity::insert(after).exec_without_returning(work.db()).await.on_taken(taken)?),
    }
    if let Some(before) = before.as_ref().filter(|before| before.heads != ask.heads) {
        heads::change(&work, before, heads::Starting::Unsaid, ask.heads).await?;
    }
    custom::write(&work, community, FieldOf::Unit, ask.unit.0, &ask.custom).await?;
    moved::follow(&work, community, Moved::Unit(ask.unit)).await?;
    let before = before.map(|before| serde_json::json!({"code": before.code, "kind": before.kind, "state": before.state, "billed_area": before.billed_area, "facts": before.facts}));
    work.record(Some(community), "estate.save_unit", ask.unit.0, before.as_ref(), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// The names of the building and the entrance that a request names; 404 where they are not there.
async fn place(work: &Work, ask: &SaveUnit) -> Answer<(Option<String>, Option<String>)> {
    let Some(id) = ask.building else { return Ok((None, None)) };
    let building = building::Entity::find_by_id((ask.community, id)).one(work.db()).await?;
    let building = building.ok_or_else(|| Problem::field("building", "not_found"))?;
    let Some(id) = ask.entrance else { return Ok((Some(building.name), None)) };
    let entrance = entrance::Entity::find_by_id((ask.community, id)).one(work.db()).await?;
    let entrance =
        entrance.filter(|entrance| entrance.building_id == building.id).ok_or_else(|| Problem::field("entrance", "not_found"))?;
    Ok((Some(building.name), Some(entrance.name)))
}

pub(super) async fn remove_unit(app: App, who: Who, ask: RemoveUnit) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let row = unit::seen(work.db(), &who, ask.community, ask.unit).await?;
    work.record(Some(ask.community), "estate.remove_unit", ask.unit.0, Some(&row.code), None::<&()>).await?;
    custom::forget(&work, ask.community, ask.unit.0).await?;
    heads::forget(&work, ask.community, ask.unit).await?;
    row.into_active_model().delete(work.db()).await.map_err(|error| in_use(error, "estate.unit_in_use"))?;
    work.commit().await?;
    Ok(Done {})
}

/// A broken foreign key says that something still refers to the row.
fn in_use(error: DbErr, code: &str) -> crate::Failure {
    match error.sql_err() {
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Problem::conflict(code, "Something refers to it").into(),
        _ => error.into(),
    }
}
