//! One request: what it is about, its levels, and what the caller may do about it.

use chrono::{DateTime, Utc};
use common::approvals::api::{ApprovalBill, ApprovalState, ApprovalView, GetApproval};
use common::id::{ApprovalId, BillId, CommunityId, EmployeeId};
use common::money::Money;
use common::permission::Permission;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{list, step};
use crate::sql::Sql;
use crate::{Answer, App, Who};

#[derive(FromQueryResult)]
struct End {
    asked_by: EmployeeId,
    ended_at: Option<DateTime<Utc>>,
    withdrawn: Option<String>,
    problem: Option<String>,
    subject_id: Option<Uuid>,
    changes: String,
}

#[derive(FromQueryResult)]
struct Bill {
    bill_id: BillId,
    number: String,
    unit_label: Option<String>,
    fee_item_name: Option<String>,
    month: Option<i32>,
    amount_fen: Money,
}

/// Whether a request waits for the caller.
pub(super) async fn may_decide<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId, id: ApprovalId) -> Answer<bool> {
    let one =
        list::seen(Sql::new("SELECT COUNT(*) AS number FROM approval r"), who, community).push(" AND r.id = ?", [id.into()]);
    Ok(who.may(Permission::ApprovalsDecide) && step::for_me(one, who).number(db).await? > 0)
}

/// A request with everything that is known about it; 404 outside the scope.
pub(super) async fn get_approval(app: App, who: Who, ask: GetApproval) -> Answer<ApprovalView> {
    let (db, community, id) = (app.db(), ask.community, ask.approval);
    let row: Option<list::Row> = list::shown(&who, community).push(" AND r.id = ?", [id.into()]).one(db).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let key = [community.into(), id.into()];
    let end: Option<End> = Sql::new("SELECT asked_by, ended_at, withdrawn, problem, subject_id, changes FROM approval")
        .push(" WHERE community_id = ? AND id = ?", key.clone())
        .one(db)
        .await?;
    let end = end.ok_or_else(Problem::not_found)?;
    let bills: Vec<Bill> = Sql::new("SELECT s.bill_id, s.number, u.label AS unit_label, f.name AS fee_item_name, b.month,")
        .add(" s.amount_fen FROM approval_bill s LEFT JOIN bill b ON b.community_id = s.community_id AND b.id = s.bill_id")
        .add(" LEFT JOIN unit u ON u.community_id = s.community_id AND u.id = s.unit_id")
        .add(" LEFT JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id")
        .push(" WHERE s.community_id = ? AND s.approval_id = ? ORDER BY s.no", key)
        .all(db)
        .await?;
    let bills = bills.into_iter().map(|bill| {
        Ok(ApprovalBill {
            bill: bill.bill_id,
            number: bill.number,
            unit_label: bill.unit_label,
            fee_item_name: bill.fee_item_name,
            month: bill.month.map(list::month).transpose()?,
            amount_fen: bill.amount_fen,
        })
    });
    let steps = step::steps(db, community, &[id]).await?.remove(&id).unwrap_or_default();
    let approval = row.shown(&steps)?;
    let may_decide = may_decide(db, &who, community, id).await?;
    Ok(ApprovalView {
        may_withdraw: approval.state == ApprovalState::Waiting
            && (end.asked_by == who.employee || who.may(Permission::ApprovalsWrite) && !may_decide),
        may_decide,
        approval,
        bills: bills.collect::<Answer<_>>()?,
        subject: end.subject_id,
        changes: serde_json::from_str(&end.changes)?,
        steps,
        ended_at: end.ended_at,
        withdrawn: end.withdrawn,
        problem: end.problem.as_deref().map(serde_json::from_str).transpose()?,
    })
}
