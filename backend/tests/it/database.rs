//! The database itself: its file, how SQLite is built, and what it knows of its tables.

use std::process::{Command, Stdio};

use backend::{database, demo};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use uuid::Uuid;

use crate::support::{Anju, on_postgres};

/// Whoever moves a database that was just filled takes one file: nothing of it is left in a log beside it.
#[test]
fn a_command_that_is_done_leaves_all_that_it_wrote_in_the_file_itself() {
    let folder = std::env::temp_dir().join(format!("anju-filled-{}", Uuid::now_v7()));
    let file = folder.join("anju.sqlite");
    let status = Command::new(env!("CARGO_BIN_EXE_anju"))
        .args(["--database", &format!("sqlite:{}", file.display()), "--key-file", &folder.join("anju.key").display().to_string()])
        .args(["seed", "--units", "8", "--months", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let log = folder.join("anju.sqlite-wal");
    let (filled, left) = (file.metadata().map(|file| file.len()).unwrap_or_default(), log.exists());
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(status.success() && filled > 0 && !left, "{status}, {filled} bytes, a log beside it: {left}");
}

/// A path that is mistyped is told of; no empty database stands there afterwards.
#[test]
fn verify_looks_at_no_database_that_is_not_there() {
    let file = std::env::temp_dir().join(format!("anju-nothing-{}", Uuid::now_v7())).join("anju.sqlite");
    let said = Command::new(env!("CARGO_BIN_EXE_anju"))
        .args(["--database", &format!("sqlite:{}", file.display()), "verify"])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&said.stderr);
    assert!(!said.status.success() && error.contains("there is no database at"), "{error}");
    assert!(!file.exists() && !file.parent().unwrap().exists());
}

/// Flags of its build that get lost are missed by nobody: everything only takes longer.
#[tokio::test]
async fn sqlite_is_built_without_locks_that_all_connections_share() {
    if on_postgres() {
        return;
    }
    let anju = Anju::start_on("2026-11-23").await;
    let options = Statement::from_string(DbBackend::Sqlite, "PRAGMA compile_options");
    let options = anju.app.db().query_all_raw(options).await.unwrap();
    let options: Vec<String> = options.iter().map(|option| option.try_get_by_index(0).unwrap()).collect();
    assert!(options.iter().any(|option| option == "DEFAULT_MEMSTATUS=0"), "{options:?}");
    assert!(options.iter().all(|option| option != "ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
}

/// SQLite guesses by a sample how many rows a community has; guessed too low, every search would read all bills.
#[tokio::test]
async fn bills_of_a_unit_are_found_by_the_unit_however_many_a_community_has() {
    if on_postgres() {
        return;
    }
    let anju = Anju::start_on("2026-11-23").await;
    demo::load(&anju.app, 600, 2, |_| {}).await.unwrap().unwrap();
    let url = anju.lets_go().await;
    let db = database::connect(&url, 1).await.unwrap();
    let plan = "EXPLAIN QUERY PLAN SELECT * FROM bill b WHERE b.community_id = x'00' AND b.unit_id IN \
        (SELECT id FROM unit WHERE community_id = x'00' AND code = '1-1-101') ORDER BY b.month DESC, b.number DESC LIMIT 51";
    let steps = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, plan)).await.unwrap();
    let steps: Vec<String> = steps.iter().map(|step| step.try_get("", "detail").unwrap()).collect();
    assert!(steps.iter().any(|step| step.contains("bill_unit (community_id=? AND unit_id=?)")), "{steps:?}");
    db.close().await.unwrap();
}
