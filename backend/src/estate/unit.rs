//! Whatever can be owned, let or charged (资源).

use chrono::{DateTime, Utc};
use common::estate::{Decoration, Facts, UnitKind, UnitState};
use common::id::{BuildingId, CommunityId, EntranceId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::entity::prelude::*;

use crate::{Answer, Who};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitId,
    pub building_id: Option<BuildingId>,
    pub entrance_id: Option<EntranceId>,
    pub floor: Option<i32>,
    pub room: String,
    /// `3-2-1501`, unique in its community.
    pub code: String,
    /// `3栋2单元1501`.
    pub label: String,
    pub search_key: String,
    pub sort_key: String,
    pub kind: UnitKind,
    pub state: UnitState,
    pub billed_area: Option<Quantity>,
    pub inner_area: Option<Quantity>,
    pub heads: Option<i32>,
    pub layout: Option<String>,
    pub decoration: Option<Decoration>,
    pub handed_over: Option<Day>,
    pub property_value_fen: Option<Money>,
    /// [`Facts`] as JSON.
    pub facts: String,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn facts(&self) -> Answer<Facts> {
        Ok(serde_json::from_str(&self.facts)?)
    }
}

/// The unit, when the caller may see it; else 404.
pub async fn seen<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId, unit: UnitId) -> Answer<Model> {
    let row = Entity::find_by_id((community, unit)).one(db).await?.ok_or_else(Problem::not_found)?;
    who.scope.allow(community, row.building_id)?;
    Ok(row)
}
