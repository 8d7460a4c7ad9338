//! What late fee has come to on some bills by a day: two queries for all of them, whatever they are.

use std::collections::HashMap;

use common::charging::late_fee::{Debt, LateFee, Settled, late_fee, still_due};
use common::id::{BillId, CommunityId, FeeItemId};
use common::money::Money;
use common::period::Day;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, Failure, charging};

/// What the late fee of a bill depends on, and what became of it so far.
#[derive(Clone, Copy, Debug)]
pub struct Late {
    pub bill: BillId,
    pub fee_item: FeeItemId,
    pub due_day: Day,
    pub amount: Money,
    /// What is open of its principal.
    pub open: Money,
    /// Charged, paid and waived of its late fee.
    pub charged: Money,
    pub paid: Money,
    pub waived: Money,
}

impl Late {
    /// Charged and neither paid nor waived.
    pub fn booked(&self) -> Money {
        Money::from_fen(self.charged.fen() - self.paid.fen() - self.waived.fen())
    }
}

/// The late fee of a bill on a day.
#[derive(Clone, Debug)]
pub struct LateFeeOf {
    pub fee: LateFee,
    /// What it has come to, or what was charged if that is more. A bill that is settled has come to what was charged.
    pub come_to: Money,
    /// What is due of it.
    pub due: Money,
}

#[derive(FromQueryResult)]
struct Row {
    bill_id: BillId,
    day: Day,
    amount_fen: Money,
    let_off_fen: Money,
}

/// The late fees of bills as of a day; bills without any, and without a rule, are left out.
pub async fn late_fees<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    today: Day,
    bills: impl IntoIterator<Item = Late>,
) -> Answer<HashMap<BillId, LateFeeOf>> {
    let mut bills: Vec<Late> =
        bills.into_iter().filter(|bill| bill.charged.is_positive() || bill.open.is_positive() && bill.due_day < today).collect();
    if bills.is_empty() {
        return Ok(HashMap::new());
    }
    let terms = charging::late_fee_terms(db, community).await?;
    bills.retain(|bill| terms.contains_key(&bill.fee_item) || bill.charged.is_positive());
    let settled = settled(db, community, &bills).await?;
    let mut fees = HashMap::with_capacity(bills.len());
    for bill in bills {
        let none = (Vec::new(), Money::ZERO);
        let settled = settled.get(&bill.bill).unwrap_or(&none);
        let (settled, let_off) = settled;
        let debt = Debt { principal: bill.amount, let_off: *let_off, due: bill.due_day, settled };
        let terms = terms.get(&bill.fee_item).map_or(&[][..], Vec::as_slice);
        let fee = late_fee(debt, terms, today).ok_or_else(|| Failure::broken("a late fee that does not fit"))?;
        let come_to = if bill.open.is_positive() { fee.amount_fen.max(bill.charged) } else { bill.charged };
        let due = still_due(come_to, bill.charged, Money::from_fen(bill.paid.fen() + bill.waived.fen()));
        fees.insert(bill.bill, LateFeeOf { fee, come_to, due });
    }
    Ok(fees)
}

/// What was settled of each principal, by day, and how much of it was let off: all that moved what is owed but the bill itself.
async fn settled<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    bills: &[Late],
) -> Answer<HashMap<BillId, (Vec<Settled>, Money)>> {
    if bills.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = Sql::new("SELECT p.bill_id, p.day, CAST(SUM(CASE WHEN p.credit = 'receivable' THEN p.amount_fen")
        .push(" ELSE -p.amount_fen END) AS bigint) AS amount_fen,", [])
        .push(" CAST(SUM(CASE WHEN p.debit = 'waived' THEN p.amount_fen WHEN p.credit = 'waived' THEN -p.amount_fen ELSE 0 END) AS bigint)", [])
        .push(" AS let_off_fen FROM posting p", [])
        .push(" WHERE p.community_id = ? AND p.bill_id IN ", [community.into()])
        .list(bills.iter().map(|bill| bill.bill))
        .push(" AND 'receivable' IN (p.debit, p.credit) AND 'income' NOT IN (p.debit, p.credit) AND 'held_due' NOT IN (p.debit, p.credit) GROUP BY p.bill_id, p.day", [])
        .all(db)
        .await?;
    let mut settled: HashMap<BillId, (Vec<Settled>, Money)> = HashMap::new();
    for row in rows {
        let (days, let_off) = settled.entry(row.bill_id).or_default();
        days.push(Settled { day: row.day, amount: row.amount_fen });
        *let_off = let_off.checked_add(row.let_off_fen).ok_or_else(|| Failure::broken("a sum of waivers"))?;
    }
    Ok(settled)
}
