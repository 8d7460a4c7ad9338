//! What is billed already: in the run's days, once and for all, and, to compare with, in the months before.

use std::collections::{BTreeSet, HashMap};

use common::billing::api::GetRunInputs;
use common::billing::inputs::{RunAmounts, RunBilled, RunTariff};
use common::charging::proration::number_of;
use common::id::{ChargeId, FeeItemId, TariffId, UnitId};
use common::money::Money;
use common::period::{Day, Month, Period};
use sea_orm::{FromQueryResult, StreamTrait};

use super::Places;
use super::scope::among;
use crate::sql::Sql;
use crate::{Answer, Failure};

#[derive(FromQueryResult)]
struct BilledRow {
    unit_id: UnitId,
    fee_item_id: FeeItemId,
    period_from: Day,
    period_to: Day,
    charge: Option<ChargeId>,
    once: Option<TariffId>,
}

/// Live bills whose period touches the run's. One-off bills written by hand do not stand in the way.
pub(super) async fn billed<C: StreamTrait>(
    db: &C,
    ask: &GetRunInputs,
    period: Period,
    tariffs: &[RunTariff],
    fee_items: &[FeeItemId],
    places: &Places,
) -> Answer<RunBilled> {
    let (first, last) = (Month::of(period.from), Month::of(period.last_day()));
    // Begun in these months, or before them and longer than a month: of those there is an index of their own.
    let touching = |months: &str| {
        let sql = Sql::new(
            "SELECT unit_id, fee_item_id, period_from, period_to, CAST(NULL AS uuid) AS charge, CAST(NULL AS uuid) AS once FROM bill \
             WHERE community_id = ",
        )
        .bind(ask.community)
        .push(months, [first.number().into(), last.number().into()])
        .push(" AND period_from < ? AND period_to > ?", [period.to.into(), period.from.into()])
        .add(" AND state <> 'void' AND source <> 'raised' AND fee_item_id IN ")
        .list(fee_items.iter().copied());
        among(sql, "unit_id", ask)
    };
    let mut billed = RunBilled::default();
    let mut take = |row: BilledRow| {
        let place = |charge: ChargeId| places.charges.get(&charge).copied();
        let (Some(unit), Some(fee_item)) = (places.units.get(&row.unit_id), places.fee_items.get(&row.fee_item_id)) else {
            return Ok(());
        };
        // A charge that is over is none of the run's, and stands for no other.
        if row.charge.is_some_and(|charge| place(charge).is_none()) {
            return Ok(());
        }
        billed.unit.push(*unit);
        billed.fee_item.push(*fee_item);
        billed.from.push(number_of(row.period_from));
        billed.to.push(number_of(row.period_to));
        billed.charge.push(row.charge.and_then(place));
        billed.once.push(row.once.and_then(|tariff| places.tariffs.get(&tariff).copied()));
        Ok(())
    };
    touching(" AND month >= ? AND month <= ?")
        .add(" UNION ")
        .join(touching(" AND last_month > month AND last_month >= ? AND month <= ?"))
        .each(db, &mut take)
        .await?;
    let once: Vec<&RunTariff> = tariffs.iter().filter(|tariff| tariff.rules.cycle.is_once()).collect();
    if !once.is_empty() {
        let of: BTreeSet<FeeItemId> =
            once.iter().filter_map(|tariff| fee_items.get(usize::from(tariff.fee_item))).copied().collect();
        let once: Vec<TariffId> = once.into_iter().map(|tariff| tariff.id).collect();
        charged_once(db, ask, &once, of, take).await?;
    }
    Ok(billed)
}

/// Billed once is billed, whenever that was: by the charge, and by its tariff where the charge was taken back, or where the bill is
/// from a time when its tariff was not charged once.
async fn charged_once<C: StreamTrait>(
    db: &C,
    ask: &GetRunInputs,
    tariffs: &[TariffId],
    fee_items: BTreeSet<FeeItemId>,
    take: impl FnMut(BilledRow) -> Answer<()>,
) -> Answer<()> {
    const BACK: &str = "c.to_day IS NOT NULL AND c.to_day <= c.from_day";
    let kept = format!(
        "SELECT b.unit_id, b.fee_item_id, b.period_from, b.period_to, CASE WHEN {BACK} THEN NULL ELSE o.charge_id END AS charge, \
         CASE WHEN {BACK} THEN c.tariff_id END AS once FROM charge c \
         JOIN charged_once o ON o.community_id = c.community_id AND o.charge_id = c.id \
         JOIN bill b ON b.community_id = o.community_id AND b.id = o.bill_id WHERE c.community_id = "
    );
    let kept =
        Sql::new(&kept).bind(ask.community).add(" AND b.state <> 'void' AND c.tariff_id IN ").list(tariffs.iter().copied());
    // By fee item as well: of that there is an index.
    let old = Sql::new(
        "SELECT b.unit_id, b.fee_item_id, b.period_from, b.period_to, CAST(NULL AS uuid), b.tariff_id FROM bill b",
    )
    .add(" WHERE b.community_id = ")
    .bind(ask.community)
    .add(" AND b.state <> 'void' AND NOT EXISTS (SELECT 1 FROM charged_once o JOIN charge c ON c.community_id = o.community_id")
    .add(" AND c.id = o.charge_id WHERE o.community_id = b.community_id AND o.bill_id = b.id AND c.tariff_id = b.tariff_id)")
    .add(" AND b.fee_item_id IN ")
    .list(fee_items)
    .add(" AND b.tariff_id IN ")
    .list(tariffs.iter().copied());
    among(kept, "b.unit_id", ask).add(" UNION ALL ").join(among(old, "b.unit_id", ask)).each(db, take).await
}

#[derive(FromQueryResult)]
struct AmountRow {
    unit_id: UnitId,
    fee_item_id: FeeItemId,
    amount_fen: Money,
}

/// The bills of as many months before the run's.
pub(super) async fn before<C: StreamTrait>(
    db: &C,
    ask: &GetRunInputs,
    fee_items: &[FeeItemId],
    places: &Places,
) -> Answer<RunAmounts> {
    let months = i32::try_from(ask.months).unwrap_or(1);
    // Summed here: to group them, SQLite would read every month's bills in the order of their units.
    let sql = Sql::new("SELECT unit_id, fee_item_id, amount_fen FROM bill")
        .push(" WHERE community_id = ? AND state <> 'void' AND source <> 'raised' AND month >= ? AND month <= ? AND fee_item_id IN ", [
            ask.community.into(),
            ask.first.plus(-months).number().into(),
            ask.first.plus(-1).number().into(),
        ])
        .list(fee_items.iter().copied());
    let mut amounts = RunAmounts::default();
    let mut known: HashMap<(u32, u16), usize> = HashMap::new();
    let take = |row: AmountRow| {
        if let (Some(unit), Some(fee_item)) = (places.units.get(&row.unit_id), places.fee_items.get(&row.fee_item_id)) {
            let place = *known.entry((*unit, *fee_item)).or_insert(amounts.unit.len());
            if let Some(sum) = amounts.amount_fen.get_mut(place) {
                *sum = sum.checked_add(row.amount_fen).ok_or_else(|| Failure::broken("the sum of the months before"))?;
                return Ok(());
            }
            amounts.unit.push(*unit);
            amounts.fee_item.push(*fee_item);
            amounts.amount_fen.push(row.amount_fen);
        }
        Ok(())
    };
    among(sql, "unit_id", ask).each(db, take).await?;
    Ok(amounts)
}
