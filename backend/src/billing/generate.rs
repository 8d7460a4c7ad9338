//! A run: what was seen in the preview becomes bills, in one transaction, or is refused with what has changed since.

use std::collections::BTreeMap;

use common::billing::api::{Difference, Generate, GetRun, GetRunInputs, RestartRun, RunSkips, RunState, RunView, Seen};
use common::billing::inputs::RunInputs;
use common::billing::plan::{PlanTotal, Planner, Tally};
use common::charging::tariff::FeeItemKind;
use common::id::{BillingRunId, BuildingId, CommunityId, FeeItemId};
use common::money::Money;
use common::problem::Problem;
use sea_orm::{FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::chunk::{CHUNK, Chunks};
use super::{done, inputs, occurrence, payer, run, schedule, write};
use crate::jobs::Job;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work, bulk, charging, metering};

/// The kind of the job that carries out a run.
pub(super) const JOB: &str = "billing.run";

#[derive(Serialize, Deserialize)]
struct Payload {
    community: CommunityId,
    run: BillingRunId,
}

#[derive(FromQueryResult)]
struct RunRow {
    ask: String,
    state: String,
}

/// A run as it is put down: what is to be billed, and what somebody has seen of it. A run by schedule was seen by nobody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub run: BillingRunId,
    #[serde(flatten)]
    pub inputs: GetRunInputs,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// Puts the run down and into the queue. Sent twice, it is one run.
pub(super) async fn generate(app: App, who: Who, mut ask: Generate) -> Answer<RunView> {
    (ask.buildings, ask.units) = inputs::seen_by(app.db(), &who, ask.community, (ask.buildings, ask.units)).await?;
    let (community, run) = (ask.community, ask.run);
    let work = app.begin(&who).await?;
    let mut kept = Kept { run, inputs: ask.inputs(), seen: Some(ask.seen) };
    // Held first: the same request at the same moment waits here, and then finds its run.
    let rule = match kept.inputs.rule {
        Some(rule) => Some(schedule::held(&work, &who, community, rule).await?),
        None => None,
    };
    match row(&work, community, run).await? {
        Some(earlier) if serde_json::from_str::<Kept>(&earlier.ask)?.is_same(&kept) => {}
        Some(_) => return Err(differs()),
        None => {
            if let Some((rule, today)) = rule {
                occurrence::take_seen(&work, &rule, &mut kept, today).await?;
            }
            put_down(&work, &kept).await?;
        }
    }
    work.commit().await?;
    run::get_run(app, who, GetRun { community, run }).await
}

impl Kept {
    /// Whether it was asked for by the same request; one that was for more or less than its rule says lost its rule.
    fn is_same(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.inputs.rule = other.inputs.rule.filter(|_| self.inputs.rule.is_some());
        *self == other
    }
}

fn differs() -> Failure {
    Problem::conflict("billing.run_differs", "Another run has this id").into()
}

/// Puts a run down and into the queue. Two at the same moment under one id wait for each other, and are one if they are the same.
pub(super) async fn put_down(work: &Work, kept: &Kept) -> Answer<()> {
    let Kept { run, inputs: ask, .. } = kept;
    let period = ask.first.period();
    let last = ask.first.plus(i32::try_from(ask.months).unwrap_or(1) - 1).period();
    let new = Sql::new("INSERT INTO billing_run (community_id, id, period_from, period_to, ask, state, created_by, created_at)")
        .push(
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                ask.community.into(),
                (*run).into(),
                period.from.into(),
                last.to.into(),
                serde_json::to_string(kept)?.into(),
                RunState::Queued.word().into(),
                work.by.map(|by| by.0).into(),
                work.at.into(),
            ],
        )
        .run(work.db())
        .await?
        .rows_affected();
    if new == 0 {
        return match row(work, ask.community, *run).await? {
            Some(earlier) if serde_json::from_str::<Kept>(&earlier.ask)?.is_same(kept) => Ok(()),
            _ => Err(differs()),
        };
    }
    write_places(work, kept).await?;
    enqueue(work, ask.community, *run).await
}

/// Writes which buildings or units a run is for. One of single units is seen by those who see the buildings of all of them; where
/// some stand in none, by those who see everything.
async fn write_places(work: &Work, kept: &Kept) -> Answer<()> {
    let (community, run) = (kept.inputs.community, kept.run);
    let of_run = |place: Uuid| -> Vec<Value> { vec![community.into(), run.into(), place.into()] };
    let buildings: Vec<_> = kept.inputs.buildings.iter().map(|building| of_run(building.0)).collect();
    bulk::insert(work.db(), "run_building", &["community_id", "run_id", "building_id"], buildings).await?;
    if kept.inputs.units.is_empty() {
        return Ok(());
    }
    let units: Vec<_> = kept.inputs.units.iter().map(|unit| of_run(unit.0)).collect();
    bulk::insert(work.db(), "run_unit", &["community_id", "run_id", "unit_id"], units).await?;
    let units = "run_unit x JOIN unit u ON u.community_id = x.community_id AND u.id = x.unit_id";
    Sql::new(&format!(
        "INSERT INTO run_building (community_id, run_id, building_id) SELECT DISTINCT x.community_id, x.run_id, u.building_id FROM {units}"
    ))
    .push(" WHERE x.community_id = ? AND x.run_id = ?", [community.into(), run.into()])
    .add(&format!(" AND NOT EXISTS (SELECT 1 FROM {units}"))
    .push(" WHERE x.community_id = ? AND x.run_id = ? AND u.building_id IS NULL)", [community.into(), run.into()])
    .run(work.db())
    .await?;
    Ok(())
}

/// Queues a failed run again. What nobody has seen is computed from what is right now.
pub(super) async fn start_again(work: &Work, kept: Kept) -> Answer<()> {
    let (community, run) = (kept.inputs.community, kept.run);
    let Some(earlier) = row(work, community, run).await? else { return Ok(()) };
    let earlier: Kept = serde_json::from_str(&earlier.ask)?;
    let kept = if earlier.seen.is_some() { earlier } else { kept };
    Sql::new("UPDATE billing_run SET state = 'queued', result = '{}', ended_at = NULL, ask = ")
        .bind(serde_json::to_string(&kept)?)
        .push(" WHERE community_id = ? AND id = ? AND state = 'failed'", [community.into(), run.into()])
        .run(work.db())
        .await?;
    for table in ["run_building", "run_unit"] {
        let of_run: [Value; 2] = [community.into(), run.into()];
        Sql::new(&format!("DELETE FROM {table} WHERE")).push(" community_id = ? AND run_id = ?", of_run).run(work.db()).await?;
    }
    write_places(work, &kept).await?;
    enqueue(work, community, run).await
}

/// Queues a failed run again. A refused one is looked at again first, so it stays as it is.
pub(super) async fn restart_run(app: App, who: Who, ask: RestartRun) -> Answer<RunView> {
    let work = app.begin(&who).await?;
    let changed = Sql::new("")
        .push("UPDATE billing_run SET state = 'queued', result = '{}', ended_at = NULL WHERE community_id = ? AND id = ? AND state = 'failed'", [
            ask.community.into(),
            ask.run.into(),
        ])
        .join(run::in_scope(&who, ask.community, "billing_run"))
        .run(work.db())
        .await?;
    if changed.rows_affected() > 0 {
        occurrence::follow(&work, ask.community, ask.run, RunState::Queued).await?;
        enqueue(&work, ask.community, ask.run).await?;
        work.record(Some(ask.community), "billing.restart_run", ask.run.0, None::<&()>, Some(&ask)).await?;
        work.commit().await?;
    }
    run::get_run(app, who, GetRun { community: ask.community, run: ask.run }).await
}

/// What it replaces, a job that failed, is not told of any more.
async fn enqueue(work: &Work, community: CommunityId, run: BillingRunId) -> Answer<()> {
    Sql::new("DELETE FROM job WHERE unique_key = ").bind(run.to_string()).add(" AND state = 'failed'").run(work.db()).await?;
    let job = work.enqueue(Some(community), JOB, &Payload { community, run }, Some(run.to_string())).await?;
    Sql::new("")
        .push("UPDATE billing_run SET job_id = ? WHERE community_id = ? AND id = ?", [job.into(), community.into(), run.into()])
        .run(work.db())
        .await?;
    Ok(())
}

async fn row(work: &Work, community: CommunityId, run: BillingRunId) -> Answer<Option<RunRow>> {
    Sql::new("SELECT ask, state FROM billing_run")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), run.into()])
        .one(work.db())
        .await
}

/// How a run ended, kept with it.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Ended {
    #[serde(default)]
    pub skips: Vec<RunSkips>,
    #[serde(default)]
    pub difference: Vec<Difference>,
    #[serde(default)]
    pub problem: Option<Problem>,
}

/// Carries out a run; started again after a crash it begins anew, since nothing of the first attempt was kept.
pub(super) async fn run_job(app: App, job: Job) -> Answer<()> {
    let Payload { community, run } = serde_json::from_str(&job.payload)?;
    let start = begin(&app, &job).await?;
    let Some(found) = row(&start, community, run).await? else { return Ok(()) };
    if !matches!(RunState::from_word(&found.state), Some(RunState::Queued | RunState::Running)) {
        return Ok(());
    }
    set_state(&start, community, run, RunState::Running, None).await?;
    start.commit().await?;
    let kept: Kept = serde_json::from_str(&found.ask)?;
    let ended = match carry_out(&app, &job, &kept).await {
        Ok(None) => return Ok(()),
        Ok(Some(difference)) => (RunState::Refused, Ended { difference, ..Ended::default() }),
        // It may pass, and the job tries again; when it gives up, the run has failed.
        Err(failure) => return Err(failure),
    };
    let work = begin(&app, &job).await?;
    set_state(&work, community, run, ended.0, Some(&ended.1)).await?;
    occurrence::follow(&work, community, run, ended.0).await?;
    work.commit().await
}

/// The run has failed together with its job, in one transaction: it can be started again at once.
pub(super) async fn given_up(work: &Work, job: &Job, problem: &Problem) -> Answer<()> {
    let Ok(Payload { community, run }) = serde_json::from_str(&job.payload) else { return Ok(()) };
    let ended = Ended { problem: Some(problem.clone()), ..Ended::default() };
    set_state(work, community, run, RunState::Failed, Some(&ended)).await?;
    occurrence::follow(work, community, run, RunState::Failed).await
}

async fn begin(app: &App, job: &Job) -> Answer<Work> {
    Work::begin(app.db(), app.now(), job.by, job.id.to_string()).await
}

async fn set_state(work: &Work, community: CommunityId, run: BillingRunId, state: RunState, ended: Option<&Ended>) -> Answer<()> {
    let result = ended.map(serde_json::to_string).transpose()?.unwrap_or_else(|| "{}".to_owned());
    Sql::new("")
        .push(
            "UPDATE billing_run SET state = ?, result = ?, ended_at = ? WHERE community_id = ? AND id = ? AND state <> 'done'",
            [state.word().into(), result.into(), ended.map(|_| work.at).into(), community.into(), run.into()],
        )
        .run(work.db())
        .await?;
    Ok(())
}

/// All of the run in one transaction. `Some` is what differs from what was seen; then nothing is written.
async fn carry_out(app: &App, job: &Job, kept: &Kept) -> Answer<Option<Vec<Difference>>> {
    let ask = &kept.inputs;
    let work = begin(app, job).await?;
    lock(&work, ask.community).await?;
    let utilities = charging::utilities_of(work.db(), ask.community, &ask.fee_items).await?;
    metering::hold(&work, ask.community, &ask.fee_items, &utilities).await?;
    let inputs = inputs::load(work.db(), ask).await?;
    let planner = Planner::new(&inputs);
    let units = inputs.units.len();
    let total = u64::from(units) * 2;
    let mut tally = Tally::new(&inputs);
    for from in (0..units).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
        planner.plan(from..units.min(from + CHUNK), |outcome| tally.add(&inputs, &outcome));
        app.progress().set(job.id, u64::from(from), total);
        tokio::task::yield_now().await;
    }
    if let Some(seen) = kept.seen.as_ref().filter(|seen| tally.digest() != seen.digest) {
        return Ok(Some(difference(&work, &inputs, &tally, seen).await?));
    }
    let count = usize::try_from(tally.bills).map_err(Failure::broken)?;
    let next = if count == 0 { 1 } else { write::take_numbers(&work, ask.community, ask.first, count).await? };
    let mut chunks = Chunks::new(&planner, &inputs, kept, next);
    let mut ready = chunks.make().await;
    while let Some(chunk) = ready {
        app.progress().set(job.id, u64::from(units) + u64::from(chunk.from), total);
        // While one chunk is written, the next is made.
        let (written, made) = tokio::join!(chunk.write(&work, kept), chunks.make());
        written?;
        ready = made;
    }
    if inputs.fee_items.iter().any(|item| item.kind == FeeItemKind::Rent) || !inputs.rents.is_empty() {
        payer::name(&work, ask.community, kept.run).await?;
    }
    finish(&work, kept, &inputs, &tally).await?;
    if count > 0 {
        done::tell(&work, ask.community, kept.run).await?;
    }
    work.commit().await?;
    Ok(None)
}

/// One run or import of a community at a time: another waits, and then finds the bills of this one. SQLite has one writer
/// anyway.
pub(super) async fn lock(work: &Work, community: CommunityId) -> Answer<()> {
    if work.is_postgres() {
        Sql::new("SELECT id FROM community").push(" WHERE id = ? FOR NO KEY UPDATE", [community.into()]).run(work.db()).await?;
    }
    Ok(())
}

async fn finish(work: &Work, kept: &Kept, inputs: &RunInputs, tally: &Tally) -> Answer<()> {
    let skips: Vec<RunSkips> = tally
        .skips()
        .into_iter()
        .filter_map(|count| {
            let fee_item = inputs.fee_item(count.fee_item)?;
            Some(RunSkips {
                fee_item: fee_item.id,
                fee_item_name: fee_item.name.clone(),
                kind: Some(fee_item.kind),
                reason: count.reason,
                units: count.units,
            })
        })
        .collect();
    let number = |count: u64| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    let skipped = skips.iter().map(|skip| skip.units).sum();
    let totals = tally.totals();
    let sum = |of: fn(&PlanTotal) -> Money| Money::sum(totals.iter().map(of)).ok_or_else(|| Failure::broken("the run's sum"));
    let (amount, waived) = (sum(|total| total.amount_fen)?, sum(|total| total.waived_fen)?);
    let ended = Ended { skips, ..Ended::default() };
    Sql::new("")
        .push(
            "UPDATE billing_run SET state = 'done', bills = ?, total_fen = ?, waived_fen = ?, skipped = ?, result = ?, ended_at = ?",
            [
                number(tally.bills),
                amount.into(),
                waived.into(),
                number(skipped),
                serde_json::to_string(&ended)?.into(),
                work.at.into(),
            ],
        )
        .push(" WHERE community_id = ? AND id = ?", [inputs.community.into(), kept.run.into()])
        .run(work.db())
        .await?;
    occurrence::follow(work, inputs.community, kept.run, RunState::Done).await?;
    work.record(Some(inputs.community), "billing.generate", kept.run.0, None::<&()>, Some(kept)).await
}

#[derive(FromQueryResult)]
struct Name {
    id: Uuid,
    name: String,
}

/// What changed between what was seen and what would be generated, by fee item and building. Where all sums agree, it was
/// single bills that moved against each other: the first row then is the same on both sides.
async fn difference(work: &Work, inputs: &RunInputs, tally: &Tally, seen: &Seen) -> Answer<Vec<Difference>> {
    type Sums = ((u64, Money), (u64, Money));
    let less = |amount: Money, waived: Money| Money::from_fen(amount.fen().saturating_sub(waived.fen()));
    let mut by: BTreeMap<(FeeItemId, Option<BuildingId>), Sums> = BTreeMap::new();
    for total in &seen.totals {
        by.entry((total.fee_item, total.building)).or_default().0 = (total.bills, less(total.amount_fen, total.waived_fen));
    }
    for total in tally.totals() {
        let Some(fee_item) = inputs.fee_item(total.fee_item) else { continue };
        let building =
            total.building.and_then(|place| inputs.buildings.get(usize::try_from(place).ok()?)).map(|building| building.id);
        by.entry((fee_item.id, building)).or_default().1 = (total.bills, less(total.amount_fen, total.waived_fen));
    }
    let names: BTreeMap<Uuid, String> = {
        let rows: Vec<Name> = Sql::new("SELECT id, name FROM fee_item")
            .push(
                " WHERE community_id = ? UNION ALL SELECT id, name FROM building WHERE community_id = ?",
                [inputs.community.into(), inputs.community.into()],
            )
            .all(work.db())
            .await?;
        rows.into_iter().map(|row| (row.id, row.name)).collect()
    };
    let mut changed: Vec<Difference> = by
        .iter()
        .map(|((fee_item, building), (seen, now))| Difference {
            fee_item_name: names.get(&fee_item.0).cloned().unwrap_or_default(),
            building_name: building.and_then(|building| names.get(&building.0).cloned()),
            seen_bills: seen.0,
            seen_fen: seen.1,
            now_bills: now.0,
            now_fen: now.1,
        })
        .collect();
    if changed.iter().any(|row| (row.seen_bills, row.seen_fen) != (row.now_bills, row.now_fen)) {
        changed.retain(|row| (row.seen_bills, row.seen_fen) != (row.now_bills, row.now_fen));
    } else {
        changed.truncate(1);
    }
    Ok(changed)
}
