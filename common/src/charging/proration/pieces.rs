//! A period cut into pieces, each with its exact share of time.

use super::span::Span;
use super::terms::Terms;
use crate::formula::Exact;

/// A time share is a whole number of these parts of a month: the least common multiple of 28, 29, 30 and 31.
pub const PARTS_OF_A_MONTH: i64 = 377_580;

/// A stretch of days on the same terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    pub terms: Terms,
    pub share: TimeShare,
    /// The share as a number: of [`Pieces::whole`].
    pub weight: i64,
}

/// How much of the time one piece counts, as a person would write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeShare {
    /// So many whole months.
    Months(u16),
    /// So many halves of one month that is not charged in full.
    Halves(u8),
    /// Days of the piece over days of what they are part of.
    Days { days: u16, of: u16 },
    /// All of the period.
    Whole,
    /// So many whole periods, each charged in full.
    Periods(u16),
    /// So many days, each at the price of a day, of a month of `of` days.
    EachDay { days: u16, of: u16 },
}

/// A period cut into its pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    pub list: Vec<Piece>,
    /// What a weight is part of: [`PARTS_OF_A_MONTH`]; the days charged where the amount is for the period; 1 where the price is
    /// for a day, so that a weight is a number of days.
    pub whole: i64,
    /// Months charged, by days, in parts of a month.
    pub months: i64,
    /// Months before these over which the usage was read as well, in parts of a month.
    pub months_before: i64,
    /// Months of the whole period, however much of it is charged; of one cycle where the amount is for each of several.
    pub period_months: i64,
}

impl Pieces {
    /// The months that a piece counts: a numerator and a denominator.
    pub fn months_of(&self, piece: &Piece) -> (i128, i128) {
        match (piece.share, self.whole) {
            (TimeShare::EachDay { days, of }, _) => (days.into(), of.into()),
            (_, PARTS_OF_A_MONTH) => (piece.weight.into(), PARTS_OF_A_MONTH.into()),
            (_, whole) => (i128::from(piece.weight) * i128::from(self.period_months), whole.into()),
        }
    }

    /// The months that all pieces count together; `None` where they do not fit.
    pub fn months_in_all(&self) -> Option<Exact> {
        self.list.iter().try_fold(Exact::ZERO, |sum, piece| {
            let (months, of) = self.months_of(piece);
            sum.plus(Exact::new(months, of)?).map(Exact::reduced)
        })
    }

    /// The days that all pieces charge together.
    pub fn days_in_all(&self) -> i64 {
        self.list.iter().map(|piece| self.days_of(piece)).sum()
    }

    /// The days that a piece charges.
    pub fn days_of(&self, piece: &Piece) -> i64 {
        match piece.share {
            TimeShare::Whole if self.whole != PARTS_OF_A_MONTH => piece.weight,
            TimeShare::Days { days, .. } | TimeShare::EachDay { days, .. } => days.into(),
            TimeShare::Whole | TimeShare::Periods(_) | TimeShare::Months(_) | TimeShare::Halves(_) => piece.span.days(),
        }
    }

    /// Lets the bounds of tiers grow by so many months more: the usage is of a longer time than the period.
    pub fn cover_more(&mut self, months: i64) {
        if self.months > 0 {
            self.months_before = months.max(0).saturating_mul(PARTS_OF_A_MONTH);
        }
    }

    /// The months that the bounds of tiers by the month are multiplied with, in parts of a month.
    pub fn tier_months(&self) -> i64 {
        self.months.saturating_add(self.months_before)
    }
}

impl TimeShare {
    /// Both together, where they are whole months or whole periods.
    fn and(self, next: Self) -> Option<Self> {
        match (self, next) {
            (Self::Months(months), Self::Months(more)) => Some(Self::Months(months.saturating_add(more))),
            (Self::Whole, Self::Whole) => Some(Self::Periods(2)),
            (Self::Periods(periods), Self::Whole) => Some(Self::Periods(periods.saturating_add(1))),
            _ => None,
        }
    }
}

pub(super) fn days_of(days: i64, of: i64) -> TimeShare {
    TimeShare::Days { days: u16::try_from(days).unwrap_or(u16::MAX), of: u16::try_from(of).unwrap_or(u16::MAX) }
}

/// Adds a piece, to the one before it where that goes on with whole months or whole periods on the same terms.
pub(super) fn push(list: &mut Vec<Piece>, piece: Piece) {
    if let Some(before) = list.last_mut()
        && let Some(share) = before.share.and(piece.share)
        && (before.terms, before.span.to) == (piece.terms, piece.span.from)
    {
        before.span.to = piece.span.to;
        before.weight = before.weight.saturating_add(piece.weight);
        before.share = share;
        return;
    }
    list.push(piece);
}
