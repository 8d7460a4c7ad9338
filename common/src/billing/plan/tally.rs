//! Adds up what a plan makes, and digests it.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::inputs::{RunInputs, place};
use super::{Outcome, SkipReason};
use crate::charging::proration::number_of;
use crate::money::Money;

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
        hash.update(b"anju.plan.2");
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
                for day in [bill.period.from, bill.period.to, bill.due_day] {
                    self.hash.update(number_of(day).to_le_bytes());
                }
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
