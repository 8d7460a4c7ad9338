//! Many payments in one go, each of all that some bills of one unit have open: for data on a large scale.

use common::cashier::{Account, Method, Posting};
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, PaymentId, UnitId};
use common::money::Money;
use common::period::{Day, Month};
use sea_orm::Value;
use uuid::Uuid;

use super::{collect, held, posting};
use crate::sql::Sql;
use crate::{Answer, Failure, Work, bulk, numbering};

/// An open bill that is about to be paid in full.
#[derive(Clone, Debug)]
pub struct OpenInFull {
    pub bill: BillId,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub fee_item: FeeItemId,
    pub month: Month,
    pub open: Money,
}

const COLUMNS: [&str; 12] = [
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
];

/// Pays bills in full on a day, one payment for all bills of a unit that stand next to each other. Returns how many
/// payments that were.
pub async fn pay_in_full(work: &Work, community: CommunityId, day: Day, cashier: &str, bills: &[OpenInFull]) -> Answer<u64> {
    let payments: Vec<(PaymentId, &[OpenInFull])> =
        bills.chunk_by(|a, b| a.unit == b.unit).map(|bills| (PaymentId(Uuid::now_v7()), bills)).collect();
    if payments.is_empty() {
        return Ok(0);
    }
    let series = day.format("%Y%m%d").to_string();
    let first =
        numbering::take(work, community, "receipt", &series, i64::try_from(payments.len()).map_err(Failure::broken)?).await?;
    let (mut rows, mut methods): (Vec<Vec<Value>>, Vec<Vec<Value>>) = (Vec::new(), Vec::new());
    let (mut lines, mut entries) = (Vec::new(), Vec::new());
    for ((payment, bills), number) in payments.iter().zip(first..) {
        let total =
            Money::sum(bills.iter().map(|bill| bill.open)).ok_or_else(|| Failure::broken("a payment that does not fit"))?;
        let Some(unit) = bills.first().map(|bill| bill.unit) else { continue };
        rows.push(vec![
            community.into(),
            (*payment).into(),
            format!("SJ{series}-{number:04}").into(),
            unit.into(),
            "".into(),
            work.at.into(),
            day.into(),
            cashier.into(),
            total.into(),
            "desk".into(),
            "taken".into(),
            "".into(),
        ]);
        methods.push(vec![community.into(), (*payment).into(), Method::Wechat.code().into(), total.into()]);
        for bill in *bills {
            lines.push(collect::Line::of_principal(*payment, bill.bill, bill.open, Money::ZERO));
            entries.push(entry(*payment, day, bill)?);
        }
    }
    let count = bulk::insert(work.db(), "payment", &COLUMNS, rows).await?;
    let columns = ["community_id", "payment_id", "method", "amount_fen"];
    bulk::insert(work.db(), "payment_method_line", &columns, methods).await?;
    collect::write_lines(work, community, lines).await?;
    entries.extend(held::to_hold(work, community, &entries).await?);
    posting::write(work, community, entries).await?;
    for some in bills.chunks(2_000) {
        let settled = Sql::new("UPDATE bill SET paid_fen = amount_fen - waived_fen, open_fen = 0, state = 'settled'")
            .push(" WHERE community_id = ? AND open_fen > 0 AND id IN ", [community.into()])
            .list(some.iter().map(|bill| bill.bill))
            .run(work.db())
            .await?;
        if usize::try_from(settled.rows_affected()) != Ok(some.len()) {
            return Err(Failure::broken("a bill that was not open"));
        }
    }
    held::follow(work, community, bills.iter().map(|bill| (bill.bill, bill.fee_item))).await?;
    Ok(count)
}

fn entry(payment: PaymentId, day: Day, bill: &OpenInFull) -> Answer<posting::Entry> {
    let posting = Posting::new(Account::Received(Method::Wechat), Account::Receivable, bill.open, bill.bill)
        .ok_or_else(|| Failure::broken("a payment of nothing"))?;
    Ok(posting::Entry {
        posting,
        day,
        month: bill.month.number(),
        unit: bill.unit,
        building: bill.building,
        fee_item: bill.fee_item,
        payment: Some(payment),
        refund: None,
        reverses: None,
    })
}
