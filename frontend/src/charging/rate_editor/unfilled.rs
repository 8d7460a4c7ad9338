//! Prices that nobody has typed yet: their fields are empty, and have to be filled in before the price is saved.

use common::charging::rate::{Rate, RatePart, SimpleRate};
use common::charging::tier::Tiers;
use common::quantity::Price;

/// Stands in a draft for a price that is still to be typed. It is negative, as no price may be, so that it is saved by no way.
pub(in crate::charging) fn unfilled() -> Price {
    Price::from_scaled(i64::MIN)
}

/// As one types it; nothing where it is still to be typed.
pub(super) fn typed(price: Price) -> String {
    if price == unfilled() { String::new() } else { crate::charging::words::price_typed(price) }
}

/// The fields of a price that are still to be filled in, as the request names them.
pub(in crate::charging) fn unfilled_fields(rate: &Rate) -> Vec<String> {
    let mut found = Vec::new();
    match rate {
        Rate::Flat(price) => one("rate.flat", *price, &mut found),
        Rate::Tiered(tiers) => of_tiers("rate.tiered", tiers, &mut found),
        Rate::Parts(parts) => of_parts("rate.parts", parts, &mut found),
        Rate::Seasons(seasons) => {
            for (place, season) in seasons.iter().enumerate() {
                of_parts(&format!("rate.seasons.{place}.parts"), &season.parts, &mut found);
            }
        }
    }
    found
}

fn of_parts(field: &str, parts: &[RatePart], found: &mut Vec<String>) {
    for (place, part) in parts.iter().enumerate() {
        match &part.rate {
            SimpleRate::Flat(price) => one(&format!("{field}.{place}.rate.flat"), *price, found),
            SimpleRate::Tiered(tiers) => of_tiers(&format!("{field}.{place}.rate.tiered"), tiers, found),
        }
    }
}

fn of_tiers(field: &str, tiers: &Tiers, found: &mut Vec<String>) {
    for (place, step) in tiers.steps.iter().enumerate() {
        one(&format!("{field}.steps.{place}.price"), step.price, found);
    }
}

fn one(field: &str, price: Price, found: &mut Vec<String>) {
    if price == unfilled() {
        found.push(field.to_owned());
    }
}
