//! The search box of the shell and the cashier's desk: a room, a name, a phone, a plate.

use common::estate::api::{Hit, HitKind, Search};
use common::estate::name;
use common::id::{CommunityId, ResidentId, UnitId, VehicleId};
use common::period::Day;
use common::permission::Permission;
use sea_orm::FromQueryResult;

use super::filter::{people, plate, scope};
use super::list::{masked, owners};
use crate::sql::{Sql, after};
use crate::{Answer, App, Who, organisation};

/// The most hits that are told.
const MOST: usize = 10;

#[derive(FromQueryResult)]
struct UnitHit {
    id: UnitId,
    label: String,
}

#[derive(FromQueryResult)]
struct PersonHit {
    id: ResidentId,
    name: String,
    phone: Option<String>,
    unit_id: Option<UnitId>,
    label: Option<String>,
}

#[derive(FromQueryResult)]
struct PlateHit {
    id: VehicleId,
    plate: String,
    unit_id: Option<UnitId>,
    label: Option<String>,
}

pub(super) async fn search(app: App, who: Who, ask: Search) -> Answer<Vec<Hit>> {
    let text = ask.text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let today = organisation::today(app.db(), ask.community, app.now()).await?;
    let mut hits = units(&app, &who, ask.community, text, today).await?;
    if hits.len() < MOST && who.may(Permission::ResidentsRead) {
        hits.extend(residents(&app, &who, ask.community, text, today).await?);
        hits.extend(vehicles(&app, &who, ask.community, text).await?);
    }
    hits.truncate(MOST);
    Ok(hits)
}

/// Rooms that start with the text come first, then those that hold it.
async fn units(app: &App, who: &Who, community: CommunityId, text: &str, today: Day) -> Answer<Vec<Hit>> {
    let key = name::search_key(text);
    if key.is_empty() {
        return Ok(Vec::new());
    }
    let select = || {
        let sql = Sql::new("SELECT u.id, u.label FROM unit u WHERE u.community_id = ").bind(community);
        sql.join(scope(who, community))
    };
    let most = i64::try_from(MOST).unwrap_or(10);
    let mut found: Vec<UnitHit> = select()
        .add(" AND u.search_key >= ")
        .bind(key.clone())
        .add(" AND u.search_key < ")
        .bind(after(&key))
        .add(" ORDER BY u.search_key LIMIT ")
        .bind(most)
        .all(app.db())
        .await?;
    if found.len() < MOST && key.chars().count() >= 2 {
        let inside: Vec<UnitHit> = select()
            .add(" AND u.search_key LIKE ")
            .bind(format!("%_{key}%"))
            .add(" ORDER BY u.sort_key LIMIT ")
            .bind(most)
            .all(app.db())
            .await?;
        for hit in inside {
            if !found.iter().any(|known| known.id == hit.id) {
                found.push(hit);
            }
        }
    }
    found.truncate(MOST);
    let owners = owners(app.db(), who, community, found.iter().map(|hit| hit.id), today).await?;
    Ok(found
        .into_iter()
        .map(|hit| {
            let detail = owners
                .get(&hit.id)
                .map_or_else(String::new, |owners| owners.iter().map(|owner| owner.name.as_str()).collect::<Vec<_>>().join("、"));
            Hit { kind: HitKind::Unit, id: hit.id.0, unit: Some(hit.id), title: hit.label, detail, link: unit_link(hit.id) }
        })
        .collect())
}

async fn residents(app: &App, who: &Who, community: CommunityId, text: &str, today: Day) -> Answer<Vec<Hit>> {
    let Some(people) = people(community, text) else { return Ok(Vec::new()) };
    let sql = Sql::new(
        "SELECT r.id, r.name, r.phone, u.id AS unit_id, u.label FROM resident r \
         JOIN occupancy o ON o.community_id = r.community_id AND o.resident_id = r.id AND o.from_day <= ",
    )
    .bind(today)
    .add(" AND (o.to_day IS NULL OR o.to_day > ")
    .bind(today)
    .add(") JOIN unit u ON u.community_id = o.community_id AND u.id = o.unit_id WHERE r.community_id = ")
    .bind(community)
    .join(scope(who, community))
    .add(" AND r.id IN (")
    .join(people)
    .add(") ORDER BY r.name, u.sort_key LIMIT 10");
    let found: Vec<PersonHit> = sql.all(app.db()).await?;
    Ok(found
        .into_iter()
        .map(|hit| {
            let parts = [hit.label, hit.phone.as_deref().map(masked)];
            Hit {
                kind: HitKind::Resident,
                id: hit.id.0,
                unit: hit.unit_id,
                title: hit.name,
                detail: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
                link: format!("/residents/{}", hit.id),
            }
        })
        .collect())
}

async fn vehicles(app: &App, who: &Who, community: CommunityId, text: &str) -> Answer<Vec<Hit>> {
    let plate = plate(text);
    if plate.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let found: Vec<PlateHit> = Sql::new(
        "SELECT v.id, v.plate, u.id AS unit_id, u.label FROM vehicle v \
         JOIN unit u ON u.community_id = v.community_id AND u.id = v.unit_id WHERE v.community_id = ",
    )
    .bind(community)
    .join(scope(who, community))
    .add(" AND v.plate LIKE ")
    .bind(format!("%{plate}%"))
    .add(" ORDER BY v.plate LIMIT 10")
    .all(app.db())
    .await?;
    Ok(found
        .into_iter()
        .map(|hit| Hit {
            kind: HitKind::Vehicle,
            id: hit.id.0,
            unit: hit.unit_id,
            title: hit.plate,
            detail: hit.label.unwrap_or_default(),
            link: hit.unit_id.map(unit_link).unwrap_or_default(),
        })
        .collect())
}

fn unit_link(unit: UnitId) -> String {
    format!("/estate/units/{unit}")
}
