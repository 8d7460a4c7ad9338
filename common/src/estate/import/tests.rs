use super::*;
use crate::estate::{UnitKind, UnitState};
use crate::residents::Role;

fn reading(bytes: &[u8]) -> Reading {
    read(&crate::sheet::read(bytes).unwrap())
}

fn told(reading: &Reading) -> Vec<String> {
    reading.problems.iter().map(|problem| format!("{} {} {}", problem.at, problem.code, problem.value)).collect()
}

fn csv(rows: &[&str]) -> Reading {
    reading(rows.join("\n").as_bytes())
}

#[test]
fn the_flat_workbook_of_another_system_is_understood() {
    let reading = reading(include_bytes!("../../../../e2e/files/other-systems/importRoom.xlsx"));
    assert_eq!(told(&reading), Vec::<String>::new());
    let [unit] = &reading.draft.units[..] else { panic!("{:?}", reading.draft.units) };
    assert_eq!(reading.draft.code(unit), "1-1-1001");
    assert_eq!((unit.kind, unit.state, unit.floor), (UnitKind::Residence, UnitState::Occupied, Some(1)));
    assert_eq!(unit.billed_area.unwrap().to_string(), "94.56");
    assert_eq!((&unit.layout, unit.facts.rent_fen, unit.facts.lift), (&None, None, Some(true)), "placeholders are nothing");
    let [resident] = &reading.draft.residents[..] else { panic!("{:?}", reading.draft.residents) };
    assert_eq!((resident.name.as_str(), &resident.phone, &resident.id_number), ("张三0", &None, &None));
    assert_eq!(reading.sheets[0].ignored, ["总层数"]);
}

#[test]
fn linked_workbooks_are_understood_and_owners_that_are_nowhere_are_named_by_cell() {
    for file in [
        &include_bytes!("../../../../e2e/files/other-systems/hc.xlsx")[..],
        include_bytes!("../../../../e2e/files/other-systems/wy.xlsx"),
    ] {
        let reading = reading(file);
        assert_eq!(reading.source, Source::Linked);
        let wanted =
            ["房屋信息!G7 estate.owner_unknown 6", "房屋信息!G8 estate.owner_unknown 7", "房屋信息!G9 estate.owner_unknown 8"];
        assert_eq!(told(&reading), wanted);
        let draft = &reading.draft;
        assert_eq!((draft.buildings.len(), draft.units.len(), draft.residents.len(), draft.occupancies.len()), (14, 9, 5, 5));
        let space = draft.units.last().unwrap();
        assert_eq!((draft.code(space).as_str(), draft.label(space).as_str()), ("P1-C0001", "1号停车场C0001"));
        assert_eq!((space.kind, space.facts.place.as_deref()), (UnitKind::Parking, Some("地上停车位")));
    }
}

#[test]
fn several_people_of_a_unit_and_one_person_of_several_units() {
    let reading = csv(&[
        "楼栋,单元,房号,资源类型,建筑面积,业主姓名,手机号,身份证号,住户身份,入住日期,车牌号",
        "3,2,1501,住宅,118.64,林晓燕,13812346027,11010519491231002X,业主,2019-06-01,浙A12345",
        "3,2,1501,住宅,118.64,陈一,13812346028,,家庭成员,2020-01-01,",
        "3,2,1502,住宅,89,林晓燕,,11010519491231002x,,,",
        "5,0,102,商铺,60.5,\"王五，赵六\",0571-88886666,,,,",
        ",,LED-1,广告位,,,,,,,",
    ]);
    assert_eq!(told(&reading), Vec::<String>::new());
    let draft = &reading.draft;
    let codes: Vec<String> = draft.units.iter().map(|unit| draft.code(unit)).collect();
    assert_eq!(codes, ["3-2-1501", "3-2-1502", "5-102", "LED-1"]);
    let names: Vec<&str> = draft.residents.iter().map(|resident| resident.name.as_str()).collect();
    assert_eq!(names, ["林晓燕", "陈一", "王五", "赵六"]);
    let held: Vec<_> = draft.occupancies.iter().map(|held| (held.unit, held.resident, held.role)).collect();
    let wanted = [(0, 0, Role::Owner), (0, 1, Role::Family), (1, 0, Role::Owner), (2, 2, Role::Owner), (2, 3, Role::Owner)];
    assert_eq!(held, wanted);
    assert_eq!(draft.vehicles[0].plate.as_str(), "浙A12345");
}

#[test]
fn every_problem_is_told_at_once_by_its_cell() {
    let reading = csv(&[
        "楼栋,单元,楼层,房号,资源类型,状态,建筑面积,业主姓名,手机号,身份证号,车牌号",
        "3,2,15,1501,住宅,已入住,118.64,林晓燕,13812346027,11010519491231002X,",
        "3,2,15,1501,住宅,已入住,118.64,林晓燕,13812346027,11010519491231002X,",
        "3,2,abc,,别墅山庄,没卖,-3,李四,138123,110105194912310021,A1",
        "3,1,1,101,住宅,未销售,50,周七,1.38E+10,11010519491231002X,",
    ]);
    assert_eq!(
        told(&reading),
        [
            "D3 estate.unit_twice 1501",
            "E4 estate.not_a_kind 别墅山庄",
            "D4 required ",
            "C4 not_a_number abc",
            "F4 estate.not_a_state 没卖",
            "G4 negative -3",
            "I4 not_a_phone 138123",
            "J4 not_an_id_number 110105194912310021",
            "K4 not_a_plate A1",
            "I5 sheet.lost_digits 1.38E+10",
            "J5 residents.id_number_of_two 11010519491231002X",
            "F5 estate.unsold_has_owner 未销售",
        ]
    );
    assert_eq!(csv(&["随便,什么", "1,2"]).problems[0].code, "sheet.no_header");
    assert_eq!(csv(&["楼栋,房号"]).problems[0].code, "estate.nothing_to_import");
}
