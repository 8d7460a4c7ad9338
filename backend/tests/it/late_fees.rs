//! Stories of late fee: counted until it is paid, charged when money comes in, taken back with its payment, let go with a reason.

use common::billing::api::{BillFilter, BillView, GetBill, GetBillTotals, ListBills, VoidBills, WaiveBill};
use common::cashier::Method;
use common::cashier::api::{Collect, GetOrder, OpenDesk, SaveOrder, VoidPayment, WaiveLateFee};
use common::cashier::settle::BillAmount;
use common::charging::api::{EndLateFee, ListFeeItems, SetLateFee};
use common::charging::late_fee::{BillPart, CountedFrom, InsideBill, LateFeeRule, LateFeeTerm, LateStep};
use common::id::{BillId, LateFeeWaiverId, WaiverId};
use common::money::Money;
use common::period::{Day, Month};
use common::permission::Permission;
use common::reports::api::{
    ArrearsRow, AskArrears, AskDashboard, AskLedger, ListArrears, ListCollections, ListEntries, Side, SumCollections,
};
use uuid::Uuid;

use crate::cashier::{Estate, bill, estate, fen, in_cash, way};
use crate::support::{Anju, Person};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn december() -> Month {
    "2025-12".parse().unwrap()
}

/// 1,000.00 of December, due on 15 January, at 0.05 % a day.
async fn owing() -> (Anju, Estate, BillId) {
    let anju = Anju::start_on("2026-01-10").await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    manager.does(set(&estate, LateFeeRule::default(), "2026-01-01")).await;
    let owed = bill(&anju, &estate, estate.home, estate.fee, december(), 100_000).await;
    (anju, estate, owed)
}

fn set(estate: &Estate, rule: LateFeeRule, from: &str) -> SetLateFee {
    let term = LateFeeTerm { rule, from: day(from), to: None };
    SetLateFee { community: estate.community, fee_item: estate.fee, term }
}

/// What is open of the only bill at the desk: principal and late fee.
async fn due(person: &Person, estate: &Estate) -> (i64, i64) {
    let desk = person.does(OpenDesk { community: estate.community, unit: estate.home }).await;
    assert_eq!(Money::sum(desk.bills.iter().map(|bill| bill.late_fee_fen)), Some(desk.late_fee_fen));
    desk.bills.first().map_or((0, 0), |bill| (bill.open_fen.fen(), bill.late_fee_fen.fen()))
}

fn pay(estate: &Estate, bill: BillId, amount: i64, (open, late): (i64, i64)) -> Collect {
    Collect {
        bills: vec![BillAmount { bill, amount_fen: fen(amount), open_fen: fen(open), late_fee_fen: fen(late) }],
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![way(Method::Cash, amount)],
        ..in_cash(estate, estate.home, &[])
    }
}

async fn view(person: &Person, estate: &Estate, bill: BillId) -> BillView {
    person.does(GetBill { community: estate.community, bill }).await
}

#[tokio::test]
async fn what_is_late_is_collected_with_its_late_fee() {
    let (anju, estate, owed) = owing().await;
    assert_eq!(due(anju.manager().await, &estate).await, (100_000, 0));
    let anju = anju.later("2026-01-25").await;
    let manager = anju.manager().await;
    // 16 to 24 January, nine days.
    assert_eq!(due(manager, &estate).await, (100_000, 450));
    let late = view(manager, &estate, owed).await.late_fee.unwrap();
    assert_eq!((late.due_fen, late.fee.amount_fen, late.fee.pieces.len()), (fen(450), fen(450), 1));
    let list = manager.does(ListBills { unit: Some(estate.home), ..ListBills::of(estate.community) }).await;
    assert_eq!(list.rows[0].late_fee_fen, fen(450));

    manager.is_refused_with(in_cash(&estate, estate.home, &[(owed, 100_000)]), "cashier.late_fee_changed").await;
    let receipt = manager.does(pay(&estate, owed, 100_450, (100_000, 450))).await;
    let line = &receipt.lines[0];
    assert_eq!((line.amount_fen, line.late_fee_fen, line.left_fen), (fen(100_450), fen(450), fen(0)));
    assert_eq!(receipt.total_fen, fen(100_450));
    anju.the_books_balance().await;

    let after = view(manager, &estate, owed).await;
    assert_eq!((after.bill.open_fen, after.bill.paid_fen, after.bill.late_fee_fen), (fen(0), fen(100_000), fen(0)));
    let debits: Vec<_> = after.postings.iter().map(|posting| (posting.debit.as_str(), posting.balance_fen.fen())).collect();
    assert_eq!(debits, [("receivable", 100_000), ("late_fee_receivable", 100_450), ("cash", 100_000), ("cash", 0)]);

    let takings = manager.does(AskDashboard { community: estate.community }).await.takings;
    assert_eq!((takings.payments, takings.total_fen), (1, fen(100_450)), "the day's takings are those of its receipts");
    // The ledger keeps it beside the bills, and the collections add up to the receipts.
    let ask =
        AskLedger { community: estate.community, from: december(), to: december(), by: vec![], building: None, fee_item: None };
    let total = manager.does(ask).await.total;
    assert_eq!((total.receivable_fen, total.received_fen, total.late_fee_fen), (fen(100_000), fen(100_000), fen(450)));
    let sums = SumCollections {
        community: estate.community,
        from: None,
        to: None,
        cashier: None,
        method: None,
        building: None,
        fee_item: None,
    };
    let sums = manager.does(sums).await;
    let parts: Vec<_> = sums.iter().map(|sum| (sum.part, sum.amount_fen.fen())).collect();
    assert_eq!(parts, [(BillPart::Principal, 100_000), (BillPart::LateFee, 450)]);
    let list = ListCollections {
        community: estate.community,
        from: None,
        to: None,
        cashier: None,
        method: None,
        building: None,
        fee_item: None,
        page: None,
        size: None,
        sort: None,
    };
    assert_eq!(manager.does(list).await.rows.len(), 2);
    let entries = ListEntries {
        community: estate.community,
        side: Side::LateFee,
        from: december(),
        to: december(),
        building: None,
        no_building: None,
        fee_item: None,
        page: None,
        size: None,
        sort: None,
    };
    assert_eq!(manager.does(entries).await.rows.iter().map(|row| row.amount_fen.fen()).collect::<Vec<_>>(), [450]);

    let anju = anju.later("2026-03-01").await;
    assert_eq!(due(anju.manager().await, &estate).await, (0, 0));
    assert_eq!(view(anju.manager().await, &estate, owed).await.late_fee.unwrap().due_fen, fen(0));
}

#[tokio::test]
async fn parts_stop_counting_and_what_was_fixed_stays() {
    let (anju, estate, owed) = owing().await;
    let anju = anju.later("2026-01-20").await;
    let receipt = anju.manager().await.does(pay(&estate, owed, 30_000, (100_000, 200))).await;
    assert_eq!((receipt.lines[0].late_fee_fen, receipt.lines[0].left_fen), (fen(200), fen(70_200)));
    assert_eq!(due(anju.manager().await, &estate).await, (70_200, 0));
    let anju = anju.later("2026-01-25").await;
    let manager = anju.manager().await;
    // 4 × 100,000 and 5 × 70,200 at 0.05 % are 375.5 fen, of which 200 were charged.
    assert_eq!(due(manager, &estate).await, (70_200, 176));
    // A part smaller than the late fee leaves the principal alone.
    manager.does(pay(&estate, owed, 100, (70_200, 176))).await;
    assert_eq!(due(manager, &estate).await, (70_200, 76));
    anju.the_books_balance().await;
    let second = manager.does(pay(&estate, owed, 70_276, (70_200, 76))).await;
    assert_eq!(second.lines[0].left_fen, fen(0));
    anju.the_books_balance().await;

    // Its payment taken back, all is as it was before it; the others stay.
    let void = VoidPayment { community: estate.community, payment: second.payment, reason: "收错".into() };
    manager.does(void).await;
    assert_eq!(due(manager, &estate).await, (70_200, 76));
    let late = view(manager, &estate, owed).await.late_fee.unwrap();
    assert_eq!((late.paid_fen, late.fee.amount_fen), (fen(300), fen(376)));
    anju.the_books_balance().await;
    let anju = anju.later("2026-01-26").await;
    // 410.6 fen, less 300.
    assert_eq!(due(anju.manager().await, &estate).await, (70_200, 111));
}

#[tokio::test]
async fn of_two_cashiers_one_takes_the_late_fee() {
    let (anju, estate, owed) = owing().await;
    let anju = anju.later("2026-01-25").await;
    let mut answers = Vec::new();
    for _ in 0..4 {
        let cashier = anju.employee(&[Permission::CashierCollect], &[estate.community]).await;
        let ask = pay(&estate, owed, 450, (100_000, 450));
        answers.push(tokio::spawn(async move { cashier.asks(ask).await }));
    }
    let mut refusals = Vec::new();
    for answer in answers {
        refusals.extend(answer.await.unwrap().err());
    }
    assert_eq!(refusals.iter().map(|refusal| refusal.code.as_str()).collect::<Vec<_>>(), ["cashier.late_fee_changed"; 3]);
    assert_eq!(due(anju.manager().await, &estate).await, (100_000, 0));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn principal_first_leaves_the_late_fee_to_be_paid() {
    let (anju, estate, owed) = owing().await;
    let anju = anju.later("2026-01-25").await;
    let manager = anju.manager().await;
    assert_eq!(manager.does(GetOrder { community: estate.community }).await, InsideBill::LateFeeFirst);
    manager.does(SaveOrder { community: estate.community, order: InsideBill::PrincipalFirst }).await;
    let first = manager.does(pay(&estate, owed, 100_000, (100_000, 450))).await;
    assert_eq!((first.lines[0].late_fee_fen, first.lines[0].left_fen), (fen(0), fen(0)));
    anju.the_books_balance().await;
    let anju = anju.later("2026-02-25").await;
    let manager = anju.manager().await;
    assert_eq!(due(manager, &estate).await, (0, 450));
    let list = ListBills { state: Some(BillFilter::LateFee), ..ListBills::of(estate.community) };
    assert_eq!(manager.does(list.clone()).await.rows.len(), 1);
    // It is owed wherever people look for what is owed.
    let unpaid = |state| ListBills { state: Some(state), ..ListBills::of(estate.community) };
    let owing = [BillFilter::Unpaid, BillFilter::Overdue].map(unpaid);
    for ask in owing.clone() {
        assert_eq!(manager.does(ask.clone()).await.rows.len(), 1);
        assert_eq!(manager.does(GetBillTotals::from(&ask)).await.bills, 1);
    }
    let (community, building, fee_item) = (estate.community, None, None);
    let late = AskArrears { community, building, fee_item, by: None };
    let told = manager.does(late.clone()).await;
    assert_eq!((told.units, told.late_fen, told.late_fee_fen), (1, fen(0), fen(450)));
    let units = ListArrears { community, building, fee_item, age: None, page: None, size: None, sort: None };
    let rows = manager.does(units.clone()).await.rows;
    let of = |row: &ArrearsRow| (row.unit, row.bills, row.late_fen, row.late_fee_fen);
    assert_eq!(rows.iter().map(of).collect::<Vec<_>>(), [(estate.home, 1, fen(0), fen(450))]);

    manager.does(pay(&estate, owed, 450, (0, 450))).await;
    assert_eq!(manager.does(list).await.rows.len(), 0);
    for ask in owing {
        assert_eq!(manager.does(ask).await.rows.len(), 0);
    }
    assert_eq!((manager.does(late).await.units, manager.does(units).await.rows.len()), (0, 0));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_payment_on_whose_late_fee_another_rests_is_not_taken_back_first() {
    let (anju, estate, owed) = owing().await;
    let anju = anju.later("2026-01-25").await;
    let manager = anju.manager().await;
    manager.does(SaveOrder { community: estate.community, order: InsideBill::PrincipalFirst }).await;
    let first = manager.does(pay(&estate, owed, 100_000, (100_000, 450))).await;
    let second = manager.does(pay(&estate, owed, 450, (0, 450))).await;
    let void = |payment| VoidPayment { community: estate.community, payment, reason: "收错".into() };
    manager.is_refused_with(void(first.payment), "cashier.late_fee_settled_since").await;
    manager.does(void(second.payment)).await;
    assert_eq!(due(manager, &estate).await, (0, 450));
    manager.does(void(first.payment)).await;
    assert_eq!(due(manager, &estate).await, (100_000, 450));
    anju.the_books_balance().await;
}

fn waive(estate: &Estate, bill: BillId, amount: i64, late: i64) -> WaiveLateFee {
    WaiveLateFee {
        community: estate.community,
        waiver: LateFeeWaiverId(Uuid::now_v7()),
        bill,
        amount_fen: fen(amount),
        late_fee_fen: fen(late),
        reason: "漏水未修".into(),
    }
}

#[tokio::test]
async fn late_fee_is_let_go_with_a_reason() {
    let (anju, estate, owed) = owing().await;
    let anju = anju.later("2026-01-25").await;
    let manager = anju.manager().await;
    let cashier = anju.employee(&[Permission::CashierRead, Permission::CashierCollect], &[estate.community]).await;
    assert_eq!(cashier.is_refused(waive(&estate, owed, 100, 450)).await.status, 403);
    manager.is_refused_with(WaiveLateFee { reason: " ".into(), ..waive(&estate, owed, 100, 450) }, "required").await;
    manager.is_refused_with(waive(&estate, owed, 451, 450), "cashier.more_than_late_fee").await;
    manager.is_refused_with(waive(&estate, owed, 400, 400), "cashier.late_fee_changed").await;
    let ask = waive(&estate, owed, 150, 450);
    manager.does(ask.clone()).await;
    manager.does(ask).await;
    assert_eq!(due(manager, &estate).await, (100_000, 300));
    let bill = view(manager, &estate, owed).await;
    assert_eq!(bill.late_fee.unwrap().waived_fen, fen(150));
    assert_eq!((bill.history[0].what.as_str(), bill.history[0].note.as_str()), ("late_fee_waived", "漏水未修"));
    anju.the_books_balance().await;

    // The next day counts on; the rest is paid.
    let anju = anju.later("2026-01-26").await;
    let manager = anju.manager().await;
    assert_eq!(due(manager, &estate).await, (100_000, 350));
    manager.does(pay(&estate, owed, 100_350, (100_000, 350))).await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn voiding_takes_back_late_fee_that_was_let_go_but_not_what_was_paid() {
    let (anju, estate, owed) = owing().await;
    let anju = anju.later("2026-01-25").await;
    let manager = anju.manager().await;
    manager.does(waive(&estate, owed, 150, 450)).await;
    manager.does(waive(&estate, owed, 50, 300)).await;
    let void =
        VoidBills { community: estate.community, request: Uuid::now_v7().into(), bills: vec![owed], reason: "开错".into() };
    // Late fee comes first: ten fen of it are paid, and nothing of the principal.
    let paid = manager.does(pay(&estate, owed, 10, (100_000, 250))).await;
    manager.is_refused_with(void.clone(), "billing.late_fee_paid").await;
    let community = estate.community;
    manager.does(VoidPayment { community, payment: paid.payment, reason: "收错".into() }).await;
    manager.does(void).await;
    let bill = view(manager, &estate, owed).await;
    assert_eq!((bill.bill.open_fen, bill.bill.late_fee_fen, bill.postings.last().unwrap().balance_fen), (fen(0), fen(0), fen(0)));
    let events: Vec<_> = bill.history.iter().map(|event| event.what.as_str()).collect();
    assert_eq!(events, ["void", "payment_void", "late_fee_paid", "late_fee_waived", "late_fee_waived", "raised"]);
    assert_eq!(due(manager, &estate).await, (0, 0));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn rules_follow_each_other_and_end() {
    let (anju, estate, _) = owing().await;
    let manager = anju.manager().await;
    let wrong = LateFeeRule { rate: "0.05".parse().unwrap(), ..LateFeeRule::default() };
    manager.is_refused_with(set(&estate, wrong, "2026-01-01"), "charging.late_fee_rate").await;
    // Steps come back as they were set.
    let steps = vec![LateStep { after_days: 30, rate: "0.001".parse().unwrap() }];
    let stepped = LateFeeRule { steps: steps.clone(), ..LateFeeRule::default() };
    manager.does(set(&estate, stepped, "2026-01-21")).await;
    let items = manager.does(ListFeeItems { community: estate.community }).await;
    let kept = |item: &common::charging::api::FeeItemView| item.late_fees.last().map(|term| term.rule.steps.clone());
    assert_eq!(items.iter().find(|item| item.id == estate.fee).and_then(kept), Some(steps));
    let lower = LateFeeRule {
        rate: "0.0001".parse().unwrap(),
        grace_days: 3,
        counted_from: CountedFrom::DueDay,
        ..LateFeeRule::default()
    };
    manager.does(set(&estate, lower, "2026-01-21")).await;
    manager.does(EndLateFee { community: estate.community, fee_item: estate.fee, to: day("2026-02-01") }).await;
    let items = manager.does(ListFeeItems { community: estate.community }).await;
    let terms = &items.iter().find(|item| item.id == estate.fee).unwrap().late_fees;
    assert_eq!(
        terms.iter().map(|term| (term.from, term.to)).collect::<Vec<_>>(),
        [(day("2026-01-01"), Some(day("2026-02-01"))), (day("2026-01-21"), Some(day("2026-02-01"))),]
    );
    // Five days at 0.05 %, eleven at 0.01 %.
    let anju = anju.later("2026-04-01").await;
    assert_eq!(due(anju.manager().await, &estate).await, (100_000, 250 + 110));

    let reader = anju.employee(&[Permission::ChargingRead], &[estate.community]).await;
    assert_eq!(reader.is_refused(set(&estate, LateFeeRule::default(), "2026-01-01")).await.status, 403);
    let elsewhere = anju.community("云栖里").await;
    let stranger = anju.employee(&[Permission::CashierWaive, Permission::ChargingWrite], &[elsewhere]).await;
    assert_eq!(stranger.is_refused(set(&estate, LateFeeRule::default(), "2026-01-01")).await.status, 404);
}

#[tokio::test]
async fn who_sees_one_building_waives_there_alone() {
    let (anju, estate, owed) = owing().await;
    let anju = anju.later("2026-01-25").await;
    let manager = anju.manager().await;
    let tree = manager.does(common::estate::api::GetTree { community: estate.community }).await;
    let of = |name: &str| tree.buildings.iter().find(|building| building.name.starts_with(name)).unwrap().building;
    let may = [Permission::CashierRead, Permission::CashierWaive];
    let elsewhere = anju.employee_of_buildings(&may, &[(estate.community, Some(of("5")))]).await;
    assert_eq!(elsewhere.is_refused(waive(&estate, owed, 450, 450)).await.status, 404);
    let here = anju.employee_of_buildings(&may, &[(estate.community, Some(of("3")))]).await;
    here.does(waive(&estate, owed, 450, 450)).await;
    assert_eq!(due(&here, &estate).await, (100_000, 0));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn waiving_all_that_is_open_lets_no_late_fee_go_unsaid() {
    let (anju, estate, owed) = owing().await;
    let anju = anju.later("2026-01-25").await;
    let manager = anju.manager().await;
    let all = WaiveBill {
        community: estate.community,
        waiver: WaiverId(Uuid::now_v7()),
        bill: owed,
        open_fen: fen(100_000),
        amount_fen: Some(fen(100_000)),
        percent: None,
        reason: "抵偿漏水".into(),
    };
    let refused = manager.is_refused_with(all.clone(), "billing.late_fee_first").await;
    assert_eq!(refused.args.get("late").map(String::as_str), Some("4.50"));
    manager.does(waive(&estate, owed, 450, 450)).await;
    manager.does(all).await;
    assert_eq!(due(manager, &estate).await, (0, 0));
    anju.the_books_balance().await;
}
