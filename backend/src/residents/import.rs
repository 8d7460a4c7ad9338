//! Brings in a whole estate with its people: all of it or nothing, once per import id.

use std::collections::HashMap;

use common::estate::draft::EstateDraft;
use common::id::{CommunityId, OccupancyId, ResidentId, UnitId, VehicleId};
use common::period::Day;
use common::permission::Permission;
use common::problem::{FieldProblem, Problem};
use common::residents::api::{CheckImport, ImportCheck, ImportCounts, ImportEstate, Imported};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work, bulk, estate, organisation};

/// The most problems that an answer lists.
const PROBLEMS_TOLD: usize = 1_000;

/// A draft compared with what is there.
pub(super) struct Examined {
    known: estate::Known,
    /// For each resident of the draft: who of those there it is.
    people: Vec<Option<ResidentId>>,
    pub(super) problems: Vec<FieldProblem>,
    counts: ImportCounts,
}

pub(super) async fn check_import(app: App, who: Who, ask: CheckImport) -> Answer<ImportCheck> {
    allow(&who, &ask.draft)?;
    let mut examined = examine(&app, app.db(), ask.community, &ask.draft).await?;
    let problem_count = length(examined.problems.len());
    examined.problems.truncate(PROBLEMS_TOLD);
    Ok(ImportCheck { problems: examined.problems, problem_count, counts: examined.counts })
}

/// Public so that demo data comes in by the same door.
pub async fn import_estate(app: App, who: Who, ask: ImportEstate) -> Answer<Imported> {
    allow(&who, &ask.draft)?;
    let digest = digest(&ask)?;
    let work = app.begin(&who).await?;
    if let Some(counts) = begun(&work, &ask, &digest).await? {
        return Ok(Imported { counts });
    }
    let examined = examine(&app, work.db(), ask.community, &ask.draft).await?;
    if !examined.problems.is_empty() {
        return Err(refused(examined.problems).into());
    }
    let units = estate::bring_in(&work, ask.community, &examined.known, &ask.draft).await?;
    let people = bring_people(&app, &work, ask.community, &ask.draft, examined.people).await?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    bring_occupancies(&work, ask.community, &ask.draft, &units, &people, today).await?;
    bring_vehicles(&work, ask.community, &ask.draft, &units, &people).await?;
    let counts = serde_json::to_string(&examined.counts)?;
    Sql::new("UPDATE estate_import SET counts = ")
        .bind(counts)
        .add(" WHERE community_id = ")
        .bind(ask.community)
        .add(" AND id = ")
        .bind(ask.import)
        .run(work.db())
        .await?;
    let told = serde_json::json!({"file": ask.file_name, "counts": examined.counts});
    work.record(Some(ask.community), "estate.import", ask.import.0, None::<&()>, Some(&told)).await?;
    work.commit().await?;
    Ok(Imported { counts: examined.counts })
}

/// People and cars need a permission of their own.
fn allow(who: &Who, draft: &EstateDraft) -> Result<(), Problem> {
    if !draft.residents.is_empty() || !draft.vehicles.is_empty() {
        who.need(Permission::ResidentsWrite)?;
    }
    Ok(())
}

fn refused(mut problems: Vec<FieldProblem>) -> Problem {
    let count = problems.len();
    problems.truncate(PROBLEMS_TOLD);
    let problem = Problem::new(422, "estate.import_refused", "Nothing was imported; some cells need mending");
    Problem { fields: problems, ..problem.with("count", count) }
}

fn digest(ask: &ImportEstate) -> Answer<String> {
    let bytes = serde_json::to_vec(&ask.draft)?;
    Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Takes the import's id. It also makes imports into one community wait for each other. The counts where this very
/// import was carried out before.
async fn begun(work: &Work, ask: &ImportEstate, digest: &str) -> Answer<Option<ImportCounts>> {
    #[derive(FromQueryResult)]
    struct Done {
        digest: String,
        counts: String,
    }
    if work.is_postgres() {
        let lock = Sql::new("SELECT COUNT(*) AS number FROM (SELECT 1 FROM community WHERE id = ").bind(ask.community);
        lock.add(" FOR NO KEY UPDATE) held").number(work.db()).await?;
    }
    let written =
        Sql::new("INSERT INTO estate_import (community_id, id, file_name, digest, counts, created_by, created_at) VALUES (")
            .bind(ask.community)
            .add(",")
            .bind(ask.import)
            .add(",")
            .bind(ask.file_name.chars().take(200).collect::<String>())
            .add(",")
            .bind(digest)
            .add(",'{}',")
            .bind(work.by)
            .add(",")
            .bind(work.at)
            .add(") ON CONFLICT DO NOTHING")
            .run(work.db())
            .await?;
    if written.rows_affected() == 1 {
        return Ok(None);
    }
    let done: Option<Done> = Sql::new("SELECT digest, counts FROM estate_import WHERE community_id = ")
        .bind(ask.community)
        .add(" AND id = ")
        .bind(ask.import)
        .one(work.db())
        .await?;
    match done {
        Some(done) if done.digest == digest => Ok(Some(serde_json::from_str(&done.counts)?)),
        _ => Err(Problem::conflict("estate.import_differs", "This import id was used with other content").into()),
    }
}

/// The rules of `common` again, then what only the database knows.
pub(super) async fn examine<C: ConnectionTrait>(
    app: &App,
    db: &C,
    community: CommunityId,
    draft: &EstateDraft,
) -> Answer<Examined> {
    let mut problems = draft.problems();
    let known = estate::known(db, community).await?;
    problems.extend(known.problems(draft));
    let people = match_people(app, db, community, draft, &mut problems).await?;
    plates_taken(db, community, draft, &mut problems).await?;
    let known_buildings = known.buildings_known(draft);
    let known_residents = people.iter().flatten().count();
    let counts = ImportCounts {
        new_buildings: length(draft.buildings.len() - known_buildings),
        known_buildings: length(known_buildings),
        units: length(draft.units.len()),
        new_residents: length(draft.residents.len() - known_residents),
        known_residents: length(known_residents),
        occupancies: length(draft.occupancies.len()),
        vehicles: length(draft.vehicles.len()),
    };
    Ok(Examined { known, people, problems, counts })
}

#[derive(FromQueryResult)]
struct There {
    id: ResidentId,
    name: String,
    phone: Option<String>,
    id_number_hash: Option<Vec<u8>>,
}

/// The same ID number, or the same name and phone, is the same person; the same number under another name is a problem.
async fn match_people<C: ConnectionTrait>(
    app: &App,
    db: &C,
    community: CommunityId,
    draft: &EstateDraft,
    problems: &mut Vec<FieldProblem>,
) -> Answer<Vec<Option<ResidentId>>> {
    if draft.residents.is_empty() {
        return Ok(Vec::new());
    }
    let there: Vec<There> =
        Sql::new("SELECT id, name, phone, id_number_hash FROM resident WHERE community_id = ").bind(community).all(db).await?;
    let by_number: HashMap<&[u8], &There> = there.iter().filter_map(|row| Some((row.id_number_hash.as_deref()?, row))).collect();
    let by_phone: HashMap<(&str, &str), &There> =
        there.iter().filter_map(|row| Some(((row.name.as_str(), row.phone.as_deref()?), row))).collect();
    let mut people = Vec::with_capacity(draft.residents.len());
    for resident in &draft.residents {
        let phone = resident.phone.as_ref().and_then(|phone| by_phone.get(&(resident.name.as_str(), phone.as_str())).copied());
        let found = match &resident.id_number {
            Some(number) => {
                let hash = app.secrets().hash(number.as_str());
                let known = by_number.get(hash.as_slice()).copied();
                if let Some(known) = known.filter(|known| known.name != resident.name) {
                    problems.push(FieldProblem::new(&resident.at, "residents.id_number_taken").with("name", &known.name));
                }
                // Somebody of this name and phone with another number is somebody else.
                known
            }
            None => phone,
        };
        people.push(found.map(|found| found.id));
    }
    Ok(people)
}

async fn plates_taken<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    draft: &EstateDraft,
    problems: &mut Vec<FieldProblem>,
) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct Plated {
        plate: String,
    }
    if draft.vehicles.is_empty() {
        return Ok(());
    }
    let there: Vec<Plated> = Sql::new("SELECT plate FROM vehicle WHERE community_id = ").bind(community).all(db).await?;
    let there: std::collections::HashSet<&str> = there.iter().map(|row| row.plate.as_str()).collect();
    let taken = draft.vehicles.iter().filter(|vehicle| there.contains(vehicle.plate.as_str()));
    problems.extend(
        taken.map(|vehicle| FieldProblem::new(&vehicle.at, "residents.plate_taken").with("plate", vehicle.plate.as_str())),
    );
    Ok(())
}

async fn bring_people(
    app: &App,
    work: &Work,
    community: CommunityId,
    draft: &EstateDraft,
    known: Vec<Option<ResidentId>>,
) -> Answer<Vec<ResidentId>> {
    let ids: Vec<ResidentId> = known.iter().map(|known| known.unwrap_or_else(|| ResidentId(Uuid::now_v7()))).collect();
    let mut rows = Vec::new();
    for ((resident, id), known) in draft.residents.iter().zip(&ids).zip(&known) {
        if known.is_some() {
            continue;
        }
        let number = resident.id_number.as_ref();
        rows.push(vec![
            community.into(),
            (*id).into(),
            resident.name.trim().into(),
            resident.gender.into(),
            resident.phone.as_ref().map(|phone| phone.as_str().to_owned()).into(),
            number.map(|number| app.secrets().seal(number.as_str())).transpose()?.into(),
            number.map(|number| app.secrets().hash(number.as_str())).into(),
            number.map(|number| number.masked()).into(),
            "".into(),
            Value::from(work.at),
        ]);
    }
    let columns = [
        "community_id",
        "id",
        "name",
        "gender",
        "phone",
        "id_number_sealed",
        "id_number_hash",
        "id_number_masked",
        "remark",
        "created_at",
    ];
    bulk::insert(work.db(), "resident", &columns, rows).await?;
    Ok(ids)
}

async fn bring_occupancies(
    work: &Work,
    community: CommunityId,
    draft: &EstateDraft,
    units: &[UnitId],
    people: &[ResidentId],
    today: Day,
) -> Answer<()> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(draft.occupancies.len());
    for held in &draft.occupancies {
        let handed_over =
            usize::try_from(held.unit).ok().and_then(|place| draft.units.get(place)).and_then(|unit| unit.handed_over);
        // Somebody who left must have come before.
        let latest = held.to_day.and_then(|to| to.pred_opt()).unwrap_or(today);
        let from_day = held.from_day.unwrap_or_else(|| handed_over.unwrap_or(today).min(latest));
        rows.push(vec![
            community.into(),
            OccupancyId(Uuid::now_v7()).into(),
            at(units, held.unit)?.into(),
            at(people, held.resident)?.into(),
            held.role.into(),
            from_day.into(),
            held.to_day.into(),
        ]);
    }
    let columns = ["community_id", "id", "unit_id", "resident_id", "role", "from_day", "to_day"];
    bulk::insert(work.db(), "occupancy", &columns, rows).await?;
    Ok(())
}

async fn bring_vehicles(
    work: &Work,
    community: CommunityId,
    draft: &EstateDraft,
    units: &[UnitId],
    people: &[ResidentId],
) -> Answer<()> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(draft.vehicles.len());
    for vehicle in &draft.vehicles {
        rows.push(vec![
            community.into(),
            VehicleId(Uuid::now_v7()).into(),
            vehicle.plate.as_str().into(),
            vehicle.unit.map(|place| at(units, place)).transpose()?.into(),
            vehicle.resident.map(|place| at(people, place)).transpose()?.into(),
            vehicle.brand.clone().into(),
            vehicle.colour.clone().into(),
        ]);
    }
    let columns = ["community_id", "id", "plate", "unit_id", "resident_id", "brand", "colour"];
    bulk::insert(work.db(), "vehicle", &columns, rows).await?;
    Ok(())
}

fn at<T: Copy>(list: &[T], place: u32) -> Answer<T> {
    let found = usize::try_from(place).ok().and_then(|place| list.get(place));
    found.copied().ok_or_else(|| Failure::broken("a draft refers to what it does not have"))
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
