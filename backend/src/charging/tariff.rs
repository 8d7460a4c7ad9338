//! Tariffs (收费标准).

use std::collections::BTreeSet;

use common::api::Done;
use common::charging::api::{RetireTariff, SaveTariff};
use common::charging::rate::Rate;
use common::charging::tariff::{Mode, TariffRules};
use common::formula::Named;
use common::id::{CommunityId, FeeItemId, TariffId};
use common::metering::Utility;
use common::period::Day;
use common::problem::{FieldProblem, Problem};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::organisation::today;
use crate::problem::OnTaken;
use crate::sql::Sql;
use crate::{Answer, App, Who, Work, estate};

#[derive(FromQueryResult)]
pub(super) struct Row {
    pub id: TariffId,
    pub fee_item_id: FeeItemId,
    pub name: String,
    pub rules: String,
    pub active: bool,
}

impl Row {
    pub(super) fn rules(&self) -> Answer<TariffRules> {
        Ok(serde_json::from_str(&self.rules)?)
    }
}

/// A tariff by which units may be billed.
pub struct RunningTariff {
    pub id: TariffId,
    pub fee_item: FeeItemId,
    pub name: String,
    pub rules: TariffRules,
}

/// Every tariff of a community, the active ones first.
pub(super) async fn all<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<Row>> {
    Sql::new("")
        .push(
            "SELECT id, fee_item_id, name, rules, active FROM tariff WHERE community_id = ? ORDER BY active DESC, created_at, id",
            [community.into()],
        )
        .all(db)
        .await
}

/// The tariffs of some fee items, in a stable order; retired ones too, since their charges may still reach into a period.
pub async fn running_tariffs<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fee_items: &[FeeItemId],
) -> Answer<Vec<RunningTariff>> {
    let mut rows: Vec<Row> = Sql::new("SELECT id, fee_item_id, name, rules, active FROM tariff")
        .push(" WHERE community_id = ? AND fee_item_id IN ", [community.into()])
        .list(fee_items.iter().copied())
        .all(db)
        .await?;
    rows.sort_by_key(|row| row.id);
    rows.into_iter()
        .map(|row| Ok(RunningTariff { rules: row.rules()?, id: row.id, fee_item: row.fee_item_id, name: row.name }))
        .collect()
}

/// The utilities whose meters some fee items go by, besides their own.
pub async fn utilities_of<C: ConnectionTrait>(db: &C, community: CommunityId, fee_items: &[FeeItemId]) -> Answer<Vec<Utility>> {
    let tariffs = running_tariffs(db, community, fee_items).await?;
    let of: BTreeSet<Utility> = tariffs.iter().filter_map(|tariff| tariff.rules.usage_of.and_then(Utility::of_kind)).collect();
    Ok(of.into_iter().collect())
}

/// A tariff whose formula speaks of a custom field, or one of whose prices has tiers by it.
pub struct Naming {
    pub tariff: TariffId,
    pub name: String,
    pub active: bool,
}

/// The tariffs whose formulas or prices speak of a custom field; retired ones too, whose charges may still be to bill.
pub async fn tariffs_naming<C: ConnectionTrait>(db: &C, community: CommunityId, field: &str) -> Answer<Vec<Naming>> {
    let named = Named::Field(field.to_owned());
    // As a run reads them: it knows fields that are switched off as well.
    let fields: Vec<String> = estate::number_fields(db, community).await?.into_iter().map(|field| field.name).collect();
    let by_quota = tariffs_by_quota(db, community, field).await?;
    let mut naming = Vec::new();
    for row in all(db, community).await? {
        let rules = row.rules()?;
        let in_formula = rules.mode == Mode::Formula && rules.read(&fields).is_ok_and(|formula| formula.names().contains(&named));
        if in_formula || by_quota.contains(&row.id) {
            naming.push(Naming { tariff: row.id, name: row.name, active: row.active });
        }
    }
    Ok(naming)
}

#[derive(FromQueryResult)]
struct Composed {
    tariff_id: TariffId,
    rate: String,
}

/// The tariffs with a price, whenever it is in force, whose tiers are multiples of a custom field.
async fn tariffs_by_quota<C: ConnectionTrait>(db: &C, community: CommunityId, field: &str) -> Answer<BTreeSet<TariffId>> {
    let rows: Vec<Composed> = Sql::new("SELECT tariff_id, rate FROM price WHERE community_id = ")
        .bind(community)
        .add(" AND rate LIKE '%\"quota\"%' AND (to_day IS NULL OR to_day > from_day)")
        .all(db)
        .await?;
    let mut by_quota = BTreeSet::new();
    for row in rows {
        if serde_json::from_str::<Rate>(&row.rate)?.quotas().any(|quota| quota == field) {
            by_quota.insert(row.tariff_id);
        }
    }
    Ok(by_quota)
}

#[derive(FromQueryResult)]
struct Before {
    fee_item_id: FeeItemId,
    rules: String,
    priced: i64,
    /// Prices of more than one figure.
    composed: i64,
}

/// Makes a tariff, or changes its rules for bills to come. Its fee item stays; its mode, and whether a price is for a day, once it
/// has prices or contracts.
pub(super) async fn save_tariff(app: App, who: Who, ask: SaveTariff) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let fields = estate::formula_names(work.db(), ask.community).await?;
    if let Some(problem) = ask.rules.formula_problem("rules", &fields) {
        return Err(Problem::invalid(vec![problem]).into());
    }
    let before: Option<Before> = Sql::new("")
        .push(
            "SELECT fee_item_id, rules, (SELECT COUNT(*) FROM price p WHERE p.community_id = t.community_id AND p.tariff_id = t.id) \
             + (SELECT COUNT(*) FROM charge c JOIN charge_rent cr ON cr.community_id = c.community_id AND cr.charge_id = c.id \
             WHERE c.community_id = t.community_id AND c.tariff_id = t.id) AS priced, \
             (SELECT COUNT(*) FROM price p WHERE p.community_id = t.community_id AND p.tariff_id = t.id AND p.rate IS NOT NULL) AS composed \
             FROM tariff t WHERE community_id = ? AND id = ?",
            [ask.community.into(), ask.tariff.into()],
        )
        .one(work.db())
        .await?;
    let earlier = before.as_ref().map(|before| serde_json::from_str::<TariffRules>(&before.rules)).transpose()?;
    if let (Some(before), Some(earlier)) = (&before, &earlier)
        && (before.fee_item_id != ask.fee_item || (before.priced > 0 && earlier.mode != ask.rules.mode))
    {
        return Err(Problem::field("rules.mode", "charging.mode_fixed").into());
    }
    if let (Some(before), Some(earlier)) = (&before, &earlier)
        && before.priced > 0
        && earlier.is_per_day() != ask.rules.is_per_day()
    {
        return Err(Problem::field("rules.per", "charging.per_day_fixed").into());
    }
    if before.as_ref().is_some_and(|before| before.composed > 0) && ask.rules.names_its_price() {
        return Err(Problem::field("rules.formula", "charging.formula_flat_price").into());
    }
    let known = Sql::new("")
        .push("SELECT 1 AS one FROM fee_item WHERE community_id = ? AND id = ?", [ask.community.into(), ask.fee_item.into()])
        .one::<One, _>(work.db())
        .await?;
    known.ok_or_else(Problem::not_found)?;
    same_meters(&work, &ask).await?;
    Sql::new("INSERT INTO tariff (community_id, id, fee_item_id, name, mode, rules, active, created_at)")
        .push(" VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [
            ask.community.into(),
            ask.tariff.into(),
            ask.fee_item.into(),
            ask.name.trim().into(),
            ask.rules.mode.word().into(),
            serde_json::to_string(&ask.rules)?.into(),
            true.into(),
            work.at.into(),
        ])
        .push(" ON CONFLICT (community_id, id) DO UPDATE SET name = excluded.name, mode = excluded.mode, rules = excluded.rules, active = excluded.active", [])
        .run(work.db())
        .await
        .on_taken(|| Problem::field("name", "taken"))?;
    work.record(Some(ask.community), "charging.save_tariff", ask.tariff.0, earlier.as_ref(), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

#[derive(FromQueryResult)]
struct One {
    #[expect(dead_code, reason = "only whether there is a row matters")]
    one: i32,
}

/// The metered tariffs of a fee item go by the same meters: a unit has one usage of it, which is billed once. Retired ones too,
/// whose charges may still be to bill.
async fn same_meters(work: &Work, ask: &SaveTariff) -> Answer<()> {
    match goes_by_others(work, ask.community, ask.fee_item, ask.tariff, &ask.rules).await? {
        Some(other) => {
            let problem = FieldProblem::new("rules.usage_of", "charging.usage_of_differs").with("tariff", &other.name);
            Err(Problem::invalid(vec![problem]).into())
        }
        None => Ok(()),
    }
}

/// The tariff of the fee item that goes by other meters than these rules would.
pub(super) async fn goes_by_others(
    work: &Work,
    community: CommunityId,
    fee_item: FeeItemId,
    tariff: TariffId,
    rules: &TariffRules,
) -> Answer<Option<RunningTariff>> {
    if !rules.is_metered() {
        return Ok(None);
    }
    let others = running_tariffs(work.db(), community, &[fee_item]).await?;
    let differs =
        |other: &RunningTariff| other.id != tariff && other.rules.is_metered() && other.rules.usage_of != rules.usage_of;
    Ok(others.into_iter().find(differs))
}

/// Nothing is charged by it from today on.
pub(super) async fn retire_tariff(app: App, who: Who, ask: RetireTariff) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let day = today(work.db(), ask.community, work.at).await?;
    if retire(&work, ask.community, Which::One(ask.tariff), day).await? == 0 {
        return Err(Problem::not_found().into());
    }
    work.record(Some(ask.community), "charging.retire_tariff", ask.tariff.0, None::<&()>, Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Which tariffs retire.
pub(super) enum Which {
    One(TariffId),
    OfFeeItem(FeeItemId),
}

/// Retires tariffs: their charges end on `day` at the latest. Returns how many there are.
pub(super) async fn retire(work: &Work, community: CommunityId, which: Which, day: Day) -> Answer<u64> {
    let (column, id) = match which {
        Which::One(tariff) => ("id", tariff.0),
        Which::OfFeeItem(fee_item) => ("fee_item_id", fee_item.0),
    };
    Sql::new("")
        .push(
            "UPDATE charge SET to_day = CASE WHEN from_day > ? THEN from_day ELSE ? END WHERE community_id = ?",
            [day.into(), day.into(), community.into()],
        )
        .push(
            &format!(" AND tariff_id IN (SELECT id FROM tariff WHERE community_id = ? AND {column} = ?)"),
            [community.into(), id.into()],
        )
        .push(" AND (to_day IS NULL OR to_day > ?)", [day.into()])
        .run(work.db())
        .await?;
    let done = Sql::new("")
        .push(
            &format!("UPDATE tariff SET active = ? WHERE community_id = ? AND {column} = ?"),
            [false.into(), community.into(), id.into()],
        )
        .run(work.db())
        .await?;
    Ok(done.rows_affected())
}
