//! Prices one unit × fee item after the other.

mod billed;
mod charged;
mod cutting;
mod lines;
mod once;
mod trace;
mod turnover;

use std::collections::HashMap;
use std::ops::Range;

use self::charged::bill_period;
use super::super::inputs::{RunInputs, RunTariff, place};
use super::by_unit::ByUnit;
use super::measure::Wholes;
use super::waive::{Schemes, Spent, year_of};
use super::{Outcome, PlannedBill, PlannedLine, Skip, SkipReason};
use crate::charging::price::PriceBook;
use crate::charging::proration::{Calendar, Span, Terms, day_of, number_of};
use crate::charging::rent::Rent;
use crate::charging::tariff::{DueRule, Mode};
use crate::charging::usage::NoUsageReason;
use crate::formula::{Formula, Variable};
use crate::id::ReadingId;
use crate::money::Money;
use crate::period::{Day, Period};

pub(super) use self::charged::Charged;

/// Prices any unit of a run; made once per run.
pub struct Planner<'a> {
    inputs: &'a RunInputs,
    period: Period,
    calendar: Calendar,
    books: Vec<PriceBook>,
    formulas: Vec<Option<Formula>>,
    wholes: Wholes,
    charges: ByUnit,
    rents: HashMap<u32, &'a Rent>,
    sales: HashMap<u32, Vec<(Span, Money)>>,
    held: ByUnit,
    owned: ByUnit,
    heads: ByUnit,
    shares: ByUnit,
    usages: HashMap<(u32, u16), u32>,
    no_usages: HashMap<(u32, u16), NoUsageReason>,
    billed: HashMap<(u32, u16), Vec<u32>>,
    /// Whether the period is a whole number of each tariff's cycles.
    on_cycle: Vec<bool>,
    /// When a bill of the run's period by each tariff is due.
    due_days: Vec<Day>,
    /// Whether a tariff's usage is metered, and whether it asks how many people live in a unit.
    metered: Vec<bool>,
    asks_for_heads: Vec<bool>,
    schemes: Option<Schemes<'a>>,
}

/// Prices are known so many days before the period: a usage that reaches further back goes by the period's days.
pub const READ_BACK_DAYS: i32 = 366;

/// What is used again for every unit × fee item.
#[derive(Default)]
struct Room {
    terms: Vec<(Span, Terms)>,
    charged: Vec<Charged>,
    spent: Spent,
}

impl<'a> Planner<'a> {
    pub fn new(inputs: &'a RunInputs) -> Self {
        let units = inputs.units.id.len();
        let places = |list: usize| 0..u32::try_from(list).unwrap_or(u32::MAX);
        let fields: Vec<String> = inputs.fields.iter().map(|field| field.name.clone()).collect();
        let formulas: Vec<Option<Formula>> = inputs
            .tariffs
            .iter()
            .map(|tariff| if tariff.rules.mode == Mode::Formula { tariff.rules.read(&fields).ok() } else { None })
            .collect();
        let books = books(inputs);
        let speaks = |place: usize, variable| {
            formulas.get(place).and_then(Option::as_ref).is_some_and(|formula| formula.speaks_of(variable))
        };
        let tariffs = || inputs.tariffs.iter().enumerate();
        let mut billed: HashMap<(u32, u16), Vec<u32>> = HashMap::new();
        for (row, key) in (0_u32..).zip(inputs.billed.unit.iter().copied().zip(inputs.billed.fee_item.iter().copied())) {
            billed.entry(key).or_default().push(row);
        }
        let mut sales: HashMap<u32, Vec<(Span, Money)>> = HashMap::new();
        for one in &inputs.sales {
            sales.entry(one.unit).or_default().push((Span::of(one.month.period()), one.sales_fen));
        }
        let asks = |place: usize, tariff: &RunTariff| {
            tariff.rules.mode == Mode::Head
                || speaks(place, Variable::Heads)
                || books.get(place).is_some_and(PriceBook::asks_for_heads)
        };
        let period = inputs.period();
        let due_days = inputs.tariffs.iter().map(|tariff| tariff.rules.due.due_day_of(period, inputs.issued_day));
        Self {
            inputs,
            period,
            due_days: due_days.collect(),
            calendar: Calendar::new(period),
            wholes: Wholes::new(inputs),
            charges: ByUnit::new(units, &inputs.charges.unit),
            rents: inputs.rents.iter().map(|rent| (rent.charge, &rent.rent)).collect(),
            sales,
            held: ByUnit::new(units, &inputs.held.unit),
            owned: ByUnit::new(units, &inputs.owned.unit),
            heads: ByUnit::new(units, &inputs.heads.unit),
            shares: ByUnit::new(units, &inputs.shares.iter().map(|share| share.unit).collect::<Vec<_>>()),
            usages: inputs.usages.iter().map(|usage| (usage.unit, usage.fee_item)).zip(places(inputs.usages.len())).collect(),
            no_usages: inputs.no_usages.iter().map(|none| ((none.unit, none.fee_item), none.reason)).collect(),
            billed,
            on_cycle: inputs.tariffs.iter().map(|tariff| tariff.rules.fits(inputs.first, inputs.months)).collect(),
            metered: tariffs().map(|(_, tariff)| tariff.rules.is_metered()).collect(),
            asks_for_heads: tariffs().map(|(at, tariff)| asks(at, tariff)).collect(),
            schemes: Schemes::new(inputs),
            formulas,
            books,
        }
    }

    /// All fee items of a range of units, in order.
    pub fn plan(&self, units: Range<u32>, each: impl FnMut(Outcome)) {
        let fee_items: Vec<u16> = (0..u16::try_from(self.inputs.fee_items.len()).unwrap_or(u16::MAX)).collect();
        self.plan_of(units, &fee_items, each);
    }

    /// Some fee items of a range of units, in order.
    pub fn plan_of(&self, units: Range<u32>, fee_items: &[u16], mut each: impl FnMut(Outcome)) {
        let mut room = Room::default();
        for unit in units {
            for fee_item in fee_items.iter().copied() {
                each(match self.bill(unit, fee_item, &mut room) {
                    Ok(bill) => Outcome::Bill(bill),
                    Err(reason) => Outcome::Skip(Skip { unit, fee_item, reason }),
                });
            }
        }
    }

    /// One unit × fee item.
    pub fn plan_one(&self, unit: u32, fee_item: u16) -> Result<PlannedBill, SkipReason> {
        self.bill(unit, fee_item, &mut Room::default())
    }

    /// The readings by which one unit × fee item is charged; none where no tariff of it goes by what was used.
    pub fn readings(&self, unit: u32, fee_item: u16) -> &[ReadingId] {
        let mut charged = Vec::new();
        self.charged(unit, fee_item, &mut charged, &mut SkipReason::NoCharge);
        if !charged.iter().any(|charged| self.metered.get(usize::from(charged.tariff)) == Some(&true)) {
            return &[];
        }
        let usage = self.usages.get(&(unit, fee_item)).and_then(|usage| self.inputs.usages.get(place(*usage)));
        usage.map_or(&[], |usage| &usage.readings)
    }

    fn bill(&self, unit: u32, fee_item: u16, room: &mut Room) -> Result<PlannedBill, SkipReason> {
        let mut soft = SkipReason::NoCharge;
        let mut lines = Vec::new();
        let looks_back = self.schemes.as_ref().is_some_and(|schemes| schemes.looks_back(fee_item));
        if looks_back {
            self.look_back(unit, fee_item, room);
        }
        let Room { terms, charged, spent } = room;
        self.charged(unit, fee_item, charged, &mut soft);
        let period = bill_period(charged).unwrap_or(self.period);
        // Cycles that fall to another month are not this run's, whatever was billed of them.
        let elsewhere = charged.is_empty() && soft == SkipReason::OffCycle;
        if let Some(reason) = self.billed_before(unit, fee_item, Span::of(period), charged).filter(|_| !elsewhere) {
            return Err(reason);
        }
        lines.reserve_exact(charged.len());
        self.priced(unit, fee_item, charged, terms, &mut lines)?;
        for share in self.shares.of(unit) {
            if let Some(input) = self.inputs.shares.get(place(*share)).filter(|input| input.fee_item == fee_item) {
                lines.push(PlannedLine::Share(*share, input.amount_fen));
            }
        }
        if lines.is_empty() {
            return Err(if charged.is_empty() { soft } else { SkipReason::CutOff });
        }
        let amount = Money::sum(lines.iter().map(PlannedLine::amount)).ok_or(SkipReason::TooLarge)?;
        if amount.is_zero() {
            let waits = |line: &PlannedLine| matches!(line, PlannedLine::Priced(priced) if self.waits(priced));
            return Err(if lines.iter().any(waits) { SkipReason::GivenBack } else { SkipReason::ZeroAmount });
        }
        let tariff = charged.first().map(|charged| charged.tariff);
        let due_day = self.due_day(tariff, period);
        let mut bill =
            PlannedBill { unit, fee_item, tariff, period, due_day, amount, lines, waivers: Vec::new(), portions: Vec::new() };
        let holdings = self.holdings(unit, Span::of(period));
        if self.schemes.is_some() || !holdings.is_empty() {
            self.tell_apart(&mut bill, &holdings, charged, terms, spent)?;
        }
        if looks_back {
            spent.add(unit, fee_item, year_of(period), &bill.waivers);
        }
        Ok(bill)
    }

    /// Plans the unit's bills before this one, where schemes count what they take off all of them.
    fn look_back(&self, unit: u32, fee_item: u16, room: &mut Room) {
        let mut next = room.spent.next_of(unit);
        while next < fee_item {
            let counts = self.schemes.as_ref().is_some_and(|schemes| schemes.looks_back(next));
            let bill = if counts { self.bill(unit, next, room).ok() } else { None };
            let (period, waivers) = bill.map_or_else(|| (self.period, Vec::new()), |bill| (bill.period, bill.waivers));
            room.spent.add(unit, next, year_of(period), &waivers);
            next += 1;
        }
    }

    fn due_day(&self, tariff: Option<u16>, period: Period) -> Day {
        if let Some(day) = self.inputs.due_day {
            return day;
        }
        let known = tariff.filter(|_| period == self.period).and_then(|tariff| self.due_days.get(usize::from(tariff)));
        known.copied().unwrap_or_else(|| {
            let tariff = tariff.and_then(|tariff| self.inputs.tariff(tariff));
            tariff.map_or_else(DueRule::default, |tariff| tariff.rules.due).due_day_of(period, self.inputs.issued_day)
        })
    }

    pub(super) fn inputs(&self) -> &RunInputs {
        self.inputs
    }

    pub(super) fn schemes(&self) -> Option<&Schemes<'_>> {
        self.schemes.as_ref()
    }

    /// The rows that say who owned the unit.
    pub(super) fn owned_rows(&self, unit: u32) -> &[u32] {
        self.owned.of(unit)
    }
}

/// The prices of each tariff, with those that contracts lay down for single units.
fn books(inputs: &RunInputs) -> Vec<PriceBook> {
    let mut rows: Vec<_> = inputs.tariffs.iter().map(|tariff| tariff.prices.clone()).collect();
    for one in &inputs.rents {
        let at = place(one.charge);
        let charges = &inputs.charges;
        let (Some(unit), Some(tariff), Some(from)) = (charges.unit.get(at), charges.tariff.get(at), charges.from.get(at)) else {
            continue;
        };
        let last = number_of(inputs.period().to).saturating_add(800);
        let to = charges.to.get(at).copied().flatten().unwrap_or(last).min(last);
        if let Some(rows) = rows.get_mut(usize::from(*tariff)) {
            rows.extend(one.rent.prices(*unit, day_of(*from), day_of(to)));
        }
    }
    rows.into_iter().map(PriceBook::new).collect()
}
