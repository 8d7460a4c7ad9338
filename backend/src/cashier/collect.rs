//! Taking a payment: once, whatever happens on the way.

use std::collections::BTreeMap;

use common::cashier::api::{Collect, PaymentState, Receipt};
use common::cashier::held::Use;
use common::cashier::posting::of_payment;
use common::cashier::settle::{self, BillAmount, Laid, Settlement};
use common::cashier::{Account, Posting};
use common::charging::late_fee::InsideBill;
use common::id::{BillId, CommunityId, PaymentId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::{FromQueryResult, Value};
use sha2::{Digest, Sha256};

use super::bills::{self, Billed, Moved};
use super::{desk, held, methods, order, posting, receipt};
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work, billing, bulk, numbering, organisation};

/// Takes a payment in one transaction: the bills are locked, the decision is `common`'s, then number, payment and
/// postings are written. Asked again with the same id and content it answers with the same receipt.
pub(super) async fn collect(app: App, who: Who, ask: Collect) -> Answer<Receipt> {
    let work = app.begin(&who).await?;
    if !ask.takes.is_empty() {
        // With no bill to lock, the same request at the same moment waits here.
        desk::lock_unit(&work, ask.community, ask.unit).await?;
    }
    let mut chosen: Vec<BillId> = ask.bills.iter().map(|line| line.bill).collect();
    chosen.sort();
    let locked = bills::lock(&work, &who, ask.community, &chosen).await?;
    if let Some(known) = hash_of(&work, &ask).await? {
        drop(work);
        return if known == hash(&ask)? {
            receipt::find(&app, &who, ask.community, ask.payment).await
        } else {
            Err(reused().into())
        };
    }
    desk::unit_in_scope(work.db(), &who, ask.community, ask.unit).await?;
    methods::all_offered(work.db(), ask.community, &ask.methods).await?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    let open = bills::with_earlier(&work, ask.community, today, &locked).await?;
    let settled = settle::settle(&open, ask.paying())?;
    let order = order::of_community(work.db(), ask.community).await?;
    let moved_before = moved(order, &ask.bills, &locked);
    let uses = held::uses(&work, &ask, &locked, &moved_before).await?;
    let taken = held::take(&work, &ask, today).await?;
    let locked = with_taken(&work, &who, &ask, locked, &taken).await?;
    let moved: Vec<_> = moved_before.into_iter().chain(moved(order, &taken, &locked)).collect();
    let number = next_number(&work, &ask, today).await?;
    write(&work, &who, &ask, &settled, &number, today).await?;
    write_lines(&work, ask.community, moved.iter().map(|moved| Line::of(ask.payment, *moved)).collect()).await?;
    bills::pay(&work, ask.community, &moved).await?;
    held::follow(&work, ask.community, locked.iter().map(|bill| (bill.id, bill.fee_item_id))).await?;
    post(&work, &ask, &locked, &moved, &uses, today).await?;
    work.record(Some(ask.community), "cashier.collect", ask.payment.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    receipt::find(&app, &who, ask.community, ask.payment).await
}

/// The hash of what this payment was asked for the first time, if it exists.
async fn hash_of(work: &Work, ask: &Collect) -> Answer<Option<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        body_hash: String,
    }
    let row = Sql::new("SELECT body_hash FROM payment")
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.payment.into()])
        .one::<Row, _>(work.db())
        .await?;
    Ok(row.map(|row| row.body_hash))
}

fn hash(ask: &Collect) -> Answer<String> {
    let body = serde_json::to_vec(ask)?;
    Ok(Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn reused() -> Problem {
    Problem::conflict("cashier.payment_reused", "This payment id was used for something else")
}

/// `SJ20261123-0032`: counted per community and day, in this very transaction.
async fn next_number(work: &Work, ask: &Collect, today: Day) -> Answer<String> {
    let series = today.format("%Y%m%d").to_string();
    let number = numbering::take(work, ask.community, "receipt", &series, 1).await?;
    Ok(format!("SJ{series}-{number:04}"))
}

/// Those that stood before, and those that were written for what is taken to be held.
async fn with_taken(work: &Work, who: &Who, ask: &Collect, mut locked: Vec<Billed>, taken: &[BillAmount]) -> Answer<Vec<Billed>> {
    if !taken.is_empty() {
        let bills: Vec<BillId> = taken.iter().map(|line| line.bill).collect();
        locked.extend(bills::lock(work, who, ask.community, &bills).await?);
    }
    Ok(locked)
}

/// Writes the payment and its methods.
async fn write(work: &Work, who: &Who, ask: &Collect, settled: &Settlement, number: &str, today: Day) -> Answer<()> {
    let payer = match billing::payer_of(work.db(), ask.community, ask.bills.iter().map(|bill| bill.bill)).await? {
        _ if !ask.payer.trim().is_empty() => ask.payer.trim().to_owned(),
        Some(tenant) => tenant,
        None => desk::payer(work.db(), ask.community, ask.unit, today).await?,
    };
    Sql::new(
        "INSERT INTO payment (community_id, id, receipt_number, unit_id, payer, at, day, cashier_id, cashier_name, total_fen,",
    )
    .push(
        " tendered_fen, note, source, state, body_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'desk', ?, ?)",
        [
            ask.community.into(),
            ask.payment.into(),
            number.into(),
            ask.unit.into(),
            payer.into(),
            work.at.into(),
            today.into(),
            who.employee.into(),
            who.name.clone().into(),
            settled.total.into(),
            ask.tendered_fen.map(Money::fen).into(),
            ask.note.trim().into(),
            super::payment::code(PaymentState::Taken).into(),
            hash(ask)?.into(),
        ],
    )
    .run(work.db())
    .await
    .on_taken(reused)?;
    let (community, payment) = (ask.community, ask.payment);
    let methods: Vec<Vec<Value>> = ask
        .methods
        .iter()
        .map(|line| {
            vec![
                community.into(),
                payment.into(),
                line.method.code().into(),
                line.amount_fen.into(),
                line.reference.trim().into(),
            ]
        })
        .collect();
    let columns = ["community_id", "payment_id", "method", "amount_fen", "reference"];
    bulk::insert(work.db(), "payment_method_line", &columns, methods).await?;
    Ok(())
}

/// What each bill gets, and what it is to have open: late fee and principal in the community's order.
fn moved(order: InsideBill, lines: &[BillAmount], locked: &[Billed]) -> Vec<(Moved, Money)> {
    let booked: BTreeMap<BillId, Money> = locked.iter().map(|bill| (bill.id, bill.late().booked())).collect();
    let moved = lines.iter().map(|line| {
        let charged = line.to_charge(order, booked.get(&line.bill).copied().unwrap_or_default());
        (Moved { laid: line.laid(order), charged }, line.open_fen)
    });
    moved.collect()
}

/// Which bill got how much of which payment, and what that left of its principal.
pub(super) struct Line {
    payment: PaymentId,
    moved: Moved,
    left: Money,
}

impl Line {
    /// What is moved of a bill that has so much open, which [`bills::pay`] makes sure of.
    pub(super) fn of(payment: PaymentId, (moved, open): (Moved, Money)) -> Self {
        Self { payment, moved, left: Money::from_fen(open.fen() - moved.laid.principal.fen()) }
    }

    /// Where no late fee is about.
    pub(super) fn of_principal(payment: PaymentId, bill: BillId, amount: Money, left: Money) -> Self {
        let laid = Laid { bill, late: Money::ZERO, principal: amount };
        Self { payment, moved: Moved { laid, charged: Money::ZERO }, left }
    }
}

const LINE: [&str; 7] = ["community_id", "payment_id", "bill_id", "amount_fen", "late_fee_fen", "late_charged_fen", "left_fen"];

pub(super) async fn write_lines(work: &Work, community: CommunityId, lines: Vec<Line>) -> Answer<()> {
    let row = |Line { payment, moved: Moved { laid, charged }, left }: Line| -> Vec<Value> {
        let amount = Money::from_fen(laid.late.fen() + laid.principal.fen());
        vec![community.into(), payment.into(), laid.bill.into(), amount.into(), laid.late.into(), charged.into(), left.into()]
    };
    let rows: Vec<Vec<Value>> = lines.into_iter().map(row).collect();
    bulk::insert(work.db(), "payment_line", &LINE, rows).await?;
    Ok(())
}

/// Late fee is charged at the moment at which it is collected; then held money and money are laid over it and over the principal;
/// what came in for a bill of held money is held.
async fn post(work: &Work, ask: &Collect, locked: &[Billed], moved: &[(Moved, Money)], uses: &[Use], today: Day) -> Answer<()> {
    let bills: BTreeMap<BillId, &Billed> = locked.iter().map(|bill| (bill.id, bill)).collect();
    let money = ask.methods.iter().filter(|line| line.method.held().is_none());
    let methods: Vec<_> = money.map(|line| (line.method, line.amount_fen)).collect();
    let held = to_hold(locked, moved)?;
    let charges = moved.iter().filter_map(|(moved, _)| {
        Posting::new(Account::LateFeeReceivable, Account::LateFeeIncome, moved.charged, moved.laid.bill)
    });
    let laid: Vec<Laid> = moved.iter().map(|(moved, _)| moved.laid).collect();
    let entries = charges
        .chain(of_payment(&laid, uses, &methods))
        .chain(held)
        .map(|posting| {
            let bill = bills.get(&posting.bill()).ok_or_else(|| Failure::broken("a posting about a bill that is not paid"))?;
            Ok(posting::Entry::about(bill, posting, today, Some(ask.payment)))
        })
        .collect::<Answer<Vec<_>>>()?;
    posting::write(work, ask.community, entries).await?;
    Ok(())
}

/// What of a payment is held from then on.
fn to_hold(locked: &[Billed], moved: &[(Moved, Money)]) -> Answer<Vec<Posting>> {
    let mut postings = Vec::new();
    for bill in locked {
        let Some(kind) = bill.held()? else { continue };
        let paid = moved.iter().find(|(moved, _)| moved.laid.bill == bill.id);
        postings.extend(paid.and_then(|(moved, _)| Posting::to_hold(kind, moved.laid.principal, bill.id)));
    }
    Ok(postings)
}
