//! Readings typed one by one: entered, corrected, deleted, confirmed.

use common::api::Done;
use common::id::{CommunityId, ReadingId};
use common::metering::Role;
use common::metering::api::{ConfirmReadings, CorrectReading, DeleteReading, EnterReading, ReadingRow};
use common::metering::book::day_fits;
use common::metering::usage::Mark;
use common::period::{Day, Month};
use common::problem::{Problem, list};
use common::quantity::Quantity;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};

use super::{meter, reading, reread, round, rounds};
use crate::organisation;
use crate::problem::OnTaken as _;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Made, Who, Work};

pub(super) async fn enter_reading(app: App, who: Who, ask: EnterReading) -> Answer<ReadingRow> {
    let work = app.begin(&who).await?;
    let mut meter = meter::held(&work, &who, ask.community, ask.meter).await?;
    if let Made::Before(()) = work.make(ask.community, ask.reading.0, &ask).await? {
        drop(work);
        return round::one(&app, ask.community, ask.reading).await;
    }
    fits(&work, &meter, ask.month, ask.day).await?;
    if let Some(round) = ask.round {
        rounds::admit(&work, ask.community, round, ask.meter, ask.month).await?;
    }
    let task = reread::awaited(&work, ask.community, ask.meter, ask.month, ask.reread).await?;
    if let (Some(Mark::Replaced { .. }), Some(multiplier)) = (ask.mark, ask.multiplier) {
        recount(&work, &mut meter, ask.day, multiplier).await?;
    }
    let (mark, old_final, old_multiplier, new_initial) = reading::columns(ask.mark);
    let row = reading::ActiveModel {
        community_id: Set(ask.community),
        id: Set(ask.reading),
        meter_id: Set(ask.meter),
        month: Set(ask.month.number()),
        day: Set(ask.day),
        value: Set(ask.value),
        previous: Set(None),
        previous_day: Set(None),
        multiplier: Set(meter.multiplier),
        usage: Set(None),
        mark: Set(mark.to_owned()),
        old_final: Set(old_final),
        old_multiplier: Set(old_multiplier),
        new_initial: Set(new_initial),
        odd: Set(String::new()),
        review: Set(false),
        import_id: Set(None),
        bill_id: Set(None),
        note: Set(ask.note.trim().to_owned()),
        estimated: Set(false),
        created_by: Set(work.by),
        created_at: Set(work.at),
    };
    reading::Entity::insert(row).exec_without_returning(work.db()).await.on_taken(|| taken(ask.day))?;
    // What is odd again is for whoever sent it back, not for the reader to confirm.
    reading::derive(&work, &meter, ask.day, ask.confirmed && task.is_none()).await?;
    if let Some(task) = task {
        reread::answer(&work, &reading::of(&work, ask.community, ask.reading).await?, task).await?;
    }
    work.record(Some(ask.community), "metering.enter_reading", ask.reading.0, None::<&()>, Some(&ask)).await?;
    work.made(ask.community, ask.reading.0, &()).await?;
    work.commit().await?;
    round::one(&app, ask.community, ask.reading).await
}

pub(super) async fn correct_reading(app: App, who: Who, ask: CorrectReading) -> Answer<ReadingRow> {
    let work = app.begin(&who).await?;
    let (mut meter, before) = held(&work, &who, ask.community, ask.reading).await?;
    let multiplier = match before.old_multiplier {
        // It was no replacement: the meter counts as the one before did.
        Some(old) if !matches!(ask.mark, Some(Mark::Replaced { .. })) => {
            recount(&work, &mut meter, before.day, old).await?;
            old
        }
        _ => before.multiplier,
    };
    let month = Month::from_number(before.month).ok_or_else(|| Failure::broken("a reading without a month"))?;
    fits(&work, &meter, month, ask.day).await?;
    let (mark, old_final, old_multiplier, new_initial) = reading::columns(ask.mark);
    reading::Entity::update(reading::ActiveModel {
        community_id: Set(ask.community),
        id: Set(ask.reading),
        day: Set(ask.day),
        value: Set(ask.value),
        multiplier: Set(multiplier),
        mark: Set(mark.to_owned()),
        old_final: Set(old_final),
        old_multiplier: Set(old_multiplier),
        new_initial: Set(new_initial),
        note: Set(ask.note.trim().to_owned()),
        // Whoever corrects it has looked.
        estimated: Set(false),
        ..Default::default()
    })
    .exec(work.db())
    .await
    .on_taken(|| taken(ask.day))?;
    reading::derive(&work, &meter, ask.day, false).await?;
    if before.day != ask.day {
        reading::derive(&work, &meter, before.day, false).await?;
    }
    let mut alone = Vec::new();
    if ask.confirmed {
        alone = own_looked_at(&work, &who, ask.community, &[ask.reading]).await?;
        confirm(&work, ask.community, &[ask.reading]).await?;
    }
    let was = CorrectReading {
        community: ask.community,
        reading: ask.reading,
        day: before.day,
        value: before.value,
        mark: before.mark(),
        confirmed: !before.review,
        note: before.note,
    };
    let mut was = serde_json::to_value(was)?;
    if let Some(was) = was.as_object_mut().filter(|_| !alone.is_empty()) {
        was.insert("own_rereads".to_owned(), alone.into());
    }
    work.record(Some(ask.community), "metering.correct_reading", ask.reading.0, Some(&was), Some(&ask)).await?;
    work.commit().await?;
    round::one(&app, ask.community, ask.reading).await
}

/// From a day on the meter counts with this multiplier. Later readings were counted with the one that it has: they have to
/// go first.
pub(super) async fn recount(work: &Work, meter: &mut meter::Model, day: Day, multiplier: Quantity) -> Answer<()> {
    if meter.multiplier == multiplier {
        return Ok(());
    }
    let later = reading::Entity::find()
        .filter(reading::Column::CommunityId.eq(meter.community_id))
        .filter(reading::Column::MeterId.eq(meter.id))
        .filter(reading::Column::Day.gt(day))
        .order_by_desc(reading::Column::Day)
        .one(work.db())
        .await?;
    if let Some(later) = later {
        return Err(Problem::conflict("metering.later_reading", "Later readings were counted with another multiplier")
            .with("day", later.day)
            .with("multiplier", later.multiplier)
            .into());
    }
    meter.multiplier = multiplier;
    meter::Entity::update(meter::ActiveModel {
        community_id: Set(meter.community_id),
        id: Set(meter.id),
        multiplier: Set(multiplier),
        ..Default::default()
    })
    .exec(work.db())
    .await?;
    Ok(())
}

/// The reading and its meter, held; refused where a bill stands on it, or on a pool of the meter's month.
pub(super) async fn held(
    work: &Work,
    who: &Who,
    community: CommunityId,
    id: ReadingId,
) -> Answer<(meter::Model, reading::Model)> {
    let meter = reading::of(work, community, id).await?.meter_id;
    let meter = meter::held(work, who, community, meter).await?;
    // As it is now that nobody else changes it.
    let row = reading::of(work, community, id).await?;
    reading::unlocked(&row)?;
    if meter.role != Role::Household.word() {
        let billed =
            Sql::new("SELECT COUNT(*) FROM apportionment a JOIN apportionment_share s ON s.community_id = a.community_id ")
                .add("AND s.apportionment_id = a.id AND s.bill_id IS NOT NULL WHERE a.community_id = ")
                .bind(community)
                .add(" AND a.month = ")
                .bind(row.month)
                .add(" AND a.state = ")
                .bind(super::apportionment::LIVE)
                .add(" AND a.meter_id IN ")
                .list([Some(meter.id), meter.parent_id].into_iter().flatten());
        let billed = billed.number(work.db()).await?;
        if billed > 0 {
            return Err(Problem::conflict("metering.pool_billed", "Live bills stand on this pool: void them first")
                .with("count", billed)
                .into());
        }
    }
    Ok((meter, row))
}

pub(super) async fn delete_reading(app: App, who: Who, ask: DeleteReading) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let (mut meter, before) = held(&work, &who, ask.community, ask.reading).await?;
    if let Some(old) = before.old_multiplier {
        recount(&work, &mut meter, before.day, old).await?;
    }
    reading::Entity::delete_by_id((ask.community, ask.reading)).exec(work.db()).await?;
    reread::unanswer(&work, ask.community, ask.reading).await?;
    reading::derive(&work, &meter, before.day, false).await?;
    let was = serde_json::json!({"meter": meter.code, "month": before.month, "day": before.day, "value": before.value});
    work.record(Some(ask.community), "metering.delete_reading", ask.reading.0, Some(&was), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

pub(super) async fn confirm_readings(app: App, who: Who, ask: ConfirmReadings) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let mut alone = Vec::new();
    // As many at a time as one statement may name.
    for readings in ask.readings.chunks(5_000) {
        let seen = Sql::new(
            "SELECT COUNT(*) FROM reading r JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id WHERE r.community_id = ",
        ).bind(ask.community).within("m.building_id", &who.scope.buildings(ask.community)).add(" AND r.id IN ").list(readings.iter().copied());
        if seen.number(work.db()).await? != u64::try_from(readings.len()).unwrap_or(0) {
            return Err(Problem::not_found().into());
        }
        alone.extend(own_looked_at(&work, &who, ask.community, readings).await?);
        confirm(&work, ask.community, readings).await?;
    }
    let alone = (!alone.is_empty()).then(|| serde_json::json!({ "own_rereads": alone }));
    work.record(Some(ask.community), "metering.confirm_readings", ask.community.0, alone.as_ref(), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// The meters whose odd readings among these the caller took when they were to be read again: refused where somebody else may
/// look at them. Where nobody else may, the caller does, and the record says so.
async fn own_looked_at(work: &Work, who: &Who, community: CommunityId, readings: &[ReadingId]) -> Answer<Vec<String>> {
    let own = reread::own(work.db(), who, community, readings).await?;
    if let Some(forbidden) = own.iter().find(|reading| !reading.others.is_empty()) {
        let problem = Problem::conflict("metering.own_reread", "Nobody confirms an odd reading that they took again themselves");
        let names = list(forbidden.others.iter().take(3));
        return Err(problem.with("meter", &forbidden.code).with("names", names).into());
    }
    Ok(own.into_iter().map(|reading| reading.code).collect())
}

async fn confirm(work: &Work, community: CommunityId, readings: &[ReadingId]) -> Answer<()> {
    reading::Entity::update_many()
        .col_expr(reading::Column::Review, sea_orm::sea_query::Expr::value(false))
        .filter(reading::Column::CommunityId.eq(community))
        .filter(reading::Column::Id.is_in(readings.iter().copied()))
        .exec(work.db())
        .await?;
    Ok(())
}

async fn fits(work: &Work, meter: &meter::Model, month: Month, day: Day) -> Answer<()> {
    let today = organisation::today(work.db(), meter.community_id, work.at).await?;
    Ok(day_fits(day, month, today).map_err(|issue| Problem::invalid(vec![issue.field()]))?)
}

fn taken(day: Day) -> Problem {
    Problem::invalid(vec![common::problem::FieldProblem::new("day", "metering.day_taken").with("day", day)])
}
