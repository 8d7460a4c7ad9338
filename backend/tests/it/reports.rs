//! Stories of the books: every figure is the sum of its entries, and what was doctored is named.

use calamine::{Data, Reader as _};
use common::api::Method as Http;
use common::billing::api::{BillFilter, ImportBills, ImportStep, ListBills, PastBill, WaiveBill};
use common::cashier::Method;
use common::cashier::api::{Collect, GiveBack, OpenDesk, RefundLine, VoidPayment, WaiveLateFee};
use common::cashier::settle::TakeHeld;
use common::charging::api::{SaveFeeItem, SetLateFee};
use common::charging::late_fee::{LateFeeRule, LateFeeTerm};
use common::charging::tariff::FeeItemKind;
use common::id::{BillId, FeeItemId, ImportId, LateFeeWaiverId, RefundId, WaiverId};
use common::money::Money;
use common::reports::Age;
use common::reports::api::{
    AskArrears, AskDashboard, AskLedger, Grouping, Ledger, ListArrears, ListCollections, ListEntries, Side, SumCollections,
    SumEntries,
};
use sea_orm::{ConnectionTrait as _, Statement};
use uuid::Uuid;

use crate::cashier::{Estate, bill, estate, fen, in_cash, this_month, way};
use crate::support::Anju;

fn ledger(anju: &Anju, estate: &Estate, by: &[Grouping]) -> AskLedger {
    let month = this_month(anju);
    AskLedger { community: estate.community, from: month.plus(-11), to: month, by: by.to_vec(), building: None, fee_item: None }
}

fn figures(ledger: &Ledger) -> Vec<(i64, i64, i64)> {
    let all = ledger.rows.iter().map(|row| row.sums).chain([ledger.total]);
    all.map(|sums| (sums.receivable_fen.fen(), sums.received_fen.fen(), sums.outstanding_fen.fen())).collect()
}

/// A bill whose late fee is waived in part and paid in part.
async fn late_fees(anju: &Anju, estate: &Estate) {
    let manager = anju.manager().await;
    let month = this_month(anju).plus(-4);
    let term = LateFeeTerm { rule: LateFeeRule::default(), from: month.first_day(), to: None };
    manager.does(SetLateFee { community: estate.community, fee_item: estate.fee, term }).await;
    let owed = bill(anju, estate, estate.second, estate.fee, month, 1_000_000).await;
    let late = async || {
        let desk = manager.does(OpenDesk { community: estate.community, unit: estate.second }).await;
        desk.bills.iter().find(|bill| bill.bill == owed).unwrap().late_fee_fen
    };
    let waiver = WaiveLateFee {
        community: estate.community,
        waiver: LateFeeWaiverId(Uuid::now_v7()),
        bill: owed,
        amount_fen: fen(100),
        late_fee_fen: late().await,
        reason: "漏水未修".into(),
    };
    manager.does(waiver).await;
    let mut ask = in_cash(estate, estate.second, &[(owed, 1_000_000)]);
    ask.bills[0].late_fee_fen = late().await;
    ask.bills[0].amount_fen = fen(200);
    ask.methods[0].amount_fen = fen(200);
    manager.does(ask).await;
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
    for side in [Side::Receivable, Side::Waived, Side::Received, Side::Outstanding] {
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
                Side::Waived => row.sums.waived_fen,
                Side::Received => row.sums.received_fen,
                Side::Offset => row.sums.offset_fen,
                Side::Outstanding => row.sums.outstanding_fen,
                Side::LateFee => row.sums.late_fee_fen,
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
            8,
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
        (format!("arrears/export.xlsx?community={community}"), 12, 1, Some((10, 50.0))),
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

/// What the month lacks: a run's bills with a meter's usage and a share on them, and an import, so that there is something
/// to doctor for every check.
async fn more(anju: &Anju, estate: &Estate) {
    let db = anju.app.db();
    let ids: Vec<Uuid> = (0..6).map(|_| Uuid::now_v7()).collect();
    let (community, month) = (estate.community, this_month(anju));
    let (from, to) = (month.first_day(), month.plus(1).first_day());
    let water = bill(anju, estate, estate.second, estate.water, month, 3_000).await;
    let past = ImportBills {
        community,
        import: ImportId(ids[0]),
        step: ImportStep::TakeOver,
        file_name: "历史.xlsx".into(),
        names: Vec::new(),
        bills: vec![PastBill {
            row: 2,
            unit: "3-2-1501".into(),
            fee_item: "水费".into(),
            period_from: "2020-01-01".parse().unwrap(),
            period_to: "2020-02-01".parse().unwrap(),
            amount_fen: fen(500),
            paid_fen: fen(500),
            paid_day: "2020-02-01".parse().ok(),
            due_day: None,
            cashier: String::new(),
            note: String::new(),
        }],
    };
    anju.manager().await.does(past).await;
    let run = async |sql: &str, values: Vec<sea_orm::Value>| {
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.unwrap();
    };
    let now: sea_orm::Value = anju.app.now().into();
    run(
        "INSERT INTO billing_run (community_id, id, period_from, period_to, ask, state, created_at) VALUES ($1, $2, $3, $4, '{}', 'refused', $5)",
        vec![community.into(), ids[1].into(), from.into(), to.into(), now.clone()],
    )
    .await;
    run(
        "INSERT INTO meter (community_id, id, code, role, utility, fee_item_id, unit_id, multiplier, digits, place, sort_key, active, created_at) \
         VALUES ($1, $2, 'SB-1', 'household', 'water', $3, $4, 10000, 5, '', '', $5, $6)",
        vec![community.into(), ids[2].into(), estate.water.into(), estate.second.into(), true.into(), now.clone()],
    )
    .await;
    for (value, day, usage) in [(100_000_i64, from, None), (150_000, from + chrono::Days::new(5), Some(50_000_i64))] {
        run(
            "INSERT INTO reading (community_id, id, meter_id, month, day, value, previous, previous_day, multiplier, usage, mark, odd, review, bill_id, note, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 10000, $9, '', '', $10, $11, '', $12)",
            vec![
                community.into(),
                Uuid::now_v7().into(),
                ids[2].into(),
                month.number().into(),
                day.into(),
                value.into(),
                usage.map(|_| 100_000_i64).into(),
                usage.map(|_| from).into(),
                usage.into(),
                false.into(),
                usage.map(|_| water.0).into(),
                now.clone(),
            ],
        )
        .await;
    }
    run(
        "INSERT INTO apportionment (community_id, id, name, month, fee_item_id, taken, method, takes_part, pool_quantity, pool_fen, weights, units, state, digest, created_at) \
         VALUES ($1, $2, '电梯', $3, $4, '', 'household', '{}', 10000, 3000, 10000, 1, 'live', '', $5)",
        vec![community.into(), ids[3].into(), month.number().into(), estate.water.into(), now],
    )
    .await;
    run(
        "INSERT INTO apportionment_share (community_id, apportionment_id, unit_id, weight, quantity, amount_fen, bill_id) VALUES ($1, $2, $3, 10000, 10000, 3000, $4)",
        vec![community.into(), ids[3].into(), estate.second.into(), water.into()],
    )
    .await;
}

/// A deposit of which a part paid a bill and a part went back.
async fn held(anju: &Anju, estate: &Estate) {
    let manager = anju.manager().await;
    let community = estate.community;
    let fee_item = FeeItemId(Uuid::now_v7());
    manager.does(SaveFeeItem::of(community, fee_item, "ZXYJ", "装修押金", FeeItemKind::Deposit)).await;
    let own = BillId(Uuid::now_v7());
    let take = TakeHeld { bill: own, fee_item, amount_fen: fen(9_000) };
    let ask = Collect { takes: vec![take], methods: vec![way(Method::Pos, 9_000)], ..in_cash(estate, estate.neighbour, &[]) };
    manager.does(ask).await;
    let owed = bill(anju, estate, estate.neighbour, estate.water, this_month(anju).plus(-10), 700).await;
    let pay = Collect { methods: vec![way(Method::Deposit, 700)], ..in_cash(estate, estate.neighbour, &[(owed, 700)]) };
    manager.does(pay).await;
    let back = GiveBack {
        community,
        refund: RefundId(Uuid::now_v7()),
        unit: estate.neighbour,
        lines: vec![RefundLine { bill: own, amount_fen: fen(300), left_fen: fen(8_300) }],
        method: Method::Transfer,
        reference: String::new(),
        payee: "陈伟明".into(),
        reason: "退一部分".into(),
    };
    manager.does(back).await;
}

#[tokio::test]
async fn whatever_is_doctored_is_named() {
    let anju = Anju::start().await;
    let estate = a_month(&anju).await;
    more(&anju, &estate).await;
    late_fees(&anju, &estate).await;
    held(&anju, &estate).await;
    let unpaid = ListBills { state: Some(BillFilter::Unpaid), ..ListBills::of(estate.community) };
    let open = anju.manager().await.does(unpaid).await.rows.remove(0);
    let waive = WaiveBill {
        community: estate.community,
        waiver: WaiverId(Uuid::now_v7()),
        bill: open.id,
        open_fen: open.open_fen,
        amount_fen: Some(Money::from_fen(1)),
        percent: None,
        reason: "抹零".into(),
    };
    anju.manager().await.does(waive).await;
    anju.the_books_balance().await;
    let strange = format!("'{}'", Uuid::now_v7());
    let strange = if crate::support::on_postgres() { strange } else { format!("x{}", strange.replace('-', "")) };
    let of_payment =
        |change: &str| format!("UPDATE posting SET payment_id = {change} WHERE debit = 'cash' AND reverses_id IS NULL");
    // A request of a waiver of which nothing was written.
    let request = |state: &str, waits: &str| {
        let approval = "INSERT INTO approval (community_id, id, kind, body, reason, bills, amount_fen, before_fen, after_fen, state, \
             level, levels, asked_by, asked_at) SELECT b.community_id, b.id, 'waive', '', '', 1, 100, 100, 0";
        let bill = "INSERT INTO approval_bill (community_id, approval_id, no, bill_id, kind, number, unit_id, amount_fen, waits) \
             SELECT b.community_id, r.id, 0, b.id, 'waive', b.number, b.unit_id, 100";
        vec![
            format!("{approval}, '{state}', 1, 1, (SELECT e.id FROM employee e LIMIT 1), b.created_at FROM bill b LIMIT 1"),
            format!("{bill}, {waits} FROM approval r JOIN bill b ON b.community_id = r.community_id AND b.id = r.id"),
        ]
    };
    // A void that was agreed to, of bills that live.
    let mut voided = request("agreed", "FALSE");
    voided.extend(["UPDATE approval SET kind = 'void'".to_owned(), "UPDATE bill SET state = 'part'".to_owned()]);
    let charged = format!(
        "INSERT INTO reading_charged (community_id, reading_id, fee_item_id, bill_id) SELECT r.community_id, r.id, m.fee_item_id, {strange} \
         FROM reading r JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id \
         WHERE r.bill_id IS NOT NULL AND m.fee_item_id IS NOT NULL"
    );
    // A refund that was agreed to, of which nothing was written.
    let mut refunded = request("agreed", "FALSE");
    refunded.push("UPDATE approval SET kind = 'refund'".to_owned());
    let counter = "INSERT INTO counter (community_id, kind, series, next) SELECT community_id, 'offset', '20261123', 5 FROM counter LIMIT 1";
    let cases: Vec<(&str, Vec<String>)> = vec![
        ("held taken", vec!["UPDATE held SET taken_fen = taken_fen + 1".into()]),
        ("held offset", vec!["UPDATE held SET offset_fen = offset_fen + 1".into()]),
        ("held refunded", vec!["UPDATE posting SET amount_fen = amount_fen + 1 WHERE refund_id IS NOT NULL".into()]),
        ("held paid", vec!["UPDATE fee_item SET kind = 'property' WHERE kind = 'deposit'".into()]),
        ("held bill numbers", vec!["UPDATE counter SET next = next + 1 WHERE kind = 'held_bill'".into()]),
        (
            "held of a bill",
            vec!["UPDATE held SET fee_item_id = (SELECT id FROM fee_item WHERE kind <> 'deposit' LIMIT 1)".into()],
        ),
        ("held named", vec!["UPDATE posting SET held_id = NULL WHERE held_id IS NOT NULL".into()]),
        ("held counted", vec!["UPDATE posting SET held_nth = held_nth + 1000 WHERE held_id IS NOT NULL".into()]),
        ("set-off of a run", vec!["UPDATE payment SET source = 'offset'".into()]),
        (
            "set-off of a run",
            vec!["UPDATE payment SET run_id = (SELECT id FROM billing_run LIMIT 1) WHERE source = 'desk'".into()],
        ),
        ("refund lines", vec!["UPDATE refund SET total_fen = total_fen + 1".into()]),
        ("refund postings", vec!["UPDATE refund SET method = 'cash'".into()]),
        ("refund numbers", vec!["UPDATE counter SET next = next + 1 WHERE kind = 'refund'".into()]),
        ("offset numbers", vec![counter.into()]),
        ("approval refunded", refunded),
        ("bill amount", vec!["UPDATE posting SET amount_fen = amount_fen + 1 WHERE credit = 'income'".into()]),
        ("bill paid", vec!["UPDATE bill SET paid_fen = paid_fen + 1 WHERE state = 'part'".into()]),
        ("bill waived", vec!["UPDATE bill SET waived_fen = waived_fen + 1 WHERE waived_fen > 0".into()]),
        ("waiver posted", vec!["UPDATE waiver SET amount_fen = amount_fen + 1".into()]),
        ("waiver posted", vec!["UPDATE waiver SET state = 'taken_back'".into()]),
        ("posting of a waiver", vec!["DELETE FROM waiver".into()]),
        ("run waived", vec!["UPDATE billing_run SET waived_fen = 1".into()]),
        ("bill open", vec!["UPDATE bill SET open_fen = open_fen + 1 WHERE state = 'part'".into()]),
        ("bill state", vec!["UPDATE bill SET state = 'open' WHERE state = 'part'".into()]),
        ("bill lines", vec!["DELETE FROM bill_line".into()]),
        (
            "bill periods",
            vec![
                "UPDATE bill SET source = 'run' WHERE source = 'raised'".into(),
                "UPDATE bill SET period_to = (SELECT MAX(period_to) FROM bill) WHERE source = 'run'".into(),
            ],
        ),
        ("late fee charged", vec!["UPDATE bill SET late_charged_fen = late_charged_fen + 1 WHERE late_charged_fen > 0".into()]),
        (
            "late fee paid",
            vec!["UPDATE posting SET amount_fen = amount_fen + 1 WHERE debit = 'cash' AND credit LIKE 'late%'".into()],
        ),
        ("late fee waived", vec!["UPDATE posting SET amount_fen = amount_fen + 1 WHERE debit = 'late_fee_waived'".into()]),
        ("late fee waivers", vec!["UPDATE late_fee_waiver SET amount_fen = amount_fen + 1".into()]),
        ("payment line late fee", vec!["UPDATE payment_line SET late_fee_fen = late_fee_fen - 1 WHERE late_fee_fen > 0".into()]),
        ("payment line late fee charged", vec!["UPDATE payment_line SET late_charged_fen = late_charged_fen + 1".into()]),
        ("payment lines", vec!["UPDATE payment_line SET amount_fen = amount_fen + 1".into()]),
        ("payment methods", vec!["UPDATE payment_method_line SET amount_fen = amount_fen + 1".into()]),
        ("payment postings", vec!["UPDATE posting SET amount_fen = amount_fen + 1 WHERE debit = 'cash'".into()]),
        ("payment method postings", vec!["UPDATE payment_method_line SET method = 'cheque' WHERE method = 'cash'".into()]),
        ("payment line postings", vec!["UPDATE payment_line SET amount_fen = amount_fen - 1 WHERE amount_fen = 8000".into()]),
        ("posting of a bill", vec!["UPDATE posting SET month = month - 1 WHERE debit = 'cash'".into()]),
        ("posting taken back", vec!["UPDATE posting SET debit = 'bank' WHERE reverses_id IS NOT NULL".into()]),
        ("posting of a payment", vec![of_payment(&strange)]),
        ("posting of a payment", vec![of_payment("NULL")]),
        ("bill posted once", vec!["DELETE FROM posting WHERE credit = 'income'".into()]),
        ("bill numbers", vec!["UPDATE counter SET next = next + 1 WHERE kind = 'bill'".into()]),
        ("receipt numbers", vec!["UPDATE counter SET next = next + 1 WHERE kind = 'receipt'".into()]),
        ("imported receipt numbers", vec!["UPDATE counter SET next = next + 1 WHERE kind = 'imported_receipt'".into()]),
        ("run bills", vec!["UPDATE billing_run SET total_fen = 1".into()]),
        ("approval done", request("agreed", "FALSE")),
        ("approval waits", request("waiting", "FALSE")),
        ("approval voided", voided),
        ("reading billed", vec![format!("UPDATE reading SET bill_id = {strange} WHERE bill_id IS NOT NULL")]),
        ("reading charged", vec![charged]),
        ("share billed", vec!["UPDATE apportionment SET state = 'cancelled'".into()]),
        ("reading chain", vec!["UPDATE reading SET value = value + 1 WHERE previous IS NULL".into()]),
        ("reading usage", vec!["UPDATE reading SET usage = usage + 1 WHERE previous IS NOT NULL".into()]),
        ("apportionment amount", vec!["DELETE FROM apportionment_share".into()]),
        ("apportionment quantity", vec!["UPDATE apportionment SET pool_quantity = pool_quantity + 1".into()]),
        ("ledger against receipts", vec!["UPDATE payment SET state = 'taken', voided_at = NULL WHERE state = 'void'".into()]),
        ("ledger against bills", vec!["UPDATE bill SET open_fen = open_fen + 1 WHERE state = 'part'".into()]),
    ];
    for (check, doctoring) in &cases {
        // Nothing of it is kept.
        let work = anju.app.begin_as_system().await.unwrap();
        for statement in doctoring {
            let changed = work.db().execute_unprepared(statement).await.unwrap().rows_affected();
            assert!(changed > 0, "{statement}");
        }
        let report = backend::reports::verify::verify(work.db()).await.unwrap();
        assert!(
            report.differences.iter().any(|difference| difference.check_name == *check),
            "{doctoring:?}: {:#?}",
            report.differences
        );
        drop(work);
    }
    let report = backend::reports::verify::verify(anju.app.db()).await.unwrap();
    assert!(report.is_clean());
    for (name, _) in report.checks {
        assert!(cases.iter().any(|(check, _)| *check == name), "nothing is doctored for {name:?}");
    }
}
