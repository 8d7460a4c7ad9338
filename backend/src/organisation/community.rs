//! An estate under management (项目).

use chrono::{DateTime, TimeDelta, Utc};
use common::id::CommunityId;
use common::period::Day;
use common::problem::Problem;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

use crate::{Answer, Scope};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommunityId,
    pub code: String,
    pub name: String,
    pub address: String,
    /// The community's time zone turns instants into days; China has had no daylight saving time since 1991.
    pub utc_offset_minutes: i32,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The day that an instant falls on in a community.
pub async fn today<C: ConnectionTrait>(db: &C, community: CommunityId, at: DateTime<Utc>) -> Answer<Day> {
    Ok((at + offset(db, community).await?).date_naive())
}

/// How far a community's clock is before UTC.
pub async fn offset<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<TimeDelta> {
    let community = Entity::find_by_id(community).one(db).await?.ok_or_else(Problem::not_found)?;
    Ok(TimeDelta::minutes(i64::from(community.utc_offset_minutes)))
}

/// Every community, in the order of their codes.
pub async fn every<C: ConnectionTrait>(db: &C) -> Answer<Vec<Model>> {
    Ok(Entity::find().order_by_asc(Column::Code).all(db).await?)
}

/// The communities of a data scope, in the order of their codes.
pub(crate) async fn within<C: ConnectionTrait>(db: &C, scope: &Scope) -> Answer<Vec<Model>> {
    let query = Entity::find().order_by_asc(Column::Code);
    let query = if scope.all { query } else { query.filter(Column::Id.is_in(scope.communities.keys().copied())) };
    Ok(query.all(db).await?)
}
