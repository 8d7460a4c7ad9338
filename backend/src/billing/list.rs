//! The bills of a community: one page of them, and the sums of all that the filters find.

use common::api::{Listing as _, Page, Paging};
use common::approvals::api::WaitingMark;
use common::billing::api::{BillFilter, BillRow, BillState, BillTotals, GetBillTotals, ListBills};
use common::id::{BillId, FeeItemId, UnitId};
use common::money::Money;
use common::period::{Day, Month};
use common::permission::Permission;
use common::problem::Problem;
use sea_orm::{FromQueryResult, Value};

use super::OWING;
use super::late_fee::{self, Late};
use super::payer::PAYER;
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, approvals, estate};

#[derive(FromQueryResult)]
pub(super) struct Row {
    id: BillId,
    number: String,
    unit_id: UnitId,
    unit_label: String,
    holder: Option<String>,
    payer: Option<String>,
    fee_item_id: FeeItemId,
    fee_item_name: String,
    month: i32,
    period_from: Day,
    period_to: Day,
    due_day: Day,
    amount_fen: Money,
    waived_fen: Money,
    paid_fen: Money,
    open_fen: Money,
    late_charged_fen: Money,
    late_paid_fen: Money,
    late_waived_fen: Money,
    state: String,
}

impl Row {
    /// What its late fee depends on.
    pub(super) fn late(&self) -> Late {
        Late {
            bill: self.id,
            fee_item: self.fee_item_id,
            due_day: self.due_day,
            amount: self.amount_fen,
            open: self.open_fen,
            charged: self.late_charged_fen,
            paid: self.late_paid_fen,
            waived: self.late_waived_fen,
        }
    }

    pub(super) fn shown(self, today: Day, late_fee: Money, waits: Vec<WaitingMark>) -> Answer<BillRow> {
        let state = BillState::from_word(&self.state).ok_or_else(|| Failure::broken(format!("bill state {:?}", self.state)))?;
        let late = (today - self.due_day).num_days().max(0);
        Ok(BillRow {
            id: self.id,
            number: self.number,
            unit: self.unit_id,
            unit_label: self.unit_label,
            holder: self.holder,
            payer: self.payer,
            fee_item: self.fee_item_id,
            fee_item_name: self.fee_item_name,
            month: Month::from_number(self.month).ok_or_else(|| Failure::broken(format!("month {}", self.month)))?,
            period_from: self.period_from,
            period_to: self.period_to,
            due_day: self.due_day,
            amount_fen: self.amount_fen,
            waived_fen: self.waived_fen,
            paid_fen: self.paid_fen,
            open_fen: self.open_fen,
            late_fee_fen: late_fee,
            overdue_days: if matches!(state, BillState::Open | BillState::Part) { late } else { 0 },
            state,
            waits,
        })
    }
}

/// What a bill in a list shows, around an inner query `b` of the very rows; holder and payer are looked up for these alone.
pub(super) fn around(inner: Sql, today: Day) -> Sql {
    Sql::new("SELECT b.id, b.number, b.unit_id, u.label AS unit_label,")
        .push(" (SELECT r.name FROM occupancy o JOIN resident r ON r.community_id = o.community_id AND r.id = o.resident_id", [])
        .push(" WHERE o.community_id = b.community_id AND o.unit_id = b.unit_id AND o.role IN ('owner', 'tenant')", [])
        .push(
            " AND o.from_day <= ? AND (o.to_day IS NULL OR o.to_day > ?) ORDER BY o.role, o.from_day, o.id LIMIT 1) AS holder,",
            [today.into(), today.into()],
        )
        .add(" ")
        .add(PAYER)
        .push(", b.fee_item_id, f.name AS fee_item_name, b.month, b.period_from, b.period_to, b.due_day,", [])
        .push(" b.amount_fen, b.waived_fen, b.paid_fen, b.open_fen, b.late_charged_fen, b.late_paid_fen, b.late_waived_fen, b.state FROM (", [])
        .join(inner)
        .push(") b JOIN unit u ON u.community_id = b.community_id AND u.id = b.unit_id", [])
        .push(" JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id", [])
}

/// One page; how many there are in all is the totals' business.
pub(super) async fn list_bills(app: App, who: Who, ask: ListBills) -> Answer<Page<BillRow>> {
    let today = today(app.db(), ask.community, app.now()).await?;
    let paging = ask.paging();
    let mut rows = page(&app, &who, &ask, today, &paging).await?;
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    Ok(Page { rows, total: None, more })
}

/// The rows of a page and one more, by which one sees whether there is another page.
pub(super) async fn page(app: &App, who: &Who, ask: &ListBills, today: Day, paging: &Paging) -> Answer<Vec<BillRow>> {
    let (by_room, order) = order(paging);
    let from = match (by_room, few(ask)) {
        (false, _) => "SELECT b.* FROM bill b",
        (true, true) => {
            "SELECT b.*, ou.sort_key FROM bill b JOIN unit ou ON ou.community_id = b.community_id AND ou.id = b.unit_id"
        }
        // SQLite keeps to the order of a CROSS JOIN: from room to room, until the page is full. Otherwise it would sort every bill.
        (true, false) => "SELECT b.*, ou.sort_key FROM unit ou CROSS JOIN bill b",
    };
    let each = by_room && !few(ask);
    let inner = wanted(Sql::new(from), who, ask, today)
        .push(
            if each { " AND ou.community_id = ? AND b.community_id = ou.community_id AND b.unit_id = ou.id" } else { "" },
            each.then(|| ask.community.into()),
        )
        .push(&order("b", "ou"), [])
        .page(u64::from(paging.size) + 1, paging.offset());
    let rows: Vec<Row> = around(inner, today).push(&order("b", "u"), []).all(app.db()).await?;
    let late = late_fee::late_fees(app.db(), ask.community, today, rows.iter().map(Row::late)).await?;
    let due = |row: &Row| late.get(&row.id).map_or(Money::ZERO, |late| late.due);
    let mut waits = approvals::waits(app.db(), ask.community, rows.iter().map(|row| row.id)).await?;
    rows.into_iter()
        .map(|row| {
            let (due, waits) = (due(&row), waits.remove(&row.id).unwrap_or_default());
            row.shown(today, due, waits)
        })
        .collect()
}

/// Whether the filters leave so little that it is sorted sooner than all rooms are walked through.
fn few(ask: &ListBills) -> bool {
    let named = ask.unit.is_some() || ask.building.is_some() || ask.source.is_some();
    named || ask.state == Some(BillFilter::Void) || ask.search.as_deref().is_some_and(|text| !text.trim().is_empty())
}

/// The order, in terms of the bill's and the unit's table, and whether it needs the unit's at all.
fn order(paging: &Paging) -> (bool, impl Fn(&str, &str) -> String) {
    let (column, descending) =
        paging.order().map_or(("month".to_owned(), true), |(column, descending)| (column.to_owned(), descending));
    let by_room = column == "room";
    let way = if descending { "DESC" } else { "ASC" };
    let order = move |bill: &str, unit: &str| match column.as_str() {
        "room" => format!(" ORDER BY {unit}.sort_key {way}, {bill}.month DESC, {bill}.number"),
        "due_day" => format!(" ORDER BY {bill}.due_day {way}, {bill}.id {way}"),
        "amount_fen" => format!(" ORDER BY {bill}.amount_fen {way}, {bill}.id {way}"),
        "open_fen" => format!(" ORDER BY {bill}.open_fen {way}, {bill}.id {way}"),
        _ => format!(" ORDER BY {bill}.month {way}, {bill}.number {way}"),
    };
    (by_room, order)
}

/// Adds the filters of a list, data scope first.
fn wanted(sql: Sql, who: &Who, ask: &ListBills, today: Day) -> Sql {
    // One month is an equation, so that an index goes on behind it.
    let (months, values): (_, Vec<Value>) = match (ask.from_month.map(Month::number), ask.to_month.map(Month::number)) {
        (None, None) => ("", Vec::new()),
        (Some(from), None) => (" AND b.month >= ?", vec![from.into()]),
        (None, Some(to)) => (" AND b.month <= ?", vec![to.into()]),
        (Some(from), Some(to)) if from == to => (" AND b.month = ?", vec![from.into()]),
        (Some(from), Some(to)) => (" AND b.month >= ? AND b.month <= ?", vec![from.into(), to.into()]),
    };
    let sql = sql
        .push(" WHERE b.community_id = ?", [ask.community.into()])
        .within("b.building_id", &who.scope.buildings(ask.community))
        .push(months, values)
        .some(" AND b.building_id = ?", ask.building)
        .some(" AND b.fee_item_id = ?", ask.fee_item)
        .some(" AND b.unit_id = ?", ask.unit)
        .some(" AND b.source_id = ?", ask.source);
    let sql = match ask.state.unwrap_or(BillFilter::All) {
        BillFilter::All => sql,
        // A void bill owes nothing, not even late fee.
        BillFilter::Unpaid => sql.add(" AND ").add(OWING),
        BillFilter::Overdue => sql.add(" AND ").add(OWING).push(" AND b.due_day < ?", [today.into()]),
        BillFilter::Overdue90 => sql.add(" AND ").add(OWING).push(" AND b.due_day < ?", [days_before(today, 90).into()]),
        BillFilter::Part => sql.push(" AND b.state = 'part'", []),
        BillFilter::Settled => sql.push(" AND b.state = 'settled'", []),
        BillFilter::LateFee => sql.push(" AND b.late_charged_fen > b.late_paid_fen + b.late_waived_fen", []),
        BillFilter::Void => sql.push(" AND b.state = 'void'", []),
    };
    match ask.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => searched(sql, who, ask, text),
        None => sql,
    }
}

fn days_before(day: Day, days: u64) -> Day {
    day.checked_sub_days(chrono::Days::new(days)).unwrap_or(day)
}

/// By the start of a bill number, or of a room; for those who may see residents also by the start of a name, or by a phone, whole or
/// its last four digits.
fn searched(sql: Sql, who: &Who, ask: &ListBills, text: &str) -> Sql {
    let upper = text.to_uppercase();
    if let Some(rest) = upper.strip_prefix("ZD") {
        // A number begins with its bill's month: with the whole of it, the index of both finds the number.
        let digits: String = rest.chars().take_while(char::is_ascii_digit).take(6).collect();
        let bounds = [format!("{digits:0<6}"), format!("{digits:9<6}")].map(|month| month.parse::<i32>().unwrap_or(0));
        let sql = match bounds {
            [first, last] if first == last => sql.push(" AND b.month = ?", [first.into()]),
            bounds => sql.push(" AND b.month >= ? AND b.month <= ?", bounds.map(Value::from)),
        };
        return sql.starts(" AND b.number", &upper);
    }
    let community = ask.community;
    let sql = sql.add(" AND b.unit_id IN (").join(estate::rooms(community, text));
    if !who.may(Permission::ResidentsRead) {
        return sql.add(")");
    }
    let people = match text.chars().all(|letter| letter.is_ascii_digit() || letter == ' ') {
        true => estate::people(community, text),
        false => {
            let named = Sql::new("SELECT r.id FROM resident r WHERE r.community_id = ").bind(community);
            Some(named.starts(" AND r.name", text))
        }
    };
    match people {
        Some(people) => sql
            .add(" UNION SELECT o.unit_id FROM occupancy o WHERE o.community_id = ")
            .bind(community)
            .add(" AND o.resident_id IN (")
            .join(people)
            .add("))"),
        None => sql.add(")"),
    }
}

#[derive(FromQueryResult)]
struct Totals {
    bills: i64,
    units: i64,
    amount_fen: Money,
    waived_fen: Money,
    paid_fen: Money,
    open_fen: Money,
}

/// How many bills the filters find.
pub(super) async fn count(app: &App, who: &Who, ask: &GetBillTotals) -> Answer<u64> {
    let today = today(app.db(), ask.community, app.now()).await?;
    wanted(Sql::new("SELECT COUNT(*) AS number FROM bill b"), who, &ListBills::from(ask), today).number(app.db()).await
}

/// The sums of all bills that the filters find, void ones left out unless they are asked for.
pub(super) async fn get_bill_totals(app: App, who: Who, ask: GetBillTotals) -> Answer<BillTotals> {
    let today = today(app.db(), ask.community, app.now()).await?;
    let list = ListBills::from(&ask);
    let sum = |column: &str| format!(" CAST(COALESCE(SUM(b.{column}), 0) AS bigint) AS {column}");
    let sums = ["amount_fen", "waived_fen", "paid_fen", "open_fen"].map(sum).join(",");
    let sql = Sql::new("SELECT COUNT(*) AS bills, COUNT(DISTINCT b.unit_id) AS units,").push(&sums, []).push(" FROM bill b", []);
    let sql = wanted(sql, &who, &list, today);
    let sql = if list.state == Some(BillFilter::Void) { sql } else { sql.push(" AND b.state <> 'void'", []) };
    let totals: Totals = sql.one(app.db()).await?.ok_or_else(Problem::not_found)?;
    Ok(BillTotals {
        bills: totals.bills.unsigned_abs(),
        units: totals.units.unsigned_abs(),
        amount_fen: totals.amount_fen,
        waived_fen: totals.waived_fen,
        paid_fen: totals.paid_fen,
        open_fen: totals.open_fen,
    })
}
