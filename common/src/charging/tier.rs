//! Tiered prices (阶梯价): a usage is filled from the lowest tier up.

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::tariff::{is_january, january};
use crate::period::Day;
use crate::problem::FieldProblem;
use crate::quantity::{Price, Quantity};
use crate::words;

words! {
    /// What the bounds of the tiers are for.
    TierScope {
        /// One month: the bounds grow with the months of the period.
        Month = "month",
        /// One tariff year: what was used since its first day counts first.
        Year = "year",
    }
}

/// One tier: up to a bound, the last one open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Tier {
    /// `None` for the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Quantity>,
    pub price: Price,
    /// What the bound grows with for each person more than the tiers are made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_person: Option<Quantity>,
}

/// A tiered price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Tiers {
    pub scope: TierScope,
    pub steps: Vec<Tier>,
    /// The month, 1 to 12, with which the tariff year begins.
    #[serde(default = "january", skip_serializing_if = "is_january")]
    pub year_from: u8,
    /// For how many people in the home the bounds are made; for each one more they grow by [`Tier::per_person`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persons: Option<u16>,
    /// So many people count at most: one more than [`Tiers::persons`] makes the bounds grow once, however many live there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persons_most: Option<u16>,
}

/// The most tiers that a price may have.
pub const TIERS_MOST: usize = 10;

impl Tiers {
    /// What is wrong with them, as fields below `field`.
    pub fn problems(&self, field: &str) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.steps.len() < 2 || self.steps.len() > TIERS_MOST {
            problems.push(FieldProblem::new(field, "charging.tier_count").with("most", TIERS_MOST));
        }
        let mut before = Quantity::ZERO;
        let last = self.steps.len().saturating_sub(1);
        for (place, step) in self.steps.iter().enumerate() {
            match step.up_to {
                None if place == last => {}
                None => problems.push(FieldProblem::new(format!("{field}.steps.{place}.up_to"), "required")),
                Some(_) if place == last => {
                    problems.push(FieldProblem::new(format!("{field}.steps.{place}.up_to"), "charging.last_tier_open"))
                }
                Some(bound) if bound <= before => {
                    problems.push(FieldProblem::new(format!("{field}.steps.{place}.up_to"), "charging.tiers_not_rising"));
                }
                Some(bound) => before = bound,
            }
            if step.price < Price::ZERO {
                problems.push(FieldProblem::new(format!("{field}.steps.{place}.price"), "negative"));
            }
            if step.per_person.is_some_and(|more| more < Quantity::ZERO) {
                problems.push(FieldProblem::new(format!("{field}.steps.{place}.per_person"), "negative"));
            }
        }
        if self.persons_most.is_some_and(|most| self.persons.is_none_or(|persons| most <= persons)) {
            problems.push(FieldProblem::new(format!("{field}.persons_most"), "charging.persons_most"));
        }
        if !(1..=12).contains(&self.year_from) {
            problems.push(FieldProblem::new(format!("{field}.year_from"), "charging.month_of_year"));
        }
        problems
    }

    /// Whether its bounds depend on how many people live in the home.
    pub fn asks_for_heads(&self) -> bool {
        self.persons.is_some() && self.steps.iter().any(|step| step.per_person.is_some())
    }

    /// The tariff year that a day lies in.
    pub fn year_of(&self, day: Day) -> i32 {
        day.year() - i32::from(day.month() < u32::from(self.year_from))
    }

    /// By how many people a home has more than the bounds are made for, as far as they count.
    fn more_people(&self, heads: u32) -> u32 {
        let counted = self.persons_most.map_or(heads, |most| heads.min(most.into()));
        self.persons.map_or(0, |persons| counted.saturating_sub(persons.into()))
    }

    /// The bound of a step for a home with so many people, at 4 decimals.
    pub fn bound(&self, step: &Tier, heads: u32) -> Option<i64> {
        let more = i64::from(self.more_people(heads));
        let grown = more.checked_mul(step.per_person.map_or(0, Quantity::scaled))?;
        step.up_to?.scaled().checked_add(grown)
    }

    /// How much of a usage falls into each tier, when `before` was used already: all quantities, and the bounds times
    /// `times`, in one and the same unit, so that nothing is rounded. `None` when it does not fit.
    pub(super) fn fill(&self, before: i128, usage: i128, heads: u32, times: i128) -> Option<Vec<(u16, i128)>> {
        let mut left = usage;
        let mut below = before;
        let mut filled = Vec::with_capacity(self.steps.len());
        for (place, step) in (0_u16..).zip(&self.steps) {
            let room = match step.up_to {
                Some(_) => i128::from(self.bound(step, heads)?).checked_mul(times)?.checked_sub(below)?.max(0),
                None => left,
            };
            let part = left.min(room);
            if part > 0 {
                filled.push((place, part));
                left -= part;
                below = below.checked_add(part)?;
            }
            if left == 0 {
                break;
            }
        }
        // A list whose last tier is not open would lose the rest.
        (left == 0).then_some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tiers up to the bounds, with what each person more adds, and an open one.
    fn tiers(bounds: &[(&str, &str)]) -> Tiers {
        let step = |(up_to, more): &(&str, &str)| Tier {
            up_to: Some(up_to.parse().unwrap()),
            price: Price::ONE,
            per_person: (!more.is_empty()).then(|| more.parse().unwrap()),
        };
        let last = Tier { up_to: None, price: Price::ZERO, per_person: None };
        let steps = bounds.iter().map(step).chain([last]).collect();
        Tiers { scope: TierScope::Month, steps, year_from: 1, persons: None, persons_most: None }
    }

    fn wrong(tiers: &Tiers) -> Vec<String> {
        tiers.problems("t").into_iter().map(|one| format!("{} {}", one.field, one.code)).collect()
    }

    #[test]
    fn bounds_rise_and_only_the_last_tier_is_open() {
        assert_eq!(wrong(&tiers(&[("22", "5"), ("30", "0")])), [""; 0]);
        assert_eq!(wrong(&tiers(&[("0", "")])), ["t.steps.0.up_to charging.tiers_not_rising"]);
        assert_eq!(wrong(&tiers(&[("22", ""), ("22", "")])), ["t.steps.1.up_to charging.tiers_not_rising"]);
        assert_eq!(wrong(&tiers(&[("22", "-1")])), ["t.steps.0.per_person negative"]);
        let mut open = tiers(&[("22", ""), ("30", "")]);
        open.steps[1].up_to = None;
        open.steps[2].price = Price::from_scaled(-1);
        assert_eq!(wrong(&open), ["t.steps.1.up_to required", "t.steps.2.price negative"]);
        open.steps.truncate(1);
        assert_eq!(wrong(&open), ["t charging.tier_count", "t.steps.0.up_to charging.last_tier_open"]);
    }

    #[test]
    fn there_are_two_to_ten_tiers_and_twelve_months() {
        let many = |count: usize| {
            let bounds: Vec<String> = (1..count).map(|bound| bound.to_string()).collect();
            tiers(&bounds.iter().map(|bound| (bound.as_str(), "")).collect::<Vec<_>>())
        };
        assert_eq!([1, 2, 10, 11].map(|count| wrong(&many(count)).len()), [1, 0, 0, 1]);
        assert_eq!([0, 1, 12, 13].map(|year_from| wrong(&Tiers { year_from, ..many(2) }).len()), [1, 0, 0, 1]);
    }

    #[rstest::rstest]
    #[case("2026-06-30", 2025)]
    #[case("2026-07-01", 2026)]
    #[case("2026-12-31", 2026)]
    #[case("2027-01-01", 2026)]
    #[case("2027-07-01", 2027)]
    fn a_tariff_year_from_july_goes_over_the_turn_of_the_year(#[case] on: Day, #[case] expected: i32) {
        assert_eq!(Tiers { year_from: 7, ..tiers(&[("22", "")]) }.year_of(on), expected);
    }

    #[test]
    fn people_matter_where_bounds_grow_with_them() {
        let of = |persons, more| Tiers { persons, ..tiers(&[("22", more)]) }.asks_for_heads();
        assert_eq!((of(Some(4), "5"), of(Some(4), ""), of(None, "5")), (true, false, false));
    }

    #[test]
    fn no_more_people_count_than_the_most() {
        let of = |persons, persons_most| Tiers { persons, persons_most, ..tiers(&[("22", "5")]) };
        let once = of(Some(4), Some(5));
        assert_eq!([4, 5, 6, 9].map(|heads| once.bound(&once.steps[0], heads)), [220_000, 270_000, 270_000, 270_000].map(Some));
        assert_eq!(wrong(&once), [""; 0]);
        assert_eq!(wrong(&of(Some(4), Some(4))), ["t.persons_most charging.persons_most"]);
        assert_eq!(wrong(&of(None, Some(4))), ["t.persons_most charging.persons_most"]);
    }
}
