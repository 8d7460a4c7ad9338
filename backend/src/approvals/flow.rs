//! The flow of each kind of deed: shown, set, and asked for the levels that an amount has to pass.

use std::collections::HashMap;

use common::api::Done;
use common::approvals::api::{
    Deciders, DecidingDepartment, DecidingEmployee, FlowView, Former, Gone, ListDeciders, ListFlows, SaveFlow,
};
use common::approvals::flow::{DecidedBy, DeedKind, FlowLevel, levels_of};
use common::id::{CommunityId, DepartmentId, EmployeeId};
use common::money::Money;
use common::permission::Permission;
use common::problem::{FieldProblem, Problem, list};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::organisation::{Colleague, who_may};
use crate::sql::Sql;
use crate::{Answer, App, Who, Work};

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    levels: String,
}

#[derive(FromQueryResult)]
struct Waiting {
    kind: String,
    waiting: i64,
}

/// The flow of every kind, also where there is none.
pub(super) async fn list_flows(app: App, _: Who, ask: ListFlows) -> Answer<Vec<FlowView>> {
    let (db, community) = (app.db(), ask.community);
    let rows: Vec<Row> = Sql::new("SELECT kind, levels FROM approval_flow WHERE community_id = ").bind(community).all(db).await?;
    let waiting: Vec<Waiting> = Sql::new("SELECT kind, COUNT(*) AS waiting FROM approval WHERE community_id = ")
        .bind(community)
        .add(" AND state = 'waiting' GROUP BY kind")
        .all(db)
        .await?;
    let waiting: HashMap<String, u64> = waiting.into_iter().map(|row| (row.kind, row.waiting.unsigned_abs())).collect();
    let able = who_may(db, Permission::ApprovalsDecide, community).await?;
    let levels_of = |kind: &DeedKind| -> Answer<Vec<FlowLevel>> {
        let row = rows.iter().find(|row| row.kind == kind.word());
        Ok(row.map_or(Ok(Vec::new()), |row| serde_json::from_str(&row.levels))?)
    };
    let flows = DeedKind::ALL.iter().map(|kind| Ok((*kind, levels_of(kind)?))).collect::<Answer<Vec<_>>>()?;
    let former = former(db, flows.iter().flat_map(|(_, levels)| levels), &able).await?;
    let flow = |(kind, levels): (DeedKind, Vec<FlowLevel>)| {
        let who = levels.iter().map(|level| names(level, &able)).collect();
        let gone = levels.iter().map(|level| gone(level, &former)).collect();
        FlowView { kind, levels, who, gone, waiting: waiting.get(kind.word()).copied().unwrap_or(0) }
    };
    Ok(flows.into_iter().map(flow).collect())
}

/// Who decides at a level today; nobody where the department or the people may not any more.
fn names(level: &FlowLevel, able: &[Colleague]) -> Vec<String> {
    match level.by {
        DecidedBy::Department => {
            departments(able).into_iter().filter(|(id, _)| Some(*id) == level.department).map(|(_, name)| name).collect()
        }
        DecidedBy::Employees => able.iter().filter(|one| level.employees.contains(&one.id)).map(|one| one.name.clone()).collect(),
    }
}

/// Whether a level names them.
fn names_this(level: &FlowLevel, one: &Former) -> bool {
    match level.by {
        DecidedBy::Department => one.department.is_some() && one.department == level.department,
        DecidedBy::Employees => one.employee.is_some_and(|id| level.employees.contains(&id)),
    }
}

/// Who is named at a level and decides nothing any more.
fn gone(level: &FlowLevel, former: &[Former]) -> Vec<Former> {
    former.iter().filter(|one| names_this(level, one)).cloned().collect()
}

/// Everybody whom levels name and who decides nothing any more, by name.
async fn former<C: ConnectionTrait>(
    db: &C,
    levels: impl Iterator<Item = &FlowLevel> + Clone,
    able: &[Colleague],
) -> Answer<Vec<Former>> {
    #[derive(FromQueryResult)]
    struct Person {
        id: EmployeeId,
        name: String,
        active: bool,
    }
    #[derive(FromQueryResult)]
    struct Whole {
        id: DepartmentId,
        name: String,
    }
    let people = levels.clone().flat_map(|level| &level.employees).filter(|id| !able.iter().any(|one| one.id == **id));
    let people: Vec<Person> = Sql::new("SELECT id, name, active FROM employee WHERE id IN ")
        .list(people.copied())
        .add(" ORDER BY name, id")
        .all(db)
        .await?;
    let whole = levels.filter_map(|level| level.department).filter(|id| !able.iter().any(|one| one.department.0 == *id));
    let whole: Vec<Whole> =
        Sql::new("SELECT id, name FROM department WHERE id IN ").list(whole).add(" ORDER BY name, id").all(db).await?;
    let people = people.into_iter().map(|one| {
        let why = if one.active { Gone::MayNot } else { Gone::Left };
        Former { employee: Some(one.id), department: None, name: one.name, why }
    });
    let whole =
        whole.into_iter().map(|one| Former { employee: None, department: Some(one.id), name: one.name, why: Gone::MayNot });
    Ok(people.chain(whole).collect())
}

/// The departments in which somebody may decide, by name.
fn departments(able: &[Colleague]) -> Vec<(DepartmentId, String)> {
    let mut found: Vec<_> = able.iter().map(|one| one.department.clone()).collect();
    found.sort_unstable_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
    found.dedup();
    found
}

/// Who may be chosen.
pub(super) async fn list_deciders(app: App, _: Who, ask: ListDeciders) -> Answer<Deciders> {
    let able = who_may(app.db(), Permission::ApprovalsDecide, ask.community).await?;
    let departments = departments(&able).into_iter().map(|(id, name)| DecidingDepartment { id, name }).collect();
    let of = |one: Colleague| DecidingEmployee { id: one.id, name: one.name, department: one.department.1 };
    Ok(Deciders { employees: able.into_iter().map(of).collect(), departments })
}

/// Sets a flow, for requests to come; without levels there is none.
pub(super) async fn save_flow(app: App, who: Who, mut ask: SaveFlow) -> Answer<Done> {
    // Only what its kind asks for is kept.
    for level in &mut ask.levels {
        if !ask.kind.has_amount() {
            level.from_fen = Money::ZERO;
        }
        match level.by {
            DecidedBy::Department => level.employees.clear(),
            DecidedBy::Employees => level.department = None,
        }
    }
    let work = app.begin(&who).await?;
    let able = who_may(work.db(), Permission::ApprovalsDecide, ask.community).await?;
    let former = former(work.db(), ask.levels.iter(), &able).await?;
    let problems: Vec<FieldProblem> =
        ask.levels.iter().enumerate().filter_map(|(place, level)| unable(place, level, &able, &former)).collect();
    if !problems.is_empty() {
        return Err(Problem::invalid(problems).into());
    }
    let before = flow(work.db(), ask.community, ask.kind).await?;
    Sql::new("INSERT INTO approval_flow (community_id, kind, levels, saved_by, saved_at)")
        .push(
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (community_id, kind) DO UPDATE SET levels = excluded.levels,",
            [
                ask.community.into(),
                ask.kind.word().into(),
                serde_json::to_string(&ask.levels)?.into(),
                who.employee.into(),
                work.at.into(),
            ],
        )
        .add(" saved_by = excluded.saved_by, saved_at = excluded.saved_at")
        .run(work.db())
        .await?;
    work.record(Some(ask.community), "approvals.save_flow", ask.community.0, Some(&before), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// A level whose department or people may not decide, with their names.
fn unable(place: usize, level: &FlowLevel, able: &[Colleague], former: &[Former]) -> Option<FieldProblem> {
    let (field, knows) = match level.by {
        DecidedBy::Department => ("department", able.iter().any(|one| Some(one.department.0) == level.department)),
        DecidedBy::Employees => ("employees", level.employees.iter().all(|id| able.iter().any(|one| one.id == *id))),
    };
    let names = || list(gone(level, former).into_iter().map(|one| one.name));
    (!knows).then(|| FieldProblem::new(format!("levels.{place}.{field}"), "approvals.may_not_decide").with("names", names()))
}

async fn flow<C: ConnectionTrait>(db: &C, community: CommunityId, kind: DeedKind) -> Answer<Vec<FlowLevel>> {
    let row: Option<Row> = Sql::new("SELECT kind, levels FROM approval_flow")
        .push(" WHERE community_id = ? AND kind = ?", [community.into(), kind.word().into()])
        .one(db)
        .await?;
    row.map_or(Ok(Vec::new()), |row| Ok(serde_json::from_str(&row.levels)?))
}

/// The levels that a deed of this amount has to pass; none where it may be done at once.
pub(super) async fn needed(work: &Work, community: CommunityId, kind: DeedKind, amount: Money) -> Answer<Vec<FlowLevel>> {
    let mut levels = flow(work.db(), community, kind).await?;
    if kind.has_amount() {
        levels.truncate(levels_of(&levels, amount));
    }
    Ok(levels)
}
