//! Stories of the desk: money is taken once, oldest first, by one of two cashiers, and taken back the same day.

use common::billing::api::RaiseBill;
use common::cashier::Method;
use common::cashier::api::{
    Collect, Desk, DeskMethod, GetReceipt, ListCashiers, ListPayments, OpenDesk, PaymentState, PrintReceipt, Receipt,
    SaveMethods, SumDay, SumPayments, VoidPayment,
};
use common::cashier::settle::{BillAmount, MethodAmount};
use common::charging::api::SaveFeeItem;
use common::charging::tariff::FeeItemKind;
use common::estate::api::Search;
use common::id::{BillId, CommunityId, FeeItemId, ImportId, PaymentId, UnitId};
use common::money::Money;
use common::period::Month;
use common::permission::Permission;
use common::residents::api::ImportEstate;
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use crate::support::{Anju, Person};

/// A community with an owner in two homes and a neighbour; bills of three months.
pub(crate) struct Estate {
    pub(crate) community: CommunityId,
    pub(crate) home: UnitId,
    pub(crate) second: UnitId,
    pub(crate) neighbour: UnitId,
    pub(crate) fee: FeeItemId,
    pub(crate) water: FeeItemId,
}

const UNITS: &str = "楼栋,单元,房号,建筑面积,业主姓名,联系电话\n3,2,1501,118.64,林晓芸,13812346027\n5,1,0803,89.5,林晓芸,13812346027\n5,1,1102,92,陈伟明,13912340002\n";

pub(crate) async fn estate(anju: &Anju) -> Estate {
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    let reading = common::estate::import::read(&common::sheet::read(UNITS.as_bytes()).unwrap());
    assert_eq!(reading.problems, []);
    manager
        .does(ImportEstate { community, import: ImportId(Uuid::now_v7()), file_name: "房屋.csv".into(), draft: reading.draft })
        .await;
    let (fee, water) = (fee_item(manager, community, "物业费").await, fee_item(manager, community, "水费").await);
    let unit = async |room: &str| {
        manager.does(Search { community, text: room.to_owned() }).await.first().and_then(|hit| hit.unit).unwrap()
    };
    let (home, second, neighbour) = (unit("3-2-1501").await, unit("5-1-0803").await, unit("5-1-1102").await);
    Estate { community, home, second, neighbour, fee, water }
}

async fn fee_item(manager: &Person, community: CommunityId, name: &str) -> FeeItemId {
    let fee_item = FeeItemId(Uuid::now_v7());
    manager.does(SaveFeeItem::of(community, fee_item, name, name, FeeItemKind::Property)).await;
    fee_item
}

/// This month on the community's calendar.
pub(crate) fn this_month(anju: &Anju) -> Month {
    Month::of((anju.app.now() + chrono::Duration::hours(8)).date_naive())
}

/// A bill of a month, due on the 15th of the next.
pub(crate) async fn bill(anju: &Anju, estate: &Estate, unit: UnitId, fee_item: FeeItemId, month: Month, fen: i64) -> BillId {
    let bill = BillId(Uuid::now_v7());
    let ask = RaiseBill {
        community: estate.community,
        bill,
        unit,
        fee_item,
        amount_fen: Money::from_fen(fen),
        period_from: month.first_day(),
        period_to: month.plus(1).first_day(),
        due_day: month.plus(1).first_day() + chrono::Duration::days(14),
        note: String::new(),
    };
    anju.manager().await.does(ask).await;
    bill
}

pub(crate) fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

pub(crate) fn way(method: Method, amount: i64) -> MethodAmount {
    MethodAmount { method, amount_fen: fen(amount), reference: String::new() }
}

/// All of these bills in cash.
pub(crate) fn in_cash(estate: &Estate, unit: UnitId, bills: &[(BillId, i64)]) -> Collect {
    let total = bills.iter().map(|(_, amount)| amount).sum();
    Collect {
        community: estate.community,
        payment: PaymentId(Uuid::now_v7()),
        unit,
        bills: bills.iter().map(|(bill, amount)| BillAmount::whole(*bill, fen(*amount))).collect(),
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![way(Method::Cash, total)],
        tendered_fen: None,
        note: String::new(),
    }
}

pub(crate) async fn desk(person: &Person, estate: &Estate, unit: UnitId) -> Desk {
    person.does(OpenDesk { community: estate.community, unit }).await
}

#[tokio::test]
async fn a_household_pays_part_in_cash_and_the_rest_by_transfer() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let cashier = anju.employee(&[Permission::CashierRead, Permission::CashierCollect], &[estate.community]).await;
    let month = this_month(&anju);
    let old = bill(&anju, &estate, estate.home, estate.fee, month.plus(-2), 33_219).await;
    let new = bill(&anju, &estate, estate.home, estate.fee, month.plus(-1), 34_138).await;
    let other = bill(&anju, &estate, estate.second, estate.water, month.plus(-1), 7_430).await;
    bill(&anju, &estate, estate.neighbour, estate.water, month.plus(-1), 9_999).await;

    let before = desk(&cashier, &estate, estate.home).await;
    assert_eq!(before.owner.as_deref(), Some("林晓芸"));
    assert_eq!(before.phone_masked.as_deref(), Some("138****6027"));
    assert_eq!(before.others.iter().map(|unit| unit.unit).collect::<Vec<_>>(), [estate.second]);
    assert_eq!(before.bills.iter().map(|bill| bill.bill).collect::<Vec<_>>(), [old, new, other]);
    assert_eq!(before.open_fen, fen(74_787));

    let ask = Collect {
        bills: vec![
            BillAmount::whole(old, fen(33_219)),
            BillAmount { amount_fen: fen(10_000), ..BillAmount::whole(new, fen(34_138)) },
        ],
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![way(Method::Cash, 13_219), MethodAmount { reference: "T-1".into(), ..way(Method::Transfer, 30_000) }],
        tendered_fen: Some(fen(14_000)),
        ..in_cash(&estate, estate.home, &[])
    };
    let receipt = cashier.does(ask).await;
    let today = receipt.day.format("%Y%m%d");
    assert_eq!(receipt.receipt_number, format!("SJ{today}-0001"));
    assert_eq!((receipt.total_fen, receipt.change_fen), (fen(43_219), fen(781)));
    assert_eq!(receipt.capitals, "肆佰叁拾贰元壹角玖分");
    assert_eq!(receipt.lines.iter().map(|line| line.left_fen.fen()).collect::<Vec<_>>(), [0, 24_138]);

    let rest = desk(&cashier, &estate, estate.home).await;
    assert_eq!(
        rest.bills.iter().map(|bill| (bill.bill, bill.open_fen.fen())).collect::<Vec<_>>(),
        [(new, 24_138), (other, 7_430)]
    );
    assert_eq!((rest.payments, rest.history[0].receipt_number.clone()), (1, receipt.receipt_number.clone()));
    let second = cashier.does(in_cash(&estate, estate.home, &[(new, 24_138), (other, 7_430)])).await;
    assert_eq!(second.receipt_number, format!("SJ{today}-0002"));
    assert!(desk(&cashier, &estate, estate.home).await.bills.is_empty());
    // The first receipt still says what was left when it was written.
    let first = cashier.does(GetReceipt { community: estate.community, payment: receipt.payment }).await;
    assert_eq!(first.lines, receipt.lines);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_payment_sent_from_two_tabs_is_taken_once() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 10_000).await;
    let ask = in_cash(&estate, estate.home, &[(owed, 10_000)]);
    let tabs = (0..6).map(|_| {
        let (manager, ask) = (manager.clone(), ask.clone());
        tokio::spawn(async move { manager.does(ask).await })
    });
    let mut receipts: Vec<Receipt> = Vec::new();
    for tab in tabs.collect::<Vec<_>>() {
        receipts.push(tab.await.unwrap());
    }
    assert!(receipts.windows(2).all(|pair| pair[0] == pair[1]));
    let list = manager.does(ListPayments { unit: Some(estate.home), ..payments(estate.community) }).await;
    assert_eq!(list.total, Some(1));
    let changed = Collect { note: "别的内容".into(), ..ask };
    manager.is_refused_with(changed, "cashier.payment_reused").await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn of_two_cashiers_on_one_bill_one_wins_and_the_other_is_told_which_bill() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let month = this_month(&anju);
    let owed = bill(&anju, &estate, estate.home, estate.fee, month, 10_000).await;
    let manager = anju.manager().await;
    let number = desk(manager, &estate, estate.home).await.bills[0].number.clone();
    let mut answers = Vec::new();
    for _ in 0..4 {
        let cashier = anju.employee(&[Permission::CashierCollect], &[estate.community]).await;
        let ask = in_cash(&estate, estate.home, &[(owed, 10_000)]);
        answers.push(tokio::spawn(async move { cashier.asks(ask).await }));
    }
    let mut refusals = Vec::new();
    for answer in answers {
        refusals.extend(answer.await.unwrap().err());
    }
    assert_eq!(refusals.len(), 3);
    for refusal in &refusals {
        assert_eq!((refusal.code.as_str(), refusal.args.get("number")), ("cashier.already_paid", Some(&number)));
    }
    // A bill of which a part was taken meanwhile: what was seen is not what is.
    let owed = bill(&anju, &estate, estate.home, estate.water, month, 5_000).await;
    let part = Collect {
        bills: vec![BillAmount { amount_fen: fen(2_000), ..BillAmount::whole(owed, fen(5_000)) }],
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![way(Method::Pos, 2_000)],
        ..in_cash(&estate, estate.home, &[])
    };
    manager.does(part).await;
    let refusal = manager.is_refused_with(in_cash(&estate, estate.home, &[(owed, 5_000)]), "cashier.bill_changed").await;
    assert_eq!((refusal.args["seen"].as_str(), refusal.args["open"].as_str()), ("50.00", "30.00"));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn the_oldest_of_a_fee_item_comes_first_and_sums_must_agree() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let month = this_month(&anju);
    let old = bill(&anju, &estate, estate.home, estate.fee, month.plus(-1), 100).await;
    let new = bill(&anju, &estate, estate.home, estate.fee, month, 200).await;
    let water = bill(&anju, &estate, estate.home, estate.water, month, 300).await;
    let refusal = manager.is_refused_with(in_cash(&estate, estate.home, &[(new, 200)]), "cashier.older_first").await;
    assert_eq!(refusal.args["bills"], old.to_string());
    let short = Collect { methods: vec![way(Method::Cash, 299)], ..in_cash(&estate, estate.home, &[(water, 300)]) };
    manager.is_refused_with(short, "cashier.money_missing").await;
    let union = Collect { methods: vec![way(Method::UnionPay, 300)], ..in_cash(&estate, estate.home, &[(water, 300)]) };
    manager.is_refused_with(union.clone(), "cashier.method_not_offered").await;
    let offered = [Method::UnionPay, Method::Own(1)].map(|method| DeskMethod { method, name: "支票".into(), offered: true });
    manager.does(SaveMethods { community: estate.community, methods: offered.to_vec() }).await;
    manager.does(union).await;
    let strange = Collect { unit: UnitId(Uuid::now_v7()), ..in_cash(&estate, estate.home, &[(old, 100)]) };
    assert_eq!(manager.is_refused(strange).await.status, 404);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_payment_of_today_is_voided_with_a_reason_and_its_bills_are_open_again() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let month = this_month(&anju);
    let owed = bill(&anju, &estate, estate.home, estate.fee, month, 10_000).await;
    let taken = manager.does(in_cash(&estate, estate.home, &[(owed, 10_000)])).await;
    assert!(taken.may_void);
    let cashier = anju.employee(&[Permission::CashierRead, Permission::CashierCollect], &[estate.community]).await;
    let ask = VoidPayment { community: estate.community, payment: taken.payment, reason: "收错户".into() };
    assert_eq!(cashier.is_refused(ask.clone()).await.status, 403);
    manager.is_refused_with(VoidPayment { reason: " ".into(), ..ask.clone() }, "required").await;
    let voided = manager.does(ask.clone()).await;
    assert_eq!((voided.state, voided.voided.unwrap().reason.as_str()), (PaymentState::Void, "收错户"));
    manager.is_refused_with(ask, "cashier.already_void").await;
    anju.the_books_balance().await;

    // The number is not used again, the money may come again.
    let again = manager.does(in_cash(&estate, estate.home, &[(owed, 10_000)])).await;
    assert!(again.receipt_number.ends_with("-0002"));
    let day = manager.does(SumDay { community: estate.community, day: None, flows: false }).await;
    assert_eq!((day.all.payments, day.all.total_fen, day.all.voided, day.all.voided_fen), (1, fen(10_000), 1, fen(10_000)));
    let prints = async || manager.does(PrintReceipt { community: estate.community, payment: again.payment }).await.prints;
    assert_eq!((prints().await, prints().await), (1, 2));
    anju.the_books_balance().await;

    // Tomorrow it is too late.
    anju.app.db().execute_unprepared("UPDATE payment SET day = '2026-01-31' WHERE state = 'taken'").await.unwrap();
    let late = VoidPayment { community: estate.community, payment: again.payment, reason: "晚了".into() };
    manager.is_refused_with(late, "cashier.not_today").await;
}

/// Every payment.
pub(crate) fn payments(community: CommunityId) -> ListPayments {
    ListPayments {
        community,
        from: None,
        to: None,
        cashier: None,
        method: None,
        unit: None,
        state: None,
        run: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    }
}

#[tokio::test]
async fn payments_are_found_by_number_room_and_method_and_added_up() {
    let anju = Anju::start().await;
    let estate = estate(&anju).await;
    let manager = anju.manager().await;
    let month = this_month(&anju);
    let mut taken = Vec::new();
    for (unit, amount, method) in
        [(estate.home, 10_000, Method::Cash), (estate.second, 2_500, Method::Wechat), (estate.neighbour, 300, Method::Cash)]
    {
        let owed = bill(&anju, &estate, unit, estate.fee, month, amount).await;
        let ask = Collect { methods: vec![way(method, amount)], ..in_cash(&estate, unit, &[(owed, amount)]) };
        taken.push(manager.does(ask).await.receipt_number);
    }
    let list = |ask: ListPayments| async move {
        manager.does(ask).await.rows.into_iter().map(|row| row.receipt_number).collect::<Vec<_>>()
    };
    let by = payments(estate.community);
    assert_eq!(list(ListPayments { sort: Some("receipt_number".into()), ..by.clone() }).await, taken);
    assert_eq!(list(ListPayments { search: Some(taken[1].to_lowercase()), ..by.clone() }).await, [taken[1].clone()]);
    assert_eq!(
        list(ListPayments { search: Some("5-1".into()), method: Some(Method::Cash), ..by.clone() }).await,
        [taken[2].clone()]
    );
    let sums = SumPayments {
        community: estate.community,
        from: None,
        to: None,
        cashier: None,
        method: None,
        unit: None,
        state: None,
        run: None,
        search: None,
    };
    let sums = manager.does(sums).await;
    assert_eq!((sums.payments, sums.total_fen), (3, fen(12_800)));
    assert_eq!(
        sums.by_method.iter().map(|sum| (sum.method, sum.amount_fen.fen())).collect::<Vec<_>>(),
        [(Method::Cash, 10_300), (Method::Wechat, 2_500)]
    );
    let cashiers = manager.does(ListCashiers { community: estate.community }).await;
    assert_eq!(cashiers.iter().map(|cashier| cashier.name.as_str()).collect::<Vec<_>>(), ["周敏"]);
    assert_eq!(list(ListPayments { cashier: Some(cashiers[0].id), method: Some(Method::Wechat), ..by.clone() }).await.len(), 1);
    let path = format!("/api/cashier/payments/export.xlsx?community={}&sort=receipt_number", estate.community);
    let (status, bytes) = manager.sends(common::api::Method::Get, &path, None).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    let book = common::sheet::read(&bytes).unwrap();
    let last = |column| book.sheets[0].get(4, column).to_string();
    assert_eq!([6, 7, 8, 9].map(last), ["3", "128", "103", "25"], "bills, all of it, cash, WeChat");
    let first = manager.does(ListPayments { sort: Some("receipt_number".into()), ..by.clone() }).await.rows[0].at.unwrap();
    let clock = (first + chrono::TimeDelta::hours(8)).format("%H:%M").to_string();
    assert_eq!(book.sheets[0].get(1, 2).to_string(), clock, "the time on the community's clock");
    let day = manager.does(SumDay { community: estate.community, day: None, flows: false }).await;
    assert_eq!((day.by_cashier.len(), day.by_cashier[0].name.as_str()), (1, "周敏"));
    assert_eq!((day.first_number, day.last_number), (taken.first().cloned(), taken.last().cloned()));

    // Whoever sees one building sees and collects its bills only.
    let building = manager.does(common::estate::api::GetTree { community: estate.community }).await.buildings[0].building;
    let steward = anju
        .employee_of_buildings(&[Permission::CashierRead, Permission::CashierCollect], &[(estate.community, Some(building))])
        .await;
    assert_eq!(steward.does(by).await.total, Some(1));
    let owed = bill(&anju, &estate, estate.neighbour, estate.water, month, 700).await;
    assert_eq!(steward.is_refused(OpenDesk { community: estate.community, unit: estate.neighbour }).await.status, 404);
    assert_eq!(steward.is_refused(in_cash(&estate, estate.neighbour, &[(owed, 700)])).await.status, 404);
    assert!(desk(&steward, &estate, estate.home).await.others.is_empty());
}

#[tokio::test]
async fn a_receipt_says_what_was_left_then_whatever_came_after() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let owed = bill(&anju, &estate, estate.home, estate.fee, this_month(&anju), 10_000).await;
    let part = async |amount: i64| {
        let mut ask = in_cash(&estate, estate.home, &[(owed, 10_000)]);
        ask.bills[0].amount_fen = fen(amount);
        ask.methods[0].amount_fen = fen(amount);
        ask
    };
    let first = manager.does(part(3_000).await).await;
    let mut second = part(5_000).await;
    second.bills[0].open_fen = fen(7_000);
    // Taken at the very same time as the first.
    let second = manager.does(second).await;
    let left = async |payment| manager.does(GetReceipt { community, payment }).await.lines[0].left_fen.fen();
    assert_eq!((left(first.payment).await, left(second.payment).await), (7_000, 2_000));
    manager.does(VoidPayment { community, payment: second.payment, reason: "收错".into() }).await;
    assert_eq!((left(first.payment).await, left(second.payment).await), (7_000, 2_000));

    // Printed at two desks at once, one of them is a reprint.
    let print = PrintReceipt { community, payment: first.payment };
    let before = backend::sql::Sql::new("SELECT COUNT(*) FROM audit WHERE action = 'cashier.reprint'");
    let (one, other) = tokio::join!(manager.asks(print.clone()), manager.asks(print));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(before.number(anju.app.db()).await.unwrap(), 1);
    anju.the_books_balance().await;
}
