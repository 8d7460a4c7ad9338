//! Held money in the books: it is no income, bears no late fee, and nothing of it is waived.

use common::billing::api::WaiveBill;
use common::cashier::Method;
use common::cashier::api::{Collect, GetReceipt, ShowHeld};
use common::cashier::settle::BillAmount;
use common::charging::api::{ListFeeItems, SaveFeeItem, SetLateFee};
use common::charging::late_fee::{LateFeeRule, LateFeeTerm};
use common::charging::tariff::FeeItemKind;
use common::id::{FeeItemId, WaiverId};
use uuid::Uuid;

use super::{back, held_item, left, migrated_again, taken};
use crate::cashier::{bill, estate, fen, in_cash, this_month, way};
use crate::charging::day;
use crate::support::Anju;

#[tokio::test]
async fn held_money_is_neither_income_nor_late_nor_waived() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let deposit = held_item(manager, community, "装修押金", None).await;
    let kind = SaveFeeItem::of(community, deposit, "装修押金", "装修押金", FeeItemKind::Other);
    manager.is_refused_with(kind, "charging.held_kind_stays").await;
    let earns = SaveFeeItem::of(community, estate.fee, "物业费", "物业费", FeeItemKind::Deposit);
    manager.is_refused_with(earns, "charging.held_kind_stays").await;
    let tied = SaveFeeItem {
        pays_for: Some(deposit),
        ..SaveFeeItem::of(community, FeeItemId(Uuid::now_v7()), "x", "x", FeeItemKind::Prepayment)
    };
    manager.is_refused_with(tied, "charging.pays_for_held").await;
    let term = LateFeeTerm { rule: LateFeeRule::default(), from: day("2026-01-01"), to: None };
    manager.is_refused_with(SetLateFee { community, fee_item: deposit, term }, "charging.no_late_fee_of_held").await;
    let asked = bill(&anju, &estate, estate.home, deposit, this_month(&anju), 1_500).await;
    let waive = WaiveBill {
        community,
        waiver: WaiverId(Uuid::now_v7()),
        bill: asked,
        open_fen: fen(1_500),
        amount_fen: Some(fen(500)),
        percent: None,
        reason: "老客户".into(),
    };
    manager.is_refused_with(waive, "billing.waive_held").await;
    assert_eq!(anju.counts("SELECT COUNT(*) FROM posting WHERE 'income' IN (debit, credit)").await, 0);
    let items = manager.does(ListFeeItems { community }).await;
    assert!(items.iter().any(|item| item.id == deposit && item.offsetting.is_none()));
    let part = Collect {
        bills: vec![BillAmount { amount_fen: fen(600), ..BillAmount::whole(asked, fen(1_500)) }],
        methods: vec![way(Method::Cash, 600)],
        ..in_cash(&estate, estate.home, &[])
    };
    manager.does(part).await;
    assert_eq!(left(manager, &estate).await, [600], "what is paid of it is held");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_moved_before_it_was_counted_is_counted_in_its_order() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let prepaid = held_item(manager, community, "预存款", None).await;
    let own = taken(manager, &estate, prepaid, 10_000).await;
    let fee = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 9_000).await;
    let mut receipts = Vec::new();
    for (open, amount) in [(9_000, 4_000), (5_000, 3_000)] {
        let ask = Collect {
            bills: vec![BillAmount { bill: fee, amount_fen: fen(amount), open_fen: fen(open), late_fee_fen: fen(0) }],
            methods: vec![way(Method::Prepaid, amount)],
            ..in_cash(&estate, estate.home, &[])
        };
        receipts.push(manager.does(ask).await);
    }
    manager.does(back(&estate, &[(own, 1_000, 3_000)])).await;
    let record = manager.does(ShowHeld { community, bill: own }).await;
    let undone = [
        "DROP INDEX posting_moved",
        "ALTER TABLE posting DROP COLUMN held_nth",
        "CREATE INDEX posting_held ON posting (community_id, held_id) WHERE held_id IS NOT NULL",
        "DROP INDEX posting_reversed",
        "ALTER TABLE payment_line DROP COLUMN left_fen",
    ];
    migrated_again(&anju, "m20261130_g_moved", &undone).await;
    for receipt in receipts {
        assert_eq!(manager.does(GetReceipt { community, payment: receipt.payment }).await, receipt);
    }
    assert_eq!(manager.does(ShowHeld { community, bill: own }).await, record);
    anju.the_books_balance().await;
}
