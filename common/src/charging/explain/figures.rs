//! Figures as people read them: prices, shares, usages and months.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::charging::proration::PARTS_OF_A_MONTH;
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::Basis;
use crate::metering::Utility;
use crate::money::grouped;
use crate::quantity::{Price, Quantity};
use crate::text::Language;

/// What is metered of a fee item of this kind: m³, kWh …
pub fn usage_unit(kind: FeeItemKind) -> &'static str {
    match Utility::of_kind(kind) {
        Some(utility) => utility.measure(),
        None if kind == FeeItemKind::Elevator => Utility::Electricity.measure(),
        None => "",
    }
}

/// A price as people read it: thousands, and at least two decimals.
pub fn price(price: Price) -> String {
    grouped(price.get(), 2)
}

/// Yuan that need not be whole fen.
pub fn yuan(value: Decimal) -> String {
    grouped(value, 2)
}

/// A share as people read it: `70%`.
pub fn percent(share: Quantity) -> String {
    format!("{}%", (share.get() * Decimal::ONE_HUNDRED).normalize())
}

/// The unit of what a price was multiplied with: m², or what is metered; nothing where it is a count, yuan or a figure of a formula.
pub fn basis_unit(language: Language, basis: &Basis, kind: FeeItemKind) -> String {
    match basis {
        Basis::Area { .. } => say!(language, "kit-square-metre"),
        Basis::Usage { .. } => usage_unit(kind).to_owned(),
        Basis::Formula { meters, .. } if !meters.is_empty() => usage_unit(kind).to_owned(),
        _ => String::new(),
    }
}

/// A usage with its unit.
pub(super) fn usage_of(usage: Quantity, kind: FeeItemKind) -> String {
    format!("{usage} {}", usage_unit(kind)).trim_end().to_owned()
}

/// Parts of a month as people read them, to 5 decimals.
pub(super) fn months_text(months: i64) -> Decimal {
    let months = Decimal::from(months).checked_div(Decimal::from(PARTS_OF_A_MONTH)).unwrap_or_default();
    months.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero).normalize()
}
