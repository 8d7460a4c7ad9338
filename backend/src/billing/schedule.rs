//! The scheduler: notes what the rules have due, and starts what is to start by itself.

use chrono::TimeDelta;
use common::api::Done;
use common::billing::api::{GenerateOccurrence, GetRun, RunView, SkipOccurrence, UnskipOccurrence};
use common::billing::schedule::RuleStart;
use common::id::{BillingRunId, CommunityId, GenerationRuleId};
use common::period::{Day, Month};
use common::problem::Problem;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::occurrence::{self, DUE, FAILED, Key, RUNNING, SKIPPED};
use super::rule::{Rule, Which, one, rules};
use super::run;
use crate::sql::Sql;
use crate::{Answer, App, Who, Work};

/// No community's clock is further ahead of the server's than this.
const AHEAD: TimeDelta = TimeDelta::hours(14);
/// So many runs are started in one go; more wait for the next.
const AT_ONCE: u64 = 200;

/// What each node that works through jobs does every so often: any number of them, and each occurrence starts once.
pub(super) async fn tick(app: App) -> Answer<()> {
    note_due(&app).await?;
    start_due(&app).await
}

/// A look that costs next to nothing first: an idle node must not take SQLite's write lock.
async fn note_due(app: &App) -> Answer<()> {
    let by = (app.now() + AHEAD).date_naive();
    let mut due = rules(app.db(), Which::DueBy(by)).await?;
    due.retain(|rule| {
        let today = rule.day(app.now());
        rule.schedule.ahead(Some(rule.over_to), today).next().is_some_and(|next| next.day <= today)
    });
    for rule in due {
        go_on(note(app, rule.community, rule.id).await);
    }
    Ok(())
}

/// One rule that can't be looked at keeps no other from being: the next look tries it again.
fn go_on(looked: Answer<()>) {
    if let Err(failure) = looked {
        let problem = failure.into_problem();
        tracing::error!(code = %problem.code, "a generation rule could not be looked at");
    }
}

async fn note(app: &App, community: CommunityId, rule: GenerationRuleId) -> Answer<()> {
    let work = app.begin_as_system().await?;
    // As it is now that nobody else changes it.
    let held = rules(work.db(), Which::Held(community, &[rule])).await?;
    if let Some(mut rule) = held.into_iter().find(|rule| rule.active) {
        let today = rule.day(work.at);
        occurrence::note(&work, &mut rule, today).await?;
    }
    work.commit().await
}

#[derive(FromQueryResult)]
struct Ready {
    community_id: CommunityId,
    rule_id: GenerationRuleId,
    period_from: Day,
}

async fn start_due(app: &App) -> Answer<()> {
    let ready: Vec<Ready> = Sql::new("SELECT o.community_id, o.rule_id, o.period_from FROM occurrence o")
        .push(" JOIN generation_rule r ON r.community_id = o.community_id AND r.id = o.rule_id AND r.active = ?", [true.into()])
        .push(
            " WHERE (o.state = 'due' AND o.day <= ? AND r.start = ?) OR (o.state = 'failed' AND o.next_try <= ?)",
            [(app.now() + AHEAD).date_naive().into(), RuleStart::Automatic.word().into(), app.now().into()],
        )
        .add(" ORDER BY o.day, o.community_id, r.name")
        .page(AT_ONCE, 0)
        .all(app.db())
        .await?;
    for ready in ready {
        go_on(start(app, &ready).await);
    }
    Ok(())
}

async fn start(app: &App, ready: &Ready) -> Answer<()> {
    let work = app.begin_as_system().await?;
    if let Some(rule) = rules(work.db(), Which::Held(ready.community_id, &[ready.rule_id])).await?.pop() {
        let today = rule.day(work.at);
        let row = occurrence::kept(&work, &rule, Month::of(ready.period_from), today).await?;
        // What waits ahead of its day (a run by hand was refused) waits until then.
        if let Some(row) = row.filter(|row| row.state != DUE || row.day <= today) {
            occurrence::start(&work, &rule, &row, BillingRunId(Uuid::now_v7()), today).await?;
        }
    }
    work.commit().await
}

/// The rule, held, as the caller sees it; and the present day of its community.
pub(super) async fn held(work: &Work, who: &Who, community: CommunityId, rule: GenerationRuleId) -> Answer<(Rule, Day)> {
    one(work.db(), who, community, rule).await?;
    let rule = rules(work.db(), Which::Held(community, &[rule])).await?.pop().ok_or_else(Problem::not_found)?;
    let today = rule.day(work.at);
    Ok((rule, today))
}

/// Generates an occurrence now, whether its day has come or not.
pub(super) async fn generate_occurrence(app: App, who: Who, ask: GenerateOccurrence) -> Answer<RunView> {
    let work = app.begin(&who).await?;
    let (rule, today) = held(&work, &who, ask.community, ask.rule).await?;
    let row = occurrence::kept(&work, &rule, ask.first, today).await?.ok_or_else(Problem::not_found)?;
    // Sent twice, it is one run; and whoever is second finds it under way.
    if row.run_id != Some(ask.run) {
        occurrence::refuse_unless(&row, &[DUE, FAILED, RUNNING])?;
    }
    let run = row.run_id.unwrap_or(ask.run);
    if occurrence::start(&work, &rule, &row, run, today).await? {
        work.record(Some(ask.community), "billing.generate_occurrence", ask.rule.0, None::<&()>, Some(&ask)).await?;
    }
    work.commit().await?;
    run::get_run(app, who, GetRun { community: ask.community, run }).await
}

/// Nothing is generated for it.
pub(super) async fn skip_occurrence(app: App, who: Who, ask: SkipOccurrence) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let (rule, today) = held(&work, &who, ask.community, ask.rule).await?;
    let row = occurrence::kept(&work, &rule, ask.first, today).await?.ok_or_else(Problem::not_found)?;
    occurrence::refuse_unless(&row, &[DUE, FAILED, SKIPPED])?;
    occurrence::set_skipped(&work, Key::of(&rule, ask.first), ask.reason.trim()).await?;
    work.record(Some(ask.community), "billing.skip_occurrence", ask.rule.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// It is as it was: planned, due, or to be tried again.
pub(super) async fn unskip_occurrence(app: App, who: Who, ask: UnskipOccurrence) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let (rule, today) = held(&work, &who, ask.community, ask.rule).await?;
    let row = occurrence::kept(&work, &rule, ask.first, today).await?.ok_or_else(Problem::not_found)?;
    let key = Key::of(&rule, ask.first);
    if row.state == SKIPPED && row.day > today && row.period_from >= rule.over_to && row.run_id.is_none() {
        occurrence::forget(&work, key).await?;
    } else if row.state == SKIPPED {
        occurrence::set_skipped(&work, key, "").await?;
    } else {
        return Ok(Done {});
    }
    work.record(Some(ask.community), "billing.unskip_occurrence", ask.rule.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
