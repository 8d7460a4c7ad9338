//! Rent contracts: a charge with terms of its own. What is billed keeps the terms it was billed by, in its trace.

use common::api::{Done, Listing as _, Page, Paging};
use common::charging::api::{EXPIRING_DAYS, EndRent, ListRents, RentRow, RentState, RentStep, RentView, SaveRent, ShowRent};
use common::charging::contract::suits;
use common::charging::rent::Rent;
use common::charging::tariff::TariffRules;
use common::estate::kind::UnitKind;
use common::id::{BuildingId, ChargeId, CommunityId, FeeItemId, TariffId, UnitId};
use common::period::{Day, Period, add_days};
use common::permission::Permission;
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::charge::lock_fee_item;
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work, estate};

/// The name of whoever holds unit `u` on a day, which is asked for twice.
pub(super) const TENANT: &str = "(SELECT r.name FROM occupancy o JOIN resident r ON r.community_id = o.community_id AND r.id = o.resident_id \
    WHERE o.community_id = u.community_id AND o.unit_id = u.id AND o.role IN ('owner', 'tenant') AND o.from_day <= ? \
    AND (o.to_day IS NULL OR o.to_day > ?) ORDER BY o.role DESC, o.from_day DESC, o.id LIMIT 1) AS tenant";

#[derive(FromQueryResult)]
struct Row {
    id: ChargeId,
    unit_id: UnitId,
    unit_label: String,
    tenant: Option<String>,
    fee_item_name: String,
    tariff_id: TariffId,
    tariff_name: String,
    rules: String,
    terms: String,
    from_day: Day,
    to_day: Option<Day>,
}

impl Row {
    fn shown(self, today: Day) -> Answer<RentRow> {
        let (rules, rent): (TariffRules, Rent) = (serde_json::from_str(&self.rules)?, serde_json::from_str(&self.terms)?);
        let in_force = self.from_day <= today && self.to_day.is_none_or(|to| to > today);
        let next = rent.next_step(today, (self.from_day, self.to_day)).map(|(day, price)| RentStep { day, price });
        Ok(RentRow {
            charge: self.id,
            unit: self.unit_id,
            unit_label: self.unit_label,
            tenant: self.tenant,
            fee_item_name: self.fee_item_name,
            tariff: self.tariff_id,
            tariff_name: self.tariff_name,
            now: in_force.then(|| rent.on(today, self.from_day)),
            next: next.filter(|step| self.to_day.is_none_or(|to| step.day < to)),
            rules,
            rent,
            from: self.from_day,
            to: self.to_day,
        })
    }
}

const COLUMNS: &str = " f.name AS fee_item_name, c.tariff_id, t.name AS tariff_name, t.rules, cr.terms, c.from_day, c.to_day";

const FROM: &str = " FROM charge_rent cr JOIN charge c ON c.community_id = cr.community_id AND c.id = cr.charge_id \
    JOIN unit u ON u.community_id = c.community_id AND u.id = c.unit_id \
    JOIN tariff t ON t.community_id = c.community_id AND t.id = c.tariff_id \
    JOIN fee_item f ON f.community_id = t.community_id AND f.id = t.fee_item_id";

/// The contracts.
pub(super) async fn list_rents(app: App, who: Who, ask: ListRents) -> Answer<Page<RentRow>> {
    page(&app, &who, &ask, &ask.paging()).await
}

/// One page of them, of any length.
pub(super) async fn page(app: &App, who: &Who, ask: &ListRents, paging: &Paging) -> Answer<Page<RentRow>> {
    let db = app.db();
    let today = today(db, ask.community, app.now()).await?;
    let soon = add_days(today, EXPIRING_DAYS).unwrap_or(today);
    let found = |sql: Sql| {
        let sql = sql
            .add(FROM)
            .push(" WHERE cr.community_id = ? AND (c.to_day IS NULL OR c.to_day > c.from_day)", [ask.community.into()])
            .within("u.building_id", &who.scope.buildings(ask.community))
            .some(" AND c.tariff_id = ?", ask.tariff)
            .some(" AND u.building_id = ?", ask.building)
            .some(" AND c.unit_id = ?", ask.unit);
        let sql = match ask.state.unwrap_or(RentState::Current) {
            RentState::Current => sql.push(" AND (c.to_day IS NULL OR c.to_day > ?)", [today.into()]),
            RentState::Expiring => sql.push(" AND c.to_day > ? AND c.to_day <= ?", [today.into(), soon.into()]),
            RentState::Ended => sql.push(" AND c.to_day <= ?", [today.into()]),
            RentState::All => sql,
        };
        match ask.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => searched(sql, who, (ask.community, text), today),
            None => sql,
        }
    };
    let order = match paging.order() {
        Some(("from", false)) => " ORDER BY c.from_day, c.id",
        Some(("from", true)) => " ORDER BY c.from_day DESC, c.id",
        // Open contracts end last, whatever a database thinks of NULL.
        Some(("to", false)) => " ORDER BY (c.to_day IS NULL), c.to_day, c.id",
        Some(("to", true)) => " ORDER BY (c.to_day IS NULL) DESC, c.to_day DESC, c.id",
        Some(("tariff", false)) => " ORDER BY t.name, u.sort_key, c.id",
        Some(("tariff", true)) => " ORDER BY t.name DESC, u.sort_key, c.id",
        Some(("unit", true)) => " ORDER BY u.sort_key DESC, c.id",
        _ => " ORDER BY u.sort_key, c.from_day, c.id",
    };
    let rows = Sql::new("SELECT c.id, c.unit_id, u.label AS unit_label, ").push(TENANT, [today.into(), today.into()]).add(",");
    let mut rows: Vec<Row> =
        found(rows.add(COLUMNS)).add(order).page(u64::from(paging.size) + 1, paging.offset()).all(db).await?;
    let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let total = found(Sql::new("SELECT COUNT(*)")).number(db).await?;
    let rows = rows.into_iter().map(|row| row.shown(today)).collect::<Answer<Vec<_>>>()?;
    Ok(Page { rows, total: Some(total), more })
}

/// By room; for those who may see residents also by who holds the unit now.
fn searched(sql: Sql, who: &Who, (community, text): (CommunityId, &str), today: Day) -> Sql {
    let sql = sql.add(" AND c.unit_id IN (").join(estate::rooms(community, text));
    let people = if who.may(Permission::ResidentsRead) { estate::people(community, text) } else { None };
    match people {
        Some(people) => sql
            .push(
                " UNION SELECT o.unit_id FROM occupancy o WHERE o.community_id = ? AND o.from_day <= ?",
                [community.into(), today.into()],
            )
            .push(" AND (o.to_day IS NULL OR o.to_day > ?) AND o.resident_id IN (", [today.into()])
            .join(people)
            .add("))"),
        None => sql.add(")"),
    }
}

#[derive(FromQueryResult)]
struct Beside {
    unit_kind: String,
    billed_area: Option<Quantity>,
    handed_over: Option<Day>,
    set_by: Option<String>,
    set_at: chrono::DateTime<chrono::Utc>,
}

/// One contract.
pub(super) async fn show_rent(app: App, who: Who, ask: ShowRent) -> Answer<RentView> {
    let db = app.db();
    let today = today(db, ask.community, app.now()).await?;
    let found = |sql: Sql| {
        sql.push(" WHERE cr.community_id = ? AND cr.charge_id = ?", [ask.community.into(), ask.charge.into()])
            .within("u.building_id", &who.scope.buildings(ask.community))
    };
    let row = Sql::new("SELECT c.id, c.unit_id, u.label AS unit_label, ").push(TENANT, [today.into(), today.into()]).add(",");
    let row: Row = found(row.add(COLUMNS).add(FROM)).one(db).await?.ok_or_else(Problem::not_found)?;
    let beside = Sql::new("SELECT u.kind AS unit_kind, u.billed_area, u.handed_over, e.name AS set_by, cr.set_at")
        .add(FROM)
        .add(" LEFT JOIN employee e ON e.id = cr.set_by");
    let beside: Beside = found(beside).one(db).await?.ok_or_else(Problem::not_found)?;
    Ok(RentView {
        row: row.shown(today)?,
        unit_kind: UnitKind::from_code(&beside.unit_kind)
            .ok_or_else(|| Failure::broken(format!("unit kind {:?}", beside.unit_kind)))?,
        area: beside.billed_area,
        handed_over: beside.handed_over,
        set_by: beside.set_by,
        set_at: beside.set_at,
    })
}

#[derive(FromQueryResult)]
struct TariffRow {
    fee_item_id: FeeItemId,
    rules: String,
    active: bool,
}

#[derive(FromQueryResult)]
struct ChargeRow {
    unit_id: UnitId,
    tariff_id: TariffId,
    from_day: Day,
    terms: Option<String>,
}

#[derive(FromQueryResult)]
struct Other {
    from_day: Day,
    name: String,
}

/// Makes a contract, or changes what it says for bills to come.
pub(super) async fn save_rent(app: App, who: Who, ask: SaveRent) -> Answer<Done> {
    let work = app.begin(&who).await?;
    in_scope(&work, &who, ask.community, ask.unit).await?;
    let tariff: TariffRow = Sql::new("SELECT fee_item_id, rules, active FROM tariff")
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.tariff.into()])
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    if !suits(&serde_json::from_str(&tariff.rules)?) {
        return Err(Problem::field("tariff", "charging.rent_mode").into());
    }
    lock_fee_item(&work, ask.community, tariff.fee_item_id).await?;
    let before: Option<ChargeRow> = Sql::new("SELECT c.unit_id, c.tariff_id, c.from_day, cr.terms FROM charge c")
        .add(" LEFT JOIN charge_rent cr ON cr.community_id = c.community_id AND cr.charge_id = c.id")
        .push(" WHERE c.community_id = ? AND c.id = ?", [ask.community.into(), ask.charge.into()])
        .one(work.db())
        .await?;
    match &before {
        Some(charge) if (charge.unit_id, charge.tariff_id, charge.from_day) != (ask.unit, ask.tariff, ask.from) => {
            return Err(Problem::conflict("charging.rent_fixed", "Another charge has this id").into());
        }
        None if !tariff.active => {
            return Err(Problem::conflict("charging.tariff_retired", "The tariff is retired").into());
        }
        _ => {}
    }
    not_charged_twice(&work, &ask, tariff.fee_item_id).await?;
    write(&work, &ask).await?;
    let earlier = before.and_then(|charge| charge.terms).map(|terms| serde_json::from_str::<Rent>(&terms)).transpose()?;
    work.record(Some(ask.community), "charging.save_rent", ask.charge.0, earlier.as_ref(), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Refuses where the fee item is charged to the unit on one of these days already.
async fn not_charged_twice(work: &Work, ask: &SaveRent, fee_item: FeeItemId) -> Answer<()> {
    let other: Option<Other> = Sql::new("SELECT c.from_day, t.name FROM charge c")
        .push(" JOIN tariff t ON t.community_id = c.community_id AND t.id = c.tariff_id AND t.fee_item_id = ?", [fee_item.into()])
        .push(
            " WHERE c.community_id = ? AND c.unit_id = ? AND c.id <> ?",
            [ask.community.into(), ask.unit.into(), ask.charge.into()],
        )
        .push(" AND (c.to_day IS NULL OR (c.to_day > ? AND c.to_day > c.from_day))", [ask.from.into()])
        .some(" AND c.from_day < ?", ask.to)
        .push(" ORDER BY c.from_day LIMIT 1", [])
        .one(work.db())
        .await?;
    match other {
        Some(other) => Err(Problem::conflict("charging.rent_overlaps", "The unit is charged on these days already")
            .with("tariff", other.name)
            .with("from", other.from_day)
            .into()),
        None => Ok(()),
    }
}

async fn write(work: &Work, ask: &SaveRent) -> Answer<()> {
    Sql::new("INSERT INTO charge (community_id, id, tariff_id, unit_id, from_day, to_day, created_at)")
        .push(
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                ask.community.into(),
                ask.charge.into(),
                ask.tariff.into(),
                ask.unit.into(),
                ask.from.into(),
                ask.to.into(),
                work.at.into(),
            ],
        )
        .add(" ON CONFLICT (community_id, id) DO UPDATE SET to_day = excluded.to_day")
        .run(work.db())
        .await?;
    Sql::new("INSERT INTO charge_rent (community_id, charge_id, terms, turnover, set_by, set_at)")
        .push(
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                ask.community.into(),
                ask.charge.into(),
                serde_json::to_string(&ask.rent)?.into(),
                ask.rent.turnover.is_some().into(),
                work.by.into(),
                work.at.into(),
            ],
        )
        .add(" ON CONFLICT (community_id, charge_id) DO UPDATE SET terms = excluded.terms, turnover = excluded.turnover,")
        .add(" set_by = excluded.set_by, set_at = excluded.set_at")
        .run(work.db())
        .await?;
    Ok(())
}

/// 404 where the unit does not exist or lies outside the caller's scope.
async fn in_scope(work: &Work, who: &Who, community: CommunityId, unit: UnitId) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct InBuilding {
        building_id: Option<BuildingId>,
    }
    let of: InBuilding = Sql::new("SELECT building_id FROM unit")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), unit.into()])
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(who.scope.allow(community, of.building_id)?)
}

/// Ends a contract; bills that were made by it stay.
pub(super) async fn end_rent(app: App, who: Who, ask: EndRent) -> Answer<Done> {
    #[derive(FromQueryResult)]
    struct Found {
        unit_id: UnitId,
    }
    let work = app.begin(&who).await?;
    let found: Found = Sql::new("SELECT c.unit_id FROM charge c JOIN charge_rent cr ON cr.community_id = c.community_id")
        .push(" AND cr.charge_id = c.id WHERE c.community_id = ? AND c.id = ?", [ask.community.into(), ask.charge.into()])
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    in_scope(&work, &who, ask.community, found.unit_id).await?;
    let ended = Sql::new("")
        .push("UPDATE charge SET to_day = CASE WHEN from_day > ? THEN from_day ELSE ? END", [ask.to.into(), ask.to.into()])
        .push(
            " WHERE community_id = ? AND id = ? AND (to_day IS NULL OR to_day > ?)",
            [ask.community.into(), ask.charge.into(), ask.to.into()],
        )
        .run(work.db())
        .await?;
    if ended.rows_affected() == 0 {
        return Err(Problem::conflict("charging.rent_over", "The contract is over before that day").into());
    }
    work.record(Some(ask.community), "charging.end_rent", ask.charge.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// What contracts say of the charges of some tariffs that touch a period.
pub async fn rents<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    tariffs: &[TariffId],
    period: Period,
) -> Answer<Vec<(ChargeId, Rent)>> {
    #[derive(FromQueryResult)]
    struct Terms {
        charge_id: ChargeId,
        terms: String,
    }
    let rows: Vec<Terms> = Sql::new("SELECT cr.charge_id, cr.terms FROM charge_rent cr")
        .add(" JOIN charge c ON c.community_id = cr.community_id AND c.id = cr.charge_id")
        .push(
            " WHERE cr.community_id = ? AND c.from_day < ? AND (c.to_day IS NULL OR c.to_day > ?) AND c.tariff_id IN ",
            [community.into(), period.to.into(), period.from.into()],
        )
        .list(tariffs.iter().copied())
        .all(db)
        .await?;
    rows.into_iter().map(|row| Ok((row.charge_id, serde_json::from_str(&row.terms)?))).collect()
}
