//! Stories of shops: rents by the day, sales beside them, and tenants who pay.

use common::billing::api::{BillRow, GetBill, GetRunInputs, ListBills};
use common::cashier::api::Collect;
use common::cashier::method::Method;
use common::cashier::settle::{BillAmount, MethodAmount};
use common::charging::api::{EnterSales, SaveRent, SaveTariff, UnitSales};
use common::charging::explain::sentences;
use common::charging::rent::{FreeSales, Rent};
use common::charging::tariff::{FeeItemKind, Mode, ProrationRule, TariffRules};
use common::id::{ChargeId, FeeItemId, OccupancyId, PaymentId, ResidentId, TariffId, UnitId};
use common::money::Money;
use common::period::{Month, Period};
use common::residents::Role;
use common::residents::api::{Change, MoveIn, SaveResident};
use common::text::Language;
use uuid::Uuid;

use super::{Estate, day};
use crate::billing::{generated, seen};
use crate::support::Anju;

const TODAY: &str = "2026-11-23";

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// A contract of the first unit since the beginning of the year.
fn contract(estate: &Estate<'_>, tariff: TariffId, rent: Rent) -> SaveRent {
    SaveRent {
        community: estate.community,
        charge: ChargeId(Uuid::now_v7()),
        unit: estate.units[0],
        tariff,
        from: day("2026-01-01"),
        to: None,
        rent,
    }
}

async fn bills(anju: &Anju, estate: &Estate<'_>, fee_items: &[FeeItemId], of: &str) -> Vec<BillRow> {
    let ask = GetRunInputs {
        community: estate.community,
        first: month(of),
        months: 1,
        fee_items: fee_items.to_vec(),
        buildings: vec![],
        units: vec![],
        due_day: None,
        rule: None,
        issued_day: month(of).period().to,
    };
    let (_, generate) = seen(estate.manager, &ask).await;
    generated(anju, estate.manager, generate).await;
    let list = ListBills { from_month: Some(month(of)), to_month: Some(month(of)), ..ListBills::of(estate.community) };
    estate.manager.does(list).await.rows
}

async fn explained(estate: &Estate<'_>, bill: &BillRow) -> String {
    let view = estate.manager.does(GetBill { community: estate.community, bill: bill.id }).await;
    let line = &view.lines[0];
    sentences(Language::Chinese, &line.trace, line.amount_fen, view.fee_item_kind).join(" ")
}

async fn sold(estate: &Estate<'_>, of: &str, yuan: i64) {
    let rows = vec![UnitSales { unit: estate.units[0], sales_fen: Some(Money::from_fen(yuan * 100)) }];
    estate.manager.does(EnterSales { community: estate.community, month: month(of), rows }).await;
}

async fn moves_in(estate: &Estate<'_>, name: &str, unit: UnitId, role: Role, days: (&str, Option<&str>)) {
    let (community, resident) = (estate.community, ResidentId(Uuid::now_v7()));
    let ask = SaveResident {
        community,
        resident,
        name: name.into(),
        gender: None,
        phone: Change::Keep,
        id_number: Change::Keep,
        custom: Vec::new(),
        remark: String::new(),
    };
    estate.manager.does(ask).await;
    let (occupancy, from_day, to_day) = (OccupancyId(Uuid::now_v7()), day(days.0), days.1.map(day));
    estate.manager.does(MoveIn { community, occupancy, unit, resident: Some(resident), role, from_day, to_day }).await;
}

#[tokio::test]
async fn a_shop_is_let_by_the_square_metre_and_day() {
    let anju = Anju::start_on(TODAY).await;
    let estate = Estate::of(&anju, 1).await;
    let fee_item = estate.fee_item("租金", FeeItemKind::Rent).await;
    let (manager, community, tariff) = (estate.manager, estate.community, TariffId(Uuid::now_v7()));
    let mut rules = TariffRules::of_mode(Mode::Area);
    rules.proration.rule = ProrationRule::PerDay;
    let ask = SaveTariff { community, tariff, fee_item, name: "商铺日租".into(), rules };
    manager.does(ask.clone()).await;
    manager.does(contract(&estate, tariff, Rent::of("3.5".parse().unwrap()))).await;

    // 80 m² × 3.50 × 31 days, and 30 of them.
    let october = bills(&anju, &estate, &[fee_item], "2026-10").await;
    assert_eq!(october[0].amount_fen.fen(), 868_000);
    let said = explained(&estate, &october[0]).await;
    assert!(said.contains("3.50 元/㎡·天 × 80 ㎡ × 31 天"), "{said}");
    assert_eq!(bills(&anju, &estate, &[fee_item], "2026-09").await[0].amount_fen.fen(), 840_000);

    // A contract stands on it: the price stays one of a day.
    let by_month = SaveTariff { rules: TariffRules::of_mode(Mode::Area), ..ask.clone() };
    manager.is_refused_with(by_month, "charging.per_day_fixed").await;
    let mut once = ask.clone();
    (once.tariff, once.name, once.rules.mode) = (TariffId(Uuid::now_v7()), "按用量".into(), Mode::Value);
    manager.is_refused_with(once, "charging.not_per_day").await;
    manager.does(SaveTariff { name: "商铺按日计租".into(), ..ask }).await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn sales_of_a_rent_free_month_bring_nothing_unless_the_contract_counts_them() {
    let anju = Anju::start_on(TODAY).await;
    let estate = Estate::of(&anju, 1).await;
    let fee_item = estate.fee_item("租金", FeeItemKind::Rent).await;
    let tariff = estate.tariff(fee_item, "合同租金", Mode::Fixed).await;
    let free = vec![Period::new(day("2026-09-01"), day("2026-10-16")).unwrap()];
    let rent = Rent { free, turnover: Some("0.06".parse().unwrap()), ..Rent::of("5000".parse().unwrap()) };
    let ask = contract(&estate, tariff, rent);
    estate.manager.does(ask.clone()).await;
    sold(&estate, "2026-09", 200_000).await;
    sold(&estate, "2026-10", 120_000).await;
    assert!(bills(&anju, &estate, &[fee_item], "2026-09").await.is_empty());
    // 16 of 31 days: 120,000 × 16 ÷ 31 × 6 % = 3,716.129…, more than 5,000 × 16 ÷ 31.
    let october = bills(&anju, &estate, &[fee_item], "2026-10").await;
    assert_eq!(october[0].amount_fen.fen(), 371_613);
    let said = explained(&estate, &october[0]).await;
    assert!(said.contains("120,000.00 × 16 ÷ 31 × 6%") && said.contains("高于固定租金"), "{said}");
    let counted = Rent { free_sales: FreeSales::Counted, ..ask.rent.clone() };
    estate.manager.does(SaveRent { rent: counted, ..ask }).await;
    assert_eq!(bills(&anju, &estate, &[fee_item], "2026-09").await[0].amount_fen.fen(), 1_200_000);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn bills_of_a_contract_name_its_tenant_as_their_payer() {
    let anju = Anju::start_on(TODAY).await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community, shop) = (estate.manager, estate.community, estate.units[0]);
    let (property, _) = estate.property_fee("3.10").await;
    let fee_item = estate.fee_item("租金", FeeItemKind::Rent).await;
    let tariff = estate.tariff(fee_item, "合同租金", Mode::Fixed).await;
    manager.does(contract(&estate, tariff, Rent::of("5000".parse().unwrap()))).await;
    moves_in(&estate, "澜庭商业", shop, Role::Owner, ("2019-06-01", None)).await;
    moves_in(&estate, "早先的店", shop, Role::Tenant, ("2025-01-01", Some("2026-09-30"))).await;
    moves_in(&estate, "小满房产", shop, Role::Tenant, ("2026-10-01", None)).await;

    let both = [property, fee_item];
    let of = |rows: &[BillRow], item: FeeItemId| {
        let row = rows.iter().find(|row| row.unit == shop && row.fee_item == item).unwrap();
        (row.id, row.payer.clone(), row.holder.clone())
    };
    let rows = bills(&anju, &estate, &both, "2026-10").await;
    let (rent, payer, holder) = of(&rows, fee_item);
    assert_eq!((payer.as_deref(), holder.as_deref()), (Some("小满房产"), Some("澜庭商业")));
    let (fee, payer, _) = of(&rows, property);
    assert_eq!(payer, None, "the owner pays what is no rent");
    assert_eq!(manager.does(GetBill { community, bill: rent }).await.bill.payer.as_deref(), Some("小满房产"));
    let found = ListBills { search: Some("小满".into()), ..ListBills::of(community) };
    assert!(manager.does(found).await.rows.iter().any(|row| row.id == rent));

    let pays = |bill, fen: i64| Collect {
        community,
        payment: PaymentId(Uuid::now_v7()),
        unit: shop,
        bills: vec![BillAmount::whole(bill, Money::from_fen(fen))],
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![MethodAmount { method: Method::Cash, amount_fen: Money::from_fen(fen), reference: String::new() }],
        tendered_fen: None,
        note: String::new(),
    };
    assert_eq!(manager.does(pays(rent, 500_000)).await.payer, "小满房产");
    assert_eq!(manager.does(pays(fee, 24_800)).await.payer, "澜庭商业");
    let earlier = bills(&anju, &estate, &both, "2026-08").await;
    assert_eq!(of(&earlier, fee_item).1.as_deref(), Some("早先的店"), "whoever rented it then");
    anju.the_books_balance().await;
}
