//! Deciding a request at its level, and withdrawing one. When the last level agrees, the deed is done in the same transaction.

use common::api::Done;
use common::approvals::api::{ApprovalState, DecideApproval, Decided, Verdict, WithdrawApproval};
use common::id::{ApprovalId, CommunityId, EmployeeId};
use common::permission::Permission;
use common::problem::Problem;
use sea_orm::FromQueryResult;

use super::list::{kind, seen};
use super::{step, view};
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work};

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    body: String,
    state: String,
    level: i32,
    levels: i32,
    asked_by: EmployeeId,
}

/// The request, locked; 404 outside the caller's scope.
async fn lock(work: &Work, who: &Who, community: CommunityId, id: ApprovalId) -> Answer<Row> {
    let sql = Sql::new("SELECT r.kind, r.body, r.state, r.level, r.levels, r.asked_by FROM approval r");
    let row = seen(sql, who, community)
        .push(" AND r.id = ?", [id.into()])
        .add(if work.is_postgres() { " FOR UPDATE OF r" } else { "" })
        .one(work.db())
        .await?;
    row.ok_or_else(|| Problem::not_found().into())
}

/// Agrees at the level that waits, or refuses. Of two who decide at once, the second is told so.
pub(super) async fn decide_approval(app: App, who: Who, ask: DecideApproval) -> Answer<Decided> {
    let work = app.begin(&who).await?;
    let row = lock(&work, &who, ask.community, ask.approval).await?;
    if row.asked_by == who.employee {
        return Err(Problem::conflict("approvals.own_request", "Nobody decides on their own request").into());
    }
    if said_already(&work, &who, &ask).await? {
        return Ok(Decided { state: state(&row.state)? });
    }
    if row.state != ApprovalState::Waiting.word() || row.level.unsigned_abs() != ask.level {
        return Err(Problem::conflict("approvals.decided_already", "The request was decided meanwhile").into());
    }
    let mine = seen(Sql::new("SELECT COUNT(*) AS number FROM approval r"), &who, ask.community)
        .push(" AND r.id = ?", [ask.approval.into()]);
    if step::for_me(mine, &who).number(work.db()).await? == 0 {
        return Err(Problem::conflict("approvals.not_yours", "This level is not the caller's to decide").into());
    }
    say(&work, &who, &ask, row.level).await?;
    let now = match ask.verdict {
        Verdict::Refuse => ApprovalState::Refused,
        Verdict::Agree if row.level < row.levels => ApprovalState::Waiting,
        Verdict::Agree => {
            // Before its bills are let go: the deed takes their locks first, as whoever asks does.
            if let Err(failure) = app.deeds().carry_out(kind(&row.kind)?, &work, &who, &row.body).await {
                drop(work);
                return Err(note(&app, &who, &ask, failure).await?);
            }
            ApprovalState::Agreed
        }
    };
    match now {
        ApprovalState::Waiting => {
            let next = Sql::new("UPDATE approval SET level = level + 1, problem = NULL");
            next.push(" WHERE community_id = ? AND id = ?", key(ask.community, ask.approval)).run(work.db()).await?;
        }
        ended => end(&work, ask.community, ask.approval, ended, None).await?,
    }
    let action = if ask.verdict == Verdict::Agree { "approvals.agree" } else { "approvals.refuse" };
    work.record(Some(ask.community), action, ask.approval.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Decided { state: now })
}

fn key(community: CommunityId, approval: ApprovalId) -> [sea_orm::Value; 2] {
    [community.into(), approval.into()]
}

fn state(word: &str) -> Answer<ApprovalState> {
    ApprovalState::from_word(word).ok_or_else(|| Failure::broken(format!("approval state {word:?}")))
}

/// Whether the caller has said this very thing at this level: the same click again.
async fn said_already(work: &Work, who: &Who, ask: &DecideApproval) -> Answer<bool> {
    let level = i32::try_from(ask.level).unwrap_or(i32::MAX);
    let said = Sql::new("SELECT COUNT(*) AS number FROM approval_step")
        .push(" WHERE community_id = ? AND approval_id = ?", key(ask.community, ask.approval))
        .push(" AND level = ? AND decided_by = ? AND verdict = ?", [level.into(), who.employee.into(), ask.verdict.word().into()])
        .number(work.db())
        .await?;
    Ok(said > 0)
}

async fn say(work: &Work, who: &Who, ask: &DecideApproval, level: i32) -> Answer<()> {
    Sql::new("UPDATE approval_step SET verdict = ")
        .push(
            "?, decided_by = ?, decided_at = ?, note = ?",
            [ask.verdict.word().into(), who.employee.into(), work.at.into(), ask.note.trim().into()],
        )
        .push(" WHERE community_id = ? AND approval_id = ?", key(ask.community, ask.approval))
        .push(" AND level = ?", [level.into()])
        .run(work.db())
        .await?;
    Ok(())
}

/// Nothing waits any more.
async fn end(work: &Work, community: CommunityId, id: ApprovalId, state: ApprovalState, withdrawn: Option<&str>) -> Answer<()> {
    Sql::new("UPDATE approval SET state = ")
        .push(
            "?, ended_at = ?, withdrawn = ?, problem = CASE WHEN ? = 'agreed' THEN NULL ELSE problem END",
            [state.word().into(), work.at.into(), withdrawn.into(), state.word().into()],
        )
        .push(" WHERE community_id = ? AND id = ?", key(community, id))
        .run(work.db())
        .await?;
    Sql::new("UPDATE approval_bill SET waits = ")
        .bind(false)
        .push(" WHERE community_id = ? AND approval_id = ?", key(community, id))
        .run(work.db())
        .await?;
    Ok(())
}

/// Writes down at the request why its deed could not be done; the agreement itself was undone with it. What passes by itself
/// is not worth a word there.
async fn note(app: &App, who: &Who, ask: &DecideApproval, failure: Failure) -> Answer<Failure> {
    let problem = failure.into_problem();
    if problem.status < 500 {
        let work = app.begin(who).await?;
        Sql::new("UPDATE approval SET problem = ")
            .bind(serde_json::to_string(&problem)?)
            .push(" WHERE community_id = ? AND id = ?", key(ask.community, ask.approval))
            .push(" AND state = 'waiting' AND level = ?", [i32::try_from(ask.level).unwrap_or(i32::MAX).into()])
            .run(work.db())
            .await?;
        work.commit().await?;
    }
    Ok(problem.into())
}

/// Takes a request of one's own back; whoever sets the flows may do so for others, since those who could decide may have left. Those for
/// whom it waits say what they have to say by deciding.
pub(super) async fn withdraw_approval(app: App, who: Who, ask: WithdrawApproval) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let row = lock(&work, &who, ask.community, ask.approval).await?;
    if row.asked_by != who.employee
        && (!who.may(Permission::ApprovalsWrite) || view::may_decide(work.db(), &who, ask.community, ask.approval).await?)
    {
        return Err(Problem::not_found().into());
    }
    match state(&row.state)? {
        ApprovalState::Waiting => {}
        ApprovalState::Withdrawn => return Ok(Done {}),
        ApprovalState::Agreed | ApprovalState::Refused => {
            return Err(Problem::conflict("approvals.ended", "The request is over").into());
        }
    }
    end(&work, ask.community, ask.approval, ApprovalState::Withdrawn, Some(ask.note.trim())).await?;
    work.record(Some(ask.community), "approvals.withdraw", ask.approval.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
