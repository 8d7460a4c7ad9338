//! Occurrences: one time that a rule generates, from the day it is due until it is done or skipped.

use chrono::{DateTime, Utc};
use common::billing::api::{GetRunInputs, RunState};
use common::billing::schedule::Occurrence;
use common::id::{BillingRunId, CommunityId, GenerationRuleId};
use common::period::{Day, Month, Period};
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::generate::{self, Kept};
use super::rule::Rule;
use crate::sql::Sql;
use crate::{Answer, Work, bulk, jobs};

/// Its day has come.
pub(super) const DUE: &str = "due";
/// It has a run that is under way.
pub(super) const RUNNING: &str = "running";
pub(super) const DONE: &str = "done";
/// Its run failed, and is started again when the pause is over.
pub(super) const FAILED: &str = "failed";
pub(super) const SKIPPED: &str = "skipped";

/// As it is kept.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Row {
    pub rule_id: GenerationRuleId,
    pub period_from: Day,
    pub period_to: Day,
    pub day: Day,
    pub notice_day: Day,
    pub due_day: Option<Day>,
    pub state: String,
    pub run_id: Option<BillingRunId>,
    pub tries: i32,
    pub next_try: Option<DateTime<Utc>>,
    pub reason: String,
    pub said_by: Option<String>,
    pub said_at: Option<DateTime<Utc>>,
}

/// Reads rows: add what follows `WHERE`.
pub(super) const SELECT: &str = "SELECT o.rule_id, o.period_from, o.period_to, o.day, o.notice_day, o.due_day, o.state, o.run_id, \
     o.tries, o.next_try, o.reason, e.name AS said_by, o.said_at FROM occurrence o LEFT JOIN employee e ON e.id = o.said_by WHERE ";

impl Row {
    pub(super) fn period(&self) -> Period {
        Period { from: self.period_from, to: self.period_to }
    }

    pub(super) fn at(&self) -> Occurrence {
        Occurrence {
            first: Month::of(self.period_from),
            months: u32::try_from(self.period().months().len()).unwrap_or(1),
            day: self.day,
            notice_day: self.notice_day,
            due_day: self.due_day,
        }
    }
}

/// Which occurrence.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub community: CommunityId,
    pub rule: GenerationRuleId,
    /// The first day of its period.
    pub from: Day,
}

impl Key {
    pub(super) fn of(rule: &Rule, first: Month) -> Self {
        Self { community: rule.community, rule: rule.id, from: first.first_day() }
    }

    /// Adds the condition.
    fn is(self, sql: Sql) -> Sql {
        sql.push(
            " WHERE community_id = ? AND rule_id = ? AND period_from = ?",
            [self.community.into(), self.rule.into(), self.from.into()],
        )
    }
}

/// Notes what has become due by a rule that is held, and how far it has come.
pub(super) async fn note(work: &Work, rule: &mut Rule, today: Day) -> Answer<()> {
    let mut ahead = rule.schedule.ahead(Some(rule.over_to), today).peekable();
    let mut due = Vec::new();
    while let Some(one) = ahead.next_if(|one| one.day <= today) {
        due.push(one);
    }
    let next = ahead.next().map(|one| one.day);
    let (Some(first), Some(last)) = (due.first(), due.last()) else { return Ok(()) };
    let span = Period { from: first.period().from, to: last.period().to };
    let known = touching(work.db(), rule, span).await?;
    // What was generated or skipped ahead of its day, and what another cycle of the rule has billed, comes no second time.
    let new = due.iter().filter(|one| known.iter().all(|row| row.period().overlap(one.period()).is_none()));
    insert(work, rule, new).await?;
    rule.over_to = span.to;
    Sql::new("UPDATE generation_rule SET over_to = ")
        .bind(span.to)
        .push(", next_day = ? WHERE community_id = ? AND id = ?", [next.into(), rule.community.into(), rule.id.into()])
        .run(work.db())
        .await?;
    Ok(())
}

async fn insert(work: &Work, rule: &Rule, occurrences: impl Iterator<Item = &Occurrence>) -> Answer<()> {
    let rows: Vec<Vec<Value>> = occurrences
        .map(|one| {
            let period = one.period();
            vec![
                rule.community.into(),
                rule.id.into(),
                period.from.into(),
                period.to.into(),
                one.day.into(),
                one.notice_day.into(),
                one.due_day.into(),
                DUE.into(),
            ]
        })
        .collect();
    let columns = ["community_id", "rule_id", "period_from", "period_to", "day", "notice_day", "due_day", "state"];
    bulk::insert(work.db(), "occurrence", &columns, rows).await?;
    Ok(())
}

/// What is kept of a rule whose period touches these days.
async fn touching<C: ConnectionTrait>(db: &C, rule: &Rule, span: Period) -> Answer<Vec<Row>> {
    Sql::new(SELECT)
        .push(
            "o.community_id = ? AND o.rule_id = ? AND o.period_from < ? AND o.period_to > ?",
            [rule.community.into(), rule.id.into(), span.to.into(), span.from.into()],
        )
        .all(db)
        .await
}

/// The occurrence of a held rule whose period begins with a month: as it is kept, or kept from now on though its day is
/// still to come. `None` where the rule has none such.
pub(super) async fn kept(work: &Work, rule: &Rule, first: Month, today: Day) -> Answer<Option<Row>> {
    let key = Key::of(rule, first);
    if let Some(row) = row(work, key).await? {
        return Ok(Some(row));
    }
    let planned = rule.schedule.ahead(Some(rule.over_to), today).find(|one| one.first >= first);
    let Some(planned) = planned.filter(|one| one.first == first) else { return Ok(None) };
    if !touching(work.db(), rule, planned.period()).await?.is_empty() {
        return Ok(None);
    }
    insert(work, rule, std::iter::once(&planned)).await?;
    row(work, key).await
}

async fn row(work: &Work, key: Key) -> Answer<Option<Row>> {
    Sql::new(SELECT)
        .push(
            "o.community_id = ? AND o.rule_id = ? AND o.period_from = ?",
            [key.community.into(), key.rule.into(), key.from.into()],
        )
        .one(work.db())
        .await
}

/// What a run for it is computed from, if it is generated on a day. One that comes late leaves the payer as many days as the
/// rule does.
pub(super) fn inputs(rule: &Rule, at: &Occurrence, today: Day) -> GetRunInputs {
    let due = at.due_day.map(|due| due.max(today.max(at.day) + (due - at.day)));
    GetRunInputs {
        community: rule.community,
        first: at.first,
        months: at.months,
        fee_items: rule.fee_items.clone(),
        buildings: rule.buildings.clone(),
        units: Vec::new(),
        issued_day: today,
        due_day: due,
        rule: Some(rule.id),
    }
}

/// Starts its run, unless it is under way or done, or another was quicker. One that failed is tried again with the run that
/// it has. Whether it was started.
pub(super) async fn start(work: &Work, rule: &Rule, row: &Row, run: BillingRunId, today: Day) -> Answer<bool> {
    let run = row.run_id.unwrap_or(run);
    if !take(work, Key::of(rule, Month::of(row.period_from)), run).await? {
        return Ok(false);
    }
    let kept = Kept { run, inputs: inputs(rule, &row.at(), today), seen: None };
    if row.run_id.is_some() {
        generate::start_again(work, kept).await?;
    } else {
        generate::put_down(work, &kept).await?;
    }
    Ok(true)
}

/// Takes it for a run, where nobody else has: two nodes, or a node and a person, wait for each other here.
async fn take(work: &Work, key: Key, run: BillingRunId) -> Answer<bool> {
    let taken = key
        .is(Sql::new("UPDATE occurrence SET state = 'running', next_try = NULL, run_id = ").bind(run))
        .add(" AND state IN ('due', 'failed')")
        .run(work.db())
        .await?;
    Ok(taken.rows_affected() > 0)
}

/// Takes it for a run whose bills somebody has looked at, where the run is for just what the rule says; any other run stands
/// for itself.
pub(super) async fn take_seen(work: &Work, rule: &Rule, kept: &mut Kept, today: Day) -> Answer<()> {
    let asked = &kept.inputs;
    let whole = asked.is_all_of(&rule.fee_items, &rule.buildings);
    let row = if whole { self::kept(work, rule, asked.first, today).await? } else { None };
    let Some(row) = row.filter(|row| row.at().months == asked.months) else {
        kept.inputs.rule = None;
        return Ok(());
    };
    refuse_unless(&row, &[DUE, FAILED])?;
    if take(work, Key::of(rule, asked.first), kept.run).await? {
        return Ok(());
    }
    Err(Problem::conflict("billing.occurrence_running", "It is being generated").into())
}

/// What became of a run is what became of its occurrence, in the same transaction; runs that are nobody's touch nothing.
pub(super) async fn follow(work: &Work, community: CommunityId, run: BillingRunId, state: RunState) -> Answer<()> {
    let of_run = |sql: Sql| sql.push(" WHERE community_id = ? AND run_id = ?", [community.into(), run.into()]);
    let sql = match state {
        RunState::Queued | RunState::Running => of_run(Sql::new("UPDATE occurrence SET state = 'running', next_try = NULL")),
        RunState::Done => of_run(Sql::new("UPDATE occurrence SET state = 'done', next_try = NULL")),
        // Somebody has to look again; it is as if it had not been tried.
        RunState::Refused => of_run(Sql::new("UPDATE occurrence SET state = 'due', run_id = NULL, next_try = NULL")),
        RunState::Failed => return failed(work, community, run).await,
    };
    sql.run(work.db()).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Tries {
    tries: i32,
}

async fn failed(work: &Work, community: CommunityId, run: BillingRunId) -> Answer<()> {
    let of_run = |sql: Sql| sql.push(" WHERE community_id = ? AND run_id = ?", [community.into(), run.into()]);
    let Some(Tries { tries }) = of_run(Sql::new("SELECT tries FROM occurrence")).one(work.db()).await? else { return Ok(()) };
    of_run(
        Sql::new("UPDATE occurrence SET state = 'failed', tries = tries + 1, next_try = ")
            .bind(work.at + jobs::pause(tries.unsigned_abs())),
    )
    .run(work.db())
    .await?;
    Ok(())
}

/// Whether it is at this state.
pub(super) fn refuse_unless(row: &Row, states: &[&str]) -> Answer<()> {
    if states.contains(&row.state.as_str()) {
        return Ok(());
    }
    let told = match row.state.as_str() {
        DONE => Problem::conflict("billing.occurrence_done", "It has been generated"),
        SKIPPED => Problem::conflict("billing.occurrence_skipped", "It is skipped"),
        RUNNING => Problem::conflict("billing.occurrence_running", "It is being generated"),
        _ => Problem::conflict("billing.occurrence_open", "It is neither done nor skipped"),
    };
    Err(told.into())
}

/// Says that it is skipped, or no longer.
pub(super) async fn set_skipped(work: &Work, key: Key, reason: &str) -> Answer<()> {
    let state = if reason.is_empty() { DUE } else { SKIPPED };
    key.is(Sql::new("UPDATE occurrence SET state = ").bind(state).push(
        ", next_try = NULL, reason = ?, said_by = ?, said_at = ?",
        [reason.into(), work.by.map(|by| by.0).into(), work.at.into()],
    ))
    .run(work.db())
    .await?;
    Ok(())
}

/// Forgets one whose day is still to come: it is planned as before.
pub(super) async fn forget(work: &Work, key: Key) -> Answer<()> {
    key.is(Sql::new("DELETE FROM occurrence")).run(work.db()).await?;
    Ok(())
}
