//! The least that a usage is charged as (保底): so much of it, or so much money, for a month or a bill.

use serde::{Deserialize, Serialize};

use super::proration::{PARTS_OF_A_MONTH, Pieces};
use super::tariff::Rounding;
use crate::formula::Exact;
use crate::money::Money;
use crate::problem::FieldProblem;
use crate::quantity::Quantity;
use crate::words;

words! {
    /// What a minimum is of.
    MinimumKind {
        None = "none",
        /// At least so much counts as used.
        Usage = "usage",
        /// A line is at least so much money.
        Amount = "amount",
    }

    /// For what time a minimum is.
    MinimumPer {
        /// A month; of one that is charged in part, as many days of it.
        Month = "month",
        /// A bill, whatever its length.
        Bill = "bill",
    }
}

/// The least that a usage is charged as. Fields that its kind does not ask for are left as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Minimum {
    pub kind: MinimumKind,
    pub usage: Quantity,
    pub amount_fen: Money,
    pub per: MinimumPer,
}

impl Default for Minimum {
    fn default() -> Self {
        Self { kind: MinimumKind::None, usage: Quantity::ZERO, amount_fen: Money::ZERO, per: MinimumPer::Month }
    }
}

impl Minimum {
    pub fn is_none(&self) -> bool {
        self.kind == MinimumKind::None
    }

    /// The months that it is for, in parts of a month; none where it is for the bill. A month before the bill that nobody read, or
    /// that was billed with its own minimum, adds nothing.
    pub fn months(self, pieces: &Pieces) -> Option<i64> {
        (self.per == MinimumPer::Month).then_some(pieces.months)
    }

    fn times(self, pieces: &Pieces) -> Option<Exact> {
        Exact::new(self.months(pieces).unwrap_or(PARTS_OF_A_MONTH).into(), PARTS_OF_A_MONTH.into()).map(Exact::reduced)
    }

    /// The least usage over the time of the pieces.
    pub fn usage_over(self, pieces: &Pieces) -> Option<Exact> {
        if self.kind != MinimumKind::Usage {
            return None;
        }
        Exact::scaled(self.usage.scaled(), Quantity::SCALE).times(self.times(pieces)?).map(Exact::reduced)
    }

    /// The least amount of a line: of its share of the days that are charged, those of vacancy at their rate, × 10⁴.
    pub fn amount_over(self, pieces: &Pieces, vacant_rate: i64, rounding: Rounding) -> Option<Money> {
        if self.kind != MinimumKind::Amount {
            return None;
        }
        let full = Quantity::ONE.scaled();
        let weight = pieces.list.iter().try_fold(0_i128, |sum, piece| {
            let rate = if piece.terms.vacant { vacant_rate } else { full };
            sum.checked_add(i128::from(piece.weight).checked_mul(rate.into())?)
        })?;
        let share = Exact::new(weight, i128::from(pieces.whole).checked_mul(full.into())?)?.reduced();
        let fen = Exact::whole(self.amount_fen.fen()).times(self.times(pieces)?)?.reduced().times(share)?.reduced();
        rounding.round(fen.numerator(), fen.denominator())
    }

    /// What is wrong with it, as fields below `field`.
    pub fn problems(&self, field: &str) -> Vec<FieldProblem> {
        let wrong = match self.kind {
            MinimumKind::Usage if self.usage <= Quantity::ZERO => Some("usage"),
            MinimumKind::Amount if !self.amount_fen.is_positive() => Some("amount_fen"),
            _ => None,
        };
        wrong.map(|name| FieldProblem::new(format!("{field}.{name}"), "not_positive")).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::proration::{Piece, Span, Terms, TimeShare};
    use super::*;

    /// A bill of so many days of a month of 31, the last of them vacant.
    fn pieces(days: i64, vacant: i64) -> Pieces {
        let piece = |weight: i64, vacant| Piece {
            span: Span { from: 0, to: 1 },
            terms: Terms { vacant, ..Terms::default() },
            share: TimeShare::Whole,
            weight,
        };
        let list = vec![piece(days - vacant, false), piece(vacant, true)];
        Pieces { list, whole: days, months: days * PARTS_OF_A_MONTH / 31, months_before: 0, period_months: 1 }
    }

    #[test]
    fn it_is_for_the_time_that_is_charged() {
        let usage = Minimum { kind: MinimumKind::Usage, usage: "10".parse().unwrap(), ..Minimum::default() };
        assert_eq!(usage.usage_over(&pieces(31, 0)), Some(Exact::whole(10)));
        assert_eq!(usage.usage_over(&pieces(16, 0)), Exact::new(160, 31));
        assert_eq!(Minimum { per: MinimumPer::Bill, ..usage }.usage_over(&pieces(16, 0)), Some(Exact::whole(10)));
        assert_eq!(usage.amount_over(&pieces(31, 0), 10_000, Rounding::default()), None);
        let amount = Minimum { kind: MinimumKind::Amount, amount_fen: Money::from_fen(500), ..Minimum::default() };
        let least = |pieces: &Pieces, rate| amount.amount_over(pieces, rate, Rounding::default()).map(Money::fen);
        assert_eq!((least(&pieces(31, 0), 10_000), least(&pieces(16, 0), 10_000)), (Some(500), Some(258)));
        // Ten vacant days at 70 %: 500 × (21 + 7) ÷ 31 = 451.6129…
        assert_eq!(least(&pieces(31, 10), 7_000), Some(452));
        assert_eq!(amount.usage_over(&pieces(31, 0)), None);
    }

    #[test]
    fn none_is_not_stored_and_nothing_is_no_minimum() {
        let problems = |kind| {
            Minimum { kind, ..Minimum::default() }.problems("minimum").into_iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert!(problems(MinimumKind::None).is_empty());
        assert_eq!(
            (problems(MinimumKind::Usage), problems(MinimumKind::Amount)),
            (vec!["minimum.usage".to_owned()], vec!["minimum.amount_fen".to_owned()])
        );
        let rules = super::super::tariff::TariffRules::of_mode(super::super::tariff::Mode::Usage);
        assert!(!serde_json::to_string(&rules).unwrap().contains("minimum"));
    }
}
