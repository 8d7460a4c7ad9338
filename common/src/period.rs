//! Days, months and billing periods; no time zone and no clock.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A calendar date.
pub type Day = NaiveDate;

/// A half-open interval of days `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Period {
    pub from: Day,
    /// The first day that no longer belongs to it.
    pub to: Day,
}

impl Period {
    /// `None` when it would be empty.
    pub fn new(from: Day, to: Day) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// The number of days.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days()
    }

    /// The last day that belongs to it.
    pub fn last_day(self) -> Day {
        self.to.pred_opt().unwrap_or(self.from)
    }

    /// How many whole months it has, counted from its first day.
    pub fn whole_months(self) -> u32 {
        let fits = |months: u32| add_months(self.from, months).is_some_and(|end| end <= self.to);
        (1..).take_while(|months| fits(*months)).last().unwrap_or(0)
    }

    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day < self.to
    }

    /// What both have in common; `None` when they do not touch.
    pub fn overlap(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// Its months, counted from its first day; the last one is cut where the period ends before it does.
    ///
    /// Each comes with the whole month it lies in, so that a piece of d days can be weighed by the month's n days.
    pub fn months(self) -> Vec<(Self, Self)> {
        let mut months = Vec::new();
        for count in 0.. {
            let (Some(start), Some(end)) = (add_months(self.from, count), add_months(self.from, count + 1)) else { break };
            if start >= self.to {
                break;
            }
            let whole = Self { from: start, to: end };
            months.push((Self { from: start, to: end.min(self.to) }, whole));
        }
        months
    }
}

impl std::fmt::Display for Period {
    /// As people write it, with both days included: `2026-10-01 – 2026-10-31`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} – {}", self.from, self.last_day())
    }
}

/// The same day `count` months later, or that month's last day: 31 Jan + 1 is 28/29 Feb, 31 Jan + 2 is 31 Mar.
pub fn add_months(anchor: Day, count: u32) -> Option<Day> {
    anchor.checked_add_months(Months::new(count))
}

/// `count` days later.
pub fn add_days(day: Day, count: u32) -> Option<Day> {
    day.checked_add_days(Days::new(u64::from(count)))
}

/// A calendar month, `2026-10`; sorts by time, stored as the integer `202610`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "server", schemars(with = "String"))]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    pub fn new(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(|_| Self { year, month })
    }

    pub fn of(day: Day) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// `202610`.
    pub fn number(self) -> i32 {
        self.year * 100 + i32::try_from(self.month).unwrap_or(0)
    }

    pub fn from_number(number: i32) -> Option<Self> {
        Self::new(number / 100, u32::try_from(number % 100).ok()?)
    }

    pub fn first_day(self) -> Day {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    pub fn period(self) -> Period {
        Period { from: self.first_day(), to: self.plus(1).first_day() }
    }

    /// `count` months later, or earlier when negative.
    pub fn plus(self, count: i32) -> Self {
        let months = self.year * 12 + i32::try_from(self.month).unwrap_or(1) - 1 + count;
        Self { year: months.div_euclid(12), month: u32::try_from(months.rem_euclid(12)).unwrap_or(0) + 1 }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_once('-')
            .and_then(|(year, month)| Self::new(year.parse().ok()?, month.parse().ok()?))
            .ok_or_else(|| format!("{text:?} is not a month such as 2026-10"))
    }
}

impl TryFrom<String> for Month {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_counted_from_the_first_day() {
        let quarter = Period::new(day("2026-06-27"), day("2026-09-27")).unwrap();
        assert_eq!(quarter.months().len(), 3);
        let cut = Period::new(day("2026-01-31"), day("2026-03-15")).unwrap();
        let parts: Vec<_> = cut.months().into_iter().map(|(part, whole)| (part.days(), whole.days())).collect();
        assert_eq!(parts, [(28, 28), (15, 31)]);
    }

    #[test]
    fn whole_months_are_counted() {
        let months = |from: &str, to: &str| Period::new(day(from), day(to)).unwrap().whole_months();
        assert_eq!((months("2026-07-01", "2027-07-01"), months("2026-01-31", "2026-03-31")), (12, 2));
        assert_eq!((months("2026-01-31", "2026-03-30"), months("2026-01-01", "2026-01-31")), (1, 0));
    }

    #[test]
    fn the_last_of_january_comes_back_in_march() {
        let anchor = day("2026-01-31");
        assert_eq!(add_months(anchor, 1), Some(day("2026-02-28")));
        assert_eq!(add_months(anchor, 2), Some(day("2026-03-31")));
    }

    #[test]
    fn months_travel_as_text_and_are_stored_as_a_number() {
        let month: Month = "2026-10".parse().unwrap();
        assert_eq!(month.number(), 202_610);
        assert_eq!(Month::from_number(202_610), Some(month));
        assert_eq!(month.plus(3).to_string(), "2027-01");
        assert_eq!(month.plus(-10).to_string(), "2025-12");
        assert_eq!(serde_json::to_string(&month).unwrap(), "\"2026-10\"");
        assert!("2026-13".parse::<Month>().is_err());
    }
}
