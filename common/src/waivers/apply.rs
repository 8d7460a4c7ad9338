//! Schemes applied to one bill, one after the other, each to what the one before left.
//!
//! A bill is its lines × the stretches into which schemes that begin or end in its period cut it. What is left of each stands as
//! an exact fraction of a fen, what is left of the bill in whole fen: a waiver is rounded once, at its end, and the next one goes on
//! from what people see.

use super::scheme::Relief;
use crate::charging::tariff::{RoundTo, Rounding};
use crate::formula::{Exact, Towards};
use crate::money::Money;
use crate::quantity::Quantity;

/// What is left of a bill.
#[derive(Clone, Debug)]
pub struct Left {
    money: Money,
    stretches: usize,
    /// Lines × stretches, in fen.
    parts: Vec<Exact>,
}

/// A scheme as it reaches one bill.
pub struct Reach<'a> {
    pub relief: Relief,
    /// On which stretches, as many as the bill has.
    pub on: &'a [bool],
    /// How many months it counts, by the lines' own proration: those on which it applies, of an amount for each month; all that
    /// are charged, of free months. Asked only of these.
    pub months: Exact,
    /// Which lines are charged anew each month: the others have no month that could be free. Asked only of free months.
    pub monthly: &'a [bool],
    /// What each line comes to at the other price on each stretch, in fen; none for lines that have no unit price. Asked only of
    /// another unit price.
    pub at_price: &'a [Option<&'a [Exact]>],
    /// No more than this.
    pub most: Option<Money>,
    /// How the bill was rounded: what remains is rounded alike, where that is to more than the fen.
    pub rounding: Rounding,
}

/// What a scheme takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub amount: Money,
    /// What there was to take it from: what was left on its days, in fen.
    pub base: Exact,
    /// It would have been more.
    pub cut: bool,
}

impl Left {
    /// Each line with what it costs on each stretch, whatever the measure; where it says nothing, the days of the stretches do.
    /// `None` where a number does not fit.
    pub fn new(lines: &[(Money, Vec<i128>)], days: &[i64]) -> Option<Self> {
        let money = Money::sum(lines.iter().map(|(amount, _)| *amount))?;
        let mut parts = Vec::with_capacity(lines.len() * days.len());
        for (amount, costs) in lines {
            let amount = Exact::whole(amount.fen());
            let by_days: Vec<i128>;
            let weights = if costs.iter().any(|cost| *cost != 0) {
                costs
            } else {
                by_days = days.iter().map(|days| i128::from(*days)).collect();
                &by_days
            };
            let sum = weights.iter().try_fold(0_i128, |sum, weight| sum.checked_add(*weight))?;
            for weight in weights {
                parts.push(times(amount, Exact::new(*weight, sum)?.fitted())?);
            }
        }
        Some(Self { money, stretches: days.len().max(1), parts })
    }

    /// What is left of the whole bill.
    pub fn money(&self) -> Money {
        self.money
    }

    /// What is left of each line, on each stretch, in fen.
    pub fn lines(&self) -> impl Iterator<Item = &[Exact]> {
        self.parts.chunks(self.stretches)
    }

    /// Takes off what a scheme waives; `None` where a number does not fit. Never more than is left.
    pub fn take(&mut self, reach: &Reach<'_>) -> Option<Taken> {
        let by_line = |line: usize| match reach.relief {
            Relief::Price { .. } => reach.at_price.get(line).copied().flatten().is_some(),
            Relief::Months { .. } => reach.monthly.get(line).copied().unwrap_or(false),
            Relief::Percent { .. } | Relief::Fixed { .. } => true,
        };
        let touched =
            |place: usize| reach.on.get(place % self.stretches).copied().unwrap_or(false) && by_line(place / self.stretches);
        let reached: Vec<usize> = (0..self.parts.len()).filter(|place| touched(*place)).collect();
        let mut base = Exact::ZERO;
        for place in &reached {
            base = plus(base, *self.parts.get(*place)?)?;
        }
        let wanted = match reach.relief {
            Relief::Percent { percent } => fen(times(base, Exact::scaled(percent.scaled(), Quantity::SCALE + 2))?)?,
            Relief::Months { .. } => {
                let full = reach.months.rounded(0, Towards::Floor)?.reduced().numerator();
                match reach.relief.free_months(u32::try_from(full).unwrap_or(0)) {
                    0 => Money::ZERO,
                    free => fen(times(base, Exact::whole(free.into()).over(reach.months)?.fitted())?)?,
                }
            }
            Relief::Fixed { monthly_fen } => fen(times(Exact::whole(monthly_fen.fen()), reach.months.fitted())?)?,
            Relief::Price { .. } => {
                // What remains is rounded, so that the owner pays what the other price comes to.
                let beyond = plus(base, self.at_other_price(&reached, reach)?.negated()?)?;
                let remains = plus(Exact::whole(self.money.fen()), beyond.negated()?)?;
                Money::from_fen(self.money.fen().checked_sub(fen(remains)?.fen())?)
            }
        };
        let wanted = match reach.rounding.to {
            RoundTo::Fen => wanted,
            _ => {
                let remains = self.money.fen().checked_sub(wanted.fen())?;
                self.money.checked_sub(reach.rounding.round(remains.into(), 1)?)?
            }
        };
        let wanted = wanted.max(Money::ZERO);
        let amount = wanted.min(reach.most.unwrap_or(wanted)).min(fen(base)?).min(self.money).max(Money::ZERO);
        let taken = Taken { amount, base, cut: amount < wanted };
        if amount.is_zero() {
            return Some(taken);
        }
        match reach.relief {
            Relief::Price { .. } => self.shrink_to_price(&reached, reach, taken)?,
            _ => self.shrink(&reached, taken)?,
        }
        self.money = self.money.checked_sub(amount)?;
        Some(taken)
    }

    /// Takes an amount off parts by what is left of each.
    fn shrink(&mut self, reached: &[usize], taken: Taken) -> Option<()> {
        let remaining = plus(taken.base, Exact::whole(-taken.amount.fen()))?;
        let share = if remaining <= Exact::ZERO { Exact::ZERO } else { remaining.over(taken.base)?.fitted() };
        for place in reached {
            let part = self.parts.get_mut(*place)?;
            *part = times(*part, share)?;
        }
        Some(())
    }

    /// Each part gives its share of what it is beyond the other price; one that an earlier scheme left less of gives nothing.
    fn shrink_to_price(&mut self, reached: &[usize], reach: &Reach<'_>, taken: Taken) -> Option<()> {
        let beyond = |place: usize| {
            let part = *self.parts.get(place)?;
            plus(part, self.at_place(place, reach)?.negated()?).map(|beyond| beyond.max(Exact::ZERO))
        };
        let each = reached.iter().map(|place| beyond(*place)).collect::<Option<Vec<_>>>()?;
        let all = each.iter().try_fold(Exact::ZERO, |all, one| plus(all, *one))?;
        if all.is_zero() {
            return self.shrink(reached, taken);
        }
        let given = Exact::whole(taken.amount.fen()).over(all)?.fitted();
        let left = |(place, beyond): (&usize, &Exact)| plus(*self.parts.get(*place)?, times(*beyond, given)?.negated()?);
        let left = reached.iter().zip(&each).map(left).collect::<Option<Vec<_>>>()?;
        // What remains was rounded down by more than some part has.
        if left.iter().any(|left| *left < Exact::ZERO) {
            return self.shrink(reached, taken);
        }
        for (place, left) in reached.iter().zip(left) {
            *self.parts.get_mut(*place)? = left;
        }
        Some(())
    }

    /// What parts come to at the other price.
    fn at_other_price(&self, reached: &[usize], reach: &Reach<'_>) -> Option<Exact> {
        reached.iter().try_fold(Exact::ZERO, |sum, place| plus(sum, self.at_place(*place, reach)?))
    }

    fn at_place(&self, place: usize, reach: &Reach<'_>) -> Option<Exact> {
        let line = reach.at_price.get(place / self.stretches).copied().flatten()?;
        line.get(place % self.stretches).copied().map(Exact::fitted)
    }
}

/// Half a fen goes away from zero.
fn fen(exact: Exact) -> Option<Money> {
    let rounded = exact.rounded(0, Towards::Nearest)?.reduced();
    i64::try_from(rounded.numerator()).ok().map(Money::from_fen)
}

fn plus(one: Exact, two: Exact) -> Option<Exact> {
    one.plus(two).map(Exact::fitted)
}

fn times(one: Exact, two: Exact) -> Option<Exact> {
    one.times(two).map(Exact::fitted)
}
