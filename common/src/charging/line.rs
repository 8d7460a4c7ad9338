//! A bill line: pieces × price × quantity, summed as one fraction and rounded once.

use super::price::{PriceBook, Rate};
use super::proration::{PARTS_OF_A_MONTH, Piece, Pieces};
use super::tariff::Rounding;
use crate::money::Money;

/// Scaled price × scaled quantity ÷ this = fen.
const SCALE_OF_FEN: i128 = 10_000_000_000;

/// A priced line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub amount: Money,
    pub pieces: Pieces,
    /// Every tier touched, adding up to the amount; empty where no price has tiers.
    pub tiers: Vec<TierLine>,
}

/// What fell into one tier of one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierLine {
    /// The piece's place.
    pub piece: u32,
    /// Counted from 0.
    pub tier: u16,
    /// At 4 decimals, for people to read; the amount comes from the exact fraction.
    pub quantity: i64,
    pub amount: Money,
}

/// A number in the calculation does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Prices a quantity (scaled by 10⁴) over pieces whose prices stand in `book`.
pub fn price(quantity: i64, pieces: Pieces, book: &PriceBook, rounding: Rounding) -> Result<Line, TooLarge> {
    let rate = |piece: &Piece| book.get(piece.price).map(|row| &row.rate).ok_or(TooLarge);
    let mut flat = 0_i128;
    let mut tiered = 0_i128;
    let mut parts: Vec<(TierLine, i128)> = Vec::new();
    for (place, piece) in (0_u32..).zip(&pieces.list) {
        match rate(piece)? {
            Rate::Flat(price) => flat = flat.checked_add(product(*price, i128::from(quantity), piece.weight)?).ok_or(TooLarge)?,
            Rate::Tiered(tiers) => {
                for (tier, part) in tiers.fill(quantity, pieces.months).ok_or(TooLarge)? {
                    let price = tiers.steps.get(usize::from(tier)).ok_or(TooLarge)?.price.scaled();
                    let part_product = product(price, part, piece.weight)?;
                    tiered = tiered.checked_add(part_product).ok_or(TooLarge)?;
                    let quantity = shown(part, piece.weight, pieces.whole)?;
                    parts.push((TierLine { piece: place, tier, quantity, amount: Money::ZERO }, part_product));
                }
            }
        }
    }
    let months = i128::from(PARTS_OF_A_MONTH);
    let whole = SCALE_OF_FEN.checked_mul(i128::from(pieces.whole)).ok_or(TooLarge)?;
    if parts.is_empty() {
        let amount = rounding.round(flat, whole).ok_or(TooLarge)?;
        return Ok(Line { amount, pieces, tiers: Vec::new() });
    }
    // One denominator for both: a part of a tier is a quantity × parts of a month.
    let flat = flat.checked_mul(months).ok_or(TooLarge)?;
    let sum = flat.checked_add(tiered).ok_or(TooLarge)?;
    let amount = rounding.round(sum, whole.checked_mul(months).ok_or(TooLarge)?).ok_or(TooLarge)?;
    let tiers = share_out(amount, flat, parts).ok_or(TooLarge)?;
    Ok(Line { amount, pieces, tiers })
}

/// price × quantity × weight, exact.
fn product(price: i64, quantity: i128, weight: i64) -> Result<i128, TooLarge> {
    i128::from(price).checked_mul(quantity).and_then(|product| product.checked_mul(i128::from(weight))).ok_or(TooLarge)
}

/// A tier's part of the quantity at 4 decimals, half up.
fn shown(part: i128, weight: i64, whole: i64) -> Result<i64, TooLarge> {
    let denominator = i128::from(whole).checked_mul(i128::from(PARTS_OF_A_MONTH)).ok_or(TooLarge)?;
    let numerator = part.checked_mul(i128::from(weight)).ok_or(TooLarge)?;
    i64::try_from((numerator * 2 + denominator) / (denominator * 2)).map_err(|_| TooLarge)
}

/// Splits the rounded amount over the tiers by largest remainder of their exact parts, ties to the lower tier. What
/// flat pieces of the same line cost takes part in the sharing, so that the rest is the tiers'.
fn share_out(amount: Money, flat: i128, parts: Vec<(TierLine, i128)>) -> Option<Vec<TierLine>> {
    let mut weights: Vec<i128> = parts.iter().map(|(_, part)| *part).collect();
    weights.push(flat);
    let shares = split(amount.fen(), &weights)?;
    parts.into_iter().zip(shares).map(|((line, _), share)| Some(TierLine { amount: Money::from_fen(share), ..line })).collect()
}

/// Splits whole fen by largest remainder over weights that are too large for a decimal.
fn split(whole: i64, weights: &[i128]) -> Option<Vec<i64>> {
    let sum = weights.iter().try_fold(0_i128, |sum, weight| sum.checked_add(*weight))?;
    if sum == 0 {
        return (whole == 0).then(|| vec![0; weights.len()]);
    }
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
