//! A trial of metered prices begins in the month that was last read.

use common::billing::api::{LastRead, ListLastRead};
use common::charging::tariff::FeeItemKind;
use common::metering::Utility;
use common::permission::Permission;

use super::given_back::{one_meter, read};
use super::month;
use crate::charging::Estate;
use crate::support::Anju;

#[tokio::test]
async fn the_newest_month_with_a_usage_is_known_by_utility_and_to_those_who_see_its_meters() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = Estate::of(&anju, 2).await;
    let (manager, community) = (estate.manager, estate.community);
    let water = estate.fee_item("水费", FeeItemKind::Water).await;
    let ask = ListLastRead { community, utilities: vec![Utility::Water, Utility::Gas] };
    assert_eq!(manager.does(ask.clone()).await, []);
    let meter = one_meter(&estate, water, ("100", "2026-08-31")).await;
    assert_eq!(manager.does(ask.clone()).await, [], "where a meter begins is no usage");
    manager.does(read(community, meter.id, "2026-09-30", "110")).await;
    manager.does(read(community, meter.id, "2026-10-31", "125")).await;
    let october = [LastRead { utility: Utility::Water, month: month("2026-10") }];
    assert_eq!(manager.does(ask.clone()).await, october);
    assert_eq!(manager.does(ListLastRead { utilities: vec![], ..ask.clone() }).await, []);
    let may = [Permission::BillingRead];
    let here = anju.employee_of_buildings(&may, &[(community, Some(estate.buildings[0]))]).await;
    let there = anju.employee_of_buildings(&may, &[(community, Some(estate.buildings[1]))]).await;
    assert_eq!((here.does(ask.clone()).await, there.does(ask).await), (october.to_vec(), vec![]));
}
