//! What schemes take off a planned bill: which of them reach it, on which days, and what those days cost by the lines' own rules.

mod apply;
mod at_price;
mod cut;
mod explained;
mod sales;
mod schemes;
mod spent;

use self::apply::apply;
use self::cut::Cut;
use self::schemes::Reaching;
use super::planner::{Charged, Planner};
use super::portion::{Holding, portions};
use super::{PlannedBill, PlannedLine, SkipReason};
use crate::charging::proration::{Span, Terms};
use crate::charging::tariff::Rounding;
use crate::money::Money;
use crate::waivers::apply::Left;

pub(super) use self::schemes::Schemes;
pub(super) use self::spent::{Spent, year_of};
pub use explained::{ExplainedBill, ToldWaiver};

impl Planner<'_> {
    /// What schemes take off a bill, in their order, and what of it falls on whom.
    pub(super) fn tell_apart(
        &self,
        bill: &mut PlannedBill,
        holdings: &[Holding],
        charged: &[Charged],
        terms: &mut Vec<(Span, Terms)>,
        spent: &Spent,
    ) -> Result<(), SkipReason> {
        let schemes = self.schemes();
        let reaching = schemes.map(|schemes| schemes.reaching(&self.inputs().units, bill.unit, bill.fee_item, bill.period));
        let reaching = reaching.unwrap_or_default();
        if reaching.is_empty() && holdings.is_empty() {
            return Ok(());
        }
        let stretches = stretches(Span::of(bill.period), &reaching, holdings);
        let mut cuts = Vec::with_capacity(bill.lines.len());
        for line in &bill.lines {
            cuts.push(match line {
                PlannedLine::Priced(priced) => self.cut(schemes, priced, charged, &reaching, &stretches, terms)?,
                PlannedLine::Share(..) => Cut { monthly: false, costs: Vec::new(), months: None, at_prices: Vec::new() },
            });
        }
        let lines = bill.lines.iter().zip(&mut cuts).map(|(line, cut)| (line.amount(), std::mem::take(&mut cut.costs)));
        let lines: Vec<(Money, Vec<i128>)> = lines.collect();
        let days: Vec<i64> = stretches.iter().map(|span| span.days()).collect();
        let before = Left::new(&lines, &days).ok_or(SkipReason::TooLarge)?;
        let mut left = before.clone();
        bill.waivers =
            apply(&mut left, (bill, self.rounding_of(bill)), &reaching, &stretches, &cuts, spent).ok_or(SkipReason::TooLarge)?;
        bill.portions = portions(self.inputs(), bill, holdings, &stretches, (&before, &left)).ok_or(SkipReason::TooLarge)?;
        Ok(())
    }

    /// How a bill of one tariff is rounded; one with several lines is a sum, to the fen.
    fn rounding_of(&self, bill: &PlannedBill) -> Rounding {
        let tariff = bill.tariff.filter(|_| bill.lines.len() == 1).and_then(|tariff| self.inputs().tariff(tariff));
        tariff.map_or_else(Rounding::default, |tariff| tariff.rules.rounding)
    }
}

/// The period cut where any scheme begins or ends, and where the unit changes hands.
fn stretches(period: Span, reaching: &[Reaching<'_>], holdings: &[Holding]) -> Vec<Span> {
    let mut days = vec![period.from, period.to];
    days.extend(holdings.iter().map(|holding| holding.span.from));
    days.extend(reaching.iter().flat_map(|one| one.spans.iter().flat_map(|span| [span.from, span.to])));
    days.sort_unstable();
    days.dedup();
    let pairs = days.iter().zip(days.iter().skip(1));
    pairs.map(|(from, to)| Span { from: *from, to: *to }).collect()
}
