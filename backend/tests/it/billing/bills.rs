//! Single bills: how each came about, how it is found, voided, and written by hand.

use common::billing::api::{
    BillFilter, BillState, GetBill, GetBillTotals, GetRun, ListBills, ListRuns, RaiseBill, RestartRun, VoidBills,
};
use common::charging::api::PriceScope;
use common::charging::tariff::{FeeItemKind, Mode};
use common::charging::trace::Basis;
use common::id::BillId;
use common::money::Money;
use common::permission::Permission;
use uuid::Uuid;

use super::{generated, october, seen, totals};
use crate::charging::{Estate, day};
use crate::support::Anju;

#[tokio::test]
async fn a_bill_tells_how_it_came_about_and_can_be_voided_while_nothing_is_paid() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let mut dearer = estate.price(tariff, PriceScope::Community, "2.95", "2026-10-16");
    dearer.earlier = common::charging::api::Earlier::Ended;
    manager.does(dearer).await;
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    let run = generated(&anju, manager, generate).await;
    let rows = manager.does(ListBills { sort: Some("room".into()), ..ListBills::of(community) }).await.rows;
    let bill = manager.does(GetBill { community, bill: rows[0].id }).await;
    // 80 × 2.80 × 15 ÷ 31 + 80 × 2.95 × 16 ÷ 31 = 230.1935….
    assert_eq!((bill.bill.amount_fen.fen(), bill.lines.len(), bill.lines[0].trace.pieces.len()), (23_019, 1, 2));
    assert!(matches!(bill.lines[0].trace.basis, Basis::Area { area } if area.to_string() == "80"));
    assert_eq!((bill.postings.len(), bill.postings[0].balance_fen.fen(), bill.source_id), (1, 23_019, run.id.0));
    assert_eq!((bill.bill.due_day, bill.issued_day), (day("2026-11-15"), day("2026-11-01")));
    assert_eq!(
        bill.history.iter().map(|event| (event.what.as_str(), event.by.as_deref())).collect::<Vec<_>>(),
        [("run", Some("周敏"))]
    );

    manager
        .does(VoidBills { community, request: Uuid::now_v7().into(), bills: vec![rows[0].id], reason: "面积有误".into() })
        .await;
    manager
        .is_refused_with(
            VoidBills { community, request: Uuid::now_v7().into(), bills: vec![rows[0].id], reason: "面积有误".into() },
            "billing.void_already",
        )
        .await;
    let void = manager.does(GetBill { community, bill: rows[0].id }).await;
    assert_eq!(
        (void.bill.state, void.bill.open_fen, void.postings.len(), void.postings[1].balance_fen),
        (BillState::Void, Money::ZERO, 2, Money::ZERO)
    );
    assert_eq!((void.history[0].what.as_str(), void.history[0].note.as_str()), ("void", "面积有误"));
    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!(plan.bills.len(), 1, "the void bill is a gap that a run fills");
    assert_eq!(generated(&anju, manager, generate).await.bills, 1);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn bills_are_found_by_room_number_state_and_within_the_data_scope() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 3).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let refuse = estate.fee_item("垃圾费", FeeItemKind::Refuse).await;
    let tariff = estate.tariff(refuse, "垃圾费", Mode::Household).await;
    manager.does(estate.price(tariff, PriceScope::Community, "8", "2026-01-01")).await;
    manager.does(estate.everyone(tariff, "2026-01-01")).await;
    let (_, generate) = seen(manager, &october(community, &[fee_item, refuse])).await;
    generated(&anju, manager, generate).await;
    let list = ListBills::of(community);
    let found = async |ask: ListBills| manager.does(ask).await.rows.len();
    assert_eq!(found(ListBills { search: Some("102".into()), ..list.clone() }).await, 4);
    assert_eq!(found(ListBills { search: Some("zd202610-00000".into()), ..list.clone() }).await, 9);
    assert_eq!(found(ListBills { fee_item: Some(refuse), building: Some(estate.buildings[0]), ..list.clone() }).await, 3);
    assert_eq!(found(ListBills { state: Some(BillFilter::Overdue90), ..list.clone() }).await, 0);
    assert_eq!(
        found(ListBills {
            state: Some(BillFilter::Unpaid),
            from_month: "2026-10".parse().ok(),
            to_month: "2026-10".parse().ok(),
            ..list.clone()
        })
        .await,
        12
    );
    for sort in ["number", "room", "due_day", "amount_fen", "open_fen", "month"] {
        for way in ["", "-"] {
            let page = manager
                .does(ListBills { sort: Some(format!("{way}{sort}")), size: Some(5), page: Some(3), ..list.clone() })
                .await;
            assert_eq!((page.rows.len(), page.more), (2, false), "{way}{sort}");
        }
    }
    let amounts = manager.does(ListBills { sort: Some("-amount_fen".into()), ..list.clone() }).await.rows;
    assert!(amounts.windows(2).all(|pair| pair[0].amount_fen >= pair[1].amount_fen));

    let steward = anju
        .employee_of_buildings(
            &[Permission::BillingRead, Permission::BillingGenerate, Permission::BillingVoid],
            &[(community, Some(estate.buildings[1]))],
        )
        .await;
    let own = steward.does(list.clone()).await.rows;
    assert_eq!(own.len(), 6);
    assert_eq!(steward.does(GetBillTotals::from(&list)).await.bills, 6);
    let foreign = manager.does(ListBills { building: Some(estate.buildings[0]), ..list }).await.rows[0].id;
    steward.is_refused_with(GetBill { community, bill: foreign }, "not_found").await;
    steward
        .is_refused_with(
            VoidBills { community, request: Uuid::now_v7().into(), bills: vec![foreign], reason: "x".into() },
            "not_found",
        )
        .await;
    let inputs = steward.does(october(community, &[fee_item])).await;
    assert_eq!(inputs.units.id.len(), 3, "a run of hers is for her building");
    let runs = ListRuns { community, page: None, size: None, sort: None };
    let all = manager.does(runs.clone()).await.rows;
    assert_eq!(steward.does(runs.clone()).await.rows, [], "runs for the whole community are out of her sight");
    steward.is_refused_with(GetRun { community, run: all[0].id }, "not_found").await;
    steward.is_refused_with(RestartRun { community, run: all[0].id }, "not_found").await;
    let (_, own) = seen(&steward, &october(community, &[fee_item])).await;
    steward.does(own).await;
    assert_eq!(steward.does(runs.clone()).await.rows.len(), 1);
    assert_eq!(manager.does(runs).await.rows.len(), all.len() + 1);
}

#[tokio::test]
async fn a_one_off_bill_is_written_once_and_does_not_stand_in_the_way_of_a_run() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = RaiseBill {
        community,
        bill: BillId(Uuid::now_v7()),
        unit: estate.units[0],
        fee_item,
        amount_fen: Money::from_fen(5_000),
        period_from: day("2026-10-01"),
        period_to: day("2026-11-01"),
        due_day: day("2026-11-15"),
        note: "门禁卡补办".into(),
    };
    let (first, second) = tokio::join!(manager.asks(ask.clone()), manager.asks(ask.clone()));
    assert_eq!(second.unwrap(), first.unwrap(), "sent twice at once, it is one bill");
    let dearer = RaiseBill { amount_fen: Money::from_fen(6_000), ..ask };
    manager.is_refused_with(dearer, "made_differently").await;
    let (plan, _) = seen(manager, &october(community, &[fee_item])).await;
    assert_eq!(plan.bills.len(), 2);
    assert_eq!(totals(manager, community).await, (1, 5_000));
    anju.the_books_balance().await;
}
