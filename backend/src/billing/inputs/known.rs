//! What else is known of the units of a run: how many people live there over time, and the numbers that formulas name.

use std::collections::{HashMap, HashSet};

use common::billing::inputs::{RunField, RunHeads, RunTariff};
use common::charging::proration::number_of;
use common::charging::tariff::Mode;
use common::formula::{Formula, Named};
use common::id::{CommunityId, FieldId, UnitId};
use common::period::Period;
use sea_orm::ConnectionTrait;

use super::Asked;
use crate::{Answer, estate};

/// Puts what changed in place of the one number, for units of which something changed.
pub(super) async fn over_time<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    period: Period,
    units: &HashMap<UnitId, u32>,
    heads: &mut RunHeads,
) -> Answer<()> {
    let changes = estate::heads_since(db, community).await?;
    if changes.is_empty() {
        return Ok(());
    }
    let changed: HashSet<u32> = changes.iter().filter_map(|since| units.get(&since.unit_id).copied()).collect();
    let one = std::mem::take(heads);
    for ((unit, (from, to)), people) in one.unit.iter().zip(one.from.iter().zip(&one.to)).zip(&one.heads) {
        if !changed.contains(unit) {
            put(heads, *unit, (*from, *to), *people);
        }
    }
    let mut next = changes.iter().skip(1);
    for since in &changes {
        let until = next.next().filter(|next| next.unit_id == since.unit_id).map(|next| next.from_day);
        let Some(unit) = units.get(&since.unit_id).copied() else { continue };
        let Some(people) = since.heads.and_then(|people| u32::try_from(people).ok()) else { continue };
        // Nothing is known of the period where all that is known lies outside it.
        if since.from_day < period.to && until.is_none_or(|until| until > period.from) {
            put(heads, unit, (number_of(since.from_day), until.map_or(i32::MAX, number_of)), people);
        }
    }
    Ok(())
}

fn put(heads: &mut RunHeads, unit: u32, (from, to): (i32, i32), people: u32) {
    heads.unit.push(unit);
    heads.from.push(from);
    heads.to.push(to);
    heads.heads.push(people);
}

/// The custom number fields that the formulas and the prices of the tariffs name; all of them where others may be tried.
pub(super) async fn numbers<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    tariffs: &[RunTariff],
    units: &HashMap<UnitId, u32>,
    asked: Asked,
) -> Answer<Vec<RunField>> {
    let quotas: HashSet<&str> = tariffs.iter().flat_map(|tariff| &tariff.prices).flat_map(|price| price.rate.quotas()).collect();
    if asked == Asked::Open && quotas.is_empty() && !tariffs.iter().any(|tariff| tariff.rules.mode == Mode::Formula) {
        return Ok(Vec::new());
    }
    let mut fields = estate::number_fields(db, community).await?;
    if asked == Asked::Open {
        let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
        let formulas = tariffs.iter().filter(|tariff| tariff.rules.mode == Mode::Formula);
        let formulas: Vec<Formula> = formulas.filter_map(|tariff| tariff.rules.read(&names).ok()).collect();
        let named = |field: &str| formulas.iter().any(|one| one.names().contains(&Named::Field(field.to_owned())));
        fields.retain(|field| quotas.contains(field.name.as_str()) || named(&field.name));
    }
    let mut run: Vec<RunField> =
        fields.iter().map(|field| RunField { name: field.name.clone(), unit: Vec::new(), value: Vec::new() }).collect();
    let at: HashMap<FieldId, usize> = fields.iter().map(|field| field.field).zip(0..).collect();
    for number in estate::numbers(db, community, &fields).await? {
        let field = at.get(&number.field_id).and_then(|place| run.get_mut(*place));
        if let (Some(field), Some(unit)) = (field, units.get(&number.subject_id)) {
            field.unit.push(*unit);
            field.value.push(number.number);
        }
    }
    Ok(run)
}
