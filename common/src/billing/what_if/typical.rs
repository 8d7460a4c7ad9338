//! One home that stands for those that a price is for.

use serde::{Deserialize, Serialize};

use super::super::plan::{PlannedBill, Planner};
use super::{Change, Trial, change, place};
use crate::charging::price::At;
use crate::charging::trace::Trace;
use crate::money::Money;
use crate::period::Month;
use crate::problem::Problem;

/// What a typical home of a price's place would pay, and what it pays as things are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TypicalHome {
    pub label: String,
    /// The first month of its bill, and how many it is for.
    pub month: Month,
    pub months: u32,
    pub after_fen: Money,
    /// Nothing where it gets no bill now.
    pub before_fen: Option<Money>,
    pub trace: Trace,
}

impl Trial {
    /// The home in the middle of those that the changed price is for, by what they pay now. None, where nobody would get a bill.
    ///
    /// # Errors
    /// Those of [`Trial::apply`].
    pub fn typical(&mut self, tried: &Change) -> Result<Option<TypicalHome>, Problem> {
        let Change::Price { tariff, scope, .. } = tried else { return Ok(None) };
        self.apply(&[])?;
        let Some(at) = change::at(&self.inputs, *scope) else { return Ok(None) };
        let found = self.inputs.tariffs.iter().position(|one| one.id == *tariff).and_then(|found| u16::try_from(found).ok());
        let Some((tariff, fee_item)) =
            found.and_then(|found| Some((found, self.inputs.tariffs.get(usize::from(found))?.fee_item)))
        else {
            return Ok(None);
        };
        let planner = Planner::new(&self.inputs);
        let now = |unit: u32| planned(&planner, unit, fee_item, tariff).map(|bill| bill.to_pay());
        let there = self.charged(tariff).into_iter().filter(|unit| self.lies_in(*unit, at));
        let mut homes: Vec<(Option<Money>, u32)> = there.map(|unit| (now(unit), unit)).collect();
        // Where some are billed now, one of them is taken.
        if homes.iter().any(|(amount, _)| amount.is_some()) {
            homes.retain(|(amount, _)| amount.is_some());
        }
        homes.sort_unstable();
        let Some((before, unit)) = homes.get(homes.len() / 2).copied() else { return Ok(None) };
        self.apply(std::slice::from_ref(tried))?;
        let planner = Planner::new(&self.inputs);
        let Some(bill) = planned(&planner, unit, fee_item, tariff) else { return Ok(None) };
        let trace = bill.lines.first().map(|line| planner.trace(line));
        Ok(trace.map(|trace| TypicalHome {
            label: self.inputs.units.label_of(unit).to_owned(),
            month: self.inputs.first,
            months: self.inputs.months,
            after_fen: bill.to_pay(),
            before_fen: before,
            trace,
        }))
    }

    /// The units that the tariff charges, each once.
    fn charged(&self, tariff: u16) -> Vec<u32> {
        let charges = &self.inputs.charges;
        let of = charges.unit.iter().zip(&charges.tariff).filter(|(_, by)| **by == tariff);
        let mut units: Vec<u32> = of.map(|(unit, _)| *unit).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    fn lies_in(&self, unit: u32, at: At) -> bool {
        let units = &self.inputs.units;
        let building = || units.building.get(place(unit)).copied().flatten();
        match at {
            At::Community => true,
            At::Building(wanted) => building() == Some(wanted),
            At::Entrance(wanted) => units.entrance.get(place(unit)).copied().flatten() == Some(wanted),
            At::Floor(wanted, floor) => {
                building() == Some(wanted) && units.floor.get(place(unit)).copied().flatten() == Some(floor)
            }
            At::Unit(wanted) | At::Contract(wanted) => unit == wanted,
        }
    }
}

/// The bill of a unit, where this tariff makes it.
fn planned(planner: &Planner<'_>, unit: u32, fee_item: u16, tariff: u16) -> Option<PlannedBill> {
    let bill = planner.plan_one(unit, fee_item).ok()?;
    (bill.tariff == Some(tariff)).then_some(bill)
}
