//! The calendar: what the rules generate when, and what came of it.

use std::collections::HashMap;

use common::api::Paging;
use common::billing::api::{CalendarView, GetCalendar, OccurrenceState, OccurrenceView, RunView};
use common::billing::schedule::{Occurrence, RuleStart};
use common::id::{BillingRunId, CommunityId, GenerationRuleId};
use common::period::{Day, Period};

use super::occurrence::{self, Row, SELECT};
use super::rule::{Names, Rule, Which, rules};
use super::run;
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

/// What is generated on the days of some months, by day, and whatever of earlier days is still open.
pub(super) async fn get_calendar(app: App, who: Who, ask: GetCalendar) -> Answer<CalendarView> {
    let (db, community) = (app.db(), ask.community);
    let today = today(db, community, app.now()).await?;
    let last = ask.first.plus(i32::try_from(ask.months).unwrap_or(1) - 1);
    let days = Period { from: ask.first.first_day(), to: last.period().to };
    let rules = rules(db, Which::Of(community, &who.scope)).await?;
    let kept = kept(&app, community, &rules).await?;
    let names = Names::of(db, community).await?;
    let mut shown = Vec::new();
    for rule in &rules {
        let rows = kept.get(&rule.id).map_or(&[][..], Vec::as_slice);
        for row in rows.iter().filter(|row| {
            days.contains(row.day) || (row.day < days.from && row.state != occurrence::DONE && row.state != occurrence::SKIPPED)
        }) {
            shown.push((rule, row.at(), Some(row)));
        }
        for at in planned(rule, rows, days, today) {
            shown.push((rule, at, None));
        }
    }
    shown.sort_by_key(|(_, at, _)| at.day);
    let runs: Vec<BillingRunId> = shown.iter().filter_map(|(_, _, row)| row.and_then(|row| row.run_id)).collect();
    let mut runs = of_runs(&app, &who, community, &runs).await?;
    let occurrences = shown.into_iter().map(|(rule, at, row)| {
        let run = row.and_then(|row| runs.remove(&row.run_id?));
        Ok(OccurrenceView {
            rule: rule.id,
            rule_name: rule.name.clone(),
            start: rule.start,
            at,
            state: match row {
                Some(row) => state(row, rule.start, today)?,
                None => not_kept(at, today),
            },
            inputs: occurrence::inputs(rule, &at, today),
            fee_items: names.fee_items(&rule.fee_items),
            buildings: names.buildings(&rule.buildings),
            run,
            tries: row.map_or(0, |row| row.tries.unsigned_abs()),
            next_try: row.and_then(|row| row.next_try),
            reason: row.map(|row| row.reason.clone()).unwrap_or_default(),
            by: row.and_then(|row| row.said_by.clone()),
            said_at: row.and_then(|row| row.said_at),
        })
    });
    Ok(CalendarView {
        today,
        rules: u64::try_from(rules.iter().filter(|rule| rule.active).count()).map_err(Failure::broken)?,
        occurrences: occurrences.collect::<Answer<Vec<_>>>()?,
    })
}

/// All that is kept of these rules: a few rows a year each.
pub(super) async fn kept(app: &App, community: CommunityId, rules: &[Rule]) -> Answer<HashMap<GenerationRuleId, Vec<Row>>> {
    let rows: Vec<Row> = Sql::new(SELECT)
        .push("o.community_id = ? AND o.rule_id IN ", [community.into()])
        .list(rules.iter().map(|rule| rule.id))
        .all(app.db())
        .await?;
    let mut kept: HashMap<GenerationRuleId, Vec<Row>> = HashMap::new();
    for row in rows {
        kept.entry(row.rule_id).or_default().push(row);
    }
    Ok(kept)
}

/// What an active rule will generate on these days, but for what is kept already.
fn planned(rule: &Rule, rows: &[Row], days: Period, today: Day) -> Vec<Occurrence> {
    if !rule.active {
        return Vec::new();
    }
    let ahead = rule.schedule.ahead(Some(rule.over_to), today).take_while(|one| one.day < days.to);
    let free = |one: &Occurrence| rows.iter().all(|row| row.period().overlap(one.period()).is_none());
    ahead.filter(|one| days.contains(one.day) || one.day <= today).filter(free).collect()
}

/// The scheduler notes within a minute what has become due.
fn not_kept(at: Occurrence, today: Day) -> OccurrenceState {
    if at.day > today { OccurrenceState::Planned } else { OccurrenceState::Due }
}

fn state(row: &Row, start: RuleStart, today: Day) -> Answer<OccurrenceState> {
    match row.state.as_str() {
        occurrence::DUE if start == RuleStart::Proposed && row.day < today => Ok(OccurrenceState::Missed),
        occurrence::DUE if row.day > today => Ok(OccurrenceState::Planned),
        word => OccurrenceState::from_word(word).ok_or_else(|| Failure::broken(format!("occurrence state {word:?}"))),
    }
}

async fn of_runs(app: &App, who: &Who, community: CommunityId, runs: &[BillingRunId]) -> Answer<HashMap<BillingRunId, RunView>> {
    if runs.is_empty() {
        return Ok(HashMap::new());
    }
    let paging = Paging { page: 1, size: u32::try_from(runs.len()).unwrap_or(u32::MAX), sort: None };
    let page = run::rows(app, who, community, run::Which::These(runs), &paging).await?;
    Ok(page.rows.into_iter().map(|run| (run.id, run)).collect())
}
