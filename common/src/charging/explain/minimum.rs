//! A minimum: as it is set, and what it lifted on a line.

use super::figures::{months_text, usage_of};
use crate::charging::minimum::{Minimum, MinimumKind};
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::{Basis, Trace, TracedLeast, TracedMinimum};
use crate::money::Money;
use crate::text::Language;

/// A minimum as it is set: `at least 10 m³ a month`; nothing where there is none.
pub fn minimum_text(language: Language, minimum: Minimum, kind: FeeItemKind) -> Option<String> {
    let least = match minimum.kind {
        MinimumKind::None => return None,
        MinimumKind::Usage => usage_of(minimum.usage, kind),
        MinimumKind::Amount => say!(language, "trace-yuan", amount = minimum.amount_fen),
    };
    Some(say!(language, &format!("charging-minimum-at-least-{}", minimum.per), least = least))
}

pub(super) fn of_least_usage(language: Language, trace: &Trace, minimum: &TracedMinimum, kind: FeeItemKind) -> Vec<String> {
    let (TracedLeast::Usage { usage, counted }, Basis::Usage { usage: used, registers, .. }) = (minimum.least, &trace.basis)
    else {
        return Vec::new();
    };
    let least = least_text(language, minimum, &usage_of(usage, kind));
    let told =
        say!(language, "trace-minimum-usage", used = usage_of(*used, kind), least = least, counted = usage_of(counted, kind));
    let by_register = !registers.is_empty() && trace.pieces.iter().flat_map(|piece| &piece.tiers).any(|tier| tier.of.is_some());
    let filled = by_register.then(|| say!(language, "trace-minimum-register"));
    [told].into_iter().chain(filled).collect()
}

pub(super) fn of_least_amount(language: Language, minimum: &TracedMinimum, total: Money) -> Option<String> {
    let TracedLeast::Amount { amount_fen, priced_fen } = minimum.least else { return None };
    let least = least_text(language, minimum, &say!(language, "trace-yuan", amount = amount_fen));
    Some(say!(language, "trace-minimum-amount", priced = priced_fen, least = least, amount = total))
}

/// A minimum over its time: `10 m³ a month × 2 months`.
fn least_text(language: Language, minimum: &TracedMinimum, least: &str) -> String {
    let one = say!(language, &format!("trace-minimum-{}", minimum.per), least = least);
    match minimum.months {
        Some(months) => say!(language, "trace-minimum-months", one = one, months = months_text(months)),
        None => one,
    }
}
