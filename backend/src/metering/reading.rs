//! A reading: what a meter showed on a day, and the usage since the one before.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use chrono::{DateTime, Utc};
use common::id::{BillId, CommunityId, EmployeeId, MeterId, ReadingId, ReadingImportId};
use common::metering::Oddity;
use common::metering::book::{PAST_MONTHS, days_between, oddity};
use common::metering::usage::{Mark, Turn, usage};
use common::period::{Day, Month};
use common::problem::Problem;
use common::quantity::Quantity;
use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult, QueryOrder, QuerySelect, Set};

use super::meter;
use crate::sql::Sql;
use crate::{Answer, Failure, Work};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reading")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReadingId,
    pub meter_id: MeterId,
    /// The round that it belongs to.
    pub month: i32,
    pub day: Day,
    pub value: Quantity,
    /// Of the reading before; `None` for the baseline.
    pub previous: Option<Quantity>,
    pub previous_day: Option<Day>,
    /// The meter's when it was read.
    pub multiplier: Quantity,
    pub usage: Option<Quantity>,
    /// `rolled_over`, `replaced`, or empty.
    pub mark: String,
    pub old_final: Option<Quantity>,
    pub old_multiplier: Option<Quantity>,
    pub new_initial: Option<Quantity>,
    /// How it differs from the meter's past; empty where it does not.
    pub odd: String,
    /// Odd and not confirmed: it is not billed.
    pub review: bool,
    pub import_id: Option<ReadingImportId>,
    pub bill_id: Option<BillId>,
    pub note: String,
    /// Nobody read the meter: the value goes by what was used before.
    pub estimated: bool,
    pub created_by: Option<EmployeeId>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(super) fn mark(&self) -> Option<Mark> {
        mark(&self.mark, self.old_final, self.old_multiplier, self.new_initial)
    }
}

/// A mark out of its columns.
pub(super) fn mark(
    word: &str,
    old_final: Option<Quantity>,
    old_multiplier: Option<Quantity>,
    new_initial: Option<Quantity>,
) -> Option<Mark> {
    match word {
        "rolled_over" => Some(Mark::RolledOver),
        "replaced" => Some(Mark::Replaced { old_final: old_final?, old_multiplier: old_multiplier?, new_initial: new_initial? }),
        _ => None,
    }
}

/// A mark as its columns: the word and the three figures.
pub(super) fn columns(mark: Option<Mark>) -> (&'static str, Option<Quantity>, Option<Quantity>, Option<Quantity>) {
    match mark {
        None => ("", None, None, None),
        Some(Mark::RolledOver) => ("rolled_over", None, None, None),
        Some(Mark::Replaced { old_final, old_multiplier, new_initial }) => {
            ("replaced", Some(old_final), Some(old_multiplier), Some(new_initial))
        }
    }
}

/// The reading; 404 where there is none.
pub(super) async fn of(work: &Work, community: CommunityId, reading: ReadingId) -> Answer<Model> {
    Ok(Entity::find_by_id((community, reading)).one(work.db()).await?.ok_or_else(Problem::not_found)?)
}

/// Refuses to touch a reading that a bill stands on.
pub(super) fn unlocked(row: &Model) -> Result<(), Problem> {
    match row.bill_id {
        Some(bill) => Err(Problem::conflict("metering.billed", "The reading is billed").with("day", row.day).with("bill", bill)),
        None => Ok(()),
    }
}

/// The refusal to read a meter of which a month has a reading: what it is, and whose.
pub(super) async fn read_already(work: &Work, community: CommunityId, meter: MeterId, month: Month) -> Answer<Problem> {
    #[derive(FromQueryResult)]
    struct Of {
        value: Quantity,
        day: Day,
        name: Option<String>,
    }
    let of: Option<Of> = Sql::new("SELECT r.value, r.day, e.name FROM reading r LEFT JOIN employee e ON e.id = r.created_by")
        .push(
            " WHERE r.community_id = ? AND r.meter_id = ? AND r.month = ? ORDER BY r.day DESC LIMIT 1",
            [community.into(), meter.into(), month.number().into()],
        )
        .one(work.db())
        .await?;
    let problem = Problem::conflict("metering.read_already", "The meter was read in this month");
    Ok(match of {
        Some(of) => problem.with("value", of.value).with("day", of.day).with("name", of.name.unwrap_or_default()),
        None => problem,
    })
}

/// Derives the usages of the readings from `day` on: the one of that day and the one after it. A change of a reading
/// that is billed, and a reading after it that would run backward, are refused.
pub(super) async fn derive(work: &Work, meter: &meter::Model, day: Day, confirmed: bool) -> Answer<()> {
    let of_meter = || Entity::find().filter(Column::CommunityId.eq(meter.community_id)).filter(Column::MeterId.eq(meter.id));
    let mut before = of_meter().filter(Column::Day.lt(day)).order_by_desc(Column::Day).one(work.db()).await?;
    let rows = of_meter().filter(Column::Day.gte(day)).order_by_asc(Column::Day).limit(2).all(work.db()).await?;
    for row in rows {
        let turn = Turn {
            previous: before.as_ref().map(|before| before.value),
            present: row.value,
            multiplier: row.multiplier,
            digits: meter.digits(),
            mark: row.mark(),
            least: least(work, before.as_ref()).await?,
        };
        let used = usage(&turn).map_err(|no| {
            if row.day == day {
                Problem::invalid(vec![no.problem("value")])
            } else {
                Problem::conflict("metering.breaks_next", "The reading after it would run backward")
                    .with("day", row.day)
                    .with("value", row.value)
            }
        })?;
        let previous_day = before.as_ref().map(|before| before.day);
        if (row.previous, row.previous_day, row.usage) != (turn.previous, previous_day, used) {
            if let Some(bill) = row.bill_id {
                return Err(Problem::conflict("metering.next_billed", "The reading after it is billed")
                    .with("day", row.day)
                    .with("bill", bill)
                    .into());
            }
            let odd = match used {
                Some(used) => {
                    let days = previous_day.map(|before| days_between(before, row.day));
                    oddity(used, &past(work, meter, row.month).await?, days)
                }
                None => None,
            };
            let review = odd.is_some() && !(confirmed && row.day == day);
            Entity::update(ActiveModel {
                community_id: Set(row.community_id),
                id: Set(row.id),
                previous: Set(turn.previous),
                previous_day: Set(previous_day),
                usage: Set(used),
                odd: Set(odd.map_or("", Oddity::word).to_owned()),
                review: Set(review),
                ..Default::default()
            })
            .exec(work.db())
            .await?;
        }
        before = Some(row);
    }
    Ok(())
}

/// Where the reading before is an estimate that is billed: what was truly read before it.
async fn least(work: &Work, before: Option<&Model>) -> Answer<Option<Quantity>> {
    let Some(before) = before.filter(|before| before.estimated && before.bill_id.is_some()) else { return Ok(None) };
    let truly = Entity::find()
        .filter(Column::CommunityId.eq(before.community_id))
        .filter(Column::MeterId.eq(before.meter_id))
        .filter(Column::Day.lt(before.day))
        .filter(Column::Estimated.eq(false))
        .order_by_desc(Column::Day)
        .one(work.db())
        .await?;
    Ok(truly.map(|row| row.value))
}

/// As SQL, of a reading under this name.
pub(super) fn least_of(before: &str) -> String {
    format!(
        "CASE WHEN {before}.estimated AND {before}.bill_id IS NOT NULL THEN (SELECT t.value FROM reading t WHERE t.community_id = \
         {before}.community_id AND t.meter_id = {before}.meter_id AND t.day < {before}.day AND NOT t.estimated \
         ORDER BY t.day DESC LIMIT 1) END AS least"
    )
}

/// The usages of the eleven months before a month, from old to new.
pub(super) async fn past(work: &Work, meter: &meter::Model, month: i32) -> Answer<Vec<Option<Quantity>>> {
    #[derive(FromQueryResult)]
    struct Used {
        month: i32,
        used: Option<Quantity>,
    }
    let month = Month::from_number(month).ok_or_else(|| Failure::broken(format!("no month {month}")))?;
    let months = months_before(month);
    let sql = Sql::new("SELECT month, CAST(SUM(usage) AS bigint) AS used FROM reading WHERE community_id = ")
        .bind(meter.community_id)
        .add(" AND meter_id = ")
        .bind(meter.id)
        .add(" AND month IN ")
        .list(months.iter().map(|month| month.number()))
        .add(" GROUP BY month");
    let rows: Vec<Used> = sql.all(work.db()).await?;
    Ok(months.into_iter().map(|month| rows.iter().find(|row| row.month == month.number()).and_then(|row| row.used)).collect())
}

/// The eleven months before one, from old to new.
pub(super) fn months_before(month: Month) -> Vec<Month> {
    let count = i32::try_from(PAST_MONTHS).unwrap_or(0);
    (1..=count).rev().map(|back| month.plus(-back)).collect()
}
