//! Stories of what is charged once: by its own charge, whatever else stands on its bill.

use common::billing::api::{GetBill, GetRunInputs, ListBills, VoidBills};
use common::billing::plan::{Plan, SkipReason};
use common::charging::api::{Assign, Assigned, ChargeState, Earlier, EndCharges, ListCharges, PriceScope, SaveTariff};
use common::charging::tariff::{Cycle, FeeItemKind, Mode, TariffRules};
use common::id::{CommunityId, FeeItemId, TariffId};
use migrations::MigratorTrait as _;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::billing::{generated, october, seen};
use crate::charging::{Estate, day};
use crate::support::Anju;

/// A tariff with a price for the whole community.
async fn tariff(estate: &Estate<'_>, fee_item: FeeItemId, name: &str, cycle: Cycle, price: &str) -> TariffId {
    let (manager, community) = (estate.manager, estate.community);
    let tariff = estate.tariff(fee_item, name, Mode::Fixed).await;
    let rules = TariffRules { cycle, ..TariffRules::of_mode(Mode::Fixed) };
    manager.does(SaveTariff { community, tariff, fee_item, name: name.to_owned(), rules }).await;
    manager.does(estate.price(tariff, PriceScope::Community, price, "2026-01-01")).await;
    tariff
}

async fn assigned(estate: &Estate<'_>, tariff: TariffId, from: &str, to: Option<&str>) -> Assigned {
    let ask = Assign { units: vec![estate.units[0]], to: to.map(day), ..estate.everyone(tariff, from) };
    estate.manager.does(ask).await
}

fn in_month(ask: &GetRunInputs, month: &str) -> GetRunInputs {
    GetRunInputs { first: month.parse().unwrap(), issued_day: day("2027-01-05"), ..ask.clone() }
}

/// What comes of the one home: the amounts of its bill's lines are asked of the bill itself.
fn outcome(plan: &Plan) -> Result<i64, SkipReason> {
    match (plan.bills.first(), plan.skipped.first()) {
        (Some(bill), _) => Ok(bill.amount_fen.fen()),
        (None, skip) => Err(skip.unwrap().reason),
    }
}

async fn lines(estate: &Estate<'_>) -> Vec<(String, Vec<i64>)> {
    let (manager, community) = (estate.manager, estate.community);
    let rows = manager.does(ListBills { sort: Some("number".into()), ..ListBills::of(community) }).await.rows;
    let mut bills = Vec::new();
    for row in rows {
        let bill = manager.does(GetBill { community, bill: row.id }).await;
        bills.push((row.number, bill.lines.iter().map(|line| line.amount_fen.fen()).collect()));
    }
    bills
}

fn charges(community: CommunityId) -> ListCharges {
    ListCharges {
        community,
        fee_item: None,
        tariff: None,
        building: None,
        unit: None,
        search: None,
        state: Some(ChargeState::All),
        page: None,
        size: None,
        sort: Some("from".into()),
    }
}

/// An estate of one home that is of interest, with a card and its deposit, one after the other, in October.
async fn card_and_deposit<'a>(anju: &'a Anju) -> (Estate<'a>, FeeItemId, [TariffId; 2]) {
    let estate = Estate::of(anju, 1).await;
    let fee_item = estate.fee_item("门禁卡", FeeItemKind::OneOff).await;
    let card = tariff(&estate, fee_item, "办卡", Cycle::Once, "20").await;
    let deposit = tariff(&estate, fee_item, "押金", Cycle::Once, "50").await;
    assigned(&estate, card, "2026-10-05", Some("2026-10-06")).await;
    assigned(&estate, deposit, "2026-10-06", None).await;
    (estate, fee_item, [card, deposit])
}

#[tokio::test]
async fn two_tariffs_that_are_charged_once_on_one_bill_are_both_found_again() {
    let anju = Anju::start_on("2026-12-23").await;
    let (estate, fee_item, [card, _]) = card_and_deposit(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!(outcome(&plan), Ok(7_000));
    assert_eq!(generated(&anju, manager, generate).await.bills, 1);
    assert_eq!(lines(&estate).await, [("ZD202610-000001".to_owned(), vec![2_000, 5_000])]);
    assert_eq!(outcome(&seen(manager, &ask).await.0), Err(SkipReason::AlreadyBilled), "gaps are filled, and this is none");

    // A card that is lost is another charge; neither of those of October comes with it.
    let end = EndCharges { community, charges: vec![manager.does(charges(community)).await.rows[1].id], to: day("2026-11-10") };
    manager.does(end).await;
    assert_eq!(outcome(&seen(manager, &in_month(&ask, "2026-11")).await.0), Err(SkipReason::AlreadyBilled));
    assigned(&estate, card, "2026-11-11", Some("2026-12-01")).await;
    let (plan, generate) = seen(manager, &in_month(&ask, "2026-11")).await;
    assert_eq!(outcome(&plan), Ok(2_000));
    assert_eq!(generated(&anju, manager, generate).await.bills, 1);
    assert_eq!(outcome(&seen(manager, &in_month(&ask, "2026-12")).await.0), Err(SkipReason::NoCharge));

    let rows = manager.does(ListBills { sort: Some("number".into()), ..ListBills::of(community) }).await.rows;
    let void = VoidBills { community, request: Uuid::now_v7().into(), bills: vec![rows[0].id], reason: "重开".into() };
    manager.does(void).await;
    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!(outcome(&plan), Ok(7_000), "a void bill frees both");
    assert_eq!(generated(&anju, manager, generate).await.bills, 1);
    assert_eq!(outcome(&seen(manager, &ask).await.0), Err(SkipReason::AlreadyBilled));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_is_charged_once_beside_a_monthly_fee_is_not_charged_again_with_it() {
    let anju = Anju::start_on("2026-12-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let fee_item = estate.fee_item("车位费", FeeItemKind::Parking).await;
    let once = tariff(&estate, fee_item, "登记费", Cycle::Once, "30").await;
    let monthly = tariff(&estate, fee_item, "月租", Cycle::Monthly, "310").await;
    assigned(&estate, once, "2026-10-01", Some("2026-10-02")).await;
    assigned(&estate, monthly, "2026-10-02", None).await;
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    assert_eq!(generated(&anju, manager, generate).await.bills, 1);
    // 310 × 30 ÷ 31.
    assert_eq!(lines(&estate).await[0].1, [3_000, 30_000]);
    assert_eq!(outcome(&seen(manager, &in_month(&ask, "2026-11")).await.0), Ok(31_000));
    // Of the quarter October is billed and the rest is not: somebody looks, and nothing is billed twice.
    assert_eq!(outcome(&seen(manager, &GetRunInputs { months: 3, ..ask }).await.0), Err(SkipReason::PartlyBilled));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn two_monthly_tariffs_that_follow_each_other_are_two_lines_of_one_bill() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let fee_item = estate.fee_item("车位费", FeeItemKind::Parking).await;
    let (below, above) = (
        tariff(&estate, fee_item, "地下车位", Cycle::Monthly, "310").await,
        tariff(&estate, fee_item, "地上车位", Cycle::Monthly, "155").await,
    );
    assigned(&estate, below, "2026-01-01", None).await;
    let ask = Assign { earlier: Earlier::Ended, units: vec![estate.units[0]], ..estate.everyone(above, "2026-10-11") };
    manager.does(ask).await;
    let ask = october(community, &[fee_item]);
    let (plan, generate) = seen(manager, &ask).await;
    // 310 × 10 ÷ 31 and 155 × 21 ÷ 31.
    assert_eq!(outcome(&plan), Ok(20_500));
    assert_eq!(generated(&anju, manager, generate).await.bills, 1);
    assert_eq!(lines(&estate).await, [("ZD202610-000001".to_owned(), vec![10_000, 10_500])]);
    let again = seen(manager, &ask).await.0;
    assert_eq!((again.bills.len(), outcome(&again)), (0, Err(SkipReason::AlreadyBilled)));
    assert_eq!(outcome(&seen(manager, &in_month(&ask, "2026-11")).await.0), Ok(15_500));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn an_assignment_around_what_is_charged_once_charges_nothing_more() {
    let anju = Anju::start_on("2026-12-23").await;
    let (estate, fee_item, [card, deposit]) = card_and_deposit(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    generated(&anju, manager, generate).await;
    // From an earlier day on, and another tariff in between: the deposit neither comes a second time nor again after it.
    assert_eq!(assigned(&estate, deposit, "2026-10-06", None).await.charges, 0);
    let between = Assign {
        earlier: Earlier::Ended,
        units: vec![estate.units[0]],
        to: Some(day("2026-12-01")),
        ..estate.everyone(card, "2026-11-20")
    };
    assert_eq!(manager.does(between).await.charges, 1);
    assert_eq!(outcome(&seen(manager, &in_month(&ask, "2026-11")).await.0), Ok(2_000));
    assert_eq!(outcome(&seen(manager, &in_month(&ask, "2026-12")).await.0), Err(SkipReason::NoCharge));

    // Taken back and made anew, what was billed of it stands for it.
    let rows = manager.does(charges(community)).await.rows;
    let first = rows.iter().find(|row| row.tariff == deposit).unwrap();
    manager.does(EndCharges { community, charges: vec![first.id], to: day("2026-10-06") }).await;
    assert_eq!(assigned(&estate, deposit, "2026-10-08", Some("2026-11-20")).await.charges, 1);
    assert_eq!(outcome(&seen(manager, &in_month(&ask, "2026-11")).await.0), Ok(2_000));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn bills_from_before_charges_were_kept_are_found_after_the_upgrade() {
    let anju = Anju::start_on("2026-12-23").await;
    let (estate, fee_item, [_, deposit]) = card_and_deposit(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    generated(&anju, manager, generate).await;
    // As it was: the bill bore one tariff, and nothing else was kept.
    for statement in [
        "DROP TABLE charged_once".to_owned(),
        "DELETE FROM seaql_migrations WHERE version = 'm20261130_a_charged_once'".to_owned(),
        "UPDATE bill SET tariff_id = (SELECT id FROM tariff WHERE name = '押金')".to_owned(),
    ] {
        anju.app.db().execute_unprepared(&statement).await.unwrap();
    }
    migrations::Migrator::up(anju.app.db(), None).await.unwrap();
    assert_eq!(anju.counts("SELECT COUNT(*) FROM charged_once").await, 1, "what the tariff tells");
    let rows = manager.does(charges(community)).await.rows;
    let lasting = rows.iter().find(|row| row.tariff == deposit).unwrap();
    assert_eq!(lasting.to, None, "it reaches into every later month");
    assert_eq!(outcome(&seen(manager, &in_month(&ask, "2026-11")).await.0), Err(SkipReason::AlreadyBilled));
    anju.the_books_balance().await;
}
