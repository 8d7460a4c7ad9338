//! A meter: what it stands for, where it hangs, how it counts.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use chrono::{DateTime, Utc};
use common::charging::rate::Counted;
use common::id::{BuildingId, CommunityId, FeeItemId, MeterId, UnitId};
use common::metering::{Role, Utility};
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;

use crate::moved::Moved;
use crate::sql::{Sql, beginning};
use crate::{Answer, Failure, Who, Work, estate};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeterId,
    pub code: String,
    pub role: String,
    pub utility: String,
    pub fee_item_id: FeeItemId,
    pub unit_id: Option<UnitId>,
    /// Of the unit, or where a public or master meter belongs: the data scope looks at it.
    pub building_id: Option<BuildingId>,
    pub parent_id: Option<MeterId>,
    pub multiplier: Quantity,
    pub digits: i32,
    pub place: String,
    /// What it counts: all, or one register of a meter with several.
    pub register: String,
    /// The unit's, so that lists run in the order in which a person walks.
    pub sort_key: String,
    pub active: bool,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(super) fn digits(&self) -> u32 {
        u32::try_from(self.digits).unwrap_or(0)
    }
}

/// The meter, held until the transaction ends so that its readings can't change meanwhile; 404 outside the scope.
pub(super) async fn held(work: &Work, who: &Who, community: CommunityId, meter: MeterId) -> Answer<Model> {
    let row = Entity::find_by_id((community, meter)).lock_exclusive().one(work.db()).await?.ok_or_else(Problem::not_found)?;
    who.scope.allow(community, row.building_id)?;
    Ok(row)
}

pub(super) fn role(word: &str) -> Answer<Role> {
    Role::from_word(word).ok_or_else(|| Failure::broken(format!("no role {word:?}")))
}

pub(super) fn register(word: &str) -> Answer<Counted> {
    Counted::from_word(word).ok_or_else(|| Failure::broken(format!("no register {word:?}")))
}

pub(super) fn utility(word: &str) -> Answer<Utility> {
    Utility::from_word(word).ok_or_else(|| Failure::broken(format!("no utility {word:?}")))
}

/// Adds that the meter `m` is one that the text names: by the start of its code, by its unit, or by a part of its place where it
/// belongs to no unit. Each part reads a range of one index.
pub(super) fn searched(sql: Sql, community: CommunityId, text: Option<&str>) -> Sql {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return sql };
    let of = || Sql::new("SELECT id FROM meter WHERE community_id = ").bind(community);
    let part = format!("%{}", beginning(&text.to_lowercase()));
    sql.add(" AND m.id IN (")
        .join(of().starts(" AND code", text))
        .add(" UNION ")
        .join(of().starts(" AND code", &text.to_uppercase()))
        .add(" UNION ")
        .join(of().add(" AND unit_id IN (").join(estate::rooms(community, text)).add(")"))
        .add(" UNION ")
        .join(of().add(" AND unit_id IS NULL AND LOWER(place) LIKE ").bind(part).add(" ESCAPE '\\'"))
        .add(")")
}

/// A meter hangs where its unit stands: its building decides who sees it, its sort key where it is listed.
pub(crate) async fn follow(work: &Work, community: CommunityId, moved: Moved) -> Answer<()> {
    let (column, id) = match moved {
        Moved::Unit(unit) => ("id", unit.0),
        Moved::Building(building) => ("building_id", building.0),
    };
    let of =
        |what: &str| format!("(SELECT u.{what} FROM unit u WHERE u.community_id = meter.community_id AND u.id = meter.unit_id)");
    Sql::new(&format!("UPDATE meter SET building_id = {}, sort_key = {}", of("building_id"), of("sort_key")))
        .push(" WHERE community_id = ?", [community.into()])
        .push(
            &format!(" AND unit_id IN (SELECT id FROM unit WHERE community_id = ? AND {column} = ?)"),
            [community.into(), id.into()],
        )
        .push(&format!(" AND (building_id IS DISTINCT FROM {} OR sort_key <> {})", of("building_id"), of("sort_key")), [])
        .run(work.db())
        .await?;
    Ok(())
}
