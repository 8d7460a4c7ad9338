//! Which price: unit before floor before entrance before building before community, then the latest effective date.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::proration::Span;
use super::tier::Tiers;
use crate::words;

words! {
    /// For what a price is set, from the widest to the narrowest.
    PriceScopeKind {
        Community = "community",
        Building = "building",
        Entrance = "entrance",
        /// One floor of one building.
        Floor = "floor",
        Unit = "unit",
    }
}

/// Where a unit lies, in the run's own numbers for buildings, entrances and units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub unit: u32,
    pub building: Option<u32>,
    pub entrance: Option<u32>,
    pub floor: Option<i16>,
}

/// For what one price is set, in the same numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum At {
    Community,
    Building(u32),
    Entrance(u32),
    Floor(u32, i16),
    Unit(u32),
}

impl At {
    pub fn kind(self) -> PriceScopeKind {
        match self {
            Self::Community => PriceScopeKind::Community,
            Self::Building(_) => PriceScopeKind::Building,
            Self::Entrance(_) => PriceScopeKind::Entrance,
            Self::Floor(..) => PriceScopeKind::Floor,
            Self::Unit(_) => PriceScopeKind::Unit,
        }
    }
}

/// One price per quantity, or tiers of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// Scaled by 10⁸.
    Flat(i64),
    Tiered(Tiers),
}

/// A price in force from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PriceRow {
    pub at: At,
    pub from: i32,
    pub to: Option<i32>,
    pub rate: Rate,
}

impl PriceRow {
    fn end(&self) -> i32 {
        self.to.unwrap_or(i32::MAX)
    }
}

/// All prices of one tariff, found by scope without a search.
#[derive(Debug, Default)]
pub struct PriceBook {
    rows: Vec<PriceRow>,
    /// By scope, each in the order of effective dates.
    scopes: HashMap<At, Vec<u32>>,
    community: Vec<u32>,
    has_unit: bool,
    has_floor: bool,
    has_entrance: bool,
    has_building: bool,
}

/// No price is in force on this day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPrice {
    pub day: i32,
}

impl PriceBook {
    pub fn new(rows: Vec<PriceRow>) -> Self {
        let mut book = Self::default();
        let mut order: Vec<(i32, u32)> = (0_u32..).zip(&rows).map(|(place, row)| (row.from, place)).collect();
        order.sort_unstable();
        for (_, place) in order {
            let Some(row) = usize::try_from(place).ok().and_then(|place| rows.get(place)) else { continue };
            match row.at {
                At::Community => {
                    book.community.push(place);
                    continue;
                }
                At::Building(_) => book.has_building = true,
                At::Entrance(_) => book.has_entrance = true,
                At::Floor(..) => book.has_floor = true,
                At::Unit(_) => book.has_unit = true,
            }
            book.scopes.entry(row.at).or_default().push(place);
        }
        book.rows = rows;
        book
    }

    pub fn get(&self, price: u32) -> Option<&PriceRow> {
        usize::try_from(price).ok().and_then(|place| self.rows.get(place))
    }

    /// The prices in force for a unit over `span`, in order and without a gap, put into `found`.
    pub fn in_force(&self, place: Place, span: Span, found: &mut Vec<(Span, u32)>) -> Result<(), NoPrice> {
        found.clear();
        let levels = self.levels(place);
        let mut day = span.from;
        while day < span.to {
            let mut end = span.to;
            let mut price = None;
            for level in levels {
                if let Some(place) = self.on(day, level) {
                    price = Some(place);
                    end = end.min(self.get(place).map_or(end, PriceRow::end));
                }
                // Whatever starts later on this level takes over then, also where nothing is in force now.
                end = self.next_after(day, level).map_or(end, |next| end.min(next));
                if price.is_some() {
                    break;
                }
            }
            let Some(price) = price else { return Err(NoPrice { day }) };
            match found.last_mut() {
                Some((last, same)) if *same == price => last.to = end,
                _ => found.push((Span { from: day, to: end }, price)),
            }
            day = end;
        }
        Ok(())
    }

    /// The prices that could be a unit's, the most specific scope first.
    fn levels(&self, place: Place) -> [&[u32]; 5] {
        let of = |at: Option<At>| at.and_then(|at| self.scopes.get(&at)).map_or(&[] as &[u32], Vec::as_slice);
        [
            of(self.has_unit.then_some(At::Unit(place.unit))),
            of(place.building.zip(place.floor).filter(|_| self.has_floor).map(|(building, floor)| At::Floor(building, floor))),
            of(place.entrance.filter(|_| self.has_entrance).map(At::Entrance)),
            of(place.building.filter(|_| self.has_building).map(At::Building)),
            &self.community,
        ]
    }

    /// Of a level's prices in force on a day, the one with the latest effective date.
    fn on(&self, day: i32, level: &[u32]) -> Option<u32> {
        level.iter().rev().copied().find(|place| self.get(*place).is_some_and(|row| row.from <= day && day < row.end()))
    }

    fn next_after(&self, day: i32, level: &[u32]) -> Option<i32> {
        level.iter().filter_map(|place| self.get(*place)).map(|row| row.from).find(|from| *from > day)
    }
}
