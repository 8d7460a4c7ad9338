//! A deed that a flow wants approved: put down as a request, with all that is needed to do it later.

use common::api::Endpoint;
use common::approvals::api::ApprovalChange;
use common::approvals::flow::DeedKind;
use common::id::{ApprovalId, BillId, BuildingId, CommunityId, EmployeeId, UnitId};
use common::money::Money;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::{counted, flow};
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, Failure, Who, Work, bulk};

/// A deed about to be done.
pub struct Draft<'a, E> {
    pub kind: DeedKind,
    /// Made by the caller.
    pub id: ApprovalId,
    pub ask: &'a E,
    pub reason: &'a str,
    /// What it takes off.
    pub amount: Money,
    /// What its kind took off the same bills before by hand: a deed in small parts passes the levels of the whole.
    pub earlier: Money,
    pub before: Money,
    pub after: Money,
    /// What it is about, locked by the caller.
    pub bills: Vec<Bill>,
    /// What it is about besides: of a scheme or a payment one request waits at a time.
    pub subject: Option<Subject>,
}

/// A scheme or payment that a deed is about.
pub struct Subject {
    pub id: Uuid,
    /// Its name or number.
    pub name: String,
    /// What would change of it.
    pub changes: Vec<ApprovalChange>,
}

/// A bill that a deed is about.
pub struct Bill {
    pub id: BillId,
    pub number: String,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub amount: Money,
}

/// Who asked for what a request wants done: whoever decides does not do it themselves.
#[derive(FromQueryResult)]
pub struct Asker {
    pub id: EmployeeId,
    pub name: String,
}

/// Who made a request; nobody where there is none.
pub async fn asker<C: ConnectionTrait>(db: &C, community: CommunityId, request: ApprovalId) -> Answer<Option<Asker>> {
    Sql::new("SELECT e.id, e.name FROM approval r JOIN employee e ON e.id = r.asked_by")
        .push(" WHERE r.community_id = ? AND r.id = ?", [community.into(), request.into()])
        .one(db)
        .await
}

#[derive(FromQueryResult)]
struct Number {
    number: String,
}

/// Puts a deed down as a request where a flow wants that: then it is not to be done now. None where it may be done at once.
/// While a request waits for a bill, nothing more of its kind is asked for or done there. What the caller took off the same units
/// in this calendar month counts along.
pub async fn submit<E: Endpoint>(
    work: &Work,
    who: &Who,
    community: CommunityId,
    draft: Draft<'_, E>,
) -> Answer<Option<ApprovalId>> {
    let waits: Option<Number> = Sql::new("SELECT number FROM approval_bill WHERE community_id = ")
        .bind(community)
        .push(" AND kind = ? AND waits AND bill_id IN ", [draft.kind.word().into()])
        .list(draft.bills.iter().map(|bill| bill.id))
        .add(" ORDER BY number LIMIT 1")
        .one(work.db())
        .await?;
    if let Some(Number { number }) = waits {
        let problem = Problem::conflict("approvals.waits_already", "A request of this kind waits for the bill already");
        return Err(problem.with("number", number).into());
    }
    let (subject, name, changes) = match &draft.subject {
        Some(subject) => (Some(subject.id), subject.name.as_str(), subject.changes.as_slice()),
        None => (None, "", [].as_slice()),
    };
    let month = counted::month(work, community).await?;
    let before = counted::before(work, who, community, &draft, month).await?;
    counted::count(work, who, community, &draft, month).await?;
    let sum = |one: Money, other: Money| one.checked_add(other).ok_or_else(|| Failure::broken("a sum of deeds"));
    let together = sum(draft.earlier, before)?;
    let measure = sum(draft.amount, together)?;
    let levels = flow::needed(work, community, draft.kind, measure).await?;
    if levels.is_empty() {
        return Ok(None);
    }
    let count = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
    Sql::new("INSERT INTO approval (community_id, id, kind, body, reason, bills, amount_fen, before_fen, after_fen, subject_id, subject, changes, together_fen,")
        .push(
            " state, level, levels, asked_by, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 1, ?, ?, ?)",
            [
                community.into(),
                draft.id.into(),
                draft.kind.word().into(),
                serde_json::to_string(draft.ask)?.into(),
                draft.reason.trim().into(),
                count(draft.bills.len()).into(),
                draft.amount.into(),
                draft.before.into(),
                draft.after.into(),
                subject.into(),
                name.into(),
                serde_json::to_string(changes)?.into(),
                together.into(),
                count(levels.len()).into(),
                who.employee.into(),
                work.at.into(),
            ],
        )
        .run(work.db())
        .await
        // The same id so late that its reply is forgotten.
        .on_taken(|| Problem::conflict("made_differently", "A request was made under this id before"))?;
    let bills = draft.bills.iter().enumerate().map(|(no, bill)| -> Vec<Value> {
        vec![
            community.into(),
            draft.id.into(),
            count(no).into(),
            bill.id.into(),
            draft.kind.word().into(),
            bill.number.as_str().into(),
            bill.unit.into(),
            bill.building.map(|building| building.0).into(),
            bill.amount.into(),
            true.into(),
        ]
    });
    bulk::insert(work.db(), "approval_bill", &BILL_COLUMNS, bills.collect::<Vec<_>>()).await?;
    let steps = levels.iter().zip(1_i32..).map(|(level, number)| -> Vec<Value> {
        vec![community.into(), draft.id.into(), number.into(), level.department.map(|id| id.0).into()]
    });
    bulk::insert(work.db(), "approval_step", &STEP_COLUMNS, steps.collect::<Vec<_>>()).await?;
    let named = levels.iter().zip(1_i32..).flat_map(|(level, number)| level.employees.iter().map(move |id| (number, *id)));
    let deciders =
        named.map(|(number, employee)| -> Vec<Value> { vec![community.into(), draft.id.into(), number.into(), employee.into()] });
    bulk::insert(work.db(), "approval_decider", &DECIDER_COLUMNS, deciders.collect::<Vec<_>>()).await?;
    work.record(Some(community), "approvals.ask", draft.id.0, None::<&()>, Some(draft.ask)).await?;
    Ok(Some(draft.id))
}

/// The request that waits about a scheme or payment, where it asks for this very thing: the same click again. Where it asks for
/// something else, a refusal; None where nothing waits. The server makes the ids of such requests, since there is one at a time.
pub async fn waiting_about<E: Endpoint>(
    work: &Work,
    community: CommunityId,
    kind: DeedKind,
    subject: Uuid,
    ask: &E,
) -> Answer<Option<ApprovalId>> {
    #[derive(FromQueryResult)]
    struct Waits {
        id: ApprovalId,
        body: String,
        subject: String,
    }
    let waits: Option<Waits> = Sql::new("SELECT id, body, subject FROM approval WHERE community_id = ")
        .bind(community)
        .push(" AND kind = ? AND subject_id = ? AND state = 'waiting'", [kind.word().into(), subject.into()])
        .one(work.db())
        .await?;
    match waits {
        None => Ok(None),
        Some(waits) if waits.body == serde_json::to_string(ask)? => Ok(Some(waits.id)),
        Some(waits) => {
            let problem = Problem::conflict("approvals.waits_about", "A request about it waits already");
            Err(problem.with("name", waits.subject).into())
        }
    }
}

/// The request that waits about a scheme or payment.
pub async fn about<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    kind: DeedKind,
    subject: Uuid,
) -> Answer<Option<ApprovalId>> {
    #[derive(FromQueryResult)]
    struct Waits {
        id: ApprovalId,
    }
    let waits: Option<Waits> = Sql::new("SELECT id FROM approval WHERE community_id = ")
        .bind(community)
        .push(" AND kind = ? AND subject_id = ? AND state = 'waiting'", [kind.word().into(), subject.into()])
        .one(db)
        .await?;
    Ok(waits.map(|waits| waits.id))
}

const BILL_COLUMNS: [&str; 10] =
    ["community_id", "approval_id", "no", "bill_id", "kind", "number", "unit_id", "building_id", "amount_fen", "waits"];
const STEP_COLUMNS: [&str; 4] = ["community_id", "approval_id", "level", "department_id"];
const DECIDER_COLUMNS: [&str; 4] = ["community_id", "approval_id", "level", "employee_id"];
