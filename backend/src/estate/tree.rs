//! Buildings, entrances and floors with how many units each has.

use common::estate::api::{BuildingNode, EntranceNode, FloorNode, GetTree, Tree};
use common::id::{BuildingId, EntranceId};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use super::{building, entrance, filter};
use crate::sql::Sql;
use crate::{Answer, App, Who};

#[derive(FromQueryResult)]
struct Counted {
    building_id: Option<BuildingId>,
    entrance_id: Option<EntranceId>,
    floor: Option<i32>,
    units: i64,
}

pub(super) async fn get_tree(app: App, who: Who, ask: GetTree) -> Answer<Tree> {
    let community = ask.community;
    let counted: Vec<Counted> =
        Sql::new("SELECT u.building_id, u.entrance_id, u.floor, COUNT(*) AS units FROM unit u WHERE u.community_id = ")
            .bind(community)
            .join(filter::scope(&who, community))
            .add(" GROUP BY u.building_id, u.entrance_id, u.floor ORDER BY u.floor")
            .all(app.db())
            .await?;
    let buildings = building::Entity::find()
        .filter(building::Column::CommunityId.eq(community))
        .filter(who.scope.within(community, building::Column::Id))
        .order_by_asc(building::Column::SortKey)
        .all(app.db())
        .await?;
    let entrances = entrance::Entity::find()
        .filter(entrance::Column::CommunityId.eq(community))
        .filter(who.scope.within(community, entrance::Column::BuildingId))
        .all(app.db())
        .await?;
    let sum = |wanted: &dyn Fn(&Counted) -> bool| -> u64 {
        counted.iter().filter(|row| wanted(row)).map(|row| row.units.unsigned_abs()).sum()
    };
    let node = |building: building::Model| {
        let mut entrances: Vec<EntranceNode> = entrances
            .iter()
            .filter(|entrance| entrance.building_id == building.id)
            .map(|entrance| EntranceNode {
                entrance: entrance.id,
                name: entrance.name.clone(),
                units: sum(&|row| row.entrance_id == Some(entrance.id)),
            })
            .collect();
        entrances.sort_by_cached_key(|entrance| common::estate::name::sort_key(&entrance.name));
        let here = counted.iter().filter(|row| row.building_id == Some(building.id));
        let floors = here
            .filter_map(|row| Some(FloorNode { entrance: row.entrance_id, floor: row.floor?, units: row.units.unsigned_abs() }))
            .collect();
        BuildingNode {
            building: building.id,
            name: building.name,
            units: sum(&|row| row.building_id == Some(building.id)),
            entrances,
            floors,
        }
    };
    Ok(Tree { buildings: buildings.into_iter().map(node).collect(), outside: sum(&|row| row.building_id.is_none()) })
}
