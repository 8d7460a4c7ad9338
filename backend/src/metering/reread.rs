//! Meters that are read again: a reading is refused and goes, somebody is sent, the next reading answers.

use std::collections::{HashMap, HashSet};

use common::api::{Done, Listing as _, Page};
use common::id::{BuildingId, CommunityId, EmployeeId, MeterId, ReadingId, ReadingImportId, RereadId, UnitId};
use common::metering::Oddity;
use common::metering::api::{DropReread, ListRereads, RereadRow, RereadState, SendBack};
use common::metering::book::average;
use common::period::{Day, Month};
use common::permission::Permission;
use common::problem::{FieldProblem, Problem};
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, EntityTrait as _, FromQueryResult, Value};

use super::list::unit_name;
use super::{enter, meter, reading, rounds};
use crate::problem::OnTaken as _;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Made, Who, Work, organisation};

#[derive(FromQueryResult)]
struct Line {
    id: RereadId,
    state: String,
    meter_id: MeterId,
    meter_code: String,
    role: String,
    utility: String,
    register: String,
    place: String,
    unit_id: Option<UnitId>,
    unit_code: Option<String>,
    unit_label: Option<String>,
    month: i32,
    value: Quantity,
    day: Day,
    refused_by: Option<String>,
    previous: Option<Quantity>,
    usage: Option<Quantity>,
    odd: String,
    usual: Option<Quantity>,
    photo: bool,
    note: String,
    reader_id: EmployeeId,
    reader_name: Option<String>,
    due_day: Day,
    sent_by: Option<String>,
    sent_day: Day,
    answer_id: Option<ReadingId>,
    answer: Option<Quantity>,
    answer_day: Option<Day>,
    ended_by: Option<String>,
}

const SHOWN: &str = "SELECT t.id, t.state, t.meter_id, m.code AS meter_code, m.role, m.utility, m.register, m.place, u.id AS unit_id, \
    u.code AS unit_code, u.label AS unit_label, t.month, t.value, t.day, f.name AS refused_by, t.previous, t.usage, t.odd, t.usual, \
    t.photo IS NOT NULL AS photo, t.note, t.reader_id, e.name AS reader_name, t.due_day, s.name AS sent_by, t.sent_day, t.answer_id, \
    t.answer, t.answer_day, d.name AS ended_by";

const JOINED: &str = " FROM reread t JOIN meter m ON m.community_id = t.community_id AND m.id = t.meter_id";

const NAMED: &str = " LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id LEFT JOIN employee f ON f.id = t.read_by \
    LEFT JOIN employee e ON e.id = t.reader_id LEFT JOIN employee s ON s.id = t.sent_by LEFT JOIN employee d ON d.id = t.ended_by";

impl Line {
    fn row(self) -> Answer<RereadRow> {
        Ok(RereadRow {
            id: self.id,
            state: RereadState::from_word(&self.state).ok_or_else(|| Failure::broken(format!("reread {:?}", self.state)))?,
            meter: self.meter_id,
            meter_code: self.meter_code,
            role: meter::role(&self.role)?,
            utility: meter::utility(&self.utility)?,
            register: meter::register(&self.register)?,
            place: self.place,
            unit: unit_name(self.unit_id, self.unit_code, self.unit_label),
            month: Month::from_number(self.month).ok_or_else(|| Failure::broken("a reread without a month"))?,
            refused: self.value,
            refused_day: self.day,
            refused_by: self.refused_by,
            previous: self.previous,
            usage: self.usage,
            odd: Oddity::from_word(&self.odd),
            usual: self.usual,
            photo: self.photo,
            note: self.note,
            reader: self.reader_id,
            reader_name: self.reader_name.unwrap_or_default(),
            due: self.due_day,
            sent_by: self.sent_by,
            sent_on: self.sent_day,
            answer: self.answer,
            answer_day: self.answer_day,
            ended_by: self.ended_by,
        })
    }
}

/// The beginning of every question for tasks: those of a community that the caller sees.
fn of(what: &str, names: &str, who: &Who, community: CommunityId) -> Sql {
    Sql::new(what)
        .add(JOINED)
        .add(names)
        .add(" WHERE t.community_id = ")
        .bind(community)
        .within("m.building_id", &who.scope.buildings(community))
}

async fn rows<C: ConnectionTrait>(sql: Sql, db: &C) -> Answer<Vec<RereadRow>> {
    sql.all::<Line, _>(db).await?.into_iter().map(Line::row).collect()
}

pub(super) async fn list_rereads(app: App, who: Who, ask: ListRereads) -> Answer<Page<RereadRow>> {
    let paging = ask.paging();
    let chosen = |what: &str, names: &str| {
        of(what, names, &who, ask.community)
            .some(" AND t.state = ?", ask.state.map(RereadState::word))
            .some(" AND t.month = ?", ask.month.map(Month::number))
            .some(" AND m.building_id = ?", ask.building)
            .some(" AND t.reader_id = ?", ask.reader)
    };
    let total = chosen("SELECT COUNT(*)", "").number(app.db()).await?;
    let sql = chosen(SHOWN, NAMED)
        .add(" ORDER BY CASE WHEN t.state = 'open' THEN 0 ELSE 1 END, CASE WHEN t.state = 'open' THEN t.due_day END, t.ended_at DESC, t.id")
        .page(paging.size.into(), paging.offset());
    let rows = rows(sql, app.db()).await?;
    Ok(Page { more: paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total, rows, total: Some(total) })
}

/// What this person is to read again, the most urgent first.
pub(super) async fn of_reader<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId) -> Answer<Vec<RereadRow>> {
    let sql = of(SHOWN, NAMED, who, community)
        .push(" AND t.state = 'open' AND t.reader_id = ?", [who.employee.into()])
        .add(" ORDER BY t.due_day, m.sort_key, m.code");
    rows(sql, db).await
}

/// When a meter was to be read again, from new to old.
pub(super) async fn of_meter(app: &App, who: &Who, community: CommunityId, meter: MeterId) -> Answer<Vec<RereadRow>> {
    let sql = of(SHOWN, NAMED, who, community).add(" AND t.meter_id = ").bind(meter).add(" ORDER BY t.id DESC LIMIT 24");
    rows(sql, app.db()).await
}

/// The tasks that readings answer, by reading.
pub(super) async fn answered(
    app: &App,
    who: &Who,
    community: CommunityId,
    readings: &[ReadingId],
) -> Answer<HashMap<ReadingId, RereadRow>> {
    let sql = of(SHOWN, NAMED, who, community).add(" AND t.answer_id IN ").list(readings.iter().copied());
    let lines: Vec<Line> = sql.all(app.db()).await?;
    lines.into_iter().filter_map(|line| Some((line.answer_id?, line.row()))).map(|(id, row)| Ok((id, row?))).collect()
}

/// An odd reading with which the caller answered a task.
pub(super) struct Own {
    pub id: ReadingId,
    pub code: String,
    /// Who else may look at it.
    pub others: Vec<String>,
}

/// Those of these readings that wait for a second look, were taken by the caller, and answer a task.
pub(super) async fn own<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    readings: &[ReadingId],
) -> Answer<Vec<Own>> {
    #[derive(FromQueryResult)]
    struct Of {
        id: ReadingId,
        code: String,
        building_id: Option<BuildingId>,
    }
    let own: Vec<Of> = Sql::new("SELECT r.id, m.code, m.building_id FROM reading r")
        .add(" JOIN reread t ON t.community_id = r.community_id AND t.answer_id = r.id")
        .add(" JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id")
        .push(
            " WHERE r.community_id = ? AND r.created_by = ? AND r.review = ?",
            [community.into(), who.employee.into(), true.into()],
        )
        .add(" AND r.id IN ")
        .list(readings.iter().copied())
        .add(" ORDER BY m.code")
        .all(db)
        .await?;
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let able = organisation::who_may(db, Permission::MeteringWrite, community).await?;
    let others = |building| {
        let others = able.iter().filter(|one| one.id != who.employee && one.buildings.see(building));
        others.map(|one| one.name.clone()).collect()
    };
    Ok(own.into_iter().map(|of| Own { id: of.id, code: of.code, others: others(of.building_id) }).collect())
}

pub(super) async fn send_back(app: App, who: Who, ask: SendBack) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(community, ask.reread.0, &ask).await? {
        return Ok(done);
    }
    let (mut meter, before) = enter::held(&work, &who, community, ask.reading).await?;
    let today = organisation::today(work.db(), community, work.at).await?;
    if ask.due < today {
        return Err(Problem::invalid(vec![FieldProblem::new("due", "metering.due_past").with("today", today)]).into());
    }
    let readers = rounds::open::readers(work.db(), community).await?;
    if !readers.iter().any(|reader| reader.id == ask.reader && reader.sees(meter.building_id)) {
        let name = readers.iter().find(|reader| reader.id == ask.reader).map_or_else(String::new, |reader| reader.name.clone());
        return Err(Problem::invalid(vec![FieldProblem::new("reader", "metering.reader_unseen").with("name", name)]).into());
    }
    let usual = average(&reading::past(&work, &meter, before.month).await?);
    insert(&work, &ask, &before, usual, today).await?;
    if let Some(old) = before.old_multiplier {
        enter::recount(&work, &mut meter, before.day, old).await?;
    }
    reading::Entity::delete_by_id((community, ask.reading)).exec(work.db()).await?;
    reading::derive(&work, &meter, before.day, false).await?;
    let was = serde_json::json!({"meter": meter.code, "month": before.month, "day": before.day, "value": before.value});
    work.record(Some(community), "metering.send_back", ask.reread.0, Some(&was), Some(&ask)).await?;
    work.made(community, ask.reread.0, &Done {}).await?;
    work.commit().await?;
    Ok(Done {})
}

/// The task with all that is known of the reading, which goes, and its photo.
async fn insert(work: &Work, ask: &SendBack, refused: &reading::Model, usual: Option<Quantity>, today: Day) -> Answer<()> {
    let columns = "community_id, id, meter_id, month, state, value, day, read_by, previous, usage, usual, odd, note, reader_id, due_day, sent_by, \
        sent_day, photo";
    let values: [Value; 17] = [
        ask.community.into(),
        ask.reread.into(),
        refused.meter_id.into(),
        refused.month.into(),
        RereadState::Open.word().into(),
        refused.value.into(),
        refused.day.into(),
        refused.created_by.into(),
        refused.previous.into(),
        refused.usage.into(),
        usual.into(),
        refused.odd.clone().into(),
        ask.note.trim().into(),
        ask.reader.into(),
        ask.due.into(),
        work.by.into(),
        today.into(),
    ];
    Sql::new(&format!("INSERT INTO reread ({columns}) VALUES ("))
        .push(&"?, ".repeat(values.len()), values)
        .push(
            "(SELECT h.bytes FROM reading_photo h WHERE h.community_id = ? AND h.reading_id = ?))",
            [ask.community.into(), ask.reading.into()],
        )
        .run(work.db())
        .await
        .on_taken(|| Problem::conflict("metering.reread_open", "The meter is to be read again already"))?;
    Ok(())
}

pub(super) async fn drop_reread(app: App, who: Who, ask: DropReread) -> Answer<Done> {
    #[derive(FromQueryResult)]
    struct Of {
        state: String,
    }
    let work = app.begin(&who).await?;
    let of: Of = of("SELECT t.state", "", &who, ask.community)
        .add(" AND t.id = ")
        .bind(ask.reread)
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    match RereadState::from_word(&of.state) {
        Some(RereadState::Open) => {}
        Some(RereadState::Dropped) => return Ok(Done {}),
        _ => return Err(done_already().into()),
    }
    let dropped = Sql::new("UPDATE reread SET state = 'dropped', ended_by = ")
        .bind(work.by)
        .push(", ended_at = ? WHERE community_id = ? AND id = ?", [work.at.into(), ask.community.into(), ask.reread.into()])
        .add(" AND state = 'open'")
        .run(work.db())
        .await?;
    if dropped.rows_affected() == 0 {
        return Err(done_already().into());
    }
    work.record(Some(ask.community), "metering.drop_reread", ask.reread.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

fn done_already() -> Problem {
    Problem::conflict("metering.reread_done", "The meter was read again already")
}

/// The task that waits for this meter's reading of the month, the meter being held. Refused where the reader names one that
/// somebody else answered.
pub(super) async fn awaited(
    work: &Work,
    community: CommunityId,
    meter: MeterId,
    month: Month,
    named: Option<RereadId>,
) -> Answer<Option<RereadId>> {
    #[derive(FromQueryResult)]
    struct Of {
        id: RereadId,
    }
    let open: Option<Of> = Sql::new("SELECT id FROM reread WHERE state = 'open'")
        .push(" AND community_id = ? AND meter_id = ? AND month = ?", [community.into(), meter.into(), month.number().into()])
        .one(work.db())
        .await?;
    let open = open.map(|of| of.id);
    if named.is_some() && named != open {
        return Err(done_already().into());
    }
    Ok(open)
}

/// The meters that are to be read again in a month.
pub(super) async fn all_awaited(work: &Work, community: CommunityId, month: Month) -> Answer<HashSet<MeterId>> {
    #[derive(FromQueryResult)]
    struct Of {
        meter_id: MeterId,
    }
    let open: Vec<Of> = Sql::new("SELECT meter_id FROM reread WHERE state = 'open'")
        .push(" AND community_id = ? AND month = ?", [community.into(), month.number().into()])
        .all(work.db())
        .await?;
    Ok(open.into_iter().map(|of| of.meter_id).collect())
}

/// A reading answers the task.
pub(super) async fn answer(work: &Work, row: &reading::Model, task: RereadId) -> Answer<()> {
    Sql::new("UPDATE reread SET state = 'done', answer_id = ")
        .bind(row.id)
        .push(", answer = ?, answer_day = ?", [row.value.into(), row.day.into()])
        .push(", ended_by = ?, ended_at = ?", [work.by.into(), work.at.into()])
        .push(" WHERE community_id = ? AND id = ? AND state = 'open'", [row.community_id.into(), task.into()])
        .run(work.db())
        .await?;
    Ok(())
}

/// The task that a reading answered waits again: the reading is deleted, and whoever took it does not decide that it was enough.
pub(super) async fn unanswer(work: &Work, community: CommunityId, reading: ReadingId) -> Answer<()> {
    Sql::new(
        "UPDATE reread SET state = 'open', answer_id = NULL, answer = NULL, answer_day = NULL, ended_by = NULL, ended_at = NULL",
    )
    .push(" WHERE community_id = ? AND answer_id = ? AND state = 'done'", [community.into(), reading.into()])
    .add(" AND NOT EXISTS (SELECT 1 FROM reread t WHERE t.community_id = reread.community_id AND t.meter_id = reread.meter_id")
    .add(" AND t.month = reread.month AND t.state = 'open')")
    .run(work.db())
    .await?;
    Ok(())
}

/// The readings of an import answer the tasks that wait for them; what is odd again waits for a second look, whatever the sheet says.
pub(super) async fn answer_all(work: &Work, community: CommunityId, import: ReadingImportId) -> Answer<()> {
    let waits = "EXISTS (SELECT 1 FROM reread t WHERE t.community_id = reading.community_id AND t.meter_id = reading.meter_id \
        AND t.month = reading.month AND t.state = 'open')";
    Sql::new("UPDATE reading SET review = ")
        .bind(true)
        .push(" WHERE community_id = ? AND import_id = ? AND odd <> '' AND ", [community.into(), Some(import).into()])
        .add(waits)
        .run(work.db())
        .await?;
    let of = |column: &str| format!("(SELECT r.{column}");
    let read = || {
        Sql::new(" FROM reading r WHERE r.community_id = reread.community_id AND r.meter_id = reread.meter_id AND r.month = reread.month AND r.import_id = ")
            .bind(Some(import))
    };
    let mut sql = Sql::new("UPDATE reread SET state = 'done', ");
    for (to, from) in [("answer_id", "id"), ("answer", "value"), ("answer_day", "day")] {
        // A sheet may bring a meter's baseline too; the later of both is what was read.
        sql = sql.add(&format!("{to} = ")).add(&of(from)).join(read()).add(" ORDER BY r.day DESC LIMIT 1), ");
    }
    sql.push("ended_by = ?, ended_at = ?", [work.by.into(), work.at.into()])
        .push(" WHERE community_id = ? AND state = 'open' AND EXISTS (SELECT 1", [community.into()])
        .join(read())
        .add(")")
        .run(work.db())
        .await?;
    Ok(())
}

/// The photo of what was refused.
pub(super) async fn photo<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    reread: RereadId,
) -> Answer<Option<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Photo {
        photo: Option<Vec<u8>>,
    }
    let photo: Option<Photo> = of("SELECT t.photo", "", who, community).add(" AND t.id = ").bind(reread).one(db).await?;
    Ok(photo.and_then(|photo| photo.photo))
}
