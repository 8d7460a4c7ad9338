//! Who holds or lives in which unit, from a day to a day.

use common::id::{CommunityId, OccupancyId, ResidentId, UnitId};
use common::period::Day;
use common::residents::Role;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "occupancy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OccupancyId,
    pub unit_id: UnitId,
    pub resident_id: ResidentId,
    pub role: Role,
    pub from_day: Day,
    /// The first day that no longer belongs to it.
    pub to_day: Option<Day>,
}

impl ActiveModelBehavior for ActiveModel {}
