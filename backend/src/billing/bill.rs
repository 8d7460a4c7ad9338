//! A bill's own page: lines with their traces, postings, and what happened to it.

use chrono::{DateTime, Utc};
use common::approvals::api::WaitingMark;
use common::billing::api::{BillEvent, BillLateFee, BillLine, BillPosting, BillSource, BillView, GetBill};
use common::charging::tariff::FeeItemKind;
use common::charging::trace::Trace;
use common::id::{BuildingId, CommunityId, PaymentId, PostingId, TariffId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use common::waivers::api::{BillWaiver, WaiverState};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::late_fee;
use super::list::{self, around};
use super::portions;
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, approvals, waivers};

#[derive(FromQueryResult)]
struct Facts {
    building_id: Option<BuildingId>,
    building_name: Option<String>,
    kind: String,
    tariff_id: Option<TariffId>,
    tariff_name: Option<String>,
    issued_day: Day,
    source: String,
    source_id: Uuid,
    note: String,
    portions: Option<String>,
    created_at: DateTime<Utc>,
    created_by: Option<String>,
}

#[derive(FromQueryResult)]
struct LineRow {
    no: i32,
    amount_fen: Money,
    trace: String,
}

#[derive(FromQueryResult)]
struct PostingRow {
    id: PostingId,
    at: DateTime<Utc>,
    day: Day,
    debit: String,
    credit: String,
    amount_fen: Money,
    payment_id: Option<PaymentId>,
    reverses_id: Option<Uuid>,
    receipt_number: Option<String>,
    by: Option<String>,
    voided: Option<String>,
    /// Why late fee was let go.
    waived: Option<String>,
    /// The voucher by which what was paid went back.
    refunded: Option<String>,
}

#[derive(FromQueryResult)]
struct VoidRow {
    after: Option<String>,
}

/// A bill with everything that is known about it.
pub(super) async fn get_bill(app: App, who: Who, ask: GetBill) -> Answer<BillView> {
    let (db, community) = (app.db(), ask.community);
    let today = today(db, community, app.now()).await?;
    let facts = facts(db, &ask).await?;
    who.scope.allow(community, facts.building_id)?;
    let inner =
        Sql::new("SELECT b.* FROM bill b").push(" WHERE b.community_id = ? AND b.id = ?", [community.into(), ask.bill.into()]);
    let row: list::Row = around(inner, today).one(db).await?.ok_or_else(Problem::not_found)?;
    let late = row.late();
    let late_fee = late_fee::late_fees(db, community, today, [late]).await?.remove(&ask.bill).map(|found| BillLateFee {
        fee: found.fee,
        come_to_fen: found.come_to,
        paid_fen: late.paid,
        waived_fen: late.waived,
        due_fen: found.due,
    });
    let waits = approvals::waiting(db, &who, community, ask.bill).await?;
    let marks = waits.iter().map(|deed| WaitingMark { approval: deed.approval, kind: deed.kind }).collect();
    let bill = row.shown(today, late_fee.as_ref().map_or(Money::ZERO, |late| late.due_fen), marks)?;
    let lines: Vec<LineRow> = Sql::new("SELECT no, amount_fen, trace FROM bill_line")
        .push(" WHERE community_id = ? AND bill_id = ? ORDER BY no", [community.into(), ask.bill.into()])
        .all(db)
        .await?;
    let lines = lines
        .into_iter()
        .map(|row| {
            Ok(BillLine {
                no: row.no.unsigned_abs(),
                amount_fen: row.amount_fen,
                trace: serde_json::from_str::<Trace>(&row.trace)?,
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    let rows = postings(db, &ask).await?;
    let waivers = waivers::of_bill(db, community, ask.bill).await?;
    let history = history(db, community, &ask, &facts, &rows, &waivers).await?;
    Ok(BillView {
        bill,
        fee_item_kind: FeeItemKind::from_word(&facts.kind)
            .ok_or_else(|| Failure::broken(format!("fee item kind {:?}", facts.kind)))?,
        tariff: facts.tariff_id,
        tariff_name: facts.tariff_name,
        issued_day: facts.issued_day,
        source: BillSource::from_word(&facts.source).ok_or_else(|| Failure::broken(format!("bill source {:?}", facts.source)))?,
        source_id: facts.source_id,
        note: facts.note,
        building_name: facts.building_name,
        lines,
        portions: portions::told(db, community, facts.portions.as_deref()).await?,
        late_fee,
        waivers: waivers.into_iter().map(|(_, waiver)| waiver).collect(),
        waits,
        postings: shown(rows),
        history,
    })
}

async fn facts<C: ConnectionTrait>(db: &C, ask: &GetBill) -> Answer<Facts> {
    let row: Option<Facts> =
        Sql::new("SELECT b.building_id, g.name AS building_name, f.kind, b.tariff_id, t.name AS tariff_name, b.issued_day,")
            .push(" b.source, b.source_id, b.note, b.portions, b.created_at, e.name AS created_by FROM bill b", [])
            .push(" JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id", [])
            .push(" LEFT JOIN building g ON g.community_id = b.community_id AND g.id = b.building_id", [])
            .push(" LEFT JOIN tariff t ON t.community_id = b.community_id AND t.id = b.tariff_id", [])
            .push(" LEFT JOIN billing_run r ON r.community_id = b.community_id AND r.id = b.source_id", [])
            .push(" LEFT JOIN employee e ON e.id = r.created_by", [])
            .push(" WHERE b.community_id = ? AND b.id = ?", [ask.community.into(), ask.bill.into()])
            .one(db)
            .await?;
    row.ok_or_else(|| Problem::not_found().into())
}

async fn postings<C: ConnectionTrait>(db: &C, ask: &GetBill) -> Answer<Vec<PostingRow>> {
    Sql::new("SELECT p.id, p.at, p.day, p.debit, p.credit, p.amount_fen, p.payment_id, p.reverses_id, y.receipt_number, e.name AS by, y.void_reason AS voided,")
        .add(" CASE WHEN p.debit = 'late_fee_waived' THEN (SELECT w.reason FROM late_fee_waiver w WHERE w.community_id = p.community_id")
        .add(" AND w.bill_id = p.bill_id AND w.at = p.at AND w.amount_fen = p.amount_fen ORDER BY w.id LIMIT 1) END AS waived")
        .add(", (SELECT r.number FROM refund r WHERE r.community_id = p.community_id AND r.id = p.refund_id) AS refunded")
        .push(" FROM posting p LEFT JOIN payment y ON y.community_id = p.community_id AND y.id = p.payment_id", [])
        .push(" LEFT JOIN employee e ON e.id = p.created_by", [])
        .push(" WHERE p.community_id = ? AND p.bill_id = ? ORDER BY p.at, p.id", [ask.community.into(), ask.bill.into()])
        .all(db)
        .await
}

/// What each posting does to what is owed.
fn change(row: &PostingRow) -> Money {
    match (row.debit.as_str(), row.credit.as_str()) {
        ("receivable" | "late_fee_receivable", _) => row.amount_fen,
        (_, "receivable" | "late_fee_receivable") => Money::from_fen(-row.amount_fen.fen()),
        _ => Money::ZERO,
    }
}

fn shown(rows: Vec<PostingRow>) -> Vec<BillPosting> {
    let mut balance = Money::ZERO;
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let change = change(&row);
        balance = balance.checked_add(change).unwrap_or(balance);
        shown.push(BillPosting {
            day: row.day,
            debit: row.debit,
            credit: row.credit,
            amount_fen: row.amount_fen,
            change_fen: change,
            balance_fen: balance,
            payment: row.payment_id,
            receipt_number: row.receipt_number,
        });
    }
    shown
}

/// Written, paid, payment taken back, void: the latest first.
async fn history<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    ask: &GetBill,
    facts: &Facts,
    rows: &[PostingRow],
    waivers: &[(PostingId, BillWaiver)],
) -> Answer<Vec<BillEvent>> {
    let written = rows.first().and_then(|row| row.by.clone()).or_else(|| facts.created_by.clone());
    let mut events = vec![BillEvent {
        at: facts.created_at,
        what: facts.source.clone(),
        amount_fen: None,
        note: facts.note.clone(),
        by: written,
    }];
    for row in rows {
        let event = |what: &str, note: String| BillEvent {
            at: row.at,
            what: what.to_owned(),
            amount_fen: Some(row.amount_fen),
            note,
            by: row.by.clone(),
        };
        // What is paid on a bill for money to be held is held from then on: its payment says so.
        if row.debit == "held_due" && row.credit != "receivable" || row.credit == "held_due" && row.debit != "receivable" {
            continue;
        }
        // Charged and paid, or waived, at one time: the latter says both. Voiding takes back what was let go.
        if row.debit == "late_fee_income" || row.credit == "late_fee_income" || row.credit == "late_fee_waived" {
            continue;
        }
        // What schemes take off is part of the bill's being made, and voiding takes all of it back.
        if row.debit == "waived" || row.credit == "waived" {
            let posting = row.reverses_id.map_or(row.id, PostingId);
            let by_hand = |(_, waiver): &&(PostingId, BillWaiver)| waiver.scheme.is_none();
            let Some((_, waiver)) = waivers.iter().filter(by_hand).find(|(of, _)| *of == posting) else { continue };
            match (row.reverses_id, waiver.state) {
                (None, _) => events.push(event("waived", waiver.reason.clone())),
                (Some(_), WaiverState::TakenBack) => {
                    events.push(event("waiver_back", waiver.back_reason.clone().unwrap_or_default()));
                }
                (Some(_), _) => {}
            }
            continue;
        }
        match (row.payment_id.is_some(), row.reverses_id.is_some()) {
            _ if row.debit == "late_fee_waived" => {
                events.push(event("late_fee_waived", row.waived.clone().unwrap_or_default()));
            }
            (true, false) if row.credit == "late_fee_receivable" => {
                events.push(event("late_fee_paid", row.receipt_number.clone().unwrap_or_default()));
            }
            (true, false) => events.push(event("paid", row.receipt_number.clone().unwrap_or_default())),
            (true, true) => events.push(event("payment_void", row.voided.clone().unwrap_or_default())),
            (false, false) if row.refunded.is_some() => events.push(event("refunded", row.refunded.clone().unwrap_or_default())),
            (false, true) => {
                let audit: Option<VoidRow> = Sql::new("SELECT after FROM audit")
                    .push(
                        " WHERE community_id = ? AND subject_id = ? AND action = 'billing.void'",
                        [community.into(), ask.bill.into()],
                    )
                    .one(db)
                    .await?;
                events.push(event(
                    "void",
                    audit.and_then(|row| row.after).and_then(|after| serde_json::from_str(&after).ok()).unwrap_or_default(),
                ));
            }
            (false, false) => {}
        }
    }
    let told = approvals::told(db, community, ask.bill).await?;
    if !told.is_empty() {
        // What was agreed to at a moment comes before what was done in it.
        let asked = told.into_iter().map(|one| BillEvent {
            at: one.at,
            what: format!("approval-{}", one.what),
            amount_fen: one.amount,
            note: one.note,
            by: one.by,
        });
        events = asked.chain(events).collect();
        events.sort_by_key(|event| event.at);
    }
    events.reverse();
    Ok(events)
}
