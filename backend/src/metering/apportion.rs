//! The inputs of a preview, and the command that shares a pool out as it was seen.

use common::api::Done;
use common::id::{ApportionmentId, CommunityId, FeeItemId, MeterId};
use common::metering::Role;
use common::metering::api::{Apportion, Apportioned, CancelApportionment, Inputs, SharerRow, ShowInputs, Source};
use common::metering::apportion::{Figures, Method, NoShares, Pool, Share, Sharer, Taken, pool, seen, shares, weights_formula};
use common::metering::usage::sum;
use common::period::Month;
use common::problem::Problem;
use common::quantity::{Price, Quantity};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QuerySelect, Set};

use super::loss::{figures_of, masters, missing, used};
use super::sharers::units;
use super::{apportionment, meter};
use crate::problem::OnTaken as _;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Made, Who, Work, bulk, charging, estate};

#[derive(FromQueryResult)]
pub(super) struct Shared {
    pub(super) id: ApportionmentId,
    pub(super) meter_id: Option<MeterId>,
    pub(super) name: String,
    pub(super) taken: String,
    pub(super) billed: i64,
}

/// The live apportionments of a month, of one meter where one is named.
pub(super) async fn shared<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    month: Month,
    meter: Option<MeterId>,
) -> Answer<Vec<Shared>> {
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
    if !charging::held_items(work.db(), ask.community, [ask.fee_item]).await?.is_empty() {
        return Err(Problem::field("fee_item", "metering.held_item").into());
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
