//! What if: a run with other prices, rules or waiver schemes is planned beside the one that is in force, and both are compared, unit by unit.
//!
//! A [`Trial`] keeps the inputs and the plan of what is in force, so that another change costs one plan of the fee items that
//! it touches. What is kept of a unit × fee item is a [`Side`]: memory grows by a few bytes a unit, whatever its lines.

mod change;
mod classes;
mod compare;
mod export;
mod scheme;
#[cfg(test)]
mod scheme_tests;
#[cfg(test)]
mod tests;
mod typical;

pub use change::Change;
pub use classes::{CLASSES_MOST, Class};
pub use compare::{BuildingChange, Comparison, Group, ItemChange, LeftOut, SchemeChange, TOP, Turn, Turned, UnitChange};
pub use export::{CHANGES_MOST, ExportTrial};
pub use typical::TypicalHome;

use serde::{Deserialize, Serialize};

use super::inputs::{RunBilled, RunInputs, RunTariff, place};
use super::plan::{ExplainedBill, Outcome, PlannedBill, Planner, SkipReason};
use crate::id::WaiverSchemeId;
use crate::money::Money;
use crate::problem::Problem;
use crate::waivers::inputs::RunScheme;

/// What comes of one unit × fee item, on one side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Bill(Money),
    Skip(SkipReason),
}

impl Side {
    /// What is to be paid; nothing where there is no bill.
    pub fn amount(self) -> Money {
        match self {
            Self::Bill(amount) => amount,
            Self::Skip(_) => Money::ZERO,
        }
    }

    pub fn is_billed(self) -> bool {
        matches!(self, Self::Bill(_))
    }
}

/// A fee item's side of every unit, in the order of the units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub fee_item: u16,
    pub sides: Vec<Side>,
    /// What schemes take off it, by scheme and building; without those that take nothing.
    pub waived: Vec<Waived>,
}

/// What a scheme takes off the bills of a building, by its place; none for what stands in no building.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waived {
    pub scheme: WaiverSchemeId,
    pub building: Option<u32>,
    pub bills: u64,
    pub amount_fen: Money,
}

impl Column {
    /// Of a unit, by its place.
    pub fn of(&self, unit: u32) -> Option<Side> {
        self.sides.get(place(unit)).copied()
    }
}

/// Units that are planned between two looks at whether the result is still wanted.
const CHUNK: u32 = 2_000;

/// A plan of some fee items on its way, so many units at a time.
pub struct Planning<'a> {
    inputs: &'a RunInputs,
    planner: Planner<'a>,
    columns: Vec<Counted>,
    fee_items: Vec<u16>,
    next: u32,
    units: u32,
}

/// A column on its way.
struct Counted {
    fee_item: u16,
    sides: Vec<Side>,
    /// By the places of schemes, and of buildings with one more for what stands in none: bills and fen.
    waived: Vec<(u64, i128)>,
}

impl Counted {
    fn new(inputs: &RunInputs, fee_item: u16) -> Self {
        let waived = vec![(0, 0); inputs.waivers.schemes.len() * (inputs.buildings.len() + 1)];
        Self { fee_item, sides: Vec::with_capacity(place(inputs.units.len())), waived }
    }

    fn add(&mut self, inputs: &RunInputs, outcome: Outcome) {
        let side = match outcome {
            Outcome::Bill(bill) => {
                self.count(inputs, &bill);
                Side::Bill(bill.to_pay())
            }
            Outcome::Skip(skip) => Side::Skip(skip.reason),
        };
        self.sides.push(side);
    }

    fn count(&mut self, inputs: &RunInputs, bill: &PlannedBill) {
        let outside = inputs.buildings.len();
        for waiver in bill.waivers.iter().filter(|waiver| !waiver.amount.is_zero()) {
            let building = inputs.units.building_of(bill.unit).map_or(outside, place).min(outside);
            if let Some((bills, sum)) = self.waived.get_mut(usize::from(waiver.scheme) * (outside + 1) + building) {
                *bills += 1;
                *sum += i128::from(waiver.amount.fen());
            }
        }
    }

    fn column(self, inputs: &RunInputs) -> Column {
        let outside = inputs.buildings.len();
        let rows = inputs.waivers.schemes.iter().zip(self.waived.chunks(outside + 1));
        let waived = rows.flat_map(|(scheme, buildings)| {
            (0_u32..).zip(buildings).filter(|(_, (bills, _))| *bills > 0).map(move |(at, (bills, sum))| Waived {
                scheme: scheme.id,
                building: (place(at) < outside).then_some(at),
                bills: *bills,
                amount_fen: compare::money(*sum),
            })
        });
        Column { fee_item: self.fee_item, waived: waived.collect(), sides: self.sides }
    }
}

impl<'a> Planning<'a> {
    pub fn new(inputs: &'a RunInputs, fee_items: &[u16]) -> Self {
        Self {
            inputs,
            planner: Planner::new(inputs),
            columns: fee_items.iter().map(|fee_item| Counted::new(inputs, *fee_item)).collect(),
            fee_items: fee_items.to_vec(),
            next: 0,
            units: inputs.units.len(),
        }
    }

    /// Plans some more units and says how many are done; none when all were.
    pub fn go_on(&mut self) -> Option<u32> {
        if self.next >= self.units || self.fee_items.is_empty() {
            return None;
        }
        let to = self.units.min(self.next.saturating_add(CHUNK));
        let (inputs, columns, mut turn) = (self.inputs, &mut self.columns, 0);
        self.planner.plan_of(self.next..to, &self.fee_items, |outcome| {
            if let Some(column) = columns.get_mut(turn) {
                column.add(inputs, outcome);
            }
            turn = (turn + 1) % columns.len().max(1);
        });
        self.next = to;
        Some(to)
    }

    /// What was planned.
    pub fn columns(self) -> Vec<Column> {
        let inputs = self.inputs;
        self.columns.into_iter().map(|column| column.column(inputs)).collect()
    }
}

/// The lines of a bill and what is taken off it, with their traces; or why there is none.
pub type Explained = Result<ExplainedBill, SkipReason>;

/// The inputs of a run, what is planned from them as they are, and what is tried on them.
pub struct Trial {
    inputs: RunInputs,
    in_force: InForce,
    before: Vec<Column>,
}

/// Whatever changes may take the place of.
#[derive(Clone)]
struct InForce {
    tariffs: Vec<RunTariff>,
    schemes: Vec<RunScheme>,
}

impl InForce {
    fn of(inputs: &RunInputs) -> Self {
        Self { tariffs: inputs.tariffs.clone(), schemes: inputs.waivers.schemes.clone() }
    }

    fn put(self, inputs: &mut RunInputs) {
        (inputs.tariffs, inputs.waivers.schemes) = (self.tariffs, self.schemes);
    }
}

impl Trial {
    /// Whatever was billed already is planned again: what is asked is who would have paid what.
    pub fn new(mut inputs: RunInputs) -> Self {
        inputs.billed = RunBilled::default();
        Self { in_force: InForce::of(&inputs), inputs, before: Vec::new() }
    }

    /// The inputs, with what is tried.
    pub fn inputs(&self) -> &RunInputs {
        &self.inputs
    }

    /// A scheme that is tried or in force.
    pub fn scheme(&self, id: WaiverSchemeId) -> Option<&RunScheme> {
        self.inputs.waivers.schemes.iter().chain(&self.in_force.schemes).find(|scheme| scheme.id == id)
    }

    /// The fee items that changes touch, in order.
    pub fn touched(&self, changes: &[Change]) -> Vec<u16> {
        let mut touched: Vec<u16> = Vec::new();
        let mut tried = Vec::new();
        for change in changes {
            let tariff = self.in_force.tariffs.iter().find(|tariff| Some(tariff.id) == change.tariff());
            touched.extend(tariff.map(|tariff| tariff.fee_item));
            let scheme = self.in_force.schemes.iter().filter(|scheme| Some(scheme.id) == change.scheme());
            touched.extend(scheme.flat_map(|scheme| &scheme.fee_items));
            if let Change::Scheme(save) = change {
                let items = scheme::fee_items(&self.inputs, save);
                touched.extend(&items);
                tried.extend(save.rules.year_most_fen.map(|_| items));
            }
        }
        // What is left of a most for the year depends on the bills before: those of later fee items change along.
        let in_force = self.in_force.schemes.iter().filter(|scheme| scheme.year_most_fen.is_some());
        let capped: Vec<&Vec<u16>> = in_force.map(|scheme| &scheme.fee_items).chain(&tried).collect();
        loop {
            touched.sort_unstable();
            touched.dedup();
            let later = |items: &&Vec<u16>| {
                let first = items.iter().copied().filter(|item| touched.contains(item)).min()?;
                items.iter().copied().find(|item| *item > first && !touched.contains(item))
            };
            let Some(item) = capped.iter().find_map(later) else { break };
            touched.push(item);
        }
        touched
    }

    /// Tries these changes instead of those before.
    ///
    /// # Errors
    /// When two changes are of the same, or speak of what these inputs don't know: then nothing is tried.
    pub fn apply(&mut self, changes: &[Change]) -> Result<(), Problem> {
        self.in_force.clone().put(&mut self.inputs);
        let applied = change::apply(&mut self.inputs, changes);
        if applied.is_err() {
            self.in_force.clone().put(&mut self.inputs);
        }
        applied
    }

    /// Of these fee items, those whose plan as in force is not known yet.
    pub fn unknown(&self, fee_items: &[u16]) -> Vec<u16> {
        let known = |fee_item: &u16| self.before.iter().any(|column| column.fee_item == *fee_item);
        fee_items.iter().copied().filter(|fee_item| !known(fee_item)).collect()
    }

    /// Keeps what was planned while nothing was tried.
    pub fn keep(&mut self, columns: Vec<Column>) {
        self.before.extend(columns);
    }

    /// What is in force, of a fee item.
    pub fn before(&self, fee_item: u16) -> Option<&Column> {
        self.before.iter().find(|column| column.fee_item == fee_item)
    }

    /// Compares what is in force with these columns.
    pub fn compare(&self, after: &[Column]) -> Comparison {
        compare::compare(self, after)
    }

    /// How the bill of a unit comes about as in force, and as tried.
    pub fn explain(&mut self, unit: u32, fee_item: u16) -> (Explained, Explained) {
        let after = explained(&self.inputs, unit, fee_item);
        let tried = InForce::of(&self.inputs);
        self.in_force.clone().put(&mut self.inputs);
        let before = explained(&self.inputs, unit, fee_item);
        tried.put(&mut self.inputs);
        (before, after)
    }
}

fn explained(inputs: &RunInputs, unit: u32, fee_item: u16) -> Explained {
    let planner = Planner::new(inputs);
    let bill = planner.plan_one(unit, fee_item)?;
    Ok(planner.explain(&bill))
}

/// All of it in one go: plans what is in force where that is not known yet, then with the changes, and compares. The fee items
/// that are touched are compared, and those to be shown besides.
///
/// # Errors
/// Those of [`Trial::apply`].
pub fn what_if(
    trial: &mut Trial,
    changes: &[Change],
    shown: &[u16],
    mut progress: impl FnMut(u32),
) -> Result<(Comparison, Vec<Column>), Problem> {
    let mut fee_items = trial.touched(changes);
    fee_items.extend(shown.iter().filter(|item| !fee_items.contains(item)).copied().collect::<Vec<_>>());
    let unknown = trial.unknown(&fee_items);
    if !unknown.is_empty() {
        trial.apply(&[])?;
        let columns = whole(Planning::new(trial.inputs(), &unknown), &mut progress);
        trial.keep(columns);
    }
    trial.apply(changes)?;
    let columns = whole(Planning::new(trial.inputs(), &fee_items), &mut progress);
    Ok((trial.compare(&columns), columns))
}

fn whole(mut planning: Planning<'_>, progress: &mut impl FnMut(u32)) -> Vec<Column> {
    while let Some(done) = planning.go_on() {
        progress(done);
    }
    planning.columns()
}
