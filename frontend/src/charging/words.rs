//! Prices and rules in words.

use common::charging::api::FeeItemView;
use common::charging::explain;
use common::charging::rate::Rate;
use common::charging::rules_text;
use common::charging::tariff::{Cycle, FeeItemKind, TariffRules};
use common::quantity::Price;

use leptos::prelude::*;

use crate::{session, t};

/// What a kind of fee item is called.
pub(super) fn kind_text(kind: FeeItemKind) -> String {
    t!(&format!("fee-kind-{}", kind.word().replace('_', "-")))
}

/// That what comes in is held; of a prepayment what it pays for, and when. `only` names the one fee item that it pays for.
pub(super) fn held_text(item: &FeeItemView, only: Option<String>) -> Option<String> {
    match item.kind {
        FeeItemKind::Deposit => Some(t!("charging-held-deposit")),
        FeeItemKind::Prepayment => {
            let scope = only.unwrap_or_else(|| t!("charging-pays-for-all"));
            let when = t!(&format!("charging-offsetting-{}", item.offsetting?.word().replace('_', "-")));
            Some(t!("charging-held-prepayment", scope = scope, when = when))
        }
        _ => None,
    }
}

/// The unit of a price: 元/㎡·月.
pub fn rate_unit(rules: &TariffRules, kind: FeeItemKind) -> String {
    explain::rate_unit(session::language(), rules, kind)
}

/// A price in short: `2.80`; tiers with their bounds; parts are added up, seasons follow each other.
pub fn rate_text(rate: &Rate) -> String {
    explain::rate_text(session::language(), rate)
}

/// The same in a column of figures: tiers and parts wrap.
pub(super) fn rate_view(rate: &Rate) -> AnyView {
    // Words read from the left, a lone figure stands in its column.
    let from_left = if matches!(rate, Rate::Flat(_)) { "" } else { "py-1 text-left" };
    view! { <span class=format!("inline-block max-w-full break-words whitespace-normal {from_left}")>{rate_text(rate)}</span> }
        .into_any()
}

/// At least two decimals, as prices are read.
pub(super) fn price_text(price: Price) -> String {
    explain::price(price)
}

/// The same as one types it.
pub(super) fn price_typed(price: Price) -> String {
    let mut value = price.get();
    if value.scale() < 2 {
        value.rescale(2);
    }
    value.to_string()
}

/// How often bills are made: `Yearly (from month 7)`.
pub fn cycle_text(cycle: Cycle, month: u8) -> String {
    rules_text::cycle_text(session::language(), cycle, month)
}

/// The twelve months of the year, as a choice.
pub fn months_of_year() -> Vec<(u8, String)> {
    (1..=12).map(|month| (month, t!("charging-cycle-month-name", month = month))).collect()
}

/// The proration rule in words; nothing of what is charged once.
pub(super) fn proration_text(rules: &TariffRules) -> Option<String> {
    (!rules.cycle.is_once()).then(|| rules_text::proration_text(session::language(), rules))
}

/// When bills are due, in words.
pub(super) fn due_text(rules: &TariffRules) -> String {
    rules_text::due_text(session::language(), rules)
}
