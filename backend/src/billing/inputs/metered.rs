//! What metering has for a run: usages, why a unit has none, and shares of pools, those that came late among them.

use std::collections::{HashMap, HashSet};

use common::billing::inputs::{RunInputs, RunNoUsage, RunShare, RunUsage};
use common::charging::tier::TierScope;
use common::charging::usage::ShareInput;
use common::id::{ApportionmentId, FeeItemId, UnitId};
use common::metering::Utility;
use common::period::Month;
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{Asked, Places};
use crate::metering::Metered;
use crate::sql::Sql;
use crate::{Answer, metering};

#[derive(FromQueryResult)]
struct LateRow {
    apportionment_id: ApportionmentId,
    unit_id: UnitId,
}

/// What metering has for the period.
pub(super) async fn metered<C: ConnectionTrait>(
    db: &C,
    inputs: &mut RunInputs,
    fee_items: &[FeeItemId],
    places: &Places,
    asked: Asked,
) -> Answer<()> {
    let period = inputs.period();
    let by_others = by_others(inputs);
    let own: Vec<FeeItemId> = fee_items.iter().copied().filter(|id| !by_others.iter().any(|(_, other)| other == id)).collect();
    let mut usages = Vec::new();
    let mut none = Vec::new();
    let others = by_others.iter().map(|(utility, fee_item)| Metered::Of(*utility, *fee_item));
    for whose in [Metered::Own(&own)].into_iter().chain(others) {
        let (some, without) = match asked {
            Asked::Open => metering::usages(db, inputs.community, whose, period).await?,
            Asked::Trial | Asked::TrialInFull => metering::all_usages(db, inputs.community, whose, period).await?,
        };
        usages.extend(some);
        none.extend(without);
    }
    let place =
        |unit: UnitId, fee_item: FeeItemId| places.units.get(&unit).copied().zip(places.fee_items.get(&fee_item).copied());
    for usage in usages {
        let Some((unit, fee_item)) = place(usage.unit, usage.fee_item) else { continue };
        inputs.usages.push(RunUsage {
            unit,
            fee_item,
            usage: usage.usage,
            before: usage.before,
            registers: usage.registers,
            meters: usage.meters,
            readings: usage.readings,
        });
    }
    for (fee_item, year) in tariff_years(inputs) {
        let id = fee_items.get(usize::from(fee_item)).copied();
        let Some(id) = id.filter(|_| year < inputs.first) else { continue };
        let other = by_others.iter().find(|(_, other)| *other == id);
        let own = [id];
        let whose = other.map_or(Metered::Own(&own), |(utility, fee_item)| Metered::Of(*utility, *fee_item));
        let used: HashMap<UnitId, Quantity> =
            metering::used(db, inputs.community, whose, year, inputs.first).await?.into_iter().collect();
        for usage in inputs.usages.iter_mut().filter(|usage| usage.fee_item == fee_item) {
            let before = inputs.units.id_of(usage.unit).and_then(|unit| used.get(&unit).copied());
            usage.before = before.unwrap_or(Quantity::ZERO);
        }
    }
    for none in none {
        let Some((unit, fee_item)) = place(none.unit, none.fee_item) else { continue };
        inputs.no_usages.push(RunNoUsage { unit, fee_item, reason: none.reason });
    }
    let mut shares = match asked {
        Asked::Open => metering::shares(db, inputs.community, fee_items, period).await?,
        Asked::Trial | Asked::TrialInFull => metering::all_shares(db, inputs.community, fee_items, period).await?,
    };
    leave_to_their_month(db, inputs, fee_items, &mut shares).await?;
    for share in shares {
        let Some((unit, fee_item)) = place(share.unit, share.fee_item) else { continue };
        inputs.shares.push(RunShare {
            apportionment: share.apportionment,
            unit,
            fee_item,
            amount_fen: share.amount_fen,
            trace: share.trace,
        });
    }
    Ok(())
}

/// The fee items of the run that go by the meters of a utility instead of their own.
pub(super) fn by_others(inputs: &RunInputs) -> Vec<(Utility, FeeItemId)> {
    let mut found: Vec<(Utility, FeeItemId)> = Vec::new();
    for tariff in &inputs.tariffs {
        let utility = tariff.rules.usage_of.and_then(Utility::of_kind);
        let fee_item = inputs.fee_item(tariff.fee_item).map(|item| item.id);
        if let (Some(utility), Some(fee_item)) = (utility, fee_item)
            && found.iter().all(|(_, known)| *known != fee_item)
        {
            found.push((utility, fee_item));
        }
    }
    found
}

/// Of the shares of earlier months only those stay that are late: whose unit has a bill of that month or of a later one before
/// the run already, to which nothing can be added. The others wait for a run of their own month.
async fn leave_to_their_month<C: ConnectionTrait>(
    db: &C,
    inputs: &RunInputs,
    fee_items: &[FeeItemId],
    shares: &mut Vec<ShareInput>,
) -> Answer<()> {
    if shares.iter().all(|share| share.month >= inputs.first) {
        return Ok(());
    }
    let rows: Vec<LateRow> = Sql::new("SELECT s.apportionment_id, s.unit_id FROM apportionment a JOIN apportionment_share s")
        .add(" ON s.community_id = a.community_id AND s.apportionment_id = a.id WHERE a.community_id = ")
        .bind(inputs.community)
        .push(
            " AND a.month < ? AND s.bill_id IS NULL AND s.amount_fen <> 0 AND a.fee_item_id IN ",
            [inputs.first.number().into()],
        )
        .list(fee_items.iter().copied())
        .add(" AND EXISTS (SELECT 1 FROM bill b WHERE b.community_id = a.community_id AND b.unit_id = s.unit_id")
        .add(" AND b.fee_item_id = a.fee_item_id AND b.state <> 'void' AND b.source <> 'raised' AND b.last_month >= a.month")
        .push(" AND b.month < ?)", [inputs.first.number().into()])
        .all(db)
        .await?;
    let late: HashSet<(ApportionmentId, UnitId)> = rows.into_iter().map(|row| (row.apportionment_id, row.unit_id)).collect();
    shares.retain(|share| share.month >= inputs.first || late.contains(&(share.apportionment, share.unit)));
    Ok(())
}

/// The fee items with tiers by the year, and the month with which the tariff year of the run's first day begins.
fn tariff_years(inputs: &RunInputs) -> Vec<(u16, Month)> {
    let first = inputs.first.first_day();
    let mut years: Vec<(u16, Month)> = Vec::new();
    for tariff in &inputs.tariffs {
        let tiers = tariff.prices.iter().flat_map(|price| price.rate.tiers()).find(|tiers| tiers.scope == TierScope::Year);
        let Some(year) = tiers.and_then(|tiers| Month::new(tiers.year_of(first), tiers.year_from.into())) else { continue };
        if !years.iter().any(|(fee_item, _)| *fee_item == tariff.fee_item) {
            years.push((tariff.fee_item, year));
        }
    }
    years
}
