//! Stories of trials: what is tried is what a run comes to once it is saved, and everybody tries on what they may see.

use axum::http::StatusCode;
use common::api::Method;
use common::billing::api::GetTrialInputs;
use common::billing::what_if::{Change, Comparison, ExportTrial, Trial, what_if};
use common::charging::api::PriceScope;
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode};
use common::id::{CommunityId, FeeItemId, WaiverSchemeId};
use common::permission::Permission;
use common::problem::Problem;
use common::residents::Role;
use common::waivers::api::{ListSchemes, SaveScheme, SchemeState, SwitchScheme};
use common::waivers::scheme::{CountsBy, WhoKind};
use uuid::Uuid;

use crate::billing::{generated, october, seen};
use crate::charging::{Estate, day};
use crate::support::{Anju, Person};
use crate::waivers::{fen, group, half_off, lives_in, member};

fn in_october(community: CommunityId, fee_items: &[FeeItemId]) -> GetTrialInputs {
    GetTrialInputs::of(community, "2026-10".parse().unwrap(), 1, fee_items.to_vec())
}

async fn trial(person: &Person, ask: &GetTrialInputs) -> Trial {
    Trial::new(person.does(ask.clone()).await)
}

fn tried(trial: &mut Trial, changes: &[Change]) -> Comparison {
    what_if(trial, changes, &[0], |_| {}).unwrap().0
}

fn scheme(save: &SaveScheme) -> Change {
    Change::Scheme(Box::new(save.clone()))
}

/// Every sheet of the workbook that a person takes home, or why there is none.
async fn exports(person: &Person, ask: &ExportTrial, language: &str) -> Result<Vec<Vec<Vec<String>>>, Problem> {
    let path = format!("/api/billing/trial/export.xlsx?language={language}");
    let (status, bytes) = person.sends(Method::Post, &path, Some(serde_json::to_vec(ask).unwrap())).await;
    if status != StatusCode::OK {
        return Err(serde_json::from_slice(&bytes).unwrap());
    }
    let book = common::sheet::read(&bytes).unwrap();
    let row = |sheet: &common::sheet::Sheet| {
        sheet.used().map(|(_, cells)| cells.map(|(_, cell)| cell.to_string()).collect()).collect::<Vec<Vec<String>>>()
    };
    Ok(book.sheets.iter().map(row).collect())
}

#[tokio::test]
async fn a_scheme_for_a_group_costs_what_was_tried_once_it_is_saved() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let poor = group(community, "低保户", CountsBy::Owner);
    manager.does(poor.clone()).await;
    let owner = lives_in(&estate, "林晓燕", estate.units[0], Role::Owner).await;
    manager.does(member(&poor, owner, "2026-10-16")).await;

    let ask = in_october(community, &[fee_item]);
    let mut inputs = trial(manager, &ask).await;
    let mut save = half_off(community, fee_item);
    (save.rules.who, save.rules.groups) = (WhoKind::Groups, vec![poor.group]);
    let made = tried(&mut inputs, &[scheme(&save)]);
    // 224.00 for 80 m²; 16 of 31 days at half.
    assert_eq!((made.less.units, made.less.difference_fen, made.same), (1, fen(-5_781), 3));
    assert_eq!(made.buildings.iter().map(|one| one.waived_after_fen).collect::<Vec<_>>(), [fen(5_781), fen(0)]);
    assert_eq!(manager.does(ListSchemes { community }).await.len(), 0, "nothing is stored");

    // Capped, and then stopped: what a run takes off is what was tried each time.
    save.rules.bill_most_fen = Some(fen(5_000));
    let capped = tried(&mut inputs, &[scheme(&save)]);
    assert_eq!(capped.schemes[0].after_fen, fen(5_000));
    manager.does(save.clone()).await;
    let (plan, generate) = seen(manager, &october(community, &[fee_item])).await;
    assert_eq!(plan.totals.iter().map(|total| total.waived_fen.fen()).sum::<i64>(), 5_000);
    generated(&anju, manager, generate).await;
    let mut inputs = trial(manager, &ask).await;
    let without = tried(&mut inputs, &[Change::NoScheme { scheme: save.scheme }]);
    assert_eq!((without.before_fen, without.after_fen), (capped.after_fen, capped.before_fen));

    // One that is stopped is tried with its own rules, like a new one.
    manager.does(SwitchScheme { community, scheme: save.scheme, state: SchemeState::Stopped }).await;
    let mut inputs = trial(manager, &ask).await;
    assert_eq!(tried(&mut inputs, &[scheme(&save)]).less.difference_fen, fen(-5_000));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_was_waived_this_year_counts_where_a_most_for_the_year_is_tried() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let save = half_off(community, fee_item);
    manager.does(save.clone()).await;
    let september = common::billing::api::GetRunInputs { first: "2026-09".parse().unwrap(), ..october(community, &[fee_item]) };
    let (_, generate) = seen(manager, &september).await;
    generated(&anju, manager, generate).await;

    let mut most = save.clone();
    most.rules.year_most_fen = Some(fen(15_000));
    let mut inputs = trial(manager, &in_october(community, &[fee_item])).await;
    // 112.00 of each home were waived in September.
    assert_eq!(tried(&mut inputs, &[scheme(&most)]).schemes[0].after_fen, fen(2 * 3_800));
    manager.does(most.clone()).await;
    let (plan, _) = seen(manager, &october(community, &[fee_item])).await;
    assert_eq!(plan.bills.iter().map(|bill| bill.waived_fen.fen()).sum::<i64>(), 2 * 3_800, "as a run has it");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn whoever_may_not_see_waivers_tries_on_bills_in_full_and_everybody_on_their_buildings() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let poor = group(community, "低保户", CountsBy::Owner);
    manager.does(poor.clone()).await;
    for (name, place) in [("林晓燕", 0), ("陈一", 2)] {
        let owner = lives_in(&estate, name, estate.units[place], Role::Owner).await;
        manager.does(member(&poor, owner, "2026-01-01")).await;
    }
    let mut save = half_off(community, fee_item);
    (save.rules.who, save.rules.groups) = (WhoKind::Groups, vec![poor.group]);
    manager.does(save.clone()).await;
    let ask = in_october(community, &[fee_item]);
    let stop = [Change::NoScheme { scheme: save.scheme }];

    let clerk = anju.employee(&[Permission::BillingRead], &[community]).await;
    let inputs = clerk.does(ask.clone()).await;
    assert!(inputs.waivers.is_empty() && inputs.waivers.groups.is_empty() && inputs.waivers.trial.is_none());
    let mut in_full = Trial::new(inputs);
    // 80 and 81 m² in each building, at 2.80.
    assert_eq!(tried(&mut in_full, &[]).before_fen, fen(2 * (22_400 + 22_680)));
    assert_eq!(in_full.apply(&stop).unwrap_err().status, 403);
    let export = ExportTrial { inputs: ask.clone(), changes: stop.to_vec(), shown: Vec::new() };
    assert_eq!(exports(&clerk, &export, "en").await.unwrap_err().status, 403);

    let may = [Permission::BillingRead, Permission::WaiversRead];
    let of_one = anju.employee_of_buildings(&may, &[(community, Some(estate.buildings[1]))]).await;
    let inputs = of_one.does(ask.clone()).await;
    assert_eq!((inputs.units.len(), inputs.waivers.groups[0].unit.as_slice()), (2, [0].as_slice()));
    let made = tried(&mut Trial::new(inputs), &stop);
    assert_eq!((made.more.units, made.more.difference_fen), (1, fen(11_200)));
    let sheets = exports(&of_one, &export, "zh-CN").await.unwrap();
    assert_eq!(sheets[0].len(), 4, "a header, two homes, a total");
    assert_eq!(sheets[0][1], ["2栋101", "2栋", "物业费", "112", "224", "112"]);

    let nobody = anju.employee(&[Permission::ChargingRead], &[community]).await;
    assert_eq!(nobody.is_refused(ask.clone()).await.status, 403);
    assert_eq!(exports(&nobody, &export, "en").await.unwrap_err().status, 403);
    let elsewhere = anju.employee(&may, &[anju.community("别处").await]).await;
    assert_eq!(exports(&elsewhere, &export, "en").await.unwrap_err().status, 404);
}

#[tokio::test]
async fn a_trial_is_taken_home_with_every_bill_its_buildings_its_schemes_and_what_was_tried() {
    let anju = Anju::start().await;
    let mut estate = Estate::of(&anju, 2).await;
    let bare = estate.unit(estate.buildings[1], "999", None).await;
    let (property, tariff) = estate.property_fee("2.80").await;
    let refuse = estate.fee_item("垃圾费", FeeItemKind::Refuse).await;
    let by_home = estate.tariff(refuse, "生活垃圾", Mode::Household).await;
    let (manager, community) = (estate.manager, estate.community);
    manager.does(estate.everyone(by_home, "2026-01-01")).await;

    let price = |tariff, scope, price: &str| Change::Price {
        tariff,
        scope,
        from: day("2026-10-01"),
        to: None,
        rate: Some(Rate::Flat(price.parse().unwrap())),
    };
    let changes = vec![
        price(tariff, PriceScope::Building { building: estate.buildings[1] }, "3.80"),
        price(by_home, PriceScope::Unit { unit: bare }, "8"),
        scheme(&half_off(community, property)),
    ];
    let ask = ExportTrial { inputs: in_october(community, &[property, refuse]), changes, shown: Vec::new() };
    let sheets = exports(manager, &ask, "zh-CN").await.unwrap();
    assert_eq!(sheets.len(), 4);
    assert_eq!(sheets[0][0], ["房号", "楼栋", "收费科目", "现在", "试算", "增减", "说明"]);
    assert_eq!(sheets[0][1], ["1栋101", "1栋", "物业费", "224", "112", "-112"]);
    assert_eq!(sheets[0][3], ["2栋101", "2栋", "物业费", "224", "152", "-72"]);
    assert_eq!(sheets[0][5], ["2栋999", "2栋", "垃圾费", "8", "8", "新出账（现在没有单价）"]);
    // 224.00 + 226.80 twice; half of 450.80, half of 611.80, and 8.00.
    let total = sheets[0][6].iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>();
    assert_eq!(total[1..], ["901.6", "539.3", "-362.3"]);
    assert_eq!(sheets[1][1], ["1栋", "2", "0", "2", "450.8", "225.4", "-225.4", "0", "225.4"]);
    assert_eq!(sheets[1][2], ["2栋", "3", "1", "2", "450.8", "313.9", "-136.9", "0", "305.9"]);
    assert_eq!(sheets[2][1], ["低保减免", "0", "4", "0", "531.3", "531.3"]);
    let said: Vec<String> = sheets[3].iter().skip(2).map(|row| row.join(" ")).collect();
    assert_eq!(said, ["住宅物业费 2栋 3.80", "生活垃圾 2栋999 8.00", "低保减免 减免 50%"]);

    let english = exports(manager, &ask, "en").await.unwrap();
    assert_eq!(english[0][0][3..5], ["Now", "Tried"]);
    // What could not be saved is not tried either, nor twice the same.
    let mut wrong = half_off(community, property);
    wrong.rules.percent = "120".parse().unwrap();
    let refused = exports(manager, &ExportTrial { changes: vec![scheme(&wrong)], ..ask.clone() }, "en").await.unwrap_err();
    assert_eq!((refused.status, refused.fields[0].field.as_str()), (422, "changes.0.rules.percent"));
    let twice = vec![Change::NoScheme { scheme: WaiverSchemeId(Uuid::nil()) }; 2];
    let refused = exports(manager, &ExportTrial { changes: twice, ..ask }, "en").await.unwrap_err();
    assert_eq!(refused.code, "billing.tried_twice");
}
