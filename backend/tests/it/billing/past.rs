//! Bills of the past, taken over from workbooks.

use common::api::Method;
use common::billing::api::{
    BillFilter, BillRow, BillState, GetBill, GetBillTotals, GetRun, ImportBills, ImportStep, ListBills, PastBill, PastNames,
    RunState, VoidBills,
};
use common::id::ImportId;
use common::money::Money;
use uuid::Uuid;

use super::{generated, october, seen, totals};
use crate::charging::{Estate, day};
use crate::support::{Anju, Person};

fn past(row: u32, unit: &str, from: &str, to: &str, amount: i64, paid: i64) -> PastBill {
    PastBill {
        row,
        unit: unit.to_owned(),
        fee_item: "物业费".to_owned(),
        period_from: day(from),
        period_to: day(to),
        amount_fen: Money::from_fen(amount),
        paid_fen: Money::from_fen(paid),
        paid_day: (paid > 0).then(|| day("2025-03-08")),
        due_day: None,
        cashier: "王会计".to_owned(),
        note: "手工导入".to_owned(),
    }
}

#[tokio::test]
async fn bills_of_the_past_come_in_all_or_not_at_all_and_once() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let mut ask = ImportBills {
        community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::Check,
        file_name: "历史.xlsx".into(),
        names: Vec::new(),
        bills: vec![
            past(2, "1-101", "2025-01-01", "2025-02-01", 22_400, 22_400),
            past(3, "1-101", "2025-02-01", "2025-03-01", 22_400, 10_000),
            past(4, "2-102", "2025-01-01", "2026-01-01", 268_800, 0),
        ],
    };
    let checked = manager.does(ask.clone()).await;
    assert_eq!((checked.bills, checked.payments, checked.amount_fen.fen(), checked.paid_fen.fen()), (3, 2, 313_600, 32_400));
    assert_eq!(totals(manager, community).await, (0, 0), "a check keeps nothing");
    ask.step = ImportStep::TakeOver;
    let mut wrong = ask.clone();
    wrong.bills.push(past(5, "9-999", "2025-01-01", "2025-02-01", 1, 0));
    wrong.bills.push(past(6, "1-101", "2025-01-15", "2025-02-15", 1, 0));
    let refused = manager.is_refused_with(wrong, "billing.import_problems").await;
    let fields: Vec<_> = refused.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    assert_eq!(fields, [("bills.5.unit", "billing.unit_unknown"), ("bills.6.period_from", "billing.twice_in_sheet")]);
    assert_eq!(totals(manager, community).await, (0, 0));

    manager.does(ask.clone()).await;
    manager.does(ask).await;
    let sums = manager.does(GetBillTotals::from(&ListBills::of(community))).await;
    assert_eq!((sums.bills, sums.paid_fen.fen(), sums.open_fen.fen()), (3, 32_400, 281_200));
    let settled = manager.does(ListBills { state: Some(BillFilter::Settled), ..ListBills::of(community) }).await.rows;
    let bill = manager.does(GetBill { community, bill: settled[0].id }).await;
    assert_eq!((bill.postings.len(), bill.postings[1].balance_fen, bill.bill.state), (2, Money::ZERO, BillState::Settled));
    manager
        .is_refused_with(
            VoidBills { community, request: Uuid::now_v7().into(), bills: vec![settled[0].id], reason: "x".into() },
            "billing.paid",
        )
        .await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_check_looks_up_what_faulty_rows_name_too_and_only_a_check_does() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let names = |row, unit: &str, fee_item: &str| PastNames { row, unit: unit.to_owned(), fee_item: fee_item.to_owned() };
    let ask = ImportBills {
        community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::Check,
        file_name: "历史.xlsx".into(),
        bills: vec![past(2, "9-999", "2025-01-01", "2025-02-01", 100, 0)],
        names: vec![names(3, "1-101", "空调费"), names(4, "", "物业费"), names(5, "9-998", "")],
    };
    let refused = manager.is_refused_with(ask.clone(), "billing.import_problems").await;
    let mut fields: Vec<_> = refused.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            ("bills.2.unit", "billing.unit_unknown"),
            ("bills.3.fee_item", "billing.fee_item_unknown"),
            ("bills.5.unit", "billing.unit_unknown"),
        ]
    );
    // Nothing but rows that can't be read, whose names are known: nothing to refuse, and nothing to take over.
    let checked = ImportBills { bills: Vec::new(), names: vec![names(3, "1-101", "物业费")], ..ask.clone() };
    assert_eq!(manager.does(checked.clone()).await.bills, 0);
    let refused = manager.is_refused(ImportBills { step: ImportStep::TakeOver, ..checked }).await;
    assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("bills", "billing.how_many"));
    anju.the_books_balance().await;
}

/// The bills of a workbook that the browser would send.
async fn fetched(manager: &Person, path: &str) -> (usize, Vec<PastBill>) {
    let (status, bytes) = manager.sends(Method::Get, path, None).await;
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
    let book = common::sheet::read(&bytes).unwrap();
    let sheet = common::billing::past::read(&book).unwrap();
    assert_eq!(sheet.problems, []);
    (book.sheets.len(), sheet.bills)
}

#[tokio::test]
async fn bills_and_the_ledgers_detail_are_taken_over_elsewhere_as_they_are_and_never_twice() {
    let anju = Anju::start().await;
    let (here, there) = (Estate::of(&anju, 2).await, Estate::named(&anju, "青枫里", 2).await);
    let (fee_item, _) = here.property_fee("2.80").await;
    there.property_fee("3.10").await;
    let manager = here.manager;
    let (_, generate) = seen(manager, &october(here.community, &[fee_item])).await;
    generated(&anju, manager, generate).await;
    let mut history = ImportBills {
        community: here.community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::TakeOver,
        file_name: "历史.xlsx".into(),
        names: Vec::new(),
        bills: vec![
            PastBill { due_day: Some(day("2025-03-20")), ..past(2, "1-101", "2025-01-01", "2025-02-01", 22_400, 22_400) },
            past(3, "1-101", "2025-02-01", "2025-03-01", 22_400, 10_000),
        ],
    };
    manager.does(history.clone()).await;
    let bills = manager.does(ListBills { sort: Some("room".into()), ..ListBills::of(here.community) }).await.rows;
    let void = bills.iter().find(|bill| bill.paid_fen.is_zero()).unwrap().id;
    manager
        .does(VoidBills { community: here.community, request: Uuid::now_v7().into(), bills: vec![void], reason: "重复".into() })
        .await;

    let of = |community| ListBills { sort: Some("room".into()), ..ListBills::of(community) };
    let facts = |bills: Vec<BillRow>| {
        let live = bills.into_iter().filter(|bill| bill.state != BillState::Void);
        let facts = live.map(|bill| {
            let period = (bill.period_from, bill.period_to, bill.due_day);
            (bill.unit_label, bill.fee_item_name, period, (bill.amount_fen, bill.paid_fen, bill.open_fen), bill.state)
        });
        facts.collect::<Vec<_>>()
    };
    let list = format!("/api/billing/bills.xlsx?community={}&sort=room", here.community);
    let (sheets, rows) = fetched(manager, &list).await;
    assert_eq!((sheets, rows.len()), (1, 5), "the void bill is left out");
    assert_eq!(rows[0].cashier.is_empty(), rows[0].paid_fen.is_zero());
    let ledger = format!("/api/reports/ledger/export.xlsx?community={}&from=2025-01&to=2026-10&by=month", here.community);
    let (sheets, detail) = fetched(manager, &ledger).await;
    assert_eq!((sheets, &detail), (2, &rows));

    history = ImportBills { community: there.community, import: ImportId(Uuid::now_v7()), bills: detail, ..history };
    let took = manager.does(history.clone()).await;
    assert_eq!((took.bills, took.payments), (5, 2));
    let copied = facts(manager.does(of(there.community)).await.rows);
    assert_eq!(copied, facts(manager.does(of(here.community)).await.rows));
    // The same workbook again, here or there, is refused at every row.
    for community in [here.community, there.community] {
        let again = ImportBills { community, import: ImportId(Uuid::now_v7()), ..history.clone() };
        let refused = manager.is_refused_with(again, "billing.import_problems").await;
        assert!(refused.fields.len() == 5 && refused.fields.iter().all(|field| field.code == "billing.billed_already"));
    }
    anju.the_books_balance().await;
}

#[tokio::test]
async fn whoever_brings_bills_of_one_time_at_once_one_is_refused_and_nothing_is_owed_twice() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 6).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let quarter = |from: &str, to: &str| ImportBills {
        community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::TakeOver,
        file_name: "历史.xlsx".into(),
        names: Vec::new(),
        bills: (1..=6).map(|room| past(room + 1, &format!("1-10{room}"), from, to, 60_000, 0)).collect(),
    };
    // Two imports whose periods overlap without being the same.
    for year in 2015..2023 {
        let (first, second) = (
            quarter(&format!("{year}-01-01"), &format!("{year}-04-01")),
            quarter(&format!("{year}-03-01"), &format!("{year}-06-01")),
        );
        let (first, second) = tokio::join!(manager.asks(first), manager.asks(second));
        assert!(first.is_ok() != second.is_ok(), "one of two: {first:?}, {second:?}");
        assert_eq!(first.err().or(second.err()).map(|problem| problem.code).as_deref(), Some("billing.import_problems"));
    }
    // An import and a run.
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    manager.does(generate.clone()).await;
    let (imported, ()) = tokio::join!(manager.asks(quarter("2026-10-01", "2027-01-01")), anju.run_jobs());
    anju.run_jobs().await;
    let run = manager.does(GetRun { community, run: generate.run }).await;
    assert!(imported.is_ok() != (run.state == RunState::Done), "{imported:?}, {:?}", run.state);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_name_that_means_two_homes_is_a_problem_at_its_cell() {
    let anju = Anju::start().await;
    let mut estate = Estate::of(&anju, 1).await;
    let lower = estate.unit(estate.buildings[0], "a1", Some(50)).await;
    let upper = estate.unit(estate.buildings[0], "A1", Some(50)).await;
    estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = |unit: &str| ImportBills {
        community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::TakeOver,
        file_name: "历史.xlsx".into(),
        names: Vec::new(),
        bills: vec![past(2, unit, "2025-01-01", "2025-02-01", 100, 0)],
    };
    let refused = manager.is_refused_with(ask("1 - a1"), "billing.import_problems").await;
    assert_eq!(refused.fields.iter().map(|field| field.code.as_str()).collect::<Vec<_>>(), ["billing.unit_several"]);
    for (code, unit) in [("1-a1", lower), ("1-A1", upper)] {
        manager.does(ask(code)).await;
        let rows = manager.does(ListBills { unit: Some(unit), ..ListBills::of(community) }).await.rows;
        assert_eq!(rows.len(), 1, "{code}");
    }
}
