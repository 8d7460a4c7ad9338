//! What the price of a tariff may be made of: what is not accepted is not offered.

use common::charging::tariff::{Mode, TariffRules};

/// What a price may be made of, each with what comes before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Offer {
    /// One figure, which a formula calls the price.
    Figure,
    /// Parts that are added up, and seasons.
    Parts,
    /// Tiers of what a formula comes to.
    Tiers,
    /// The registers of a meter.
    Registers,
}

impl Offer {
    pub(super) fn of(rules: &TariffRules) -> Self {
        match rules.mode {
            Mode::Usage => Self::Registers,
            Mode::Formula if rules.names_its_price() => Self::Figure,
            Mode::Formula => Self::Tiers,
            Mode::Area | Mode::Household | Mode::Head | Mode::Value | Mode::Fixed => Self::Parts,
        }
    }
}
