//! Stories of owners' money that is held: prepayments and deposits are taken, pay bills, and go back; nothing is lost or doubled.

use common::approvals::api::GetApproval;
use common::approvals::flow::DeedKind;
use common::billing::api::{GetRunInputs, ImportBills, ImportStep, ListBills, PastBill, WaiveBill};
use common::cashier::api::{
    Collect, GetReceipt, GetRefund, GiveBack, HeldDeed, HeldFilter, ListHeld, ListPayments, ListRefunds, OpenDesk, PrintRefund,
    RefundLine, ShowHeld, SumDay, SumHeld, VoidPayment,
};
use common::cashier::settle::{BillAmount, TakeHeld};
use common::cashier::{HeldKind, Method};
use common::charging::api::{ListFeeItems, SaveFeeItem, SetLateFee};
use common::charging::late_fee::{LateFeeRule, LateFeeTerm};
use common::charging::tariff::{FeeItemKind, Offsetting};
use common::id::{BillId, CommunityId, FeeItemId, ImportId, PaymentId, RefundId, UnitId, WaiverId};
use common::permission::Permission;
use common::reports::api::{AskDashboard, AskLedger, Grouping};
use uuid::Uuid;

use crate::billing::{generated, october, seen};
use crate::cashier::{Estate, bill, desk, estate, fen, in_cash, this_month, way};
use crate::charging::day;
use crate::support::{Anju, Person};

/// A fee item under which money is held.
async fn held_item(person: &Person, community: CommunityId, name: &str, pays_for: Option<FeeItemId>) -> FeeItemId {
    let fee_item = FeeItemId(Uuid::now_v7());
    let kind = if name.ends_with("押金") { FeeItemKind::Deposit } else { FeeItemKind::Prepayment };
    person.does(SaveFeeItem { pays_for, ..SaveFeeItem::of(community, fee_item, name, name, kind) }).await;
    fee_item
}

/// So much in cash, to be held.
fn takes(estate: &Estate, unit: UnitId, fee_item: FeeItemId, amount: i64) -> (BillId, Collect) {
    let bill = BillId(Uuid::now_v7());
    let take = TakeHeld { bill, fee_item, amount_fen: fen(amount) };
    (bill, Collect { takes: vec![take], methods: vec![way(Method::Cash, amount)], ..in_cash(estate, unit, &[]) })
}

async fn taken(person: &Person, estate: &Estate, fee_item: FeeItemId, amount: i64) -> BillId {
    let (bill, ask) = takes(estate, estate.home, fee_item, amount);
    person.does(ask).await;
    bill
}

/// What is left of each holding of a household, in the order in which they were taken.
async fn left(person: &Person, estate: &Estate) -> Vec<i64> {
    desk(person, estate, estate.home).await.held.iter().map(|held| held.holding.left_fen.fen()).collect()
}

fn back(estate: &Estate, lines: &[(BillId, i64, i64)]) -> GiveBack {
    let line =
        |(bill, amount, left): &(BillId, i64, i64)| RefundLine { bill: *bill, amount_fen: fen(*amount), left_fen: fen(*left) };
    GiveBack {
        community: estate.community,
        refund: RefundId(Uuid::now_v7()),
        unit: estate.home,
        lines: lines.iter().map(line).collect(),
        method: Method::Transfer,
        reference: "T-77".into(),
        payee: "林晓芸".into(),
        reason: "装修验收合格".into(),
    }
}

fn all(community: CommunityId) -> ListHeld {
    ListHeld {
        community,
        kind: None,
        state: None,
        fee_item: None,
        unit: None,
        from: None,
        to: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    }
}

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

    let day = cashier.does(SumDay { community: estate.community, day: None }).await.all;
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
    let day = cashier.does(SumDay { community: estate.community, day: None }).await.all;
    assert_eq!((day.payments, day.voided, day.voided_fen), (0, 2, fen(53_219)), "what was set off is no money");
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
async fn a_deposit_goes_back_in_part_and_then_in_full() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let community = estate.community;
    let deposit = held_item(anju.manager().await, community, "装修押金", None).await;
    let may = [Permission::CashierRead, Permission::CashierCollect, Permission::CashierRefund];
    let cashier = anju.employee(&may, &[community]).await;
    let own = taken(&cashier, &estate, deposit, 200_000).await;

    let part = back(&estate, &[(own, 50_000, 200_000)]);
    let given = cashier.does(part.clone()).await;
    assert_eq!(cashier.does(part.clone()).await, given, "sent twice, it goes back once");
    cashier.is_refused_with(GiveBack { refund: RefundId(Uuid::now_v7()), ..part.clone() }, "cashier.held_left_changed").await;
    cashier.is_refused_with(back(&estate, &[(own, 150_001, 150_000)]), "cashier.more_than_held").await;
    cashier.is_refused_with(GiveBack { unit: estate.neighbour, ..back(&estate, &[(own, 1, 150_000)]) }, "not_found").await;
    cashier
        .is_refused_with(GiveBack { method: Method::Prepaid, ..back(&estate, &[(own, 1, 150_000)]) }, "cashier.not_at_the_desk")
        .await;

    let voucher = cashier.does(GetRefund { community, refund: given.refund }).await;
    assert_eq!((given.number.as_deref(), voucher.capitals.as_str()), (Some(voucher.number.as_str()), "伍佰元整"));
    assert_eq!((voucher.lines[0].taken_fen, voucher.lines[0].left_fen), (fen(200_000), fen(150_000)));
    assert_eq!(cashier.does(PrintRefund { community, refund: given.refund }).await.prints, 1);
    let rest = cashier.does(back(&estate, &[(own, 150_000, 150_000)])).await;
    // What the first voucher left stays what it left then.
    assert_eq!(cashier.does(GetRefund { community, refund: given.refund }).await.lines[0].left_fen, fen(150_000));
    let view = cashier.does(ShowHeld { community, bill: own }).await;
    let told: Vec<_> = view.events.iter().map(|one| (one.deed, one.left_fen.fen(), one.refund)).collect();
    let expected = [
        (HeldDeed::Taken, 200_000, None),
        (HeldDeed::Refunded, 150_000, Some(given.refund)),
        (HeldDeed::Refunded, 0, Some(rest.refund)),
    ];
    assert_eq!(told, expected);

    let list = ListRefunds {
        community,
        from: None,
        to: None,
        method: Some(Method::Transfer),
        unit: None,
        search: Some("3-2".into()),
        page: None,
        size: None,
        sort: Some("total".into()),
    };
    let rows = cashier.does(list).await.rows;
    assert_eq!(rows.iter().map(|row| row.total_fen.fen()).collect::<Vec<_>>(), [50_000, 150_000]);
    let day = cashier.does(SumDay { community, day: None }).await;
    assert_eq!((day.all.refunded_fen, day.all.net(), day.by_cashier.len()), (fen(200_000), fen(0), 1));
    assert_eq!(day.by_cashier[0].takings.refunded[0].payments, 2);
    let board = anju.manager().await.does(AskDashboard { community }).await;
    assert_eq!((board.takings.refunded_fen, board.this_month.receivable_fen), (fen(200_000), fen(0)));
    let gone = cashier.does(ListHeld { state: Some(HeldFilter::Gone), ..all(community) }).await;
    assert_eq!(gone.rows.iter().map(|row| row.bill).collect::<Vec<_>>(), [own]);
    assert_eq!(cashier.does(SumHeld::from(&all(community))).await.refunded_fen, fen(200_000));
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

#[tokio::test]
async fn giving_back_waits_where_a_flow_wants_it() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let deposit = held_item(manager, community, "装修押金", None).await;
    let own = taken(manager, &estate, deposit, 200_000).await;
    let decides = crate::approvals::decider(&anju, community).await;
    crate::approvals::flow(manager, community, DeedKind::Refund, 100_000, &decides).await;
    assert!(manager.does(back(&estate, &[(own, 50_000, 200_000)])).await.waits.is_none());

    let ask = back(&estate, &[(own, 150_000, 150_000)]);
    let asked = manager.does(ask.clone()).await;
    let request = asked.waits.unwrap();
    assert_eq!(asked.number, None);
    // What waits to go back pays nothing meanwhile.
    assert_eq!(left(manager, &estate).await, [0_i64; 0]);
    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 100).await;
    let pay = Collect { methods: vec![way(Method::Deposit, 100)], ..in_cash(&estate, estate.home, &[(owed, 100)]) };
    manager.is_refused_with(pay, "cashier.held_changed").await;
    let told = decides.does(GetApproval { community, approval: request }).await;
    let said: Vec<&str> = told.changes.iter().map(|change| change.what.as_str()).collect();
    assert_eq!(said, ["cashier-payee", "cashier-refund-method", "cashier-slip", "cashier-payer"]);
    assert_eq!(manager.does(all(community)).await.rows[0].waits, Some(request));
    manager.is_refused_with(back(&estate, &[(own, 1, 150_000)]), "approvals.waits_already").await;
    decides.does(crate::approvals::agree(community, request, 1)).await;
    assert_eq!(left(manager, &estate).await, [0_i64; 0]);
    assert_eq!(manager.does(GetRefund { community, refund: ask.refund }).await.total_fen, fen(150_000));
    anju.the_books_balance().await;
}

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
async fn deposits_of_the_past_are_held_since_the_day_on_which_they_were_paid() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    held_item(manager, community, "装修押金", None).await;
    let past = PastBill {
        row: 2,
        unit: "3-2-1501".into(),
        fee_item: "装修押金".into(),
        period_from: day("2025-03-01"),
        period_to: day("2025-03-02"),
        amount_fen: fen(200_000),
        due_day: Some(day("2025-03-01")),
        paid_fen: fen(200_000),
        paid_day: Some(day("2025-03-05")),
        cashier: "老系统".into(),
        note: String::new(),
    };
    let import = ImportBills {
        community,
        import: ImportId(Uuid::now_v7()),
        file_name: "押金.xlsx".into(),
        step: ImportStep::TakeOver,
        bills: vec![past],
    };
    manager.does(import).await;
    let rows = manager.does(all(community)).await.rows;
    assert_eq!(rows.iter().map(|row| (row.since, row.left_fen.fen())).collect::<Vec<_>>(), [(day("2025-03-05"), 200_000)]);
    let given = manager.does(back(&estate, &[(rows[0].bill, 200_000, 200_000)])).await;
    assert!(given.number.is_some());
    let sheet = manager.takes_home(&format!("/api/cashier/held/export.xlsx?community={community}&language=zh-CN")).await;
    assert_eq!(sheet[1].last().map(String::as_str), Some("0"), "{sheet:?}");
    let sheet = manager.takes_home(&format!("/api/cashier/refunds/export.xlsx?community={community}&language=zh-CN")).await;
    assert_eq!(sheet.len(), 3, "head, refund, total: {sheet:?}");
    anju.the_books_balance().await;
}
