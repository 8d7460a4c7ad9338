//! Stories of rent contracts: runs bill by them, sales count where they are more, and what is billed stays.

use common::api::Method;
use common::billing::api::{BillRow, BillState, CountBilled, GetBill, GetRunInputs, ListBilledRents, ListBills, VoidBills};
use common::billing::plan::SkipReason;
use common::charging::api::{
    Assign, Assigned, Earlier, EndRent, EnterSales, ImportSales, ListRents, ListSales, NewSales, RentState, SalesEntered,
    SaveRent, ShowRent, UnitSales,
};
use common::charging::contract::Contract;
use common::charging::explain::sentences;
use common::charging::rent::{EscalateBy, Escalation, Rent};
use common::charging::tariff::{FeeItemKind, Mode};
use common::id::{ChargeId, CommunityId, FeeItemId, SalesImportId, TariffId};
use common::money::Money;
use common::period::{Month, Period};
use common::permission::Permission;
use common::text::Language;
use uuid::Uuid;

use super::{Estate, day};
use crate::billing::{generated, seen};
use crate::support::{Anju, Person};

const TODAY: &str = "2026-11-23";

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn rents(community: CommunityId) -> ListRents {
    let (tariff, building, unit, search, state, page, size, sort) = Default::default();
    ListRents { community, tariff, building, unit, search, state, page, size, sort }
}

/// A shop let from 15 October 2025 on at 3,000 a month, rent-free for its first seventeen days and all of December.
fn contract(estate: &Estate<'_>, tariff: TariffId) -> SaveRent {
    let free = |from: &str, to: &str| Period { from: day(from), to: day(to) };
    SaveRent {
        community: estate.community,
        charge: ChargeId(Uuid::now_v7()),
        unit: estate.units[0],
        tariff,
        from: day("2025-10-15"),
        to: Some(day("2027-01-15")),
        rent: Rent {
            free: vec![free("2025-10-15", "2025-11-01"), free("2025-12-01", "2026-01-01")],
            escalation: Some(Escalation {
                every_months: 12,
                by: EscalateBy::Rate,
                step: "0.05".parse().unwrap(),
                compounding: true,
            }),
            turnover: Some("0.06".parse().unwrap()),
            ..Rent::of("3000".parse().unwrap())
        },
    }
}

async fn bills(anju: &Anju, estate: &Estate<'_>, fee_item: FeeItemId, of: &str) -> Vec<BillRow> {
    let ask = GetRunInputs {
        community: estate.community,
        first: month(of),
        months: 1,
        fee_items: vec![fee_item],
        buildings: vec![],
        units: vec![],
        due_day: None,
        rule: None,
        issued_day: month(of).period().to,
    };
    let (_, generate) = seen(estate.manager, &ask).await;
    generated(anju, estate.manager, generate).await;
    let list = ListBills { from_month: Some(month(of)), to_month: Some(month(of)), ..ListBills::of(estate.community) };
    let mut rows = estate.manager.does(list).await.rows;
    rows.retain(|row| row.state != BillState::Void);
    rows
}

async fn explained(estate: &Estate<'_>, bill: &BillRow) -> String {
    let view = estate.manager.does(GetBill { community: estate.community, bill: bill.id }).await;
    let line = &view.lines[0];
    sentences(Language::Chinese, &line.trace, line.amount_fen, view.fee_item_kind).join(" ")
}

async fn enters(person: &Person, estate: &Estate<'_>, of: &str, fen: Option<i64>) -> SalesEntered {
    let rows = vec![UnitSales { unit: estate.units[0], sales_fen: fen.map(Money::from_fen) }];
    person.does(EnterSales { community: estate.community, month: month(of), rows }).await
}

#[tokio::test]
async fn a_contract_escalates_across_two_runs_and_a_free_month_brings_no_bill() {
    let anju = Anju::start_on(TODAY).await;
    let estate = Estate::of(&anju, 1).await;
    let fee_item = estate.fee_item("租金", FeeItemKind::Rent).await;
    let tariff = estate.tariff(fee_item, "合同租金", Mode::Fixed).await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = contract(&estate, tariff);
    manager.does(ask.clone()).await;
    manager.does(ask.clone()).await;

    let september = bills(&anju, &estate, fee_item, "2026-09").await;
    assert_eq!(september.iter().map(|row| row.amount_fen.fen()).collect::<Vec<_>>(), [300_000]);
    // 14 of 31 days at 3,000, 17 at 3,150.
    let october = bills(&anju, &estate, fee_item, "2026-10").await;
    assert_eq!(october.iter().map(|row| row.amount_fen.fen()).collect::<Vec<_>>(), [308_226]);
    let said = explained(&estate, &october[0]).await;
    assert!(said.contains("3,000.00") && said.contains("3,150.00") && said.contains("2026-10-15"), "{said}");
    assert!(bills(&anju, &estate, fee_item, "2025-12").await.is_empty(), "rent-free");
    let ask_free = GetRunInputs {
        community,
        first: month("2025-12"),
        months: 1,
        fee_items: vec![fee_item],
        buildings: vec![],
        units: vec![],
        due_day: None,
        rule: None,
        issued_day: day("2026-01-01"),
    };
    let (plan, _) = seen(manager, &ask_free).await;
    assert!(plan.skipped.iter().any(|skip| skip.reason == SkipReason::ZeroAmount));

    // The list, its export, and what a contract foresees.
    let page = manager.does(rents(community)).await;
    let row = &page.rows[0];
    assert_eq!((page.rows.len(), page.total, row.now.unwrap().to_string()), (1, Some(1), "3150".to_owned()));
    assert_eq!(row.next, None, "it ends before it would grow again");
    let expiring = ListRents { state: Some(RentState::Expiring), ..rents(community) };
    assert_eq!(manager.does(expiring).await.rows.len(), 1, "53 days are left");
    let export = manager.takes_home(&format!("/api/charging/rents/export.xlsx?community={community}")).await;
    assert_eq!(export[1][4..7], ["2027-01-14", "3000", "3150"]);
    let view = manager.does(ShowRent { community, charge: ask.charge }).await;
    let foreseen = Contract {
        rules: view.row.rules.clone(),
        rent: view.row.rent.clone(),
        from: view.row.from,
        to: view.row.to,
        kind: view.unit_kind,
        area: view.area,
        handed_over: view.handed_over,
    };
    let foreseen = foreseen.bills(day(TODAY));
    let of = |first: &str| foreseen.iter().find(|bill| bill.period.from == day(first)).unwrap().amount;
    assert_eq!((foreseen.len(), of("2026-10-01"), of("2026-09-01")), (16, october[0].amount_fen, september[0].amount_fen));

    // Other terms change no bill; the next one is made by them.
    let dearer = SaveRent { rent: Rent { price: "4000".parse().unwrap(), ..ask.rent.clone() }, ..ask.clone() };
    manager.does(dearer).await;
    assert_eq!(bills(&anju, &estate, fee_item, "2026-10").await, october);
    assert_eq!(bills(&anju, &estate, fee_item, "2026-08").await[0].amount_fen.fen(), 400_000);
    let billed = CountBilled {
        community,
        tariff,
        building: None,
        entrance: None,
        floor: None,
        unit: Some(ask.unit),
        from: day("2026-09-30"),
        to: None,
    };
    let counted = manager.does(billed.clone()).await;
    assert_eq!((counted.bills, counted.units, counted.to), (2, 1, Some(day("2026-11-01"))));
    let other = CountBilled { unit: Some(estate.units[1]), ..billed };
    assert_eq!(manager.does(other).await.bills, 0);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_share_of_the_sales_is_charged_where_it_is_more_and_sales_after_the_bill_change_nothing() {
    let anju = Anju::start_on(TODAY).await;
    let estate = Estate::of(&anju, 1).await;
    let fee_item = estate.fee_item("租金", FeeItemKind::Rent).await;
    let tariff = estate.tariff(fee_item, "合同租金", Mode::Fixed).await;
    let (manager, community) = (estate.manager, estate.community);
    manager.does(contract(&estate, tariff)).await;

    let due = manager.does(ListSales { community, month: month("2026-09") }).await;
    assert_eq!((due.len(), due[0].unit, due[0].sales_fen), (1, estate.units[0], None));
    // 6 % of 88,000 are 5,280, more than 3,000.
    assert_eq!(enters(manager, &estate, "2026-09", Some(8_800_000)).await, SalesEntered { new: 1, changed: 0, same: 0 });
    assert_eq!(enters(manager, &estate, "2026-09", Some(8_800_000)).await, SalesEntered { new: 0, changed: 0, same: 1 });
    let september = bills(&anju, &estate, fee_item, "2026-09").await;
    assert_eq!(september[0].amount_fen.fen(), 528_000);
    let said = explained(&estate, &september[0]).await;
    assert!(said.contains("88,000.00") && said.contains("6%") && said.contains("3,000.00"), "{said}");

    // October is billed without sales. Entered afterwards, they count when the bill is voided and made again, and not before.
    let october = bills(&anju, &estate, fee_item, "2026-10").await;
    assert_eq!(october[0].amount_fen.fen(), 308_226);
    enters(manager, &estate, "2026-10", Some(9_000_000)).await;
    assert_eq!(manager.does(ListBilledRents { community, month: month("2026-10") }).await, [estate.units[0]]);
    assert_eq!(bills(&anju, &estate, fee_item, "2026-10").await, october);
    manager
        .does(VoidBills {
            community,
            request: Uuid::now_v7().into(),
            bills: vec![october[0].id],
            reason: "营业额补报".to_owned(),
        })
        .await;
    assert!(manager.does(ListBilledRents { community, month: month("2026-10") }).await.is_empty());
    assert_eq!(bills(&anju, &estate, fee_item, "2026-10").await[0].amount_fen.fen(), 540_000);
    // Taken back, they are missing again.
    assert_eq!(enters(manager, &estate, "2026-10", None).await, SalesEntered { new: 0, changed: 1, same: 0 });
    assert_eq!(manager.does(ListSales { community, month: month("2026-10") }).await[0].sales_fen, None);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn sales_come_by_a_workbook_all_of_them_or_none() {
    let anju = Anju::start_on(TODAY).await;
    let estate = Estate::of(&anju, 2).await;
    let fee_item = estate.fee_item("租金", FeeItemKind::Rent).await;
    let tariff = estate.tariff(fee_item, "合同租金", Mode::Fixed).await;
    let (manager, community) = (estate.manager, estate.community);
    manager.does(contract(&estate, tariff)).await;
    let template = format!("/api/charging/sales/template?community={community}&month=2026-10");
    let (_, bytes) = manager.sends(Method::Get, &template, None).await;
    let (october, november) = (month("2026-10"), month("2026-11"));
    let read = common::charging::import_sales::check(&common::sheet::read(&bytes).unwrap(), october, november);
    assert_eq!((read.rows.len(), read.blank, read.total), (0, 1, 0), "the shop stands there, to be filled in");

    let code = manager.does(ListSales { community, month: october }).await[0].unit_code.clone();
    let row = |at: &str, unit: &str, of: Month, fen: i64| NewSales {
        at: at.to_owned(),
        unit: unit.to_owned(),
        month: of,
        sales_fen: Money::from_fen(fen),
    };
    let ask = ImportSales {
        community,
        import: SalesImportId(Uuid::now_v7()),
        file_name: "营业额.xlsx".to_owned(),
        rows: vec![row("A2", &code, october, 100), row("A3", &code, month("2026-09"), 200)],
    };
    let wrong = ImportSales { rows: vec![row("A2", &code, october, 1), row("A3", "9-9-9", october, 1)], ..ask.clone() };
    let refused = manager.is_refused_with(wrong, "charging.sales_refused").await;
    assert_eq!((refused.fields.len(), refused.fields[0].field.as_str()), (1, "A3"));
    let later = ImportSales { rows: vec![row("A2", &code, month("2026-12"), 1)], ..ask.clone() };
    manager.is_refused_with(later, "charging.sales_in_future").await;
    assert_eq!(manager.does(ListSales { community, month: october }).await[0].sales_fen, None, "nothing was stored");
    assert_eq!(manager.does(ask.clone()).await.new, 2);
    assert_eq!(manager.does(ask.clone()).await.new, 2, "sent twice, it is answered as before");
    let other = ImportSales { rows: vec![row("A2", &code, october, 7)], ..ask };
    manager.is_refused_with(other, "made_differently").await;
    let filled = manager.takes_home(&template).await;
    assert_eq!(filled[1][3], "1");
}

#[tokio::test]
async fn a_contract_is_not_charged_beside_another_tariff_and_not_ended_by_a_bulk_assignment() {
    let anju = Anju::start_on(TODAY).await;
    let estate = Estate::of(&anju, 2).await;
    let fee_item = estate.fee_item("租金", FeeItemKind::Rent).await;
    let tariff = estate.tariff(fee_item, "合同租金", Mode::Fixed).await;
    let other = estate.tariff(fee_item, "按面积", Mode::Area).await;
    let metered = estate.tariff(fee_item, "按用量", Mode::Usage).await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = contract(&estate, tariff);
    manager.is_refused_with(SaveRent { tariff: metered, ..ask.clone() }, "charging.rent_mode").await;
    manager.does(ask.clone()).await;
    let second = SaveRent { charge: ChargeId(Uuid::now_v7()), from: day("2026-06-01"), to: None, ..ask.clone() };
    let refused = manager.is_refused_with(second.clone(), "charging.rent_overlaps").await;
    assert_eq!(refused.args.get("from").map(String::as_str), Some("2025-10-15"));
    manager.is_refused_with(SaveRent { from: day("2026-01-01"), ..ask.clone() }, "charging.rent_fixed").await;
    let mut wrong = ask.clone();
    wrong.rent.turnover = Some("1.5".parse().unwrap());
    manager.is_refused_with(wrong, "charging.turnover").await;

    let assign = Assign { earlier: Earlier::Ended, ..estate.everyone(other, "2026-07-01") };
    assert_eq!(manager.does(assign).await, Assigned { charges: 3, left_out: 1 });
    assert_eq!(manager.does(ShowRent { community, charge: ask.charge }).await.row.to, ask.to, "the contract stands");

    manager.does(EndRent { community, charge: ask.charge, to: day("2026-06-01") }).await;
    manager.is_refused_with(EndRent { community, charge: ask.charge, to: day("2026-06-01") }, "charging.rent_over").await;
    manager.does(second).await;
    let all = ListRents { state: Some(RentState::All), sort: Some("-from".into()), ..rents(community) };
    let spans: Vec<_> = manager.does(all).await.rows.iter().map(|row| (row.from, row.to)).collect();
    assert_eq!(spans, [(day("2026-06-01"), None), (day("2025-10-15"), Some(day("2026-06-01")))]);
}

#[tokio::test]
async fn contracts_and_sales_are_for_those_who_see_the_building() {
    let anju = Anju::start_on(TODAY).await;
    let estate = Estate::of(&anju, 1).await;
    let fee_item = estate.fee_item("租金", FeeItemKind::Rent).await;
    let tariff = estate.tariff(fee_item, "合同租金", Mode::Fixed).await;
    let community = estate.community;
    let ask = contract(&estate, tariff);
    estate.manager.does(ask.clone()).await;
    let both = [Permission::ChargingRead, Permission::ChargingWrite];
    let neighbour = anju.employee_of_buildings(&both, &[(community, Some(estate.buildings[1]))]).await;
    assert!(neighbour.does(rents(community)).await.rows.is_empty());
    assert!(neighbour.does(ListSales { community, month: month("2026-10") }).await.is_empty());
    neighbour.is_refused_with(ShowRent { community, charge: ask.charge }, "not_found").await;
    neighbour.is_refused_with(ask.clone(), "not_found").await;
    neighbour.is_refused_with(EndRent { community, charge: ask.charge, to: day("2026-06-01") }, "not_found").await;
    let rows = vec![UnitSales { unit: ask.unit, sales_fen: Some(Money::from_fen(1)) }];
    let sales = EnterSales { community, month: month("2026-10"), rows };
    neighbour.is_refused_with(sales.clone(), "charging.no_turnover").await;
    let own = anju.employee_of_buildings(&both, &[(community, Some(estate.buildings[0]))]).await;
    assert_eq!(own.does(rents(community)).await.rows.len(), 1);
    assert_eq!(own.does(sales.clone()).await.new, 1);
    estate.manager.is_refused_with(EnterSales { month: month("2026-12"), ..sales }, "charging.sales_in_future").await;
}
