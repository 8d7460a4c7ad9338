//! Unit prices, quantities, and the largest-remainder rule.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

macro_rules! scaled {
    ($($(#[$doc:meta])* $name:ident with $scale:literal decimals)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
        #[serde(try_from = "Decimal", into = "Decimal")]
        #[cfg_attr(feature = "server", schemars(with = "Decimal"))]
        pub struct $name(Decimal);

        impl $name {
            pub const ZERO: Self = Self(Decimal::ZERO);
            pub const ONE: Self = Self(Decimal::ONE);
            /// How many decimals it may have.
            pub const SCALE: u32 = $scale;

            /// `None` when the value has more decimals than allowed or does not fit the database's `BIGINT`.
            pub fn new(value: Decimal) -> Option<Self> {
                let value = value.normalize();
                (value.scale() <= $scale && Self::scaled_of(value).is_some()).then_some(Self(value))
            }

            /// From the database's scaled integer.
            pub fn from_scaled(scaled: i64) -> Self {
                Self(Decimal::new(scaled, $scale).normalize())
            }

            /// The database's scaled integer: exact, since every way to make a value checks that it fits.
            pub fn scaled(self) -> i64 {
                Self::scaled_of(self.0).unwrap_or(0)
            }

            pub fn get(self) -> Decimal {
                self.0
            }

            pub fn is_zero(self) -> bool {
                self.0.is_zero()
            }

            fn scaled_of(value: Decimal) -> Option<i64> {
                let places = u32::checked_sub($scale, value.scale())?;
                i64::try_from(value.mantissa()).ok()?.checked_mul(10_i64.pow(places))
            }
        }

        impl TryFrom<Decimal> for $name {
            type Error = String;
            fn try_from(value: Decimal) -> Result<Self, Self::Error> {
                Self::new(value).ok_or_else(|| format!("{value} has more than {} decimals or is too large", $scale))
            }
        }

        impl From<$name> for Decimal {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let value: Decimal = text.trim().parse().map_err(|_| format!("{text:?} is not a decimal number"))?;
                Self::try_from(value)
            }
        }

        #[cfg(feature = "server")]
        impl From<$name> for sea_orm::Value {
            fn from(value: $name) -> Self {
                Self::BigInt(Some(value.scaled()))
            }
        }

        #[cfg(feature = "server")]
        impl sea_orm::TryGetable for $name {
            fn try_get_by<I: sea_orm::ColIdx>(row: &sea_orm::QueryResult, index: I) -> Result<Self, sea_orm::TryGetError> {
                <i64 as sea_orm::TryGetable>::try_get_by(row, index).map(Self::from_scaled)
            }
        }

        #[cfg(feature = "server")]
        impl sea_orm::sea_query::ValueType for $name {
            fn try_from(value: sea_orm::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                <i64 as sea_orm::sea_query::ValueType>::try_from(value).map(Self::from_scaled)
            }
            fn type_name() -> String {
                stringify!($name).to_owned()
            }
            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::BigInt
            }
            fn column_type() -> sea_orm::sea_query::ColumnType {
                sea_orm::sea_query::ColumnType::BigInteger
            }
        }

        #[cfg(feature = "server")]
        impl sea_orm::sea_query::Nullable for $name {
            fn null() -> sea_orm::Value {
                sea_orm::Value::BigInt(None)
            }
        }
    )*};
}

scaled! {
    /// A unit price or rate: at most 8 decimals (0.60886875 yuan/kWh is a real one). JSON string, scaled `BIGINT`.
    Price with 8 decimals
    /// An area, a usage, a register value, a multiplier: at most 4 decimals. JSON string, scaled `BIGINT`.
    Quantity with 4 decimals
}

/// Splits `whole` units over weights by largest remainder: floors first, then one unit each to the largest remainders,
/// ties to the earlier weight. `None` when a weight is negative, all are zero, or a product does not fit.
pub fn largest_remainder(whole: i128, weights: &[Decimal]) -> Option<Vec<i128>> {
    // Weights as whole numbers of one scale, so that remainders compare exactly.
    let scale = weights.iter().map(|weight| weight.normalize().scale()).max().unwrap_or(0);
    let whole_weights = weights
        .iter()
        .map(|weight| {
            let weight = weight.normalize();
            weight.mantissa().checked_mul(10_i128.checked_pow(scale - weight.scale())?)
        })
        .collect::<Option<Vec<_>>>()?;
    largest_remainder_of(whole, &whole_weights)
}

/// The same over weights that are whole numbers of one unit, whatever that is.
pub fn largest_remainder_of(whole: i128, weights: &[i128]) -> Option<Vec<i128>> {
    if whole < 0 || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let sum = weights.iter().try_fold(0_i128, |sum, weight| sum.checked_add(*weight))?;
    if sum == 0 {
        return None;
    }
    let mut left = whole;
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (place, weight) in weights.iter().enumerate() {
        let product = whole.checked_mul(*weight)?;
        let share = product / sum;
        left -= share;
        shares.push(share);
        remainders.push((product % sum, place));
    }
    remainders.sort_by(|(a, a_place), (b, b_place)| b.cmp(a).then(a_place.cmp(b_place)));
    for (_, place) in remainders.into_iter().take(usize::try_from(left).ok()?) {
        *shares.get_mut(place)? += 1;
    }
    Some(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_electricity_price_survives_the_database() {
        let price: Price = "0.60886875".parse().unwrap();
        assert_eq!(price.scaled(), 60_886_875);
        assert_eq!(Price::from_scaled(60_886_875), price);
        assert!("0.608868751".parse::<Price>().is_err());
    }

    #[rstest::rstest]
    #[case::a_weight_of_nothing(10, &[0, 1, 2], Some(vec![0, 3, 7]))]
    #[case::nothing_to_split(0, &[1, 2], Some(vec![0, 0]))]
    #[case::ties_go_to_the_earlier(2, &[1, 1, 1], Some(vec![1, 1, 0]))]
    #[case::no_weight_at_all(10, &[0, 0], None)]
    #[case::a_weight_below_nothing(10, &[-1, 2], None)]
    #[case::less_than_nothing(-1, &[1], None)]
    #[case::too_large(i128::MAX, &[2, 1], None)]
    fn whole_numbers_go_to_the_largest_remainders(
        #[case] whole: i128,
        #[case] weights: &[i128],
        #[case] expected: Option<Vec<i128>>,
    ) {
        assert_eq!(largest_remainder_of(whole, weights), expected);
        let decimals: Vec<Decimal> = weights.iter().map(|weight| Decimal::new(i64::try_from(*weight).unwrap(), 2)).collect();
        assert_eq!(largest_remainder(whole, &decimals), expected);
    }

    #[test]
    fn weights_of_other_decimals_stand_to_each_other_as_they_are() {
        let weights = ["1", "0.5", "0.25", "0.250"].map(|weight| weight.parse().unwrap());
        assert_eq!(largest_remainder(8, &weights), Some(vec![4, 2, 1, 1]));
    }

    #[test]
    fn decimals_travel_as_strings() {
        let area: Quantity = serde_json::from_str("\"118.64\"").unwrap();
        assert_eq!(serde_json::to_string(&area).unwrap(), "\"118.64\"");
    }
}
