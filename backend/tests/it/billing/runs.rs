//! Runs: what they bill, what they refuse, and that they are carried out once or not at all.

use common::billing::api::{
    GetRun, GetRunInputs, GetTrialInputs, ListBilledUnits, ListBills, ListRuns, ListSkips, RestartRun, RunState,
};
use common::billing::plan::SkipReason;
use common::billing::what_if::{Change, Trial, what_if};
use common::charging::api::{PriceScope, SaveTariff};
use common::charging::rate::Rate;
use common::charging::tariff::{Cycle, CycleFrom, DueFrom, FeeItemKind, Mode, TariffRules};
use sea_orm::ConnectionTrait;

use super::{generated, october, seen, shared_out, totals};
use crate::charging::{Estate, day};
use crate::support::Anju;

#[tokio::test]
async fn a_run_generates_what_was_seen_and_a_second_run_fills_gaps_only() {
    let anju = Anju::start().await;
    let mut estate = Estate::of(&anju, 3).await;
    let bare = estate.unit(estate.buildings[1], "999", None).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!((plan.bills.len(), plan.skipped.len()), (6, 1));

    let run = generated(&anju, manager, generate.clone()).await;
    assert_eq!(
        (run.state, run.bills, run.amount_fen, run.created_by.as_deref()),
        (RunState::Done, 6, plan.amount(), Some("周敏"))
    );
    assert_eq!((run.skips.len(), run.skips[0].reason, run.skips[0].units), (1, SkipReason::NoArea, 1));
    let skips = manager
        .does(ListSkips { community, run: run.id, reason: None, fee_item: None, page: None, size: None, sort: None })
        .await;
    assert_eq!((skips.rows.len(), skips.rows[0].unit), (1, bare));
    let path = format!("/api/billing/runs/skips/export.xlsx?community={community}&run={}", run.id);
    assert_eq!(manager.takes_home(&path).await[1..], [["2栋999", "物业费", "没有计费面积"]]);
    let runs = manager.takes_home(&format!("/api/billing/runs/export.xlsx?community={community}")).await;
    assert_eq!((runs.len(), runs[1][..5].join(" ")), (3, "2026-10 物业费 全部 已完成 6".to_owned()));
    let charges = manager.takes_home(&format!("/api/charging/charges/export.xlsx?community={community}&sort=-unit")).await;
    assert_eq!((charges.len(), charges[2][..3].join(" ")), (9, "2栋103 住宅 82".to_owned()));
    assert_eq!(totals(manager, community).await, (6, plan.amount().fen()));
    assert_eq!(manager.does(generate.clone()).await.state, RunState::Done, "sent twice, it is one run");
    anju.run_jobs().await;
    assert_eq!(totals(manager, community).await.0, 6);

    // The flat gets its area, a home is added: the second run makes their bills and no other.
    estate
        .manager
        .does(common::estate::api::SaveUnit {
            community,
            unit: bare,
            building: Some(estate.buildings[1]),
            entrance: None,
            floor: Some(9),
            room: "999".into(),
            kind: common::estate::UnitKind::Residence,
            state: common::estate::UnitState::Occupied,
            billed_area: Some("100".parse().unwrap()),
            inner_area: None,
            heads: None,
            layout: None,
            decoration: None,
            handed_over: None,
            property_value_fen: None,
            facts: Default::default(),
            custom: Vec::new(),
        })
        .await;
    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!(plan.bills.len(), 1);
    assert_eq!(plan.skips.iter().map(|skip| (skip.reason, skip.units)).collect::<Vec<_>>(), [(SkipReason::AlreadyBilled, 6)]);
    let first = common::billing::api::GetRun { community, run: run.id };
    assert_eq!(manager.does(first.clone()).await.lacking(), 1, "mended, but not billed yet");
    assert_eq!(generated(&anju, manager, generate).await.state, RunState::Done);
    assert_eq!(totals(manager, community).await.0, 7);
    let first = manager.does(first).await;
    assert_eq!((first.lacking(), first.open, first.skips[0].units), (0, Some(vec![]), 1), "the gap of then is filled now");
    let numbers: Vec<String> = manager
        .does(ListBills { sort: Some("number".into()), ..ListBills::of(community) })
        .await
        .rows
        .iter()
        .map(|row| row.number.clone())
        .collect();
    assert_eq!((numbers[0].as_str(), numbers[6].as_str()), ("ZD202610-000001", "ZD202610-000007"));
    assert_eq!(manager.does(ListRuns { community, page: None, size: None, sort: None }).await.rows.len(), 2);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn when_the_world_moved_the_run_is_refused_with_the_difference() {
    let anju = Anju::start().await;
    let mut estate = Estate::of(&anju, 2).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    estate.unit(estate.buildings[1], "901", Some(100)).await;
    manager.does(estate.everyone(tariff, "2026-01-01")).await;
    let run = generated(&anju, manager, generate).await;
    assert_eq!((run.state, run.bills), (RunState::Refused, 0));
    let [row] = run.difference.as_slice() else { panic!("one building changed: {:?}", run.difference) };
    assert_eq!(
        (row.building_name.as_deref(), row.seen_bills, row.now_bills, row.now_fen.fen() - row.seen_fen.fen()),
        (Some("2栋"), 2, 3, 28_000)
    );
    assert_eq!(totals(manager, community).await, (0, 0));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn of_two_runs_at_once_one_generates_and_nobody_is_billed_twice() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 3).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (_, first) = seen(manager, &ask).await;
    let (_, second) = seen(manager, &ask).await;
    manager.does(first.clone()).await;
    manager.does(second.clone()).await;
    tokio::join!(anju.run_jobs(), anju.run_jobs());
    anju.run_jobs().await;
    let mut states = [
        manager.does(GetRun { community, run: first.run }).await.state,
        manager.does(GetRun { community, run: second.run }).await.state,
    ];
    states.sort();
    assert_eq!(states, [RunState::Done, RunState::Refused]);
    assert_eq!(totals(manager, community).await.0, 6);
    // A quarter that touches October is billed already too.
    let (plan, _) = seen(manager, &GetRunInputs { months: 3, ..ask }).await;
    assert!(plan.bills.is_empty());
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_run_that_breaks_leaves_nothing_and_can_be_started_again() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    // The lines can't be written: what went before in the transaction must go too.
    anju.app.db().execute_unprepared("ALTER TABLE bill_line RENAME TO bill_line_gone").await.unwrap();
    let run = generated(&anju, manager, generate.clone()).await;
    assert_eq!((run.state, run.problem.map(|problem| problem.code)), (RunState::Failed, Some("internal".to_owned())));
    anju.app.db().execute_unprepared("ALTER TABLE bill_line_gone RENAME TO bill_line").await.unwrap();
    assert_eq!(totals(manager, community).await, (0, 0));
    manager.does(RestartRun { community, run: generate.run }).await;
    anju.run_jobs().await;
    assert_eq!(manager.does(GetRun { community, run: generate.run }).await.state, RunState::Done);
    let first = &manager.does(ListBills { sort: Some("number".into()), ..ListBills::of(community) }).await.rows[0];
    assert_eq!(first.number, "ZD202610-000001", "the numbers of the first attempt came back");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_run_whose_server_dies_each_time_has_failed_and_can_be_started_again() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    let run = manager.does(generate).await.id;
    let died = "UPDATE job SET state = 'running', locked_by = 'dead', locked_until = created_at, attempts = 5";
    anju.app.db().execute_unprepared(died).await.unwrap();
    anju.app.db().execute_unprepared("UPDATE billing_run SET state = 'running'").await.unwrap();
    anju.run_jobs().await;
    let failed = manager.does(GetRun { community, run }).await;
    assert_eq!((failed.state, failed.problem.unwrap().code.as_str()), (RunState::Failed, "stopped"));
    assert_eq!(anju.counts("SELECT COUNT(*) AS number FROM job WHERE state = 'failed'").await, 1);
    assert_eq!(manager.does(RestartRun { community, run }).await.state, RunState::Queued);
    anju.run_jobs().await;
    assert_eq!(manager.does(GetRun { community, run }).await.state, RunState::Done);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_pool_that_comes_after_its_months_bills_goes_onto_the_next() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    assert_eq!(generated(&anju, manager, generate).await.bills, 2);

    // October's repair is known in November only; September was left out, and its repair would wait for ever.
    shared_out(&estate, "2026-10", "十月抢修", fee_item, 10_001).await;
    shared_out(&estate, "2026-09", "九月抢修", fee_item, 4_000).await;
    // Whoever shares out can see that: both homes are billed up to October.
    let until = async |month: &str| {
        let asked = ListBilledUnits { community, fee_item, month: month.parse().unwrap() };
        manager.does(asked).await.iter().map(|unit| unit.until.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(until("2026-09").await, ["2026-10", "2026-10"]);
    assert_eq!(until("2026-10").await, ["2026-10", "2026-10"]);
    assert!(until("2026-11").await.is_empty());
    let november = GetRunInputs { first: "2026-11".parse().unwrap(), ..ask.clone() };
    let (plan, generate) = seen(manager, &november).await;
    // 80 m² × 2.80, half of 100.01 each (the fen too much to the first), and half of 40.
    let amounts: Vec<i64> = plan.bills.iter().map(|bill| bill.amount_fen.fen()).collect();
    assert_eq!(amounts, [22_400 + 5_001 + 2_000, 22_400 + 5_000 + 2_000]);
    assert_eq!(generated(&anju, manager, generate).await.state, RunState::Done);
    let (december, _) = seen(manager, &GetRunInputs { first: "2026-12".parse().unwrap(), ..ask.clone() }).await;
    assert_eq!(december.amount().fen(), 44_800, "what is billed is not billed again");
    let (september, _) = seen(manager, &GetRunInputs { first: "2026-09".parse().unwrap(), ..ask }).await;
    assert_eq!(september.amount().fen(), 44_800, "its fee is billed when its month is, its repair is billed by then");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_cycle_that_reaches_out_of_the_run_has_the_prices_of_its_own_days() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let fee_item = estate.fee_item("物业费", FeeItemKind::Property).await;
    let tariff = estate.tariff(fee_item, "季度物业费", Mode::Area).await;
    let mut rules =
        TariffRules { cycle: Cycle::Quarterly, cycle_from: CycleFrom::Anniversary, ..TariffRules::of_mode(Mode::Area) };
    rules.due.from = DueFrom::InAdvance;
    manager.does(SaveTariff { community, tariff, fee_item, name: "季度物业费".to_owned(), rules }).await;
    manager.does(estate.price(tariff, PriceScope::Community, "2.80", "2026-01-01")).await;
    let mut dearer = estate.price(tariff, PriceScope::Community, "3.00", "2026-12-20");
    dearer.earlier = common::charging::api::Earlier::Ended;
    manager.does(dearer).await;
    manager.does(estate.everyone(tariff, "2026-10-20")).await;
    let (plan, generate) = seen(manager, &october(community, &[fee_item])).await;
    // 20 October to 19 January: 80 × (2.80 + 2.80 + 3.00) for each of the two homes.
    assert_eq!(plan.bills.iter().map(|bill| bill.amount_fen.fen()).collect::<Vec<_>>(), [68_800, 68_800]);
    assert_eq!(generated(&anju, manager, generate).await.bills, 2);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_month_that_is_billed_is_tried_with_another_price_and_nothing_is_stored() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 3).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let scope = PriceScope::Building { building: estate.buildings[1] };
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (plan, generate) = seen(manager, &ask).await;
    generated(&anju, manager, generate).await;
    assert_eq!(seen(manager, &ask).await.0.bills.len(), 0, "all are billed");

    let trial = GetTrialInputs::of(community, ask.first, 1, vec![fee_item]);
    let mut trial = Trial::new(manager.does(trial.clone()).await);
    let rate = Some(Rate::Flat("3.80".parse().unwrap()));
    let change = Change::Price { tariff, scope, from: day("2026-10-01"), to: None, rate };
    let (made, _) = what_if(&mut trial, &[change], &[], |_| {}).unwrap();
    assert_eq!(made.before_fen, plan.amount(), "what is in force is what was billed");
    assert_eq!((made.more.units, made.same, made.less.units), (3, 3, 0));
    // 80 + 81 + 82 m² at one yuan more.
    assert_eq!(made.more.difference_fen.fen(), 24_300);
    assert_eq!(totals(manager, community).await, (6, plan.amount().fen()));
    anju.the_books_balance().await;
}
