//! A month's round: how far it is, what was read, and the meters in the order in which a person walks.

use std::collections::HashMap;

use common::api::{Listing as _, Page, Paging};
use common::id::{BillId, BuildingId, CommunityId, EmployeeId, MeterId, ReadingId, ReadingImportId, RereadId, UnitId};
use common::metering::api::{
    BuildingProgress, ListReadings, MissReason, Missed, Progress, ReadingRow, ReadingState, RoundReading, RoundRow, ShowProgress,
    ShowRound,
};
use common::metering::book::average;
use common::metering::{Oddity, Role, Utility};
use common::period::{Day, Month};
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::FromQueryResult;

use super::list::unit_name;
use super::meter;
use super::reading::{least_of, mark, months_before};
use super::rounds::{self, Chosen};
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

pub(super) async fn show_progress(app: App, who: Who, ask: ShowProgress) -> Answer<Progress> {
    #[derive(FromQueryResult)]
    struct Line {
        building_id: Option<BuildingId>,
        name: Option<String>,
        utility: String,
        meters: i64,
        read: i64,
        review: i64,
        billed: i64,
        used: Option<Quantity>,
        used_before: Option<Quantity>,
    }
    let sql = Sql::new(
        "SELECT m.building_id, b.name, m.utility, COUNT(*) AS meters, COUNT(r.meter_id) AS read, \
         CAST(COALESCE(SUM(r.review), 0) AS bigint) AS review, CAST(COALESCE(SUM(r.billed), 0) AS bigint) AS billed, \
         CAST(SUM(CASE WHEN m.role = 'household' THEN r.used END) AS bigint) AS used, \
         CAST(SUM(CASE WHEN m.role = 'household' THEN q.used END) AS bigint) AS used_before \
         FROM meter m LEFT JOIN building b ON b.community_id = m.community_id AND b.id = m.building_id \
         LEFT JOIN (SELECT meter_id, MAX(CASE WHEN review THEN 1 ELSE 0 END) AS review, \
         MAX(CASE WHEN bill_id IS NULL THEN 0 ELSE 1 END) AS billed, SUM(usage) AS used FROM reading WHERE community_id = ",
    )
    .bind(ask.community)
    .add(" AND month = ")
    .bind(ask.month.number())
    .add(" GROUP BY meter_id) r ON r.meter_id = m.id ")
    .add("LEFT JOIN (SELECT meter_id, SUM(usage) AS used FROM reading WHERE community_id = ")
    .bind(ask.community)
    .add(" AND month = ")
    .bind(ask.month.plus(-1).number())
    .add(" GROUP BY meter_id) q ON q.meter_id = m.id ")
    .add("WHERE m.community_id = ")
    .bind(ask.community)
    .add(" AND m.active = ")
    .bind(true)
    .within("m.building_id", &who.scope.buildings(ask.community))
    .some(" AND m.utility = ?", ask.utility.map(|utility| utility.word().to_owned()))
    .add(" GROUP BY m.building_id, b.name, b.sort_key, m.utility ORDER BY b.sort_key, b.name, m.utility");
    let lines: Vec<Line> = sql.all(app.db()).await?;
    let buildings = lines
        .into_iter()
        .map(|line| {
            Ok(BuildingProgress {
                building: line.building_id,
                name: line.name.unwrap_or_default(),
                utility: meter::utility(&line.utility)?,
                meters: line.meters.unsigned_abs(),
                read: line.read.unsigned_abs(),
                review: line.review.unsigned_abs(),
                billed: line.billed.unsigned_abs(),
                usage: line.used.unwrap_or_default(),
                usage_before: line.used_before.unwrap_or_default(),
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    let latest = Sql::new("SELECT CAST(MAX(month) AS bigint) FROM reading WHERE community_id = ").bind(ask.community);
    let latest = i32::try_from(latest.number(app.db()).await?).ok().and_then(Month::from_number);
    Ok(Progress { buildings, latest })
}

#[derive(FromQueryResult)]
struct Line {
    id: ReadingId,
    meter_id: MeterId,
    meter_code: String,
    role: String,
    utility: String,
    place: String,
    building_id: Option<BuildingId>,
    register: String,
    unit_id: Option<UnitId>,
    unit_code: Option<String>,
    unit_label: Option<String>,
    month: i32,
    day: Day,
    value: Quantity,
    previous: Option<Quantity>,
    previous_day: Option<Day>,
    multiplier: Quantity,
    usage: Option<Quantity>,
    mark: String,
    old_final: Option<Quantity>,
    old_multiplier: Option<Quantity>,
    new_initial: Option<Quantity>,
    odd: String,
    review: bool,
    bill_id: Option<BillId>,
    import_id: Option<ReadingImportId>,
    estimated: bool,
    photo: bool,
    note: String,
    created_by: Option<EmployeeId>,
    by_name: Option<String>,
}

fn state(bill: Option<BillId>, review: bool) -> ReadingState {
    match (bill, review) {
        (Some(_), _) => ReadingState::Billed,
        (None, true) => ReadingState::Review,
        (None, false) => ReadingState::Open,
    }
}

fn month_of(number: i32) -> Answer<Month> {
    Month::from_number(number).ok_or_else(|| Failure::broken(format!("no month {number}")))
}

impl Line {
    fn row(self) -> Answer<ReadingRow> {
        Ok(ReadingRow {
            id: self.id,
            meter: self.meter_id,
            meter_code: self.meter_code,
            role: meter::role(&self.role)?,
            utility: meter::utility(&self.utility)?,
            register: meter::register(&self.register)?,
            place: self.place,
            building: self.building_id,
            unit: unit_name(self.unit_id, self.unit_code, self.unit_label),
            month: month_of(self.month)?,
            day: self.day,
            value: self.value,
            previous: self.previous,
            previous_day: self.previous_day,
            multiplier: self.multiplier,
            usage: self.usage,
            mark: mark(&self.mark, self.old_final, self.old_multiplier, self.new_initial),
            estimated: self.estimated,
            photo: self.photo,
            state: state(self.bill_id, self.review),
            odd: Oddity::from_word(&self.odd),
            bill: self.bill_id,
            import: self.import_id,
            note: self.note,
            by: self.created_by,
            by_name: self.by_name,
        })
    }
}

const SHOWN: &str = "SELECT r.id, r.meter_id, m.code AS meter_code, m.role, m.utility, m.place, m.building_id, m.register, \
    u.id AS unit_id, u.code AS unit_code, u.label AS unit_label, r.month, r.day, r.value, r.previous, r.previous_day, \
    r.multiplier, r.usage, r.mark, r.old_final, r.old_multiplier, r.new_initial, r.odd, r.review, r.bill_id, r.import_id, \
    r.estimated, EXISTS (SELECT 1 FROM reading_photo h WHERE h.community_id = r.community_id AND h.reading_id = r.id) AS photo, \
    r.note, r.created_by, e.name AS by_name";

const JOINED: &str = " FROM reading r JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id \
    LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id";

const WRITER: &str = " LEFT JOIN employee e ON e.id = r.created_by";

pub(super) async fn list_readings(app: App, who: Who, ask: ListReadings) -> Answer<Page<ReadingRow>> {
    let paging = ask.paging();
    let total = count(&app, &who, &ask).await?;
    let rows = page(&app, &who, &ask, &paging).await?;
    Ok(Page { more: paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total, rows, total: Some(total) })
}

/// How many readings the filters find.
pub(super) async fn count(app: &App, who: &Who, ask: &ListReadings) -> Answer<u64> {
    chosen(Sql::new("SELECT COUNT(*)").add(JOINED), who, ask).number(app.db()).await
}

/// A page of the readings that the filters find.
pub(super) async fn page(app: &App, who: &Who, ask: &ListReadings, paging: &Paging) -> Answer<Vec<ReadingRow>> {
    let (column, descending) = paging.order().unwrap_or(("unit", false));
    let column = match column {
        "code" => "m.code",
        "day" => "r.day",
        "usage" => "COALESCE(r.usage, -1)",
        _ => "m.sort_key",
    };
    let turn = if descending { "DESC" } else { "ASC" };
    let sql = chosen(Sql::new(SHOWN).add(JOINED).add(WRITER), who, ask)
        .add(&format!(" ORDER BY {column} {turn}, m.code {turn}, r.day DESC, r.id"))
        .page(paging.size.into(), paging.offset());
    let lines: Vec<Line> = sql.all(app.db()).await?;
    lines.into_iter().map(Line::row).collect()
}

fn chosen(sql: Sql, who: &Who, ask: &ListReadings) -> Sql {
    let sql = sql
        .add(" WHERE r.community_id = ")
        .bind(ask.community)
        .within("m.building_id", &who.scope.buildings(ask.community))
        .some(" AND r.month = ?", ask.month.map(Month::number))
        .some(" AND r.meter_id = ?", ask.meter)
        .some(" AND m.building_id = ?", ask.building)
        .some(" AND m.role = ?", ask.role.map(Role::word))
        .some(" AND m.utility = ?", ask.utility.map(Utility::word));
    let sql = match ask.state {
        None => sql,
        Some(ReadingState::Billed) => sql.add(" AND r.bill_id IS NOT NULL"),
        Some(state) => sql.add(" AND r.bill_id IS NULL AND r.review = ").bind(state == ReadingState::Review),
    };
    meter::searched(sql, ask.community, ask.search.as_deref())
}

/// A meter's readings from new to old.
pub(super) async fn of_meter(app: &App, community: CommunityId, meter: MeterId, most: u32) -> Answer<Vec<ReadingRow>> {
    let sql = Sql::new(SHOWN)
        .add(JOINED)
        .add(WRITER)
        .add(" WHERE r.community_id = ")
        .bind(community)
        .add(" AND r.meter_id = ")
        .bind(meter)
        .add(" ORDER BY r.day DESC LIMIT ")
        .bind(i64::from(most));
    let lines: Vec<Line> = sql.all(app.db()).await?;
    lines.into_iter().map(Line::row).collect()
}

/// One reading as lists show it.
pub(super) async fn one(app: &App, community: CommunityId, reading: ReadingId) -> Answer<ReadingRow> {
    let sql =
        Sql::new(SHOWN).add(JOINED).add(WRITER).add(" WHERE r.community_id = ").bind(community).add(" AND r.id = ").bind(reading);
    let line: Line = sql.one(app.db()).await?.ok_or_else(Problem::not_found)?;
    line.row()
}

#[derive(FromQueryResult)]
struct RoundLine {
    id: MeterId,
    code: String,
    role: String,
    utility: String,
    place: String,
    register: String,
    unit_id: Option<UnitId>,
    unit_code: Option<String>,
    unit_label: Option<String>,
    multiplier: Quantity,
    digits: i32,
    previous: Option<Quantity>,
    previous_day: Option<Day>,
    least: Option<Quantity>,
    reading_id: Option<ReadingId>,
    value: Option<Quantity>,
    day: Option<Day>,
    usage: Option<Quantity>,
    mark: Option<String>,
    old_final: Option<Quantity>,
    old_multiplier: Option<Quantity>,
    new_initial: Option<Quantity>,
    review: Option<bool>,
    estimated: Option<bool>,
    bill_id: Option<BillId>,
    miss_reason: Option<String>,
    miss_note: Option<String>,
    miss_day: Option<Day>,
    miss_tries: Option<i32>,
    reread_id: Option<RereadId>,
}

impl RoundLine {
    fn missed(&mut self) -> Option<Missed> {
        Some(Missed {
            reason: self.miss_reason.as_deref().and_then(MissReason::from_word)?,
            note: self.miss_note.take().unwrap_or_default(),
            day: self.miss_day?,
            tries: self.miss_tries.and_then(|tries| u32::try_from(tries).ok())?,
        })
    }
}

pub(super) async fn show_round(app: App, who: Who, ask: ShowRound) -> Answer<Page<RoundRow>> {
    let paging = ask.paging();
    let month = ask.month.number();
    let choose = |what: &str| {
        let mut sql = Sql::new(what)
            .add(" FROM meter m LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id WHERE m.community_id = ")
            .bind(ask.community)
            .add(" AND m.active = ")
            .bind(true)
            .within("m.building_id", &who.scope.buildings(ask.community))
            .some(" AND m.building_id = ?", ask.building)
            .some(" AND m.role = ?", ask.role.map(|role| role.word().to_owned()))
            .some(" AND m.utility = ?", ask.utility.map(|utility| utility.word().to_owned()))
            .some(" AND m.id = ?", ask.meter);
        if let Some(round) = ask.round {
            let chosen = Chosen { part: ask.part, reader: ask.reader, standing: ask.standing };
            sql = sql.add(" AND m.id IN (").join(rounds::meters(ask.community, round, chosen)).add(")");
        }
        if ask.unread == Some(true) {
            sql = sql.add(" AND NOT EXISTS (SELECT 1 FROM reading n WHERE n.community_id = m.community_id AND n.meter_id = m.id AND n.month = ").bind(month).add(")");
        }
        meter::searched(sql, ask.community, ask.search.as_deref())
    };
    let count = choose("SELECT COUNT(*)");
    let sql = choose("WITH chosen AS (SELECT m.*")
        .add(" ORDER BY m.sort_key, m.code")
        .page(paging.size.into(), paging.offset())
        .add(
            ") SELECT m.id, m.code, m.role, m.utility, m.place, m.register, u.id AS unit_id, u.code AS unit_code, u.label AS unit_label, \
         m.multiplier, m.digits, p.value AS previous, p.day AS previous_day, ",
        )
        .add(&least_of("p"))
        .add(
            ", r.id AS reading_id, r.value, r.day, r.usage, \
         r.mark, r.old_final, r.old_multiplier, r.new_initial, r.review, r.estimated, r.bill_id, \
         s.reason AS miss_reason, s.note AS miss_note, s.day AS miss_day, s.tries AS miss_tries, t.id AS reread_id \
         FROM chosen m LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id \
         LEFT JOIN reading p ON p.community_id = m.community_id AND p.id = (SELECT l.id FROM reading l \
         WHERE l.community_id = m.community_id AND l.meter_id = m.id AND l.month < ",
        )
        .bind(month)
        .add(
            " ORDER BY l.day DESC LIMIT 1) LEFT JOIN reading r ON r.community_id = m.community_id AND r.id = (SELECT l.id \
         FROM reading l WHERE l.community_id = m.community_id AND l.meter_id = m.id AND l.month = ",
        )
        .bind(month)
        .add(" ORDER BY l.day DESC LIMIT 1) LEFT JOIN reading_missed s ON s.community_id = m.community_id AND s.meter_id = m.id AND s.round_id = ")
        .bind(ask.round)
        .add(" LEFT JOIN reread t ON t.community_id = m.community_id AND t.meter_id = m.id AND t.state = 'open' AND t.month = ")
        .bind(month)
        .add(" ORDER BY m.sort_key, m.code");
    let total = count.number(app.db()).await?;
    let lines: Vec<RoundLine> = sql.all(app.db()).await?;
    let mut past = past(&app, &ask, &lines).await?;
    let rows = lines
        .into_iter()
        .map(|mut line| {
            let missed = line.missed();
            let reading = match (line.reading_id, line.value, line.day) {
                (Some(id), Some(value), Some(day)) => Some(RoundReading {
                    id,
                    value,
                    day,
                    usage: line.usage,
                    mark: mark(line.mark.as_deref().unwrap_or_default(), line.old_final, line.old_multiplier, line.new_initial),
                    estimated: line.estimated == Some(true),
                    state: state(line.bill_id, line.review == Some(true)),
                }),
                _ => None,
            };
            Ok(RoundRow {
                meter: line.id,
                code: line.code,
                role: meter::role(&line.role)?,
                utility: meter::utility(&line.utility)?,
                register: meter::register(&line.register)?,
                place: line.place,
                unit: unit_name(line.unit_id, line.unit_code, line.unit_label),
                multiplier: line.multiplier,
                digits: u32::try_from(line.digits).unwrap_or(0),
                previous: line.previous,
                previous_day: line.previous_day,
                least: line.least,
                average: past.remove(&line.id).and_then(|past| average(&past)),
                reading,
                missed,
                reread: line.reread_id,
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    Ok(Page { more: paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total, rows, total: Some(total) })
}

/// The usages of the months before, by meter, from old to new.
async fn past(app: &App, ask: &ShowRound, lines: &[RoundLine]) -> Answer<HashMap<MeterId, Vec<Option<Quantity>>>> {
    #[derive(FromQueryResult)]
    struct Used {
        meter_id: MeterId,
        month: i32,
        used: Option<Quantity>,
    }
    let months = months_before(ask.month);
    let sql = Sql::new("SELECT meter_id, month, CAST(SUM(usage) AS bigint) AS used FROM reading WHERE community_id = ")
        .bind(ask.community)
        .add(" AND meter_id IN ")
        .list(lines.iter().map(|line| line.id))
        .add(" AND month IN ")
        .list(months.iter().map(|month| month.number()))
        .add(" GROUP BY meter_id, month");
    let rows: Vec<Used> = sql.all(app.db()).await?;
    let mut past: HashMap<MeterId, Vec<Option<Quantity>>> = HashMap::new();
    for row in rows {
        let past = past.entry(row.meter_id).or_insert_with(|| vec![None; months.len()]);
        let place = months.iter().position(|month| month.number() == row.month);
        if let Some(used) = place.and_then(|place| past.get_mut(place)) {
            *used = row.used;
        }
    }
    Ok(past)
}
