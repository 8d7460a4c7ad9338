//! What earlier bills cover: all of the days that would be charged, or some of them.

use super::super::super::inputs::place;
use super::super::SkipReason;
use super::Planner;
use super::charged::Charged;
use crate::charging::proration::Span;

impl Planner<'_> {
    /// Whether live bills of the fee item touch the period, and whether they are for all days that would be charged.
    pub(super) fn billed_before(&self, unit: u32, fee_item: u16, period: Span, charged: &[Charged]) -> Option<SkipReason> {
        let billed = &self.inputs.billed;
        let rows = self.billed.get(&(unit, fee_item))?;
        let span = |row: &u32| {
            let at = place(*row);
            let once = billed.once.get(at).copied().flatten().is_some() || billed.charge.get(at).copied().flatten().is_some();
            let span = Span { from: *billed.from.get(at)?, to: *billed.to.get(at)? };
            if once { None } else { span.overlap(period) }
        };
        let touching: Vec<Span> = rows.iter().filter_map(span).collect();
        if touching.is_empty() {
            return None;
        }
        let wanted = charged.iter().flat_map(|charged| charged.cover.spans().iter().copied());
        let left = |wanted: Span| {
            let all: Vec<Span> = wanted.overlap(period).into_iter().collect();
            let left = touching
                .iter()
                .fold(all, |left, billed| left.into_iter().flat_map(|span| span.without(*billed)).flatten().collect());
            !left.is_empty()
        };
        Some(if wanted.into_iter().any(left) { SkipReason::PartlyBilled } else { SkipReason::AlreadyBilled })
    }
}
