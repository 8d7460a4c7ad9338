//! What bills know of requests: which wait, and what became of each.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use common::approvals::api::{ApprovalState, WaitingDeed, WaitingMark};
use common::id::{ApprovalId, BillId, CommunityId, EmployeeId};
use common::money::Money;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::list::kind;
use super::step;
use crate::sql::Sql;
use crate::{Answer, Who};

#[derive(FromQueryResult)]
struct Waits {
    bill_id: BillId,
    approval_id: ApprovalId,
    kind: String,
}

/// What waits for approval, by bill.
pub async fn waits<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    bills: impl IntoIterator<Item = BillId>,
) -> Answer<HashMap<BillId, Vec<WaitingMark>>> {
    let rows: Vec<Waits> = Sql::new("SELECT bill_id, approval_id, kind FROM approval_bill WHERE community_id = ")
        .bind(community)
        .add(" AND waits AND bill_id IN ")
        .list(bills)
        .add(" ORDER BY bill_id, kind DESC")
        .all(db)
        .await?;
    let mut waits: HashMap<BillId, Vec<WaitingMark>> = HashMap::new();
    for row in rows {
        waits.entry(row.bill_id).or_default().push(WaitingMark { approval: row.approval_id, kind: kind(&row.kind)? });
    }
    Ok(waits)
}

#[derive(FromQueryResult)]
struct Row {
    id: ApprovalId,
    kind: String,
    state: String,
    amount_fen: Money,
    reason: String,
    asked_by: EmployeeId,
    asker: String,
    asked_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    withdrawn: Option<String>,
    /// Who withdrew it: the asker, or somebody who sets the flows.
    withdrawn_by: Option<String>,
}

/// Every request about a bill, the oldest first.
async fn all<C: ConnectionTrait>(db: &C, community: CommunityId, bill: BillId) -> Answer<Vec<Row>> {
    Sql::new(
        "SELECT r.id, r.kind, r.state, s.amount_fen, r.reason, r.asked_by, a.name AS asker, r.asked_at, r.ended_at, r.withdrawn,",
    )
    .add(" (SELECT e.name FROM audit d JOIN employee e ON e.id = d.employee_id WHERE d.subject_id = r.id")
    .add(" AND d.action = 'approvals.withdraw' ORDER BY d.at LIMIT 1) AS withdrawn_by")
    .add(" FROM approval_bill s JOIN approval r ON r.community_id = s.community_id AND r.id = s.approval_id")
    .add(" JOIN employee a ON a.id = r.asked_by")
    .push(" WHERE s.community_id = ? AND s.bill_id = ? ORDER BY r.asked_at, r.id", [community.into(), bill.into()])
    .all(db)
    .await
}

/// What waits for approval of a bill.
pub async fn waiting<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId, bill: BillId) -> Answer<Vec<WaitingDeed>> {
    let rows = all(db, community, bill).await?;
    let waiting = rows.into_iter().filter(|row| row.state == ApprovalState::Waiting.word());
    let shown = waiting.map(|row| {
        Ok(WaitingDeed {
            approval: row.id,
            kind: kind(&row.kind)?,
            amount_fen: row.amount_fen,
            reason: row.reason,
            mine: row.asked_by == who.employee,
            asked_by: row.asker,
            asked_at: row.asked_at,
        })
    });
    shown.collect()
}

/// Something that happened to a request.
pub struct Told {
    pub at: DateTime<Utc>,
    /// `asked-<kind>`, `agree`, `refuse`, `withdrawn`.
    pub what: String,
    pub amount: Option<Money>,
    pub note: String,
    pub by: Option<String>,
}

/// What happened to the requests about a bill.
pub async fn told<C: ConnectionTrait>(db: &C, community: CommunityId, bill: BillId) -> Answer<Vec<Told>> {
    let rows = all(db, community, bill).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ApprovalId> = rows.iter().map(|row| row.id).collect();
    let mut steps = step::steps(db, community, &ids).await?;
    let mut told = Vec::new();
    for row in rows {
        told.push(Told {
            at: row.asked_at,
            what: format!("asked-{}", row.kind.replace('_', "-")),
            amount: Some(row.amount_fen),
            note: row.reason,
            by: Some(row.asker),
        });
        for step in steps.remove(&row.id).unwrap_or_default() {
            let (Some(verdict), Some(at)) = (step.verdict, step.at) else { continue };
            told.push(Told { at, what: verdict.word().to_owned(), amount: None, note: step.note, by: step.by });
        }
        if let (Some(note), Some(at)) = (row.withdrawn, row.ended_at) {
            told.push(Told { at, what: "withdrawn".to_owned(), amount: None, note, by: row.withdrawn_by });
        }
    }
    Ok(told)
}
