//! How a line is rounded, once, at its end.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::words;

words! {
    /// The step to which a line is rounded.
    RoundTo {
        Fen = "fen",
        Jiao = "jiao",
        Yuan = "yuan",
    }

    /// To which side a line is rounded.
    RoundHow {
        /// Half away from zero (四舍五入).
        HalfUp = "half_up",
        /// Always away from zero.
        Up = "up",
        /// Always towards zero.
        Down = "down",
    }
}

/// How a line is rounded, once, at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Rounding {
    pub to: RoundTo,
    pub how: RoundHow,
}

impl Default for Rounding {
    fn default() -> Self {
        Self { to: RoundTo::Fen, how: RoundHow::HalfUp }
    }
}

impl Rounding {
    /// `numerator ÷ denominator` fen, rounded: the only place where a line loses anything. `None` when it does not fit.
    pub fn round(self, numerator: i128, denominator: i128) -> Option<Money> {
        let step: i64 = match self.to {
            RoundTo::Fen => 1,
            RoundTo::Jiao => 10,
            RoundTo::Yuan => 100,
        };
        let unit = denominator.checked_mul(i128::from(step)).filter(|unit| *unit > 0)?;
        let size = numerator.checked_abs()?;
        // Both mostly fit 64 bits, and 128 are slow where a machine has no instruction for them, as in WebAssembly.
        let (whole, rest) = match (u64::try_from(size), u64::try_from(unit)) {
            (Ok(size), Ok(unit)) => (i128::from(size / unit), i128::from(size % unit)),
            _ => (size / unit, size % unit),
        };
        let up = match self.how {
            RoundHow::HalfUp => rest >= unit - rest,
            RoundHow::Up => rest > 0,
            RoundHow::Down => false,
        };
        let steps = i64::try_from(whole + i128::from(up)).ok()?;
        let fen = steps.checked_mul(step)?;
        Some(Money::from_fen(if numerator < 0 { -fen } else { fen }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_fen_goes_up_and_away_from_zero() {
        let round = |to, how, numerator| Rounding { to, how }.round(numerator, 10).map(Money::fen);
        assert_eq!(round(RoundTo::Fen, RoundHow::HalfUp, 25), Some(3));
        assert_eq!(round(RoundTo::Fen, RoundHow::HalfUp, -25), Some(-3));
        assert_eq!(round(RoundTo::Fen, RoundHow::HalfUp, 24), Some(2));
        assert_eq!(round(RoundTo::Fen, RoundHow::Up, 21), Some(3));
        assert_eq!(round(RoundTo::Fen, RoundHow::Up, 20), Some(2));
        assert_eq!(round(RoundTo::Fen, RoundHow::Down, 29), Some(2));
        assert_eq!(round(RoundTo::Jiao, RoundHow::HalfUp, 149), Some(10));
        assert_eq!(round(RoundTo::Jiao, RoundHow::HalfUp, 150), Some(20));
        assert_eq!(round(RoundTo::Yuan, RoundHow::HalfUp, 499), Some(0));
        assert_eq!(round(RoundTo::Yuan, RoundHow::HalfUp, 500), Some(100));
        assert_eq!(round(RoundTo::Fen, RoundHow::HalfUp, i128::MIN), None);
    }
}
