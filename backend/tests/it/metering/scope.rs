//! Who sees some buildings only.

use crate::support::Anju;
use common::estate::Facts;
use common::estate::api::{GetUnit, SaveBuilding, SaveUnit};
use common::formula::{Named, Variable};
use common::id::*;
use common::metering::api::*;
use common::metering::apportion::Method;
use uuid::Uuid;

use super::{enter, estate, homes, list, meter_of, month};

#[tokio::test]
async fn meters_of_other_buildings_are_out_of_sight() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.asks(homes(&estate, None)).await.unwrap();
    let elsewhere = BuildingId(Uuid::now_v7());
    let permissions = [common::permission::Permission::MeteringRead, common::permission::Permission::MeteringWrite];
    let other = anju.employee_of_buildings(&permissions, &[(estate.community, Some(elsewhere))]).await;
    assert_eq!(other.does(list(&estate)).await.total, Some(0));
    let meter = meter_of(desk, &estate, "0101").await;
    assert_eq!(other.is_refused(ShowMeter { community: estate.community, meter }).await.status, 404);
    assert_eq!(other.is_refused(enter(&estate, meter, "2026-11", "2026-11-20", "80")).await.status, 404);
    assert!(other.does(OpenBook { community: estate.community, month: month("2026-11") }).await.meters.is_empty());

    // The home moves to that building, and its meters with it; renamed, they are listed where it stands.
    let community = estate.community;
    let building = SaveBuilding { community, building: elsewhere, name: "9".to_owned(), entrances: vec![] };
    desk.does(building.clone()).await;
    let unit = desk.does(ShowMeter { community, meter }).await.meter.unit.unwrap().id;
    let home = desk.does(GetUnit { community, unit }).await;
    let moved = SaveUnit {
        community,
        unit,
        building: Some(elsewhere),
        entrance: None,
        floor: home.floor,
        room: "101".to_owned(),
        kind: home.kind,
        state: home.state,
        billed_area: home.billed_area,
        inner_area: None,
        heads: None,
        layout: None,
        decoration: None,
        handed_over: None,
        property_value_fen: None,
        facts: Facts::default(),
        custom: Vec::new(),
    };
    desk.does(moved).await;
    assert_eq!(other.does(list(&estate)).await.total, Some(1));
    desk.does(SaveBuilding { name: "12".to_owned(), ..building }).await;
    let stale = "SELECT COUNT(*) FROM meter m JOIN unit u ON u.id = m.unit_id WHERE u.sort_key <> m.sort_key";
    assert_eq!(anju.counts(stale).await, 0);
}

#[tokio::test]
async fn whoever_sees_a_part_shares_out_over_the_sums_of_the_whole() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    let community = estate.community;
    let building = BuildingId(Uuid::now_v7());
    desk.does(SaveBuilding { community, building, name: "9".to_owned(), entrances: vec![] }).await;
    let home = desk.does(GetUnit { community, unit: estate.units[0] }).await;
    let moved = SaveUnit {
        community,
        unit: home.unit,
        building: Some(building),
        entrance: None,
        floor: home.floor,
        room: home.room,
        kind: home.kind,
        state: home.state,
        billed_area: home.billed_area,
        inner_area: None,
        heads: None,
        layout: None,
        decoration: None,
        handed_over: None,
        property_value_fen: None,
        facts: Facts::default(),
        custom: Vec::new(),
    };
    desk.does(moved).await;
    let permissions = [common::permission::Permission::MeteringRead];
    let steward = anju.employee_of_buildings(&permissions, &[(community, Some(building))]).await;
    let ask = ShowInputs { community, month: month("2026-11"), meter: None, method: Some(Method::Formula) };
    let around = |inputs: Inputs, unit: UnitId| {
        let row = inputs.units.into_iter().find(|row| row.unit.id == unit).unwrap();
        let of = |variable| row.values.iter().find(|value| value.name == Named::Variable(variable)).unwrap().value;
        [Variable::BuildingUnits, Variable::CommunityUnits, Variable::CommunityArea].map(of)
    };
    let seen = steward.does(ask.clone()).await;
    assert_eq!(seen.units.len(), 1);
    let seen = around(seen, estate.units[0]);
    // 81.5 to 85.5 m², and one home without an area.
    assert_eq!(seen, ["1", "6", "417.5"].map(|figure| figure.parse().unwrap()));
    assert_eq!(around(desk.does(ask).await, estate.units[0]), seen);
}
