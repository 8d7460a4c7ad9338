//! Held money that pays bills: at the desk, where the payer says so, and after a run, where the prepayment's fee item says so.

use std::collections::{BTreeMap, BTreeSet};

use common::cashier::api::Collect;
use common::cashier::held::{self, Due, Holding, Payable, Use};
use common::cashier::oldest_first;
use common::cashier::posting::of_payment;
use common::cashier::settle::{BillAmount, Laid};
use common::cashier::{Account, HeldKind, Posting};
use common::charging::late_fee::InsideBill;
use common::id::{BillId, BillingRunId, CommunityId, PaymentId, UnitId};
use common::money::Money;
use common::period::Day;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::{FREE, Locked, by_run, lock, spend};
use crate::billing::RunDone;
use crate::cashier::bills::{self, Billed, Moved};
use crate::cashier::collect::{Line, write_lines};
use crate::cashier::{order, posting};
use crate::jobs::Job;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Work, bulk, numbering, organisation};

/// Whose money pays which bill of a payment at the desk; refused where less is held than is to pay. What is held of one owner's units
/// pays for these alone. Holdings that the payment adds to are locked along with those that pay.
pub(in crate::cashier) async fn uses(
    work: &Work,
    ask: &Collect,
    locked: &[Billed],
    moved: &[(Moved, Money)],
) -> Answer<Vec<Use>> {
    let asked = held::asked(&ask.methods);
    let mut own = Vec::new();
    for bill in locked {
        own.extend(bill.held()?.map(|_| bill.id));
    }
    if asked.is_empty() && own.is_empty() {
        return Ok(Vec::new());
    }
    let family = if asked.is_empty() { Vec::new() } else { family(work, ask, locked).await? };
    let holdings = lock(work, ask.community, &family, &own).await?;
    // A deposit of which more is paid in with this payment is locked as well, and may wait to go back.
    let holdings = holdings.into_iter().filter(|one| one.free && family.contains(&one.unit));
    let holdings: Vec<Holding> = holdings.map(|one| one.holding).collect();
    let bills: BTreeMap<BillId, &Billed> =
        locked.iter().filter(|bill| family.contains(&bill.unit_id)).map(|bill| (bill.id, bill)).collect();
    let laid: Vec<Laid> = moved.iter().map(|(moved, _)| moved.laid).collect();
    let uses = held::uses(&holdings, &dues(&laid, &bills)?, &asked)?;
    spend(work, ask.community, &uses).await?;
    Ok(uses)
}

/// The unit at the desk, and those of the payment that belong to one of its owners today.
async fn family(work: &Work, ask: &Collect, locked: &[Billed]) -> Answer<Vec<UnitId>> {
    #[derive(FromQueryResult)]
    struct Row {
        unit_id: UnitId,
    }
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    let owned = " AND o.role = 'owner' AND o.from_day <= ? AND (o.to_day IS NULL OR o.to_day > ?)";
    let rows: Vec<Row> = Sql::new("SELECT DISTINCT o.unit_id FROM occupancy o WHERE o.community_id = ")
        .bind(ask.community)
        .push(owned, [today.into(), today.into()])
        .add(" AND o.unit_id IN ")
        .list(locked.iter().map(|bill| bill.unit_id))
        .add(" AND o.resident_id IN (SELECT o.resident_id FROM occupancy o WHERE o.community_id = ")
        .bind(ask.community)
        .push(" AND o.unit_id = ?", [ask.unit.into()])
        .push(owned, [today.into(), today.into()])
        .add(")")
        .all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| row.unit_id).chain([ask.unit]).collect())
}

/// What held money may pay, with what decides on it; bills of this payment that are not among the locked are for money to be held.
fn dues(laid: &[Laid], bills: &BTreeMap<BillId, &Billed>) -> Answer<Vec<Due>> {
    let known = laid.iter().filter_map(|laid| Some((laid, bills.get(&laid.bill)?)));
    known.map(|(laid, bill)| Ok(Due { laid: *laid, fee_item: bill.fee_item_id, fee_item_kind: bill.kind()? })).collect()
}

/// How many units are seen to in one transaction.
const UNITS_AT_ONCE: u64 = 50;

/// A run has made bills: prepayments that pay by themselves pay what is open of the same fee items, the oldest first. Begun again, it
/// goes on where nothing was paid yet. What fails for some units keeps no others waiting, and is told at the end.
pub(in crate::cashier) async fn run_done(app: App, job: Job) -> Answer<()> {
    let RunDone { community, run, .. } = serde_json::from_str(&job.payload)?;
    let mut after = UnitId(Uuid::nil());
    let mut failed = None;
    loop {
        let work = begin(&app, &job).await?;
        let units = units_of(&work, community, run, after).await?;
        let Some(last) = units.last() else {
            if let Some(failed) = failed {
                return Err(failed);
            }
            by_run::forget_failures(&work, run, None).await?;
            return work.commit().await;
        };
        after = *last;
        match set_off(work, community, run, &units).await {
            Err(failure) if failure.passes() => return Err(failure),
            Err(failure) => {
                let of_some = one_by_one(&app, &job, (community, run), &units).await?;
                // At one moment all of them may fail that go well singly.
                if of_some.is_none() {
                    tracing::warn!(%run, ?failure, "units were set off one by one");
                }
                failed = failed.or(of_some);
            }
            Ok(()) => {}
        }
    }
}

async fn begin(app: &App, job: &Job) -> Answer<Work> {
    Work::begin(app.db(), app.now(), job.by, job.id.to_string()).await
}

/// Each unit in a transaction of its own. Returns the first failure; the others are logged.
async fn one_by_one(
    app: &App,
    job: &Job,
    (community, run): (CommunityId, BillingRunId),
    units: &[UnitId],
) -> Answer<Option<Failure>> {
    let mut first = None;
    for unit in units {
        match set_off(begin(app, job).await?, community, run, &[*unit]).await {
            Err(failure) if failure.passes() => return Err(failure),
            Err(failure) => {
                tracing::error!(%unit, %run, ?failure, "a unit's prepayments could not be set off");
                first.get_or_insert(failure);
            }
            Ok(()) => {}
        }
    }
    Ok(first)
}

/// All of these units, or none of them.
async fn set_off(work: Work, community: CommunityId, run: BillingRunId, units: &[UnitId]) -> Answer<()> {
    let paid = pay(&work, community, run, units).await?;
    if paid.payments > 0 {
        work.record(Some(community), "cashier.offset", run.0, None::<&()>, Some(&paid)).await?;
    }
    work.commit().await
}

/// What a holding `h` must be to pay by itself: its fee item says so, nobody wants it kept, and nobody bought the unit since.
pub(super) const BY_ITSELF: &str = " AND h.taken_fen > h.offset_fen + h.refunded_fen AND NOT h.by_hand \
     AND EXISTS (SELECT 1 FROM fee_item f WHERE f.community_id = h.community_id AND f.id = h.fee_item_id AND f.offsetting = 'at_generation') \
     AND NOT EXISTS (SELECT 1 FROM occupancy o WHERE o.community_id = h.community_id AND o.unit_id = h.unit_id AND o.role = 'owner' \
     AND o.from_day > h.since)";

/// The next units with bills of a run and a prepayment that pays by itself.
async fn units_of(work: &Work, community: CommunityId, run: BillingRunId, after: UnitId) -> Answer<Vec<UnitId>> {
    #[derive(FromQueryResult)]
    struct Row {
        unit_id: UnitId,
    }
    let rows: Vec<Row> = Sql::new("SELECT DISTINCT h.unit_id FROM held h")
        .push(" WHERE h.community_id = ? AND h.unit_id > ?", [community.into(), after.into()])
        .add(BY_ITSELF)
        .add(FREE)
        .add(" AND EXISTS (SELECT 1 FROM bill b WHERE b.community_id = h.community_id AND b.unit_id = h.unit_id")
        .push(
            " AND b.source = 'run' AND b.source_id = ? AND b.open_fen > 0 AND b.state <> 'void' AND b.payer_id IS NULL)",
            [run.0.into()],
        )
        .add(" ORDER BY h.unit_id")
        .page(UNITS_AT_ONCE, 0)
        .all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| row.unit_id).collect())
}

/// What came of it, for the audit.
#[derive(serde::Serialize)]
struct Paid {
    payments: usize,
    amount_fen: Money,
}

/// What one unit's prepayments pay.
struct OfUnit {
    unit: UnitId,
    payer: String,
    payment: PaymentId,
    uses: Vec<Use>,
    moved: Vec<(Moved, Money)>,
}

impl OfUnit {
    fn total(&self) -> Money {
        Money::from_fen(self.uses.iter().map(|one| one.amount().fen()).sum())
    }
}

async fn pay(work: &Work, community: CommunityId, run: BillingRunId, units: &[UnitId]) -> Answer<Paid> {
    let today = organisation::today(work.db(), community, work.at).await?;
    let order = order::of_community(work.db(), community).await?;
    let open = open_of(work, community, run, units).await?;
    let late = bills::due(work, community, today, &open).await?;
    let holdings = of_themselves(work, community, units).await?;
    let mut paid = Vec::new();
    for unit in units {
        let mut owed: Vec<_> = open.iter().filter(|bill| bill.unit_id == *unit).map(|bill| bill.clone().owed(&late)).collect();
        oldest_first::sort(&mut owed);
        let whole = owed.iter().map(|owed| BillAmount {
            bill: owed.bill,
            amount_fen: owed.whole(),
            open_fen: owed.open_fen,
            late_fee_fen: owed.late_fee_fen,
        });
        let own: Vec<&Locked> = holdings.iter().filter(|one| one.unit == *unit).collect();
        let whole: Vec<BillAmount> = whole.collect();
        paid.extend(of_unit(*unit, &whole, &own, &open, order)?);
    }
    write(work, (community, run), today, &open, &paid).await?;
    let total = Money::sum(paid.iter().map(OfUnit::total)).ok_or_else(|| Failure::broken("prepayments that do not fit"))?;
    Ok(Paid { payments: paid.len(), amount_fen: total })
}

/// How far the prepayments of a unit pay its bills.
fn of_unit(unit: UnitId, whole: &[BillAmount], own: &[&Locked], open: &[Billed], order: InsideBill) -> Answer<Option<OfUnit>> {
    let bills: BTreeMap<BillId, &Billed> = open.iter().map(|bill| (bill.id, bill)).collect();
    let holdings: Vec<Holding> = own.iter().map(|one| one.holding).collect();
    let known = whole.iter().filter_map(|whole| Some((whole, bills.get(&whole.bill)?)));
    let payable = known.map(|(whole, bill)| {
        let fee_item_kind = bill.kind()?;
        Ok(Payable { whole: *whole, fee_item: bill.fee_item_id, fee_item_kind })
    });
    let (part, uses) = held::by_themselves(&holdings, &payable.collect::<Answer<Vec<_>>>()?, order);
    if part.is_empty() {
        return Ok(None);
    }
    let moved = part.iter().map(|line| {
        let booked = bills.get(&line.bill).map_or(Money::ZERO, |bill| bill.late().booked());
        (Moved { laid: line.laid(order), charged: line.to_charge(order, booked) }, line.open_fen)
    });
    let payer = own.first().map(|one| one.payer.clone()).unwrap_or_default();
    Ok(Some(OfUnit { unit, payer, payment: PaymentId(Uuid::now_v7()), uses, moved: moved.collect() }))
}

/// All that is open of some units for the fee items of a run, locked in the order of the bills' ids.
async fn open_of(work: &Work, community: CommunityId, run: BillingRunId, units: &[UnitId]) -> Answer<Vec<Billed>> {
    Sql::new("SELECT ")
        .add(bills::COLUMNS)
        .add(" FROM bill b WHERE b.community_id = ")
        .bind(community)
        .add(" AND ")
        .add(bills::OPEN)
        .add(" AND b.unit_id IN ")
        .list(units.iter().copied())
        // What a tenant owes by contract is not the owner's to pay.
        .add(" AND b.payer_id IS NULL AND EXISTS (SELECT 1 FROM bill n WHERE n.community_id = b.community_id AND n.unit_id = b.unit_id")
        .push(
            " AND n.fee_item_id = b.fee_item_id AND n.source = 'run' AND n.source_id = ? AND n.state <> 'void')",
            [run.0.into()],
        )
        .add(" ORDER BY b.id")
        .add(if work.is_postgres() { " FOR UPDATE OF b" } else { "" })
        .all(work.db())
        .await
}

/// The prepayments of some units that pay by themselves.
async fn of_themselves(work: &Work, community: CommunityId, units: &[UnitId]) -> Answer<Vec<Locked>> {
    #[derive(FromQueryResult)]
    struct Row {
        bill_id: BillId,
    }
    let mut held = lock(work, community, units, &[]).await?;
    let rows: Vec<Row> = Sql::new("SELECT h.bill_id FROM held h WHERE h.community_id = ")
        .bind(community)
        .add(BY_ITSELF)
        .add(" AND h.unit_id IN ")
        .list(units.iter().copied())
        .all(work.db())
        .await?;
    let by_themselves: BTreeSet<BillId> = rows.into_iter().map(|row| row.bill_id).collect();
    held.retain(|one| one.free && by_themselves.contains(&one.holding.bill));
    Ok(held)
}

const PAYMENT: [&str; 14] = [
    "community_id",
    "id",
    "receipt_number",
    "unit_id",
    "payer",
    "at",
    "day",
    "cashier_name",
    "total_fen",
    "source",
    "state",
    "body_hash",
    "note",
    "run_id",
];

/// A payment per unit, with numbers of their own series (`DK20261123-0001`).
async fn write(
    work: &Work,
    (community, run): (CommunityId, BillingRunId),
    today: Day,
    open: &[Billed],
    paid: &[OfUnit],
) -> Answer<()> {
    if paid.is_empty() {
        return Ok(());
    }
    let series = today.format("%Y%m%d").to_string();
    let count = i64::try_from(paid.len()).map_err(Failure::broken)?;
    let first = numbering::take(work, community, "offset", &series, count).await?;
    let rows = paid.iter().zip(first..).map(|(one, number)| -> Vec<Value> {
        vec![
            community.into(),
            one.payment.into(),
            format!("DK{series}-{number:04}").into(),
            one.unit.into(),
            one.payer.clone().into(),
            work.at.into(),
            today.into(),
            "".into(),
            one.total().into(),
            "offset".into(),
            "taken".into(),
            "".into(),
            "".into(),
            run.into(),
        ]
    });
    bulk::insert(work.db(), "payment", &PAYMENT, rows).await?;
    let code = HeldKind::Prepaid.method().code();
    let methods = paid
        .iter()
        .map(|one| -> Vec<Value> { vec![community.into(), one.payment.into(), code.clone().into(), one.total().into()] });
    bulk::insert(work.db(), "payment_method_line", &["community_id", "payment_id", "method", "amount_fen"], methods).await?;
    let lines = paid.iter().flat_map(|one| one.moved.iter().map(|moved| Line::of(one.payment, *moved)));
    write_lines(work, community, lines.collect()).await?;
    let moved: Vec<(Moved, Money)> = paid.iter().flat_map(|one| one.moved.iter().copied()).collect();
    for some in moved.chunks(500) {
        bills::pay(work, community, some).await?;
    }
    let uses: Vec<Use> = paid.iter().flat_map(|one| one.uses.iter().copied()).collect();
    spend(work, community, &uses).await?;
    posting::write(work, community, entries(today, open, paid)?).await?;
    Ok(())
}

fn entries(today: Day, open: &[Billed], paid: &[OfUnit]) -> Answer<Vec<posting::Entry>> {
    let bills: BTreeMap<BillId, &Billed> = open.iter().map(|bill| (bill.id, bill)).collect();
    let of_unit = |one: &OfUnit| -> Vec<(PaymentId, Posting)> {
        let charges = one.moved.iter().filter_map(|(moved, _)| {
            Posting::new(Account::LateFeeReceivable, Account::LateFeeIncome, moved.charged, moved.laid.bill)
        });
        let laid: Vec<Laid> = one.moved.iter().map(|(moved, _)| moved.laid).collect();
        charges.chain(of_payment(&laid, &one.uses, &[])).map(|posting| (one.payment, posting)).collect()
    };
    let entries = paid.iter().flat_map(of_unit).map(|(payment, posting)| {
        let bill = bills.get(&posting.bill()).ok_or_else(|| Failure::broken("a posting about a bill that is not paid"))?;
        Ok(posting::Entry::about(bill, posting, today, Some(payment)))
    });
    entries.collect()
}
