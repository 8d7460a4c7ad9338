//! What is late, by age; bills for prepayments and deposits only where their fee item is named.

use std::collections::HashMap;

use common::api::{Listing, Page};
use common::id::{BillId, BuildingId, FeeItemId, UnitId};
use common::money::Money;
use common::period::Day;
use common::person::Phone;
use common::reports::Age;
use common::reports::api::{AgeSum, Arrears, ArrearsGroup, ArrearsRow, AskArrears, AskHeldLate, Grouping, HeldLate, ListArrears};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::sums::{Items, LATE_FEE_CHARGED, LATE_FEE_RECEIVED, LATE_FEE_WAIVED, OUTSTANDING, sum};
use crate::billing::{Late, OWING, late_fees};
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, export, organisation};

/// Which bills.
pub(super) struct Filter<'a> {
    pub community: common::id::CommunityId,
    pub buildings: &'a Buildings,
    pub building: Option<BuildingId>,
    pub items: Items,
}

#[derive(FromQueryResult)]
struct AgeRow {
    age: String,
    units: i64,
    bills: i64,
    open_fen: Money,
}

#[derive(FromQueryResult)]
struct GroupRow {
    group_id: Option<uuid::Uuid>,
    name: Option<String>,
    age: String,
    open_fen: Money,
}

#[derive(FromQueryResult)]
struct UnitRow {
    unit_id: UnitId,
    unit_label: String,
    owner: Option<String>,
    phone: Option<String>,
    bills: i64,
    oldest_due: Day,
    to30: Money,
    to90: Money,
    to180: Money,
    to365: Money,
    over365: Money,
}

/// A late bill, for its late fee.
#[derive(FromQueryResult)]
struct LateRow {
    unit_id: UnitId,
    id: BillId,
    fee_item_id: FeeItemId,
    due_day: Day,
    open_fen: Money,
    amount_fen: Money,
    late_charged_fen: Money,
    late_paid_fen: Money,
    late_waived_fen: Money,
}

impl LateRow {
    fn late(&self) -> Late {
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
}

/// Of all that is late: whose it is, and the late fee that was charged on it and is not settled.
#[derive(FromQueryResult)]
struct Whole {
    units: i64,
    booked_fen: Money,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// By age, and by building or fee item.
pub(super) async fn ask_arrears(app: App, who: Who, ask: AskArrears) -> Answer<Arrears> {
    let db = app.db();
    let buildings = who.scope.buildings(ask.community);
    let today = organisation::today(db, ask.community, app.now()).await?;
    let items = Items::of(ask.fee_item);
    let filter = Filter { community: ask.community, buildings: &buildings, building: ask.building, items };
    let ages = by_age(db, &filter, today).await?;
    let not_due_fen = ages.iter().find(|sum| sum.age == Age::NotDue).map_or(Money::ZERO, |sum| sum.open_fen);
    let ages: Vec<AgeSum> = ages.into_iter().filter(|sum| sum.age != Age::NotDue).collect();
    let late_fen = Money::sum(ages.iter().map(|sum| sum.open_fen)).ok_or_else(|| Failure::broken("arrears that do not fit"))?;
    let select = "SELECT COUNT(DISTINCT o.unit_id) AS units, CAST(COALESCE(SUM(o.booked_fen), 0) AS bigint) AS booked_fen FROM ";
    let whole: Option<Whole> = open(Sql::new(select), &filter).push(" WHERE o.due_day < ?", [today.into()]).one(db).await?;
    let (units, late_fee_fen) = whole.map_or((0, Money::ZERO), |row| (row.units, row.booked_fen));
    let rows = groups(db, &filter, today, ask.by.unwrap_or(Grouping::Building)).await?;
    let held_fen = match items {
        Items::Earned => late_sum(db, &Filter { items: Items::Held, ..filter }, today).await?,
        Items::Held | Items::One(_) => Money::ZERO,
    };
    Ok(Arrears { today, ages, rows, units, late_fen, late_fee_fen, not_due_fen, held_fen })
}

/// What is late on bills for held money alone.
pub(super) async fn ask_held_late(app: App, who: Who, ask: AskHeldLate) -> Answer<HeldLate> {
    let buildings = who.scope.buildings(ask.community);
    let today = organisation::today(app.db(), ask.community, app.now()).await?;
    let filter = Filter { community: ask.community, buildings: &buildings, building: ask.building, items: Items::Held };
    Ok(HeldLate { held_fen: late_sum(app.db(), &filter, today).await? })
}

async fn late_sum<C: ConnectionTrait>(db: &C, filter: &Filter<'_>, today: Day) -> Answer<Money> {
    #[derive(FromQueryResult)]
    struct Sum {
        open_fen: Money,
    }
    let select = "SELECT CAST(COALESCE(SUM(o.open_fen), 0) AS bigint) AS open_fen FROM ";
    let sum: Option<Sum> = open(Sql::new(select), filter).push(" WHERE o.due_day < ?", [today.into()]).one(db).await?;
    Ok(sum.map_or(Money::ZERO, |sum| sum.open_fen))
}

/// Each age once, also where nothing has it.
pub(super) async fn by_age<C: ConnectionTrait>(db: &C, filter: &Filter<'_>, today: Day) -> Answer<Vec<AgeSum>> {
    let rows = open(
        Sql::new("SELECT ").push(&age("o.due_day"), bounds(today)).push(
            " AS age, COUNT(DISTINCT o.unit_id) AS units, COUNT(*) AS bills, CAST(SUM(o.open_fen) AS bigint) AS open_fen FROM ",
            [],
        ),
        filter,
    )
    .push(" GROUP BY 1", [])
    .all::<AgeRow, _>(db)
    .await?;
    Ok(Age::ALL
        .into_iter()
        .map(|age| match rows.iter().find(|row| row.age == age.code()) {
            Some(row) => AgeSum { age, units: row.units, bills: row.bills, open_fen: row.open_fen },
            None => AgeSum { age, units: 0, bills: 0, open_fen: Money::ZERO },
        })
        .collect())
}

async fn groups<C: ConnectionTrait>(db: &C, filter: &Filter<'_>, today: Day, by: Grouping) -> Answer<Vec<ArrearsGroup>> {
    let (column, table, order) = match by {
        Grouping::FeeItem => ("o.fee_item_id", "fee_item", "g.sort"),
        Grouping::Building | Grouping::Month => ("o.building_id", "building", "g.sort_key"),
    };
    let select = format!("SELECT {column} AS group_id, MIN(g.name) AS name, ");
    let rows = open(
        Sql::new(&select)
            .push(&age("o.due_day"), bounds(today))
            .push(" AS age, CAST(SUM(o.open_fen) AS bigint) AS open_fen FROM ", []),
        filter,
    )
    .push(&format!(" LEFT JOIN {table} g ON g.community_id = ? AND g.id = {column}"), [filter.community.into()])
    .push(" WHERE o.due_day < ?", [today.into()])
    .push(&format!(" GROUP BY {column}, 3 ORDER BY MIN({order}) IS NULL, MIN({order}), {column}"), [])
    .all::<GroupRow, _>(db)
    .await?;
    let mut groups: Vec<ArrearsGroup> = Vec::new();
    for row in rows {
        let (building, fee_item) = match by {
            Grouping::FeeItem => (None, row.group_id.map(FeeItemId)),
            Grouping::Building | Grouping::Month => (row.group_id.map(BuildingId), None),
        };
        if groups.last().is_none_or(|last| (last.building, last.fee_item) != (building, fee_item)) {
            groups.push(ArrearsGroup {
                building,
                fee_item,
                name: row.name,
                ages_fen: vec![Money::ZERO; Age::LATE.len()],
                late_fen: Money::ZERO,
            });
        }
        let place = Age::LATE.iter().position(|age| age.code() == row.age);
        if let Some((group, place)) = groups.last_mut().zip(place) {
            if let Some(slot) = group.ages_fen.get_mut(place) {
                *slot = row.open_fen;
            }
            group.late_fen =
                group.late_fen.checked_add(row.open_fen).ok_or_else(|| Failure::broken("arrears that do not fit"))?;
        }
    }
    Ok(groups)
}

/// Who owes: a page of units, the most owed first.
pub(super) async fn list_arrears(app: App, who: Who, ask: ListArrears) -> Answer<Page<ArrearsRow>> {
    let paging = ask.paging();
    let today = organisation::today(app.db(), ask.community, app.now()).await?;
    let buildings = who.scope.buildings(ask.community);
    let rows = page(app.db(), &buildings, &ask, today, (u64::from(paging.size), paging.offset())).await?;
    let total = counted(app.db(), &buildings, &ask, today).await?;
    Ok(Page { more: total > paging.offset() + rows.len() as u64, rows, total: Some(total) })
}

/// All units that owe, for a file.
pub(super) async fn every<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    ask: &ListArrears,
    today: Day,
) -> Answer<Vec<ArrearsRow>> {
    let total = counted(db, buildings, ask, today).await?;
    export::within_sheet(total)?;
    page(db, buildings, ask, today, (total, 0)).await
}

async fn counted<C: ConnectionTrait>(db: &C, buildings: &Buildings, ask: &ListArrears, today: Day) -> Answer<u64> {
    let total =
        late(Sql::new("SELECT COUNT(DISTINCT o.unit_id) AS count FROM "), buildings, ask, today).one::<Count, _>(db).await?;
    Ok(u64::try_from(total.map_or(0, |row| row.count)).unwrap_or(0))
}

/// The late bills that a list of units is made of.
fn late(select: Sql, buildings: &Buildings, ask: &ListArrears, today: Day) -> Sql {
    let filter = Filter { community: ask.community, buildings, building: ask.building, items: Items::of(ask.fee_item) };
    let (first, last) = ask.age.map_or((None, None), |age| age.due_days(today));
    open(select, &filter)
        .push(" JOIN unit u ON u.community_id = ? AND u.id = o.unit_id", [ask.community.into()])
        .push(" WHERE o.due_day < ?", [today.into()])
        .some(" AND o.due_day >= ?", first)
        .some(" AND o.due_day <= ?", last)
}

async fn page<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    ask: &ListArrears,
    today: Day,
    (size, offset): (u64, u64),
) -> Answer<Vec<ArrearsRow>> {
    let paging = ask.paging();
    let order = match paging.order() {
        Some(("unit", false)) => "u.sort_key, u.id",
        Some(("unit", true)) => "u.sort_key DESC, u.id",
        Some(("oldest", false)) => "oldest_due DESC, u.id",
        Some(("oldest", true)) => "oldest_due, u.id",
        Some(("late", false)) => "SUM(o.open_fen), u.id",
        _ => "SUM(o.open_fen) DESC, u.id",
    };
    let mut select = Sql::new("SELECT u.id AS unit_id, u.label AS unit_label, COUNT(*) AS bills, MIN(o.due_day) AS oldest_due,");
    for age in Age::LATE {
        let (first, last) = age.due_days(today);
        select = select
            .push(" CAST(SUM(CASE WHEN o.due_day <= ?", [last.unwrap_or(today).into()])
            .some(" AND o.due_day >= ?", first)
            .push(&format!(" THEN o.open_fen ELSE 0 END) AS bigint) AS {},", age.code()), []);
    }
    let owner = |column: &str| {
        format!(
            "(SELECT r.{column} FROM occupancy w JOIN resident r ON r.community_id = w.community_id AND r.id = w.resident_id \
             WHERE w.community_id = u.community_id AND w.unit_id = u.id AND w.role = 'owner' AND w.from_day <= ? \
             AND (w.to_day IS NULL OR w.to_day > ?) ORDER BY w.from_day, w.id LIMIT 1) AS {}",
            if column == "name" { "owner" } else { column }
        )
    };
    let day = || [Value::from(today), Value::from(today)];
    let select = select.push(" ", []).push(&owner("name"), day()).push(", ", []).push(&owner("phone"), day()).push(" FROM ", []);
    let rows = late(select, buildings, ask, today)
        .push(" GROUP BY u.community_id, u.id, u.label, u.sort_key ORDER BY ", [])
        .push(order, [])
        .page(size, offset)
        .all::<UnitRow, _>(db)
        .await?;
    let units: Vec<UnitId> = rows.iter().map(|row| row.unit_id).collect();
    let late_fees = late_fees_of(db, buildings, ask, today, &units).await?;
    let late_fee = |row: &UnitRow| late_fees.get(&row.unit_id).copied().unwrap_or_default();
    rows.into_iter()
        .map(|row| {
            let late_fee = late_fee(&row);
            arrears_row(row, today, late_fee)
        })
        .collect()
}

/// The late fee of the same late bills, by unit.
async fn late_fees_of<C: ConnectionTrait>(
    db: &C,
    buildings: &Buildings,
    ask: &ListArrears,
    today: Day,
    units: &[UnitId],
) -> Answer<HashMap<UnitId, Money>> {
    let mut sums: HashMap<UnitId, Money> = HashMap::new();
    let (first, last) = ask.age.map_or((None, None), |age| age.due_days(today));
    for units in units.chunks(500) {
        let sql = Sql::new("SELECT b.unit_id, b.id, b.fee_item_id, b.due_day, b.amount_fen, b.open_fen, b.late_charged_fen,")
            .push(" b.late_paid_fen, b.late_waived_fen FROM bill b", [])
            .push(" WHERE b.community_id = ? AND b.due_day < ? AND ", [ask.community.into(), today.into()])
            .add(OWING)
            .within("b.building_id", buildings)
            .some(" AND b.building_id = ?", ask.building)
            .some(" AND b.due_day >= ?", first)
            .some(" AND b.due_day <= ?", last)
            .push(" AND b.unit_id IN ", [])
            .list(units.iter().copied());
        let bills: Vec<LateRow> = Items::of(ask.fee_item).within(sql, "b.fee_item_id", ask.community).all(db).await?;
        for bills in bills.chunks(5_000) {
            let due = late_fees(db, ask.community, today, bills.iter().map(LateRow::late)).await?;
            for bill in bills {
                let sum = sums.entry(bill.unit_id).or_default();
                let due = due.get(&bill.id).map_or(Money::ZERO, |late| late.due);
                *sum = sum.checked_add(due).ok_or_else(|| Failure::broken("late fees that do not fit"))?;
            }
        }
    }
    Ok(sums)
}

fn arrears_row(row: UnitRow, today: Day, late_fee_fen: Money) -> Answer<ArrearsRow> {
    let ages_fen = vec![row.to30, row.to90, row.to180, row.to365, row.over365];
    Ok(ArrearsRow {
        unit: row.unit_id,
        unit_label: row.unit_label,
        owner: row.owner,
        phone_masked: row.phone.and_then(|phone| phone.parse::<Phone>().ok()).map(|phone| phone.masked()),
        bills: row.bills,
        oldest_due: row.oldest_due,
        days_late: (today - row.oldest_due).num_days(),
        late_fen: Money::sum(ages_fen.iter().copied()).ok_or_else(|| Failure::broken("arrears that do not fit"))?,
        ages_fen,
        late_fee_fen,
    })
}

/// Bills that owe something with what their postings leave open, of the principal and of the late fee that was charged, as a
/// derived table `o`. Only bills that are marked so are looked up; `anju verify` holds that mark against the postings.
pub(super) fn open(select: Sql, filter: &Filter<'_>) -> Sql {
    let sql = select
        .push(&format!("(SELECT b.id, b.unit_id, b.building_id, b.fee_item_id, b.due_day, {} AS open_fen,", sum(OUTSTANDING)), [])
        .add(&format!(" {} - {} - {} AS booked_fen", sum(LATE_FEE_CHARGED), sum(LATE_FEE_RECEIVED), sum(LATE_FEE_WAIVED)))
        .push(" FROM bill b JOIN posting p ON p.community_id = b.community_id AND p.bill_id = b.id", [])
        .push(" WHERE b.community_id = ? AND ", [filter.community.into()])
        .add(OWING)
        .within("b.building_id", filter.buildings)
        .some(" AND b.building_id = ?", filter.building);
    filter
        .items
        .within(sql, "b.fee_item_id", filter.community)
        .push(" GROUP BY b.id, b.unit_id, b.building_id, b.fee_item_id, b.due_day) o", [])
}

/// The age of a due day, as a code; its `?` are [`bounds`].
fn age(due: &str) -> String {
    let mut text = "CASE".to_owned();
    for age in Age::ALL.into_iter().filter(|age| *age != Age::Over365) {
        text.push_str(&format!(" WHEN {due} >= ? THEN '{}'", age.code()));
    }
    format!("{text} ELSE '{}' END", Age::Over365.code())
}

/// The first due day of each age, from the youngest on.
fn bounds(today: Day) -> Vec<Value> {
    Age::ALL.into_iter().filter_map(|age| age.due_days(today).0).map(Value::from).collect()
}
