//! Trials of waiver schemes on a community made by hand.

use super::super::inputs::RunInputs;
use super::super::tests::{day, october};
use super::*;
use crate::charging::api::PriceScope;
use crate::charging::rate::Rate;
use crate::estate::kind::UnitKind;
use crate::id::{PeopleGroupId, UnitId};
use crate::waivers::api::SaveScheme;
use crate::waivers::inputs::{RunGroup, RunWho, TrialWaivers};
use crate::waivers::scheme::{Relief, ReliefKind, SchemeRules, WhoKind};

fn id(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

/// A community with a group of the first three homes, the last of them from the sixteenth on, which no scheme knows yet.
fn with_a_group(units: u32) -> RunInputs {
    let mut inputs = october(units);
    let (from, to) = (day("2026-01-01"), i32::MAX);
    let group = RunGroup {
        name: "低保户".to_owned(),
        unit: vec![0, 1, 2],
        from: vec![from, from, day("2026-10-17")],
        to: vec![to, to, to],
    };
    inputs.waivers.groups = vec![group];
    inputs.waivers.trial = Some(TrialWaivers { ranks: Vec::new(), groups: vec![PeopleGroupId(id(70))], used: Vec::new() });
    inputs
}

/// Half off the property fee for everybody, from the first day of the year.
fn half_off(inputs: &RunInputs) -> SaveScheme {
    SaveScheme {
        community: inputs.community,
        scheme: WaiverSchemeId(id(80)),
        name: "低保减免".to_owned(),
        reason: "12号文".to_owned(),
        rank: 10,
        from: "2026-01-01".parse().unwrap(),
        to: None,
        rules: SchemeRules { fee_items: vec![inputs.fee_items[0].id], who: WhoKind::Everybody, ..SchemeRules::blank() },
    }
}

fn of_group(inputs: &RunInputs) -> SaveScheme {
    let mut save = half_off(inputs);
    (save.rules.who, save.rules.groups) = (WhoKind::Groups, vec![PeopleGroupId(id(70))]);
    save
}

/// The same scheme as one that is in force.
fn in_force(inputs: &mut RunInputs, save: &SaveScheme, used: Vec<(u32, i32, Money)>) {
    let rules = &save.rules;
    let place = |item: &crate::id::FeeItemId| inputs.fee_items.iter().position(|one| one.id == *item).unwrap();
    let fee_items = rules.fee_items.iter().map(|item| u16::try_from(place(item)).unwrap()).collect();
    inputs.waivers.schemes.push(RunScheme {
        id: save.scheme,
        name: save.name.clone(),
        reason: save.reason.clone(),
        fee_items,
        relief: rules.what(),
        who: if rules.who == WhoKind::Groups { RunWho::Groups(vec![0]) } else { RunWho::Everybody },
        from: crate::charging::proration::number_of(save.from),
        to: save.to.map(crate::charging::proration::number_of),
        months_least: rules.months_least,
        bill_most_fen: rules.bill_most_fen,
        year_most_fen: rules.year_most_fen,
        used,
    });
    inputs.waivers.trial.as_mut().unwrap().ranks.push(save.rank);
}

fn tried(trial: &mut Trial, changes: &[Change]) -> Comparison {
    what_if(trial, changes, &[], |_| {}).unwrap().0
}

fn scheme(save: SaveScheme) -> Change {
    Change::Scheme(Box::new(save))
}

#[test]
fn a_new_scheme_shows_who_benefits_and_what_it_costs_by_building() {
    let inputs = with_a_group(250);
    let save = of_group(&inputs);
    let mut trial = Trial::new(inputs);
    let made = tried(&mut trial, &[scheme(save.clone())]);
    // 80.00, 80.01 and 80.02 m² at 2.80: half of 224.00 and of 224.03, and 15 of 31 days at half of 224.06.
    let costs = 11_200 + 11_202 + 5_421;
    assert_eq!((made.less.units, made.less.difference_fen, made.same), (3, fen(-costs), 247));
    assert_eq!(made.fee_items.len(), 1, "only the fee item that it is for");
    let waived = |building: &BuildingChange| (building.less, building.waived_before_fen.fen(), building.waived_after_fen.fen());
    assert_eq!(made.buildings.iter().map(waived).collect::<Vec<_>>(), [(3, 0, costs), (0, 0, 0), (0, 0, 0)]);
    let one = SchemeChange { scheme: save.scheme, bills_before: 0, bills_after: 3, before_fen: fen(0), after_fen: fen(costs) };
    assert_eq!(made.schemes, [one]);
    let (before, after) = trial.explain(2, 0);
    assert_eq!(before.unwrap().waivers.len(), 0);
    assert_eq!(after.unwrap().waivers[0].amount_fen, fen(5_421));
    assert_eq!(trial.scheme(save.scheme).map(|scheme| scheme.name.as_str()), Some("低保减免"), "what is tried stays tried");
}

#[test]
fn a_scheme_that_is_stopped_or_ended_is_paid_for_by_those_who_had_it() {
    let mut inputs = with_a_group(10);
    let save = of_group(&inputs);
    in_force(&mut inputs, &save, Vec::new());
    let mut trial = Trial::new(inputs);
    let made = tried(&mut trial, &[Change::NoScheme { scheme: save.scheme }]);
    assert_eq!((made.more.units, made.more.difference_fen), (3, fen(27_823)));
    assert_eq!(made.schemes.iter().map(|one| (one.bills_before, one.bills_after)).collect::<Vec<_>>(), [(3, 0)]);
    // It ends before the third home comes into it.
    let ended = SaveScheme { to: "2026-10-17".parse().ok(), ..save.clone() };
    let made = tried(&mut trial, &[scheme(ended)]);
    assert_eq!((made.more.units, made.schemes[0].bills_after), (3, 2));
    // As it is, nothing changes; and what is in force is known as it was.
    let made = tried(&mut trial, &[scheme(save)]);
    assert_eq!((made.more.units + made.less.units, made.same), (0, 10));
}

#[test]
fn kinds_of_relief_caps_and_named_units_are_tried_as_they_are_billed() {
    let inputs = with_a_group(4);
    let units = vec![UnitId(inputs.units.id[3].0), inputs.units.id[1]];
    let mut trial = Trial::new(inputs);
    let try_rules = |trial: &mut Trial, change: &dyn Fn(&mut SchemeRules)| {
        let mut save = half_off(trial.inputs());
        change(&mut save.rules);
        let (_, columns) = what_if(trial, &[scheme(save)], &[], |_| {}).unwrap();
        columns[0].sides.iter().map(|side| side.amount().fen()).collect::<Vec<_>>()
    };
    // 224.00, 224.03, 224.06 (224.056) and 224.08 (224.084) in full.
    assert_eq!(try_rules(&mut trial, &|rules| rules.bill_most_fen = Some(fen(5_000))), [17_400, 17_403, 17_406, 17_408]);
    let fixed = |rules: &mut SchemeRules| (rules.relief, rules.monthly_fen) = (ReliefKind::Fixed, fen(2_000));
    assert_eq!(try_rules(&mut trial, &fixed), [20_400, 20_403, 20_406, 20_408]);
    let named = |rules: &mut SchemeRules| {
        (rules.relief, rules.price) = (ReliefKind::Price, "1.40".parse().unwrap());
        (rules.who, rules.units) = (WhoKind::Units, units.clone());
    };
    assert_eq!(try_rules(&mut trial, &named), [22_400, 11_201, 22_406, 11_204]);
    let shops = |rules: &mut SchemeRules| (rules.who, rules.kinds) = (WhoKind::Kinds, vec![UnitKind::Shop]);
    assert_eq!(try_rules(&mut trial, &shops), [22_400, 22_403, 22_406, 22_408]);
    assert_eq!(try_rules(&mut trial, &|rules| rules.months_least = 3), [22_400, 22_403, 22_406, 22_408]);
}

#[test]
fn what_was_waived_before_counts_against_a_most_of_the_year_that_is_new() {
    let mut inputs = with_a_group(2);
    let mut save = half_off(&inputs);
    in_force(&mut inputs, &save, Vec::new());
    inputs.waivers.trial.as_mut().unwrap().used = vec![(save.scheme, vec![(1, 2026, fen(9_000))])];
    let mut trial = Trial::new(inputs);
    save.rules.year_most_fen = Some(fen(10_000));
    let made = tried(&mut trial, &[scheme(save)]);
    assert_eq!(made.schemes[0].after_fen, fen(10_000 + 1_000));
    assert_eq!(made.schemes[0].before_fen, fen(11_200 + 11_202));
}

#[test]
fn a_scheme_is_applied_in_its_order() {
    let mut inputs = with_a_group(1);
    let save = half_off(&inputs);
    in_force(&mut inputs, &save, Vec::new());
    let mut trial = Trial::new(inputs);
    let fixed = |trial: &mut Trial, rank| {
        let mut other = half_off(trial.inputs());
        (other.scheme, other.rank, other.name) = (WaiverSchemeId(id(81)), rank, "抵扣".to_owned());
        (other.rules.relief, other.rules.monthly_fen) = (ReliefKind::Fixed, fen(2_000));
        tried(trial, &[scheme(other)]).after_fen
    };
    // 224.00 ÷ 2 − 20.00, and (224.00 − 20.00) ÷ 2.
    assert_eq!((fixed(&mut trial, 11), fixed(&mut trial, 9)), (fen(9_200), fen(10_200)));
}

#[test]
fn a_most_of_the_year_carries_a_change_over_to_later_fee_items() {
    let mut inputs = with_a_group(3);
    let mut save = half_off(&inputs);
    save.rules.fee_items = vec![inputs.fee_items[0].id, inputs.fee_items[2].id];
    save.rules.year_most_fen = Some(fen(11_500));
    in_force(&mut inputs, &save, Vec::new());
    let mut trial = Trial::new(inputs);
    let tariff = |place: usize, trial: &Trial| trial.inputs().tariffs[place].id;
    let cheaper = |tariff, price: &str| Change::Price {
        tariff,
        scope: PriceScope::Community,
        from: "2026-10-01".parse().unwrap(),
        to: None,
        rate: Some(Rate::Flat(price.parse().unwrap())),
    };
    let property = cheaper(tariff(0, &trial), "2.00");
    assert_eq!(trial.touched(std::slice::from_ref(&property)), [0, 2]);
    let water = cheaper(tariff(2, &trial), "2.00");
    assert_eq!(trial.touched(&[water]), [2], "what is planned before is not touched");
    // 80 m²: 112.00 and 3.00 of 14.50 before; 80.00 and all 14.50 with the cheaper property fee.
    let made = tried(&mut trial, &[property]);
    let water = made.fee_items.iter().find(|item| item.fee_item == 2).unwrap();
    assert_eq!(water.before_fen.fen() - water.after_fen.fen(), 3 * 1_450 - (300 + 298 + 297));
}

#[test]
fn schemes_are_refused_to_whoever_may_not_see_them_and_twice_is_once_too_often() {
    let mut inputs = with_a_group(2);
    let save = half_off(&inputs);
    let mut trial = Trial::new(inputs.clone());
    let twice = [scheme(save.clone()), Change::NoScheme { scheme: save.scheme }];
    assert_eq!(trial.apply(&twice).unwrap_err().code, "billing.tried_twice");
    let elsewhere = SaveScheme { community: crate::id::CommunityId(id(9)), ..save.clone() };
    assert_eq!(trial.apply(&[scheme(elsewhere)]).unwrap_err().status, 404);
    inputs.waivers.trial = None;
    let mut trial = Trial::new(inputs);
    assert_eq!(trial.apply(&[scheme(save)]).unwrap_err().status, 403);
    assert_eq!(trial.inputs().waivers.schemes, []);
}

#[test]
fn changes_come_back_as_they_were() {
    let inputs = with_a_group(1);
    let changes = [scheme(of_group(&inputs)), Change::NoScheme { scheme: WaiverSchemeId(id(80)) }];
    let text = serde_json::to_string(&changes).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Change>>(&text).unwrap(), changes);
    assert!(matches!(of_group(&inputs).rules.what(), Relief::Percent { .. }));
}
