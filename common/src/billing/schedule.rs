//! Generation rules (出账规则): which periods are billed, on which day, when people are told and when they must have paid.

use serde::{Deserialize, Serialize};

use crate::charging::tariff::{Cycle, is_january, january};
use crate::period::{Day, Month, Period, add_days};
use crate::problem::FieldProblem;
use crate::words;

words! {
    /// From where the day of generation is counted.
    IssueOn {
        /// In arrears: so many days after the period's last day.
        DaysAfter = "days_after",
        /// In arrears: on a day of the month after the period.
        DayAfter = "day_after",
        /// On a day of the period's last month.
        DayLast = "day_last",
        /// On a day of the period's first month.
        DayFirst = "day_first",
        /// In advance: on a day of the month before the period.
        DayBefore = "day_before",
        /// In advance: so many days before the period's first day.
        DaysBefore = "days_before",
    }

    /// Who says when what is due is generated.
    RuleStart {
        /// The server, on the day.
        Automatic = "automatic",
        /// A person: on the day it is only proposed.
        Proposed = "proposed",
    }
}

impl IssueOn {
    /// Whether it counts days, rather than naming a day of a month.
    pub fn counts_days(self) -> bool {
        matches!(self, Self::DaysAfter | Self::DaysBefore)
    }
}

/// When bills are generated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Schedule {
    /// How many months one run is for; with `once`, from `first` to `last`.
    pub cycle: Cycle,
    /// The month of the year, 1 to 12, from which cycles are counted.
    #[serde(default = "january", skip_serializing_if = "is_january")]
    pub cycle_month: u8,
    /// No month before it is billed.
    pub first: Month,
    /// Nor any after it; where there is none, it goes on.
    pub last: Option<Month>,
    pub on: IssueOn,
    /// Days, or a day of a month: 31 is the last one of every month.
    pub number: u16,
    /// The day itself, where the cycle is `once`.
    pub once_day: Option<Day>,
    /// Days from generation to the day on which the bills are made known.
    pub notice_days: u16,
    /// Days from then until they are due; where it is left open, the tariffs say.
    pub due_days: Option<u16>,
}

/// One time that a rule generates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Occurrence {
    /// The first month of its period and how many there are.
    pub first: Month,
    pub months: u32,
    /// The day of generation.
    pub day: Day,
    pub notice_day: Day,
    pub due_day: Option<Day>,
}

/// The most days between two things that a rule names.
pub const DAYS_MOST: u16 = 366;
/// No rule begins before this year, or after it ends.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

impl Occurrence {
    /// The days that are billed.
    pub fn period(self) -> Period {
        Period { from: self.first.first_day(), to: self.first.plus(count(self.months)).first_day() }
    }
}

impl Schedule {
    /// Every month, on the first day after it: what most begin with.
    pub fn monthly(first: Month) -> Self {
        Self {
            cycle: Cycle::Monthly,
            cycle_month: 1,
            first,
            last: None,
            on: IssueOn::DayAfter,
            number: 1,
            once_day: None,
            notice_days: 0,
            due_days: None,
        }
    }

    /// Every time that it generates, from its beginning on; each later than the one before.
    pub fn all(&self) -> impl Iterator<Item = Occurrence> {
        let length = self.cycle.months();
        // As the tariffs do: a cycle that has begun by then is left out.
        let cycle = self.cycle.begin(self.first, self.cycle_month);
        let begin = if cycle < self.first { cycle.plus(count(length)) } else { cycle };
        let once = self.once().into_iter();
        let cycles = (0..).map(move |cycle: u32| begin.plus(count(cycle.saturating_mul(length))));
        let cycles = cycles
            .take_while(move |first| length > 0 && YEARS.contains(&(first.number() / 100)))
            .take_while(move |first| self.last.is_none_or(|last| first.plus(count(length) - 1) <= last))
            .map_while(move |first| self.occurrence(first, length, None));
        once.chain(cycles)
    }

    fn once(&self) -> Option<Occurrence> {
        if self.cycle != Cycle::Once {
            return None;
        }
        let last = self.last.unwrap_or(self.first);
        let months = (last.number() / 100 - self.first.number() / 100) * 12 + last.number() % 100 - self.first.number() % 100 + 1;
        self.occurrence(self.first, u32::try_from(months).ok().filter(|months| *months > 0)?, Some(self.once_day?))
    }

    fn occurrence(&self, first: Month, months: u32, day: Option<Day>) -> Option<Occurrence> {
        let day = match day {
            Some(day) => day,
            None => self.day_of(first, months)?,
        };
        let notice_day = add_days(day, u32::from(self.notice_days))?;
        let due_day = match self.due_days {
            Some(days) => Some(add_days(notice_day, u32::from(days))?),
            None => None,
        };
        Some(Occurrence { first, months, day, notice_day, due_day })
    }

    fn day_of(&self, first: Month, months: u32) -> Option<Day> {
        let number = u32::from(self.number);
        let last = first.plus(count(months) - 1);
        match self.on {
            IssueOn::DaysAfter => add_days(last.period().last_day(), number),
            IssueOn::DaysBefore => first.first_day().checked_sub_days(chrono::Days::new(u64::from(number))),
            IssueOn::DayAfter => day_in(last.plus(1), number),
            IssueOn::DayLast => day_in(last, number),
            IssueOn::DayFirst => day_in(first, number),
            IssueOn::DayBefore => day_in(first.plus(-1), number),
        }
    }

    /// What it has still to generate. A rule that goes on bills the periods from where it has come to, so that a change of its
    /// days leaves none out and bills none again; one that begins leaves to the past what would have been before today.
    pub fn ahead(&self, over_to: Option<Day>, today: Day) -> impl Iterator<Item = Occurrence> {
        self.all().skip_while(move |one| match over_to {
            Some(day) => one.first.first_day() < day,
            None => one.day < today,
        })
    }

    /// The day up to which everything is over for a rule that begins today.
    pub fn begins(&self, today: Day) -> Day {
        match self.ahead(None, today).next() {
            Some(first) => first.first.first_day(),
            None => self.all().last().map_or(today, |last| last.period().to),
        }
    }

    /// What is wrong with it, as fields below `field`.
    pub fn problems(&self, field: &str) -> Vec<FieldProblem> {
        let at = |name: &str| format!("{field}.{name}");
        let mut problems = Vec::new();
        if !YEARS.contains(&(self.first.number() / 100)) {
            problems.push(FieldProblem::new(at("first"), "billing.rule_years"));
        }
        if self.last.is_some_and(|last| last < self.first || !YEARS.contains(&(last.number() / 100))) {
            problems.push(FieldProblem::new(at("last"), "billing.rule_last"));
        }
        if !(1..=12).contains(&self.cycle_month) {
            problems.push(FieldProblem::new(at("cycle_month"), "charging.month_of_year"));
        }
        if self.cycle == Cycle::Once {
            if self.once_day.is_none() {
                problems.push(FieldProblem::new(at("once_day"), "required"));
            }
            if self.last.is_some_and(|last| last >= self.first.plus(12)) {
                problems.push(FieldProblem::new(at("last"), "billing.months").with("most", 12));
            }
        } else if self.on.counts_days() && self.number > DAYS_MOST {
            problems.push(FieldProblem::new(at("number"), "billing.rule_days").with("most", DAYS_MOST));
        } else if self.on == IssueOn::DaysAfter && self.number == 0 {
            problems.push(FieldProblem::new(at("number"), "billing.rule_after"));
        } else if !self.on.counts_days() && !(1..=31).contains(&self.number) {
            problems.push(FieldProblem::new(at("number"), "billing.rule_day_of_month"));
        } else if problems.is_empty() && self.all().next().is_none() {
            problems.push(FieldProblem::new(at("last"), "billing.rule_never"));
        }
        for (name, days) in [("notice_days", Some(self.notice_days)), ("due_days", self.due_days)] {
            if days.is_some_and(|days| days > DAYS_MOST) {
                problems.push(FieldProblem::new(at(name), "billing.rule_days").with("most", DAYS_MOST));
            }
        }
        problems
    }
}

/// A day of a month, or its last one where it has no such day.
fn day_in(month: Month, day: u32) -> Option<Day> {
    let period = month.period();
    add_days(period.from, day.checked_sub(1)?).map(|day| day.min(period.last_day()))
}

fn count(months: u32) -> i32 {
    i32::try_from(months).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn of(cycle: Cycle, first: &str, on: IssueOn, number: u16) -> Schedule {
        Schedule { cycle, on, number, ..Schedule::monthly(month(first)) }
    }

    fn said(schedule: &Schedule, most: usize) -> Vec<String> {
        schedule.all().take(most).map(|one| format!("{}+{} {}", one.first, one.months, one.day)).collect()
    }

    #[rstest::rstest]
    #[case::the_first_day_after(Cycle::Monthly, "2026-11", IssueOn::DaysAfter, 1, &["2026-11+1 2026-12-01", "2026-12+1 2027-01-01"])]
    #[case::five_days_before(Cycle::Monthly, "2026-11", IssueOn::DaysBefore, 5, &["2026-11+1 2026-10-27", "2026-12+1 2026-11-26"])]
    #[case::on_its_first_day(Cycle::Monthly, "2026-11", IssueOn::DaysBefore, 0, &["2026-11+1 2026-11-01"])]
    #[case::the_25th_before(Cycle::Monthly, "2026-12", IssueOn::DayBefore, 25, &["2026-12+1 2026-11-25", "2027-01+1 2026-12-25"])]
    #[case::a_31st_is_every_months_last(Cycle::Monthly, "2027-01", IssueOn::DayLast, 31, &["2027-01+1 2027-01-31", "2027-02+1 2027-02-28", "2027-03+1 2027-03-31", "2027-04+1 2027-04-30"])]
    #[case::of_a_leap_year_too(Cycle::Monthly, "2028-01", IssueOn::DayAfter, 30, &["2028-01+1 2028-02-29", "2028-02+1 2028-03-30"])]
    #[case::quarters_count_from_january(Cycle::Quarterly, "2026-11", IssueOn::DayFirst, 10, &["2027-01+3 2027-01-10", "2027-04+3 2027-04-10"])]
    #[case::a_quarter_may_begin_at_once(Cycle::Quarterly, "2026-10", IssueOn::DayLast, 28, &["2026-10+3 2026-12-28"])]
    #[case::half_a_year(Cycle::HalfYearly, "2026-02", IssueOn::DaysAfter, 3, &["2026-07+6 2027-01-03", "2027-01+6 2027-07-03"])]
    #[case::a_year_ahead(Cycle::Yearly, "2027-01", IssueOn::DaysBefore, 31, &["2027-01+12 2026-12-01", "2028-01+12 2027-12-01"])]
    fn periods_and_their_days(
        #[case] cycle: Cycle,
        #[case] first: &str,
        #[case] on: IssueOn,
        #[case] number: u16,
        #[case] expected: &[&str],
    ) {
        assert_eq!(said(&of(cycle, first, on, number), expected.len()), expected);
    }

    #[rstest::rstest]
    #[case::a_property_year(Cycle::Yearly, 7, "2026-01", IssueOn::DayBefore, 15, &["2026-07+12 2026-06-15", "2027-07+12 2027-06-15"])]
    #[case::a_year_from_november_in_november(Cycle::Yearly, 11, "2026-11", IssueOn::DayFirst, 1, &["2026-11+12 2026-11-01"])]
    #[case::a_year_that_has_begun_is_left_out(Cycle::Yearly, 11, "2026-12", IssueOn::DayFirst, 1, &["2027-11+12 2027-11-01"])]
    #[case::in_arrears(Cycle::HalfYearly, 4, "2026-05", IssueOn::DaysAfter, 10, &["2026-10+6 2027-04-10", "2027-04+6 2027-10-10"])]
    #[case::quarters_from_february(Cycle::Quarterly, 2, "2026-12", IssueOn::DayLast, 31, &["2027-02+3 2027-04-30", "2027-05+3 2027-07-31"])]
    #[case::months_are_months(Cycle::Monthly, 7, "2026-12", IssueOn::DayFirst, 1, &["2026-12+1 2026-12-01", "2027-01+1 2027-01-01"])]
    fn cycles_from_another_month(
        #[case] cycle: Cycle,
        #[case] cycle_month: u8,
        #[case] first: &str,
        #[case] on: IssueOn,
        #[case] number: u16,
        #[case] expected: &[&str],
    ) {
        let schedule = Schedule { cycle_month, ..of(cycle, first, on, number) };
        assert_eq!(schedule.problems("schedule"), []);
        assert_eq!(said(&schedule, expected.len()), expected);
    }

    #[test]
    fn a_month_of_the_year_is_one_of_twelve() {
        for cycle_month in [0, 13] {
            let schedule = Schedule { cycle_month, ..of(Cycle::Yearly, "2026-01", IssueOn::DayFirst, 1) };
            assert_eq!(schedule.problems("schedule")[0].code, "charging.month_of_year");
        }
        let stored = serde_json::to_string(&Schedule::monthly(month("2026-11"))).unwrap();
        assert!(!stored.contains("cycle_month"));
        assert_eq!(serde_json::from_str::<Schedule>(&stored).unwrap().cycle_month, 1);
    }

    #[test]
    fn once_is_on_its_own_day() {
        let mut once = of(Cycle::Once, "2026-11", IssueOn::DayAfter, 1);
        assert_eq!(said(&once, 5), Vec::<String>::new());
        assert!(once.problems("schedule").iter().any(|problem| problem.field == "schedule.once_day"));
        once.once_day = Some(day("2026-10-15"));
        assert_eq!(said(&once, 5), ["2026-11+1 2026-10-15"]);
        once.last = Some(month("2027-03"));
        assert_eq!(said(&once, 5), ["2026-11+5 2026-10-15"], "the heating season");
        assert_eq!(once.problems("schedule"), []);
        once.last = Some(month("2027-11"));
        assert_eq!(once.problems("schedule").len(), 1);
    }

    #[test]
    fn it_ends_with_its_last_whole_cycle() {
        let mut quarters = of(Cycle::Quarterly, "2026-01", IssueOn::DaysAfter, 1);
        quarters.last = Some(month("2026-08"));
        assert_eq!(said(&quarters, 9), ["2026-01+3 2026-04-01", "2026-04+3 2026-07-01"]);
        quarters.last = Some(month("2026-02"));
        assert_eq!(quarters.problems("schedule")[0].code, "billing.rule_never");
    }

    #[test]
    fn people_are_told_and_pay_days_after() {
        let schedule = Schedule { notice_days: 3, due_days: Some(15), ..Schedule::monthly(month("2026-11")) };
        let one = schedule.ahead(None, day("2026-11-02")).next().unwrap();
        assert_eq!((one.day, one.notice_day, one.due_day), (day("2026-12-01"), day("2026-12-04"), Some(day("2026-12-19"))));
        assert_eq!(one.period(), month("2026-11").period());
    }

    #[test]
    fn a_rule_that_begins_leaves_the_past_alone_and_one_that_goes_on_leaves_nothing_out() {
        let mut monthly = of(Cycle::Monthly, "2026-09", IssueOn::DayAfter, 5);
        let today = day("2026-12-03");
        let next = |schedule: &Schedule, over_to| schedule.ahead(over_to, today).next().map(|one| one.first);
        assert_eq!(next(&monthly, None), Some(month("2026-11")));
        let over_to = monthly.begins(today);
        assert_eq!(over_to, day("2026-11-01"));
        // November was to come on the 5th; now it should have come on the 1st, and is not forgotten.
        monthly.number = 1;
        assert_eq!((next(&monthly, None), next(&monthly, Some(over_to))), (Some(month("2026-12")), Some(month("2026-11"))));
        monthly.last = Some(month("2026-10"));
        assert_eq!((monthly.begins(today), next(&monthly, Some(over_to))), (day("2026-11-01"), None));
    }

    #[rstest::rstest]
    #[case(IssueOn::DayFirst, 0, "billing.rule_day_of_month")]
    #[case(IssueOn::DayAfter, 32, "billing.rule_day_of_month")]
    #[case(IssueOn::DaysBefore, 367, "billing.rule_days")]
    #[case(IssueOn::DaysAfter, 0, "billing.rule_after")]
    fn days_that_are_none(#[case] on: IssueOn, #[case] number: u16, #[case] code: &str) {
        let problems = of(Cycle::Monthly, "2026-11", on, number).problems("schedule");
        assert_eq!(problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), [code]);
    }

    fn any() -> impl Strategy<Value = Schedule> {
        let cycles = prop::sample::select(&Cycle::ALL[..4]);
        let on = prop::sample::select(IssueOn::ALL);
        let last = prop::option::of(0..60_i32);
        (cycles, 0..600_i32, on, 1..=31_u16, last, 0..40_u16, prop::option::of(0..60_u16), 1..=12_u8).prop_map(
            |(cycle, first, on, number, last, notice_days, due_days, cycle_month)| {
                let first = Month::new(2000, 1).unwrap().plus(first);
                let last = last.map(|months| first.plus(months));
                Schedule { cycle, cycle_month, first, last, on, number, once_day: None, notice_days, due_days }
            },
        )
    }

    proptest! {
        /// Periods follow each other without a gap, each on a later day, and all of them within the rule's months.
        #[test]
        fn nothing_is_left_out_and_nothing_twice(schedule in any()) {
            let all: Vec<_> = schedule.all().take(40).collect();
            for pair in all.windows(2) {
                prop_assert_eq!(pair[0].period().to, pair[1].period().from);
                prop_assert!(pair[0].day < pair[1].day);
            }
            for one in &all {
                prop_assert!(one.first >= schedule.first && one.months == schedule.cycle.months());
                prop_assert!(schedule.last.is_none_or(|last| one.period().to <= last.period().to));
                prop_assert!(schedule.cycle.fits(one.first, one.months, schedule.cycle_month));
                prop_assert!(one.notice_day >= one.day && one.due_day.is_none_or(|due| due >= one.notice_day));
            }
        }
    }
}
