//! The loss of master meters, the inputs of a preview, and the command that shares a pool out as it was seen.

use std::collections::{HashMap, HashSet};

use common::api::Done;
use common::charging::trace::NamedValue;
use common::estate::{UnitKind, UnitState};
use common::formula::{Named, Variable};
use common::id::{ApportionmentId, BuildingId, CommunityId, EntranceId, FeeItemId, FieldId, MeterId, UnitId};
use common::metering::Role;
use common::metering::api::{
    Apportion, Apportioned, CancelApportionment, Inputs, MasterLoss, SharerRow, ShowInputs, ShowLoss, Source, UnitName,
};
use common::metering::apportion::{
    Figures, Method, NoShares, Pool, Share, Sharer, Taken, figures, pool, seen, shares, weights_formula,
};
use common::metering::usage::sum;
use common::money::Money;
use common::period::Month;
use common::problem::Problem;
use common::quantity::{Price, Quantity};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QuerySelect, Set};

use super::{apportionment, meter};
use crate::problem::OnTaken as _;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Made, Who, Work, bulk, estate};

#[derive(FromQueryResult)]
struct Used {
    parent_id: MeterId,
    role: String,
    meters: i64,
    unread: i64,
    review: i64,
    used: Option<Quantity>,
}

/// What hangs below the master meters (the masters included, as their own parents), by role.
async fn used<C: ConnectionTrait>(db: &C, community: CommunityId, month: Month, master: Option<MeterId>) -> Answer<Vec<Used>> {
    let mut sql = Sql::new(
        "SELECT x.parent_id, x.role, COUNT(*) AS meters, \
         CAST(SUM(CASE WHEN r.used IS NULL THEN 1 ELSE 0 END) AS bigint) AS unread, \
         CAST(COALESCE(SUM(r.review), 0) AS bigint) AS review, CAST(SUM(r.used) AS bigint) AS used \
         FROM (SELECT m.id, m.role, COALESCE(m.parent_id, m.id) AS parent_id, m.active FROM meter m WHERE m.community_id = ",
    )
    .bind(community)
    .add(" AND m.parent_id IS NOT NULL");
    if let Some(master) = master {
        sql = sql.add(" AND m.parent_id = ").bind(master);
    }
    sql = sql
        .add(" UNION ALL SELECT m.id, 'self' AS role, m.id AS parent_id, m.active FROM meter m WHERE m.community_id = ")
        .bind(community)
        .add(" AND m.role = ")
        .bind(Role::Master.word());
    if let Some(master) = master {
        sql = sql.add(" AND m.id = ").bind(master);
    }
    sql = sql
        .add(
            ") x LEFT JOIN (SELECT meter_id, SUM(usage) AS used, MAX(CASE WHEN review THEN 1 ELSE 0 END) AS review FROM reading \
         WHERE community_id = ",
        )
        .bind(community)
        .add(" AND month = ")
        .bind(month.number())
        .add(" GROUP BY meter_id) r ON r.meter_id = x.id WHERE (x.active = ")
        .bind(true)
        .add(" OR r.used IS NOT NULL) GROUP BY x.parent_id, x.role");
    sql.all(db).await
}

/// The master meters of a community, each with the one above it.
async fn masters<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<(MeterId, Option<MeterId>)>> {
    #[derive(FromQueryResult)]
    struct Link {
        id: MeterId,
        parent_id: Option<MeterId>,
    }
    let sql = Sql::new("SELECT id, parent_id FROM meter WHERE community_id = ").bind(community).add(" AND role = ");
    let links: Vec<Link> = sql.bind(Role::Master.word()).all(db).await?;
    Ok(links.into_iter().map(|link| (link.id, link.parent_id)).collect())
}

/// How many meters below a master, however many levels down, have no usage in the month, and how many readings wait for a
/// second look; itself included.
fn missing(lines: &[Used], masters: &[(MeterId, Option<MeterId>)], top: MeterId) -> (u64, u64) {
    let mut levels = HashSet::from([top]);
    loop {
        let below =
            masters.iter().filter(|(id, parent)| parent.is_some_and(|parent| levels.contains(&parent)) && !levels.contains(id));
        let below: Vec<MeterId> = below.map(|(id, _)| *id).collect();
        if below.is_empty() {
            break;
        }
        levels.extend(below);
    }
    // A master of a lower level is counted among what hangs below the one above it.
    let counts = |line: &&Used| levels.contains(&line.parent_id) && (line.role != "self" || line.parent_id == top);
    let total = |of: fn(&Used) -> i64| lines.iter().filter(counts).map(|line| of(line).unsigned_abs()).sum::<u64>();
    (total(|line| line.unread), total(|line| line.review))
}

/// A master meter's three figures; the masters below it count as households do: what flows on.
fn figures_of<'a>(lines: impl IntoIterator<Item = &'a Used>) -> Answer<Figures> {
    let lines: Vec<&Used> = lines.into_iter().collect();
    let of = |roles: &[&str]| {
        sum(lines.iter().filter(|line| roles.contains(&line.role.as_str())).filter_map(|line| line.used))
            .ok_or_else(|| Failure::broken("a sum of usages is too large"))
    };
    figures(of(&["self"])?, of(&["household", "master"])?, of(&["public"])?).ok_or_else(|| Failure::broken("a loss is too large"))
}

pub(super) async fn show_loss(app: App, who: Who, ask: ShowLoss) -> Answer<Vec<MasterLoss>> {
    #[derive(FromQueryResult)]
    struct Master {
        id: MeterId,
        code: String,
        place: String,
        utility: String,
        fee_item_id: FeeItemId,
        fee_item_name: String,
    }
    let sql = Sql::new(
        "SELECT m.id, m.code, m.place, m.utility, m.fee_item_id, f.name AS fee_item_name FROM meter m \
         JOIN fee_item f ON f.community_id = m.community_id AND f.id = m.fee_item_id WHERE m.community_id = ",
    )
    .bind(ask.community)
    .add(" AND m.role = ")
    .bind(Role::Master.word())
    .add(" AND m.active = ")
    .bind(true)
    .within("m.building_id", &who.scope.buildings(ask.community))
    .add(" ORDER BY m.sort_key, m.code");
    let masters: Vec<Master> = sql.all(app.db()).await?;
    let now = used(app.db(), ask.community, ask.month, None).await?;
    let before = used(app.db(), ask.community, ask.month.plus(-1), None).await?;
    let shared = shared(app.db(), ask.community, ask.month, None).await?;
    let links = self::masters(app.db(), ask.community).await?;
    masters
        .into_iter()
        .map(|master| {
            let lines: Vec<&Used> = now.iter().filter(|line| line.parent_id == master.id).collect();
            let then: Vec<&Used> = before.iter().filter(|line| line.parent_id == master.id).collect();
            let meters: u64 = lines.iter().map(|line| line.meters.unsigned_abs()).sum();
            let (unread, review) = missing(&now, &links, master.id);
            Ok(MasterLoss {
                figures: figures_of(lines.iter().copied())?,
                before: figures_of(then)?,
                sub_meters: meters.saturating_sub(1),
                unread,
                review,
                shared: shared
                    .iter()
                    .filter(|one| one.meter_id == Some(master.id))
                    .filter_map(|one| Taken::from_word(&one.taken))
                    .collect(),
                utility: meter::utility(&master.utility)?,
                meter: master.id,
                code: master.code,
                place: master.place,
                fee_item: master.fee_item_id,
                fee_item_name: master.fee_item_name,
            })
        })
        .collect()
}

#[derive(FromQueryResult)]
struct Shared {
    id: ApportionmentId,
    meter_id: Option<MeterId>,
    name: String,
    taken: String,
    billed: i64,
}

/// The live apportionments of a month, of one meter where one is named.
async fn shared<C: ConnectionTrait>(db: &C, community: CommunityId, month: Month, meter: Option<MeterId>) -> Answer<Vec<Shared>> {
    let sql = Sql::new(
        "SELECT a.id, a.meter_id, a.name, a.taken, (SELECT COUNT(*) FROM apportionment_share s WHERE s.community_id = a.community_id \
         AND s.apportionment_id = a.id AND s.bill_id IS NOT NULL) AS billed FROM apportionment a WHERE a.community_id = ",
    )
    .bind(community)
    .add(" AND a.month = ")
    .bind(month.number())
    .add(" AND a.state = ")
    .bind(apportionment::LIVE)
    .some(" AND a.meter_id = ?", meter);
    sql.all(db).await
}

/// The master meter; 404 outside the scope or where it is none.
async fn master<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId, id: MeterId) -> Answer<meter::Model> {
    let row = meter::Entity::find_by_id((community, id)).one(db).await?.ok_or_else(Problem::not_found)?;
    who.scope.allow(community, row.building_id)?;
    if row.role == Role::Master.word() { Ok(row) } else { Err(Problem::field("meter", "metering.no_master").into()) }
}

pub(super) async fn show_inputs(app: App, who: Who, ask: ShowInputs) -> Answer<Inputs> {
    #[derive(FromQueryResult)]
    struct Last {
        price: Option<Price>,
        method: String,
        formula: String,
        fee_item_id: FeeItemId,
    }
    let figures = match ask.meter {
        Some(meter) => {
            master(app.db(), &who, ask.community, meter).await?;
            let lines = used(app.db(), ask.community, ask.month, Some(meter)).await?;
            Some(figures_of(&lines)?)
        }
        None => None,
    };
    let mut sql = Sql::new("SELECT price, method, formula, fee_item_id FROM apportionment WHERE community_id = ")
        .bind(ask.community)
        .add(" AND state = ")
        .bind(apportionment::LIVE);
    sql = match ask.meter {
        Some(meter) => sql.add(" AND meter_id = ").bind(meter),
        None => sql.add(" AND meter_id IS NULL"),
    };
    sql = sql.add(" ORDER BY month DESC, created_at DESC LIMIT 1");
    let last: Option<Last> = sql.one(app.db()).await?;
    Ok(Inputs {
        figures,
        last_price: last.as_ref().and_then(|last| last.price),
        last_method: last.as_ref().and_then(|last| Method::from_word(&last.method)),
        last_formula: last.as_ref().map(|last| last.formula.clone()).unwrap_or_default(),
        last_fee_item: last.map(|last| last.fee_item_id),
        units: units(app.db(), &who, (ask.community, ask.month, ask.meter), ask.method).await?,
    })
}

/// All units that the caller sees, with what they weigh.
async fn units<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    (community, month, master): (CommunityId, Month, Option<MeterId>),
    method: Option<Method>,
) -> Answer<Vec<SharerRow>> {
    #[derive(FromQueryResult)]
    struct Line {
        id: UnitId,
        code: String,
        label: String,
        building_id: Option<BuildingId>,
        kind: String,
        state: String,
        billed_area: Option<Quantity>,
        inner_area: Option<Quantity>,
        property_value_fen: Option<Money>,
        floor: Option<i32>,
        entrance_id: Option<EntranceId>,
        heads: Option<i32>,
        used: Option<Quantity>,
        meters: Option<i64>,
    }
    let mut sql = Sql::new(
        "SELECT u.id, u.code, u.label, u.building_id, u.kind, u.state, u.billed_area, u.inner_area, u.property_value_fen, u.floor, u.entrance_id, COALESCE(u.heads, (SELECT CAST(NULLIF(COUNT(*), 0) AS integer) \
         FROM occupancy h WHERE h.community_id = u.community_id AND h.unit_id = u.id AND h.from_day < ",
    ).bind(month.period().to).add(" AND (h.to_day IS NULL OR h.to_day >= ").bind(month.period().to).add(
        "))) AS heads, x.used, x.meters FROM unit u LEFT JOIN (SELECT m.unit_id, COUNT(DISTINCT m.id) AS meters, CAST(SUM(r.usage) AS bigint) AS used FROM meter m \
         LEFT JOIN reading r ON r.community_id = m.community_id AND r.meter_id = m.id AND r.month = ",
    ).bind(month.number()).add(" WHERE m.community_id = ").bind(community).add(" AND m.unit_id IS NOT NULL AND m.parent_id ");
    sql = match master {
        // A home below a master meter of the next level takes part in the pool of the level above as well.
        Some(master) => sql
            .add("IN (WITH RECURSIVE level (id) AS (SELECT id FROM meter WHERE community_id = ")
            .bind(community)
            .add(" AND id = ")
            .bind(master)
            .add(" UNION SELECT n.id FROM meter n JOIN level l ON n.parent_id = l.id WHERE n.community_id = ")
            .bind(community)
            .add(" AND n.role = ")
            .bind(Role::Master.word())
            .add(") SELECT id FROM level)"),
        // An amount that is typed in has no meters.
        None => sql.add("<> m.parent_id"),
    };
    sql = sql
        .add(" GROUP BY m.unit_id) x ON x.unit_id = u.id WHERE u.community_id = ")
        .bind(community)
        .within("u.building_id", &who.scope.buildings(community))
        .add(" ORDER BY u.sort_key, u.id");
    let lines: Vec<Line> = sql.all(db).await?;
    let mut numbers = if method == Some(Method::Formula) { numbers(db, community).await? } else { HashMap::new() };
    let mut around = Around::default();
    for line in &lines {
        around.add(line.building_id, line.entrance_id, line.billed_area);
    }
    lines
        .into_iter()
        .map(|line| {
            let own = Own {
                building: line.building_id,
                entrance: line.entrance_id,
                inner_area: line.inner_area,
                value: line.property_value_fen,
                floor: line.floor,
            };
            let mut values = if method == Some(Method::Formula) { around.values(&own) } else { Vec::new() };
            values.append(&mut numbers.remove(&line.id).unwrap_or_default());
            let kind = UnitKind::from_code(&line.kind).ok_or_else(|| Failure::broken(format!("no unit kind {:?}", line.kind)))?;
            let vacant = [UnitState::Vacant.code(), UnitState::Unsold.code()].contains(&line.state.as_str());
            Ok(SharerRow {
                unit: UnitName { id: line.id, code: line.code, label: line.label },
                building: line.building_id,
                kind,
                vacant,
                area: line.billed_area,
                heads: line.heads.and_then(|heads| u32::try_from(heads).ok()).or(vacant.then_some(0)),
                usage: line.used.unwrap_or_default(),
                metered: line.meters.is_some(),
                values,
            })
        })
        .collect()
}

/// The custom number fields of the units.
async fn numbers<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<HashMap<UnitId, Vec<NamedValue>>> {
    let fields = estate::number_fields(db, community).await?;
    let names: HashMap<FieldId, &str> = fields.iter().map(|field| (field.field, field.name.as_str())).collect();
    let mut numbers: HashMap<UnitId, Vec<NamedValue>> = HashMap::new();
    for number in estate::numbers(db, community, &fields).await? {
        let Some(name) = names.get(&number.field_id) else { continue };
        let value = Quantity::from_scaled(number.number).get();
        numbers.entry(number.subject_id).or_default().push(NamedValue { name: Named::Field((*name).to_owned()), value });
    }
    Ok(numbers)
}

/// What a formula may ask of a unit itself, besides its area, its people and its use.
struct Own {
    building: Option<BuildingId>,
    entrance: Option<EntranceId>,
    inner_area: Option<Quantity>,
    value: Option<Money>,
    floor: Option<i32>,
}

/// How many units a place has, and their billed areas together.
#[derive(Clone, Copy, Default)]
struct Whole {
    units: i64,
    area: Decimal,
}

/// The places around the units.
#[derive(Default)]
struct Around {
    community: Whole,
    buildings: HashMap<BuildingId, Whole>,
    entrances: HashMap<EntranceId, Whole>,
}

impl Around {
    fn add(&mut self, building: Option<BuildingId>, entrance: Option<EntranceId>, area: Option<Quantity>) {
        let add = |whole: &mut Whole| {
            whole.units += 1;
            whole.area += area.map(Quantity::get).unwrap_or_default();
        };
        add(&mut self.community);
        if let Some(building) = building {
            add(self.buildings.entry(building).or_default());
        }
        if let Some(entrance) = entrance {
            add(self.entrances.entry(entrance).or_default());
        }
    }

    fn values(&self, own: &Own) -> Vec<NamedValue> {
        let building = own.building.and_then(|building| self.buildings.get(&building));
        let entrance = own.entrance.and_then(|entrance| self.entrances.get(&entrance));
        let known = [
            (Variable::InnerArea, own.inner_area.map(Quantity::get).filter(|area| !area.is_zero())),
            (Variable::Value, own.value.map(Money::yuan).filter(|value| !value.is_zero())),
            (Variable::Floor, own.floor.map(Decimal::from)),
            (Variable::BuildingArea, building.map(|whole| whole.area)),
            (Variable::BuildingUnits, building.map(|whole| Decimal::from(whole.units))),
            (Variable::EntranceArea, entrance.map(|whole| whole.area)),
            (Variable::CommunityArea, Some(self.community.area)),
            (Variable::CommunityUnits, Some(Decimal::from(self.community.units))),
        ];
        let named =
            |(variable, value): (Variable, Option<Decimal>)| Some(NamedValue { name: Named::Variable(variable), value: value? });
        known.into_iter().filter_map(named).collect()
    }
}

/// What was computed again from what the database says now.
struct Redone {
    figures: Option<Figures>,
    pool: Pool,
    shares: Vec<Share>,
}

fn redo(ask: &Apportion, figures: Option<Figures>, units: &[SharerRow], fields: &[String]) -> Result<Redone, NoShares> {
    let pool = match (&ask.source, &figures) {
        (Source::Meter { taken, price, negative, .. }, Some(figures)) => pool(figures, *taken, *price, *negative)?,
        (Source::Amount { amount_fen, .. }, _) => Pool { quantity: Quantity::ZERO, amount: *amount_fen },
        (Source::Meter { .. }, None) => return Err(NoShares::PoolEmpty),
    };
    let sharers: Vec<Sharer> = units.iter().filter(|unit| ask.over.includes(unit)).map(SharerRow::sharer).collect();
    let formula = weights_formula(ask.method, &ask.formula, fields)?;
    let shares = shares(pool, ask.method, formula.as_ref(), &sharers)?;
    Ok(Redone { figures, pool, shares })
}

pub(super) async fn apportion(app: App, who: Who, ask: Apportion) -> Answer<Apportioned> {
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(ask.community, ask.apportionment.0, &ask).await? {
        return Ok(done);
    }
    super::import::hold(&work, ask.community).await?;
    let named =
        Sql::new("SELECT COUNT(*) FROM fee_item WHERE community_id = ").bind(ask.community).add(" AND id = ").bind(ask.fee_item);
    if named.number(work.db()).await? == 0 {
        return Err(Problem::field("fee_item", "not_found").into());
    }
    let (meter, figures) = match &ask.source {
        Source::Meter { meter, taken, .. } => {
            let row = master(work.db(), &who, ask.community, *meter).await?;
            let taken = *taken;
            refuse_twice(&work, &ask, Some(*meter), |one| {
                Taken::from_word(&one.taken).is_some_and(|other| other.overlaps(taken))
            })
            .await?;
            let lines = used(work.db(), ask.community, ask.month, None).await?;
            complete(&ask, missing(&lines, &masters(work.db(), ask.community).await?, *meter))?;
            (Some(row), Some(figures_of(lines.iter().filter(|line| line.parent_id == *meter))?))
        }
        Source::Amount { name, .. } => {
            refuse_twice(&work, &ask, None, |one| one.meter_id.is_none() && one.name == name.trim()).await?;
            (None, None)
        }
    };
    let units =
        units(work.db(), &who, (ask.community, ask.month, meter.as_ref().map(|meter| meter.id)), Some(ask.method)).await?;
    let fields = if ask.method == Method::Formula { estate::formula_names(work.db(), ask.community).await? } else { Vec::new() };
    let redone = redo(&ask, figures, &units, &fields).map_err(|no| no.problem())?;
    let digest = seen(redone.figures.as_ref(), redone.pool, &redone.shares);
    if digest != ask.seen {
        return Err(moved(&redone).into());
    }
    store(&work, &ask, meter.as_ref(), &redone, digest).await?;
    work.record(Some(ask.community), "metering.apportion", ask.apportionment.0, None::<&()>, Some(&ask)).await?;
    let units = u64::try_from(redone.shares.len()).unwrap_or(0);
    let done = Apportioned { apportionment: ask.apportionment, units, amount: redone.pool.amount };
    work.made(ask.community, ask.apportionment.0, &done).await?;
    work.commit().await?;
    Ok(done)
}

/// Without a usage of every meter the loss is not final: nobody shares it out who has not seen how many are missing.
fn complete(ask: &Apportion, (unread, review): (u64, u64)) -> Result<(), Problem> {
    if unread <= ask.unread && review <= ask.review {
        return Ok(());
    }
    Err(Problem::conflict("metering.pool_incomplete", "Meters are unread or wait for a second look")
        .with("unread", unread)
        .with("review", review)
        .with("month", ask.month))
}

/// The same part of a master meter's month, and an amount of the same name, is shared out once: with live bills they must
/// be voided first, without them it is cancelled.
async fn refuse_twice(work: &Work, ask: &Apportion, meter: Option<MeterId>, same: impl Fn(&Shared) -> bool) -> Answer<()> {
    let live = shared(work.db(), ask.community, ask.month, meter).await?;
    let Some(same) = live.into_iter().find(same) else { return Ok(()) };
    let problem = if same.billed > 0 {
        Problem::conflict("metering.pool_billed", "Live bills stand on this pool: void them first").with("count", same.billed)
    } else {
        pool_shared()
    };
    Err(problem.with("apportionment", same.id).with("month", ask.month).into())
}

fn pool_shared() -> Problem {
    Problem::conflict("metering.pool_shared", "This pool is shared out already: cancel that first")
}

fn moved(redone: &Redone) -> Problem {
    let problem = Problem::conflict("metering.moved_pool", "The figures changed since the preview")
        .with("units", redone.shares.len())
        .with("quantity", redone.pool.quantity)
        .with("amount", redone.pool.amount);
    match redone.figures {
        Some(figures) => problem
            .with("master", figures.master)
            .with("household", figures.household)
            .with("public", figures.public)
            .with("loss", figures.loss),
        None => problem,
    }
}

async fn store(work: &Work, ask: &Apportion, meter: Option<&meter::Model>, redone: &Redone, digest: String) -> Answer<()> {
    let weights = sum(redone.shares.iter().map(|share| share.weight)).ok_or_else(|| NoShares::TooLarge.problem())?;
    let (name, taken, price) = match (&ask.source, meter) {
        (Source::Meter { taken, price, .. }, Some(meter)) => {
            let name = if meter.place.is_empty() { meter.code.clone() } else { meter.place.clone() };
            (name, taken.word(), Some(*price))
        }
        (Source::Amount { name, .. }, _) => (name.trim().to_owned(), "", None),
        (Source::Meter { .. }, None) => return Err(Failure::broken("a pool without its master meter")),
    };
    let row = apportionment::ActiveModel {
        community_id: Set(ask.community),
        id: Set(ask.apportionment),
        name: Set(name),
        month: Set(ask.month.number()),
        meter_id: Set(meter.map(|meter| meter.id)),
        utility: Set(meter.map(|meter| meter.utility.clone())),
        fee_item_id: Set(ask.fee_item),
        taken: Set(taken.to_owned()),
        method: Set(ask.method.word().to_owned()),
        formula: Set(if ask.method == Method::Formula { ask.formula.trim().to_owned() } else { String::new() }),
        takes_part: Set(serde_json::to_string(&ask.over)?),
        master: Set(redone.figures.map(|figures| figures.master)),
        household: Set(redone.figures.map(|figures| figures.household)),
        public: Set(redone.figures.map(|figures| figures.public)),
        loss: Set(redone.figures.map(|figures| figures.loss)),
        price: Set(price),
        pool_quantity: Set(redone.pool.quantity),
        pool_fen: Set(redone.pool.amount),
        weights: Set(weights),
        units: Set(i32::try_from(redone.shares.len()).unwrap_or(i32::MAX)),
        state: Set(apportionment::LIVE.to_owned()),
        digest: Set(digest),
        created_by: Set(work.by),
        created_at: Set(work.at),
    };
    apportionment::Entity::insert(row)
        .exec_without_returning(work.db())
        .await
        .on_taken(|| pool_shared().with("apportionment", ask.apportionment).with("month", ask.month))?;
    let columns = &["community_id", "apportionment_id", "unit_id", "weight", "quantity", "amount_fen"];
    let rows = redone.shares.iter().map(|share| {
        vec![
            ask.community.into(),
            ask.apportionment.into(),
            share.unit.into(),
            share.weight.into(),
            share.quantity.into(),
            share.amount.into(),
        ]
    });
    bulk::insert(work.db(), "apportionment_share", columns, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

/// 404 where the pool is shared by a unit outside the caller's scope.
async fn all_seen(work: &Work, who: &Who, ask: &CancelApportionment) -> Answer<()> {
    let Buildings::Only(buildings) = who.scope.buildings(ask.community) else { return Ok(()) };
    let outside = Sql::new(
        "SELECT COUNT(*) FROM apportionment_share s JOIN unit u ON u.community_id = s.community_id AND u.id = s.unit_id",
    )
    .push(" WHERE s.community_id = ? AND s.apportionment_id = ?", [ask.community.into(), ask.apportionment.into()])
    .add(" AND (u.building_id IS NULL OR NOT u.building_id IN ")
    .list(buildings)
    .add(")");
    if outside.number(work.db()).await? == 0 { Ok(()) } else { Err(Problem::not_found().into()) }
}

pub(super) async fn cancel_apportionment(app: App, who: Who, ask: CancelApportionment) -> Answer<Done> {
    let work = app.begin(&who).await?;
    super::import::hold(&work, ask.community).await?;
    let row = apportionment::Entity::find_by_id((ask.community, ask.apportionment))
        .lock_exclusive()
        .one(work.db())
        .await?
        .ok_or_else(Problem::not_found)?;
    if let Some(meter) = row.meter_id {
        master(work.db(), &who, ask.community, meter).await?;
    }
    all_seen(&work, &who, &ask).await?;
    if row.state == apportionment::CANCELLED {
        return Ok(Done {});
    }
    let billed = Sql::new("SELECT COUNT(*) FROM apportionment_share WHERE community_id = ")
        .bind(ask.community)
        .add(" AND apportionment_id = ")
        .bind(ask.apportionment)
        .add(" AND bill_id IS NOT NULL");
    let billed = billed.number(work.db()).await?;
    if billed > 0 {
        return Err(Problem::conflict("metering.pool_billed", "Live bills stand on this pool: void them first")
            .with("count", billed)
            .into());
    }
    apportionment::Entity::update(apportionment::ActiveModel {
        community_id: Set(ask.community),
        id: Set(ask.apportionment),
        state: Set(apportionment::CANCELLED.to_owned()),
        ..Default::default()
    })
    .exec(work.db())
    .await?;
    work.record(Some(ask.community), "metering.cancel_apportionment", ask.apportionment.0, Some(&row.state), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
