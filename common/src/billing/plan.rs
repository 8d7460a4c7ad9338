//! From the inputs of a run to its bills and what is skipped: the same function in the browser and on the server.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::inputs::{RunInputs, RunTariff, place};
use crate::charging::line::{Line, price};
use crate::charging::price::{Place, PriceBook};
use crate::charging::proration::{Calendar, Pieces, Span, cut, number_of};
use crate::charging::tariff::{DueRule, Mode, Proration, ProrationRule, StartsAt, Vacant};
use crate::charging::trace::{Basis, Trace};
use crate::charging::usage::NoUsageReason;
use crate::id::{ApportionmentId, ReadingId};
use crate::money::Money;
use crate::period::Day;
use crate::quantity::Quantity;
use crate::words;

words! {
    /// Why a unit gets no bill of a fee item.
    SkipReason {
        NoPrice = "no_price",
        NoArea = "no_area",
        NoReading = "no_reading",
        NoBaseline = "no_baseline",
        /// A reading waits for a second look.
        InReview = "in_review",
        TooLarge = "too_large",
        ZeroAmount = "zero_amount",
        BeforeHandOver = "before_hand_over",
        Vacant = "vacant",
        /// The period is not a whole number of the tariff's cycles.
        OffCycle = "off_cycle",
        AlreadyBilled = "already_billed",
        /// No tariff of the fee item is assigned to the unit.
        NoCharge = "no_charge",
    }
}

impl SkipReason {
    /// Whether somebody should look into it; the others are as they should be.
    pub fn wants_mending(self) -> bool {
        matches!(self, Self::NoPrice | Self::NoArea | Self::NoReading | Self::NoBaseline | Self::InReview | Self::TooLarge)
    }
}

/// A unit that gets no bill of a fee item, both by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    pub unit: u32,
    pub fee_item: u16,
    pub reason: SkipReason,
}

/// A bill as planned: one unit × fee item × period.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedBill {
    pub unit: u32,
    pub fee_item: u16,
    /// The tariff of its first line; none where all lines are shares of pools.
    pub tariff: Option<u16>,
    pub due_day: Day,
    pub amount: Money,
    pub lines: Vec<PlannedLine>,
}

/// A line of a planned bill.
#[derive(Clone, Debug, PartialEq)]
pub enum PlannedLine {
    /// Priced by a tariff; `usage` is the place of what was metered.
    Priced { tariff: u16, quantity: i64, usage: Option<u32>, line: Line },
    /// A share of a pool, by its place.
    Share(u32, Money),
}

impl PlannedLine {
    pub fn amount(&self) -> Money {
        match self {
            Self::Priced { line, .. } => line.amount,
            Self::Share(_, amount) => *amount,
        }
    }

    /// The readings that the line locks.
    pub fn readings<'a>(&self, inputs: &'a RunInputs) -> &'a [ReadingId] {
        match self {
            Self::Priced { usage: Some(usage), .. } => inputs.usages.get(place(*usage)).map_or(&[], |usage| &usage.readings),
            _ => &[],
        }
    }

    /// The apportionment whose share the line is.
    pub fn apportionment(&self, inputs: &RunInputs) -> Option<ApportionmentId> {
        match self {
            Self::Share(share, _) => inputs.shares.get(place(*share)).map(|share| share.apportionment),
            Self::Priced { .. } => None,
        }
    }
}

/// What comes of one unit × fee item.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Bill(PlannedBill),
    Skip(Skip),
}

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

/// Rows by unit, without a search: rows of unit `u` stand at `starts[u]..starts[u + 1]`.
struct ByUnit {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl ByUnit {
    fn new(units: usize, of: &[u32]) -> Self {
        let mut starts = vec![0_u32; units + 1];
        for unit in of {
            if let Some(start) = starts.get_mut(place(*unit).saturating_add(1)) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; place(sum)];
        for (row, unit) in (0_u32..).zip(of) {
            if let Some(slot) = next.get_mut(place(*unit)).filter(|_| place(*unit) < units) {
                if let Some(cell) = rows.get_mut(place(*slot)) {
                    *cell = row;
                }
                *slot += 1;
            }
        }
        Self { starts, rows }
    }

    fn of(&self, unit: u32) -> &[u32] {
        let at = place(unit);
        let (Some(from), Some(to)) = (self.starts.get(at), self.starts.get(at.saturating_add(1))) else { return &[] };
        self.rows.get(place(*from)..place(*to)).unwrap_or(&[])
    }
}

/// A planned bill without its lines: what a preview keeps of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedSum {
    pub unit: u32,
    pub fee_item: u16,
    pub amount_fen: Money,
}

/// Bills and their amount, of one fee item in one building (by place; `None` stands for units outside any building).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTotal {
    pub fee_item: u16,
    pub building: Option<u32>,
    pub bills: u64,
    pub amount_fen: Money,
}

/// How many were skipped for one reason, of one fee item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkipCount {
    pub fee_item: u16,
    pub reason: SkipReason,
    pub units: u64,
}

/// Adds up outcomes as they come, and digests them: the digest stands for every bill, line, amount and due day.
pub struct Tally {
    buildings: usize,
    totals: Vec<(u64, i128)>,
    skips: Vec<u64>,
    hash: Sha256,
    pub bills: u64,
}

impl Tally {
    pub fn new(inputs: &RunInputs) -> Self {
        let buildings = inputs.buildings.len() + 1;
        let mut hash = Sha256::new();
        hash.update(b"anju.plan.1");
        hash.update(inputs.community.0.as_bytes());
        let period = inputs.period();
        for day in [period.from, period.to, inputs.issued_day] {
            hash.update(number_of(day).to_le_bytes());
        }
        Self {
            buildings,
            totals: vec![(0, 0); buildings * inputs.fee_items.len()],
            skips: vec![0; SkipReason::ALL.len() * inputs.fee_items.len()],
            hash,
            bills: 0,
        }
    }

    pub fn add(&mut self, inputs: &RunInputs, outcome: &Outcome) {
        match outcome {
            Outcome::Skip(skip) => {
                let at = usize::from(skip.fee_item) * SkipReason::ALL.len() + skip.reason as usize;
                if let Some(count) = self.skips.get_mut(at) {
                    *count += 1;
                }
            }
            Outcome::Bill(bill) => {
                self.bills += 1;
                let building = inputs.units.building_of(bill.unit).map_or(self.buildings - 1, place);
                if let Some((bills, amount)) = self.totals.get_mut(usize::from(bill.fee_item) * self.buildings + building) {
                    *bills += 1;
                    *amount += i128::from(bill.amount.fen());
                }
                if let (Some(unit), Some(fee_item)) = (inputs.units.id_of(bill.unit), inputs.fee_item(bill.fee_item)) {
                    self.hash.update(unit.0.as_bytes());
                    self.hash.update(fee_item.id.0.as_bytes());
                }
                self.hash.update(number_of(bill.due_day).to_le_bytes());
                self.hash.update(u32::try_from(bill.lines.len()).unwrap_or(u32::MAX).to_le_bytes());
                for line in &bill.lines {
                    self.hash.update(line.amount().fen().to_le_bytes());
                }
            }
        }
    }

    /// Per fee item and building, where there is anything.
    pub fn totals(&self) -> Vec<PlanTotal> {
        let rows = self.totals.chunks(self.buildings).zip(0_u16..).flat_map(|(row, fee_item)| {
            row.iter().zip(0_u32..).filter(|((bills, _), _)| *bills > 0).map(move |((bills, amount), building)| PlanTotal {
                fee_item,
                building: (place(building) + 1 < self.buildings).then_some(building),
                bills: *bills,
                amount_fen: Money::from_fen(i64::try_from(*amount).unwrap_or(i64::MAX)),
            })
        });
        rows.collect()
    }

    /// Per fee item and reason, where there is anything.
    pub fn skips(&self) -> Vec<SkipCount> {
        let rows = self.skips.chunks(SkipReason::ALL.len()).zip(0_u16..).flat_map(|(row, fee_item)| {
            let counts = row.iter().zip(SkipReason::ALL).filter(|(units, _)| **units > 0);
            counts.map(move |(units, reason)| SkipCount { fee_item, reason: *reason, units: *units })
        });
        rows.collect()
    }

    /// SHA-256 in hexadecimal.
    pub fn digest(&self) -> String {
        use std::fmt::Write as _;
        self.hash.clone().finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// A whole run, planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub bills: Vec<PlannedSum>,
    pub skipped: Vec<Skip>,
    pub totals: Vec<PlanTotal>,
    pub skips: Vec<SkipCount>,
    digest: String,
}

impl Plan {
    /// What the person who generates has seen, in one word.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The sum of all bills.
    pub fn amount(&self) -> Money {
        Money::sum(self.totals.iter().map(|total| total.amount_fen)).unwrap_or_default()
    }
}

/// Units that are planned between two calls of `progress`.
const CHUNK: u32 = 2_000;

/// Plans a whole run; `progress` hears how many units are done.
pub fn plan(inputs: &RunInputs, mut progress: impl FnMut(u32)) -> Plan {
    let planner = Planner::new(inputs);
    let mut tally = Tally::new(inputs);
    let (mut bills, mut skipped) = (Vec::new(), Vec::new());
    let units = inputs.units.len();
    let mut from = 0;
    while from < units {
        let to = units.min(from.saturating_add(CHUNK));
        planner.plan(from..to, |outcome| {
            tally.add(inputs, &outcome);
            match outcome {
                Outcome::Bill(bill) => {
                    bills.push(PlannedSum { unit: bill.unit, fee_item: bill.fee_item, amount_fen: bill.amount })
                }
                Outcome::Skip(skip) => skipped.push(skip),
            }
        });
        progress(to);
        from = to;
    }
    Plan { bills, skipped, totals: tally.totals(), skips: tally.skips(), digest: tally.digest() }
}
