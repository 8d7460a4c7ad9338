//! A round ends, with what is missing left or estimated; and goes on where that was too early.

use std::collections::HashMap;

use common::api::Done;
use common::id::{CommunityId, RoundId, RoundPartId};
use common::metering::api::{CloseRound, Estimated, ReopenRound, Rest, RoundClosed, RoundState, Tally};
use common::problem::Problem;

use super::open::{apart, in_turn};
use super::{Chosen, held, left, parts};
use crate::metering::estimate;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Made, Who, Work};

pub(in crate::metering) async fn close_round(app: App, who: Who, ask: CloseRound) -> Answer<RoundClosed> {
    let (community, round) = (ask.community, ask.round);
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(community, ask.deed.0, &ask).await? {
        return Ok(done);
    }
    let held = held(&work, &who, community, round).await?.open()?;
    let missing = left(work.db(), community, round, Chosen::default()).await?;
    let count = u64::try_from(missing.len()).unwrap_or(u64::MAX);
    if count != ask.left {
        return Err(Problem::conflict("metering.round_moved", "Other meters are missing by now").with("count", count).into());
    }
    let estimated = match ask.rest {
        Rest::Leave => Estimated { made: 0, left: count },
        Rest::Estimate => {
            estimate::write(&work, &who, community, (held.month, ask.day), "", |meter| missing.contains(&meter.id)).await?
        }
    };
    turn_to(&work, community, round, RoundState::Closed).await?;
    keep_tallies(&work, community, round).await?;
    let done = RoundClosed { estimated: estimated.made, left: count.saturating_sub(estimated.made) };
    work.record(Some(community), "metering.close_round", round.0, None::<&()>, Some(&(&ask, &done))).await?;
    work.made(community, ask.deed.0, &done).await?;
    work.commit().await?;
    Ok(done)
}

pub(in crate::metering) async fn reopen_round(app: App, who: Who, ask: ReopenRound) -> Answer<Done> {
    let work = app.begin(&who).await?;
    in_turn(&work, ask.community).await?;
    let held = held(&work, &who, ask.community, ask.round).await?;
    if held.state == RoundState::Closed {
        turn_to(&work, ask.community, ask.round, RoundState::Open).await?;
        apart(&work, ask.community, ask.round).await?;
        work.record(Some(ask.community), "metering.reopen_round", ask.round.0, None::<&()>, Some(&ask)).await?;
        work.commit().await?;
    }
    Ok(Done {})
}

async fn turn_to(work: &Work, community: CommunityId, round: RoundId, state: RoundState) -> Answer<()> {
    let (by, at) = match state {
        RoundState::Open => (None, None),
        RoundState::Closed => (work.by, Some(work.at)),
    };
    Sql::new("UPDATE reading_round SET tallies = NULL, state = ")
        .bind(state.word())
        .push(", closed_by = ?, closed_at = ?", [by.into(), at.into()])
        .push(" WHERE community_id = ? AND id = ?", [community.into(), round.into()])
        .run(work.db())
        .await?;
    Ok(())
}

/// What a round was closed with stays, whatever is read or put up afterwards.
async fn keep_tallies(work: &Work, community: CommunityId, round: RoundId) -> Answer<()> {
    let parts = parts(work.db(), &Buildings::All, community, &[round], None).await?.remove(&round).unwrap_or_default();
    let tallies: HashMap<RoundPartId, Tally> = parts.into_iter().map(|part| (part.id, part.tally)).collect();
    Sql::new("UPDATE reading_round SET tallies = ")
        .bind(serde_json::to_string(&tallies)?)
        .push(" WHERE community_id = ? AND id = ?", [community.into(), round.into()])
        .run(work.db())
        .await?;
    Ok(())
}
