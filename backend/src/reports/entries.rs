//! The entries that a figure of the ledger is made of.

use common::api::{Listing, Page};
use common::cashier::Account;
use common::id::{BillId, PaymentId, UnitId};
use common::money::Money;
use common::period::{Day, Month};
use common::reports::api::{Entry, EntryKind, EntrySums, ListEntries, Side, SumEntries};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::sums::{Items, LATE_FEE_RECEIVED, OFFSET, OUTSTANDING, RECEIVABLE, RECEIVED, WAIVED, sum};
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, export};

#[derive(FromQueryResult)]
struct Row {
    day: Day,
    month: i32,
    debit: String,
    credit: String,
    bill_id: BillId,
    number: String,
    payment_id: Option<PaymentId>,
    receipt_number: Option<String>,
    unit_id: UnitId,
    unit_label: String,
    fee_item_name: String,
    method_name: Option<String>,
    amount_fen: Money,
}

#[derive(FromQueryResult)]
struct Sums {
    entries: i64,
    amount_fen: Money,
}

/// A page of entries, the latest first.
pub(super) async fn list_entries(app: App, who: Who, ask: ListEntries) -> Answer<Page<Entry>> {
    let paging = ask.paging();
    let buildings = who.scope.buildings(ask.community);
    let filter = filter_of(&ask);
    let rows = page(app.db(), &buildings, &filter, paging.order(), (u64::from(paging.size), paging.offset())).await?;
    let total = u64::try_from(counted(app.db(), &buildings, &filter).await?.entries).unwrap_or(0);
    Ok(Page { more: total > paging.offset() + rows.len() as u64, rows, total: Some(total) })
}

fn filter_of(ask: &ListEntries) -> SumEntries {
    SumEntries {
        community: ask.community,
        side: ask.side,
        from: ask.from,
        to: ask.to,
        building: ask.building,
        no_building: ask.no_building,
        fee_item: ask.fee_item,
    }
}

/// All entries, for a file.
pub(super) async fn every<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &ListEntries) -> Answer<Vec<Entry>> {
    let filter = filter_of(ask);
    let total = u64::try_from(counted(db, buildings, &filter).await?.entries).unwrap_or(0);
    export::within_sheet(total)?;
    page(db, buildings, &filter, ask.paging().order(), (total, 0)).await
}

async fn page<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    filter: &SumEntries,
    order: Option<(&str, bool)>,
    (size, offset): (u64, u64),
) -> Answer<Vec<Entry>> {
    let order = match order {
        Some(("day", false)) => "p.day, p.id",
        Some(("unit", false)) => "u.sort_key, p.day, p.id",
        Some(("unit", true)) => "u.sort_key DESC, p.day, p.id",
        Some(("amount", false)) => "amount_fen, p.id",
        Some(("amount", true)) => "amount_fen DESC, p.id",
        _ => "p.day DESC, p.id DESC",
    };
    let select = format!(
        "SELECT p.day, p.month, p.debit, p.credit, p.bill_id, b.number, p.payment_id, y.receipt_number, p.unit_id, u.label AS unit_label, \
         f.name AS fee_item_name, m.name AS method_name, CAST({} AS bigint) AS amount_fen",
        amount(filter.side)
    );
    let joins = " JOIN bill b ON b.community_id = p.community_id AND b.id = p.bill_id \
         JOIN unit u ON u.community_id = p.community_id AND u.id = p.unit_id \
         JOIN fee_item f ON f.community_id = p.community_id AND f.id = p.fee_item_id \
         LEFT JOIN payment y ON y.community_id = p.community_id AND y.id = p.payment_id \
         LEFT JOIN payment_method m ON m.community_id = p.community_id AND m.method IN (p.debit, p.credit) AND m.name <> ''";
    let rows = of(Sql::new(&select), joins, buildings, filter)
        .push(" ORDER BY ", [])
        .push(order, [])
        .page(size, offset)
        .all::<Row, _>(db)
        .await?;
    rows.into_iter().map(entry).collect()
}

/// How many they are and what they add up to: the figure itself.
pub(super) async fn sum_entries(app: App, who: Who, ask: SumEntries) -> Answer<EntrySums> {
    counted(app.db(), &who.scope.buildings(ask.community), &ask).await
}

async fn counted<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &SumEntries) -> Answer<EntrySums> {
    let select = format!("SELECT COUNT(*) AS entries, {} AS amount_fen", sum(amount(ask.side)));
    let sums = of(Sql::new(&select), "", buildings, ask).one::<Sums, _>(db).await?;
    Ok(sums.map_or_else(EntrySums::default, |sums| EntrySums { entries: sums.entries, amount_fen: sums.amount_fen }))
}

fn amount(side: Side) -> &'static str {
    match side {
        Side::Receivable => RECEIVABLE,
        Side::Waived => WAIVED,
        Side::Received => RECEIVED,
        Side::Offset => OFFSET,
        Side::Outstanding => OUTSTANDING,
        Side::LateFee => LATE_FEE_RECEIVED,
    }
}

fn of(select: Sql, joins: &str, buildings: &Buildings, ask: &SumEntries) -> Sql {
    let sql = select
        .push(" FROM posting p", [])
        .push(joins, [])
        .push(
            " WHERE p.community_id = ? AND p.month BETWEEN ? AND ?",
            [ask.community.into(), ask.from.number().into(), ask.to.number().into()],
        )
        .within("p.building_id", buildings)
        .some(" AND p.building_id = ?", ask.building)
        .push(if ask.no_building == Some(true) { " AND p.building_id IS NULL" } else { "" }, [])
        .push(" AND (", [])
        .push(amount(ask.side), [])
        .push(") <> 0", []);
    Items::of(ask.fee_item).within(sql, "p.fee_item_id", ask.community)
}

fn entry(row: Row) -> Answer<Entry> {
    let account = |code: &str| code.parse::<Account>().map_err(Failure::broken);
    let (kind, method) = match (account(&row.debit)?, account(&row.credit)?) {
        (Account::Receivable, Account::Income | Account::HeldDue) => (EntryKind::Billed, None),
        (Account::Income | Account::HeldDue, Account::Receivable) => (EntryKind::BillVoided, None),
        (Account::Waived, _) => (EntryKind::Waived, None),
        (_, Account::Waived) => (EntryKind::WaiverTakenBack, None),
        (Account::Received(method), _) => (EntryKind::Paid, Some(method)),
        (_, Account::Received(method)) => (EntryKind::PaymentVoided, Some(method)),
        (debit, credit) => return Err(Failure::broken(format!("a posting from {credit} to {debit}"))),
    };

    Ok(Entry {
        day: row.day,
        kind,
        month: Month::from_number(row.month).ok_or_else(|| Failure::broken("a posting's month"))?,
        bill: row.bill_id,
        bill_number: row.number,
        payment: row.payment_id,
        receipt_number: row.receipt_number,
        unit: row.unit_id,
        unit_label: row.unit_label,
        fee_item_name: row.fee_item_name,
        method,
        method_name: row.method_name,
        amount_fen: row.amount_fen,
    })
}
