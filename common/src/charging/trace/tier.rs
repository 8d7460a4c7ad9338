//! The tiers and parts of a price that a usage touched, and what people added to their bounds.

use serde::{Deserialize, Serialize};

use crate::charging::line::{Line, LinePart, Measure};
use crate::charging::price::{Parts, PriceBook};
use crate::charging::rate::{Counted, SimpleRate};
use crate::charging::tier::Tiers;
use crate::money::Money;
use crate::quantity::{Price, Quantity};

/// One tier, or one part of the price, that the usage touched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedTier {
    /// The part's name, where the price has parts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// Which register it counts, where it does not count all of the usage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Counted>,
    /// Counted from 1; 0 for a part with one figure.
    pub no: u16,
    /// The bound below, for one month or one year, with what more people add.
    pub above: Quantity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Quantity>,
    /// What each further person added to the bound; absent where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_person: Option<Quantity>,
    /// The unit's own quota, where the bounds are multiples of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<TracedQuota>,
    pub price: Price,
    pub quantity: Quantity,
    /// What of all registers together fell into the tier, where its bounds are for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_all: Option<Quantity>,
    pub amount_fen: Money,
}

/// The quota that bounds are multiples of, and the multiples.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedQuota {
    /// The custom field that it stood in.
    pub field: String,
    pub quota: Quantity,
    /// Of the bound below; absent for the first tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Quantity>,
    /// Absent for the last tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Quantity>,
}

/// How many people live in a home, and from how many on the bounds of tiers grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedPeople {
    pub heads: u32,
    pub persons: u16,
    /// So many count at most, where more live there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u16>,
}

/// A touched part as it is kept.
pub(super) fn traced(parts: &Parts<'_>, part: &LinePart, measure: &Measure<'_>, heads: u32) -> Option<TracedTier> {
    let (name, of, rate) = parts.get(part.part)?;
    let own = rate.ok().and_then(|tiers| measure.quota(tiers).ok().flatten());
    let step = |tiers: &Tiers, place: u16| tiers.steps.get(usize::from(place)).copied();
    let bound = |tiers: &Tiers, place: u16| shown(tiers.bound(&step(tiers, place)?, (heads, own))?);
    let (mut per_person, mut quota) = (None, None);
    let (no, above, up_to, price) = match (rate, part.tier) {
        (Ok(tiers), Some(tier)) => {
            let below = tier.checked_sub(1).and_then(|below| bound(tiers, below)).unwrap_or(Quantity::ZERO);
            let step = step(tiers, tier)?;
            quota = tiers.quota.clone().zip(own).map(|(field, own)| TracedQuota {
                field,
                quota: Quantity::from_scaled(own),
                above: tier.checked_sub(1).and_then(|below| tiers.steps.get(usize::from(below))?.up_to),
                up_to: step.up_to,
            });
            per_person = step.per_person.filter(|_| tiers.persons.is_some_and(|persons| heads > u32::from(persons)));
            (tier + 1, below, bound(tiers, tier), step.price)
        }
        (Err(price), None) => (0, Quantity::ZERO, None, price),
        _ => return None,
    };
    Some(TracedTier {
        part: name.to_owned(),
        of: (of != Counted::Total).then_some(of),
        no,
        above,
        up_to,
        per_person,
        quota,
        price,
        quantity: Quantity::from_scaled(part.quantity),
        of_all: part.of_all.map(Quantity::from_scaled),
        amount_fen: part.amount,
    })
}

/// A bound at the 4 decimals of a quantity, half up.
fn shown(bound: i128) -> Option<Quantity> {
    i64::try_from((bound + 5_000) / 10_000).ok().map(Quantity::from_scaled)
}

/// The people that the bounds of a price's tiers grew with.
pub(super) fn people_of(parts: &Parts<'_>, heads: u32) -> Option<TracedPeople> {
    let of = |tiers: &Tiers| {
        let persons = tiers.persons.filter(|persons| heads > u32::from(*persons))?;
        Some(TracedPeople { heads, persons, most: tiers.persons_most.filter(|most| heads > u32::from(*most)) })
    };
    parts.tiers().find_map(of)
}

/// The tiers that a part of a line was filled into.
pub(super) fn tiers_of<'a>(book: &'a PriceBook, line: &Line, part: &LinePart) -> Option<&'a Tiers> {
    let piece = line.pieces.list.get(usize::try_from(part.piece).ok()?)?;
    match book.parts(piece.terms)? {
        Parts::Tiered(tiers) => Some(tiers),
        Parts::Several(several) => match &several.get(usize::from(part.part))?.rate {
            SimpleRate::Tiered(tiers) => Some(tiers),
            SimpleRate::Flat(_) => None,
        },
        Parts::Flat(_) => None,
    }
}
