//! The list of payments, and what they add up to.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use common::api::{Listing as _, Page, Paging};
use common::cashier::Method;
use common::cashier::api::{
    Cashier, ListCashiers, ListPayments, MethodSum, PaidMethod, PaymentRow, PaymentState, SumPayments, Takings,
};
use common::id::{CommunityId, EmployeeId, PaymentId, UnitId};
use common::money::Money;
use common::period::Day;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::methods;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, estate};

/// The state as it is stored.
pub(super) fn code(state: PaymentState) -> &'static str {
    match state {
        PaymentState::Taken => "taken",
        PaymentState::Void => "void",
    }
}

/// The state that is stored.
pub(super) fn state(code: &str) -> Answer<PaymentState> {
    match code {
        "taken" => Ok(PaymentState::Taken),
        "void" => Ok(PaymentState::Void),
        other => Err(Failure::broken(format!("a payment that is {other}"))),
    }
}

/// Whether a payment may still be taken back: today's of the desk, since money changed hands; one that a run made of prepayments
/// on any day.
pub(super) fn may_be_void(source: &str, day: Day, today: Day) -> bool {
    source == OFFSET || source == "desk" && day == today
}

/// Where a payment comes from that a run made of prepayments.
pub(super) const OFFSET: &str = "offset";

#[derive(FromQueryResult)]
struct Row {
    id: PaymentId,
    receipt_number: String,
    state: String,
    at: Option<DateTime<Utc>>,
    day: Day,
    unit_id: UnitId,
    unit_label: String,
    payer: String,
    cashier_name: String,
    bills: i64,
    total_fen: Money,
    printed: i32,
}

const ROW: &str = "SELECT p.id, p.receipt_number, p.state, CASE WHEN p.source <> 'import' THEN p.at END AS at, p.day, p.unit_id, u.label AS unit_label, p.payer, p.cashier_name, p.total_fen, p.printed, \
     CAST((SELECT COUNT(*) FROM payment_line l WHERE l.community_id = p.community_id AND l.payment_id = p.id) AS bigint) AS bills";
const FROM: &str = " FROM payment p JOIN unit u ON u.community_id = p.community_id AND u.id = p.unit_id";

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// A page of payments, the latest first.
pub(super) async fn list_payments(app: App, who: Who, ask: ListPayments) -> Answer<Page<PaymentRow>> {
    let paging = ask.paging();
    let buildings = who.scope.buildings(ask.community);
    let total = filter(&buildings, &sums_of(&ask))(Sql::new("SELECT COUNT(*)")).number(app.db()).await?;
    let rows = page(app.db(), &buildings, &ask, &paging).await?;
    Ok(Page { more: total > paging.offset() + rows.len() as u64, rows, total: Some(total) })
}

/// Some of the payments that the filters find.
pub(super) async fn page<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    ask: &ListPayments,
    paging: &Paging,
) -> Answer<Vec<PaymentRow>> {
    let order = match paging.order() {
        Some(("receipt_number", false)) => "p.receipt_number, p.id",
        Some(("receipt_number", true)) => "p.receipt_number DESC, p.id",
        Some(("unit", false)) => "u.sort_key, p.at DESC, p.id",
        Some(("unit", true)) => "u.sort_key DESC, p.at DESC, p.id",
        Some(("total", false)) => "p.total_fen, p.id",
        Some(("total", true)) => "p.total_fen DESC, p.id",
        Some(("at", false)) => "p.day, p.at, p.id",
        _ => "p.day DESC, p.at DESC, p.id DESC",
    };
    let rows = filter(buildings, &sums_of(ask))(Sql::new(ROW))
        .push(" ORDER BY ", [])
        .push(order, [])
        .page(u64::from(paging.size), paging.offset())
        .all::<Row, _>(db)
        .await?;
    with_methods(db, ask.community, rows).await
}

/// By name.
pub(super) async fn list_cashiers(app: App, who: Who, ask: ListCashiers) -> Answer<Vec<Cashier>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: EmployeeId,
        name: String,
    }
    let rows: Vec<Row> = Sql::new("SELECT e.id, e.name FROM employee e WHERE EXISTS (SELECT 1 FROM payment p")
        .push(" JOIN unit u ON u.community_id = p.community_id AND u.id = p.unit_id", [])
        .push(" WHERE p.community_id = ? AND p.cashier_id = e.id", [ask.community.into()])
        .within("u.building_id", &who.scope.buildings(ask.community))
        .push(") ORDER BY e.name, e.id", [])
        .all(app.db())
        .await?;
    Ok(rows.into_iter().map(|row| Cashier { id: row.id, name: row.name }).collect())
}

/// What the filtered payments add up to.
pub(super) async fn sum_payments(app: App, who: Who, ask: SumPayments) -> Answer<Takings> {
    let buildings = who.scope.buildings(ask.community);
    takings(app.db(), ask.community, filter(&buildings, &ask)).await
}

pub(super) fn sums_of(ask: &ListPayments) -> SumPayments {
    SumPayments {
        community: ask.community,
        from: ask.from,
        to: ask.to,
        cashier: ask.cashier,
        method: ask.method,
        unit: ask.unit,
        state: ask.state,
        run: ask.run,
        search: ask.search.clone(),
    }
}

pub(super) fn filter<'a>(buildings: &'a Buildings, ask: &'a SumPayments) -> impl Fn(Sql) -> Sql + 'a {
    move |select| {
        let search = ask.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
        let mut sql = select
            .push(FROM, [])
            .push(" WHERE p.community_id = ?", [ask.community.into()])
            .within("u.building_id", buildings)
            .some(" AND p.day >= ?", ask.from)
            .some(" AND p.day <= ?", ask.to)
            .some(" AND p.cashier_id = ?", ask.cashier)
            .some(" AND p.unit_id = ?", ask.unit)
            .some(" AND p.state = ?", ask.state.map(code))
            .some(" AND p.run_id = ?", ask.run);
        if let Some(method) = ask.method {
            sql = sql.push(
                " AND EXISTS (SELECT 1 FROM payment_method_line m WHERE m.community_id = p.community_id AND m.payment_id = p.id AND m.method = ?)",
                [method.code().into()],
            );
        }
        if let Some(search) = search {
            let of = |column: &str, text: &str| {
                Sql::new("SELECT id FROM payment WHERE community_id = ").bind(ask.community).starts(column, text)
            };
            sql = sql
                .add(" AND (p.id IN (")
                .join(of(" AND receipt_number", &search.to_uppercase()))
                .add(" UNION ")
                .join(of(" AND payer", search))
                .add(") OR p.unit_id IN (")
                .join(estate::rooms(ask.community, search))
                .add("))");
        }
        sql
    }
}

/// The latest payments of some units, and how many there are.
pub(super) async fn latest<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    units: &[UnitId],
    most: u64,
) -> Answer<(Vec<PaymentRow>, u64)> {
    let of_units = |select: &'static str| {
        Sql::new(select)
            .push(FROM, [])
            .push(" WHERE p.community_id = ? AND p.unit_id IN ", [community.into()])
            .list(units.iter().copied())
    };
    let count = of_units("SELECT COUNT(*) AS count").one::<Count, _>(db).await?.map_or(0, |row| row.count);
    let rows = of_units(ROW).push(" ORDER BY p.at DESC, p.id DESC", []).page(most, 0).all::<Row, _>(db).await?;
    Ok((with_methods(db, community, rows).await?, u64::try_from(count).unwrap_or(0)))
}

#[derive(FromQueryResult)]
struct MethodRow {
    payment_id: PaymentId,
    method: String,
    amount_fen: Money,
    reference: String,
}

/// The methods of some payments, the largest amount first.
pub(super) async fn methods_of<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    payments: &[PaymentId],
) -> Answer<BTreeMap<PaymentId, Vec<PaidMethod>>> {
    let names = methods::names(db, community).await?;
    let rows = Sql::new("SELECT payment_id, method, amount_fen, reference FROM payment_method_line")
        .push(" WHERE community_id = ? AND payment_id IN ", [community.into()])
        .list(payments.iter().copied())
        .push(" ORDER BY amount_fen DESC, method", [])
        .all::<MethodRow, _>(db)
        .await?;
    let mut found: BTreeMap<PaymentId, Vec<PaidMethod>> = BTreeMap::new();
    for row in rows {
        let method: Method = row.method.parse().map_err(Failure::broken)?;
        let name = names.get(&method).cloned();
        found.entry(row.payment_id).or_default().push(PaidMethod {
            method,
            name,
            amount_fen: row.amount_fen,
            reference: row.reference,
        });
    }
    Ok(found)
}

async fn with_methods<C: ConnectionTrait>(db: &C, community: CommunityId, rows: Vec<Row>) -> Answer<Vec<PaymentRow>> {
    let payments: Vec<PaymentId> = rows.iter().map(|row| row.id).collect();
    let mut methods = methods_of(db, community, &payments).await?;
    rows.into_iter()
        .map(|row| {
            Ok(PaymentRow {
                payment: row.id,
                state: state(&row.state)?,
                receipt_number: row.receipt_number,
                at: row.at,
                day: row.day,
                unit: row.unit_id,
                unit_label: row.unit_label,
                payer: row.payer,
                cashier_name: row.cashier_name,
                methods: methods.remove(&row.id).unwrap_or_default(),
                bills: row.bills,
                total_fen: row.total_fen,
                prints: row.printed,
            })
        })
        .collect()
}

/// Counts and sums of some payments, by method; void ones apart.
pub(super) async fn takings<C: ConnectionTrait>(db: &C, community: CommunityId, filter: impl Fn(Sql) -> Sql) -> Answer<Takings> {
    #[derive(FromQueryResult)]
    struct Sums {
        state: String,
        payments: i64,
        total_fen: Money,
    }
    #[derive(FromQueryResult)]
    struct ByMethod {
        state: String,
        method: String,
        payments: i64,
        amount_fen: Money,
    }
    let names = methods::names(db, community).await?;
    let sums = filter(Sql::new("SELECT p.state, COUNT(*) AS payments, CAST(SUM(p.total_fen) AS bigint) AS total_fen"))
        .push(" GROUP BY p.state", [])
        .all::<Sums, _>(db)
        .await?;
    let inner = filter(Sql::new(
        "SELECT y.state, m.method, COUNT(*) AS payments, CAST(SUM(m.amount_fen) AS bigint) AS amount_fen FROM payment_method_line m \
         JOIN payment y ON y.community_id = m.community_id AND y.id = m.payment_id \
         WHERE (m.community_id, m.payment_id) IN (SELECT p.community_id, p.id",
    ));
    let by_method = inner.push(") GROUP BY y.state, m.method", []).all::<ByMethod, _>(db).await?;
    let mut takings = Takings::default();
    let mut voided_offset = Money::ZERO;
    for row in by_method {
        let method: Method = row.method.parse().map_err(Failure::broken)?;
        let add = |to: Money| to.checked_add(row.amount_fen).ok_or_else(|| Failure::broken("a sum of what was set off"));
        match (state(&row.state)?, method.held()) {
            (PaymentState::Void, None) => {}
            (PaymentState::Void, Some(_)) => voided_offset = add(voided_offset)?,
            (PaymentState::Taken, Some(_)) => takings.offset_fen = add(takings.offset_fen)?,
            (PaymentState::Taken, None) => takings.by_method.push(MethodSum {
                method,
                name: names.get(&method).cloned(),
                payments: row.payments,
                amount_fen: row.amount_fen,
            }),
        }
    }
    takings.by_method.sort_by(|a, b| (b.amount_fen, a.method).cmp(&(a.amount_fen, b.method)));
    for row in sums {
        match state(&row.state)? {
            PaymentState::Taken => (takings.payments, takings.total_fen) = (row.payments, row.total_fen),
            PaymentState::Void => {
                (takings.voided, takings.voided_fen) = (row.payments, Money::from_fen(row.total_fen.fen() - voided_offset.fen()));
            }
        }
    }
    Ok(takings)
}
