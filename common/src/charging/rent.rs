//! What a contract says beside the price of its first day: rent-free days, escalation, a share of the sales.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::price::{At, PriceRow};
use super::proration::{Span, number_of, union};
use super::rate::Rate;
use super::turnover::without;
use crate::period::{Day, Period, add_days, add_months};
use crate::problem::FieldProblem;
use crate::quantity::{Price, Quantity};
use crate::words;

words! {
    /// What a rent grows by.
    EscalateBy {
        /// A share of it: 0.05 is 5 %.
        Rate = "rate",
        /// An amount per quantity.
        Amount = "amount",
    }

    /// Whether the sales of rent-free days count.
    #[derive(Default)]
    FreeSales {
        /// They do not: on these days nothing is charged at all.
        #[default]
        Exempt = "exempt",
        /// They do: only the rent is waived.
        Counted = "counted",
    }

    /// Over which time the share of the sales is compared with the rent.
    #[derive(Default)]
    Compared {
        /// Each month of the bill by itself.
        #[default]
        Month = "month",
        /// The sums of the bill.
        Bill = "bill",
    }
}

/// The rent of one charge (租金条款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Rent {
    /// The price on the first day of the charge.
    pub price: Price,
    /// Days on which nothing is charged (免租期).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub free: Vec<Period>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    /// The share of reported sales that is charged where it is more than the rent (提成租金), 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnover: Option<Quantity>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub free_sales: FreeSales,
    #[serde(default, skip_serializing_if = "is_default")]
    pub compared: Compared,
}

/// How a rent grows (租金递增).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Escalation {
    pub every_months: u16,
    pub by: EscalateBy,
    pub step: Price,
    /// Whether a step by rate counts from the rent before it; otherwise always from the first.
    pub compounding: bool,
}

/// The most steps and rent-free stretches that one contract may have.
const STEPS_MOST: usize = 200;
const FREE_MOST: usize = 50;

impl Rent {
    /// The same price on all days, and nothing else.
    pub fn of(price: Price) -> Self {
        Self {
            price,
            free: Vec::new(),
            escalation: None,
            turnover: None,
            free_sales: FreeSales::default(),
            compared: Compared::default(),
        }
    }

    /// The days whose sales count, of those that are charged (`cover`, in order).
    pub fn days_of_sales(&self, cover: &[Span]) -> Vec<Span> {
        match self.free_sales {
            FreeSales::Exempt => without(cover, &union(self.free.iter().map(|free| Span::of(*free)))),
            FreeSales::Counted => cover.to_vec(),
        }
    }

    /// What is wrong with it, as fields below `field`.
    pub fn problems(&self, field: &str) -> Vec<FieldProblem> {
        let at = |name: &str| format!("{field}.{name}");
        let mut problems = Vec::new();
        if self.price < Price::ZERO {
            problems.push(FieldProblem::new(at("price"), "negative"));
        } else if self.price.is_zero() && self.turnover.is_none() {
            problems.push(FieldProblem::new(at("price"), "charging.rent_price"));
        }
        if self.free.len() > FREE_MOST {
            problems.push(FieldProblem::new(at("free"), "too_many").with("most", FREE_MOST));
        }
        for (place, free) in self.free.iter().enumerate() {
            if free.from >= free.to {
                problems.push(FieldProblem::new(at(&format!("free.{place}.to")), "charging.to_before_from"));
            }
        }
        if let Some(escalation) = &self.escalation {
            if !(1..=120).contains(&escalation.every_months) {
                problems.push(FieldProblem::new(at("escalation.every_months"), "charging.every_months"));
            }
            if escalation.step < Price::ZERO {
                problems.push(FieldProblem::new(at("escalation.step"), "negative"));
            }
        }
        if self.turnover.is_some_and(|share| !(Quantity::ZERO..=Quantity::ONE).contains(&share)) {
            problems.push(FieldProblem::new(at("turnover"), "charging.turnover"));
        }
        problems
    }

    /// The prices of one unit from day `from` to `to` at the latest: a row per step, and rows of nothing for rent-free
    /// days, which begin later than the step that they interrupt and so win over it.
    pub fn prices(&self, unit: u32, from: Day, to: Day) -> Vec<PriceRow> {
        let row = |from: Day, to: Day, price: Price| PriceRow {
            at: At::Contract(unit),
            from: number_of(from),
            to: Some(number_of(to)),
            rate: Rate::Flat(price),
        };
        let mut rows = Vec::new();
        for (start, end, price) in self.steps(from, to) {
            let mut day = start;
            let mut free: Vec<Period> = self.free.iter().filter_map(|free| free.overlap(Period::new(start, end)?)).collect();
            free.sort_unstable();
            for free in free {
                if day < free.from {
                    rows.push(row(day, free.from, price));
                }
                if day < free.to {
                    rows.push(row(free.from.max(day), free.to, Price::ZERO));
                    day = free.to;
                }
            }
            if day < end {
                rows.push(row(day, end, price));
            }
        }
        rows
    }

    /// The price of a day, for a contract that began on `from`: nothing on a rent-free day.
    pub fn on(&self, day: Day, from: Day) -> Price {
        if self.free.iter().any(|free| free.contains(day)) {
            return Price::ZERO;
        }
        let next = add_days(day, 1).unwrap_or(day);
        self.steps(from, next).last().map_or(self.price, |(_, _, price)| *price)
    }

    /// The first day after `day` on which it grows, and to what, if that comes before the contract's end.
    pub fn next_step(&self, day: Day, (from, to): (Day, Option<Day>)) -> Option<(Day, Price)> {
        let every = self.escalation?.every_months;
        let far = add_months(day.max(from), u32::from(every).saturating_add(1))?;
        let steps = self.steps(from, to.map_or(far, |to| to.min(far)));
        steps.into_iter().map(|(start, _, price)| (start, price)).find(|(start, _)| *start > day.max(from))
    }

    fn steps(&self, from: Day, to: Day) -> Vec<(Day, Day, Price)> {
        let Some(escalation) = self.escalation else { return vec![(from, to, self.price)] };
        let mut steps = Vec::new();
        let mut price = self.price;
        for count in 0..STEPS_MOST {
            let month =
                |count: usize| add_months(from, u32::try_from(count).ok()?.checked_mul(u32::from(escalation.every_months))?);
            let (Some(start), Some(end)) = (month(count), month(count + 1)) else { break };
            if start >= to {
                break;
            }
            if count > 0 {
                price = escalation.after(self.price, price, count).unwrap_or(price);
            }
            let last = count + 1 == STEPS_MOST;
            steps.push((start, if last { to } else { end.min(to) }, price));
        }
        steps
    }
}

impl Escalation {
    /// The price after `count` steps; prices have 8 decimals, so each step is rounded there, half up.
    fn after(self, first: Price, before: Price, count: usize) -> Option<Price> {
        let count = Decimal::from(count);
        let (first, before, step) = (first.get(), before.get(), self.step.get());
        let value = match (self.by, self.compounding) {
            (EscalateBy::Rate, true) => before.checked_mul(Decimal::ONE.checked_add(step)?)?,
            (EscalateBy::Rate, false) => first.checked_mul(Decimal::ONE.checked_add(step.checked_mul(count)?)?)?,
            (EscalateBy::Amount, _) => first.checked_add(step.checked_mul(count)?)?,
        };
        Price::new(value.round_dp_with_strategy(Price::SCALE, RoundingStrategy::MidpointAwayFromZero))
    }
}

fn is_default<V: Default + PartialEq>(value: &V) -> bool {
    *value == V::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn said(rent: &Rent, from: &str, to: &str) -> Vec<String> {
        let rows = rent.prices(0, day(from), day(to));
        rows.iter()
            .map(|row| {
                let Rate::Flat(price) = &row.rate else { unreachable!() };
                format!("{} {price}", super::super::proration::day_of(row.from))
            })
            .collect()
    }

    fn rent(by: EscalateBy, step: &str, compounding: bool) -> Rent {
        let escalation = Escalation { every_months: 12, by, step: step.parse().unwrap(), compounding };
        Rent { escalation: Some(escalation), ..Rent::of("80".parse().unwrap()) }
    }

    #[test]
    fn a_rent_grows_every_year() {
        let years = |rent: &Rent| said(rent, "2024-03-16", "2027-03-16");
        assert_eq!(
            years(&rent(EscalateBy::Rate, "0.05", true)),
            ["2024-03-16 80", "2025-03-16 84.00", "2026-03-16 88.20"].map(trimmed)
        );
        assert_eq!(years(&rent(EscalateBy::Rate, "0.05", false)), ["2024-03-16 80", "2025-03-16 84", "2026-03-16 88"]);
        assert_eq!(years(&rent(EscalateBy::Amount, "3.5", false)), ["2024-03-16 80", "2025-03-16 83.5", "2026-03-16 87"]);
    }

    #[test]
    fn the_rent_of_a_day_and_the_next_one() {
        let mut rent = rent(EscalateBy::Amount, "3.5", false);
        rent.free = vec![Period::new(day("2024-03-16"), day("2024-05-01")).unwrap()];
        let from = day("2024-03-16");
        let on = |on: &str| rent.on(day(on), from).to_string();
        assert_eq!(
            ["2024-04-30", "2024-05-01", "2025-03-15", "2025-03-16", "2026-03-16"].map(on),
            ["0", "80", "80", "83.5", "87"]
        );
        let next = |after: &str, to: Option<&str>| {
            rent.next_step(day(after), (from, to.map(day))).map(|(day, price)| format!("{day} {price}"))
        };
        // Before it begins, and on the very day of a step, the next one is told.
        assert_eq!(next("2023-01-01", None).as_deref(), Some("2025-03-16 83.5"));
        assert_eq!(next("2025-03-15", None).as_deref(), Some("2025-03-16 83.5"));
        assert_eq!(next("2025-03-16", None).as_deref(), Some("2026-03-16 87"));
        assert_eq!(next("2025-03-16", Some("2026-03-16")), None);
        assert_eq!(next("2025-03-16", Some("2026-03-17")).as_deref(), Some("2026-03-16 87"));
        assert_eq!(Rent { escalation: None, ..rent.clone() }.next_step(from, (from, None)), None);
    }

    fn wrong(rent: &Rent) -> Vec<String> {
        rent.problems("rent").into_iter().map(|one| format!("{} {}", one.field, one.code)).collect()
    }

    #[rstest::rstest]
    #[case("80", None, &[])]
    #[case("-0.01", None, &["rent.price negative"])]
    #[case("0", None, &["rent.price charging.rent_price"])]
    // A share of the sales may be all that is paid.
    #[case("0", Some("0.05"), &[])]
    #[case("80", Some("0"), &[])]
    #[case("80", Some("1"), &[])]
    #[case("80", Some("1.0001"), &["rent.turnover charging.turnover"])]
    #[case("80", Some("-0.0001"), &["rent.turnover charging.turnover"])]
    fn a_price_and_a_share_of_the_sales_have_bounds(
        #[case] price: &str,
        #[case] turnover: Option<&str>,
        #[case] expected: &[&str],
    ) {
        let turnover = turnover.map(|share| share.parse().unwrap());
        assert_eq!(wrong(&Rent { turnover, ..Rent::of(price.parse().unwrap()) }), expected);
    }

    #[rstest::rstest]
    #[case(1, "0", &[])]
    #[case(120, "0.05", &[])]
    #[case(0, "0.05", &["rent.escalation.every_months charging.every_months"])]
    #[case(121, "0.05", &["rent.escalation.every_months charging.every_months"])]
    #[case(12, "-0.01", &["rent.escalation.step negative"])]
    fn a_rent_never_falls_and_grows_within_ten_years(#[case] every_months: u16, #[case] step: &str, #[case] expected: &[&str]) {
        let mut rent = rent(EscalateBy::Rate, step, false);
        rent.escalation = rent.escalation.map(|escalation| Escalation { every_months, ..escalation });
        assert_eq!(wrong(&rent), expected);
    }

    #[test]
    fn fifty_rent_free_stretches_are_the_most_and_none_is_empty() {
        let stretch = Period { from: day("2026-10-01"), to: day("2026-10-02") };
        let rent = |free: Vec<Period>| Rent { free, ..Rent::of("80".parse().unwrap()) };
        assert_eq!(wrong(&rent(vec![stretch; 50])), [""; 0]);
        assert_eq!(wrong(&rent(vec![stretch; 51])), ["rent.free too_many"]);
        let empty = Period { to: stretch.from, ..stretch };
        assert_eq!(wrong(&rent(vec![stretch, empty])), ["rent.free.1.to charging.to_before_from"]);
    }

    #[test]
    fn a_rent_is_kept_with_all_that_it_says() {
        let mut said = rent(EscalateBy::Rate, "0.05", true);
        (said.turnover, said.free_sales, said.compared) = ("0.06".parse().ok(), FreeSales::Counted, Compared::Bill);
        said.free = vec![Period { from: day("2026-10-01"), to: day("2026-10-02") }];
        for rent in [said, Rent::of("80".parse().unwrap())] {
            let kept: Rent = serde_json::from_str(&serde_json::to_string(&rent).unwrap()).unwrap();
            assert_eq!(kept, rent);
        }
    }

    #[test]
    fn rent_free_days_interrupt_the_step() {
        let mut rent = rent(EscalateBy::Amount, "1", false);
        rent.free = vec![
            Period::new(day("2024-03-16"), day("2024-05-01")).unwrap(),
            Period::new(day("2025-03-01"), day("2025-04-01")).unwrap(),
        ];
        let expected = ["2024-03-16 0", "2024-05-01 80", "2025-03-01 0", "2025-03-16 0", "2025-04-01 81"];
        assert_eq!(said(&rent, "2024-03-16", "2026-01-01"), expected);
    }

    fn trimmed(text: &str) -> String {
        text.replace(".00", "").replace(".20", ".2")
    }
}
