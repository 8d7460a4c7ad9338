use super::super::book::tests::{day, known, quantity};
use super::*;
use crate::metering::Oddity;
use crate::metering::book::Book;

fn options() -> Options {
    Options { month: "2026-11".parse().unwrap(), utility: None, day: day("2026-11-20"), today: day("2026-11-23") }
}

fn book() -> Book {
    let mut meters = vec![
        known(1, "SB-1-1-0101", "1230"),
        known(2, "SB-1-1-0102", "1200"),
        known(3, "SB-1-1-0103", "500"),
        known(4, "SB-1-1-0104", "99995"),
        known(5, "SB-1-1-0105", "700"),
        known(6, "DB-1-1-0101", "3000"),
    ];
    if let Some(meter) = meters.get_mut(4) {
        meter.read = Some(quantity("712"));
    }
    Book { month: options().month, meters }
}

fn checked(csv: &str, options: &Options, cures: &Cures) -> Checked {
    let book = book();
    check(&crate::sheet::read(csv.as_bytes()).unwrap(), &Index::new(&book), options, cures)
}

const SHEET: &str = "表号,本期读数,抄表日\n\
    SB-1-1-0101,1203,2026-11-20\n\
    SB-1-1-0102,12O8,2026-11-20\n\
    SB-1-1-0103,,2026-11-20\n\
    SB-1-1-0104,8,2026-11-20\n\
    SB-1-1-0105,720,2026-11-20\n\
    DB-1-1-01O1,3010,2026-12-25\n\
    SB-1-1-0101,1242,2026-11-20\n";

#[test]
fn every_problem_has_its_cell_and_its_cure() {
    let done = checked(SHEET, &options(), &Cures::default());
    let found: Vec<(&str, &str)> = done.problems.iter().map(|problem| (problem.at.as_str(), problem.code.as_str())).collect();
    assert_eq!(
        found,
        [
            ("B2", "metering.backward"),
            ("B3", "metering.odd_letter"),
            ("B4", "metering.value_missing"),
            ("B5", "metering.backward"),
            ("A6", "metering.already_read"),
            ("A7", "metering.unknown_meter_near"),
            ("A8", "metering.twice_in_file"),
        ]
    );
    let preview = &done.preview;
    assert_eq!((preview.read, preview.ready, preview.odd, preview.bad), (7, 0, 0, 7));
    let cures: Vec<&Cure> = preview.bad_rows.iter().map(|row| &row.cure).collect();
    assert_eq!(*cures.get(1).unwrap(), &Cure::Write { field: Field::Value, suggestion: "1208".to_owned() });
    assert!(matches!(cures.get(3), Some(Cure::WriteOrRoll { .. })));
    assert_eq!(*cures.get(5).unwrap(), &Cure::Use { field: Field::Code, code: "DB-1-1-0101".to_owned() });
    assert_eq!(*cures.get(6).unwrap(), &Cure::KeepOne { other: RowAt { sheet: 0, row: 2 } });
    assert_eq!(done.problems.get(1).map(|problem| problem.args.get("place").map(String::as_str)), Some(Some("3")));
}

#[test]
fn cures_mend_the_rows_and_the_counts_add_up() {
    let at = |row| RowAt { sheet: 0, row };
    let cures = Cures {
        edits: vec![
            (at(3), Field::Value, "1208".to_owned()),
            (at(4), Field::Value, "596".to_owned()),
            (at(7), Field::Code, "DB-1-1-0101".to_owned()),
            (at(7), Field::Day, "2026-11-20".to_owned()),
        ],
        dropped: vec![at(2), at(6)],
        rolled: vec![at(5)],
        confirmed: vec![at(4)],
    };
    let done = checked(SHEET, &options(), &cures);
    assert_eq!(done.problems, []);
    let preview = &done.preview;
    assert_eq!((preview.read, preview.ready, preview.odd, preview.bad, preview.dropped), (5, 4, 1, 0, 2));
    let odd = preview.odd_rows.first().unwrap();
    assert_eq!((odd.cell.as_str(), odd.oddity, odd.confirmed), ("B4", Oddity::Spike, true));
    assert_eq!(odd.times, Some("8.1".parse().unwrap()));
    let water = preview.comparisons.first().unwrap();
    assert_eq!((water.before.homes, water.now.homes, water.now.household), (5, 4, quantity("129")));
    // One meter was read before: without it, what is public and lost can't be told.
    assert_eq!((preview.missing, water.whole), (0, false));
}

#[test]
fn another_systems_sheet_is_understood_by_its_rooms() {
    let sheet = "楼栋编号,单元编号,房屋编码,上期度数,上期读表时间,本期度数,本期读表时间,备注\n\
        1,1,0101,1230,2026-10-20,1242,2026-11-20,\n\
        1,1,1-1-0102,1190,2026-10-20,1212,2026-11-20,换人抄\n\
        1,1,0909,1,2026-10-20,2,2026-11-20,\n";
    let water = Options { utility: Some(Utility::Water), ..options() };
    let done = checked(sheet, &water, &Cures::default());
    assert_eq!(done.rows.len(), 2);
    assert_eq!(
        done.problems.first().map(|problem| (problem.at.as_str(), problem.code.as_str())),
        Some(("C4", "metering.unknown_unit"))
    );
    let odd = done.preview.odd_rows.first().unwrap();
    assert_eq!((odd.label.as_str(), odd.oddity), ("2室", Oddity::PreviousDiffers));
    let both = checked(sheet, &options(), &Cures::default());
    assert_eq!(both.problems.first().map(|problem| problem.code.as_str()), Some("metering.several_meters"));
}

#[rstest::rstest]
#[case("SB-1-1-0101", Some("SB-1-1-0101"))]
#[case("sb-1-1-0101", Some("SB-1-1-0101"))]
#[case("ＳＢ－１－１－０１０１", Some("SB-1-1-0101"))]
#[case("W7", Some("w7"))]
#[case("w7", Some("w7"))]
#[case("ｗ ７", Some("w7"))]
#[case("SB1-1-0101", None)]
fn a_meter_is_found_however_its_code_is_typed(#[case] typed: &str, #[case] expected: Option<&str>) {
    let mut book = book();
    book.meters.push(known(7, "w7", "10"));
    let index = Index::new(&book);
    let found = index.of_code(typed).and_then(|place| index.meter(place));
    assert_eq!(found.map(|meter| meter.code.as_str()), expected);
}
