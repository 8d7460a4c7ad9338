//! Jobs: work that outlives a request.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use chrono::{DateTime, TimeDelta, Utc};
use common::id::{CommunityId, EmployeeId, JobId};
use common::organisation::api::{JobRow, JobState, ListJobs};
use common::problem::Problem;
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait, QueryOrder, QuerySelect};

use crate::{Answer, App, Who};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub community_id: Option<CommunityId>,
    pub kind: String,
    pub payload: String,
    pub state: String,
    pub unique_key: Option<String>,
    pub run_after: DateTime<Utc>,
    pub attempts: i32,
    pub locked_by: Option<String>,
    pub locked_until: Option<DateTime<Utc>>,
    pub progress_done: i64,
    pub progress_total: i64,
    pub problem: Option<String>,
    pub created_by: Option<EmployeeId>,
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) const QUEUED: &str = "queued";
pub(crate) const RUNNING: &str = "running";
pub(crate) const DONE: &str = "done";
pub(crate) const FAILED: &str = "failed";

/// The caller's jobs under way, and those that ended within the last hour. One whose moment is still to come is not under way.
pub(super) async fn list_jobs(app: App, who: Who, _: ListJobs) -> Answer<Vec<JobRow>> {
    let rows = Entity::find()
        .filter(Column::CreatedBy.eq(who.employee))
        .filter(Column::RunAfter.lte(app.now()).or(Column::State.ne(QUEUED)).or(Column::Attempts.gt(0)))
        .filter(Column::EndedAt.is_null().or(Column::EndedAt.gt(app.now() - TimeDelta::hours(1))))
        .order_by_desc(Column::CreatedAt)
        .limit(20)
        .all(app.db())
        .await?;
    rows.into_iter().map(|row| shown(&app, row)).collect()
}

fn shown(app: &App, row: Model) -> Answer<JobRow> {
    let (done, total) =
        app.progress().get(row.id).unwrap_or((row.progress_done.unsigned_abs(), row.progress_total.unsigned_abs()));
    let problem = row.problem.as_deref().map(serde_json::from_str::<Problem>).transpose()?;
    Ok(JobRow {
        id: row.id,
        kind: row.kind,
        state: match row.state.as_str() {
            QUEUED => JobState::Queued,
            RUNNING => JobState::Running,
            DONE => JobState::Done,
            _ => JobState::Failed,
        },
        done,
        total,
        problem: problem.map(|problem| problem.code),
    })
}
