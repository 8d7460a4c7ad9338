//! What billing asks metering for, and tells it: usages, shares, which of them were billed, which are free again.

use common::charging::rate::Counted;
use common::charging::usage::{
    MeterMark, MeterRead, NoUsage, NoUsageReason, RegisterUsage, ReplacedMeter, ShareInput, ShareTrace, SharedBy, UsageInput,
};
use common::id::{ApportionmentId, BillId, CommunityId, FeeItemId, ReadingId, UnitId};
use common::metering::Role;
use common::metering::usage::sum;
use common::money::Money;
use common::period::{Day, Month, Period};
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::apportionment::LIVE;
use crate::sql::Sql;
use crate::{Answer, Failure, Work};

/// Which readings and shares of a period are wanted.
#[derive(Clone, Copy)]
enum Asked {
    /// Those that are not billed yet, of earlier months too where they came late.
    Open,
    /// Those of the period, billed or not.
    All,
}

#[derive(FromQueryResult)]
struct Line {
    unit_id: UnitId,
    fee_item_id: FeeItemId,
    code: String,
    register: String,
    active: bool,
    id: Option<ReadingId>,
    month: Option<i32>,
    value: Option<Quantity>,
    day: Option<Day>,
    previous: Option<Quantity>,
    previous_day: Option<Day>,
    multiplier: Option<Quantity>,
    usage: Option<Quantity>,
    mark: Option<String>,
    old_final: Option<Quantity>,
    old_multiplier: Option<Quantity>,
    new_initial: Option<Quantity>,
    estimated: Option<bool>,
    review: Option<bool>,
    billed: Option<bool>,
}

/// The usages of a period that are not billed yet, by unit and fee item, and why a metered unit has none.
///
/// All meters of a unit must be read in the period's last month before it is billed: a bill per unit, fee item and period
/// can't be added to later. A reading of an earlier month that came after its bill is billed with the next: billing of a
/// meter goes on where its last bill stopped. What was read before its first bill is not billed any more.
pub async fn usages<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
    period: Period,
) -> Answer<(Vec<UsageInput>, Vec<NoUsage>)> {
    usages_asked(db, community, fee_items, period, Asked::Open).await
}

/// All usages of a period, billed or not: to try other prices on them.
pub async fn all_usages<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
    period: Period,
) -> Answer<(Vec<UsageInput>, Vec<NoUsage>)> {
    usages_asked(db, community, fee_items, period, Asked::All).await
}

async fn usages_asked<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
    period: Period,
    asked: Asked,
) -> Answer<(Vec<UsageInput>, Vec<NoUsage>)> {
    let (first, last) = (Month::of(period.from).number(), Month::of(period.last_day()).number());
    let columns = "id, meter_id, month, value, day, previous, previous_day, multiplier, usage, mark, old_final, old_multiplier, new_initial, \
                   estimated, review, bill_id";
    let sql = Sql::new(
        "SELECT m.unit_id, m.fee_item_id, m.code, m.register, m.active, r.id, r.month, r.value, r.day, r.previous, r.previous_day, r.multiplier, \
         r.usage, r.mark, r.old_final, r.old_multiplier, r.new_initial, r.estimated, r.review, r.bill_id IS NOT NULL AS billed FROM meter m LEFT JOIN (",
    )
    .push(&format!("SELECT {columns} FROM reading WHERE community_id = ? AND month BETWEEN ? AND ?"), [
        community.into(),
        first.into(),
        last.into(),
    ])
    .push(&format!(" UNION ALL SELECT {columns} FROM reading o WHERE community_id = ? AND month < ?"), [
        community.into(),
        first.into(),
    ])
    .add(" AND bill_id IS NULL AND usage IS NOT NULL AND EXISTS (SELECT 1 FROM reading b WHERE b.community_id = o.community_id")
    .add(" AND b.meter_id = o.meter_id AND b.day < o.day AND b.bill_id IS NOT NULL)) r ON r.meter_id = m.id WHERE m.community_id = ")
    .bind(community)
    .add(" AND m.role = ")
    .bind(Role::Household.word())
    .add(" AND m.unit_id IS NOT NULL AND m.fee_item_id IN ")
    .list(fee_items.iter().copied())
    .add(" AND (m.active = ")
    .bind(true)
    .add(" OR r.id IS NOT NULL) ORDER BY m.unit_id, m.fee_item_id, m.code, r.day");
    let lines: Vec<Line> = sql.all(db).await?;
    let mut found = Vec::new();
    let mut none = Vec::new();
    let wanted = |line: &Line| match asked {
        Asked::Open => line.billed != Some(true),
        Asked::All => line.month.is_some_and(|month| month >= first),
    };
    for lines in lines.chunk_by(|a, b| (a.unit_id, a.fee_item_id) == (b.unit_id, b.fee_item_id)) {
        let Some(line) = lines.first() else { continue };
        let (unit, fee_item) = (line.unit_id, line.fee_item_id);
        let open: Vec<&Line> = lines.iter().filter(|line| wanted(line) && line.usage.is_some()).collect();
        let billed = lines.iter().any(|line| line.billed == Some(true));
        let unread = |lines: &[Line]| lines.iter().all(|line| line.active && line.month != Some(last));
        let reason = if lines.chunk_by(|a, b| a.code == b.code).any(unread) {
            Some(NoUsageReason::NoReading)
        } else if open.iter().any(|line| line.review == Some(true)) {
            Some(NoUsageReason::InReview)
        } else if open.is_empty() && !billed {
            Some(NoUsageReason::NoBaseline)
        } else {
            None
        };
        match reason {
            Some(reason) => none.push(NoUsage { unit, fee_item, reason }),
            None if open.is_empty() => {}
            None => found.push(UsageInput {
                unit,
                fee_item,
                before: Quantity::ZERO,
                registers: by_register(&open)?,
                usage: sum(open.iter().filter_map(|line| line.usage))
                    .ok_or_else(|| Failure::broken("a unit's usage is too large"))?,
                meters: open.iter().filter_map(|line| read(line)).collect(),
                readings: open.iter().filter_map(|line| line.id).collect(),
            }),
        }
    }
    Ok((found, none))
}

/// What these units used in the latest month in which their meters were read, of one fee item or of all.
pub async fn latest_usages<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_item: Option<FeeItemId>,
    units: &[UnitId],
) -> Answer<Vec<(UnitId, Quantity)>> {
    #[derive(FromQueryResult)]
    struct Used {
        unit_id: UnitId,
        used: i64,
    }
    let rows: Vec<Used> = Sql::new("SELECT m.unit_id, CAST(SUM(r.usage) AS bigint) AS used FROM meter m")
        .add(" JOIN reading r ON r.community_id = m.community_id AND r.meter_id = m.id WHERE m.community_id = ")
        .bind(community)
        .some(" AND m.fee_item_id = ?", fee_item)
        .add(" AND m.unit_id IN ")
        .list(units.iter().copied())
        .add(" AND r.usage IS NOT NULL GROUP BY m.unit_id, r.month ORDER BY m.unit_id, r.month DESC")
        .all(db)
        .await?;
    let mut latest: Vec<(UnitId, Quantity)> = Vec::new();
    for row in rows {
        if latest.last().is_none_or(|(last, _)| *last != row.unit_id) {
            latest.push((row.unit_id, Quantity::from_scaled(row.used)));
        }
    }
    Ok(latest)
}

/// What each register counted, where the meters count them apart.
fn by_register(lines: &[&Line]) -> Answer<Vec<RegisterUsage>> {
    let mut registers: Vec<RegisterUsage> = Vec::new();
    for register in Counted::REGISTERS {
        let own = || lines.iter().filter(|line| line.register == register.word());
        if own().next().is_some() {
            let usage =
                sum(own().filter_map(|line| line.usage)).ok_or_else(|| Failure::broken("a register's usage is too large"))?;
            registers.push(RegisterUsage { register: *register, usage });
        }
    }
    Ok(registers)
}

/// What units used of a fee item from one month until before another: where the tiers of a year are filled from.
pub async fn used<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_item: FeeItemId,
    from: Month,
    until: Month,
) -> Answer<Vec<(UnitId, Quantity)>> {
    #[derive(FromQueryResult)]
    struct Used {
        unit_id: UnitId,
        used: i64,
    }
    let rows: Vec<Used> = Sql::new(
        "SELECT m.unit_id, CAST(SUM(r.usage) AS bigint) AS used FROM meter m JOIN reading r ON r.community_id = m.community_id \
         AND r.meter_id = m.id",
    )
    .push(
        " WHERE m.community_id = ? AND m.fee_item_id = ? AND m.role = ? AND m.unit_id IS NOT NULL AND r.usage IS NOT NULL",
        [community.into(), fee_item.into(), Role::Household.word().into()],
    )
    .push(" AND r.month >= ? AND r.month < ?", [from.number().into(), until.number().into()])
    // What came after its bill is billed with the next, and counts there.
    .add(" AND NOT (r.bill_id IS NULL AND EXISTS (SELECT 1 FROM reading b WHERE b.community_id = r.community_id")
    .add(" AND b.meter_id = r.meter_id AND b.day < r.day AND b.bill_id IS NOT NULL)) GROUP BY m.unit_id")
    .all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.unit_id, Quantity::from_scaled(row.used))).collect())
}

fn read(line: &Line) -> Option<MeterRead> {
    Some(MeterRead {
        meter: line.code.clone(),
        previous: line.previous?,
        previous_day: line.previous_day?,
        present: line.value?,
        present_day: line.day?,
        multiplier: line.multiplier?,
        usage: line.usage?,
        mark: match line.mark.as_deref() {
            Some("rolled_over") => Some(MeterMark::RolledOver),
            Some("replaced") => Some(MeterMark::Replaced),
            _ => (line.estimated == Some(true)).then_some(MeterMark::Estimated),
        },
        replaced: line
            .old_final
            .zip(line.old_multiplier)
            .zip(line.new_initial)
            .map(|((old_final, old_multiplier), new_initial)| ReplacedMeter { old_final, old_multiplier, new_initial }),
    })
}

/// The shares of pools that are not billed yet, of a period and of all months before it: which of the earlier ones are late
/// and not just still to come, only billing knows.
pub async fn shares<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
    period: Period,
) -> Answer<Vec<ShareInput>> {
    shares_asked(db, community, fee_items, period, Asked::Open).await
}

/// All shares of pools of a period, billed or not.
pub async fn all_shares<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
    period: Period,
) -> Answer<Vec<ShareInput>> {
    shares_asked(db, community, fee_items, period, Asked::All).await
}

async fn shares_asked<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
    period: Period,
    asked: Asked,
) -> Answer<Vec<ShareInput>> {
    #[derive(FromQueryResult)]
    struct Line {
        id: ApportionmentId,
        name: String,
        fee_item_id: FeeItemId,
        method: String,
        formula: String,
        weights: Quantity,
        pool_quantity: Quantity,
        pool_fen: Money,
        units: i32,
        month: i32,
        unit_id: UnitId,
        weight: Quantity,
        quantity: Quantity,
        amount_fen: Money,
    }
    let (first, last) = (Month::of(period.from).number(), Month::of(period.last_day()).number());
    let sql = Sql::new(
        "SELECT a.id, a.name, a.fee_item_id, a.month, a.method, a.formula, a.weights, a.pool_quantity, a.pool_fen, a.units, s.unit_id, s.weight, s.quantity, \
         s.amount_fen FROM apportionment a JOIN apportionment_share s ON s.community_id = a.community_id AND s.apportionment_id = a.id \
         WHERE a.community_id = ",
    ).bind(community).add(" AND a.month <= ").bind(last).add(" AND (a.month >= ").bind(first).add(match asked {
        Asked::Open => " OR s.amount_fen <> 0) AND s.bill_id IS NULL",
        Asked::All => ")",
    }).add(" AND a.state = ").bind(LIVE).add(" AND a.fee_item_id IN ").list(fee_items.iter().copied()).add(" ORDER BY a.month, a.created_at, a.id, s.unit_id");
    let lines: Vec<Line> = sql.all(db).await?;
    lines
        .into_iter()
        .map(|line| {
            Ok(ShareInput {
                apportionment: line.id,
                unit: line.unit_id,
                fee_item: line.fee_item_id,
                month: Month::from_number(line.month).ok_or_else(|| Failure::broken("an apportionment without a month"))?,
                amount_fen: line.amount_fen,
                trace: ShareTrace {
                    pool: line.name,
                    by: SharedBy::from_word(&line.method).ok_or_else(|| Failure::broken("an apportionment without a method"))?,
                    formula: line.formula,
                    weight: line.weight,
                    weights: line.weights,
                    pool_quantity: line.pool_quantity,
                    pool_fen: line.pool_fen,
                    quantity: line.quantity,
                    units: u32::try_from(line.units).unwrap_or(0),
                },
            })
        })
        .collect()
}

/// Keeps readings and pools of these fee items as they are until the transaction ends: whoever corrects, deletes or takes
/// back waits, and then finds them billed. SQLite has but one writer anyway.
pub async fn hold(work: &Work, community: CommunityId, fee_items: &[FeeItemId]) -> Answer<()> {
    if !work.is_postgres() {
        return Ok(());
    }
    let meters = Sql::new("SELECT id FROM meter WHERE community_id = ")
        .bind(community)
        .add(" AND fee_item_id IN ")
        .list(fee_items.iter().copied())
        .add(" AND role = ")
        .bind(Role::Household.word())
        .add(" ORDER BY id FOR NO KEY UPDATE");
    meters.run(work.db()).await?;
    let pools = Sql::new("SELECT id FROM apportionment WHERE community_id = ")
        .bind(community)
        .add(" AND fee_item_id IN ")
        .list(fee_items.iter().copied())
        .add(" AND state = ")
        .bind(LIVE)
        .add(" ORDER BY id FOR NO KEY UPDATE");
    pools.run(work.db()).await?;
    Ok(())
}

/// How many pairs one statement carries.
const AT_ONCE: usize = 2_000;

/// Locks readings and shares under their bills; refused when one of them is billed by now.
pub async fn mark_billed(
    work: &Work,
    community: CommunityId,
    readings: &[(ReadingId, BillId)],
    shares: &[(ApportionmentId, UnitId, BillId)],
) -> Answer<()> {
    let mut marked = 0;
    for chunk in readings.chunks(AT_ONCE) {
        let mut sql = Sql::new("WITH now (id, bill_id) AS (VALUES ");
        for (place, (reading, bill)) in chunk.iter().enumerate() {
            sql = sql.add(if place > 0 { ", (" } else { "(" }).bind(*reading).add(", ").bind(*bill).add(")");
        }
        sql = sql
            .add(") UPDATE reading SET bill_id = now.bill_id FROM now WHERE reading.community_id = ")
            .bind(community)
            .add(" AND reading.id = now.id AND reading.bill_id IS NULL");
        marked += sql.run(work.db()).await?.rows_affected();
    }
    for chunk in shares.chunks(AT_ONCE) {
        let mut sql = Sql::new("WITH now (apportionment_id, unit_id, bill_id) AS (VALUES ");
        for (place, (apportionment, unit, bill)) in chunk.iter().enumerate() {
            sql = sql
                .add(if place > 0 { ", (" } else { "(" })
                .bind(*apportionment)
                .add(", ")
                .bind(*unit)
                .add(", ")
                .bind(*bill)
                .add(")");
        }
        sql = sql
            .add(") UPDATE apportionment_share SET bill_id = now.bill_id FROM now WHERE apportionment_share.community_id = ")
            .bind(community)
            .add(" AND apportionment_share.apportionment_id = now.apportionment_id AND apportionment_share.unit_id = now.unit_id")
            .add(" AND apportionment_share.bill_id IS NULL AND EXISTS (SELECT 1 FROM apportionment a WHERE a.community_id = ")
            .bind(community)
            .add(" AND a.id = now.apportionment_id AND a.state = ")
            .bind(LIVE)
            .add(")");
        marked += sql.run(work.db()).await?.rows_affected();
    }
    if marked == u64::try_from(readings.len() + shares.len()).unwrap_or(u64::MAX) {
        Ok(())
    } else {
        Err(Problem::conflict("metering.billed_meanwhile", "A reading or share was billed meanwhile").into())
    }
}

/// Frees what stood on these bills: they were voided.
pub async fn free(work: &Work, community: CommunityId, bills: &[BillId]) -> Answer<()> {
    for chunk in bills.chunks(AT_ONCE) {
        for table in ["reading", "apportionment_share"] {
            let sql = Sql::new("UPDATE ")
                .add(table)
                .add(" SET bill_id = NULL WHERE community_id = ")
                .bind(community)
                .add(" AND bill_id IN ")
                .list(chunk.iter().copied());
            sql.run(work.db()).await?;
        }
    }
    Ok(())
}
