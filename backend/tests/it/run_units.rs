//! Stories of runs for single units: only these are billed, by the same sums as in a run for all.

use common::billing::api::{GetRun, GetRunInputs, ListBills, ListRuns, RestartRun, RunState, RunView, UNITS_MOST};
use common::billing::plan::SkipReason;
use common::charging::api::{PriceScope, SaveTariff};
use common::charging::tariff::{FeeItemKind, Mode, TariffRules};
use common::estate::api::SaveUnit;
use common::estate::{Facts, UnitKind, UnitState};
use common::id::{CommunityId, TariffId, UnitId};
use common::permission::Permission;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::billing::{generated, october, seen, shared_out};
use crate::charging::Estate;
use crate::support::{Anju, Person};

fn of(ask: &GetRunInputs, units: &[UnitId]) -> GetRunInputs {
    GetRunInputs { units: units.to_vec(), ..ask.clone() }
}

async fn billed(person: &Person, community: CommunityId) -> Vec<(UnitId, i64)> {
    let rows = person.does(ListBills { sort: Some("number".into()), ..ListBills::of(community) }).await.rows;
    rows.iter().map(|row| (row.unit, row.amount_fen.fen())).collect()
}

async fn runs(person: &Person, community: CommunityId) -> Vec<RunView> {
    person.does(ListRuns { community, page: None, size: None, sort: None }).await.rows
}

fn labels(run: &RunView) -> Vec<&str> {
    run.units.iter().map(|unit| unit.label.as_str()).collect()
}

#[tokio::test]
async fn a_run_of_one_unit_bills_only_this_and_a_later_run_the_rest() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 3).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let all = october(community, &[fee_item]);
    let one = of(&all, &[estate.units[4]]);
    let inputs = manager.does(one.clone()).await;
    assert_eq!((inputs.units.id.len(), inputs.charges.unit.len(), inputs.buildings.len()), (1, 1, 1), "nothing else is read");
    let (plan, generate) = seen(manager, &one).await;
    let (other, _) = seen(manager, &of(&all, &[estate.units[3]])).await;
    assert_ne!(plan.digest(), other.digest(), "other units, another digest");
    assert_ne!(plan.digest(), seen(manager, &all).await.0.digest());

    let run = generated(&anju, manager, generate.clone()).await;
    assert_eq!(
        (run.state, run.bills, labels(&run), run.inputs.units.clone()),
        (RunState::Done, 1, vec!["2栋102"], vec![estate.units[4]])
    );
    // 81 m² × 2.80.
    assert_eq!(billed(manager, community).await, [(estate.units[4], 22_680)]);
    let home = manager.takes_home(&format!("/api/billing/runs/export.xlsx?community={community}")).await;
    assert_eq!(home[1][..5].join(" "), "2026-10 物业费 2栋102 已完成 1");
    let again = seen(manager, &one).await.0;
    assert_eq!((again.bills.len(), again.skips[0].reason), (0, SkipReason::AlreadyBilled));

    let (plan, generate) = seen(manager, &all).await;
    assert_eq!(plan.skips.iter().map(|skip| (skip.reason, skip.units)).collect::<Vec<_>>(), [(SkipReason::AlreadyBilled, 1)]);
    assert_eq!(generated(&anju, manager, generate).await.bills, 5);
    let mut rows = runs(manager, community).await;
    rows.sort_by_key(|run| run.bills);
    assert_eq!((labels(&rows[0]), labels(&rows[1]), rows[1].buildings.len()), (vec!["2栋102"], vec![], 0));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_run_of_some_units_keeps_them_when_it_is_started_again() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    // Named twice and in any order, they are each billed once.
    let asked = [estate.units[3], estate.units[0], estate.units[3]];
    let (_, generate) = seen(manager, &of(&october(community, &[fee_item]), &asked)).await;
    anju.app.db().execute_unprepared("ALTER TABLE bill_line RENAME TO bill_line_gone").await.unwrap();
    let run = generated(&anju, manager, generate.clone()).await;
    assert_eq!((run.state, labels(&run)), (RunState::Failed, vec!["1栋101", "2栋102"]));
    anju.app.db().execute_unprepared("ALTER TABLE bill_line_gone RENAME TO bill_line").await.unwrap();
    manager.does(RestartRun { community, run: run.id }).await;
    anju.run_jobs().await;
    let run = manager.does(GetRun { community, run: run.id }).await;
    assert_eq!((run.state, labels(&run)), (RunState::Done, vec!["1栋101", "2栋102"]));
    assert_eq!(billed(manager, community).await, [(estate.units[0], 22_400), (estate.units[3], 22_680)]);
    assert_eq!(manager.does(generate).await.state, RunState::Done, "sent twice, it is one run");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn units_out_of_sight_are_refused_and_so_is_a_run_that_was_for_them() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let outside = in_no_building(&estate).await;
    let (manager, community) = (estate.manager, estate.community);
    let may = [Permission::BillingRead, Permission::BillingGenerate];
    let steward = anju.employee_of_buildings(&may, &[(community, Some(estate.buildings[1]))]).await;
    let all = october(community, &[fee_item]);
    let (foreign, own) = (estate.units[0], estate.units[2]);
    for units in [vec![foreign], vec![own, foreign], vec![outside], vec![UnitId(Uuid::now_v7())]] {
        steward.is_refused_with(of(&all, &units), "not_found").await;
    }
    let (_, generate) = seen(manager, &of(&all, &[own, foreign])).await;
    steward.is_refused_with(generate.clone(), "not_found").await;
    let both = generated(&anju, manager, generate).await.id;
    let (_, generate) = seen(manager, &of(&all, &[estate.units[3], outside])).await;
    let beside = generated(&anju, manager, generate).await.id;
    let (_, generate) = seen(&steward, &of(&all, &[estate.units[3]])).await;
    let hers = generated(&anju, &steward, generate).await;
    assert_eq!((hers.state, hers.bills, labels(&hers)), (RunState::Done, 0, vec!["2栋102"]));
    for run in [both, beside] {
        steward.is_refused_with(GetRun { community, run }, "not_found").await;
    }
    assert_eq!(runs(&steward, community).await.iter().map(|run| run.id).collect::<Vec<_>>(), [hers.id]);
    assert_eq!(runs(manager, community).await.len(), 3);

    let many: Vec<UnitId> = (0..=UNITS_MOST).map(|_| UnitId(Uuid::now_v7())).collect();
    let refused = manager.is_refused_with(of(&all, &many), "billing.units_most").await;
    assert_eq!(refused.fields[0].args.get("most").map(String::as_str), Some("100"));
    let both = GetRunInputs { buildings: vec![estate.buildings[0]], ..of(&all, &[own]) };
    manager.is_refused_with(both, "billing.units_or_buildings").await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_unit_alone_pays_what_it_pays_in_a_run_for_all() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 3).await;
    let (manager, community) = (estate.manager, estate.community);
    let fee_item = estate.fee_item("公共费", FeeItemKind::Other).await;
    let tariff = TariffId(Uuid::now_v7());
    let formula = "1000 × 面积 ÷ 楼栋面积 + 100 ÷ 楼栋户数 + 500 × 面积 ÷ 小区面积".to_owned();
    let rules = TariffRules { formula, ..TariffRules::of_mode(Mode::Formula) };
    manager.does(SaveTariff { community, tariff, fee_item, name: "按面积分摊".to_owned(), rules }).await;
    manager.does(estate.price(tariff, PriceScope::Community, "1", "2026-01-01")).await;
    manager.does(estate.everyone(tariff, "2026-01-01")).await;
    shared_out(&estate, "2026-10", "抢修", fee_item, 60_000).await;
    let all = october(community, &[fee_item]);
    let whole = seen(manager, &all).await.0;
    assert_eq!(whole.bills.len(), 6);
    for (place, unit) in estate.units.iter().enumerate() {
        let alone = seen(manager, &of(&all, &[*unit])).await.0;
        assert_eq!((alone.bills.len(), alone.bills[0].amount_fen), (1, whole.bills[place].amount_fen), "{place}");
    }
    // 1000 × 80 ÷ 243 + 100 ÷ 3 + 500 × 80 ÷ 486, and 100 of the repair.
    assert_eq!(whole.bills[0].amount_fen.fen(), 32_922 + 3_333 + 8_231 + 10_000);
    let (_, generate) = seen(manager, &of(&all, &[estate.units[0]])).await;
    generated(&anju, manager, generate).await;
    let (rest, generate) = seen(manager, &all).await;
    assert_eq!(rest.amount().fen(), whole.amount().fen() - whole.bills[0].amount_fen.fen());
    assert_eq!(generated(&anju, manager, generate).await.bills, 5);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_fee_from_pools_lacks_a_share_and_no_tariff_in_runs_of_old_too() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let pools = estate.fee_item("公摊电费", FeeItemKind::Apportioned).await;
    let (_, generate) = seen(manager, &october(community, &[pools])).await;
    let run = generated(&anju, manager, generate).await;
    let told = |run: &RunView| run.skips.iter().map(|skip| (skip.reason, skip.kind, skip.units)).collect::<Vec<_>>();
    let expected = [(SkipReason::NoCharge, Some(FeeItemKind::Apportioned), 2)];
    assert_eq!(told(&run), expected);
    let old = r#"UPDATE billing_run SET result = replace(result, '"kind":"apportioned",', '')"#;
    anju.app.db().execute_unprepared(old).await.unwrap();
    assert_eq!(told(&manager.does(GetRun { community, run: run.id }).await), expected);
    let home = manager.takes_home(&format!("/api/billing/runs/skips/export.xlsx?community={community}&run={}", run.id)).await;
    assert_eq!(home[1], ["1栋101", "公摊电费", "账期内没有待出账的分摊"]);
}

async fn in_no_building(estate: &Estate<'_>) -> UnitId {
    let unit = UnitId(Uuid::now_v7());
    let ask = SaveUnit {
        community: estate.community,
        unit,
        building: None,
        entrance: None,
        floor: None,
        room: "地面01".to_owned(),
        kind: UnitKind::ALL.iter().copied().find(|kind| !kind.has_rooms()).unwrap(),
        state: UnitState::Occupied,
        billed_area: "10".parse().ok(),
        inner_area: None,
        heads: None,
        layout: None,
        decoration: None,
        handed_over: None,
        property_value_fen: None,
        facts: Facts::default(),
        custom: Vec::new(),
    };
    estate.manager.does(ask).await;
    unit
}
