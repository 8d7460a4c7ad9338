//! What goes in in bulk comes out as it went in, whatever its rows have in common.

use backend::bulk;
use chrono::{DateTime, Utc};
use common::period::Day;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::support::{Anju, on_postgres};

#[derive(Clone, Debug, PartialEq, FromQueryResult)]
struct Kept {
    owner: Uuid,
    place: i64,
    note: Option<String>,
    at: DateTime<Utc>,
    day: Option<Day>,
    flag: bool,
    floor: Option<i32>,
    fen: Option<i64>,
    seal: Option<Vec<u8>>,
    by: Option<Uuid>,
}

const COLUMNS: [&str; 10] = ["owner", "place", "note", "at", "day", "flag", "floor", "fen", "seal", "by"];

fn row(kept: &Kept) -> Vec<Value> {
    let Kept { owner, place, note, at, day, flag, floor, fen, seal, by } = kept.clone();
    vec![
        owner.into(),
        place.into(),
        note.into(),
        at.into(),
        day.into(),
        flag.into(),
        floor.into(),
        fen.into(),
        seal.into(),
        by.into(),
    ]
}

/// Puts these rows into a table of their own and reads them again, in the order of their places.
async fn put(rows: &[Kept]) -> Vec<Kept> {
    let anju = Anju::start_on("2026-11-23").await;
    let work = anju.app.begin_as_system().await.unwrap();
    let bytes = if on_postgres() { "bytea" } else { "blob" };
    let table = format!(
        "CREATE TABLE kept (owner uuid, place bigint, note text, at timestamptz, day date, flag boolean, floor integer, fen bigint, \
         seal {bytes}, by uuid)"
    );
    work.db().execute_unprepared(&table).await.unwrap();
    let written = bulk::insert(work.db(), "kept", &COLUMNS, rows.iter().map(row)).await.unwrap();
    assert_eq!(written, rows.len() as u64);
    let read = Statement::from_string(work.db().get_database_backend(), "SELECT * FROM kept ORDER BY place");
    Kept::find_by_statement(read).all(work.db()).await.unwrap()
}

fn full(place: i64) -> Kept {
    Kept {
        owner: Uuid::from_u128(7),
        place,
        note: Some(format!("第{place}行")),
        at: "2026-11-23T08:00:00Z".parse().unwrap(),
        day: Some("2026-02-28".parse().unwrap()),
        flag: place % 2 == 0,
        floor: Some(-1),
        fen: Some(i64::MAX - place),
        seal: Some(vec![0, 255, 7]),
        by: Some(Uuid::from_u128(8)),
    }
}

fn bare(place: i64) -> Kept {
    Kept { note: None, day: None, floor: None, fen: None, seal: None, by: None, ..full(place) }
}

#[rstest]
#[case::share_their_values(|_| true)]
#[case::share_that_they_lack_them(|_| false)]
#[case::lack_some(|place| place % 3 != 0)]
#[case::lack_them_in_the_first_row_alone(|place| place != 0)]
#[case::have_them_in_the_first_row_alone(|place| place == 0)]
#[case::lack_them_in_the_first_statements(|place| place > 1_400)]
#[tokio::test]
async fn rows_go_in_as_they_are_where_they(#[case] is_full: fn(i64) -> bool) {
    // Three statements on SQLite.
    let rows: Vec<Kept> = (0..2_500).map(|place| if is_full(place) { full(place) } else { bare(place) }).collect();
    assert_eq!(put(&rows).await, rows);
}

#[tokio::test]
async fn rows_that_are_all_the_same_go_in_as_many_times() {
    let rows = vec![full(1); 5];
    assert_eq!(put(&rows).await, rows);
}

#[tokio::test]
async fn a_single_row_goes_in_and_so_do_none() {
    assert_eq!(put(&[full(1)]).await, [full(1)]);
    assert_eq!(put(&[bare(1)]).await, [bare(1)]);
    assert_eq!(put(&[]).await, []);
}
