//! Connecting to SQLite or PostgreSQL, and bringing the schema up to date under a lock.

use std::path::Path;
use std::time::Duration;

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr};

/// Opens the pool. A SQLite file and its folder are made when they are missing.
pub async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    if let Some(path) = sqlite_path(url)
        && let Some(folder) = Path::new(path).parent()
    {
        std::fs::create_dir_all(folder).map_err(|error| DbErr::Custom(format!("{}: {error}", folder.display())))?;
    }
    let url = match sqlite_path(url) {
        Some(path) if !url.contains('?') => format!("sqlite://{path}?mode=rwc"),
        _ => url.to_owned(),
    };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(20))
        .connect_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                // A receipt that was printed is kept, even if the power goes the moment after.
                .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(30))
                .foreign_keys(true)
                // Rows are handed over from its own thread; the default, fifty, has both threads wait for each other all the time.
                .row_buffer_size(1_000)
                .pragma("cache_size", "-65536")
                .pragma("temp_store", "memory")
                .statement_cache_capacity(256)
        });
    let connection = Database::connect(options).await?;
    look_at_tables(&connection).await;
    Ok(connection)
}

/// Has SQLite look at tables that it never looked at, or that have grown tenfold, so that it plans queries well: when the database is
/// opened, and now and then. What it does of itself when a connection ends looks at far fewer rows.
/// A file that can't be written to, or is being written to for long, does without.
pub async fn look_at_tables(connection: &DatabaseConnection) {
    if connection.get_database_backend() == DbBackend::Sqlite {
        let optimise = format!("PRAGMA analysis_limit = {ANALYSED}; PRAGMA optimize = 0x10002;");
        let _done = connection.execute_unprepared(&optimise).await;
    }
}

/// How many rows of an index SQLite looks at to plan queries well: without, it takes seconds for what takes a tenth of one. It takes
/// this for all the rows of a community where there are more: with a few hundred it would read the bills of a community from the newest
/// on, rather than those of a unit and put them in order.
const ANALYSED: u32 = 10_000;

fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    Some(path.strip_prefix("//").unwrap_or(path))
}

/// The file of a SQLite address, where there is none yet.
pub fn missing_file(url: &str) -> Option<&Path> {
    let path = Path::new(sqlite_path(url)?.split('?').next()?);
    (!path.exists()).then_some(path)
}

/// Applies what is missing. Two nodes that start at once take turns: an advisory lock on PostgreSQL, a lock file on SQLite.
pub async fn migrate(url: &str) -> Result<(), DbErr> {
    let locked = match sqlite_path(url) {
        Some(path) => {
            let path = format!("{}.lock", path.split('?').next().unwrap_or(path));
            if let Some(folder) = Path::new(&path).parent() {
                std::fs::create_dir_all(folder).map_err(|error| DbErr::Custom(format!("{}: {error}", folder.display())))?;
            }
            let file = std::fs::File::create(&path).map_err(|error| DbErr::Custom(format!("{path}: {error}")))?;
            file.lock().map_err(|error| DbErr::Custom(format!("{path}: {error}")))?;
            Some(file)
        }
        None => None,
    };
    // One connection, so that the advisory lock and the migrations share a session.
    let connection = connect(url, 1).await?;
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared("SELECT pg_advisory_lock(4720711)").await?;
    }
    let outcome = Migrator::up(&connection, None).await;
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared("SELECT pg_advisory_unlock(4720711)").await?;
    }
    connection.close().await?;
    drop(locked);
    outcome
}

/// Whether every migration has been applied.
pub async fn is_current(connection: &DatabaseConnection) -> Result<bool, DbErr> {
    Ok(Migrator::get_pending_migrations(connection).await?.is_empty())
}
