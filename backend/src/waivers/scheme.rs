//! Schemes (减免方案): saved, stopped, never deleted.

use std::collections::HashMap;

use common::api::Done;
use common::id::{CommunityId, WaiverSchemeId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use common::waivers::api::{ListSchemes, SaveScheme, SchemeState, SchemeView, SwitchScheme};
use common::waivers::scheme::{SchemeRules, WhoKind};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work};

#[derive(FromQueryResult)]
struct Row {
    id: WaiverSchemeId,
    name: String,
    reason: String,
    rank: i32,
    from_day: Day,
    to_day: Option<Day>,
    state: String,
    rules: String,
}

#[derive(FromQueryResult)]
struct Sum {
    scheme_id: WaiverSchemeId,
    bills: i64,
    units: i64,
    amount_fen: Money,
}

#[derive(FromQueryResult)]
struct Name {
    id: Uuid,
    name: String,
}

/// Every scheme in its order, with what it has waived so far.
pub(super) async fn list_schemes(app: App, who: Who, ask: ListSchemes) -> Answer<Vec<SchemeView>> {
    let (db, community) = (app.db(), ask.community);
    let rows: Vec<Row> = Sql::new("SELECT id, name, reason, rank, from_day, to_day, state, rules FROM waiver_scheme")
        .push(" WHERE community_id = ? ORDER BY state, rank, name", [community.into()])
        .all(db)
        .await?;
    let sums: Vec<Sum> = Sql::new("SELECT scheme_id, COUNT(DISTINCT bill_id) AS bills, COUNT(DISTINCT unit_id) AS units,")
        .push(" CAST(SUM(amount_fen) AS bigint) AS amount_fen FROM waiver", [])
        .push(" WHERE community_id = ? AND state = 'given' AND scheme_id IS NOT NULL", [community.into()])
        .within("building_id", &who.scope.buildings(community))
        .push(" GROUP BY scheme_id", [])
        .all(db)
        .await?;
    let sums: HashMap<WaiverSchemeId, Sum> = sums.into_iter().map(|sum| (sum.scheme_id, sum)).collect();
    let read = |row: &Row| Ok(serde_json::from_str::<SchemeRules>(&row.rules)?);
    let rules = rows.iter().map(read).collect::<Answer<Vec<_>>>()?;
    let names = names(db, &who, community, &rules).await?;
    let named = |ids: Vec<Uuid>| ids.iter().filter_map(|id| names.get(id).cloned()).collect::<Vec<_>>();
    let shown = rows.into_iter().zip(rules).map(|(row, rules)| {
        let sum = sums.get(&row.id);
        Ok(SchemeView {
            id: row.id,
            name: row.name,
            reason: row.reason,
            rank: row.rank,
            from: row.from_day,
            to: row.to_day,
            state: SchemeState::from_word(&row.state).ok_or_else(|| Failure::broken(format!("{:?}", row.state)))?,
            fee_item_names: named(rules.fee_items.iter().map(|id| id.0).collect()),
            group_names: named(rules.groups.iter().map(|id| id.0).collect()),
            unit_labels: named(rules.units.iter().map(|id| id.0).collect()),
            rules,
            bills: sum.map_or(0, |sum| sum.bills.unsigned_abs()),
            units: sum.map_or(0, |sum| sum.units.unsigned_abs()),
            amount_fen: sum.map_or(Money::ZERO, |sum| sum.amount_fen),
        })
    });
    shown.collect()
}

/// What the schemes speak of, by its name.
async fn names<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    rules: &[SchemeRules],
) -> Answer<HashMap<Uuid, String>> {
    let units = rules.iter().flat_map(|rules| rules.units.iter().copied());
    let rows: Vec<Name> = Sql::new("SELECT id, name FROM fee_item")
        .push(" WHERE community_id = ?", [community.into()])
        .push(" UNION ALL SELECT id, name FROM people_group WHERE community_id = ?", [community.into()])
        .push(" UNION ALL SELECT id, label AS name FROM unit WHERE community_id = ?", [community.into()])
        .within("building_id", &who.scope.buildings(community))
        .push(" AND id IN ", [])
        .list(units)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Makes a scheme, or changes it for bills to come.
pub(super) async fn save_scheme(app: App, who: Who, mut ask: SaveScheme) -> Answer<Done> {
    // Only what its kind asks for is kept.
    let rules = &mut ask.rules;
    if rules.who != WhoKind::Groups {
        rules.groups.clear();
    }
    if rules.who != WhoKind::Units {
        rules.units.clear();
    }
    if rules.who != WhoKind::Kinds {
        rules.kinds.clear();
    }
    let work = app.begin(&who).await?;
    all_there(&work, ask.community, "fee_item", ask.rules.fee_items.iter().map(|id| id.0).collect()).await?;
    all_there(&work, ask.community, "people_group", ask.rules.groups.iter().map(|id| id.0).collect()).await?;
    all_there(&work, ask.community, "unit", ask.rules.units.iter().map(|id| id.0).collect()).await?;
    Sql::new("INSERT INTO waiver_scheme (community_id, id, name, reason, rank, from_day, to_day, state, rules, created_at)")
        .push(
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                ask.community.into(),
                ask.scheme.into(),
                ask.name.trim().into(),
                ask.reason.trim().into(),
                ask.rank.into(),
                ask.from.into(),
                ask.to.into(),
                SchemeState::Active.word().into(),
                serde_json::to_string(&ask.rules)?.into(),
                work.at.into(),
            ],
        )
        .push(
            " ON CONFLICT (community_id, id) DO UPDATE SET name = excluded.name, reason = excluded.reason, rank = excluded.rank,",
            [],
        )
        .push(" from_day = excluded.from_day, to_day = excluded.to_day, rules = excluded.rules", [])
        .run(work.db())
        .await
        .on_taken(|| Problem::conflict("waivers.scheme_taken", "Another scheme has this name"))?;
    work.record(Some(ask.community), "waivers.save_scheme", ask.scheme.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// 404 where one of them is not of this community.
async fn all_there(work: &Work, community: CommunityId, table: &str, mut ids: Vec<Uuid>) -> Answer<()> {
    ids.sort_unstable();
    ids.dedup();
    let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
    let found = Sql::new(&format!("SELECT COUNT(*) AS number FROM {table}"))
        .push(" WHERE community_id = ? AND id IN ", [community.into()])
        .list(ids);
    if count > 0 && found.number(work.db()).await? != count {
        return Err(Problem::not_found().into());
    }
    Ok(())
}

/// Stops a scheme, or applies it again.
pub(super) async fn switch_scheme(app: App, who: Who, ask: SwitchScheme) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let found = Sql::new("UPDATE waiver_scheme SET state = ")
        .bind(ask.state.word())
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.scheme.into()])
        .run(work.db())
        .await?;
    if found.rows_affected() == 0 {
        return Err(Problem::not_found().into());
    }
    work.record(Some(ask.community), "waivers.switch_scheme", ask.scheme.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
