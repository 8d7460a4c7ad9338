//! Stories of the day's totals: what came in, what went back and what was set off, held against the ledger and the collections.

use common::cashier::Method;
use common::cashier::api::{
    Collect, DayTotals, Flow, GetReceipt, GiveBack, Move, Purpose, RefundLine, SetOffBy, SumDay, VoidPayment,
};
use common::cashier::settle::TakeHeld;
use common::charging::api::SaveFeeItem;
use common::charging::tariff::{FeeItemKind, Offsetting};
use common::id::{BillId, CommunityId, FeeItemId, PaymentId, RefundId, UnitId};
use common::money::Money;
use common::reports::api::{AskLedger, SumCollections};
use uuid::Uuid;

use crate::billing::{generated, october, seen};
use crate::cashier::{bill, estate, fen, in_cash, payments, this_month, way};
use crate::support::{Anju, Person};

async fn held_item(manager: &Person, community: CommunityId, name: &str, kind: FeeItemKind) -> FeeItemId {
    let fee_item = FeeItemId(Uuid::now_v7());
    manager.does(SaveFeeItem::of(community, fee_item, name, name, kind)).await;
    fee_item
}

/// Money for a new holding; no bill that stood before.
fn take(community: CommunityId, unit: UnitId, fee_item: FeeItemId, amount: i64, method: Method) -> Collect {
    Collect {
        community,
        payment: PaymentId(Uuid::now_v7()),
        unit,
        bills: vec![],
        takes: vec![TakeHeld { bill: BillId(Uuid::now_v7()), fee_item, amount_fen: fen(amount) }],
        payer: String::new(),
        methods: vec![way(method, amount)],
        tendered_fen: None,
        note: String::new(),
    }
}

async fn day(person: &Person, community: CommunityId) -> DayTotals {
    person.does(SumDay { community, day: None, flows: true }).await
}

fn flow(taken: i64, voided: i64, refunded: i64) -> Flow {
    Flow { taken_fen: fen(taken), voided_fen: fen(voided), refunded_fen: fen(refunded) }
}

fn by_method(day: &DayTotals) -> Vec<(Method, Flow)> {
    day.by_method.iter().map(|one| (one.method, one.flow)).collect()
}

fn by_purpose(day: &DayTotals) -> Vec<(Purpose, Flow)> {
    day.by_purpose.iter().map(|one| (one.purpose, one.flow)).collect()
}

fn set_off(day: &DayTotals) -> Vec<(SetOffBy, Flow)> {
    day.set_off.iter().map(|one| (one.by, one.flow())).collect()
}

/// By method and by purpose it is the same money, and that of the payments and refunds; each is what its postings add up to.
async fn it_adds_up(anju: &Anju, day: &DayTotals) {
    let sum = |flows: Vec<Flow>| Flow::sum(flows).unwrap();
    let methods = sum(day.by_method.iter().map(|one| one.flow).collect());
    assert_eq!(methods, sum(day.by_purpose.iter().map(|one| one.flow).collect()));
    let all = &day.all;
    assert_eq!((methods.voided_fen, methods.refunded_fen, methods.net()), (all.voided_fen, all.refunded_fen, all.net()));
    assert_eq!(Some(methods.taken_fen), all.money_in().checked_add(all.voided_fen));
    for one in &day.by_method {
        let code = one.method.code();
        let booked = anju
            .counts(&format!(
                "SELECT CAST(COALESCE(SUM(CASE WHEN debit = '{code}' THEN amount_fen ELSE -amount_fen END), 0) AS bigint) \
                 FROM posting WHERE day = '{}' AND '{code}' IN (debit, credit)",
                day.day
            ))
            .await;
        assert_eq!(booked, one.flow.net().fen(), "{code}");
    }
}

#[tokio::test]
async fn a_day_says_what_came_and_went_by_method_and_what_it_was_for() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let deposit = held_item(manager, community, "装修押金", FeeItemKind::Deposit).await;
    let prepaid = held_item(manager, community, "预存款", FeeItemKind::Prepayment).await;
    let month = this_month(&anju);
    let fee = bill(&anju, &estate, estate.home, estate.fee, month, 30_000).await;
    let water = bill(&anju, &estate, estate.home, estate.water, month, 7_000).await;
    assert!(day(manager, community).await.is_empty());

    let security = take(community, estate.home, deposit, 200_000, Method::Cash);
    let security_bill = security.takes[0].bill;
    manager.does(security).await;
    manager.does(take(community, estate.home, prepaid, 50_000, Method::Wechat)).await;
    let paid = Collect {
        methods: vec![way(Method::Prepaid, 10_000), way(Method::Cash, 20_000)],
        ..in_cash(&estate, estate.home, &[(fee, 30_000)])
    };
    manager.does(paid).await;
    let wrong = manager.does(in_cash(&estate, estate.home, &[(water, 7_000)])).await;
    manager.does(VoidPayment { community, payment: wrong.payment, reason: "收错户".into() }).await;
    let back = GiveBack {
        community,
        refund: RefundId(Uuid::now_v7()),
        unit: estate.home,
        lines: vec![RefundLine { bill: security_bill, amount_fen: fen(150_000), left_fen: fen(200_000) }],
        method: Method::Transfer,
        reference: String::new(),
        payee: "林晓芸".into(),
        reason: "装修验收合格".into(),
    };
    manager.does(back).await;

    let day = day(manager, community).await;
    let methods =
        [(Method::Cash, flow(227_000, 7_000, 0)), (Method::Wechat, flow(50_000, 0, 0)), (Method::Transfer, flow(0, 0, 150_000))];
    assert_eq!(by_method(&day), methods);
    let purposes = [
        (Purpose::Fees, flow(27_000, 7_000, 0)),
        (Purpose::Prepaid, flow(50_000, 0, 0)),
        (Purpose::Deposit, flow(200_000, 0, 150_000)),
    ];
    assert_eq!(by_purpose(&day), purposes);
    assert_eq!(set_off(&day), [(SetOffBy::Desk, flow(10_000, 0, 0))]);
    it_adds_up(&anju, &day).await;

    // The ledger's month has this one day: fees that stayed are what it received, and it set off the same.
    let ask = AskLedger { community, from: month, to: month, by: vec![], building: None, fee_item: None };
    let ledger = manager.does(ask).await.total;
    let received = ledger.received_fen.checked_add(ledger.late_fee_fen).unwrap();
    assert_eq!((received, ledger.offset_fen), (day.by_purpose[0].flow.net(), day.set_off[0].flow().net()));
    let ask = SumCollections {
        community,
        from: Some(day.day),
        to: Some(day.day),
        cashier: None,
        method: None,
        building: None,
        fee_item: None,
    };
    let collected = Money::sum(manager.does(ask).await.iter().map(|one| one.amount_fen)).unwrap();
    assert_eq!(collected, day.all.money_in(), "collections leave refunds to their own list");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_a_run_set_off_counts_on_its_day_and_what_is_taken_back_on_a_later_one() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::charging::Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.50").await;
    let (manager, community, home) = (estate.manager, estate.community, estate.units[0]);
    let by_itself = FeeItemId(Uuid::now_v7());
    let item = SaveFeeItem {
        offsetting: Some(Offsetting::AtGeneration),
        ..SaveFeeItem::of(community, by_itself, "YC", "预存款", FeeItemKind::Prepayment)
    };
    manager.does(item).await;
    manager.does(take(community, home, by_itself, 30_000, Method::Wechat)).await;
    let (_, ask) = seen(manager, &october(community, &[fee_item])).await;
    generated(&anju, manager, ask).await;
    let first = day(manager, community).await;
    // 80 m² at 2.50.
    assert_eq!(set_off(&first), [(SetOffBy::Run, flow(20_000, 0, 0))]);
    assert_eq!(by_purpose(&first), [(Purpose::Prepaid, flow(30_000, 0, 0))]);
    it_adds_up(&anju, &first).await;
    let rows = manager.does(payments(community)).await.rows;
    let of_run = rows.iter().find(|row| row.receipt_number.starts_with("DK")).unwrap().payment;

    let anju = anju.later("2026-11-20").await;
    let manager = anju.manager().await;
    assert!(day(manager, community).await.is_empty());
    assert!(manager.does(GetReceipt { community, payment: of_run }).await.may_void);
    manager.does(VoidPayment { community, payment: of_run, reason: "业主要留着".into() }).await;
    let later = day(manager, community).await;
    assert_eq!(set_off(&later), [(SetOffBy::Run, flow(0, 20_000, 0))]);
    assert_eq!((by_method(&later), by_purpose(&later)), (vec![], vec![]), "no money moved");
    assert_eq!(Flow::default().and(Move::Voided, fen(20_000)), Some(later.set_off[0].flow()));
    let before = manager.does(SumDay { community, day: Some("2026-11-10".parse().unwrap()), flows: true }).await;
    assert_eq!(set_off(&before), set_off(&first), "its own day stays as it was");
    anju.the_books_balance().await;
}
