//! Work that outlives a request: rows claimed by any node, run at least once, with back-off; handlers are idempotent.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use chrono::TimeDelta;
use common::id::{CommunityId, EmployeeId, JobId};
use common::problem::Problem;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, Statement, sea_query::Expr};
use uuid::Uuid;

use crate::organisation::job;
use crate::{Answer, App, Failure, Work, tidy};

/// A job is taken from a node that has not said anything for this long. Taken too early it runs twice, which its handler
/// must bear; a node that was killed keeps nobody waiting.
const LEASE: TimeDelta = TimeDelta::minutes(1);
/// How often a node says that it still has a job in hand.
const SAY_SO: Duration = Duration::from_secs(15);
/// After this many tries a job rests as `failed` until somebody runs it again.
const TRIES: i32 = 5;
/// How often a node looks whether something has become due by the calendar.
const LOOK: Duration = Duration::from_secs(20);
/// How long an idle node waits before it looks again.
const IDLE: Duration = Duration::from_millis(500);
/// How long what was given up rests before it is tried again; three times as long each time.
const PAUSE: TimeDelta = TimeDelta::minutes(5);
/// It rests no longer than this.
const LONGEST: TimeDelta = TimeDelta::days(1);

/// A claimed job.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: JobId,
    pub community: Option<CommunityId>,
    pub payload: String,
    /// Who asked for it.
    pub by: Option<EmployeeId>,
}

type Run = Arc<dyn Fn(App, Job) -> Pin<Box<dyn Future<Output = Answer<()>> + Send>> + Send + Sync>;

type Tick = Arc<dyn Fn(App) -> Pin<Box<dyn Future<Output = Answer<()>> + Send>> + Send + Sync>;

type GivenUp =
    Arc<dyn for<'a> Fn(&'a Work, &'a Job, &'a Problem) -> Pin<Box<dyn Future<Output = Answer<()>> + Send + 'a>> + Send + Sync>;

/// Which function carries out which kind of job, and which one says so where it had to be given up.
#[derive(Default)]
pub struct Registry {
    kinds: BTreeMap<&'static str, Run>,
    given_up: BTreeMap<&'static str, GivenUp>,
    ticks: Vec<Tick>,
}

impl Registry {
    /// Adds what every node that works through jobs looks after every so often; several nodes do it at the same moment.
    pub fn every_so_often<F, Fut>(mut self, look: F) -> Self
    where
        F: Fn(App) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<()>> + Send + 'static,
    {
        self.ticks.push(Arc::new(move |app| Box::pin(look(app))));
        self
    }

    /// Adds a kind; its function begins and commits its own Work.
    pub fn on<F, Fut>(mut self, kind: &'static str, run: F) -> Self
    where
        F: Fn(App, Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<()>> + Send + 'static,
    {
        self.kinds.insert(kind, Arc::new(move |app, job| Box::pin(run(app, job))));
        self
    }

    /// Adds what happens when a job of this kind is given up: in the transaction in which the job fails.
    pub fn given_up<F>(mut self, kind: &'static str, tell: F) -> Self
    where
        F: for<'a> Fn(&'a Work, &'a Job, &'a Problem) -> Pin<Box<dyn Future<Output = Answer<()>> + Send + 'a>>
            + Send
            + Sync
            + 'static,
    {
        self.given_up.insert(kind, Arc::new(tell));
        self
    }
}

/// All kinds of all capabilities.
pub(crate) fn registry() -> Registry {
    crate::cashier::jobs(crate::billing::jobs(Registry::default()))
}

/// How far the jobs of this node are, kept in memory: a long transaction could not write it down.
#[derive(Default)]
pub struct Progress {
    of: RwLock<HashMap<JobId, (u64, u64)>>,
}

impl Progress {
    /// `done` of `total` steps.
    pub fn set(&self, job: JobId, done: u64, total: u64) {
        if let Ok(mut of) = self.of.write() {
            of.insert(job, (done, total));
        }
    }

    pub fn get(&self, job: JobId) -> Option<(u64, u64)> {
        self.of.read().ok()?.get(&job).copied()
    }

    fn forget(&self, job: JobId) {
        if let Ok(mut of) = self.of.write() {
            of.remove(&job);
        }
    }
}

/// Runs jobs until `stop` resolves; the one in hand is finished first.
pub async fn work(app: App, stop: impl Future<Output = ()>) {
    let node = format!("{}:{}", std::process::id(), Uuid::now_v7().simple());
    tokio::pin!(stop);
    let mut tidied = None::<std::time::Instant>;
    let mut looked = None::<std::time::Instant>;
    loop {
        if looked.is_none_or(|at| at.elapsed() >= LOOK) {
            looked = Some(std::time::Instant::now());
            if let Err(failure) = look(&app).await {
                let _ = failure.into_problem();
            }
        }
        if tidied.is_none_or(|at| at.elapsed() >= tidy::EVERY) {
            tidied = Some(std::time::Instant::now());
            if let Err(failure) = tidy::tidy(&app).await {
                let _ = failure.into_problem();
            }
        }
        match run_one(&app, &node).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failure) => {
                let _ = failure.into_problem();
            }
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(IDLE) => {}
        }
    }
}

/// Looks once for what has become due by the calendar.
pub async fn look(app: &App) -> Answer<()> {
    for tick in &app.jobs().ticks {
        tick(app.clone()).await?;
    }
    Ok(())
}

/// Runs everything that is due, here and now: for the command line and tests.
pub async fn run_all(app: &App) -> Answer<()> {
    while run_one(app, "here").await? {}
    Ok(())
}

async fn run_one(app: &App, node: &str) -> Answer<bool> {
    let Some(row) = claim(app, node).await? else { return Ok(false) };
    let job = Job { id: row.id, community: row.community_id, payload: row.payload.clone(), by: row.created_by };
    if row.attempts > TRIES {
        // Every try ended with its process, or could not be written down: it is not tried for ever.
        let stopped = Problem::new(500, "stopped", "The server stopped each time it tried this");
        finish(app, &row, &job, Err(stopped.into())).await?;
        return Ok(true);
    }
    // On SQLite nobody can take it meanwhile: a job that writes holds the only write lock, which renewing would wait for.
    let renewing = (app.db().get_database_backend() == DbBackend::Postgres)
        .then(|| tokio::spawn(renew(app.clone(), row.id, node.to_owned())));
    let outcome = match app.jobs().kinds.get(row.kind.as_str()) {
        // On a task of its own: a panic is this job's failure and not the end of the node's work.
        Some(run) => match tokio::spawn(run(app.clone(), job.clone())).await {
            Ok(outcome) => outcome,
            Err(panic) => Err(Failure::broken(format!("a job of the kind {:?}: {panic}", row.kind))),
        },
        None => Err(Failure::broken(format!("nobody carries out jobs of the kind {:?}", row.kind))),
    };
    if let Some(renewing) = renewing {
        renewing.abort();
    }
    app.progress().forget(row.id);
    finish(app, &row, &job, outcome).await?;
    Ok(true)
}

/// Moves the end of the lease on, until it is told to stop.
async fn renew(app: App, job: JobId, node: String) {
    loop {
        tokio::time::sleep(SAY_SO).await;
        let renewed = job::Entity::update_many()
            .col_expr(job::Column::LockedUntil, Expr::value(app.now() + LEASE))
            .filter(job::Column::Id.eq(job).and(job::Column::LockedBy.eq(node.as_str())).and(job::Column::State.eq(job::RUNNING)))
            .exec(app.db())
            .await;
        if let Err(error) = renewed {
            tracing::warn!(%error, "a job's lease could not be renewed");
        }
    }
}

/// Takes the oldest job that is due: one statement, so that two nodes never take the same.
async fn claim(app: &App, node: &str) -> Answer<Option<job::Model>> {
    let now = app.now();
    let backend = app.db().get_database_backend();
    let skip = if backend == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    // A cheap look first: an idle node must not take SQLite's write lock twice a second.
    let due = job::Entity::find()
        .filter(
            job::Column::State
                .eq(job::QUEUED)
                .and(job::Column::RunAfter.lte(now))
                .or(job::Column::State.eq(job::RUNNING).and(job::Column::LockedUntil.lt(now))),
        )
        .one(app.db())
        .await?;
    if due.is_none() {
        return Ok(None);
    }
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, locked_by = $1, locked_until = $2 WHERE id = (\
         SELECT id FROM job WHERE (state = 'queued' AND run_after <= $3) OR (state = 'running' AND locked_until < $3) \
         ORDER BY run_after LIMIT 1 {skip}) RETURNING id"
    );
    let statement = Statement::from_sql_and_values(backend, sql, [node.into(), (now + LEASE).into(), now.into()]);
    let Some(row) = app.db().query_one_raw(statement).await? else { return Ok(None) };
    let id: JobId = row.try_get("", "id")?;
    Ok(job::Entity::find_by_id(id).one(app.db()).await?)
}

/// Writes down how it ended, unless somebody else has taken it over meanwhile: then it is theirs to say.
async fn finish(app: &App, row: &job::Model, job: &Job, outcome: Answer<()>) -> Answer<()> {
    let work = Work::begin(app.db(), app.now(), row.created_by, row.id.to_string()).await?;
    let mine = job::Column::Id
        .eq(row.id)
        .and(job::Column::State.eq(job::RUNNING))
        .and(job::Column::LockedBy.eq(row.locked_by.as_deref().unwrap_or_default()))
        .and(job::Column::Attempts.eq(row.attempts));
    let update = job::Entity::update_many().filter(mine);
    let mut given_up = None;
    let update = match outcome {
        Ok(()) => update
            .col_expr(job::Column::State, Expr::value(job::DONE))
            .col_expr(job::Column::EndedAt, Expr::value(work.at))
            .col_expr(job::Column::Problem, Expr::value(Option::<String>::None)),
        Err(failure) => {
            let problem = failure.into_problem();
            // A refusal stays a refusal, and a bug a bug; only what may pass by itself is tried again.
            let again = matches!(problem.code.as_str(), "busy" | "unavailable") && row.attempts < TRIES;
            let wait = TimeDelta::seconds(5 << row.attempts.clamp(0, 8));
            let update = update
                .col_expr(job::Column::State, Expr::value(if again { job::QUEUED } else { job::FAILED }))
                .col_expr(job::Column::RunAfter, Expr::value(work.at + wait))
                .col_expr(job::Column::Problem, Expr::value(serde_json::to_string(&problem)?))
                .col_expr(job::Column::EndedAt, Expr::value((!again).then_some(work.at)));
            given_up = (!again).then_some(problem);
            update
        }
    };
    if update.exec(work.db()).await?.rows_affected == 0 {
        tracing::warn!(job = %row.id, "a job was taken over while it ran here");
        return Ok(());
    }
    if let Some(problem) = given_up
        && let Some(tell) = app.jobs().given_up.get(row.kind.as_str())
    {
        tell(&work, job, &problem).await?;
    }
    work.commit().await
}

/// How long what was given up so often before rests until it is tried again.
pub(crate) fn pause(tries: u32) -> TimeDelta {
    let times = i32::try_from(3_u32.saturating_pow(std::cmp::min(tries, 8))).unwrap_or(i32::MAX);
    PAUSE.checked_mul(times).map_or(LONGEST, |pause| std::cmp::min(pause, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_day() {
        let minutes: Vec<i64> = (0..8).map(|tries| pause(tries).num_minutes()).collect();
        assert_eq!(minutes, [5, 15, 45, 135, 405, 1215, 1440, 1440]);
        assert_eq!(pause(u32::MAX), LONGEST);
    }
}
