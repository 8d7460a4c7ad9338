//! What the database need not keep: replies to requests that nobody sends again, and sessions that are over.

use std::time::Duration;

use chrono::TimeDelta;

use crate::sql::Sql;
use crate::{Answer, App};

/// How often a node that works through jobs looks.
pub(crate) const EVERY: Duration = Duration::from_secs(3600);
/// A browser that lost its connection sends a request again within hours; a queue that stood still, within days.
const REPLIES_KEPT: TimeDelta = TimeDelta::days(60);

/// Removes it, and has SQLite look at tables that have grown. Payments, runs and imports keep what they were asked for in their own
/// rows: those are recognised for ever.
pub async fn tidy(app: &App) -> Answer<()> {
    crate::database::look_at_tables(app.db()).await;
    let now = app.now();
    let work = app.begin_as_system().await?;
    Sql::new("DELETE FROM made WHERE at < ").bind(now - REPLIES_KEPT).run(work.db()).await?;
    Sql::new("DELETE FROM session WHERE expires_at < ").bind(now).run(work.db()).await?;
    work.commit().await
}
