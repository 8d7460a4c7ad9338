//! Late fee let go at the desk: charged and waived at one time, so that the books say both.

use common::approvals::api::DeedOutcome;
use common::approvals::flow::DeedKind;
use common::cashier::api::WaiveLateFee;
use common::cashier::{Account, Posting};
use common::id::ApprovalId;
use common::money::Money;
use common::period::Day;
use common::problem::Problem;

use super::bills::{self, Billed};
use super::posting;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Made, Who, Work, approvals, organisation};

/// Waives late fee of a bill, with its reason, or asks for approval where that is needed. Sent twice it is one waiver.
pub(super) async fn waive_late_fee(app: App, who: Who, ask: WaiveLateFee) -> Answer<DeedOutcome> {
    let work = app.begin(&who).await?;
    let bill = lock(&work, &who, &ask).await?;
    if let Made::Before(outcome) = work.make(ask.community, ask.waiver.0, &ask).await? {
        return Ok(outcome);
    }
    let (today, due) = due(&work, &ask, &bill).await?;
    if due != ask.late_fee_fen {
        return Err(changed(&ask, &bill, due).into());
    }
    let draft = approvals::Draft {
        kind: DeedKind::WaiveLateFee,
        id: ApprovalId(ask.waiver.0),
        ask: &ask,
        reason: &ask.reason,
        amount: ask.amount_fen,
        earlier: bill.late_waived_fen,
        before: due,
        after: due.checked_sub(ask.amount_fen).unwrap_or_default(),
        bills: vec![approvals::Bill {
            id: bill.id,
            number: bill.number.clone(),
            unit: bill.unit_id,
            building: bill.building_id,
            amount: ask.amount_fen,
        }],
        subject: None,
    };
    let waits = approvals::submit(&work, &who, ask.community, draft).await?;
    if waits.is_none() {
        waive(&work, &ask, &bill, today).await?;
    }
    let outcome = DeedOutcome { waits };
    work.made(ask.community, ask.waiver.0, &outcome).await?;
    work.commit().await?;
    Ok(outcome)
}

/// Does what was asked for, now that the last level has agreed. Late fee has grown meanwhile, which is no reason to refuse; it
/// is when less is due than was seen.
pub(super) async fn agreed(work: &Work, who: &Who, body: &str) -> Answer<()> {
    let ask: WaiveLateFee = serde_json::from_str(body)?;
    let bill = lock(work, who, &ask).await?;
    let (today, due) = due(work, &ask, &bill).await?;
    if due < ask.late_fee_fen {
        return Err(changed(&ask, &bill, due).into());
    }
    waive(work, &ask, &bill, today).await
}

async fn lock(work: &Work, who: &Who, ask: &WaiveLateFee) -> Answer<Billed> {
    let locked = bills::lock(work, who, ask.community, &[ask.bill]).await?;
    locked.into_iter().next().ok_or_else(|| Problem::not_found().into())
}

/// Today, and what is due on it.
async fn due(work: &Work, ask: &WaiveLateFee, bill: &Billed) -> Answer<(Day, Money)> {
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    let due = bills::due(work, ask.community, today, std::slice::from_ref(bill)).await?.remove(&bill.id).unwrap_or_default();
    Ok((today, due))
}

fn changed(ask: &WaiveLateFee, bill: &Billed, due: Money) -> Problem {
    Problem::conflict("cashier.late_fee_changed", "The late fee of a bill is another than was seen")
        .with("bill", bill.id)
        .with("number", &bill.number)
        .with("seen", ask.late_fee_fen)
        .with("late", due)
}

/// Writes the postings, the record with its reason, and what the bill says of its late fee.
async fn waive(work: &Work, ask: &WaiveLateFee, bill: &Billed, today: Day) -> Answer<()> {
    // What was charged before and not settled is let go first.
    let charged = ask.amount_fen.checked_sub(bill.late().booked()).filter(|charged| charged.is_positive()).unwrap_or_default();
    let waived = Posting::new(Account::LateFeeWaived, Account::LateFeeReceivable, ask.amount_fen, bill.id);
    let charging = Posting::new(Account::LateFeeReceivable, Account::LateFeeIncome, charged, bill.id);
    let waived = waived.ok_or_else(|| Failure::broken("a waiver of nothing"))?;
    let entries = charging.into_iter().chain([waived]).map(|posting| posting::Entry::about(bill, posting, today, None)).collect();
    posting::write(work, ask.community, entries).await?;
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
    work.record(Some(ask.community), "cashier.waive_late_fee", ask.bill.0, None::<&()>, Some(ask)).await
}
