//! What people take off by hand, counted by unit and calendar month, so that a deed in small parts passes the levels of the whole.

use common::approvals::flow::DeedKind;
use common::id::{ApprovalId, BillId, CommunityId};
use common::money::Money;
use common::period::Month;
use sea_orm::{FromQueryResult, Value};

use super::ask::Draft;
use crate::sql::Sql;
use crate::{Answer, Who, Work, bulk, organisation};

/// The month in which a deed is asked for or done.
pub(super) async fn month(work: &Work, community: CommunityId) -> Answer<Month> {
    Ok(Month::of(organisation::today(work.db(), community, work.at).await?))
}

/// What the caller took off the same units by deeds of this kind in a month, or asked for and nobody refused; besides what is
/// known of the same bills already.
pub(super) async fn before<E>(
    work: &Work,
    who: &Who,
    community: CommunityId,
    draft: &Draft<'_, E>,
    month: Month,
) -> Answer<Money> {
    #[derive(FromQueryResult)]
    struct Sum {
        amount_fen: Money,
    }
    // One after the other, so that two parts of a deed at the same moment know of each other.
    if work.is_postgres() {
        Sql::new("SELECT id FROM employee WHERE id = ").bind(who.employee).add(" FOR NO KEY UPDATE").run(work.db()).await?;
    }
    let sql = Sql::new("SELECT CAST(COALESCE(SUM(c.amount_fen), 0) AS bigint) AS amount_fen FROM approval_counted c")
        .add(" LEFT JOIN approval r ON r.community_id = c.community_id AND r.id = c.deed_id")
        .push(" WHERE c.community_id = ? AND c.kind = ?", [community.into(), draft.kind.word().into()])
        .push(" AND c.employee_id = ? AND c.month = ?", [who.employee.into(), month.number().into()])
        .add(" AND (r.state IS NULL OR r.state IN ('waiting', 'agreed')) AND c.unit_id IN ")
        .list(draft.bills.iter().map(|bill| bill.unit));
    let sql = match draft.earlier.is_zero() {
        true => sql,
        false => sql.add(" AND NOT c.bill_id IN ").list(draft.bills.iter().map(|bill| bill.id)),
    };
    let sum: Option<Sum> = sql.one(work.db()).await?;
    Ok(sum.map_or(Money::ZERO, |sum| sum.amount_fen))
}

/// Counts a deed, whether it waits or is done at once.
pub(super) async fn count<E>(work: &Work, who: &Who, community: CommunityId, draft: &Draft<'_, E>, month: Month) -> Answer<()> {
    let rows = draft.bills.iter().map(|bill| -> Vec<Value> {
        vec![
            community.into(),
            draft.id.into(),
            bill.id.into(),
            draft.kind.word().into(),
            bill.unit.into(),
            who.employee.into(),
            month.number().into(),
            bill.amount.into(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        bulk::insert(work.db(), "approval_counted", &COLUMNS, rows).await?;
    }
    Ok(())
}

/// A deed was taken back: it counts no more.
pub async fn forget(work: &Work, community: CommunityId, kind: DeedKind, deed: ApprovalId) -> Answer<()> {
    Sql::new("DELETE FROM approval_counted")
        .push(" WHERE community_id = ? AND deed_id = ? AND kind = ?", [community.into(), deed.into(), kind.word().into()])
        .run(work.db())
        .await?;
    Ok(())
}

/// Bills were voided: what was taken off them counts no more. That they were voided still does.
pub async fn forget_bills(work: &Work, community: CommunityId, bills: &[BillId]) -> Answer<()> {
    Sql::new("DELETE FROM approval_counted")
        .push(" WHERE community_id = ? AND kind <> ? AND bill_id IN ", [community.into(), DeedKind::Void.word().into()])
        .list(bills.iter().copied())
        .run(work.db())
        .await?;
    Ok(())
}

const COLUMNS: [&str; 8] = ["community_id", "deed_id", "bill_id", "kind", "unit_id", "employee_id", "month", "amount_fen"];
