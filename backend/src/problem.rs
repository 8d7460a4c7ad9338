//! What a handler may fail with: a refusal for the caller, or a breakdown for the log.

use std::panic::Location;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use common::problem::Problem;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// What every handler and everything below it returns.
pub type Answer<T> = Result<T, Failure>;

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The caller is told exactly this.
    Refused(Box<Problem>),
    /// The caller is told `internal`; the log gets the reason and the place.
    Broken { why: String, place: &'static Location<'static> },
}

impl Failure {
    /// Something that cannot be: a bug or a damaged database.
    #[track_caller]
    pub fn broken(why: impl std::fmt::Display) -> Self {
        Self::Broken { why: why.to_string(), place: Location::caller() }
    }

    /// Whether the database is at fault and nothing of what was asked for: the next question would fail as well.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.status >= 500)
    }

    /// What the caller is told.
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Refused(problem) => *problem,
            Self::Broken { why, place } => {
                tracing::error!(%why, place = %place, "broken");
                Problem::new(500, "internal", "The server failed; nothing was saved")
            }
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<serde_json::Error> for Failure {
    #[track_caller]
    fn from(error: serde_json::Error) -> Self {
        Self::broken(error)
    }
}

impl From<DbErr> for Failure {
    /// Trouble that passes or that an administrator can mend gets its own answer; the rest is a breakdown.
    #[track_caller]
    fn from(error: DbErr) -> Self {
        let place = Location::caller();
        let refused = |status, code: &str, title: &str| {
            tracing::warn!(%error, %place, code, "database");
            Self::from(Problem::new(status, code, title))
        };
        let text = error.to_string();
        let code = database_code(&error).unwrap_or_default();
        match code.as_str() {
            // SQLite: BUSY and LOCKED with their extended codes; PostgreSQL: serialisation, deadlock, lock timeout.
            "5" | "6" | "261" | "262" | "517" | "773" | "40001" | "40P01" | "55P03" | "57014" => {
                refused(503, "busy", "The database is busy; nothing was saved")
            }
            "8" | "264" | "520" | "776" | "1032" | "1288" | "1544" | "25006" => {
                refused(503, "read_only", "The database is read-only; nothing was saved")
            }
            "13" | "53100" => refused(507, "disk_full", "The disk is full; nothing was saved"),
            "14" | "26" | "10" | "57P01" | "57P02" | "57P03" | "53300" | "08006" | "08001" | "08003" => {
                refused(503, "unavailable", "The database can't be reached; nothing was saved")
            }
            _ if matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_)) || text.contains("Connection refused") => {
                refused(503, "unavailable", "The database can't be reached; nothing was saved")
            }
            _ if text.contains("expected to read") || text.contains("Connection reset") || text.contains("Broken pipe") => {
                refused(503, "unavailable", "The database can't be reached; nothing was saved")
            }
            _ => Self::Broken { why: text, place },
        }
    }
}

fn database_code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    error.as_database_error()?.code().map(|code| code.into_owned())
}

/// Turns a broken unique constraint into a refusal.
pub trait OnTaken<T> {
    /// `problem` where a unique constraint or index refused the write; other errors pass as they are.
    fn on_taken(self, problem: impl FnOnce() -> Problem) -> Answer<T>;
}

impl<T> OnTaken<T> for Result<T, DbErr> {
    #[track_caller]
    fn on_taken(self, problem: impl FnOnce() -> Problem) -> Answer<T> {
        self.map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => problem().into(),
            _ => error.into(),
        })
    }
}

/// RFC 9457 on the wire.
pub fn respond(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(&problem)).into_response();
    let _ = response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
    response
}
