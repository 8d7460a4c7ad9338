//! A staircase of a building (单元).

use common::id::{BuildingId, CommunityId, EntranceId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entrance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EntranceId,
    pub building_id: BuildingId,
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
