//! Where a line is cut, and how much each piece counts: at changes of price, people and owners, at the ends of what is waived, and, of a
//! usage, over the days between its readings.

use super::super::super::inputs::{RunTariff, RunUsage, place};
use super::super::measure::counts_time;
use super::super::{PricedLine, SkipReason};
use super::charged::Charged;
use super::{Planner, READ_BACK_DAYS};
use crate::charging::price::{Place, PriceBook};
use crate::charging::proration::{PARTS_OF_A_MONTH, Pieces, Span, Terms, cut, refine, union};
use crate::charging::tariff::{Proration, ProrationRule, Vacant};
use crate::charging::usage::{months_over, read_over};

/// All days there are.
const EVER: Span = Span { from: i32::MIN, to: i32::MAX };

/// What decides where a line is cut.
#[derive(Clone, Copy)]
pub(super) struct Cutting<'a> {
    pub charged: &'a Charged,
    /// All charges of the bill, and the days that they cover together.
    pub among: &'a [Charged],
    pub all: &'a [Span],
    pub usage: Option<&'a RunUsage>,
    /// Where something that is waived begins or ends, or the unit changes hands.
    pub stretches: &'a [Span],
}

impl Planner<'_> {
    pub(super) fn pieces(
        &self,
        unit: u32,
        tariff: &RunTariff,
        book: &PriceBook,
        cutting: Cutting<'_>,
        terms: &mut Vec<(Span, Terms)>,
    ) -> Result<Pieces, SkipReason> {
        let Cutting { charged, all, usage, .. } = cutting;
        let cover = charged.cover.spans();
        let (Some(first), Some(last)) = (cover.first(), cover.last()) else { return Ok(Pieces::default()) };
        let within = Span { from: first.from, to: last.to };
        let units = &self.inputs.units;
        let at = place(unit);
        let home = Place {
            unit,
            building: units.building.get(at).copied().flatten(),
            entrance: units.entrance.get(at).copied().flatten(),
            floor: units.floor.get(at).copied().flatten(),
        };
        book.terms(home, within, terms).map_err(|_| SkipReason::NoPrice)?;
        self.cut_besides(unit, tariff, cutting, EVER, within, terms);
        let metered = self.metered.get(usize::from(charged.tariff)) == Some(&true);
        let once = tariff.rules.cycle.is_once();
        let proration = if metered || once {
            Proration { rule: ProrationRule::None, ..tariff.rules.proration }
        } else {
            tariff.rules.proration
        };
        let calendar = self.calendar_of(charged);
        // Whole months are told apart among those that go by them: others count their days themselves.
        let by_months;
        let all = if proration.rule == ProrationRule::WholeMonths && cutting.among.len() > 1 {
            by_months = self.days_by_whole_months(cutting.among);
            &by_months
        } else {
            all
        };
        let mut pieces = cut(calendar, proration, cover, all, terms);
        if once {
            // It is for no time: what asks for months has one.
            (pieces.months, pieces.period_months) = (PARTS_OF_A_MONTH, 1);
        }
        let months = usize::try_from(tariff.rules.cycle.months()).unwrap_or(0);
        let several = months > 0 && i64::try_from(months).is_ok_and(|months| calendar.count() > months);
        if proration.rule == ProrationRule::None && several && !metered && !self.counts_time(charged.tariff) {
            pieces.by_cycles(calendar, months, cover, all, terms);
        }
        if let Some(read) = usage.and_then(|usage| read_over(&usage.meters)).filter(|_| charged.cycles.is_none()) {
            pieces.cover_more(months_over(read).saturating_sub(calendar.count()));
            // A formula that counts the time counts that of the bill.
            if !self.counts_time(charged.tariff) {
                self.cut_as_read(unit, tariff, (book, home), cutting, read, terms, &mut pieces);
            }
        }
        Ok(pieces)
    }

    /// Cuts a line's days anew, at these stretches as well.
    pub(in crate::billing::plan) fn recut(
        &self,
        priced: &PricedLine,
        charged: &[Charged],
        stretches: &[Span],
        terms: &mut Vec<(Span, Terms)>,
    ) -> Result<Pieces, SkipReason> {
        let found = charged.iter().find(|one| one.charge == priced.charge && one.tariff == priced.tariff);
        let (Some(one), Some(tariff)) = (found, self.inputs.tariff(priced.tariff)) else { return Ok(Pieces::default()) };
        let Some(book) = self.books.get(usize::from(priced.tariff)) else { return Ok(Pieces::default()) };
        let joined = self.days_of_all(charged);
        let all = if self.inputs.is_once(one.tariff) { one.cover.spans() } else { &joined };
        let usage = priced.usage.and_then(|usage| self.inputs.usages.get(place(usage)));
        let cutting = Cutting { charged: one, among: charged, all, usage, stretches };
        self.pieces(priced.unit, tariff, book, cutting, terms)
    }

    /// Gives a usage to the days between its readings, where these are other days than the period's: a price that changed among
    /// them counts for its own. A day without a price or in another tariff year, and a second tariff in the period, leave all of it
    /// to the period's days.
    #[expect(clippy::too_many_arguments, reason = "what decides where a line is cut")]
    fn cut_as_read(
        &self,
        unit: u32,
        tariff: &RunTariff,
        (book, home): (&PriceBook, Place),
        cutting: Cutting<'_>,
        read: Span,
        terms: &mut Vec<(Span, Terms)>,
        pieces: &mut Pieces,
    ) {
        let lasting = cutting.among.iter().filter(|charged| !self.inputs.is_once(charged.tariff)).count();
        let (1, [cover]) = (lasting, cutting.charged.cover.spans()) else { return };
        let Some(own) = cutting.charged.reach.overlap(read).filter(|own| own != cover) else { return };
        let year = terms.first().map_or(0, |(_, terms)| terms.year);
        let known = own.from >= self.calendar.period.from.saturating_sub(READ_BACK_DAYS);
        if !known || book.terms(home, own, terms).is_err() || terms.iter().any(|(_, terms)| terms.year != year) {
            return;
        }
        // What is known of people and waivers in the period holds beyond its ends.
        self.cut_besides(unit, tariff, cutting, self.calendar.period, own, terms);
        pieces.by_days_read(own, terms);
    }

    fn days_by_whole_months(&self, among: &[Charged]) -> Vec<Span> {
        let by_months = |charged: &&Charged| {
            let rules = self.inputs.tariff(charged.tariff).map(|tariff| &tariff.rules);
            rules.is_some_and(|rules| rules.proration.rule == ProrationRule::WholeMonths && !rules.cycle.is_once())
        };
        union(among.iter().filter(by_months).flat_map(|charged| charged.cover.spans().iter().copied()))
    }

    fn counts_time(&self, tariff: u16) -> bool {
        self.formulas.get(usize::from(tariff)).and_then(Option::as_ref).is_some_and(counts_time)
    }

    /// Cuts the terms where people come and go and where stretches begin; what stands at an end of `known` goes on beyond it.
    fn cut_besides(
        &self,
        unit: u32,
        tariff: &RunTariff,
        cutting: Cutting<'_>,
        known: Span,
        within: Span,
        terms: &mut Vec<(Span, Terms)>,
    ) {
        let inputs = self.inputs;
        let beyond = move |span: Span| Span {
            from: if span.from <= known.from && known.from < span.to { i32::MIN } else { span.from },
            to: if span.from < known.to && known.to <= span.to { i32::MAX } else { span.to },
        };
        let holdings = self.holdings(unit, known.overlap(self.calendar.period).filter(|_| known != EVER).unwrap_or(within));
        // What a unit pays does not depend on who holds it: a formula that counts the days of a piece is not cut for that.
        if !holdings.is_empty() && !self.counts_time(cutting.charged.tariff) {
            let numbered = holdings.iter().map(|holding| beyond(holding.span)).zip(0_u16..);
            refine(terms, numbered, |terms, owner| terms.owner = owner);
        }
        if tariff.rules.vacant == Vacant::Reduced {
            for (_, terms) in terms.iter_mut() {
                terms.vacant = true;
            }
            let lived_in = self.lived_in(unit);
            let lived_in = lived_in.iter().filter_map(|span| beyond(*span).overlap(within));
            refine(terms, lived_in.map(|span| (span, ())), |terms, ()| terms.vacant = false);
        }
        if !cutting.stretches.is_empty() {
            let numbered = cutting.stretches.iter().map(|span| beyond(*span)).zip(0_u8..=u8::MAX);
            refine(terms, numbered, |terms, stretch| terms.stretch = stretch);
        }
        let number = cutting.charged.tariff;
        if self.asks_for_heads.get(usize::from(number)) == Some(&true) {
            let heads = &inputs.heads;
            let span = |at: &u32| {
                let row = place(*at);
                let span = Span { from: *heads.from.get(row)?, to: *heads.to.get(row)? };
                Some((beyond(span), *heads.heads.get(row)?))
            };
            refine(terms, self.heads.of(unit).iter().filter_map(span), |terms, heads| terms.heads = heads);
        }
    }
}
