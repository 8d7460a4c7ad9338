//! What is tried: other prices, rules and waiver schemes, put into the inputs of a run.

use chrono::Months;
use serde::{Deserialize, Serialize};

use super::super::inputs::{RunInputs, RunTariff};
use super::scheme;
use crate::charging::api::PriceScope;
use crate::charging::price::{At, PriceRow};
use crate::charging::proration::number_of;
use crate::charging::rate::Rate;
use crate::charging::tariff::{CycleFrom, Mode, TariffRules};
use crate::id::{BuildingId, EntranceId, TariffId, UnitId, WaiverSchemeId};
use crate::period::Day;
use crate::problem::Problem;
use crate::waivers::api::SaveScheme;

/// A scope as changes carry it: what reads a tag among other fields would be a twentieth of the worker's code.
#[derive(Serialize, Deserialize)]
#[serde(remote = "PriceScope", rename_all = "snake_case")]
enum Scope {
    Community,
    Building { building: BuildingId },
    Entrance { entrance: EntranceId },
    Floor { building: BuildingId, floor: i16 },
    Unit { unit: UnitId },
}

/// One thing that would be otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The price of a place from a day until before another; without one, that of the wider place is taken.
    Price {
        tariff: TariffId,
        #[serde(with = "Scope")]
        scope: PriceScope,
        from: Day,
        #[serde(default)]
        to: Option<Day>,
        rate: Option<Rate>,
    },
    /// Other rules of a tariff, its formula among them; the prices stay.
    Rules { tariff: TariffId, rules: TariffRules },
    /// A waiver scheme as it would be saved: a new one, or in the place of the one of this id.
    Scheme(Box<SaveScheme>),
    /// A waiver scheme that would be stopped.
    NoScheme { scheme: WaiverSchemeId },
}

/// Over how many months back a usage is given to its days; with the months of its bill itself.
const USAGE_REACHES: u32 = 24;

impl Change {
    /// The same, a price over all days that bills of a period count: a trial asks what a price comes to, not what the month of its
    /// change does. `rules` are those of the price's tariff: cycles by anniversary reach back before the period, and so do usages.
    /// A scheme says by itself when it is in force.
    #[must_use]
    pub fn over(mut self, rules: Option<&TariffRules>, first: Day) -> Self {
        if let Self::Price { from, to, .. } = &mut self {
            let by_anniversary = |rules: &&TariffRules| rules.cycle_from == CycleFrom::Anniversary;
            let cycle = rules.filter(by_anniversary).map_or(0, |rules| rules.cycle.months());
            let usage = if rules.is_some_and(|rules| rules.mode == Mode::Usage) { USAGE_REACHES } else { 0 };
            *from = first.checked_sub_months(Months::new(cycle.max(usage))).unwrap_or(first);
            *to = None;
        }
        self
    }

    /// The tariff that it is about, unless it is about a scheme.
    pub fn tariff(&self) -> Option<TariffId> {
        match self {
            Self::Price { tariff, .. } | Self::Rules { tariff, .. } => Some(*tariff),
            Self::Scheme(_) | Self::NoScheme { .. } => None,
        }
    }

    /// The scheme that it is about.
    pub fn scheme(&self) -> Option<WaiverSchemeId> {
        match self {
            Self::Scheme(save) => Some(save.scheme),
            Self::NoScheme { scheme } => Some(*scheme),
            Self::Price { .. } | Self::Rules { .. } => None,
        }
    }

    /// Whether two can't both be tried, because they say different things of the same.
    fn collides(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rules { tariff, .. }, Self::Rules { tariff: of, .. }) => tariff == of,
            (Self::Price { tariff, scope, from, to, .. }, Self::Price { tariff: of, scope: at, from: begins, to: ends, .. }) => {
                tariff == of && scope == at && ends.is_none_or(|ends| *from < ends) && to.is_none_or(|to| *begins < to)
            }
            _ => self.scheme().is_some() && self.scheme() == other.scheme(),
        }
    }
}

/// Puts the changes into the inputs. Their order does not matter: no two of them may be about the same.
pub(super) fn apply(inputs: &mut RunInputs, changes: &[Change]) -> Result<(), Problem> {
    let mut schemes = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        if changes.iter().take(place).any(|other| other.collides(change)) {
            return Err(Problem::conflict("billing.tried_twice", "Two changes of the same price or tariff"));
        }
        match change {
            Change::Rules { tariff, rules } => tariff_of(inputs, *tariff)?.rules = rules.clone(),
            Change::Scheme(save) => schemes.push((save.scheme, Some(&**save))),
            Change::NoScheme { scheme } => schemes.push((*scheme, None)),
            Change::Price { tariff, scope, from, to, rate } => {
                let place = at(inputs, *scope);
                let (from, to) = (number_of(*from), to.map(number_of));
                let prices = &mut tariff_of(inputs, *tariff)?.prices;
                let at = match (place, scope) {
                    (Some(at), _) => at,
                    // The inputs name the entrances of units only: one without units changes nobody's bill.
                    (None, PriceScope::Entrance { .. }) => continue,
                    (None, _) => return Err(Problem::not_found()),
                };
                cut_out(prices, at, from, to);
                prices.extend(rate.clone().map(|rate| PriceRow { at, from, to, rate }));
            }
        }
    }
    scheme::put(inputs, &schemes)
}

fn tariff_of(inputs: &mut RunInputs, tariff: TariffId) -> Result<&mut RunTariff, Problem> {
    inputs.tariffs.iter_mut().find(|one| one.id == tariff).ok_or_else(Problem::not_found)
}

/// The place in the run's own numbers.
pub(super) fn at(inputs: &RunInputs, scope: PriceScope) -> Option<At> {
    let building = |id| inputs.buildings.iter().position(|building| building.id == id).and_then(|at| u32::try_from(at).ok());
    let found = |at: Option<usize>| at.and_then(|at| u32::try_from(at).ok());
    match scope {
        PriceScope::Community => Some(At::Community),
        PriceScope::Building { building: id } => building(id).map(At::Building),
        PriceScope::Entrance { entrance } => {
            found(inputs.units.entrances.iter().position(|id| *id == entrance)).map(At::Entrance)
        }
        PriceScope::Floor { building: id, floor } => building(id).map(|building| At::Floor(building, floor)),
        PriceScope::Unit { unit } => found(inputs.units.id.iter().position(|id| *id == unit)).map(At::Unit),
    }
}

/// Takes the days from one until before another out of a place's prices; what lies before and after stays.
fn cut_out(prices: &mut Vec<PriceRow>, at: At, from: i32, to: Option<i32>) {
    let mut kept = Vec::with_capacity(prices.len() + 1);
    for row in prices.drain(..) {
        let apart = row.to.is_some_and(|end| end <= from) || to.is_some_and(|to| to <= row.from);
        if row.at != at || apart {
            kept.push(row);
            continue;
        }
        if let Some(to) = to.filter(|to| row.to.is_none_or(|end| *to < end)) {
            kept.push(PriceRow { from: to, ..row.clone() });
        }
        if row.from < from {
            kept.push(PriceRow { to: Some(from), ..row });
        }
    }
    *prices = kept;
}
