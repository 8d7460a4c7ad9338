//! Who made or changed a tariff's rules.

use chrono::{DateTime, Utc};
use common::charging::api::{ListRuleEvents, RuleEvent, SaveTariff};
use sea_orm::FromQueryResult;

use crate::sql::Sql;
use crate::{Answer, App, Who};

/// The most events that are told.
const MOST: u64 = 200;

#[derive(FromQueryResult)]
struct Event {
    at: DateTime<Utc>,
    before: Option<String>,
    after: String,
    saved_by: Option<String>,
}

/// From the audit log, the newest first.
pub(super) async fn list_rule_events(app: App, _: Who, ask: ListRuleEvents) -> Answer<Vec<RuleEvent>> {
    let events: Vec<Event> = Sql::new("SELECT a.at, a.before, a.after, e.name AS saved_by FROM audit a")
        .add(" LEFT JOIN employee e ON e.id = a.employee_id")
        .push(" WHERE a.community_id = ? AND a.subject_id = ?", [ask.community.into(), ask.tariff.into()])
        .add(" AND a.action = 'charging.save_tariff' AND a.after IS NOT NULL ORDER BY a.at DESC, a.id DESC")
        .page(MOST, 0)
        .all(app.db())
        .await?;
    // What is no longer read as rules is left out.
    let told = |event: Event| {
        let SaveTariff { name, rules, .. } = serde_json::from_str(&event.after).ok()?;
        let before = event.before.as_deref().map(serde_json::from_str).transpose().ok()?;
        Some(RuleEvent { at: event.at, by: event.saved_by, name, before, after: rules })
    };
    Ok(events.into_iter().filter_map(told).collect())
}
