//! A unit's page: its facts, its people of today and before, its vehicles.

use common::estate::api::{GetUnit, UnitOccupancy, UnitVehicle, UnitView};
use common::estate::field::FieldOf;
use common::id::{OccupancyId, ResidentId, VehicleId};
use common::period::Day;
use common::permission::Permission;
use common::residents::Role;
use sea_orm::{EntityTrait, FromQueryResult};

use super::list::masked;
use super::{building, custom, entrance, heads, unit};
use crate::sql::Sql;
use crate::{Answer, App, Who, organisation};

#[derive(FromQueryResult)]
struct Held {
    id: OccupancyId,
    resident_id: ResidentId,
    name: String,
    phone: Option<String>,
    role: Role,
    from_day: Day,
    to_day: Option<Day>,
}

#[derive(FromQueryResult)]
struct Parked {
    id: VehicleId,
    plate: String,
    brand: String,
    colour: String,
    resident_id: Option<ResidentId>,
    name: Option<String>,
}

pub(super) async fn get_unit(app: App, who: Who, ask: GetUnit) -> Answer<UnitView> {
    let GetUnit { community, unit } = ask;
    let row = unit::seen(app.db(), &who, community, unit).await?;
    let today = organisation::today(app.db(), community, app.now()).await?;
    let building = match row.building_id {
        Some(id) => building::Entity::find_by_id((community, id)).one(app.db()).await?,
        None => None,
    };
    let entrance = match row.entrance_id {
        Some(id) => entrance::Entity::find_by_id((community, id)).one(app.db()).await?,
        None => None,
    };
    let mut held: Vec<Held> = Sql::new(
        "SELECT o.id, o.resident_id, r.name, r.phone, o.role, o.from_day, o.to_day FROM occupancy o \
         JOIN resident r ON r.community_id = o.community_id AND r.id = o.resident_id WHERE o.community_id = ",
    )
    .bind(community)
    .add(" AND o.unit_id = ")
    .bind(unit)
    .add(" ORDER BY o.from_day DESC, o.id")
    .all(app.db())
    .await?;
    if !who.may(Permission::ResidentsRead) {
        held.clear();
    }
    held.sort_by_key(|held| (held.to_day.is_some_and(|to| to <= today), held.role));
    let mut parked: Vec<Parked> = Sql::new(
        "SELECT v.id, v.plate, v.brand, v.colour, v.resident_id, r.name FROM vehicle v \
         LEFT JOIN resident r ON r.community_id = v.community_id AND r.id = v.resident_id WHERE v.community_id = ",
    )
    .bind(community)
    .add(" AND v.unit_id = ")
    .bind(unit)
    .add(" ORDER BY v.plate")
    .all(app.db())
    .await?;
    if !who.may(Permission::ResidentsRead) {
        parked.clear();
    }
    Ok(UnitView {
        unit,
        custom: custom::values_of(app.db(), community, FieldOf::Unit, unit.0).await?,
        heads_since: heads::history(app.db(), community, unit).await?,
        facts: row.facts()?,
        code: row.code,
        label: row.label,
        building: row.building_id,
        building_name: building.map(|building| building.name),
        entrance: row.entrance_id,
        entrance_name: entrance.map(|entrance| entrance.name),
        floor: row.floor,
        room: row.room,
        kind: row.kind,
        state: row.state,
        billed_area: row.billed_area,
        inner_area: row.inner_area,
        heads: row.heads,
        layout: row.layout,
        decoration: row.decoration,
        handed_over: row.handed_over,
        property_value_fen: row.property_value_fen,
        occupancies: held
            .into_iter()
            .map(|held| UnitOccupancy {
                occupancy: held.id,
                resident: held.resident_id,
                name: held.name,
                phone_masked: held.phone.as_deref().map(masked),
                role: held.role,
                from_day: held.from_day,
                to_day: held.to_day,
            })
            .collect(),
        vehicles: parked
            .into_iter()
            .map(|parked| UnitVehicle {
                vehicle: parked.id,
                plate: parked.plate,
                brand: parked.brand,
                colour: parked.colour,
                resident: parked.resident_id,
                resident_name: parked.name,
            })
            .collect(),
        today,
    })
}
