//! Voiding bills on which nothing was paid: opposite postings, never a deletion, of what was waived and of late fee that was let
//! go as well; readings and shares are free again.

use common::approvals::api::DeedOutcome;
use common::approvals::flow::DeedKind;
use common::billing::api::VoidBills;
use common::id::{ApprovalId, BillId, BuildingId, CommunityId, FeeItemId, PostingId, UnitId};
use common::money::Money;
use common::problem::Problem;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::generate;
use super::write::{self, About, Move};
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Made, Who, Work, approvals, metering, waivers};

#[derive(FromQueryResult)]
struct Row {
    id: BillId,
    number: String,
    unit_id: UnitId,
    building_id: Option<BuildingId>,
    fee_item_id: FeeItemId,
    month: i32,
    amount_fen: Money,
    paid_fen: Money,
    late_paid_fen: Money,
    state: String,
    posting_id: PostingId,
    /// The account that it was billed to.
    credit: String,
}

impl Row {
    fn about(&self) -> About {
        About { month: self.month, unit: self.unit_id, building: self.building_id, fee_item: self.fee_item_id, bill: self.id }
    }
}

/// A posting that is taken back before the bill itself is: it let the bill off something, or charged late fee that was let go.
#[derive(FromQueryResult)]
struct Before {
    id: PostingId,
    bill_id: BillId,
    debit: String,
    amount_fen: Money,
}

impl Before {
    /// Its accounts the other way round: debit and credit.
    fn opposite(&self) -> (&'static str, &'static str) {
        match self.debit.as_str() {
            "waived" => ("receivable", "waived"),
            "late_fee_waived" => ("late_fee_receivable", "late_fee_waived"),
            _ => ("late_fee_income", "late_fee_receivable"),
        }
    }
}

/// Voids bills, all or none, or asks for approval where that is needed.
pub(super) async fn void_bills(app: App, who: Who, ask: VoidBills) -> Answer<DeedOutcome> {
    let work = app.begin(&who).await?;
    let rows = lock(&work, &who, &ask).await?;
    if let Made::Before(outcome) = work.make(ask.community, ask.request.0, &ask).await? {
        return Ok(outcome);
    }
    sound(&rows)?;
    let amount = Money::sum(rows.iter().map(|row| row.amount_fen)).ok_or_else(|| Failure::broken("a sum of bills"))?;
    let bills = rows.iter().map(|row| approvals::Bill {
        id: row.id,
        number: row.number.clone(),
        unit: row.unit_id,
        building: row.building_id,
        amount: row.amount_fen,
    });
    let draft = approvals::Draft {
        kind: DeedKind::Void,
        id: ask.request,
        ask: &ask,
        reason: &ask.reason,
        amount,
        earlier: Money::ZERO,
        before: amount,
        after: Money::ZERO,
        bills: bills.collect(),
        subject: None,
    };
    let waits = approvals::submit(&work, &who, ask.community, draft).await?;
    if waits.is_none() {
        void(&work, &ask, &rows).await?;
    }
    let outcome = DeedOutcome { waits };
    work.made(ask.community, ask.request.0, &outcome).await?;
    work.commit().await?;
    Ok(outcome)
}

/// Does what was asked for, now that the last level has agreed: refused when a bill is not as it was then.
pub(super) async fn agreed(work: &Work, who: &Who, body: &str) -> Answer<()> {
    let ask: VoidBills = serde_json::from_str(body)?;
    let rows = lock(work, who, &ask).await?;
    sound(&rows)?;
    void(work, &ask, &rows).await
}

/// Voids bills that were written for one deed of another capability, which is taken back with them.
pub async fn void_raised(work: &Work, who: &Who, community: CommunityId, bills: Vec<BillId>, reason: &str) -> Answer<()> {
    if bills.is_empty() {
        return Ok(());
    }
    let ask = VoidBills { community, request: ApprovalId(Uuid::now_v7()), bills, reason: reason.to_owned() };
    let rows = lock(work, who, &ask).await?;
    sound(&rows)?;
    void(work, &ask, &rows).await
}

/// The bills in the caller's scope, locked in the order of their ids; 404 where one is missing.
async fn lock(work: &Work, who: &Who, ask: &VoidBills) -> Answer<Vec<Row>> {
    let mut bills = ask.bills.clone();
    bills.sort_unstable();
    bills.dedup();
    let rows: Vec<Row> = Sql::new("SELECT b.id, b.number, b.unit_id, b.building_id, b.fee_item_id, b.month, b.amount_fen, b.paid_fen, b.late_paid_fen, b.state,")
        .push(" p.id AS posting_id, p.credit FROM bill b JOIN posting p ON p.community_id = b.community_id AND p.bill_id = b.id", [])
        .push(" AND p.debit = 'receivable' AND p.credit IN ('income', 'held_due') AND p.reverses_id IS NULL", [])
        .push(" WHERE b.community_id = ? AND b.id IN ", [ask.community.into()])
        .list(bills.iter().copied())
        .within("b.building_id", &who.scope.buildings(ask.community))
        .push(" ORDER BY b.id", [])
        .push(if work.is_postgres() { " FOR UPDATE OF b" } else { "" }, [])
        .all(work.db())
        .await?;
    if rows.len() != bills.len() {
        return Err(Problem::not_found().into());
    }
    Ok(rows)
}

/// Nothing was paid on any of them, and none is void.
fn sound(rows: &[Row]) -> Answer<()> {
    if let Some(paid) = rows.iter().find(|row| !row.paid_fen.is_zero()) {
        return Err(Problem::conflict("billing.paid", "Something was paid on the bill").with("number", &paid.number).into());
    }
    if let Some(late) = rows.iter().find(|row| !row.late_paid_fen.is_zero()) {
        let problem = Problem::conflict("billing.late_fee_paid", "Late fee of the bill was paid");
        return Err(problem.with("number", &late.number).into());
    }
    if let Some(void) = rows.iter().find(|row| row.state == "void") {
        return Err(Problem::conflict("billing.void_already", "The bill is void already").with("number", &void.number).into());
    }
    Ok(())
}

/// Writes the opposite postings, and frees what was billed.
async fn void(work: &Work, ask: &VoidBills, rows: &[Row]) -> Answer<()> {
    let bills: Vec<BillId> = rows.iter().map(|row| row.id).collect();
    let day = today(work.db(), ask.community, work.at).await?;
    let before: Vec<Before> = Sql::new("SELECT p.id, p.bill_id, p.debit, p.amount_fen FROM posting p WHERE p.community_id = ")
        .bind(ask.community)
        .add(" AND ((p.debit = 'waived' AND p.credit = 'receivable') OR (p.debit = 'late_fee_waived' AND p.credit = 'late_fee_receivable')")
        .add(" OR (p.debit = 'late_fee_receivable' AND p.credit = 'late_fee_income')) AND p.reverses_id IS NULL AND p.bill_id IN ")
        .list(bills.iter().copied())
        .push(" AND NOT EXISTS (SELECT 1 FROM posting o WHERE o.community_id = p.community_id AND o.bill_id = p.bill_id", [])
        .push(" AND o.reverses_id = p.id) ORDER BY p.bill_id, p.id DESC", [])
        .all(work.db())
        .await?;
    let mut opposites: Vec<(PostingId, About, Move)> = Vec::with_capacity(rows.len());
    for row in rows {
        let taken = |debit, credit, amount, original| {
            let move_ = Move { debit, credit, amount, reverses: Some(original) };
            (PostingId(Uuid::now_v7()), row.about(), move_)
        };
        // What was waived is owed again before the bill itself is taken back; the last goes first.
        opposites.extend(before.iter().filter(|one| one.bill_id == row.id).map(|one| {
            let (debit, credit) = one.opposite();
            taken(debit, credit, one.amount_fen, one.id)
        }));
        let billed_to = if row.credit == "held_due" { "held_due" } else { "income" };
        opposites.push(taken(billed_to, "receivable", row.amount_fen, row.posting_id));
    }
    write::post(work, ask.community, day, opposites).await?;
    waivers::void(work, ask.community, &bills).await?;
    approvals::forget_bills(work, ask.community, &bills).await?;
    Sql::new("UPDATE bill SET state = 'void', open_fen = 0, late_charged_fen = 0, late_waived_fen = 0")
        .push(" WHERE community_id = ? AND id IN ", [ask.community.into()])
        .list(bills.iter().copied())
        .run(work.db())
        .await?;
    // A run at the same moment may bill the very readings for another fee item: one after the other, each sees what stands on them.
    generate::lock(work, ask.community).await?;
    metering::free(work, ask.community, &bills).await?;
    for bill in &bills {
        work.record(Some(ask.community), "billing.void", bill.0, None::<&()>, Some(&ask.reason)).await?;
    }
    Ok(())
}
