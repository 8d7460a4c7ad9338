//! The floor of a billing run: the very rows of bills, lines and postings into empty tables with the same indexes and
//! constraints, in one transaction, in the fastest way that a database offers to a client.

use std::time::Instant;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, Column as _, Connection as _, PgConnection, Row as _, SqliteConnection, TypeInfo as _, Value as _,
    ValueRef as _,
};

use crate::{Outcome, micros};

const TABLES: [&str; 3] = ["bill", "bill_line", "posting"];

pub(crate) async fn insert(from: &str, into: &str, values: usize) -> Outcome<String> {
    let (rows, took) =
        if from.starts_with("postgres") { postgres(from, into).await? } else { sqlite(from, into, values).await? };
    Ok(format!(r#"{{"rows":{rows},"micros":{took}}}"#))
}

/// COPY, with the rows as PostgreSQL itself wrote them.
async fn postgres(from: &str, into: &str) -> Outcome<(u64, u64)> {
    let mut source = PgConnection::connect(from).await?;
    let mut texts = Vec::new();
    for table in TABLES {
        let (folder,): (String,) = sqlx::query_as("SHOW data_directory").fetch_one(&mut source).await?;
        let path = format!("{folder}/{table}.copy");
        sqlx::raw_sql(AssertSqlSafe(format!("COPY {table} TO '{path}'"))).execute(&mut source).await?;
        texts.push((table, std::fs::read(&path)?));
        std::fs::remove_file(&path)?;
    }
    let mut target = PgConnection::connect(into).await?;
    let start = Instant::now();
    let mut rows = 0;
    sqlx::raw_sql("BEGIN").execute(&mut target).await?;
    for (table, text) in &texts {
        let mut copy = target.copy_in_raw(&format!("COPY {table} FROM STDIN")).await?;
        for part in text.chunks(1 << 20) {
            copy.send(part).await?;
        }
        rows += copy.finish().await?;
    }
    sqlx::raw_sql("COMMIT").execute(&mut target).await?;
    Ok((rows, micros(start)))
}

#[derive(PartialEq)]
enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

struct Table {
    name: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// Prepared multi-row VALUES; what all rows of a statement have in common is bound once, as the server does.
async fn sqlite(from: &str, into: &str, values: usize) -> Outcome<(u64, u64)> {
    let mut source = open(from).await?;
    let mut tables = Vec::new();
    for name in TABLES {
        tables.push(read(&mut source, name).await?);
    }
    source.close().await?;
    let mut target = open(into).await?;
    let start = Instant::now();
    let mut rows = 0;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut target).await?;
    for table in &tables {
        let most = (values / table.columns.len()).max(1);
        for chunk in table.rows.chunks(most) {
            let Some((first, rest)) = chunk.split_first() else { continue };
            let same = |(place, cell): (usize, &Cell)| rest.iter().all(|row| row.get(place) == Some(cell));
            let shared: Vec<bool> = first.iter().enumerate().map(same).collect();
            let mut own = 0;
            let picked: Vec<String> = shared
                .iter()
                .map(|shared| {
                    own += usize::from(!shared);
                    if *shared { "?".to_owned() } else { format!("v.column{own}") }
                })
                .collect();
            let tuple = format!("({})", vec!["?"; own].join(","));
            let tuples = vec![tuple.as_str(); chunk.len()].join(",");
            let (columns, picked) = (table.columns.join(","), picked.join(","));
            let sql = format!("INSERT INTO {} ({columns}) SELECT {picked} FROM (VALUES {tuples}) AS v", table.name);
            let mut query = sqlx::query(AssertSqlSafe(sql));
            let of_all = first.iter().zip(&shared).filter(|(_, shared)| **shared);
            let of_each = chunk.iter().flat_map(|row| row.iter().zip(&shared).filter(|(_, shared)| !**shared));
            for (cell, _) in of_all.chain(of_each) {
                query = match cell {
                    Cell::Null => query.bind(Option::<i64>::None),
                    Cell::Number(number) => query.bind(*number),
                    Cell::Text(text) => query.bind(text.as_str()),
                    Cell::Bytes(bytes) => query.bind(bytes.as_slice()),
                };
            }
            rows += query.execute(&mut target).await?.rows_affected();
        }
    }
    sqlx::raw_sql("COMMIT").execute(&mut target).await?;
    Ok((rows, micros(start)))
}

/// With the settings of the server.
async fn open(url: &str) -> Outcome<SqliteConnection> {
    let path = url.trim_start_matches("sqlite:");
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "memory");
    Ok(SqliteConnection::connect_with(&options).await?)
}

async fn read(source: &mut SqliteConnection, name: &'static str) -> Outcome<Table> {
    let found = sqlx::query(AssertSqlSafe(format!("SELECT * FROM {name}"))).fetch_all(source).await?;
    let columns =
        found.first().map_or_else(Vec::new, |row| row.columns().iter().map(|column| column.name().to_owned()).collect());
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let mut cells = Vec::with_capacity(columns.len());
        for place in 0..columns.len() {
            let value = row.try_get_raw(place)?.to_owned();
            let kind = value.type_info().name().to_owned();
            cells.push(match kind.as_str() {
                _ if value.is_null() => Cell::Null,
                "INTEGER" | "BOOLEAN" | "INT8" | "BIGINT" => Cell::Number(value.try_decode_unchecked()?),
                "TEXT" => Cell::Text(value.try_decode_unchecked()?),
                "BLOB" => Cell::Bytes(value.try_decode_unchecked()?),
                other => return Err(format!("a value of type {other}").into()),
            });
        }
        rows.push(cells);
    }
    Ok(Table { name, columns, rows })
}
