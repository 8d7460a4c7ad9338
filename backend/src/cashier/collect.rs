//! Taking a payment: once, whatever happens on the way.

use std::collections::BTreeMap;

use common::cashier::api::{Collect, PaymentState, Receipt};
use common::cashier::posting::of_payment;
use common::cashier::settle::{self, Settlement};
use common::id::{BillId, CommunityId, PaymentId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use sea_orm::{FromQueryResult, Value};
use sha2::{Digest, Sha256};

use super::bills::{self, Billed};
use super::{desk, methods, posting, receipt};
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work, bulk, numbering, organisation};

/// Takes a payment in one transaction: the bills are locked, the decision is `common`'s, then number, payment and
/// postings are written. Asked again with the same id and content it answers with the same receipt.
pub(super) async fn collect(app: App, who: Who, ask: Collect) -> Answer<Receipt> {
    let work = app.begin(&who).await?;
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
    let open = bills::with_earlier(&work, ask.community, &locked).await?;
    let settled = settle::settle(&open, &ask.bills, &ask.methods, ask.tendered_fen)?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    let number = next_number(&work, &ask, today).await?;
    write(&work, &who, &ask, &settled, &number, today).await?;
    bills::pay(&work, ask.community, &ask.bills).await?;
    post(&work, &ask, &locked, today).await?;
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

async fn write(work: &Work, who: &Who, ask: &Collect, settled: &Settlement, number: &str, today: Day) -> Answer<()> {
    let payer = desk::payer(work.db(), ask.community, ask.unit, today).await?;
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
    let lines = ask.bills.iter().map(|line| (payment, line.bill, line.amount_fen)).collect();
    write_lines(work, community, lines).await
}

/// Which bill got how much of which payment.
pub(super) async fn write_lines(work: &Work, community: CommunityId, lines: Vec<(PaymentId, BillId, Money)>) -> Answer<()> {
    let rows: Vec<Vec<Value>> = lines
        .into_iter()
        .map(|(payment, bill, amount)| vec![community.into(), payment.into(), bill.into(), amount.into()])
        .collect();
    bulk::insert(work.db(), "payment_line", &["community_id", "payment_id", "bill_id", "amount_fen"], rows).await?;
    Ok(())
}

async fn post(work: &Work, ask: &Collect, locked: &[Billed], today: Day) -> Answer<()> {
    let bills: BTreeMap<BillId, &Billed> = locked.iter().map(|bill| (bill.id, bill)).collect();
    let methods: Vec<_> = ask.methods.iter().map(|line| (line.method, line.amount_fen)).collect();
    let entries = of_payment(&ask.bills, &methods)
        .into_iter()
        .map(|posting| {
            let bill = bills.get(&posting.bill()).ok_or_else(|| Failure::broken("a posting about a bill that is not paid"))?;
            Ok(posting::Entry {
                posting,
                day: today,
                month: bill.month,
                unit: bill.unit_id,
                building: bill.building_id,
                fee_item: bill.fee_item_id,
                payment: ask.payment,
                reverses: None,
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    posting::write(work, ask.community, entries).await?;
    Ok(())
}
