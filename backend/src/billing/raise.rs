//! One-off bills: by hand, or on behalf of another capability.

use common::billing::api::{BillSource, RaiseBill, Raised};
use common::charging::trace::Trace;
use common::id::{BillId, BuildingId, CommunityId, FeeItemId, UnitId};
use common::money::Money;
use common::period::{Day, Month, Period};
use common::problem::Problem;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::write::{self, Draft};
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Made, Who, Work, numbering};

/// A bill to be written with its lines.
pub struct NewBill {
    pub id: BillId,
    pub unit: UnitId,
    pub fee_item: FeeItemId,
    pub period: Period,
    pub due_day: Day,
    pub numbers: Numbers,
    pub note: String,
    /// At least one; the bill is their sum.
    pub lines: Vec<(Money, Trace)>,
}

/// Which numbers a bill takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Those of all bills: a run holds them until it has ended.
    Bills,
    /// Those of bills that are written with their payment (`DG202611-000001`): nobody at a desk waits for a run.
    Held,
}

#[derive(FromQueryResult)]
struct Known {
    building_id: Option<BuildingId>,
}

/// Writes a one-off bill and returns its number. `source` says what it is for, e.g. the work order.
pub async fn raise(work: &Work, community: CommunityId, source: Uuid, new: NewBill) -> Answer<String> {
    let amount = Money::sum(new.lines.iter().map(|(amount, _)| *amount)).filter(|amount| amount.is_positive());
    let amount = amount.ok_or_else(|| Problem::field("amount_fen", "not_positive"))?;
    let unit: Known = Sql::new("SELECT building_id FROM unit")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), new.unit.into()])
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    let month = Month::of(new.period.from);
    let number = match new.numbers {
        Numbers::Bills => write::number(month, write::take_numbers(work, community, month, 1).await?),
        Numbers::Held => {
            let series = month.number().to_string();
            format!("DG{series}-{:06}", numbering::take(work, community, "held_bill", &series, 1).await?)
        }
    };
    let draft = Draft {
        id: new.id,
        number: number.clone(),
        unit: new.unit,
        building: unit.building_id,
        fee_item: new.fee_item,
        tariff: None,
        period: new.period,
        issued_day: today(work.db(), community, work.at).await?,
        due_day: new.due_day,
        amount,
        paid: Money::ZERO,
        note: new.note,
        lines: new.lines,
        once: Vec::new(),
        waivers: Vec::new(),
        portions: None,
    };
    write::bills(work, community, BillSource::Raised, source, &[draft]).await?;
    Ok(number)
}

/// Writes a one-off bill by hand. Sent twice, it is one bill.
pub(super) async fn raise_bill(app: App, who: Who, ask: RaiseBill) -> Answer<Raised> {
    let work = app.begin(&who).await?;
    let place: Known = Sql::new("SELECT building_id FROM unit")
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.unit.into()])
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    who.scope.allow(ask.community, place.building_id)?;
    if let Made::Before(raised) = work.make(ask.community, ask.bill.0, &ask).await? {
        return Ok(raised);
    }
    let charged = Sql::new("SELECT COUNT(*) FROM fee_item")
        .push(" WHERE community_id = ? AND id = ? AND active = ?", [ask.community.into(), ask.fee_item.into(), true.into()]);
    if charged.number(work.db()).await? == 0 {
        return Err(Problem::not_found().into());
    }
    let new = NewBill {
        id: ask.bill,
        unit: ask.unit,
        fee_item: ask.fee_item,
        period: Period::new(ask.period_from, ask.period_to).ok_or_else(|| Problem::field("period_to", "period_empty"))?,
        due_day: ask.due_day,
        numbers: Numbers::Bills,
        note: ask.note.trim().to_owned(),
        lines: vec![(ask.amount_fen, Trace::given(ask.note.trim()))],
    };
    let number = raise(&work, ask.community, ask.bill.0, new).await?;
    work.record(Some(ask.community), "billing.raise", ask.bill.0, None::<&()>, Some(&ask)).await?;
    let raised = Raised { bill: ask.bill, number };
    work.made(ask.community, ask.bill.0, &raised).await?;
    work.commit().await?;
    Ok(raised)
}
