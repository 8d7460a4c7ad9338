//! A vehicle by its plate, whose it is and which unit it belongs to.

use common::api::Done;
use common::id::{CommunityId, ResidentId, UnitId, VehicleId};
use common::problem::Problem;
use common::residents::api::{RemoveVehicle, SaveVehicle};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::problem::OnTaken;
use crate::{Answer, App, Who, estate};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vehicle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VehicleId,
    pub plate: String,
    pub unit_id: Option<UnitId>,
    pub resident_id: Option<ResidentId>,
    pub brand: String,
    pub colour: String,
}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn save_vehicle(app: App, who: Who, ask: SaveVehicle) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    if let Some(unit) = ask.unit {
        estate::unit::seen(work.db(), &who, community, unit).await?;
    }
    if let Some(resident) = ask.resident {
        super::resident::seen(work.db(), &who, community, resident).await?;
    }
    let before = Entity::find_by_id((community, ask.vehicle)).one(work.db()).await?;
    if let Some(unit) = before.as_ref().and_then(|before| before.unit_id) {
        estate::unit::seen(work.db(), &who, community, unit).await?;
    }
    let plate = ask.plate.as_ref().map(|plate| plate.as_str().to_owned()).unwrap_or_default();
    let after = ActiveModel {
        community_id: Set(community),
        id: Set(ask.vehicle),
        plate: Set(plate.clone()),
        unit_id: Set(ask.unit),
        resident_id: Set(ask.resident),
        brand: Set(ask.brand.trim().to_owned()),
        colour: Set(ask.colour.trim().to_owned()),
    };
    let taken = || {
        let mut problem = Problem::field("plate", "residents.plate_taken");
        problem.fields = problem.fields.into_iter().map(|field| field.with("plate", &plate)).collect();
        problem
    };
    match &before {
        Some(_) => drop(after.update(work.db()).await.on_taken(taken)?),
        None => drop(Entity::insert(after).exec_without_returning(work.db()).await.on_taken(taken)?),
    }
    work.record(Some(community), "residents.save_vehicle", ask.vehicle.0, before.map(|before| before.plate).as_ref(), Some(&ask))
        .await?;
    work.commit().await?;
    Ok(Done {})
}

pub(super) async fn remove_vehicle(app: App, who: Who, ask: RemoveVehicle) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let row = Entity::find_by_id((ask.community, ask.vehicle)).one(work.db()).await?.ok_or_else(Problem::not_found)?;
    if let Some(unit) = row.unit_id {
        estate::unit::seen(work.db(), &who, ask.community, unit).await?;
    }
    work.record(Some(ask.community), "residents.remove_vehicle", ask.vehicle.0, Some(&row.plate), None::<&()>).await?;
    row.delete(work.db()).await?;
    work.commit().await?;
    Ok(Done {})
}
