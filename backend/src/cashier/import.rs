//! Payments of the past, brought in with their bills.

use common::cashier::{Account, Method, Posting};
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, PaymentId, UnitId};
use common::money::Money;
use common::period::{Day, Month};
use sea_orm::Value;
use uuid::Uuid;

use super::posting;
use crate::{Answer, Failure, Work, bulk, numbering, organisation};

/// A bill that was paid, in part or whole, before the books were kept here. Its `paid_fen`, `open_fen` and `state` are
/// written by whoever writes the bill; this writes the payment and the postings that they are the sum of.
#[derive(Clone, Debug)]
pub struct ImportedPayment {
    pub bill: BillId,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub fee_item: FeeItemId,
    /// The bill's month.
    pub month: Month,
    /// When the money came in.
    pub day: Day,
    pub payer: String,
    pub amount: Money,
    pub note: String,
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

/// Writes imported payments, one for each bill, with numbers of their own series (`DR20261123-000001`) and postings on the
/// account [`Method::Imported`]. Returns their ids in the order given.
pub async fn import(work: &Work, community: CommunityId, payments: &[ImportedPayment]) -> Answer<Vec<PaymentId>> {
    if payments.is_empty() {
        return Ok(Vec::new());
    }
    let today = organisation::today(work.db(), community, work.at).await?;
    let series = today.format("%Y%m%d").to_string();
    let count = i64::try_from(payments.len()).map_err(Failure::broken)?;
    let first = numbering::take(work, community, "imported_receipt", &series, count).await?;
    let ids: Vec<PaymentId> = payments.iter().map(|_| PaymentId(Uuid::now_v7())).collect();
    let method = Method::Imported;
    let all = || ids.iter().copied().zip(payments);
    let rows: Vec<Vec<Value>> = all()
        .zip(first..)
        .map(|((id, paid), number)| {
            vec![
                community.into(),
                id.into(),
                format!("DR{series}-{number:06}").into(),
                paid.unit.into(),
                paid.payer.clone().into(),
                work.at.into(),
                paid.day.into(),
                work.by.map(|by| by.0).into(),
                "".into(),
                paid.amount.into(),
                paid.note.clone().into(),
                "import".into(),
                "taken".into(),
                "".into(),
            ]
        })
        .collect();
    bulk::insert(work.db(), "payment", &COLUMNS, rows).await?;
    let rows: Vec<Vec<Value>> =
        all().map(|(id, paid)| vec![community.into(), id.into(), method.code().into(), paid.amount.into()]).collect();
    bulk::insert(work.db(), "payment_method_line", &["community_id", "payment_id", "method", "amount_fen"], rows).await?;
    super::collect::write_lines(work, community, all().map(|(id, paid)| (id, paid.bill, paid.amount)).collect()).await?;
    let entries = all()
        .map(|(id, paid)| {
            let posting = Posting::new(Account::Received(method), Account::Receivable, paid.amount, paid.bill)
                .ok_or_else(|| Failure::broken("an imported payment of nothing"))?;
            Ok(posting::Entry {
                posting,
                day: paid.day,
                month: paid.month.number(),
                unit: paid.unit,
                building: paid.building,
                fee_item: paid.fee_item,
                payment: id,
                reverses: None,
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    posting::write(work, community, entries).await?;
    Ok(ids)
}
