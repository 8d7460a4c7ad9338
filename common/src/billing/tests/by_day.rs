//! Runs made at random against a reference that knows nothing of pieces: it walks the days one by one and adds up what each costs.

use proptest::prelude::*;

use super::{charge, day, october, tariff};
use crate::billing::inputs::{RunCharges, RunInputs};
use crate::billing::plan::{Planner, SkipReason};
use crate::charging::price::{At, PriceRow};
use crate::charging::proration::{day_of, number_of};
use crate::charging::rate::Rate;
use crate::charging::tariff::{Mode, ProrationRule, Rounding, Vacant};
use crate::period::Month;
use crate::quantity::{Price, Quantity};

/// One home and its tariff: what is drawn.
#[derive(Clone, Debug)]
struct Case {
    first: Month,
    months: u32,
    mode: Mode,
    rule: ProrationRule,
    cutoff_day: u8,
    formula: &'static str,
    area: i64,
    /// Prices of the community and of the home itself: from which day, and so much × 10⁸.
    prices: Vec<(bool, i32, i64)>,
    /// From which day so many people live there.
    heads: Vec<(i32, u32)>,
    /// When somebody held the home.
    held: (i32, i32),
    reduced: Option<i64>,
    charge: (i32, Option<i32>),
}

/// 1 January 2000.
const LONG_AGO: i32 = 730_120;

fn cases() -> impl Strategy<Value = Case> {
    let (begin, end) = (day("2027-12-01"), day("2028-08-31"));
    let days = move || begin..end;
    let rules = prop::sample::select(vec![
        ProrationRule::Days,
        ProrationRule::ThirtyDays,
        ProrationRule::WholeMonths,
        ProrationRule::HalfMonths,
        ProrationRule::PerDay,
        ProrationRule::None,
    ]);
    let modes = prop::sample::select(vec![Mode::Area, Mode::Fixed, Mode::Head, Mode::Formula]);
    let formulas = prop::sample::select(vec!["面积 × 单价 × 月数 + 5 × 月数", "面积 × 单价 + 人数"]);
    let when = (0_i32..6, 1_u32..=3, rules, 1_u8..=27);
    let what =
        (modes, formulas, 1_000_i64..3_000_000, prop::collection::vec((any::<bool>(), days(), 0_i64..5_000_000_000), 0..4));
    let who = (prop::collection::vec((days(), 0_u32..6), 0..3), days(), 1_i32..200, prop::option::of(0_i64..=10_000));
    let charge = (prop::option::of(days()), prop::option::of(days()));
    (when, what, who, charge).prop_map(move |((month, months, rule, cutoff_day), what, who, charge)| {
        let (mode, formula, area, mut prices) = what;
        let (mut heads, from, length, reduced) = who;
        prices.push((false, LONG_AGO, 280_000_000));
        heads.push((LONG_AGO, 2));
        // One price and one number of people a day.
        prices.sort_unstable_by_key(|(own, from, _)| (*own, *from));
        prices.dedup_by_key(|(own, from, _)| (*own, *from));
        heads.sort_unstable_by_key(|(from, _)| *from);
        heads.dedup_by_key(|(from, _)| *from);
        let rule = match (mode, rule) {
            (Mode::Formula, ProrationRule::PerDay) => ProrationRule::Days,
            // A formula that counts months is for the whole of the time.
            (Mode::Formula, ProrationRule::None) if formula.contains("月数") => ProrationRule::Days,
            (_, rule) => rule,
        };
        let first = Month::of("2028-01-01".parse().unwrap()).plus(month);
        let begins = charge.0.unwrap_or(LONG_AGO);
        let charge = (begins, charge.1.filter(|to| *to > begins));
        Case { first, months, mode, rule, cutoff_day, formula, area, prices, heads, held: (from, from + length), reduced, charge }
    })
}

impl Case {
    fn inputs(&self) -> RunInputs {
        let mut inputs = october(1);
        inputs.tariffs = vec![tariff(0, 0, self.mode, "1")];
        inputs.fee_items.truncate(1);
        inputs.usages.clear();
        inputs.charges = RunCharges::default();
        charge(&mut inputs, 0, 0, "2026-01-01", None);
        (inputs.charges.from[0], inputs.charges.to[0]) = self.charge;
        (inputs.first, inputs.months) = (self.first, self.months);
        inputs.units.area[0] = self.area;
        let rules = &mut inputs.tariffs[0].rules;
        (rules.proration.rule, rules.proration.cutoff_day) = (self.rule, self.cutoff_day);
        rules.formula = self.formula.to_owned();
        if let Some(rate) = self.reduced {
            (rules.vacant, rules.vacant_rate) = (Vacant::Reduced, Quantity::from_scaled(rate));
        }
        let row = |(own, from, price): &(bool, i32, i64)| PriceRow {
            at: if *own { At::Unit(0) } else { At::Community },
            from: *from,
            to: None,
            rate: Rate::Flat(Price::from_scaled(*price)),
        };
        inputs.tariffs[0].prices = self.prices.iter().map(row).collect();
        let ends = self.heads.iter().skip(1).map(|(from, _)| *from).chain([day("2040-01-01")]);
        for ((from, heads), to) in self.heads.iter().zip(ends) {
            inputs.heads.unit.push(0);
            inputs.heads.from.push(*from);
            inputs.heads.to.push(to);
            inputs.heads.heads.push(*heads);
        }
        inputs.held.unit.push(0);
        inputs.held.from.push(self.held.0);
        inputs.held.to.push(self.held.1);
        inputs
    }

    /// × 10⁸.
    fn price(&self, day: i32) -> i128 {
        let of = |own: bool| self.prices.iter().rfind(|price| price.0 == own && price.1 <= day);
        of(true).or_else(|| of(false)).unwrap().2.into()
    }

    fn people(&self, day: i32) -> i64 {
        i64::from(self.heads.iter().rfind(|(from, _)| *from <= day).unwrap().1)
    }

    fn is_charged(&self, day: i32) -> bool {
        self.charge.0 <= day && self.charge.1.is_none_or(|to| day < to)
    }

    /// What a whole month costs on the terms of a day, in yuan × 10¹⁶.
    fn cost(&self, day: i32) -> i128 {
        const YUAN: i128 = 1_000_000_000_000;
        let (area, price, people) = (i128::from(self.area), self.price(day), i128::from(self.people(day)));
        let cost = match self.mode {
            Mode::Fixed => price * 10_000,
            Mode::Head => people * price * 10_000,
            Mode::Formula if self.formula.contains("月数") => area * price + 5 * YUAN,
            Mode::Formula => area * price + people * YUAN,
            _ => area * price,
        };
        let lived_in = self.held.0 <= day && day < self.held.1 && self.people(day) > 0;
        cost * self.reduced.filter(|_| !lived_in).map_or(10_000, i128::from)
    }

    /// The amount in fen.
    fn expected(&self) -> i64 {
        let months: Vec<Month> = (0..self.months).map(|month| self.first.plus(i32::try_from(month).unwrap())).collect();
        let span = |month: &Month| (number_of(month.first_day()), number_of(month.plus(1).first_day()));
        let in_month = |month: &Month| {
            let (from, to) = span(month);
            (from..to).filter(|day| self.is_charged(*day)).collect::<Vec<i32>>()
        };
        // All of these divide 377,580; an amount for the month is shared by the days of it that are charged.
        let days: Vec<i128> = months.iter().map(|month| i128::try_from(in_month(month).len().max(1)).unwrap()).collect();
        let whole = if self.rule == ProrationRule::None { days.iter().product() } else { 377_580 };
        let mut sum = 0_i128;
        let mut add = |day: i32, (part, of): (i64, i64)| sum += self.cost(day) * i128::from(part) * (whole / i128::from(of));
        let count = |length: usize| i64::try_from(length).unwrap();
        for month in &months {
            let (from, to) = span(month);
            let (days, length) = (in_month(month), i64::from(to - from));
            let middle = to.min(from + i32::from(self.cutoff_day));
            match self.rule {
                ProrationRule::Days => days.iter().for_each(|day| add(*day, (1, length))),
                ProrationRule::ThirtyDays if count(days.len()) == length => days.iter().for_each(|day| add(*day, (1, length))),
                ProrationRule::ThirtyDays => days.iter().for_each(|day| add(*day, (1, 30))),
                ProrationRule::PerDay => days.iter().for_each(|day| add(*day, (1, 1))),
                ProrationRule::WholeMonths if (from..middle).all(|day| self.is_charged(day)) => add(from, (1, 1)),
                ProrationRule::HalfMonths => {
                    let halves = if middle == to { vec![(from, to, 2)] } else { vec![(from, middle, 1), (middle, to, 1)] };
                    for (from, to, halves) in halves {
                        if let Some(day) = days.iter().find(|day| (from..to).contains(*day)) {
                            add(*day, (halves, 2));
                        }
                    }
                }
                ProrationRule::None => days.iter().for_each(|day| add(*day, (1, count(days.len())))),
                ProrationRule::WholeMonths => {}
            }
        }
        Rounding::default().round(sum * 100, whole * 10_i128.pow(16)).unwrap().fen()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn a_bill_is_what_its_days_cost_one_by_one(case in cases()) {
        let inputs = case.inputs();
        let came = Planner::new(&inputs).plan_one(0, 0).map(|bill| bill.amount.fen());
        let came = came.or_else(|reason| if matches!(reason, SkipReason::ZeroAmount | SkipReason::NoCharge | SkipReason::CutOff) { Ok(0) } else { Err(reason) });
        let expected = Ok(case.expected());
        prop_assert_eq!(came, expected, "{:?} from {}", case, day_of(case.charge.0));
    }
}
