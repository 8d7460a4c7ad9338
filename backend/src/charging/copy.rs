//! The fee items, tariffs and prices of one community for another; nothing there is overwritten.

use std::collections::{BTreeSet, HashMap};

use common::charging::api::{Copied, CopyLine, CopyState, CopyTariffs, ReviewCopy};
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, TariffRules};
use common::formula::Named;
use common::id::{CommunityId, FeeItemId, PriceId, TariffId};
use common::problem::{Problem, list};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::tariff::goes_by_others;
use super::{fee_item, price};
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Made, Who, Work, bulk, estate};

#[derive(FromQueryResult)]
struct Line {
    id: TariffId,
    name: String,
    mode: String,
    rules: String,
    fee_item_id: FeeItemId,
    fee_item_name: String,
    code: String,
    kind: String,
    offsetting: Option<String>,
    /// The only fee item that a prepayment pays for, with its code and name.
    pays_for: Option<FeeItemId>,
    pays_for_code: Option<String>,
    pays_for_name: Option<String>,
}

impl Line {
    fn is_held(&self) -> bool {
        is_held(&self.kind)
    }
}

/// Whether money of a kind of fee item is held and not earned.
fn is_held(kind: &str) -> bool {
    FeeItemKind::from_word(kind).is_some_and(FeeItemKind::is_held)
}

/// The active tariffs of a community with their fee items.
async fn lines<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<Line>> {
    Sql::new("SELECT t.id, t.name, t.mode, t.rules, t.fee_item_id, f.name AS fee_item_name, f.code, f.kind, f.offsetting,")
        .add(" f.pays_for, o.code AS pays_for_code, o.name AS pays_for_name FROM tariff t")
        .add(" JOIN fee_item f ON f.community_id = t.community_id AND f.id = t.fee_item_id")
        .add(" LEFT JOIN fee_item o ON o.community_id = f.community_id AND o.id = f.pays_for")
        .push(" WHERE t.community_id = ? AND t.active = ? AND f.active = ?", [community.into(), true.into(), true.into()])
        .add(" ORDER BY f.sort, f.code, t.created_at, t.id")
        .all(db)
        .await
}

#[derive(FromQueryResult)]
struct FeeItem {
    id: FeeItemId,
    code: String,
    name: String,
    kind: String,
}

#[derive(FromQueryResult)]
struct Tariff {
    fee_item_id: FeeItemId,
    name: String,
}

/// What is in the other community, retired or not: names and codes are taken either way.
struct There {
    fee_items: Vec<FeeItem>,
    tariffs: Vec<Tariff>,
}

impl There {
    async fn of<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Self> {
        let fee_items =
            Sql::new("SELECT id, code, name, kind FROM fee_item WHERE community_id = ").bind(community).all(db).await?;
        let tariffs = Sql::new("SELECT fee_item_id, name FROM tariff WHERE community_id = ").bind(community).all(db).await?;
        Ok(Self { fee_items, tariffs })
    }

    /// What a tariff meets, and the fee item that it joins.
    fn meets(&self, line: &Line) -> (CopyState, Option<FeeItemId>) {
        let held = |item: &FeeItem| is_held(&item.kind);
        let alike = |item: &FeeItem| held(item) == line.is_held() && (!held(item) || item.kind == line.kind);
        let same = |item: &&FeeItem| item.code == line.code && item.name == line.fee_item_name && alike(item);
        match self.fee_items.iter().find(same) {
            Some(item) if self.tariffs.iter().any(|tariff| tariff.fee_item_id == item.id && tariff.name == line.name) => {
                (CopyState::Taken, None)
            }
            Some(item) => (CopyState::Joins, Some(item.id)),
            None if self.fee_items.iter().any(|item| item.code == line.code || item.name == line.fee_item_name) => {
                (CopyState::Clash, None)
            }
            None => (CopyState::New, None),
        }
    }
}

impl There {
    /// The fee item for which a prepayment pays: there already, or copied along (`of`, by those here).
    fn paid_by(&self, line: &Line, of: &HashMap<FeeItemId, FeeItemId>) -> Option<FeeItemId> {
        let copied = line.pays_for.and_then(|here| of.get(&here).copied());
        let known =
            |item: &&FeeItem| Some(&item.code) == line.pays_for_code.as_ref() && Some(&item.name) == line.pays_for_name.as_ref();
        copied.or_else(|| self.fee_items.iter().find(known).map(|item| item.id))
    }
}

/// Refuses a community that the caller does not see as a whole.
fn sees_whole(who: &Who, community: CommunityId) -> Result<(), Problem> {
    match who.scope.buildings(community) {
        _ if !who.scope.contains(community) => Err(Problem::not_found()),
        Buildings::Only(_) => Err(Problem::forbidden()),
        Buildings::All => Ok(()),
    }
}

/// What copying would meet.
pub(super) async fn review_copy(app: App, who: Who, ask: ReviewCopy) -> Answer<Vec<CopyLine>> {
    sees_whole(&who, ask.to)?;
    let (db, community) = (app.db(), ask.community);
    let there = There::of(db, ask.to).await?;
    let mut rates = price::in_force(db, community, today(db, community, app.now()).await?).await?;
    let lines = lines(db, community).await?.into_iter().map(|line| {
        Ok(CopyLine {
            state: there.meets(&line).0,
            rate: rates.remove(&line.id).and_then(|(rate, _)| rate),
            kind: fee_item::kind_of(&line.kind)?,
            rules: serde_json::from_str(&line.rules)?,
            tariff: line.id,
            tariff_name: line.name,
            fee_item_name: line.fee_item_name,
            fee_item_code: line.code,
        })
    });
    lines.collect()
}

/// Copies tariffs with their fee items and the community's prices: all of them or none.
pub(super) async fn copy_tariffs(app: App, who: Who, ask: CopyTariffs) -> Answer<Copied> {
    sees_whole(&who, ask.to)?;
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(ask.community, ask.copy.0, &ask).await? {
        return Ok(done);
    }
    if work.is_postgres() {
        // One copy to a community at a time, so that none finds the same names free.
        Sql::new("SELECT id FROM community WHERE id = ").bind(ask.to).add(" FOR UPDATE").run(work.db()).await?;
    }
    let mut lines = lines(work.db(), ask.community).await?;
    lines.retain(|line| ask.tariffs.contains(&line.id));
    if lines.len() != ask.tariffs.len() {
        return Err(Problem::not_found().into());
    }
    let there = There::of(work.db(), ask.to).await?;
    let taken: Vec<String> = lines
        .iter()
        .filter(|line| !there.meets(line).0.is_free())
        .map(|line| format!("{} · {}", line.fee_item_name, line.name))
        .collect();
    if !taken.is_empty() {
        return Err(Problem::conflict("charging.copy_clash", "Names or codes are taken there")
            .with("names", list(&taken))
            .into());
    }
    let own = estate::formula_names(work.db(), ask.community).await?;
    let fields = estate::formula_names(work.db(), ask.to).await?;
    for line in &lines {
        let rules: TariffRules = serde_json::from_str(&line.rules)?;
        if let Some(problem) = rules.formula_problem("rules", &fields) {
            let missing = missing(&rules, &own, &fields).or_else(|| problem.args.get("name").cloned());
            return Err(Problem::conflict("charging.copy_formula", "A formula names what the community does not have")
                .with("name", format!("{} · {}", line.fee_item_name, line.name))
                .with("formula", rules.formula)
                .with("field", missing.unwrap_or_default())
                .into());
        }
        if let Some(fee_item) = there.meets(line).1
            && let Some(other) = goes_by_others(&work, ask.to, fee_item, line.id, &rules).await?
        {
            return Err(Problem::conflict("charging.copy_meters", "A tariff there goes by other meters")
                .with("name", format!("{} · {}", line.fee_item_name, line.name))
                .with("other", other.name)
                .into());
        }
    }
    let prices = prices_of(work.db(), &ask).await?;
    let quotas = |line: &Line| -> BTreeSet<&str> {
        let own = prices.iter().filter(|(row, _)| row.tariff_id == line.id);
        own.filter_map(|(_, rate)| rate.as_ref()).flat_map(Rate::quotas).collect()
    };
    for line in &lines {
        let missing: Vec<&str> = quotas(line).into_iter().filter(|quota| !fields.iter().any(|field| field == quota)).collect();
        if !missing.is_empty() {
            return Err(Problem::conflict("charging.copy_quota", "Tiers are by a field that the community does not have")
                .with("name", format!("{} · {}", line.fee_item_name, line.name))
                .with("field", list(missing))
                .into());
        }
    }
    let done = write(&work, &ask, &lines, &there, prices).await?;
    work.record(Some(ask.to), "charging.copy_tariffs", ask.copy.0, None::<&()>, Some(&ask)).await?;
    work.made(ask.community, ask.copy.0, &done).await?;
    work.commit().await?;
    Ok(done)
}

/// The custom fields that a formula names and the other community does not have.
fn missing(rules: &TariffRules, own: &[String], there: &[String]) -> Option<String> {
    let formula = rules.read(own).ok()?;
    let missing = formula.names().iter().filter_map(|named| match named {
        Named::Field(field) if !there.contains(field) => Some(field.as_str()),
        _ => None,
    });
    Some(list(missing)).filter(|names| !names.is_empty())
}

async fn write(
    work: &Work,
    ask: &CopyTariffs,
    lines: &[Line],
    there: &There,
    rows: Vec<(PriceRow, Option<Rate>)>,
) -> Answer<Copied> {
    let last = Sql::new("SELECT CAST(COALESCE(MAX(sort), 0) AS bigint) FROM fee_item WHERE community_id = ").bind(ask.to);
    let mut sort = i32::try_from(last.number(work.db()).await?).unwrap_or(i32::MAX);
    let mut fee_items: HashMap<FeeItemId, FeeItemId> = HashMap::new();
    let mut tariffs: HashMap<TariffId, TariffId> = HashMap::new();
    let (mut new, mut tariff_rows): (Vec<(&Line, FeeItemId)>, Vec<Vec<Value>>) = (Vec::new(), Vec::new());
    for line in lines {
        let fee_item = *fee_items.entry(line.fee_item_id).or_insert_with(|| {
            there.meets(line).1.unwrap_or_else(|| {
                let id = FeeItemId(Uuid::now_v7());
                new.push((line, id));
                id
            })
        });
        let id = TariffId(Uuid::now_v7());
        tariffs.insert(line.id, id);
        tariff_rows.push(vec![
            ask.to.into(),
            id.into(),
            fee_item.into(),
            line.name.clone().into(),
            line.mode.clone().into(),
            line.rules.clone().into(),
            true.into(),
            work.at.into(),
        ]);
    }
    let mut fee_item_rows: Vec<Vec<Value>> = Vec::with_capacity(new.len());
    for (line, id) in new {
        let pays_for = there.paid_by(line, &fee_items);
        if line.pays_for.is_some() && pays_for.is_none() {
            let problem =
                Problem::conflict("charging.copy_pays_for", "A prepayment is for a fee item that the community does not have");
            let names = problem.with("name", &line.fee_item_name);
            return Err(names.with("only", line.pays_for_name.as_deref().unwrap_or_default()).into());
        }
        sort = sort.saturating_add(1);
        fee_item_rows.push(vec![
            ask.to.into(),
            id.into(),
            line.code.clone().into(),
            line.fee_item_name.clone().into(),
            line.kind.clone().into(),
            pays_for.map(|only| only.0).into(),
            line.offsetting.clone().into(),
            sort.into(),
            true.into(),
        ]);
    }
    let db = work.db();
    let columns = ["community_id", "id", "code", "name", "kind", "pays_for", "offsetting", "sort", "active"];
    let fee_items = bulk::insert(db, "fee_item", &columns, fee_item_rows).await?;
    let columns = ["community_id", "id", "fee_item_id", "name", "mode", "rules", "active", "created_at"];
    let made = bulk::insert(db, "tariff", &columns, tariff_rows).await?;
    Ok(Copied { fee_items, tariffs: made, prices: prices(work, ask, &tariffs, rows).await? })
}

#[derive(FromQueryResult)]
struct PriceRow {
    tariff_id: TariffId,
    price: i64,
    rate: Option<String>,
    from_day: common::period::Day,
    to_day: Option<common::period::Day>,
    reason: String,
}

/// The community's prices that are in force on the first day or later; with the rate of those that are more than one figure.
async fn prices_of<C: ConnectionTrait>(db: &C, ask: &CopyTariffs) -> Answer<Vec<(PriceRow, Option<Rate>)>> {
    let rows: Vec<PriceRow> = Sql::new("SELECT tariff_id, price, rate, from_day, to_day, reason FROM price")
        .push(
            " WHERE community_id = ? AND scope = 'community' AND (to_day IS NULL OR (to_day > ? AND to_day > from_day))",
            [ask.community.into(), ask.from.into()],
        )
        .add(" AND tariff_id IN ")
        .list(ask.tariffs.iter().copied())
        .add(" ORDER BY from_day, id")
        .all(db)
        .await?;
    let read = |row: PriceRow| {
        let rate = row.rate.as_deref().map(serde_json::from_str).transpose()?;
        Ok((row, rate))
    };
    rows.into_iter().map(read).collect()
}

async fn prices(
    work: &Work,
    ask: &CopyTariffs,
    tariffs: &HashMap<TariffId, TariffId>,
    rows: Vec<(PriceRow, Option<Rate>)>,
) -> Answer<u64> {
    let values = rows.into_iter().filter_map(|(row, _)| {
        Some(vec![
            ask.to.into(),
            PriceId(Uuid::now_v7()).into(),
            (*tariffs.get(&row.tariff_id)?).into(),
            "community".into(),
            row.price.into(),
            row.rate.into(),
            row.from_day.max(ask.from).into(),
            row.to_day.into(),
            row.reason.into(),
            work.by.map(|by| by.0).into(),
            work.at.into(),
        ])
    });
    let columns =
        ["community_id", "id", "tariff_id", "scope", "price", "rate", "from_day", "to_day", "reason", "created_by", "created_at"];
    bulk::insert(work.db(), "price", &columns, values.collect::<Vec<Vec<Value>>>()).await
}
