//! Late fee let go at the desk: charged and waived at one time, so that the books say both.

use common::api::Done;
use common::cashier::api::WaiveLateFee;
use common::cashier::{Account, Posting};
use common::problem::Problem;

use super::{bills, posting};
use crate::sql::Sql;
use crate::{Answer, App, Failure, Made, Who, organisation};

/// Waives late fee of a bill, with its reason. Sent twice it is one waiver.
pub(super) async fn waive_late_fee(app: App, who: Who, ask: WaiveLateFee) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let locked = bills::lock(&work, &who, ask.community, &[ask.bill]).await?;
    if let Made::Before(done) = work.make(ask.community, ask.waiver.0, &ask).await? {
        return Ok(done);
    }
    let bill = locked.first().ok_or_else(Problem::not_found)?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    let due = bills::due(&work, ask.community, today, &locked).await?.remove(&bill.id).unwrap_or_default();
    if due != ask.late_fee_fen {
        return Err(Problem::conflict("cashier.late_fee_changed", "The late fee of a bill is another than was seen")
            .with("bill", bill.id)
            .with("number", &bill.number)
            .with("seen", ask.late_fee_fen)
            .with("late", due)
            .into());
    }
    // What was charged before and not settled is let go first.
    let charged = ask.amount_fen.checked_sub(bill.late().booked()).filter(|charged| charged.is_positive()).unwrap_or_default();
    let waived = Posting::new(Account::LateFeeWaived, Account::LateFeeReceivable, ask.amount_fen, bill.id);
    let charging = Posting::new(Account::LateFeeReceivable, Account::LateFeeIncome, charged, bill.id);
    let waived = waived.ok_or_else(|| Failure::broken("a waiver of nothing"))?;
    let entries = charging.into_iter().chain([waived]).map(|posting| posting::Entry::about(bill, posting, today, None)).collect();
    posting::write(&work, ask.community, entries).await?;
    Sql::new("UPDATE bill SET late_charged_fen = late_charged_fen + ")
        .push("?, late_waived_fen = late_waived_fen + ?", [charged.into(), ask.amount_fen.into()])
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.bill.into()])
        .run(work.db())
        .await?;
    Sql::new("INSERT INTO late_fee_waiver (community_id, id, bill_id, amount_fen, reason, at, day, created_by)")
        .push(
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                ask.community.into(),
                ask.waiver.into(),
                ask.bill.into(),
                ask.amount_fen.into(),
                ask.reason.trim().into(),
                work.at.into(),
                today.into(),
                work.by.map(|by| by.0).into(),
            ],
        )
        .run(work.db())
        .await?;
    work.record(Some(ask.community), "cashier.waive_late_fee", ask.bill.0, None::<&()>, Some(&ask)).await?;
    let done = Done {};
    work.made(ask.community, ask.waiver.0, &done).await?;
    work.commit().await?;
    Ok(done)
}
