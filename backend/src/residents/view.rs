//! A resident's page: what they hold and held, and their vehicles.

use common::estate::field::FieldOf;
use common::id::{OccupancyId, UnitId, VehicleId};
use common::period::Day;
use common::residents::Role;
use common::residents::api::{GetResident, ResidentOccupancy, ResidentVehicle, ResidentView};
use sea_orm::FromQueryResult;

use super::resident;
use crate::sql::Sql;
use crate::{Answer, App, Who, estate, organisation};

#[derive(FromQueryResult)]
struct Held {
    id: OccupancyId,
    unit_id: UnitId,
    label: String,
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
    unit_id: Option<UnitId>,
    label: Option<String>,
}

pub(super) async fn get_resident(app: App, who: Who, ask: GetResident) -> Answer<ResidentView> {
    let community = ask.community;
    let row = resident::seen(app.db(), &who, community, ask.resident).await?;
    let today = organisation::today(app.db(), community, app.now()).await?;
    let mut held: Vec<Held> = Sql::new(
        "SELECT o.id, o.unit_id, u.label, o.role, o.from_day, o.to_day FROM occupancy o \
         JOIN unit u ON u.community_id = o.community_id AND u.id = o.unit_id WHERE o.community_id = ",
    )
    .bind(community)
    .add(" AND o.resident_id = ")
    .bind(ask.resident)
    .join(estate::scope(&who, community))
    .add(" ORDER BY o.from_day DESC, u.sort_key")
    .all(app.db())
    .await?;
    held.sort_by_key(|held| held.to_day.is_some_and(|to| to <= today));
    let parked: Vec<Parked> = Sql::new(
        "SELECT v.id, v.plate, v.brand, v.colour, v.unit_id, u.label FROM vehicle v \
         LEFT JOIN unit u ON u.community_id = v.community_id AND u.id = v.unit_id WHERE v.community_id = ",
    )
    .bind(community)
    .add(" AND v.resident_id = ")
    .bind(ask.resident)
    .add(" ORDER BY v.plate")
    .all(app.db())
    .await?;
    Ok(ResidentView {
        custom: estate::values_of(app.db(), community, FieldOf::Resident, row.id.0).await?,
        resident: row.id,
        name: row.name,
        gender: row.gender,
        phone_masked: row.phone.as_deref().map(estate::masked),
        id_number_masked: row.id_number_masked,
        remark: row.remark,
        occupancies: held
            .into_iter()
            .map(|held| ResidentOccupancy {
                occupancy: held.id,
                unit: held.unit_id,
                label: held.label,
                role: held.role,
                from_day: held.from_day,
                to_day: held.to_day,
            })
            .collect(),
        vehicles: parked
            .into_iter()
            .map(|parked| ResidentVehicle {
                vehicle: parked.id,
                plate: parked.plate,
                brand: parked.brand,
                colour: parked.colour,
                unit: parked.unit_id,
                label: parked.label,
            })
            .collect(),
        today,
    })
}
