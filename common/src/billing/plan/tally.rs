//! Adds up what a plan makes, and digests it.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::inputs::{RunInputs, place};
use super::{Outcome, PlannedBill, SkipReason};
use crate::charging::proration::number_of;
use crate::money::Money;
use crate::period::Period;

/// Bills and their amount, of one fee item in one building (by place; `None` stands for units outside any building).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTotal {
    pub fee_item: u16,
    pub building: Option<u32>,
    pub bills: u64,
    pub amount_fen: Money,
    pub waived_fen: Money,
}

/// How many were skipped for one reason, of one fee item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkipCount {
    pub fee_item: u16,
    pub reason: SkipReason,
    pub units: u64,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    bills: u64,
    amount: i128,
    waived: i128,
}

/// Adds up outcomes as they come, and digests them: the digest stands for every bill, line, amount, waiver,
/// portion and due day.
pub struct Tally {
    buildings: usize,
    totals: Vec<Sum>,
    skips: Vec<u64>,
    digest: PlanDigest,
    pub bills: u64,
}

impl Tally {
    pub fn new(inputs: &RunInputs) -> Self {
        let buildings = inputs.buildings.len() + 1;
        Self {
            buildings,
            totals: vec![Sum::default(); buildings * inputs.fee_items.len()],
            skips: vec![0; SkipReason::ALL.len() * inputs.fee_items.len()],
            digest: PlanDigest::new(inputs),
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
                if let Some(sum) = self.totals.get_mut(usize::from(bill.fee_item) * self.buildings + building) {
                    sum.bills += 1;
                    sum.amount += i128::from(bill.amount.fen());
                    sum.waived += i128::from(bill.waived().fen());
                }
                self.digest.add(inputs, bill);
            }
        }
    }

    /// Per fee item and building, where there is anything.
    pub fn totals(&self) -> Vec<PlanTotal> {
        let rows = self.totals.chunks(self.buildings).zip(0_u16..).flat_map(|(row, fee_item)| {
            row.iter().zip(0_u32..).filter(|(sum, _)| sum.bills > 0).map(move |(sum, building)| PlanTotal {
                fee_item,
                building: (place(building) + 1 < self.buildings).then_some(building),
                bills: sum.bills,
                amount_fen: Money::from_fen(i64::try_from(sum.amount).unwrap_or(i64::MAX)),
                waived_fen: Money::from_fen(i64::try_from(sum.waived).unwrap_or(i64::MAX)),
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
        self.digest.text()
    }
}

/// The digest on its way. What is the same for many bills is written once: a browser has no instruction for SHA-256, so that
/// each byte costs it ten times what it costs a server.
struct PlanDigest {
    hash: Sha256,
    /// Gathered, since many small pieces take longer than a large one.
    gathered: Vec<u8>,
    period: Period,
    unit: Option<u32>,
}

/// What a bill's first byte says follows.
const UNIT: u8 = 1;
const PERIOD: u8 = 2;
const WAIVERS: u8 = 4;
const PORTIONS: u8 = 8;
const GATHERED: usize = 4096;

impl PlanDigest {
    fn new(inputs: &RunInputs) -> Self {
        let period = inputs.period();
        let mut gathered = Vec::with_capacity(GATHERED + 512);
        gathered.extend_from_slice(b"anju.plan.3");
        gathered.extend_from_slice(inputs.community.0.as_bytes());
        for day in [period.from, period.to, inputs.issued_day] {
            gathered.extend_from_slice(&number_of(day).to_le_bytes());
        }
        gathered.extend_from_slice(&u16::try_from(inputs.fee_items.len()).unwrap_or(u16::MAX).to_le_bytes());
        for fee_item in &inputs.fee_items {
            gathered.extend_from_slice(fee_item.id.0.as_bytes());
        }
        Self { hash: Sha256::new(), gathered, period, unit: None }
    }

    fn add(&mut self, inputs: &RunInputs, bill: &PlannedBill) {
        let (unit, period) = (self.unit != Some(bill.unit), self.period != bill.period);
        let waivers = !bill.waivers.is_empty();
        let portions = !bill.portions.is_empty();
        let told = u8::from(waivers) * WAIVERS + u8::from(portions) * PORTIONS;
        self.gathered.push(u8::from(unit) * UNIT + u8::from(period) * PERIOD + told);
        if unit {
            self.unit = Some(bill.unit);
            self.gathered.extend_from_slice(inputs.units.id_of(bill.unit).map(|id| id.0).unwrap_or_default().as_bytes());
        }
        if period {
            self.gathered.extend_from_slice(&number_of(bill.period.from).to_le_bytes());
            self.gathered.extend_from_slice(&number_of(bill.period.to).to_le_bytes());
        }
        self.gathered.extend_from_slice(&bill.fee_item.to_le_bytes());
        self.gathered.extend_from_slice(&number_of(bill.due_day).to_le_bytes());
        self.gathered.extend_from_slice(&u32::try_from(bill.lines.len()).unwrap_or(u32::MAX).to_le_bytes());
        for line in &bill.lines {
            self.gathered.extend_from_slice(&line.amount().fen().to_le_bytes());
        }
        if waivers {
            self.gathered.extend_from_slice(&u32::try_from(bill.waivers.len()).unwrap_or(u32::MAX).to_le_bytes());
            for waiver in &bill.waivers {
                let scheme = inputs.waivers.schemes.get(usize::from(waiver.scheme)).map(|scheme| scheme.id.0);
                self.gathered.extend_from_slice(scheme.unwrap_or_default().as_bytes());
                self.gathered.extend_from_slice(&waiver.amount.fen().to_le_bytes());
            }
        }
        if portions {
            self.gathered.extend_from_slice(&u32::try_from(bill.portions.len()).unwrap_or(u32::MAX).to_le_bytes());
            for portion in &bill.portions {
                self.gathered.extend_from_slice(&portion.holding.span.from.to_le_bytes());
                self.gathered.extend_from_slice(&portion.amount.fen().to_le_bytes());
                self.gathered.extend_from_slice(&portion.waived.fen().to_le_bytes());
            }
        }
        if self.gathered.len() >= GATHERED {
            self.hash.update(&self.gathered);
            self.gathered.clear();
        }
    }

    fn text(&self) -> String {
        use std::fmt::Write as _;
        let sum = self.hash.clone().chain_update(&self.gathered).finalize();
        sum.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
