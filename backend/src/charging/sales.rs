//! Sales that tenants report by the month: entered or brought in by a workbook. What is billed stays as it is.

use std::collections::{BTreeMap, HashMap};

use common::charging::api::{EnterSales, ImportSales, ListSales, NewSales, SalesEntered, SalesRow, UnitSales};
use common::charging::rent::Rent;
use common::id::{CommunityId, UnitId};
use common::money::Money;
use common::period::Month;
use common::problem::{FieldProblem, Problem};
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::rent::TENANT;
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Made, Who, Work, bulk};

#[derive(FromQueryResult)]
struct Row {
    unit_id: UnitId,
    unit_code: String,
    unit_label: String,
    tenant: Option<String>,
    terms: String,
    sales_fen: Option<Money>,
    entered_by: Option<String>,
    entered_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Every unit that reports its sales of a month, with what was entered.
pub(super) async fn list_sales(app: App, who: Who, ask: ListSales) -> Answer<Vec<SalesRow>> {
    of_month(app.db(), &who, ask.community, ask.month).await
}

pub(super) async fn of_month<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    month: Month,
) -> Answer<Vec<SalesRow>> {
    let period = month.period();
    let last = period.last_day();
    let rows: Vec<Row> = Sql::new("SELECT u.id AS unit_id, u.code AS unit_code, u.label AS unit_label, ")
        .push(TENANT, [last.into(), last.into()])
        .add(", cr.terms, s.sales_fen, e.name AS entered_by, s.entered_at FROM charge_rent cr")
        .add(" JOIN charge c ON c.community_id = cr.community_id AND c.id = cr.charge_id")
        .add(" JOIN unit u ON u.community_id = c.community_id AND u.id = c.unit_id")
        .push(
            " LEFT JOIN unit_sales s ON s.community_id = u.community_id AND s.unit_id = u.id AND s.month = ?",
            [month.number().into()],
        )
        .add(" LEFT JOIN employee e ON e.id = s.entered_by")
        .push(" WHERE cr.community_id = ? AND cr.turnover = ?", [community.into(), true.into()])
        .push(
            " AND c.from_day < ? AND (c.to_day IS NULL OR (c.to_day > ? AND c.to_day > c.from_day))",
            [period.to.into(), period.from.into()],
        )
        .within("u.building_id", &who.scope.buildings(community))
        .add(" ORDER BY u.sort_key, u.id, c.from_day DESC")
        .all(db)
        .await?;
    let mut shown: Vec<SalesRow> = Vec::with_capacity(rows.len());
    for row in rows {
        // A unit whose contract changed in the month reports once.
        if shown.last().is_some_and(|last| last.unit == row.unit_id) {
            continue;
        }
        let rent: Rent = serde_json::from_str(&row.terms)?;
        shown.push(SalesRow {
            unit: row.unit_id,
            unit_code: row.unit_code,
            unit_label: row.unit_label,
            tenant: row.tenant,
            share: rent.turnover.unwrap_or(Quantity::ZERO),
            sales_fen: row.sales_fen,
            entered_by: row.entered_by,
            entered_at: row.entered_at,
        });
    }
    Ok(shown)
}

/// Enters sales of a month, or takes them back.
pub(super) async fn enter_sales(app: App, who: Who, ask: EnterSales) -> Answer<SalesEntered> {
    let work = app.begin(&who).await?;
    let this = Month::of(today(work.db(), ask.community, work.at).await?);
    if ask.month > this {
        return Err(Problem::invalid(vec![FieldProblem::new("month", "charging.sales_in_future").with("month", this)]).into());
    }
    let known = known(&work, &who, ask.community, ask.month).await?;
    let by_unit: HashMap<UnitId, &SalesRow> = known.iter().map(|row| (row.unit, row)).collect();
    let mut problems = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (place, row) in ask.rows.iter().enumerate() {
        let field = format!("rows.{place}.sales_fen");
        if !by_unit.contains_key(&row.unit) {
            problems.push(FieldProblem::new(field, "charging.no_turnover").with("month", ask.month));
        } else if !seen.insert(row.unit) {
            problems.push(FieldProblem::new(field, "charging.sales_of_unit_twice"));
        }
    }
    if !problems.is_empty() {
        return Err(Problem::invalid(problems).into());
    }
    let done = write(&work, ask.community, ask.month, &ask.rows, &by_unit).await?;
    work.record(Some(ask.community), "charging.enter_sales", ask.community.0, Some(&before(&ask.rows, &by_unit)), Some(&ask))
        .await?;
    work.commit().await?;
    Ok(done)
}

/// Enters the sales of a workbook: all of them or none.
pub(super) async fn import_sales(app: App, who: Who, ask: ImportSales) -> Answer<SalesEntered> {
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(ask.community, ask.import.0, &ask).await? {
        return Ok(done);
    }
    let this = Month::of(today(work.db(), ask.community, work.at).await?);
    let mut months: BTreeMap<Month, Vec<&NewSales>> = BTreeMap::new();
    for row in &ask.rows {
        months.entry(row.month).or_default().push(row);
    }
    let (mut done, mut problems, mut earlier) = (SalesEntered::default(), Vec::new(), Vec::new());
    for (month, rows) in months {
        if month > this {
            let future = |row: &&NewSales| FieldProblem::new(&row.at, "charging.sales_in_future").with("month", this);
            problems.extend(rows.iter().map(future));
            continue;
        }
        let known = known(&work, &who, ask.community, month).await?;
        let by_code: HashMap<&str, UnitId> = known.iter().map(|row| (row.unit_code.as_str(), row.unit)).collect();
        let by_unit: HashMap<UnitId, &SalesRow> = known.iter().map(|row| (row.unit, row)).collect();
        let mut found: HashMap<UnitId, &str> = HashMap::new();
        let mut wanted = Vec::with_capacity(rows.len());
        for row in rows {
            match by_code.get(row.unit.trim()) {
                None => problems
                    .push(FieldProblem::new(&row.at, "charging.no_turnover_of").with("unit", &row.unit).with("month", month)),
                Some(unit) => match found.insert(*unit, &row.at) {
                    Some(other) => problems.push(FieldProblem::new(&row.at, "charging.sales_twice").with("other", other)),
                    None => wanted.push(UnitSales { unit: *unit, sales_fen: Some(row.sales_fen) }),
                },
            }
        }
        if problems.is_empty() {
            let of_month = write(&work, ask.community, month, &wanted, &by_unit).await?;
            done.new += of_month.new;
            done.changed += of_month.changed;
            done.same += of_month.same;
            earlier.extend(before(&wanted, &by_unit).into_iter().map(|(unit, sales)| (month, unit, sales)));
        }
    }
    if !problems.is_empty() {
        let count = problems.len();
        problems.truncate(200);
        let refused = Problem::conflict("charging.sales_refused", "Some rows can't be stored").with("count", count);
        return Err(Problem { fields: problems, ..refused }.into());
    }
    work.record(Some(ask.community), "charging.import_sales", ask.import.0, Some(&earlier), Some(&ask)).await?;
    work.made(ask.community, ask.import.0, &done).await?;
    work.commit().await?;
    Ok(done)
}

/// The sales of a month as they stand; nobody else changes the community's until the transaction ends.
async fn known(work: &Work, who: &Who, community: CommunityId, month: Month) -> Answer<Vec<SalesRow>> {
    if work.is_postgres() {
        let sql = Sql::new("SELECT id FROM community WHERE id = ").bind(community).add(" FOR UPDATE");
        sql.run(work.db()).await?;
    }
    of_month(work.db(), who, community, month).await
}

/// What the rows take the place of.
fn before(rows: &[UnitSales], known: &HashMap<UnitId, &SalesRow>) -> Vec<(UnitId, Option<Money>)> {
    rows.iter().map(|row| (row.unit, known.get(&row.unit).and_then(|known| known.sales_fen))).collect()
}

async fn write(
    work: &Work,
    community: CommunityId,
    month: Month,
    rows: &[UnitSales],
    known: &HashMap<UnitId, &SalesRow>,
) -> Answer<SalesEntered> {
    let before = |row: &UnitSales| known.get(&row.unit).and_then(|known| known.sales_fen);
    let moved: Vec<&UnitSales> = rows.iter().filter(|row| before(row) != row.sales_fen).collect();
    Sql::new("DELETE FROM unit_sales")
        .push(" WHERE community_id = ? AND month = ? AND unit_id IN ", [community.into(), month.number().into()])
        .list(moved.iter().map(|row| row.unit))
        .run(work.db())
        .await?;
    let columns = ["community_id", "unit_id", "month", "sales_fen", "entered_by", "entered_at"];
    let values: Vec<Vec<Value>> = moved
        .iter()
        .filter_map(|row| {
            let sales = row.sales_fen?;
            let key: [Value; 3] = [community.into(), row.unit.into(), month.number().into()];
            Some(key.into_iter().chain([sales.into(), work.by.into(), work.at.into()]).collect())
        })
        .collect();
    bulk::insert(work.db(), "unit_sales", &columns, values).await?;
    let count = |which: &dyn Fn(&UnitSales) -> bool| u64::try_from(rows.iter().filter(|row| which(row)).count()).unwrap_or(0);
    Ok(SalesEntered {
        new: count(&|row| before(row).is_none() && row.sales_fen.is_some()),
        changed: count(&|row| before(row).is_some() && before(row) != row.sales_fen),
        same: count(&|row| before(row) == row.sales_fen),
    })
}

/// The sales of the months from `first` to `last`, by unit and month.
pub async fn sales<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    (first, last): (Month, Month),
) -> Answer<Vec<(UnitId, Month, Money)>> {
    #[derive(FromQueryResult)]
    struct Line {
        unit_id: UnitId,
        month: i32,
        sales_fen: Money,
    }
    let rows: Vec<Line> = Sql::new("SELECT unit_id, month, sales_fen FROM unit_sales")
        .push(
            " WHERE community_id = ? AND month >= ? AND month <= ? ORDER BY month, unit_id",
            [community.into(), first.number().into(), last.number().into()],
        )
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.unit_id, Month::from_number(row.month)?, row.sales_fen))).collect())
}
