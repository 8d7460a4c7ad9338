//! Who may call whom: a capability reaches another only downwards, and only through what its `mod.rs` makes `pub`.

use std::path::Path;

/// Each capability with those that it may call. The frame may be used by all.
const MAY_CALL: &[(&str, &[&str])] = &[
    ("organisation", &[]),
    ("estate", &["organisation"]),
    ("approvals", &["organisation", "estate"]),
    ("residents", &["organisation", "estate", "approvals"]),
    ("charging", &["organisation", "estate", "approvals", "residents"]),
    ("metering", &["organisation", "estate", "approvals", "residents", "charging"]),
    ("waivers", &["organisation", "estate", "approvals", "residents", "charging", "metering"]),
    ("billing", &["organisation", "estate", "approvals", "residents", "charging", "metering", "waivers"]),
    ("cashier", &["organisation", "estate", "approvals", "residents", "charging", "metering", "waivers", "billing"]),
    ("reports", &["organisation", "estate", "approvals", "residents", "charging", "metering", "waivers", "billing", "cashier"]),
];

#[test]
fn capabilities_call_downwards_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (capability, allowed) in MAY_CALL {
        for (file, text) in rust_files(&source.join(capability)) {
            for (other, _) in MAY_CALL.iter().filter(|(other, _)| other != capability && !allowed.contains(other)) {
                assert!(!reaches(&text, other), "{file} reaches up into {other}");
            }
        }
    }
}

/// Whether a file names `crate::other`, by path or inside `use crate::{…}`.
fn reaches(text: &str, other: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
    let by_path = text.split("crate::").skip(1).any(|rest| rest.strip_prefix(other).is_some_and(ends));
    let grouped = text.split("use crate::{").skip(1).any(|rest| {
        let group = rest.split("};").next().unwrap_or_default();
        group.split([',', '{', '}', ' ', '\n']).any(|name| name == other || name.starts_with(&format!("{other}::")))
    });
    by_path || grouped
}

#[test]
fn every_capability_is_in_the_list() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    // Not capabilities: the demonstration uses all of them, as a person would, and the document describes their contracts.
    let besides = ["demo", "bench", "openapi"];
    for entry in std::fs::read_dir(source).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(besides.contains(&name.as_str()) || MAY_CALL.iter().any(|(capability, _)| *capability == name), "{name}");
    }
}

#[test]
fn every_refusal_has_its_words() {
    use common::text::{Language, find};
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["backend/src", "common/src"] {
        for (file, text) in rust_files(&root.join(folder)) {
            for code in codes(&text) {
                let id = format!("problem-{}", code.replace('.', "-"));
                for language in Language::ALL {
                    assert!(find(language, &id, &[]).is_some(), "{file}: {code} has no text {id} in {}", language.tag());
                }
            }
        }
    }
}

/// The codes that a file refuses with: the second argument of the constructors of problems.
fn codes(text: &str) -> Vec<String> {
    let constructors = ["Problem::conflict(", "FieldProblem::new(", "Problem::field(", "Problem::new("];
    let mut found = Vec::new();
    for constructor in constructors {
        for rest in text.split(constructor).skip(1) {
            let call = rest.split(')').next().unwrap_or_default();
            let texts: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
            let code = match constructor {
                "Problem::conflict(" => texts.first(),
                "Problem::new(" if call.split(',').next().is_some_and(|status| status.trim().parse::<u16>().is_ok()) => {
                    texts.first()
                }
                "Problem::field(" | "FieldProblem::new(" => texts.get(1),
                _ => None,
            };
            let is_code = |code: &&&str| {
                code.chars().all(|letter| letter.is_ascii_lowercase() || "._".contains(letter)) && !code.is_empty()
            };
            found.extend(code.filter(is_code).map(|code| (*code).to_owned()));
        }
    }
    found
}

fn rust_files(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            // Unit tests make up codes of their own.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            files.push((path.display().to_string(), text));
        }
    }
    files
}
