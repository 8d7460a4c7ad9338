//! Meters that nobody read in a month are taken to have used what they used before.

use std::collections::HashSet;

use common::id::{CommunityId, MeterId, ReadingId};
use common::metering::Role;
use common::metering::api::{EstimateReading, EstimateReadings, Estimated, ReadingRow};
use common::metering::book::{KnownMeter, day_fits, estimate};
use common::metering::usage::{Turn, usage};
use common::period::{Day, Month};
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{book, import, meter, reading, reread, round, rounds};
use crate::sql::Sql;
use crate::{Answer, App, Made, Who, Work, bulk, organisation};

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
    "odd",
    "review",
    "note",
    "estimated",
    "created_by",
    "created_at",
];

pub(super) async fn estimate_readings(app: App, who: Who, ask: EstimateReadings) -> Answer<Estimated> {
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(ask.community, ask.estimate.0, &ask).await? {
        return Ok(done);
    }
    if let Some(building) = ask.building {
        who.scope.allow(ask.community, Some(building))?;
    }
    let of_building = match ask.building {
        Some(_) => Some(meters(&work, &ask).await?),
        None => None,
    };
    let wanted = |meter: &KnownMeter| {
        ask.utility.is_none_or(|utility| meter.utility == utility)
            && of_building.as_ref().is_none_or(|meters| meters.contains(&meter.id))
    };
    let done = write(&work, &who, ask.community, (ask.month, ask.day), ask.reason.trim(), wanted).await?;
    work.record(Some(ask.community), "metering.estimate_readings", ask.estimate.0, None::<&()>, Some(&(&ask, &done))).await?;
    work.made(ask.community, ask.estimate.0, &done).await?;
    work.commit().await?;
    Ok(done)
}

/// Estimates the household meters without a reading of the month that are wanted.
pub(super) async fn write(
    work: &Work,
    who: &Who,
    community: CommunityId,
    (month, day): (Month, Day),
    reason: &str,
    wanted: impl Fn(&KnownMeter) -> bool,
) -> Answer<Estimated> {
    import::hold(work, community).await?;
    let today = organisation::today(work.db(), community, work.at).await?;
    day_fits(day, month, today).map_err(|issue| Problem::invalid(vec![issue.field()]))?;
    let book = book::of(work.db(), who, community, month).await?;
    // What is to be read again is not guessed.
    let awaited = reread::all_awaited(work, community, month).await?;
    let wanted = |meter: &&KnownMeter| {
        meter.role == Role::Household
            && meter.read.is_none()
            && !awaited.contains(&meter.id)
            && wanted(meter)
            // A later reading is there already: between two readings nothing is guessed.
            && meter.last.is_none_or(|last| last.day < day)
    };
    let (mut rows, mut left): (Vec<Vec<Value>>, u64) = (Vec::new(), 0);
    for meter in book.meters.iter().filter(wanted) {
        match row(work, community, ReadingId(Uuid::now_v7()), month, day, meter, reason) {
            Some(row) => rows.push(row),
            None => left += 1,
        }
    }
    let made = bulk::insert(work.db(), "reading", COLUMNS, rows).await?;
    Ok(Estimated { made, left })
}

pub(super) async fn estimate_reading(app: App, who: Who, ask: EstimateReading) -> Answer<ReadingRow> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    meter::held(&work, &who, community, ask.meter).await?;
    if let Made::Before(()) = work.make(community, ask.reading.0, &ask).await? {
        drop(work);
        return round::one(&app, community, ask.reading).await;
    }
    let today = organisation::today(work.db(), community, work.at).await?;
    day_fits(ask.day, ask.month, today).map_err(|issue| Problem::invalid(vec![issue.field()]))?;
    if let Some(round) = ask.round {
        rounds::admit(&work, community, round, ask.meter, ask.month).await?;
    }
    let task = reread::awaited(&work, community, ask.meter, ask.month, None).await?;
    let known = book::of_one(work.db(), &who, community, ask.month, ask.meter).await?.ok_or_else(Problem::not_found)?;
    if known.read.is_some() {
        return Err(reading::read_already(&work, community, ask.meter, ask.month).await?.into());
    }
    let row = row(&work, community, ask.reading, ask.month, ask.day, &known, ask.reason.trim())
        .filter(|_| known.last.is_none_or(|last| last.day < ask.day));
    let Some(row) = row else {
        return Err(Problem::conflict("metering.no_estimate", "The meter's past says too little").into());
    };
    bulk::insert(work.db(), "reading", COLUMNS, vec![row]).await?;
    if let Some(task) = task {
        reread::answer(&work, &reading::of(&work, community, ask.reading).await?, task).await?;
    }
    work.record(Some(community), "metering.estimate_reading", ask.reading.0, None::<&()>, Some(&ask)).await?;
    work.made(community, ask.reading.0, &()).await?;
    work.commit().await?;
    round::one(&app, community, ask.reading).await
}

/// The estimated reading of a meter; `None` where its past says too little.
fn row(
    work: &Work,
    community: CommunityId,
    id: ReadingId,
    month: Month,
    day: Day,
    meter: &KnownMeter,
    note: &str,
) -> Option<Vec<Value>> {
    let (value, last) = (estimate(meter)?, meter.last?);
    Some(vec![
        community.into(),
        id.into(),
        meter.id.into(),
        month.number().into(),
        day.into(),
        value.into(),
        last.value.into(),
        last.day.into(),
        meter.multiplier.into(),
        used(meter, value)?.into(),
        "".into(),
        "".into(),
        false.into(),
        note.into(),
        true.into(),
        work.by.into(),
        work.at.into(),
    ])
}

fn used(meter: &KnownMeter, present: Quantity) -> Option<Quantity> {
    let previous = meter.last.map(|last| last.value);
    let turn = Turn { previous, present, multiplier: meter.multiplier, digits: meter.digits, mark: None, least: None };
    usage(&turn).ok().flatten()
}

/// The meters of the building that is asked for.
async fn meters(work: &Work, ask: &EstimateReadings) -> Answer<HashSet<MeterId>> {
    #[derive(FromQueryResult)]
    struct Of {
        id: MeterId,
    }
    let sql =
        Sql::new("SELECT id FROM meter WHERE community_id = ").bind(ask.community).some(" AND building_id = ?", ask.building);
    let rows: Vec<Of> = sql.all(work.db()).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
