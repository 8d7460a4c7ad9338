//! Meters that nobody read in a month are taken to have used what they used before.

use std::collections::HashSet;

use common::id::{MeterId, ReadingId};
use common::metering::Role;
use common::metering::api::{EstimateReadings, Estimated};
use common::metering::book::{KnownMeter, day_fits, estimate};
use common::metering::usage::{Turn, usage};
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{book, import};
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
    import::hold(&work, ask.community).await?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    day_fits(ask.day, ask.month, today).map_err(|issue| Problem::invalid(vec![issue.field()]))?;
    let of_building = match ask.building {
        Some(_) => Some(meters(&work, &ask).await?),
        None => None,
    };
    let book = book::of(work.db(), &who, ask.community, ask.month).await?;
    let wanted = |meter: &&KnownMeter| {
        meter.role == Role::Household
            && meter.read.is_none()
            && ask.utility.is_none_or(|utility| meter.utility == utility)
            && of_building.as_ref().is_none_or(|meters| meters.contains(&meter.id))
            // A later reading is there already: between two readings nothing is guessed.
            && meter.last.is_none_or(|last| last.day < ask.day)
    };
    let (mut rows, mut left): (Vec<Vec<Value>>, u64) = (Vec::new(), 0);
    for meter in book.meters.iter().filter(wanted) {
        let used = estimate(meter).and_then(|value| Some((value, used(meter, value)?)));
        let (Some((value, used)), Some(last)) = (used, meter.last) else {
            left += 1;
            continue;
        };
        rows.push(vec![
            ask.community.into(),
            ReadingId(Uuid::now_v7()).into(),
            meter.id.into(),
            ask.month.number().into(),
            ask.day.into(),
            value.into(),
            last.value.into(),
            last.day.into(),
            meter.multiplier.into(),
            used.into(),
            "".into(),
            "".into(),
            false.into(),
            ask.reason.trim().into(),
            true.into(),
            work.by.into(),
            work.at.into(),
        ]);
    }
    let made = bulk::insert(work.db(), "reading", COLUMNS, rows).await?;
    let done = Estimated { made, left };
    work.record(Some(ask.community), "metering.estimate_readings", ask.estimate.0, None::<&()>, Some(&(&ask, &done))).await?;
    work.made(ask.community, ask.estimate.0, &done).await?;
    work.commit().await?;
    Ok(done)
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
