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

#[test]
fn a_file_that_is_wrong_itself_names_the_key() {
    let error = |text: &str| run(text, Language::default()).unwrap_err();
    assert!(error(&HOME.replace("area = \"100\"", "aera = \"100\"")).contains("aera"));
    assert!(error(&HOME.replace("2026-10", "October")).contains("October"));
    assert!(error(&format!("{HOME}[[expect.bill]]\nunit = '102'\ntotal = '1'")).contains("expect.bill.unit"));
    assert!(error(&HOME.replace("flat = \"2.80\"", "to = '2026-01-01'")).contains("exactly one of flat"));
}
