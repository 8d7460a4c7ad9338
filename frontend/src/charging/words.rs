//! Prices and rules in words.

use common::charging::explain;
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, ProrationRule, TariffRules};

use leptos::prelude::*;

use crate::{session, t};

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
    view! { <span class="inline-block max-w-full break-words whitespace-normal">{rate_text(rate)}</span> }.into_any()
}

/// At least two decimals, as prices are read.
pub(super) fn price_text(price: common::quantity::Price) -> String {
    explain::price(price)
}

/// The proration rule in words.
pub(super) fn proration_text(rules: &TariffRules) -> String {
    match rules.proration.rule {
        ProrationRule::WholeMonths => t!("charging-proration-whole-months-until", day = rules.proration.cutoff_day),
        rule => t!(&format!("charging-proration-{}", rule.word().replace('_', "-"))),
    }
}

/// When bills are due, in words.
pub(super) fn due_text(rules: &TariffRules) -> String {
    t!(&format!("charging-due-{}", rules.due.from.word().replace('_', "-")), days = rules.due.days)
}
