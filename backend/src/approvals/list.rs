//! The requests of a community: one page of them, and how many wait for the caller.

use chrono::{DateTime, Utc};
use common::api::{Listing as _, Page, Paging};
use common::approvals::api::{ApprovalCounts, ApprovalRow, ApprovalState, ApprovalStep, CountApprovals, ListApprovals, Whose};
use common::approvals::flow::DeedKind;
use common::id::{ApprovalId, CommunityId};
use common::money::Money;
use common::period::Month;
use common::permission::Permission;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::step;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, estate};

#[derive(FromQueryResult)]
pub(super) struct Row {
    pub(super) id: ApprovalId,
    kind: String,
    state: String,
    number: Option<String>,
    subject: String,
    unit_label: Option<String>,
    fee_item_name: Option<String>,
    month: Option<i32>,
    bills: i32,
    amount_fen: Money,
    before_fen: Money,
    after_fen: Money,
    together_fen: Money,
    reason: String,
    asked_by: String,
    asked_at: DateTime<Utc>,
    level: i32,
    levels: i32,
}

/// What a request in a list shows.
const SHOWN: &str = "SELECT r.id, r.kind, r.state, s.number, r.subject, u.label AS unit_label, f.name AS fee_item_name, b.month, r.bills, \
     r.amount_fen, r.before_fen, r.after_fen, r.together_fen, r.reason, a.name AS asked_by, r.asked_at, r.level, r.levels FROM approval r \
     JOIN employee a ON a.id = r.asked_by \
     LEFT JOIN approval_bill s ON s.community_id = r.community_id AND s.approval_id = r.id AND s.no = 0 \
     LEFT JOIN bill b ON b.community_id = s.community_id AND b.id = s.bill_id \
     LEFT JOIN unit u ON u.community_id = s.community_id AND u.id = s.unit_id \
     LEFT JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id";

impl Row {
    pub(super) fn shown(self, steps: &[ApprovalStep]) -> Answer<ApprovalRow> {
        let state =
            ApprovalState::from_word(&self.state).ok_or_else(|| Failure::broken(format!("approval state {:?}", self.state)))?;
        let level = self.level.unsigned_abs();
        let next = steps.iter().find(|step| step.level == level).filter(|_| state == ApprovalState::Waiting);
        Ok(ApprovalRow {
            id: self.id,
            kind: kind(&self.kind)?,
            state,
            number: if self.subject.is_empty() { self.number.unwrap_or_default() } else { self.subject },
            unit_label: self.unit_label,
            fee_item_name: self.fee_item_name,
            month: self.month.map(month).transpose()?,
            bills: self.bills.unsigned_abs(),
            amount_fen: self.amount_fen,
            before_fen: self.before_fen,
            after_fen: self.after_fen,
            together_fen: self.together_fen,
            reason: self.reason,
            asked_by: self.asked_by,
            asked_at: self.asked_at,
            level,
            levels: self.levels.unsigned_abs(),
            waits_for: next.map_or_else(Vec::new, |step| step.who.clone()),
        })
    }
}

pub(super) fn kind(word: &str) -> Answer<DeedKind> {
    DeedKind::from_word(word).ok_or_else(|| Failure::broken(format!("kind of deed {word:?}")))
}

pub(super) fn month(number: i32) -> Answer<Month> {
    Month::from_number(number).ok_or_else(|| Failure::broken(format!("month {number}")))
}

/// Starts from the requests `r` that the caller sees: all of whose bills lie in the scope; those without bills are about the whole
/// community.
pub(super) fn seen(sql: Sql, who: &Who, community: CommunityId) -> Sql {
    let sql = sql.push(" WHERE r.community_id = ?", [community.into()]);
    match who.scope.buildings(community) {
        Buildings::All => sql,
        Buildings::Only(buildings) => sql
            .add(" AND r.bills > 0 AND NOT EXISTS (SELECT 1 FROM approval_bill o WHERE o.community_id = r.community_id AND o.approval_id = r.id")
            .add(" AND CASE WHEN o.building_id IN ")
            .list(buildings)
            .add(" THEN 0 ELSE 1 END = 1)"),
    }
}

/// What every query of one request or many selects.
pub(super) fn shown(who: &Who, community: CommunityId) -> Sql {
    seen(Sql::new(SHOWN), who, community)
}

/// One page.
pub(super) async fn list_approvals(app: App, who: Who, ask: ListApprovals) -> Answer<Page<ApprovalRow>> {
    let paging = ask.paging();
    let mut rows = page(&app, &who, &ask, &paging).await?;
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    Ok(Page { rows, total: Some(count(&app, &who, &ask).await?), more })
}

/// How many requests the filters find.
pub(super) async fn count(app: &App, who: &Who, ask: &ListApprovals) -> Answer<u64> {
    let all = seen(Sql::new("SELECT COUNT(*) AS number FROM approval r"), who, ask.community);
    wanted(all, who, ask).number(app.db()).await
}

/// The rows of a page and one more, by which one sees whether there is another page.
pub(super) async fn page(app: &App, who: &Who, ask: &ListApprovals, paging: &Paging) -> Answer<Vec<ApprovalRow>> {
    let order = match paging.order() {
        Some(("asked_at", false)) => " ORDER BY r.asked_at, r.id",
        Some(("amount_fen", false)) => " ORDER BY r.amount_fen, r.id",
        Some(("amount_fen", true)) => " ORDER BY r.amount_fen DESC, r.id DESC",
        _ => " ORDER BY r.asked_at DESC, r.id DESC",
    };
    let sql = wanted(shown(who, ask.community), who, ask).add(order);
    let rows: Vec<Row> = sql.page(u64::from(paging.size) + 1, paging.offset()).all(app.db()).await?;
    let ids: Vec<ApprovalId> = rows.iter().map(|row| row.id).collect();
    let steps = step::steps(app.db(), ask.community, &ids).await?;
    let rows = rows.into_iter().map(|row| {
        let steps = steps.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        row.shown(steps)
    });
    rows.collect()
}

/// Adds the filters of the list, behind the scope.
fn wanted(sql: Sql, who: &Who, ask: &ListApprovals) -> Sql {
    let concerns = if who.may(Permission::ApprovalsDecide) { Whose::ForMe } else { Whose::ByMe };
    let sql = match ask.whose.unwrap_or(concerns) {
        Whose::All => sql,
        Whose::ByMe => sql.push(" AND r.asked_by = ?", [who.employee.into()]),
        Whose::ForMe => for_me(sql, who),
    };
    let sql =
        sql.some(" AND r.state = ?", ask.state.map(ApprovalState::word)).some(" AND r.kind = ?", ask.kind.map(DeedKind::word));
    let Some(text) = ask.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { return sql };
    let sql = sql.add(" AND (r.subject = ").bind(text).add(" OR EXISTS (SELECT 1 FROM approval_bill o");
    let sql = sql.add(" WHERE o.community_id = r.community_id AND o.approval_id = r.id");
    let number = text.to_uppercase();
    match number.starts_with("ZD") {
        true => sql.starts(" AND o.number", &number).add("))"),
        false => sql.add(" AND o.unit_id IN (").join(estate::rooms(ask.community, text)).add(")))"),
    }
}

/// Nothing waits for who may not decide.
fn for_me(sql: Sql, who: &Who) -> Sql {
    if who.may(Permission::ApprovalsDecide) { step::for_me(sql, who) } else { sql.add(" AND 1 = 0") }
}

/// How many wait for the caller, and how many of the caller's own wait.
pub(super) async fn count_approvals(app: App, who: Who, ask: CountApprovals) -> Answer<ApprovalCounts> {
    let of_me = seen(Sql::new("SELECT COUNT(*) AS number FROM approval r"), &who, ask.community)
        .push(" AND r.state = 'waiting' AND r.asked_by = ?", [who.employee.into()]);
    let for_me = count_for(app.db(), &who, ask.community).await?;
    Ok(ApprovalCounts { for_me: for_me.iter().map(|(_, count)| count).sum(), by_me: of_me.number(app.db()).await? })
}

#[derive(FromQueryResult)]
struct Count {
    kind: String,
    count: i64,
}

/// How many requests wait for somebody, by kind.
pub async fn count_for<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId) -> Answer<Vec<(DeedKind, u64)>> {
    let sql = seen(Sql::new("SELECT r.kind, COUNT(*) AS count FROM approval r"), who, community);
    let rows: Vec<Count> = for_me(sql, who).add(" GROUP BY r.kind ORDER BY 2 DESC, 1").all(db).await?;
    rows.into_iter().map(|row| Ok((kind(&row.kind)?, row.count.unsigned_abs()))).collect()
}
