//! Which price: a contract's before all others, unit before floor before entrance before building before community, then the latest effective date.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use super::proration::{Span, Terms, day_of, number_of};
use super::rate::{Counted, Rate, RatePart, SimpleRate};
use super::tier::{TierScope, Tiers};
use crate::quantity::Price;
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
    /// What a unit's contract lays down: before any price.
    Contract(u32),
}

impl At {
    pub fn kind(self) -> PriceScopeKind {
        match self {
            Self::Community => PriceScopeKind::Community,
            Self::Building(_) => PriceScopeKind::Building,
            Self::Entrance(_) => PriceScopeKind::Entrance,
            Self::Floor(..) => PriceScopeKind::Floor,
            Self::Unit(_) | Self::Contract(_) => PriceScopeKind::Unit,
        }
    }
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
    /// The figure of each flat price, scaled by 10⁸.
    flat: Vec<Option<i64>>,
    /// Whether any price has seasons, or tiers by the year: then days decide more than the price.
    has_seasons: bool,
    has_years: bool,
    /// By scope, each in the order of effective dates.
    scopes: HashMap<At, Vec<u32>>,
    community: Vec<u32>,
    has_contract: bool,
    has_unit: bool,
    has_floor: bool,
    has_entrance: bool,
    has_building: bool,
    asks_for_heads: bool,
    /// The custom fields with the quotas that tiers are multiples of.
    quotas: Vec<String>,
}

/// What a price consists of on the days of one piece.
pub(super) enum Parts<'a> {
    Flat(i64),
    Tiered(&'a Tiers),
    Several(&'a [RatePart]),
}

impl Parts<'_> {
    /// Name, what it counts, and tiers or figure of a part.
    pub(super) fn get(&self, part: u8) -> Option<(&str, Counted, Result<&Tiers, Price>)> {
        match self {
            Self::Flat(price) => Some(("", Counted::Total, Err(Price::from_scaled(*price)))),
            Self::Tiered(tiers) => Some(("", Counted::Total, Ok(tiers))),
            Self::Several(parts) => parts.get(usize::from(part)).map(|part| {
                let rate = match &part.rate {
                    SimpleRate::Flat(price) => Err(*price),
                    SimpleRate::Tiered(tiers) => Ok(tiers),
                };
                (part.name.as_str(), part.of, rate)
            }),
        }
    }
}

impl<'a> Parts<'a> {
    /// All tiers among them.
    pub(super) fn tiers(&self) -> impl Iterator<Item = &'a Tiers> {
        let (own, several): (Option<&'a Tiers>, &'a [RatePart]) = match *self {
            Self::Flat(_) => (None, &[]),
            Self::Tiered(tiers) => (Some(tiers), &[]),
            Self::Several(several) => (None, several),
        };
        own.into_iter().chain(several.iter().filter_map(|part| match &part.rate {
            SimpleRate::Tiered(tiers) => Some(tiers),
            SimpleRate::Flat(_) => None,
        }))
    }
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
                At::Contract(_) => book.has_contract = true,
            }
            book.scopes.entry(row.at).or_default().push(place);
        }
        let tiers = || rows.iter().flat_map(|row| row.rate.tiers());
        book.has_seasons = rows.iter().any(|row| matches!(row.rate, Rate::Seasons(_)));
        book.has_years = tiers().any(|tiers| tiers.scope == TierScope::Year);
        book.asks_for_heads = tiers().any(Tiers::asks_for_heads);
        book.quotas = tiers().filter_map(|tiers| tiers.quota.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        book.flat = rows.iter().map(|row| if let Rate::Flat(price) = row.rate { Some(price.scaled()) } else { None }).collect();
        book.rows = rows;
        book
    }

    /// Whether the bounds of any tiers depend on how many people live in the home.
    pub fn asks_for_heads(&self) -> bool {
        self.asks_for_heads
    }

    /// The custom fields with the quotas of units that tiers are multiples of.
    pub fn quotas(&self) -> &[String] {
        &self.quotas
    }

    /// The parts of the price that terms speak of, or its one figure, scaled by 10⁸.
    pub(super) fn parts(&self, terms: Terms) -> Option<Parts<'_>> {
        let place = usize::try_from(terms.price).ok()?;
        if let Some(Some(flat)) = self.flat.get(place) {
            return Some(Parts::Flat(*flat));
        }
        Some(match &self.rows.get(place)?.rate {
            Rate::Flat(price) => Parts::Flat(price.scaled()),
            Rate::Tiered(tiers) => Parts::Tiered(tiers),
            Rate::Parts(parts) => Parts::Several(parts),
            Rate::Seasons(seasons) => Parts::Several(&seasons.get(usize::from(terms.season))?.parts),
        })
    }

    pub fn get(&self, price: u32) -> Option<&PriceRow> {
        usize::try_from(price).ok().and_then(|place| self.rows.get(place))
    }

    /// The prices in force for a unit over `span`, in order and without a gap, put into `found`.
    pub fn in_force(&self, place: Place, span: Span, found: &mut Vec<(Span, u32)>) -> Result<(), NoPrice> {
        self.each_in_force(place, span, found, |price| price)
    }

    fn each_in_force<T: PartialEq>(
        &self,
        place: Place,
        span: Span,
        found: &mut Vec<(Span, T)>,
        make: impl Fn(u32) -> T,
    ) -> Result<(), NoPrice> {
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
            let price = make(price.ok_or(NoPrice { day })?);
            match found.last_mut() {
                Some((last, same)) if *same == price => last.to = end,
                _ => found.push((Span { from: day, to: end }, price)),
            }
            day = end;
        }
        Ok(())
    }

    /// The terms over `span`: the prices in force, cut besides where a season or a tariff year begins.
    pub fn terms(&self, place: Place, span: Span, found: &mut Vec<(Span, Terms)>) -> Result<(), NoPrice> {
        let of = |price| Terms { price, ..Terms::default() };
        if !self.has_seasons && !self.has_years {
            return self.each_in_force(place, span, found, of);
        }
        found.clear();
        let mut prices = Vec::new();
        self.in_force(place, span, &mut prices)?;
        for (span, price) in prices {
            let terms = of(price);
            let Some(row) = self.get(price) else { continue };
            let mut day = span.from;
            while day < span.to {
                let end = next_cut(&row.rate, day).min(span.to);
                let terms = Terms { season: season_of(&row.rate, day), year: self.year_of(&row.rate, day), ..terms };
                match found.last_mut() {
                    Some((last, same)) if *same == terms && last.to == day => last.to = end,
                    _ => found.push((Span { from: day, to: end }, terms)),
                }
                day = end;
            }
        }
        Ok(())
    }

    /// The tariff year of a day, by the price's own tiers or, where it has none by the year, by those of the tariff's oldest
    /// price that has: never by whichever the list has first.
    fn year_of(&self, rate: &Rate, day: i32) -> i16 {
        if !self.has_years {
            return 0;
        }
        let by_year =
            |rate: &Rate| rate.tiers().find(|tiers| tiers.scope == TierScope::Year).map(|tiers| tiers.year_of(day_of(day)));
        let oldest = || self.rows.iter().filter_map(|row| Some((row.from, by_year(&row.rate)?))).min().map(|(_, year)| year);
        let year = by_year(rate).or_else(oldest);
        year.and_then(|year| i16::try_from(year).ok()).unwrap_or(0)
    }

    /// The prices that could be a unit's, the most specific scope first.
    fn levels(&self, place: Place) -> [&[u32]; 6] {
        let of = |at: Option<At>| at.and_then(|at| self.scopes.get(&at)).map_or(&[] as &[u32], Vec::as_slice);
        [
            of(self.has_contract.then_some(At::Contract(place.unit))),
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

/// Which season of a price a day lies in.
fn season_of(rate: &Rate, day: i32) -> u16 {
    let Rate::Seasons(seasons) = rate else { return 0 };
    let day = day_of(day);
    let place = seasons.iter().position(|season| season.has(day)).unwrap_or(0);
    u16::try_from(place).unwrap_or(0)
}

/// The first day after `day` on which another season, or a month and with it perhaps a tariff year, begins.
fn next_cut(rate: &Rate, day: i32) -> i32 {
    let month = first_of_next_month(day);
    let Rate::Seasons(seasons) = rate else { return month };
    let begins = seasons.iter().filter_map(|season| season.begins_in(day_of(day))?.try_into().ok());
    begins.min().map_or(month, |days: i32| month.min(day.saturating_add(days)))
}

fn first_of_next_month(day: i32) -> i32 {
    let day = day_of(day);
    let (year, month) = if day.month() == 12 { (day.year() + 1, 1) } else { (day.year(), day.month() + 1) };
    NaiveDate::from_ymd_opt(year, month, 1).map_or(i32::MAX, number_of)
}
