//! What the stretches of a line cost at the other price of a scheme.

use super::super::SkipReason;
use super::cut::{add_up, time};
use crate::charging::line::{Measure, costs};
use crate::charging::price::PriceBook;
use crate::charging::proration::{Pieces, Span};
use crate::formula::Exact;
use crate::money::Money;

/// What stretches cost at one other price, in fen; together no less than the tariff's minimum.
pub(super) fn at_price(
    measure: Measure<'_>,
    pieces: &Pieces,
    book: &PriceBook,
    stretches: &[Span],
    least: Option<Money>,
) -> Result<Vec<Exact>, SkipReason> {
    let mut pieces = pieces.clone();
    for piece in &mut pieces.list {
        piece.terms.price = 0;
    }
    let (each, whole) = costs(measure, &pieces, book).map_err(|_| SkipReason::TooLarge)?;
    let mut sums = vec![0_i128; stretches.len()];
    add_up(&mut sums, &pieces, each.into_iter());
    let exact = |sum: i128| Exact::new(sum, whole).map(Exact::reduced);
    let sums = sums.into_iter().map(exact).collect::<Option<Vec<_>>>().ok_or(SkipReason::TooLarge)?;
    match least {
        Some(least) => raised(sums, &time(&pieces, stretches.len(), measure.vacant_rate), least).ok_or(SkipReason::TooLarge),
        None => Ok(sums),
    }
}

/// Stretches that cost less than a minimum cost that together, by what they cost, or by the time that they charge where they cost
/// nothing.
fn raised(sums: Vec<Exact>, time: &[i128], least: Money) -> Option<Vec<Exact>> {
    let least = Exact::whole(least.fen());
    let all = sums.iter().try_fold(Exact::ZERO, |all, one| all.plus(*one).map(Exact::fitted))?;
    if all >= least {
        return Some(sums);
    }
    let by_time = || time.iter().map(|time| Exact::new(*time, 1)).collect::<Option<Vec<_>>>();
    let weights = if all.is_zero() { by_time()? } else { sums };
    let whole = weights.iter().try_fold(Exact::ZERO, |all, one| all.plus(*one).map(Exact::fitted))?;
    weights.into_iter().map(|one| least.times(one.over(whole)?.fitted()).map(Exact::fitted)).collect()
}
