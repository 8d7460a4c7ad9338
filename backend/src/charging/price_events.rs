//! Who set or ended prices, and all prices as a workbook.

use std::collections::HashMap;

use axum::extract::{Request, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use common::api::Paging;
use common::charging::api::{EndPrice, ListFeeItems, ListPriceEvents, PriceDeed, PriceEvent, PriceScope, ResumedPrice, SetPrice};
use common::charging::explain::{rate_text, rate_unit};
use common::charging::price::PriceScopeKind;
use common::charging::tariff::{FeeItemKind, TariffRules};
use common::id::{CommunityId, PriceId, TariffId};
use common::period::Day;
use common::text::{Language, text, text_with};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::price::{BUILDING, PriceRecord, SELECT};
use crate::export::{Export, answer, asked, one_sheet};
use crate::sql::Sql;
use crate::workbook::{Col, Kind, Value};
use crate::{Answer, App, Failure, Who};

/// The most events that are told.
const MOST: u64 = 200;

/// What people call the place of a price `p`, and its floor apart; none for the community.
const PLACE: &str = "COALESCE((SELECT b.name FROM building b WHERE b.community_id = p.community_id AND b.id = p.building_id), \
    (SELECT b.name || ' ' || e.name FROM entrance e JOIN building b ON b.community_id = e.community_id AND b.id = e.building_id \
    WHERE e.community_id = p.community_id AND e.id = p.entrance_id), \
    (SELECT u.label FROM unit u WHERE u.community_id = p.community_id AND u.id = p.unit_id)) AS place";

#[derive(FromQueryResult)]
struct Event {
    subject_id: PriceId,
    at: DateTime<Utc>,
    action: String,
    after: Option<String>,
    set_by: Option<String>,
}

#[derive(FromQueryResult)]
struct Place {
    id: PriceId,
    place: Option<String>,
}

/// ` AND …`: the community's prices, and those within the caller's scope.
fn seen(sql: Sql, who: &Who, community: CommunityId) -> Sql {
    sql.push(" AND (p.scope = ? OR (1 = 1", [PriceScopeKind::Community.word().into()])
        .within(BUILDING, &who.scope.buildings(community))
        .add("))")
}

async fn places<C: ConnectionTrait>(db: &C, who: &Who, community: CommunityId) -> Answer<HashMap<PriceId, Option<String>>> {
    let sql = Sql::new("SELECT p.id, ").add(PLACE).push(" FROM price p WHERE p.community_id = ?", [community.into()]);
    let rows: Vec<Place> = seen(sql, who, community).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.place)).collect())
}

/// Who set or ended prices of a tariff, and which went on, the newest first.
pub(super) async fn list_price_events(app: App, who: Who, ask: ListPriceEvents) -> Answer<Vec<PriceEvent>> {
    let (db, community) = (app.db(), ask.community);
    let of_tariff = |sql: Sql| {
        let sql = sql.push(" WHERE p.community_id = ? AND p.tariff_id = ?", [community.into(), ask.tariff.into()]);
        seen(sql, &who, community)
    };
    let prices: Vec<PriceRecord> = of_tariff(Sql::new(SELECT)).all(db).await?;
    let prices: HashMap<PriceId, PriceRecord> = prices.into_iter().map(|price| (price.id, price)).collect();
    let events = Sql::new("SELECT a.subject_id, a.at, a.action, a.after, e.name AS set_by FROM price p")
        .add(" JOIN audit a ON a.subject_id = p.id AND a.community_id = p.community_id")
        .add(" AND a.action IN ('charging.set_price', 'charging.end_price', 'charging.resume_price') LEFT JOIN employee e ON e.id = a.employee_id");
    let events: Vec<Event> = of_tariff(events).add(" ORDER BY a.at DESC, a.id DESC").page(MOST, 0).all(db).await?;
    let places = places(db, &who, community).await?;
    let mut told = Vec::with_capacity(events.len());
    for event in events {
        let Some(price) = prices.get(&event.subject_id) else { continue };
        let after = event.after.as_deref().unwrap_or("null");
        let (deed, from, to): (PriceDeed, Day, Option<Day>) = match event.action.as_str() {
            "charging.set_price" => {
                let set: SetPrice = serde_json::from_str(after)?;
                (PriceDeed::Set, set.from, set.to)
            }
            "charging.resume_price" => {
                let ResumedPrice { from, to } = serde_json::from_str(after)?;
                (PriceDeed::Resumed, from, to)
            }
            _ => {
                let ended: EndPrice = serde_json::from_str(after)?;
                (PriceDeed::Ended, price.from_day, Some(ended.to))
            }
        };
        told.push(PriceEvent {
            at: event.at,
            by: event.set_by,
            deed,
            scope: price.scope()?,
            place: places.get(&price.id).cloned().flatten(),
            rate: price.rate()?,
            from,
            to,
            reason: if deed == PriceDeed::Set { price.reason.clone() } else { String::new() },
        });
    }
    Ok(told)
}

/// All prices of all tariffs.
pub(super) async fn export(State(app): State<App>, request: Request) -> Response {
    answer(book(&app, request).await, "charging-prices")
}

#[derive(FromQueryResult)]
struct TariffLine {
    id: TariffId,
    name: String,
    rules: String,
    fee_item_name: String,
    kind: String,
}

/// A price with the names around it.
struct Line {
    fee_item: String,
    tariff: String,
    scope: String,
    place: Option<String>,
    rate: String,
    unit: String,
    from: Day,
    to: Option<Day>,
    reason: String,
    set_by: Option<String>,
}

async fn book(app: &App, request: Request) -> Answer<(Vec<u8>, Language)> {
    let Export { who, ask, language } = asked::<ListFeeItems>(app, request).await?;
    let lines = lines(app, &who, &ask, language).await?;
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("charging-fee-item"), Kind::Text),
        Col::new(say("charging-tariff"), Kind::Text),
        Col::new(say("charging-scope"), Kind::Text),
        Col::new(say("charging-scope-unit"), Kind::Text),
        Col::new(say("charging-price"), Kind::Text),
        Col::new(say("charging-unit"), Kind::Text),
        Col::new(say("charging-from"), Kind::Day),
        Col::new(say("charging-to"), Kind::Day),
        Col::new(say("charging-reason"), Kind::Text),
        Col::new(say("charging-set-by"), Kind::Text),
    ];
    let lines = &lines;
    let read = |paging: Paging| async move {
        let first = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(paging.size).unwrap_or(usize::MAX);
        Ok(lines.iter().skip(first).take(size).collect::<Vec<_>>())
    };
    one_sheet(&say("charging-prices"), cols, language, None, read, |line: &&Line| cells(line)).await
}

fn cells<'a>(line: &&'a Line) -> Vec<Value<'a>> {
    vec![
        line.fee_item.as_str().into(),
        line.tariff.as_str().into(),
        line.scope.as_str().into(),
        line.place.as_deref().into(),
        line.rate.as_str().into(),
        line.unit.as_str().into(),
        line.from.into(),
        line.to.map(|to| to.pred_opt().unwrap_or(to)).into(),
        line.reason.as_str().into(),
        line.set_by.as_deref().into(),
    ]
}

/// The prices, tariff by tariff.
async fn lines(app: &App, who: &Who, ask: &ListFeeItems, language: Language) -> Answer<Vec<Line>> {
    let (db, community) = (app.db(), ask.community);
    let tariffs: Vec<TariffLine> = Sql::new("SELECT t.id, t.name, t.rules, f.name AS fee_item_name, f.kind FROM tariff t")
        .add(" JOIN fee_item f ON f.community_id = t.community_id AND f.id = t.fee_item_id")
        .push(" WHERE t.community_id = ? ORDER BY f.sort, f.code, t.created_at, t.id", [community.into()])
        .all(db)
        .await?;
    let sql =
        Sql::new(SELECT).push(" WHERE p.community_id = ? AND (p.to_day IS NULL OR p.to_day > p.from_day)", [community.into()]);
    let prices: Vec<PriceRecord> = seen(sql, who, community).add(" ORDER BY p.from_day, p.id").all(db).await?;
    let mut of_tariff: HashMap<TariffId, Vec<PriceRecord>> = HashMap::new();
    for price in prices {
        of_tariff.entry(price.tariff_id).or_default().push(price);
    }
    let places = places(db, who, community).await?;
    let mut lines = Vec::new();
    for tariff in tariffs {
        let rules: TariffRules = serde_json::from_str(&tariff.rules)?;
        let kind =
            FeeItemKind::from_word(&tariff.kind).ok_or_else(|| Failure::broken(format!("fee item kind {:?}", tariff.kind)))?;
        for price in of_tariff.remove(&tariff.id).unwrap_or_default() {
            let scope = price.scope()?;
            let place = places.get(&price.id).cloned().flatten();
            let place = match (scope, place) {
                (PriceScope::Floor { floor, .. }, place) => {
                    let floor = text_with(language, "charging-floor", &[("floor", &floor.to_string())]);
                    Some(format!("{} {floor}", place.unwrap_or_default()))
                }
                (_, place) => place,
            };
            lines.push(Line {
                fee_item: tariff.fee_item_name.clone(),
                tariff: tariff.name.clone(),
                scope: text(language, &format!("charging-scope-{}", scope.kind().word())),
                place,
                rate: rate_text(language, &price.rate()?),
                unit: rate_unit(language, &rules, kind),
                from: price.from_day,
                to: price.to_day,
                reason: price.reason,
                set_by: price.set_by,
            });
        }
    }
    Ok(lines)
}
