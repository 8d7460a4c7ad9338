//! Held money at the desk: what is taken, what it pays, and what a void gives back.

use common::cashier::api::{Collect, GetRefund, HeldDeed, ListHeld, PrintReceipt, ShowHeld, SumDay, VoidPayment};
use common::cashier::settle::{BillAmount, TakeHeld};
use common::cashier::{HeldKind, Method};
use common::charging::tariff::FeeItemKind;
use common::id::{BillId, PaymentId};
use common::permission::Permission;
use common::reports::api::{AskDashboard, AskLedger, Grouping};
use uuid::Uuid;

use super::{all, back, held_item, left, taken, takes};
use crate::cashier::{bill, desk, estate, fen, in_cash, this_month, way};
use crate::support::Anju;

#[tokio::test]
async fn a_prepayment_pays_part_of_a_bill_and_its_record_tells_all_of_it() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let cashier =
        anju.employee(&[Permission::CashierRead, Permission::CashierCollect, Permission::CashierVoid], &[estate.community]).await;
    let prepaid = held_item(anju.manager().await, estate.community, "预存款", None).await;
    let (own, ask) = takes(&estate, estate.home, prepaid, 50_000);
    let receipt = cashier.does(ask.clone()).await;
    assert_eq!(cashier.does(ask).await, receipt, "sent twice, it is taken once");
    assert_eq!((receipt.total_fen, receipt.payer.as_str(), receipt.lines.len()), (fen(50_000), "林晓芸", 1));
    assert_eq!((receipt.lines[0].bill, receipt.lines[0].fee_item_kind), (own, FeeItemKind::Prepayment));

    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 33_219).await;
    let pays = Collect {
        methods: vec![way(Method::Prepaid, 30_000), way(Method::Cash, 3_219)],
        ..in_cash(&estate, estate.home, &[(owed, 33_219)])
    };
    let paid = cashier.does(pays).await;
    assert_eq!(left(&cashier, &estate).await, [20_000]);
    let view = cashier.does(ShowHeld { community: estate.community, bill: own }).await;
    let told: Vec<_> =
        view.events.iter().map(|one| (one.deed, one.amount_fen.fen(), one.left_fen.fen(), one.paid_bill)).collect();
    assert_eq!(told, [(HeldDeed::Taken, 50_000, 50_000, None), (HeldDeed::Offset, 30_000, 20_000, Some(owed))]);
    anju.the_books_balance().await;

    let day = cashier.does(SumDay { community: estate.community, day: None, flows: false }).await.all;
    assert_eq!((day.payments, day.total_fen, day.offset_fen, day.money_in()), (2, fen(83_219), fen(30_000), fen(53_219)));
    assert_eq!(day.by_method.iter().map(|sum| (sum.method, sum.amount_fen.fen())).collect::<Vec<_>>(), [(Method::Cash, 53_219)]);

    cashier.does(VoidPayment { community: estate.community, payment: paid.payment, reason: "收错".into() }).await;
    assert_eq!(left(&cashier, &estate).await, [50_000]);
    let view = cashier.does(ShowHeld { community: estate.community, bill: own }).await;
    assert_eq!(view.events.last().map(|one| (one.deed, one.left_fen)), Some((HeldDeed::OffsetBack, fen(50_000))));
    // What it took can be taken back as well, now that nothing of it is used.
    cashier.does(VoidPayment { community: estate.community, payment: receipt.payment, reason: "收错".into() }).await;
    assert_eq!(left(&cashier, &estate).await, [0_i64; 0]);
    assert_eq!(cashier.does(all(estate.community)).await.rows, []);
    let open: Vec<BillId> = desk(&cashier, &estate, estate.home).await.bills.iter().map(|bill| bill.bill).collect();
    assert_eq!(open, [owed], "the bill that was written with the payment is void with it");
    let day = cashier.does(SumDay { community: estate.community, day: None, flows: false }).await.all;
    assert_eq!((day.payments, day.voided, day.voided_fen), (0, 2, fen(53_219)), "what was set off is no money");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_receipt_says_what_was_left_right_after_it_however_often_it_prints() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let prepaid = held_item(manager, community, "预存款", None).await;
    let deposit = held_item(manager, community, "装修押金", None).await;
    let (own, ask) = takes(&estate, estate.home, prepaid, 10_000);
    let took = manager.does(ask).await;
    let month = this_month(&anju);
    let fee = bill(&anju, &estate, estate.home, estate.fee, month, 3_000).await;
    let water = bill(&anju, &estate, estate.home, estate.water, month, 1_000).await;
    let pays = |bill, amount| Collect {
        methods: vec![way(Method::Prepaid, amount)],
        ..in_cash(&estate, estate.home, &[(bill, amount)])
    };
    let first = manager.does(pays(fee, 3_000)).await;
    // Bills, cash and a deposit in one payment.
    let secured = TakeHeld { bill: BillId(Uuid::now_v7()), fee_item: deposit, amount_fen: fen(500) };
    let both = Collect {
        takes: vec![secured],
        methods: vec![way(Method::Prepaid, 1_000), way(Method::Cash, 500)],
        ..pays(water, 1_000)
    };
    let second = manager.does(both).await;
    assert!(first.is_set_off() && !second.is_set_off() && !took.is_set_off());
    assert_eq!((second.set_off(), second.received()), (fen(1_000), fen(500)));
    manager.does(VoidPayment { community, payment: second.payment, reason: "收错".into() }).await;

    let left = async |payment| {
        let held = manager.does(PrintReceipt { community, payment }).await.held;
        held.into_iter().map(|one| (one.bill, one.left_fen.fen())).collect::<Vec<_>>()
    };
    assert_eq!(left(took.payment).await, [(own, 10_000)]);
    assert_eq!(left(first.payment).await, [(own, 7_000)]);
    let mut then = left(second.payment).await;
    then.sort_by_key(|(_, left)| *left);
    assert_eq!(then, [(secured.bill, 500), (own, 6_000)]);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_was_left_goes_by_the_order_in_which_money_moved_and_not_by_clocks() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let prepaid = held_item(manager, community, "预存款", None).await;
    let own = taken(manager, &estate, prepaid, 10_000).await;
    let fee = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 9_000).await;
    // Both began before the other was done: the later one was first to have the locks.
    let pays = async |seconds: i64, open: i64, amount: i64| {
        let app = anju.app.at(anju.app.now() + chrono::TimeDelta::seconds(seconds));
        let ask = Collect {
            bills: vec![BillAmount { bill: fee, amount_fen: fen(amount), open_fen: fen(open), late_fee_fen: fen(0) }],
            methods: vec![way(Method::Prepaid, amount)],
            ..in_cash(&estate, estate.home, &[])
        };
        manager.at(backend::serve::router(app)).does(ask).await.payment
    };
    let first = pays(9, 9_000, 4_000).await;
    let second = pays(5, 5_000, 3_000).await;
    let left = async |payment| {
        let receipt = manager.does(PrintReceipt { community, payment }).await;
        (receipt.lines[0].left_fen.fen(), receipt.held[0].left_fen.fen())
    };
    assert_eq!(left(first).await, (5_000, 6_000));
    assert_eq!(left(second).await, (2_000, 3_000));
    let refund = back(&estate, &[(own, 3_000, 3_000)]);
    let app = anju.app.at(anju.app.now() + chrono::TimeDelta::seconds(1));
    manager.at(backend::serve::router(app)).does(refund.clone()).await;
    let voucher = manager.does(GetRefund { community, refund: refund.refund }).await;
    assert_eq!(voucher.lines[0].left_fen, fen(0));
    let view = manager.does(ShowHeld { community, bill: own }).await;
    assert_eq!(view.events.iter().map(|one| one.left_fen.fen()).collect::<Vec<_>>(), [10_000, 6_000, 3_000, 0]);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_payment_whose_held_money_was_used_stays() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let prepaid = held_item(manager, estate.community, "预存款", None).await;
    let (_, ask) = takes(&estate, estate.home, prepaid, 10_000);
    let receipt = manager.does(ask).await;
    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 1).await;
    manager.does(Collect { methods: vec![way(Method::Prepaid, 1)], ..in_cash(&estate, estate.home, &[(owed, 1)]) }).await;
    let void = VoidPayment { community: estate.community, payment: receipt.payment, reason: "收错".into() };
    let refused = manager.is_refused_with(void, "cashier.held_spent").await;
    assert_eq!(refused.args.get("number"), Some(&receipt.lines[0].bill_number));
    assert_eq!(left(manager, &estate).await, [9_999]);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn money_for_water_pays_water_alone_and_no_held_money_pays_for_more_of_it() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let community = estate.community;
    let for_water = held_item(manager, community, "水费预存", Some(estate.water)).await;
    let deposit = held_item(manager, community, "装修押金", None).await;
    taken(manager, &estate, for_water, 8_000).await;
    let month = this_month(&anju);
    let fee = bill(&anju, &estate, estate.home, estate.fee, month, 5_000).await;
    let water = bill(&anju, &estate, estate.home, estate.water, month, 6_000).await;
    let both = |amount| Collect {
        methods: vec![way(Method::Prepaid, amount), way(Method::Pos, 11_000 - amount)],
        ..in_cash(&estate, estate.home, &[(fee, 5_000), (water, 6_000)])
    };
    let refused = manager.is_refused_with(both(6_001), "cashier.held_changed").await;
    assert_eq!(refused.args.get("left").map(String::as_str), Some("60.00"));
    manager.does(both(6_000)).await;
    assert_eq!(left(manager, &estate).await, [2_000]);

    // A deposit's own bill, written by hand, is paid with money alone.
    let asked = bill(&anju, &estate, estate.home, deposit, month, 1_500).await;
    let with_held = Collect { methods: vec![way(Method::Prepaid, 1_500)], ..in_cash(&estate, estate.home, &[(asked, 1_500)]) };
    manager.is_refused_with(with_held, "cashier.held_changed").await;
    manager.does(in_cash(&estate, estate.home, &[(asked, 1_500)])).await;
    let rows = manager.does(ListHeld { kind: Some(HeldKind::Deposit), ..all(community) }).await.rows;
    assert_eq!(rows.iter().map(|row| (row.bill, row.left_fen.fen())).collect::<Vec<_>>(), [(asked, 1_500)]);

    // Moving out, the owner lets the deposit pay what is still owed.
    let last = bill(&anju, &estate, estate.home, estate.fee, month.plus(1), 400).await;
    manager.does(Collect { methods: vec![way(Method::Deposit, 400)], ..in_cash(&estate, estate.home, &[(last, 400)]) }).await;
    assert_eq!(left(manager, &estate).await, [2_000, 1_100]);
    let ledger =
        AskLedger { community, from: month, to: month.plus(1), by: vec![Grouping::FeeItem], building: None, fee_item: None };
    let total = manager.does(ledger).await.total;
    // Billed: 5,000 + 6,000 + 400; money: 5,000; set off: 6,000 + 400. What is held stands apart.
    assert_eq!(
        (total.receivable_fen.fen(), total.received_fen.fen(), total.offset_fen.fen(), total.outstanding_fen.fen()),
        (11_400, 5_000, 6_400, 0)
    );
    let board = manager.does(AskDashboard { community }).await;
    assert_eq!((board.this_month.receivable_fen, board.this_month.received_fen, board.bills), (fen(11_000), fen(11_000), 2));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn too_much_money_becomes_a_prepayment_only_where_the_payer_says_so() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let prepaid = held_item(manager, estate.community, "预存款", None).await;
    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 33_219).await;
    let too_much = Collect { methods: vec![way(Method::Cash, 40_000)], ..in_cash(&estate, estate.home, &[(owed, 33_219)]) };
    manager.is_refused_with(too_much.clone(), "cashier.money_over").await;
    let take = TakeHeld { bill: BillId(Uuid::now_v7()), fee_item: prepaid, amount_fen: fen(6_781) };
    let receipt = manager.does(Collect { takes: vec![take], ..too_much.clone() }).await;
    assert_eq!((receipt.lines.len(), receipt.total_fen), (2, fen(40_000)));
    assert_eq!(left(manager, &estate).await, [6_781]);
    // Under a fee item that earns nothing is held.
    let strange = TakeHeld { bill: BillId(Uuid::now_v7()), fee_item: estate.water, amount_fen: fen(100) };
    let (_, ask) = takes(&estate, estate.home, prepaid, 100);
    manager.is_refused_with(Collect { takes: vec![strange], ..ask }, "cashier.not_held_item").await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_one_owner_holds_pays_no_stranger() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let prepaid = held_item(manager, estate.community, "预存款", None).await;
    taken(manager, &estate, prepaid, 10_000).await;
    let (_, ask) = takes(&estate, estate.neighbour, prepaid, 4_000);
    manager.does(ask).await;
    let month = this_month(&anju);
    let own = bill(&anju, &estate, estate.home, estate.fee, month, 3_000).await;
    let second = bill(&anju, &estate, estate.second, estate.fee, month, 3_000).await;
    let strange = bill(&anju, &estate, estate.neighbour, estate.fee, month, 3_000).await;
    let pay = |amount| Collect {
        methods: vec![way(Method::Prepaid, amount), way(Method::Cash, 9_000 - amount)],
        ..in_cash(&estate, estate.home, &[(own, 3_000), (second, 3_000), (strange, 3_000)])
    };
    let refused = manager.is_refused_with(pay(6_001), "cashier.held_changed").await;
    assert_eq!(refused.args.get("left").map(String::as_str), Some("60.00"));
    manager.does(pay(6_000)).await;
    let rows = manager.does(ListHeld { sort: Some("taken_fen".into()), ..all(estate.community) }).await.rows;
    assert_eq!(rows.iter().map(|row| row.left_fen.fen()).collect::<Vec<_>>(), [4_000, 4_000]);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_payment_that_took_and_spent_is_taken_back_as_a_whole() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let prepaid = held_item(manager, estate.community, "预存款", None).await;
    let deposit = held_item(manager, estate.community, "装修押金", None).await;
    let first = taken(manager, &estate, prepaid, 5_000).await;
    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 3_000).await;
    let take = TakeHeld { bill: BillId(Uuid::now_v7()), fee_item: deposit, amount_fen: fen(20_000) };
    let both = Collect {
        takes: vec![take],
        payer: "装修公司".into(),
        methods: vec![way(Method::Prepaid, 3_000), way(Method::Cash, 20_000)],
        ..in_cash(&estate, estate.home, &[(owed, 3_000)])
    };
    // The same click twice at one moment.
    let (one, other) = tokio::join!(manager.asks(both.clone()), manager.asks(both));
    let (paid, again) = (one.unwrap(), other.unwrap());
    assert_eq!((paid.payer.as_str(), &paid), ("装修公司", &again));
    assert_eq!(left(manager, &estate).await, [2_000, 20_000]);
    let void = VoidPayment { community: estate.community, payment: paid.payment, reason: "收错".into() };
    manager.does(void).await;
    assert_eq!(left(manager, &estate).await, [5_000]);
    assert_eq!(manager.does(ShowHeld { community: estate.community, bill: first }).await.events.len(), 3);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn the_same_deposit_taken_twice_at_one_moment_is_one() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let deposit = held_item(manager, estate.community, "装修押金", None).await;
    let (_, ask) = takes(&estate, estate.home, deposit, 20_000);
    let (one, other) = tokio::join!(manager.asks(ask.clone()), manager.asks(ask.clone()));
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(left(manager, &estate).await, [20_000]);
    // A bill's id that is taken is no way to take more.
    let again = Collect { payment: PaymentId(Uuid::now_v7()), ..ask };
    let refused = manager.is_refused(again).await;
    assert_eq!((refused.status, left(manager, &estate).await), (409, vec![20_000]), "{refused:?}");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn two_cashiers_spend_the_same_money_once() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let prepaid = held_item(manager, estate.community, "预存款", None).await;
    let own = taken(manager, &estate, prepaid, 10_000).await;
    let month = this_month(&anju);
    let fee = bill(&anju, &estate, estate.home, estate.fee, month, 7_000).await;
    let water = bill(&anju, &estate, estate.home, estate.water, month, 7_000).await;
    let pay = |bill| Collect { methods: vec![way(Method::Prepaid, 7_000)], ..in_cash(&estate, estate.home, &[(bill, 7_000)]) };
    let (one, other, third) =
        tokio::join!(manager.asks(pay(fee)), manager.asks(pay(water)), manager.asks(back(&estate, &[(own, 10_000, 10_000)])));
    let done = usize::from(one.is_ok()) + usize::from(other.is_ok()) + usize::from(third.is_ok());
    assert_eq!(done, 1, "{one:?} {other:?} {third:?}");
    anju.the_books_balance().await;
}
