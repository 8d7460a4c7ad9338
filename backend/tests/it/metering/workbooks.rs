//! Meters and readings come from workbooks and go home as such.

use crate::support::Anju;
use common::api::Method as Verb;
use common::id::*;
use common::metering::api::*;
use common::metering::book::NewReading;
use common::metering::import::{Cures, Index, Options, check};
use common::permission::Permission;
use uuid::Uuid;

use super::{day, enter, estate, estate_named, homes, list, master, meter_of, month, quantity};

#[tokio::test]
async fn a_workbook_is_imported_whole_once_and_only_while_nothing_moved() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.asks(homes(&estate, None)).await.unwrap();
    // The template comes back filled in.
    let round = month("2026-11");
    let path = format!("/api/metering/readings/template?community={}&month={round}&language=zh-CN", estate.community);
    let template = common::sheet::read(&desk.sends(Verb::Get, &path, None).await.1).unwrap();
    let sheet = template.sheets.first().unwrap();
    assert_eq!((sheet.name.as_str(), sheet.used_rows()), ("水表", 7));
    let book = desk.asks(OpenBook { community: estate.community, month: round }).await.unwrap();
    let options = Options { month: round, utility: None, day: day("2026-11-20"), today: day("2026-11-23") };
    let csv = "表号,本期读数,抄表日\nSB-1-1-0101,62,2026-11-20\nSB-1-1-0102,61.5,2026-11-20\nSB-1-1-0103,65,2026-11-20\n";
    let done = check(&common::sheet::read(csv.as_bytes()).unwrap(), &Index::new(&book), &options, &Cures::default());
    assert_eq!((done.preview.ready, done.preview.missing), (3, 3));
    // A sheet with a fault comes back with its cell marked.
    let faulty = "表号,本期读数\nSB-1-1-0101,6O\n".as_bytes().to_vec();
    let path =
        format!("/api/metering/readings/remarks?community={}&month={round}&day=2026-11-20&language=zh-CN", estate.community);
    let remarked = common::sheet::read(&desk.sends(Verb::Post, &path, Some(faulty)).await.1).unwrap();
    assert!(remarked.sheets[0].get(1, 2).to_string().contains("第 2 位是「O」"), "{}", remarked.sheets[0].get(1, 2));
    let import = ImportReadings {
        community: estate.community,
        import: ReadingImportId(Uuid::now_v7()),
        file_name: "11月.xlsx".to_owned(),
        month: round,
        rows: done.rows,
    };
    let imported = desk.asks(import.clone()).await.unwrap();
    assert_eq!((imported.readings, imported.review, imported.baselines), (3, 0, 0));
    assert_eq!(desk.asks(import.clone()).await.unwrap(), imported);
    // Another import of the same rows finds them read, and stores nothing.
    let again = ImportReadings { import: ReadingImportId(Uuid::now_v7()), ..import.clone() };
    let refused = desk.asks(again).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.fields.len()), ("metering.rows_refused", 3));
    let meter = meter_of(desk, &estate, "0104").await;
    let row = NewReading { meter, previous: Some(quantity("49")), ..import.rows[0].clone() };
    let moved = ImportReadings { import: ReadingImportId(Uuid::now_v7()), rows: vec![row], ..import };
    assert_eq!(
        desk.asks(moved).await.unwrap_err().fields.first().map(|field| field.code.clone()).as_deref(),
        Some("metering.moved")
    );
    let list = ListReadings {
        community: estate.community,
        month: Some(round),
        meter: None,
        building: None,
        role: None,
        utility: None,
        state: None,
        search: None,
        page: None,
        size: None,
        sort: Some("-usage".to_owned()),
    };
    let page = desk.asks(list).await.unwrap();
    assert_eq!(
        page.rows.iter().map(|row| row.usage).collect::<Vec<_>>(),
        [Some(quantity("15")), Some(quantity("12")), Some(quantity("11.5"))]
    );
}

#[tokio::test]
async fn meters_come_from_a_workbook_and_every_wrong_name_is_told_by_its_cell() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    let sheet = "表号,用途,表类型,房屋,位置,总表,费用项,倍率,底数,底数日期\n\
            ZB-2,总表,水表,,1栋,,公摊水费,10,1,2026-09-20\n\
            SB-9,户表,水表,1-1-0101,,ZB-2,水费,,5,2026-09-20\n";
    let read = |text: &str| common::metering::import_meters::check(&common::sheet::read(text.as_bytes()).unwrap()).rows;
    let ask = ImportMeters {
        community: estate.community,
        import: ReadingImportId(Uuid::now_v7()),
        file_name: "表.csv".to_owned(),
        rows: read(sheet),
    };
    assert_eq!(desk.asks(ask.clone()).await.unwrap().made, 2);
    assert_eq!(desk.asks(ask.clone()).await.unwrap().made, 2);
    let wrong = "表号,表类型,房屋,总表,费用项\nSB-9,水表,1-1-0101,,水费\nSB-10,水表,9-9-9999,ZB-9,气费\n";
    let refused =
        desk.asks(ImportMeters { import: ReadingImportId(Uuid::now_v7()), rows: read(wrong), ..ask }).await.unwrap_err();
    let told: Vec<(&str, &str)> = refused.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    assert_eq!(
        told,
        [
            ("A2", "metering.code_taken"),
            ("A3", "metering.no_such_unit"),
            ("A3", "metering.no_such_fee_item"),
            ("A3", "metering.no_such_master")
        ]
    );
    let page = desk.asks(ListMeters { unit: Some(estate.units[0]), ..list(&estate) }).await.unwrap();
    assert_eq!(page.rows.first().map(|row| (row.parent_code.as_deref(), row.value)), Some((Some("ZB-2"), Some(quantity("5")))));
    let meter = page.rows.first().unwrap().id;
    desk.asks(RetireMeter { community: estate.community, meter, active: false }).await.unwrap();
    assert_eq!(desk.asks(ListMeters { active: Some(true), ..list(&estate) }).await.unwrap().total, Some(1));
}

#[tokio::test]
async fn meters_and_readings_go_home_as_workbooks_and_come_back() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let (here, there) = (estate(&anju).await, estate_named(&anju, "青枫里").await);
    let master = DefineMeter { place: "1栋,总表".to_owned(), ..master(&here) };
    desk.does(master.clone()).await;
    desk.does(homes(&here, Some(master.meter))).await;
    let meter = meter_of(desk, &here, "0104").await;
    desk.does(enter(&here, meter, "2026-10", "2026-10-20", "62.5")).await;
    let fetch = async |path: String| {
        let (status, bytes) = desk.sends(Verb::Get, &path, None).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
        common::sheet::read(&bytes).unwrap()
    };
    for language in ["zh-CN", "en"] {
        let path = format!("/api/metering/meters/export.xlsx?community={}&sort=code&language={language}", here.community);
        let read = common::metering::import_meters::check(&fetch(path).await);
        assert_eq!((read.rows.len(), read.problems.as_slice()), (7, &[][..]));
        let last = read.rows.iter().find(|row| row.unit.as_deref() == Some("1-1-0104")).unwrap();
        assert_eq!(last.first, Some(FirstReading { value: quantity("62.5"), day: day("2026-10-20") }));
        assert_eq!((last.parent.as_deref(), read.rows.last().unwrap().place.as_str()), (Some("ZB-1"), "1栋,总表"));
        if language == "en" {
            let ask = ImportMeters {
                community: there.community,
                import: ReadingImportId(Uuid::now_v7()),
                file_name: "Meters.xlsx".to_owned(),
                rows: read.rows,
            };
            assert_eq!(desk.does(ask).await.made, 7);
        }
    }
    // October there begins where it ended here; November is read here and imported there.
    desk.does(enter(&here, meter, "2026-11", "2026-11-20", "71")).await;
    let path = format!("/api/metering/readings/export.xlsx?community={}&month=2026-11&utility=water", here.community);
    let book = fetch(path).await;
    assert_eq!(book.sheets[0].get(2, 10).to_string(), "8.5", "the usage is added up");
    let known = desk.does(OpenBook { community: there.community, month: month("2026-11") }).await;
    let options = Options { month: month("2026-11"), utility: None, day: day("2026-11-23"), today: day("2026-11-23") };
    let done = check(&book, &Index::new(&known), &options, &Cures::default());
    assert_eq!((done.preview.read, done.preview.bad, done.rows.len()), (1, 0, 1));
    assert_eq!((done.rows[0].value, done.rows[0].day), (quantity("71"), day("2026-11-20")));
    let elsewhere = anju.employee(&[Permission::MeteringRead], &[there.community]).await;
    let path = format!("/api/metering/meters/export.xlsx?community={}", here.community);
    assert_eq!(elsewhere.sends(Verb::Get, &path, None).await.0, 404);
}
