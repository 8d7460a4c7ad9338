//! A round is opened, and who reads what in it is set anew.

use std::collections::{HashMap, HashSet};

use common::api::Done;
use common::id::{BuildingId, CommunityId, EmployeeId, EntranceId, RoundId, RoundPartId};
use common::metering::Utility;
use common::metering::api::{AssignRound, GetRoundChoices, NewPart, OpenRound, Reader, RoundChoices, RoundPlace, RoundState};
use common::permission::Permission;
use common::problem::{FieldProblem, Problem};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::{held, place};
use crate::metering::meter;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Made, Who, Work, bulk, organisation};

#[derive(FromQueryResult)]
struct PlaceLine {
    building_id: Option<BuildingId>,
    building_name: Option<String>,
    entrance_id: Option<EntranceId>,
    entrance_name: Option<String>,
    utility: String,
    meters: i64,
}

pub(in crate::metering) async fn get_choices(app: App, who: Who, ask: GetRoundChoices) -> Answer<RoundChoices> {
    let db = app.db();
    let lines: Vec<PlaceLine> = Sql::new(
        "SELECT m.building_id, b.name AS building_name, n.id AS entrance_id, n.name AS entrance_name, m.utility, COUNT(*) AS meters FROM meter m \
         LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id \
         LEFT JOIN entrance n ON n.community_id = u.community_id AND n.id = u.entrance_id \
         LEFT JOIN building b ON b.community_id = m.community_id AND b.id = m.building_id",
    )
    .push(" WHERE m.community_id = ? AND m.active = ?", [ask.community.into(), true.into()])
    .within("m.building_id", &who.scope.buildings(ask.community))
    .add(" GROUP BY m.building_id, b.name, b.sort_key, n.id, n.name, m.utility")
    .add(" ORDER BY CASE WHEN m.building_id IS NULL THEN 1 ELSE 0 END, b.sort_key, n.name, m.utility")
    .all(db)
    .await?;
    let places = lines
        .into_iter()
        .map(|line| {
            Ok(RoundPlace {
                building: line.building_id,
                building_name: line.building_name.unwrap_or_default(),
                entrance: line.entrance_id,
                entrance_name: line.entrance_name.unwrap_or_default(),
                utility: meter::utility(&line.utility)?,
                meters: line.meters.unsigned_abs(),
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    Ok(RoundChoices { places, readers: readers(db, ask.community).await? })
}

/// Who may read meters here.
pub(in crate::metering) async fn readers<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<Reader>> {
    let colleagues = organisation::who_may(db, Permission::MeteringWrite, community).await?;
    let readers = colleagues.into_iter().map(|colleague| {
        let buildings = match colleague.buildings {
            Buildings::All => None,
            Buildings::Only(buildings) => Some(buildings),
        };
        Reader { id: colleague.id, name: colleague.name, buildings }
    });
    Ok(readers.collect())
}

pub(in crate::metering) async fn open_round(app: App, who: Who, ask: OpenRound) -> Answer<Done> {
    let (community, round) = (ask.community, ask.round);
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(community, round.0, &ask).await? {
        return Ok(done);
    }
    in_turn(&work, community).await?;
    sound(&work, &who, community, &ask.parts, &[]).await?;
    let row: Vec<Value> = vec![
        community.into(),
        round.into(),
        ask.month.number().into(),
        ask.from.into(),
        ask.to.into(),
        RoundState::Open.word().into(),
        work.by.into(),
        work.at.into(),
    ];
    let columns = &["community_id", "id", "month", "from_day", "to_day", "state", "created_by", "created_at"];
    bulk::insert(work.db(), "reading_round", columns, vec![row]).await?;
    let utilities: HashSet<Utility> = ask.utilities.iter().copied().collect();
    let rows: Vec<Vec<Value>> =
        utilities.into_iter().map(|utility| vec![community.into(), round.into(), utility.word().into()]).collect();
    bulk::insert(work.db(), "reading_round_utility", &["community_id", "round_id", "utility"], rows).await?;
    write(&work, community, round, &ask.parts).await?;
    apart(&work, community, round).await?;
    work.record(Some(community), "metering.open_round", round.0, None::<&()>, Some(&ask)).await?;
    work.made(community, round.0, &Done {}).await?;
    work.commit().await?;
    Ok(Done {})
}

pub(in crate::metering) async fn assign_round(app: App, who: Who, ask: AssignRound) -> Answer<Done> {
    let (community, round) = (ask.community, ask.round);
    let work = app.begin(&who).await?;
    in_turn(&work, community).await?;
    let before = held(&work, &who, community, round).await?.open()?;
    let kept = readers_of(&work, community, round).await?;
    sound(&work, &who, community, &ask.parts, &kept).await?;
    Sql::new("UPDATE reading_round")
        .push(" SET from_day = ?, to_day = ? WHERE community_id = ?", [ask.from.into(), ask.to.into(), community.into()])
        .push(" AND id = ?", [round.into()])
        .run(work.db())
        .await?;
    Sql::new("DELETE FROM reading_round_part")
        .push(" WHERE community_id = ? AND round_id = ?", [community.into(), round.into()])
        .run(work.db())
        .await?;
    write(&work, community, round, &ask.parts).await?;
    apart(&work, community, round).await?;
    let was = serde_json::json!({"from": before.from, "to": before.to});
    work.record(Some(community), "metering.assign_round", round.0, Some(&was), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

async fn write(work: &Work, community: CommunityId, round: RoundId, parts: &[NewPart]) -> Answer<()> {
    let rows: Vec<Vec<Value>> = parts
        .iter()
        .map(|part| {
            let place = place(community, part.building);
            let entrance = part.entrance.map_or(place, |entrance| entrance.0);
            vec![community.into(), round.into(), part.id.into(), place.into(), entrance.into(), part.reader.into()]
        })
        .collect();
    let columns = &["community_id", "round_id", "id", "place_id", "entrance_id", "reader_id"];
    bulk::insert(work.db(), "reading_round_part", columns, rows).await?;
    Ok(())
}

/// One at a time opens or changes rounds of a community, so that two never have a meter in common.
pub(super) async fn in_turn(work: &Work, community: CommunityId) -> Answer<()> {
    if work.is_postgres() {
        Sql::new("SELECT id FROM community WHERE id = ").bind(community).add(" FOR NO KEY UPDATE").run(work.db()).await?;
    }
    Ok(())
}

/// The readers of a round's parts.
async fn readers_of(work: &Work, community: CommunityId, round: RoundId) -> Answer<Vec<(RoundPartId, EmployeeId)>> {
    #[derive(FromQueryResult)]
    struct Of {
        id: RoundPartId,
        reader_id: EmployeeId,
    }
    let rows: Vec<Of> = Sql::new("SELECT id, reader_id FROM reading_round_part")
        .push(" WHERE community_id = ? AND round_id = ? AND reader_id IS NOT NULL", [community.into(), round.into()])
        .all(work.db())
        .await?;
    Ok(rows.into_iter().map(|of| (of.id, of.reader_id)).collect())
}

/// Refuses places that are not there or out of sight, and readers who could not see them; but whoever has left meanwhile keeps
/// their parts until somebody takes them over, so that days and other parts can be set all the same.
async fn sound(
    work: &Work,
    who: &Who,
    community: CommunityId,
    parts: &[NewPart],
    kept: &[(RoundPartId, EmployeeId)],
) -> Answer<()> {
    for part in parts {
        who.scope.allow(community, part.building)?;
    }
    let buildings: HashSet<BuildingId> = parts.iter().filter_map(|part| part.building).collect();
    let there = Sql::new("SELECT COUNT(*) FROM building WHERE community_id = ")
        .bind(community)
        .add(" AND id IN ")
        .list(buildings.iter().copied())
        .number(work.db())
        .await?;
    #[derive(FromQueryResult)]
    struct At {
        id: EntranceId,
        building_id: BuildingId,
    }
    let entrances: Vec<At> = Sql::new("SELECT id, building_id FROM entrance WHERE community_id = ")
        .bind(community)
        .add(" AND id IN ")
        .list(parts.iter().filter_map(|part| part.entrance))
        .all(work.db())
        .await?;
    let at: HashMap<EntranceId, BuildingId> = entrances.into_iter().map(|at| (at.id, at.building_id)).collect();
    let strays = |part: &NewPart| part.entrance.is_some_and(|entrance| at.get(&entrance).copied() != part.building);
    if there != u64::try_from(buildings.len()).unwrap_or(0) || parts.iter().any(strays) {
        return Err(Problem::not_found().into());
    }
    let readers: HashMap<EmployeeId, Reader> =
        readers(work.db(), community).await?.into_iter().map(|reader| (reader.id, reader)).collect();
    let blind = parts.iter().find_map(|part| {
        let id = part.reader.filter(|reader| !kept.contains(&(part.id, *reader)))?;
        let reader = readers.get(&id);
        let sees = reader.is_some_and(|reader| reader.sees(part.building));
        (!sees).then(|| reader.map_or_else(String::new, |reader| reader.name.clone()))
    });
    match blind {
        None => Ok(()),
        Some(name) => Err(Problem::invalid(vec![FieldProblem::new("parts", "metering.reader_unseen").with("name", name)]).into()),
    }
}

/// Refuses a round that would have a meter in common with another open one of its month.
pub(super) async fn apart(work: &Work, community: CommunityId, round: RoundId) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct Shared {
        name: Option<String>,
        month: i32,
    }
    let of = |table: &str, name: &str, of: &str| {
        format!(" JOIN {table} {name} ON {name}.community_id = {of}.community_id AND {name}.round_id = {of}.id")
    };
    let shared: Option<Shared> = Sql::new("SELECT b.name, q.month FROM reading_round q")
        .add(&of("reading_round_utility", "x", "q"))
        .add(&of("reading_round_part", "p", "q"))
        .add(" JOIN reading_round oq ON oq.community_id = q.community_id AND oq.month = q.month AND oq.state = 'open' AND oq.id <> q.id")
        .add(&of("reading_round_utility", "ox", "oq"))
        .add(" AND ox.utility = x.utility")
        .add(&of("reading_round_part", "op", "oq"))
        .add(" AND op.place_id = p.place_id AND (op.entrance_id = p.entrance_id OR op.entrance_id = op.place_id OR p.entrance_id = p.place_id)")
        .add(" LEFT JOIN building b ON b.community_id = p.community_id AND b.id = p.place_id")
        .push(" WHERE q.community_id = ? AND q.id = ? LIMIT 1", [community.into(), round.into()])
        .one(work.db())
        .await?;
    match shared {
        None => Ok(()),
        Some(shared) => Err(Problem::conflict("metering.round_overlaps", "Another open round of the month is about this place")
            .with("place", shared.name.unwrap_or_default())
            .with("month", common::period::Month::from_number(shared.month).map_or_else(String::new, |month| month.to_string()))
            .into()),
    }
}
