//! All scenarios of the folder beside this file, and of the folder that `ANJU_SCENARIOS` names.
#![expect(clippy::unwrap_used, reason = "a folder that can't be read fails the test")]

use std::path::{Path, PathBuf};

use common::scenario::run;
use common::text::Language;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
}

/// What is wrong with the files of a folder, each with its name.
fn wrong(folder: &Path) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    files(folder, &mut found);
    found.sort();
    let said = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        match std::panic::catch_unwind(|| run(&text, Language::default())) {
            Ok(Ok(told)) if told.differences.is_empty() => None,
            Ok(Ok(told)) => Some(format!("{} – {}\n{}", path.display(), told.title, told.differences.join("\n"))),
            Ok(Err(error)) => Some(format!("{} is wrong itself: {error}", path.display())),
            Err(_) => Some(format!("{} panicked", path.display())),
        }
    };
    (found.len(), found.iter().filter_map(said).collect())
}

#[test]
fn every_scenario_comes_to_what_it_states() {
    let (count, wrong) = wrong(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios"));
    assert!(wrong.is_empty(), "{} of {count} scenarios do not hold\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(count >= 120, "only {count} scenarios were found");
}

#[test]
fn every_scenario_of_the_named_folder_holds() {
    let Ok(folder) = std::env::var("ANJU_SCENARIOS") else { return };
    let (count, wrong) = wrong(Path::new(&folder));
    assert!(wrong.is_empty(), "{} of {count} scenarios do not hold\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn no_explanation_of_a_scenario_lacks_a_figure() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios"), &mut found);
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        for language in Language::ALL {
            let said = run(&text, language).unwrap().said;
            let raw: Vec<&str> =
                said.lines().filter(|line| ["{$", "LIST(", "problem-"].iter().any(|raw| line.contains(raw))).collect();
            assert!(raw.is_empty(), "{}\n{}", path.display(), raw.join("\n"));
        }
    }
}

const HOME: &str = r#"
title = "a home"
run = { period = "2026-10" }
[[unit]]
name = "101"
area = "100"
[[tariff]]
name = "物业费"
mode = "area"
prices = [{ flat = "2.80" }]
"#;

#[test]
fn another_result_is_told_with_what_came_out() {
    let stated = |more: &str| run(&format!("{HOME}{more}"), Language::default()).unwrap().differences;
    assert_eq!(stated("[[expect.bill]]\nunit = '101'\ntotal = '280'"), Vec::<String>::new());
    let wrong = stated("[[expect.bill]]\nunit = '101'\ntotal = '280.01'\nsays = ['in force since the Flood']");
    assert!(wrong[0].contains("- stated    280.01") && wrong[0].contains("+ came out  280.00"), "{wrong:?}");
    assert!(wrong[1].contains("Flood"), "{wrong:?}");
    assert!(stated("")[0].contains("is not stated"));
    let skipped = stated("[[expect.skip]]\nunit = '101'\nreason = 'no_area'");
    assert!(skipped.iter().any(|one| one.contains("not skipped")), "{skipped:?}");
}

const HELD: &str = r#"
[[open]]
number = "B1"
unit = "101"
fee = "物业费"
from = "2026-09-01"
yuan = "100"
due = "2026-10-15"
[[late_fee]]
fee = "物业费"
rate = "0.0005"
[[held]]
name = "自动抵扣"
unit = "101"
since = "2026-01-01"
yuan = "200"
offsetting = "at_generation"
[[payment]]
name = "P"
day = "2026-10-26"
bills = [{ number = "B1", yuan = "100.50" }]
methods = [{ method = "prepaid", yuan = "100" }, { method = "cash", yuan = "0.50" }]
[[payment]]
name = "Q"
day = "2026-11-01"
takes = [{ name = "预存款", yuan = "1" }]
methods = [{ method = "prepaid", yuan = "1" }]
"#;

fn with_held(more: &str) -> String {
    format!("{HOME}{HELD}{more}")
}

#[test]
fn what_held_money_pays_is_told_in_both_languages() {
    let said = |language| run(&with_held(""), language).unwrap().said;
    let chinese = said(Language::Chinese);
    for piece in [
        "自动抵扣 → B1  ¥100.00  含违约金 0.50",
        "自动抵扣\n    自动抵扣 → 物业费  ¥100.00",
        "自动抵扣  余额 ¥0.00",
        "可用余额已变为 0.00 元",
    ] {
        assert!(chinese.contains(piece), "{piece}\n{chinese}");
    }
    let english = said(Language::English);
    for piece in ["late fee 0.50 included", "Automatic\n", "自动抵扣  Left ¥0.00", "0.00 yuan are left now"] {
        assert!(english.contains(piece), "{piece}\n{english}");
    }
}

#[test]
fn what_is_held_is_to_be_stated() {
    let more = "[[expect.held]]\nname = '自动抵扣'\nleft = '1'\npays = [{ payment = 'P', number = 'B1', principal = '100' }]\n";
    let wrong = run(&with_held(more), Language::default()).unwrap().differences.join("\n");
    for piece in ["- stated    1.00\n  + came out  0.00", "P B1: late fee 0.50 + 99.50", "after the run, 物业费: 100.00"] {
        assert!(wrong.contains(piece), "{piece}\n{wrong}");
    }
    let unstated = run(&with_held(""), Language::default()).unwrap().differences.join("\n");
    assert!(unstated.contains("自动抵扣: ¥0.00 is left of it, which is not stated"), "{unstated}");
}

#[test]
fn a_file_that_is_wrong_itself_names_the_key() {
    let error = |text: &str| run(text, Language::default()).unwrap_err();
    assert!(error(&HOME.replace("area = \"100\"", "aera = \"100\"")).contains("aera"));
    assert!(error(&HOME.replace("2026-10", "October")).contains("October"));
    assert!(error(&format!("{HOME}[[expect.bill]]\nunit = '102'\ntotal = '1'")).contains("expect.bill.unit"));
    assert!(error(&HOME.replace("flat = \"2.80\"", "to = '2026-01-01'")).contains("exactly one of flat"));
    let held = |from: &str, to: &str| error(&with_held("").replacen(from, to, 1));
    assert!(held("day = \"2026-11-01\"", "").contains("needs a day"));
    assert!(held("since", "kind = 'deposit'\nsince").contains("leave offsetting out"));
    assert!(held("since", "pays_for = '水费'\nsince").contains("pays_for: there is no"));
    assert!(error(&with_held("[[held]]\nname = '自动抵扣'\nunit = '101'\nsince = '2026-01-01'\nyuan = '1'")).contains("twice"));
}
