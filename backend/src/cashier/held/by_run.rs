//! Prepayments that pay by themselves, run by run: what there is before it, what they paid after it, and trying again what failed.

use chrono::{DateTime, Utc};
use common::api::Done;
use common::cashier::api::{GetOffsetAhead, GetRunOffset, LeftAhead, OffsetState, RestartOffset, RunOffset};
use common::id::{BillingRunId, CommunityId, FeeItemId, JobId, UnitId};
use common::money::Money;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::offset::BY_ITSELF;
use super::{FREE, LEFT};
use crate::billing::{RUN_DONE, RunDone, seen_by, sees_run, tenants_owe};
use crate::jobs::{self, Job};
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Who, Work};

/// What prepayments have left that could pay after a run that is only looked at so far, of whom the caller sees.
pub(in crate::cashier) async fn get_offset_ahead(app: App, who: Who, ask: GetOffsetAhead) -> Answer<Vec<LeftAhead>> {
    #[derive(FromQueryResult)]
    struct Row {
        unit_id: UnitId,
        pays_for: Option<FeeItemId>,
        left_fen: Money,
    }
    let period = ask.period();
    let (buildings, units) = seen_by(app.db(), &who, ask.community, (ask.buildings, ask.units)).await?;
    let select = format!("SELECT h.unit_id, h.pays_for, CAST(SUM({LEFT}) AS bigint) AS left_fen");
    let mut sql = Sql::new(&select)
        .add(" FROM held h JOIN unit u ON u.community_id = h.community_id AND u.id = h.unit_id WHERE h.community_id = ")
        .bind(ask.community)
        .within("u.building_id", &who.scope.buildings(ask.community))
        .add(BY_ITSELF)
        .add(FREE)
        .add(" AND (h.pays_for IS NULL OR h.pays_for IN ")
        .list(ask.fee_items.iter().copied())
        .add(")");
    if !buildings.is_empty() {
        sql = sql.add(" AND u.building_id IN ").list(buildings);
    }
    if !units.is_empty() {
        sql = sql.add(" AND h.unit_id IN ").list(units);
    }
    let rows: Vec<Row> = sql.add(" GROUP BY h.unit_id, h.pays_for ORDER BY h.unit_id, h.pays_for").all(app.db()).await?;
    let of_whom = rows.iter().map(|row| row.unit_id).collect();
    let owe = tenants_owe(app.db(), ask.community, &of_whom, &ask.fee_items, period).await?;
    let left = rows.into_iter().map(|row| LeftAhead {
        unit: row.unit_id,
        pays_for: row.pays_for,
        left_fen: row.left_fen,
        tenant_owes: owe.get(&row.unit_id).cloned().unwrap_or_default(),
    });
    Ok(left.collect())
}

/// What they paid because of a run, and whether more is to come.
pub(in crate::cashier) async fn get_run_offset(app: App, who: Who, ask: GetRunOffset) -> Answer<RunOffset> {
    sees_run(&app, &who, ask.community, ask.run).await?;
    let (state, problem, next_try) = stands(&app, ask.run).await?;
    let paid = paid(app.db(), &who.scope.buildings(ask.community), ask.community, ask.run).await?;
    Ok(RunOffset { state, units: paid.units, bills: paid.bills, amount_fen: paid.amount_fen, problem, next_try })
}

#[derive(Default, FromQueryResult)]
struct Paid {
    units: i64,
    bills: i64,
    amount_fen: Money,
}

async fn paid<C: ConnectionTrait>(db: &C, buildings: &Buildings, community: CommunityId, run: BillingRunId) -> Answer<Paid> {
    let sums = "COUNT(DISTINCT l.bill_id) AS bills, CAST(COALESCE(SUM(l.amount_fen), 0) AS bigint) AS amount_fen FROM payment p";
    let paid = Sql::new("SELECT COUNT(DISTINCT p.unit_id) AS units, ")
        .add(sums)
        .add(" JOIN payment_line l ON l.community_id = p.community_id AND l.payment_id = p.id")
        .add(" JOIN unit u ON u.community_id = p.community_id AND u.id = p.unit_id")
        .push(" WHERE p.community_id = ? AND p.run_id = ? AND p.state = 'taken'", [community.into(), run.into()])
        .within("u.building_id", buildings)
        .one(db)
        .await?;
    Ok(paid.unwrap_or_default())
}

/// Where the job of a run stands, why it failed and when it is tried again.
async fn stands(app: &App, run: BillingRunId) -> Answer<(OffsetState, Option<Problem>, Option<DateTime<Utc>>)> {
    #[derive(FromQueryResult)]
    struct Row {
        state: String,
        run_after: DateTime<Utc>,
        problem: Option<String>,
    }
    let select = "SELECT state, run_after, problem FROM job WHERE unique_key = ";
    let rows: Vec<Row> = Sql::new(select)
        .bind(RunDone::key(run))
        .add(" AND state IN ('queued', 'running') UNION ALL ")
        .add(select)
        .bind(RunDone::key(run))
        .add(" AND state = 'failed'")
        .all(app.db())
        .await?;
    let failed = rows.iter().find(|row| row.state == "failed");
    let to_do = rows.iter().find(|row| row.state != "failed");
    let later = to_do.filter(|row| row.state == "queued" && row.run_after > app.now()).map(|row| row.run_after);
    let Some(failed) = failed.filter(|_| to_do.is_none() || later.is_some()) else {
        return Ok((if to_do.is_some() { OffsetState::Waits } else { OffsetState::Done }, None, None));
    };
    Ok((OffsetState::Failed, failed.problem.as_deref().map(serde_json::from_str).transpose()?, later))
}

/// What was given up is tried again after a pause, in the transaction in which it failed: nobody's prepayment waits for the next run.
pub(in crate::cashier) async fn given_up(work: &Work, job: &Job, _: &Problem) -> Answer<()> {
    let RunDone { community, run, tries } = match serde_json::from_str(&job.payload) {
        Ok(done) => done,
        Err(error) => {
            tracing::error!(job = %job.id, %error, "nobody can read which run this job is of: it is not tried again");
            return Ok(());
        }
    };
    forget_failures(work, run, Some(job.id)).await?;
    let again = RunDone { community, run, tries: tries.saturating_add(1) };
    let at = work.at + jobs::pause(tries);
    work.enqueue_for(at, Some(community), RUN_DONE, &again, Some(RunDone::key(run))).await?;
    Ok(())
}

/// Failures of a run's job are told no more, but for this one.
pub(super) async fn forget_failures(work: &Work, run: BillingRunId, but: Option<JobId>) -> Answer<()> {
    Sql::new("DELETE FROM job WHERE unique_key = ")
        .bind(RunDone::key(run))
        .add(" AND state = 'failed'")
        .some(" AND id <> ?", but)
        .run(work.db())
        .await?;
    Ok(())
}

/// Tries at once what waits for its next try.
pub(in crate::cashier) async fn restart_offset(app: App, who: Who, ask: RestartOffset) -> Answer<Done> {
    sees_run(&app, &who, ask.community, ask.run).await?;
    let work = app.begin(&who).await?;
    let moved = Sql::new("UPDATE job SET run_after = ")
        .bind(work.at)
        .add(" WHERE unique_key = ")
        .bind(RunDone::key(ask.run))
        .push(" AND state = 'queued' AND run_after > ?", [work.at.into()])
        .run(work.db())
        .await?;
    if moved.rows_affected() > 0 {
        work.record(Some(ask.community), "cashier.restart_offset", ask.run.0, None::<&()>, Some(&ask)).await?;
        work.commit().await?;
    }
    Ok(Done {})
}
