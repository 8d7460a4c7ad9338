//! Held money that waits to go back is kept from everything else.

use common::approvals::api::{GetApproval, WithdrawApproval};
use common::approvals::flow::DeedKind;
use common::billing::api::GetBill;
use common::cashier::Method;
use common::cashier::api::{Collect, VoidPayment};
use common::cashier::settle::BillAmount;
use common::id::BillId;
use common::organisation::api::GetMe;
use common::permission::Permission as P;
use common::reports::api::{AskArrears, AskDashboard, AskHeldLate, Grouping, ListArrears};

use super::{all, back, held_item, left};
use crate::cashier::{Estate, bill, estate, fen, in_cash, this_month, way};
use crate::support::Anju;

/// Pays the rest of a deposit's bill in cash, and something else with the deposit itself.
fn with_its_own(estate: &Estate, deposit: BillId, rest: i64, owed: BillId, amount: i64) -> Collect {
    Collect {
        methods: vec![way(Method::Deposit, amount), way(Method::Cash, rest)],
        ..in_cash(estate, estate.home, &[(deposit, rest), (owed, amount)])
    }
}

#[tokio::test]
async fn a_part_paid_deposit_that_waits_to_go_back_pays_nothing_and_stays_where_it_is() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let item = held_item(manager, community, "装修押金", None).await;
    let deposit = bill(&anju, &estate, estate.home, item, this_month(&anju), 200_000).await;
    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 3_000).await;
    let part = Collect {
        bills: vec![BillAmount { amount_fen: fen(150_000), ..BillAmount::whole(deposit, fen(200_000)) }],
        methods: vec![way(Method::Cash, 150_000)],
        ..in_cash(&estate, estate.home, &[])
    };
    let paid = manager.does(part).await;
    let decides = crate::approvals::decider(&anju, community).await;
    crate::approvals::flow(manager, community, DeedKind::Refund, 1, &decides).await;
    let request = manager.does(back(&estate, &[(deposit, 150_000, 150_000)])).await.waits.unwrap();

    // Neither with the payment that pays the rest of that very deposit, nor by another refund; and it is not taken back beneath it.
    let pay = with_its_own(&estate, deposit, 50_000, owed, 3_000);
    manager.is_refused_with(pay.clone(), "cashier.held_changed").await;
    manager.is_refused_with(back(&estate, &[(deposit, 1, 150_000)]), "approvals.waits_already").await;
    let void = VoidPayment { community, payment: paid.payment, reason: "收错".into() };
    manager.is_refused_with(void.clone(), "cashier.held_waits").await;
    assert_eq!(manager.does(all(community)).await.rows[0].left_fen, fen(150_000));

    // The rest may be paid; it may be taken back as well, since the request needs none of it.
    let rest = manager.does(in_cash(&estate, estate.home, &[(deposit, 50_000)])).await;
    manager.does(VoidPayment { payment: rest.payment, ..void }).await;
    manager.does(WithdrawApproval { community, approval: request, note: "业主不退了".into() }).await;
    manager.does(pay).await;
    assert_eq!(left(manager, &estate).await, [197_000]);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn asking_for_it_back_and_paying_with_it_at_one_moment_is_one_of_both() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let item = held_item(manager, community, "装修押金", None).await;
    let decides = crate::approvals::decider(&anju, community).await;
    crate::approvals::flow(manager, community, DeedKind::Refund, 1, &decides).await;
    let own = super::taken(manager, &estate, item, 10_000).await;
    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 10_000).await;
    let pay = Collect { methods: vec![way(Method::Deposit, 10_000)], ..in_cash(&estate, estate.home, &[(owed, 10_000)]) };
    let (asked, paid) = tokio::join!(manager.asks(back(&estate, &[(own, 10_000, 10_000)])), manager.asks(pay));
    assert!(asked.is_ok() != paid.is_ok(), "{asked:?} {paid:?}");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_request_is_withdrawn_by_whoever_asked_or_sets_the_flows_and_not_by_whoever_decides() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let item = held_item(manager, community, "装修押金", None).await;
    let decides = anju.employee(&[P::ApprovalsRead, P::ApprovalsDecide, P::ApprovalsWrite], &[community]).await;
    let sets = anju.employee(&[P::ApprovalsRead, P::ApprovalsWrite], &[community]).await;
    crate::approvals::flow(manager, community, DeedKind::Refund, 1, &decides).await;
    let own = super::taken(manager, &estate, item, 10_000).await;
    let approval = manager.does(back(&estate, &[(own, 10_000, 10_000)])).await.waits.unwrap();
    let view = GetApproval { community, approval };
    let may = async |person: &crate::support::Person| {
        let seen = person.does(view.clone()).await;
        (seen.may_decide, seen.may_withdraw)
    };
    assert_eq!((may(&decides).await, may(&sets).await, may(manager).await), ((true, false), (false, true), (false, true)));
    let withdraw = WithdrawApproval { community, approval, note: String::new() };
    assert_eq!(decides.is_refused(withdraw.clone()).await.status, 404);
    sets.does(withdraw).await;
    assert_eq!(left(manager, &estate).await, [10_000]);
    // The bill's story names who did it.
    let story = manager.does(GetBill { community, bill: own }).await.history;
    let told = story.iter().find(|told| told.what == "approval-withdrawn").map(|told| told.by.clone());
    assert_eq!(told, Some(Some(sets.does(GetMe {}).await.name)));
}

#[tokio::test]
async fn a_deposit_that_nobody_paid_is_late_but_no_arrears_unless_it_is_named() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let item = held_item(manager, community, "装修押金", None).await;
    bill(&anju, &estate, estate.home, item, this_month(&anju), 200_000).await;
    bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 3_000).await;
    let anju = anju.later("2027-03-20").await;
    let manager = anju.manager().await;
    let ask = |fee_item| AskArrears { community, building: None, fee_item, by: Some(Grouping::FeeItem) };
    let list = |fee_item| ListArrears { community, building: None, fee_item, age: None, page: None, size: None, sort: None };
    let late = async |fee_item| {
        let arrears = manager.does(ask(fee_item)).await;
        let rows = manager.does(list(fee_item)).await.rows;
        let of_rows: Vec<i64> = rows.iter().map(|row| row.late_fen.fen()).collect();
        (arrears.late_fen.fen(), arrears.held_fen.fen(), arrears.rows.len(), of_rows)
    };
    assert_eq!(late(None).await, (3_000, 200_000, 1, vec![3_000]));
    assert_eq!(late(Some(item)).await, (200_000, 0, 1, vec![200_000]));
    assert_eq!(manager.does(AskHeldLate { community, building: None }).await.held_fen, fen(200_000));
    let board = manager.does(AskDashboard { community }).await;
    assert_eq!((board.arrears_fen, board.arrears_last_month_fen, board.arrears_units), (fen(3_000), fen(3_000), 1));
    assert_eq!(board.ages.iter().map(|age| age.open_fen.fen()).sum::<i64>(), 3_000);
    // The desk shows both: they can be paid.
    let desk = crate::cashier::desk(manager, &estate, estate.home).await;
    assert_eq!((desk.bills.len(), desk.open_fen), (2, fen(203_000)));
}
