//! Bills of the past with what was paid on them: the bills are billing's to write, the payments the cashier's, in one
//! transaction.

use common::billing::api::{ImportBills, ImportStep, Imported};
use common::cashier::{Account, Method, Posting};
use common::id::{CommunityId, PaymentId};
use common::money::Money;
use sea_orm::Value;
use uuid::Uuid;

use super::collect::Line;
use super::{collect, held, posting};
use crate::billing::{Past, PastPaid, look_over, take_over};
use crate::{Answer, App, Failure, Made, Who, Work, bulk, numbering, organisation};

/// Takes bills of the past over, paid and unpaid: all or nothing, and sent twice it is one import. A check holds nobody up.
pub(super) async fn import_bills(app: App, who: Who, ask: ImportBills) -> Answer<Imported> {
    if ask.step == ImportStep::Check {
        return imported(&look_over(app.db(), app.now(), &who, &ask).await?);
    }
    let work = app.begin(&who).await?;
    if let Made::Before(imported) = work.make(ask.community, ask.import.0, &ask).await? {
        return Ok(imported);
    }
    let past = take_over(&work, &who, &ask).await?;
    let imported = imported(&past)?;
    pay(&work, ask.community, &past.paid).await?;
    work.record(Some(ask.community), "billing.import", ask.import.0, None::<&()>, Some(&(&ask.file_name, imported))).await?;
    work.made(ask.community, ask.import.0, &imported).await?;
    work.commit().await?;
    Ok(imported)
}

fn imported(past: &Past) -> Answer<Imported> {
    let paid_fen =
        Money::sum(past.paid.iter().map(|paid| paid.amount)).ok_or_else(|| Failure::broken("payments that do not fit"))?;
    Ok(Imported { bills: past.bills, payments: past.paid.len() as u64, amount_fen: past.amount, paid_fen })
}

const COLUMNS: [&str; 14] = [
    "community_id",
    "id",
    "receipt_number",
    "unit_id",
    "payer",
    "at",
    "day",
    "cashier_id",
    "cashier_name",
    "total_fen",
    "note",
    "source",
    "state",
    "body_hash",
];

/// Writes one payment for each bill, with numbers of their own series (`DR20261123-000001`) and postings on the account
/// of imported money. The bills' paid and open amounts stand already.
async fn pay(work: &Work, community: CommunityId, payments: &[PastPaid]) -> Answer<()> {
    if payments.is_empty() {
        return Ok(());
    }
    let series = organisation::today(work.db(), community, work.at).await?.format("%Y%m%d").to_string();
    let count = i64::try_from(payments.len()).map_err(Failure::broken)?;
    let first = numbering::take(work, community, "imported_receipt", &series, count).await?;
    let ids: Vec<PaymentId> = payments.iter().map(|_| PaymentId(Uuid::now_v7())).collect();
    let all = || ids.iter().copied().zip(payments);
    let rows: Vec<Vec<Value>> = all()
        .zip(first..)
        .map(|((id, paid), number)| {
            vec![
                community.into(),
                id.into(),
                format!("DR{series}-{number:06}").into(),
                paid.unit.into(),
                "".into(),
                work.at.into(),
                paid.day.into(),
                work.by.map(|by| by.0).into(),
                paid.cashier.clone().into(),
                paid.amount.into(),
                paid.note.clone().into(),
                "import".into(),
                "taken".into(),
                "".into(),
            ]
        })
        .collect();
    bulk::insert(work.db(), "payment", &COLUMNS, rows).await?;
    let code = Method::Imported.code();
    let rows: Vec<Vec<Value>> =
        all().map(|(id, paid)| vec![community.into(), id.into(), code.clone().into(), paid.amount.into()]).collect();
    bulk::insert(work.db(), "payment_method_line", &["community_id", "payment_id", "method", "amount_fen"], rows).await?;
    let lines = all().map(|(id, paid)| Line::of_principal(id, paid.bill, paid.amount, paid.left)).collect();
    collect::write_lines(work, community, lines).await?;
    let mut entries = all().map(|(id, paid)| entry(id, paid)).collect::<Answer<Vec<_>>>()?;
    entries.extend(held::to_hold(work, community, &entries).await?);
    posting::write(work, community, entries).await?;
    held::follow(work, community, payments.iter().map(|paid| (paid.bill, paid.fee_item))).await
}

fn entry(payment: PaymentId, paid: &PastPaid) -> Answer<posting::Entry> {
    let posting = Posting::new(Account::Received(Method::Imported), Account::Receivable, paid.amount, paid.bill)
        .ok_or_else(|| Failure::broken("an imported payment of nothing"))?;
    Ok(posting::Entry {
        posting,
        day: paid.day,
        month: paid.month.number(),
        unit: paid.unit,
        building: paid.building,
        fee_item: paid.fee_item,
        payment: Some(payment),
        refund: None,
        reverses: None,
    })
}
