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

    /// The bound of a step for a home with so many people, at 4 decimals.
    pub fn bound(&self, step: &Tier, heads: u32) -> Option<i64> {
        let more = i64::from(self.persons.map_or(0, |persons| heads.saturating_sub(u32::from(persons))));
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
