//! Who is in a group, from a day to a day; never deleted, so that what was waived can be redone.

use std::collections::HashMap;

use common::api::{Done, Listing as _, Page};
use common::id::{GroupMemberId, PeopleGroupId, ResidentId};
use common::period::Day;
use common::problem::Problem;
use common::waivers::api::{AddMember, EndMember, ListMembers, MemberRow, MemberState};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::group;
use crate::organisation::today;
use crate::residents::resident;
use crate::sql::Sql;
use crate::{Answer, App, Made, Who};

#[derive(FromQueryResult)]
struct Row {
    id: GroupMemberId,
    resident_id: ResidentId,
    name: String,
    from_day: Day,
    to_day: Option<Day>,
    note: String,
}

#[derive(FromQueryResult)]
struct Held {
    resident_id: ResidentId,
    label: String,
}

/// A page of those who are in a group.
pub(super) async fn list_members(app: App, who: Who, ask: ListMembers) -> Answer<Page<MemberRow>> {
    let (db, community, paging) = (app.db(), ask.community, ask.paging());
    let today = today(db, community, app.now()).await?;
    let found = || {
        let sql = Sql::new(" FROM group_member m JOIN resident r ON r.community_id = m.community_id AND r.id = m.resident_id")
            .push(" WHERE m.community_id = ? AND m.group_id = ?", [community.into(), ask.group.into()])
            .push(" AND (m.to_day IS NULL OR m.to_day > m.from_day)", [])
            .join(resident::scope(&who, community));
        let sql = match ask.state.unwrap_or(MemberState::Current) {
            MemberState::Current => sql.push(" AND (m.to_day IS NULL OR m.to_day > ?)", [today.into()]),
            MemberState::Ended => sql.push(" AND m.to_day <= ?", [today.into()]),
            MemberState::All => sql,
        };
        match ask.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => sql.starts(" AND r.name", text),
            None => sql,
        }
    };
    let total = Sql::new("SELECT COUNT(*) AS number").join(found()).number(db).await?;
    let order = match paging.order() {
        Some(("name", true)) => " ORDER BY r.name DESC, m.id",
        Some(("from", false)) => " ORDER BY m.from_day, m.id",
        Some(("from", true)) => " ORDER BY m.from_day DESC, m.id",
        _ => " ORDER BY r.name, m.id",
    };
    let rows: Vec<Row> = Sql::new("SELECT m.id, m.resident_id, r.name, m.from_day, m.to_day, m.note")
        .join(found())
        .add(order)
        .page(u64::from(paging.size), paging.offset())
        .all(db)
        .await?;
    let mut units = units(&app, &who, &ask, today, &rows).await?;
    let more = paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total;
    let shown = rows.into_iter().map(|row| MemberRow {
        id: row.id,
        resident: row.resident_id,
        units: units.remove(&row.resident_id).unwrap_or_default().join("、"),
        name: row.name,
        from: row.from_day,
        to: row.to_day,
        note: row.note,
    });
    Ok(Page { rows: shown.collect(), total: Some(total), more })
}

/// What the people of a page hold today, in the caller's scope.
async fn units(app: &App, who: &Who, ask: &ListMembers, today: Day, rows: &[Row]) -> Answer<HashMap<ResidentId, Vec<String>>> {
    let held: Vec<Held> = Sql::new("SELECT o.resident_id, u.label FROM occupancy o")
        .push(
            " JOIN unit u ON u.community_id = o.community_id AND u.id = o.unit_id WHERE o.community_id = ?",
            [ask.community.into()],
        )
        .within("u.building_id", &who.scope.buildings(ask.community))
        .push(" AND o.from_day <= ? AND (o.to_day IS NULL OR o.to_day > ?) AND o.resident_id IN ", [today.into(), today.into()])
        .list(rows.iter().map(|row| row.resident_id))
        .push(" ORDER BY u.sort_key", [])
        .all(app.db())
        .await?;
    let mut units: HashMap<ResidentId, Vec<String>> = HashMap::new();
    for row in held {
        units.entry(row.resident_id).or_default().push(row.label);
    }
    Ok(units)
}

/// What the audit log keeps: of whom, and what they benefit from, which nobody was asked to approve.
#[derive(Serialize)]
struct Added<'a> {
    #[serde(flatten)]
    ask: &'a AddMember,
    schemes: Vec<String>,
}

/// Puts a resident into a group. Sent twice, it is one membership.
pub(super) async fn add_member(app: App, who: Who, ask: AddMember) -> Answer<Done> {
    let work = app.begin(&who).await?;
    group::lock(&work, ask.community, ask.group).await?;
    if let Made::Before(done) = work.make(ask.community, ask.member.0, &ask).await? {
        return Ok(done);
    }
    resident::seen(work.db(), &who, ask.community, ask.resident).await?;
    let twice = Sql::new("SELECT COUNT(*) AS number FROM group_member")
        .push(
            " WHERE community_id = ? AND group_id = ? AND resident_id = ? AND (to_day IS NULL OR (to_day > ? AND to_day > from_day))",
            [ask.community.into(), ask.group.into(), ask.resident.into(), ask.from.into()],
        )
        .some(" AND from_day < ?", ask.to);
    if twice.number(work.db()).await? > 0 {
        return Err(Problem::conflict("waivers.member_already", "The resident is in the group on some of these days").into());
    }
    Sql::new("INSERT INTO group_member (community_id, id, group_id, resident_id, from_day, to_day, note, created_at)")
        .push(
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                ask.community.into(),
                ask.member.into(),
                ask.group.into(),
                ask.resident.into(),
                ask.from.into(),
                ask.to.into(),
                ask.note.trim().into(),
                work.at.into(),
            ],
        )
        .run(work.db())
        .await?;
    let today = today(work.db(), ask.community, work.at).await?;
    let schemes = group::schemes(work.db(), ask.community, today).await?.remove(&ask.group).unwrap_or_default();
    let added = Added { ask: &ask, schemes };
    work.record(Some(ask.community), "waivers.add_member", ask.member.0, None::<&()>, Some(&added)).await?;
    work.made(ask.community, ask.member.0, &Done {}).await?;
    work.commit().await?;
    Ok(Done {})
}

#[derive(FromQueryResult)]
struct Ends {
    group_id: PeopleGroupId,
    from_day: Day,
    to_day: Option<Day>,
}

/// Ends a membership; never later than it ended already.
pub(super) async fn end_member(app: App, who: Who, ask: EndMember) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let row: Ends = Sql::new("SELECT group_id, from_day, to_day FROM group_member")
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.member.into()])
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    group::lock(&work, ask.community, row.group_id).await?;
    let to = ask.to.max(row.from_day);
    let to = row.to_day.map_or(to, |end| end.min(to));
    Sql::new("UPDATE group_member SET to_day = ")
        .bind(to)
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.member.into()])
        .run(work.db())
        .await?;
    work.record(Some(ask.community), "waivers.end_member", ask.member.0, row.to_day.as_ref(), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
