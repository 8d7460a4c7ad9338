//! Lists and searches of bills, through the router, against queries that somebody wrote by hand for each very case.

use std::time::Instant;

use backend::sql::Sql;
use common::billing::api::{BillFilter, ListBills};
use common::id::{BuildingId, CommunityId};
use sea_orm::{ConnectionTrait as _, DbErr, FromQueryResult, QueryResult, TransactionTrait as _};

use crate::desk::{Desk, said};
use crate::{Outcome, micros, percentile};

/// Eleven of twelve bills of the months before the last are paid. The books don't follow: only lists are measured here.
pub(crate) async fn settle(url: &str) -> Outcome<String> {
    let desk = Desk::open(url).await?;
    let start = Instant::now();
    let transaction = desk.app.db().begin().await?;
    transaction
        .execute_unprepared(
            "UPDATE bill SET paid_fen = amount_fen, open_fen = 0, state = 'settled' \
             WHERE month < (SELECT MAX(month) FROM bill) AND (amount_fen + CAST(substr(number, 10) AS bigint)) % 12 > 0",
        )
        .await?;
    transaction.commit().await?;
    desk.app.db().execute_unprepared("ANALYZE").await?;
    let bills = Sql::new("SELECT COUNT(*) AS number FROM bill").number(desk.app.db()).await.map_err(said)?;
    Ok(format!(r#"{{"bills":{bills},"micros":{}}}"#, micros(start)))
}

#[derive(FromQueryResult)]
struct Building {
    id: BuildingId,
}

/// A row that is fetched and not looked at.
struct Any;

impl FromQueryResult for Any {
    fn from_query_result(_: &QueryResult, _: &str) -> Result<Self, DbErr> {
        Ok(Self)
    }
}

/// A way to look for bills: what is asked of the server, and what a person would have written instead. `?` are bound.
struct Case {
    name: &'static str,
    ask: Box<dyn Fn(u32) -> ListBills>,
    by_hand: Box<dyn Fn(u32) -> Sql>,
}

/// What a row of the list shows, for those bills that `b` is.
fn shown(inner: Sql, order: &str) -> Sql {
    Sql::new(
        "SELECT b.id, b.number, b.unit_id, u.label, (SELECT r.name FROM occupancy o JOIN resident r \
         ON r.community_id = o.community_id AND r.id = o.resident_id WHERE o.community_id = b.community_id \
         AND o.unit_id = b.unit_id AND o.role = 'owner' AND o.to_day IS NULL LIMIT 1) AS holder, b.fee_item_id, f.name, b.month, \
         b.period_from, b.period_to, b.due_day, b.amount_fen, b.waived_fen, b.paid_fen, b.open_fen, b.state FROM (",
    )
    .join(inner)
    .add(
        ") b JOIN unit u ON u.community_id = b.community_id AND u.id = b.unit_id \
          JOIN fee_item f ON f.community_id = b.community_id AND f.id = b.fee_item_id ORDER BY ",
    )
    .add(order)
}

pub(crate) async fn measure(url: &str, times: u32) -> Outcome<String> {
    let desk = Desk::open(url).await?;
    let community = desk.community().await?;
    let buildings: Vec<Building> =
        Sql::new("SELECT id FROM building ORDER BY sort_key").all(desk.app.db()).await.map_err(said)?;
    let buildings: Vec<BuildingId> = buildings.into_iter().map(|row| row.id).collect();
    let bills = Sql::new("SELECT COUNT(*) AS number FROM bill").number(desk.app.db()).await.map_err(said)?;
    let mut lines = Vec::new();
    for case in cases(community, buildings) {
        let (mut ours, mut by_hand) = (Vec::new(), Vec::new());
        let mut rows = 0;
        for turn in 0..times {
            let ask = (case.ask)(turn);
            let start = Instant::now();
            let answer = desk.asks(&ask).await?;
            ours.push(micros(start));
            rows += serde_json::from_slice::<serde_json::Value>(&answer)?
                .get("rows")
                .and_then(|rows| rows.as_array())
                .map_or(0, Vec::len);
            let sql = (case.by_hand)(turn);
            let start = Instant::now();
            let found: Vec<Any> = sql.all(desk.app.db()).await.map_err(said)?;
            by_hand.push(micros(start));
            if found.is_empty() && rows > 0 && turn == 0 {
                return Err(format!("{}: the query written by hand found nothing", case.name).into());
            }
        }
        lines.push(format!(
            r#"{{"case":"{}","rows":{},"p50":{},"p99":{},"hand_p50":{},"hand_p99":{}}}"#,
            case.name,
            rows / times.max(1) as usize,
            percentile(&mut ours, 50),
            percentile(&mut ours, 99),
            percentile(&mut by_hand, 50),
            percentile(&mut by_hand, 99)
        ));
    }
    Ok(format!(r#"{{"bills":{bills},"cases":[{}]}}"#, lines.join(",")))
}

fn cases(community: CommunityId, buildings: Vec<BuildingId>) -> Vec<Case> {
    let all = ListBills { size: Some(50), ..ListBills::of(community) };
    let of = move |sql: &str| Sql::new("SELECT * FROM bill b WHERE b.community_id = ").bind(community).add(sql);
    let newest = "b.month DESC, b.number DESC";
    let building = {
        let buildings = buildings.clone();
        move |turn: u32| buildings.get(turn as usize % buildings.len().max(1)).copied().unwrap_or(BuildingId(uuid::Uuid::nil()))
    };
    let (building_asked, building_by_hand) = (building.clone(), building);
    let room = |turn: u32| format!("{}-1-{}{:02}", turn % 200 + 1, turn % 25 + 1, turn % 20 + 1);
    let (room_ask, name_ask, number_ask) = (all.clone(), all.clone(), all.clone());
    vec![
        Case {
            name: "the newest, pages 1 to 20",
            ask: {
                let all = all.clone();
                Box::new(move |turn| ListBills { page: Some(turn % 20 + 1), ..all.clone() })
            },
            by_hand: Box::new(move |turn| {
                shown(of(" ORDER BY b.month DESC, b.number DESC LIMIT 51 OFFSET ").bind(i64::from(turn % 20 * 50)), newest)
            }),
        },
        Case {
            name: "unpaid of a building",
            ask: {
                let all = all.clone();
                Box::new(move |turn| ListBills {
                    state: Some(BillFilter::Unpaid),
                    building: Some(building_asked(turn)),
                    ..all.clone()
                })
            },
            by_hand: Box::new(move |turn| {
                let inner = of(" AND b.building_id = ").bind(building_by_hand(turn));
                shown(inner.add(" AND b.open_fen > 0 ORDER BY b.month DESC, b.number DESC LIMIT 51"), newest)
            }),
        },
        Case {
            name: "overdue, the longest first",
            ask: {
                let all = all.clone();
                Box::new(move |turn| ListBills {
                    state: Some(BillFilter::Overdue),
                    sort: Some("due_day".to_owned()),
                    page: Some(turn % 5 + 1),
                    ..all.clone()
                })
            },
            by_hand: Box::new(move |turn| {
                let inner = of(" AND b.open_fen > 0 AND b.due_day < ").bind(common::period::Day::from_ymd_opt(2030, 1, 1));
                let page = inner.add(" ORDER BY b.due_day, b.id LIMIT 51 OFFSET ").bind(i64::from(turn % 5 * 50));
                shown(page, "b.due_day, b.id")
            }),
        },
        Case {
            name: "the largest amounts",
            ask: {
                let all = all.clone();
                Box::new(move |turn| ListBills { sort: Some("-amount_fen".to_owned()), page: Some(turn % 5 + 1), ..all.clone() })
            },
            by_hand: Box::new(move |turn| {
                let page = of(" ORDER BY b.amount_fen DESC, b.id DESC LIMIT 51 OFFSET ").bind(i64::from(turn % 5 * 50));
                shown(page, "b.amount_fen DESC, b.id DESC")
            }),
        },
        Case {
            name: "a month, by room",
            ask: Box::new(move |turn| ListBills {
                from_month: "2025-01".parse().ok(),
                to_month: "2025-01".parse().ok(),
                sort: Some("room".to_owned()),
                page: Some(turn % 5 + 1),
                ..all.clone()
            }),
            by_hand: Box::new(move |turn| {
                let inner = Sql::new(
                    "SELECT b.*, x.sort_key FROM unit x CROSS JOIN bill b WHERE b.community_id = x.community_id \
                     AND b.unit_id = x.id AND b.month = 202501 AND x.community_id = ",
                )
                .bind(community)
                .add(" ORDER BY x.sort_key, b.month DESC, b.number LIMIT 51 OFFSET ")
                .bind(i64::from(turn % 5 * 50));
                shown(inner, "u.sort_key, b.month DESC, b.number")
            }),
        },
        Case {
            name: "search: a room",
            ask: Box::new(move |turn| ListBills { search: Some(room(turn)), ..room_ask.clone() }),
            by_hand: Box::new(move |turn| {
                let inner =
                    of(" AND b.unit_id IN (SELECT id FROM unit WHERE community_id = ").bind(community).add(" AND code = ");
                shown(inner.bind(room(turn)).add(") ORDER BY b.month DESC, b.number DESC LIMIT 51"), newest)
            }),
        },
        Case {
            name: "search: a name",
            ask: Box::new(move |turn| ListBills { search: Some(format!("王{:05}", turn * 4)), ..name_ask.clone() }),
            by_hand: Box::new(move |turn| {
                let inner = of(
                    " AND b.unit_id IN (SELECT o.unit_id FROM resident r JOIN occupancy o ON o.community_id = r.community_id \
                     AND o.resident_id = r.id WHERE r.community_id = ",
                )
                .bind(community)
                .add(" AND r.name = ");
                let inner = inner.bind(format!("王{:05}", turn * 4));
                shown(inner.add(") ORDER BY b.month DESC, b.number DESC LIMIT 51"), newest)
            }),
        },
        Case {
            name: "search: a number",
            ask: Box::new(move |turn| ListBills { search: Some(format!("ZD202501-{:06}", turn * 37 + 1)), ..number_ask.clone() }),
            by_hand: Box::new(move |turn| {
                shown(of(" AND b.month = 202501 AND b.number = ").bind(format!("ZD202501-{:06}", turn * 37 + 1)), newest)
            }),
        },
    ]
}
