//! Stories of the price tools: who set what, and the same tariffs for another community.

use common::charging::api::{
    Copied, CopyState, CopyTariffs, Earlier, EndPrice, ListFeeItems, ListPriceEvents, ListPrices, ListRuleEvents, PriceDeed,
    PriceScope, ReviewCopy, SaveTariff, SetPrice,
};
use common::charging::explain::{rate_text, rate_unit};
use common::charging::rules_text::changes;
use common::charging::tariff::{Cycle, FeeItemKind, Mode, TariffRules};
use common::id::{CopyId, TariffId};
use common::permission::Permission;
use common::text::Language;
use uuid::Uuid;

use super::{Estate, day};
use crate::support::Anju;

#[tokio::test]
async fn who_set_and_ended_prices_is_told_and_all_prices_are_exported() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (_, tariff) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let building = PriceScope::Building { building: estate.buildings[1] };
    let of_building = estate.price(tariff, building, "3.10", "2026-05-01");
    manager.does(of_building.clone()).await;
    let dearer = estate.price(tariff, PriceScope::Community, "2.95", "2026-07-01");
    manager.does(SetPrice { earlier: Earlier::Ended, reason: "业主大会".to_owned(), ..dearer }).await;
    manager.does(EndPrice { community, price: of_building.price, to: day("2026-06-01"), resumes: true }).await;

    let told = manager.does(ListPriceEvents { community, tariff }).await;
    let said: Vec<_> = told.iter().map(|event| (event.deed, event.place.clone(), event.from, event.to)).collect();
    let place = Some("2栋".to_owned());
    assert_eq!(
        said,
        [
            (PriceDeed::Ended, place.clone(), day("2026-05-01"), Some(day("2026-06-01"))),
            (PriceDeed::Set, None, day("2026-07-01"), None),
            (PriceDeed::Set, place, day("2026-05-01"), None),
            (PriceDeed::Set, None, day("2026-01-01"), None),
        ]
    );
    assert_eq!((told[1].by.as_deref(), told[1].reason.as_str()), (Some("周敏"), "业主大会"));
    let own = [Permission::ChargingRead];
    let steward = anju.employee_of_buildings(&own, &[(community, Some(estate.buildings[0]))]).await;
    assert_eq!(steward.does(ListPriceEvents { community, tariff }).await.len(), 2, "the other building's are not theirs");

    let path = format!("/api/charging/prices/export.xlsx?community={community}");
    let rows = manager.takes_home(&path).await;
    assert_eq!(rows[1], ["物业费", "住宅物业费", "小区", "2.80", "元/㎡·月", "2026-01-01", "2026-06-30", "周敏"]);
    assert_eq!(rows[2][..5], ["物业费", "住宅物业费", "楼栋", "2栋", "3.10"]);
    assert_eq!((rows.len(), steward.takes_home(&path).await.len()), (4, 3));
}

#[tokio::test]
async fn a_wrong_price_is_replaced_or_withdrawn_from_its_first_day_on() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (_, tariff) = estate.property_fee("28.00").await;
    let (manager, community) = (estate.manager, estate.community);
    let right = estate.price(tariff, PriceScope::Community, "2.80", "2026-01-01");
    manager.is_refused_with(right.clone(), "charging.price_overlaps").await;
    let before = SetPrice { earlier: Earlier::Ended, ..estate.price(tariff, PriceScope::Community, "2.70", "2025-12-31") };
    manager.is_refused_with(before, "charging.price_overlaps").await;
    manager.does(SetPrice { earlier: Earlier::Ended, ..right.clone() }).await;
    let spans = || async {
        let prices = manager.does(ListPrices { community, tariff }).await.prices;
        prices.into_iter().map(|price| (rate_text(Language::Chinese, &price.rate), price.from, price.to)).collect::<Vec<_>>()
    };
    let (first, summer, autumn) = (day("2026-01-01"), day("2026-07-01"), day("2026-10-01"));
    assert_eq!(spans().await, [("2.80".to_owned(), first, None)], "the wrong one is in force on no day");

    // One for a time takes the place of its beginning only.
    let half = SetPrice {
        to: Some(summer),
        earlier: Earlier::Ended,
        ..estate.price(tariff, PriceScope::Community, "2.50", "2026-01-01")
    };
    manager.does(half.clone()).await;
    assert_eq!(spans().await, [("2.50".to_owned(), first, Some(summer)), ("2.80".to_owned(), summer, None)]);

    // Ended on its first day it was never in force, also where it is over already.
    manager.does(EndPrice { community, price: half.price, to: first, resumes: true }).await;
    assert_eq!(spans().await, [("2.80".to_owned(), summer, None)]);
    manager.is_refused_with(EndPrice { community, price: half.price, to: first, resumes: true }, "charging.price_over").await;
    manager.does(SetPrice { earlier: Earlier::Ended, ..estate.price(tariff, PriceScope::Community, "2.95", "2026-10-01") }).await;
    assert_eq!(spans().await, [("2.80".to_owned(), summer, Some(autumn)), ("2.95".to_owned(), autumn, None)]);

    // Withdrawn before or after it begins, it leaves its days to the one that had ended there.
    let later = estate.price(tariff, PriceScope::Community, "3.10", "2026-12-01");
    manager.does(SetPrice { to: Some(day("2027-06-01")), earlier: Earlier::Ended, ..later.clone() }).await;
    let again = spans().await;
    manager.does(EndPrice { community, price: later.price, to: later.from, resumes: true }).await;
    assert_eq!(again[1..].iter().map(|(price, ..)| price.as_str()).collect::<Vec<_>>(), ["2.95", "3.10", "2.95"]);
    let goes_on = ("2.95".to_owned(), autumn, Some(day("2027-06-01")));
    assert_eq!(spans().await[1..], [goes_on.clone(), ("2.95".to_owned(), day("2027-06-01"), None)]);
    // A trial that takes a place's own prices away wants none of them back.
    let away = estate.price(tariff, PriceScope::Community, "3.20", "2027-06-01");
    manager.does(SetPrice { earlier: Earlier::Ended, ..away.clone() }).await;
    manager.does(EndPrice { community, price: away.price, to: away.from, resumes: false }).await;
    assert_eq!(spans().await[1..], [goes_on]);
    let told = manager.does(ListPriceEvents { community, tariff }).await;
    let resumed = told.iter().find(|event| event.deed == PriceDeed::Resumed).unwrap();
    assert_eq!((resumed.from, resumed.to), (later.from, Some(day("2027-06-01"))));

    let withdrawn = told.iter().filter(|event| event.deed == PriceDeed::Ended);
    let withdrawn: Vec<_> = withdrawn.map(|event| (rate_text(Language::Chinese, &event.rate), event.from, event.to)).collect();
    let never = |price: &str| (price.to_owned(), first, Some(first));
    let never_in = |price: &str, ask: &SetPrice| (price.to_owned(), ask.from, Some(ask.from));
    assert_eq!(
        withdrawn,
        [
            never_in("3.20", &away),
            never_in("2.95", &away),
            never_in("3.10", &later),
            never("2.50"),
            never("2.80"),
            never("28.00")
        ]
    );
    assert_eq!(told.iter().filter(|event| event.deed == PriceDeed::Set).count(), 6, "those that were replaced as well");
}

#[tokio::test]
async fn what_was_changed_of_a_tariff_is_told_with_who_and_when() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (property, tariff) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let yearly = TariffRules { cycle: Cycle::Yearly, cycle_month: 7, ..TariffRules::of_mode(Mode::Area) };
    let save = SaveTariff { community, tariff, fee_item: property, name: "住宅年费".into(), rules: yearly };
    manager.does(save).await;
    let told = manager.does(ListRuleEvents { community, tariff }).await;
    let said: Vec<_> = told.iter().map(|event| (event.name.as_str(), event.before.is_some(), event.after.cycle)).collect();
    assert_eq!(said, [("住宅年费", true, Cycle::Yearly), ("住宅物业费", false, Cycle::Monthly)]);
    assert_eq!((told[0].by.as_deref(), told[0].before.as_ref()), (Some("周敏"), Some(&told[1].after)));
    let said = changes(Language::Chinese, FeeItemKind::Property, &told[1].after, &told[0].after);
    assert!(said.iter().any(|one| (one.before.as_str(), one.after.as_str()) == ("按月", "按年（7 月起）")), "{said:?}");
}

#[tokio::test]
async fn tariffs_are_copied_to_another_community_and_nothing_there_is_overwritten() {
    let anju = Anju::start().await;
    let here = Estate::of(&anju, 1).await;
    let there = Estate::named(&anju, "青枫里", 1).await;
    let (manager, community, to) = (here.manager, here.community, there.community);
    let (property, homes) = here.property_fee("2.80").await;
    let dearer = here.price(homes, PriceScope::Community, "2.95", "2026-10-01");
    manager.does(SetPrice { earlier: Earlier::Ended, ..dearer }).await;
    let building = PriceScope::Building { building: here.buildings[0] };
    manager.does(here.price(homes, building, "3.10", "2026-05-01")).await;
    let shops = here.tariff(property, "商铺物业费", Mode::Area).await;
    let water = here.fee_item("水费", FeeItemKind::Water).await;
    let water = here.tariff(water, "居民水价", Mode::Usage).await;
    // There, the property fee has a tariff for shops, and something else bears the code of water.
    let theirs = there.fee_item("物业费", FeeItemKind::Property).await;
    let their_shops = there.tariff(theirs, "商铺物业费", Mode::Household).await;

    let states = async || {
        let lines = manager.does(ReviewCopy { community, to }).await;
        lines.iter().map(|line| (line.tariff, line.state)).collect::<Vec<_>>()
    };
    assert_eq!(states().await, [(homes, CopyState::Joins), (shops, CopyState::Taken), (water, CopyState::New)]);
    let lines = manager.does(ReviewCopy { community, to }).await;
    let units: Vec<_> = lines.iter().map(|line| rate_unit(Language::Chinese, &line.rules, line.kind)).collect();
    assert_eq!(units[..2], ["元/㎡·月", "元/㎡·月"]);
    let ask = CopyTariffs { community, to, copy: CopyId(Uuid::now_v7()), tariffs: vec![homes, water], from: day("2026-07-01") };
    let refused =
        manager.is_refused_with(CopyTariffs { tariffs: vec![homes, shops], ..ask.clone() }, "charging.copy_clash").await;
    assert_eq!(refused.args.get("names").map(String::as_str), Some("物业费 · 商铺物业费"));
    manager.is_refused_with(CopyTariffs { to: community, ..ask.clone() }, "charging.copy_to_itself").await;
    let done = Copied { fee_items: 1, tariffs: 2, prices: 2 };
    assert_eq!(manager.does(ask.clone()).await, done);
    assert_eq!(manager.does(ask.clone()).await, done, "sent twice, it is one copy");

    let items = manager.does(ListFeeItems { community: to }).await;
    let names: Vec<_> = items
        .iter()
        .map(|item| (item.name.as_str(), item.tariffs.iter().map(|tariff| tariff.name.as_str()).collect::<Vec<_>>()))
        .collect();
    assert_eq!(names, [("物业费", vec!["商铺物业费", "住宅物业费"]), ("水费", vec!["居民水价"])]);
    assert!(items[0].tariffs.iter().any(|tariff| tariff.id == their_shops && tariff.rules.mode == Mode::Household));
    let copied = items[0].tariffs.iter().find(|tariff| tariff.name == "住宅物业费").unwrap();
    assert_eq!(copied.units, 0, "nobody is charged by it yet");
    let prices = manager.does(ListPrices { community: to, tariff: copied.id }).await.prices;
    let spans: Vec<_> = prices.iter().map(|price| (price.from, price.to, price.scope)).collect();
    let whole = PriceScope::Community;
    assert_eq!(spans, [(day("2026-07-01"), Some(day("2026-10-01")), whole), (day("2026-10-01"), None, whole)]);
    assert!(states().await.iter().all(|(_, state)| *state == CopyState::Taken));

    // Only who manages both communities as a whole may copy.
    let both = [Permission::ChargingRead, Permission::ChargingWrite];
    let again = CopyTariffs { copy: CopyId(Uuid::now_v7()), ..ask };
    let of_one = anju.employee(&both, &[community]).await;
    of_one.is_refused_with(again.clone(), "not_found").await;
    of_one.is_refused_with(ReviewCopy { community, to }, "not_found").await;
    let in_part = anju.employee_of_buildings(&both, &[(community, None), (to, Some(there.buildings[0]))]).await;
    in_part.is_refused_with(again, "forbidden").await;
}

#[tokio::test]
async fn a_copy_that_would_go_by_other_meters_than_what_is_there_is_refused() {
    let anju = Anju::start().await;
    let here = Estate::of(&anju, 1).await;
    let there = Estate::named(&anju, "青枫里", 1).await;
    let (manager, community, to) = (here.manager, here.community, there.community);
    let refuse = here.fee_item("垃圾费", FeeItemKind::Refuse).await;
    let by_water = SaveTariff {
        community,
        tariff: TariffId(Uuid::now_v7()),
        fee_item: refuse,
        name: "按水量".to_owned(),
        rules: TariffRules { usage_of: Some(FeeItemKind::Water), ..TariffRules::of_mode(Mode::Usage) },
    };
    manager.does(by_water.clone()).await;
    let theirs = there.fee_item("垃圾费", FeeItemKind::Refuse).await;
    there.tariff(theirs, "按自己的表", Mode::Usage).await;
    let copy = CopyId(Uuid::now_v7());
    let ask = CopyTariffs { community, to, copy, tariffs: vec![by_water.tariff], from: day("2026-07-01") };
    let refused = manager.is_refused_with(ask, "charging.copy_meters").await;
    assert_eq!(refused.args.get("other").map(String::as_str), Some("按自己的表"));
}
