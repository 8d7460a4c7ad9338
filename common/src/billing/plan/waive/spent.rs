//! What schemes with a most for the year took off the unit's other bills of the run.

use chrono::Datelike as _;

use super::super::PlannedWaiver;
use crate::money::Money;
use crate::period::Period;

/// What schemes with a most for the year took off the bills of one unit that this run plans before another of its bills.
#[derive(Default)]
pub(in crate::billing::plan) struct Spent {
    unit: Option<u32>,
    /// The fee items before this one are counted.
    next: u16,
    /// By scheme and by the year of the bill.
    sums: Vec<(u16, i32, Money)>,
}

impl Spent {
    /// Where to go on for the unit.
    pub(in crate::billing::plan) fn next_of(&mut self, unit: u32) -> u16 {
        if self.unit != Some(unit) {
            *self = Self { unit: Some(unit), ..Self::default() };
        }
        self.next
    }

    /// Counts what was taken off a bill of the fee item that is next; none where it has no bill.
    pub(in crate::billing::plan) fn add(&mut self, unit: u32, fee_item: u16, year: i32, waivers: &[PlannedWaiver]) {
        if self.unit != Some(unit) || self.next != fee_item {
            return;
        }
        self.next += 1;
        for waiver in waivers {
            match self.sums.iter_mut().find(|(scheme, of, _)| (*scheme, *of) == (waiver.scheme, year)) {
                Some((.., sum)) => *sum = sum.checked_add(waiver.amount).unwrap_or(*sum),
                None => self.sums.push((waiver.scheme, year, waiver.amount)),
            }
        }
    }

    pub(super) fn of(&self, scheme: u16, year: i32) -> Money {
        let found = self.sums.iter().find(|(of, its, _)| (*of, *its) == (scheme, year));
        found.map_or(Money::ZERO, |(.., sum)| *sum)
    }
}

/// The year that a bill counts in: that in which its period begins.
pub(in crate::billing::plan) fn year_of(period: Period) -> i32 {
    period.from.year()
}
