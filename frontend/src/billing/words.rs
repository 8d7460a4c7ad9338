//! Generation rules in words.

use common::billing::schedule::{Occurrence, Schedule};
use common::charging::tariff::Cycle;
use common::period::Month;

use crate::t;

/// `2026-10`, or `2026-10 – 2026-12`.
pub(super) fn months_text(first: Month, months: u32) -> String {
    if months <= 1 {
        return first.to_string();
    }
    t!("kit-range-from-to", from = first, to = first.plus(i32::try_from(months).unwrap_or(1) - 1))
}

/// Where a run was for: 全部, 1栋、2栋, or 1栋101等 5 户.
pub(super) fn places_text(buildings: &[String], units: &[String]) -> String {
    let few = |names: &[String]| names.join(&t!("billing-comma"));
    match (units, buildings) {
        ([], []) => t!("billing-rule-everywhere"),
        ([first, _, _, _, ..], _) => t!("billing-units-some", first = first, count = units.len()),
        ([], [first, _, _, _, ..]) => t!("billing-buildings-some", first = first, count = buildings.len()),
        ([], names) | (names, _) => few(names),
    }
}

pub(super) fn period_text(at: Occurrence) -> String {
    months_text(at.first, at.months)
}

/// On which day: 账期结束后第 1 天, 账期前一个月的 25 日.
pub(super) fn day_text(schedule: &Schedule) -> String {
    match schedule.once_day.filter(|_| schedule.cycle == Cycle::Once) {
        Some(day) => day.to_string(),
        None => t!(&format!("billing-on-{}-number", schedule.on.word().replace('_', "-")), number = schedule.number),
    }
}

/// When people are told and when they must have paid.
pub(super) fn due_text(schedule: &Schedule) -> String {
    match schedule.due_days {
        Some(days) => t!("billing-rule-due", days = days),
        None => t!("billing-rule-due-by-tariff"),
    }
}
