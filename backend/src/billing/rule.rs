//! Generation rules: what they say, and how they are set.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use common::api::Done;
use common::billing::api::{GenerationRuleView, ListGenerationRules, SaveGenerationRule};
use common::billing::schedule::{Occurrence, RuleStart, Schedule};
use common::id::{BuildingId, CommunityId, FeeItemId, GenerationRuleId};
use common::period::Day;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::{calendar, occurrence, run};
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Scope, Who, Work, bulk};

#[derive(FromQueryResult)]
struct Row {
    community_id: CommunityId,
    id: GenerationRuleId,
    name: String,
    fee_items: String,
    schedule: String,
    start: String,
    active: bool,
    over_to: Day,
    utc_offset_minutes: i32,
}

#[derive(FromQueryResult)]
struct At {
    rule_id: GenerationRuleId,
    building_id: BuildingId,
}

/// A rule.
pub(super) struct Rule {
    pub community: CommunityId,
    pub id: GenerationRuleId,
    pub name: String,
    pub fee_items: Vec<FeeItemId>,
    /// All of the community where it is empty.
    pub buildings: Vec<BuildingId>,
    pub schedule: Schedule,
    pub start: RuleStart,
    pub active: bool,
    /// Periods that begin before this day are over for it.
    pub over_to: Day,
    utc_offset_minutes: i32,
}

impl Rule {
    /// The day that an instant falls on in its community.
    pub(super) fn day(&self, at: DateTime<Utc>) -> Day {
        (at + TimeDelta::minutes(i64::from(self.utc_offset_minutes))).date_naive()
    }
}

/// Which rules.
pub(super) enum Which<'a> {
    /// Of everybody: what may be due by this day.
    DueBy(Day),
    /// Of a community, as far as the caller sees them.
    Of(CommunityId, &'a Scope),
    /// One of them.
    One(CommunityId, GenerationRuleId, &'a Scope),
    /// These, held until the transaction ends.
    Held(CommunityId, &'a [GenerationRuleId]),
}

/// Reads rules, the active ones first.
pub(super) async fn rules<C: ConnectionTrait>(db: &C, which: Which<'_>) -> Answer<Vec<Rule>> {
    let select =
        "SELECT r.community_id, r.id, r.name, r.fee_items, r.schedule, r.start, r.active, r.over_to, c.utc_offset_minutes";
    let sql = Sql::new(select).add(" FROM generation_rule r JOIN community c ON c.id = r.community_id");
    let seen = |scope: &Scope, community| run::within(scope, community, "r", "generation_rule_building", "rule_id");
    let sql = match which {
        Which::DueBy(day) => sql.push(" WHERE r.active = ? AND r.next_day <= ?", [true.into(), day.into()]),
        Which::Of(community, scope) => sql.push(" WHERE r.community_id = ?", [community.into()]).join(seen(scope, community)),
        Which::One(community, rule, scope) => {
            sql.push(" WHERE r.community_id = ? AND r.id = ?", [community.into(), rule.into()]).join(seen(scope, community))
        }
        Which::Held(community, rules) => {
            sql.push(" WHERE r.community_id = ? AND r.id IN ", [community.into()]).list(rules.iter().copied())
        }
    };
    let held = matches!(which, Which::Held(..)) && db.get_database_backend() == sea_orm::DbBackend::Postgres;
    let sql = sql.add(" ORDER BY r.active DESC, r.name, r.id").add(if held { " FOR NO KEY UPDATE OF r" } else { "" });
    let rows: Vec<Row> = sql.all(db).await?;
    let ids: Vec<GenerationRuleId> = rows.iter().map(|row| row.id).collect();
    let at: Vec<At> = Sql::new("SELECT rule_id, building_id FROM generation_rule_building WHERE rule_id IN ")
        .list(ids)
        .add(" AND community_id IN ")
        .list(rows.iter().map(|row| row.community_id))
        .add(" ORDER BY building_id")
        .all(db)
        .await?;
    let mut buildings: HashMap<GenerationRuleId, Vec<BuildingId>> = HashMap::new();
    for row in at {
        buildings.entry(row.rule_id).or_default().push(row.building_id);
    }
    let rules = rows.into_iter().map(|row| {
        Ok(Rule {
            community: row.community_id,
            id: row.id,
            name: row.name,
            fee_items: serde_json::from_str(&row.fee_items)?,
            buildings: buildings.remove(&row.id).unwrap_or_default(),
            schedule: serde_json::from_str(&row.schedule)?,
            start: RuleStart::from_word(&row.start).ok_or_else(|| Failure::broken(format!("rule start {:?}", row.start)))?,
            active: row.active,
            over_to: row.over_to,
            utc_offset_minutes: row.utc_offset_minutes,
        })
    });
    rules.collect()
}

/// A rule that the caller sees.
pub(super) async fn one<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId, rule: GenerationRuleId) -> Answer<Rule> {
    let found = rules(db, Which::One(community, rule, &who.scope)).await?;
    found.into_iter().next().ok_or_else(|| Problem::not_found().into())
}

/// What fee items and buildings of a community are called.
pub(super) struct Names(HashMap<Uuid, String>);

#[derive(FromQueryResult)]
struct Name {
    id: Uuid,
    name: String,
}

impl Names {
    pub(super) async fn of<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Self> {
        let rows: Vec<Name> = Sql::new("SELECT id, name FROM fee_item")
            .push(
                " WHERE community_id = ? UNION ALL SELECT id, name FROM building WHERE community_id = ?",
                [community.into(), community.into()],
            )
            .all(db)
            .await?;
        Ok(Self(rows.into_iter().map(|row| (row.id, row.name)).collect()))
    }

    pub(super) fn fee_items(&self, ids: &[FeeItemId]) -> Vec<String> {
        ids.iter().filter_map(|id| self.0.get(&id.0).cloned()).collect()
    }

    pub(super) fn buildings(&self, ids: &[BuildingId]) -> Vec<String> {
        ids.iter().filter_map(|id| self.0.get(&id.0).cloned()).collect()
    }
}

/// Every rule that the caller sees.
pub(super) async fn list_generation_rules(app: App, who: Who, ask: ListGenerationRules) -> Answer<Vec<GenerationRuleView>> {
    let names = Names::of(app.db(), ask.community).await?;
    let rules = rules(app.db(), Which::Of(ask.community, &who.scope)).await?;
    let kept = calendar::kept(&app, ask.community, &rules).await?;
    let view = |rule: Rule| {
        // What was generated or skipped ahead of its day comes no more.
        let rows = kept.get(&rule.id).map_or(&[][..], Vec::as_slice);
        let free = |one: &Occurrence| rows.iter().all(|row| row.period().overlap(one.period()).is_none());
        let next = rule.active.then(|| rule.schedule.ahead(Some(rule.over_to), rule.day(app.now())).find(free));
        GenerationRuleView {
            fee_item_names: names.fee_items(&rule.fee_items),
            building_names: names.buildings(&rule.buildings),
            next: next.flatten(),
            id: rule.id,
            name: rule.name,
            fee_items: rule.fee_items,
            buildings: rule.buildings,
            schedule: rule.schedule,
            start: rule.start,
            active: rule.active,
            over_to: rule.over_to,
        }
    };
    Ok(rules.into_iter().map(view).collect())
}

/// Sets what is generated from now on. What was due by the rule as it was stays due; what is over stays over.
pub(super) async fn save_generation_rule(app: App, who: Who, ask: SaveGenerationRule) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let (community, id) = (ask.community, ask.rule);
    let today = crate::organisation::today(work.db(), community, work.at).await?;
    known(&work, &ask).await?;
    let mut before = rules(work.db(), Which::Held(community, &[id])).await?.pop();
    if let Some(rule) = before.as_mut().filter(|rule| rule.active) {
        occurrence::note(&work, rule, today).await?;
    }
    let over_to = match &before {
        // It goes on from where it has come to; of the time in which it rested nothing is generated.
        Some(rule) if rule.active => rule.over_to,
        Some(rule) => rule.over_to.max(ask.schedule.begins(today)),
        None => ask.schedule.begins(today),
    };
    let next = ask.schedule.ahead(Some(over_to), today).next().map(|next| next.day);
    Sql::new("INSERT INTO generation_rule (community_id, id, name, fee_items, schedule, start, active, over_to, next_day, created_by, created_at)")
        .push(" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
            community.into(),
            id.into(),
            ask.name.trim().into(),
            serde_json::to_string(&ask.fee_items)?.into(),
            serde_json::to_string(&ask.schedule)?.into(),
            ask.start.word().into(),
            ask.active.into(),
            over_to.into(),
            next.into(),
            work.by.map(|by| by.0).into(),
            work.at.into(),
        ])
        .add(" ON CONFLICT (community_id, id) DO UPDATE SET name = excluded.name, fee_items = excluded.fee_items,")
        .add(" schedule = excluded.schedule, start = excluded.start, active = excluded.active, over_to = excluded.over_to,")
        .add(" next_day = excluded.next_day")
        .run(work.db())
        .await
        .on_taken(|| Problem::field("name", "taken"))?;
    Sql::new("DELETE FROM generation_rule_building")
        .push(" WHERE community_id = ? AND rule_id = ?", [community.into(), id.into()])
        .run(work.db())
        .await?;
    let mut buildings = ask.buildings.clone();
    buildings.sort_unstable();
    buildings.dedup();
    let rows: Vec<Vec<Value>> =
        buildings.into_iter().map(|building| vec![community.into(), id.into(), building.into()]).collect();
    bulk::insert(work.db(), "generation_rule_building", &["community_id", "rule_id", "building_id"], rows).await?;
    let earlier = before.map(|rule| SaveGenerationRule {
        community,
        rule: id,
        name: rule.name,
        fee_items: rule.fee_items,
        buildings: rule.buildings,
        schedule: rule.schedule,
        start: rule.start,
        active: rule.active,
    });
    work.record(Some(community), "billing.save_generation_rule", id.0, earlier.as_ref(), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// 404 where a fee item or a building is not of this community.
async fn known(work: &Work, ask: &SaveGenerationRule) -> Answer<()> {
    let of = |table: &str| {
        Sql::new(&format!("SELECT id, name FROM {table} WHERE community_id = ")).bind(ask.community).add(" AND id IN ")
    };
    let items: Vec<Name> = of("fee_item").list(ask.fee_items.iter().copied()).all(work.db()).await?;
    let buildings: Vec<Name> = of("building").list(ask.buildings.iter().copied()).all(work.db()).await?;
    let all = ask.fee_items.iter().all(|id| items.iter().any(|row| row.id == id.0))
        && ask.buildings.iter().all(|id| buildings.iter().any(|row| row.id == id.0));
    if all { Ok(()) } else { Err(Problem::not_found().into()) }
}
