//! What goes in in bulk comes out as it went in, whatever its rows have in common.

use backend::bulk;
use chrono::{DateTime, Utc};
use common::period::Day;
use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::support::Anju;

#[derive(Clone, Debug, PartialEq, FromQueryResult)]
struct Kept {
    owner: Uuid,
    place: i64,
    note: Option<String>,
    at: DateTime<Utc>,
    day: Option<Day>,
    flag: bool,
}

const COLUMNS: [&str; 6] = ["owner", "place", "note", "at", "day", "flag"];

fn row(kept: &Kept) -> Vec<Value> {
    let kept = kept.clone();
    vec![kept.owner.into(), kept.place.into(), kept.note.into(), kept.at.into(), kept.day.into(), kept.flag.into()]
}

/// Puts these rows into a table of their own and reads them again, in the order of their places.
async fn put(rows: &[Kept]) -> Vec<Kept> {
    let anju = Anju::start_on("2026-11-23").await;
    let work = anju.app.begin_as_system().await.unwrap();
    let table = "CREATE TABLE kept (owner uuid, place bigint, note text, at timestamptz, day date, flag boolean)";
    work.db().execute_unprepared(table).await.unwrap();
    let written = bulk::insert(work.db(), "kept", &COLUMNS, rows.iter().map(row)).await.unwrap();
    assert_eq!(written, rows.len() as u64);
    let read = Statement::from_string(work.db().get_database_backend(), "SELECT * FROM kept ORDER BY place");
    Kept::find_by_statement(read).all(work.db()).await.unwrap()
}

fn some(place: i64) -> Kept {
    let at = "2026-11-23T08:00:00Z".parse().unwrap();
    Kept { owner: Uuid::from_u128(7), place, note: Some(format!("第{place}行")), at, day: None, flag: place % 2 == 0 }
}

#[tokio::test]
async fn rows_of_many_statements_go_in_with_what_they_share_and_what_they_lack() {
    let half = |place: i64| Kept { note: None, ..some(place) };
    // The first statements have no note at all, the next some, the last all of them; no row has a day.
    let rows: Vec<Kept> = (0..3_000)
        .map(|place| if place < 1_400 || (place < 2_000 && place % 3 == 0) { half(place) } else { some(place) })
        .collect();
    assert_eq!(put(&rows).await, rows);
}

#[tokio::test]
async fn rows_that_are_all_the_same_go_in_as_many_times() {
    let rows = vec![some(1); 5];
    assert_eq!(put(&rows).await, rows);
}

#[tokio::test]
async fn a_single_row_goes_in_and_so_do_none() {
    let rows = [Kept { day: Some("2026-02-28".parse().unwrap()), ..some(1) }];
    assert_eq!(put(&rows).await, rows);
    assert_eq!(put(&[]).await, []);
}
