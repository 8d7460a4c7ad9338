//! What the stretches of a line cost where a share of the sales is charged.

use super::super::planner::{Charged, Planner};
use super::super::{PricedLine, SkipReason};
use super::cut::add_up;
use crate::charging::line::costs;
use crate::charging::proration::{Span, Terms};
use crate::charging::turnover::{Comparison, Turnover};
use crate::formula::{Exact, Towards};
use crate::quantity::Quantity;

impl Planner<'_> {
    /// What the stretches of a line cost where a share of the sales is charged: what each comparison charges, shared over its
    /// days as the rent is, or evenly where there is none.
    pub(super) fn costs_beside_sales(
        &self,
        priced: &PricedLine,
        turnover: &Turnover,
        charged: &[Charged],
        stretches: &[Span],
        terms: &mut Vec<(Span, Terms)>,
    ) -> Result<Vec<i128>, SkipReason> {
        let mut days: Vec<i32> = stretches.iter().flat_map(|span| [span.from, span.to]).collect();
        days.extend(turnover.rows.iter().flat_map(|row| [row.span.from, row.span.to]));
        days.sort_unstable();
        days.dedup();
        let fine: Vec<Span> = days.iter().zip(days.iter().skip(1)).map(|(from, to)| Span { from: *from, to: *to }).collect();
        let pieces = self.recut(priced, charged, &fine, terms)?;
        let known = self.known(priced, &pieces)?;
        let (each, _) = costs(known.quantities.measure(), &pieces, known.book).map_err(|_| SkipReason::TooLarge)?;
        let mut rents = vec![0; fine.len()];
        add_up(&mut rents, &pieces, each.into_iter());
        let parts: Vec<(Span, i128)> = fine.into_iter().zip(rents).collect();
        let mut sums = vec![Exact::ZERO; stretches.len()];
        for row in &turnover.rows {
            add_row(&mut sums, row, turnover.share, stretches, &parts).ok_or(SkipReason::TooLarge)?;
        }
        let whole = |sum: Exact| sum.rounded(8, Towards::Nearest).map(Exact::numerator);
        sums.into_iter().map(whole).collect::<Option<_>>().ok_or(SkipReason::TooLarge)
    }
}

/// Adds what one comparison charges to the stretches that its parts lie in.
fn add_row(sums: &mut [Exact], row: &Comparison, share: Quantity, stretches: &[Span], parts: &[(Span, i128)]) -> Option<()> {
    let (charged, _) = row.larger(share)?;
    let inside = || parts.iter().filter(|(span, _)| row.span.contains(*span));
    let rent_free = inside().all(|(_, rent)| *rent == 0);
    let weight = |(span, rent): &(Span, i128)| if rent_free { span.days().into() } else { *rent };
    let whole = inside().map(weight).try_fold(0_i128, i128::checked_add)?;
    for part in inside() {
        let at = stretches.iter().position(|stretch| stretch.contains(part.0))?;
        let sum = sums.get_mut(at)?;
        *sum = sum.plus(charged.times(Exact::new(weight(part), whole)?.reduced())?.reduced())?.reduced();
    }
    Some(())
}
