//! Shares of a month that is billed already: they come with the next bill of their unit.

use std::collections::HashMap;

use common::billing::api::{BilledUnit, ListBilledUnits};
use common::id::{FeeItemId, UnitId};
use common::period::Month;
use common::problem::Problem;

use crate::api::call;
use crate::kit::count;
use crate::{session, t};

/// The units of which a month is billed of a fee item, and up to which month.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Billed(HashMap<UnitId, Month>);

impl Billed {
    pub(super) async fn of(fee_item: FeeItemId, month: Month) -> Result<Self, Problem> {
        let units = call(ListBilledUnits { community: session::community(), fee_item, month }).await?;
        Ok(Self(units.into_iter().map(|BilledUnit { unit, until }| (unit, until)).collect()))
    }

    pub(super) fn has(&self, unit: UnitId) -> bool {
        self.0.contains_key(&unit)
    }

    /// How many of these units are billed; `None` where none is.
    pub(super) fn late(&self, units: impl Iterator<Item = UnitId>) -> Option<Late> {
        let (mut all, mut late, mut until) = (0_usize, 0_usize, None);
        for unit in units {
            all += 1;
            if let Some(month) = self.0.get(&unit) {
                late += 1;
                until = until.max(Some(*month));
            }
        }
        until.map(|until| Late { units: late, all: late == all, next: until.plus(1) })
    }
}

/// How many units get their share with the next bill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Late {
    units: usize,
    /// No unit is left for a bill of the month itself.
    pub(super) all: bool,
    /// The month with which all of them have got it.
    pub(super) next: Month,
}

impl Late {
    pub(super) fn note(self, month: Month) -> String {
        let id = if self.all { "metering-late-all" } else { "metering-late-some" };
        t!(id, units = count(self.units), month = month, next = self.next)
    }

    /// What is said before one shares out.
    pub(super) fn confirm(self, month: Month) -> String {
        let id = if self.all { "metering-apportion-confirm-all-late" } else { "metering-apportion-confirm-late" };
        t!(id, units = count(self.units), month = month, next = self.next)
    }
}
