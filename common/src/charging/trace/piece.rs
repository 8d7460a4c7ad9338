//! A stretch of days on the same terms: its price, where that was set, and how much of the time it counts.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::tier::{TracedPeople, TracedTier, people_of, traced};
use crate::charging::line::{Amount, Line, Measure};
use crate::charging::price::{At, Parts, PriceBook, PriceScopeKind};
use crate::charging::proration::{TimeShare, day_of};
use crate::charging::rate::Rate;
use crate::period::Day;
use crate::quantity::Price;

/// A stretch of days on the same terms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedPiece {
    pub from: Day,
    /// The first day after it.
    pub to: Day,
    pub share: TracedShare,
    /// For whom the price was set.
    pub scope: PriceScopeKind,
    /// Where that is, by name; absent where the scope says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<TracedPlace>,
    /// The price's effective date.
    pub since: Day,
    /// Absent where the price has tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TracedTier>,
    /// Its own quantity, where pieces differ: people, or what the formula came to, at 8 decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// The people that bounds of tiers grew with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<TracedPeople>,
    /// The season of the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vacant: bool,
    /// Which of the period's owners held the unit, counted from 0.
    #[serde(default, skip_serializing_if = "is_first")]
    pub owner: u16,
}

/// A building, or a floor of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedPlace {
    /// The building's name.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<i16>,
}

/// How much of the time a piece counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TracedShare {
    /// So many whole months.
    Months(u16),
    /// So many halves of a month.
    Halves(u8),
    /// Days out of days: `[15, 31]`.
    Days(u16, u16),
    /// The amount is for the period, whatever its length.
    Whole,
    /// So many such periods.
    Periods(u16),
    /// So many days, each at the price of a day.
    EachDay(u16),
}

impl From<TimeShare> for TracedShare {
    fn from(share: TimeShare) -> Self {
        match share {
            TimeShare::Months(months) => Self::Months(months),
            TimeShare::Halves(halves) => Self::Halves(halves),
            TimeShare::Days { days, of } => Self::Days(days, of),
            TimeShare::Whole => Self::Whole,
            TimeShare::Periods(periods) => Self::Periods(periods),
            TimeShare::EachDay { days, .. } => Self::EachDay(days),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_first(owner: &u16) -> bool {
    *owner == 0
}

/// The pieces of a priced line.
pub(super) fn pieces_of(
    line: &Line,
    measure: &Measure<'_>,
    (book, place_of): (&PriceBook, &dyn Fn(At) -> Option<TracedPlace>),
) -> Vec<TracedPiece> {
    let pieces = (0_u32..).zip(&line.pieces.list).filter_map(|(place, piece)| {
        let row = book.get(piece.terms.price)?;
        let parts = book.parts(piece.terms)?;
        let own = line.parts.iter().filter(|part| part.piece == place);
        let touched = own.filter_map(|part| traced(&parts, part, measure, piece.terms.heads));
        let season = match &row.rate {
            Rate::Seasons(seasons) => seasons.get(usize::from(piece.terms.season)).map(|season| season.name.clone()),
            _ => None,
        };
        Some(TracedPiece {
            from: day_of(piece.span.from),
            to: day_of(piece.span.to),
            share: piece.share.into(),
            scope: row.at.kind(),
            place: place_of(row.at),
            since: day_of(row.from),
            price: if let Parts::Flat(price) = parts { Some(Price::from_scaled(price)) } else { None },
            tiers: touched.collect(),
            quantity: quantity_of(measure, place, piece.terms.heads),
            people: people_of(&parts, piece.terms.heads),
            season,
            vacant: piece.terms.vacant,
            owner: piece.terms.owner,
        })
    });
    pieces.collect()
}

/// A piece's own quantity, where pieces differ.
fn quantity_of(measure: &Measure<'_>, place: u32, heads: u32) -> Option<Decimal> {
    match measure.amount {
        Amount::Same(_) => measure.lifted()?.shown(8),
        Amount::Heads => Some(Decimal::from(heads)),
        Amount::Each(values) | Amount::Yuan(values) => values.get(usize::try_from(place).ok()?)?.shown(8),
    }
}
