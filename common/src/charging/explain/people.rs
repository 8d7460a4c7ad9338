//! What vacancy, people and owners did to the pieces, and people to the bounds of tiers.

use rust_decimal::Decimal;

use super::time::last_day;
use super::{percent, usage_unit};
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::{Basis, Trace, TracedPeople, TracedPiece, TracedTier};
use crate::text::Language;

/// What vacancy, people and owners did to the pieces.
pub(super) fn of_people(language: Language, trace: &Trace) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(rate) = trace.vacant_rate {
        for piece in trace.pieces.iter().filter(|piece| piece.vacant) {
            said.push(say!(language, "trace-vacant", from = piece.from, to = last_day(piece), rate = percent(rate)));
        }
    }
    for piece in trace.pieces.iter().filter(|piece| matches!(trace.basis, Basis::Head) && piece.quantity.is_some()) {
        said.push(say!(language, "trace-heads", from = piece.from, heads = piece.quantity.unwrap_or_default()));
    }
    for pair in trace.pieces.windows(2) {
        if let [before, after] = pair
            && before.owner != after.owner
        {
            said.push(say!(language, "trace-owner", day = after.from));
        }
    }
    said
}

/// How the bounds of tiers grew with the people of a home: 216 + 54 × 1 = 270.
pub(super) fn of_more_people(language: Language, piece: &TracedPiece, kind: FeeItemKind) -> Option<String> {
    let TracedPeople { heads, persons, most } = piece.people?;
    let counted = most.map_or(heads, u32::from);
    let more = Decimal::from(counted.saturating_sub(persons.into()));
    let bound = |tier: &TracedTier| {
        let (up_to, step) = (tier.up_to?.get(), tier.per_person?.get());
        let base = up_to.checked_sub(step.checked_mul(more)?)?.normalize();
        let name = say!(language, "charging-tier", no = tier.no);
        Some(say!(
            language,
            "trace-people-bound",
            name = name,
            base = base,
            step = step.normalize(),
            more = more,
            bound = up_to.normalize(),
            unit = usage_unit(kind)
        ))
    };
    let mut bounds: Vec<String> = Vec::new();
    for bound in piece.tiers.iter().filter_map(bound) {
        if !bounds.contains(&bound) {
            bounds.push(bound);
        }
    }
    let bounds = bounds.join(&say!(language, "trace-list-semicolon"));
    (!bounds.is_empty()).then(|| match most {
        Some(most) => {
            say!(language, "trace-people-most", heads = heads, most = most, persons = persons, more = more, bounds = bounds)
        }
        None => say!(language, "trace-people", heads = heads, persons = persons, more = more, bounds = bounds),
    })
}
