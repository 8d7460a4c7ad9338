//! When the bills of a tariff are issued and due.

use serde::{Deserialize, Serialize};

use crate::period::{Day, Period, add_days};
use crate::words;

words! {
    /// Whether a bill is issued before or after the months that it is for.
    DueFrom {
        /// Before: counted from the period's first day.
        InAdvance = "in_advance",
        /// After: counted from the first day after the period.
        InArrears = "in_arrears",
    }
}

/// When the bills of a tariff are issued and due, counted in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DueRule {
    pub from: DueFrom,
    /// Days after that day on which the bill is due.
    pub days: u16,
}

impl Default for DueRule {
    fn default() -> Self {
        Self { from: DueFrom::InArrears, days: 14 }
    }
}

impl DueRule {
    /// The day on which the bill of a period falls due.
    pub fn due_day(self, period: Period) -> Day {
        let start = match self.from {
            DueFrom::InAdvance => period.from,
            DueFrom::InArrears => period.to,
        };
        add_days(start, u32::from(self.days)).unwrap_or(start)
    }

    /// The same for a bill issued on a day: one that comes late leaves the payer as many days as the rule does.
    pub fn due_day_of(self, period: Period, issued: Day) -> Day {
        self.due_day(period).max(add_days(issued, u32::from(self.days)).unwrap_or(issued))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Month;

    #[test]
    fn bills_fall_due_days_after_the_period_or_into_it() {
        let october = "2026-10".parse::<Month>().unwrap().period();
        assert_eq!(DueRule { from: DueFrom::InArrears, days: 14 }.due_day(october).to_string(), "2026-11-15");
        assert_eq!(DueRule { from: DueFrom::InAdvance, days: 9 }.due_day(october).to_string(), "2026-10-10");
        let late = "2026-11-23".parse().unwrap();
        assert_eq!(DueRule { from: DueFrom::InArrears, days: 14 }.due_day_of(october, late).to_string(), "2026-12-07");
    }
}
