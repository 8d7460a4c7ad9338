//! How many people live in a unit from which day on.

use common::api::Done;
use common::estate::api::{HeadsSince, SetHeads};
use common::id::{CommunityId, UnitId};
use common::period::Day;
use common::problem::{FieldProblem, Problem};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::unit;
use crate::sql::Sql;
use crate::{Answer, App, Who, Work, organisation};

/// What was known before the number changed for the first time counts from this day, which lies before all bills.
fn ever() -> Day {
    Day::default()
}

/// What is known of a unit from a day on, until the next day of that unit.
#[derive(FromQueryResult)]
pub struct Since {
    pub unit_id: UnitId,
    pub from_day: Day,
    /// `None` is unknown.
    pub heads: Option<i32>,
}

/// The numbers that changed, of all units, each unit's in the order of days. Of a unit that is not there, the one number that
/// its own row has counts for all time.
pub async fn heads_since<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<Since>> {
    Sql::new("SELECT unit_id, from_day, heads FROM unit_heads")
        .push(" WHERE community_id = ? ORDER BY unit_id, from_day", [community.into()])
        .all(db)
        .await
}

async fn of_unit<C: ConnectionTrait>(db: &C, community: CommunityId, unit: UnitId) -> Answer<Vec<Since>> {
    Sql::new("SELECT unit_id, from_day, heads FROM unit_heads")
        .push(" WHERE community_id = ? AND unit_id = ? ORDER BY from_day DESC", [community.into(), unit.into()])
        .all(db)
        .await
}

/// For the unit's page, newest first.
pub(super) async fn history<C: ConnectionTrait>(db: &C, community: CommunityId, unit: UnitId) -> Answer<Vec<HeadsSince>> {
    let rows = of_unit(db, community, unit).await?;
    let told = |row: Since| HeadsSince { from_day: Some(row.from_day).filter(|day| *day > ever()), heads: row.heads };
    Ok(rows.into_iter().map(told).collect())
}

/// From which day a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Starting {
    Day(Day),
    /// From today; from the beginning where nothing was known.
    Unsaid,
}

/// Keeps that the number is another from a day on. What was said of later days is put aside. The unit's own row is the
/// caller's: it has the newest number.
pub(super) async fn change(work: &Work, before: &unit::Model, from: Starting, heads: Option<i32>) -> Answer<()> {
    let (community, unit) = (before.community_id, before.id);
    let known = of_unit(work.db(), community, unit).await?;
    let from = match from {
        Starting::Day(day) => day,
        Starting::Unsaid if known.is_empty() && before.heads.is_none() => return Ok(()),
        Starting::Unsaid => organisation::today(work.db(), community, work.at).await?,
    };
    if known.is_empty() {
        add(work, community, unit, ever(), before.heads).await?;
    }
    Sql::new("DELETE FROM unit_heads")
        .push(" WHERE community_id = ? AND unit_id = ? AND from_day >= ?", [community.into(), unit.into(), from.into()])
        .run(work.db())
        .await?;
    add(work, community, unit, from, heads).await
}

async fn add(work: &Work, community: CommunityId, unit: UnitId, from: Day, heads: Option<i32>) -> Answer<()> {
    Sql::new("INSERT INTO unit_heads (community_id, unit_id, from_day, heads)")
        .push(" VALUES (?, ?, ?, ?)", [community.into(), unit.into(), from.into(), heads.into()])
        .run(work.db())
        .await?;
    Ok(())
}

/// Takes the history away with its unit.
pub(super) async fn forget(work: &Work, community: CommunityId, unit: UnitId) -> Answer<()> {
    Sql::new("DELETE FROM unit_heads")
        .push(" WHERE community_id = ? AND unit_id = ?", [community.into(), unit.into()])
        .run(work.db())
        .await?;
    Ok(())
}

pub(super) async fn set_heads(app: App, who: Who, ask: SetHeads) -> Answer<Done> {
    let community = ask.community;
    let work = app.begin(&who).await?;
    let before = unit::seen(work.db(), &who, community, ask.unit).await?;
    let today = organisation::today(work.db(), community, work.at).await?;
    if ask.from_day > today {
        return Err(Problem::invalid(vec![FieldProblem::new("from_day", "estate.heads_later").with("today", today)]).into());
    }
    if ask.from_day <= ever() {
        return Err(Problem::field("from_day", "not_a_day").into());
    }
    // First: whoever changes the same unit at the same moment waits here.
    Sql::new("UPDATE unit SET heads = ")
        .bind(ask.heads)
        .push(" WHERE community_id = ? AND id = ?", [community.into(), ask.unit.into()])
        .run(work.db())
        .await?;
    change(&work, &before, Starting::Day(ask.from_day), ask.heads).await?;
    work.record(Some(community), "estate.set_heads", ask.unit.0, Some(&before.heads), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
