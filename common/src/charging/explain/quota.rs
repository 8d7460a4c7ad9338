//! The bounds of tiers that are multiples of the unit's own quota.

use rust_decimal::Decimal;

use super::usage_unit;
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::{Trace, TracedQuota, TracedTier};
use crate::money::grouped;
use crate::quantity::Quantity;
use crate::text::Language;

/// Each quota with the bounds that were touched: 1,200 × 1.2 = 1,440.
pub(super) fn of_quotas(language: Language, trace: &Trace, kind: FeeItemKind) -> Vec<String> {
    let tiers = || trace.pieces.iter().flat_map(|piece| &piece.tiers);
    let mut told: Vec<(&TracedQuota, Vec<String>)> = Vec::new();
    for (tier, quota) in tiers().filter_map(|tier| Some((tier, tier.quota.as_ref()?))) {
        let place = told.iter().position(|(one, _)| one.field == quota.field).unwrap_or(told.len());
        if place == told.len() {
            told.push((quota, Vec::new()));
        }
        let Some((_, bounds)) = told.get_mut(place) else { continue };
        let below = (tier.no.saturating_sub(1), quota.above);
        for bound in [below, (tier.no, quota.up_to)].into_iter().filter_map(|bound| of_bound(language, tier, quota, bound, kind))
        {
            if !bounds.contains(&bound) {
                bounds.push(bound);
            }
        }
    }
    let one = |(quota, bounds): (&TracedQuota, Vec<String>)| {
        let bounds = bounds.join(&say!(language, "trace-list-semicolon"));
        say!(language, "trace-quota", field = quota.field, quota = of_quota(quota, kind), bounds = bounds)
    };
    told.into_iter().map(one).collect()
}

fn of_quota(quota: &TracedQuota, kind: FeeItemKind) -> String {
    format!("{} {}", grouped(quota.quota.get(), 0), usage_unit(kind)).trim_end().to_owned()
}

fn of_bound(
    language: Language,
    tier: &TracedTier,
    quota: &TracedQuota,
    (no, times): (u16, Option<Quantity>),
    kind: FeeItemKind,
) -> Option<String> {
    let name = say!(language, "charging-tier", no = no);
    let name = if tier.part.is_empty() { name } else { format!("{} {name}", tier.part) };
    let bound = multiple(quota.quota, times?)?;
    Some(say!(
        language,
        "trace-quota-bound",
        name = name,
        quota = grouped(quota.quota.get(), 0),
        times = times?,
        bound = grouped(bound, 0),
        unit = usage_unit(kind)
    ))
}

/// A bound, exact.
pub(super) fn multiple(quota: Quantity, times: Quantity) -> Option<Decimal> {
    quota.get().checked_mul(times.get()).map(|bound| bound.normalize())
}
