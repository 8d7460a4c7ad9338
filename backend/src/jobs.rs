//! Work that outlives a request: rows claimed by any node, run at least once, with back-off; handlers are idempotent.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use chrono::TimeDelta;
use common::id::{CommunityId, EmployeeId, JobId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, Statement, sea_query::Expr};
use uuid::Uuid;

use crate::organisation::job;
use crate::{Answer, App, Failure};

/// A job is taken from a node that has not said anything for this long. Taken too early it runs twice, which its handler
/// must bear; a node that was killed keeps nobody waiting.
const LEASE: TimeDelta = TimeDelta::minutes(1);
/// How often a node says that it still has a job in hand.
const SAY_SO: Duration = Duration::from_secs(15);
/// After this many tries a job rests as `failed` until somebody runs it again.
const TRIES: i32 = 5;
/// How long an idle node waits before it looks again.
const IDLE: Duration = Duration::from_millis(500);

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

/// Which function carries out which kind of job.
#[derive(Default)]
pub struct Registry {
    kinds: BTreeMap<&'static str, Run>,
}

impl Registry {
    /// Adds a kind; its function begins and commits its own Work.
    pub fn on<F, Fut>(mut self, kind: &'static str, run: F) -> Self
    where
        F: Fn(App, Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<()>> + Send + 'static,
    {
        self.kinds.insert(kind, Arc::new(move |app, job| Box::pin(run(app, job))));
        self
    }
}

/// All kinds of all capabilities.
pub(crate) fn registry() -> Registry {
    crate::billing::jobs(Registry::default())
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
    loop {
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

/// Runs everything that is due, here and now: for the command line and tests.
pub async fn run_all(app: &App) -> Answer<()> {
    while run_one(app, "here").await? {}
    Ok(())
}

async fn run_one(app: &App, node: &str) -> Answer<bool> {
    let Some(row) = claim(app, node).await? else { return Ok(false) };
    let job = Job { id: row.id, community: row.community_id, payload: row.payload.clone(), by: row.created_by };
    // On SQLite nobody can take it meanwhile: a job that writes holds the only write lock, which renewing would wait for.
    let renewing = (app.db().get_database_backend() == DbBackend::Postgres)
        .then(|| tokio::spawn(renew(app.clone(), row.id, node.to_owned())));
    let outcome = match app.jobs().kinds.get(row.kind.as_str()) {
        Some(run) => run(app.clone(), job).await,
        None => Err(Failure::broken(format!("nobody carries out jobs of the kind {:?}", row.kind))),
    };
    if let Some(renewing) = renewing {
        renewing.abort();
    }
    app.progress().forget(row.id);
    finish(app, &row, outcome).await?;
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

async fn finish(app: &App, row: &job::Model, outcome: Answer<()>) -> Answer<()> {
    let now = app.now();
    let update = job::Entity::update_many().filter(job::Column::Id.eq(row.id));
    let update = match outcome {
        Ok(()) => update
            .col_expr(job::Column::State, Expr::value(job::DONE))
            .col_expr(job::Column::EndedAt, Expr::value(now))
            .col_expr(job::Column::Problem, Expr::value(Option::<String>::None)),
        Err(failure) => {
            let problem = failure.into_problem();
            // A refusal stays a refusal; only what may pass by itself is tried again.
            let again = problem.status >= 500 && row.attempts < TRIES;
            let wait = TimeDelta::seconds(5 << row.attempts.clamp(0, 8));
            update
                .col_expr(job::Column::State, Expr::value(if again { job::QUEUED } else { job::FAILED }))
                .col_expr(job::Column::RunAfter, Expr::value(now + wait))
                .col_expr(job::Column::Problem, Expr::value(serde_json::to_string(&problem)?))
                .col_expr(job::Column::EndedAt, Expr::value((!again).then_some(now)))
        }
    };
    update.exec(app.db()).await?;
    Ok(())
}
