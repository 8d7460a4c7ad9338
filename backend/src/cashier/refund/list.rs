//! The list of refunds, and what went out on a day.

use chrono::{DateTime, Utc};
use common::api::{Listing as _, Page, Paging};
use common::cashier::api::{ListRefunds, MethodSum, PaidMethod, RefundRow};
use common::id::{CommunityId, EmployeeId, RefundId, UnitId};
use common::money::Money;
use common::period::Day;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::cashier::methods;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, estate};

#[derive(FromQueryResult)]
struct Row {
    id: RefundId,
    number: String,
    at: DateTime<Utc>,
    day: Day,
    unit_id: UnitId,
    unit_label: String,
    payee: String,
    cashier_name: String,
    method: String,
    reference: String,
    reason: String,
    total_fen: Money,
    printed: i32,
}

const ROW: &str = "SELECT r.id, r.number, r.at, r.day, r.unit_id, u.label AS unit_label, r.payee, r.cashier_name, r.method, r.reference, \
     r.reason, r.total_fen, r.printed";

/// A page of refunds, the latest first.
pub(in crate::cashier) async fn list_refunds(app: App, who: Who, ask: ListRefunds) -> Answer<Page<RefundRow>> {
    let paging = ask.paging();
    let buildings = who.scope.buildings(ask.community);
    let total = count(app.db(), &buildings, &ask).await?;
    let rows = page(app.db(), &buildings, &ask, &paging).await?;
    Ok(Page { more: total > paging.offset() + rows.len() as u64, rows, total: Some(total) })
}

/// How many the filters find.
pub(super) async fn count<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &ListRefunds) -> Answer<u64> {
    filter(Sql::new("SELECT COUNT(*)"), buildings, ask).number(db).await
}

/// Some of the refunds that the filters find.
pub(super) async fn page<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    ask: &ListRefunds,
    paging: &Paging,
) -> Answer<Vec<RefundRow>> {
    let order = match paging.order() {
        Some(("at", false)) => "r.day, r.at, r.id",
        Some(("unit", false)) => "u.sort_key, r.at DESC, r.id",
        Some(("unit", true)) => "u.sort_key DESC, r.at DESC, r.id",
        Some(("total", false)) => "r.total_fen, r.id",
        Some(("total", true)) => "r.total_fen DESC, r.id",
        _ => "r.day DESC, r.at DESC, r.id DESC",
    };
    let rows: Vec<Row> = filter(Sql::new(ROW), buildings, ask)
        .add(" ORDER BY ")
        .add(order)
        .page(u64::from(paging.size), paging.offset())
        .all(db)
        .await?;
    let names = methods::names(db, ask.community).await?;
    rows.into_iter()
        .map(|row| {
            let method = row.method.parse().map_err(Failure::broken)?;
            Ok(RefundRow {
                paid: PaidMethod {
                    method,
                    name: names.get(&method).cloned(),
                    amount_fen: row.total_fen,
                    reference: row.reference,
                },
                refund: row.id,
                number: row.number,
                at: row.at,
                day: row.day,
                unit: row.unit_id,
                unit_label: row.unit_label,
                payee: row.payee,
                cashier_name: row.cashier_name,
                reason: row.reason,
                total_fen: row.total_fen,
                prints: row.printed,
            })
        })
        .collect()
}

fn filter(select: Sql, buildings: &Buildings, ask: &ListRefunds) -> Sql {
    let search = ask.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
    let sql = select
        .add(" FROM refund r JOIN unit u ON u.community_id = r.community_id AND u.id = r.unit_id WHERE r.community_id = ")
        .bind(ask.community)
        .within("u.building_id", buildings)
        .some(" AND r.day >= ?", ask.from)
        .some(" AND r.day <= ?", ask.to)
        .some(" AND r.unit_id = ?", ask.unit)
        .some(" AND r.method = ?", ask.method.map(common::cashier::Method::code));
    let Some(search) = search else { return sql };
    let of = |column: &str, text: &str| {
        Sql::new("SELECT id FROM refund WHERE community_id = ").bind(ask.community).starts(column, text)
    };
    sql.add(" AND (r.id IN (")
        .join(of(" AND number", &search.to_uppercase()))
        .add(" UNION ")
        .join(of(" AND payee", search))
        .add(") OR r.unit_id IN (")
        .join(estate::rooms(ask.community, search))
        .add("))")
}

/// What went out on a day, by cashier and method.
pub async fn of_day<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    day: Day,
    buildings: &Buildings,
) -> Answer<Vec<(Option<EmployeeId>, String, MethodSum)>> {
    #[derive(FromQueryResult)]
    struct Sum {
        cashier_id: Option<EmployeeId>,
        cashier_name: String,
        method: String,
        refunds: i64,
        amount_fen: Money,
    }
    let rows: Vec<Sum> = Sql::new("SELECT r.cashier_id, MIN(r.cashier_name) AS cashier_name, r.method, COUNT(*) AS refunds,")
        .add(" CAST(SUM(r.total_fen) AS bigint) AS amount_fen FROM refund r")
        .add(" JOIN unit u ON u.community_id = r.community_id AND u.id = r.unit_id")
        .push(" WHERE r.community_id = ? AND r.day = ?", [community.into(), day.into()])
        .within("u.building_id", buildings)
        .add(" GROUP BY r.cashier_id, r.method ORDER BY 2, 1, 5 DESC, 3")
        .all(db)
        .await?;
    let names = methods::names(db, community).await?;
    rows.into_iter()
        .map(|row| {
            let method = row.method.parse().map_err(Failure::broken)?;
            let sum = MethodSum { method, name: names.get(&method).cloned(), payments: row.refunds, amount_fen: row.amount_fen };
            Ok((row.cashier_id, row.cashier_name, sum))
        })
        .collect()
}
