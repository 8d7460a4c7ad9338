//! What one reader has before them, and what they note on the way.

use common::api::Done;
use common::id::RoundId;
use common::metering::api::{GetMyRounds, MissMeter, MyRound, MyRounds};

use super::{admit, parts, utilities, view};
use crate::metering::{meter, reread};
use crate::sql::Sql;
use crate::{Answer, App, Made, Who, organisation};

pub(in crate::metering) async fn get_my_rounds(app: App, who: Who, ask: GetMyRounds) -> Answer<MyRounds> {
    let (db, community) = (app.db(), ask.community);
    let rereads = reread::of_reader(db, &who, community).await?;
    let lines = view::open(db, &who, community).await?;
    let ids: Vec<RoundId> = lines.iter().map(|line| line.id).collect();
    let buildings = who.scope.buildings(community);
    let mut parts = parts(db, &buildings, community, &ids, Some(who.employee)).await?;
    let mut utilities = utilities(db, community, &ids).await?;
    let mut rounds = Vec::new();
    for line in lines {
        let Some(parts) = parts.remove(&line.id) else { continue };
        let (from, to) = line.days();
        let utilities = utilities.remove(&line.id).unwrap_or_default();
        rounds.push(MyRound { id: line.id, month: line.month()?, utilities, from, to, parts });
    }
    Ok(MyRounds { rereads, rounds })
}

pub(in crate::metering) async fn miss_meter(app: App, who: Who, ask: MissMeter) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    meter::held(&work, &who, community, ask.meter).await?;
    if let Made::Before(done) = work.make(community, ask.deed.0, &ask).await? {
        return Ok(done);
    }
    let month = super::found(work.db(), community, ask.round, "").await?.month;
    admit(&work, community, ask.round, ask.meter, month).await?;
    let day = organisation::today(work.db(), community, work.at).await?;
    Sql::new("INSERT INTO reading_missed (community_id, round_id, meter_id, reason, note, day, tries, created_by, created_at) VALUES (")
        .bind(community)
        .push(", ?, ?, ?, ?, ?, 1, ?, ?)", [
            ask.round.into(),
            ask.meter.into(),
            ask.reason.word().into(),
            ask.note.trim().into(),
            day.into(),
            work.by.into(),
            work.at.into(),
        ])
        .add(" ON CONFLICT (community_id, round_id, meter_id) DO UPDATE SET reason = excluded.reason, note = excluded.note, day = excluded.day, ")
        .add("tries = reading_missed.tries + 1, created_by = excluded.created_by, created_at = excluded.created_at")
        .run(work.db())
        .await?;
    work.record(Some(community), "metering.miss_meter", ask.meter.0, None::<&()>, Some(&ask)).await?;
    work.made(community, ask.deed.0, &Done {}).await?;
    work.commit().await?;
    Ok(Done {})
}
