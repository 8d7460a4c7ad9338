//! How many change by how much: classes of money with round bounds, chosen from the differences themselves.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// The most classes on each side of nothing.
pub const CLASSES_MOST: i64 = 8;

/// Differences from one bound to another. Above nothing the upper bound belongs to it, below nothing the lower one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// None where it is open.
    pub from_fen: Option<Money>,
    pub to_fen: Option<Money>,
    pub units: u64,
}

/// The classes of all differences but those of nothing, from the lowest up, without a gap between the outermost. Their bounds
/// are multiples of 1, 2 or 5 with zeros; the outermost are open where a few lie far out.
pub(super) fn classes(differences: &[i64]) -> Vec<Class> {
    if differences.iter().all(|one| *one == 0) {
        return Vec::new();
    }
    let most = not_below(differences, 95);
    let step = round_up(i64::try_from(most.div_ceil(CLASSES_MOST.unsigned_abs())).unwrap_or(i64::MAX));
    let mut counts = [[0_u64; 8]; 2];
    let (mut far, mut widest) = ([false; 2], [0_usize; 2]);
    for one in differences.iter().filter(|one| **one != 0) {
        let side = usize::from(*one > 0);
        let class = i64::try_from((one.unsigned_abs() - 1) / step.unsigned_abs()).unwrap_or(i64::MAX);
        let shown = usize::try_from(class.min(CLASSES_MOST - 1)).unwrap_or(0);
        if let (Some(far), Some(widest)) = (far.get_mut(side), widest.get_mut(side)) {
            *far |= class >= CLASSES_MOST;
            *widest = (*widest).max(shown + 1);
        }
        if let Some(count) = counts.get_mut(side).and_then(|counts| counts.get_mut(shown)) {
            *count += 1;
        }
    }
    let [below, above] = counts;
    let [least, greatest] = widest;
    let [far_below, far_above] = far;
    let bound = |place: usize| Money::from_fen(i64::try_from(place).unwrap_or(0).saturating_mul(step));
    let minus = |place: usize| Money::from_fen(-bound(place).fen());
    let lower = below.iter().take(least).enumerate().rev().map(|(place, units)| Class {
        from_fen: (!(far_below && place + 1 == least)).then(|| minus(place + 1)),
        to_fen: Some(minus(place)),
        units: *units,
    });
    let upper = above.iter().take(greatest).enumerate().map(|(place, units)| Class {
        from_fen: Some(bound(place)),
        to_fen: (!(far_above && place + 1 == greatest)).then(|| bound(place + 1)),
        units: *units,
    });
    lower.chain(upper).collect()
}

/// The least size that so many in a hundred of the differences do not exceed, those of nothing left out. Found by halving: a sort
/// would cost the browser more code.
fn not_below(differences: &[i64], percent: usize) -> u64 {
    let sizes = || differences.iter().map(|one| one.unsigned_abs()).filter(|size| *size > 0);
    let wanted = (sizes().count() * percent).div_ceil(100);
    let (mut low, mut high) = (1, sizes().max().unwrap_or(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if sizes().filter(|size| *size <= middle).count() >= wanted {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The least of 1, 2, 5, 10, 20, 50 … that is not below.
fn round_up(least: i64) -> i64 {
    let mut step = 1_i64;
    for (by, of) in [(2, 1), (5, 2), (10, 5)].into_iter().cycle() {
        if step >= least {
            break;
        }
        match (step / of).checked_mul(by) {
            Some(next) => step = next,
            None => return i64::MAX,
        }
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_round() {
        assert_eq!([0, 1, 2, 3, 6, 11, 21, 375, 501].map(round_up), [1, 1, 2, 5, 10, 20, 50, 500, 1_000]);
    }

    #[test]
    fn classes_have_no_gap_and_nobody_is_left_out() {
        let differences = [-4_168, -4_168, -3_200, 0, 0, 800, 801, 1_120, 1_842, 1_653];
        let classes = classes(&differences);
        assert_eq!(classes.iter().map(|class| class.units).sum::<u64>(), 8);
        for pair in classes.windows(2) {
            assert_eq!(pair[0].to_fen, pair[1].from_fen);
        }
        assert_eq!(classes.first().unwrap().from_fen, Some(Money::from_fen(-5_000)));
        assert_eq!(classes.last().unwrap().to_fen, Some(Money::from_fen(2_000)));
    }

    #[test]
    fn a_few_far_out_do_not_squeeze_the_others() {
        let mut differences = vec![100; 99];
        differences.push(1_000_000);
        let classes = classes(&differences);
        assert_eq!(classes.last().unwrap().to_fen, None);
        assert!(classes.iter().any(|class| class.to_fen == Some(Money::from_fen(100)) && class.units == 99), "{classes:?}");
    }

    #[test]
    fn no_difference_no_class() {
        assert_eq!(super::classes(&[0, 0]), []);
        assert_eq!(super::classes(&[i64::MIN, i64::MAX]).iter().map(|class| class.units).sum::<u64>(), 2);
    }
}
