//! Prices and rules in words.

use common::charging::explain::usage_unit;
use common::charging::rate::{Rate, RatePart, SimpleRate};
use common::charging::tariff::{FeeItemKind, Mode, ProrationRule, TariffRules};
use common::charging::tier::Tiers;

use crate::t;

/// The unit of a price: 元/㎡·月.
pub fn rate_unit(rules: &TariffRules, kind: FeeItemKind) -> String {
    let per_month = rules.proration.rule != ProrationRule::None && !rules.cycle.is_once();
    match (rules.mode, per_month) {
        (Mode::Area, true) => t!("charging-unit-area-month"),
        (Mode::Area, false) => t!("charging-unit-area"),
        (Mode::Head, true) => t!("charging-unit-head-month"),
        (Mode::Head, false) => t!("charging-unit-head"),
        (Mode::Value, true) => t!("charging-unit-value-month"),
        (Mode::Value, false) => t!("charging-unit-value"),
        (Mode::Formula, true) => t!("charging-unit-formula-month"),
        (Mode::Formula, false) => t!("charging-unit-formula"),
        (Mode::Household, true) => t!("charging-unit-household-month"),
        (Mode::Household, false) => t!("charging-unit-household"),
        (Mode::Fixed, true) => t!("charging-unit-month"),
        (Mode::Fixed, false) => t!("charging-unit-fixed"),
        (Mode::Usage, _) => t!("charging-unit-usage", unit = usage_unit(kind)),
    }
}

/// A price, or how tiers run: `2.90 / 3.85 / 6.70`; parts are added up, seasons follow each other.
pub fn rate_text(rate: &Rate) -> String {
    let joined = |parts: &[RatePart]| parts.iter().map(part_text).collect::<Vec<_>>().join(" + ");
    match rate {
        Rate::Flat(price) => price_text(*price),
        Rate::Tiered(tiers) => tiers_text(tiers),
        Rate::Parts(parts) => joined(parts),
        Rate::Seasons(seasons) => {
            let seasons = seasons.iter().map(|season| format!("{} {}", season.name, joined(&season.parts)));
            seasons.collect::<Vec<_>>().join("; ")
        }
    }
}

fn part_text(part: &RatePart) -> String {
    match &part.rate {
        SimpleRate::Flat(price) => format!("{} {}", part.name, price_text(*price)),
        SimpleRate::Tiered(tiers) => format!("{} {}", part.name, tiers_text(tiers)),
    }
}

fn tiers_text(tiers: &Tiers) -> String {
    tiers.steps.iter().map(|step| price_text(step.price)).collect::<Vec<_>>().join(" / ")
}

/// At least two decimals, as prices are read.
pub(super) fn price_text(price: common::quantity::Price) -> String {
    let mut value = price.get();
    if value.scale() < 2 {
        value.rescale(2);
    }
    value.to_string()
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
