//! One sheet, a row per unit and person: our own template and `importRoom.xlsx`.

use crate::estate::draft::{NAME_MOST, OccupancyDraft, PERSON_NAME_MOST, UnitDraft, VehicleDraft};
use crate::estate::field::{CustomField, CustomValue, FIELD_TEXT_MOST, FieldKind, Held};
use crate::estate::{Decoration, Facts, ParkingRight, UnitKind, UnitState};
use crate::money::Money;
use crate::problem::list;
use crate::quantity::Quantity;
use crate::residents::{Gender, Role};
use crate::sheet::{CellProblem, Column, Row, Sheet};

use super::making::{Making, Person};

/// The columns of our template, in its order, each with the names that others give it.
pub const COLUMNS: &[Column] = &[
    Column::required("building", &["楼栋", "楼号", "楼栋号", "楼栋编号", "楼栋名称", "栋号", "楼宇", "Building"]),
    Column::optional("entrance", &["单元", "单元编号", "单元号", "Entrance"]),
    Column::optional("floor", &["楼层", "房屋楼层", "所在楼层", "Floor"]),
    Column::required("room", &["房号", "房间", "房间号", "房屋编号", "铺位号", "商铺号", "车位号", "Room"]),
    Column::optional("kind", &["资源类型", "房屋类型", "房间类型", "类型", "Kind"]),
    Column::optional("state", &["状态", "房屋状态", "State"]),
    Column::optional("billed_area", &["建筑面积", "计费面积", "收费面积", "面积", "面积㎡", "Billed area", "Area"]),
    Column::optional("inner_area", &["套内面积", "室内面积", "使用面积", "Inner area"]),
    Column::optional("heads", &["居住人数", "人数", "People"]),
    Column::optional("layout", &["户型", "房屋户型", "Layout"]),
    Column::optional("decoration", &["装修", "装修状态", "Decoration"]),
    Column::optional("handed_over", &["交房日期", "交付日期", "放户日期", "Handed over"]),
    Column::optional("property_value", &["房产价值", "房屋价值", "Property value"]),
    Column::optional("lift", &["电梯", "是否有电梯", "Lift"]),
    Column::optional("name", &["业主姓名", "业主名称", "住户姓名", "姓名", "Name"]),
    Column::optional("gender", &["性别", "Gender"]),
    Column::optional("phone", &["手机号", "手机号码", "联系电话", "业主电话", "业主手机", "电话", "Phone"]),
    Column::optional("id_number", &["身份证号", "证件号码", "证件号", "身份证", "ID number"]),
    Column::optional("role", &["住户身份", "业主类型", "身份", "住户类型", "Role"]),
    Column::optional("moved_in", &["入住日期", "起始日期", "Moved in"]),
    Column::optional("moved_out", &["迁出日期", "Moved out"]),
    Column::optional("plate", &["车牌号", "车牌", "Plate"]),
    Column::optional("brand", &["车辆品牌", "车品牌", "品牌", "Brand"]),
    Column::optional("colour", &["车辆颜色", "颜色", "Colour"]),
    Column::optional("business", &["经营范围", "业态", "Business"]),
    Column::optional("rent", &["月租金", "租金", "Rent"]),
    Column::optional("lease_from", &["租期开始", "合同开始日期", "起租日期", "Lease from"]),
    Column::optional("lease_to", &["租期结束", "合同结束日期", "Lease to"]),
    Column::optional("place", &["位置", "Location"]),
    Column::optional("right", &["车位权属", "Parking right"]),
    Column::optional("remark", &["备注", "Remark"]),
];

pub(super) fn read(making: &mut Making, sheet: &Sheet, fields: &[&CustomField]) {
    let Some(table) = super::table_with(making, sheet, COLUMNS, fields) else { return };
    for row in table.rows() {
        read_row(making, &row, fields);
    }
}

fn read_row(making: &mut Making, row: &Row<'_>, fields: &[&CustomField]) {
    let mut unit = unit(making, row);
    if let Some(unit) = &mut unit {
        unit.custom = custom(making, row, unit.kind, fields);
    }
    let people = people(making, row);
    if !people.is_empty() && unit.as_ref().is_some_and(|unit| unit.state == UnitState::Unsold) {
        let problem = row.problem("state", "estate.unsold_has_owner");
        making.problems.add(problem);
    }
    let role = making.problems.take(row.parsed("role", "residents.not_a_role", Role::from_word)).unwrap_or(Role::Owner);
    let from_day = making.problems.take(row.day("moved_in"));
    let to_day = making.problems.take(row.day("moved_out"));
    let plate = making.problems.take(row.plate("plate"));
    let mut word = |key| making.problems.take(row.short_text(key, NAME_MOST)).map(|text| text.into_owned()).unwrap_or_default();
    let (brand, colour) = (word("brand"), word("colour"));
    let Some(unit) = unit else { return };
    let (unit, mut new) = making.unit(unit);
    let resident = people.first().copied();
    for resident in people {
        new |= making.holds(OccupancyDraft { unit, resident, role, from_day, to_day });
    }
    if let Some(plate) = plate {
        making.vehicle(VehicleDraft { at: row.at("plate").to_string(), plate, unit: Some(unit), resident, brand, colour });
        new = true;
    }
    if !new {
        making.unit_twice(row, unit);
    }
}

/// The unit that a row describes; `None` where it has no sound name.
fn unit(making: &mut Making, row: &Row<'_>) -> Option<UnitDraft> {
    let kind = making.problems.take(row.parsed("kind", "estate.not_a_kind", UnitKind::from_word)).unwrap_or(UnitKind::Residence);
    let room = making.problems.need(row, "room", row.short_text("room", NAME_MOST));
    // Walls and spaces outside may stand in no building.
    let outside = matches!(kind, UnitKind::AdSpace | UnitKind::Parking | UnitKind::Basement);
    let building = match outside {
        true => making.problems.take(row.short_text("building", NAME_MOST)),
        false => making.problems.need(row, "building", row.short_text("building", NAME_MOST)),
    };
    let entrance = making.problems.take(row.short_text("entrance", NAME_MOST));
    let facts = facts(making, row);
    let problems = &mut making.problems;
    let floor = problems.take(row.int("floor"));
    let floor = floor.and_then(|floor| within(problems, row, "floor", floor, -20..=200, "estate.floor_out_of_range"));
    let heads = problems.take(row.int("heads"));
    let heads = heads.and_then(|heads| within(problems, row, "heads", heads, 0..=999, "estate.heads_out_of_range"));
    let state = problems.take(row.parsed("state", "estate.not_a_state", UnitState::from_word));
    let decoration = match row.text("state") {
        // Another system says 已装修 as a state.
        Ok(Some(word)) if matches!(&*word, "2005" | "已装修") => Some(Decoration::Finished),
        _ => problems.take(row.parsed("decoration", "estate.not_a_decoration", Decoration::from_word)),
    };
    let billed_area = area(problems.take(row.quantity("billed_area")));
    let inner_area = area(problems.take(row.quantity("inner_area")));
    let layout = problems.take(row.short_text("layout", NAME_MOST)).and_then(|layout| self::layout(&layout));
    let handed_over = problems.take(row.day("handed_over"));
    let property_value_fen = problems.take(row.money("property_value"));
    let room = room?;
    if building.is_none() && !outside {
        return None;
    }
    let state = state.unwrap_or(if row.is_empty("name") { UnitState::Vacant } else { UnitState::Occupied });
    let building = building.map(|building| making.building(&building));
    let entrance = building.zip(entrance).and_then(|(building, entrance)| making.entrance(building, &entrance));
    Some(UnitDraft {
        at: row.at("room").to_string(),
        building,
        entrance,
        floor,
        room: crate::estate::name::room(&room),
        kind,
        state,
        billed_area,
        inner_area,
        heads,
        layout,
        decoration,
        handed_over,
        property_value_fen,
        facts,
        custom: Vec::new(),
    })
}

/// The custom fields of a row.
fn custom(making: &mut Making, row: &Row<'_>, kind: UnitKind, fields: &[&CustomField]) -> Vec<CustomValue> {
    let mut values = Vec::new();
    for field in fields {
        let key = field.field.to_string();
        if !field.is_of(kind) && !row.is_empty(&key) {
            let problem = row.problem(&key, "estate.field_not_of_kind").with("field", &field.name);
            making.problems.add(problem);
            continue;
        }
        let held = making.problems.take(held(row, &key, field));
        values.extend(held.map(|held| CustomValue { field: field.field, text: held.text() }));
    }
    values
}

fn held(row: &Row<'_>, key: &str, field: &CustomField) -> Result<Option<Held>, CellProblem> {
    Ok(match field.kind {
        FieldKind::Text => row.short_text(key, FIELD_TEXT_MOST)?.map(|text| Held::Text(text.into_owned())),
        FieldKind::Number => row.number_of(key)?.map(Held::Number),
        FieldKind::Date => row.day(key)?.map(Held::Date),
        FieldKind::YesNo => row.yes(key)?.map(Held::YesNo),
        FieldKind::Choice => {
            let choice = |text: &str| field.choices.iter().find(|choice| choice.as_str() == text.trim()).cloned();
            let chosen = row.parsed(key, "estate.not_a_choice", choice);
            chosen.map_err(|problem| problem.with("choices", list(&field.choices)))?.map(Held::Choice)
        }
    })
}

fn facts(making: &mut Making, row: &Row<'_>) -> Facts {
    let problems = &mut making.problems;
    Facts {
        lift: problems.take(row.yes("lift")),
        business: problems.take(row.short_text("business", 100)).map(|text| text.into_owned()),
        rent_fen: rent(problems.take(row.money("rent"))),
        lease_from: problems.take(row.day("lease_from")),
        lease_to: problems.take(row.day("lease_to")),
        place: problems.take(row.short_text("place", 100)).map(|text| text.into_owned()),
        right: problems.take(row.parsed("right", "estate.not_a_parking_right", ParkingRight::from_word)),
        remark: problems.take(row.short_text("remark", 500)).map(|text| text.into_owned()),
    }
}

/// The people of a row: several names with commas between are several owners, the first has the phone and the number.
fn people(making: &mut Making, row: &Row<'_>) -> Vec<u32> {
    let names = making.problems.take(row.short_text("name", PERSON_NAME_MOST * 3));
    let gender = making.problems.take(row.parsed("gender", "residents.not_a_gender", Gender::from_word));
    let mut phone = making.problems.take(row.phone("phone"));
    let mut id_number = making.problems.take(row.id_number("id_number"));
    let Some(names) = names else {
        if phone.is_some() || id_number.is_some() {
            let problem = row.problem("name", "required");
            making.problems.add(problem);
        }
        return Vec::new();
    };
    let mut people = Vec::new();
    for name in names.split(['，', ',', '、', '；', ';']).map(str::trim).filter(|name| !name.is_empty()) {
        let person = Person { name: name.to_owned(), gender, phone: phone.take(), id_number: id_number.take() };
        people.push(making.person(row, person));
    }
    people
}

fn within(
    problems: &mut crate::sheet::Problems,
    row: &Row<'_>,
    key: &str,
    number: i64,
    range: std::ops::RangeInclusive<i32>,
    code: &str,
) -> Option<i32> {
    let inside = i32::try_from(number).ok().filter(|number| range.contains(number));
    if inside.is_none() {
        problems.add(row.problem(key, code));
    }
    inside
}

/// An area of nothing is an area that nobody measured.
pub(super) fn area(area: Option<Quantity>) -> Option<Quantity> {
    area.filter(|area| !area.is_zero())
}

/// `10102` is what the other system tells people to write where they know nothing.
pub(super) fn layout(text: &str) -> Option<String> {
    (!text.chars().all(|letter| letter.is_ascii_digit())).then(|| text.to_owned())
}

/// No rent is not a rent of nothing.
pub(super) fn rent(rent: Option<Money>) -> Option<Money> {
    rent.filter(|rent| !rent.is_zero())
}
