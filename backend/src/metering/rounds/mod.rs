//! Reading rounds: which meters are in them, where each stands, and who may change them.

pub(super) mod close;
pub(super) mod mine;
pub(super) mod open;
pub(super) mod view;

use std::collections::{HashMap, HashSet};

use common::id::{BuildingId, CommunityId, EmployeeId, EntranceId, MeterId, RoundId, RoundPartId};
use common::metering::Utility;
use common::metering::api::{RoundPart, RoundState, Standing, Tally};
use common::period::{Day, Month};
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{meter, reading};
use crate::sql::Sql;
use crate::{Answer, Buildings, Failure, Who, Work};

/// The meters of rounds as a table: round, part, reader, meter and where it stands. A meter is its entrance's part's, or else
/// its place's.
pub(super) fn members(community: CommunityId, rounds: &[RoundId], one: Option<MeterId>) -> Sql {
    let place = "COALESCE(m.building_id, m.community_id)";
    let part = |name: &str, entrance: &str| {
        format!(
            " LEFT JOIN reading_round_part {name} ON {name}.community_id = q.community_id AND {name}.round_id = q.id \
             AND {name}.place_id = {place} AND {name}.entrance_id = {entrance}"
        )
    };
    Sql::new(
        "SELECT q.id AS round_id, COALESCE(o.id, w.id) AS part_id, CASE WHEN o.id IS NULL THEN w.reader_id ELSE o.reader_id END AS reader_id, \
         m.id AS meter_id, CASE WHEN r.meter_id IS NULL THEN CASE WHEN s.meter_id IS NULL THEN 'unread' ELSE 'missed' END \
         WHEN r.review = 1 THEN 'review' WHEN r.estimated = 1 THEN 'estimated' ELSE 'read' END AS standing \
         FROM reading_round q JOIN reading_round_utility x ON x.community_id = q.community_id AND x.round_id = q.id \
         JOIN meter m ON m.community_id = q.community_id AND m.utility = x.utility \
         LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id",
    )
    .add(&part("o", "u.entrance_id"))
    .add(&part("w", place))
    .add(
        " LEFT JOIN (SELECT meter_id, month, MAX(CASE WHEN review THEN 1 ELSE 0 END) AS review, \
         MIN(CASE WHEN estimated THEN 1 ELSE 0 END) AS estimated FROM reading WHERE community_id = ",
    )
    .bind(community)
    .some(" AND meter_id = ?", one)
    .add(" AND month IN (SELECT month FROM reading_round WHERE community_id = ")
    .bind(community)
    .add(" AND id IN ")
    .list(rounds.iter().copied())
    .add(") GROUP BY meter_id, month) r ON r.meter_id = m.id AND r.month = q.month")
    .add(" LEFT JOIN reading_missed s ON s.community_id = q.community_id AND s.round_id = q.id AND s.meter_id = m.id WHERE q.community_id = ")
    .bind(community)
    .add(" AND q.id IN ")
    .list(rounds.iter().copied())
    .add(" AND m.active = ")
    .bind(true)
    .some(" AND m.id = ?", one)
    .add(" AND (o.id IS NOT NULL OR w.id IS NOT NULL)")
}

/// Which meters of a round.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chosen {
    pub part: Option<RoundPartId>,
    pub reader: Option<EmployeeId>,
    pub standing: Option<Standing>,
}

/// The ids of a round's meters, as a subquery.
pub(super) fn meters(community: CommunityId, round: RoundId, chosen: Chosen) -> Sql {
    Sql::new("SELECT g.meter_id FROM (")
        .join(members(community, &[round], None))
        .add(") g WHERE 1 = 1")
        .some(" AND g.part_id = ?", chosen.part)
        .some(" AND g.reader_id = ?", chosen.reader)
        .some(" AND g.standing = ?", chosen.standing.map(Standing::word))
}

/// The round's meters that have no reading.
pub(super) async fn left<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    round: RoundId,
    chosen: Chosen,
) -> Answer<HashSet<MeterId>> {
    #[derive(FromQueryResult)]
    struct Of {
        meter_id: MeterId,
    }
    let sql = meters(community, round, chosen).add(" AND g.standing IN ('unread', 'missed')");
    Ok(sql.all::<Of, _>(db).await?.into_iter().map(|of| of.meter_id).collect())
}

/// Who reads these meters in the rounds of these months.
pub(super) async fn assigned<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    read: &[(MeterId, Month)],
) -> Answer<HashMap<(MeterId, Month), EmployeeId>> {
    #[derive(FromQueryResult)]
    struct Round {
        id: RoundId,
        month: i32,
    }
    #[derive(FromQueryResult)]
    struct Of {
        round_id: RoundId,
        meter_id: MeterId,
        reader_id: Option<EmployeeId>,
    }
    let asked: HashSet<i32> = read.iter().map(|(_, month)| month.number()).collect();
    let rounds: Vec<Round> = Sql::new("SELECT id, month FROM reading_round WHERE community_id = ")
        .bind(community)
        .add(" AND month IN ")
        .list(asked)
        .all(db)
        .await?;
    if rounds.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<RoundId> = rounds.iter().map(|round| round.id).collect();
    let months: HashMap<RoundId, i32> = rounds.into_iter().map(|round| (round.id, round.month)).collect();
    let of: Vec<Of> = Sql::new("SELECT g.round_id, g.meter_id, g.reader_id FROM (")
        .join(members(community, &ids, None))
        .add(") g WHERE g.reader_id IS NOT NULL AND g.meter_id IN ")
        .list(read.iter().map(|(meter, _)| *meter))
        .all(db)
        .await?;
    let one = |of: Of| Some(((of.meter_id, Month::from_number(*months.get(&of.round_id)?)?), of.reader_id?));
    Ok(of.into_iter().filter_map(one).collect())
}

#[derive(FromQueryResult)]
struct PartLine {
    round_id: RoundId,
    id: RoundPartId,
    building_id: Option<BuildingId>,
    building_name: Option<String>,
    entrance_id: Option<EntranceId>,
    entrance_name: Option<String>,
    reader_id: Option<EmployeeId>,
    reader_name: Option<String>,
    meters: i64,
    read: i64,
    review: i64,
    estimated: i64,
    missed: i64,
    unread: i64,
}

/// The parts of rounds with how far each is, in the order in which a person walks: all that lie in sight, or one reader's.
pub(super) async fn parts<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    community: CommunityId,
    rounds: &[RoundId],
    reader: Option<EmployeeId>,
) -> Answer<HashMap<RoundId, Vec<RoundPart>>> {
    let count = |standing: &str| {
        format!(", CAST(COALESCE(SUM(CASE WHEN g.standing = '{standing}' THEN 1 ELSE 0 END), 0) AS bigint) AS {standing}")
    };
    let counts: String = Standing::ALL.iter().map(|standing| count(standing.word())).collect();
    let lines: Vec<PartLine> =
        Sql::new("SELECT p.round_id, p.id, b.id AS building_id, b.name AS building_name, n.id AS entrance_id, n.name AS entrance_name, \
         p.reader_id, e.name AS reader_name, COUNT(g.meter_id) AS meters")
        .add(&counts)
        .add(" FROM reading_round_part p LEFT JOIN building b ON b.community_id = p.community_id AND b.id = p.place_id")
        .add(" LEFT JOIN entrance n ON n.community_id = p.community_id AND n.id = p.entrance_id LEFT JOIN employee e ON e.id = p.reader_id")
        .add(" LEFT JOIN (")
        .join(members(community, rounds, None))
        .add(") g ON g.round_id = p.round_id AND g.part_id = p.id WHERE p.community_id = ")
        .bind(community)
        .add(" AND p.round_id IN ")
        .list(rounds.iter().copied())
        // A building that is gone has no meters left.
        .add(" AND (b.id IS NOT NULL OR p.place_id = p.community_id)")
        .within("p.place_id", buildings)
        .some(" AND p.reader_id = ?", reader)
        .add(" GROUP BY p.round_id, p.id, b.id, b.name, b.sort_key, n.id, n.name, p.reader_id, e.name")
        .add(" ORDER BY CASE WHEN b.id IS NULL THEN 1 ELSE 0 END, b.sort_key, CASE WHEN n.id IS NULL THEN 1 ELSE 0 END, n.name, p.id")
        .all(db)
        .await?;
    let mut parts: HashMap<RoundId, Vec<RoundPart>> = HashMap::new();
    for line in lines {
        parts.entry(line.round_id).or_default().push(line.part());
    }
    Ok(parts)
}

impl PartLine {
    fn part(self) -> RoundPart {
        RoundPart {
            id: self.id,
            building: self.building_id,
            building_name: self.building_name.unwrap_or_default(),
            entrance: self.entrance_id,
            entrance_name: self.entrance_name.unwrap_or_default(),
            reader: self.reader_id,
            reader_name: self.reader_name,
            tally: Tally {
                meters: self.meters.unsigned_abs(),
                read: self.read.unsigned_abs(),
                review: self.review.unsigned_abs(),
                estimated: self.estimated.unsigned_abs(),
                missed: self.missed.unsigned_abs(),
                unread: self.unread.unsigned_abs(),
            },
        }
    }
}

/// What flows through the meters of rounds.
pub(super) async fn utilities<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    rounds: &[RoundId],
) -> Answer<HashMap<RoundId, Vec<Utility>>> {
    #[derive(FromQueryResult)]
    struct Of {
        round_id: RoundId,
        utility: String,
    }
    let rows: Vec<Of> = Sql::new("SELECT round_id, utility FROM reading_round_utility WHERE community_id = ")
        .bind(community)
        .add(" AND round_id IN ")
        .list(rounds.iter().copied())
        .all(db)
        .await?;
    let mut utilities: HashMap<RoundId, Vec<Utility>> = HashMap::new();
    for row in rows {
        utilities.entry(row.round_id).or_default().push(meter::utility(&row.utility)?);
    }
    for of in utilities.values_mut() {
        of.sort_unstable();
    }
    Ok(utilities)
}

/// Adds that the round `q` has a part in sight.
fn seen(sql: Sql, buildings: &Buildings) -> Sql {
    match buildings {
        Buildings::All => sql,
        Buildings::Only(own) => sql
            .add(" AND EXISTS (SELECT 1 FROM reading_round_part v WHERE v.community_id = q.community_id AND v.round_id = q.id AND v.place_id IN ")
            .list(own.iter().copied())
            .add(")"),
    }
}

/// How many parts of a round lie out of sight.
async fn unseen<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId, round: RoundId) -> Answer<u64> {
    let Buildings::Only(own) = who.scope.buildings(community) else { return Ok(0) };
    Sql::new("SELECT COUNT(*) FROM reading_round_part")
        .push(" WHERE community_id = ? AND round_id = ? AND NOT place_id IN ", [community.into(), round.into()])
        .list(own)
        .number(db)
        .await
}

/// What a command knows of its round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub month: Month,
    pub state: RoundState,
    pub from: Day,
    pub to: Day,
}

impl Held {
    /// Refuses to go on in a round that is closed.
    pub(super) fn open(self) -> Result<Self, Problem> {
        match self.state {
            RoundState::Open => Ok(self),
            RoundState::Closed => {
                Err(Problem::conflict("metering.round_closed", "The round is closed").with("month", self.month))
            }
        }
    }
}

fn round_state(word: &str) -> Answer<RoundState> {
    RoundState::from_word(word).ok_or_else(|| Failure::broken(format!("no round state {word:?}")))
}

async fn found<C: ConnectionTrait>(db: &C, community: CommunityId, round: RoundId, lock: &str) -> Answer<Held> {
    #[derive(FromQueryResult)]
    struct Row {
        month: i32,
        state: String,
        from_day: Day,
        to_day: Day,
    }
    let sql = Sql::new("SELECT month, state, from_day, to_day FROM reading_round")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), round.into()])
        .add(lock);
    let row: Row = sql.one(db).await?.ok_or_else(Problem::not_found)?;
    let month = Month::from_number(row.month).ok_or_else(|| Failure::broken("a round without a month"))?;
    Ok(Held { month, state: round_state(&row.state)?, from: row.from_day, to: row.to_day })
}

/// The round, held until the transaction ends; 404 for who does not see all of it.
pub(super) async fn held(work: &Work, who: &Who, community: CommunityId, round: RoundId) -> Answer<Held> {
    let lock = if work.is_postgres() { " FOR NO KEY UPDATE" } else { "" };
    let held = found(work.db(), community, round, lock).await?;
    if unseen(work.db(), who, community, round).await? > 0 {
        return Err(Problem::not_found().into());
    }
    Ok(held)
}

/// Refuses to read a meter, which is held, in a round that is closed, does not have it, or in which it was read already.
pub(super) async fn admit(work: &Work, community: CommunityId, round: RoundId, meter: MeterId, month: Month) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct Of {
        standing: String,
    }
    let held = found(work.db(), community, round, "").await?.open()?;
    let of: Option<Of> =
        Sql::new("SELECT g.standing FROM (").join(members(community, &[round], Some(meter))).add(") g").one(work.db()).await?;
    let (Some(of), true) = (of, held.month == month) else {
        return Err(Problem::conflict("metering.not_in_round", "The round is not about this meter").into());
    };
    match Standing::from_word(&of.standing) {
        Some(Standing::Unread | Standing::Missed) => Ok(()),
        _ => Err(reading::read_already(work, community, meter, month).await?.into()),
    }
}

/// A part's place: its building, or the community for what belongs to none.
fn place(community: CommunityId, building: Option<BuildingId>) -> Uuid {
    building.map_or(community.0, |building| building.0)
}
