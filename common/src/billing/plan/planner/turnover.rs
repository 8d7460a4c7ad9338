//! A contract's share of the sales beside its rent: what both come to, and which is charged.

use super::super::{PricedLine, SkipReason};
use super::Planner;
use super::cutting::Cutting;
use crate::charging::line::{Line, costs};
use crate::charging::proration::{Span, Terms};
use crate::charging::rent::{Compared, Rent};
use crate::charging::turnover::{Comparison, Turnover};
use crate::formula::Exact;

impl Planner<'_> {
    /// Where a share of the sales is more than the rent, the share is charged.
    pub(super) fn turnover(
        &self,
        rent: &Rent,
        cutting: Cutting<'_>,
        terms: &mut Vec<(Span, Terms)>,
        priced: &mut PricedLine,
    ) -> Result<(), SkipReason> {
        let charged = cutting.charged;
        let (Some(share), Some(sales)) = (rent.turnover, self.sales.get(&priced.unit)) else { return Ok(()) };
        let (Some(tariff), Some(book)) = (self.inputs.tariff(priced.tariff), self.books.get(usize::from(priced.tariff))) else {
            return Ok(());
        };
        let months: Vec<Span> = self.calendar_of(charged).months().collect();
        // Cut at the ends of months, what each of them costs stands by itself.
        let pieces = self.pieces(priced.unit, tariff, book, Cutting { stretches: &months, ..cutting }, terms)?;
        let known = self.known(priced, &pieces)?;
        let (each, whole) = costs(known.quantities.measure(), &pieces, book).map_err(|_| SkipReason::TooLarge)?;
        let cost = |month: usize| {
            let of_month = pieces.list.iter().zip(&each).filter(|(piece, _)| usize::from(piece.terms.stretch) == month);
            let sum = of_month.map(|(_, cost)| *cost).try_fold(0_i128, i128::checked_add);
            sum.and_then(|sum| Exact::new(sum, whole)).map(Exact::reduced).ok_or(SkipReason::TooLarge)
        };
        let counted = rent.days_of_sales(charged.cover.spans());
        let mut rows = Vec::with_capacity(months.len());
        for (place, month) in months.iter().enumerate() {
            if charged.cover.spans().iter().any(|span| span.overlap(*month).is_some()) {
                rows.push(Comparison::new(*month, &counted, sales, cost(place)?));
            }
        }
        if rent.compared == Compared::Bill {
            let fixed = rows.iter().try_fold(Exact::ZERO, |sum, row| sum.plus(row.fixed).map(Exact::reduced));
            let span = self.calendar_of(charged).period;
            rows = vec![Comparison::new(span, &counted, sales, fixed.ok_or(SkipReason::TooLarge)?)];
        }
        let turnover = Turnover { share, rows };
        if turnover.is_more() {
            let amount = turnover.amount(tariff.rules.rounding).map_err(|_| SkipReason::TooLarge)?;
            let pieces = std::mem::take(&mut priced.line.pieces);
            priced.line = Line { amount, pieces, parts: Vec::new(), raised_from: None };
        }
        priced.turnover = turnover.is_reported().then(|| Box::new(turnover));
        Ok(())
    }
}
