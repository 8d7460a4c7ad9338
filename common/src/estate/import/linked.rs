//! Sheets that refer to each other by numbers: 楼栋单元, 业主信息, 房屋信息, 车位信息 (`hc.xlsx`, `wy.xlsx`).

use std::collections::HashMap;

use crate::estate::draft::{NAME_MOST, OccupancyDraft, PERSON_NAME_MOST, UnitDraft, VehicleDraft};
use crate::estate::{Facts, ParkingRight, UnitKind, UnitState, name};
use crate::quantity::Quantity;
use crate::residents::{Gender, Role};
use crate::sheet::{Column, Row, Sheet};

use super::flat;
use super::making::{Making, Person, occupancy};

const TREE: &[Column] = &[
    Column::required("building", &["楼栋号", "楼栋编号", "楼号"]),
    Column::required("entrance", &["单元编号", "单元"]),
    Column::optional("lift", &["是否有电梯", "电梯"]),
];

const PEOPLE: &[Column] = &[
    Column::required("number", &["业主编号"]),
    Column::required("name", &["业主名称", "业主姓名", "姓名"]),
    Column::optional("gender", &["性别"]),
    Column::optional("phone", &["手机号", "联系电话"]),
    Column::optional("id_number", &["身份证号", "证件号码"]),
    Column::optional("role", &["业主类型"]),
];

const UNITS: &[Column] = &[
    Column::required("room", &["房屋编号", "房号", "房间"]),
    Column::required("building", &["楼栋编号", "楼栋号", "楼号"]),
    Column::optional("entrance", &["单元编号", "单元"]),
    Column::optional("floor", &["房屋楼层", "楼层"]),
    Column::optional("layout", &["房屋户型", "户型"]),
    Column::optional("billed_area", &["建筑面积", "面积"]),
    Column::optional("owner", &["业主编号"]),
    Column::optional("kind", &["房屋类型"]),
    Column::optional("inner_area", &["室内面积", "套内面积"]),
    Column::optional("rent", &["租金"]),
];

const PARKING: &[Column] = &[
    Column::required("room", &["车位编码", "车位编号", "车位号"]),
    Column::optional("building", &["停车场编号", "停车场"]),
    Column::optional("place", &["停车场类型"]),
    Column::optional("billed_area", &["面积"]),
    Column::optional("owner", &["业主编号"]),
    Column::optional("plate", &["车牌号"]),
    Column::optional("brand", &["车品牌", "车辆品牌"]),
    Column::optional("colour", &["颜色"]),
    Column::optional("right", &["出租还是出售"]),
    Column::optional("lease_from", &["开始时间", "起租时间"]),
    Column::optional("lease_to", &["结束时间", "截止时间"]),
];

/// An owner by number, and those who live with them.
#[derive(Default)]
struct Household {
    owner: Option<u32>,
    others: Vec<(u32, Role)>,
}

pub(super) fn read(making: &mut Making, tree: Option<&Sheet>, people: &Sheet, units: &Sheet, parking: Option<&Sheet>) {
    let mut lifts = HashMap::new();
    if let Some(tree) = tree {
        read_tree(making, tree, &mut lifts);
    }
    let households = read_people(making, people);
    if let Some(table) = super::table(making, units, UNITS) {
        for row in table.rows() {
            read_unit(making, &row, tree.is_some(), &lifts, &households);
        }
    }
    // A sheet for parking that only has its notes is common.
    if let Some(parking) = parking.filter(|sheet| sheet.used_rows() > 1)
        && let Some(table) = super::table(making, parking, PARKING)
    {
        for row in table.rows() {
            read_space(making, &row, &households);
        }
    }
}

fn read_tree(making: &mut Making, sheet: &Sheet, lifts: &mut HashMap<(u32, Option<u32>), bool>) {
    let Some(table) = super::table(making, sheet, TREE) else { return };
    for row in table.rows() {
        let building = making.problems.need(&row, "building", row.short_text("building", NAME_MOST));
        let entrance = making.problems.need(&row, "entrance", row.short_text("entrance", NAME_MOST));
        let lift = making.problems.take(row.yes("lift"));
        let (Some(building), Some(entrance)) = (building, entrance) else { continue };
        if name::entrance(&entrance).is_some() && making.knows(&building, Some(&entrance)) {
            let problem = row.problem("entrance", "estate.entrance_twice");
            making.problems.add(problem);
        }
        let building = making.building(&building);
        let entrance = making.entrance(building, &entrance);
        if let Some(lift) = lift {
            lifts.insert((building, entrance), lift);
        }
    }
}

fn read_people(making: &mut Making, sheet: &Sheet) -> HashMap<String, Household> {
    let mut households: HashMap<String, Household> = HashMap::new();
    let Some(table) = super::table(making, sheet, PEOPLE) else { return households };
    for row in table.rows() {
        let problems = &mut making.problems;
        let number = problems.need(&row, "number", row.short_text("number", NAME_MOST));
        let name = problems.need(&row, "name", row.short_text("name", PERSON_NAME_MOST));
        let gender = problems.take(row.parsed("gender", "residents.not_a_gender", Gender::from_word));
        let phone = problems.take(row.phone("phone"));
        let id_number = problems.take(row.id_number("id_number"));
        let role = problems.take(row.parsed("role", "residents.not_a_role", Role::from_word)).unwrap_or(Role::Owner);
        let (Some(number), Some(name)) = (number, name) else { continue };
        let resident = making.person(&row, Person { name: name.into_owned(), gender, phone, id_number });
        let household = households.entry(number.into_owned()).or_default();
        if role != Role::Owner {
            household.others.push((resident, role));
        } else if household.owner.replace(resident).is_some() {
            let problem = row.problem("number", "estate.owner_number_twice");
            making.problems.add(problem);
        }
    }
    households
}

fn read_unit(
    making: &mut Making,
    row: &Row<'_>,
    tree: bool,
    lifts: &HashMap<(u32, Option<u32>), bool>,
    households: &HashMap<String, Household>,
) {
    let room = making.problems.need(row, "room", row.short_text("room", NAME_MOST));
    let building = making.problems.need(row, "building", row.short_text("building", NAME_MOST));
    let entrance = making.problems.take(row.short_text("entrance", NAME_MOST));
    let floor = making.problems.take(row.int("floor"));
    let floor = floor.and_then(|floor| {
        let inside = i32::try_from(floor).ok().filter(|floor| (-20..=200).contains(floor));
        if inside.is_none() {
            making.problems.add(row.problem("floor", "estate.floor_out_of_range"));
        }
        inside
    });
    let kind = making.problems.take(row.parsed("kind", "estate.not_a_kind", UnitKind::from_word)).unwrap_or(UnitKind::Residence);
    let layout = making.problems.take(row.short_text("layout", NAME_MOST)).and_then(|layout| flat::layout(&layout));
    let billed_area = flat::area(making.problems.take(row.quantity("billed_area")));
    let inner_area = flat::area(making.problems.take(row.quantity("inner_area")));
    let rent_fen = flat::rent(making.problems.take(row.money("rent")));
    let household = household(making, row, households);
    let (Some(room), Some(building)) = (room, building) else { return };
    if tree && !making.knows(&building, entrance.as_deref()) {
        let key = if making.knows(&building, None) { "entrance" } else { "building" };
        let problem = row.problem(key, "estate.entrance_unknown");
        making.problems.add(problem);
    }
    let building = making.building(&building);
    let entrance = entrance.and_then(|entrance| making.entrance(building, &entrance));
    let unit = UnitDraft {
        at: row.at("room").to_string(),
        building: Some(building),
        entrance,
        floor,
        room: name::room(&room),
        kind,
        state: if household.is_some() { UnitState::Occupied } else { UnitState::Vacant },
        billed_area,
        inner_area,
        heads: None,
        layout,
        decoration: None,
        handed_over: None,
        property_value_fen: None,
        facts: Facts { lift: lifts.get(&(building, entrance)).copied(), rent_fen, ..Facts::default() },
        custom: Vec::new(),
    };
    let (unit, new) = making.unit(unit);
    if !new {
        making.unit_twice(row, unit);
    }
    if let Some(household) = household {
        let owner = household.owner.map(|owner| (owner, Role::Owner));
        for (resident, role) in owner.into_iter().chain(household.others.iter().copied()) {
            making.holds(occupancy(unit, resident, role));
        }
    }
}

fn read_space(making: &mut Making, row: &Row<'_>, households: &HashMap<String, Household>) {
    let problems = &mut making.problems;
    let room = problems.need(row, "room", row.short_text("room", NAME_MOST));
    let lot = problems.take(row.short_text("building", NAME_MOST));
    let place = problems.take(row.short_text("place", NAME_MOST)).map(|text| text.into_owned());
    // "If you don't know it, write 1."
    let billed_area = flat::area(problems.take(row.quantity("billed_area"))).filter(|area| *area != Quantity::ONE);
    let right = problems.take(row.parsed("right", "estate.not_a_parking_right", ParkingRight::from_word));
    let lease_from = problems.take(row.day("lease_from"));
    // What was sold is said to end in 2037.
    let lease_to = problems.take(row.day("lease_to")).filter(|_| right != Some(ParkingRight::Owned));
    let plate = problems.take(row.plate("plate"));
    let brand = problems.take(row.short_text("brand", NAME_MOST)).map(|text| text.into_owned()).unwrap_or_default();
    let colour = problems.take(row.short_text("colour", NAME_MOST)).map(|text| text.into_owned()).unwrap_or_default();
    let household = household(making, row, households);
    let Some(room) = room else { return };
    let lot = lot.map_or("1".into(), |lot| lot.into_owned());
    let lot = if lot.chars().all(|letter| letter.is_ascii_digit()) { format!("{lot}号停车场") } else { lot };
    let building = making.building(&lot);
    let owner = household.and_then(|household| household.owner);
    let lease = right == Some(ParkingRight::Let);
    let state = match (owner, right) {
        (Some(_), Some(ParkingRight::Let)) => UnitState::Let,
        (Some(_), _) => UnitState::Sold,
        (None, _) => UnitState::Vacant,
    };
    let facts = Facts {
        place,
        right,
        lease_from: lease_from.filter(|_| lease),
        lease_to: lease_to.filter(|_| lease),
        ..Facts::default()
    };
    let unit = UnitDraft {
        at: row.at("room").to_string(),
        building: Some(building),
        entrance: None,
        floor: None,
        room: name::room(&room),
        kind: UnitKind::Parking,
        state,
        billed_area,
        inner_area: None,
        heads: None,
        layout: None,
        decoration: None,
        handed_over: None,
        property_value_fen: None,
        facts,
        custom: Vec::new(),
    };
    let (unit, new) = making.unit(unit);
    if !new {
        making.unit_twice(row, unit);
    }
    if let Some(owner) = owner {
        let role = if lease { Role::Tenant } else { Role::Owner };
        making.holds(OccupancyDraft { unit, resident: owner, role, from_day: lease_from, to_day: None });
    }
    if let Some(plate) = plate {
        making.vehicle(VehicleDraft { at: row.at("plate").to_string(), plate, unit: Some(unit), resident: owner, brand, colour });
    }
}

/// Who the row's 业主编号 names; an unknown number is a problem of its cell, `0` and nothing are nobody.
fn household<'a>(making: &mut Making, row: &Row<'_>, households: &'a HashMap<String, Household>) -> Option<&'a Household> {
    let number = making.problems.take(row.short_text("owner", NAME_MOST)).filter(|number| number != "0")?;
    let household = households.get(&*number);
    if household.is_none() {
        making.problems.add(row.problem("owner", "estate.owner_unknown"));
    }
    household
}
