//! Tables and properties of what schemes take off.

use proptest::prelude::*;

use super::apply::{Left, Reach};
use super::scheme::{Relief, ReliefKind, SchemeRules, WhoKind};
use crate::charging::tariff::Rounding;
use crate::formula::Exact;
use crate::id::FeeItemId;
use crate::money::Money;
use crate::quantity::{Price, Quantity};

fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

fn percent(of: i64) -> Relief {
    Relief::Percent { percent: Quantity::from_scaled(of * 10_000) }
}

fn reach<'a>(relief: Relief, on: &'a [bool], at_price: &'a [Option<&'a [Exact]>]) -> Reach<'a> {
    Reach { relief, on, months: Exact::ONE, monthly: &[true], at_price, most: None, rounding: Rounding::default() }
}

/// What schemes take off a bill of one line and one stretch, one after the other.
fn of_one(amount: i64, reliefs: &[Relief]) -> Vec<i64> {
    let mut left = Left::new(&[(fen(amount), vec![1])], &[31]).unwrap();
    reliefs.iter().map(|relief| left.take(&reach(*relief, &[true], &[])).unwrap().amount.fen()).collect()
}

#[test]
fn one_after_the_other_each_on_what_is_left() {
    let monthly = |fen: i64| Relief::Fixed { monthly_fen: Money::from_fen(fen) };
    assert_eq!(of_one(28_000, &[percent(50)]), [14_000]);
    assert_eq!(of_one(28_000, &[percent(50), percent(10)]), [14_000, 1_400]);
    assert_eq!(of_one(28_000, &[monthly(2_000), percent(10)]), [2_000, 2_600]);
    assert_eq!(of_one(1_500, &[monthly(2_000), percent(10)]), [1_500, 0]);
    assert_eq!(of_one(101, &[percent(50), percent(100)]), [51, 50]);
    assert_eq!(of_one(1, &[percent(1)]), [0]);
}

#[test]
fn some_of_every_so_many_months_are_free() {
    let free = |amount: i64, (months, free): (u32, u32), paid: i64| {
        let mut left = Left::new(&[(fen(amount), vec![1])], &[31]).unwrap();
        let reach = Reach { months: Exact::whole(paid), ..reach(Relief::Months { months, free }, &[true], &[]) };
        left.take(&reach).unwrap().amount.fen()
    };
    // A twelfth is exact, where 8.3333 % of a large bill would miss it: 12,000,000.00 ÷ 12.
    assert_eq!(free(1_200_000_000, (12, 1), 12), 100_000_000);
    assert_eq!((free(336_000, (12, 1), 11), free(308_000, (11, 1), 12)), (0, 25_667));
    assert_eq!((free(60_000, (3, 1), 6), free(50_000, (3, 1), 5)), (20_000, 10_000));
    assert_eq!(free(100, (3, 2), 3), 67);
    // Twelve and a half months: one of these twelve and a half is free.
    let mut left = Left::new(&[(fen(125_000), vec![1]), (fen(50_000), vec![1])], &[31]).unwrap();
    let months = Exact::new(25, 2).unwrap();
    let reach = Reach { months, monthly: &[true, false], ..reach(Relief::Months { months: 12, free: 1 }, &[true], &[]) };
    assert_eq!(left.take(&reach).unwrap().amount.fen(), 10_000);
    assert_eq!(Relief::Months { months: 0, free: 1 }.free_months(12), 0);
    let rules =
        |paid_months, free_months| SchemeRules { relief: ReliefKind::Months, paid_months, free_months, ..SchemeRules::blank() };
    let wrong = |paid, free| {
        let problems = rules(paid, free).problems("rules").into_iter();
        problems.map(|one| one.field).filter(|field| field.ends_with("_months")).collect::<Vec<_>>()
    };
    assert!(wrong(12, 1).is_empty() && wrong(2, 1).is_empty() && wrong(12, 11).is_empty());
    assert_eq!((wrong(12, 12), wrong(12, 0)), (vec!["rules.free_months".to_owned()], vec!["rules.free_months".to_owned()]));
    assert_eq!(wrong(13, 1), ["rules.paid_months"]);
    assert_eq!((rules(12, 1).reaches_from(), SchemeRules { months_least: 3, ..SchemeRules::blank() }.reaches_from()), (12, 3));
    // What was stored before there were months means what it did.
    let stored = serde_json::to_string(&SchemeRules::blank()).unwrap();
    assert!(!stored.contains("paid_months"));
    assert_eq!(serde_json::from_str::<SchemeRules>(&stored).unwrap(), SchemeRules::blank());
    let kept =
        |rules: SchemeRules| serde_json::from_str::<SchemeRules>(&serde_json::to_string(&rules).unwrap()).unwrap() == rules;
    assert!(kept(rules(12, 2)) && kept(rules(6, 1)) && kept(rules(6, 2)));
}

#[test]
fn only_lines_with_a_unit_price_have_another() {
    // Two lines; the second is a share of a pool.
    let mut left = Left::new(&[(fen(28_000), vec![1]), (fen(1_000), vec![1])], &[31]).unwrap();
    let other = Relief::Price { price: Price::from_scaled(200_000_000) };
    let taken = left.take(&reach(other, &[true], &[Some(&[Exact::whole(20_000)]), None])).unwrap();
    assert_eq!((taken.amount, taken.base), (fen(8_000), Exact::whole(28_000)));
    assert_eq!(left.money(), fen(21_000));
}

#[test]
fn numbers_that_do_not_divide_stay_within_bounds() {
    // Costs of odd digits on three stretches, many schemes over all of them: nothing overflows, and all of it can be taken.
    let line = |costs: [i128; 3]| (fen(99_999_999_999), costs.to_vec());
    let odd = 170_141_183_460_469_231_i128;
    let lines = [line([odd, odd - 7, odd + 13]), line([3, 7, 11]), line([1_000_003, 999_983, odd])];
    let mut left = Left::new(&lines, &[10, 10, 11]).unwrap();
    for turn in 0..60_usize {
        let on = [turn % 2 == 0, turn % 3 == 0, true];
        left.take(&reach(percent(7), &on, &[])).unwrap();
    }
    left.take(&reach(percent(100), &[true; 3], &[])).unwrap();
    assert_eq!(left.money(), fen(0));
}

#[test]
fn rules_name_what_is_wrong() {
    let rules = SchemeRules { fee_items: vec![FeeItemId(uuid::Uuid::from_u128(1))], ..SchemeRules::blank() };
    let wrong = |rules: SchemeRules| rules.problems("rules").into_iter().map(|one| one.field).collect::<Vec<_>>();
    assert_eq!(wrong(rules.clone()), ["rules.groups"]);
    let everybody = SchemeRules { who: WhoKind::Everybody, ..rules };
    assert_eq!(wrong(everybody.clone()), Vec::<String>::new());
    assert_eq!(wrong(SchemeRules { percent: Quantity::ZERO, ..everybody.clone() }), ["rules.percent"]);
    assert_eq!(wrong(SchemeRules { relief: ReliefKind::Fixed, ..everybody.clone() }), ["rules.monthly_fen"]);
    let price = |price| wrong(SchemeRules { relief: ReliefKind::Price, price, ..everybody.clone() });
    assert_eq!((price(Price::ZERO), price(Price::from_scaled(-1))), (Vec::new(), vec!["rules.price".to_owned()]));
    let percent = |scaled| wrong(SchemeRules { percent: Quantity::from_scaled(scaled), ..everybody.clone() }).len();
    assert_eq!([-1, 1, 1_000_000, 1_000_001].map(percent), [1, 0, 0, 1]);
    let units = |count| SchemeRules {
        who: WhoKind::Units,
        units: vec![crate::id::UnitId(uuid::Uuid::nil()); count],
        ..everybody.clone()
    };
    assert_eq!((wrong(units(500)), wrong(units(501))), (Vec::new(), vec!["rules.units".to_owned()]));
    let months = |months_least| wrong(SchemeRules { months_least, ..everybody.clone() });
    assert_eq!((months(24), months(25)), (Vec::new(), vec!["rules.months_least".to_owned()]));
    let bounds = SchemeRules { bill_most_fen: Some(Money::ZERO), months_least: 25, ..everybody };
    assert_eq!(wrong(bounds), ["rules.bill_most_fen", "rules.months_least"]);
}

fn any_relief() -> impl Strategy<Value = Relief> {
    prop_oneof![
        (1_i64..=100).prop_map(percent),
        (1_i64..50_000).prop_map(|monthly| Relief::Fixed { monthly_fen: fen(monthly) }),
        Just(Relief::Price { price: Price::ONE }),
    ]
}

proptest! {
    /// Whatever schemes come in whatever order: no waiver is below zero, together they never exceed the bill, and what is left is
    /// the bill less all of them.
    #[test]
    fn never_below_zero_and_never_more_than_the_bill(
        lines in prop::collection::vec((0_i64..1_000_000, prop::collection::vec(0_i128..1_000_000_007, 3)), 1..4),
        schemes in prop::collection::vec((any_relief(), prop::array::uniform3(any::<bool>()), prop::option::of(0_i64..5_000), 0_i64..900_000), 0..8),
    ) {
        let lines: Vec<_> = lines.into_iter().map(|(amount, costs)| (fen(amount), costs)).collect();
        let whole: i64 = lines.iter().map(|(amount, _)| amount.fen()).sum();
        let mut left = Left::new(&lines, &[10, 10, 11]).unwrap();
        let mut sum = 0;
        for (relief, on, most, other) in schemes {
            let each = [Exact::whole(other), Exact::ZERO, Exact::whole(other / 2)];
            let at_price = vec![Some(each.as_slice()); lines.len()];
            let reach = Reach { most: most.map(fen), ..reach(relief, &on, &at_price) };
            let taken = left.take(&reach).unwrap();
            prop_assert!(!taken.amount.is_negative());
            prop_assert!(most.is_none_or(|most| taken.amount.fen() <= most));
            prop_assert!(on.contains(&true) || taken.amount.is_zero());
            sum += taken.amount.fen();
            prop_assert_eq!(left.money().fen(), whole - sum);
            prop_assert!(!left.money().is_negative());
        }
    }

    /// All of it off, on stretch after stretch, leaves nothing, however the costs divide.
    #[test]
    fn all_off_bit_by_bit_leaves_nothing(amount in 0_i64..100_000_000, costs in prop::collection::vec(1_i128..1_000_000_007, 3)) {
        let mut left = Left::new(&[(fen(amount), costs)], &[10, 10, 11]).unwrap();
        for on in [[true, false, false], [false, true, false]] {
            left.take(&reach(percent(100), &on, &[])).unwrap();
        }
        left.take(&reach(percent(100), &[true; 3], &[])).unwrap();
        prop_assert_eq!(left.money(), Money::ZERO);
    }
}
