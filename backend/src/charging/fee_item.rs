//! Fee items (收费科目).

use std::collections::HashMap;

use common::api::Done;
use common::charging::api::{FeeItemView, ListFeeItems, RetireFeeItem, SaveFeeItem, TariffView};
use common::charging::tariff::FeeItemKind;
use common::id::{FeeItemId, TariffId};
use common::problem::Problem;
use sea_orm::FromQueryResult;

use super::{late_fee, price, tariff};
use crate::organisation::today;
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

#[derive(FromQueryResult)]
struct Row {
    id: FeeItemId,
    code: String,
    name: String,
    kind: String,
    active: bool,
}

#[derive(FromQueryResult)]
struct Count {
    tariff_id: TariffId,
    units: i64,
}

/// Every fee item with its tariffs, and how much each is used today.
pub(super) async fn list_fee_items(app: App, who: Who, ask: ListFeeItems) -> Answer<Vec<FeeItemView>> {
    let (db, community) = (app.db(), ask.community);
    let today = today(db, community, app.now()).await?;
    let items: Vec<Row> = Sql::new("SELECT id, code, name, kind, active FROM fee_item")
        .push(" WHERE community_id = ? ORDER BY active DESC, sort, code", [community.into()])
        .all(db)
        .await?;
    let counts: Vec<Count> = Sql::new("SELECT c.tariff_id, COUNT(*) AS units FROM charge c")
        .push(" JOIN unit u ON u.community_id = c.community_id AND u.id = c.unit_id", [])
        .push(
            " WHERE c.community_id = ? AND c.from_day <= ? AND (c.to_day IS NULL OR c.to_day > ?)",
            [community.into(), today.into(), today.into()],
        )
        .within("u.building_id", &who.scope.buildings(community))
        .push(" GROUP BY c.tariff_id", [])
        .all(db)
        .await?;
    let units: HashMap<TariffId, u64> = counts.into_iter().map(|count| (count.tariff_id, count.units.unsigned_abs())).collect();
    let mut rates = price::in_force(db, community, today).await?;
    let mut late_fees = late_fee::late_fee_terms(db, community).await?;
    let mut tariffs: HashMap<FeeItemId, Vec<TariffView>> = HashMap::new();
    for row in tariff::all(db, community).await? {
        let (rate, narrower) = rates.remove(&row.id).unwrap_or_default();
        tariffs.entry(row.fee_item_id).or_default().push(TariffView {
            id: row.id,
            rules: row.rules()?,
            name: row.name,
            active: row.active,
            units: units.get(&row.id).copied().unwrap_or(0),
            rate,
            narrower,
        });
    }
    let shown = items.into_iter().map(|row| {
        Ok(FeeItemView {
            id: row.id,
            code: row.code,
            name: row.name,
            kind: FeeItemKind::from_word(&row.kind).ok_or_else(|| Failure::broken(format!("fee item kind {:?}", row.kind)))?,
            active: row.active,
            late_fees: late_fees.remove(&row.id).unwrap_or_default(),
            tariffs: tariffs.remove(&row.id).unwrap_or_default(),
        })
    });
    shown.collect()
}

/// Makes a fee item, or changes it.
pub(super) async fn save_fee_item(app: App, who: Who, ask: SaveFeeItem) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let (code, name) = (ask.code.trim(), ask.name.trim());
    Sql::new("INSERT INTO fee_item (community_id, id, code, name, kind, sort, active)")
        .push(" SELECT ?, ?, ?, ?, ?,", [ask.community.into(), ask.fee_item.into(), code.into(), name.into(), ask.kind.word().into()])
        .push(" CAST(COALESCE(MAX(sort), 0) + 1 AS integer), ? FROM fee_item WHERE community_id = ?", [true.into(), ask.community.into()])
        .push(" ON CONFLICT (community_id, id) DO UPDATE SET code = excluded.code, name = excluded.name, kind = excluded.kind, active = excluded.active", [])
        .run(work.db())
        .await
        .on_taken(|| Problem::conflict("charging.fee_item_taken", "Another fee item has this name or code"))?;
    work.record(Some(ask.community), "charging.save_fee_item", ask.fee_item.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Keeps a fee item's past and gives it no future: its tariffs retire with it.
pub(super) async fn retire_fee_item(app: App, who: Who, ask: RetireFeeItem) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let day = today(work.db(), ask.community, work.at).await?;
    let found = Sql::new("")
        .push(
            "UPDATE fee_item SET active = ? WHERE community_id = ? AND id = ?",
            [false.into(), ask.community.into(), ask.fee_item.into()],
        )
        .run(work.db())
        .await?;
    if found.rows_affected() == 0 {
        return Err(Problem::not_found().into());
    }
    tariff::retire(&work, ask.community, tariff::Which::OfFeeItem(ask.fee_item), day).await?;
    work.record(Some(ask.community), "charging.retire_fee_item", ask.fee_item.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}
