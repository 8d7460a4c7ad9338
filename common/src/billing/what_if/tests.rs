//! Trials on a community made by hand.

use proptest::prelude::*;

use super::super::inputs::RunInputs;
use super::super::plan::{SkipReason, plan};
use super::super::tests::{charge, day, october, tariff};
use super::*;
use crate::charging::api::PriceScope;
use crate::charging::price::{At, PriceRow};
use crate::charging::rate::Rate;
use crate::charging::tariff::{Cycle, CycleFrom, Mode, TariffRules};
use crate::charging::usage::MeterRead;
use crate::id::{EntranceId, WaiverSchemeId};
use crate::period::Day;

fn price(trial: &Trial, tariff: usize, scope: PriceScope, rate: Option<&str>) -> Change {
    Change::Price {
        tariff: trial.inputs().tariffs[tariff].id,
        scope,
        from: "2026-10-01".parse().unwrap(),
        to: None,
        rate: rate.map(|rate| Rate::Flat(rate.parse().unwrap())),
    }
}

fn building(trial: &Trial, place: usize) -> PriceScope {
    PriceScope::Building { building: trial.inputs().buildings[place].id }
}

fn compared(trial: &mut Trial, changes: &[Change]) -> Comparison {
    what_if(trial, changes, &[0], |_| {}).unwrap().0
}

#[test]
fn another_price_of_a_building_is_paid_by_its_homes_alone() {
    let mut trial = Trial::new(october(250));
    let change = price(&trial, 0, building(&trial, 1), Some("3.05"));
    let made = compared(&mut trial, &[change]);
    // 100 homes of 80.00 to 80.49 m², each twice: 8,024.50 m² × 0.25, each rounded by itself.
    assert_eq!((made.more.units, made.same, made.less.units), (100, 150, 0));
    assert_eq!(made.more.difference_fen.fen(), made.after_fen.fen() - made.before_fen.fen());
    assert_eq!(made.buildings.len(), 3);
    assert_eq!((made.buildings[1].more, made.buildings[0].more), (100, 0));
    assert_eq!(made.fee_items.len(), 1, "only what is touched");
    // 80.48 × 2.80 = 225.344, × 3.05 = 245.464; the next home's change is as large, and stands behind it.
    assert_eq!(made.up[0], UnitChange { unit: 148, before_fen: Money::from_fen(22_534), after_fen: Money::from_fen(24_546) });
    assert!(made.down.is_empty());
    assert_eq!(made.classes.iter().map(|class| class.units).sum::<u64>(), 100);
}

#[test]
fn a_tried_price_counts_for_the_whole_of_a_usage_that_was_read_over_months() {
    let mut inputs = october(1);
    // 20 August to 20 October, 10 m³: the days before October are most of them.
    let (ten, nothing) = ("10".parse().unwrap(), "0".parse().unwrap());
    inputs.usages[0].meters.push(MeterRead {
        meter: "SB-01".to_owned(),
        previous: nothing,
        previous_day: "2026-08-20".parse().unwrap(),
        present: ten,
        present_day: "2026-10-20".parse().unwrap(),
        multiplier: "1".parse().unwrap(),
        usage: ten,
        mark: None,
        replaced: None,
    });
    let mut trial = Trial::new(inputs);
    let change = price(&trial, 2, PriceScope::Community, Some("3.90"));
    let rules = trial.inputs().tariffs[2].rules.clone();
    let mut tried = |change| what_if(&mut trial, &[change], &[2], |_| {}).unwrap().0;
    let from_october = tried(change.clone());
    let over = tried(change.over(Some(&rules), "2026-10-01".parse().unwrap()));
    // 10 m³ × 2.90 and × 3.90.
    assert_eq!((over.before_fen.fen(), over.after_fen.fen()), (2_900, 3_900));
    assert!(from_october.after_fen < over.after_fen, "the days before October at the price of those days");
}

#[test]
fn how_far_back_a_tried_price_counts_goes_by_its_tariff() {
    let trial = Trial::new(october(1));
    let first: Day = "2026-10-01".parse().unwrap();
    let begins = |rules: Option<&TariffRules>| {
        let mut change = price(&trial, 0, PriceScope::Community, Some("3"));
        if let Change::Price { to, .. } = &mut change {
            *to = Some("2026-10-15".parse().unwrap());
        }
        let Change::Price { from, to, .. } = change.over(rules, first) else { panic!("a price") };
        assert_eq!(to, None, "to the end, whenever it was typed to end");
        from.to_string()
    };
    let area = TariffRules::of_mode(Mode::Area);
    let by_anniversary = |mode, cycle| TariffRules { cycle, cycle_from: CycleFrom::Anniversary, ..TariffRules::of_mode(mode) };
    assert_eq!(begins(None), "2026-10-01");
    assert_eq!(begins(Some(&TariffRules { cycle: Cycle::Yearly, ..area })), "2026-10-01");
    assert_eq!(begins(Some(&by_anniversary(Mode::Area, Cycle::Quarterly))), "2026-07-01");
    assert_eq!(begins(Some(&TariffRules::of_mode(Mode::Usage))), "2024-10-01");
    assert_eq!(begins(Some(&by_anniversary(Mode::Usage, Cycle::Yearly))), "2024-10-01", "the longer of both");
    let scheme = Change::NoScheme { scheme: WaiverSchemeId(uuid::Uuid::from_u128(7)) };
    assert_eq!(scheme.clone().over(None, first), scheme);
}

#[test]
fn whatever_is_billed_already_is_tried_all_the_same() {
    let mut inputs = october(10);
    inputs.billed.unit.push(3);
    inputs.billed.fee_item.push(0);
    inputs.billed.from.push(day("2026-10-01"));
    inputs.billed.to.push(day("2026-11-01"));
    inputs.billed.once.push(None);
    let mut trial = Trial::new(inputs);
    let change = price(&trial, 0, PriceScope::Community, Some("2.00"));
    assert_eq!(compared(&mut trial, &[change]).less.units, 10);
}

#[test]
fn a_price_that_is_withdrawn_leaves_that_of_the_wider_place() {
    let mut inputs = october(200);
    let rate = Rate::Flat("3.30".parse().unwrap());
    inputs.tariffs[0].prices.push(PriceRow { at: At::Building(1), from: day("2026-07-01"), to: None, rate });
    let mut trial = Trial::new(inputs);
    let change = price(&trial, 0, building(&trial, 1), None);
    let made = compared(&mut trial, &[change]);
    assert_eq!((made.less.units, made.same), (100, 100));
    assert_eq!(made.down[0].difference().fen(), 22_537 - 26_562);
    let nothing = price(&trial, 0, PriceScope::Community, None);
    let made = compared(&mut trial, &[nothing]);
    let gone = Turned { fee_item: 0, turn: Turn::NoLonger, reason: SkipReason::NoPrice, units: 100 };
    assert_eq!(made.turned, [gone]);
}

#[test]
fn a_price_within_the_month_splits_it_and_what_is_after_stays() {
    let mut trial = Trial::new(october(1));
    let tariff = trial.inputs().tariffs[0].id;
    let change = |rate: &str| Change::Price {
        tariff,
        scope: PriceScope::Community,
        from: "2026-10-11".parse().unwrap(),
        to: "2026-10-21".parse().ok(),
        rate: Some(Rate::Flat(rate.parse().unwrap())),
    };
    // 80 m² × (2.80 × 21/31 + 5.90 × 10/31) = 304.00.
    assert_eq!(compared(&mut trial, &[change("5.90")]).after_fen.fen(), 30_400);
    trial.apply(&[change("5.90")]).unwrap();
    assert_eq!(trial.inputs().tariffs[0].prices.len(), 3);
}

#[test]
fn a_price_that_ends_keeps_what_is_before_and_after_the_days_that_are_tried() {
    let mut inputs = october(1);
    let row = |from, to, rate: &str| PriceRow {
        at: At::Community,
        from: day(from),
        to: Some(day(to)),
        rate: Rate::Flat(rate.parse().unwrap()),
    };
    inputs.tariffs[0].prices = vec![row("2026-01-01", "2026-07-01", "2.50"), row("2026-07-01", "2027-01-01", "2.80")];
    let mut trial = Trial::new(inputs);
    let change = Change::Price {
        tariff: trial.inputs().tariffs[0].id,
        scope: PriceScope::Community,
        from: "2026-10-11".parse().unwrap(),
        to: "2026-10-21".parse().ok(),
        rate: Some(Rate::Flat("5.90".parse().unwrap())),
    };
    trial.apply(&[change]).unwrap();
    let mut prices = trial.inputs().tariffs[0].prices.clone();
    prices.sort_by_key(|price| price.from);
    let expected = [
        row("2026-01-01", "2026-07-01", "2.50"),
        row("2026-07-01", "2026-10-11", "2.80"),
        row("2026-10-11", "2026-10-21", "5.90"),
        row("2026-10-21", "2027-01-01", "2.80"),
    ];
    assert_eq!(prices, expected);
}

/// Two changes of one place and tariff may follow each other, and not overlap.
#[rstest::rstest]
#[case::the_second_begins_as_the_first_ends(("2026-10-01", Some("2026-10-11")), ("2026-10-11", None), true)]
#[case::the_first_begins_as_the_second_ends(("2026-10-11", None), ("2026-10-01", Some("2026-10-11")), true)]
#[case::a_day_of_both(("2026-10-01", Some("2026-10-12")), ("2026-10-11", None), false)]
#[case::a_day_of_both_the_other_way(("2026-10-11", None), ("2026-10-01", Some("2026-10-12")), false)]
#[case::two_without_an_end(("2026-10-01", None), ("2026-10-11", None), false)]
fn two_prices_of_one_place_are_tried_on_other_days(
    #[case] first: (&str, Option<&str>),
    #[case] second: (&str, Option<&str>),
    #[case] fits: bool,
) {
    let mut trial = Trial::new(october(2));
    let tariff = trial.inputs().tariffs[0].id;
    let change = |(from, to): (&str, Option<&str>)| Change::Price {
        tariff,
        scope: PriceScope::Community,
        from: from.parse().unwrap(),
        to: to.map(|to| to.parse().unwrap()),
        rate: Some(Rate::Flat("1".parse().unwrap())),
    };
    let refused = trial.apply(&[change(first), change(second)]).err().map(|problem| problem.code);
    assert_eq!(refused.as_deref(), (!fits).then_some("billing.tried_twice"));
}

#[test]
fn rules_of_one_tariff_are_tried_once() {
    let mut trial = Trial::new(october(2));
    let change = |at: usize, trial: &Trial| Change::Rules {
        tariff: trial.inputs().tariffs[at].id,
        rules: trial.inputs().tariffs[at].rules.clone(),
    };
    let (one, other) = (change(0, &trial), change(1, &trial));
    assert_eq!(trial.apply(&[one.clone(), one.clone()]).unwrap_err().code, "billing.tried_twice");
    assert!(trial.apply(&[one, other]).is_ok());
}

#[test]
fn an_entrance_is_found_by_its_id() {
    let mut inputs = october(4);
    inputs.units.entrance = vec![Some(0), Some(1), Some(1), None];
    inputs.units.entrances = [1, 2].map(|id| EntranceId(uuid::Uuid::from_u128(id))).to_vec();
    let mut trial = Trial::new(inputs);
    let scope = PriceScope::Entrance { entrance: EntranceId(uuid::Uuid::from_u128(2)) };
    let change = price(&trial, 0, scope, Some("1"));
    assert_eq!(compared(&mut trial, &[change]).less.units, 2);
}

#[test]
fn other_rules_are_tried_with_the_prices_there_are() {
    let mut trial = Trial::new(october(10));
    let rules = TariffRules { formula: "面积 * 单价 + 1".to_owned(), ..TariffRules::of_mode(Mode::Formula) };
    let change = Change::Rules { tariff: trial.inputs().tariffs[0].id, rules };
    let made = compared(&mut trial, &[change]);
    assert_eq!((made.more.units, made.more.difference_fen.fen()), (10, 1_000));
    let (before, after) = trial.explain(0, 0);
    assert_eq!(before.unwrap().lines[0].0.fen(), 22_400);
    assert_eq!(after.unwrap().lines[0].0.fen(), 22_500);
    // What is tried stays tried.
    assert_eq!(trial.inputs().tariffs[0].rules.mode, Mode::Formula);
}

#[test]
fn what_is_new_or_unknown_is_said() {
    let mut inputs = october(3);
    inputs.tariffs.push(RunTariff { prices: Vec::new(), ..tariff(9, 1, Mode::Fixed, "1") });
    inputs.charges.unit.clear();
    inputs.charges.tariff.clear();
    inputs.charges.from.clear();
    inputs.charges.to.clear();
    charge(&mut inputs, 1, 3, "2026-01-01", None);
    let mut trial = Trial::new(inputs);
    let change = price(&trial, 3, PriceScope::Community, Some("12"));
    let made = what_if(&mut trial, std::slice::from_ref(&change), &[], |_| {}).unwrap().0;
    assert_eq!(made.turned, [Turned { fee_item: 1, turn: Turn::Newly, reason: SkipReason::NoPrice, units: 1 }]);
    assert_eq!((made.more.units, made.same), (1, 0), "those without a bill are in no group");
    assert_eq!(trial.apply(&[change.clone(), change]).unwrap_err().code, "billing.tried_twice");
    let unknown = PriceScope::Building { building: crate::id::BuildingId(uuid::Uuid::from_u128(99)) };
    let change = price(&trial, 0, unknown, Some("1"));
    assert!(trial.apply(&[change]).is_err());
    assert_eq!(trial.inputs().tariffs[3].prices, [], "nothing is tried");
}

/// Homes 0 and 2 lose their price, 1, 3 and 4 get one; 5 and 7 have none on either side, and what home 6 is charged is not known.
#[test]
fn who_gets_a_bill_or_none_is_counted_by_fee_item_turn_and_reason() {
    let mut inputs = october(8);
    let row =
        |unit: u32| PriceRow { at: At::Unit(unit), from: day("2026-01-01"), to: None, rate: Rate::Flat("8".parse().unwrap()) };
    inputs.tariffs[1].prices = vec![row(0), row(2), row(6)];
    inputs.tariffs[1].rules.mode = Mode::Area;
    inputs.units.area[6] = 0;
    let mut trial = Trial::new(inputs);
    let of_unit = |trial: &Trial, unit: usize| PriceScope::Unit { unit: trial.inputs().units.id[unit] };
    let mut changes: Vec<Change> = [(0, None), (1, Some("1")), (2, None), (3, Some("1")), (4, Some("1"))]
        .map(|(unit, rate)| price(&trial, 1, of_unit(&trial, unit), rate))
        .to_vec();
    changes.push(price(&trial, 0, PriceScope::Community, None));
    let made = what_if(&mut trial, &changes, &[0, 1], |_| {}).unwrap().0;
    let turned = |fee_item, turn, units| Turned { fee_item, turn, reason: SkipReason::NoPrice, units };
    assert_eq!(made.turned, [turned(0, Turn::NoLonger, 7), turned(1, Turn::Newly, 3), turned(1, Turn::NoLonger, 2)]);
    let left_out = |fee_item, reason, units| LeftOut { fee_item, reason, units };
    let expected = [left_out(0, SkipReason::NoPrice, 1), left_out(1, SkipReason::NoPrice, 2), left_out(1, SkipReason::NoArea, 1)];
    assert_eq!(made.left_out, expected);
}

/// Changes of different places and tariffs.
fn some(trial: &Trial) -> impl Strategy<Value = Vec<Change>> + use<> {
    let places = [
        (0, PriceScope::Community),
        (0, building(trial, 0)),
        (0, building(trial, 1)),
        (0, PriceScope::Unit { unit: trial.inputs().units.id[7] }),
        (1, PriceScope::Community),
        (2, PriceScope::Community),
    ];
    let tariffs: Vec<_> = trial.inputs().tariffs.iter().map(|tariff| tariff.id).collect();
    let one = move |(number, scope): (usize, PriceScope)| {
        let tariff = tariffs[number];
        (0..1_000_i64, 1..32_u32, any::<Option<()>>()).prop_map(move |(fen, day, set)| Change::Price {
            tariff,
            scope,
            from: crate::period::Day::from_ymd_opt(2026, 10, day).unwrap(),
            to: None,
            rate: set.map(|()| Rate::Flat(crate::quantity::Price::from_scaled(fen * 1_000_000))),
        })
    };
    let all: Vec<_> = places.into_iter().map(one).collect();
    (all, 0..=6_usize).prop_flat_map(|(all, many)| proptest::sample::subsequence(all, many).prop_shuffle())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn differences_add_up(changes in some(&Trial::new(october(150)))) {
        let mut trial = Trial::new(october(150));
        let (made, after) = what_if(&mut trial, &changes, &[0, 1, 2], |_| {}).unwrap();
        prop_assert_eq!(made.after_fen.fen() - made.before_fen.fen(), made.more.difference_fen.fen() + made.less.difference_fen.fen());
        let sum = |of: fn(&BuildingChange) -> Money| made.buildings.iter().map(of).map(Money::fen).sum::<i64>();
        prop_assert_eq!(sum(|one| one.before_fen), made.before_fen.fen());
        prop_assert_eq!(sum(|one| one.after_fen), made.after_fen.fen());
        prop_assert_eq!(made.fee_items.iter().map(|one| one.after_fen.fen()).sum::<i64>(), made.after_fen.fen());
        let changed = made.more.units + made.less.units;
        prop_assert_eq!(made.classes.iter().map(|class| class.units).sum::<u64>(), changed);
        let sides: i64 = after.iter().flat_map(|column| &column.sides).map(|side| side.amount().fen()).sum();
        prop_assert_eq!(sides, made.after_fen.fen());
        // The same as the plan of a run whose prices are these.
        trial.apply(&changes).unwrap();
        prop_assert_eq!(plan(trial.inputs(), |_| {}).amount(), made.after_fen);
        // And what is in force is known as it was.
        let inputs: RunInputs = october(150);
        prop_assert_eq!(plan(&inputs, |_| {}).amount(), made.before_fen);
    }

    #[test]
    fn the_order_of_changes_does_not_matter(changes in some(&Trial::new(october(120))), at in 0..6_usize) {
        let mut turned = changes.clone();
        turned.rotate_left(at.min(changes.len()));
        turned.reverse();
        let mut trial = Trial::new(october(120));
        let one = compared(&mut trial, &changes);
        prop_assert_eq!(one, compared(&mut trial, &turned));
        let nothing = what_if(&mut trial, &[], &[0, 1, 2], |_| {}).unwrap().0;
        prop_assert_eq!((nothing.more.units, nothing.less.units, nothing.turned.len(), nothing.classes.len()), (0, 0, 0, 0));
    }
}

#[test]
fn a_typical_home_is_the_one_in_the_middle_of_the_place() {
    let mut trial = Trial::new(october(250));
    let scope = building(&trial, 1);
    let change = price(&trial, 0, scope, Some("3.05"));
    let home = trial.typical(&change).unwrap().unwrap();
    // 100 homes of 80.00 to 80.49 m², each area twice: the 51st is the first of 80.25; 80.25 × 2.80 = 224.70, × 3.05 = 244.7625.
    assert_eq!((home.before_fen, home.after_fen), (Some(Money::from_fen(22_470)), Money::from_fen(24_476)));
    assert_eq!(home.month, trial.inputs().first);
    let one = trial.inputs().units.id[7];
    let change = price(&trial, 0, PriceScope::Unit { unit: one }, Some("1"));
    let home = trial.typical(&change).unwrap().unwrap();
    assert_eq!(home.label, trial.inputs().units.label_of(7));
    let nowhere = price(&trial, 0, PriceScope::Unit { unit: crate::id::UnitId(uuid::Uuid::nil()) }, Some("1"));
    assert_eq!(trial.typical(&nowhere).unwrap(), None);
}
