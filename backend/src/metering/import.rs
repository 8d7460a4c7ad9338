//! Brings in a month's readings: the browser's check again on the server's own last readings, all of them or none.

use std::collections::{HashMap, HashSet};

use common::id::{CommunityId, MeterId, ReadingId, ReadingImportId};
use common::metering::Oddity;
use common::metering::api::{ImportReadings, Imported};
use common::metering::book::{Issue, Judged, KnownMeter, NewReading, Part, judge};
use common::period::{Day, Month};
use common::problem::{FieldProblem, Problem};
use common::quantity::Quantity;
use sea_orm::entity::prelude::*;
use sea_orm::{Set, Value};
use uuid::Uuid;

use super::{book, reading, reread};
use crate::sql::Sql;
use crate::{Answer, App, Made, Who, Work, bulk, organisation};

/// An import: what came in when, by whom.
pub(super) mod reading_import {
    #![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

    use chrono::{DateTime, Utc};
    use common::id::{CommunityId, EmployeeId, ReadingImportId};
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reading_import")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: CommunityId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ReadingImportId,
        pub file_name: String,
        /// The round; 0 for an import of meters.
        pub month: i32,
        /// The reply.
        pub counts: String,
        pub created_by: Option<EmployeeId>,
        pub created_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// How many refused rows an answer names.
const NAMED: usize = 100;

pub(super) async fn import_readings(app: App, who: Who, ask: ImportReadings) -> Answer<Imported> {
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(ask.community, ask.import.0, &ask).await? {
        return Ok(done);
    }
    hold(&work, ask.community).await?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    let book = book::of(work.db(), &who, ask.community, ask.month).await?;
    let judged = judge_all(&book.meters, &ask.rows, ask.month, today).map_err(refusal)?;
    let rows: Vec<Vec<Value>> =
        ask.rows.iter().zip(&judged).flat_map(|(new, (known, judged))| rows(&work, &ask, known, new, judged)).collect();
    bulk::insert(work.db(), "reading", COLUMNS, rows).await?;
    reread::answer_all(&work, ask.community, ask.import).await?;
    let done = reply(&ask, &judged);
    remember(&work, ask.community, ask.import, &ask.file_name, ask.month.number(), &done).await?;
    work.record(Some(ask.community), "metering.import_readings", ask.import.0, None::<&()>, Some(&done)).await?;
    work.commit().await?;
    Ok(done)
}

fn reply(ask: &ImportReadings, judged: &[Judgement<'_>]) -> Imported {
    let count = |which: fn(&Judged, &NewReading) -> bool| {
        u64::try_from(ask.rows.iter().zip(judged).filter(|(new, (_, judged))| which(judged, new)).count()).unwrap_or(0)
    };
    Imported {
        import: ask.import,
        month: ask.month,
        file_name: ask.file_name.clone(),
        readings: u64::try_from(ask.rows.len()).unwrap_or(0),
        baselines: count(|judged, _| judged.usage.is_none()),
        review: count(|judged, new| judged.odd.is_some() && !new.confirmed),
    }
}

/// Writes the import down and keeps its reply.
pub(super) async fn remember<T: serde::Serialize>(
    work: &Work,
    community: CommunityId,
    import: ReadingImportId,
    file_name: &str,
    month: i32,
    reply: &T,
) -> Answer<()> {
    let row = reading_import::ActiveModel {
        community_id: Set(community),
        id: Set(import),
        file_name: Set(file_name.to_owned()),
        month: Set(month),
        counts: Set(serde_json::to_string(reply)?),
        created_by: Set(work.by),
        created_at: Set(work.at),
    };
    reading_import::Entity::insert(row).exec_without_returning(work.db()).await?;
    work.made(community, import.0, reply).await
}

/// Keeps other writers away from the community's meters until the transaction ends; SQLite has but one writer anyway.
pub(super) async fn hold(work: &Work, community: CommunityId) -> Answer<()> {
    if work.is_postgres() {
        let sql = Sql::new("SELECT id FROM meter WHERE community_id = ").bind(community).add(" ORDER BY id FOR UPDATE");
        sql.run(work.db()).await?;
    }
    Ok(())
}

type Judgement<'a> = (&'a KnownMeter, Judged);

fn judge_all<'a>(
    meters: &'a [KnownMeter],
    rows: &[NewReading],
    month: Month,
    today: Day,
) -> Result<Vec<Judgement<'a>>, Vec<FieldProblem>> {
    let known: HashMap<MeterId, &KnownMeter> = meters.iter().map(|meter| (meter.id, meter)).collect();
    let mut seen = HashSet::with_capacity(rows.len());
    let mut problems = Vec::new();
    let mut judged = Vec::with_capacity(rows.len());
    for (place, new) in rows.iter().enumerate() {
        let outcome = match known.get(&new.meter) {
            None => Err(Issue::new(Part::Meter, "metering.unknown_meter")),
            Some(_) if !seen.insert(new.meter) => Err(Issue::new(Part::Meter, "metering.twice")),
            Some(meter) if meter.last.map(|last| last.value) != new.previous => Err(Issue::new(Part::Value, "metering.moved")
                .with("previous", meter.last.map_or_else(String::new, |last| last.value.to_string()))),
            Some(meter) => judge(meter, new, month, today).map(|judged| (*meter, judged)),
        };
        match outcome {
            Ok(one) => judged.push(one),
            Err(issue) => {
                let named = known.get(&new.meter).map_or_else(|| new.meter.to_string(), |meter| meter.code.clone());
                let problem = issue.with("meter", named).field();
                problems.push(FieldProblem { field: format!("rows.{place}.{}", problem.field), ..problem });
            }
        }
    }
    if problems.is_empty() { Ok(judged) } else { Err(problems) }
}

fn refusal(mut problems: Vec<FieldProblem>) -> Problem {
    let count = problems.len();
    problems.truncate(NAMED);
    Problem {
        fields: problems,
        ..Problem::conflict("metering.rows_refused", "Some rows can't be stored any more").with("count", count)
    }
}

const COLUMNS: &[&str] = &[
    "community_id",
    "id",
    "meter_id",
    "month",
    "day",
    "value",
    "previous",
    "previous_day",
    "multiplier",
    "usage",
    "mark",
    "old_final",
    "old_multiplier",
    "new_initial",
    "odd",
    "review",
    "import_id",
    "bill_id",
    "note",
    "created_by",
    "created_at",
];

/// The reading, and before it the baseline that the sheet brought.
fn rows(work: &Work, ask: &ImportReadings, known: &KnownMeter, new: &NewReading, judged: &Judged) -> Vec<Vec<Value>> {
    let first = new.first.filter(|_| known.last.is_none());
    let last = known.last.or(first);
    let mut rows = Vec::with_capacity(2);
    let plain = NewReading { mark: None, note: String::new(), ..new.clone() };
    if let Some(first) = first {
        let baseline = NewReading { value: first.value, day: first.day, ..plain };
        rows.push(row(work, ask, known, &baseline, Month::of(first.day), None, &Judged { usage: None, odd: None }));
    }
    rows.push(row(work, ask, known, new, ask.month, last.map(|last| (last.value, last.day)), judged));
    rows
}

fn row(
    work: &Work,
    ask: &ImportReadings,
    known: &KnownMeter,
    new: &NewReading,
    month: Month,
    last: Option<(Quantity, Day)>,
    judged: &Judged,
) -> Vec<Value> {
    let (mark, old_final, old_multiplier, new_initial) = reading::columns(new.mark);
    let odd = judged.odd.map_or("", Oddity::word);
    vec![
        ask.community.into(),
        ReadingId(Uuid::now_v7()).into(),
        new.meter.into(),
        month.number().into(),
        new.day.into(),
        new.value.into(),
        last.map(|(value, _)| value).into(),
        last.map(|(_, day)| day).into(),
        known.multiplier.into(),
        judged.usage.into(),
        mark.into(),
        old_final.into(),
        old_multiplier.into(),
        new_initial.into(),
        odd.into(),
        (judged.odd.is_some() && !new.confirmed).into(),
        Some(ask.import).into(),
        None::<common::id::BillId>.into(),
        new.note.clone().into(),
        work.by.into(),
        work.at.into(),
    ]
}
