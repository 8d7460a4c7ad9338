//! What billing asks metering for: usages and shares, those that are open and all of them.

use common::charging::rate::Counted;
use common::charging::usage::{
    MeterMark, MeterRead, NoUsage, NoUsageReason, RegisterUsage, ReplacedMeter, ShareInput, ShareTrace, SharedBy, UsageInput,
};
use common::id::{ApportionmentId, CommunityId, FeeItemId, ReadingId, UnitId};
use common::metering::usage::sum;
use common::metering::{Role, Utility};
use common::money::Money;
use common::period::{Day, Month, Period};
use common::quantity::{Price, Quantity};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::apportionment::LIVE;
use crate::sql::Sql;
use crate::{Answer, Failure, charging};

/// A reading that is late for a fee item by other meters is at most so many months old.
const LATE_MONTHS: i32 = 24;

/// Which readings and shares of a period are wanted.
#[derive(Clone, Copy)]
enum Asked {
    /// Those that are not billed yet, of earlier months too where they came late.
    Open,
    /// Those of the period, billed or not.
    All,
}

/// Whose meters count, and for which fee item.
#[derive(Clone, Copy)]
pub enum Metered<'a> {
    /// Those of the fee items themselves.
    Own(&'a [FeeItemId]),
    /// Those of a utility, for a fee item that has none.
    Of(Utility, FeeItemId),
}

impl Metered<'_> {
    /// Narrows meters `m`.
    fn narrow(self, sql: Sql) -> Sql {
        match self {
            Self::Own(fee_items) => sql.add(" AND m.fee_item_id IN ").list(fee_items.iter().copied()),
            Self::Of(utility, _) => sql.add(" AND m.utility = ").bind(utility.word()),
        }
    }

    /// Whether a reading under this name is billed. The bill that locks a reading may be that of a fee item by other meters.
    fn billed(self, sql: Sql, of: &str) -> Sql {
        let charged =
            format!("(SELECT 1 FROM reading_charged c WHERE c.community_id = {of}.community_id AND c.reading_id = {of}.id");
        match self {
            Self::Own(_) => {
                sql.add(&format!("({of}.bill_id IS NOT NULL AND NOT EXISTS {charged} AND c.bill_id = {of}.bill_id))"))
            }
            Self::Of(_, fee_item) => sql.add(&format!("EXISTS {charged} AND c.fee_item_id = ")).bind(fee_item).add(")"),
        }
    }

    /// Whether a reading under this name came to nothing in a run.
    fn settled(self, sql: Sql, of: &str) -> Sql {
        let sql = sql.add(&format!(
            "EXISTS (SELECT 1 FROM reading_settled s WHERE s.community_id = {of}.community_id AND s.reading_id = {of}.id"
        ));
        match self {
            Self::Own(fee_items) => sql.add(" AND s.fee_item_id IN ").list(fee_items.iter().copied()),
            Self::Of(_, fee_item) => sql.add(" AND s.fee_item_id = ").bind(fee_item),
        }
    }

    /// Whether a reading under this name came to nothing in a run of a month before `first`, and with it all that this run priced
    /// together still do. A run of the same month prices them again.
    fn comes_to_nothing(self, sql: Sql, of: &str, first: Month) -> Sql {
        self.settled(sql, of)
            .push(" AND s.month < ?", [first.number().into()])
            .add(" AND NOT EXISTS (SELECT 1 FROM reading_settled t JOIN reading q ON q.community_id = t.community_id AND q.id = t.reading_id")
            .add(" WHERE t.community_id = s.community_id AND t.fee_item_id = s.fee_item_id AND t.unit_id = s.unit_id AND t.month = s.month")
            .add(" AND (q.usage IS NULL OR q.usage <> t.usage)))")
    }

    /// Whether billing of its meter had begun when a reading under this name came: one of before is billed, or it or one of before
    /// came to nothing.
    fn begun(self, sql: Sql, of: &str) -> Sql {
        let sql = sql.add(&format!("EXISTS (SELECT 1 FROM reading b WHERE b.community_id = {of}.community_id"));
        let sql = sql.add(&format!(" AND b.meter_id = {of}.meter_id AND b.day <= {of}.day AND ((b.day < {of}.day AND "));
        self.settled(self.billed(sql, "b").add(") OR "), "b").add(")))")
    }

    /// Adds the readings of months before `first` that came after their bill: not billed, where an earlier one of the meter is. A
    /// month in which nothing was used, or all of it was free, is over: the next bill does not reach back over it.
    fn late(self, mut sql: Sql, columns: &str, community: CommunityId, first: Month) -> Sql {
        // Readings that only bills of other fee items lock are looked for apart, so that an index finds those that none locks.
        let locked = "reading_charged c JOIN reading o ON o.community_id = c.community_id AND o.id = c.reading_id \
                      AND o.bill_id = c.bill_id WHERE o.community_id = ";
        let of_meters = "meter l JOIN reading o ON o.community_id = l.community_id AND o.meter_id = l.id WHERE l.community_id = ";
        let sources: &[&str] = match self {
            Self::Own(_) => &["reading o WHERE o.bill_id IS NULL AND o.community_id = ", locked],
            Self::Of(..) => &[of_meters],
        };
        for source in sources {
            sql =
                self.billed(sql.add(" UNION ALL SELECT ").add(columns), "o").add(" AS billed FROM ").add(source).bind(community);
            if let Self::Of(utility, _) = self {
                sql = sql.add(" AND l.utility = ").bind(utility.word()).add(" AND l.role = ").bind(Role::Household.word());
                sql = self.billed(sql.push(" AND o.month >= ? AND NOT ", [first.plus(-LATE_MONTHS).number().into()]), "o");
            }
            sql = sql.push(" AND o.month < ?", [first.number().into()]);
            sql = self.begun(sql.add(" AND o.usage <> 0 AND "), "o");
            sql = self.comes_to_nothing(sql.add(" AND NOT "), "o", first);
        }
        sql
    }
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
    whose: Metered<'_>,
    period: Period,
) -> Answer<(Vec<UsageInput>, Vec<NoUsage>)> {
    usages_asked(db, community, whose, period, Asked::Open).await
}

/// All usages of a period, billed or not: to try other prices on them.
pub async fn all_usages<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    whose: Metered<'_>,
    period: Period,
) -> Answer<(Vec<UsageInput>, Vec<NoUsage>)> {
    usages_asked(db, community, whose, period, Asked::All).await
}

async fn usages_asked<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    whose: Metered<'_>,
    period: Period,
    asked: Asked,
) -> Answer<(Vec<UsageInput>, Vec<NoUsage>)> {
    let (begin, last) = (Month::of(period.from), Month::of(period.last_day()).number());
    let first = begin.number();
    let columns = "o.id, o.meter_id, o.month, o.value, o.day, o.previous, o.previous_day, o.multiplier, o.usage, o.mark, o.old_final, \
                   o.old_multiplier, o.new_initial, o.estimated, o.review, ";
    let sql = Sql::new(
        "SELECT m.unit_id, m.fee_item_id, m.code, m.register, m.active, r.id, r.month, r.value, r.day, r.previous, r.previous_day, r.multiplier, \
         r.usage, r.mark, r.old_final, r.old_multiplier, r.new_initial, r.estimated, r.review, r.billed FROM meter m LEFT JOIN (SELECT ",
    )
    .add(columns);
    let sql = whose.billed(sql, "o").push(
        " AS billed FROM reading o WHERE o.community_id = ? AND o.month BETWEEN ? AND ?",
        [community.into(), first.into(), last.into()],
    );
    let sql = whose.late(sql, columns, community, begin).add(") r ON r.meter_id = m.id WHERE m.community_id = ").bind(community);
    let sql = sql.add(" AND m.role = ").bind(Role::Household.word()).add(" AND m.unit_id IS NOT NULL");
    let sql = whose.narrow(sql).add(" AND (m.active = ").bind(true).add(" OR r.id IS NOT NULL)");
    let sql = sql.add(match whose {
        Metered::Own(_) => " ORDER BY m.unit_id, m.fee_item_id, m.code, r.day",
        Metered::Of(..) => " ORDER BY m.unit_id, m.code, r.day",
    });
    let mut lines: Vec<Line> = sql.all(db).await?;
    let is_late = |line: &Line| line.month.is_some_and(|month| month < first);
    if let Metered::Of(utility, fee_item) = whose
        && lines.iter().any(is_late)
    {
        // The meters are read for others, too: what was used while the fee item was not charged is nobody's.
        let charged = charging::charged_by(db, community, fee_item, utility).await?;
        lines.retain(|line| {
            let month = line.month.filter(|_| is_late(line)).and_then(Month::from_number);
            month.is_none_or(|month| charged.on_some_day(line.unit_id, month.period()))
        });
    }
    let mut found = Vec::new();
    let mut none = Vec::new();
    let wanted = |line: &Line| match asked {
        Asked::Open => line.billed != Some(true),
        Asked::All => line.month.is_some_and(|month| month >= first),
    };
    let of = |line: &Line| match whose {
        Metered::Own(_) => line.fee_item_id,
        Metered::Of(_, fee_item) => fee_item,
    };
    for lines in lines.chunk_by(|a, b| (a.unit_id, of(a)) == (b.unit_id, of(b))) {
        let Some(line) = lines.first() else { continue };
        let (unit, fee_item) = (line.unit_id, of(line));
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

/// What these units used in the latest month in which their meters were read, by some meters or by all.
pub async fn latest_usages<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    whose: Option<Metered<'_>>,
    units: &[UnitId],
) -> Answer<Vec<(UnitId, Quantity)>> {
    #[derive(FromQueryResult)]
    struct Used {
        unit_id: UnitId,
        used: i64,
    }
    let sql = Sql::new("SELECT m.unit_id, CAST(SUM(r.usage) AS bigint) AS used FROM meter m")
        .add(" JOIN reading r ON r.community_id = m.community_id AND r.meter_id = m.id WHERE m.community_id = ")
        .bind(community);
    let sql = if let Some(whose) = whose { whose.narrow(sql) } else { sql };
    let rows: Vec<Used> = sql
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

/// What units used by these meters from one month until before another: where the tiers of a year are filled from.
pub async fn used<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    whose: Metered<'_>,
    from: Month,
    until: Month,
) -> Answer<Vec<(UnitId, Quantity)>> {
    #[derive(FromQueryResult)]
    struct Used {
        unit_id: UnitId,
        used: i64,
    }
    let sql = Sql::new(
        "SELECT m.unit_id, CAST(SUM(r.usage) AS bigint) AS used FROM meter m JOIN reading r ON r.community_id = m.community_id \
         AND r.meter_id = m.id",
    )
    .push(
        " WHERE m.community_id = ? AND m.role = ? AND m.unit_id IS NOT NULL AND r.usage IS NOT NULL",
        [community.into(), Role::Household.word().into()],
    );
    let sql = whose.narrow(sql).push(" AND r.month >= ? AND r.month < ?", [from.number().into(), until.number().into()]);
    // What came after its bill is billed with the next, and counts there.
    let sql = whose.billed(sql.add(" AND NOT (NOT "), "r");
    let sql = whose.comes_to_nothing(sql.add(" AND NOT "), "r", until);
    let sql = whose.begun(sql.add(" AND "), "r").add(") GROUP BY m.unit_id");
    let rows: Vec<Used> = sql.all(db).await?;
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
        utility: Option<String>,
        price: Option<Price>,
    }
    let (first, last) = (Month::of(period.from).number(), Month::of(period.last_day()).number());
    let sql = Sql::new(
        "SELECT a.id, a.name, a.fee_item_id, a.month, a.method, a.formula, a.weights, a.pool_quantity, a.pool_fen, a.units, s.unit_id, s.weight, s.quantity, \
         s.amount_fen, a.utility, a.price FROM apportionment a JOIN apportionment_share s ON s.community_id = a.community_id AND s.apportionment_id = a.id \
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
                    utility: line.utility.as_deref().and_then(Utility::from_word).map(Utility::kind),
                    price: line.price,
                    apportionment: None,
                },
            })
        })
        .collect()
}
