//! Prepayments that pay what a run bills.

use common::billing::api::{GetRunInputs, ListBills};
use common::cashier::Method;
use common::cashier::api::{
    Collect, GetOffsetAhead, GetReceipt, GetRunOffset, LeftAhead, ListPayments, OffsetState, OpenDesk, RestartOffset, RunOffset,
    VoidPayment,
};
use common::cashier::settle::TakeHeld;
use common::charging::api::SaveFeeItem;
use common::charging::tariff::{FeeItemKind, Offsetting};
use common::id::{BillId, BillingRunId, CommunityId, FeeItemId, PaymentId, UnitId};
use common::organisation::api::{JobState, ListJobs};
use common::permission::Permission;
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use super::{held_item, migrated_again};
use crate::billing::{generated, october, seen};
use crate::cashier::{fen, way};
use crate::support::{Anju, Person};

/// A fee item of prepayments that pay by themselves what a run bills.
async fn pays_by_itself(manager: &Person, community: CommunityId, name: &str, pays_for: Option<FeeItemId>) -> FeeItemId {
    let fee_item = FeeItemId(Uuid::now_v7());
    let item = SaveFeeItem {
        offsetting: Some(Offsetting::AtGeneration),
        pays_for,
        ..SaveFeeItem::of(community, fee_item, name, name, FeeItemKind::Prepayment)
    };
    manager.does(item).await;
    fee_item
}

fn take(community: CommunityId, unit: UnitId, fee_item: FeeItemId, amount: i64) -> Collect {
    Collect {
        community,
        payment: PaymentId(Uuid::now_v7()),
        unit,
        bills: vec![],
        takes: vec![TakeHeld { bill: BillId(Uuid::now_v7()), fee_item, amount_fen: fen(amount) }],
        payer: String::new(),
        methods: vec![way(Method::Wechat, amount)],
        tendered_fen: None,
        note: String::new(),
    }
}

#[tokio::test]
async fn a_run_is_paid_by_prepayments_that_say_so_the_oldest_bill_first() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::charging::Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.50").await;
    let (manager, community) = (estate.manager, estate.community);
    let [first, second, third, _] = estate.units[..] else { panic!("four units") };
    let by_itself = pays_by_itself(manager, community, "预存款", None).await;
    let at_desk = held_item(manager, community, "余额预存", None).await;
    let take = |unit, fee_item, amount| take(community, unit, fee_item, amount);
    // 80 and 81 m² at 2.50 are 200.00 and 202.50.
    manager.does(take(first, by_itself, 30_000)).await;
    manager.does(take(second, by_itself, 1_000)).await;
    manager.does(take(third, at_desk, 90_000)).await;
    let september = {
        let (_, ask) =
            seen(manager, &GetRunInputs { first: "2026-09".parse().unwrap(), ..october(community, &[fee_item]) }).await;
        generated(&anju, manager, ask).await
    };
    let (_, ask) = seen(manager, &october(community, &[fee_item])).await;
    let run = generated(&anju, manager, ask).await;
    assert_eq!((september.bills, run.bills), (4, 4));

    let rows = manager.does(ListBills { sort: Some("number".into()), ..ListBills::of(community) }).await.rows;
    let paid = |unit| -> Vec<(String, i64)> {
        let of = rows.iter().filter(|row| row.unit == unit && row.fee_item == fee_item);
        of.map(|row| (row.month.to_string(), row.paid_fen.fen())).collect()
    };
    assert_eq!(paid(first), [("2026-09".to_owned(), 20_000), ("2026-10".to_owned(), 10_000)]);
    assert_eq!(paid(second), [("2026-09".to_owned(), 1_000), ("2026-10".to_owned(), 0)]);
    assert_eq!(paid(third), [("2026-09".to_owned(), 0), ("2026-10".to_owned(), 0)], "it waits for the desk");
    let list = ListPayments {
        method: Some(Method::Prepaid),
        sort: Some("receipt_number".into()),
        ..crate::cashier::payments(community)
    };
    let payments = manager.does(list).await.rows;
    let numbers: Vec<&str> = payments.iter().map(|row| row.receipt_number.as_str()).collect();
    assert_eq!(numbers, ["DK20261110-0001", "DK20261110-0002", "DK20261110-0003"]);
    anju.the_books_balance().await;

    // On any later day it can be taken back, since no money changed hands.
    let anju = anju.later("2026-11-20").await;
    let manager = anju.manager().await;
    let of_first = payments.iter().find(|row| row.unit == first && row.total_fen == fen(10_000)).unwrap().payment;
    assert!(manager.does(GetReceipt { community, payment: of_first }).await.may_void);
    manager.does(VoidPayment { community, payment: of_first, reason: "业主要留着".into() }).await;
    let held = async || {
        let desk = manager.does(OpenDesk { community, unit: first }).await;
        desk.held.iter().map(|one| one.holding.left_fen.fen()).collect::<Vec<_>>()
    };
    assert_eq!(held().await, [10_000]);
    // What somebody wanted kept is not taken again when the next month is billed.
    let november = GetRunInputs { first: "2026-11".parse().unwrap(), ..october(community, &[fee_item]) };
    let (_, ask) = seen(manager, &november).await;
    generated(&anju, manager, ask).await;
    assert_eq!(held().await, [10_000]);
    anju.the_books_balance().await;
}

/// Of whom how much is left, and whether a tenant owes anything of it.
fn figures(left: &[LeftAhead]) -> Vec<(UnitId, i64, bool)> {
    left.iter().map(|one| (one.unit, one.left_fen.fen(), !one.tenant_owes.is_empty())).collect()
}

/// In the order of ids, as the server answers.
fn sorted(mut of: Vec<(UnitId, i64, bool)>) -> Vec<(UnitId, i64, bool)> {
    of.sort_unstable();
    of
}

fn set_off(offset: &RunOffset) -> (OffsetState, i64, i64, i64) {
    (offset.state, offset.units, offset.bills, offset.amount_fen.fen())
}

#[tokio::test]
async fn whoever_generates_sees_what_will_be_set_off_and_then_what_was() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::charging::Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.50").await;
    let (manager, community) = (estate.manager, estate.community);
    let [first, second, third, fourth] = estate.units[..] else { panic!("four units") };
    let by_itself = pays_by_itself(manager, community, "预存款", None).await;
    let parking = estate.fee_item("停车费", FeeItemKind::Parking).await;
    let for_parking = pays_by_itself(manager, community, "停车预存", Some(parking)).await;
    let at_desk = held_item(manager, community, "余额预存", None).await;
    manager.does(take(community, first, by_itself, 30_000)).await;
    manager.does(take(community, second, by_itself, 1_000)).await;
    manager.does(take(community, third, at_desk, 90_000)).await;
    manager.does(take(community, fourth, for_parking, 5_000)).await;
    let ask = october(community, &[fee_item]);
    let ahead = GetOffsetAhead::from(&ask);
    let own = vec![(first, 30_000, false), (second, 1_000, false)];
    assert_eq!(figures(&manager.does(ahead.clone()).await), sorted(own.clone()));
    let both = manager.does(GetOffsetAhead { fee_items: vec![fee_item, parking], ..ahead.clone() }).await;
    assert_eq!(figures(&both), sorted([own, vec![(fourth, 5_000, false)]].concat()));
    assert_eq!(both.iter().find(|one| one.unit == fourth).unwrap().pays_for, Some(parking));
    let of_second = GetOffsetAhead { units: vec![second], ..ahead.clone() };
    assert_eq!(figures(&manager.does(of_second.clone()).await), [(second, 1_000, false)]);
    let elsewhere = anju
        .employee_of_buildings(&[Permission::CashierRead, Permission::BillingGenerate], &[(community, Some(estate.buildings[1]))])
        .await;
    assert_eq!(figures(&elsewhere.does(ahead.clone()).await), []);
    elsewhere.is_refused_with(of_second, "not_found").await;
    elsewhere.is_refused_with(GetOffsetAhead { buildings: vec![estate.buildings[0]], ..ahead.clone() }, "not_found").await;

    let (_, generate) = seen(manager, &ask).await;
    let run = manager.does(generate).await.id;
    let of_run = GetRunOffset { community, run };
    assert_eq!(set_off(&manager.does(of_run.clone()).await), (OffsetState::Done, 0, 0, 0), "nothing is billed yet");
    anju.run_jobs().await;
    assert_eq!(set_off(&manager.does(of_run.clone()).await), (OffsetState::Done, 2, 2, 21_000));
    elsewhere.is_refused_with(of_run.clone(), "not_found").await;
    elsewhere.is_refused_with(RestartOffset { community, run }, "not_found").await;
    let of_this = ListPayments { run: Some(run), ..crate::cashier::payments(community) };
    let payments = manager.does(of_this.clone()).await.rows;
    assert_eq!(payments.iter().map(|row| row.total_fen.fen()).sum::<i64>(), 21_000);
    let other = ListPayments { run: Some(BillingRunId(Uuid::now_v7())), ..of_this };
    assert_eq!(manager.does(other).await.rows, []);
    // What was taken back was not set off.
    let of_second = payments.iter().find(|row| row.unit == second).unwrap().payment;
    manager.does(VoidPayment { community, payment: of_second, reason: "业主要留着".into() }).await;
    assert_eq!(set_off(&manager.does(of_run).await), (OffsetState::Done, 1, 1, 20_000));
    assert_eq!(figures(&manager.does(ahead).await), [(first, 10_000, false)]);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_unit_that_cannot_be_set_off_keeps_no_others_waiting() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::charging::Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.50").await;
    let (manager, community) = (estate.manager, estate.community);
    let [first, second, third, _] = estate.units[..] else { panic!("four units") };
    let by_itself = pays_by_itself(manager, community, "预存款", None).await;
    for unit in [first, second, third] {
        manager.does(take(community, unit, by_itself, 10_000)).await;
    }
    manager.does(take(community, second, by_itself, 5_000)).await;
    // Nobody can read what kind of money this is.
    let break_one = async |kind: &str| {
        let statement = format!("UPDATE held SET kind = '{kind}' WHERE taken_fen = 5000");
        anju.app.db().execute_unprepared(&statement).await.unwrap();
    };
    break_one("odd").await;
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    let run = generated(&anju, manager, generate).await.id;
    let of_run = GetRunOffset { community, run };
    let offset = manager.does(of_run.clone()).await;
    assert_eq!(set_off(&offset), (OffsetState::Failed, 2, 2, 20_000), "the others are paid");
    assert!(offset.problem.is_some() && offset.next_try.is_some());
    let of_second = ListPayments { unit: Some(second), run: Some(run), ..crate::cashier::payments(community) };
    assert_eq!(manager.does(of_second).await.rows, []);

    break_one("prepaid").await;
    manager.does(RestartOffset { community, run }).await;
    anju.run_jobs().await;
    assert_eq!(set_off(&manager.does(of_run).await), (OffsetState::Done, 3, 3, 35_000));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_set_off_that_failed_is_tried_again_by_itself_until_it_is_done() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::charging::Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.50").await;
    let (manager, community) = (estate.manager, estate.community);
    let by_itself = pays_by_itself(manager, community, "预存款", None).await;
    manager.does(take(community, estate.units[0], by_itself, 30_000)).await;
    // Nobody can read what kind of money this is.
    anju.app.db().execute_unprepared("UPDATE held SET kind = 'odd'").await.unwrap();
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    let run = generated(&anju, manager, generate).await.id;
    let of_run = GetRunOffset { community, run };
    let failed = manager.does(of_run.clone()).await;
    assert_eq!(set_off(&failed), (OffsetState::Failed, 0, 0, 0));
    let minutes = |offset: &RunOffset| (offset.next_try.unwrap() - anju.app.now()).num_minutes();
    assert!(failed.problem.is_some());
    assert_eq!(minutes(&failed), 5);
    assert_eq!(
        manager.does(ListJobs {}).await.iter().filter(|job| job.state == JobState::Queued).count(),
        0,
        "it is not under way"
    );

    // Not before its time; then again, and later each time. One failure is told of, the last.
    let works_at = async |minutes: i64| {
        let app = anju.app.at(anju.app.now() + chrono::TimeDelta::minutes(minutes));
        backend::jobs::run_all(&app).await.unwrap();
    };
    works_at(4).await;
    assert_eq!(minutes(&manager.does(of_run.clone()).await), 5);
    works_at(6).await;
    assert_eq!(minutes(&manager.does(of_run.clone()).await), 6 + 15);
    let count_failed = "SELECT COUNT(*) AS number FROM job WHERE state = 'failed'";
    assert_eq!(anju.counts(count_failed).await, 1);

    let reader = anju.employee(&[Permission::BillingRead, Permission::CashierRead], &[community]).await;
    reader.is_refused_with(RestartOffset { community, run }, "forbidden").await;
    anju.app.db().execute_unprepared("UPDATE held SET kind = 'prepaid'").await.unwrap();
    manager.does(RestartOffset { community, run }).await;
    assert_eq!(manager.does(of_run.clone()).await.state, OffsetState::Waits);
    anju.run_jobs().await;
    let done = (OffsetState::Done, 1, 1, 20_000);
    assert_eq!(set_off(&manager.does(of_run.clone()).await), done);
    assert_eq!(anju.counts(count_failed).await, 0, "what went well in the end is no failure");

    // Begun again it finds nothing to do, and whoever asks for that once more changes nothing.
    anju.app.db().execute_unprepared("UPDATE job SET state = 'queued' WHERE kind = 'billing.run_done'").await.unwrap();
    anju.run_jobs().await;
    manager.does(RestartOffset { community, run }).await;
    assert_eq!(set_off(&manager.does(of_run).await), done);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_set_off_from_before_jobs_had_keys_is_known_as_its_runs_and_tried_again() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::charging::Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.50").await;
    let (manager, community) = (estate.manager, estate.community);
    let by_itself = pays_by_itself(manager, community, "预存款", None).await;
    let [first, second, ..] = estate.units[..] else { panic!("four units") };
    manager.does(take(community, first, by_itself, 30_000)).await;
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    let run = generated(&anju, manager, generate).await.id;
    let of_run = GetRunOffset { community, run };
    let known = manager.does(of_run.clone()).await;
    assert_eq!(set_off(&known), (OffsetState::Done, 1, 1, 20_000));
    manager.does(take(community, second, by_itself, 5_000)).await;
    // It had failed after the first unit, and nobody knew of which run it was.
    let undone = [
        "DROP INDEX payment_run",
        "DROP INDEX job_failed",
        "ALTER TABLE payment DROP COLUMN run_id",
        "UPDATE job SET unique_key = NULL, state = 'failed', attempts = 5 WHERE kind = 'billing.run_done'",
    ];
    migrated_again(&anju, "m20261130_f_offset", &undone).await;
    assert_eq!(set_off(&manager.does(of_run.clone()).await), (OffsetState::Waits, 1, 1, 20_000));
    anju.run_jobs().await;
    assert_eq!(set_off(&manager.does(of_run).await), (OffsetState::Done, 2, 2, 25_000));
    anju.the_books_balance().await;
}
