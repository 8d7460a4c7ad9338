//! Which key file a database is used with: it keeps the key's fingerprint, and no other key is ever taken for that one.

use std::path::{Path, PathBuf, absolute};

use chrono::{DateTime, Utc};
use common::problem::Problem;
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use thiserror::Error;

use crate::organisation::setting;
use crate::secret::Secrets;
use crate::sql::Sql;
use crate::{Failure, Work};

/// The setting that holds the fingerprint.
const FINGERPRINT: &str = "key_fingerprint";

/// Why the database can't be used with this key file.
#[derive(Debug, Error)]
pub enum Trouble {
    #[error(
        "the key file {} is missing, and ID numbers in this database are sealed with it. Put it back, from its backup or from another \
         node, or say by --key-file where it is. No new one was made: what the old one sealed would stay closed.",
        .0.display()
    )]
    Missing(PathBuf),
    #[error(
        "{} is not the key file that this database was used with. Put that one back, from its backup or from another node, or say by \
         --key-file where it is. Nothing was changed.",
        .0.display()
    )]
    Another(PathBuf),
    #[error("the key file {}: {error}", .path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error(transparent)]
    Database(#[from] Problem),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Database(failure.into_problem())
    }
}

/// Refuses where the key file is not this database's; makes nothing and notes nothing. The schema may be of any age.
pub async fn check(db: &DatabaseConnection, path: &Path) -> Result<(), Trouble> {
    if migrations::has_table(db, "resident").await.map_err(Failure::from)? && known(db, path).await?.is_none() {
        fitting(db, path).await?;
    }
    Ok(())
}

/// The database's key. Only a database in which nothing was ever sealed may get a new one.
pub(crate) async fn open(db: &DatabaseConnection, path: &Path, at: DateTime<Utc>) -> Result<Secrets, Trouble> {
    if let Some(secrets) = known(db, path).await? {
        return Ok(secrets);
    }
    // Every sealed number is tried before the turn comes: that may take long, and would keep everybody else from writing.
    let fits = fitting(db, path).await?;
    // Nodes that start at once take turns: the first one notes its key, the others must have the same.
    let work = Work::begin(db, at, None, String::new()).await?;
    if work.is_postgres() {
        work.db().execute_unprepared("SELECT pg_advisory_xact_lock(4720712)").await.map_err(Failure::from)?;
    }
    if let Some(secrets) = known(work.db(), path).await? {
        return Ok(secrets);
    }
    let secrets = match fits {
        Some(secrets) => secrets,
        None => Secrets::make(path).map_err(|error| Trouble::File { path: whole(path), error })?,
    };
    setting::note(&work, FINGERPRINT, secrets.fingerprint()).await?;
    work.commit().await?;
    Ok(secrets)
}

/// The key whose fingerprint the database has; `None` where it has none yet.
async fn known<C: ConnectionTrait>(db: &C, path: &Path) -> Result<Option<Secrets>, Trouble> {
    let Some(fingerprint) = setting::read(db, FINGERPRINT).await? else { return Ok(None) };
    match read(path)? {
        None => Err(Trouble::Missing(whole(path))),
        Some(secrets) if secrets.fingerprint() != fingerprint => Err(Trouble::Another(whole(path))),
        Some(secrets) => Ok(Some(secrets)),
    }
}

#[derive(FromQueryResult)]
struct Sealed {
    id_number_sealed: Vec<u8>,
}

/// The present key for a database without a fingerprint, told by what it opens; `None` where there is none and none is needed.
async fn fitting<C: ConnectionTrait>(db: &C, path: &Path) -> Result<Option<Secrets>, Trouble> {
    let sealed: Vec<Sealed> =
        Sql::new("SELECT id_number_sealed FROM resident WHERE id_number_sealed IS NOT NULL").all(db).await?;
    let Some(secrets) = read(path)? else {
        return if sealed.is_empty() { Ok(None) } else { Err(Trouble::Missing(whole(path))) };
    };
    let closed = sealed.iter().filter(|row| secrets.open_sealed(&row.id_number_sealed).is_err()).count();
    if closed > 0 && closed == sealed.len() {
        return Err(Trouble::Another(whole(path)));
    }
    if closed > 0 {
        tracing::warn!(closed, of = sealed.len(), "some ID numbers were sealed with another key file and stay closed");
    }
    Ok(Some(secrets))
}

fn read(path: &Path) -> Result<Option<Secrets>, Trouble> {
    Secrets::read(path).map_err(|error| Trouble::File { path: whole(path), error })
}

/// From the root, so that whoever reads it need not know where the program was started.
fn whole(path: &Path) -> PathBuf {
    absolute(path).unwrap_or_else(|_| path.to_owned())
}
