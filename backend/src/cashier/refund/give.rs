//! Gives held money of one unit back, or asks for approval where that is needed.

use std::collections::BTreeMap;

use common::approvals::api::{ApprovalChange, Said};
use common::approvals::flow::DeedKind;
use common::cashier::api::{GiveBack, GivenBack};
use common::cashier::settle::MethodAmount;
use common::cashier::{HeldKind, Posting};
use common::id::{ApprovalId, BillId, BuildingId, FeeItemId, UnitId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::{FromQueryResult, Value};

use crate::approvals::Asker;
use crate::cashier::held::{Column, LEFT, book};
use crate::cashier::{bills, methods, posting};
use crate::sql::Sql;
use crate::{Answer, App, Failure, Made, Who, Work, approvals, bulk, numbering, organisation};

#[derive(FromQueryResult)]
struct Held {
    bill_id: BillId,
    number: String,
    kind: String,
    unit_id: UnitId,
    payer: String,
    building_id: Option<BuildingId>,
    fee_item_id: FeeItemId,
    month: i32,
    refunded_fen: Money,
    left_fen: Money,
}

/// Gives back. Sent twice, it is one refund.
pub(in crate::cashier) async fn give_back(app: App, who: Who, ask: GiveBack) -> Answer<GivenBack> {
    let work = app.begin(&who).await?;
    let held = lock(&work, &who, &ask).await?;
    if let Made::Before(given) = work.make(ask.community, ask.refund.0, &ask).await? {
        return Ok(given);
    }
    as_seen(&ask, &held)?;
    let total = sound(&work, &ask, &held).await?;
    let waits = submit(&work, &who, &ask, &held, total).await?;
    let number = match waits {
        Some(_) => None,
        None => Some(refund(&work, &by(&who), &ask, &held, total).await?),
    };
    let given = GivenBack { refund: ask.refund, number, waits };
    work.made(ask.community, ask.refund.0, &given).await?;
    work.commit().await?;
    Ok(given)
}

/// Does what was asked for, now that the last level has agreed: refused where less is left by now.
pub(in crate::cashier) async fn agreed(work: &Work, who: &Who, body: &str) -> Answer<()> {
    let ask: GiveBack = serde_json::from_str(body)?;
    let held = lock(work, who, &ask).await?;
    let total = sound(work, &ask, &held).await?;
    // The money leaves the drawer of whoever asked.
    let asker = approvals::asker(work.db(), ask.community, ApprovalId(ask.refund.0)).await?;
    refund(work, &asker.unwrap_or_else(|| by(who)), &ask, &held, total).await?;
    Ok(())
}

fn by(who: &Who) -> Asker {
    Asker { id: who.employee, name: who.name.clone() }
}

async fn submit(work: &Work, who: &Who, ask: &GiveBack, held: &[Held], total: Money) -> Answer<Option<ApprovalId>> {
    let amounts = amounts(ask);
    let left = Money::sum(held.iter().map(|one| one.left_fen)).ok_or_else(|| Failure::broken("a sum of what is held"))?;
    let earlier = Money::sum(held.iter().map(|one| one.refunded_fen)).ok_or_else(|| Failure::broken("a sum of refunds"))?;
    let bills = held.iter().map(|one| approvals::Bill {
        id: one.bill_id,
        number: one.number.clone(),
        unit: one.unit_id,
        building: one.building_id,
        amount: amounts.get(&one.bill_id).copied().map_or(Money::ZERO, Money::from_fen),
    });
    let draft = approvals::Draft {
        kind: DeedKind::Refund,
        id: ApprovalId(ask.refund.0),
        ask,
        reason: &ask.reason,
        amount: total,
        // A refund in small parts passes the levels of the whole.
        earlier,
        before: left,
        after: left.checked_sub(total).unwrap_or_default(),
        bills: bills.collect(),
        subject: Some(how(ask, held)),
    };
    approvals::submit(work, who, ask.community, draft).await
}

/// To whom it goes and how, for whoever decides.
fn how(ask: &GiveBack, held: &[Held]) -> approvals::Subject {
    let said = |what: &str, after: Said| ApprovalChange { what: what.to_owned(), before: Vec::new(), after: vec![after] };
    let mut changes = vec![
        said("cashier-payee", Said::name(ask.payee.trim())),
        said("cashier-refund-method", Said::text(ask.method.text_id(), &[])),
    ];
    if !ask.reference.trim().is_empty() {
        changes.push(said("cashier-slip", Said::name(ask.reference.trim())));
    }
    changes.extend(held.iter().map(|one| said("cashier-payer", Said::name(format!("{} {}", one.payer, one.number)))));
    let name = held.first().map(|one| one.number.clone()).unwrap_or_default();
    approvals::Subject { id: ask.refund.0, name, changes }
}

fn amounts(ask: &GiveBack) -> BTreeMap<BillId, i64> {
    ask.lines.iter().map(|line| (line.bill, line.amount_fen.fen())).collect()
}

/// The holdings in the caller's scope, locked in the order of their bills, which are locked before them as everybody locks them; 404
/// where one is missing or another unit's.
async fn lock(work: &Work, who: &Who, ask: &GiveBack) -> Answer<Vec<Held>> {
    let bills: Vec<BillId> = ask.lines.iter().map(|line| line.bill).collect();
    bills::lock(work, who, ask.community, &bills).await?;
    let rows: Vec<Held> = Sql::new(&format!(
        "SELECT h.bill_id, b.number, h.kind, h.unit_id, h.payer, b.building_id, h.fee_item_id, b.month, h.refunded_fen, {LEFT} AS left_fen"
    ))
    .add(" FROM held h JOIN bill b ON b.community_id = h.community_id AND b.id = h.bill_id")
    .add(" JOIN unit u ON u.community_id = h.community_id AND u.id = h.unit_id")
    .push(" WHERE h.community_id = ? AND h.unit_id = ?", [ask.community.into(), ask.unit.into()])
    .within("u.building_id", &who.scope.buildings(ask.community))
    .add(" AND h.bill_id IN ")
    .list(bills)
    .add(" ORDER BY h.bill_id")
    .add(if work.is_postgres() { " FOR UPDATE OF h" } else { "" })
    .all(work.db())
    .await?;
    if rows.len() != ask.lines.len() {
        return Err(Problem::not_found().into());
    }
    Ok(rows)
}

/// As much is left of each as was seen.
fn as_seen(ask: &GiveBack, held: &[Held]) -> Answer<()> {
    let seen = |one: &&Held| ask.lines.iter().any(|line| line.bill == one.bill_id && line.left_fen == one.left_fen);
    held.iter().find(|one| !seen(one)).map_or(Ok(()), |one| Err(changed(one).into()))
}

fn changed(one: &Held) -> Problem {
    let problem = Problem::conflict("cashier.held_left_changed", "More or less is held than was seen");
    problem.with("number", &one.number).with("left", one.left_fen)
}

/// Each has as much as is to go back, in a way that the community offers. Returns the total.
async fn sound(work: &Work, ask: &GiveBack, held: &[Held]) -> Answer<Money> {
    let amounts = amounts(ask);
    if let Some(one) = held.iter().find(|one| amounts.get(&one.bill_id).is_none_or(|amount| *amount > one.left_fen.fen())) {
        return Err(changed(one).into());
    }
    let total = Money::sum(ask.lines.iter().map(|line| line.amount_fen));
    let total = total.ok_or_else(|| Problem::field("lines", "cashier.too_much_money"))?;
    let method = MethodAmount { method: ask.method, amount_fen: total, reference: String::new() };
    methods::all_offered(work.db(), ask.community, &[method]).await?;
    Ok(total)
}

/// Writes the voucher, its lines and postings, and what each holding has given back. Returns the voucher's number.
async fn refund(work: &Work, cashier: &Asker, ask: &GiveBack, held: &[Held], total: Money) -> Answer<String> {
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    let number = write(work, cashier, ask, total, today).await?;
    book(work, ask.community, Column::Refunded, &amounts(ask)).await?;
    posting::write(work, ask.community, entries(ask, held, today)?).await?;
    work.record(Some(ask.community), "cashier.refund", ask.refund.0, None::<&()>, Some(ask)).await?;
    Ok(number)
}

/// The voucher and its lines, under a number of the day.
async fn write(work: &Work, cashier: &Asker, ask: &GiveBack, total: Money, today: Day) -> Answer<String> {
    let series = today.format("%Y%m%d").to_string();
    let number = format!("TK{series}-{:04}", numbering::take(work, ask.community, "refund", &series, 1).await?);
    Sql::new(
        "INSERT INTO refund (community_id, id, number, unit_id, payee, at, day, cashier_id, cashier_name, method, reference,",
    )
    .push(
        " total_fen, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            ask.community.into(),
            ask.refund.into(),
            number.clone().into(),
            ask.unit.into(),
            ask.payee.trim().into(),
            work.at.into(),
            today.into(),
            cashier.id.into(),
            cashier.name.clone().into(),
            ask.method.code().into(),
            ask.reference.trim().into(),
            total.into(),
            ask.reason.trim().into(),
        ],
    )
    .run(work.db())
    .await?;
    let lines = ask
        .lines
        .iter()
        .map(|line| -> Vec<Value> { vec![ask.community.into(), ask.refund.into(), line.bill.into(), line.amount_fen.into()] });
    bulk::insert(work.db(), "refund_line", &["community_id", "refund_id", "bill_id", "amount_fen"], lines).await?;
    Ok(number)
}

fn entries(ask: &GiveBack, held: &[Held], today: Day) -> Answer<Vec<posting::Entry>> {
    let amounts = amounts(ask);
    let entry = |one: &Held| {
        let kind: HeldKind = one.kind.parse().map_err(Failure::broken)?;
        let amount = amounts.get(&one.bill_id).copied().map_or(Money::ZERO, Money::from_fen);
        let posting = Posting::of_refund(kind, ask.method, amount, one.bill_id);
        Ok(posting::Entry {
            posting: posting.ok_or_else(|| Failure::broken("a refund of nothing"))?,
            day: today,
            month: one.month,
            unit: one.unit_id,
            building: one.building_id,
            fee_item: one.fee_item_id,
            payment: None,
            refund: Some(ask.refund),
            reverses: None,
        })
    };
    held.iter().map(entry).collect()
}
