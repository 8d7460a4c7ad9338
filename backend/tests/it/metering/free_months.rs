//! What is used within a free first tier makes no bill, and is over all the same.

use common::billing::api::{GetRunInputs, ListBills, VoidBills};
use common::billing::plan::SkipReason;
use common::charging::api::{Assign, Earlier, EndCharges, ListCharges, PriceScope, SaveTariff, SetPrice};
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode, TariffRules};
use common::charging::tier::{Tier, TierScope, Tiers};
use common::id::{ApprovalId, CommunityId, FeeItemId, MeterId, ReadingId, TariffId, UnitId};
use common::metering::api::CorrectReading;
use uuid::Uuid;

use super::given_back::{one_meter, read};
use super::{day, month, quantity};
use crate::billing::{generated, october, seen};
use crate::charging::{Estate, charges};
use crate::support::{Anju, Person};

/// The first 5 of a month are free, the rest is 3.00 yuan.
fn five_free() -> Rate {
    let step =
        |up_to: Option<&str>, price: &str| Tier { up_to: up_to.map(quantity), price: price.parse().unwrap(), per_person: None };
    let steps = vec![step(Some("5"), "0"), step(None, "3.00")];
    Rate::Tiered(Tiers::new(TierScope::Month, steps))
}

/// A home by these rules, whose meter showed 14 at the end of October: 4 more than at that of September, which is billed. October
/// was generated, too, and came to nothing.
struct Home {
    community: CommunityId,
    water: FeeItemId,
    tariff: TariffId,
    unit: UnitId,
    meter: MeterId,
    october: ReadingId,
}

impl Home {
    async fn of(anju: &Anju, estate: &Estate<'_>) -> Self {
        let (desk, community) = (estate.manager, estate.community);
        let water = estate.fee_item("水费", FeeItemKind::Water).await;
        let tariff = estate.tariff(water, "居民水费", Mode::Usage).await;
        let price = estate.price(tariff, PriceScope::Community, "1", "2026-01-01");
        desk.does(SetPrice { rate: five_free(), ..price }).await;
        desk.does(estate.everyone(tariff, "2026-01-01")).await;
        let row = one_meter(estate, water, ("0", "2026-08-31")).await;
        let (meter, unit) = (row.id, row.unit.unwrap().id);
        desk.does(read(community, meter, "2026-09-30", "10")).await;
        let october = desk.does(read(community, meter, "2026-10-31", "14")).await.id;
        let home = Self { community, water, tariff, unit, meter, october };
        let (plan, generate) = seen(desk, &home.in_month("2026-09")).await;
        assert_eq!(plan.amount().fen(), 15_00);
        generated(anju, desk, generate).await;
        let (plan, generate) = seen(desk, &home.in_month("2026-10")).await;
        assert_eq!((plan.bills.len(), plan.skipped[0].reason), (0, SkipReason::ZeroAmount));
        generated(anju, desk, generate).await;
        home
    }

    /// October's reading, corrected.
    fn correct(&self, value: &str) -> CorrectReading {
        CorrectReading {
            community: self.community,
            reading: self.october,
            day: day("2026-10-31"),
            value: quantity(value),
            mark: None,
            confirmed: true,
            note: String::new(),
        }
    }

    fn in_month(&self, first: &str) -> GetRunInputs {
        GetRunInputs { first: month(first), ..october(self.community, &[self.water]) }
    }
}

#[tokio::test]
async fn a_month_whose_usage_was_free_is_over() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let home = Home::of(&anju, &estate).await;
    estate.manager.does(read(home.community, home.meter, "2026-11-20", "25")).await;
    // 6 of the 11 are paid; over two months it would be 5 of 15.
    assert_eq!(seen(estate.manager, &home.in_month("2026-11")).await.0.amount().fen(), 18_00);
}

#[tokio::test]
async fn what_was_free_until_it_was_corrected_is_billed_with_the_next() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let home = Home::of(&anju, &estate).await;
    let (desk, community) = (estate.manager, home.community);
    desk.does(home.correct("20")).await;
    desk.does(read(community, home.meter, "2026-11-20", "25")).await;
    // 15 in two months: 10 are free.
    let (plan, generate) = seen(desk, &home.in_month("2026-11")).await;
    assert_eq!(plan.amount().fen(), 15_00);
    generated(&anju, desk, generate).await;

    // Voided, both months are open again.
    void_the_bill_of(desk, community, "2026-11").await;
    assert_eq!(seen(desk, &home.in_month("2026-11")).await.0.amount().fen(), 15_00);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_was_free_once_and_is_billed_and_voided_later_is_open() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let home = Home::of(&anju, &estate).await;
    let (desk, community) = (estate.manager, home.community);
    // The home's own price knows no free part.
    let own = estate.price(home.tariff, PriceScope::Unit { unit: home.unit }, "3.00", "2026-01-01");
    desk.does(own).await;
    let (plan, generate) = seen(desk, &home.in_month("2026-10")).await;
    assert_eq!(plan.amount().fen(), 12_00);
    generated(&anju, desk, generate).await;
    void_the_bill_of(desk, community, "2026-10").await;

    desk.does(read(community, home.meter, "2026-11-20", "25")).await;
    // 4 of October and 11 of November.
    assert_eq!(seen(desk, &home.in_month("2026-11")).await.0.amount().fen(), 45_00);
}

async fn void_the_bill_of(desk: &Person, community: CommunityId, of: &str) {
    let bills = desk.does(ListBills { from_month: Some(month(of)), ..ListBills::of(community) }).await.rows;
    let request = ApprovalId(Uuid::now_v7());
    desk.does(VoidBills { community, request, bills: vec![bills[0].id], reason: "重算".into() }).await;
}

#[tokio::test]
async fn a_month_that_came_to_nothing_with_a_late_one_does_so_again() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let home = Home::of(&anju, &estate).await;
    let (desk, community) = (estate.manager, home.community);
    // October is corrected to 3, and November's 7 are read: 10 in two months are free.
    desk.does(home.correct("13")).await;
    desk.does(read(community, home.meter, "2026-11-20", "20")).await;
    for _ in 0..2 {
        let (plan, generate) = seen(desk, &home.in_month("2026-11")).await;
        assert_eq!((plan.bills.len(), plan.skipped[0].reason), (0, SkipReason::ZeroAmount));
        generated(&anju, desk, generate).await;
    }
}

#[tokio::test]
async fn what_no_tariff_charged_by_use_is_not_over() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let home = Home::of(&anju, &estate).await;
    let (desk, community) = (estate.manager, home.community);
    let charge = desk.does(ListCharges { tariff: Some(home.tariff), ..charges(community) }).await.rows[0].id;
    let end = EndCharges { community, charges: vec![charge], to: day("2026-11-01") };
    desk.does(end).await;
    let fixed = estate.tariff(home.water, "装表赠送", Mode::Fixed).await;
    desk.does(estate.price(fixed, PriceScope::Community, "0", "2026-01-01")).await;
    desk.does(estate.everyone(fixed, "2026-11-01")).await;
    desk.does(read(community, home.meter, "2026-11-20", "34")).await;
    let (plan, generate) = seen(desk, &home.in_month("2026-11")).await;
    assert_eq!((plan.bills.len(), plan.skipped[0].reason), (0, SkipReason::ZeroAmount));
    generated(&anju, desk, generate).await;

    let again = Assign { earlier: Earlier::Ended, ..estate.everyone(home.tariff, "2026-12-01") };
    let anju = anju.later("2026-12-23").await;
    let desk = anju.manager().await;
    desk.does(again).await;
    desk.does(read(community, home.meter, "2026-12-20", "44")).await;
    // 30 in two months: 10 are free.
    assert_eq!(seen(desk, &home.in_month("2026-12")).await.0.amount().fen(), 60_00);
}

#[tokio::test]
async fn voiding_sewage_by_the_water_meter_does_not_open_the_water() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let home = Home::of(&anju, &estate).await;
    let (desk, community) = (estate.manager, home.community);
    let sewage = estate.fee_item("污水费", FeeItemKind::Other).await;
    let tariff = TariffId(Uuid::now_v7());
    let rules = TariffRules { usage_of: Some(FeeItemKind::Water), ..TariffRules::of_mode(Mode::Usage) };
    desk.does(SaveTariff { community, tariff, fee_item: sewage, name: "污水".into(), rules }).await;
    desk.does(estate.price(tariff, PriceScope::Community, "1.00", "2026-01-01")).await;
    desk.does(estate.everyone(tariff, "2026-10-01")).await;
    let (plan, generate) = seen(desk, &october(community, &[sewage])).await;
    assert_eq!(plan.amount().fen(), 4_00);
    generated(&anju, desk, generate).await;
    void_the_bill_of(desk, community, "2026-10").await;
    desk.does(read(community, home.meter, "2026-11-20", "25")).await;
    assert_eq!(seen(desk, &home.in_month("2026-11")).await.0.amount().fen(), 18_00);
}
