//! Rounds as lists and their pages show them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use common::api::{Listing as _, Page};
use common::id::{CommunityId, RoundId, RoundPartId};
use common::metering::Utility;
use common::metering::api::{GetRound, ListRounds, RoundPage, RoundPart, RoundState, RoundView, Tally};
use common::period::{Day, Month};
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{parts, round_state, seen, unseen, utilities};
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

#[derive(FromQueryResult)]
pub(super) struct Line {
    pub id: RoundId,
    month: i32,
    from_day: Day,
    to_day: Day,
    state: String,
    opened_by: Option<String>,
    created_at: DateTime<Utc>,
    closed_by: Option<String>,
    closed_at: Option<DateTime<Utc>>,
    tallies: Option<String>,
}

const SHOWN: &str = "SELECT q.id, q.month, q.from_day, q.to_day, q.state, a.name AS opened_by, q.created_at, c.name AS closed_by, q.closed_at, q.tallies \
    FROM reading_round q LEFT JOIN employee a ON a.id = q.created_by LEFT JOIN employee c ON c.id = q.closed_by WHERE q.community_id = ";

impl Line {
    pub(super) fn month(&self) -> Answer<Month> {
        Month::from_number(self.month).ok_or_else(|| Failure::broken("a round without a month"))
    }

    pub(super) fn days(&self) -> (Day, Day) {
        (self.from_day, self.to_day)
    }

    /// Puts what the round was closed with in place of what is so now.
    fn as_closed(&self, parts: &mut [RoundPart]) -> Answer<()> {
        let Some(tallies) = &self.tallies else { return Ok(()) };
        let tallies: HashMap<RoundPartId, Tally> = serde_json::from_str(tallies)?;
        for part in parts {
            part.tally = tallies.get(&part.id).copied().unwrap_or(part.tally);
        }
        Ok(())
    }

    fn view(self, utilities: Vec<Utility>, parts: &[RoundPart]) -> Answer<RoundView> {
        let mut readers: Vec<String> = parts.iter().filter_map(|part| part.reader_name.clone()).collect();
        readers.sort_unstable();
        readers.dedup();
        Ok(RoundView {
            id: self.id,
            month: self.month()?,
            utilities,
            from: self.from_day,
            to: self.to_day,
            state: round_state(&self.state)?,
            tally: parts.iter().map(|part| part.tally).sum(),
            parts: u64::try_from(parts.len()).unwrap_or(0),
            readers,
            opened_by: self.opened_by,
            opened_at: self.created_at,
            closed_by: self.closed_by,
            closed_at: self.closed_at,
        })
    }
}

pub(in crate::metering) async fn list_rounds(app: App, who: Who, ask: ListRounds) -> Answer<Page<RoundView>> {
    let (db, community, paging) = (app.db(), ask.community, ask.paging());
    let buildings = who.scope.buildings(community);
    let chosen = |what: &str| {
        seen(Sql::new(what).bind(community), &buildings)
            .some(" AND q.month = ?", ask.month.map(Month::number))
            .some(" AND q.state = ?", ask.state.map(RoundState::word))
    };
    let total = chosen("SELECT COUNT(*) FROM reading_round q WHERE q.community_id = ").number(db).await?;
    let lines: Vec<Line> = chosen(SHOWN)
        .add(" ORDER BY q.month DESC, q.created_at DESC, q.id DESC")
        .page(paging.size.into(), paging.offset())
        .all(db)
        .await?;
    let ids: Vec<RoundId> = lines.iter().map(|line| line.id).collect();
    let (mut parts, mut utilities) = (parts(db, &buildings, community, &ids, None).await?, utilities(db, community, &ids).await?);
    let rows = lines
        .into_iter()
        .map(|line| {
            let (mut parts, utilities) =
                (parts.remove(&line.id).unwrap_or_default(), utilities.remove(&line.id).unwrap_or_default());
            line.as_closed(&mut parts)?;
            line.view(utilities, &parts)
        })
        .collect::<Answer<Vec<_>>>()?;
    Ok(Page { more: paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total, rows, total: Some(total) })
}

pub(in crate::metering) async fn get_round(app: App, who: Who, ask: GetRound) -> Answer<RoundPage> {
    let (db, community, round) = (app.db(), ask.community, ask.round);
    let buildings = who.scope.buildings(community);
    let line: Line = seen(Sql::new(SHOWN).bind(community), &buildings)
        .add(" AND q.id = ")
        .bind(round)
        .one(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut parts = parts(db, &buildings, community, &[round], None).await?.remove(&round).unwrap_or_default();
    line.as_closed(&mut parts)?;
    let utilities = utilities(db, community, &[round]).await?.remove(&round).unwrap_or_default();
    let rereads = rereads(db, &who, community, line.month()?, &utilities).await?;
    let whole = unseen(db, &who, community, round).await? == 0;
    Ok(RoundPage { round: line.view(utilities, &parts)?, parts, rereads, whole })
}

/// Meters of the month that are to be read again.
async fn rereads<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    month: Month,
    utilities: &[Utility],
) -> Answer<u64> {
    Sql::new("SELECT COUNT(*) FROM reread t JOIN meter m ON m.community_id = t.community_id AND m.id = t.meter_id")
        .push(" WHERE t.community_id = ? AND t.state = 'open' AND t.month = ?", [community.into(), month.number().into()])
        .add(" AND m.utility IN ")
        .list(utilities.iter().map(|utility| utility.word()))
        .within("m.building_id", &who.scope.buildings(community))
        .number(db)
        .await
}

/// The open rounds in sight, the oldest month first.
pub(super) async fn open<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId) -> Answer<Vec<Line>> {
    seen(Sql::new(SHOWN).bind(community), &who.scope.buildings(community))
        .add(" AND q.state = 'open' ORDER BY q.month, q.created_at, q.id")
        .all(db)
        .await
}
