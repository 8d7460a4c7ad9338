//! A file becomes the inputs of a run: nothing is computed here, the product's own functions do that.

use super::Refusal;
use super::format::{Charge, Heads, MinimumOf, PriceOf, Scenario, Tariff, long_ago};
use super::metering::Metered;
use super::names::{Names, id};
use crate::billing::inputs::{
    RunAmounts, RunBilled, RunBuilding, RunCharges, RunFeeItem, RunField, RunHeads, RunInputs, RunOwned, RunRent, RunSales,
    RunSpans, RunTariff, RunUnits,
};
use crate::charging::minimum::MinimumKind;
use crate::charging::price::{At, PriceRow};
use crate::charging::proration::number_of;
use crate::charging::rate::Rate;
use crate::charging::tariff::{Coefficient, TariffRules};
use crate::id::{BuildingId, CommunityId, EntranceId, FeeItemId, TariffId, UnitId};
use crate::period::{Day, Period};
use crate::waivers::inputs::RunWaivers;

/// The inputs of the run, and what would have been refused when it was typed in.
pub(super) fn of(scenario: &Scenario, names: &Names<'_>, refusals: &mut Vec<Refusal>) -> Result<RunInputs, String> {
    let mut inputs = blank(scenario, names);
    let fields: Vec<String> = inputs.fields.iter().map(|field| field.name.clone()).collect();
    for (place, tariff) in (0_u32..).zip(&scenario.tariffs) {
        let rules = rules_of(tariff)?;
        let problems = rules.problems("tariff").into_iter().chain(rules.formula_problem("tariff", &fields));
        refusals.extend(problems.map(|problem| Refusal::of_field(&tariff.name, problem)));
        let mut prices = Vec::new();
        for (at, price) in tariff.prices.iter().enumerate() {
            let key = format!("tariff {:?}, price {}", tariff.name, at + 1);
            let row = price_of(price, names, &key)?;
            let problems = row.rate.problems("price").into_iter().chain(row.rate.quota_problem("price", &fields));
            refusals.extend(problems.map(|problem| Refusal::of_field(&tariff.name, problem)));
            prices.push(row);
        }
        let fee_item = names.fee_item(tariff.fee_item(), "tariff.fee")?;
        inputs.tariffs.push(RunTariff { id: TariffId(id(3, place)), fee_item, name: tariff.name.clone(), rules, prices });
    }
    units(scenario, names, &mut inputs)?;
    charges(scenario, names, &mut inputs, refusals)?;
    for one in &scenario.sales {
        inputs.sales.push(RunSales { unit: names.unit(&one.unit, "sales.unit")?, month: one.month, sales_fen: one.yuan.0 });
    }
    for one in scenario.billed.iter().filter(|one| !one.nothing) {
        inputs.billed.unit.push(names.unit(&one.unit, "billed.unit")?);
        inputs.billed.fee_item.push(names.fee_item(&one.fee, "billed.fee")?);
        inputs.billed.from.push(number_of(one.from));
        inputs.billed.to.push(number_of(one.to));
        let once = one.once.as_deref().map(|tariff| names.tariff(tariff, "billed.once")).transpose()?;
        inputs.billed.once.push(once);
        inputs.billed.charge.push(one.charge.map(|charge| charge.get() - 1));
    }
    let metered = Metered::of(scenario, refusals)?;
    metered.put(scenario, names, &mut inputs)?;
    metered.share(scenario, names, &mut inputs, refusals)?;
    super::waivers::put(scenario, names, &mut inputs, refusals)?;
    Ok(inputs)
}

fn blank(scenario: &Scenario, names: &Names<'_>) -> RunInputs {
    let (first, months) = (scenario.run.period.first, scenario.run.period.count);
    let mut inputs = RunInputs {
        community: CommunityId(id(1, 1)),
        first,
        months,
        issued_day: first.first_day(),
        due_day: None,
        fee_items: Vec::new(),
        tariffs: Vec::new(),
        buildings: Vec::new(),
        units: RunUnits::default(),
        charges: RunCharges::default(),
        billed: RunBilled::default(),
        held: RunSpans::default(),
        owned: RunOwned::default(),
        heads: RunHeads::default(),
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
    inputs.issued_day = scenario.run.issued.unwrap_or(inputs.period().to);
    for (place, (name, kind)) in (0_u32..).zip(&names.fee_items) {
        inputs.fee_items.push(RunFeeItem { id: FeeItemId(id(2, place)), name: (*name).to_owned(), kind: *kind });
    }
    for (place, name) in (0_u32..).zip(&names.buildings) {
        inputs.buildings.push(RunBuilding { id: BuildingId(id(5, place)), name: (*name).to_owned() });
    }
    inputs.units.entrances = (0_u32..).zip(&names.entrances).map(|(place, _)| EntranceId(id(6, place))).collect();
    for name in scenario.units.iter().flat_map(|unit| unit.fields.keys()) {
        if !inputs.fields.iter().any(|field| field.name == *name) {
            inputs.fields.push(RunField { name: name.clone(), unit: Vec::new(), value: Vec::new() });
        }
    }
    inputs
}

fn units(scenario: &Scenario, names: &Names<'_>, inputs: &mut RunInputs) -> Result<(), String> {
    for (place, unit) in (0_u32..).zip(&scenario.units) {
        let columns = &mut inputs.units;
        columns.id.push(UnitId(id(4, place)));
        columns.label.push(unit.name.clone());
        columns.building.push(unit.building.as_deref().map(|name| names.building(name, "unit.building")).transpose()?);
        columns.entrance.push(unit.entrance.as_deref().map(|name| names.entrance(name, "unit.entrance")).transpose()?);
        columns.floor.push(unit.floor);
        columns.area.push(unit.area.scaled());
        columns.handed_over.push(unit.handed_over.map(number_of));
        columns.kind.push(unit.kind);
        columns.inner_area.push(unit.inner_area.scaled());
        columns.value_fen.push(unit.value.0.fen());
        for field in &mut inputs.fields {
            if let Some(value) = unit.fields.get(&field.name) {
                field.unit.push(place);
                field.value.push(value.scaled());
            }
        }
        spans(&mut inputs.held, place, &unit.held);
        for span in &unit.owners {
            inputs.owned.unit.push(place);
            inputs.owned.from.push(number_of(span.from));
            inputs.owned.to.push(number_of(span.to));
        }
        let heads = &mut inputs.heads;
        let mut put = |from: Day, to: Option<Day>, count: u32| {
            heads.unit.push(place);
            heads.from.push(number_of(from));
            heads.to.push(to.map_or(i32::MAX, number_of));
            heads.heads.push(count);
        };
        match &unit.heads {
            Heads::Always(count) => put(long_ago(), None, *count),
            Heads::Spans(list) => list.iter().for_each(|span| put(span.from, span.to, span.heads)),
        }
    }
    Ok(())
}

fn spans(columns: &mut RunSpans, unit: u32, spans: &[Period]) {
    for span in spans {
        columns.unit.push(unit);
        columns.from.push(number_of(span.from));
        columns.to.push(number_of(span.to));
    }
}

fn charges(scenario: &Scenario, names: &Names<'_>, inputs: &mut RunInputs, refusals: &mut Vec<Refusal>) -> Result<(), String> {
    let mut put = |unit: u32, tariff: u16, from: Day, to: Option<Day>| {
        inputs.charges.unit.push(unit);
        inputs.charges.tariff.push(tariff);
        inputs.charges.from.push(number_of(from));
        inputs.charges.to.push(to.map(number_of));
    };
    if scenario.charges.is_empty() {
        for unit in (0_u32..).zip(&scenario.units).map(|(unit, _)| unit) {
            (0_u16..).zip(&scenario.tariffs).for_each(|(tariff, _)| put(unit, tariff, long_ago(), None));
        }
    }
    for (place, Charge { unit, tariff, from, to, rent }) in (0_u32..).zip(&scenario.charges) {
        put(names.unit(unit, "charge.unit")?, names.tariff(tariff, "charge.tariff")?, *from, *to);
        if let Some(rent) = rent {
            refusals.extend(rent.problems("rent").into_iter().map(|problem| Refusal::of_field(tariff, problem)));
            inputs.rents.push(RunRent { charge: place, rent: rent.clone() });
        }
    }
    Ok(())
}

fn rules_of(tariff: &Tariff) -> Result<TariffRules, String> {
    let mut rules = TariffRules::of_mode(tariff.mode);
    fn set<T: Copy>(field: &mut T, stated: Option<T>) {
        *field = stated.unwrap_or(*field);
    }
    set(&mut rules.cycle, tariff.cycle);
    set(&mut rules.cycle_from, tariff.cycle_from);
    set(&mut rules.cycle_month, tariff.cycle_month);
    set(&mut rules.proration.rule, tariff.proration);
    set(&mut rules.proration.cutoff_day, tariff.cutoff_day);
    set(&mut rules.rounding.to, tariff.round_to);
    set(&mut rules.rounding.how, tariff.round_how);
    set(&mut rules.due.from, tariff.due_from);
    set(&mut rules.due.days, tariff.due_days);
    set(&mut rules.starts_at, tariff.starts_at);
    set(&mut rules.vacant, tariff.vacant);
    set(&mut rules.vacant_rate, tariff.vacant_rate);
    rules.coefficients =
        tariff.coefficients.iter().map(|(kind, coefficient)| Coefficient { kind: *kind, coefficient: *coefficient }).collect();
    rules.formula.clone_from(&tariff.formula);
    rules.usage_of = tariff.usage_of;
    if let Some(MinimumOf { usage, yuan, per }) = tariff.minimum {
        rules.minimum.per = per;
        match (usage, yuan) {
            (Some(usage), None) => (rules.minimum.kind, rules.minimum.usage) = (MinimumKind::Usage, usage),
            (None, Some(yuan)) => (rules.minimum.kind, rules.minimum.amount_fen) = (MinimumKind::Amount, yuan.0),
            _ => return Err(format!("tariff {:?}: its minimum has exactly one of usage, yuan", tariff.name)),
        }
    }
    Ok(rules)
}

fn price_of(price: &PriceOf, names: &Names<'_>, key: &str) -> Result<PriceRow, String> {
    let at = match (&price.building, &price.entrance, &price.unit, price.floor) {
        (None, None, None, None) => At::Community,
        (Some(building), None, None, None) => At::Building(names.building(building, key)?),
        (Some(building), None, None, Some(floor)) => At::Floor(names.building(building, key)?, floor),
        (None, Some(entrance), None, None) => At::Entrance(names.entrance(entrance, key)?),
        (None, None, Some(unit), None) => At::Unit(names.unit(unit, key)?),
        _ => return Err(format!("{key}: it is for a building, a floor of a building, an entrance or a unit")),
    };
    let rate = match (price.flat, &price.tiered, &price.parts, &price.seasons) {
        (Some(flat), None, None, None) => Rate::Flat(flat),
        (None, Some(tiers), None, None) => Rate::Tiered(tiers.clone()),
        (None, None, Some(parts), None) => Rate::Parts(parts.clone()),
        (None, None, None, Some(seasons)) => Rate::Seasons(seasons.clone()),
        _ => return Err(format!("{key}: it has exactly one of flat, tiered, parts, seasons")),
    };
    Ok(PriceRow { at, from: number_of(price.from), to: price.to.map(number_of), rate })
}
