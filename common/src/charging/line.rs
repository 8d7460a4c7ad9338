//! A bill line: pieces × price × quantity, summed as one fraction and rounded once.

use super::price::{Parts, PriceBook};
use super::proration::{PARTS_OF_A_MONTH, Piece, Pieces};
use super::rate::{Counted, RatePart, SimpleRate};
use super::tariff::Rounding;
use super::tier::{TierScope, Tiers};
use crate::formula::{Exact, gcd};
use crate::money::Money;

/// Scaled price × scaled quantity ÷ this = fen.
const SCALE_OF_FEN: i128 = 10_000_000_000;
/// A coefficient, and a vacancy rate, of 1.
const ONE: i64 = 10_000;

/// What a price is multiplied with.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    pub amount: Amount<'a>,
    /// What the unit's kind multiplies the quantity with, × 10⁴.
    pub coefficient: i64,
    /// What a vacant piece counts, × 10⁴.
    pub vacant_rate: i64,
    /// What was used in the tariff year before the first piece, × 10⁴.
    pub before: i64,
    /// What each register counted, × 10⁴; empty for a meter with one.
    pub registers: &'a [(Counted, i64)],
    /// The unit's own quotas that tiers are multiples of, × 10⁴, by their fields; without those that it has not.
    pub quotas: &'a [(String, i64)],
    /// The least that counts as used, where the tariff has such a minimum.
    pub least: Option<Exact>,
    pub time: TimeCounts,
}

/// What the time of a piece does to its quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeCounts {
    /// The quantity is that of a month, or of the period.
    ByShare,
    /// The quantity is that of the piece: a formula named its months or days.
    InQuantity,
}

/// The quantity of each piece.
#[derive(Clone, Copy, Debug)]
pub enum Amount<'a> {
    /// The same for all, × 10⁴.
    Same(i64),
    /// The people of the piece.
    Heads,
    /// One for each piece, from a formula.
    Each(&'a [Exact]),
    /// One for each piece, in yuan: the formula speaks of the price itself.
    Yuan(&'a [Exact]),
}

impl Measure<'static> {
    /// A quantity × 10⁴ that nothing else changes.
    pub fn same(quantity: i64) -> Self {
        Self {
            amount: Amount::Same(quantity),
            coefficient: ONE,
            vacant_rate: ONE,
            before: 0,
            registers: &[],
            quotas: &[],
            least: None,
            time: TimeCounts::ByShare,
        }
    }
}

impl Measure<'_> {
    /// What is charged as used, where that is a minimum that is more than the usage.
    pub fn lifted(&self) -> Option<Exact> {
        let Amount::Same(quantity) = self.amount else { return None };
        self.least.filter(|least| *least > Exact::scaled(quantity, 4))
    }

    /// The quota that the bounds of tiers are multiples of; none where they are by themselves.
    pub(super) fn quota(&self, tiers: &Tiers) -> Result<Option<i64>, NoLine> {
        let Some(field) = &tiers.quota else { return Ok(None) };
        match self.quotas.iter().find(|(of, _)| of == field) {
            Some((_, quota)) if *quota < 0 => Err(NoLine::Negative),
            Some((_, quota)) => Ok(Some(*quota)),
            None => Err(NoLine::NoQuota),
        }
    }
}

/// A priced line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub amount: Money,
    pub pieces: Pieces,
    /// Every tier and every part touched, adding up to the amount; empty where the prices are one figure each.
    pub parts: Vec<LinePart>,
    /// What the usage itself comes to, where a minimum amount is charged instead. The parts add up to this.
    pub raised_from: Option<Money>,
}

/// What fell into one part, or one tier of it, of one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinePart {
    /// The piece's place.
    pub piece: u32,
    /// The part's place in its price.
    pub part: u8,
    /// Counted from 0; `None` where the part has one figure.
    pub tier: Option<u16>,
    /// At 4 decimals, for people to read; the amount comes from the exact fraction.
    pub quantity: i64,
    /// What of all registers together fell into the tier, where its bounds are for that; likewise.
    pub of_all: Option<i64>,
    pub amount: Money,
}

/// Why a line can't be priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLine {
    /// A number in the calculation does not fit.
    TooLarge,
    /// A formula came to less than nothing, or a quota is less.
    Negative,
    /// The tiers are by the unit's own quota, and it has none.
    NoQuota,
    /// The price is by register, and the meter was read as one.
    NoRegisters,
}

/// A line on its way: what each piece costs, over one denominator.
struct Pricing<'a> {
    measure: Measure<'a>,
    pieces: &'a Pieces,
    /// What a time share is part of, in lowest terms; 1 where the quantity is that of the piece.
    whole: i128,
    /// What a weight of a piece is divided by for that.
    shared: i64,
    /// What quantities are whole numbers of: 1 ÷ (10⁴ × this).
    fraction: i128,
    /// Vacancy rate × coefficient of a piece that counts in full, in lowest terms with those of the others.
    factors: i128,
    /// The same of a piece that is lived in, and of one that is vacant.
    lived_in: i128,
    vacant: i128,
    /// What a minimum adds to the usage, as a whole number of the fraction.
    missing: i128,
    /// All of the usage, where registers lie in the tiers as it does, divided by what divides each register as well: else 1.
    spread: i128,
    /// What was used before the piece, in its tariff year: quantity × whole.
    used: i128,
    year: i16,
}

/// Prices a quantity over pieces whose prices stand in `book`.
pub fn price(measure: Measure<'_>, pieces: Pieces, book: &PriceBook, rounding: Rounding) -> Result<Line, NoLine> {
    if let Some((numerator, denominator)) = at_once(&measure, &pieces, book) {
        let amount = round(rounding, numerator, denominator)?;
        return Ok(Line { amount, pieces, parts: Vec::new(), raised_from: None });
    }
    let mut flat = 0_i128;
    let (parts, whole) = each_piece(measure, &pieces, book, |_, cost| {
        flat = sum(flat, cost)?;
        Ok(())
    })?;
    if parts.is_empty() {
        let amount = round(rounding, flat, whole)?;
        return Ok(Line { amount, pieces, parts: Vec::new(), raised_from: None });
    }
    // One denominator for both: a part of a tier is a quantity × parts of a month.
    let flat = times(flat, PARTS_OF_A_MONTH.into())?;
    let all = parts.iter().try_fold(flat, |all, (_, cost)| sum(all, *cost))?;
    let amount = round(rounding, all, times(whole, PARTS_OF_A_MONTH.into())?)?;
    let parts = share_out(amount, flat, parts).ok_or(NoLine::TooLarge)?;
    Ok(Line { amount, pieces, parts, raised_from: None })
}

/// What each piece costs, in whole numbers of one fraction of a fen: to tell which part of a line falls on which days.
pub fn costs(measure: Measure<'_>, pieces: &Pieces, book: &PriceBook) -> Result<(Vec<i128>, i128), NoLine> {
    let place = |piece: u32| usize::try_from(piece).unwrap_or(usize::MAX);
    let mut costs = vec![0_i128; pieces.list.len()];
    let mut add = |piece: u32, cost: i128| {
        if let Some(sum_of) = costs.get_mut(place(piece)) {
            *sum_of = sum(*sum_of, cost)?;
        }
        Ok(())
    };
    let (parts, whole) = each_piece(measure, pieces, book, |piece, cost| add(piece, times(cost, PARTS_OF_A_MONTH.into())?))?;
    for (part, cost) in parts {
        add(part.piece, cost)?;
    }
    Ok((costs, times(whole, PARTS_OF_A_MONTH.into())?))
}

/// Prices one piece after the other: `flat` gets what one figure costs, over the denominator that comes back; the tiers and
/// parts that were touched stand over that times [`PARTS_OF_A_MONTH`].
fn each_piece(
    measure: Measure<'_>,
    pieces: &Pieces,
    book: &PriceBook,
    mut flat: impl FnMut(u32, i128) -> Result<(), NoLine>,
) -> Result<(Vec<(LinePart, i128)>, i128), NoLine> {
    let mut pricing = Pricing::new(measure, pieces, book)?;
    let mut parts: Vec<(LinePart, i128)> = Vec::new();
    for (place, piece) in (0_u32..).zip(&pieces.list) {
        let quantity = pricing.quantity(place, piece)?;
        if quantity < 0 {
            return Err(NoLine::Negative);
        }
        let weight = pricing.weight(piece)?;
        match book.parts(piece.terms).ok_or(NoLine::TooLarge)? {
            _ if matches!(measure.amount, Amount::Yuan(_)) => {
                // An amount in yuan is a quantity at a price of one yuan.
                flat(place, product(100_000_000, times(quantity, pricing.spread)?, weight)?)?;
            }
            Parts::Flat(price) => flat(place, product(price, times(quantity, pricing.spread)?, weight)?)?,
            Parts::Tiered(tiers) => pricing.tiered(&mut parts, (place, 0), piece, (tiers, quantity, weight), None)?,
            Parts::Several(several) => {
                pricing.registers_fit(several)?;
                for (part, of) in (0_u8..).zip(several) {
                    let counted = pricing.counted(of.of, several, quantity)?;
                    match &of.rate {
                        SimpleRate::Tiered(tiers) => {
                            let (all, register) = match of.tiers_of_total() {
                                Some(_) => (quantity, Some(counted)),
                                None => (counted, None),
                            };
                            pricing.tiered(&mut parts, (place, part), piece, (tiers, all, weight), register)?
                        }
                        SimpleRate::Flat(price) => {
                            let counted = times(times(counted, pricing.spread)?, PARTS_OF_A_MONTH.into())?;
                            let cost = product(price.scaled(), counted, weight)?;
                            let quantity = pricing.shown(counted, weight)?;
                            let line = LinePart { piece: place, part, tier: None, quantity, of_all: None, amount: Money::ZERO };
                            parts.push((line, cost));
                        }
                    }
                }
            }
        }
        pricing.used = sum(pricing.used, times(quantity, pricing.time(piece))?)?;
    }
    let whole = [pricing.fraction, pricing.factors, pricing.whole, pricing.spread];
    let whole = whole.into_iter().try_fold(SCALE_OF_FEN, times)?;
    Ok((parts, whole))
}

/// What nearly every line is, one figure for whole months, without the detour over the time shares: the same fraction, reduced.
fn at_once(measure: &Measure<'_>, pieces: &Pieces, book: &PriceBook) -> Option<(i128, i128)> {
    let ([piece], Amount::Same(quantity)) = (pieces.list.as_slice(), measure.amount) else { return None };
    if measure.least.is_some()
        || quantity < 0
        || measure.coefficient != ONE
        || measure.vacant_rate != ONE
        || piece.weight.checked_rem(pieces.whole)? != 0
    {
        return None;
    }
    let Parts::Flat(price) = book.parts(piece.terms)? else { return None };
    let cost = i128::from(price) * i128::from(quantity);
    match piece.weight / pieces.whole {
        1 => Some((cost, SCALE_OF_FEN)),
        months => Some((cost.checked_mul(months.into())?, SCALE_OF_FEN)),
    }
}

impl<'a> Pricing<'a> {
    fn new(measure: Measure<'a>, pieces: &'a Pieces, book: &PriceBook) -> Result<Self, NoLine> {
        let lifted = measure.lifted().map(Exact::reduced);
        let fraction = match measure.amount {
            Amount::Same(_) | Amount::Heads => lifted.map_or(1, Exact::denominator),
            Amount::Each(values) | Amount::Yuan(values) => common_denominator(values)?,
        };
        let fraction = times(fraction, parts_of_bounds(&measure, pieces, book)?)?;
        let missing = match (lifted, measure.amount) {
            (Some(least), Amount::Same(quantity)) => {
                let least = times(times(least.numerator(), fraction / least.denominator().max(1))?, ONE.into())?;
                least.saturating_sub(times(quantity.into(), fraction)?)
            }
            _ => 0,
        };
        let (full, one) = (i128::from(ONE) * i128::from(ONE), i128::from(measure.coefficient));
        let (lived_in, vacant) = (one * i128::from(ONE), one * i128::from(measure.vacant_rate));
        let is_vacant = pieces.list.iter().any(|piece| piece.terms.vacant);
        let common = divisor([full, lived_in].into_iter().chain(is_vacant.then_some(vacant)));
        let (factors, lived_in, vacant) = (full / common, lived_in / common, vacant / common);
        let year = pieces.list.first().map_or(0, |piece| piece.terms.year);
        let weights = pieces.list.iter().map(|piece| i128::from(piece.weight));
        let shared = divisor([i128::from(pieces.whole)].into_iter().chain(weights));
        let whole = if measure.time == TimeCounts::InQuantity { 1 } else { i128::from(pieces.whole) / shared };
        let shared = i64::try_from(shared).map_err(|_| NoLine::TooLarge)?;
        let used = times(times(i128::from(measure.before), fraction)?, whole)?;
        let spread = spread_over(&measure, pieces, book, (fraction, missing))?;
        Ok(Self { measure, pieces, whole, shared, lived_in, vacant, fraction, factors, missing, spread, used, year })
    }

    /// The quantity of a piece, as a whole number of 1 ÷ (10⁴ × fraction).
    fn quantity(&mut self, place: u32, piece: &Piece) -> Result<i128, NoLine> {
        if piece.terms.year != self.year {
            self.year = piece.terms.year;
            self.used = 0;
        }
        match self.measure.amount {
            Amount::Same(quantity) => sum(times(quantity.into(), self.fraction)?, self.missing),
            Amount::Heads => times(i128::from(piece.terms.heads) * i128::from(ONE), self.fraction),
            Amount::Each(values) | Amount::Yuan(values) => {
                let value = usize::try_from(place).ok().and_then(|place| values.get(place)).copied().unwrap_or(Exact::ZERO);
                let value = value.reduced();
                times(times(value.numerator(), self.fraction / value.denominator().max(1))?, i128::from(ONE))
            }
        }
    }

    /// Whether what the registers counted is all that was used, and each that counted something has a part of the price:
    /// otherwise a usage would be charged nowhere.
    fn registers_fit(&self, several: &[RatePart]) -> Result<(), NoLine> {
        if several.iter().all(|part| part.of == Counted::Total) {
            return Ok(());
        }
        let registers = self.measure.registers;
        let counted = registers.iter().try_fold(0_i64, |sum, (_, quantity)| sum.checked_add(*quantity));
        let all = matches!(self.measure.amount, Amount::Same(quantity) if counted == Some(quantity));
        let has_part = |of: Counted| several.iter().any(|part| part.of == Counted::Total || part.of == of);
        let fits = all && registers.iter().all(|(register, quantity)| *quantity == 0 || has_part(*register));
        if fits && !registers.is_empty() { Ok(()) } else { Err(NoLine::NoRegisters) }
    }

    /// Of a piece's quantity, what a part counts. What a minimum adds counts with the flat register, or with the first that the
    /// price has a part for.
    fn counted(&self, of: Counted, several: &[RatePart], total: i128) -> Result<i128, NoLine> {
        if of == Counted::Total {
            return Ok(total);
        }
        let register = self.measure.registers.iter().find(|(register, _)| *register == of).map_or(0, |(_, quantity)| *quantity);
        let mut registers = several.iter().map(|part| part.of).filter(|of| *of != Counted::Total);
        let first = registers.clone().next();
        let filled = registers.find(|of| *of == Counted::Flat).or(first);
        let missing = if filled == Some(of) { self.missing } else { 0 };
        sum(times(register.into(), self.fraction)?, missing)
    }

    /// The time share of a piece.
    fn time(&self, piece: &Piece) -> i128 {
        match self.measure.time {
            TimeCounts::ByShare => (piece.weight / self.shared).into(),
            TimeCounts::InQuantity => 1,
        }
    }

    /// The time share of a piece with what its unit and its vacancy make of it.
    fn weight(&self, piece: &Piece) -> Result<i128, NoLine> {
        times(self.time(piece), if piece.terms.vacant { self.vacant } else { self.lived_in })
    }

    /// Fills the tiers with a piece's quantity, and has a register lie in them as all of it does. By the month, each piece is its share of the time of what all of the usage
    /// would cost at its price; by the year, the pieces are used one after the other.
    fn tiered(
        &self,
        parts: &mut Vec<(LinePart, i128)>,
        (place, part): (u32, u8),
        piece: &Piece,
        (tiers, quantity, weight): (&Tiers, i128, i128),
        register: Option<i128>,
    ) -> Result<(), NoLine> {
        let home = (piece.terms.heads, self.measure.quota(tiers)?);
        // What a tier's quantity is multiplied with: over the same denominator the register's share of all, or one.
        let share = match register {
            Some(0) => return Ok(()),
            Some(register) => times(register, self.spread)? / quantity.max(1),
            None => self.spread,
        };
        let month = i128::from(PARTS_OF_A_MONTH);
        let filled = match tiers.scope {
            TierScope::Month => {
                let times_bound = times(self.fraction, self.pieces.tier_months().into())?;
                tiers.fill(0, times(quantity, month)?, home, times_bound)
            }
            TierScope::Year => {
                let times_bound = times(self.fraction, self.whole)?;
                tiers.fill(self.used, times(quantity, self.time(piece))?, home, times_bound)
            }
        };
        for (tier, filled) in filled.ok_or(NoLine::TooLarge)? {
            let price = tiers.steps.get(usize::from(tier)).ok_or(NoLine::TooLarge)?.price.scaled();
            // By the year the share of the time is in the quantity already.
            let (filled, weight) = match tiers.scope {
                TierScope::Month => (filled, weight),
                TierScope::Year => (times(filled, month)?, weight / self.time(piece).max(1)),
            };
            let of_all = register.map(|_| self.shown(times(filled, self.spread)?, weight)).transpose()?;
            let filled = times(filled, share)?;
            let quantity = self.shown(filled, weight)?;
            let line = LinePart { piece: place, part, tier: Some(tier), quantity, of_all, amount: Money::ZERO };
            parts.push((line, product(price, filled, weight)?));
        }
        Ok(())
    }

    /// A part of the quantity at 4 decimals, half up.
    fn shown(&self, part: i128, weight: i128) -> Result<i64, NoLine> {
        let denominator =
            [self.fraction, self.factors, self.whole, self.spread].into_iter().try_fold(PARTS_OF_A_MONTH.into(), times)?;
        let numerator = times(part, weight)?;
        i64::try_from((times(numerator, 2)? + denominator) / times(denominator, 2)?).map_err(|_| NoLine::TooLarge)
    }
}

/// What all of the usage must be divided into for each register to be a whole number of its parts, where registers lie in tiers
/// as all of it does.
fn spread_over(
    measure: &Measure<'_>,
    pieces: &Pieces,
    book: &PriceBook,
    (fraction, missing): (i128, i128),
) -> Result<i128, NoLine> {
    let spreads = |piece: &Piece| match book.parts(piece.terms) {
        Some(Parts::Several(several)) => several.iter().any(|part| part.tiers_of_total().is_some()),
        _ => false,
    };
    let Amount::Same(quantity) = measure.amount else { return Ok(1) };
    if measure.registers.is_empty() || !pieces.list.iter().any(spreads) {
        return Ok(1);
    }
    let all = sum(times(quantity.into(), fraction)?, missing)?;
    let registers = measure.registers.iter().map(|(_, quantity)| times((*quantity).into(), fraction));
    let registers = registers.collect::<Result<Vec<_>, _>>()?;
    Ok((all / divisor([all, missing].into_iter().chain(registers))).max(1))
}

/// The greatest number that divides all; at least 1.
fn divisor(mut numbers: impl Iterator<Item = i128>) -> i128 {
    let shared = numbers.try_fold(0_u128, |shared, number| match gcd(shared, number.unsigned_abs()) {
        1 => Err(1),
        shared => Ok(shared),
    });
    i128::try_from(shared.unwrap_or(1)).unwrap_or(1).max(1)
}

/// The smallest number that all denominators divide.
fn common_denominator(values: &[Exact]) -> Result<i128, NoLine> {
    values.iter().try_fold(1_i128, |common, value| common_multiple(common, value.reduced().denominator()))
}

fn common_multiple(one: i128, two: i128) -> Result<i128, NoLine> {
    times(one, Exact::new(one, two).ok_or(NoLine::TooLarge)?.reduced().denominator())
}

/// Into how many parts 1 ÷ 10⁴ must be cut for the bounds by all quotas to be whole numbers of them; nearly always one.
fn parts_of_bounds(measure: &Measure<'_>, pieces: &Pieces, book: &PriceBook) -> Result<i128, NoLine> {
    if measure.quotas.is_empty() {
        return Ok(1);
    }
    let of_tiers = |cut: i128, tiers: &Tiers| match measure.quota(tiers)? {
        Some(quota) => common_multiple(cut, tiers.parts_of_bounds(quota).ok_or(NoLine::TooLarge)?),
        None => Ok(cut),
    };
    pieces.list.iter().filter_map(|piece| book.parts(piece.terms)).try_fold(1, |cut, parts| parts.tiers().try_fold(cut, of_tiers))
}

fn times(one: i128, two: i128) -> Result<i128, NoLine> {
    one.checked_mul(two).ok_or(NoLine::TooLarge)
}

fn sum(one: i128, two: i128) -> Result<i128, NoLine> {
    one.checked_add(two).ok_or(NoLine::TooLarge)
}

/// price × quantity × weight, exact.
fn product(price: i64, quantity: i128, weight: i128) -> Result<i128, NoLine> {
    times(times(price.into(), quantity)?, weight)
}

fn round(rounding: Rounding, numerator: i128, denominator: i128) -> Result<Money, NoLine> {
    rounding.round(numerator, denominator).ok_or(NoLine::TooLarge)
}

/// Splits the rounded amount over the parts by largest remainder of their exact costs, ties to the earlier part. What
/// flat pieces of the same line cost takes part in the sharing, so that the rest is the parts'.
fn share_out(amount: Money, flat: i128, parts: Vec<(LinePart, i128)>) -> Option<Vec<LinePart>> {
    let mut weights: Vec<i128> = parts.iter().map(|(_, cost)| *cost).collect();
    weights.push(flat);
    let shares = split(amount.fen(), &weights)?;
    parts.into_iter().zip(shares).map(|((part, _), share)| Some(LinePart { amount: Money::from_fen(share), ..part })).collect()
}

/// Splits whole fen by largest remainder over weights that are too large for a decimal.
fn split(whole: i64, weights: &[i128]) -> Option<Vec<i64>> {
    let sum = weights.iter().try_fold(0_i128, |sum, weight| sum.checked_add(*weight))?;
    if sum == 0 {
        return (whole == 0).then(|| vec![0; weights.len()]);
    }
    // Fen × weight must fit: what is beyond that loses digits that no fen can see.
    let most = i128::MAX / i128::from(whole.unsigned_abs().max(1)).max(1);
    let mut shrink = 1_i128;
    while sum / shrink > most {
        shrink = shrink.checked_mul(1024)?;
    }
    let weights: Vec<i128> = weights.iter().map(|weight| weight / shrink).collect();
    let sum: i128 = weights.iter().sum();
    let mut shares = Vec::with_capacity(weights.len());
    let mut rests = Vec::with_capacity(weights.len());
    let mut left = whole;
    for (place, weight) in weights.iter().enumerate() {
        let exact = i128::from(whole).checked_mul(*weight)?;
        let share = i64::try_from(exact / sum).ok()?;
        left -= share;
        shares.push(share);
        rests.push((std::cmp::Reverse(exact % sum), place));
    }
    rests.sort_unstable();
    for (_, place) in rests.into_iter().take(usize::try_from(left).ok()?) {
        *shares.get_mut(place)? += 1;
    }
    Some(shares)
}
