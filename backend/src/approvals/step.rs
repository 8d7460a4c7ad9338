//! The levels of requests: who decides at each, and what they said.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use common::approvals::api::{ApprovalStep, Verdict};
use common::id::{ApprovalId, CommunityId};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, Failure, Who};

#[derive(FromQueryResult)]
struct Row {
    approval_id: ApprovalId,
    level: i32,
    department: Option<String>,
    verdict: Option<String>,
    by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    note: String,
}

#[derive(FromQueryResult)]
struct Named {
    approval_id: ApprovalId,
    level: i32,
    name: String,
}

/// The levels of these requests, in their order.
pub(super) async fn steps<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    approvals: &[ApprovalId],
) -> Answer<HashMap<ApprovalId, Vec<ApprovalStep>>> {
    let rows: Vec<Row> = Sql::new("SELECT t.approval_id, t.level, d.name AS department, t.verdict, e.name AS by, t.decided_at,")
        .add(" t.note FROM approval_step t LEFT JOIN department d ON d.id = t.department_id")
        .add(" LEFT JOIN employee e ON e.id = t.decided_by WHERE t.community_id = ")
        .bind(community)
        .add(" AND t.approval_id IN ")
        .list(approvals.iter().copied())
        .add(" ORDER BY t.approval_id, t.level")
        .all(db)
        .await?;
    let named: Vec<Named> = Sql::new("SELECT d.approval_id, d.level, e.name FROM approval_decider d")
        .add(" JOIN employee e ON e.id = d.employee_id WHERE d.community_id = ")
        .bind(community)
        .add(" AND d.approval_id IN ")
        .list(approvals.iter().copied())
        .add(" ORDER BY d.approval_id, d.level, e.name")
        .all(db)
        .await?;
    let mut steps: HashMap<ApprovalId, Vec<ApprovalStep>> = HashMap::new();
    for row in rows {
        let mine = |one: &&Named| one.approval_id == row.approval_id && one.level == row.level;
        let people = named.iter().filter(mine).map(|one| one.name.clone());
        let verdict = row
            .verdict
            .as_deref()
            .map(|word| Verdict::from_word(word).ok_or_else(|| Failure::broken(format!("verdict {word:?}"))));
        steps.entry(row.approval_id).or_default().push(ApprovalStep {
            level: row.level.unsigned_abs(),
            who: row.department.into_iter().chain(people).collect(),
            verdict: verdict.transpose()?,
            by: row.by,
            at: row.decided_at,
            note: row.note,
        });
    }
    Ok(steps)
}

/// Adds that a request `r` waits for the caller at its level: ` AND …`. Nobody decides on their own.
pub(super) fn for_me(sql: Sql, who: &Who) -> Sql {
    let me = who.employee;
    sql.push(" AND r.state = 'waiting' AND r.asked_by <> ?", [me.into()])
        .add(" AND EXISTS (SELECT 1 FROM approval_step t WHERE t.community_id = r.community_id AND t.approval_id = r.id")
        .push(
            " AND t.level = r.level AND (t.department_id = (SELECT e.department_id FROM employee e WHERE e.id = ?)",
            [me.into()],
        )
        .add(" OR EXISTS (SELECT 1 FROM approval_decider d WHERE d.community_id = t.community_id")
        .push(" AND d.approval_id = t.approval_id AND d.level = t.level AND d.employee_id = ?)))", [me.into()])
        // Nor at two levels of one request.
        .add(" AND NOT EXISTS (SELECT 1 FROM approval_step o WHERE o.community_id = r.community_id AND o.approval_id = r.id")
        .push(" AND o.decided_by = ?)", [me.into()])
}
