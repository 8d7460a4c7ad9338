//! Prices one unit × fee item after the other.

mod cutting;

use std::collections::HashMap;
use std::ops::Range;

use self::cutting::Cutting;
use super::super::inputs::{RunInputs, RunTariff, RunUsage, place};
use super::by_unit::ByUnit;
use super::measure::{Home, Quantities, Wholes, counts_time, named_values};
use super::waive::{Known, Schemes, Spent, year_of};
use super::{Outcome, PlannedBill, PlannedLine, PricedLine, Skip, SkipReason};
use crate::charging::cycle::{Cycles, by_anniversary};
use crate::charging::line::{Line, NoLine, costs, price};
use crate::charging::price::{At, PriceBook};
use crate::charging::proration::{Calendar, Pieces, Span, Terms, day_of, number_of, union};
use crate::charging::rent::{Compared, Rent};
use crate::charging::tariff::{CycleFrom, DueRule, Mode, StartsAt, Vacant};
use crate::charging::trace::{Basis, Trace, TracedMinimum, TracedPlace, TracedTurnover};
use crate::charging::turnover::{Comparison, Turnover};
use crate::charging::usage::NoUsageReason;
use crate::estate::kind::UnitKind;
use crate::formula::{Exact, Formula, Named, Variable};
use crate::id::ReadingId;
use crate::money::Money;
use crate::period::{Day, Period};
use crate::quantity::Quantity;

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

/// A charge as far as it is charged in the period.
pub(super) struct Charged {
    tariff: u16,
    charge: u32,
    /// All days of the charge, beyond the period too.
    reach: Span,
    cover: Cover,
    /// The unit's own cycles, where the tariff counts from an anniversary.
    cycles: Option<Cycles>,
}

/// Days, in order, none touching the next: nearly always one span, which takes no room of its own.
enum Cover {
    One(Span),
    Several(Vec<Span>),
}

impl Cover {
    fn spans(&self) -> &[Span] {
        match self {
            Self::One(span) => std::slice::from_ref(span),
            Self::Several(spans) => spans,
        }
    }
}

/// What is used again for every unit × fee item.
#[derive(Default)]
struct Room {
    terms: Vec<(Span, Terms)>,
    charged: Vec<Charged>,
    spent: Spent,
}

/// What is worked on while one unit × fee item is priced.
struct Pricing<'a> {
    charged: &'a Charged,
    tariff: &'a RunTariff,
    book: &'a PriceBook,
    pieces: Pieces,
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

    /// The readings that count for one unit × fee item.
    pub fn readings(&self, unit: u32, fee_item: u16) -> &[ReadingId] {
        let usage = self.usages.get(&(unit, fee_item)).and_then(|usage| self.inputs.usages.get(place(*usage)));
        usage.map_or(&[], |usage| &usage.readings)
    }

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

    /// Cuts a line's days anew, at these stretches as well.
    pub(super) fn recut(
        &self,
        priced: &PricedLine,
        charged: &[Charged],
        stretches: &[Span],
        terms: &mut Vec<(Span, Terms)>,
    ) -> Result<Pieces, SkipReason> {
        let found = charged.iter().find(|one| one.charge == priced.charge && one.tariff == priced.tariff);
        let (Some(one), Some(tariff)) = (found, self.inputs.tariff(priced.tariff)) else { return Ok(Pieces::default()) };
        let Some(book) = self.books.get(usize::from(priced.tariff)) else { return Ok(Pieces::default()) };
        let joined = self.days_of_all(charged);
        let all = if self.inputs.is_once(one.tariff) { one.cover.spans() } else { &joined };
        let usage = priced.usage.and_then(|usage| self.inputs.usages.get(place(usage)));
        let cutting = Cutting { charged: one, among: charged, all, usage, stretches };
        self.pieces(priced.unit, tariff, book, cutting, terms)
    }

    /// What the pricing of a line's pieces depends on.
    pub(super) fn known<'p>(&'p self, priced: &PricedLine, pieces: &Pieces) -> Result<Known<'p>, SkipReason> {
        let (Some(tariff), Some(book)) = (self.inputs.tariff(priced.tariff), self.books.get(usize::from(priced.tariff))) else {
            return Err(SkipReason::NoPrice);
        };
        let usage = priced.usage.and_then(|usage| self.inputs.usages.get(place(usage)));
        let home = self.home(priced.unit, priced.tariff, tariff, book, usage);
        let formula = self.formulas.get(usize::from(priced.tariff)).and_then(Option::as_ref);
        let quantities = Quantities::find(self.inputs, &self.wholes, &home, tariff, formula, pieces)?;
        Ok(Known { tariff, book, usage, home, formula, quantities })
    }

    /// Whether a line's usage waits, being less than nothing.
    fn waits(&self, priced: &PricedLine) -> bool {
        priced.usage.is_none() && self.metered.get(usize::from(priced.tariff)) == Some(&true)
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

    /// Whether live bills of the fee item touch the period, and whether they are for all days that would be charged.
    fn billed_before(&self, unit: u32, fee_item: u16, period: Span, charged: &[Charged]) -> Option<SkipReason> {
        let billed = &self.inputs.billed;
        let rows = self.billed.get(&(unit, fee_item))?;
        let span = |row: &u32| {
            let at = place(*row);
            let once = billed.once.get(at).copied().flatten().is_some() || billed.charge.get(at).copied().flatten().is_some();
            let span = Span { from: *billed.from.get(at)?, to: *billed.to.get(at)? };
            if once { None } else { span.overlap(period) }
        };
        let touching: Vec<Span> = rows.iter().filter_map(span).collect();
        if touching.is_empty() {
            return None;
        }
        let wanted = charged.iter().flat_map(|charged| charged.cover.spans().iter().copied());
        let left = |wanted: Span| {
            let all: Vec<Span> = wanted.overlap(period).into_iter().collect();
            let left = touching
                .iter()
                .fold(all, |left, billed| left.into_iter().flat_map(|span| span.without(*billed)).flatten().collect());
            !left.is_empty()
        };
        Some(if wanted.into_iter().any(left) { SkipReason::PartlyBilled } else { SkipReason::AlreadyBilled })
    }

    /// Whether a charge that is billed once has its bill. A bill whose charge was taken back since stands for another one by its
    /// tariff which begins before the bill's end.
    fn is_billed_once(&self, home: (u32, u16), (tariff, charge): (u16, u32), span: Span) -> bool {
        let billed = &self.inputs.billed;
        self.billed.get(&home).is_some_and(|rows| {
            rows.iter().any(|row| {
                let at = place(*row);
                let to = billed.to.get(at).copied().unwrap_or(i32::MAX);
                billed.charge.get(at) == Some(&Some(charge)) || (billed.once.get(at) == Some(&Some(tariff)) && to > span.from)
            })
        })
    }

    /// The unit's charges of the fee item, with the days of the period on which they count; `soft` says why there are none.
    fn charged(&self, unit: u32, fee_item: u16, found: &mut Vec<Charged>, soft: &mut SkipReason) {
        found.clear();
        for charge in self.charges.of(unit) {
            match self.charged_by(unit, fee_item, *charge) {
                Ok(Some(charged)) => match found.iter_mut().find(|other| self.is_one_line(other, &charged)) {
                    Some(other) => {
                        other.cover = Cover::Several(union(other.cover.spans().iter().chain(charged.cover.spans()).copied()));
                        let Span { from, to } = charged.reach;
                        other.reach = Span { from: other.reach.from.min(from), to: other.reach.to.max(to) };
                    }
                    None => found.push(charged),
                },
                Ok(None) => {}
                Err(reason) => *soft = reason,
            }
        }
    }

    /// Two assignments of one tariff are one line: rounded once. A contract is a line of its own, and so is what is charged once.
    fn is_one_line(&self, one: &Charged, other: &Charged) -> bool {
        let own = |charged: &Charged| {
            self.rents.contains_key(&charged.charge) || charged.cycles.is_some() || self.inputs.is_once(charged.tariff)
        };
        one.tariff == other.tariff && !own(one) && !own(other)
    }

    /// One charge; none where it is of another fee item or other days.
    fn charged_by(&self, unit: u32, fee_item: u16, charge: u32) -> Result<Option<Charged>, SkipReason> {
        let charges = &self.inputs.charges;
        let at = place(charge);
        let (Some(number), Some(from), Some(to)) = (charges.tariff.get(at), charges.from.get(at), charges.to.get(at)) else {
            return Ok(None);
        };
        let Some(tariff) = self.inputs.tariff(*number).filter(|tariff| tariff.fee_item == fee_item) else { return Ok(None) };
        let rules = &tariff.rules;
        let charge_span = Span { from: *from, to: to.unwrap_or(i32::MAX) };
        if rules.cycle.is_once() {
            return self.once(unit, fee_item, (*number, charge), charge_span);
        }
        let handed_over = self.inputs.units.handed_over.get(place(unit)).copied().flatten();
        let mut cycles = None;
        let mut within = self.calendar.period;
        if rules.cycle_from == CycleFrom::Anniversary {
            let anchor = day_of(handed_over.unwrap_or(*from));
            let Some(own) = by_anniversary(rules, self.period, anchor) else {
                return if charge_span.overlap(within).is_some() { Err(SkipReason::OffCycle) } else { Ok(None) };
            };
            within = own.calendar.period;
            cycles = Some(own);
        }
        let Some(mut span) = charge_span.overlap(within) else { return Ok(None) };
        if cycles.is_none() && !self.on_cycle.get(usize::from(*number)).copied().unwrap_or(false) {
            return Err(SkipReason::OffCycle);
        }
        if rules.starts_at == StartsAt::HandOver {
            match handed_over.filter(|day| *day < span.to) {
                Some(day) => span.from = span.from.max(day),
                None => return Err(SkipReason::BeforeHandOver),
            }
        }
        let cover = match rules.vacant {
            Vacant::Charged | Vacant::Reduced => Cover::One(span),
            Vacant::Skipped => Cover::Several(self.lived_in(unit).into_iter().filter_map(|days| days.overlap(span)).collect()),
        };
        if cover.spans().is_empty() {
            return Err(SkipReason::Vacant);
        }
        Ok(Some(Charged { tariff: *number, charge, reach: charge_span, cover, cycles }))
    }

    /// A charge that is billed once, in the first run from its first day on.
    fn once(&self, unit: u32, fee_item: u16, (tariff, charge): (u16, u32), span: Span) -> Result<Option<Charged>, SkipReason> {
        if span.from >= self.calendar.period.to || span.to <= span.from {
            return Ok(None);
        }
        if self.is_billed_once((unit, fee_item), (tariff, charge), span) {
            return Err(SkipReason::AlreadyBilled);
        }
        // By what is in force on its day; one that is late, on the first day of the period.
        let day = span.from.max(self.calendar.period.from);
        let day = Span { from: day, to: day.saturating_add(1) };
        Ok(Some(Charged { tariff, charge, reach: span, cover: Cover::One(day), cycles: None }))
    }

    /// The days on which somebody lived in a unit: it is held then, and its people, where they are counted, are not none.
    fn lived_in(&self, unit: u32) -> Vec<Span> {
        let (held, heads) = (&self.inputs.held, &self.inputs.heads);
        let held_on = |row: &u32| Some(Span { from: *held.from.get(place(*row))?, to: *held.to.get(place(*row))? });
        let mut days: Vec<Span> = self.held.of(unit).iter().filter_map(held_on).collect();
        if !self.inputs.units.kind.get(place(unit)).copied().is_some_and(UnitKind::is_lived_in) {
            return days;
        }
        for row in self.heads.of(unit) {
            let at = place(*row);
            let (Some(from), Some(to), Some(0)) = (heads.from.get(at), heads.to.get(at), heads.heads.get(at)) else { continue };
            days = days.into_iter().flat_map(|span| span.without(Span { from: *from, to: *to })).flatten().collect();
        }
        days
    }

    /// The days that charges cover together; what is charged once covers none of them.
    fn days_of_all(&self, charged: &[Charged]) -> Vec<Span> {
        let lasting = charged.iter().filter(|charged| !self.inputs.is_once(charged.tariff));
        union(lasting.flat_map(|charged| charged.cover.spans().iter().copied()))
    }

    fn priced(
        &self,
        unit: u32,
        fee_item: u16,
        all_charged: &[Charged],
        terms: &mut Vec<(Span, Terms)>,
        lines: &mut Vec<PlannedLine>,
    ) -> Result<(), SkipReason> {
        let joined;
        let all = match all_charged {
            [one] => one.cover.spans(),
            _ => {
                joined = self.days_of_all(all_charged);
                &joined
            }
        };
        for charged in all_charged {
            let all = if self.inputs.is_once(charged.tariff) { charged.cover.spans() } else { all };
            let (Some(tariff), Some(book)) = (self.inputs.tariff(charged.tariff), self.books.get(usize::from(charged.tariff)))
            else {
                continue;
            };
            let usage = match self.metered.get(usize::from(charged.tariff)) {
                Some(true) => self.usage(unit, fee_item)?,
                _ => None,
            };
            let metered = usage.and_then(|usage| self.inputs.usages.get(place(usage)));
            let cutting = Cutting { charged, among: all_charged, all, usage: metered, stretches: &[] };
            let pieces = self.pieces(unit, tariff, book, cutting, terms)?;
            let mut line = self.line(unit, Pricing { charged, tariff, book, pieces }, usage)?;
            if let Some(rent) = self.rents.get(&charged.charge).filter(|rent| rent.turnover.is_some()) {
                self.turnover(rent, cutting, terms, &mut line)?;
            }
            // Days that don't reach the tariff's cut-off leave nothing to charge.
            if !line.line.pieces.list.is_empty() {
                lines.push(PlannedLine::Priced(line));
            }
        }
        Ok(())
    }

    /// The place of what the unit's meters counted for the fee item; none where more is given back of an estimate than was used
    /// since: that waits, and nothing counts as used.
    fn usage(&self, unit: u32, fee_item: u16) -> Result<Option<u32>, SkipReason> {
        if let Some(found) = self.usages.get(&(unit, fee_item)).copied() {
            let used = self.inputs.usages.get(place(found));
            let less = |used: &RunUsage| {
                used.usage < Quantity::ZERO || used.registers.iter().any(|register| register.usage < Quantity::ZERO)
            };
            return Ok(Some(found).filter(|_| !used.is_some_and(less)));
        }
        Err(match self.no_usages.get(&(unit, fee_item)) {
            Some(NoUsageReason::NoBaseline) => SkipReason::NoBaseline,
            Some(NoUsageReason::InReview) => SkipReason::InReview,
            Some(NoUsageReason::NoReading) | None => SkipReason::NoReading,
        })
    }

    /// Prices the pieces of one charge.
    fn line(&self, unit: u32, pricing: Pricing<'_>, usage: Option<u32>) -> Result<PricedLine, SkipReason> {
        let Pricing { charged, tariff, book, pieces } = pricing;
        let metered = usage.and_then(|usage| self.inputs.usages.get(place(usage)));
        let home = self.home(unit, charged.tariff, tariff, book, metered);
        let formula = self.formulas.get(usize::from(charged.tariff)).and_then(Option::as_ref);
        let quantities = Quantities::find(self.inputs, &self.wholes, &home, tariff, formula, &pieces)?;
        let quantity = quantities.shown(&pieces);
        let rules = &tariff.rules;
        let mut line = price(quantities.measure(), pieces, book, rules.rounding).map_err(|none| match none {
            NoLine::TooLarge => SkipReason::TooLarge,
            NoLine::Negative => SkipReason::Negative,
            NoLine::NoRegisters => SkipReason::NoRegisters,
        })?;
        if let Some(least) = rules.least_amount(&line.pieces).filter(|least| *least > line.amount) {
            line.raised_from = Some(line.amount);
            line.amount = least;
        }
        Ok(PricedLine { unit, tariff: charged.tariff, charge: charged.charge, quantity, usage, line, turnover: None })
    }

    /// Where a share of the sales is more than the rent, the share is charged.
    fn turnover(
        &self,
        rent: &Rent,
        cutting: Cutting<'_>,
        terms: &mut Vec<(Span, Terms)>,
        priced: &mut PricedLine,
    ) -> Result<(), SkipReason> {
        let charged = cutting.charged;
        let (Some(share), Some(sales)) = (rent.turnover, self.sales.get(&priced.unit)) else { return Ok(()) };
        let (Some(tariff), Some(book)) = (self.inputs.tariff(priced.tariff), self.books.get(usize::from(priced.tariff))) else {
            return Ok(());
        };
        let months: Vec<Span> = self.calendar_of(charged).months().collect();
        // Cut at the ends of months, what each of them costs stands by itself.
        let pieces = self.pieces(priced.unit, tariff, book, Cutting { stretches: &months, ..cutting }, terms)?;
        let known = self.known(priced, &pieces)?;
        let (each, whole) = costs(known.quantities.measure(), &pieces, book).map_err(|_| SkipReason::TooLarge)?;
        let cost = |month: usize| {
            let of_month = pieces.list.iter().zip(&each).filter(|(piece, _)| usize::from(piece.terms.stretch) == month);
            let sum = of_month.map(|(_, cost)| *cost).try_fold(0_i128, i128::checked_add);
            sum.and_then(|sum| Exact::new(sum, whole)).map(Exact::reduced).ok_or(SkipReason::TooLarge)
        };
        let counted = rent.days_of_sales(charged.cover.spans());
        let mut rows = Vec::with_capacity(months.len());
        for (place, month) in months.iter().enumerate() {
            if charged.cover.spans().iter().any(|span| span.overlap(*month).is_some()) {
                rows.push(Comparison::new(*month, &counted, sales, cost(place)?));
            }
        }
        if rent.compared == Compared::Bill {
            let fixed = rows.iter().try_fold(Exact::ZERO, |sum, row| sum.plus(row.fixed).map(Exact::reduced));
            let span = self.calendar_of(charged).period;
            rows = vec![Comparison::new(span, &counted, sales, fixed.ok_or(SkipReason::TooLarge)?)];
        }
        let turnover = Turnover { share, rows };
        if turnover.is_more() {
            let amount = turnover.amount(tariff.rules.rounding).map_err(|_| SkipReason::TooLarge)?;
            let pieces = std::mem::take(&mut priced.line.pieces);
            priced.line = Line { amount, pieces, parts: Vec::new(), raised_from: None };
        }
        priced.turnover = turnover.is_reported().then(|| Box::new(turnover));
        Ok(())
    }

    /// The months of a charge's bill: the run's, or those of its own cycles.
    fn calendar_of<'c>(&'c self, charged: &'c Charged) -> &'c Calendar {
        charged.cycles.as_ref().map_or(&self.calendar, |cycles| &cycles.calendar)
    }

    fn home<'h>(&self, unit: u32, number: u16, tariff: &RunTariff, book: &'h PriceBook, usage: Option<&'h RunUsage>) -> Home<'h> {
        let kind = self.inputs.units.kind.get(place(unit)).copied();
        let coefficients = &tariff.rules.coefficients;
        let coefficient = kind.filter(|_| !coefficients.is_empty()).map_or(Quantity::ONE, |kind| tariff.rules.coefficient(kind));
        Home {
            unit,
            book,
            usage,
            knows_heads: self.asks_for_heads.get(usize::from(number)) == Some(&true) && !self.heads.of(unit).is_empty(),
            coefficient: coefficient.scaled(),
        }
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

/// What a bill of these charges is for: the run's period, unless they have cycles of their own.
fn bill_period(charged: &[Charged]) -> Option<Period> {
    let own = || charged.iter().filter_map(|charged| charged.cycles.as_ref()).map(|cycles| cycles.period);
    let from: Day = own().map(|period| period.from).min()?;
    let to: Day = own().map(|period| period.to).max()?;
    if own().count() < charged.len() { None } else { Period::new(from, to) }
}
