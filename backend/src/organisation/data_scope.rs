//! Which communities and buildings an employee sees.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use common::id::{BuildingId, CommunityId, EmployeeId};
use sea_orm::entity::prelude::*;

use crate::{Answer, Buildings, Scope};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_scope")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub employee_id: EmployeeId,
    pub community_id: CommunityId,
    /// `None`: the whole community.
    pub building_id: Option<BuildingId>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The rows of one employee as a scope: a row without a building opens the whole community.
pub(crate) fn scope(rows: Vec<Model>) -> Scope {
    let mut scope = Scope::default();
    for row in rows {
        let buildings = scope.communities.entry(row.community_id).or_insert_with(|| Buildings::Only(Vec::new()));
        match (row.building_id, buildings) {
            (Some(building), Buildings::Only(buildings)) => buildings.push(building),
            (None, buildings) => *buildings = Buildings::All,
            (Some(_), Buildings::All) => {}
        }
    }
    scope
}

/// The scope of an employee who does not see all communities.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, employee: EmployeeId) -> Answer<Scope> {
    Ok(scope(Entity::find().filter(Column::EmployeeId.eq(employee)).all(db).await?))
}
