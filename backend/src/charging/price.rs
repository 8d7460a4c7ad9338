//! Prices: for whom, from when to when; two of one scope are never in force on the same day.

use std::collections::HashMap;

use common::api::Done;
use common::charging::api::{Earlier, EndPrice, PriceScope, ResumedPrice, SetPrice};
use common::charging::price::PriceScopeKind;
use common::charging::rate::Rate;
use common::charging::tariff::{Mode, TariffRules};
use common::id::{BuildingId, CommunityId, EntranceId, PriceId, TariffId, UnitId};
use common::period::Day;
use common::problem::Problem;
use common::quantity::Price;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, App, Failure, Made, Who, Work, estate};

/// A price as it is stored.
#[derive(FromQueryResult)]
pub struct PriceRecord {
    pub id: PriceId,
    pub tariff_id: TariffId,
    scope: String,
    building_id: Option<BuildingId>,
    entrance_id: Option<EntranceId>,
    floor: Option<i32>,
    unit_id: Option<UnitId>,
    price: Price,
    rate: Option<String>,
    pub from_day: Day,
    pub to_day: Option<Day>,
    pub(super) reason: String,
    pub(super) set_by: Option<String>,
}

pub(super) const SELECT: &str = "SELECT p.id, p.tariff_id, p.scope, p.building_id, p.entrance_id, p.floor, p.unit_id, p.price, p.rate, p.from_day, \
    p.to_day, p.reason, e.name AS set_by FROM price p LEFT JOIN employee e ON e.id = p.created_by";

/// The building that a price `p` is for; none where it is the community's.
pub(super) const BUILDING: &str = "COALESCE(p.building_id, (SELECT e.building_id FROM entrance e WHERE e.community_id = p.community_id \
    AND e.id = p.entrance_id), (SELECT u.building_id FROM unit u WHERE u.community_id = p.community_id AND u.id = p.unit_id))";

impl PriceRecord {
    /// For whom it is set.
    pub fn scope(&self) -> Answer<PriceScope> {
        let floor = self.floor.and_then(|floor| i16::try_from(floor).ok());
        let scope = match PriceScopeKind::from_word(&self.scope) {
            Some(PriceScopeKind::Community) => Some(PriceScope::Community),
            Some(PriceScopeKind::Building) => self.building_id.map(|building| PriceScope::Building { building }),
            Some(PriceScopeKind::Entrance) => self.entrance_id.map(|entrance| PriceScope::Entrance { entrance }),
            Some(PriceScopeKind::Floor) => {
                self.building_id.zip(floor).map(|(building, floor)| PriceScope::Floor { building, floor })
            }
            Some(PriceScopeKind::Unit) => self.unit_id.map(|unit| PriceScope::Unit { unit }),
            None => None,
        };
        scope.ok_or_else(|| Failure::broken(format!("the scope of price {}", self.id)))
    }

    /// The price as it was set.
    pub fn rate(&self) -> Answer<Rate> {
        Ok(match &self.rate {
            Some(rate) => serde_json::from_str(rate)?,
            None => Rate::Flat(self.price),
        })
    }
}

/// All prices of some tariffs that are in force on a day of the period, for a billing run.
pub async fn price_rows<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    tariffs: &[TariffId],
    from: Day,
    to: Day,
) -> Answer<Vec<PriceRecord>> {
    Sql::new(SELECT)
        .push(
            " WHERE p.community_id = ? AND p.from_day < ? AND (p.to_day IS NULL OR p.to_day > ?)",
            [community.into(), to.into(), from.into()],
        )
        .push(" AND (p.to_day IS NULL OR p.to_day > p.from_day) AND p.tariff_id IN ", [])
        .list(tariffs.iter().copied())
        .push(" ORDER BY p.from_day, p.id", [])
        .all(db)
        .await
}

/// Of each tariff, the community's price today and how many narrower ones there are.
pub(super) async fn in_force<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    day: Day,
) -> Answer<HashMap<TariffId, (Option<Rate>, u64)>> {
    let rows: Vec<PriceRecord> = Sql::new(SELECT)
        .push(
            " WHERE p.community_id = ? AND p.from_day <= ? AND (p.to_day IS NULL OR p.to_day > ?)",
            [community.into(), day.into(), day.into()],
        )
        .all(db)
        .await?;
    let mut found: HashMap<TariffId, (Option<Rate>, u64)> = HashMap::new();
    for row in rows {
        let entry = found.entry(row.tariff_id).or_default();
        match row.scope()? {
            PriceScope::Community => entry.0 = Some(row.rate()?),
            _ => entry.1 += 1,
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Spanned {
    id: PriceId,
    from_day: Day,
    to_day: Option<Day>,
}

/// Sets a price. One of the same scope that would be in force on the same day is ended, if the caller says so, or refuses it; one
/// that begins on the same day was then never in force. What was billed by it stays as it is.
pub(super) async fn set_price(app: App, who: Who, ask: SetPrice) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let rules = lock_tariff(&work, ask.community, ask.tariff).await?;
    let columns = scope_columns(&work, &who, &ask).await?;
    let (kind, [building, entrance, unit], floor) = &columns;
    if let Made::Before(done) = work.make(ask.community, ask.price.0, &ask).await? {
        return Ok(done);
    }
    let same: Vec<Spanned> = Sql::new("SELECT id, from_day, to_day FROM price")
        .push(
            " WHERE community_id = ? AND tariff_id = ? AND scope = ?",
            [ask.community.into(), ask.tariff.into(), kind.word().into()],
        )
        .some(" AND building_id = ?", *building)
        .some(" AND entrance_id = ?", *entrance)
        .some(" AND unit_id = ?", *unit)
        .some(" AND floor = ?", *floor)
        .push(" AND (to_day IS NULL OR (to_day > ? AND to_day > from_day))", [ask.from.into()])
        .some(" AND from_day < ?", ask.to)
        .all(work.db())
        .await?;
    for earlier in same {
        if ask.earlier == Earlier::Kept || earlier.from_day > ask.from {
            return Err(Problem::conflict("charging.price_overlaps", "Another price of the same scope is in force then")
                .with("from", earlier.from_day)
                .with("to", earlier.to_day.map(|to| to.to_string()).unwrap_or_default())
                .into());
        }
        end(&work, ask.community, earlier.id, ask.from).await?;
        if earlier.from_day == ask.from {
            let replaced = EndPrice { community: ask.community, price: earlier.id, to: ask.from, resumes: false };
            work.record(Some(ask.community), "charging.end_price", earlier.id.0, None::<&()>, Some(&replaced)).await?;
        }
        // A price for a time: after it the earlier one is in force again, as long as it would have been.
        if let Some(to) = ask.to.filter(|to| earlier.to_day.is_none_or(|end| end > *to)) {
            Sql::new("INSERT INTO price (community_id, id, tariff_id, scope, building_id, entrance_id, floor, unit_id, price, rate, from_day, to_day, reason, created_by, created_at)")
                .push(
                    " SELECT community_id, ?, tariff_id, scope, building_id, entrance_id, floor, unit_id, price, rate, ?, ?, reason, ?, ?",
                    [
                        PriceId(uuid::Uuid::now_v7()).into(),
                        to.into(),
                        earlier.to_day.into(),
                        work.by.map(|by| by.0).into(),
                        work.at.into(),
                    ],
                )
                .push(" FROM price WHERE community_id = ? AND id = ?", [ask.community.into(), earlier.id.into()])
                .run(work.db())
                .await?;
        }
    }
    if ask.rate.is_of_usage() && !matches!(rules.mode, Mode::Usage | Mode::Formula) {
        return Err(Problem::field("rate", "charging.tiers_need_usage").into());
    }
    if ask.rate.quotas().next().is_some()
        && let Some(problem) = ask.rate.quota_problem("rate", &estate::formula_names(work.db(), ask.community).await?)
    {
        return Err(Problem::invalid(vec![problem]).into());
    }
    // What a formula calls the price is one figure.
    if rules.names_its_price() && !matches!(ask.rate, Rate::Flat(_)) {
        return Err(Problem::field("rate", "charging.formula_flat_price").into());
    }
    let (price, rate) = match &ask.rate {
        Rate::Flat(price) => (*price, None),
        rate => (Price::ZERO, Some(serde_json::to_string(rate)?)),
    };
    Sql::new("INSERT INTO price (community_id, id, tariff_id, scope, building_id, entrance_id, floor, unit_id, price, rate, from_day, to_day, reason, created_by, created_at)")
        .push(" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
            ask.community.into(),
            ask.price.into(),
            ask.tariff.into(),
            kind.word().into(),
            (*building).into(),
            (*entrance).into(),
            (*floor).into(),
            (*unit).into(),
            price.into(),
            rate.into(),
            ask.from.into(),
            ask.to.into(),
            ask.reason.trim().into(),
            work.by.map(|by| by.0).into(),
            work.at.into(),
        ])
        .run(work.db())
        .await?;
    work.record(Some(ask.community), "charging.set_price", ask.price.0, None::<&()>, Some(&ask)).await?;
    work.made(ask.community, ask.price.0, &Done {}).await?;
    work.commit().await?;
    Ok(Done {})
}

/// The scope's columns; 404 where the place does not exist or lies outside the caller's scope.
async fn scope_columns(work: &Work, who: &Who, ask: &SetPrice) -> Answer<(PriceScopeKind, [Option<uuid::Uuid>; 3], Option<i32>)> {
    let one = |table: &str, id: uuid::Uuid, building: &str| {
        Sql::new(&format!("SELECT {building} AS building_id FROM {table}"))
            .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), id.into()])
    };
    let (columns, floor, place) = match ask.scope {
        PriceScope::Community => ([None; 3], None, None),
        PriceScope::Building { building } => ([Some(building.0), None, None], None, Some(one("building", building.0, "id"))),
        PriceScope::Entrance { entrance } => {
            ([None, Some(entrance.0), None], None, Some(one("entrance", entrance.0, "building_id")))
        }
        PriceScope::Floor { building, floor } => {
            ([Some(building.0), None, None], Some(i32::from(floor)), Some(one("building", building.0, "id")))
        }
        PriceScope::Unit { unit } => ([None, None, Some(unit.0)], None, Some(one("unit", unit.0, "building_id"))),
    };
    let building = match place {
        Some(query) => query.one::<InBuilding, _>(work.db()).await?.ok_or_else(Problem::not_found)?.building_id,
        None => None,
    };
    who.scope.allow(ask.community, building)?;
    Ok((ask.scope.kind(), columns, floor))
}

#[derive(FromQueryResult)]
struct InBuilding {
    building_id: Option<BuildingId>,
}

#[derive(FromQueryResult)]
struct RulesRow {
    rules: String,
}

/// One change of a tariff's prices at a time, so that two can't both find the days free. Gives its rules, which say what its prices are
/// prices of.
async fn lock_tariff(work: &Work, community: CommunityId, tariff: TariffId) -> Answer<TariffRules> {
    let lock = if work.is_postgres() { " FOR UPDATE" } else { "" };
    let row: Option<RulesRow> = Sql::new("SELECT rules FROM tariff")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), tariff.into()])
        .add(lock)
        .one(work.db())
        .await?;
    Ok(serde_json::from_str(&row.ok_or_else(Problem::not_found)?.rules)?)
}

async fn end(work: &Work, community: CommunityId, price: PriceId, to: Day) -> Answer<u64> {
    let done = Sql::new("")
        .push("UPDATE price SET to_day = CASE WHEN from_day > ? THEN from_day ELSE ? END", [to.into(), to.into()])
        .push(
            " WHERE community_id = ? AND id = ? AND (to_day IS NULL OR to_day > ?)",
            [community.into(), price.into(), to.into()],
        )
        .run(work.db())
        .await?;
    Ok(done.rows_affected())
}

#[derive(FromQueryResult)]
struct Ending {
    building_id: Option<BuildingId>,
    tariff_id: TariffId,
}

/// Ends a price on a day; on its first day, it was never in force, and the one before it may go on. Bills that were made with it
/// keep it in their trace.
pub(super) async fn end_price(app: App, who: Who, ask: EndPrice) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let of: Ending = Sql::new(&format!("SELECT {BUILDING} AS building_id, p.tariff_id FROM price p"))
        .push(" WHERE p.community_id = ? AND p.id = ?", [ask.community.into(), ask.price.into()])
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    who.scope.allow(ask.community, of.building_id)?;
    lock_tariff(&work, ask.community, of.tariff_id).await?;
    let days: Spanned = Sql::new("SELECT id, from_day, to_day FROM price")
        .push(" WHERE community_id = ? AND id = ?", [ask.community.into(), ask.price.into()])
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    if end(&work, ask.community, ask.price, ask.to).await? == 0 {
        return Err(Problem::conflict("charging.price_over", "The price is over before that day").into());
    }
    work.record(Some(ask.community), "charging.end_price", ask.price.0, None::<&()>, Some(&ask)).await?;
    if ask.resumes && ask.to <= days.from_day {
        resume(&work, &ask, ResumedPrice { from: days.from_day, to: days.to_day }).await?;
    }
    work.commit().await?;
    Ok(Done {})
}

/// Lets the price of the same scope that ended where a withdrawn one began go on, until that one would have ended.
async fn resume(work: &Work, withdrawn: &EndPrice, days: ResumedPrice) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct Before {
        id: PriceId,
    }
    let same = |column: &str| format!("COALESCE(b.{column}, w.{column}) IS NULL OR b.{column} = w.{column}");
    let places = ["building_id", "entrance_id", "floor", "unit_id"].map(same).join(") AND (");
    let before: Option<Before> = Sql::new("SELECT b.id FROM price w JOIN price b ON b.community_id = w.community_id")
        .add(" AND b.tariff_id = w.tariff_id AND b.scope = w.scope AND (")
        .add(&places)
        .push(") WHERE w.community_id = ? AND w.id = ?", [withdrawn.community.into(), withdrawn.price.into()])
        .push(" AND b.to_day = ? AND b.from_day < ?", [days.from.into(), days.from.into()])
        .one(work.db())
        .await?;
    let Some(Before { id }) = before else { return Ok(()) };
    Sql::new("UPDATE price SET to_day = ")
        .bind(days.to)
        .push(" WHERE community_id = ? AND id = ?", [withdrawn.community.into(), id.into()])
        .run(work.db())
        .await?;
    work.record(Some(withdrawn.community), "charging.resume_price", id.0, None::<&()>, Some(&days)).await
}
