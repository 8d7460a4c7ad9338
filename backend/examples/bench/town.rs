//! A community of any size: buildings of 500 homes, an owner in each, property fee by area, refuse per household, lift at
//! a fixed amount.

use std::time::Instant;

use backend::{bulk, database};
use chrono::Days;
use common::charging::api::{Assign, Earlier, PriceScope, SaveFeeItem, SaveTariff, SetPrice};
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode, TariffRules};
use common::estate::name;
use common::id::{CommunityId, FeeItemId, PriceId, TariffId};
use common::organisation::api::SaveCommunity;
use common::period::Day;
use common::quantity::Price;
use sea_orm::Value;
use uuid::Uuid;

use crate::desk::{Desk, said};
use crate::{Outcome, micros};

/// Homes of a building: 25 floors of 20.
const HOMES: u32 = 500;

pub(crate) async fn build(url: &str, units: u32) -> Outcome<String> {
    let start = Instant::now();
    database::migrate(url).await?;
    let desk = Desk::open(url).await?;
    let community = CommunityId(Uuid::now_v7());
    let save = SaveCommunity { id: community, code: "BENCH".to_owned(), name: "澜庭花园".to_owned(), address: String::new() };
    desk.does(&save).await?;
    let moved_in = Day::from_ymd_opt(2020, 1, 1).ok_or("a day")?;
    homes(&desk, community, units, moved_in).await?;
    let items = [
        ("WYF", "物业费", FeeItemKind::Property, Mode::Area, 18_000_000_i64),
        ("LJF", "垃圾费", FeeItemKind::Refuse, Mode::Household, 800_000_000),
        ("DTF", "电梯费", FeeItemKind::Elevator, Mode::Fixed, 3_000_000_000),
    ];
    for (code, called, kind, mode, price) in items {
        let (fee_item, tariff) = (FeeItemId(Uuid::now_v7()), TariffId(Uuid::now_v7()));
        let (code, called) = (code.to_owned(), called.to_owned());
        desk.does(&SaveFeeItem::of(community, fee_item, &code, &called, kind)).await?;
        desk.does(&SaveTariff { community, tariff, fee_item, name: called, rules: TariffRules::of_mode(mode) }).await?;
        desk.does(&SetPrice {
            community,
            tariff,
            price: PriceId(Uuid::now_v7()),
            scope: PriceScope::Community,
            rate: Rate::Flat(Price::from_scaled(price)),
            from: moved_in,
            to: None,
            earlier: Earlier::Kept,
            reason: String::new(),
        })
        .await?;
        let (buildings, kinds, units) = (Vec::new(), Vec::new(), Vec::new());
        desk.does(&Assign { community, tariff, buildings, kinds, units, from: moved_in, to: None, earlier: Earlier::Kept })
            .await?;
    }
    Ok(format!(r#"{{"units":{units},"micros":{}}}"#, micros(start)))
}

async fn homes(desk: &Desk, community: CommunityId, units: u32, moved_in: Day) -> Outcome<()> {
    let work = desk.app.begin_as_system().await.map_err(said)?;
    let buildings: Vec<(u32, Uuid)> = (0..units.div_ceil(HOMES)).map(|number| (number, Uuid::now_v7())).collect();
    let rows: Vec<Vec<Value>> = buildings
        .iter()
        .map(|(number, id)| {
            let called = (number + 1).to_string();
            vec![community.into(), (*id).into(), called.clone().into(), name::sort_key(&called).into()]
        })
        .collect();
    bulk::insert(work.db(), "building", &["community_id", "id", "name", "sort_key"], rows).await.map_err(said)?;
    for (number, building) in buildings {
        let homes: Vec<(u32, Uuid, Uuid)> =
            (0..HOMES.min(units - number * HOMES)).map(|home| (home, Uuid::now_v7(), Uuid::now_v7())).collect();
        let at: Value = work.at.into();
        let rows: Vec<Vec<Value>> = homes
            .iter()
            .map(|(home, id, _)| {
                let (floor, door) = (home / 20 + 1, home % 20 + 1);
                let room = format!("{floor}{door:02}");
                let (building_name, entrance) = ((number + 1).to_string(), "1");
                let code = name::code(Some(&building_name), Some(entrance), &room);
                vec![
                    community.into(),
                    (*id).into(),
                    building.into(),
                    i32::try_from(floor).unwrap_or(0).into(),
                    room.clone().into(),
                    code.clone().into(),
                    name::label(Some(&building_name), Some(entrance), &room).into(),
                    name::search_key(&code).into(),
                    name::sort_key(&code).into(),
                    "residence".into(),
                    "occupied".into(),
                    i64::from(600_000 + (home * 7 + number) % 900 * 1_000).into(),
                    moved_in.into(),
                    "{}".into(),
                    at.clone(),
                ]
            })
            .collect();
        let columns = [
            "community_id",
            "id",
            "building_id",
            "floor",
            "room",
            "code",
            "label",
            "search_key",
            "sort_key",
            "kind",
            "state",
            "billed_area",
            "handed_over",
            "facts",
            "created_at",
        ];
        bulk::insert(work.db(), "unit", &columns, rows).await.map_err(said)?;
        let rows: Vec<Vec<Value>> = homes
            .iter()
            .map(|(home, _, resident)| {
                let called =
                    format!("{}{:05}", ["王", "李", "张", "刘"].get((home % 4) as usize).unwrap_or(&"陈"), number * HOMES + home);
                let phone = format!("138{:08}", number * HOMES + home);
                vec![community.into(), (*resident).into(), called.into(), phone.into(), at.clone()]
            })
            .collect();
        bulk::insert(work.db(), "resident", &["community_id", "id", "name", "phone", "created_at"], rows).await.map_err(said)?;
        let since = moved_in.checked_add_days(Days::new(u64::from(number % 300))).unwrap_or(moved_in);
        let rows: Vec<Vec<Value>> = homes
            .iter()
            .map(|(_, unit, resident)| {
                vec![community.into(), Uuid::now_v7().into(), (*unit).into(), (*resident).into(), "owner".into(), since.into()]
            })
            .collect();
        let columns = ["community_id", "id", "unit_id", "resident_id", "role", "from_day"];
        bulk::insert(work.db(), "occupancy", &columns, rows).await.map_err(said)?;
    }
    work.commit().await.map_err(said)?;
    Ok(())
}
