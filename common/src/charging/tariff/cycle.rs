//! How many months a bill is for, and from where they are counted.

use crate::period::Month;
use crate::words;

words! {
    /// How many months one bill is for.
    Cycle {
        Monthly = "monthly",
        Quarterly = "quarterly",
        HalfYearly = "half_yearly",
        Yearly = "yearly",
        /// Once, in the period in which the charge begins.
        Once = "once",
    }

    /// From where cycles are counted.
    CycleFrom {
        /// The first day of a month of the year.
        Calendar = "calendar",
        /// The day on which the unit was handed over; where that is unknown, the day of the assignment.
        Anniversary = "anniversary",
    }
}

impl Cycle {
    /// Months of one cycle.
    pub const fn months(self) -> u32 {
        match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::HalfYearly => 6,
            Self::Yearly => 12,
            Self::Once => 0,
        }
    }

    /// The first month of the cycle that a month lies in, counted from the month `from` of the year, 1 to 12.
    pub fn begin(self, month: Month, from: u8) -> Month {
        let length = i32::try_from(self.months()).unwrap_or(1).max(1);
        month.plus(-(month.number() % 100 - i32::from(from)).rem_euclid(length))
    }

    /// The first month of the latest cycle that is over with a month.
    pub fn over_by(self, month: Month, from: u8) -> Month {
        let length = i32::try_from(self.months()).unwrap_or(1).max(1);
        self.begin(month.plus(1 - length), from)
    }

    /// Whether counting it from a month of the year is the same as from January.
    pub fn is_from_january(self, month: u8) -> bool {
        u32::from(month.saturating_sub(1)).is_multiple_of(self.months().max(1))
    }

    /// Whether a period of whole calendar months is a whole number of these cycles, counted from the month `from` of the year.
    pub fn fits(self, first: Month, months: u32, from: u8) -> bool {
        if self == Self::Once {
            return months > 0;
        }
        months > 0 && months.is_multiple_of(self.months()) && self.begin(first, from) == first
    }

    /// Whether a bill of it is made only once for each assignment.
    pub fn is_once(self) -> bool {
        self == Self::Once
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_over_with_its_last_month() {
        let over = |cycle: Cycle, month: &str, from| cycle.over_by(month.parse().unwrap(), from).to_string();
        assert_eq!(
            ["2026-08", "2026-09", "2026-10"].map(|month| over(Cycle::Quarterly, month, 1)),
            ["2026-04", "2026-07", "2026-07"]
        );
        assert_eq!(
            (over(Cycle::Monthly, "2026-09", 1), over(Cycle::Yearly, "2026-09", 11)),
            ("2026-09".into(), "2024-11".into())
        );
    }

    #[test]
    fn a_quarter_starts_in_january_april_july_or_october() {
        let fits = |cycle: Cycle, month: &str, months| cycle.fits(month.parse().unwrap(), months, 1);
        assert!(fits(Cycle::Quarterly, "2026-10", 3) && fits(Cycle::Quarterly, "2026-04", 6));
        assert!(!fits(Cycle::Quarterly, "2026-11", 3) && !fits(Cycle::Quarterly, "2026-10", 1));
        assert!(fits(Cycle::Monthly, "2026-11", 1) && fits(Cycle::Monthly, "2026-11", 5));
        assert!(fits(Cycle::Yearly, "2026-01", 12) && !fits(Cycle::Yearly, "2026-07", 12));
    }

    #[rstest::rstest]
    #[case::property_year(Cycle::Yearly, 7, "2026-11", "2026-07")]
    #[case::property_year_before_july(Cycle::Yearly, 7, "2027-06", "2026-07")]
    #[case::heating_season(Cycle::Yearly, 11, "2026-10", "2025-11")]
    #[case::on_its_first_month(Cycle::Yearly, 11, "2026-11", "2026-11")]
    #[case::half_years_from_july_are_those_from_january(Cycle::HalfYearly, 7, "2026-05", "2026-01")]
    #[case::half_years_from_april(Cycle::HalfYearly, 4, "2026-03", "2025-10")]
    #[case::quarters_from_december(Cycle::Quarterly, 12, "2027-01", "2026-12")]
    #[case::quarters_from_february(Cycle::Quarterly, 2, "2026-01", "2025-11")]
    #[case::months_begin_with_themselves(Cycle::Monthly, 7, "2026-05", "2026-05")]
    #[case::so_does_what_is_charged_once(Cycle::Once, 7, "2026-05", "2026-05")]
    fn cycles_begin_with_their_month(#[case] cycle: Cycle, #[case] from: u8, #[case] month: &str, #[case] first: &str) {
        let (month, first): (Month, Month) = (month.parse().unwrap(), first.parse().unwrap());
        assert_eq!(cycle.begin(month, from), first);
        let months = cycle.months().max(1);
        assert!(cycle.fits(first, months, from) && !cycle.fits(first, 0, from));
        if months > 1 {
            assert!(cycle.fits(first, 2 * months, from) && !cycle.fits(first.plus(1), months, from));
        }
    }
}
