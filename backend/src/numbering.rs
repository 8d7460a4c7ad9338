//! Document numbers without gaps or doubles: a counter row per community, kind and series, taken in the very transaction
//! that uses the number.

use common::id::CommunityId;
use sea_orm::{ConnectionTrait, Statement};

use crate::{Answer, Failure, Work};

/// Takes `count` consecutive numbers of a series (e.g. kind `receipt`, series `20261123`) and returns the first; a series
/// starts at 1. Concurrent takers wait for each other on the counter row; a rollback gives the numbers back.
pub async fn take(work: &Work, community: CommunityId, kind: &str, series: &str, count: i64) -> Answer<i64> {
    let statement = Statement::from_sql_and_values(
        work.db().get_database_backend(),
        "INSERT INTO counter (community_id, kind, series, next) VALUES ($1, $2, $3, $4 + 1) \
         ON CONFLICT (community_id, kind, series) DO UPDATE SET next = counter.next + $4 RETURNING next",
        [community.into(), kind.into(), series.into(), count.into()],
    );
    let row = work.db().query_one_raw(statement).await?.ok_or_else(|| Failure::broken("a counter returned no row"))?;
    let next: i64 = row.try_get("", "next")?;
    Ok(next - count)
}
