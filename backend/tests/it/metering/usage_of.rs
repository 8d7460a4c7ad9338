//! A fee item that goes by another utility's meters: refuse by the water meter.

use common::billing::api::{BillState, FormulaUnit, GetRunInputs, ListBills, ShowFormulaUnits, VoidBills};
use common::charging::api::{Assign, PriceScope, SaveTariff};
use common::charging::tariff::{FeeItemKind, Mode, TariffRules};
use common::formula::{Named, Variable};
use common::id::{BillId, CommunityId, FeeItemId, TariffId};
use common::metering::api::{CorrectReading, ShowMeter};
use uuid::Uuid;

use super::given_back::{one_meter, read};
use super::{day, month, quantity};
use crate::billing::{generated, october, seen};
use crate::charging::Estate;
use crate::support::{Anju, Person};

async fn bill_of(desk: &Person, community: CommunityId, fee_item: FeeItemId) -> BillId {
    let bills = desk.does(ListBills { fee_item: Some(fee_item), ..ListBills::of(community) }).await.rows;
    bills.iter().find(|bill| bill.state != BillState::Void).unwrap().id
}

fn void(community: CommunityId, bill: BillId) -> VoidBills {
    VoidBills { community, request: Uuid::now_v7().into(), bills: vec![bill], reason: "重出".into() }
}

#[tokio::test]
async fn refuse_by_the_water_meter_is_billed_beside_water_and_a_reading_stays_locked_by_either() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (desk, community) = (estate.manager, estate.community);
    let water = estate.fee_item("水费", FeeItemKind::Water).await;
    let refuse = estate.fee_item("垃圾费", FeeItemKind::Refuse).await;
    let by_water = TariffRules { usage_of: Some(FeeItemKind::Water), ..TariffRules::of_mode(Mode::Usage) };
    let save = |name: &str, rules: TariffRules| SaveTariff {
        community,
        tariff: TariffId(Uuid::now_v7()),
        fee_item: refuse,
        name: name.to_owned(),
        rules,
    };
    let mains = estate.tariff(water, "居民水费", Mode::Usage).await;
    let bins = save("居民垃圾费", by_water.clone());
    desk.does(bins.clone()).await;
    // Another tariff of the fee item goes by the same meters.
    desk.is_refused_with(save("商铺垃圾费", TariffRules::of_mode(Mode::Usage)), "charging.usage_of_differs").await;
    desk.does(save("商铺垃圾费", by_water)).await;
    for (tariff, price) in [(mains, "2.90"), (bins.tariff, "0.50")] {
        desk.does(estate.price(tariff, PriceScope::Community, price, "2026-01-01")).await;
        desk.does(estate.everyone(tariff, "2026-01-01")).await;
    }
    let meter = one_meter(&estate, water, ("50", "2026-09-30")).await.id;
    desk.does(read(community, meter, "2026-10-31", "64")).await;
    let home =
        ShowFormulaUnits { community, fee_item: Some(refuse), usage_of: Some(FeeItemKind::Water), units: vec![estate.units[0]] };
    let used = |units: Vec<FormulaUnit>| {
        let usage = |unit: &FormulaUnit| unit.values.iter().find(|value| value.name == Named::Variable(Variable::Usage)).cloned();
        units.first().and_then(usage).map(|usage| usage.value.to_string())
    };
    assert_eq!(used(desk.does(home.clone()).await).as_deref(), Some("14"), "a formula that is typed is shown with it");
    assert_eq!(used(desk.does(ShowFormulaUnits { usage_of: None, ..home }).await), None, "refuse has no meters of its own");
    let reading = desk.does(ShowMeter { community, meter }).await.readings[0].id;
    let correct = CorrectReading {
        community,
        reading,
        day: day("2026-10-31"),
        value: quantity("65"),
        mark: None,
        confirmed: true,
        note: String::new(),
    };
    let fen = async |fee_item: FeeItemId| {
        let (plan, generate) = seen(desk, &october(community, &[fee_item])).await;
        let amount = plan.amount().fen();
        if amount > 0 {
            generated(&anju, desk, generate).await;
        }
        amount
    };
    // 14 m³, once for each; refuse first, so that its bill alone locks the reading for a while.
    assert_eq!(fen(refuse).await, 7_00);
    desk.is_refused_with(correct.clone(), "metering.billed").await;
    assert_eq!((fen(water).await, fen(water).await, fen(refuse).await), (40_60, 0, 0));
    anju.the_books_balance().await;

    // Without the water bill the reading stays as refuse was billed by it, and water is billed from it again.
    desk.does(void(community, bill_of(desk, community, water).await)).await;
    desk.is_refused_with(correct.clone(), "metering.billed").await;
    anju.the_books_balance().await;
    assert_eq!(fen(water).await, 40_60);
    desk.does(void(community, bill_of(desk, community, refuse).await)).await;
    desk.is_refused_with(correct.clone(), "metering.billed").await;
    assert_eq!(fen(refuse).await, 7_00);

    for fee_item in [refuse, water] {
        desk.does(void(community, bill_of(desk, community, fee_item).await)).await;
    }
    desk.does(correct).await;
    // Both are billed in one run, by what is right now: 15 × 2.90 and 15 × 0.50.
    let (plan, generate) = seen(desk, &october(community, &[water, refuse])).await;
    assert_eq!(plan.amount().fen(), 43_50 + 7_50);
    generated(&anju, desk, generate).await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_was_used_while_refuse_was_not_charged_is_not_billed_afterwards() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (desk, community) = (estate.manager, estate.community);
    let water = estate.fee_item("水费", FeeItemKind::Water).await;
    let refuse = estate.fee_item("垃圾费", FeeItemKind::Refuse).await;
    let bins = SaveTariff {
        community,
        tariff: TariffId(Uuid::now_v7()),
        fee_item: refuse,
        name: "居民垃圾费".to_owned(),
        rules: TariffRules { usage_of: Some(FeeItemKind::Water), ..TariffRules::of_mode(Mode::Usage) },
    };
    let tariff = bins.tariff;
    desk.does(bins).await;
    desk.does(estate.price(tariff, PriceScope::Community, "0.50", "2026-01-01")).await;
    desk.does(Assign { to: Some(day("2026-08-01")), ..estate.everyone(tariff, "2026-01-01") }).await;
    desk.does(estate.everyone(tariff, "2026-10-01")).await;
    let meter = one_meter(&estate, water, ("50", "2026-06-30")).await.id;
    for (on, value) in [("2026-07-31", "64"), ("2026-08-31", "78"), ("2026-09-30", "92"), ("2026-10-31", "106")] {
        desk.does(read(community, meter, on, value)).await;
    }
    let fen = async |first: &str| {
        let ask = GetRunInputs { first: month(first), ..october(community, &[refuse]) };
        let (plan, generate) = seen(desk, &ask).await;
        if !plan.bills.is_empty() {
            generated(&anju, desk, generate).await;
        }
        plan.amount().fen()
    };
    // 14 m³ a month at 0.50; nobody pays for August and September.
    assert_eq!((fen("2026-07").await, fen("2026-09").await, fen("2026-10").await), (7_00, 0, 7_00));
    desk.does(read(community, meter, "2026-11-20", "110")).await;
    assert_eq!(fen("2026-11").await, 2_00);
    anju.the_books_balance().await;
}
