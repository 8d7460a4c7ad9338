//! Money that is taken to be held: its bill is written and paid in one transaction.

use common::cashier::HeldKind;
use common::cashier::api::{Collect, HeldItem};
use common::cashier::settle::BillAmount;
use common::charging::tariff::FeeItemKind;
use common::charging::trace::Trace;
use common::id::{CommunityId, FeeItemId};
use common::period::{Day, Period};
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::billing::{NewBill, Numbers, raise};
use crate::sql::Sql;
use crate::{Answer, Failure, Work};

/// Writes the bills of what a payment takes to be held; each is then paid in full like those that stood before.
pub(in crate::cashier) async fn bills(work: &Work, ask: &Collect, today: Day) -> Answer<Vec<BillAmount>> {
    let mut bills = Vec::with_capacity(ask.takes.len());
    if ask.takes.is_empty() {
        return Ok(bills);
    }
    let known = Sql::new("SELECT COUNT(*) FROM bill WHERE community_id = ")
        .bind(ask.community)
        .add(" AND id IN ")
        .list(ask.takes.iter().map(|take| take.bill));
    if known.number(work.db()).await? > 0 {
        return Err(Problem::conflict("cashier.payment_reused", "A bill's id was used for something else").into());
    }
    let offered = items(work.db(), ask.community).await?;
    let period = Period::new(today, today.succ_opt().ok_or_else(|| Failure::broken("the last of all days"))?);
    let period = period.ok_or_else(|| Failure::broken("a day that has no length"))?;
    for take in &ask.takes {
        if offered.iter().all(|item| item.fee_item != take.fee_item) {
            return Err(Problem::conflict("cashier.not_held_item", "Nothing is held under this fee item").into());
        }
        let new = NewBill {
            id: take.bill,
            unit: ask.unit,
            fee_item: take.fee_item,
            period,
            due_day: today,
            numbers: Numbers::Held,
            note: ask.note.trim().to_owned(),
            lines: vec![(take.amount_fen, Trace::given(ask.note.trim()))],
        };
        raise(work, ask.community, ask.payment.0, new).await?;
        bills.push(BillAmount::whole(take.bill, take.amount_fen));
    }
    Ok(bills)
}

/// The fee items under which money can be taken to be held, in their order.
pub(in crate::cashier) async fn items<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<HeldItem>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: FeeItemId,
        name: String,
        kind: String,
        pays_for_name: Option<String>,
    }
    let rows: Vec<Row> = Sql::new("SELECT f.id, f.name, f.kind, o.name AS pays_for_name FROM fee_item f")
        .add(" LEFT JOIN fee_item o ON o.community_id = f.community_id AND o.id = f.pays_for WHERE f.community_id = ")
        .bind(community)
        .push(" AND f.active = ? AND f.kind IN ('prepayment', 'deposit') ORDER BY f.sort, f.name", [true.into()])
        .all(db)
        .await?;
    let item = |row: Row| {
        let kind = FeeItemKind::from_word(&row.kind).and_then(HeldKind::of);
        let kind = kind.ok_or_else(|| Failure::broken(format!("fee item kind {:?}", row.kind)))?;
        Ok(HeldItem { fee_item: row.id, name: row.name, kind, pays_for_name: row.pays_for_name })
    };
    rows.into_iter().map(item).collect()
}
