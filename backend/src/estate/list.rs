//! Lists and counts units.

use std::collections::HashMap;

use common::api::{Listing, Page};
use common::estate::api::{CountUnits, ListUnits, StateCount, UnitCounts, UnitRow};
use common::estate::field::FieldOf;
use common::estate::{UnitKind, UnitState};
use common::id::{CommunityId, ResidentId, UnitId};
use common::period::Day;
use common::permission::Permission;
use common::person::{Phone, mask};
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::filter::Filter;
use super::{custom, field};
use crate::sql::Sql;
use crate::{Answer, App, Who, organisation};

#[derive(FromQueryResult)]
struct Found {
    id: UnitId,
    code: String,
    label: String,
    kind: UnitKind,
    state: UnitState,
    floor: Option<i32>,
    billed_area: Option<Quantity>,
    heads: Option<i32>,
    handed_over: Option<Day>,
}

pub(super) async fn list_units(app: App, who: Who, ask: ListUnits) -> Answer<Page<UnitRow>> {
    let today = organisation::today(app.db(), ask.community, app.now()).await?;
    let paging = ask.paging();
    let custom = custom::filter(app.db(), ask.community, FieldOf::Unit, "u.id", &ask.custom).await?;
    let filter = Filter::from(&ask).sql(&who, today).join(custom);
    let total = Sql::new("SELECT COUNT(*) AS number").join(filter.clone()).number(app.db()).await?;
    let rows: Vec<Found> =
        Sql::new("SELECT u.id, u.code, u.label, u.kind, u.state, u.floor, u.billed_area, u.heads, u.handed_over")
            .join(filter)
            .add(order(paging.order()))
            .add(" LIMIT ")
            .bind(i64::from(paging.size))
            .add(" OFFSET ")
            .bind(i64::try_from(paging.offset()).unwrap_or(i64::MAX))
            .all(app.db())
            .await?;
    let mut owners = owners(app.db(), &who, ask.community, rows.iter().map(|row| row.id), today).await?;
    let mut fields = field::fields(app.db(), ask.community, FieldOf::Unit).await?;
    fields.retain(|field| field.in_lists);
    let mut custom = custom::values(app.db(), ask.community, &fields, rows.iter().map(|row| row.id.0)).await?;
    let more = paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total;
    let rows = rows
        .into_iter()
        .map(|row| {
            let owners = owners.remove(&row.id).unwrap_or_default();
            UnitRow {
                custom: custom.remove(&row.id.0).unwrap_or_default(),
                unit: row.id,
                code: row.code,
                label: row.label,
                kind: row.kind,
                state: row.state,
                floor: row.floor,
                billed_area: row.billed_area,
                heads: row.heads,
                owner_id: owners.first().map(|owner| owner.resident_id),
                phone_masked: owners.iter().find_map(|owner| owner.phone.as_deref().map(masked)),
                owner: (!owners.is_empty())
                    .then(|| owners.iter().map(|owner| owner.name.as_str()).collect::<Vec<_>>().join("、")),
                handed_over: row.handed_over,
            }
        })
        .collect();
    Ok(Page { rows, total: Some(total), more })
}

pub(super) async fn count_units(app: App, who: Who, ask: CountUnits) -> Answer<UnitCounts> {
    #[derive(FromQueryResult)]
    struct Counted {
        state: UnitState,
        units: i64,
        area: i64,
    }
    let today = organisation::today(app.db(), ask.community, app.now()).await?;
    let custom = custom::filter(app.db(), ask.community, FieldOf::Unit, "u.id", &ask.custom).await?;
    let counted: Vec<Counted> =
        Sql::new("SELECT u.state, COUNT(*) AS units, CAST(COALESCE(SUM(u.billed_area), 0) AS bigint) AS area")
            .join(Filter::from(&ask).sql(&who, today))
            .join(custom)
            .add(" GROUP BY u.state")
            .all(app.db())
            .await?;
    let count_of = |state: UnitState| counted.iter().find(|row| row.state == state).map_or(0, |row| row.units.unsigned_abs());
    Ok(UnitCounts {
        units: counted.iter().map(|row| row.units.unsigned_abs()).sum(),
        states: UnitState::ALL.iter().map(|state| StateCount { state: *state, units: count_of(*state) }).collect(),
        billed_area: Quantity::from_scaled(counted.iter().map(|row| row.area).sum()),
    })
}

/// Ends in the list's own order, so that pages do not overlap.
fn order(asked: Option<(&str, bool)>) -> &'static str {
    match asked {
        Some(("code", true)) => " ORDER BY u.sort_key DESC, u.id DESC",
        Some(("kind", false)) => " ORDER BY u.kind, u.sort_key, u.id",
        Some(("kind", true)) => " ORDER BY u.kind DESC, u.sort_key, u.id",
        Some(("state", false)) => " ORDER BY u.state, u.sort_key, u.id",
        Some(("state", true)) => " ORDER BY u.state DESC, u.sort_key, u.id",
        Some(("billed_area", false)) => " ORDER BY COALESCE(u.billed_area, -1), u.sort_key, u.id",
        Some(("billed_area", true)) => " ORDER BY COALESCE(u.billed_area, -1) DESC, u.sort_key, u.id",
        Some(("handed_over", false)) => " ORDER BY u.handed_over IS NULL, u.handed_over, u.sort_key, u.id",
        Some(("handed_over", true)) => " ORDER BY u.handed_over IS NULL, u.handed_over DESC, u.sort_key, u.id",
        _ => " ORDER BY u.sort_key, u.id",
    }
}

#[derive(FromQueryResult)]
pub(super) struct OwnerOf {
    unit_id: UnitId,
    pub(super) resident_id: ResidentId,
    pub(super) name: String,
    pub(super) phone: Option<String>,
}

/// Who owns these units today, the longest first; nobody for those who may not see residents.
pub(super) async fn owners<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    units: impl Iterator<Item = UnitId>,
    today: Day,
) -> Answer<HashMap<UnitId, Vec<OwnerOf>>> {
    if !who.may(Permission::ResidentsRead) {
        return Ok(HashMap::new());
    }
    let rows: Vec<OwnerOf> = Sql::new(
        "SELECT o.unit_id, o.resident_id, r.name, r.phone FROM occupancy o \
         JOIN resident r ON r.community_id = o.community_id AND r.id = o.resident_id WHERE o.community_id = ",
    )
    .bind(community)
    .add(" AND o.role = 'owner' AND o.from_day <= ")
    .bind(today)
    .add(" AND (o.to_day IS NULL OR o.to_day > ")
    .bind(today)
    .add(") AND o.unit_id IN ")
    .list(units)
    .add(" ORDER BY o.from_day, o.id")
    .all(db)
    .await?;
    let mut owners: HashMap<UnitId, Vec<OwnerOf>> = HashMap::new();
    for row in rows {
        owners.entry(row.unit_id).or_default().push(row);
    }
    Ok(owners)
}

/// A phone as lists show it.
pub fn masked(phone: &str) -> String {
    phone.parse::<Phone>().map_or_else(|_| mask(phone, 3, 4), |phone| phone.masked())
}
