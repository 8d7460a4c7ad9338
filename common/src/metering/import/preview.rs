//! What a person sees before importing: counts, problems with their cures, oddities, totals against last month.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::super::{Oddity, Role, Utility, usage};
use super::{Field, RowAt};
use crate::period::Day;
use crate::quantity::Quantity;
use crate::sheet::{CellProblem, Found};

/// A row that can't be imported as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BadRow {
    pub at: RowAt,
    /// The cell, what stands there and what is wrong with it.
    pub problem: CellProblem,
    /// What people call the unit; empty where it is not known.
    pub label: String,
    pub cure: Cure,
}

/// What may mend a row, besides leaving it out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cure {
    /// Only leaving it out helps.
    Drop,
    /// Write the cell anew; the suggestion may be empty.
    Write { field: Field, suggestion: String },
    /// Write it anew, or say that the register rolled over.
    WriteOrRoll { suggestion: String },
    /// The nearest code that exists.
    Use { field: Field, code: String },
    /// Two rows for one meter: keep one of them.
    KeepOne { other: RowAt },
}

/// A reading unlike its meter's past.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OddRow {
    pub at: RowAt,
    pub cell: String,
    pub meter: String,
    pub label: String,
    pub oddity: Oddity,
    pub past: Vec<Option<Quantity>>,
    pub average: Option<Quantity>,
    pub usage: Quantity,
    /// Usage ÷ average, to one decimal.
    pub times: Option<Decimal>,
    pub confirmed: bool,
}

/// What was understood of a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetFound {
    pub name: String,
    pub utility: Option<Utility>,
    pub rows: u32,
    pub columns: Vec<ColumnFound>,
    /// Headers that mean nothing to us.
    pub ignored: Vec<String>,
    /// The first rows as they stand in the file, by the columns above.
    pub sample: Vec<Vec<String>>,
    /// Why the sheet is not read.
    pub problem: Option<CellProblem>,
}

/// A column that was understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnFound {
    pub key: String,
    pub header: String,
    pub at: String,
}

impl From<Found> for ColumnFound {
    fn from(found: Found) -> Self {
        Self { key: found.key.to_owned(), header: found.header, at: found.at }
    }
}

/// A utility's month before and this month, as far as the file brings it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub utility: Utility,
    pub before: Totals,
    pub now: Totals,
    /// Whether the file has a sound row of every meter in use: what is missing would look like loss.
    pub whole: bool,
}

/// The totals of a utility's readings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Meters of any role.
    pub meters: u32,
    /// Household meters.
    pub homes: u32,
    pub household: Quantity,
    /// Household meters without any use.
    pub zero: u32,
    pub public: Quantity,
    pub master: Quantity,
}

impl Totals {
    pub(super) fn add(&mut self, role: Role, used: Quantity) {
        let more = |sum: Quantity| usage::sum([sum, used]).unwrap_or(sum);
        self.meters += 1;
        match role {
            Role::Household => {
                self.homes += 1;
                self.household = more(self.household);
                self.zero += u32::from(used.is_zero());
            }
            Role::Public => self.public = more(self.public),
            Role::Master => self.master = more(self.master),
        }
    }

    /// Public use and loss: what the household meters do not explain; `None` without a master meter.
    pub fn shared(&self) -> Option<Decimal> {
        (!self.master.is_zero()).then(|| self.master.get() - self.household.get())
    }
}

/// What the person sees before importing: `read = ready + odd + bad`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    pub read: u32,
    pub ready: u32,
    pub odd: u32,
    pub bad: u32,
    pub dropped: u32,
    /// First readings, which are never billed.
    pub baselines: u32,
    pub first_day: Option<Day>,
    pub last_day: Option<Day>,
    pub sheets: Vec<SheetFound>,
    /// The first of them; `bad` counts all.
    pub bad_rows: Vec<BadRow>,
    /// The first of them; `odd` counts all.
    pub odd_rows: Vec<OddRow>,
    pub comparisons: Vec<Comparison>,
    /// Meters in use that neither the file nor the month has a reading of.
    pub missing: u32,
    /// The first of them: code and what people call it.
    pub missing_meters: Vec<(String, String)>,
}

/// How many rows of a kind the preview lists.
pub const LISTED: usize = 300;
