//! The meter reader's book, out of the database.

use std::collections::HashMap;

use common::id::{CommunityId, MeterId};
use common::metering::api::{FirstReading, OpenBook};
use common::metering::book::{Book, KnownMeter};
use common::period::{Day, Month};
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::meter;
use super::reading::{least_of, months_before};
use crate::sql::Sql;
use crate::{Answer, App, Who};

pub(super) async fn open_book(app: App, who: Who, ask: OpenBook) -> Answer<Book> {
    of(app.db(), &who, ask.community, ask.month).await
}

#[derive(FromQueryResult)]
struct Line {
    id: MeterId,
    code: String,
    role: String,
    utility: String,
    place: String,
    register: String,
    unit_code: Option<String>,
    unit_label: Option<String>,
    multiplier: Quantity,
    digits: i32,
    value: Option<Quantity>,
    day: Option<Day>,
    least: Option<Quantity>,
}

#[derive(FromQueryResult)]
struct Used {
    meter_id: MeterId,
    month: i32,
    value: Quantity,
    used: Option<Quantity>,
}

/// All meters in use that the caller sees, with their latest reading and their past before a month.
pub(super) async fn of<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId, month: Month) -> Answer<Book> {
    chosen(db, who, community, month, None).await
}

/// The same of one meter; `None` where it is not in use, or out of sight.
pub(super) async fn of_one<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    month: Month,
    meter: MeterId,
) -> Answer<Option<KnownMeter>> {
    Ok(chosen(db, who, community, month, Some(meter)).await?.meters.pop())
}

async fn chosen<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    community: CommunityId,
    month: Month,
    one: Option<MeterId>,
) -> Answer<Book> {
    let months = months_before(month);
    let sql = Sql::new(
        "SELECT meter_id, month, MAX(value) AS value, CAST(SUM(usage) AS bigint) AS used FROM reading WHERE community_id = ",
    )
    .bind(community)
    .add(" AND month BETWEEN ")
    .bind(months.first().map_or(0, |first| first.number()))
    .add(" AND ")
    .bind(month.number())
    .some(" AND meter_id = ?", one)
    .add(" GROUP BY meter_id, month");
    let used: Vec<Used> = sql.all(db).await?;
    let place: HashMap<i32, usize> = months.iter().enumerate().map(|(place, month)| (month.number(), place)).collect();
    let mut past: HashMap<MeterId, Vec<Option<Quantity>>> = HashMap::new();
    let mut read: HashMap<MeterId, Quantity> = HashMap::new();
    for row in used {
        match place.get(&row.month) {
            Some(place) => {
                let past = past.entry(row.meter_id).or_insert_with(|| vec![None; months.len()]);
                if let Some(usage) = past.get_mut(*place) {
                    *usage = row.used;
                }
            }
            None => {
                read.insert(row.meter_id, row.value);
            }
        }
    }
    let sql = Sql::new(
        "SELECT m.id, m.code, m.role, m.utility, m.place, m.register, u.code AS unit_code, u.label AS unit_label, m.multiplier, m.digits, ",
    )
    .add(&least_of("r"))
    .add(
        ", r.value, r.day FROM meter m LEFT JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id \
         LEFT JOIN reading r ON r.community_id = m.community_id AND r.id = (SELECT l.id FROM reading l \
         WHERE l.community_id = m.community_id AND l.meter_id = m.id ORDER BY l.day DESC LIMIT 1) WHERE m.community_id = ",
    )
    .bind(community)
    .add(" AND m.active = ")
    .bind(true)
    .within("m.building_id", &who.scope.buildings(community))
    .some(" AND m.id = ?", one)
    .add(" ORDER BY m.sort_key, m.code");
    let lines: Vec<Line> = sql.all(db).await?;
    let meters = lines
        .into_iter()
        .map(|line| {
            Ok(KnownMeter {
                id: line.id,
                code: line.code,
                role: meter::role(&line.role)?,
                utility: meter::utility(&line.utility)?,
                unit_code: line.unit_code.unwrap_or_default(),
                label: line.unit_label.unwrap_or(line.place),
                register: meter::register(&line.register)?,
                multiplier: line.multiplier,
                digits: u32::try_from(line.digits).unwrap_or(0),
                last: line.value.zip(line.day).map(|(value, day)| FirstReading { value, day }),
                least: line.least,
                read: read.remove(&line.id),
                past: past.remove(&line.id).unwrap_or_default(),
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    Ok(Book { month, meters })
}
