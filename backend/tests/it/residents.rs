//! Stories of residents: moving in and out, handing over, what is masked and who looked.

use common::estate::api::{GetUnit, ListUnits};
use common::id::{OccupancyId, ResidentId, VehicleId};
use common::residents::Role;
use common::residents::api::{
    Change, GetResident, ListResidents, MoveIn, MoveOut, RemoveResident, Reveal, SaveResident, SaveVehicle, TenantsStay, Transfer,
};
use uuid::Uuid;

use crate::estate::bring_in;
use crate::support::Anju;

#[tokio::test]
async fn a_unit_is_handed_over_and_the_past_stays() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    bring_in(
        manager,
        community,
        "楼栋,单元,房号,业主姓名,手机号,住户身份,入住日期,车牌号\n\
         3,2,1501,林晓燕,13812346027,业主,2019-06-01,浙A12345\n\
         3,2,1501,陈一,13900002345,家庭成员,2020-01-01,\n\
         3,2,1501,王租客,13700001111,租户,2025-01-01,\n",
    )
    .await;
    let home = manager.takes_home(&format!("/api/residents/export.xlsx?community={community}&role=tenant")).await;
    assert_eq!(home[1..], [["王租客", "137****1111", "3栋2单元1501 租户"]], "masked as in the list");
    let unit = manager.does(ListUnits::of(community)).await.rows[0].unit;
    let buyer = SaveResident {
        community,
        resident: ResidentId(Uuid::now_v7()),
        name: "赵买家".into(),
        gender: None,
        phone: Change::Set("13600002222".parse().unwrap()),
        id_number: Change::Keep,
        remark: String::new(),
        custom: Vec::new(),
    };
    manager.does(buyer.clone()).await;
    let mut ask = Transfer {
        community,
        unit,
        day: "2018-01-01".parse().unwrap(),
        owners: vec![buyer.resident],
        tenants: TenantsStay::Stay,
    };
    let early = manager.is_refused(ask.clone()).await;
    assert_eq!((early.fields[0].field.as_str(), early.fields[0].code.as_str()), ("day", "residents.transfer_before_start"));
    ask.day = "2026-11-01".parse().unwrap();
    manager.does(ask).await;

    let view = manager.does(GetUnit { community, unit }).await;
    let told: Vec<_> = view
        .occupancies
        .iter()
        .map(|held| (held.name.as_str(), held.role, held.from_day.to_string(), held.to_day.map(|day| day.to_string())))
        .collect();
    let left = Some("2026-11-01".to_owned());
    assert_eq!(
        told,
        [
            ("赵买家", Role::Owner, "2026-11-01".into(), None),
            ("王租客", Role::Tenant, "2025-01-01".into(), None),
            ("林晓燕", Role::Owner, "2019-06-01".into(), left.clone()),
            ("陈一", Role::Family, "2020-01-01".into(), left),
        ]
    );
    assert_eq!(view.vehicles, [], "cars leave with their people");
    let former = view.occupancies.iter().find(|held| held.name == "林晓燕").unwrap().resident;
    let former = manager.does(GetResident { community, resident: former }).await;
    assert_eq!((former.occupancies.len(), former.vehicles.len(), former.vehicles[0].unit), (1, 1, None));
}

#[tokio::test]
async fn numbers_are_sealed_masked_revealed_on_record_and_unique() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    let mut ask = SaveResident {
        community,
        resident: ResidentId(Uuid::now_v7()),
        name: "林晓燕".into(),
        gender: None,
        phone: Change::Set("13812346027".parse().unwrap()),
        id_number: Change::Set("11010519491231002x".parse().unwrap()),
        remark: String::new(),
        custom: Vec::new(),
    };
    manager.does(ask.clone()).await;
    let row = manager.does(ListResidents::of(community)).await.rows.remove(0);
    assert_eq!((row.phone_masked.as_deref(), row.id_number_masked.as_deref()), (Some("138****6027"), Some("110***********002X")));
    let clear = manager.does(Reveal { community, resident: ask.resident }).await;
    assert_eq!(clear.id_number.unwrap().as_str(), "11010519491231002X");

    // Saved again with both fields untouched, they stay; another person may not take the number.
    (ask.phone, ask.id_number, ask.name) = (Change::Keep, Change::Keep, "林小燕".into());
    manager.does(ask.clone()).await;
    let taken = SaveResident {
        resident: ResidentId(Uuid::now_v7()),
        id_number: Change::Set("11010519491231002X".parse().unwrap()),
        ..ask.clone()
    };
    assert_eq!(manager.is_refused(taken).await.fields[0].code, "residents.id_number_taken");
    ask.phone = Change::Clear;
    manager.does(ask.clone()).await;
    let clear = manager.does(Reveal { community, resident: ask.resident }).await;
    assert_eq!((clear.phone, clear.id_number.map(|number| number.masked())), (None, Some("110***********002X".into())));
}

#[tokio::test]
async fn moving_in_and_out_is_dated_and_nobody_is_there_twice() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    bring_in(manager, community, "楼栋,单元,房号,业主姓名,手机号,入住日期\n3,2,1501,林晓燕,13812346027,2019-06-01\n").await;
    let row = manager.does(ListUnits::of(community)).await.rows.remove(0);
    let (unit, owner) = (row.unit, row.owner_id.unwrap());
    let mut ask = MoveIn {
        community,
        occupancy: OccupancyId(Uuid::now_v7()),
        unit,
        resident: Some(owner),
        role: Role::Owner,
        from_day: "2026-11-01".parse().unwrap(),
        to_day: None,
    };
    assert_eq!(manager.is_refused(ask.clone()).await.fields[0].code, "residents.already_there");
    ask.to_day = Some(ask.from_day);
    assert_eq!(manager.is_refused(ask).await.fields[0].code, "period_empty");
    let held = manager.does(GetUnit { community, unit }).await.occupancies.remove(0).occupancy;
    let out = |day: &str| MoveOut { community, occupancy: held, to_day: day.parse().unwrap() };
    assert_eq!(manager.is_refused(out("2019-06-01")).await.fields[0].code, "residents.ended_before_start");
    manager.does(out("2026-11-20")).await;
    assert_eq!(manager.does(ListUnits::of(community)).await.rows[0].owner, None);
    assert_eq!(manager.is_refused(RemoveResident { community, resident: owner }).await.code, "residents.holds_units");

    let car = |plate: &str| SaveVehicle {
        community,
        vehicle: VehicleId(Uuid::now_v7()),
        plate: Some(plate.parse().unwrap()),
        brand: "比亚迪".into(),
        colour: "白".into(),
        unit: Some(unit),
        resident: Some(owner),
    };
    manager.does(car("浙AD12345")).await;
    assert_eq!(manager.is_refused(car("浙a·d12345")).await.fields[0].code, "residents.plate_taken");
}
