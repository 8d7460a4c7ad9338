//! What the pieces of a trace come to, computed anew from what it keeps.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Basis, Trace, TracedLeast, TracedMinimum, TracedPiece, TracedShare};
use crate::money::Money;
use crate::quantity::Quantity;

impl Trace {
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
