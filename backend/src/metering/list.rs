//! The meters of a community, and one of them with its history.

use common::api::{Listing as _, Page, Paging};
use common::id::{BuildingId, CommunityId, FeeItemId, MeterId, UnitId};
use common::metering::api::{ListMeters, MeterPage, MeterRow, ShowMeter, UnitName};
use common::metering::{Role, Utility};
use common::period::Day;
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::FromQueryResult;

use super::{meter, reread, round};
use crate::sql::Sql;
use crate::{Answer, App, Who};

/// How many readings a meter's page shows.
const HISTORY: u32 = 120;

#[derive(FromQueryResult)]
struct Line {
    id: MeterId,
    code: String,
    role: String,
    utility: String,
    place: String,
    register: String,
    building_id: Option<BuildingId>,
    parent_id: Option<MeterId>,
    parent_code: Option<String>,
    fee_item_id: FeeItemId,
    fee_item_name: String,
    multiplier: Quantity,
    digits: i32,
    active: bool,
    unit_id: Option<UnitId>,
    unit_code: Option<String>,
    unit_label: Option<String>,
    value: Option<Quantity>,
    day: Option<Day>,
    usage: Option<Quantity>,
}

/// A unit's name out of its three columns.
pub(super) fn unit_name(id: Option<UnitId>, code: Option<String>, label: Option<String>) -> Option<UnitName> {
    Some(UnitName { id: id?, code: code?, label: label? })
}

impl Line {
    fn row(self) -> Answer<MeterRow> {
        Ok(MeterRow {
            id: self.id,
            role: meter::role(&self.role)?,
            utility: meter::utility(&self.utility)?,
            code: self.code,
            place: self.place,
            unit: unit_name(self.unit_id, self.unit_code, self.unit_label),
            building: self.building_id,
            parent: self.parent_id,
            parent_code: self.parent_code,
            fee_item: self.fee_item_id,
            fee_item_name: self.fee_item_name,
            register: meter::register(&self.register)?,
            multiplier: self.multiplier,
            digits: u32::try_from(self.digits).unwrap_or(0),
            active: self.active,
            value: self.value,
            day: self.day,
            usage: self.usage,
        })
    }
}

/// The chosen meters with all that a list shows of them, their latest reading included.
const SHOWN: &str = "SELECT m.id, m.code, m.role, m.utility, m.place, m.register, m.building_id, m.parent_id, p.code AS parent_code, \
    m.fee_item_id, f.name AS fee_item_name, m.multiplier, m.digits, m.active, \
    u.id AS unit_id, u.code AS unit_code, u.label AS unit_label, r.value, r.day, r.usage \
    FROM chosen m JOIN fee_item f ON f.community_id = m.community_id AND f.id = m.fee_item_id \
    LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id \
    LEFT JOIN meter p ON p.community_id = m.community_id AND p.id = m.parent_id \
    LEFT JOIN reading r ON r.community_id = m.community_id AND r.id = (SELECT l.id FROM reading l \
        WHERE l.community_id = m.community_id AND l.meter_id = m.id ORDER BY l.day DESC LIMIT 1)";

pub(super) async fn list_meters(app: App, who: Who, ask: ListMeters) -> Answer<Page<MeterRow>> {
    let paging = ask.paging();
    let total = count(&app, &who, &ask).await?;
    let rows = page(&app, &who, &ask, &paging).await?;
    Ok(Page { more: paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total, rows, total: Some(total) })
}

/// How many meters the filters find.
pub(super) async fn count(app: &App, who: &Who, ask: &ListMeters) -> Answer<u64> {
    chosen("SELECT COUNT(*)", who, ask).number(app.db()).await
}

/// A page of the meters that the filters find.
pub(super) async fn page(app: &App, who: &Who, ask: &ListMeters, paging: &Paging) -> Answer<Vec<MeterRow>> {
    let (column, descending) = paging.order().unwrap_or(("unit", false));
    let column = match column {
        "code" => "code",
        _ => "sort_key",
    };
    let turn = if descending { "DESC" } else { "ASC" };
    let order = format!(" ORDER BY m.{column} {turn}, m.id {turn}");
    let sql = chosen("WITH chosen AS (SELECT m.*", who, ask)
        .add(&order)
        .page(paging.size.into(), paging.offset())
        .add(") ")
        .add(SHOWN)
        .add(&order);
    let lines: Vec<Line> = sql.all(app.db()).await?;
    lines.into_iter().map(Line::row).collect()
}

fn chosen(what: &str, who: &Who, ask: &ListMeters) -> Sql {
    let sql = Sql::new(what)
        .add(" FROM meter m LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id WHERE m.community_id = ")
        .bind(ask.community)
        .within("m.building_id", &who.scope.buildings(ask.community))
        .some(" AND m.role = ?", ask.role.map(Role::word))
        .some(" AND m.utility = ?", ask.utility.map(Utility::word))
        .some(" AND m.building_id = ?", ask.building)
        .some(" AND m.unit_id = ?", ask.unit)
        .some(" AND m.parent_id = ?", ask.parent)
        .some(" AND m.active = ?", ask.active);
    meter::searched(sql, ask.community, ask.search.as_deref())
}

pub(super) async fn show_meter(app: App, who: Who, ask: ShowMeter) -> Answer<MeterPage> {
    let meter = one(&app, &who, ask.community, ask.meter).await?;
    let children =
        Sql::new("SELECT COUNT(*) FROM meter WHERE community_id = ").bind(ask.community).add(" AND parent_id = ").bind(ask.meter);
    let children = children.number(app.db()).await?;
    let mut readings = round::of_meter(&app, ask.community, ask.meter, HISTORY + 1).await?;
    let most = usize::try_from(HISTORY).unwrap_or(usize::MAX);
    let more = readings.len() > most;
    readings.truncate(most);
    let rereads = reread::of_meter(&app, &who, ask.community, ask.meter).await?;
    Ok(MeterPage { meter, readings, rereads, children, more })
}

async fn one(app: &App, who: &Who, community: CommunityId, meter: MeterId) -> Answer<MeterRow> {
    let sql = Sql::new("WITH chosen AS (SELECT m.* FROM meter m WHERE m.community_id = ")
        .bind(community)
        .add(" AND m.id = ")
        .bind(meter)
        .within("m.building_id", &who.scope.buildings(community))
        .add(") ")
        .add(SHOWN);
    let line: Line = sql.one(app.db()).await?.ok_or_else(Problem::not_found)?;
    line.row()
}
