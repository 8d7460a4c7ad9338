//! What is used within a free first tier makes no bill, and is over all the same.

use common::billing::api::{GetRunInputs, ListBills, VoidBills};
use common::billing::plan::SkipReason;
use common::charging::api::{PriceScope, SetPrice};
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode};
use common::charging::tier::{Tier, TierScope, Tiers};
use common::id::{ApprovalId, CommunityId, FeeItemId, MeterId, ReadingId, TariffId, UnitId};
use common::metering::api::CorrectReading;
use uuid::Uuid;

use super::given_back::{one_meter, read};
use super::{day, month, quantity};
use crate::billing::{generated, october, seen};
use crate::charging::Estate;
use crate::support::{Anju, Person};

/// The first 5 of a month are free, the rest is 3.00 yuan.
fn five_free() -> Rate {
    let step =
        |up_to: Option<&str>, price: &str| Tier { up_to: up_to.map(quantity), price: price.parse().unwrap(), per_person: None };
    let steps = vec![step(Some("5"), "0"), step(None, "3.00")];
    Rate::Tiered(Tiers { scope: TierScope::Month, steps, year_from: 1, persons: None, persons_most: None })
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
    let correct = CorrectReading {
        community,
        reading: home.october,
        day: day("2026-10-31"),
        value: quantity("20"),
        mark: None,
        confirmed: true,
        note: String::new(),
    };
    desk.does(correct).await;
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
