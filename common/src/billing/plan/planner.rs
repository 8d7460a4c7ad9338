//! Prices one unit × fee item after the other.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::super::inputs::{RunInputs, RunTariff, place};
use super::by_unit::ByUnit;
use super::{Outcome, PlannedBill, PlannedLine, Skip, SkipReason};
use crate::charging::line::price;
use crate::charging::price::{Place, PriceBook};
use crate::charging::proration::{Calendar, Pieces, Span, cut};
use crate::charging::tariff::{DueRule, Mode, Proration, ProrationRule, StartsAt, Vacant};
use crate::charging::trace::{Basis, Trace};
use crate::charging::usage::NoUsageReason;
use crate::money::Money;
use crate::quantity::Quantity;

/// Prices any unit of a run; made once per run.
pub struct Planner<'a> {
    inputs: &'a RunInputs,
    calendar: Calendar,
    books: Vec<PriceBook>,
    charges: ByUnit,
    held: ByUnit,
    shares: ByUnit,
    usages: HashMap<(u32, u16), u32>,
    no_usages: HashMap<(u32, u16), NoUsageReason>,
    billed: HashSet<(u32, u16)>,
    /// Whether the period is a whole number of each tariff's cycles.
    on_cycle: Vec<bool>,
}

/// A charge as far as it is charged in the period.
struct Charged {
    tariff: u16,
    cover: Vec<Span>,
}

impl<'a> Planner<'a> {
    pub fn new(inputs: &'a RunInputs) -> Self {
        let units = inputs.units.id.len();
        let places = |list: usize| 0..u32::try_from(list).unwrap_or(u32::MAX);
        Self {
            inputs,
            calendar: Calendar::new(inputs.period()),
            books: inputs.tariffs.iter().map(|tariff| PriceBook::new(tariff.prices.clone())).collect(),
            charges: ByUnit::new(units, &inputs.charges.unit),
            held: ByUnit::new(units, &inputs.held.unit),
            shares: ByUnit::new(units, &inputs.shares.iter().map(|share| share.unit).collect::<Vec<_>>()),
            usages: inputs.usages.iter().map(|usage| (usage.unit, usage.fee_item)).zip(places(inputs.usages.len())).collect(),
            no_usages: inputs.no_usages.iter().map(|none| ((none.unit, none.fee_item), none.reason)).collect(),
            billed: inputs.billed.unit.iter().copied().zip(inputs.billed.fee_item.iter().copied()).collect(),
            on_cycle: inputs.tariffs.iter().map(|tariff| tariff.rules.cycle.fits(inputs.first, inputs.months)).collect(),
        }
    }

    /// All fee items of a range of units, in order.
    pub fn plan(&self, units: Range<u32>, mut each: impl FnMut(Outcome)) {
        let fee_items = u16::try_from(self.inputs.fee_items.len()).unwrap_or(u16::MAX);
        let mut scratch = Vec::new();
        for unit in units {
            for fee_item in 0..fee_items {
                each(match self.bill(unit, fee_item, &mut scratch) {
                    Ok(bill) => Outcome::Bill(bill),
                    Err(reason) => Outcome::Skip(Skip { unit, fee_item, reason }),
                });
            }
        }
    }

    /// One unit × fee item.
    pub fn plan_one(&self, unit: u32, fee_item: u16) -> Result<PlannedBill, SkipReason> {
        self.bill(unit, fee_item, &mut Vec::new())
    }

    /// The trace of a planned line.
    pub fn trace(&self, line: &PlannedLine) -> Trace {
        match line {
            PlannedLine::Share(share, _) => match self.inputs.shares.get(place(*share)) {
                Some(share) => Trace::share(share.trace.clone()),
                None => Trace::given(""),
            },
            PlannedLine::Priced { tariff, quantity, usage, line } => {
                let (Some(rules), Some(book)) = (self.inputs.tariff(*tariff), self.books.get(usize::from(*tariff))) else {
                    return Trace::given("");
                };
                let quantity = Quantity::from_scaled(*quantity);
                let basis = match rules.rules.mode {
                    Mode::Area => Basis::Area { area: quantity },
                    Mode::Household => Basis::Household,
                    Mode::Fixed => Basis::Fixed,
                    Mode::Usage => {
                        let metered = usage.and_then(|usage| self.inputs.usages.get(place(usage)));
                        Basis::Usage {
                            usage: quantity,
                            meters: metered.map(|metered| metered.meters.clone()).unwrap_or_default(),
                        }
                    }
                };
                Trace::of_line(basis, line, book, rules.rules.rounding)
            }
        }
    }

    fn bill(&self, unit: u32, fee_item: u16, prices: &mut Vec<(Span, u32)>) -> Result<PlannedBill, SkipReason> {
        if !self.billed.is_empty() && self.billed.contains(&(unit, fee_item)) {
            return Err(SkipReason::AlreadyBilled);
        }
        let mut soft = SkipReason::NoCharge;
        let mut lines = Vec::new();
        let charged = self.charged(unit, fee_item, &mut soft);
        self.priced(unit, &charged, prices, &mut lines)?;
        for share in self.shares.of(unit) {
            if let Some(input) = self.inputs.shares.get(place(*share)).filter(|input| input.fee_item == fee_item) {
                lines.push(PlannedLine::Share(*share, input.amount_fen));
            }
        }
        if lines.is_empty() {
            return Err(soft);
        }
        let amount = Money::sum(lines.iter().map(PlannedLine::amount)).ok_or(SkipReason::TooLarge)?;
        if amount.is_zero() {
            return Err(SkipReason::ZeroAmount);
        }
        let tariff = charged.first().map(|charged| charged.tariff);
        let due = tariff.and_then(|tariff| self.inputs.tariff(tariff)).map_or_else(DueRule::default, |tariff| tariff.rules.due);
        let due_day = due.due_day_of(self.inputs.period(), self.inputs.issued_day);
        Ok(PlannedBill { unit, fee_item, tariff, due_day, amount, lines })
    }

    /// The unit's charges of the fee item, with the days of the period on which they count; `soft` says why there are none.
    fn charged(&self, unit: u32, fee_item: u16, soft: &mut SkipReason) -> Vec<Charged> {
        let mut found = Vec::new();
        let charges = &self.inputs.charges;
        for charge in self.charges.of(unit) {
            let at = place(*charge);
            let (Some(number), Some(from), Some(to)) = (charges.tariff.get(at), charges.from.get(at), charges.to.get(at)) else {
                continue;
            };
            let Some(tariff) = self.inputs.tariff(*number).filter(|tariff| tariff.fee_item == fee_item) else { continue };
            let Some(mut span) = (Span { from: *from, to: to.unwrap_or(i32::MAX) }).overlap(self.calendar.period) else {
                continue;
            };
            if !self.on_cycle.get(usize::from(*number)).copied().unwrap_or(false) {
                *soft = SkipReason::OffCycle;
                continue;
            }
            if tariff.rules.starts_at == StartsAt::HandOver {
                let handed_over = self.inputs.units.handed_over.get(place(unit)).copied().flatten();
                match handed_over.filter(|day| *day < span.to) {
                    Some(day) => span.from = span.from.max(day),
                    None => {
                        *soft = SkipReason::BeforeHandOver;
                        continue;
                    }
                }
            }
            let cover = match tariff.rules.vacant {
                Vacant::Charged => vec![span],
                Vacant::Skipped => self.held_days(unit, span),
            };
            if cover.is_empty() {
                *soft = SkipReason::Vacant;
                continue;
            }
            found.push(Charged { tariff: *number, cover });
        }
        found
    }

    /// The days of `span` on which somebody held or lived in the unit.
    fn held_days(&self, unit: u32, span: Span) -> Vec<Span> {
        let held = &self.inputs.held;
        let spans = self
            .held
            .of(unit)
            .iter()
            .filter_map(|at| Some(Span { from: *held.from.get(place(*at))?, to: *held.to.get(place(*at))? }));
        spans.filter_map(|held| held.overlap(span)).collect()
    }

    fn priced(
        &self,
        unit: u32,
        charged: &[Charged],
        prices: &mut Vec<(Span, u32)>,
        lines: &mut Vec<PlannedLine>,
    ) -> Result<(), SkipReason> {
        let mut metered: Vec<(u16, Pieces)> = Vec::new();
        for Charged { tariff: number, cover } in charged {
            let (Some(tariff), Some(book)) = (self.inputs.tariff(*number), self.books.get(usize::from(*number))) else {
                continue;
            };
            let quantity = self.quantity(unit, tariff)?;
            let pieces = self.pieces(unit, tariff, book, cover, prices)?;
            if tariff.rules.mode == Mode::Usage {
                metered.push((*number, pieces));
                continue;
            }
            let line = price(quantity, pieces, book, tariff.rules.rounding).map_err(|_| SkipReason::TooLarge)?;
            // Days that don't reach the tariff's cut-off leave nothing to charge.
            if !line.pieces.list.is_empty() {
                lines.push(PlannedLine::Priced { tariff: *number, quantity, usage: None, line });
            }
        }
        self.metered(unit, metered, lines)
    }

    /// Usage is one figure for the period: two tariffs that follow each other share it by days.
    fn metered(&self, unit: u32, metered: Vec<(u16, Pieces)>, lines: &mut Vec<PlannedLine>) -> Result<(), SkipReason> {
        let days = metered.iter().map(|(_, pieces)| pieces.whole).sum();
        let months = metered.iter().map(|(_, pieces)| pieces.months).sum();
        for (number, pieces) in metered {
            let (Some(tariff), Some(book)) = (self.inputs.tariff(number), self.books.get(usize::from(number))) else { continue };
            let Some((usage, input)) =
                self.usages.get(&(unit, tariff.fee_item)).and_then(|at| Some((*at, self.inputs.usages.get(place(*at))?)))
            else {
                return Err(match self.no_usages.get(&(unit, tariff.fee_item)) {
                    Some(NoUsageReason::NoBaseline) => SkipReason::NoBaseline,
                    Some(NoUsageReason::InReview) => SkipReason::InReview,
                    Some(NoUsageReason::NoReading) | None => SkipReason::NoReading,
                });
            };
            let pieces = pieces.as_part_of(days, months);
            let quantity = input.usage.scaled();
            let line = price(quantity, pieces, book, tariff.rules.rounding).map_err(|_| SkipReason::TooLarge)?;
            lines.push(PlannedLine::Priced { tariff: number, quantity, usage: Some(usage), line });
        }
        Ok(())
    }

    /// What the price is multiplied with; metered usage is looked up when all tariffs that share it are known.
    fn quantity(&self, unit: u32, tariff: &RunTariff) -> Result<i64, SkipReason> {
        match tariff.rules.mode {
            Mode::Area => match self.inputs.units.area.get(place(unit)) {
                Some(area) if *area > 0 => Ok(*area),
                _ => Err(SkipReason::NoArea),
            },
            Mode::Household | Mode::Fixed => Ok(Quantity::ONE.scaled()),
            Mode::Usage => Ok(0),
        }
    }

    fn pieces(
        &self,
        unit: u32,
        tariff: &RunTariff,
        book: &PriceBook,
        cover: &[Span],
        prices: &mut Vec<(Span, u32)>,
    ) -> Result<Pieces, SkipReason> {
        let (Some(first), Some(last)) = (cover.first(), cover.last()) else { return Ok(Pieces::default()) };
        let units = &self.inputs.units;
        let at = place(unit);
        let home = Place {
            unit,
            building: units.building.get(at).copied().flatten(),
            entrance: units.entrance.get(at).copied().flatten(),
            floor: units.floor.get(at).copied().flatten(),
        };
        book.in_force(home, Span { from: first.from, to: last.to }, prices).map_err(|_| SkipReason::NoPrice)?;
        let proration = match tariff.rules.mode {
            Mode::Usage => Proration { rule: ProrationRule::None, ..tariff.rules.proration },
            _ => tariff.rules.proration,
        };
        Ok(cut(&self.calendar, proration, cover, prices))
    }
}
