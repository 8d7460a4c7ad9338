//! Which unit is charged by which tariff, from a day to a day: assigned in bulk, ended, never deleted.

use std::collections::{HashMap, HashSet};

use common::api::{Listing as _, Page, Paging};
use common::charging::api::{
    Assign, AssignPreview, Assigned, ChargeRow, ChargeState, Earlier, EndCharges, ListCharges, PreviewAssign,
};
use common::charging::tariff::{Mode, TariffRules};
use common::estate::kind::UnitKind;
use common::id::{ChargeId, CommunityId, FeeItemId, TariffId, UnitId};
use common::metering::Utility;
use common::period::{Day, Period};
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::tariff::running_tariffs;
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Who, Work, bulk, estate};

#[derive(FromQueryResult)]
struct Row {
    id: ChargeId,
    unit_id: UnitId,
    unit_label: String,
    unit_kind: String,
    billed_area: Option<Quantity>,
    fee_item_id: FeeItemId,
    fee_item_name: String,
    tariff_id: TariffId,
    tariff_name: String,
    from_day: Day,
    to_day: Option<Day>,
}

#[derive(FromQueryResult)]
struct Total {
    total: i64,
}

/// The days on which units are charged.
pub struct ChargedDays(HashMap<UnitId, Vec<(Day, Option<Day>)>>);

impl ChargedDays {
    pub fn on_some_day(&self, unit: UnitId, of: Period) -> bool {
        let reaches = |(from, to): &(Day, Option<Day>)| *from < of.to && to.is_none_or(|to| to > of.from);
        self.0.get(&unit).is_some_and(|spans| spans.iter().any(reaches))
    }
}

/// When units are charged a fee item by the meters of a utility that is not its own.
pub async fn charged_by<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_item: FeeItemId,
    utility: Utility,
) -> Answer<ChargedDays> {
    #[derive(FromQueryResult)]
    struct Span {
        unit_id: UnitId,
        from_day: Day,
        to_day: Option<Day>,
    }
    let tariffs = running_tariffs(db, community, &[fee_item]).await?;
    let by = |rules: &TariffRules| rules.usage_of.and_then(Utility::of_kind) == Some(utility);
    let rows: Vec<Span> = Sql::new("SELECT unit_id, from_day, to_day FROM charge WHERE community_id = ")
        .bind(community)
        .add(" AND (to_day IS NULL OR to_day > from_day) AND tariff_id IN ")
        .list(tariffs.iter().filter(|tariff| by(&tariff.rules)).map(|tariff| tariff.id))
        .all(db)
        .await?;
    let mut spans: HashMap<UnitId, Vec<(Day, Option<Day>)>> = HashMap::new();
    for row in rows {
        spans.entry(row.unit_id).or_default().push((row.from_day, row.to_day));
    }
    Ok(ChargedDays(spans))
}

/// Who is charged by what.
pub(super) async fn list_charges(app: App, who: Who, ask: ListCharges) -> Answer<Page<ChargeRow>> {
    page(&app, &who, &ask, &ask.paging()).await
}

/// One page of them, of any length.
pub(super) async fn page(app: &App, who: &Who, ask: &ListCharges, paging: &Paging) -> Answer<Page<ChargeRow>> {
    let db = app.db();
    let today = today(db, ask.community, app.now()).await?;
    let found = |select: &str| {
        let sql = Sql::new(select)
            .push(" FROM charge c JOIN unit u ON u.community_id = c.community_id AND u.id = c.unit_id", [])
            .push(" JOIN tariff t ON t.community_id = c.community_id AND t.id = c.tariff_id", [])
            .push(" JOIN fee_item f ON f.community_id = t.community_id AND f.id = t.fee_item_id", [])
            .push(" WHERE c.community_id = ? AND (c.to_day IS NULL OR c.to_day > c.from_day)", [ask.community.into()])
            .within("u.building_id", &who.scope.buildings(ask.community))
            .some(" AND t.fee_item_id = ?", ask.fee_item)
            .some(" AND c.tariff_id = ?", ask.tariff)
            .some(" AND u.building_id = ?", ask.building)
            .some(" AND c.unit_id = ?", ask.unit);
        let sql = match ask.state.unwrap_or(ChargeState::Current) {
            ChargeState::Current => sql.push(" AND (c.to_day IS NULL OR c.to_day > ?)", [today.into()]),
            ChargeState::Ended => sql.push(" AND c.to_day <= ?", [today.into()]),
            ChargeState::All => sql,
        };
        match ask.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => sql.add(" AND c.unit_id IN (").join(estate::rooms(ask.community, text)).add(")"),
            None => sql,
        }
    };
    let order = match paging.order() {
        Some(("tariff", false)) => " ORDER BY t.name, u.sort_key, c.id",
        Some(("tariff", true)) => " ORDER BY t.name DESC, u.sort_key, c.id",
        Some(("from", false)) => " ORDER BY c.from_day, c.id",
        Some(("from", true)) => " ORDER BY c.from_day DESC, c.id",
        Some(("unit", true)) => " ORDER BY u.sort_key DESC, c.id",
        _ => " ORDER BY u.sort_key, c.id",
    };
    let mut rows: Vec<Row> = found(
        "SELECT c.id, c.unit_id, u.label AS unit_label, u.kind AS unit_kind, u.billed_area, t.fee_item_id, f.name AS fee_item_name, \
         c.tariff_id, t.name AS tariff_name, c.from_day, c.to_day",
    )
    .push(order, [])
    .page(u64::from(paging.size) + 1, paging.offset())
    .all(db)
    .await?;
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let total: Option<Total> = found("SELECT COUNT(*) AS total").one(db).await?;
    Ok(Page { rows: rows.into_iter().map(shown).collect(), total: total.map(|total| total.total.unsigned_abs()), more })
}

fn shown(row: Row) -> ChargeRow {
    ChargeRow {
        id: row.id,
        unit: row.unit_id,
        unit_label: row.unit_label,
        unit_kind: row.unit_kind,
        billed_area: row.billed_area,
        fee_item: row.fee_item_id,
        fee_item_name: row.fee_item_name,
        tariff: row.tariff_id,
        tariff_name: row.tariff_name,
        from: row.from_day,
        to: row.to_day,
    }
}

#[derive(FromQueryResult)]
struct TariffRow {
    fee_item_id: FeeItemId,
    rules: String,
    active: bool,
}

async fn tariff<C: ConnectionTrait>(db: &C, community: CommunityId, tariff: TariffId) -> Answer<(FeeItemId, TariffRules, bool)> {
    let row: TariffRow = Sql::new("SELECT fee_item_id, rules, active FROM tariff")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), tariff.into()])
        .one(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok((row.fee_item_id, serde_json::from_str(&row.rules)?, row.active))
}

/// The units of a filter, as the inner part of a query on `unit u`.
fn wanted(sql: Sql, who: &Who, ask: &PreviewAssign) -> Sql {
    let mut sql = sql
        .push(" WHERE u.community_id = ?", [ask.community.into()])
        .within("u.building_id", &who.scope.buildings(ask.community));
    if !ask.buildings.is_empty() {
        sql = sql.push(" AND u.building_id IN ", []).list(ask.buildings.iter().copied());
    }
    if !ask.kinds.is_empty() {
        sql = sql.push(" AND u.kind IN ", []).list(ask.kinds.iter().map(|kind: &UnitKind| kind.code()));
    }
    if !ask.units.is_empty() {
        sql = sql.push(" AND u.id IN ", []).list(ask.units.iter().copied());
    }
    sql
}

/// A unit of a filter, and how its fee item is charged in the wanted time.
struct Standing {
    unit: UnitId,
    /// By another tariff on some day.
    other: bool,
    no_area: bool,
    /// The days on which the wanted tariff does not charge it.
    free: Vec<(Day, Option<Day>)>,
}

async fn standing<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    ask: &PreviewAssign,
    (fee_item, rules): (FeeItemId, &TariffRules),
) -> Answer<Vec<Standing>> {
    #[derive(FromQueryResult)]
    struct Line {
        id: UnitId,
        no_area: bool,
        tariff_id: Option<TariffId>,
        from_day: Option<Day>,
        to_day: Option<Day>,
    }
    let sql =
        Sql::new("SELECT u.id, (u.billed_area IS NULL OR u.billed_area <= 0) AS no_area, c.tariff_id, c.from_day, c.to_day")
            .push(" FROM unit u LEFT JOIN (charge c JOIN tariff t ON t.community_id = c.community_id AND t.id = c.tariff_id", [])
            .push(" AND t.fee_item_id = ?) ON c.community_id = u.community_id AND c.unit_id = u.id", [fee_item.into()])
            .push(" AND (c.to_day IS NULL OR (c.to_day > ? AND c.to_day > c.from_day))", [ask.from.into()])
            .some(" AND c.from_day < ?", ask.to);
    let lines: Vec<Line> = wanted(sql, who, ask).push(" ORDER BY u.sort_key, u.id, c.from_day", []).all(db).await?;
    let of_unit = |lines: &[Line]| {
        let line = lines.first()?;
        let mut same = lines.iter().filter(|line| line.tariff_id == Some(ask.tariff)).peekable();
        // What is charged once is charged by the assignment that is there: one for the days around it would charge it again.
        let charged = rules.cycle.is_once() && same.peek().is_some();
        Some(Standing {
            unit: line.id,
            other: lines.iter().any(|line| line.tariff_id.is_some_and(|tariff| tariff != ask.tariff)),
            no_area: line.no_area,
            free: if charged {
                Vec::new()
            } else {
                free((ask.from, ask.to), same.filter_map(|line| Some((line.from_day?, line.to_day))))
            },
        })
    };
    Ok(lines.chunk_by(|a, b| a.id == b.id).filter_map(of_unit).collect())
}

/// What is left of a time without the spans, which come in the order of their first days.
fn free((from, to): (Day, Option<Day>), spans: impl Iterator<Item = (Day, Option<Day>)>) -> Vec<(Day, Option<Day>)> {
    let (mut left, mut next) = (Vec::new(), Some(from));
    for (first, end) in spans {
        let Some(day) = next else { break };
        if first > day {
            left.push((day, Some(first)));
        }
        next = end.map(|end| end.max(day));
    }
    left.extend(next.filter(|day| to.is_none_or(|to| *day < to)).map(|day| (day, to)));
    left
}

/// How many units an assignment would touch.
pub(super) async fn preview_assign(app: App, who: Who, ask: PreviewAssign) -> Answer<AssignPreview> {
    let (fee_item, rules, _) = tariff(app.db(), ask.community, ask.tariff).await?;
    let found = standing(app.db(), &who, &ask, (fee_item, &rules)).await?;
    let count = |which: fn(&Standing) -> bool| found.iter().filter(|unit| which(unit)).count() as u64;
    Ok(AssignPreview {
        found: count(|_| true),
        already: count(|unit| unit.free.is_empty()),
        other: count(|unit| unit.other && !unit.free.is_empty()),
        no_area: if rules.mode == Mode::Area { count(|unit| unit.no_area) } else { 0 },
    })
}

/// Assigns a tariff to every unit of a filter, for the days on which it is not charged by it already.
pub(super) async fn assign(app: App, who: Who, ask: Assign) -> Answer<Assigned> {
    let filter = PreviewAssign {
        community: ask.community,
        tariff: ask.tariff,
        buildings: ask.buildings.clone(),
        kinds: ask.kinds.clone(),
        units: ask.units.clone(),
        from: ask.from,
        to: ask.to,
    };
    let work = app.begin(&who).await?;
    let (fee_item, rules, active) = tariff(work.db(), ask.community, ask.tariff).await?;
    if !active {
        return Err(Problem::conflict("charging.tariff_retired", "The tariff is retired").into());
    }
    lock_fee_item(&work, ask.community, fee_item).await?;
    let mut rows = Vec::new();
    if ask.earlier == Earlier::Ended {
        rows = after(&work, &who, &filter, fee_item).await?;
        let sql = Sql::new("").push(
            "UPDATE charge SET to_day = CASE WHEN from_day > ? THEN from_day ELSE ? END",
            [ask.from.into(), ask.from.into()],
        );
        others(sql, &who, &filter, fee_item).run(work.db()).await?;
    }
    let units = standing(work.db(), &who, &filter, (fee_item, &rules)).await?;
    let left_out = units.iter().filter(|unit| unit.other && !unit.free.is_empty()).count();
    let columns = ["community_id", "id", "tariff_id", "unit_id", "from_day", "to_day", "created_at"];
    let free = units.iter().filter(|unit| !unit.other).flat_map(|unit| unit.free.iter().map(|span| (unit.unit, *span)));
    let restored = rows.len() as u64;
    rows.extend(free.map(|(unit, (from, to))| row(&work, ask.community, ask.tariff, unit, from, to)));
    let charges = bulk::insert(work.db(), "charge", &columns, rows).await?.saturating_sub(restored);
    let done = Assigned { charges, left_out: u64::try_from(left_out).unwrap_or(u64::MAX) };
    work.record(Some(ask.community), "charging.assign", ask.tariff.0, Some(&ask), Some(&done)).await?;
    work.commit().await?;
    Ok(done)
}

fn row(work: &Work, community: CommunityId, tariff: TariffId, unit: UnitId, from: Day, to: Option<Day>) -> Vec<Value> {
    vec![community.into(), ChargeId(Uuid::now_v7()).into(), tariff.into(), unit.into(), from.into(), to.into(), work.at.into()]
}

/// Adds: charges of the filter's units by other tariffs of the fee item, on days of the wanted time. Contracts are not among them:
/// they end as what they are, one by one.
fn others(sql: Sql, who: &Who, ask: &PreviewAssign, fee_item: FeeItemId) -> Sql {
    let sql = sql.push(
        " WHERE community_id = ? AND (to_day IS NULL OR to_day > ?) AND tariff_id <> ? AND tariff_id IN (SELECT id FROM tariff WHERE community_id = ? AND fee_item_id = ?)",
        [ask.community.into(), ask.from.into(), ask.tariff.into(), ask.community.into(), fee_item.into()],
    );
    let sql = sql.push(
        " AND NOT EXISTS (SELECT 1 FROM charge_rent cr WHERE cr.community_id = charge.community_id AND cr.charge_id = charge.id)",
        [],
    );
    let sql = sql.some(" AND from_day < ?", ask.to).push(" AND unit_id IN (SELECT u.id FROM unit u", []);
    wanted(sql, who, ask).push(")", [])
}

/// What charges a unit again after a time that a new tariff takes: nobody goes uncharged from then on. What is charged once is not
/// charged once more.
async fn after(work: &Work, who: &Who, ask: &PreviewAssign, fee_item: FeeItemId) -> Answer<Vec<Vec<Value>>> {
    #[derive(FromQueryResult)]
    struct Line {
        tariff_id: TariffId,
        unit_id: UnitId,
        to_day: Option<Day>,
    }
    let Some(to) = ask.to else { return Ok(Vec::new()) };
    let sql = others(Sql::new("SELECT tariff_id, unit_id, to_day FROM charge"), who, ask, fee_item);
    let lines: Vec<Line> =
        sql.push(" AND (to_day IS NULL OR (to_day > ? AND to_day > from_day))", [to.into()]).all(work.db()).await?;
    let once: HashSet<TariffId> = running_tariffs(work.db(), ask.community, &[fee_item])
        .await?
        .into_iter()
        .filter(|tariff| tariff.rules.cycle.is_once())
        .map(|tariff| tariff.id)
        .collect();
    let lines = lines.into_iter().filter(|line| !once.contains(&line.tariff_id));
    Ok(lines.map(|line| row(work, ask.community, line.tariff_id, line.unit_id, to, line.to_day)).collect())
}

/// One assignment of a fee item's tariffs at a time, so that no unit gets two.
pub(super) async fn lock_fee_item(work: &Work, community: CommunityId, fee_item: FeeItemId) -> Answer<()> {
    let lock = if work.is_postgres() { " FOR UPDATE" } else { "" };
    let sql = Sql::new("SELECT COUNT(*) AS total FROM (SELECT id FROM fee_item")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), fee_item.into()]);
    let _: Option<Total> = sql.push(lock, []).push(") locked", []).one(work.db()).await?;
    Ok(())
}

/// Ends charges on a day; bills that were made with them stay.
pub(super) async fn end_charges(app: App, who: Who, ask: EndCharges) -> Answer<Assigned> {
    let work = app.begin(&who).await?;
    let sql = Sql::new("")
        .push("UPDATE charge SET to_day = CASE WHEN from_day > ? THEN from_day ELSE ? END", [ask.to.into(), ask.to.into()])
        .push(" WHERE community_id = ? AND (to_day IS NULL OR to_day > ?) AND id IN ", [ask.community.into(), ask.to.into()])
        .list(ask.charges.iter().copied())
        .push(" AND unit_id IN (SELECT u.id FROM unit u WHERE u.community_id = ?", [ask.community.into()])
        .within("u.building_id", &who.scope.buildings(ask.community))
        .push(")", []);
    let charges = sql.run(work.db()).await?.rows_affected();
    let done = Assigned { charges, left_out: 0 };
    work.record(Some(ask.community), "charging.end_charges", ask.community.0, Some(&ask), Some(&done)).await?;
    work.commit().await?;
    Ok(done)
}
