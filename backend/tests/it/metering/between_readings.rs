//! A usage is priced by the days between its readings, also by a price that has ended before the bill's month.

use common::charging::api::{Earlier, PriceScope, SetPrice};
use common::charging::tariff::{FeeItemKind, Mode};

use super::given_back::{one_meter, read};
use crate::billing::{generated, october, seen};
use crate::charging::Estate;
use crate::support::Anju;

#[tokio::test]
async fn a_price_that_ended_before_the_month_counts_for_the_days_that_were_read_with_it() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (desk, community) = (estate.manager, estate.community);
    let water = estate.fee_item("水费", FeeItemKind::Water).await;
    let tariff = estate.tariff(water, "居民水费", Mode::Usage).await;
    desk.does(estate.price(tariff, PriceScope::Community, "3", "2026-01-01")).await;
    let dearer = estate.price(tariff, PriceScope::Community, "6", "2026-10-01");
    desk.does(SetPrice { earlier: Earlier::Ended, ..dearer }).await;
    desk.does(estate.everyone(tariff, "2026-01-01")).await;
    let meter = one_meter(&estate, water, ("0", "2026-09-25")).await.id;
    desk.does(read(community, meter, "2026-10-25", "30")).await;
    let (plan, generate) = seen(desk, &october(community, &[water])).await;
    // Five of the 30 days were at 3: 30 × (5 × 3 + 25 × 6) ÷ 30.
    assert_eq!(plan.amount().fen(), 165_00);
    generated(&anju, desk, generate).await;
    anju.the_books_balance().await;
}
