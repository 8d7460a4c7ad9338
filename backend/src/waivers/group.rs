//! Groups of people who benefit together (人群).

use std::collections::HashMap;

use common::api::Done;
use common::id::{CommunityId, PeopleGroupId};
use common::period::Day;
use common::problem::Problem;
use common::waivers::api::{GroupView, ListGroups, SaveGroup, SchemeState};
use common::waivers::scheme::{CountsBy, SchemeRules};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::organisation::today;
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work};

#[derive(FromQueryResult)]
struct Row {
    id: PeopleGroupId,
    name: String,
    note: String,
    counts_by: String,
    members: i64,
    units: i64,
    coming: i64,
}

/// Every group, with who is in it today and which units benefit through them.
pub(super) async fn list_groups(app: App, who: Who, ask: ListGroups) -> Answer<Vec<GroupView>> {
    let today = today(app.db(), ask.community, app.now()).await?;
    let rows: Vec<Row> = Sql::new(
        "SELECT g.id, g.name, g.note, g.counts_by, COUNT(DISTINCT m.resident_id) AS members, COUNT(DISTINCT u.id) AS units, \
         (SELECT COUNT(DISTINCT c.resident_id) FROM group_member c WHERE c.community_id = g.community_id AND c.group_id = g.id",
    )
    .push(" AND c.from_day > ?) AS coming", [today.into()])
    .push(" FROM people_group g LEFT JOIN group_member m ON m.community_id = g.community_id AND m.group_id = g.id", [])
    .push(" AND m.from_day <= ? AND (m.to_day IS NULL OR m.to_day > ?)", [today.into(), today.into()])
    .push(" LEFT JOIN occupancy o ON o.community_id = m.community_id AND o.resident_id = m.resident_id", [])
    .push(" AND (o.role = 'owner' OR g.counts_by = 'occupant')", [])
    .push(" AND o.from_day <= ? AND (o.to_day IS NULL OR o.to_day > ?)", [today.into(), today.into()])
    .push(" LEFT JOIN unit u ON u.community_id = o.community_id AND u.id = o.unit_id", [])
    .within("u.building_id", &who.scope.buildings(ask.community))
    .push(
        " WHERE g.community_id = ? GROUP BY g.community_id, g.id, g.name, g.note, g.counts_by ORDER BY g.name",
        [ask.community.into()],
    )
    .all(app.db())
    .await?;
    let mut schemes = schemes(app.db(), ask.community, today).await?;
    let shown = rows.into_iter().map(|row| {
        Ok(GroupView {
            id: row.id,
            schemes: schemes.remove(&row.id).unwrap_or_default(),
            name: row.name,
            note: row.note,
            counts_by: CountsBy::from_word(&row.counts_by).ok_or_else(|| Failure::broken(format!("{:?}", row.counts_by)))?,
            members: row.members.unsigned_abs(),
            units: row.units.unsigned_abs(),
            coming: row.coming.unsigned_abs(),
        })
    });
    shown.collect()
}

/// The schemes that are applied from this day on, or from a later one, by group.
pub(super) async fn schemes<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    today: Day,
) -> Answer<HashMap<PeopleGroupId, Vec<String>>> {
    #[derive(FromQueryResult)]
    struct Scheme {
        name: String,
        rules: String,
    }
    let rows: Vec<Scheme> = Sql::new("SELECT name, rules FROM waiver_scheme WHERE community_id = ")
        .bind(community)
        .push(
            " AND state = ? AND (to_day IS NULL OR to_day > ?) ORDER BY rank, name",
            [SchemeState::Active.word().into(), today.into()],
        )
        .all(db)
        .await?;
    let mut schemes: HashMap<PeopleGroupId, Vec<String>> = HashMap::new();
    for row in rows {
        let rules: SchemeRules = serde_json::from_str(&row.rules)?;
        for group in rules.groups {
            schemes.entry(group).or_default().push(row.name.clone());
        }
    }
    Ok(schemes)
}

/// Makes a group, or changes it.
pub(super) async fn save_group(app: App, who: Who, ask: SaveGroup) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let (name, note) = (ask.name.trim(), ask.note.trim());
    Sql::new("INSERT INTO people_group (community_id, id, name, counts_by, note, created_at)")
        .push(
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                ask.community.into(),
                ask.group.into(),
                name.into(),
                ask.counts_by.word().into(),
                note.into(),
                work.at.into(),
            ],
        )
        .push(" ON CONFLICT (community_id, id) DO UPDATE SET name = excluded.name, counts_by = excluded.counts_by, note = excluded.note", [])
        .run(work.db())
        .await
        .on_taken(|| Problem::conflict("waivers.group_taken", "Another group has this name"))?;
    work.record(Some(ask.community), "waivers.save_group", ask.group.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// The group, locked until the end of the transaction: its members are changed by one at a time.
pub(super) async fn lock(work: &Work, community: CommunityId, group: PeopleGroupId) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct Id {
        #[expect(dead_code, reason = "it is only looked whether there is one")]
        id: PeopleGroupId,
    }
    let row: Option<Id> = Sql::new("SELECT id FROM people_group")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), group.into()])
        .push(if work.is_postgres() { " FOR UPDATE" } else { "" }, [])
        .one(work.db())
        .await?;
    row.map(|_| ()).ok_or_else(|| Problem::not_found().into())
}
