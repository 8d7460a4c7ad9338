//! A person, or a company that owns a unit. The ID number is sealed; a keyed hash finds its duplicates.

use chrono::{DateTime, Utc};
use common::id::{CommunityId, ResidentId};
use common::problem::Problem;
use common::residents::Gender;
use sea_orm::entity::prelude::*;

use crate::sql::Sql;
use crate::{Answer, Buildings, Who};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resident")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResidentId,
    pub name: String,
    pub gender: Option<Gender>,
    pub phone: Option<String>,
    pub id_number_sealed: Option<Vec<u8>>,
    pub id_number_hash: Option<Vec<u8>>,
    pub id_number_masked: Option<String>,
    pub remark: String,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The resident, when the caller may see them; else 404.
pub(crate) async fn seen<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId, resident: ResidentId) -> Answer<Model> {
    let row = Entity::find_by_id((community, resident)).one(db).await?.ok_or_else(Problem::not_found)?;
    if who.scope.buildings(community) != Buildings::All {
        let sql = Sql::new("SELECT COUNT(*) AS number FROM resident r WHERE r.community_id = ").bind(community);
        let count = sql.add(" AND r.id = ").bind(resident).join(scope(who, community)).number(db).await?;
        if count == 0 {
            return Err(Problem::not_found().into());
        }
    }
    Ok(row)
}

/// A caller who sees some buildings sees who holds or held a unit in them, as a condition on `r`.
pub(crate) fn scope(who: &Who, community: CommunityId) -> Sql {
    match who.scope.buildings(community) {
        Buildings::All => Sql::default(),
        Buildings::Only(buildings) => Sql::new(
            " AND EXISTS (SELECT 1 FROM occupancy so JOIN unit su ON su.community_id = so.community_id AND su.id = so.unit_id \
             WHERE so.community_id = r.community_id AND so.resident_id = r.id AND su.building_id IN ",
        )
        .list(buildings)
        .add(")"),
    }
}
