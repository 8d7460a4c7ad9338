//! Tiered prices (阶梯价): a usage is filled from the lowest tier up.

use serde::{Deserialize, Serialize};

use super::proration::PARTS_OF_A_MONTH;
use crate::problem::FieldProblem;
use crate::quantity::{Price, Quantity};
use crate::words;

words! {
    /// What the bounds of the tiers are for.
    TierScope {
        /// One month: the bounds grow with the months of the period.
        Month = "month",
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
}

/// A tiered price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Tiers {
    pub scope: TierScope,
    pub steps: Vec<Tier>,
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
        }
        problems
    }

    /// How much of a usage falls into each tier, in quantities × [`PARTS_OF_A_MONTH`]: the bounds scaled by the months
    /// charged (in those parts), so that nothing is rounded. `None` when it does not fit.
    pub(super) fn fill(&self, usage: i64, months: i64) -> Option<Vec<(u16, i128)>> {
        let mut left = i128::from(usage).checked_mul(i128::from(PARTS_OF_A_MONTH))?;
        let mut below = 0_i128;
        let mut filled = Vec::with_capacity(self.steps.len());
        for (place, step) in (0_u16..).zip(&self.steps) {
            let room = match step.up_to {
                Some(bound) => {
                    let bound = i128::from(bound.scaled()).checked_mul(i128::from(months))?;
                    let room = (bound - below).max(0);
                    below = bound;
                    room
                }
                None => left,
            };
            let part = left.min(room);
            if part > 0 {
                filled.push((place, part));
                left -= part;
            }
            if left == 0 {
                break;
            }
        }
        // A list whose last tier is not open would lose the rest.
        (left == 0).then_some(filled)
    }
}
