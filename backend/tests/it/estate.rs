//! Stories of the estate: what is defined is found, an import is all or nothing and happens once.

use common::api::Method;
use common::estate::api::{
    CountUnits, GetTree, GetUnit, HitKind, ListUnits, RemoveBuilding, RemoveUnit, SaveBuilding, SaveEntrance, SaveUnit, Search,
};
use common::estate::draft::EstateDraft;
use common::estate::{Facts, UnitKind, UnitState};
use common::id::{BuildingId, CommunityId, EntranceId, ImportId, UnitId};
use common::permission::Permission;
use common::residents::api::{CheckImport, ImportEstate, ListResidents};
use uuid::Uuid;

use crate::support::{Anju, Person};

fn read(file: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../e2e/files/other-systems/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The draft of a workbook that has no problems.
pub(crate) fn draft(bytes: &[u8]) -> EstateDraft {
    let reading = common::estate::import::read(&common::sheet::read(bytes).unwrap());
    assert_eq!(reading.problems, []);
    reading.draft
}

/// Brings in a text file that has no problems.
pub(crate) async fn bring_in(person: &Person, community: CommunityId, text: &str) {
    let ask =
        ImportEstate {
            community, import: ImportId(Uuid::now_v7()), file_name: "房屋.csv".into(), draft: draft(text.as_bytes())
        };
    person.does(ask).await;
}

async fn fetched(person: &Person, path: &str) -> Vec<u8> {
    let (status, bytes) = person.sends(Method::Get, path, None).await;
    assert_eq!(status, 200, "{path}");
    bytes
}

fn unit(community: CommunityId, building: BuildingId, entrance: EntranceId, room: &str) -> SaveUnit {
    SaveUnit {
        community,
        unit: UnitId(Uuid::now_v7()),
        building: Some(building),
        entrance: Some(entrance),
        floor: Some(15),
        room: room.into(),
        kind: UnitKind::Residence,
        state: UnitState::Vacant,
        billed_area: Some("118.64".parse().unwrap()),
        inner_area: None,
        heads: Some(3),
        layout: None,
        decoration: None,
        handed_over: None,
        property_value_fen: None,
        facts: Facts { lift: Some(true), ..Facts::default() },
        custom: Vec::new(),
    }
}

#[tokio::test]
async fn a_building_is_renamed_with_all_its_units_and_removed_only_when_empty() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    let (building, entrance) = (BuildingId(Uuid::now_v7()), EntranceId(Uuid::now_v7()));
    let mut ask =
        SaveBuilding { community, building, name: "3".into(), entrances: vec![SaveEntrance { entrance, name: "2".into() }] };
    manager.does(ask.clone()).await;
    let first = unit(community, building, entrance, "1501室");
    manager.does(first.clone()).await;
    let again = manager.is_refused(unit(community, building, entrance, "1501")).await;
    assert_eq!((again.fields[0].field.as_str(), again.fields[0].code.as_str()), ("room", "estate.unit_exists"));

    ask.name = "12号楼".into();
    ask.entrances[0].name = "甲单元".into();
    manager.does(ask.clone()).await;
    let view = manager.does(GetUnit { community, unit: first.unit }).await;
    assert_eq!((view.code.as_str(), view.label.as_str(), view.facts.lift), ("12-甲-1501", "12号楼甲单元1501", Some(true)));
    let found = manager.does(Search { community, text: "12甲1501".into() }).await;
    assert_eq!(found[0].unit, Some(first.unit));
    let tree = manager.does(GetTree { community }).await;
    assert_eq!((tree.buildings[0].units, tree.buildings[0].entrances[0].units, tree.buildings[0].floors[0].floor), (1, 1, 15));

    ask.entrances.clear();
    assert_eq!(manager.is_refused(ask).await.code, "estate.entrance_has_units");
    assert_eq!(manager.is_refused(RemoveBuilding { community, building }).await.code, "estate.building_has_units");
    manager.does(RemoveUnit { community, unit: first.unit }).await;
    manager.does(RemoveBuilding { community, building }).await;
    assert_eq!(manager.does(GetTree { community }).await.buildings, []);
}

#[tokio::test]
async fn a_household_is_found_by_room_name_phone_and_plate() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    bring_in(
        manager,
        community,
        "楼栋,单元,房号,资源类型,状态,建筑面积,业主姓名,手机号,身份证号,入住日期,车牌号\n\
         3,2,1501,住宅,已入住,118.64,林晓燕,13812346027,11010519491231002X,2019-06-01,浙A12345\n\
         3,2,1502,住宅,,89,林晓燕,,11010519491231002X,2019-06-01,\n\
         10,1,1501,住宅,空置,90.5,,,,,\n\
         1号停车场,,C0001,车位,已出租,,陈一,13900002345,,2026-01-01,浙AD12345\n",
    )
    .await;
    for text in ["3-2-1501", "3栋2单元1501", "321501", "３－２－１５０１"] {
        let hits = manager.does(Search { community, text: text.into() }).await;
        assert_eq!((hits.len(), hits[0].title.as_str(), hits[0].detail.as_str()), (1, "3栋2单元1501", "林晓燕"), "{text}");
    }
    let title = async |text: &str| {
        let hits = manager.does(Search { community, text: text.into() }).await;
        hits.into_iter().map(|hit| (hit.kind, hit.title, hit.detail)).collect::<Vec<_>>()
    };
    assert_eq!(title("1501").await.len(), 2, "both rooms 1501");
    let both = title("林").await;
    assert_eq!(both.len(), 2, "an owner in two homes: {both:?}");
    assert_eq!(title("6027").await[0], (HitKind::Resident, "林晓燕".into(), "3栋2单元1501 · 138****6027".into()));
    assert_eq!(title("浙a123").await[0], (HitKind::Vehicle, "浙A12345".into(), "3栋2单元1501".into()));
    assert_eq!(title("139 0000 2345").await[0].2, "1号停车场C0001 · 139****2345");
    assert_eq!(title("1390000234").await, [], "digit by digit it can't be read off");
    assert_eq!(title("%").await, []);

    let mut list = ListUnits::of(community);
    let page = manager.does(list.clone()).await;
    let labels: Vec<&str> = page.rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["3栋2单元1501", "3栋2单元1502", "10栋1单元1501", "1号停车场C0001"], "as people count");
    assert_eq!((page.total, page.rows[0].phone_masked.as_deref()), (Some(4), Some("138****6027")));
    list.kind = Some(UnitKind::Residence);
    list.sort = Some("-billed_area".into());
    list.size = Some(2);
    let page = manager.does(list.clone()).await;
    assert_eq!((page.rows[1].code.as_str(), page.total, page.more), ("10-1-1501", Some(3), true));
    list.search = Some("晓燕".into());
    assert_eq!(manager.does(list).await.total, Some(2));
    let counts = CountUnits {
        community,
        search: None,
        building: None,
        entrance: None,
        kind: Some(UnitKind::Residence),
        state: None,
        custom: Vec::new(),
    };
    let counts = manager.does(counts).await;
    assert_eq!((counts.units, counts.billed_area.to_string().as_str()), (3, "298.14"));
}

#[tokio::test]
async fn an_import_is_all_or_nothing_and_happens_once() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    let draft = draft(&read("importRoom.xlsx"));
    let ask = ImportEstate { community, import: ImportId(Uuid::now_v7()), file_name: "importRoom.xlsx".into(), draft };
    let checked = manager.does(CheckImport { community, draft: ask.draft.clone() }).await;
    assert_eq!((checked.problem_count, checked.counts.units, checked.counts.new_buildings), (0, 1, 1));
    let done = manager.does(ask.clone()).await;
    assert_eq!(manager.does(ask.clone()).await, done, "sent twice, brought in once");
    let mut other = ask.clone();
    other.draft.units[0].heads = Some(2);
    assert_eq!(manager.is_refused(other).await.code, "estate.import_differs");

    // The same file again is refused by cell, and so is all that comes with it.
    let mut again = ask;
    again.import = ImportId(Uuid::now_v7());
    let mut second = again.draft.units[0].clone();
    second.room = "1002".into();
    second.at = "资产信息!C3".into();
    again.draft.units.push(second);
    let refused = manager.is_refused(again).await;
    assert_eq!(refused.code, "estate.import_refused");
    let cells: Vec<_> = refused.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    assert_eq!(cells, [("资产信息!C2", "estate.unit_exists")]);
    assert_eq!(manager.does(ListUnits::of(community)).await.total, Some(1));
    let people = manager.does(ListResidents::of(community)).await;
    assert_eq!((people.total, people.rows[0].phone_masked.clone()), (Some(1), None), "placeholders are missing");
}

#[tokio::test]
async fn people_who_are_there_are_joined_and_contradictions_are_told_by_cell() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    let head = "楼栋,单元,房号,业主姓名,手机号,身份证号,车牌号\n";
    bring_in(
        manager,
        community,
        &format!("{head}3,2,1501,林晓燕,13812346027,11010519491231002X,浙A12345\n3,2,1502,陈一,13900002345,,\n"),
    )
    .await;
    bring_in(manager, community, &format!("{head}3,2,1601,林晓燕,,11010519491231002X,\n3,2,1602,陈一,13900002345,,\n")).await;
    let people = manager.does(ListResidents::of(community)).await;
    assert_eq!(people.total, Some(2));
    assert!(people.rows.iter().all(|row| row.units.len() == 2));
    let draft = draft(format!("{head}3,2,1701,李四,13700001111,11010519491231002X,浙A12345\n").as_bytes());
    let checked = manager.does(CheckImport { community, draft }).await;
    let cells: Vec<_> = checked.problems.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    assert_eq!(cells, [("D2", "residents.id_number_taken"), ("G2", "residents.plate_taken")]);
}

#[tokio::test]
async fn what_is_exported_can_be_imported_elsewhere() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let (here, there) = (anju.community("澜庭花园").await, anju.community("安居花园").await);
    bring_in(
        manager,
        here,
        "楼栋,单元,楼层,房号,资源类型,状态,建筑面积,套内面积,居住人数,户型,装修,交房日期,房产价值,电梯,业主姓名,性别,手机号,身份证号,住户身份,入住日期,迁出日期,车牌号,经营范围,月租金,租期开始,租期结束,位置,车位权属,备注\n\
         3,2,15,1501,住宅,已入住,118.64,98.1234,3,三室两厅,精装,2019-05-01,1234567.89,是,林晓燕,女,13812346027,11010519491231002X,业主,2019-06-01,,浙A12345,,,,,,,\n\
         3,2,15,1501,住宅,已入住,118.64,,3,,,,,,陈一,男,13900002345,,家庭成员,2020-01-01,2024-01-01,浙AD12345,,,,,,,\n\
         3,2,15,1501,住宅,已入住,118.64,,3,,,,,,,,,,,,,浙A54321,,,,,,,\n\
         5,0,1,102,商铺,已出租,60.5,,,,,,,,张三餐饮有限公司,,0571-88886666,,租户,2025-01-01,,,餐饮,8000,2025-01-01,2027-12-31,,,临街\n\
         ,,,LED-1,广告位,空置,,,,,,,,,,,,,,,,,,,,,东门外墙,,\n\
         1号停车场,,-1,C0001,车位,已售,,,,,,,,,林晓燕,女,,11010519491231002X,业主,2019-06-01,,,,,,,地下,产权,\n",
    )
    .await;
    let file = fetched(manager, &format!("/api/estate/units/export.xlsx?community={here}")).await;
    let exported = draft(&file);
    let ask = ImportEstate { community: there, import: ImportId(Uuid::now_v7()), file_name: "x".into(), draft: exported };
    let counts = manager.does(ask).await.counts;
    assert_eq!((counts.units, counts.new_residents, counts.occupancies, counts.vehicles), (4, 3, 4, 3));
    let again = fetched(manager, &format!("/api/estate/units/export.xlsx?community={there}")).await;
    assert_eq!(draft(&file), draft(&again));
    let english = fetched(manager, &format!("/api/estate/units/export.xlsx?community={here}&language=en")).await;
    let counted = |draft: EstateDraft| (draft.units, draft.residents.len(), draft.occupancies, draft.vehicles.len());
    let units = |bytes: &[u8]| {
        let (mut units, people, held, cars) = counted(draft(bytes));
        units.iter_mut().for_each(|unit| unit.at.clear());
        (units, people, held, cars)
    };
    assert_eq!(units(&english), units(&file));
    let template = fetched(manager, "/api/estate/template.xlsx?language=zh-CN").await;
    let reading = common::estate::import::read(&common::sheet::read(&template).unwrap());
    assert_eq!((reading.sheets[0].columns.len(), reading.sheets[0].ignored.len()), (common::estate::import::COLUMNS.len(), 0));
}

#[tokio::test]
async fn the_workbook_comes_home_with_its_problems_marked() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    for (file, cell) in [("hc.xlsx", 'Q'), ("wy.xlsx", 'O')] {
        let path = format!("/api/residents/import/problems.xlsx?community={community}&name={file}");
        let (status, bytes) = manager.sends(Method::Post, &path, Some(read(file))).await;
        assert_eq!(status, 200);
        let marked = common::sheet::read(&bytes).unwrap();
        let sheet = marked.sheet(&["房屋信息"]).unwrap();
        let col = u16::from(u8::try_from(cell).unwrap() - b'A');
        assert_eq!(sheet.get(0, col).to_string(), "问题");
        assert!(sheet.get(6, col).to_string().starts_with("G7 "), "{}", sheet.get(6, col));
    }
}

#[tokio::test]
async fn who_may_not_see_residents_sees_rooms_only_and_who_has_one_building_sees_that() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    bring_in(
        manager,
        community,
        "楼栋,单元,房号,业主姓名,手机号,车牌号\n3,2,1501,林晓燕,13812346027,浙A12345\n10,1,1501,陈一,13900002345,浙AD12345\n",
    )
    .await;
    let reader = anju.employee(&[Permission::EstateRead], &[community]).await;
    let rows = reader.does(ListUnits::of(community)).await.rows;
    assert_eq!((rows.len(), &rows[0].owner, &rows[0].phone_masked), (2, &None, &None));
    assert_eq!(reader.does(GetUnit { community, unit: rows[0].unit }).await.occupancies, []);
    for text in ["林", "浙A12345", "6027"] {
        assert_eq!(reader.does(Search { community, text: text.into() }).await, [], "{text}");
        assert_eq!(
            reader.does(ListUnits { search: Some(text.into()), ..ListUnits::of(community) }).await.total,
            Some(0),
            "{text}"
        );
    }

    let building = manager.does(GetTree { community }).await.buildings[0].building;
    let steward =
        anju.employee_of_buildings(&[Permission::EstateRead, Permission::ResidentsRead], &[(community, Some(building))]).await;
    let seen = steward.does(ListUnits::of(community)).await.rows;
    assert_eq!((seen.len(), seen[0].label.as_str(), seen[0].owner.as_deref()), (1, "3栋2单元1501", Some("林晓燕")));
    assert_eq!(steward.does(GetTree { community }).await.buildings.len(), 1);
    let other = rows.iter().find(|row| row.unit != seen[0].unit).unwrap().unit;
    assert_eq!(steward.is_refused(GetUnit { community, unit: other }).await.status, 404);
    let people = steward.does(ListResidents::of(community)).await;
    assert_eq!((people.total, people.rows[0].name.as_str()), (Some(1), "林晓燕"));
    assert_eq!(steward.does(Search { community, text: "1501".into() }).await.len(), 1);
}
