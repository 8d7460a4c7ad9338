//! Lists residents with the units that they hold today.

use std::collections::HashMap;

use common::api::{Listing, Page, Paging};
use common::estate::field::{CustomField, FieldOf};
use common::id::{ResidentId, UnitId};
use common::residents::api::{HeldUnit, ListResidents, ResidentRow};
use common::residents::{Gender, Role};
use sea_orm::FromQueryResult;

use super::resident::scope;
use crate::sql::Sql;
use crate::{Answer, App, Who, estate, organisation};

#[derive(FromQueryResult)]
struct Found {
    id: ResidentId,
    name: String,
    gender: Option<Gender>,
    phone: Option<String>,
    id_number_masked: Option<String>,
}

#[derive(FromQueryResult)]
struct Held {
    resident_id: ResidentId,
    unit_id: UnitId,
    label: String,
    role: Role,
}

pub(super) async fn list_residents(app: App, who: Who, ask: ListResidents) -> Answer<Page<ResidentRow>> {
    let mut fields = estate::fields(app.db(), ask.community, FieldOf::Resident).await?;
    fields.retain(|field| field.in_lists);
    page(&app, &who, &ask, &ask.paging(), &fields).await
}

/// One page of them, of any length, with the values of these custom fields.
pub(super) async fn page(
    app: &App,
    who: &Who,
    ask: &ListResidents,
    paging: &Paging,
    fields: &[CustomField],
) -> Answer<Page<ResidentRow>> {
    let community = ask.community;
    let today = organisation::today(app.db(), community, app.now()).await?;
    let mut filter = Sql::new(" FROM resident r WHERE r.community_id = ").bind(community).join(scope(who, community));
    if let Some(text) = ask.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        filter = match estate::people(community, text) {
            Some(people) => filter.add(" AND r.id IN (").join(people).add(")"),
            None => filter.add(" AND 1 = 0"),
        };
    }
    if ask.building.is_some() || ask.role.is_some() {
        filter = filter
            .add(
                " AND EXISTS (SELECT 1 FROM occupancy o JOIN unit u ON u.community_id = o.community_id AND u.id = o.unit_id \
                 WHERE o.community_id = r.community_id AND o.resident_id = r.id AND o.from_day <= ",
            )
            .bind(today)
            .add(" AND (o.to_day IS NULL OR o.to_day > ")
            .bind(today)
            .add(")");
        if let Some(building) = ask.building {
            filter = filter.add(" AND u.building_id = ").bind(building);
        }
        if let Some(role) = ask.role {
            filter = filter.add(" AND o.role = ").bind(role.code());
        }
        filter = filter.add(")");
    }
    let filter = filter.join(estate::filter_by_fields(app.db(), community, FieldOf::Resident, "r.id", &ask.custom).await?);
    let total = Sql::new("SELECT COUNT(*) AS number").join(filter.clone()).number(app.db()).await?;
    let order = match paging.order() {
        Some(("name", true)) => " ORDER BY r.name DESC, r.id DESC",
        Some(("created_at", false)) => " ORDER BY r.created_at, r.id",
        Some(("created_at", true)) => " ORDER BY r.created_at DESC, r.id DESC",
        _ => " ORDER BY r.name, r.id",
    };
    let rows: Vec<Found> = Sql::new("SELECT r.id, r.name, r.gender, r.phone, r.id_number_masked")
        .join(filter)
        .add(order)
        .add(" LIMIT ")
        .bind(i64::from(paging.size))
        .add(" OFFSET ")
        .bind(i64::try_from(paging.offset()).unwrap_or(i64::MAX))
        .all(app.db())
        .await?;
    let held: Vec<Held> = Sql::new(
        "SELECT o.resident_id, o.unit_id, u.label, o.role FROM occupancy o \
         JOIN unit u ON u.community_id = o.community_id AND u.id = o.unit_id WHERE o.community_id = ",
    )
    .bind(community)
    .add(" AND o.from_day <= ")
    .bind(today)
    .add(" AND (o.to_day IS NULL OR o.to_day > ")
    .bind(today)
    .add(") AND o.resident_id IN ")
    .list(rows.iter().map(|row| row.id))
    .add(" ORDER BY u.sort_key")
    .all(app.db())
    .await?;
    let mut units: HashMap<ResidentId, Vec<HeldUnit>> = HashMap::new();
    for row in held {
        units.entry(row.resident_id).or_default().push(HeldUnit { unit: row.unit_id, label: row.label, role: row.role });
    }
    let mut custom = estate::values(app.db(), community, fields, rows.iter().map(|row| row.id.0)).await?;
    let more = paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total;
    let rows = rows
        .into_iter()
        .map(|row| ResidentRow {
            custom: custom.remove(&row.id.0).unwrap_or_default(),
            units: units.remove(&row.id).unwrap_or_default(),
            resident: row.id,
            name: row.name,
            gender: row.gender,
            phone_masked: row.phone.as_deref().map(estate::masked),
            id_number_masked: row.id_number_masked,
        })
        .collect();
    Ok(Page { rows, total: Some(total), more })
}
