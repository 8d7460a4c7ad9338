//! The rules of late fee of fee items, from a day to a day.

use std::collections::HashMap;

use common::api::Done;
use common::charging::api::{EndLateFee, SetLateFee};
use common::charging::late_fee::{CountedFrom, LateFeeRule, LateFeeTerm};
use common::id::{CommunityId, FeeItemId};
use common::period::Day;
use common::problem::Problem;
use common::quantity::{Price, Quantity};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::fee_item::held_items;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work};

#[derive(FromQueryResult)]
struct Row {
    fee_item_id: FeeItemId,
    from_day: Day,
    to_day: Option<Day>,
    rate: Price,
    cap: Quantity,
    grace_days: i32,
    counted_from: String,
    /// As JSON.
    steps: String,
}

/// The rules of every fee item that has some, from old to new.
pub async fn late_fee_terms<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<HashMap<FeeItemId, Vec<LateFeeTerm>>> {
    let rows: Vec<Row> =
        Sql::new("SELECT fee_item_id, from_day, to_day, rate, cap, grace_days, counted_from, steps FROM late_fee_rule")
            .push(" WHERE community_id = ? ORDER BY fee_item_id, from_day", [community.into()])
            .all(db)
            .await?;
    let mut terms: HashMap<FeeItemId, Vec<LateFeeTerm>> = HashMap::new();
    for row in rows {
        let rule = LateFeeRule {
            rate: row.rate,
            cap: row.cap,
            grace_days: u16::try_from(row.grace_days).map_err(Failure::broken)?,
            counted_from: row.counted_from.parse::<CountedFrom>().map_err(Failure::broken)?,
            steps: serde_json::from_str(&row.steps).map_err(Failure::broken)?,
        };
        terms.entry(row.fee_item_id).or_default().push(LateFeeTerm { rule, from: row.from_day, to: row.to_day });
    }
    Ok(terms)
}

/// Sets the rule from a day on; those that would have begun on it or later give way.
pub(super) async fn set_late_fee(app: App, who: Who, ask: SetLateFee) -> Answer<Done> {
    let work = app.begin(&who).await?;
    if !held_items(work.db(), ask.community, [ask.fee_item]).await?.is_empty() {
        return Err(Problem::conflict("charging.no_late_fee_of_held", "Money that is held bears no late fee").into());
    }
    let before = of_fee_item(&work, ask.community, ask.fee_item).await?;
    let LateFeeTerm { rule, from, to } = &ask.term;
    let steps = serde_json::to_string(&rule.steps).map_err(Failure::broken)?;
    forget(&work, ask.community, ask.fee_item, *from).await?;
    Sql::new(
        "INSERT INTO late_fee_rule (community_id, fee_item_id, from_day, to_day, rate, cap, grace_days, counted_from, steps,",
    )
    .push(
        " created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            ask.community.into(),
            ask.fee_item.into(),
            (*from).into(),
            (*to).into(),
            rule.rate.into(),
            rule.cap.into(),
            i32::from(rule.grace_days).into(),
            rule.counted_from.word().into(),
            steps.into(),
            work.by.map(|by| by.0).into(),
            work.at.into(),
        ],
    )
    .run(work.db())
    .await?;
    work.record(Some(ask.community), "charging.set_late_fee", ask.fee_item.0, Some(&before), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Ends the rule on a day.
pub(super) async fn end_late_fee(app: App, who: Who, ask: EndLateFee) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let before = of_fee_item(&work, ask.community, ask.fee_item).await?;
    forget(&work, ask.community, ask.fee_item, ask.to).await?;
    Sql::new("UPDATE late_fee_rule SET to_day = ")
        .push("? WHERE community_id = ? AND fee_item_id = ?", [ask.to.into(), ask.community.into(), ask.fee_item.into()])
        .push(" AND (to_day IS NULL OR to_day > ?)", [ask.to.into()])
        .run(work.db())
        .await?;
    work.record(Some(ask.community), "charging.end_late_fee", ask.fee_item.0, Some(&before), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// The rules of a fee item, which is locked, so that two people do not set rules at once; 404 where there is none.
async fn of_fee_item(work: &Work, community: CommunityId, fee_item: FeeItemId) -> Answer<Vec<LateFeeTerm>> {
    let there = Sql::new("UPDATE fee_item SET sort = sort WHERE community_id = ")
        .push("? AND id = ?", [community.into(), fee_item.into()])
        .run(work.db())
        .await?;
    if there.rows_affected() == 0 {
        return Err(Problem::not_found().into());
    }
    Ok(late_fee_terms(work.db(), community).await?.remove(&fee_item).unwrap_or_default())
}

async fn forget(work: &Work, community: CommunityId, fee_item: FeeItemId, from: Day) -> Answer<()> {
    Sql::new("DELETE FROM late_fee_rule WHERE community_id = ")
        .push("? AND fee_item_id = ? AND from_day >= ?", [community.into(), fee_item.into(), from.into()])
        .run(work.db())
        .await?;
    Ok(())
}
