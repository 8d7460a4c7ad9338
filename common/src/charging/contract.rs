//! A contract over its whole run: every bill that it will bring, priced by the engine that bills it.

use super::cycle::by_anniversary;
use super::line::{Amount, Line, Measure, price};
use super::price::{Place, PriceBook};
use super::proration::{Calendar, Pieces, Span, cut, day_of};
use super::rate::Rate;
use super::rent::Rent;
use super::tariff::{Cycle, CycleFrom, Mode, StartsAt, TariffRules};
use crate::estate::kind::UnitKind;
use crate::money::Money;
use crate::period::{Day, Month, Period, add_months};
use crate::quantity::{Price, Quantity};

/// What a contract's bills are computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    pub rules: TariffRules,
    pub rent: Rent,
    pub from: Day,
    /// The first day without it; open where there is none.
    pub to: Option<Day>,
    pub kind: UnitKind,
    pub area: Option<Quantity>,
    pub handed_over: Option<Day>,
}

/// A bill of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RentBill {
    /// The days of the bill on which the contract is in force.
    pub period: Period,
    /// Whether these are fewer than the bill's cycle has.
    pub part: bool,
    /// The fixed rent; a share of the sales may be more.
    pub amount: Money,
    /// The price of each stretch of days, in order.
    pub prices: Vec<(Period, Price)>,
}

/// The most bills that are foreseen.
pub const BILLS_MOST: usize = 480;

/// Whether a contract may be made on a tariff with these rules: its price is for an area, a household or as such, again and again.
pub fn suits(rules: &TariffRules) -> bool {
    matches!(rules.mode, Mode::Area | Mode::Household | Mode::Fixed) && rules.cycle != Cycle::Once
}

impl Contract {
    /// Its bills in order, those that begin before `until` where it has no end. Empty where its rules or its unit's area say nothing.
    pub fn bills(&self, until: Day) -> Vec<RentBill> {
        let Some(quantity) = self.quantity() else { return Vec::new() };
        let end = self.to.unwrap_or(until).max(self.from);
        let mut bills = Vec::new();
        let Some(horizon) = add_months(end, 24) else { return bills };
        let book = PriceBook::new(self.rent.prices(0, self.from, self.to.unwrap_or(horizon)));
        for (cycle, calendar) in self.cycles(end).take(BILLS_MOST) {
            let Some(days) = cycle.overlap(Period { from: self.first_day(), to: self.to.unwrap_or(horizon) }) else { continue };
            let Some((amount, prices)) = self.priced(&book, &calendar, days, quantity) else { break };
            bills.push(RentBill { period: days, part: days != cycle, amount, prices });
        }
        bills
    }

    /// The first day that is charged.
    fn first_day(&self) -> Day {
        match self.rules.starts_at {
            StartsAt::HandOver => self.handed_over.map_or(self.from, |day| day.max(self.from)),
            StartsAt::Assignment => self.from,
        }
    }

    fn quantity(&self) -> Option<Quantity> {
        match self.rules.mode {
            _ if !suits(&self.rules) => None,
            Mode::Area => self.area,
            _ => Some(Quantity::ONE),
        }
    }

    /// The cycles from the first day of the contract on, as runs bill them.
    fn cycles(&self, end: Day) -> Box<dyn Iterator<Item = (Period, Calendar)> + '_> {
        let months = i32::try_from(self.rules.cycle.months()).unwrap_or(1).max(1);
        if self.rules.cycle_from == CycleFrom::Anniversary {
            let anchor = self.handed_over.unwrap_or(self.from);
            // A run of one month after the other finds each cycle once, in the month that it falls to.
            let first = Month::of(self.from).plus(-months);
            let runs = (0..).map(move |count| first.plus(count)).take_while(move |month| month.plus(-months).first_day() < end);
            let cycles = runs.filter_map(move |month| by_anniversary(&self.rules, month.period(), anchor));
            return Box::new(cycles.map(|cycles| (cycles.period, cycles.calendar)).filter(move |(cycle, _)| cycle.from < end));
        }
        let first = self.rules.cycle.begin(Month::of(self.from), self.rules.cycle_month);
        let cycle = move |count: i32| {
            let from = first.plus(count * months);
            Period { from: from.first_day(), to: from.plus(months).first_day() }
        };
        Box::new((0..).map(cycle).take_while(move |cycle| cycle.from < end).map(|cycle| (cycle, Calendar::new(cycle))))
    }

    fn priced(
        &self,
        book: &PriceBook,
        calendar: &Calendar,
        days: Period,
        quantity: Quantity,
    ) -> Option<(Money, Vec<(Period, Price)>)> {
        let cover = [Span::of(days)];
        let mut terms = Vec::new();
        book.terms(Place { unit: 0, building: None, entrance: None, floor: None }, Span::of(days), &mut terms).ok()?;
        let pieces = cut(calendar, self.rules.proration, &cover, &cover, &terms);
        let coefficient = if self.rules.coefficients.is_empty() { Quantity::ONE } else { self.rules.coefficient(self.kind) };
        let measure = Measure { coefficient: coefficient.scaled(), amount: Amount::Same(quantity.scaled()), ..Measure::same(0) };
        let Line { amount, pieces, .. } = price(measure, pieces, book, self.rules.rounding).ok()?;
        Some((amount, stretches(book, &pieces)))
    }
}

/// The prices of the pieces; those that follow each other at one price are one stretch.
fn stretches(book: &PriceBook, pieces: &Pieces) -> Vec<(Period, Price)> {
    let mut prices: Vec<(Period, Price)> = Vec::new();
    for piece in &pieces.list {
        let (from, to) = (day_of(piece.span.from), day_of(piece.span.to));
        let Some(Rate::Flat(price)) = book.get(piece.terms.price).map(|row| &row.rate) else { continue };
        match prices.last_mut() {
            Some((last, same)) if *same == *price && last.to == from => last.to = to,
            _ => prices.push((Period { from, to }, *price)),
        }
    }
    prices
}
