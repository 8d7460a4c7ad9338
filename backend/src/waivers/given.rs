//! Who benefits and what it costs: a page of waivers, and their sums by scheme and month.

use common::api::{Listing as _, Page, Paging};
use common::id::{BillId, UnitId, WaiverId, WaiverSchemeId};
use common::money::Money;
use common::period::{Day, Month};
use common::problem::Problem;
use common::waivers::api::{GivenMonth, GivenRow, GivenSums, ListGiven, SumGiven, WaiverSource, WaiverState};
use sea_orm::FromQueryResult;

use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, estate};

#[derive(FromQueryResult)]
struct Row {
    id: WaiverId,
    bill_id: BillId,
    bill_number: String,
    unit_id: UnitId,
    unit_label: String,
    fee_item_name: String,
    month: i32,
    billed_fen: Money,
    amount_fen: Money,
    name: String,
    reason: String,
    state: String,
    day: Day,
    by: Option<String>,
}

/// One page.
pub(super) async fn list_given(app: App, who: Who, ask: ListGiven) -> Answer<Page<GivenRow>> {
    let paging = ask.paging();
    let mut rows = page(&app, &who, &ask, &paging).await?;
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    Ok(Page { rows, total: None, more })
}

/// The rows of a page and one more, by which one sees whether there is another page.
pub(super) async fn page(app: &App, who: &Who, ask: &ListGiven, paging: &Paging) -> Answer<Vec<GivenRow>> {
    let order = match paging.order() {
        Some(("room", false)) => " ORDER BY u.sort_key, w.month DESC, w.id",
        Some(("room", true)) => " ORDER BY u.sort_key DESC, w.month DESC, w.id",
        Some(("amount_fen", false)) => " ORDER BY w.amount_fen, w.id",
        Some(("amount_fen", true)) => " ORDER BY w.amount_fen DESC, w.id DESC",
        Some(("month", false)) => " ORDER BY w.month, u.sort_key, w.id",
        _ => " ORDER BY w.month DESC, u.sort_key, w.id",
    };
    let sql = Sql::new(
        "SELECT w.id, w.bill_id, b.number AS bill_number, w.unit_id, u.label AS unit_label, f.name AS fee_item_name, w.month,",
    )
    .push(" b.amount_fen AS billed_fen, w.amount_fen, w.name, w.reason, w.state, w.day, e.name AS by FROM waiver w", [])
    .push(" JOIN bill b ON b.community_id = w.community_id AND b.id = w.bill_id", [])
    .push(" JOIN unit u ON u.community_id = w.community_id AND u.id = w.unit_id", [])
    .push(" JOIN fee_item f ON f.community_id = w.community_id AND f.id = w.fee_item_id", [])
    .push(" LEFT JOIN employee e ON e.id = w.created_by", []);
    let rows: Vec<Row> = wanted(sql, who, ask).add(order).page(u64::from(paging.size) + 1, paging.offset()).all(app.db()).await?;
    rows.into_iter().map(shown).collect()
}

fn month(number: i32) -> Answer<Month> {
    Month::from_number(number).ok_or_else(|| Failure::broken(format!("month {number}")))
}

fn shown(row: Row) -> Answer<GivenRow> {
    Ok(GivenRow {
        id: row.id,
        bill: row.bill_id,
        bill_number: row.bill_number,
        unit: row.unit_id,
        unit_label: row.unit_label,
        fee_item_name: row.fee_item_name,
        month: month(row.month)?,
        billed_fen: row.billed_fen,
        amount_fen: row.amount_fen,
        name: row.name,
        reason: row.reason,
        state: WaiverState::from_word(&row.state).ok_or_else(|| Failure::broken(format!("waiver state {:?}", row.state)))?,
        day: row.day,
        by: row.by,
    })
}

/// Adds the filters of the list, data scope first.
fn wanted(sql: Sql, who: &Who, ask: &ListGiven) -> Sql {
    let sql = sql
        .push(" WHERE w.community_id = ?", [ask.community.into()])
        .within("w.building_id", &who.scope.buildings(ask.community))
        .push(" AND w.state = ?", [ask.state.unwrap_or(WaiverState::Given).word().into()])
        .some(" AND w.scheme_id = ?", ask.scheme)
        .some(" AND w.month >= ?", ask.from_month.map(Month::number))
        .some(" AND w.month <= ?", ask.to_month.map(Month::number))
        .some(" AND w.building_id = ?", ask.building)
        .some(" AND w.fee_item_id = ?", ask.fee_item)
        .add(match ask.source {
            None => "",
            Some(WaiverSource::Scheme) => " AND w.scheme_id IS NOT NULL",
            Some(WaiverSource::Once) => " AND w.scheme_id IS NULL",
        });
    match ask.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => sql.add(" AND w.unit_id IN (").join(estate::rooms(ask.community, text)).add(")"),
        None => sql,
    }
}

/// How many waivers the filters find.
pub(super) async fn count(app: &App, who: &Who, ask: &ListGiven) -> Answer<u64> {
    wanted(Sql::new("SELECT COUNT(*) AS number FROM waiver w"), who, ask).number(app.db()).await
}

#[derive(FromQueryResult)]
struct Sums {
    waivers: i64,
    bills: i64,
    units: i64,
    amount_fen: Money,
}

#[derive(FromQueryResult)]
struct MonthRow {
    scheme_id: Option<WaiverSchemeId>,
    name: String,
    month: i32,
    bills: i64,
    units: i64,
    amount_fen: Money,
}

const SUMS: &str = "COUNT(DISTINCT w.bill_id) AS bills, COUNT(DISTINCT w.unit_id) AS units, \
     CAST(COALESCE(SUM(w.amount_fen), 0) AS bigint) AS amount_fen FROM waiver w";

/// What the filters find, in all and by scheme and month.
pub(super) async fn sum_given(app: App, who: Who, ask: SumGiven) -> Answer<GivenSums> {
    let list = ListGiven::from(&ask);
    let sums: Sums = wanted(Sql::new("SELECT COUNT(*) AS waivers, ").add(SUMS), &who, &list)
        .one(app.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    let by_month = Sql::new("SELECT w.scheme_id, COALESCE(MAX(s.name), '') AS name, w.month, ")
        .add(SUMS)
        .add(" LEFT JOIN waiver_scheme s ON s.community_id = w.community_id AND s.id = w.scheme_id");
    let rows: Vec<MonthRow> = wanted(by_month, &who, &list)
        .add(" GROUP BY w.scheme_id, w.month ORDER BY w.month DESC, 2, w.scheme_id")
        .all(app.db())
        .await?;
    let months = rows.into_iter().map(|row| {
        Ok(GivenMonth {
            scheme: row.scheme_id,
            name: row.name,
            month: month(row.month)?,
            bills: row.bills.unsigned_abs(),
            units: row.units.unsigned_abs(),
            amount_fen: row.amount_fen,
        })
    });
    Ok(GivenSums {
        waivers: sums.waivers.unsigned_abs(),
        bills: sums.bills.unsigned_abs(),
        units: sums.units.unsigned_abs(),
        amount_fen: sums.amount_fen,
        months: months.collect::<Answer<Vec<_>>>()?,
    })
}
