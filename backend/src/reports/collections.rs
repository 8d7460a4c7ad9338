//! Collection detail: what came in, line by line, and what it adds up to.

use chrono::{DateTime, Utc};
use common::api::{Listing, Page};
use common::id::{BillId, FeeItemId, PaymentId, UnitId};
use common::money::Money;
use common::period::Day;
use common::reports::api::{Collection, CollectionSum, ListCollections, SumCollections};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::sums::{sum, taken};
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, export};

#[derive(FromQueryResult)]
struct Row {
    day: Day,
    at: DateTime<Utc>,
    payment_id: PaymentId,
    receipt_number: String,
    unit_id: UnitId,
    unit_label: String,
    payer: String,
    bill_id: BillId,
    number: String,
    fee_item_name: String,
    period_from: Day,
    period_to: Day,
    method: String,
    method_name: Option<String>,
    cashier_name: String,
    part: String,
    amount_fen: Money,
}

#[derive(FromQueryResult)]
struct Sums {
    fee_item_id: FeeItemId,
    fee_item_name: String,
    method: String,
    method_name: Option<String>,
    part: String,
    lines: i64,
    amount_fen: Money,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// The account that money went to, or came back from.
const METHOD: &str = "CASE WHEN p.debit IN ('receivable', 'late_fee_receivable') THEN p.credit ELSE p.debit END";
/// Whether it was for the bill's principal or its late fee.
const PART: &str = "CASE WHEN 'late_fee_receivable' IN (p.debit, p.credit) THEN 'late_fee' ELSE 'principal' END";

/// A page of lines, the latest first.
pub(super) async fn list_collections(app: App, who: Who, ask: ListCollections) -> Answer<Page<Collection>> {
    let paging = ask.paging();
    let buildings = who.scope.buildings(ask.community);
    let filter = filter_of(&ask);
    let rows = page(app.db(), &buildings, &filter, paging.order(), (u64::from(paging.size), paging.offset())).await?;
    let total = counted(app.db(), &buildings, &filter).await?;
    Ok(Page { more: total > paging.offset() + rows.len() as u64, rows, total: Some(total) })
}

fn filter_of(ask: &ListCollections) -> SumCollections {
    SumCollections {
        community: ask.community,
        from: ask.from,
        to: ask.to,
        cashier: ask.cashier,
        method: ask.method,
        building: ask.building,
        fee_item: ask.fee_item,
    }
}

/// All lines, for a file.
pub(super) async fn every<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &ListCollections) -> Answer<Vec<Collection>> {
    let filter = filter_of(ask);
    let total = counted(db, buildings, &filter).await?;
    export::within_sheet(total)?;
    page(db, buildings, &filter, ask.paging().order(), (total, 0)).await
}

async fn page<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    filter: &SumCollections,
    order: Option<(&str, bool)>,
    (size, offset): (u64, u64),
) -> Answer<Vec<Collection>> {
    let order = match order {
        Some(("at", false)) => "p.day, p.at, p.id",
        Some(("unit", false)) => "u.sort_key, p.at, p.id",
        Some(("unit", true)) => "u.sort_key DESC, p.at, p.id",
        Some(("amount", false)) => "amount_fen, p.id",
        Some(("amount", true)) => "amount_fen DESC, p.id",
        _ => "p.day DESC, p.at DESC, p.id DESC",
    };
    let select = format!(
        "SELECT p.day, p.at, p.payment_id, y.receipt_number, p.unit_id, u.label AS unit_label, y.payer, p.bill_id, b.number, \
         f.name AS fee_item_name, b.period_from, b.period_to, {METHOD} AS method, m.name AS method_name, y.cashier_name, \
         {PART} AS part, CAST({} AS bigint) AS amount_fen",
        taken()
    );
    let rows = of(Sql::new(&select), buildings, filter)
        .push(" ORDER BY ", [])
        .push(order, [])
        .page(size, offset)
        .all::<Row, _>(db)
        .await?;
    rows.into_iter().map(collection).collect()
}

async fn counted<C: ConnectionTrait>(db: &C, buildings: &Buildings, filter: &SumCollections) -> Answer<u64> {
    let total = of(Sql::new("SELECT COUNT(*) AS count"), buildings, filter).one::<Count, _>(db).await?;
    Ok(u64::try_from(total.map_or(0, |row| row.count)).unwrap_or(0))
}

/// The same lines added up by fee item and way to pay.
pub(super) async fn sum_collections(app: App, who: Who, ask: SumCollections) -> Answer<Vec<CollectionSum>> {
    let select = format!(
        "SELECT p.fee_item_id, f.name AS fee_item_name, {METHOD} AS method, m.name AS method_name, {PART} AS part, COUNT(*) AS lines, {} AS amount_fen",
        sum(&taken())
    );
    let rows = of(Sql::new(&select), &who.scope.buildings(ask.community), &ask)
        .push(
            &format!(
                " GROUP BY p.fee_item_id, f.name, f.sort, {METHOD}, m.name, {PART} ORDER BY f.sort, f.name, part DESC, method"
            ),
            [],
        )
        .all::<Sums, _>(app.db())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(CollectionSum {
                fee_item: row.fee_item_id,
                fee_item_name: row.fee_item_name,
                method: row.method.parse().map_err(Failure::broken)?,
                method_name: row.method_name,
                part: row.part.parse().map_err(Failure::broken)?,
                lines: row.lines,
                amount_fen: row.amount_fen,
            })
        })
        .collect()
}

/// From the payments of the days to their postings: a day on which a run posted a million bills is no slower.
fn of(select: Sql, buildings: &Buildings, ask: &SumCollections) -> Sql {
    let sql = select
        .push(" FROM payment y JOIN posting p ON p.community_id = y.community_id AND p.payment_id = y.id", [])
        .push(" JOIN bill b ON b.community_id = p.community_id AND b.id = p.bill_id", [])
        .push(" JOIN unit u ON u.community_id = p.community_id AND u.id = p.unit_id", [])
        .push(" JOIN fee_item f ON f.community_id = p.community_id AND f.id = p.fee_item_id", [])
        .push(
            " LEFT JOIN payment_method m ON m.community_id = p.community_id AND m.method IN (p.debit, p.credit) AND m.name <> ''",
            [],
        )
        // Late fee is charged in the name of the payment too; that brings nothing in.
        .push(" WHERE y.community_id = ? AND 'late_fee_income' NOT IN (p.debit, p.credit)", [ask.community.into()])
        // Nor does what paid a bill out of money that came in before, or is held from now on.
        .add(" AND p.held_id IS NULL")
        .within("p.building_id", buildings)
        .some(" AND y.day >= ?", ask.from)
        .some(" AND y.day <= ?", ask.to)
        .some(" AND y.cashier_id = ?", ask.cashier)
        .some(" AND p.building_id = ?", ask.building)
        .some(" AND p.fee_item_id = ?", ask.fee_item);
    match ask.method {
        Some(method) => sql.push(" AND ? IN (p.debit, p.credit)", [method.code().into()]),
        None => sql,
    }
}

fn collection(row: Row) -> Answer<Collection> {
    Ok(Collection {
        day: row.day,
        at: row.at,
        payment: row.payment_id,
        receipt_number: row.receipt_number,
        unit: row.unit_id,
        unit_label: row.unit_label,
        payer: row.payer,
        bill: row.bill_id,
        bill_number: row.number,
        fee_item_name: row.fee_item_name,
        period_from: row.period_from,
        period_to: row.period_to,
        method: row.method.parse().map_err(Failure::broken)?,
        method_name: row.method_name,
        cashier_name: row.cashier_name,
        part: row.part.parse().map_err(Failure::broken)?,
        amount_fen: row.amount_fen,
    })
}
