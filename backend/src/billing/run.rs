//! Runs, how they went, and who got no bill.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use common::api::{Listing as _, Page, Paging};
use common::billing::api::{GetRun, ListRuns, ListSkips, RunSkips, RunState, RunUnit, RunView, SkipRow};
use common::billing::plan::SkipReason;
use common::charging::tariff::FeeItemKind;
use common::id::{BillingRunId, CommunityId, FeeItemId, JobId, UnitId};
use common::money::Money;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::generate::{Ended, Kept};
use super::inputs::LONGEST_MONTHS;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Scope, Who, metering};

#[derive(FromQueryResult)]
struct Row {
    id: BillingRunId,
    ask: String,
    state: String,
    bills: i64,
    total_fen: Money,
    waived_fen: Money,
    result: String,
    created_by: Option<String>,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    job: Option<JobId>,
    rule: Option<String>,
}

/// Runs, the latest first.
pub(super) async fn list_runs(app: App, who: Who, ask: ListRuns) -> Answer<Page<RunView>> {
    let paging = ask.paging();
    rows(&app, &who, ask.community, Which::All, &paging).await
}

/// One run.
pub(super) async fn get_run(app: App, who: Who, ask: GetRun) -> Answer<RunView> {
    let paging = Paging { page: 1, size: 1, sort: None };
    let page = rows(&app, &who, ask.community, Which::These(&[ask.run]), &paging).await?;
    page.rows.into_iter().next().ok_or_else(|| Problem::not_found().into())
}

/// Refused where the caller does not see this run.
pub async fn sees_run(app: &App, who: &Who, community: CommunityId, run: BillingRunId) -> Answer<()> {
    let found = Sql::new("SELECT COUNT(*) FROM billing_run r")
        .push(" WHERE r.community_id = ? AND r.id = ?", [community.into(), run.into()])
        .join(in_scope(who, community, "r"))
        .number(app.db())
        .await?;
    if found == 0 { Err(Problem::not_found().into()) } else { Ok(()) }
}

/// Adds: the run in `table` is for buildings that the caller sees, all of them.
pub(super) fn in_scope(who: &Who, community: CommunityId, table: &str) -> Sql {
    within(&who.scope, community, table, "run_building", "run_id")
}

/// The same for what names its buildings in a table `parts`, by the column `key`.
pub(super) fn within(scope: &Scope, community: CommunityId, table: &str, parts: &str, key: &str) -> Sql {
    let Buildings::Only(buildings) = scope.buildings(community) else { return Sql::new("") };
    let of = format!("(SELECT 1 FROM {parts} x WHERE x.community_id = {table}.community_id AND x.{key} = {table}.id");
    Sql::new(&format!(" AND EXISTS {of}) AND NOT EXISTS {of} AND NOT x.building_id IN ")).list(buildings).add(")")
}

/// Which runs.
pub(super) enum Which<'a> {
    All,
    These(&'a [BillingRunId]),
}

/// One page of them, of any length.
pub(super) async fn rows(
    app: &App,
    who: &Who,
    community: CommunityId,
    which: Which<'_>,
    paging: &Paging,
) -> Answer<Page<RunView>> {
    let db = app.db();
    let sql = Sql::new("SELECT r.id, r.ask, r.state, r.bills, r.total_fen, r.waived_fen, r.result, e.name AS created_by, r.created_at, r.ended_at, r.job_id AS job, g.name AS rule")
        .push(" FROM billing_run r LEFT JOIN employee e ON e.id = r.created_by", [])
        .add(" LEFT JOIN occurrence o ON o.community_id = r.community_id AND o.run_id = r.id")
        .add(" LEFT JOIN generation_rule g ON g.community_id = o.community_id AND g.id = o.rule_id")
        .push(" WHERE r.community_id = ?", [community.into()]);
    let sql = match &which {
        Which::All => sql,
        Which::These(runs) => sql.add(" AND r.id IN ").list(runs.iter().copied()),
    };
    let sql = sql
        .join(in_scope(who, community, "r"))
        .push(" ORDER BY r.created_at DESC, r.id DESC", [])
        .page(u64::from(paging.size) + 1, paging.offset());
    let mut rows: Vec<Row> = sql.all(db).await?;
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let items = items(db, community).await?;
    let runs: Vec<BillingRunId> = rows.iter().map(|row| row.id).collect();
    let mut places = Places::of(db, community, &runs).await?;
    let mut rows = rows.into_iter().map(|row| shown(app, row, &items, &mut places)).collect::<Answer<Vec<_>>>()?;
    if matches!(which, Which::These(_)) {
        let lacking = lacking(db, community, &rows).await?;
        rows.iter_mut().for_each(|run| run.open = Some(still(run, &lacking)));
    }
    Ok(Page { rows, total: None, more })
}

type Lacking = HashMap<(BillingRunId, FeeItemId, SkipReason), u64>;

/// How many of those that wanted mending are lacking still: they got no bill of the period since their run, and what they used did
/// not come to nothing, nor onto the bill of a later month.
async fn lacking<C: ConnectionTrait>(db: &C, community: CommunityId, runs: &[RunView]) -> Answer<Lacking> {
    #[derive(FromQueryResult)]
    struct Row {
        run_id: BillingRunId,
        fee_item_id: FeeItemId,
        reason: String,
        units: i64,
    }
    let Some(sql) = runs.iter().map(|run| lacking_in(community, run)).reduce(|all, one| all.add(" UNION ALL ").join(one)) else {
        return Ok(Lacking::new());
    };
    let rows: Vec<Row> = sql.all(db).await?;
    let known = |row: Row| Some(((row.run_id, row.fee_item_id, SkipReason::from_word(&row.reason)?), row.units.unsigned_abs()));
    Ok(rows.into_iter().filter_map(known).collect())
}

fn lacking_in(community: CommunityId, run: &RunView) -> Sql {
    let first = run.inputs.first;
    let last = first.plus(i32::try_from(run.inputs.months).unwrap_or(1) - 1);
    let words = |reasons: fn(SkipReason) -> bool| SkipReason::ALL.iter().filter(move |one| reasons(**one)).map(|one| one.word());
    let sql = Sql::new("SELECT s.run_id, s.fee_item_id, s.reason, COUNT(*) AS units FROM run_skip s")
        .add(" JOIN billing_run r ON r.community_id = s.community_id AND r.id = s.run_id")
        .push(" WHERE s.community_id = ? AND s.run_id = ?", [community.into(), run.id.into()])
        .add(" AND NOT EXISTS (SELECT 1 FROM bill b WHERE b.community_id = s.community_id AND b.unit_id = s.unit_id")
        // No bill is for longer: of those that begin earlier, none reaches a run's period.
        .push(" AND b.month >= ? AND b.month <= ?", [first.plus(-LONGEST_MONTHS).number().into(), last.number().into()])
        .add(" AND b.fee_item_id = s.fee_item_id AND b.state <> 'void' AND b.source <> 'raised' AND b.period_from < r.period_to")
        .add(" AND b.period_to > r.period_from AND b.created_at > r.ended_at) AND s.reason IN ")
        .list(words(SkipReason::wants_mending))
        .add(" AND NOT (s.reason IN ")
        .list(words(SkipReason::may_come_later));
    metering::is_over(sql.add(" AND"), "s", (first, last)).add(") GROUP BY s.run_id, s.fee_item_id, s.reason")
}

/// The words of the reasons that somebody should look into.
fn mending() -> impl Iterator<Item = &'static str> {
    SkipReason::ALL.iter().filter(|reason| reason.wants_mending()).map(|reason| reason.word())
}

/// What of a run's skips is lacking, in their order.
fn still(run: &RunView, lacking: &Lacking) -> Vec<RunSkips> {
    let of = |skip: &RunSkips| Some(RunSkips { units: *lacking.get(&(run.id, skip.fee_item, skip.reason))?, ..skip.clone() });
    run.skips.iter().filter_map(of).collect()
}

#[derive(FromQueryResult)]
struct Item {
    id: FeeItemId,
    name: String,
    kind: String,
}

/// What fee items are called and what they are for.
type Items = HashMap<FeeItemId, (String, FeeItemKind)>;

async fn items<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Items> {
    let rows: Vec<Item> =
        Sql::new("SELECT id, name, kind FROM fee_item").push(" WHERE community_id = ?", [community.into()]).all(db).await?;
    rows.into_iter().map(|row| Ok((row.id, (row.name, kind(&row.kind)?)))).collect()
}

fn kind(word: &str) -> Answer<FeeItemKind> {
    FeeItemKind::from_word(word).ok_or_else(|| Failure::broken(format!("fee item kind {word:?}")))
}

/// What runs were for: their buildings by name, and their single units, in the order of the estate.
struct Places {
    buildings: HashMap<BillingRunId, Vec<String>>,
    units: HashMap<BillingRunId, Vec<RunUnit>>,
}

impl Places {
    async fn of<C: ConnectionTrait>(db: &C, community: CommunityId, runs: &[BillingRunId]) -> Answer<Self> {
        #[derive(FromQueryResult)]
        struct Building {
            run_id: BillingRunId,
            name: String,
        }
        #[derive(FromQueryResult)]
        struct Unit {
            run_id: BillingRunId,
            id: UnitId,
            label: String,
        }
        let of = |select: &str| Sql::new(select).bind(community).add(" AND x.run_id IN ").list(runs.iter().copied());
        let mut places = Self { buildings: HashMap::new(), units: HashMap::new() };
        let units: Vec<Unit> =
            of("SELECT x.run_id, u.id, u.label FROM run_unit x JOIN unit u ON u.community_id = x.community_id \
             AND u.id = x.unit_id WHERE x.community_id = ")
            .add(" ORDER BY u.sort_key, u.id")
            .all(db)
            .await?;
        for row in units {
            places.units.entry(row.run_id).or_default().push(RunUnit { unit: row.id, label: row.label });
        }
        let buildings: Vec<Building> = of("SELECT x.run_id, b.name FROM run_building x JOIN building b \
             ON b.community_id = x.community_id AND b.id = x.building_id WHERE x.community_id = ")
        .add(" ORDER BY b.sort_key, b.id")
        .all(db)
        .await?;
        for row in buildings {
            places.buildings.entry(row.run_id).or_default().push(row.name);
        }
        Ok(places)
    }
}

fn shown(app: &App, row: Row, items: &Items, places: &mut Places) -> Answer<RunView> {
    let kept: Kept = serde_json::from_str(&row.ask)?;
    let mut ended: Ended = serde_json::from_str(&row.result)?;
    // Runs of old did not keep it.
    ended.skips.iter_mut().for_each(|skip| skip.kind = items.get(&skip.fee_item).map(|(_, kind)| *kind));
    let (done, total) = row.job.and_then(|job| app.progress().get(job)).unwrap_or((0, 0));
    Ok(RunView {
        id: row.id,
        fee_items: kept.inputs.fee_items.iter().filter_map(|id| Some(items.get(id)?.0.clone())).collect(),
        // Those of single units say who sees the run.
        buildings: places.buildings.remove(&row.id).filter(|_| kept.inputs.units.is_empty()).unwrap_or_default(),
        units: places.units.remove(&row.id).unwrap_or_default(),
        inputs: kept.inputs,
        rule: row.rule,
        state: RunState::from_word(&row.state).ok_or_else(|| Failure::broken(format!("run state {:?}", row.state)))?,
        job: row.job,
        done,
        total,
        bills: row.bills.unsigned_abs(),
        amount_fen: row.total_fen,
        waived_fen: row.waived_fen,
        skips: ended.skips,
        open: None,
        difference: ended.difference,
        problem: ended.problem,
        created_by: row.created_by,
        created_at: row.created_at,
        ended_at: row.ended_at,
    })
}

#[derive(FromQueryResult)]
struct SkipRecord {
    unit_id: UnitId,
    unit_label: String,
    fee_item_id: FeeItemId,
    fee_item_name: String,
    fee_item_kind: String,
    reason: String,
}

/// Who got no bill in a run, and why.
pub(super) async fn list_skips(app: App, who: Who, ask: ListSkips) -> Answer<Page<SkipRow>> {
    skips(&app, &who, &ask, &ask.paging()).await
}

/// One page of them, of any length.
pub(super) async fn skips(app: &App, who: &Who, ask: &ListSkips, paging: &Paging) -> Answer<Page<SkipRow>> {
    let mut rows: Vec<SkipRecord> =
        Sql::new("SELECT s.unit_id, u.label AS unit_label, s.fee_item_id, f.name AS fee_item_name, f.kind AS fee_item_kind, s.reason FROM run_skip s")
            .push(" JOIN unit u ON u.community_id = s.community_id AND u.id = s.unit_id", [])
            .push(" JOIN fee_item f ON f.community_id = s.community_id AND f.id = s.fee_item_id", [])
            .push(" WHERE s.community_id = ? AND s.run_id = ?", [ask.community.into(), ask.run.into()])
            .within("u.building_id", &who.scope.buildings(ask.community))
            .some(" AND s.reason = ?", ask.reason.map(SkipReason::word))
            .some(" AND s.fee_item_id = ?", ask.fee_item)
            // What somebody should mend comes before what is as it should be.
            .add(" ORDER BY CASE WHEN s.reason IN ")
            .list(mending())
            .push(" THEN 0 ELSE 1 END, u.sort_key, f.sort, s.unit_id", [])
            .page(u64::from(paging.size) + 1, paging.offset())
            .all(app.db())
            .await?;
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let rows = rows.into_iter().map(|row| {
        Ok(SkipRow {
            unit: row.unit_id,
            unit_label: row.unit_label,
            fee_item: row.fee_item_id,
            fee_item_name: row.fee_item_name,
            kind: kind(&row.fee_item_kind)?,
            reason: SkipReason::from_word(&row.reason).ok_or_else(|| Failure::broken(format!("skip reason {:?}", row.reason)))?,
        })
    });
    Ok(Page { rows: rows.collect::<Answer<Vec<_>>>()?, total: None, more })
}
