//! Whole runs, planned from inputs made by hand.

mod by_day;
mod contracts;
mod generated;
mod modes;

use crate::billing::api::GetRunInputs;
use crate::billing::inputs::*;
use crate::billing::plan::{Outcome, Plan, PlanTotal, Planner, SkipCount, SkipReason, Tally, plan};
use crate::charging::price::{At, PriceRow};
use crate::charging::proration::number_of;
use crate::charging::rate::Rate;
use crate::charging::tariff::{Cycle, CycleFrom, FeeItemKind, Mode, ProrationRule, StartsAt, TariffRules, Vacant};
use crate::charging::trace::Basis;
use crate::charging::usage::{NoUsageReason, ShareTrace, SharedBy};
use crate::estate::kind::UnitKind;
use crate::id::{ApportionmentId, BuildingId, CommunityId, FeeItemId, TariffId, UnitId, WaiverSchemeId};
use crate::money::Money;
use crate::period::Day;
use crate::quantity::Quantity;
use crate::text::{Language, text};
use crate::waivers::inputs::{RunScheme, RunWaivers, RunWho};
use crate::waivers::scheme::Relief;

pub(crate) fn day(text: &str) -> i32 {
    number_of(text.parse::<Day>().unwrap())
}

fn id(kind: u128, number: u32) -> uuid::Uuid {
    uuid::Uuid::from_u128(kind << 64 | u128::from(number))
}

pub(crate) fn tariff(number: u32, fee_item: u16, mode: Mode, price: &str) -> RunTariff {
    let rate = Rate::Flat(price.parse().unwrap());
    RunTariff {
        id: TariffId(id(3, number)),
        fee_item,
        name: format!("tariff {number}"),
        rules: TariffRules::of_mode(mode),
        prices: vec![PriceRow { at: At::Community, from: day("2026-01-01"), to: None, rate }],
    }
}

/// October 2026: `units` homes of 80.00, 80.01, 80.02 … m² in buildings of 100; property by area, refuse by household, and water by usage.
pub(crate) fn october(units: u32) -> RunInputs {
    let fee_item = |number: u32, name: &str, kind| RunFeeItem { id: FeeItemId(id(2, number)), name: name.to_owned(), kind };
    let mut inputs = RunInputs {
        community: CommunityId(id(1, 1)),
        first: "2026-10".parse().unwrap(),
        months: 1,
        issued_day: "2026-11-01".parse().unwrap(),
        due_day: None,
        fee_items: vec![
            fee_item(0, "物业费", FeeItemKind::Property),
            fee_item(1, "垃圾费", FeeItemKind::Refuse),
            fee_item(2, "水费", FeeItemKind::Water),
        ],
        tariffs: vec![tariff(0, 0, Mode::Area, "2.80"), tariff(1, 1, Mode::Household, "8"), tariff(2, 2, Mode::Usage, "2.90")],
        buildings: (0..units.div_ceil(100))
            .map(|number| RunBuilding { id: BuildingId(id(5, number)), name: format!("{}栋", number + 1) })
            .collect(),
        units: RunUnits::default(),
        charges: RunCharges::default(),
        billed: RunBilled::default(),
        held: RunSpans::default(),
        owned: RunOwned::default(),
        heads: RunHeads::default(),
        fields: Vec::new(),
        rents: Vec::new(),
        sales: Vec::new(),
        usages: Vec::new(),
        no_usages: Vec::new(),
        shares: Vec::new(),
        waivers: RunWaivers::default(),
        before: RunAmounts::default(),
        whole: None,
    };
    for unit in 0..units {
        inputs.units.id.push(UnitId(id(4, unit)));
        inputs.units.label.push(format!("{}栋{:04}", unit / 100 + 1, unit % 100));
        inputs.units.building.push(Some(unit / 100));
        inputs.units.entrance.push(None);
        inputs.units.floor.push(Some(1));
        inputs.units.area.push(800_000 + i64::from(unit % 50) * 100);
        inputs.units.handed_over.push(None);
        inputs.units.kind.push(UnitKind::Residence);
        for tariff in 0..3 {
            charge(&mut inputs, unit, tariff, "2026-01-01", None);
        }
        let usage = RunUsage {
            unit,
            fee_item: 2,
            usage: "10".parse().unwrap(),
            before: Quantity::ZERO,
            registers: Vec::new(),
            meters: Vec::new(),
            readings: Vec::new(),
        };
        inputs.usages.push(usage);
    }
    inputs
}

pub(crate) fn charge(inputs: &mut RunInputs, unit: u32, tariff: u16, from: &str, to: Option<&str>) {
    inputs.charges.unit.push(unit);
    inputs.charges.tariff.push(tariff);
    inputs.charges.from.push(day(from));
    inputs.charges.to.push(to.map(day));
}

fn planned(inputs: &RunInputs) -> Plan {
    plan(inputs, |_| {})
}

fn reason(inputs: &RunInputs, unit: u32, fee_item: u16) -> Result<i64, SkipReason> {
    Planner::new(inputs).plan_one(unit, fee_item).map(|bill| bill.amount.fen())
}

#[test]
fn a_run_bills_every_unit_of_every_fee_item() {
    let inputs = october(250);
    let plan = planned(&inputs);
    assert_eq!(plan.bills.len(), 750);
    assert!(plan.skipped.is_empty());
    assert_eq!(plan.totals.len(), 9, "three fee items in three buildings");
    assert_eq!(plan.amount(), Money::sum(plan.bills.iter().map(|bill| bill.amount_fen)).unwrap());
    assert_eq!(reason(&inputs, 0, 0), Ok(22_400));
    assert_eq!(reason(&inputs, 0, 2), Ok(2_900));
}

#[test]
fn the_digest_is_the_same_on_every_machine_and_changes_with_any_fen() {
    let inputs = october(20);
    let digest = planned(&inputs).digest().to_owned();
    assert_eq!(
        digest, "fc611873d8323c823443a4f8023863e5c0b8cc4cc14d5ff97b4f2a2bbfb5eb57",
        "the browser and the server must agree for ever"
    );
    let there_and_back: RunInputs = serde_json::from_str(&serde_json::to_string(&inputs).unwrap()).unwrap();
    assert_eq!(planned(&there_and_back).digest(), digest);
    let mut dearer = inputs.clone();
    dearer.units.area[7] += 100;
    assert_ne!(planned(&dearer).digest(), digest);
    let mut later = inputs.clone();
    later.tariffs[1].rules.due.days += 1;
    assert_ne!(planned(&later).digest(), digest);
    // What was billed before is for people to compare with, no part of the plan.
    let mut compared = inputs;
    compared.before.amount_fen.push(Money::from_fen(1));
    assert_eq!(planned(&compared).digest(), digest);
}

/// Unit 3 is sold on the 11th; a tenth is off every bill of units 3 and 4.
fn with_portions_and_waivers() -> RunInputs {
    let mut inputs = october(20);
    inputs.owned = RunOwned {
        unit: vec![3, 3],
        from: vec![day("2020-01-01"), day("2026-10-11")],
        to: vec![day("2026-10-11"), day("2040-01-01")],
        residents: vec![Vec::new(); 2],
    };
    inputs.waivers.schemes.push(RunScheme {
        id: WaiverSchemeId(id(8, 1)),
        name: "九折".to_owned(),
        reason: String::new(),
        fee_items: vec![0, 1],
        relief: Relief::Percent { percent: "10".parse().unwrap() },
        who: RunWho::Units(vec![3, 4]),
        from: day("2026-01-01"),
        to: None,
        months_least: 0,
        bill_most_fen: None,
        year_most_fen: None,
        used: Vec::new(),
    });
    inputs
}

#[test]
fn the_digest_stands_for_portions_and_waivers_too() {
    let inputs = with_portions_and_waivers();
    let digest = |inputs: &RunInputs| planned(inputs).digest().to_owned();
    assert_eq!(
        digest(&inputs),
        "cf3c4c37be8168aa285d800b7f708970ecc55855c3c73c62c26356ec9ba646ad",
        "the browser and the server must agree for ever"
    );
    let there_and_back: RunInputs = serde_json::from_str(&serde_json::to_string(&inputs).unwrap()).unwrap();
    assert_eq!(digest(&there_and_back), digest(&inputs));
    let mut sold_later = inputs.clone();
    sold_later.owned.to[0] += 1;
    sold_later.owned.from[1] += 1;
    assert_ne!(digest(&sold_later), digest(&inputs));
    let mut by_anniversary = inputs.clone();
    by_anniversary.tariffs[1].rules.cycle_from = CycleFrom::Anniversary;
    by_anniversary.units.handed_over.fill(Some(day("2024-03-15")));
    assert_ne!(digest(&by_anniversary), digest(&inputs));
    let mut more_off = inputs.clone();
    more_off.waivers.schemes[0].relief = Relief::Percent { percent: "10.01".parse().unwrap() };
    assert_ne!(digest(&more_off), digest(&inputs));
}

#[test]
fn what_is_as_it_should_be_wants_no_mending() {
    let fine: Vec<_> = SkipReason::ALL.iter().copied().filter(|reason| !reason.wants_mending()).collect();
    let expected = [
        SkipReason::GivenBack,
        SkipReason::ZeroAmount,
        SkipReason::BeforeHandOver,
        SkipReason::CutOff,
        SkipReason::Vacant,
        SkipReason::OffCycle,
        SkipReason::AlreadyBilled,
        SkipReason::NoCharge,
    ];
    assert_eq!(fine, expected);
}

#[test]
fn what_a_later_bill_may_catch_up_with_is_not_what_a_month_costs_by_itself() {
    let later: Vec<_> = SkipReason::ALL.iter().copied().filter(|reason| reason.may_come_later()).collect();
    let expected = [
        SkipReason::NoPrice,
        SkipReason::NoReading,
        SkipReason::NoBaseline,
        SkipReason::InReview,
        SkipReason::NoRegisters,
        SkipReason::NoQuota,
        SkipReason::Formula,
        SkipReason::Negative,
        SkipReason::TooLarge,
    ];
    assert_eq!(later, expected);
}

#[test]
fn every_reason_has_a_text_and_an_apportioned_fee_lacks_a_share_rather_than_a_tariff() {
    assert_eq!(SkipReason::NoCharge.text_id(Some(FeeItemKind::Apportioned)), "metering-no-share");
    assert_eq!(SkipReason::NoCharge.text_id(Some(FeeItemKind::Water)), "skip-no-charge");
    assert_eq!(SkipReason::NoPrice.text_id(Some(FeeItemKind::Apportioned)), "skip-no-price");
    for reason in SkipReason::ALL {
        for kind in [None, Some(FeeItemKind::Apportioned)] {
            for language in [Language::Chinese, Language::English] {
                let id = reason.text_id(kind);
                assert_ne!(text(language, &id), id);
            }
        }
    }
}

#[test]
fn a_run_is_of_its_rule_while_it_is_for_the_same_in_whatever_order() {
    let [a, b] = [1, 2].map(|number| FeeItemId(id(2, number)));
    let [north, south] = [1, 2].map(|number| BuildingId(id(5, number)));
    let run = GetRunInputs {
        community: CommunityId(id(1, 1)),
        first: "2026-10".parse().unwrap(),
        months: 1,
        fee_items: vec![b, a],
        buildings: vec![south, north],
        units: Vec::new(),
        issued_day: "2026-11-01".parse().unwrap(),
        due_day: None,
        rule: None,
    };
    assert!(run.is_all_of(&[a, b], &[north, south]));
    assert!(run.is_all_of(&[a, b, a], &[south, north]), "named twice is named");
    assert!(!run.is_all_of(&[a], &[north, south]));
    assert!(!run.is_all_of(&[a, b], &[north]));
    assert!(!run.is_all_of(&[a, b], &[]), "of all buildings");
    let of_one = GetRunInputs { units: vec![UnitId(id(4, 1))], ..run };
    assert!(!of_one.is_all_of(&[a, b], &[north, south]));
}

/// A tenth of 224.08 is 22.41: of the year's 22.50 nine fen are left for the 8.00 of the refuse.
#[test]
fn a_bill_planned_by_itself_knows_what_was_taken_off_those_before_it() {
    let mut inputs = with_portions_and_waivers();
    inputs.waivers.schemes[0].year_most_fen = Some(Money::from_fen(2_250));
    let planner = Planner::new(&inputs);
    let waived = |fee_item| planner.plan_one(3, fee_item).unwrap().waived().fen();
    assert_eq!((waived(0), waived(1), waived(2)), (2_241, 9, 0));
    assert_eq!(planned(&inputs).totals.iter().map(|total| total.waived_fen.fen()).sum::<i64>(), 2 * 2_250);
}

#[test]
fn what_is_planned_is_added_up_by_fee_item_and_building() {
    let mut inputs = with_portions_and_waivers();
    inputs.units.building[4] = None;
    inputs.units.area[5..8].fill(0);
    inputs.usages.retain(|usage| usage.unit != 9);
    let plan = planned(&inputs);
    let total = |fee_item, building, bills, amount, waived| PlanTotal {
        fee_item,
        building,
        bills,
        amount_fen: Money::from_fen(amount),
        waived_fen: Money::from_fen(waived),
    };
    // 16 homes at 224.00 and 0.028 for each of the units before them, rounded one by one: 3,584.00 + 4.70.
    let expected = [
        total(0, Some(0), 16, 358_870, 2_241),
        total(0, None, 1, 22_411, 2_241),
        total(1, Some(0), 19, 15_200, 80),
        total(1, None, 1, 800, 80),
        total(2, Some(0), 18, 52_200, 0),
        total(2, None, 1, 2_900, 0),
    ];
    assert_eq!(plan.totals, expected);
    let skip = |fee_item, reason, units| SkipCount { fee_item, reason, units };
    assert_eq!(plan.skips, [skip(0, SkipReason::NoArea, 3), skip(2, SkipReason::NoReading, 1)]);
    let mut tally = Tally::new(&inputs);
    Planner::new(&inputs).plan(0..20, |outcome: Outcome| tally.add(&inputs, &outcome));
    assert_eq!(tally.bills, 56);
}

#[test]
fn everyone_who_gets_no_bill_is_listed_with_the_reason() {
    let mut inputs = october(12);
    inputs.units.area[0] = 0;
    inputs.billed = RunBilled {
        unit: vec![1],
        fee_item: vec![0],
        from: vec![day("2026-10-01")],
        to: vec![day("2026-11-01")],
        charge: vec![None],
        once: vec![None],
    };
    inputs.usages.retain(|usage| !(2..=4).contains(&usage.unit));
    inputs.no_usages.push(RunNoUsage { unit: 3, fee_item: 2, reason: NoUsageReason::NoBaseline });
    inputs.usages.push(RunUsage {
        unit: 4,
        fee_item: 2,
        usage: Quantity::ZERO,
        before: Quantity::ZERO,
        registers: Vec::new(),
        meters: Vec::new(),
        readings: Vec::new(),
    });
    assert_eq!(reason(&inputs, 0, 0), Err(SkipReason::NoArea));
    assert_eq!(reason(&inputs, 1, 0), Err(SkipReason::AlreadyBilled));
    assert_eq!(reason(&inputs, 1, 1), Ok(800));
    assert_eq!(reason(&inputs, 2, 2), Err(SkipReason::NoReading));
    assert_eq!(reason(&inputs, 3, 2), Err(SkipReason::NoBaseline));
    assert_eq!(reason(&inputs, 4, 2), Err(SkipReason::ZeroAmount));
    inputs.tariffs[1].prices[0].from = day("2026-10-02");
    assert_eq!(reason(&inputs, 5, 1), Err(SkipReason::NoPrice), "one day without a price is enough");
    inputs.tariffs[1].rules.cycle = Cycle::Quarterly;
    assert_eq!(reason(&inputs, 5, 1), Err(SkipReason::OffCycle));
    inputs.charges.to.iter_mut().for_each(|to| *to = Some(day("2026-10-01")));
    assert_eq!(reason(&inputs, 6, 0), Err(SkipReason::NoCharge));
    let plan = planned(&inputs);
    assert_eq!(plan.bills.len() + plan.skipped.len(), 36);
    assert_eq!(plan.skips.iter().map(|count| count.units).sum::<u64>(), 36);
}

#[test]
fn a_unit_pays_from_its_hand_over_and_only_while_it_is_held() {
    let mut inputs = october(3);
    inputs.tariffs[0].rules.starts_at = StartsAt::HandOver;
    assert_eq!(reason(&inputs, 0, 0), Err(SkipReason::BeforeHandOver));
    inputs.units.handed_over[0] = Some(day("2026-11-01"));
    assert_eq!(reason(&inputs, 0, 0), Err(SkipReason::BeforeHandOver));
    inputs.units.handed_over[0] = Some(day("2026-10-17"));
    assert_eq!(reason(&inputs, 0, 0), Ok(10_839), "80 × 2.80 × 15 ÷ 31");
    inputs.units.handed_over[0] = Some(day("2020-01-01"));
    inputs.tariffs[0].rules.vacant = Vacant::Skipped;
    assert_eq!(reason(&inputs, 0, 0), Err(SkipReason::Vacant));
    inputs.held = RunSpans {
        unit: vec![0, 0],
        from: vec![day("2020-01-01"), day("2026-10-22")],
        to: vec![day("2026-10-06"), day("2030-01-01")],
    };
    assert_eq!(reason(&inputs, 0, 0), Ok(10_839), "5 days, then 10");
}

#[test]
fn two_tariffs_that_follow_each_other_make_two_lines_of_one_bill() {
    let mut inputs = october(1);
    inputs.tariffs.push(tariff(3, 0, Mode::Area, "3.10"));
    inputs.tariffs.push(tariff(4, 2, Mode::Usage, "4.00"));
    inputs.charges = RunCharges::default();
    charge(&mut inputs, 0, 0, "2026-01-01", Some("2026-10-16"));
    charge(&mut inputs, 0, 3, "2026-10-16", None);
    charge(&mut inputs, 0, 2, "2026-01-01", Some("2026-10-16"));
    charge(&mut inputs, 0, 4, "2026-10-16", None);
    let bill = Planner::new(&inputs).plan_one(0, 0).unwrap();
    // 80 × 2.80 × 15 ÷ 31 = 108.387…, 80 × 3.10 × 16 ÷ 31 = 128.
    assert_eq!(bill.lines.iter().map(|line| line.amount().fen()).collect::<Vec<_>>(), [10_839, 12_800]);
    // One usage of 10: 10 × 2.90 × 15 ÷ 31 = 14.032…, 10 × 4 × 16 ÷ 31 = 20.645….
    let water = Planner::new(&inputs).plan_one(0, 2).unwrap();
    assert_eq!(water.lines.iter().map(|line| line.amount().fen()).collect::<Vec<_>>(), [1_403, 2_065]);
}

#[test]
fn shares_of_pools_are_lines_of_their_own() {
    let mut inputs = october(2);
    let share = |pool: &str, fen| RunShare {
        apportionment: ApportionmentId(id(9, 1)),
        unit: 1,
        fee_item: 0,
        amount_fen: Money::from_fen(fen),
        trace: ShareTrace {
            pool: pool.to_owned(),
            by: SharedBy::Area,
            formula: String::new(),
            weight: "80.01".parse().unwrap(),
            weights: "160.01".parse().unwrap(),
            pool_quantity: "100".parse().unwrap(),
            pool_fen: Money::from_fen(6_000),
            quantity: "50.0031".parse().unwrap(),
            units: 2,
            utility: None,
            price: None,
            apportionment: None,
        },
    };
    inputs.shares = vec![share("公共照明", 3_000), share("电梯", 250)];
    let planner = Planner::new(&inputs);
    let bill = planner.plan_one(1, 0).unwrap();
    assert_eq!(bill.amount.fen(), 22_403 + 3_250);
    assert!(matches!(planner.trace(&bill.lines[2]).basis, Basis::Share(share) if share.pool == "电梯"));
    // Without a tariff the shares alone are a bill.
    inputs.charges = RunCharges::default();
    let bill = Planner::new(&inputs).plan_one(1, 0).unwrap();
    assert_eq!((bill.amount.fen(), bill.tariff), (3_250, None));
}

#[test]
fn a_plan_in_pieces_is_the_plan() {
    let inputs = october(41);
    let planner = Planner::new(&inputs);
    let mut tally = Tally::new(&inputs);
    for range in [0..1, 1..40, 40..41] {
        planner.plan(range, |outcome: Outcome| tally.add(&inputs, &outcome));
    }
    let whole = planned(&inputs);
    assert_eq!((tally.digest().as_str(), tally.totals()), (whole.digest(), whole.totals.clone()));
}

/// `cargo test --release -p common -- --ignored --nocapture million`
#[test]
#[ignore = "a measurement"]
#[cfg(not(target_arch = "wasm32"))]
fn a_million_lines_in_a_second() {
    let inputs = october(400_000);
    let planner = Planner::new(&inputs);
    let start = std::time::Instant::now();
    let mut lines = 0;
    planner.plan(0..400_000, |_| lines += 1);
    let priced = start.elapsed();
    println!("{lines} lines priced in {priced:?}");
    let start = std::time::Instant::now();
    let plan = planned(&inputs);
    println!("{} bills planned and digested in {:?}", plan.bills.len(), start.elapsed());
    assert!(priced.as_secs() < 2);
}

/// A change of assignment inside October costs what October costs, whatever the proration rule.
#[test]
fn a_change_of_assignment_costs_nothing() {
    for rule in [ProrationRule::Days, ProrationRule::ThirtyDays, ProrationRule::None] {
        for second in [0, 3] {
            let mut inputs = october(1);
            inputs.tariffs.push(tariff(3, 0, Mode::Area, "2.80"));
            for tariff in &mut inputs.tariffs {
                tariff.rules.proration.rule = rule;
            }
            let whole = reason(&inputs, 0, 0).unwrap();
            inputs.charges.to[0] = Some(day("2026-10-16"));
            charge(&mut inputs, 0, second, "2026-10-16", None);
            assert_eq!(reason(&inputs, 0, 0), Ok(whole), "{rule} {second}");
            let bill = Planner::new(&inputs).plan_one(0, 0).unwrap();
            assert_eq!(bill.lines.len(), if second == 0 { 1 } else { 2 }, "two assignments of one tariff are rounded once");
        }
    }
}
