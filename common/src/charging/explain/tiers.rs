//! The tiers and parts of a price that a usage touched.

use super::{price, usage_unit};
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::{Trace, TracedTier};
use crate::money::Money;
use crate::text::Language;

/// The tiers and parts that were touched, with what each comes to.
pub(super) fn of_tiers(language: Language, trace: &Trace, amount: Money, kind: FeeItemKind) -> String {
    let tiers = || trace.pieces.iter().flat_map(|piece| &piece.tiers);
    let step = |tier: &TracedTier| {
        let name = match (tier.part.as_str(), tier.no) {
            ("", no) => say!(language, "charging-tier", no = no),
            (part, 0) => part.to_owned(),
            (part, no) => format!("{part} {}", say!(language, "charging-tier", no = no)),
        };
        let quantity = format!("{} {}", tier.quantity, usage_unit(kind));
        let quantity = quantity.trim_end();
        say!(language, "trace-step", name = name, quantity = quantity, price = price(tier.price), amount = tier.amount_fen)
    };
    let steps: Vec<String> = tiers().map(step).collect();
    let id = if tiers().any(|tier| tier.no > 0) { "trace-tiers" } else { "trace-parts" };
    say!(language, id, steps = steps.join(&say!(language, "trace-list-semicolon")), amount = amount)
}
