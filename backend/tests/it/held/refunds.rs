//! Held money that goes back.

use common::approvals::api::GetApproval;
use common::approvals::flow::DeedKind;
use common::billing::api::{ImportBills, ImportStep, PastBill};
use common::cashier::Method;
use common::cashier::api::{
    Collect, GetRefund, GiveBack, HeldDeed, HeldFilter, ListHeld, ListRefunds, PrintRefund, ShowHeld, SumDay, SumHeld,
};
use common::id::{ImportId, RefundId};
use common::permission::Permission;
use common::reports::api::AskDashboard;
use uuid::Uuid;

use super::{all, back, held_item, left, taken};
use crate::cashier::{bill, estate, fen, in_cash, this_month, way};
use crate::charging::day;
use crate::support::Anju;

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
    let day = cashier.does(SumDay { community, day: None, flows: false }).await;
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
        names: Vec::new(),
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
