//! Meters are put up, read, corrected and imported; their loss is shared out; billing gets usages and shares.

use crate::support::{Anju, Person};
use common::charging::rate::Counted;
use common::estate::UnitKind;
use common::id::*;
use common::metering::api::*;
use common::metering::{Role, Utility};
use common::period::{Day, Month};
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

mod apportion;
mod between_readings;
mod free_months;
mod given_back;
mod lacking;
mod last_read;
mod quota;
mod readings;
mod register_tiers;
mod rounds;
mod scope;
mod usage_of;
mod workbooks;

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}
fn day(text: &str) -> Day {
    text.parse().unwrap()
}
fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// An estate of six homes, one of them vacant, with its fee items.
struct Estate {
    community: CommunityId,
    water: FeeItemId,
    shared: FeeItemId,
    units: Vec<UnitId>,
}

async fn estate(anju: &Anju) -> Estate {
    estate_named(anju, "澜庭花园").await
}

async fn estate_named(anju: &Anju, name: &str) -> Estate {
    let community = anju.community(name).await;
    let (building, water, shared) = (BuildingId(Uuid::now_v7()), FeeItemId(Uuid::now_v7()), FeeItemId(Uuid::now_v7()));
    let db = anju.app.db();
    let run = |sql: &str, values: Vec<sea_orm::Value>| {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        async move { db.execute_raw(statement).await.unwrap() }
    };
    run(
        "INSERT INTO building (community_id, id, name, sort_key) VALUES ($1, $2, '1栋', '0001')",
        vec![community.into(), building.into()],
    )
    .await;
    for (id, code, name) in [(water, "SF", "水费"), (shared, "GT", "公摊水费")] {
        run(
            "INSERT INTO fee_item (community_id, id, code, name, kind, sort, active) VALUES ($1, $2, $3, $4, 'metered', 1, $5)",
            vec![community.into(), id.into(), code.into(), name.into(), true.into()],
        )
        .await;
    }
    let mut units = Vec::new();
    for number in 1..=6 {
        let unit = UnitId(Uuid::now_v7());
        let code = format!("1-1-010{number}");
        let area = if number == 6 { None } else { Some(quantity(&format!("{}.5", 80 + number))) };
        let state = if number == 5 { "vacant" } else { "occupied" };
        run(
            "INSERT INTO unit (community_id, id, building_id, room, code, label, search_key, sort_key, kind, state, billed_area, heads, facts, created_at) \
             VALUES ($1, $2, $3, $9, $4, $5, $10, $4, 'residence', $6, $7, 2, '{}', $8)",
            vec![community.into(), unit.into(), building.into(), code.clone().into(), format!("1栋1单元010{number}").into(), state.into(), area.into(), anju.app.now().into(), format!("010{number}").into(), format!("11010{number}").into()],
        )
        .await;
        units.push(unit);
    }
    Estate { community, water, shared, units }
}

fn list(estate: &Estate) -> ListMeters {
    ListMeters {
        community: estate.community,
        search: None,
        role: None,
        utility: None,
        building: None,
        unit: None,
        parent: None,
        active: None,
        page: None,
        size: None,
        sort: None,
    }
}

fn enter(estate: &Estate, meter: MeterId, round: &str, on: &str, value: &str) -> EnterReading {
    EnterReading {
        community: estate.community,
        reading: ReadingId(Uuid::now_v7()),
        meter,
        month: month(round),
        day: day(on),
        value: quantity(value),
        mark: None,
        multiplier: None,
        confirmed: true,
        note: String::new(),
        round: None,
        reread: None,
    }
}

fn master(estate: &Estate) -> DefineMeter {
    DefineMeter {
        community: estate.community,
        meter: MeterId(Uuid::now_v7()),
        code: "ZB-1".to_owned(),
        role: Role::Master,
        utility: Utility::Water,
        place: "1栋总表".to_owned(),
        unit: None,
        building: None,
        parent: None,
        fee_item: estate.shared,
        register: Counted::Total,
        multiplier: quantity("10"),
        digits: 5,
        first: Some(FirstReading { value: quantity("100"), day: day("2026-09-20") }),
    }
}

fn homes(estate: &Estate, parent: Option<MeterId>) -> DefineMeters {
    DefineMeters {
        community: estate.community,
        utility: Utility::Water,
        fee_item: estate.water,
        parent,
        prefix: "SB".to_owned(),
        registers: Vec::new(),
        multiplier: Quantity::ONE,
        digits: 5,
        first: Some(FirstReading { value: quantity("50"), day: day("2026-09-20") }),
        building: None,
        kinds: vec![UnitKind::Residence],
    }
}

async fn meter_of(desk: &Person, estate: &Estate, search: &str) -> MeterId {
    let page = desk.asks(ListMeters { search: Some(search.to_owned()), ..list(estate) }).await.unwrap();
    page.rows.first().unwrap().id
}
