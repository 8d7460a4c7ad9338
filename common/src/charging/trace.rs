//! How an amount came about, as data: enough to redo the line by hand, and small enough to keep with every line.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::line::{Amount, Line, LinePart, Measure};
use super::minimum::{Minimum, MinimumPer};
use super::price::{At, Parts, PriceBook, PriceScopeKind};
use super::proration::{PARTS_OF_A_MONTH, TimeShare, day_of};
use super::rate::{Counted, Rate, SimpleRate};
use super::tariff::{FeeItemKind, Rounding};
use super::tier::{TierScope, Tiers};
use super::turnover::{Comparison, Turnover};
use super::usage::{MeterRead, RegisterUsage, ShareTrace};
use crate::formula::{Exact, Named};
use crate::id::ApportionmentId;
use crate::money::Money;
use crate::period::{Day, Month};
use crate::quantity::{Price, Quantity};

/// The trace of one bill line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Trace {
    pub basis: Basis,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<TracedPiece>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub rounding: Rounding,
    /// The months that the bounds of tiers grew with, in 1/377,580; absent when it is one month or there are no tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier_months: Option<i64>,
    /// What the unit's kind multiplied the quantity with; absent when that is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coefficient: Option<Quantity>,
    /// What vacant pieces count; absent when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vacant_rate: Option<Quantity>,
    /// What was used in the tariff year before this period, where tiers count by the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Quantity>,
    /// The sales beside the rent, where a contract has a share of them and they were reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnover: Option<TracedTurnover>,
    /// What the meters count, where the fee item is of another kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<FeeItemKind>,
    /// The minimum that was charged, where the usage came to less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<TracedMinimum>,
}

/// A minimum that was more than the usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedMinimum {
    pub per: MinimumPer,
    /// The months that it is for, in 1/377,580; absent when it is one month, or for the bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<i64>,
    pub least: TracedLeast,
}

/// What the minimum is for a month or a bill, and what it lifted to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TracedLeast {
    /// So much counts as used, to 4 decimals.
    Usage { usage: Quantity, counted: Quantity },
    /// What the usage itself came to.
    Amount { amount_fen: Money, priced_fen: Money },
}

impl TracedMinimum {
    /// None where the usage came to as much by itself.
    pub fn of(minimum: Minimum, line: &Line, measure: &Measure<'_>) -> Option<Self> {
        let least = match (measure.lifted(), line.raised_from) {
            (Some(least), _) => {
                TracedLeast::Usage { usage: minimum.usage, counted: Quantity::new(least.shown(Quantity::SCALE)?)? }
            }
            (None, Some(priced_fen)) => TracedLeast::Amount { amount_fen: minimum.amount_fen, priced_fen },
            (None, None) => return None,
        };
        let months = minimum.months(&line.pieces).filter(|months| *months != PARTS_OF_A_MONTH);
        Some(Self { per: minimum.per, months, least })
    }
}

/// The comparison of a share of the sales with the rent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedTurnover {
    /// The share of the sales, 0 to 1.
    pub share: Quantity,
    /// The months of the bill, or all of it in one.
    pub rows: Vec<TracedComparison>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedComparison {
    pub from: Day,
    /// The first day after it.
    pub to: Day,
    /// How many of its days have sales that count; none where it is rent-free.
    pub days: u16,
    /// What was reported of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sales: Vec<TracedSales>,
    /// What the rent comes to, in yuan, at no more than 5 decimals.
    pub fixed: Decimal,
}

/// The sales of a month: all of them, or the part that so many of its days have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedSales {
    pub month: Month,
    pub sales_fen: Money,
    pub days: u16,
    pub of: u16,
}

impl TracedTurnover {
    /// What is kept of a comparison; `None` where a number does not fit.
    pub fn of(turnover: &Turnover) -> Option<Self> {
        let count = |days: i64| u16::try_from(days).unwrap_or(u16::MAX);
        let one = |row: &Comparison| {
            let sales = row.sales.iter().map(|sales| TracedSales {
                month: sales.month,
                sales_fen: sales.sales,
                days: count(sales.days),
                of: count(sales.of),
            });
            let fixed = row.fixed.times(Exact::new(1, 100)?)?.shown(5)?;
            let (from, to) = (day_of(row.span.from), day_of(row.span.to));
            Some(TracedComparison { from, to, days: count(row.days), sales: sales.collect(), fixed })
        };
        Some(Self { share: turnover.share, rows: turnover.rows.iter().map(one).collect::<Option<_>>()? })
    }

    /// What the share of the sales comes to in a row, in yuan at no more than 5 decimals.
    pub fn part(&self, row: &TracedComparison) -> Decimal {
        let part = |sales: &TracedSales| {
            let yuan = sales.sales_fen.yuan().checked_mul(Decimal::from(sales.days))?;
            yuan.checked_mul(self.share.get())?.checked_div(Decimal::from(sales.of))
        };
        let sum = row.sales.iter().try_fold(Decimal::ZERO, |sum, sales| sum.checked_add(part(sales)?)).unwrap_or_default();
        sum.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero).normalize()
    }

    /// What a row charges: the larger of both.
    pub fn larger(&self, row: &TracedComparison) -> Decimal {
        self.part(row).max(row.fixed)
    }

    /// Whether the share of the sales is charged anywhere.
    pub fn is_more(&self) -> bool {
        self.rows.iter().any(|row| self.part(row) > row.fixed)
    }

    /// What the rent alone comes to.
    pub fn fixed(&self) -> Decimal {
        self.rows.iter().map(|row| row.fixed).sum()
    }

    /// What all rows charge.
    pub fn sum(&self) -> Decimal {
        self.rows.iter().map(|row| self.larger(row)).sum()
    }
}

/// What the price was multiplied with, and where that came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Basis {
    /// The unit's billed area in m².
    Area {
        area: Quantity,
    },
    Household,
    Fixed,
    /// The people of each piece.
    Head,
    /// What the property is worth, in yuan.
    Value {
        value: Quantity,
    },
    Usage {
        usage: Quantity,
        meters: Vec<MeterRead>,
        /// What each register counted; empty for a meter with one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        registers: Vec<RegisterUsage>,
    },
    /// The company's own formula, and what its names stood for on the first piece.
    Formula {
        formula: String,
        /// Whether it yields yuan, because it speaks of the price itself.
        yuan: bool,
        /// Whether it names months or days, so that it yields what the piece costs and not what a month does.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        timed: bool,
        values: Vec<NamedValue>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        meters: Vec<MeterRead>,
    },
    /// A share of the sales that were reported, since it is more than the fixed rent; of bills from before it was traced month by
    /// month.
    Turnover {
        sales_fen: Money,
        /// The share of the sales, 0 to 1.
        share: Quantity,
        /// What the fixed rent would have come to.
        fixed_fen: Money,
    },
    /// A share of a pool, computed by an apportionment.
    Share(ShareTrace),
    /// The amount was given: a one-off bill, or a bill of the past.
    Given {
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
}

/// What a name in a formula stood for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct NamedValue {
    pub name: Named,
    /// At no more than 8 decimals.
    pub value: Decimal,
}

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

/// How many people live in a home, and from how many on the bounds of tiers grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TracedPeople {
    pub heads: u32,
    pub persons: u16,
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
    pub price: Price,
    pub quantity: Quantity,
    pub amount_fen: Money,
}

impl Trace {
    /// The trace of a priced line.
    pub fn of_line(
        basis: Basis,
        line: &Line,
        measure: &Measure<'_>,
        (book, place_of): (&PriceBook, &dyn Fn(At) -> Option<TracedPlace>),
        rounding: Rounding,
    ) -> Self {
        let pieces = (0_u32..).zip(&line.pieces.list).filter_map(|(place, piece)| {
            let row = book.get(piece.terms.price)?;
            let parts = book.parts(piece.terms)?;
            let touched =
                line.parts.iter().filter(|part| part.piece == place).filter_map(|part| traced(&parts, part, piece.terms.heads));
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
        let months = line.pieces.tier_months();
        let by = |scope| line.parts.iter().any(|part| tiers_of(book, line, part).is_some_and(|tiers| tiers.scope == scope));
        let vacant = line.pieces.list.iter().any(|piece| piece.terms.vacant);
        let coefficient = Quantity::from_scaled(measure.coefficient);
        Self {
            basis,
            pieces: pieces.collect(),
            rounding,
            tier_months: (months != PARTS_OF_A_MONTH && by(TierScope::Month)).then_some(months),
            coefficient: (coefficient != Quantity::ONE).then_some(coefficient),
            vacant_rate: vacant.then(|| Quantity::from_scaled(measure.vacant_rate)),
            before: by(TierScope::Year).then(|| Quantity::from_scaled(measure.before)),
            turnover: None,
            utility: None,
            minimum: None,
        }
    }

    /// The trace of an amount that was given.
    pub fn given(note: impl Into<String>) -> Self {
        Self::bare(Basis::Given { note: note.into() })
    }

    /// The trace of a share of a pool.
    pub fn share(share: ShareTrace, apportionment: ApportionmentId) -> Self {
        let utility = share.utility;
        Self { utility, ..Self::bare(Basis::Share(ShareTrace { apportionment: Some(apportionment), ..share })) }
    }

    fn bare(basis: Basis) -> Self {
        Self {
            basis,
            pieces: Vec::new(),
            rounding: Rounding::default(),
            tier_months: None,
            coefficient: None,
            vacant_rate: None,
            before: None,
            turnover: None,
            utility: None,
            minimum: None,
        }
    }

    /// What the pieces come to, of a line of this amount: less than it where a minimum amount is charged.
    pub fn priced(&self, amount: Money) -> Money {
        match self.minimum {
            Some(TracedMinimum { least: TracedLeast::Amount { priced_fen, .. }, .. }) => priced_fen,
            _ => amount,
        }
    }

    /// The number that prices are multiplied with, where it is the same for all pieces.
    pub fn quantity(&self) -> Option<Quantity> {
        match &self.basis {
            Basis::Area { area } => Some(*area),
            Basis::Household | Basis::Fixed => Some(Quantity::ONE),
            Basis::Usage { usage, .. } => match self.minimum {
                Some(TracedMinimum { least: TracedLeast::Usage { counted, .. }, .. }) => Some(counted),
                _ => Some(*usage),
            },
            Basis::Value { value } => Some(*value),
            Basis::Share(share) => Some(share.quantity),
            Basis::Head | Basis::Formula { .. } | Basis::Turnover { .. } | Basis::Given { .. } => None,
        }
    }

    /// What one piece comes to before anything is rounded, shown at 5 decimals.
    pub fn product(&self, piece: &TracedPiece) -> Option<Decimal> {
        self.exact(piece).map(|exact| exact.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero))
    }

    /// The sum of all pieces before it is rounded, shown at 5 decimals; `None` where tiers or a share say it already.
    pub fn sum(&self) -> Option<Decimal> {
        if let Some(turnover) = &self.turnover {
            return Some(turnover.sum());
        }
        let sum = self.pieces.iter().try_fold(Decimal::ZERO, |sum, piece| sum.checked_add(self.exact(piece)?))?;
        (!self.pieces.is_empty()).then(|| sum.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero))
    }

    fn exact(&self, piece: &TracedPiece) -> Option<Decimal> {
        let quantity = piece.quantity.or_else(|| self.quantity().map(Quantity::get))?;
        let yuan = matches!(self.basis, Basis::Formula { yuan: true, .. });
        let mut product = if yuan { quantity } else { piece.price?.get().checked_mul(quantity)? };
        if let Some(coefficient) = self.coefficient {
            product = product.checked_mul(coefficient.get())?;
        }
        if let Some(rate) = self.vacant_rate.filter(|_| piece.vacant) {
            product = product.checked_mul(rate.get())?;
        }
        match piece.share {
            _ if matches!(self.basis, Basis::Formula { timed: true, .. }) => Some(product),
            TracedShare::Whole => Some(product),
            TracedShare::Months(times) | TracedShare::Periods(times) | TracedShare::EachDay(times) => {
                product.checked_mul(Decimal::from(times))
            }
            TracedShare::Halves(halves) => product.checked_mul(Decimal::from(halves))?.checked_div(Decimal::TWO),
            TracedShare::Days(days, of) => product.checked_mul(Decimal::from(days))?.checked_div(Decimal::from(of)),
        }
    }
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

fn is_default(rounding: &Rounding) -> bool {
    *rounding == Rounding::default()
}

/// The people that the bounds of a price's tiers grew with.
fn people_of(parts: &Parts<'_>, heads: u32) -> Option<TracedPeople> {
    let of = |tiers: &Tiers| tiers.persons.filter(|persons| heads > u32::from(*persons));
    let persons = match parts {
        Parts::Flat(_) => None,
        Parts::Tiered(tiers) => of(tiers),
        Parts::Several(several) => several.iter().find_map(|part| match &part.rate {
            SimpleRate::Tiered(tiers) => of(tiers),
            SimpleRate::Flat(_) => None,
        }),
    };
    persons.map(|persons| TracedPeople { heads, persons })
}

/// A touched part as it is kept.
fn traced(parts: &Parts<'_>, part: &LinePart, heads: u32) -> Option<TracedTier> {
    let (name, of, rate) = parts.get(part.part)?;
    let bound = |tiers: &Tiers, place: u16| {
        let step = tiers.steps.get(usize::from(place))?;
        tiers.bound(step, heads).map(Quantity::from_scaled)
    };
    let mut per_person = None;
    let (no, above, up_to, price) = match (rate, part.tier) {
        (Ok(tiers), Some(tier)) => {
            let below = tier.checked_sub(1).and_then(|below| bound(tiers, below)).unwrap_or(Quantity::ZERO);
            let step = tiers.steps.get(usize::from(tier))?;
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
        price,
        quantity: Quantity::from_scaled(part.quantity),
        amount_fen: part.amount,
    })
}

/// The tiers that a part of a line was filled into.
fn tiers_of<'a>(book: &'a PriceBook, line: &Line, part: &LinePart) -> Option<&'a Tiers> {
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

/// A piece's own quantity, where pieces differ.
fn quantity_of(measure: &Measure<'_>, place: u32, heads: u32) -> Option<Decimal> {
    match measure.amount {
        Amount::Same(_) => measure.lifted()?.shown(8),
        Amount::Heads => Some(Decimal::from(heads)),
        Amount::Each(values) | Amount::Yuan(values) => values.get(usize::try_from(place).ok()?)?.shown(8),
    }
}
