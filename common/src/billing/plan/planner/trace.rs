//! How a planned line came about, made when somebody asks.

use super::super::super::inputs::place;
use super::super::measure::{counts_time, named_values};
use super::super::{PlannedLine, PricedLine};
use super::Planner;
use super::lines::Known;
use crate::charging::price::At;
use crate::charging::tariff::Mode;
use crate::charging::trace::{Basis, Trace, TracedMinimum, TracedPlace, TracedTurnover};
use crate::formula::{Named, Variable};
use crate::quantity::Quantity;

impl Planner<'_> {
    /// The trace of a planned line.
    pub fn trace(&self, line: &PlannedLine) -> Trace {
        match line {
            PlannedLine::Share(share, _) => match self.inputs.shares.get(place(*share)) {
                Some(share) => Trace::share(share.trace.clone(), share.apportionment),
                None => Trace::given(""),
            },
            PlannedLine::Priced(priced) => self.trace_of(priced).unwrap_or_else(|| Trace::given("")),
        }
    }

    fn trace_of(&self, priced: &PricedLine) -> Option<Trace> {
        let Known { tariff, book, usage, home, formula, quantities } = self.known(priced, &priced.line.pieces).ok()?;
        let quantity = Quantity::from_scaled(priced.quantity);
        let minimum = TracedMinimum::of(tariff.rules.minimum, &priced.line, &quantities.measure());
        let meters = || usage.map(|usage| usage.meters.clone()).unwrap_or_default();
        let basis = match tariff.rules.mode {
            Mode::Area => Basis::Area { area: quantity },
            Mode::Household => Basis::Household,
            Mode::Fixed => Basis::Fixed,
            Mode::Head => Basis::Head,
            Mode::Value => Basis::Value { value: quantity },
            Mode::Usage => Basis::Usage {
                // Of one that gives back more than was used, nothing counts.
                usage: usage.map_or(Quantity::ZERO, |usage| usage.usage),
                meters: meters(),
                registers: usage.map(|usage| usage.registers.clone()).unwrap_or_default(),
            },
            Mode::Formula => {
                let formula = formula?;
                let pieces = &priced.line.pieces;
                let first = pieces.list.first()?;
                let values = named_values(formula, |of: &Named| self.wholes.value(self.inputs, &home, (pieces, first), of));
                let (yuan, timed) = (formula.speaks_of(Variable::Price), counts_time(formula));
                Basis::Formula { formula: formula.text().to_owned(), yuan, timed, values, meters: meters() }
            }
        };
        let measure = quantities.measure();
        let trace = Trace::of_line(basis, &priced.line, &measure, (book, &|at| self.place_of(at)), tariff.rules.rounding);
        let turnover = priced.turnover.as_deref().and_then(TracedTurnover::of);
        let utility = tariff.rules.usage_of.filter(|_| tariff.rules.is_metered());
        Some(Trace { turnover, utility, minimum, ..trace })
    }

    /// The building that a price was set for, by its name.
    fn place_of(&self, at: At) -> Option<TracedPlace> {
        let name = |building: u32| self.inputs.buildings.get(place(building)).map(|building| building.name.clone());
        match at {
            At::Building(building) => Some(TracedPlace { name: name(building)?, floor: None }),
            At::Floor(building, floor) => Some(TracedPlace { name: name(building)?, floor: Some(floor) }),
            At::Community | At::Entrance(_) | At::Unit(_) | At::Contract(_) => None,
        }
    }
}
