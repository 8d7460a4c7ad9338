//! A building (楼栋); a parking lot is one too.

use common::id::{BuildingId, CommunityId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "building")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BuildingId,
    pub name: String,
    pub sort_key: String,
}

impl ActiveModelBehavior for ActiveModel {}
