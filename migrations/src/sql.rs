//! Runs portable DDL: one text for both databases, with our own names for the few types that differ.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The same where the database is PostgreSQL: what SQLite neither needs nor knows.
pub(crate) async fn run_on_postgres(manager: &SchemaManager<'_>, ddl: &str) -> Result<(), DbErr> {
    match manager.get_database_backend() {
        DbBackend::Postgres => run(manager, ddl).await,
        _ => Ok(()),
    }
}

/// Executes statements separated by `;`, with `UUID`, `INSTANT`, `DAY`, `BYTES`, `FLAG` and `SORTED` replaced by the database's type.
///
/// `ROWLESS` after a table keeps it in the order of its key on SQLite, where it is one tree instead of two.
/// `SORTED` is text that sorts byte by byte on both, so that a prefix is a range and pages agree.
///
/// Money, prices and quantities are scaled `BIGINT`s on both: SQLite would turn a decimal column into a float.
pub(crate) async fn run(manager: &SchemaManager<'_>, ddl: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let types: [(&str, &str); 7] = match connection.get_database_backend() {
        DbBackend::Postgres => [
            ("UUID", "uuid"),
            ("INSTANT", "timestamptz"),
            ("DAY", "date"),
            ("BYTES", "bytea"),
            ("FLAG", "boolean"),
            ("SORTED", "text COLLATE \"C\""),
            ("ROWLESS", ""),
        ],
        _ => [
            ("UUID", "blob"),
            ("INSTANT", "text"),
            ("DAY", "text"),
            ("BYTES", "blob"),
            ("FLAG", "boolean"),
            ("SORTED", "text"),
            ("ROWLESS", "WITHOUT ROWID"),
        ],
    };
    for statement in ddl.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        let statement = statement
            .split_inclusive(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .map(|part| {
                let word = part.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
                match types.iter().find(|(ours, _)| *ours == word) {
                    Some((ours, theirs)) => part.replacen(ours, theirs, 1),
                    None => part.to_owned(),
                }
            })
            .collect::<String>();
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}
