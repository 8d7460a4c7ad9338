//! Which cycles of a tariff a run bills, and the months they consist of.

use chrono::Datelike as _;

use super::proration::Calendar;
use super::tariff::{DueFrom, TariffRules};
use crate::period::{Day, Period, add_months};

/// The cycles that a run bills for one unit: they follow each other without a gap.
#[derive(Clone, Debug)]
pub struct Cycles {
    pub period: Period,
    pub calendar: Calendar,
}

/// The cycles counted from `anchor` that fall to a run: those that begin in it where bills come in advance, those that end in
/// it where they come in arrears. `None` when there are none, or the cycle has no length.
///
/// Every month is counted from the anchor itself, never from the month before: 31 Jan, 28 Feb, 31 Mar.
pub fn by_anniversary(rules: &TariffRules, run: Period, anchor: Day) -> Option<Cycles> {
    let length = rules.cycle.months();
    if length == 0 {
        return None;
    }
    let month = |count: u32| add_months(anchor, count);
    let mut cycle = cycles_before(run.from, anchor, length).saturating_sub(1);
    let mut found: Option<(u32, u32)> = None;
    loop {
        let (from, to) = (month(cycle.checked_mul(length)?)?, month(cycle.checked_add(1)?.checked_mul(length)?)?);
        let falls = match rules.due.from {
            DueFrom::InAdvance => run.contains(from),
            DueFrom::InArrears => run.contains(to.pred_opt()?),
        };
        if falls {
            found = Some((found.map_or(cycle, |(first, _)| first), cycle));
        }
        if from >= run.to {
            break;
        }
        cycle += 1;
    }
    let (first, last) = found?;
    let months = (first * length..(last + 1) * length).map(|count| Period::new(month(count)?, month(count + 1)?));
    let months = months.collect::<Option<Vec<_>>>()?;
    let period = Period::new(months.first()?.from, months.last()?.to)?;
    Some(Cycles { period, calendar: Calendar::of_months(&months) })
}

/// How many whole cycles lie between the anchor and a day, at least.
fn cycles_before(day: Day, anchor: Day, length: u32) -> u32 {
    let months =
        (day.year() - anchor.year()) * 12 + i32::try_from(day.month()).unwrap_or(1) - i32::try_from(anchor.month()).unwrap_or(1);
    u32::try_from(months - 1).unwrap_or(0) / length
}

#[cfg(test)]
mod tests {
    use super::super::tariff::{Cycle, CycleFrom, DueRule, Mode};
    use super::*;

    fn billed(cycle: Cycle, from: DueFrom, anchor: &str, run: (&str, &str)) -> Option<String> {
        let mut rules = TariffRules::of_mode(Mode::Area);
        (rules.cycle, rules.cycle_from, rules.due) = (cycle, CycleFrom::Anniversary, DueRule { from, days: 0 });
        let run = Period::new(run.0.parse().unwrap(), run.1.parse().unwrap()).unwrap();
        by_anniversary(&rules, run, anchor.parse().unwrap()).map(|cycles| cycles.period.to_string())
    }

    #[test]
    fn a_quarter_from_the_day_of_hand_over() {
        let june = ("2026-06-01", "2026-07-01");
        let advance = |anchor, run| billed(Cycle::Quarterly, DueFrom::InAdvance, anchor, run);
        assert_eq!(advance("2024-03-27", june).as_deref(), Some("2026-06-27 – 2026-09-26"));
        assert_eq!(advance("2024-04-27", june), None);
        assert_eq!(advance("2026-06-27", june).as_deref(), Some("2026-06-27 – 2026-09-26"));
        assert_eq!(advance("2026-07-01", june), None);
        let arrears = |anchor, run| billed(Cycle::Quarterly, DueFrom::InArrears, anchor, run);
        assert_eq!(arrears("2026-03-27", june).as_deref(), Some("2026-03-27 – 2026-06-26"));
        assert_eq!(arrears("2026-04-01", june).as_deref(), Some("2026-04-01 – 2026-06-30"));
    }

    #[test]
    fn the_last_of_january_is_the_anchor_of_all_months() {
        let year = ("2026-01-01", "2027-01-01");
        assert_eq!(billed(Cycle::Monthly, DueFrom::InAdvance, "2026-01-31", year).as_deref(), Some("2026-01-31 – 2027-01-30"));
        let march = ("2026-03-01", "2026-04-01");
        assert_eq!(billed(Cycle::Monthly, DueFrom::InAdvance, "2026-01-31", march).as_deref(), Some("2026-03-31 – 2026-04-29"));
        let february = ("2026-02-01", "2026-03-01");
        assert_eq!(
            billed(Cycle::Monthly, DueFrom::InAdvance, "2026-01-31", february).as_deref(),
            Some("2026-02-28 – 2026-03-30")
        );
    }

    #[test]
    fn every_day_is_billed_once_whatever_the_anchor() {
        for anchor in ["2024-02-29", "2025-12-31", "2026-01-01", "2026-01-30"] {
            for from in [DueFrom::InAdvance, DueFrom::InArrears] {
                let mut next: Option<Day> = None;
                for month in 1..=12_u32 {
                    let run = Period::new(
                        Day::from_ymd_opt(2027, month, 1).unwrap(),
                        add_months(Day::from_ymd_opt(2027, month, 1).unwrap(), 1).unwrap(),
                    )
                    .unwrap();
                    let mut rules = TariffRules::of_mode(Mode::Area);
                    rules.due.from = from;
                    let cycles = by_anniversary(&rules, run, anchor.parse().unwrap()).unwrap();
                    assert!(next.is_none_or(|next| next == cycles.period.from), "{anchor} {month}");
                    next = Some(cycles.period.to);
                }
            }
        }
    }
}
