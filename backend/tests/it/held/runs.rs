//! Prepayments that pay what a run bills.

use common::billing::api::{GetRunInputs, ListBills};
use common::cashier::Method;
use common::cashier::api::{Collect, GetReceipt, ListPayments, OpenDesk, VoidPayment};
use common::cashier::settle::TakeHeld;
use common::charging::api::SaveFeeItem;
use common::charging::tariff::{FeeItemKind, Offsetting};
use common::id::{BillId, FeeItemId, PaymentId};
use uuid::Uuid;

use super::held_item;
use crate::billing::{generated, october, seen};
use crate::cashier::{fen, way};
use crate::support::Anju;

#[tokio::test]
async fn a_run_is_paid_by_prepayments_that_say_so_the_oldest_bill_first() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::charging::Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.50").await;
    let (manager, community) = (estate.manager, estate.community);
    let [first, second, third, _] = estate.units[..] else { panic!("four units") };
    let by_itself = FeeItemId(Uuid::now_v7());
    let item = SaveFeeItem {
        offsetting: Some(Offsetting::AtGeneration),
        ..SaveFeeItem::of(community, by_itself, "YC", "预存款", FeeItemKind::Prepayment)
    };
    manager.does(item).await;
    let at_desk = held_item(manager, community, "余额预存", None).await;
    let take = |unit, fee_item, amount: i64| Collect {
        community,
        payment: PaymentId(Uuid::now_v7()),
        unit,
        bills: vec![],
        takes: vec![TakeHeld { bill: BillId(Uuid::now_v7()), fee_item, amount_fen: fen(amount) }],
        payer: String::new(),
        methods: vec![way(Method::Wechat, amount)],
        tendered_fen: None,
        note: String::new(),
    };
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
        community,
        from: None,
        to: None,
        cashier: None,
        method: Some(Method::Prepaid),
        unit: None,
        state: None,
        search: None,
        page: None,
        size: None,
        sort: Some("receipt_number".into()),
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
