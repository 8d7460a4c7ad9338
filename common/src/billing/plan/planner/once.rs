//! What is charged once: in the first run from its first day on, unless it has its bill.

use super::super::super::inputs::place;
use super::super::SkipReason;
use super::Planner;
use super::charged::{Charged, Cover};
use crate::charging::proration::Span;

impl Planner<'_> {
    /// A charge that is billed once, in the first run from its first day on.
    pub(super) fn once(
        &self,
        unit: u32,
        fee_item: u16,
        (tariff, charge): (u16, u32),
        span: Span,
    ) -> Result<Option<Charged>, SkipReason> {
        if span.from >= self.calendar.period.to || span.to <= span.from {
            return Ok(None);
        }
        if self.is_billed_once((unit, fee_item), (tariff, charge), span) {
            return Err(SkipReason::AlreadyBilled);
        }
        // By what is in force on its day; one that is late, on the first day of the period.
        let day = span.from.max(self.calendar.period.from);
        let day = Span { from: day, to: day.saturating_add(1) };
        Ok(Some(Charged { tariff, charge, reach: span, cover: Cover::One(day), cycles: None }))
    }

    /// Whether a charge that is billed once has its bill. A bill whose charge was taken back since stands for another one by its
    /// tariff which begins before the bill's end.
    fn is_billed_once(&self, home: (u32, u16), (tariff, charge): (u16, u32), span: Span) -> bool {
        let billed = &self.inputs.billed;
        self.billed.get(&home).is_some_and(|rows| {
            rows.iter().any(|row| {
                let at = place(*row);
                let to = billed.to.get(at).copied().unwrap_or(i32::MAX);
                billed.charge.get(at) == Some(&Some(charge)) || (billed.once.get(at) == Some(&Some(tariff)) && to > span.from)
            })
        })
    }
}
