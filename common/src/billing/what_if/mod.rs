//! What if: a run with other prices or rules is planned beside the one that is in force, and both are compared, unit by unit.
//!
//! A [`Trial`] keeps the inputs and the plan of what is in force, so that another change costs one plan of the fee items that
//! it touches. What is kept of a unit × fee item is a [`Side`]: memory grows by a few bytes a unit, whatever its lines.

mod change;
mod classes;
mod compare;
#[cfg(test)]
mod tests;
mod typical;

pub use change::Change;
pub use classes::{CLASSES_MOST, Class};
pub use compare::{BuildingChange, Comparison, Group, ItemChange, TOP, Turn, Turned, UnitChange};
pub use typical::TypicalHome;

use serde::{Deserialize, Serialize};

use super::inputs::{RunBilled, RunInputs, RunTariff, place};
use super::plan::{ExplainedBill, Outcome, Planner, SkipReason};
use crate::money::Money;
use crate::problem::Problem;

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
    planner: Planner<'a>,
    columns: Vec<Column>,
    fee_items: Vec<u16>,
    next: u32,
    units: u32,
}

impl<'a> Planning<'a> {
    pub fn new(inputs: &'a RunInputs, fee_items: &[u16]) -> Self {
        let units = inputs.units.len();
        let column = |fee_item: &u16| Column { fee_item: *fee_item, sides: Vec::with_capacity(place(units)) };
        Self {
            planner: Planner::new(inputs),
            columns: fee_items.iter().map(column).collect(),
            fee_items: fee_items.to_vec(),
            next: 0,
            units,
        }
    }

    /// Plans some more units and says how many are done; none when all were.
    pub fn go_on(&mut self) -> Option<u32> {
        if self.next >= self.units || self.fee_items.is_empty() {
            return None;
        }
        let to = self.units.min(self.next.saturating_add(CHUNK));
        let (columns, mut turn) = (&mut self.columns, 0);
        self.planner.plan_of(self.next..to, &self.fee_items, |outcome| {
            let side = match outcome {
                Outcome::Bill(bill) => Side::Bill(bill.to_pay()),
                Outcome::Skip(skip) => Side::Skip(skip.reason),
            };
            if let Some(column) = columns.get_mut(turn) {
                column.sides.push(side);
            }
            turn = (turn + 1) % columns.len().max(1);
        });
        self.next = to;
        Some(to)
    }

    /// What was planned.
    pub fn columns(self) -> Vec<Column> {
        self.columns
    }
}

/// The lines of a bill and what is taken off it, with their traces; or why there is none.
pub type Explained = Result<ExplainedBill, SkipReason>;

/// The inputs of a run, what is planned from them as they are, and what is tried on them.
pub struct Trial {
    inputs: RunInputs,
    in_force: Vec<RunTariff>,
    before: Vec<Column>,
    changes: Vec<Change>,
}

impl Trial {
    /// Whatever was billed already is planned again: what is asked is who would have paid what.
    pub fn new(mut inputs: RunInputs) -> Self {
        inputs.billed = RunBilled::default();
        Self { in_force: inputs.tariffs.clone(), inputs, before: Vec::new(), changes: Vec::new() }
    }

    /// The inputs, with what is tried.
    pub fn inputs(&self) -> &RunInputs {
        &self.inputs
    }

    /// The fee items that changes touch, in order.
    pub fn touched(&self, changes: &[Change]) -> Vec<u16> {
        let of = |change: &Change| self.in_force.iter().find(|tariff| tariff.id == change.tariff()).map(|tariff| tariff.fee_item);
        let mut touched: Vec<u16> = changes.iter().filter_map(of).collect();
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    /// Tries these changes instead of those before.
    ///
    /// # Errors
    /// When two changes are of the same place and days, or speak of what these inputs don't know: then nothing is tried.
    pub fn apply(&mut self, changes: &[Change]) -> Result<(), Problem> {
        self.inputs.tariffs.clone_from(&self.in_force);
        self.changes.clear();
        if let Err(problem) = change::apply(&mut self.inputs, changes) {
            self.inputs.tariffs.clone_from(&self.in_force);
            return Err(problem);
        }
        self.changes = changes.to_vec();
        Ok(())
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
        let tried = std::mem::replace(&mut self.inputs.tariffs, self.in_force.clone());
        let before = explained(&self.inputs, unit, fee_item);
        self.inputs.tariffs = tried;
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
