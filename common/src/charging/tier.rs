//! Tiered prices (阶梯价): a usage is filled from the lowest tier up, up to fixed bounds or to multiples of the unit's own quota.

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::tariff::{is_january, january};
use crate::formula::gcd;
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

words! {
    /// Which usage the tiers of a part that counts one register are for.
    TierUsage {
        /// What the part counts.
        Own = "own",
        /// All of the usage: what the register counted lies in the tiers in the same proportion.
        Total = "total",
    }
}

/// One tier: up to a bound, the last one open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Tier {
    /// `None` for the last; a multiple where the tiers are by a quota.
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
    /// The custom number field with each unit's own quota (定额), as formulas name it: the bounds are multiples of that. A field's
    /// values have no history: what it says when a bill is made counts for all of its days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<String>,
    /// Read by parts of a price that count one register.
    #[serde(default = "own", skip_serializing_if = "is_own")]
    pub usage: TierUsage,
}

/// What bounds are whole numbers of: 1 ÷ 10⁸, since a multiple and a quota have four decimals each.
const ONE_OF_A_BOUND: i128 = 100_000_000;

/// The most tiers that a price may have.
pub const TIERS_MOST: usize = 10;

impl Tiers {
    /// Tiers that begin their year in January and know of no people and no quota.
    pub fn new(scope: TierScope, steps: Vec<Tier>) -> Self {
        Self { scope, steps, year_from: 1, persons: None, persons_most: None, quota: None, usage: TierUsage::Own }
    }

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
        if self.quota.as_ref().is_some_and(|quota| quota.trim().is_empty()) {
            problems.push(FieldProblem::new(format!("{field}.quota"), "required"));
        }
        // A quota is the unit's own already: whoever sets it counts the people.
        if self.quota.is_some() && (self.persons.is_some() || self.steps.iter().any(|step| step.per_person.is_some())) {
            problems.push(FieldProblem::new(format!("{field}.quota"), "charging.quota_and_people"));
        }
        if !(1..=12).contains(&self.year_from) {
            problems.push(FieldProblem::new(format!("{field}.year_from"), "charging.month_of_year"));
        }
        problems
    }

    /// The same without prices: which usage lies in which tier.
    pub fn bounds_alone(&self) -> Self {
        let steps = self.steps.iter().map(|step| Tier { price: Price::ZERO, ..*step }).collect();
        Self { steps, ..self.clone() }
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

    /// The bound of a step for a home with so many people, or with such a quota (× 10⁴); at 8 decimals, which is exact.
    pub(super) fn bound(&self, step: &Tier, (heads, quota): (u32, Option<i64>)) -> Option<i128> {
        let up_to = i128::from(step.up_to?.scaled());
        if let Some(quota) = quota {
            return up_to.checked_mul(quota.into());
        }
        let grown = i128::from(self.more_people(heads)).checked_mul(step.per_person.map_or(0, Quantity::scaled).into())?;
        up_to.checked_add(grown)?.checked_mul(ONE_OF_A_BOUND / i128::from(Quantity::ONE.scaled()))
    }

    /// Into how many parts 1 ÷ 10⁴ must be cut for all bounds of a quota to be whole numbers of them.
    pub(super) fn parts_of_bounds(&self, quota: i64) -> Option<i128> {
        let one = ONE_OF_A_BOUND / i128::from(Quantity::ONE.scaled());
        let bounds = self.steps.iter().filter_map(|step| self.bound(step, (0, Some(quota))));
        let shared = bounds.fold(one.unsigned_abs(), |shared, bound| gcd(shared, bound.unsigned_abs()));
        one.checked_div(i128::try_from(shared).ok()?)
    }

    /// How much of a usage falls into each tier, when `before` was used already: all quantities, and the bounds times
    /// `times`, in one and the same unit, so that nothing is rounded. `None` when it does not fit.
    pub(super) fn fill(&self, before: i128, usage: i128, home: (u32, Option<i64>), times: i128) -> Option<Vec<(u16, i128)>> {
        let one = ONE_OF_A_BOUND / i128::from(Quantity::ONE.scaled());
        let mut left = usage;
        let mut below = before;
        let mut filled = Vec::with_capacity(self.steps.len());
        for (place, step) in (0_u16..).zip(&self.steps) {
            let room = match step.up_to {
                Some(_) => {
                    let bound = self.bound(step, home)?.checked_mul(times)?;
                    debug_assert_eq!(bound % one, 0, "the unit is not fine enough for the bound");
                    (bound / one).checked_sub(below)?.max(0)
                }
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

fn own() -> TierUsage {
    TierUsage::Own
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_own(usage: &TierUsage) -> bool {
    *usage == TierUsage::Own
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
        Tiers::new(TierScope::Month, steps)
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
    fn what_is_usual_is_not_written_down() {
        let own = tiers(&[("22", "")]);
        let written = serde_json::to_string(&own).unwrap();
        assert!(!written.contains("usage"), "{written}");
        let of_all = Tiers { usage: TierUsage::Total, ..own.clone() };
        for tiers in [own, of_all] {
            assert_eq!(serde_json::from_str::<Tiers>(&serde_json::to_string(&tiers).unwrap()).unwrap(), tiers);
        }
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
        let bounds = [4, 5, 6, 9].map(|heads| once.bound(&once.steps[0], (heads, None)));
        assert_eq!(bounds, [22, 27, 27, 27].map(|bound| Some(bound * ONE_OF_A_BOUND)));
        assert_eq!(wrong(&once), [""; 0]);
        assert_eq!(wrong(&of(Some(4), Some(4))), ["t.persons_most charging.persons_most"]);
        assert_eq!(wrong(&of(None, Some(4))), ["t.persons_most charging.persons_most"]);
    }

    #[test]
    fn bounds_by_a_quota_are_exact_multiples_of_it() {
        let of = |quota: &str| Tiers { quota: Some(quota.to_owned()), ..tiers(&[("1", ""), ("1.2", "")]) };
        let tiers = of("年用水定额");
        let bounds = |quota: i64| tiers.steps.iter().filter_map(|step| tiers.bound(step, (9, Some(quota)))).collect::<Vec<_>>();
        assert_eq!(bounds(12_000_000), [1_200, 1_440].map(|bound| bound * ONE_OF_A_BOUND));
        // 0.0001 × 1.2 has five decimals: a ten-thousandth is cut into five for it.
        assert_eq!([12_000_000, 0, 1].map(|quota| tiers.parts_of_bounds(quota)), [1, 1, 5].map(Some));
        assert_eq!(tiers.fill(0, 5, (0, Some(0)), 1), Some(vec![(2, 5)]), "of nothing, all is beyond");
        assert_eq!(tiers.fill(3, 9, (0, Some(1)), 5), Some(vec![(0, 2), (1, 1), (2, 6)]));
        assert_eq!(wrong(&tiers), [""; 0]);
        assert_eq!(wrong(&of(" ")), ["t.quota required"]);
        assert_eq!(wrong(&Tiers { persons: Some(4), ..of("定额") }), ["t.quota charging.quota_and_people"]);
        let mut growing = of("定额");
        growing.steps[0].per_person = Some(Quantity::ONE);
        assert_eq!(wrong(&growing), ["t.quota charging.quota_and_people"]);
        assert!(!serde_json::to_string(&Tiers::new(TierScope::Year, Vec::new())).unwrap().contains("quota"));
    }
}
