//! Readings that wait for a second look, each beside its meter's own past.

use std::collections::{HashMap, HashSet};

use common::api::{Listing as _, Page};
use common::id::{MeterId, ReadingId};
use common::metering::api::{ListReadings, ListReviews, ReadingRow, ReadingState, ReviewRow};
use common::metering::book::average;
use common::quantity::Quantity;
use sea_orm::FromQueryResult;

use super::reading::months_before;
use super::{reread, round, rounds};
use crate::sql::Sql;
use crate::{Answer, App, Who};

pub(super) async fn list_reviews(app: App, who: Who, ask: ListReviews) -> Answer<Page<ReviewRow>> {
    let paging = ask.paging();
    let of = ListReadings {
        community: ask.community,
        month: ask.month,
        meter: None,
        building: ask.building,
        role: None,
        utility: ask.utility,
        state: Some(ReadingState::Review),
        search: None,
        page: None,
        size: None,
        sort: None,
    };
    let total = round::count(&app, &who, &of).await?;
    let readings = round::page(&app, &who, &of, &paging).await?;
    let mut past = past(&app, &ask, &readings).await?;
    let ids: Vec<_> = readings.iter().map(|reading| reading.id).collect();
    let mut rereads = reread::answered(&app, &who, ask.community, &ids).await?;
    let own = reread::own(app.db(), &who, ask.community, &ids).await?;
    let own: HashSet<ReadingId> = own.into_iter().filter(|own| !own.others.is_empty()).map(|own| own.id).collect();
    let read: Vec<_> = readings.iter().map(|reading| (reading.meter, reading.month)).collect();
    let assigned = rounds::assigned(app.db(), ask.community, &read).await?;
    let rows: Vec<ReviewRow> = readings
        .into_iter()
        .map(|reading| {
            let used = past.remove(&reading.meter).unwrap_or_default();
            let months = months_before(reading.month);
            let past: Vec<Option<Quantity>> = months.iter().map(|month| used.get(&month.number()).copied()).collect();
            ReviewRow {
                usual: average(&past),
                past,
                reread: rereads.remove(&reading.id),
                own: own.contains(&reading.id),
                reader: assigned.get(&(reading.meter, reading.month)).copied(),
                reading,
            }
        })
        .collect();
    Ok(Page { more: paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total, rows, total: Some(total) })
}

/// What the meters of a page used, by month: one question for all of them.
async fn past(app: &App, ask: &ListReviews, readings: &[ReadingRow]) -> Answer<HashMap<MeterId, HashMap<i32, Quantity>>> {
    #[derive(FromQueryResult)]
    struct Used {
        meter_id: MeterId,
        month: i32,
        used: Option<Quantity>,
    }
    let first = readings.iter().filter_map(|reading| months_before(reading.month).first().map(|month| month.number())).min();
    let rows: Vec<Used> =
        Sql::new("SELECT meter_id, month, CAST(SUM(usage) AS bigint) AS used FROM reading WHERE community_id = ")
            .bind(ask.community)
            .add(" AND meter_id IN ")
            .list(readings.iter().map(|reading| reading.meter))
            .add(" AND month >= ")
            .bind(first.unwrap_or(0))
            .add(" GROUP BY meter_id, month")
            .all(app.db())
            .await?;
    let mut past: HashMap<MeterId, HashMap<i32, Quantity>> = HashMap::new();
    for row in rows {
        if let Some(used) = row.used {
            past.entry(row.meter_id).or_default().insert(row.month, used);
        }
    }
    Ok(past)
}
