//! How old a debt is, counted from the due day.

use serde::{Deserialize, Serialize};

use crate::period::Day;

/// An age of arrears; the older, the darker it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Not due yet.
    NotDue,
    To30,
    To90,
    To180,
    To365,
    Over365,
}

impl Age {
    pub const ALL: [Self; 6] = [Self::NotDue, Self::To30, Self::To90, Self::To180, Self::To365, Self::Over365];
    /// The ages of what is late.
    pub const LATE: [Self; 5] = [Self::To30, Self::To90, Self::To180, Self::To365, Self::Over365];

    /// The code in the API and the texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotDue => "not_due",
            Self::To30 => "to30",
            Self::To90 => "to90",
            Self::To180 => "to180",
            Self::To365 => "to365",
            Self::Over365 => "over365",
        }
    }

    /// The age of what was due on a day, as of another.
    pub fn of(due: Day, today: Day) -> Self {
        match (today - due).num_days() {
            ..=0 => Self::NotDue,
            1..=30 => Self::To30,
            31..=90 => Self::To90,
            91..=180 => Self::To180,
            181..=365 => Self::To365,
            _ => Self::Over365,
        }
    }

    /// The due days that have this age as of a day: from the first to the last, open where there is no bound.
    pub fn due_days(self, today: Day) -> (Option<Day>, Option<Day>) {
        let back = |days: u64| today.checked_sub_days(chrono::Days::new(days));
        match self {
            Self::NotDue => (back(0), None),
            Self::To30 => (back(30), back(1)),
            Self::To90 => (back(90), back(31)),
            Self::To180 => (back(180), back(91)),
            Self::To365 => (back(365), back(181)),
            Self::Over365 => (None, back(366)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_one_age_and_the_bounds_say_the_same() {
        let today = Day::from_ymd_opt(2026, 11, 23).unwrap();
        for late in -400_i64..800 {
            let due = today - chrono::Duration::days(late);
            let within: Vec<Age> = Age::ALL
                .into_iter()
                .filter(|age| {
                    let (first, last) = age.due_days(today);
                    first.is_none_or(|first| first <= due) && last.is_none_or(|last| due <= last)
                })
                .collect();
            assert_eq!(within, [Age::of(due, today)], "{late} days late");
        }
        assert_eq!(Age::of(today, today), Age::NotDue);
    }
}
