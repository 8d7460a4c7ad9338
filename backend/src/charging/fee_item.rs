//! Fee items (收费科目).

use std::collections::HashMap;

use common::api::Done;
use common::charging::api::{FeeItemView, ListFeeItems, RetireFeeItem, SaveFeeItem, TariffView};
use common::charging::tariff::{FeeItemKind, Offsetting};
use common::id::{CommunityId, FeeItemId, TariffId};
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{late_fee, price, tariff};
use crate::organisation::today;
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, Work};

#[derive(FromQueryResult)]
struct Row {
    id: FeeItemId,
    code: String,
    name: String,
    kind: String,
    pays_for: Option<FeeItemId>,
    offsetting: Option<String>,
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
    let items: Vec<Row> = Sql::new("SELECT id, code, name, kind, pays_for, offsetting, active FROM fee_item")
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
            kind: kind_of(&row.kind)?,
            pays_for: row.pays_for,
            offsetting: row.offsetting.as_deref().and_then(Offsetting::from_word),
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
    sound(&work, &ask).await?;
    let offsetting = (ask.kind == FeeItemKind::Prepayment).then(|| ask.offsetting.unwrap_or(Offsetting::AtDesk).word());
    Sql::new("INSERT INTO fee_item (community_id, id, code, name, kind, pays_for, offsetting, sort, active)")
        .push(" SELECT ?, ?, ?, ?, ?,", [ask.community.into(), ask.fee_item.into(), code.into(), name.into(), ask.kind.word().into()])
        .push(" ?, ?,", [ask.pays_for.map(|only| only.0).into(), offsetting.into()])
        .push(" CAST(COALESCE(MAX(sort), 0) + 1 AS integer), ? FROM fee_item WHERE community_id = ?", [true.into(), ask.community.into()])
        .push(" ON CONFLICT (community_id, id) DO UPDATE SET code = excluded.code, name = excluded.name, kind = excluded.kind, active = excluded.active, pays_for = excluded.pays_for, offsetting = excluded.offsetting", [])
        .run(work.db())
        .await
        .on_taken(|| Problem::conflict("charging.fee_item_taken", "Another fee item has this name or code"))?;
    work.record(Some(ask.community), "charging.save_fee_item", ask.fee_item.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Refuses a kind by which what was earned would be held or the other way round, and a prepayment for what is no fee item that earns.
async fn sound(work: &Work, ask: &SaveFeeItem) -> Answer<()> {
    if let Some(known) = kind(work, ask.community, ask.fee_item).await?
        && (known.is_held() || ask.kind.is_held())
        && known != ask.kind
    {
        return Err(Problem::field("kind", "charging.held_kind_stays").into());
    }
    if let Some(only) = ask.pays_for {
        let known = kind(work, ask.community, only).await?.ok_or_else(Problem::not_found)?;
        if known.is_held() {
            return Err(Problem::field("pays_for", "charging.pays_for_held").into());
        }
    }
    Ok(())
}

/// The kind of a fee item, if there is one.
async fn kind(work: &Work, community: CommunityId, fee_item: FeeItemId) -> Answer<Option<FeeItemKind>> {
    #[derive(FromQueryResult)]
    struct Kind {
        kind: String,
    }
    let row: Option<Kind> = Sql::new("SELECT kind FROM fee_item")
        .push(" WHERE community_id = ? AND id = ?", [community.into(), fee_item.into()])
        .one(work.db())
        .await?;
    row.map(|row| kind_of(&row.kind)).transpose()
}

/// The kind of a fee item, from its word.
pub(super) fn kind_of(word: &str) -> Answer<FeeItemKind> {
    FeeItemKind::from_word(word).ok_or_else(|| Failure::broken(format!("fee item kind {word:?}")))
}

/// The kinds of those of some fee items that are for money to be held.
pub async fn held_items<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: impl IntoIterator<Item = FeeItemId>,
) -> Answer<HashMap<FeeItemId, FeeItemKind>> {
    #[derive(FromQueryResult)]
    struct Held {
        id: FeeItemId,
        kind: String,
    }
    let held: Vec<Held> = Sql::new("SELECT id, kind FROM fee_item WHERE community_id = ")
        .bind(community)
        .add(" AND kind IN ('prepayment', 'deposit') AND id IN ")
        .list(fee_items)
        .all(db)
        .await?;
    held.into_iter().map(|row| Ok((row.id, kind_of(&row.kind)?))).collect()
}

/// Whether the community has a prepayment that pays new bills by itself.
pub async fn offsets_at_generation<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<bool> {
    let count = Sql::new("SELECT COUNT(*) FROM fee_item WHERE community_id = ")
        .bind(community)
        .push(" AND kind = 'prepayment' AND offsetting = ?", [Offsetting::AtGeneration.word().into()]);
    Ok(count.number(db).await? > 0)
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
