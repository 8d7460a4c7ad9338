//! Stories of charging: what is set is in force, the narrowest first, and nothing is in force twice.

mod rents;
mod shops;
mod tools;

use common::charging::api::{
    ASSIGN_UNITS_MOST, Assign, ChargeRow, ChargeState, Earlier, EndCharges, EndPrice, ListCharges, ListFeeItems, ListPrices,
    PreviewAssign, PriceScope, RetireTariff, SaveFeeItem, SaveTariff, SetPrice,
};
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode, TariffRules};
use common::estate::api::{SaveBuilding, SaveUnit};
use common::estate::{Facts, UnitKind, UnitState};
use common::id::{BuildingId, ChargeId, CommunityId, FeeItemId, PriceId, TariffId, UnitId};
use common::period::Day;
use uuid::Uuid;

use crate::support::{Anju, Person};

/// An estate of one community that charges, for stories of charging and billing.
pub(crate) struct Estate<'a> {
    pub(crate) manager: &'a Person,
    pub(crate) community: CommunityId,
    pub(crate) buildings: Vec<BuildingId>,
    pub(crate) units: Vec<UnitId>,
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

impl<'a> Estate<'a> {
    /// Two buildings with `each` homes of 80, 81, 82 … m².
    pub(crate) async fn of(anju: &'a Anju, each: u32) -> Self {
        Self::named(anju, "澜庭花园", each).await
    }

    pub(crate) async fn named(anju: &'a Anju, name: &str, each: u32) -> Self {
        let manager = anju.manager().await;
        let community = anju.community(name).await;
        let mut estate = Self { manager, community, buildings: Vec::new(), units: Vec::new() };
        for building in 1..=2 {
            let id = BuildingId(Uuid::now_v7());
            manager.does(SaveBuilding { community, building: id, name: building.to_string(), entrances: vec![] }).await;
            estate.buildings.push(id);
            for room in 0..each {
                estate.unit(id, &format!("{}", 101 + room), Some(80 + room)).await;
            }
        }
        estate
    }

    pub(crate) async fn unit(&mut self, building: BuildingId, room: &str, area: Option<u32>) -> UnitId {
        let unit = UnitId(Uuid::now_v7());
        let ask = SaveUnit {
            community: self.community,
            unit,
            building: Some(building),
            entrance: None,
            floor: Some(1),
            room: room.to_owned(),
            kind: UnitKind::Residence,
            state: UnitState::Occupied,
            billed_area: area.map(|area| area.to_string().parse().unwrap()),
            inner_area: None,
            heads: None,
            layout: None,
            decoration: None,
            handed_over: None,
            property_value_fen: None,
            facts: Facts::default(),
            custom: Vec::new(),
        };
        self.manager.does(ask).await;
        self.units.push(unit);
        unit
    }

    pub(crate) async fn fee_item(&self, name: &str, kind: FeeItemKind) -> FeeItemId {
        let fee_item = FeeItemId(Uuid::now_v7());
        self.manager.does(SaveFeeItem::of(self.community, fee_item, name, name, kind)).await;
        fee_item
    }

    pub(crate) async fn tariff(&self, fee_item: FeeItemId, name: &str, mode: Mode) -> TariffId {
        let tariff = TariffId(Uuid::now_v7());
        self.manager
            .does(SaveTariff {
                community: self.community,
                tariff,
                fee_item,
                name: name.to_owned(),
                rules: TariffRules::of_mode(mode),
            })
            .await;
        tariff
    }

    pub(crate) fn price(&self, tariff: TariffId, scope: PriceScope, price: &str, from: &str) -> SetPrice {
        SetPrice {
            community: self.community,
            tariff,
            price: PriceId(Uuid::now_v7()),
            scope,
            rate: Rate::Flat(price.parse().unwrap()),
            from: day(from),
            to: None,
            earlier: Earlier::Kept,
            reason: String::new(),
        }
    }

    pub(crate) fn everyone(&self, tariff: TariffId, from: &str) -> Assign {
        Assign {
            community: self.community,
            tariff,
            buildings: vec![],
            kinds: vec![],
            units: vec![],
            from: day(from),
            to: None,
            earlier: Earlier::Kept,
        }
    }

    /// A fee item by area with a price, charged to everyone.
    pub(crate) async fn property_fee(&self, price: &str) -> (FeeItemId, TariffId) {
        let fee_item = self.fee_item("物业费", FeeItemKind::Property).await;
        let tariff = self.tariff(fee_item, "住宅物业费", Mode::Area).await;
        self.manager.does(self.price(tariff, PriceScope::Community, price, "2026-01-01")).await;
        self.manager.does(self.everyone(tariff, "2026-01-01")).await;
        (fee_item, tariff)
    }
}

pub(crate) fn charges(community: CommunityId) -> ListCharges {
    ListCharges {
        community,
        fee_item: None,
        tariff: None,
        building: None,
        unit: None,
        search: None,
        state: None,
        page: None,
        size: None,
        sort: None,
    }
}

#[tokio::test]
async fn two_prices_of_one_scope_are_never_in_force_on_one_day() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let (manager, community, building) = (estate.manager, estate.community, estate.buildings[0]);

    let dearer = estate.price(tariff, PriceScope::Community, "2.95", "2026-10-16");
    let refused = manager.is_refused_with(dearer.clone(), "charging.price_overlaps").await;
    assert_eq!(refused.args.get("from").map(String::as_str), Some("2026-01-01"));
    manager.does(estate.price(tariff, PriceScope::Building { building }, "3.10", "2026-05-01")).await;
    manager.does(estate.price(tariff, PriceScope::Floor { building, floor: 1 }, "3.30", "2026-05-01")).await;
    manager
        .is_refused_with(
            estate.price(tariff, PriceScope::Floor { building, floor: 1 }, "3.40", "2026-06-01"),
            "charging.price_overlaps",
        )
        .await;
    manager.does(estate.price(tariff, PriceScope::Unit { unit: estate.units[0] }, "2.20", "2026-05-01")).await;
    manager.does(SetPrice { earlier: Earlier::Ended, ..dearer.clone() }).await;
    manager.does(SetPrice { earlier: Earlier::Ended, ..dearer }).await;

    let board = manager.does(ListPrices { community, tariff }).await;
    assert_eq!(board.prices.len(), 5, "sent twice, it is one price");
    let first = board.prices.iter().find(|price| price.from == day("2026-01-01")).unwrap();
    assert_eq!((first.to, first.set_by.as_deref()), (Some(day("2026-10-16")), Some("周敏")));
    let names: Vec<_> = board.places.iter().map(|place| (place.name.as_str(), place.units)).collect();
    assert_eq!(names.len(), 5, "community, two buildings, a floor and a unit: {names:?}");
    assert_eq!((board.places[0].name.as_str(), board.places[0].units), ("澜庭花园", 4));

    let floor = board.prices.iter().find(|price| matches!(price.scope, PriceScope::Floor { .. })).unwrap();
    manager.does(EndPrice { community, price: floor.id, to: day("2026-07-01"), resumes: false }).await;
    manager
        .is_refused_with(EndPrice { community, price: floor.id, to: day("2026-08-01"), resumes: false }, "charging.price_over")
        .await;
    let elsewhere = PriceScope::Building { building: BuildingId(Uuid::now_v7()) };
    manager.is_refused_with(estate.price(tariff, elsewhere, "1", "2026-01-01"), "not_found").await;

    // A price for two months: after them the earlier one is in force again.
    let winter = SetPrice {
        to: Some(day("2027-03-01")),
        earlier: Earlier::Ended,
        ..estate.price(tariff, PriceScope::Community, "2.50", "2027-01-01")
    };
    manager.does(winter).await;
    let mut prices = manager.does(ListPrices { community, tariff }).await.prices;
    prices.retain(|price| matches!(price.scope, PriceScope::Community) && price.from >= day("2026-10-16"));
    prices.sort_by_key(|price| price.from);
    let spans: Vec<_> = prices
        .iter()
        .map(|price| (price.rate.clone(), price.from.to_string(), price.to.map(|to| to.to_string()).unwrap_or_default()))
        .collect();
    let flat = |price: &str| Rate::Flat(price.parse().unwrap());
    let span = |price: &str, from: &str, to: &str| (flat(price), from.to_owned(), to.to_owned());
    assert_eq!(
        spans,
        [span("2.95", "2026-10-16", "2027-01-01"), span("2.50", "2027-01-01", "2027-03-01"), span("2.95", "2027-03-01", "")]
    );

    let items = manager.does(ListFeeItems { community }).await;
    assert_eq!((items.len(), items[0].id, items[0].tariffs[0].units, items[0].tariffs[0].id), (1, fee_item, 4, tariff));
    manager
        .is_refused_with(
            SaveFeeItem::of(community, FeeItemId(Uuid::now_v7()), "x", "物业费", FeeItemKind::Other),
            "charging.fee_item_taken",
        )
        .await;
    let rules = TariffRules::of_mode(Mode::Household);
    manager
        .is_refused_with(SaveTariff { community, tariff, fee_item, name: "住宅物业费".into(), rules }, "charging.mode_fixed")
        .await;
}

#[tokio::test]
async fn single_units_are_assigned_as_many_at_a_time_as_their_preview_has_room_for() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let tariff = estate.tariff(fee_item, "低价物业费", Mode::Area).await;
    let units = |many: usize| (0..many).map(|_| UnitId(Uuid::now_v7())).collect::<Vec<_>>();
    let preview = |many| PreviewAssign {
        community,
        tariff,
        buildings: vec![],
        kinds: vec![],
        units: units(many),
        from: day("2026-11-01"),
        to: None,
    };
    assert_eq!(manager.does(preview(ASSIGN_UNITS_MOST)).await.found, 0);
    let problem = manager.is_refused_with(preview(ASSIGN_UNITS_MOST + 1), "charging.assign_units_most").await;
    assert_eq!(problem.fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["units"]);
    let assign = |many| Assign { units: units(many), ..estate.everyone(tariff, "2026-11-01") };
    assert_eq!(manager.does(assign(ASSIGN_UNITS_MOST)).await.charges, 0);
    let problem = manager.is_refused_with(assign(ASSIGN_UNITS_MOST + 1), "charging.assign_units_most").await;
    assert_eq!(problem.fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["units"]);
}

#[tokio::test]
async fn a_tariff_is_assigned_in_bulk_and_nobody_is_charged_twice() {
    let anju = Anju::start().await;
    let mut estate = Estate::of(&anju, 3).await;
    let bare = estate.unit(estate.buildings[1], "999", None).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let other = estate.tariff(fee_item, "低价物业费", Mode::Area).await;

    let filter = PreviewAssign {
        community,
        tariff: other,
        buildings: vec![estate.buildings[0]],
        kinds: vec![UnitKind::Residence],
        units: vec![],
        from: day("2026-11-01"),
        to: None,
    };
    let preview = manager.does(filter.clone()).await;
    assert_eq!((preview.found, preview.already, preview.other, preview.no_area), (3, 0, 3, 0));
    let preview = manager.does(PreviewAssign { tariff, buildings: vec![], ..filter }).await;
    assert_eq!((preview.found, preview.already, preview.other, preview.no_area), (7, 7, 0, 1));

    let mut ask = Assign { buildings: vec![estate.buildings[0]], ..estate.everyone(other, "2026-11-01") };
    let done = manager.does(ask.clone()).await;
    assert_eq!((done.charges, done.left_out), (0, 3));
    ask.earlier = Earlier::Ended;
    let done = manager.does(ask.clone()).await;
    assert_eq!((done.charges, done.left_out), (3, 0));
    assert_eq!(manager.does(ask).await.charges, 0, "assigned again, nothing is added");
    // A tariff for a month: after it the earlier one charges again.
    let for_a_month = Assign {
        units: vec![estate.units[3]],
        buildings: vec![],
        to: Some(day("2026-07-01")),
        earlier: Earlier::Ended,
        ..estate.everyone(other, "2026-06-01")
    };
    assert_eq!(manager.does(for_a_month).await.charges, 1);
    let third = ListCharges {
        unit: Some(estate.units[3]),
        state: Some(ChargeState::All),
        sort: Some("from".into()),
        ..charges(community)
    };
    let rows = manager.does(third).await.rows;
    let spans: Vec<_> = rows.iter().map(|row| (row.tariff, row.from.to_string(), row.to.map(|to| to.to_string()))).collect();
    let (june, july) = ("2026-06-01".to_owned(), "2026-07-01".to_owned());
    assert_eq!(
        spans,
        [(tariff, "2026-01-01".to_owned(), Some(june.clone())), (other, june, Some(july.clone())), (tariff, july, None)]
    );
    // One home was not charged from April to June; who assigns from March on fills that, and nothing else.
    let second = ListCharges { unit: Some(estate.units[4]), ..charges(community) };
    let whole = manager.does(second.clone()).await.rows[0].id;
    manager.does(EndCharges { community, charges: vec![whole], to: day("2026-04-01") }).await;
    let one = Assign { units: vec![estate.units[4]], ..estate.everyone(tariff, "2026-07-01") };
    assert_eq!(manager.does(one.clone()).await.charges, 1);
    let filter = PreviewAssign {
        community,
        tariff,
        buildings: vec![],
        kinds: vec![],
        units: one.units.clone(),
        from: day("2026-03-15"),
        to: None,
    };
    assert_eq!(manager.does(filter.clone()).await.already, 0);
    let from_march = Assign { from: filter.from, ..one };
    assert_eq!(manager.does(from_march.clone()).await, common::charging::api::Assigned { charges: 1, left_out: 0 });
    assert_eq!(manager.does(filter).await.already, 1);
    assert_eq!(manager.does(from_march).await.charges, 0);
    let mut spans: Vec<_> = manager.does(ListCharges { state: Some(ChargeState::All), ..second }).await.rows;
    spans.sort_by_key(|row| row.from);
    let spans: Vec<_> =
        spans.iter().map(|row| (row.from.to_string(), row.to.map(|to| to.to_string()).unwrap_or_default())).collect();
    let span = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(spans, [span("2026-01-01", "2026-04-01"), span("2026-04-01", "2026-07-01"), span("2026-07-01", "")]);

    let all = ListCharges { state: Some(ChargeState::All), ..charges(community) };
    assert_eq!(manager.does(all.clone()).await.total, Some(14));
    let rows = manager.does(ListCharges { unit: Some(estate.units[0]), sort: Some("from".into()), ..all }).await.rows;
    let spans: Vec<_> = rows.iter().map(|row| (row.tariff, row.from.to_string(), row.to.map(|to| to.to_string()))).collect();
    assert_eq!(spans, [(tariff, "2026-01-01".to_owned(), Some("2026-11-01".to_owned())), (other, "2026-11-01".to_owned(), None)]);

    let of_bare: Vec<ChargeId> = manager
        .does(ListCharges { unit: Some(bare), ..charges(community) })
        .await
        .rows
        .iter()
        .map(|row: &ChargeRow| row.id)
        .collect();
    manager.does(EndCharges { community, charges: of_bare, to: day("2026-01-01") }).await;
    assert_eq!(
        manager.does(ListCharges { unit: Some(bare), ..charges(community) }).await.rows,
        [],
        "ended on its first day, it never counted"
    );
    manager.does(RetireTariff { community, tariff: other }).await;
    manager.is_refused_with(estate.everyone(other, "2026-12-01"), "charging.tariff_retired").await;
}

#[tokio::test]
async fn who_sees_one_building_sees_and_ends_the_prices_of_that_one() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (community, own, other) = (estate.community, estate.buildings[0], estate.buildings[1]);
    let fee_item = estate.fee_item("物业费", FeeItemKind::Property).await;
    let tariff = estate.tariff(fee_item, "住宅", Mode::Area).await;
    let scopes = [
        PriceScope::Community,
        PriceScope::Building { building: own },
        PriceScope::Building { building: other },
        PriceScope::Unit { unit: estate.units[1] },
        PriceScope::Floor { building: own, floor: 1 },
    ];
    let mut prices = Vec::new();
    for scope in scopes {
        let ask = estate.price(tariff, scope, "2.80", "2026-01-01");
        prices.push(ask.price);
        estate.manager.does(ask).await;
    }
    let steward = [common::permission::Permission::ChargingRead, common::permission::Permission::ChargingWrite];
    let steward = anju.employee_of_buildings(&steward, &[(community, Some(own))]).await;
    let seen = steward.does(ListPrices { community, tariff }).await.prices;
    assert_eq!(seen.iter().map(|price| price.id).collect::<Vec<_>>(), [prices[0], prices[1], prices[4]]);
    for hidden in [prices[0], prices[2], prices[3]] {
        steward.is_refused_with(EndPrice { community, price: hidden, to: day("2026-06-01"), resumes: false }, "not_found").await;
    }
    for own in [prices[1], prices[4]] {
        steward.does(EndPrice { community, price: own, to: day("2026-06-01"), resumes: false }).await;
    }
    assert_eq!(estate.manager.does(ListPrices { community, tariff }).await.prices.len(), 5);
}

#[tokio::test]
async fn a_price_sent_twice_is_one_and_another_under_its_id_is_refused() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let fee_item = estate.fee_item("物业费", FeeItemKind::Property).await;
    let tariff = estate.tariff(fee_item, "住宅", Mode::Area).await;
    let ask = estate.price(tariff, PriceScope::Community, "2.80", "2026-01-01");
    let (first, second) = tokio::join!(estate.manager.asks(ask.clone()), estate.manager.asks(ask.clone()));
    assert_eq!((first.unwrap(), second.unwrap()), Default::default());
    let dearer = SetPrice { rate: Rate::Flat("3.00".parse().unwrap()), ..ask };
    estate.manager.is_refused_with(dearer, "made_differently").await;
    assert_eq!(estate.manager.does(ListPrices { community: estate.community, tariff }).await.prices.len(), 1);
}
