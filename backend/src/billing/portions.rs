//! Who held a unit on which days, where it changes hands in a period, and what of a bill falls on them.

use std::collections::{BTreeSet, HashMap};

use common::billing::api::{BillPortion, PortionHolder};
use common::billing::inputs::{RunInputs, RunOwned};
use common::billing::plan::PlannedBill;
use common::billing::portion::Portion;
use common::charging::proration::{Span, number_of};
use common::id::{CommunityId, ResidentId, UnitId};
use common::period::{Day, Period};
use common::residents::Role;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};

use crate::sql::Sql;
use crate::{Answer, Failure};

/// A portion as a bill keeps it: who held the unit then, whatever is written of them later.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    portion: Portion,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    residents: Vec<ResidentId>,
}

/// The portions of a planned bill, as text; none where the unit does not change hands.
pub(super) fn kept(inputs: &RunInputs, bill: &PlannedBill) -> Option<String> {
    let one = |portion: &common::billing::plan::PlannedPortion| {
        let row = portion.holding.owned.and_then(|row| inputs.owned.residents.get(usize::try_from(row).ok()?));
        Kept { portion: portion.told(), residents: row.cloned().unwrap_or_default() }
    };
    let kept: Vec<Kept> = bill.portions.iter().map(one).collect();
    if kept.is_empty() { None } else { serde_json::to_string(&kept).ok() }
}

#[derive(FromQueryResult)]
struct Name {
    id: ResidentId,
    name: String,
}

/// The portions of a bill, with the names of those on whom they fall.
pub(super) async fn told<C: ConnectionTrait>(db: &C, community: CommunityId, kept: Option<&str>) -> Answer<Vec<BillPortion>> {
    let Some(text) = kept else { return Ok(Vec::new()) };
    let kept: Vec<Kept> = serde_json::from_str(text)?;
    let ids: BTreeSet<ResidentId> = kept.iter().flat_map(|one| one.residents.iter().copied()).collect();
    let names: Vec<Name> = Sql::new("SELECT id, name FROM resident WHERE community_id = ")
        .bind(community)
        .add(" AND id IN ")
        .list(ids)
        .all(db)
        .await?;
    let names: HashMap<ResidentId, String> = names.into_iter().map(|row| (row.id, row.name)).collect();
    let holder = |resident: ResidentId| Some(PortionHolder { resident, name: names.get(&resident)?.clone() });
    let one =
        |kept: Kept| BillPortion { portion: kept.portion, holders: kept.residents.into_iter().filter_map(holder).collect() };
    Ok(kept.into_iter().map(one).collect())
}

#[derive(FromQueryResult)]
struct Row {
    unit_id: UnitId,
    resident_id: ResidentId,
    role: String,
    from_day: Day,
    to_day: Option<Day>,
}

/// Days on which the same people held a unit, of the units that change hands in the period. A unit is held by its owners, on
/// days on which it has none by its tenants.
pub(super) async fn owned<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    period: Period,
    units: &HashMap<UnitId, u32>,
) -> Answer<RunOwned> {
    let within: [sea_orm::Value; 4] = [period.from.into(), period.to.into(), period.from.into(), period.to.into()];
    let rows: Vec<Row> = Sql::new("SELECT unit_id, resident_id, role, from_day, to_day FROM occupancy")
        .push(
            " WHERE community_id = ? AND role IN ('owner', 'tenant') AND from_day < ? AND (to_day IS NULL OR to_day > ?)",
            [community.into(), period.to.into(), period.from.into()],
        )
        .push(" AND unit_id IN (SELECT unit_id FROM occupancy WHERE community_id = ?", [community.into()])
        .push(" AND role IN ('owner', 'tenant') AND ((from_day > ? AND from_day < ?) OR (to_day > ? AND to_day < ?)))", within)
        .add(" ORDER BY unit_id, resident_id, from_day")
        .all(db)
        .await?;
    let mut owned = RunOwned::default();
    for of_unit in rows.chunk_by(|one, other| one.unit_id == other.unit_id) {
        let Some(unit) = of_unit.first().and_then(|row| units.get(&row.unit_id)).copied() else { continue };
        let held = holders(of_unit, Span::of(period))?;
        let Some((_, first)) = held.first() else { continue };
        if held.iter().all(|(_, holders)| holders == first) {
            continue;
        }
        for (span, holders) in held {
            owned.unit.push(unit);
            owned.from.push(span.from);
            owned.to.push(span.to);
            owned.residents.push(holders);
        }
    }
    Ok(owned)
}

/// Who held one unit on which days; days on which nobody did are left out.
fn holders(rows: &[Row], within: Span) -> Answer<Vec<(Span, Vec<ResidentId>)>> {
    let mut spans = Vec::with_capacity(rows.len());
    let mut days = vec![within.from, within.to];
    for row in rows {
        let role = Role::from_word(&row.role).ok_or_else(|| Failure::broken(format!("role {:?}", row.role)))?;
        let span = Span { from: number_of(row.from_day), to: row.to_day.map_or(i32::MAX, number_of) };
        let Some(span) = span.overlap(within) else { continue };
        days.extend([span.from, span.to]);
        spans.push((span, role, row.resident_id));
    }
    days.sort_unstable();
    days.dedup();
    let mut held: Vec<(Span, Vec<ResidentId>)> = Vec::new();
    for (from, to) in days.iter().zip(days.iter().skip(1)) {
        let stretch = Span { from: *from, to: *to };
        let of = |role: Role| -> Vec<ResidentId> {
            let there = spans.iter().filter(|(span, of, _)| *of == role && span.contains(stretch));
            let people: BTreeSet<ResidentId> = there.map(|(.., resident)| *resident).collect();
            people.into_iter().collect()
        };
        let owners = of(Role::Owner);
        let holders = if owners.is_empty() { of(Role::Tenant) } else { owners };
        match held.last_mut() {
            _ if holders.is_empty() => {}
            Some((last, same)) if *same == holders && last.to == stretch.from => last.to = stretch.to,
            _ => held.push((stretch, holders)),
        }
    }
    Ok(held)
}
