//! Exact fractions: what a formula is computed with, so that a quotient in the middle loses nothing.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// A fraction with a denominator above zero. Every operation is exact, or `None` when the result does not fit.
#[derive(Clone, Copy, Debug)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl Exact {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator ÷ denominator`; `None` for a denominator of zero.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        match denominator.cmp(&0) {
            Ordering::Greater => Some(Self { numerator, denominator }),
            Ordering::Less => Some(Self { numerator: numerator.checked_neg()?, denominator: denominator.checked_neg()? }),
            Ordering::Equal => None,
        }
    }

    /// A scaled integer: `scaled ÷ 10^decimals`.
    pub fn scaled(scaled: i64, decimals: u32) -> Self {
        Self { numerator: i128::from(scaled), denominator: power_of_ten(decimals.min(30)) }
    }

    pub fn whole(value: i64) -> Self {
        Self { numerator: i128::from(value), denominator: 1 }
    }

    pub fn of(value: Decimal) -> Self {
        Self { numerator: value.mantissa(), denominator: power_of_ten(value.scale()) }
    }

    pub fn numerator(self) -> i128 {
        self.numerator
    }

    pub fn denominator(self) -> i128 {
        self.denominator
    }

    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// The same fraction in lowest terms.
    #[must_use]
    pub fn reduced(self) -> Self {
        let shared = gcd(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        match i128::try_from(shared) {
            Ok(shared) if shared > 1 => Self { numerator: self.numerator / shared, denominator: self.denominator / shared },
            _ => self,
        }
    }

    /// In lowest terms, and of no more than 62 bits above and below: what is beyond them loses digits that no fen can see, and two
    /// of these can always be added and multiplied.
    #[must_use]
    pub fn fitted(self) -> Self {
        const BITS: u32 = 62;
        let exact = self.reduced();
        let bits = |number: i128| 128 - number.unsigned_abs().leading_zeros();
        let shift = bits(exact.numerator).max(bits(exact.denominator)).saturating_sub(BITS);
        if shift == 0 {
            return exact;
        }
        // A denominator of nothing stands for a number that is too large anyway; the sum that it is part of does not fit.
        Self { numerator: exact.numerator >> shift, denominator: (exact.denominator >> shift).max(1) }
    }

    pub fn negated(self) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_neg()?, ..self })
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator
            && let Some(numerator) = self.numerator.checked_add(other.numerator)
        {
            return Some(Self { numerator, ..self });
        }
        sum(self, other).or_else(|| sum(self.reduced(), other.reduced()))
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated()?)
    }

    pub fn times(self, other: Self) -> Option<Self> {
        product(self, other).or_else(|| {
            let (one, two) = (self.reduced(), other.reduced());
            let crossed = |over: Self, under: Self| Self { numerator: over.numerator, denominator: under.denominator }.reduced();
            let (left, right) = (crossed(one, two), crossed(two, one));
            product(left, right)
        })
    }

    /// `None` for a divisor of zero as well: ask before.
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    /// Rounded to so many decimals: half away from zero, or towards a side.
    pub fn rounded(self, decimals: u32, how: Towards) -> Option<Self> {
        let scale = 10_i128.checked_pow(decimals)?;
        let scaled = self.times(Self { numerator: scale, denominator: 1 })?;
        let (floor, rest) = (scaled.numerator.div_euclid(scaled.denominator), scaled.numerator.rem_euclid(scaled.denominator));
        let up = match how {
            Towards::Floor => false,
            Towards::Ceiling => rest > 0,
            Towards::Nearest if scaled.numerator < 0 => rest > scaled.denominator - rest,
            Towards::Nearest => rest >= scaled.denominator - rest,
        };
        Some(Self { numerator: floor.checked_add(i128::from(up))?, denominator: scale })
    }

    /// For people to read: at most `decimals` decimals, half up. `None` when it does not fit a decimal.
    pub fn shown(self, decimals: u32) -> Option<Decimal> {
        let rounded = self.rounded(decimals, Towards::Nearest)?;
        Decimal::try_from_i128_with_scale(rounded.numerator, decimals).ok().map(|value| value.normalize())
    }
}

/// The largest whole number that [`in_whole_numbers`] yields: so many times a sum of money still fits.
const WHOLE_MOST: i128 = 10_i128.pow(20);

/// Fractions of at least zero as whole numbers of one unit, so that they stand to each other as the fractions do; where the
/// denominators have no common multiple that fits, to eighteen digits of the largest. `None` where one does not fit at all.
pub fn in_whole_numbers(values: &[Exact]) -> Option<Vec<i128>> {
    let values: Vec<Exact> = values.iter().map(|value| value.reduced()).collect();
    let common = values.iter().try_fold(1_i128, |common, value| {
        let shared = i128::try_from(gcd(common.unsigned_abs(), value.denominator.unsigned_abs())).ok()?;
        common.checked_mul(value.denominator / shared.max(1))
    });
    let exact = |common: i128| {
        let number = |value: &Exact| times(value.numerator, common / value.denominator).filter(|number| *number <= WHOLE_MOST);
        values.iter().map(number).collect::<Option<Vec<_>>>()
    };
    common.and_then(exact).or_else(|| {
        let largest = values.iter().max()?;
        let number = |value: &Exact| {
            let part = value.fitted().over(largest.fitted())?.fitted();
            Some(part.times(Exact { numerator: 10_i128.pow(18), denominator: 1 })?.rounded(0, Towards::Nearest)?.numerator)
        };
        values.iter().map(number).collect()
    })
}

/// Where a rounded number goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    Nearest,
    Floor,
    Ceiling,
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let crossed = (times(self.numerator, other.denominator), times(other.numerator, self.denominator));
        if let (Some(left), Some(right)) = crossed {
            return left.cmp(&right);
        }
        by_parts(*self, *other)
    }
}

/// Compares whole parts, then what is left over turned upside down, as one does by hand: nothing can overflow.
fn by_parts(one: Exact, two: Exact) -> Ordering {
    let whole = |of: Exact| (of.numerator.div_euclid(of.denominator), of.numerator.rem_euclid(of.denominator));
    let ((one_whole, one_rest), (two_whole, two_rest)) = (whole(one), whole(two));
    one_whole.cmp(&two_whole).then_with(|| match (one_rest, two_rest) {
        (0, rest) => 0.cmp(&rest),
        (_, 0) => Ordering::Greater,
        _ => by_parts(
            Exact { numerator: two.denominator, denominator: two_rest },
            Exact { numerator: one.denominator, denominator: one_rest },
        ),
    })
}

fn sum(one: Exact, two: Exact) -> Option<Exact> {
    let left = times(one.numerator, two.denominator)?;
    let right = times(two.numerator, one.denominator)?;
    Some(Exact { numerator: left.checked_add(right)?, denominator: times(one.denominator, two.denominator)? })
}

fn product(one: Exact, two: Exact) -> Option<Exact> {
    Some(Exact { numerator: times(one.numerator, two.numerator)?, denominator: times(one.denominator, two.denominator)? })
}

/// Of at most 38. What prices and quantities are parts of is not multiplied up each time.
fn power_of_ten(exponent: u32) -> i128 {
    match exponent {
        0 => 1,
        2 => 100,
        4 => 10_000,
        8 => 100_000_000,
        other => 10_i128.pow(other),
    }
}

/// A product, checked only where it can be too large: most numbers fit 64 bits, and WebAssembly has no instruction for more.
#[inline]
fn times(one: i128, two: i128) -> Option<i128> {
    match (i64::try_from(one), i64::try_from(two)) {
        (Ok(one), Ok(two)) => Some(i128::from(one) * i128::from(two)),
        _ => one.checked_mul(two),
    }
}

/// The greatest number that divides both; the other one where one is 0.
pub(crate) fn gcd(mut one: u128, mut two: u128) -> u128 {
    while two != 0 {
        // Most fit 64 bits, which machines divide far faster.
        if let (Ok(one), Ok(two)) = (u64::try_from(one), u64::try_from(two)) {
            return gcd_of_64_bits(one, two).into();
        }
        (one, two) = (two, one % two);
    }
    one
}

fn gcd_of_64_bits(mut one: u64, mut two: u64) -> u64 {
    while two != 0 {
        (one, two) = (two, one % two);
    }
    one
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fraction(numerator: i128, denominator: i128) -> Exact {
        Exact::new(numerator, denominator).unwrap()
    }

    #[test]
    fn a_third_times_three_is_one() {
        assert_eq!(fraction(1, 3).times(Exact::whole(3)), Some(Exact::ONE));
        assert_eq!(fraction(1, 3).plus(fraction(2, 3)), Some(Exact::ONE));
        assert_eq!(fraction(-1, 2).minus(fraction(1, -2)), Some(Exact::ZERO));
    }

    #[test]
    fn fractions_without_a_common_multiple_that_fits_keep_eighteen_digits() {
        let primes = [1_000_003_i128, 1_000_033, 1_000_037, 1_000_039, 1_000_081, 1_000_099, 1_000_117];
        let large = primes.map(|prime| fraction(prime - 1, prime * 999_983 * 1_000_151));
        let whole = in_whole_numbers(&large).unwrap();
        assert!(whole.iter().all(|one| (999_999_000_000_000_000..=1_000_000_000_000_000_000).contains(one)), "{whole:?}");
        assert_eq!(in_whole_numbers(&[fraction(1, 3), fraction(1, 6), Exact::ZERO]).unwrap(), [2, 1, 0]);
    }

    #[test]
    fn half_goes_away_from_zero() {
        let rounded =
            |numerator, how| fraction(numerator, 1000).rounded(2, how).and_then(|value| value.shown(4)).unwrap().to_string();
        assert_eq!(rounded(1005, Towards::Nearest), "1.01");
        assert_eq!(rounded(-1005, Towards::Nearest), "-1.01");
        assert_eq!(rounded(1004, Towards::Nearest), "1");
        assert_eq!(rounded(-1001, Towards::Floor), "-1.01");
        assert_eq!(rounded(1001, Towards::Ceiling), "1.01");
    }

    #[test]
    fn what_does_not_fit_is_said_and_what_can_be_reduced_is() {
        let large = fraction(i128::MAX, 3);
        assert_eq!(large.times(fraction(3, i128::MAX)), Some(Exact::ONE));
        assert_eq!(large.times(large), None);
        assert!(large > fraction(i128::MAX, 4) && fraction(-i128::MAX, 7) < fraction(1, i128::MAX));
        assert!(fraction(i128::MAX, i128::MAX - 1) < fraction(i128::MAX - 1, i128::MAX - 2));
    }

    proptest! {
        #[test]
        fn orders_like_the_numbers_themselves(a in -1000_i128..1000, b in 1_i128..50, c in -1000_i128..1000, d in 1_i128..50) {
            let (one, two) = (fraction(a, b), fraction(c, d));
            prop_assert_eq!(one.cmp(&two), (a * d).cmp(&(c * b)));
            prop_assert_eq!(by_parts(one, two), (a * d).cmp(&(c * b)));
            prop_assert_eq!(one.plus(two).unwrap().minus(two), Some(one));
            if c != 0 { prop_assert_eq!(one.times(two).unwrap().over(two), Some(one)); }
        }
    }
}
