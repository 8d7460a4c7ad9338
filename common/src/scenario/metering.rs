//! Meters become usages, and pools become shares, by what metering itself computes with.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Refusal;
use super::format::{Billed, Meter, Pool, Scenario};
use super::names::{Names, id};
use crate::billing::inputs::{RunInputs, RunNoUsage, RunShare, RunUsage};
use crate::charging::tier::TierScope;
use crate::charging::usage::{MeterMark, MeterRead, NoUsageReason, RegisterUsage, ReplacedMeter, ShareTrace};
use crate::formula::{Named, Variable};
use crate::id::ApportionmentId;
use crate::metering::apportion::{self, Sharer};
use crate::metering::usage::{Mark, Turn, sum, usage};
use crate::period::{Day, Month, Period};
use crate::quantity::Quantity;

/// What every meter of a file showed.
pub(super) struct Metered<'a> {
    meters: Vec<(&'a Meter, Vec<Closed>)>,
}

/// A reading that closes a month.
struct Closed {
    month: Month,
    in_review: bool,
    /// A bill of before covers its month, or what was read came to nothing.
    over: bool,
    /// Absent for the baseline.
    read: Option<MeterRead>,
}

impl<'a> Metered<'a> {
    /// Works out every usage; readings are taken by their days, in whatever order the file has them.
    pub(super) fn of(scenario: &'a Scenario, refusals: &mut Vec<Refusal>) -> Result<Self, String> {
        let mut meters = Vec::new();
        for meter in &scenario.meters {
            if meter.unit.is_some() != meter.fee.is_some() {
                return Err(format!("meter {:?}: it has a unit and a fee, or neither", meter.name));
            }
            let mut readings: Vec<_> = meter.readings.iter().collect();
            readings.sort_by_key(|reading| reading.day);
            let mut multiplier = meter.multiplier;
            let mut closed = Vec::new();
            let mut previous: Option<(Quantity, Day)> = None;
            // What was truly read before an estimate that is billed.
            let (mut truly, mut least) = (None, None);
            for reading in readings {
                multiplier = reading.multiplier.unwrap_or(multiplier);
                let turn = Turn {
                    previous: previous.map(|(value, _)| value),
                    present: reading.value,
                    multiplier,
                    digits: meter.digits,
                    mark: reading.mark,
                    least,
                };
                let used = match usage(&turn) {
                    Ok(used) => used,
                    Err(no) => {
                        refusals.push(Refusal::of_field(&meter.name, no.problem("value")));
                        continue;
                    }
                };
                let read = used.zip(previous).map(|(usage, (value, day))| MeterRead {
                    meter: meter.name.clone(),
                    previous: value,
                    previous_day: day,
                    present: reading.value,
                    present_day: reading.day,
                    multiplier,
                    usage,
                    mark: match reading.mark {
                        Some(Mark::RolledOver) => Some(MeterMark::RolledOver),
                        Some(Mark::Replaced { .. }) => Some(MeterMark::Replaced),
                        None => reading.estimated.then_some(MeterMark::Estimated),
                    },
                    replaced: match reading.mark {
                        Some(Mark::Replaced { old_final, old_multiplier, new_initial }) => {
                            Some(ReplacedMeter { old_final, old_multiplier, new_initial })
                        }
                        _ => None,
                    },
                });
                let month = reading.month.unwrap_or_else(|| Month::of(reading.day));
                let over = over(scenario, meter, month);
                let billed = over == Some(Over::Billed);
                closed.push(Closed { month, in_review: reading.in_review, over: over.is_some(), read });
                previous = Some((reading.value, reading.day));
                truly = if reading.estimated { truly } else { Some(reading.value) };
                least = truly.filter(|_| reading.estimated && billed);
            }
            meters.push((meter, closed));
        }
        Ok(Self { meters })
    }

    /// The usages of the period by unit and fee item, and why there is none.
    pub(super) fn put(&self, scenario: &Scenario, names: &Names<'_>, inputs: &mut RunInputs) -> Result<(), String> {
        let period = inputs.period();
        let mut homes: BTreeMap<(u32, u16), Vec<&(&Meter, Vec<Closed>)>> = BTreeMap::new();
        for one in &self.meters {
            if let (Some(unit), Some(fee)) = (&one.0.unit, &one.0.fee) {
                let (unit, fee_item) = (names.unit(unit, "meter.unit")?, names.fee_item(fee, "meter.fee")?);
                let kind = inputs.fee_items.get(usize::from(fee_item)).map(|item| item.kind);
                // Fee items that charge by the meters of another utility, besides that whose they are.
                let others =
                    inputs.tariffs.iter().filter(|tariff| tariff.rules.usage_of.is_some() && tariff.rules.usage_of == kind);
                let others: BTreeSet<u16> = others.map(|tariff| tariff.fee_item).chain([fee_item]).collect();
                for fee_item in others {
                    homes.entry((unit, fee_item)).or_default().push(one);
                }
            }
        }
        for ((unit, fee_item), meters) in homes {
            let last = Month::of(period.last_day());
            let closed: Vec<&Closed> = meters.iter().flat_map(|(_, closed)| open(closed, period)).collect();
            let unread = meters.iter().any(|(_, closed)| !closed.iter().any(|reading| reading.month == last));
            let reason = if unread {
                Some(NoUsageReason::NoReading)
            } else if closed.iter().any(|reading| reading.in_review) {
                Some(NoUsageReason::InReview)
            } else {
                closed.iter().all(|reading| reading.read.is_none()).then_some(NoUsageReason::NoBaseline)
            };
            if let Some(reason) = reason {
                inputs.no_usages.push(RunNoUsage { unit, fee_item, reason });
                continue;
            }
            let of = |meters: &[&(&Meter, Vec<Closed>)]| {
                let reads = meters.iter().flat_map(|(_, closed)| open(closed, period)).filter_map(|one| one.read.as_ref());
                sum(reads.map(|read| read.usage)).ok_or("a usage is too large")
            };
            let mut registers = Vec::new();
            for meter in &meters {
                if let Some(register) = meter.0.register {
                    registers.push(RegisterUsage { register, usage: of(&[meter])? });
                }
            }
            let before = year_before(inputs, fee_item).map(|from| Period { from: from.first_day(), to: period.from });
            let earlier = before.into_iter().flat_map(|before| meters.iter().flat_map(move |(_, closed)| within(closed, before)));
            let earlier = earlier.filter(|one| !closed.iter().any(|open| std::ptr::eq(*open, *one)));
            let earlier = sum(earlier.filter_map(|one| one.read.as_ref()).map(|read| read.usage));
            inputs.usages.push(RunUsage {
                unit,
                fee_item,
                usage: of(&meters)?,
                before: earlier.ok_or("a usage is too large")?,
                registers,
                meters: closed.iter().filter_map(|one| one.read.clone()).collect(),
                readings: Vec::new(),
            });
        }
        self.known(scenario)
    }

    /// The shares of the pools.
    pub(super) fn share(
        &self,
        scenario: &Scenario,
        names: &Names<'_>,
        inputs: &mut RunInputs,
        refusals: &mut Vec<Refusal>,
    ) -> Result<(), String> {
        for (place, pool) in (0_u32..).zip(&scenario.pools) {
            let total = match self.pool(pool, inputs.period())? {
                Ok(total) => total,
                Err(no) => {
                    refusals.push(Refusal::whole(&pool.name, no.problem()));
                    continue;
                }
            };
            let sharers = self.sharers(scenario, names, pool, inputs)?;
            let formula = apportion::weights_formula(pool.by, &pool.formula, &[]);
            let shares = formula.and_then(|formula| apportion::shares(total, pool.by, formula.as_ref(), &sharers));
            let shares = match shares {
                Ok(shares) => shares,
                Err(no) => {
                    refusals.push(Refusal::whole(&pool.name, no.problem()));
                    continue;
                }
            };
            let weights = sum(shares.iter().map(|share| share.weight)).ok_or("the weights are too large")?;
            let fee_item = names.fee_item(&pool.fee, "pool.fee")?;
            for share in &shares {
                let unit = (0_u32..).zip(&inputs.units.id).find(|(_, id)| **id == share.unit).map_or(0, |(unit, _)| unit);
                let trace = ShareTrace {
                    pool: pool.name.clone(),
                    by: pool.by,
                    formula: pool.formula.clone(),
                    weight: share.weight,
                    weights,
                    pool_quantity: total.quantity,
                    pool_fen: total.amount,
                    quantity: share.quantity,
                    units: u32::try_from(shares.len()).unwrap_or(u32::MAX),
                    utility: None,
                    price: pool.price,
                    apportionment: None,
                };
                let apportionment = ApportionmentId(id(9, place));
                inputs.shares.push(RunShare { apportionment, unit, fee_item, amount_fen: share.amount, trace });
            }
        }
        inputs.shares.sort_by_key(|share| share.unit);
        Ok(())
    }

    fn pool(&self, pool: &Pool, period: Period) -> Result<Result<apportion::Pool, apportion::NoShares>, String> {
        match (pool.yuan, &pool.master, pool.price) {
            (Some(yuan), None, None) => Ok(Ok(apportion::Pool { quantity: Quantity::ZERO, amount: yuan.0 })),
            (None, Some(master), Some(price)) => {
                let of = |meters: &[String]| self.used(meters, period);
                let (master, household, public) = (of(std::slice::from_ref(master))?, of(&pool.household)?, of(&pool.public)?);
                let figures = apportion::figures(master, household, public).ok_or("the figures are too large")?;
                Ok(apportion::pool(&figures, pool.taken, price, pool.negative))
            }
            _ => Err(format!("pool {:?}: it has yuan, or a master meter and a price", pool.name)),
        }
    }

    fn sharers(&self, scenario: &Scenario, names: &Names<'_>, pool: &Pool, inputs: &RunInputs) -> Result<Vec<Sharer>, String> {
        let chosen: Vec<u32> = match &pool.units {
            Some(units) => units.iter().map(|unit| names.unit(unit, "pool.units")).collect::<Result<_, _>>()?,
            None => (0..inputs.units.len()).collect(),
        };
        let first = crate::charging::proration::number_of(inputs.period().from);
        let columns = &inputs.heads;
        let mut sharers = Vec::new();
        for unit in chosen {
            let Some((id, stated)) = inputs.units.id_of(unit).zip(scenario.units.get(usize::try_from(unit).unwrap_or(0))) else {
                continue;
            };
            let heads = columns.unit.iter().zip(columns.from.iter().zip(&columns.to)).zip(&columns.heads);
            let mut heads = heads.filter(|((of, (from, to)), _)| **of == unit && **from <= first && first < **to);
            let own = self.meters.iter().filter(|(meter, _)| meter.unit.as_deref() == Some(&stated.name));
            let own: Vec<String> =
                own.map(|(meter, _)| meter.name.clone()).filter(|name| pool.household.contains(name)).collect();
            sharers.push(Sharer {
                unit: id,
                code: stated.name.clone(),
                area: (!stated.area.is_zero()).then_some(stated.area),
                heads: heads.next().map(|(_, heads)| *heads),
                usage: self.used(&own, inputs.period())?,
                values: stated.floor.map(|floor| (Named::Variable(Variable::Floor), Decimal::from(floor))).into_iter().collect(),
            });
        }
        Ok(sharers)
    }

    fn used(&self, names: &[String], period: Period) -> Result<Quantity, String> {
        let mut used = Vec::new();
        for name in names {
            let found = self.meters.iter().find(|(meter, _)| meter.name == *name);
            let (_, closed) = found.ok_or_else(|| format!("pool: there is no meter {name:?}"))?;
            used.extend(within(closed, period).filter_map(|one| one.read.as_ref()).map(|read| read.usage));
        }
        sum(used).ok_or_else(|| "a usage is too large".to_owned())
    }

    fn known(&self, scenario: &Scenario) -> Result<(), String> {
        let twice = |(at, meter): (usize, &Meter)| scenario.meters.iter().take(at).any(|other| other.name == meter.name);
        match scenario.meters.iter().enumerate().find(|one| twice(*one)) {
            Some((_, meter)) => Err(format!("two meters are called {:?}", meter.name)),
            None => Ok(()),
        }
    }
}

/// Those that a run of the period bills: its own, and those that came after a bill of their month or a later one was made.
fn open(closed: &[Closed], period: Period) -> impl Iterator<Item = &Closed> {
    let first = closed.iter().position(|one| one.over).unwrap_or(closed.len());
    // A month in which nothing was used is over: its next bill does not reach back over it.
    let used = |one: &Closed| one.read.as_ref().is_some_and(|read| !read.usage.is_zero());
    let late = move |at: usize, one: &Closed| at > first && !one.over && used(one) && one.month.first_day() < period.from;
    let wanted = move |at: usize, one: &Closed| late(at, one) || period.contains(one.month.first_day());
    closed.iter().enumerate().filter(move |(at, one)| wanted(*at, one)).map(|(_, one)| one)
}

/// How a month of a meter is over for its unit.
#[derive(Clone, Copy, PartialEq)]
enum Over {
    Billed,
    /// What was read came to nothing.
    Settled,
}

fn over(scenario: &Scenario, meter: &Meter, month: Month) -> Option<Over> {
    let day = month.first_day();
    let its = |bill: &&Billed| meter.unit.as_ref() == Some(&bill.unit) && meter.fee.as_ref() == Some(&bill.fee);
    let mut covering = scenario
        .billed
        .iter()
        .filter(its)
        .filter(|bill| bill.once.is_none() && bill.charge.is_none() && bill.from <= day && day < bill.to);
    let found = covering.next()?;
    let billed = !found.nothing || covering.any(|bill| !bill.nothing);
    Some(if billed { Over::Billed } else { Over::Settled })
}

fn within(closed: &[Closed], period: Period) -> impl Iterator<Item = &Closed> {
    closed.iter().filter(move |one| period.contains(one.month.first_day()))
}

/// The first month of the tariff year that the period begins in, where a price of the fee item counts by the year.
fn year_before(inputs: &RunInputs, fee_item: u16) -> Option<Month> {
    let of = inputs.tariffs.iter().filter(|tariff| tariff.fee_item == fee_item);
    let mut tiers = of.flat_map(|tariff| &tariff.prices).flat_map(|price| price.rate.tiers());
    let tiers = tiers.find(|tiers| tiers.scope == TierScope::Year)?;
    Month::new(tiers.year_of(inputs.period().from), u32::from(tiers.year_from))
}
