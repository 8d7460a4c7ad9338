//! Money: whole fen in a private `i64`, checked arithmetic, and the one way to split it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// An amount of money in fen (分). JSON and the database hold the integer; field names end in `_fen`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema, sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Self = Self(0);

    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Exact yuan, e.g. `341.38`.
    pub fn yuan(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// From yuan as written by a person; `None` when it has more than two decimals or does not fit.
    pub fn from_yuan(yuan: Decimal) -> Option<Self> {
        let fen = yuan.checked_mul(Decimal::ONE_HUNDRED)?;
        if !fen.fract().is_zero() {
            return None;
        }
        fen.to_i64().map(Self)
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Sum; `None` on overflow.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Splits into shares by largest remainder: every share is floored, the missing fen go to the largest remainders,
    /// ties to the earlier weight. The shares add up to the whole, always. `None` when a weight is negative, their sum
    /// is zero, or a product does not fit.
    pub fn split(self, weights: &[Decimal]) -> Option<Vec<Self>> {
        self.shared(crate::quantity::largest_remainder(i128::from(self.0.unsigned_abs()), weights)?)
    }

    /// The same over weights that are whole numbers of one unit.
    pub fn split_by(self, weights: &[i128]) -> Option<Vec<Self>> {
        self.shared(crate::quantity::largest_remainder_of(i128::from(self.0.unsigned_abs()), weights)?)
    }

    fn shared(self, shares: Vec<i128>) -> Option<Vec<Self>> {
        let negative = self.0 < 0;
        shares.into_iter().map(|share| i64::try_from(if negative { -share } else { share }).ok().map(Self)).collect()
    }
}

impl std::fmt::Display for Money {
    /// `1,204.50`, with the minus sign `−` (U+2212).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fen = self.0.unsigned_abs();
        let (yuan, cents) = (fen / 100, fen % 100);
        let sign = if self.0 < 0 { "−" } else { "" };
        write!(f, "{sign}{}.{cents:02}", with_commas(&yuan.to_string()))
    }
}

/// A figure as people read it: `1,050.00`, with thousands and at least so many decimals.
pub fn grouped(value: Decimal, decimals: u32) -> String {
    let mut value = value.normalize();
    if value.scale() < decimals {
        value.rescale(decimals);
    }
    let sign = if value.is_sign_negative() { "−" } else { "" };
    let text = value.abs().to_string();
    match text.split_once('.') {
        Some((whole, rest)) => format!("{sign}{}.{rest}", with_commas(whole)),
        None => format!("{sign}{}", with_commas(&text)),
    }
}

fn with_commas(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + 8);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The amount in capitals (大写), as Chinese receipts demand: `壹仟贰佰零肆元伍角整`.
pub fn in_capitals(amount: Money) -> String {
    const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
    const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];
    let digit = |value: u64| DIGITS.get(usize::try_from(value).unwrap_or(0)).copied().unwrap_or('零');
    let fen = amount.fen().unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = String::new();
    if amount.is_negative() {
        text.push('负');
    }
    let mut zero_due = false;
    for group in (0..GROUPS.len()).rev() {
        let part = yuan / 10_000_u64.pow(u32::try_from(group).unwrap_or(0)) % 10_000;
        for place in (0..PLACES.len()).rev() {
            let value = part / 10_u64.pow(u32::try_from(place).unwrap_or(0)) % 10;
            if value == 0 {
                zero_due = !text.is_empty() && text != "负";
            } else {
                if zero_due {
                    text.push('零');
                    zero_due = false;
                }
                text.push(digit(value));
                text.push_str(PLACES.get(place).copied().unwrap_or(""));
            }
        }
        if part > 0 {
            text.push_str(GROUPS.get(group).copied().unwrap_or(""));
            zero_due = false;
        }
    }
    let whole = yuan > 0;
    if whole {
        text.push('元');
    } else if jiao == 0 && fen == 0 {
        text.push_str("零元");
    }
    if jiao > 0 {
        text.push(digit(jiao));
        text.push('角');
    } else if fen > 0 && whole {
        text.push('零');
    }
    if fen > 0 {
        text.push(digit(fen));
        text.push('分');
    } else {
        text.push('整');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_shown_with_thousands_and_two_decimals() {
        let shown = |fen| Money::from_fen(fen).to_string();
        assert_eq!(shown(120_450), "1,204.50");
        assert_eq!(shown(-5), "−0.05");
        assert_eq!(shown(100_000_000_000), "1,000,000,000.00");
        assert_eq!(shown(99_999), "999.99");
    }

    #[test]
    fn yuan_with_a_third_decimal_is_not_money() {
        assert_eq!(Money::from_yuan(Decimal::new(12345, 2)), Some(Money::from_fen(12345)));
        assert_eq!(Money::from_yuan(Decimal::new(12_3450, 3)), Some(Money::from_fen(12345)));
        assert_eq!(Money::from_yuan(Decimal::new(12_3456, 3)), None);
    }

    #[test]
    fn shares_add_up_and_go_to_the_largest_remainders() {
        let weights = [8, 32, 60].map(Decimal::from);
        let shares = Money::from_fen(5).split(&weights).unwrap();
        assert_eq!(shares.iter().map(|share| share.fen()).collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(Money::from_fen(5).split(&[Decimal::ZERO]), None);
        // What is given back is shared as it was taken.
        let back = Money::from_fen(-5).split_by(&[8, 32, 60]).unwrap();
        assert_eq!(back.iter().map(|share| share.fen()).collect::<Vec<_>>(), [0, -2, -3]);
    }

    #[test]
    fn capitals_follow_the_rule_for_receipts() {
        let written = |fen| in_capitals(Money::from_fen(fen));
        assert_eq!(written(120_450), "壹仟贰佰零肆元伍角整");
        assert_eq!(written(0), "零元整");
        assert_eq!(written(5), "伍分");
        assert_eq!(written(50), "伍角整");
        assert_eq!(written(105), "壹元零伍分");
        assert_eq!(written(10_000_000), "壹拾万元整");
        assert_eq!(written(100_000_001_00), "壹亿零壹元整");
        assert_eq!(written(100_010_000_00), "壹亿零壹万元整");
        assert_eq!(written(10_010_00), "壹万零壹拾元整");
        assert_eq!(written(72_807), "柒佰贰拾捌元零柒分");
        assert_eq!(written(-100), "负壹元整");
        assert_eq!(written(1_000_000_000_000_00), "壹万亿元整");
    }
}
