//! What a run is computed from, read in a handful of set-based queries: for the browser's preview and for the run itself.

mod billed;
mod charges;
mod days;
mod held;
mod known;
mod metered;
mod preview;
mod scope;
mod tariffs;
mod units;
mod whole;

use std::collections::HashMap;

use common::billing::api::GetRunInputs;
use common::billing::inputs::{RunAmounts, RunBilled, RunCharges, RunInputs, RunOwned, RunSpans};
use common::billing::plan::READ_BACK_DAYS;
use common::charging::tariff::{Cycle, Vacant};
use common::id::{BuildingId, ChargeId, EntranceId, FeeItemId, TariffId, UnitId};
use common::waivers::inputs::RunWaivers;
use sea_orm::{ConnectionTrait, StreamTrait};

use self::billed::{before, billed};
use self::charges::{charges, contracts};
use self::days::{around, reach, since};
use self::held::held;
use self::known::{numbers, over_time};
use self::metered::metered;
use self::scope::scope;
use self::tariffs::{fee_items, prices, tariffs};
use self::units::{buildings, units};
use self::whole::whole;
use super::portions;
use crate::{Answer, waivers};

pub(super) use self::preview::{get_run_inputs, get_trial_inputs, list_last_read, trial};
pub use self::scope::seen_by;

/// Bills whose period may reach into a run's begin at most so many months before it: no bill is for longer.
pub(super) const LONGEST_MONTHS: i32 = 24;

/// What of a period is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// What is not billed yet.
    Open,
    /// Everything, as if nothing were billed, to try prices, rules and schemes on.
    Trial,
    /// The same without what schemes take off.
    TrialInFull,
}

impl Asked {
    fn is_trial(self) -> bool {
        self != Self::Open
    }
}

/// Places by id.
struct Places {
    units: HashMap<UnitId, u32>,
    buildings: HashMap<BuildingId, u32>,
    entrances: HashMap<EntranceId, u32>,
    fee_items: HashMap<FeeItemId, u16>,
    tariffs: HashMap<TariffId, u16>,
    charges: HashMap<ChargeId, u32>,
}

/// Reads the inputs; inside a run's transaction, or outside for a preview.
pub(super) async fn load<C: ConnectionTrait + StreamTrait>(db: &C, ask: &GetRunInputs) -> Answer<RunInputs> {
    read(db, ask, Asked::Open).await
}

async fn read<C: ConnectionTrait + StreamTrait>(db: &C, ask: &GetRunInputs, asked: Asked) -> Answer<RunInputs> {
    let community = ask.community;
    let scope = scope(db, ask).await?;
    let fee_items = fee_items(db, ask).await?;
    let ids: Vec<FeeItemId> = fee_items.iter().map(|item| item.id).collect();
    let buildings = buildings(db, community, &scope).await?;
    let mut places = Places {
        units: HashMap::new(),
        buildings: buildings.iter().map(|building| building.id).zip(0..).collect(),
        entrances: HashMap::new(),
        fee_items: ids.iter().copied().zip(0..).collect(),
        tariffs: HashMap::new(),
        charges: HashMap::new(),
    };
    let (units, heads) = units(db, ask, &scope, &mut places).await?;
    let mut inputs = RunInputs {
        community,
        first: ask.first,
        months: ask.months,
        issued_day: ask.issued_day,
        due_day: ask.due_day,
        fee_items,
        tariffs: Vec::new(),
        buildings,
        units,
        charges: RunCharges::default(),
        billed: RunBilled::default(),
        held: RunSpans::default(),
        owned: RunOwned::default(),
        heads,
        fields: Vec::new(),
        rents: Vec::new(),
        sales: Vec::new(),
        usages: Vec::new(),
        no_usages: Vec::new(),
        shares: Vec::new(),
        waivers: RunWaivers::default(),
        before: RunAmounts::default(),
        whole: None,
    };
    let period = inputs.period();
    inputs.tariffs = tariffs(db, community, &ids, &mut places).await?;
    inputs.whole = whole(db, ask, &inputs.tariffs, &places, asked).await?;
    let period = match asked {
        Asked::Open => reach(period, &inputs.tariffs),
        // A tried rule may count from the hand-over.
        Asked::Trial | Asked::TrialInFull => around(period, Cycle::Yearly.months()),
    };
    let priced =
        if inputs.tariffs.iter().any(|tariff| tariff.rules.is_metered()) { since(period, READ_BACK_DAYS) } else { period };
    prices(db, community, priced, &mut inputs.tariffs, &places).await?;
    over_time(db, community, period, &places.units, &mut inputs.heads).await?;
    inputs.fields = numbers(db, community, &inputs.tariffs, &places.units, asked).await?;
    inputs.charges = charges(db, ask, period, &mut places).await?;
    contracts(db, &mut inputs, period, &places).await?;
    if asked == Asked::Open {
        inputs.billed = billed(db, ask, period, &inputs.tariffs, &ids, &places).await?;
        inputs.before = before(db, ask, &ids, &places).await?;
    } else {
        // A price may be tried for an entrance that has none yet.
        let mut entrances: Vec<(EntranceId, u32)> = places.entrances.iter().map(|(id, place)| (*id, *place)).collect();
        entrances.sort_unstable_by_key(|(_, place)| *place);
        inputs.units.entrances = entrances.into_iter().map(|(id, _)| id).collect();
    }
    if asked.is_trial() || inputs.tariffs.iter().any(|tariff| tariff.rules.vacant != Vacant::Charged) {
        inputs.held = held(db, ask, period, &places).await?;
    }
    inputs.owned = portions::owned(db, community, period, &places.units).await?;
    metered(db, &mut inputs, &ids, &places, asked).await?;
    let months = (inputs.first, inputs.first.plus(i32::try_from(inputs.months).unwrap_or(1) - 1));
    let found = waivers::Found { units: &places.units, fee_items: &places.fee_items, anew: asked.is_trial().then_some(months) };
    if asked != Asked::TrialInFull {
        inputs.waivers = waivers::in_force(db, community, period, found).await?;
    }
    Ok(inputs)
}
