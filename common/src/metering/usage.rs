//! From two register values to a usage: multiplier, roll-over, replacement, and the baseline that is never billed.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::problem::FieldProblem;
use crate::quantity::Quantity;

/// What happened to the meter since its previous reading, where the plain difference would be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mark {
    /// The register passed its highest value and went on from zero.
    RolledOver,
    /// The meter was exchanged for another; each counts with its own multiplier.
    Replaced { old_final: Quantity, old_multiplier: Quantity, new_initial: Quantity },
}

/// Two readings of a meter that follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// `None` for the first reading of a meter: the baseline.
    pub previous: Option<Quantity>,
    pub present: Quantity,
    /// Of the meter that hangs there now.
    pub multiplier: Quantity,
    /// Whole digits that the register shows.
    pub digits: u32,
    pub mark: Option<Mark>,
    /// Where the previous value is an estimate that is billed: what the meter was last truly read at. Down to that the present
    /// value may lie below the estimate; the usage is below zero then, and is given back.
    pub least: Option<Quantity>,
}

/// Why two readings yield no usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoUsage {
    /// The present value, what a new meter began with or a multiplier is below zero, or a multiplier is zero.
    Negative,
    /// The register has too few digits to show the value.
    TooLong { digits: u32 },
    /// The present value is smaller than the previous one, and nothing says why.
    Backward { previous: Quantity },
    /// Marked as rolled over although the value did not go down.
    NotRolledOver { previous: Quantity },
    /// A replaced meter whose final value is smaller than its previous reading.
    OldBackward { previous: Quantity },
    /// A new meter whose reading is smaller than what it started with.
    NewBackward { initial: Quantity },
    /// Larger than can be stored.
    TooLarge,
}

impl NoUsage {
    /// The stable code that the texts translate.
    pub fn code(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::TooLong { .. } => "metering.too_long",
            Self::Backward { .. } => "metering.backward",
            Self::NotRolledOver { .. } => "metering.not_rolled_over",
            Self::OldBackward { .. } => "metering.old_backward",
            Self::NewBackward { .. } => "metering.new_backward",
            Self::TooLarge => "metering.too_large",
        }
    }

    /// As a problem of the field that holds the present value.
    pub fn problem(self, field: impl Into<String>) -> FieldProblem {
        let problem = FieldProblem::new(field, self.code());
        match self {
            Self::TooLong { digits } => problem.with("digits", digits),
            Self::Backward { previous } | Self::NotRolledOver { previous } | Self::OldBackward { previous } => {
                problem.with("previous", previous)
            }
            Self::NewBackward { initial } => problem.with("initial", initial),
            Self::Negative | Self::TooLarge => problem,
        }
    }
}

/// The most digits that a register may have.
pub const DIGITS_MOST: u32 = 10;

/// The usage between two readings, to 4 decimals; `None` for the baseline.
pub fn usage(turn: &Turn) -> Result<Option<Quantity>, NoUsage> {
    let present = turn.present.get();
    if present.is_sign_negative() && !present.is_zero() {
        return Err(NoUsage::Negative);
    }
    let span = Decimal::from(10_u64.pow(turn.digits.min(DIGITS_MOST)));
    if present >= span {
        return Err(NoUsage::TooLong { digits: turn.digits });
    }
    if turn.multiplier.get() <= Decimal::ZERO {
        return Err(NoUsage::Negative);
    }
    let Some(previous_value) = turn.previous else { return Ok(None) };
    let previous = previous_value.get();
    let times = |difference: Decimal, multiplier: Quantity| difference.checked_mul(multiplier.get()).ok_or(NoUsage::TooLarge);
    // An estimate is as good as the reading that it went on from.
    let least = turn.least.map_or(previous, |least| least.get().min(previous));
    let used = match turn.mark {
        None if present < least => return Err(NoUsage::Backward { previous: previous_value }),
        None => times(present - previous, turn.multiplier)?,
        Some(Mark::RolledOver) if present >= previous => return Err(NoUsage::NotRolledOver { previous: previous_value }),
        Some(Mark::RolledOver) => times(present + span - previous, turn.multiplier)?,
        Some(Mark::Replaced { old_final, old_multiplier, new_initial }) => {
            if old_multiplier.get() <= Decimal::ZERO || new_initial.get() < Decimal::ZERO {
                return Err(NoUsage::Negative);
            }
            if old_final.get() < least {
                return Err(NoUsage::OldBackward { previous: previous_value });
            }
            if present < new_initial.get() {
                return Err(NoUsage::NewBackward { initial: new_initial });
            }
            let old = times(old_final.get() - previous, old_multiplier)?;
            let new = times(present - new_initial.get(), turn.multiplier)?;
            old.checked_add(new).ok_or(NoUsage::TooLarge)?
        }
    };
    let used = used.round_dp_with_strategy(Quantity::SCALE, RoundingStrategy::MidpointAwayFromZero);
    Quantity::new(used).map(Some).ok_or(NoUsage::TooLarge)
}

/// The sum of usages; `None` when it is larger than can be stored.
pub fn sum(usages: impl IntoIterator<Item = Quantity>) -> Option<Quantity> {
    let total = usages.into_iter().try_fold(Decimal::ZERO, |sum, usage| sum.checked_add(usage.get()))?;
    Quantity::new(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn turn(previous: &str, present: &str) -> Turn {
        Turn {
            previous: (!previous.is_empty()).then(|| quantity(previous)),
            present: quantity(present),
            multiplier: Quantity::ONE,
            digits: 5,
            mark: None,
            least: None,
        }
    }

    #[test]
    fn below_a_billed_estimate_the_difference_is_given_back() {
        // Truly 108, estimated 120, now 115: 5 too many were billed.
        let after = |present| Turn { least: Some(quantity("108")), multiplier: quantity("2"), ..turn("120", present) };
        assert_eq!(usage(&after("115")), Ok(Some(quantity("-10"))));
        assert_eq!(usage(&after("108")), Ok(Some(quantity("-24"))));
        assert_eq!(usage(&after("107.9")), Err(NoUsage::Backward { previous: quantity("120") }));
        assert_eq!(usage(&after("121")), Ok(Some(quantity("2"))));
        let (old_final, old_multiplier) = (quantity("116"), quantity("2"));
        let mark = Some(Mark::Replaced { old_final, old_multiplier, new_initial: Quantity::ZERO });
        assert_eq!(usage(&Turn { mark, ..after("3") }), Ok(Some(quantity("-2"))));
    }

    #[test]
    fn a_difference_is_multiplied() {
        assert_eq!(usage(&turn("1230", "1242.5")), Ok(Some(quantity("12.5"))));
        assert_eq!(usage(&Turn { multiplier: quantity("40"), ..turn("100", "103.2") }), Ok(Some(quantity("128"))));
        assert_eq!(usage(&turn("7", "7")), Ok(Some(Quantity::ZERO)));
    }

    #[test]
    fn the_first_reading_is_a_baseline_and_no_usage() {
        assert_eq!(usage(&turn("", "4319")), Ok(None));
        assert_eq!(usage(&Turn { mark: Some(Mark::RolledOver), ..turn("", "5") }), Ok(None));
    }

    #[test]
    fn a_register_shows_nothing_below_zero_and_nothing_beyond_its_digits() {
        let first = |present| usage(&turn("", present));
        assert_eq!((first("-0.1"), first("0"), first("99999.9999")), (Err(NoUsage::Negative), Ok(None), Ok(None)));
        assert_eq!(first("100000"), Err(NoUsage::TooLong { digits: 5 }));
        assert_eq!(usage(&turn("7", "-1")), Err(NoUsage::Negative));
        assert_eq!(usage(&Turn { multiplier: Quantity::ZERO, ..turn("1", "2") }), Err(NoUsage::Negative));
        let rolled = |previous, present| usage(&Turn { mark: Some(Mark::RolledOver), ..turn(previous, present) });
        assert_eq!(rolled("99999", "0"), Ok(Some(Quantity::ONE)));
        assert_eq!(rolled("15", "15"), Err(NoUsage::NotRolledOver { previous: quantity("15") }));
    }

    #[test]
    fn going_backward_needs_a_mark() {
        assert_eq!(usage(&turn("1230", "1203")), Err(NoUsage::Backward { previous: quantity("1230") }));
        let rolled = Turn { mark: Some(Mark::RolledOver), multiplier: quantity("2"), ..turn("99990", "15") };
        assert_eq!(usage(&rolled), Ok(Some(quantity("50"))));
        let not_rolled = Turn { mark: Some(Mark::RolledOver), ..turn("15", "20") };
        assert_eq!(usage(&not_rolled), Err(NoUsage::NotRolledOver { previous: quantity("15") }));
        assert_eq!(usage(&turn("1", "100000")), Err(NoUsage::TooLong { digits: 5 }));
    }

    #[test]
    fn both_meters_of_a_replacement_count_with_their_own_multiplier() {
        let replaced = |old_final, new_initial| {
            Some(Mark::Replaced {
                old_final: quantity(old_final),
                old_multiplier: quantity("10"),
                new_initial: quantity(new_initial),
            })
        };
        let turn = |mark| Turn { multiplier: quantity("20"), mark, ..turn("500", "8") };
        assert_eq!(usage(&turn(replaced("503", "1"))), Ok(Some(quantity("170"))));
        assert_eq!(usage(&turn(replaced("499", "1"))), Err(NoUsage::OldBackward { previous: quantity("500") }));
        assert_eq!(usage(&turn(replaced("503", "-9"))), Err(NoUsage::Negative));
        assert_eq!(usage(&Turn { multiplier: quantity("-1"), ..turn(None) }), Err(NoUsage::Negative));
        // The new one has counted nothing yet.
        assert_eq!(usage(&turn(replaced("503", "8"))), Ok(Some(quantity("30"))));
        assert_eq!(usage(&turn(replaced("503", "9"))), Err(NoUsage::NewBackward { initial: quantity("9") }));
    }
}
