//! Schemes (减免方案): saved, stopped, never deleted.

use std::collections::HashMap;

use common::api::Endpoint;
use common::approvals::api::{ApprovalChange, DeedOutcome};
use common::approvals::flow::DeedKind;
use common::id::{ApprovalId, CommunityId, WaiverSchemeId};
use common::money::Money;
use common::period::Day;
use common::problem::Problem;
use common::waivers::api::{ListSchemes, SaveScheme, SchemeState, SchemeView, SwitchScheme};
use common::waivers::changes::{Named, changes, started, takes_more};
use common::waivers::scheme::{SchemeRules, WhoKind};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::approvals::waiting_about;
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work, approvals, charging};

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
    rules: impl IntoIterator<Item = &SchemeRules>,
) -> Answer<HashMap<Uuid, String>> {
    let units = rules.into_iter().flat_map(|rules| rules.units.iter().copied());
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

/// Makes a scheme, or changes it for bills to come, or asks for approval where that is needed: of a new one, and of a change by
/// which one in use may take more off. What is stopped takes nothing off, and is asked for when it is applied again.
pub(super) async fn save_scheme(app: App, who: Who, mut ask: SaveScheme) -> Answer<DeedOutcome> {
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
    all_known(&work, &ask).await?;
    let before = held(&work, ask.community, ask.scheme).await?;
    let about = waiting_about(&work, ask.community, DeedKind::Scheme, ask.scheme.0, &ask).await?;
    if about.is_some() {
        return Ok(DeedOutcome { waits: about });
    }
    free(&work, &ask).await?;
    let more = match &before {
        None => true,
        Some((_, SchemeState::Stopped)) => false,
        Some((before, SchemeState::Active)) => takes_more(before, &ask),
    };
    let before = before.map(|(before, _)| before);
    let mut waits = None;
    if more {
        let all: Vec<&SaveScheme> = before.iter().chain([&ask]).collect();
        let names = names(work.db(), &who, ask.community, all.iter().map(|one| &one.rules)).await?;
        let told = before.as_ref().map(|before| Spoken::of(before, &names));
        let told = changes(told.as_ref().map(Spoken::named), Spoken::of(&ask, &names).named());
        waits = submit(&work, &who, &ask, (ask.community, ask.scheme), (&ask.name, &ask.reason), told).await?;
    }
    if waits.is_none() {
        store(&work, &ask).await?;
    }
    work.commit().await?;
    Ok(DeedOutcome { waits })
}

/// Does what was asked for, now that the last level has agreed.
pub(super) async fn agreed(work: &Work, body: &str) -> Answer<()> {
    // The fields of the two tell them apart.
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Asked {
        Save(Box<SaveScheme>),
        Switch(SwitchScheme),
    }
    match serde_json::from_str(body)? {
        Asked::Save(ask) => {
            all_known(work, &ask).await?;
            store(work, &ask).await
        }
        Asked::Switch(ask) => switch(work, &ask).await,
    }
}

/// Asks for approval of a scheme where a flow wants that.
async fn submit<E: Endpoint>(
    work: &Work,
    who: &Who,
    ask: &E,
    (community, scheme): (CommunityId, WaiverSchemeId),
    (name, reason): (&str, &str),
    changes: Vec<ApprovalChange>,
) -> Answer<Option<ApprovalId>> {
    let draft = approvals::Draft {
        kind: DeedKind::Scheme,
        id: ApprovalId(Uuid::now_v7()),
        ask,
        reason,
        amount: Money::ZERO,
        earlier: Money::ZERO,
        before: Money::ZERO,
        after: Money::ZERO,
        bills: Vec::new(),
        subject: Some(approvals::Subject { id: scheme.0, name: name.trim().to_owned(), changes }),
    };
    approvals::submit(work, who, community, draft).await
}

/// A scheme with the names of what it speaks of.
struct Spoken<'a> {
    scheme: &'a SaveScheme,
    fee_items: Vec<String>,
    groups: Vec<String>,
    units: Vec<String>,
}

impl<'a> Spoken<'a> {
    fn of(scheme: &'a SaveScheme, names: &HashMap<Uuid, String>) -> Self {
        let named = |ids: Vec<Uuid>| ids.iter().filter_map(|id| names.get(id).cloned()).collect();
        let rules = &scheme.rules;
        Self {
            scheme,
            fee_items: named(rules.fee_items.iter().map(|id| id.0).collect()),
            groups: named(rules.groups.iter().map(|id| id.0).collect()),
            units: named(rules.units.iter().map(|id| id.0).collect()),
        }
    }

    fn named(&self) -> Named<'_> {
        Named { scheme: self.scheme, fee_items: &self.fee_items, groups: &self.groups, units: &self.units }
    }
}

/// A scheme as it would be saved, and whether it is applied; held until the transaction ends.
async fn held(work: &Work, community: CommunityId, scheme: WaiverSchemeId) -> Answer<Option<(SaveScheme, SchemeState)>> {
    let row: Option<Row> = Sql::new("SELECT id, name, reason, rank, from_day, to_day, state, rules FROM waiver_scheme")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), scheme.into()])
        .add(if work.is_postgres() { " FOR UPDATE" } else { "" })
        .one(work.db())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let state = SchemeState::from_word(&row.state).ok_or_else(|| Failure::broken(format!("{:?}", row.state)))?;
    let save = SaveScheme {
        community,
        scheme: row.id,
        name: row.name,
        reason: row.reason,
        rank: row.rank,
        from: row.from_day,
        to: row.to_day,
        rules: serde_json::from_str(&row.rules)?,
    };
    Ok(Some((save, state)))
}

/// Refuses a name that another scheme has, before anybody is asked to agree to it.
async fn free(work: &Work, ask: &SaveScheme) -> Answer<()> {
    let others = Sql::new("SELECT COUNT(*) AS number FROM waiver_scheme")
        .push(
            " WHERE community_id = ? AND name = ? AND id <> ?",
            [ask.community.into(), ask.name.trim().into(), ask.scheme.into()],
        )
        .number(work.db())
        .await?;
    if others > 0 { Err(taken().into()) } else { Ok(()) }
}

fn taken() -> Problem {
    Problem::conflict("waivers.scheme_taken", "Another scheme has this name")
}

async fn store(work: &Work, ask: &SaveScheme) -> Answer<()> {
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
        .on_taken(taken)?;
    work.record(Some(ask.community), "waivers.save_scheme", ask.scheme.0, None::<&()>, Some(ask)).await
}

/// 404 where something that a scheme speaks of is not of this community.
async fn all_known(work: &Work, ask: &SaveScheme) -> Answer<()> {
    if !charging::held_items(work.db(), ask.community, ask.rules.fee_items.iter().copied()).await?.is_empty() {
        return Err(Problem::field("fee_items", "waivers.held_item").into());
    }
    all_there(work, ask.community, "fee_item", ask.rules.fee_items.iter().map(|id| id.0).collect()).await?;
    all_there(work, ask.community, "people_group", ask.rules.groups.iter().map(|id| id.0).collect()).await?;
    all_there(work, ask.community, "unit", ask.rules.units.iter().map(|id| id.0).collect()).await
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

/// Stops a scheme, or applies it again, or asks for approval of the latter where that is needed. It may be stopped at any time.
pub(super) async fn switch_scheme(app: App, who: Who, ask: SwitchScheme) -> Answer<DeedOutcome> {
    let work = app.begin(&who).await?;
    let (scheme, now) = held(&work, ask.community, ask.scheme).await?.ok_or_else(Problem::not_found)?;
    if now == ask.state {
        return Ok(DeedOutcome::default());
    }
    let mut waits = None;
    if ask.state == SchemeState::Active {
        waits = waiting_about(&work, ask.community, DeedKind::Scheme, ask.scheme.0, &ask).await?;
        if waits.is_some() {
            return Ok(DeedOutcome { waits });
        }
        let names = names(work.db(), &who, ask.community, [&scheme.rules]).await?;
        let told = started(Spoken::of(&scheme, &names).named());
        waits = submit(&work, &who, &ask, (ask.community, ask.scheme), (&scheme.name, &scheme.reason), told).await?;
    }
    if waits.is_none() {
        switch(&work, &ask).await?;
    }
    work.commit().await?;
    Ok(DeedOutcome { waits })
}

async fn switch(work: &Work, ask: &SwitchScheme) -> Answer<()> {
    let found = Sql::new("UPDATE waiver_scheme SET state = ")
        .bind(ask.state.word())
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.scheme.into()])
        .run(work.db())
        .await?;
    if found.rows_affected() == 0 {
        return Err(Problem::not_found().into());
    }
    work.record(Some(ask.community), "waivers.switch_scheme", ask.scheme.0, None::<&()>, Some(ask)).await
}
