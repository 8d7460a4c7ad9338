//! Every way of charging, with amounts worked out by hand.

use super::{charge, day, october, tariff};
use crate::billing::inputs::*;
use crate::billing::plan::{PlannedLine, Planner, SkipReason};
use crate::charging::explain::sentences;
use crate::charging::price::{At, PriceRow};
use crate::charging::rate::{Counted, Rate, RatePart, Season, SimpleRate};
use crate::charging::rent::{FreeSales, Rent};
use crate::charging::tariff::{Coefficient, Cycle, CycleFrom, DueFrom, FeeItemKind, Mode, ProrationRule, Vacant};
use crate::charging::tier::{Tier, TierScope, Tiers};
use crate::charging::usage::RegisterUsage;
use crate::estate::kind::UnitKind;
use crate::id::ChargeId;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::text::Language;
use uuid::Uuid;

/// One home of 80 m² on the first floor, charged by one tariff of the first fee item.
fn home(mode: Mode, price: &str) -> RunInputs {
    let mut inputs = october(1);
    inputs.tariffs = vec![tariff(0, 0, mode, price)];
    inputs.fee_items.truncate(1);
    inputs.charges = RunCharges::default();
    inputs.usages.clear();
    charge(&mut inputs, 0, 0, "2026-01-01", None);
    inputs
}

fn rate(rate: Rate) -> PriceRow {
    PriceRow { at: At::Community, from: day("2020-01-01"), to: None, rate }
}

fn used(inputs: &mut RunInputs, usage: &str, before: &str) {
    let (usage, before) = (usage.parse().unwrap(), before.parse().unwrap());
    inputs.usages =
        vec![RunUsage { unit: 0, fee_item: 0, usage, before, registers: Vec::new(), meters: Vec::new(), readings: Vec::new() }];
}

fn people(inputs: &mut RunInputs, stretches: &[(&str, &str, u32)]) {
    for (from, to, heads) in stretches {
        inputs.heads.unit.push(0);
        inputs.heads.from.push(day(from));
        inputs.heads.to.push(day(to));
        inputs.heads.heads.push(*heads);
    }
}

#[test]
fn months_and_days_of_a_formula_are_those_of_the_bill() {
    // A quarter counted from the hand-over on 27 June: 27 September to 26 December in advance, 91 days in three months.
    let mut inputs = home(Mode::Formula, "1");
    inputs.units.handed_over[0] = Some(day("2025-06-27"));
    inputs.first = "2026-09".parse().unwrap();
    inputs.charges.from[0] = day("2025-06-27");
    let rules = &mut inputs.tariffs[0].rules;
    (rules.cycle, rules.cycle_from, rules.due.from) = (Cycle::Quarterly, CycleFrom::Anniversary, DueFrom::InAdvance);
    rules.proration.rule = ProrationRule::None;
    rules.formula = "days × 100 + months".to_owned();
    assert_eq!(fen(&inputs), Ok(9_103_00));
}

fn fen(inputs: &RunInputs) -> Result<i64, SkipReason> {
    let planner = Planner::new(inputs);
    let bill = planner.plan_one(0, 0)?;
    for line in &bill.lines {
        let trace = planner.trace(line);
        let stored = serde_json::to_string(&trace).unwrap();
        assert_eq!(
            serde_json::from_str::<crate::charging::trace::Trace>(&stored).unwrap(),
            trace,
            "a trace survives the database"
        );
        for language in [Language::Chinese, Language::English] {
            for said in sentences(language, &trace, line.amount(), FeeItemKind::Water) {
                assert!(!said.contains("trace-") && !said.contains("{ $"), "{said}");
            }
        }
    }
    Ok(bill.amount.fen())
}

fn steps(steps: &[(Option<&str>, &str, Option<&str>)]) -> Vec<Tier> {
    let quantity = |text: &&str| text.parse::<Quantity>().unwrap();
    let step = |(up_to, price, more): &(Option<&str>, &str, Option<&str>)| Tier {
        up_to: up_to.as_ref().map(quantity),
        price: price.parse().unwrap(),
        per_person: more.as_ref().map(quantity),
    };
    steps.iter().map(step).collect()
}

#[test]
fn by_heads_and_a_child_born_in_mid_month() {
    let mut inputs = home(Mode::Head, "15");
    assert_eq!(fen(&inputs), Err(SkipReason::NoHeads));
    people(&mut inputs, &[("2020-01-01", "2026-10-17", 3), ("2026-10-17", "2100-01-01", 4)]);
    // 3 × 15 × 16/31 + 4 × 15 × 15/31 = 23.2258… + 29.0322… = 52.2580….
    assert_eq!(fen(&inputs), Ok(5_226));
    // The line tells the people of its first days.
    let bill = Planner::new(&inputs).plan_one(0, 0).unwrap();
    assert!(matches!(bill.lines.as_slice(), [PlannedLine::Priced(line)] if line.quantity == 30_000));
}

#[test]
fn by_property_value() {
    let mut inputs = home(Mode::Value, "0.00012");
    assert_eq!(fen(&inputs), Err(SkipReason::NoValue));
    inputs.units.value_fen = vec![3_456_789_00];
    // 3,456,789 × 0.00012 = 414.81468.
    assert_eq!(fen(&inputs), Ok(41_481));
}

#[test]
fn a_kind_of_unit_has_its_coefficient() {
    let mut inputs = home(Mode::Area, "2.80");
    inputs.tariffs[0].rules.coefficients = vec![Coefficient { kind: UnitKind::Residence, coefficient: "1.5".parse().unwrap() }];
    assert_eq!(fen(&inputs), Ok(33_600));
    inputs.units.kind[0] = UnitKind::Shop;
    assert_eq!(fen(&inputs), Ok(22_400));
}

#[test]
fn vacant_days_are_charged_at_a_rate() {
    let mut inputs = home(Mode::Area, "2.80");
    inputs.tariffs[0].rules.vacant = Vacant::Reduced;
    inputs.tariffs[0].rules.vacant_rate = "0.7".parse().unwrap();
    // All of October empty: 224 × 0.7.
    assert_eq!(fen(&inputs), Ok(15_680));
    inputs.held = RunSpans { unit: vec![0], from: vec![day("2026-10-21")], to: vec![day("2026-11-01")] };
    // 20 days empty, 11 lived in: 224 × (20 × 0.7 + 11) ÷ 31 = 224 × 25 ÷ 31 = 180.6451….
    assert_eq!(fen(&inputs), Ok(18_065));
}

#[test]
fn by_formula_as_a_quantity_or_as_yuan() {
    let mut inputs = home(Mode::Formula, "2");
    inputs.tariffs[0].rules.formula = "if(floor > 6, area * 1.2, area) / 3".to_owned();
    // 80 ÷ 3 × 2 = 53.333….
    assert_eq!(fen(&inputs), Ok(5_333));
    inputs.tariffs[0].rules.formula = "房屋面积×单价＋30".to_owned();
    assert_eq!(fen(&inputs), Ok(19_000));
    inputs.tariffs[0].rules.formula = "面积 - 100".to_owned();
    assert_eq!(fen(&inputs), Err(SkipReason::Negative));
    inputs.tariffs[0].rules.formula = "heads".to_owned();
    assert_eq!(fen(&inputs), Err(SkipReason::Formula));
    inputs.tariffs[0].rules.formula = "附加费".to_owned();
    assert_eq!(fen(&inputs), Err(SkipReason::Formula));
    let other = RunField { name: "电梯系数".to_owned(), unit: vec![], value: vec![] };
    inputs.fields = vec![RunField { name: "附加费".to_owned(), unit: vec![], value: vec![] }, other];
    assert_eq!(fen(&inputs), Err(SkipReason::Formula));
    assert_eq!(inputs.blank_fields(0, 0), ["附加费"], "the other is blank as well, but is not asked for");
    inputs.fields[0] = RunField { name: "附加费".to_owned(), unit: vec![0], value: vec![65_000] };
    assert_eq!(fen(&inputs), Ok(1_300));
    assert_eq!(inputs.blank_fields(0, 0), [""; 0]);
}

#[test]
fn a_formula_over_usage_is_metered_and_a_third_times_three_is_exact() {
    let mut inputs = home(Mode::Formula, "0.005");
    inputs.tariffs[0].rules.formula = "usage / 3".to_owned();
    assert_eq!(fen(&inputs), Err(SkipReason::NoReading));
    used(&mut inputs, "3", "0");
    // Exactly half a fen.
    assert_eq!(fen(&inputs), Ok(1));
}

#[test]
fn tiers_of_a_year_begin_where_the_year_stands() {
    let mut inputs = home(Mode::Usage, "0");
    let tiers =
        Tiers::new(TierScope::Year, steps(&[(Some("220"), "3.45", None), (Some("300"), "4.83", None), (None, "5.83", None)]));
    inputs.tariffs[0].prices = vec![rate(Rate::Tiered(tiers.clone()))];
    used(&mut inputs, "30", "210");
    // 10 × 3.45 + 20 × 4.83.
    assert_eq!(fen(&inputs), Ok(13_110));
    used(&mut inputs, "100", "210");
    // 10 × 3.45 + 80 × 4.83 + 10 × 5.83.
    assert_eq!(fen(&inputs), Ok(47_920));
    // The year begins in July: October is in it, the period from June is split by days at its first of July.
    inputs.tariffs[0].prices = vec![rate(Rate::Tiered(Tiers { year_from: 7, ..tiers }))];
    inputs.first = "2026-06".parse().unwrap();
    inputs.months = 2;
    used(&mut inputs, "61", "290");
    // June's 30 from 290 on: 10 × 4.83 + 20 × 5.83; July's 31 from nothing: 31 × 3.45.
    assert_eq!(fen(&inputs), Ok(4_830 + 11_660 + 10_695));
}

#[test]
fn bounds_grow_with_the_people_of_the_home() {
    let mut inputs = home(Mode::Usage, "0");
    let tiers = Tiers {
        persons: Some(4),
        ..Tiers::new(
            TierScope::Month,
            steps(&[(Some("18"), "2.90", Some("4.5")), (Some("25"), "3.85", Some("6.25")), (None, "6.70", None)]),
        )
    };
    inputs.tariffs[0].prices = vec![rate(Rate::Tiered(tiers))];
    used(&mut inputs, "30", "0");
    people(&mut inputs, &[("2020-01-01", "2100-01-01", 6)]);
    // 18 + 2 × 4.5 = 27, 25 + 2 × 6.25 = 37.5: 27 × 2.90 + 3 × 3.85.
    assert_eq!(fen(&inputs), Ok(8_985));
    inputs.heads.heads[0] = 4;
    // 18 × 2.90 + 7 × 3.85 + 5 × 6.70.
    assert_eq!(fen(&inputs), Ok(11_265));
}

#[test]
fn named_parts_add_up_to_the_fen() {
    let mut inputs = home(Mode::Usage, "0");
    let part =
        |name: &str, of, price: &str| RatePart { name: name.to_owned(), of, rate: SimpleRate::Flat(price.parse().unwrap()) };
    let parts = vec![
        part("自来水", Counted::Total, "1.955"),
        part("水资源费", Counted::Total, "0.205"),
        part("污水处理费", Counted::Total, "0.95"),
    ];
    inputs.tariffs[0].prices = vec![rate(Rate::Parts(parts))];
    used(&mut inputs, "7", "0");
    // 13.685 + 1.435 + 6.65 = 21.77 exactly; the two halves are settled by the largest remainder.
    assert_eq!(fen(&inputs), Ok(2_177));
    let planner = Planner::new(&inputs);
    let bill = planner.plan_one(0, 0).unwrap();
    let trace = planner.trace(&bill.lines[0]);
    let parts: Vec<_> = trace.pieces[0].tiers.iter().map(|part| (part.part.as_str(), part.amount_fen.fen())).collect();
    assert_eq!(parts, [("自来水", 1_369), ("水资源费", 143), ("污水处理费", 665)]);
}

#[test]
fn peak_and_valley_have_prices_of_their_own() {
    let mut inputs = home(Mode::Usage, "0");
    let flat =
        |name: &str, of, price: &str| RatePart { name: name.to_owned(), of, rate: SimpleRate::Flat(price.parse().unwrap()) };
    let more = Tiers::new(TierScope::Month, steps(&[(Some("230"), "0", None), (Some("400"), "0.05", None), (None, "0.3", None)]));
    let parts = vec![
        flat("峰", Counted::Peak, "0.617"),
        flat("谷", Counted::Valley, "0.307"),
        RatePart { name: "阶梯加价".to_owned(), of: Counted::Total, rate: SimpleRate::Tiered(more) },
    ];
    inputs.tariffs[0].prices = vec![rate(Rate::Parts(parts))];
    used(&mut inputs, "300", "0");
    assert_eq!(fen(&inputs), Err(SkipReason::NoRegisters));
    let register = |register, usage: &str| RegisterUsage { register, usage: usage.parse().unwrap() };
    inputs.usages[0].registers = vec![register(Counted::Peak, "180"), register(Counted::Valley, "120")];
    // 180 × 0.617 + 120 × 0.307 + 70 × 0.05 = 111.06 + 36.84 + 3.50.
    assert_eq!(fen(&inputs), Ok(15_140));
}

#[test]
fn a_season_begins_in_mid_period() {
    let mut inputs = home(Mode::Usage, "0");
    let season = |name: &str, from: &str, to: &str, price: &str| Season {
        name: name.to_owned(),
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        parts: vec![RatePart { name: "电费".to_owned(), of: Counted::Total, rate: SimpleRate::Flat(price.parse().unwrap()) }],
    };
    inputs.tariffs[0].prices =
        vec![rate(Rate::Seasons(vec![season("夏季", "5", "10", "0.68"), season("非夏季", "11", "4", "0.58")]))];
    used(&mut inputs, "100", "0");
    assert_eq!(fen(&inputs), Ok(6_800));
    inputs.months = 2;
    // 31 of 61 days are October's: 100 × (31 × 0.68 + 30 × 0.58) ÷ 61 = 62.0819….
    inputs.usages[0].usage = "100".parse().unwrap();
    assert_eq!(fen(&inputs), Ok(6_308));
}

#[test]
fn a_quarter_from_the_day_of_hand_over_has_its_own_period() {
    let mut inputs = home(Mode::Area, "2.80");
    let rules = &mut inputs.tariffs[0].rules;
    (rules.cycle, rules.cycle_from, rules.due.from) = (Cycle::Quarterly, CycleFrom::Anniversary, DueFrom::InAdvance);
    inputs.units.handed_over[0] = Some(day("2025-01-15"));
    let bill = Planner::new(&inputs).plan_one(0, 0).unwrap();
    assert_eq!(bill.period.to_string(), "2026-10-15 – 2027-01-14");
    assert_eq!(bill.amount.fen(), 67_200);
    inputs.billed = RunBilled {
        unit: vec![0],
        fee_item: vec![0],
        from: vec![day("2026-07-15")],
        to: vec![day("2026-10-15")],
        charge: vec![None],
        once: vec![None],
    };
    assert_eq!(fen(&inputs), Ok(67_200), "the quarter before does not stand in the way");
    inputs.units.handed_over[0] = Some(day("2025-02-15"));
    assert_eq!(fen(&inputs), Err(SkipReason::OffCycle));
}

#[test]
fn what_is_charged_once_is_never_charged_again() {
    let mut inputs = home(Mode::Fixed, "500");
    inputs.tariffs[0].rules.cycle = Cycle::Once;
    inputs.charges.from[0] = day("2026-08-17");
    assert_eq!(fen(&inputs), Ok(50_000), "missed in August, it is billed in October, in full");
    inputs.billed = RunBilled {
        unit: vec![0],
        fee_item: vec![0],
        from: vec![day("2026-08-01")],
        to: vec![day("2026-09-01")],
        charge: vec![Some(0)],
        once: vec![None],
    };
    assert_eq!(fen(&inputs), Err(SkipReason::AlreadyBilled));
    inputs.billed.charge[0] = Some(1);
    assert_eq!(fen(&inputs), Ok(50_000), "another charge by the same tariff");
    // The charge that was billed was taken back: the one in its place began before the bill's end.
    (inputs.billed.charge[0], inputs.billed.once[0]) = (None, Some(0));
    assert_eq!(fen(&inputs), Err(SkipReason::AlreadyBilled));
    inputs.charges.from[0] = day("2026-09-01");
    assert_eq!(fen(&inputs), Ok(50_000), "it begins after the bill");
    inputs.billed = RunBilled::default();
    inputs.charges.from[0] = day("2026-11-01");
    assert_eq!(fen(&inputs), Err(SkipReason::NoCharge));
}

#[test]
fn what_is_charged_once_is_kept_by_its_own_charge() {
    let mut inputs = home(Mode::Fixed, "500");
    let mut once = inputs.tariffs[0].clone();
    once.rules.cycle = Cycle::Once;
    inputs.tariffs.push(once);
    inputs.charges.id = [1, 2].map(|id| ChargeId(Uuid::from_u128(id))).to_vec();
    inputs.charges.unit.push(0);
    inputs.charges.tariff.push(1);
    inputs.charges.from.push(day("2026-10-16"));
    inputs.charges.to.push(None);
    let bill = Planner::new(&inputs).plan_one(0, 0).unwrap();
    let once: Vec<_> = bill.lines.iter().map(|line| line.charged_once(&inputs)).collect();
    assert_eq!((bill.tariff, once), (Some(0), vec![None, Some(ChargeId(Uuid::from_u128(2)))]));
}

#[test]
fn a_shop_pays_rent_or_a_share_of_its_sales() {
    let mut inputs = home(Mode::Area, "1");
    let free = crate::period::Period::new("2026-09-16".parse().unwrap(), "2026-10-16".parse().unwrap()).unwrap();
    let turnover = Some("0.08".parse().unwrap());
    let rent = Rent { free: vec![free], turnover, free_sales: FreeSales::Counted, ..Rent::of("100".parse().unwrap()) };
    inputs.rents = vec![RunRent { charge: 0, rent }];
    // Rent-free until the 15th: 80 × 100 × 16 ÷ 31 = 4,129.0322….
    assert_eq!(fen(&inputs), Ok(412_903));
    let october = "2026-10".parse().unwrap();
    inputs.sales = vec![RunSales { unit: 0, month: october, sales_fen: Money::from_fen(5_000_000) }];
    assert_eq!(fen(&inputs), Ok(412_903), "8 % of 50,000 is less");
    inputs.sales[0].sales_fen = Money::from_fen(6_000_007);
    // 8 % of 60,000.07 = 4,800.0056.
    assert_eq!(fen(&inputs), Ok(480_001));
}

#[test]
fn thirty_day_months_stay_whole_over_a_change_of_owner() {
    let mut inputs = home(Mode::Area, "3");
    inputs.tariffs[0].rules.proration.rule = ProrationRule::ThirtyDays;
    inputs.owned = RunOwned {
        unit: vec![0, 0],
        from: vec![day("2020-01-01"), day("2026-10-12")],
        to: vec![day("2026-10-12"), day("2100-01-01")],
        residents: Vec::new(),
    };
    assert_eq!(fen(&inputs), Ok(24_000));
    let bill = Planner::new(&inputs).plan_one(0, 0).unwrap();
    let trace = Planner::new(&inputs).trace(&bill.lines[0]);
    assert_eq!(trace.pieces.iter().map(|piece| piece.owner).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_run_for_some_buildings_shares_out_over_the_whole_community() {
    // 80 m² of 1,000 m² and 20 homes: 80 / 1000 × 500 + 100 / 20 = 45.
    let mut inputs = home(Mode::Formula, "1");
    inputs.tariffs[0].rules.formula = "(面积 / 小区面积 × 500 + 100 / 小区户数) × 单价".to_owned();
    let alone = fen(&inputs);
    inputs.whole = Some(RunWhole { area: 10_000_000, units: 20, ..RunWhole::default() });
    assert_eq!((alone, fen(&inputs)), (Ok(600_00), Ok(45_00)));
}
