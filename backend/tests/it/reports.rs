//! Stories of the books: every figure is the sum of its entries, and what was doctored is named.

use calamine::{Data, Reader as _};
use common::api::Method as Http;
use common::cashier::Method;
use common::cashier::api::VoidPayment;
use common::money::Money;
use common::reports::Age;
use common::reports::api::{
    AskArrears, AskDashboard, AskLedger, Grouping, Ledger, ListArrears, ListCollections, ListEntries, Side, SumCollections,
    SumEntries,
};
use sea_orm::ConnectionTrait as _;

use crate::cashier::{Estate, bill, estate, fen, in_cash, this_month};
use crate::support::Anju;

fn ledger(anju: &Anju, estate: &Estate, by: &[Grouping]) -> AskLedger {
    let month = this_month(anju);
    AskLedger { community: estate.community, from: month.plus(-11), to: month, by: by.to_vec(), building: None, fee_item: None }
}

fn figures(ledger: &Ledger) -> Vec<(i64, i64, i64)> {
    let all = ledger.rows.iter().map(|row| row.sums).chain([ledger.total]);
    all.map(|sums| (sums.receivable_fen.fen(), sums.received_fen.fen(), sums.outstanding_fen.fen())).collect()
}

/// Three bills, one paid, one paid in part, one payment taken back.
async fn a_month(anju: &Anju) -> Estate {
    let estate = estate(anju).await;
    let manager = anju.manager().await;
    let month = this_month(anju);
    let old = bill(anju, &estate, estate.home, estate.fee, month.plus(-4), 10_000).await;
    let new = bill(anju, &estate, estate.home, estate.fee, month, 20_000).await;
    let water = bill(anju, &estate, estate.neighbour, estate.water, month.plus(-4), 5_000).await;
    let mut ask = in_cash(&estate, estate.home, &[(old, 10_000), (new, 20_000)]);
    ask.bills[1].amount_fen = fen(8_000);
    ask.methods[0].amount_fen = fen(18_000);
    manager.does(ask).await;
    let wrong = manager.does(in_cash(&estate, estate.neighbour, &[(water, 5_000)])).await;
    manager.does(VoidPayment { community: estate.community, payment: wrong.payment, reason: "收错".into() }).await;
    estate
}

#[tokio::test]
async fn a_figure_of_the_ledger_is_the_sum_of_its_entries() {
    let anju = Anju::start().await;
    let estate = a_month(&anju).await;
    let manager = anju.manager().await;
    let whole = (35_000, 18_000, 17_000);
    let by_month = manager.does(ledger(&anju, &estate, &[Grouping::Month])).await;
    assert_eq!(figures(&by_month), [(15_000, 10_000, 5_000), (20_000, 8_000, 12_000), whole]);
    let by_building = manager.does(ledger(&anju, &estate, &[Grouping::Building])).await;
    assert_eq!(figures(&by_building), [(30_000, 18_000, 12_000), (5_000, 0, 5_000), whole]);
    let by_both = manager.does(ledger(&anju, &estate, &[Grouping::FeeItem, Grouping::Month])).await;
    assert_eq!(by_both.rows.len(), 3);
    for side in [Side::Receivable, Side::Received, Side::Outstanding] {
        for row in &by_both.rows {
            let month = row.month.unwrap();
            let ask = SumEntries {
                community: estate.community,
                side,
                from: month,
                to: month,
                building: None,
                no_building: None,
                fee_item: row.fee_item,
            };
            let figure = match side {
                Side::Receivable => row.sums.receivable_fen,
                Side::Received => row.sums.received_fen,
                Side::Outstanding => row.sums.outstanding_fen,
            };
            assert_eq!(manager.does(ask.clone()).await.amount_fen, figure);
            let list = ListEntries {
                community: ask.community,
                side,
                from: month,
                to: month,
                building: None,
                no_building: None,
                fee_item: ask.fee_item,
                page: None,
                size: None,
                sort: None,
            };
            let entries = manager.does(list).await;
            assert_eq!(Money::sum(entries.rows.iter().map(|entry| entry.amount_fen)), Some(figure));
        }
    }
    assert_eq!(by_month.total.per_mille(), Some(514));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn collections_arrears_and_the_dashboard_say_the_same() {
    let anju = Anju::start().await;
    let estate = a_month(&anju).await;
    let community = estate.community;
    let manager = anju.manager().await;
    let lines = ListCollections {
        community,
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
    let lines = manager.does(lines).await;
    // Two lines of the payment, one of the one that was taken back, and its opposite.
    assert_eq!(lines.rows.iter().map(|line| line.amount_fen.fen()).sum::<i64>(), 18_000);
    assert_eq!((lines.rows.len(), lines.total), (4, Some(4)));
    let sums = SumCollections {
        community,
        from: None,
        to: None,
        cashier: None,
        method: Some(Method::Cash),
        building: None,
        fee_item: Some(estate.fee),
    };
    assert_eq!(manager.does(sums).await.iter().map(|sum| sum.amount_fen.fen()).collect::<Vec<_>>(), [18_000]);

    let arrears = manager.does(AskArrears { community, building: None, fee_item: None, by: None }).await;
    assert_eq!((arrears.late_fen, arrears.not_due_fen, arrears.units), (fen(5_000), fen(12_000), 1));
    let aged: Vec<_> = arrears.ages.iter().filter(|sum| !sum.open_fen.is_zero()).map(|sum| (sum.age, sum.bills)).collect();
    assert!(matches!(aged[..], [(Age::To90 | Age::To180, 1)]), "{aged:?}");
    let rows = manager
        .does(ListArrears { community, building: None, fee_item: None, age: None, page: None, size: None, sort: None })
        .await
        .rows;
    assert_eq!(
        (rows.len(), rows[0].unit, rows[0].owner.as_deref(), rows[0].late_fen),
        (1, estate.neighbour, Some("陈伟明"), fen(5_000))
    );

    let dashboard = manager.does(AskDashboard { community }).await;
    assert_eq!((dashboard.arrears_fen, dashboard.arrears_units), (arrears.late_fen, arrears.units));
    assert_eq!(dashboard.ages, arrears.ages);
    assert_eq!((dashboard.takings.payments, dashboard.takings.total_fen, dashboard.takings.voided), (1, fen(18_000), 1));
    assert_eq!(dashboard.this_month.receivable_fen, fen(20_000));
    assert_eq!(dashboard.months.len(), 12);
    let received: i64 = dashboard.months.iter().map(|month| month.figures.received_fen.fen()).sum();
    assert_eq!(received, 18_000);
}

#[tokio::test]
async fn reports_go_home_as_workbooks_with_typed_figures_and_totals() {
    let anju = Anju::start().await;
    let estate = a_month(&anju).await;
    let manager = anju.manager().await;
    let month = this_month(&anju);
    let community = estate.community;
    for (path, columns, rows, total) in [
        (
            format!("ledger/export.xlsx?community={community}&from={}&to={month}&by=month", month.plus(-11)),
            5,
            2,
            Some((1, 350.0)),
        ),
        (
            format!("entries/export.xlsx?community={community}&side=outstanding&from={}&to={month}", month.plus(-11)),
            8,
            7,
            Some((7, 170.0)),
        ),
        (format!("collections/export.xlsx?community={community}&language=en"), 10, 4, Some((9, 180.0))),
        (format!("arrears/export.xlsx?community={community}"), 11, 1, Some((10, 50.0))),
    ] {
        let (status, bytes) = manager.sends(Http::Get, &format!("/api/reports/{path}"), None).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!((sheet.width(), sheet.height()), (columns, rows + 2), "{path}");
        if let Some((column, sum)) = total {
            assert_eq!(sheet.get((rows + 1, column)), Some(&Data::Float(sum)), "{path}");
        }
    }
    let (status, _) =
        anju.stranger().sends(Http::Get, &format!("/api/reports/arrears/export.xlsx?community={community}"), None).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn whatever_is_doctored_is_named() {
    let anju = Anju::start().await;
    a_month(&anju).await;
    anju.the_books_balance().await;
    for (doctoring, undoing, check) in [
        (
            "UPDATE bill SET paid_fen = paid_fen + 1 WHERE state = 'part'",
            "UPDATE bill SET paid_fen = paid_fen - 1 WHERE state = 'part'",
            "bill paid",
        ),
        (
            "UPDATE bill SET open_fen = open_fen + 1 WHERE state = 'part'",
            "UPDATE bill SET open_fen = open_fen - 1 WHERE state = 'part'",
            "bill open",
        ),
        (
            "UPDATE bill SET state = 'open' WHERE state = 'part'",
            "UPDATE bill SET state = 'part' WHERE paid_fen > 0 AND open_fen > 0",
            "bill state",
        ),
        (
            "UPDATE payment_line SET amount_fen = amount_fen + 1",
            "UPDATE payment_line SET amount_fen = amount_fen - 1",
            "payment lines",
        ),
        (
            "UPDATE payment_method_line SET amount_fen = amount_fen + 1",
            "UPDATE payment_method_line SET amount_fen = amount_fen - 1",
            "payment methods",
        ),
        (
            "UPDATE posting SET amount_fen = amount_fen + 1 WHERE debit = 'cash'",
            "UPDATE posting SET amount_fen = amount_fen - 1 WHERE debit = 'cash'",
            "payment postings",
        ),
        (
            "UPDATE posting SET month = month - 1 WHERE debit = 'cash'",
            "UPDATE posting SET month = month + 1 WHERE debit = 'cash'",
            "posting of a bill",
        ),
        (
            "UPDATE counter SET next = next + 1 WHERE kind = 'receipt'",
            "UPDATE counter SET next = next - 1 WHERE kind = 'receipt'",
            "receipt numbers",
        ),
    ] {
        anju.app.db().execute_unprepared(doctoring).await.unwrap();
        let report = backend::reports::verify::verify(anju.app.db()).await.unwrap();
        assert!(
            report.differences.iter().any(|difference| difference.check_name == check),
            "{doctoring}: {:#?}",
            report.differences
        );
        anju.app.db().execute_unprepared(undoing).await.unwrap();
        anju.the_books_balance().await;
    }
}
