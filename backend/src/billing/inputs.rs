//! What a run is computed from, read in a handful of set-based queries: for the browser's preview and for the run itself.

use std::collections::{BTreeSet, HashMap};

use common::billing::api::{GetRunInputs, GetTrialInputs};
use common::billing::inputs::{
    RunAmounts, RunBilled, RunBuilding, RunCharges, RunFeeItem, RunHeads, RunInputs, RunOwned, RunRent, RunSales, RunSpans,
    RunTariff, RunUnits, RunWhole, RunWholePlace,
};
use common::billing::plan::READ_BACK_DAYS;
use common::charging::api::PriceScope;
use common::charging::price::{At, PriceRow};
use common::charging::proration::{day_of, number_of};
use common::charging::tariff::{Cycle, CycleFrom, FeeItemKind, Vacant};
use common::estate::kind::UnitKind;
use common::formula::{Formula, Variable};
use common::id::{BuildingId, ChargeId, CommunityId, EntranceId, FeeItemId, TariffId, UnitId};
use common::money::Money;
use common::period::{Day, Month, Period};
use common::permission::Permission;
use common::problem::Problem;
use common::waivers::inputs::RunWaivers;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::known::{numbers, over_time};
use super::metered::metered;
use super::portions;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, charging, waivers};

/// Bills whose period may reach into a run's begin at most so many months before it: no bill is for longer.
pub(super) const LONGEST_MONTHS: i32 = 24;

/// What of a period is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// What is not billed yet.
    Open,
    /// Everything, as if nothing were billed, to try prices, rules and schemes on.
    Trial,
    /// The same without what schemes take off.
    TrialInFull,
}

impl Asked {
    pub(super) fn is_trial(self) -> bool {
        self != Self::Open
    }
}

/// The inputs, for a preview in the browser.
pub(super) async fn get_run_inputs(app: App, who: Who, mut ask: GetRunInputs) -> Answer<RunInputs> {
    (ask.buildings, ask.units) = seen_by(app.db(), &who, ask.community, (ask.buildings, ask.units)).await?;
    Ok(for_preview(&who, load(app.db(), &ask).await?))
}

/// What goes to a browser: who is in which group only to those who may see waivers, since the sums need no names.
fn for_preview(who: &Who, mut inputs: RunInputs) -> RunInputs {
    if !who.may(Permission::WaiversRead) {
        inputs.waivers.nameless();
    }
    inputs
}

/// The inputs for a trial in the browser: as if nothing had been billed of these months, and with all that a tried rule may ask.
pub(super) async fn get_trial_inputs(app: App, who: Who, ask: GetTrialInputs) -> Answer<RunInputs> {
    trial(app.db(), &who, ask).await
}

/// What the caller may try on. Who is in which group and what schemes take off is for those who may see waivers; for others the
/// bills are in full.
pub(super) async fn trial<C: ConnectionTrait>(db: &C, who: &Who, ask: GetTrialInputs) -> Answer<RunInputs> {
    let GetTrialInputs { community, first, months, fee_items, building, unit } = ask;
    let near = match (building, unit) {
        (None, Some(unit)) => building_of(db, community, unit).await?,
        (building, _) => building,
    };
    let buildings = in_scope(who, community, near.into_iter().collect())?;
    let asked = if who.may(Permission::WaiversRead) { Asked::Trial } else { Asked::TrialInFull };
    let (issued_day, units) = (first.first_day(), Vec::new());
    let ask = GetRunInputs { community, first, months, fee_items, buildings, units, issued_day, due_day: None, rule: None };
    Ok(for_preview(who, read(db, &ask, asked).await?))
}

/// Where a unit is.
async fn building_of<C: ConnectionTrait>(db: &C, community: CommunityId, unit: UnitId) -> Answer<Option<BuildingId>> {
    #[derive(FromQueryResult)]
    struct Row {
        building_id: Option<BuildingId>,
    }
    let row: Option<Row> = Sql::new("SELECT building_id FROM unit WHERE community_id = ")
        .bind(community)
        .add(" AND id = ")
        .bind(unit)
        .one(db)
        .await?;
    row.map(|row| row.building_id).ok_or_else(|| Problem::not_found().into())
}

/// The buildings and single units that a run is for, given what was asked and what the caller sees. Single units stand for
/// themselves: all of them are seen, or none of it is done.
pub(super) async fn seen_by<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    (buildings, mut units): (Vec<BuildingId>, Vec<UnitId>),
) -> Answer<(Vec<BuildingId>, Vec<UnitId>)> {
    if units.is_empty() {
        let mut buildings = in_scope(who, community, buildings)?;
        buildings.sort_unstable();
        buildings.dedup();
        return Ok((buildings, units));
    }
    units.sort_unstable();
    units.dedup();
    let seen = Sql::new("SELECT COUNT(*) AS number FROM unit WHERE community_id = ")
        .bind(community)
        .within("building_id", &who.scope.buildings(community))
        .add(" AND id IN ")
        .list(units.iter().copied())
        .number(db)
        .await?;
    if usize::try_from(seen).ok() == Some(units.len()) { Ok((Vec::new(), units)) } else { Err(Problem::not_found().into()) }
}

/// The buildings that a run is for, given what was asked and what the caller sees; none named means the whole community.
pub(super) fn in_scope(who: &Who, community: CommunityId, asked: Vec<BuildingId>) -> Answer<Vec<BuildingId>> {
    match who.scope.buildings(community) {
        Buildings::All => Ok(asked),
        Buildings::Only(own) if own.is_empty() => Err(Problem::not_found().into()),
        Buildings::Only(own) if asked.is_empty() => Ok(own),
        Buildings::Only(own) if asked.iter().all(|building| own.contains(building)) => Ok(asked),
        Buildings::Only(_) => Err(Problem::not_found().into()),
    }
}

#[derive(FromQueryResult)]
struct FeeItemRow {
    id: FeeItemId,
    name: String,
    kind: String,
}

#[derive(FromQueryResult)]
struct UnitRow {
    id: UnitId,
    label: String,
    building_id: Option<BuildingId>,
    entrance_id: Option<EntranceId>,
    floor: Option<i32>,
    billed_area: Option<i64>,
    inner_area: Option<i64>,
    property_value_fen: Option<i64>,
    heads: Option<i32>,
    kind: String,
    handed_over: Option<Day>,
}

#[derive(FromQueryResult)]
struct BuildingRow {
    id: BuildingId,
    name: String,
}

#[derive(FromQueryResult)]
struct ChargeRow {
    id: ChargeId,
    unit_id: UnitId,
    tariff_id: TariffId,
    from_day: Day,
    to_day: Option<Day>,
}

#[derive(FromQueryResult)]
struct BilledRow {
    unit_id: UnitId,
    fee_item_id: FeeItemId,
    period_from: Day,
    period_to: Day,
    charge: Option<ChargeId>,
    once: Option<TariffId>,
}

#[derive(FromQueryResult)]
struct AmountRow {
    unit_id: UnitId,
    fee_item_id: FeeItemId,
    amount_fen: Money,
}

#[derive(FromQueryResult)]
struct HeldRow {
    unit_id: UnitId,
    from_day: Day,
    to_day: Option<Day>,
}

/// Places by id.
pub(super) struct Places {
    pub(super) units: HashMap<UnitId, u32>,
    pub(super) buildings: HashMap<BuildingId, u32>,
    pub(super) entrances: HashMap<EntranceId, u32>,
    pub(super) fee_items: HashMap<FeeItemId, u16>,
    pub(super) tariffs: HashMap<TariffId, u16>,
    pub(super) charges: HashMap<ChargeId, u32>,
}

/// Reads the inputs; inside a run's transaction, or outside for a preview.
pub(super) async fn load<C: ConnectionTrait>(db: &C, ask: &GetRunInputs) -> Answer<RunInputs> {
    read(db, ask, Asked::Open).await
}

async fn read<C: ConnectionTrait>(db: &C, ask: &GetRunInputs, asked: Asked) -> Answer<RunInputs> {
    let community = ask.community;
    let scope = scope(db, ask).await?;
    let fee_items = fee_items(db, ask).await?;
    let ids: Vec<FeeItemId> = fee_items.iter().map(|item| item.id).collect();
    let buildings: Vec<BuildingRow> = Sql::new("SELECT id, name FROM building")
        .push(" WHERE community_id = ?", [community.into()])
        .within("id", &scope)
        .push(" ORDER BY sort_key, id", [])
        .all(db)
        .await?;
    let mut places = Places {
        units: HashMap::new(),
        buildings: buildings.iter().map(|row| row.id).zip(0..).collect(),
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
        buildings: buildings.into_iter().map(|row| RunBuilding { id: row.id, name: row.name }).collect(),
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

/// The buildings that the run's units stand in.
async fn scope<C: ConnectionTrait>(db: &C, ask: &GetRunInputs) -> Answer<Buildings> {
    #[derive(FromQueryResult)]
    struct Row {
        building_id: BuildingId,
    }
    if ask.units.is_empty() {
        return Ok(if ask.buildings.is_empty() { Buildings::All } else { Buildings::Only(ask.buildings.clone()) });
    }
    let sql =
        Sql::new("SELECT DISTINCT building_id FROM unit WHERE building_id IS NOT NULL AND community_id = ").bind(ask.community);
    let rows: Vec<Row> = among(sql, "id", ask).all(db).await?;
    Ok(Buildings::Only(rows.into_iter().map(|row| row.building_id).collect()))
}

/// Adds: only what is about the run's single units, where it is for such.
fn among(sql: Sql, column: &str, ask: &GetRunInputs) -> Sql {
    if ask.units.is_empty() {
        return sql;
    }
    sql.add(&format!(" AND {column} IN ")).list(ask.units.iter().copied())
}

/// The sums of the whole community, where the run is for a part of it and a formula asks for them; those of buildings and entrances
/// as well, where it is for a part of these.
async fn whole<C: ConnectionTrait>(
    db: &C,
    ask: &GetRunInputs,
    tariffs: &[RunTariff],
    places: &Places,
    asked: Asked,
) -> Answer<Option<RunWhole>> {
    let asks = |tariff: &RunTariff, of: &[Variable]| {
        Formula::names_in(&tariff.rules.formula).iter().any(|variable| of.contains(variable))
    };
    let ask_for = |of: &[Variable]| tariffs.iter().any(|tariff| asks(tariff, of));
    let around = !ask.units.is_empty() && ask_for(&[Variable::BuildingArea, Variable::BuildingUnits, Variable::EntranceArea]);
    let community = (!ask.units.is_empty() || !ask.buildings.is_empty())
        // A trial may bring a formula of its own.
        && (asked.is_trial() || ask_for(&[Variable::CommunityArea, Variable::CommunityUnits]));
    if !around && !community {
        return Ok(None);
    }
    let all: Vec<Sums> = sums(db, ask.community, "community_id", [ask.community.0].into_iter()).await?;
    let mut whole =
        all.first().map(|sums| RunWhole { area: sums.area, units: sums.units, ..RunWhole::default() }).unwrap_or_default();
    if around {
        let buildings = sums(db, ask.community, "building_id", places.buildings.keys().map(|id| id.0)).await?;
        let place = |sums: &Sums| places.buildings.get(&BuildingId(sums.id)).copied();
        whole.buildings = buildings.iter().filter_map(|sums| Some(sums.at(place(sums)?))).collect();
        let entrances = sums(db, ask.community, "entrance_id", places.entrances.keys().map(|id| id.0)).await?;
        let place = |sums: &Sums| places.entrances.get(&EntranceId(sums.id)).copied();
        whole.entrances = entrances.iter().filter_map(|sums| Some(sums.at(place(sums)?))).collect();
    }
    Ok(Some(whole))
}

/// What the units of a place come to.
#[derive(FromQueryResult)]
struct Sums {
    id: Uuid,
    units: i64,
    area: i64,
}

impl Sums {
    fn at(&self, place: u32) -> RunWholePlace {
        RunWholePlace { place, area: self.area, units: self.units }
    }
}

async fn sums<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    column: &str,
    of: impl Iterator<Item = Uuid>,
) -> Answer<Vec<Sums>> {
    Sql::new(&format!(
        "SELECT {column} AS id, COUNT(*) AS units, CAST(COALESCE(SUM(billed_area), 0) AS bigint) AS area FROM unit WHERE community_id = "
    ))
    .bind(community)
    .add(&format!(" AND {column} IN "))
    .list(of)
    .add(&format!(" GROUP BY {column}"))
    .all(db)
    .await
}

async fn fee_items<C: ConnectionTrait>(db: &C, ask: &GetRunInputs) -> Answer<Vec<RunFeeItem>> {
    let rows: Vec<FeeItemRow> = Sql::new("SELECT id, name, kind FROM fee_item")
        .push(" WHERE community_id = ? AND active = ? AND id IN ", [ask.community.into(), true.into()])
        .list(ask.fee_items.iter().copied())
        .push(" ORDER BY sort, code", [])
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let kind =
                FeeItemKind::from_word(&row.kind).ok_or_else(|| Failure::broken(format!("fee item kind {:?}", row.kind)))?;
            Ok(RunFeeItem { id: row.id, name: row.name, kind })
        })
        .collect()
}

/// The days that bills of this run may be for: cycles by anniversary reach out of the run's months.
fn reach(period: Period, tariffs: &[RunTariff]) -> Period {
    let longest = tariffs.iter().filter(|tariff| tariff.rules.cycle_from == CycleFrom::Anniversary);
    longest.map(|tariff| tariff.rules.cycle.months()).max().map_or(period, |months| around(period, months))
}

/// So many days more before it.
fn since(period: Period, days: i32) -> Period {
    Period { from: day_of(number_of(period.from).saturating_sub(days)), to: period.to }
}

/// So many months more at both ends.
fn around(period: Period, months: u32) -> Period {
    let months = chrono::Months::new(months);
    Period {
        from: period.from.checked_sub_months(months).unwrap_or(period.from),
        to: period.to.checked_add_months(months).unwrap_or(period.to),
    }
}

/// The units and how many people live in each, where that is known.
async fn units<C: ConnectionTrait>(
    db: &C,
    ask: &GetRunInputs,
    scope: &Buildings,
    places: &mut Places,
) -> Answer<(RunUnits, RunHeads)> {
    let sql = Sql::new("SELECT id, label, building_id, entrance_id, floor, billed_area, inner_area, property_value_fen, ")
        .add("heads, kind, handed_over FROM unit")
        .push(" WHERE community_id = ?", [ask.community.into()]);
    // Single units may stand in no building.
    let sql = if ask.units.is_empty() { sql.within("building_id", scope) } else { among(sql, "id", ask) };
    let rows: Vec<UnitRow> = sql.push(" ORDER BY sort_key, id", []).all(db).await?;
    let mut units = RunUnits::default();
    let mut heads = RunHeads::default();
    places.units.reserve(rows.len());
    for (row, place) in rows.into_iter().zip(0_u32..) {
        places.units.insert(row.id, place);
        let next = u32::try_from(places.entrances.len()).unwrap_or(u32::MAX);
        units.id.push(row.id);
        units.label.push(row.label);
        units.building.push(row.building_id.and_then(|id| places.buildings.get(&id).copied()));
        units.entrance.push(row.entrance_id.map(|id| *places.entrances.entry(id).or_insert(next)));
        units.floor.push(row.floor.and_then(|floor| i16::try_from(floor).ok()));
        units.area.push(row.billed_area.unwrap_or(0));
        units.handed_over.push(row.handed_over.map(number_of));
        let kind = UnitKind::from_code(&row.kind).ok_or_else(|| Failure::broken(format!("unit kind {:?}", row.kind)))?;
        let heads_known = row.heads.and_then(|heads| u32::try_from(heads).ok());
        units.kind.push(kind);
        units.inner_area.push(row.inner_area.unwrap_or(0));
        units.value_fen.push(row.property_value_fen.unwrap_or(0));
        if let Some(people) = heads_known {
            heads.unit.push(place);
            heads.from.push(i32::MIN);
            heads.to.push(i32::MAX);
            heads.heads.push(people);
        }
    }
    Ok((units, heads))
}

/// The tariffs of the fee items, their prices still to come.
async fn tariffs<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
    places: &mut Places,
) -> Answer<Vec<RunTariff>> {
    let mut tariffs = Vec::new();
    for (tariff, place) in charging::running_tariffs(db, community, fee_items).await?.into_iter().zip(0_u16..) {
        let Some(fee_item) = places.fee_items.get(&tariff.fee_item).copied() else { continue };
        places.tariffs.insert(tariff.id, place);
        tariffs.push(RunTariff { id: tariff.id, fee_item, name: tariff.name, rules: tariff.rules, prices: Vec::new() });
    }
    Ok(tariffs)
}

/// Adds the prices in force on some day that a bill may be for; a price for a place outside the run is left out.
async fn prices<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    period: Period,
    tariffs: &mut [RunTariff],
    places: &Places,
) -> Answer<()> {
    let ids: Vec<TariffId> = tariffs.iter().map(|tariff| tariff.id).collect();
    for row in charging::price_rows(db, community, &ids, period.from, period.to).await? {
        let at = match row.scope()? {
            PriceScope::Community => Some(At::Community),
            PriceScope::Building { building } => places.buildings.get(&building).copied().map(At::Building),
            PriceScope::Entrance { entrance } => places.entrances.get(&entrance).copied().map(At::Entrance),
            PriceScope::Floor { building, floor } => places.buildings.get(&building).map(|building| At::Floor(*building, floor)),
            PriceScope::Unit { unit } => places.units.get(&unit).copied().map(At::Unit),
        };
        let tariff = places.tariffs.get(&row.tariff_id).and_then(|place| tariffs.get_mut(usize::from(*place)));
        if let (Some(at), Some(tariff)) = (at, tariff) {
            let rate = row.rate()?;
            tariff.prices.push(PriceRow { at, from: number_of(row.from_day), to: row.to_day.map(number_of), rate });
        }
    }
    Ok(())
}

async fn charges<C: ConnectionTrait>(db: &C, ask: &GetRunInputs, period: Period, places: &mut Places) -> Answer<RunCharges> {
    let sql = Sql::new("SELECT id, unit_id, tariff_id, from_day, to_day FROM charge")
        .push(" WHERE community_id = ? AND from_day < ? AND (to_day IS NULL OR (to_day > ? AND to_day > from_day)) AND tariff_id IN ", [
            ask.community.into(),
            period.to.into(),
            period.from.into(),
        ])
        .list(places.tariffs.keys().copied());
    let rows: Vec<ChargeRow> = among(sql, "unit_id", ask).push(" ORDER BY from_day, id", []).all(db).await?;
    let mut charges = RunCharges::default();
    for row in rows {
        if let (Some(unit), Some(tariff)) = (places.units.get(&row.unit_id), places.tariffs.get(&row.tariff_id)) {
            charges.id.push(row.id);
            places.charges.insert(row.id, u32::try_from(charges.unit.len()).unwrap_or(u32::MAX));
            charges.unit.push(*unit);
            charges.tariff.push(*tariff);
            charges.from.push(number_of(row.from_day));
            charges.to.push(row.to_day.map(number_of));
        }
    }
    Ok(charges)
}

/// What contracts say of these charges, and the sales that some of them ask for.
async fn contracts<C: ConnectionTrait>(db: &C, inputs: &mut RunInputs, period: Period, places: &Places) -> Answer<()> {
    let tariffs: Vec<TariffId> = places.tariffs.keys().copied().collect();
    let rents = charging::rents(db, inputs.community, &tariffs, period).await?;
    let rents = rents.into_iter().filter_map(|(charge, rent)| Some(RunRent { charge: *places.charges.get(&charge)?, rent }));
    inputs.rents = rents.collect();
    inputs.rents.sort_unstable_by_key(|rent| rent.charge);
    if inputs.rents.iter().any(|rent| rent.rent.turnover.is_some()) {
        let months = (Month::of(period.from), Month::of(period.last_day()));
        let sales = charging::sales(db, inputs.community, months).await?;
        let sales = sales.into_iter();
        let of = |(unit, month, sales_fen)| Some(RunSales { unit: *places.units.get(&unit)?, month, sales_fen });
        inputs.sales = sales.filter_map(of).collect();
    }
    Ok(())
}

/// Live bills whose period touches the run's. One-off bills written by hand do not stand in the way.
async fn billed<C: ConnectionTrait>(
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
    let mut rows: Vec<BilledRow> = touching(" AND month >= ? AND month <= ?")
        .add(" UNION ")
        .join(touching(" AND last_month > month AND last_month >= ? AND month <= ?"))
        .all(db)
        .await?;
    let once: Vec<&RunTariff> = tariffs.iter().filter(|tariff| tariff.rules.cycle.is_once()).collect();
    if !once.is_empty() {
        let of: BTreeSet<FeeItemId> =
            once.iter().filter_map(|tariff| fee_items.get(usize::from(tariff.fee_item))).copied().collect();
        let once: Vec<TariffId> = once.into_iter().map(|tariff| tariff.id).collect();
        rows.extend(charged_once(db, ask, &once, of).await?);
    }
    let mut billed = RunBilled::default();
    for row in rows {
        let place = |charge: ChargeId| places.charges.get(&charge).copied();
        let (Some(unit), Some(fee_item)) = (places.units.get(&row.unit_id), places.fee_items.get(&row.fee_item_id)) else {
            continue;
        };
        // A charge that is over is none of the run's, and stands for no other.
        if row.charge.is_some_and(|charge| place(charge).is_none()) {
            continue;
        }
        billed.unit.push(*unit);
        billed.fee_item.push(*fee_item);
        billed.from.push(number_of(row.period_from));
        billed.to.push(number_of(row.period_to));
        billed.charge.push(row.charge.and_then(place));
        billed.once.push(row.once.and_then(|tariff| places.tariffs.get(&tariff).copied()));
    }
    Ok(billed)
}

/// Billed once is billed, whenever that was: by the charge, and by its tariff where the charge was taken back, or where the bill is
/// from a time when its tariff was not charged once.
async fn charged_once<C: ConnectionTrait>(
    db: &C,
    ask: &GetRunInputs,
    tariffs: &[TariffId],
    fee_items: BTreeSet<FeeItemId>,
) -> Answer<Vec<BilledRow>> {
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
    among(kept, "b.unit_id", ask).add(" UNION ALL ").join(among(old, "b.unit_id", ask)).all(db).await
}

/// The bills of as many months before the run's.
async fn before<C: ConnectionTrait>(db: &C, ask: &GetRunInputs, fee_items: &[FeeItemId], places: &Places) -> Answer<RunAmounts> {
    let months = i32::try_from(ask.months).unwrap_or(1);
    // Summed here: to group them, SQLite would read every month's bills in the order of their units.
    let sql = Sql::new("SELECT unit_id, fee_item_id, amount_fen FROM bill")
        .push(" WHERE community_id = ? AND state <> 'void' AND source <> 'raised' AND month >= ? AND month <= ? AND fee_item_id IN ", [
            ask.community.into(),
            ask.first.plus(-months).number().into(),
            ask.first.plus(-1).number().into(),
        ])
        .list(fee_items.iter().copied());
    let rows: Vec<AmountRow> = among(sql, "unit_id", ask).all(db).await?;
    let mut amounts = RunAmounts::default();
    let mut known: HashMap<(u32, u16), usize> = HashMap::with_capacity(rows.len());
    for row in rows {
        if let (Some(unit), Some(fee_item)) = (places.units.get(&row.unit_id), places.fee_items.get(&row.fee_item_id)) {
            let place = *known.entry((*unit, *fee_item)).or_insert(amounts.unit.len());
            if let Some(sum) = amounts.amount_fen.get_mut(place) {
                *sum = sum.checked_add(row.amount_fen).ok_or_else(|| Failure::broken("the sum of the months before"))?;
                continue;
            }
            amounts.unit.push(*unit);
            amounts.fee_item.push(*fee_item);
            amounts.amount_fen.push(row.amount_fen);
        }
    }
    Ok(amounts)
}

/// The days on which units were held or lived in, joined where they touch.
async fn held<C: ConnectionTrait>(db: &C, ask: &GetRunInputs, period: Period, places: &Places) -> Answer<RunSpans> {
    let sql = Sql::new("SELECT unit_id, from_day, to_day FROM occupancy").push(
        " WHERE community_id = ? AND from_day < ? AND (to_day IS NULL OR to_day > ?)",
        [ask.community.into(), period.to.into(), period.from.into()],
    );
    let rows: Vec<HeldRow> = among(sql, "unit_id", ask).add(" ORDER BY unit_id, from_day").all(db).await?;
    let mut spans = RunSpans::default();
    for row in rows {
        let Some(unit) = places.units.get(&row.unit_id).copied() else { continue };
        let (from, to) = (number_of(row.from_day), number_of(row.to_day.unwrap_or(period.to).min(period.to)));
        match (spans.unit.last(), spans.to.last_mut()) {
            (Some(last), Some(end)) if *last == unit && from <= *end => *end = to.max(*end),
            _ => {
                spans.unit.push(unit);
                spans.from.push(from);
                spans.to.push(to);
            }
        }
    }
    Ok(spans)
}
