//! The lines of one unit × fee item: each charge's pieces, measured and priced.

use super::super::super::inputs::{RunTariff, RunUsage, place};
use super::super::measure::{Home, Quantities};
use super::super::{PlannedLine, PricedLine, SkipReason};
use super::Planner;
use super::charged::Charged;
use super::cutting::Cutting;
use crate::charging::line::{NoLine, price};
use crate::charging::price::PriceBook;
use crate::charging::proration::{Pieces, Span, Terms};
use crate::charging::usage::NoUsageReason;
use crate::formula::Formula;
use crate::quantity::Quantity;

/// What is worked on while one unit × fee item is priced.
struct Pricing<'a> {
    charged: &'a Charged,
    tariff: &'a RunTariff,
    book: &'a PriceBook,
    pieces: Pieces,
}

/// What the pricing of a line depends on.
pub(in crate::billing::plan) struct Known<'p> {
    pub(in crate::billing::plan) tariff: &'p RunTariff,
    pub(super) usage: Option<&'p RunUsage>,
    pub(super) home: Home<'p>,
    pub(in crate::billing::plan) book: &'p PriceBook,
    pub(in crate::billing::plan) formula: Option<&'p Formula>,
    pub(in crate::billing::plan) quantities: Quantities,
}

impl Planner<'_> {
    pub(super) fn priced(
        &self,
        unit: u32,
        fee_item: u16,
        all_charged: &[Charged],
        terms: &mut Vec<(Span, Terms)>,
        lines: &mut Vec<PlannedLine>,
    ) -> Result<(), SkipReason> {
        let joined;
        let all = match all_charged {
            [one] => one.cover.spans(),
            _ => {
                joined = self.days_of_all(all_charged);
                &joined
            }
        };
        for charged in all_charged {
            let all = if self.inputs.is_once(charged.tariff) { charged.cover.spans() } else { all };
            let (Some(tariff), Some(book)) = (self.inputs.tariff(charged.tariff), self.books.get(usize::from(charged.tariff)))
            else {
                continue;
            };
            let usage = match self.metered.get(usize::from(charged.tariff)) {
                Some(true) => self.usage(unit, fee_item)?,
                _ => None,
            };
            let metered = usage.and_then(|usage| self.inputs.usages.get(place(usage)));
            let cutting = Cutting { charged, among: all_charged, all, usage: metered, stretches: &[] };
            let pieces = self.pieces(unit, tariff, book, cutting, terms)?;
            let mut line = self.line(unit, Pricing { charged, tariff, book, pieces }, usage)?;
            if let Some(rent) = self.rents.get(&charged.charge).filter(|rent| rent.turnover.is_some()) {
                self.turnover(rent, cutting, terms, &mut line)?;
            }
            // Days that don't reach the tariff's cut-off leave nothing to charge.
            if !line.line.pieces.list.is_empty() {
                lines.push(PlannedLine::Priced(line));
            }
        }
        Ok(())
    }

    /// The place of what the unit's meters counted for the fee item; none where more is given back of an estimate than was used
    /// since: that waits, and nothing counts as used.
    fn usage(&self, unit: u32, fee_item: u16) -> Result<Option<u32>, SkipReason> {
        if let Some(found) = self.usages.get(&(unit, fee_item)).copied() {
            let used = self.inputs.usages.get(place(found));
            let less = |used: &RunUsage| {
                used.usage < Quantity::ZERO || used.registers.iter().any(|register| register.usage < Quantity::ZERO)
            };
            return Ok(Some(found).filter(|_| !used.is_some_and(less)));
        }
        Err(match self.no_usages.get(&(unit, fee_item)) {
            Some(NoUsageReason::NoBaseline) => SkipReason::NoBaseline,
            Some(NoUsageReason::InReview) => SkipReason::InReview,
            Some(NoUsageReason::NoReading) | None => SkipReason::NoReading,
        })
    }

    /// Prices the pieces of one charge.
    fn line(&self, unit: u32, pricing: Pricing<'_>, usage: Option<u32>) -> Result<PricedLine, SkipReason> {
        let Pricing { charged, tariff, book, pieces } = pricing;
        let metered = usage.and_then(|usage| self.inputs.usages.get(place(usage)));
        let home = self.home(unit, charged.tariff, tariff, book, metered);
        let formula = self.formulas.get(usize::from(charged.tariff)).and_then(Option::as_ref);
        let quantities = Quantities::find(self.inputs, &self.wholes, &home, tariff, formula, &pieces)?;
        let quantity = quantities.shown(&pieces);
        let rules = &tariff.rules;
        let mut line = price(quantities.measure(), pieces, book, rules.rounding).map_err(|none| match none {
            NoLine::TooLarge => SkipReason::TooLarge,
            NoLine::Negative => SkipReason::Negative,
            NoLine::NoRegisters => SkipReason::NoRegisters,
            NoLine::NoQuota => SkipReason::NoQuota,
        })?;
        if let Some(least) = rules.least_amount(&line.pieces).filter(|least| *least > line.amount) {
            line.raised_from = Some(line.amount);
            line.amount = least;
        }
        Ok(PricedLine { unit, tariff: charged.tariff, charge: charged.charge, quantity, usage, line, turnover: None })
    }

    /// What the pricing of a line's pieces depends on.
    pub(in crate::billing::plan) fn known<'p>(&'p self, priced: &PricedLine, pieces: &Pieces) -> Result<Known<'p>, SkipReason> {
        let (Some(tariff), Some(book)) = (self.inputs.tariff(priced.tariff), self.books.get(usize::from(priced.tariff))) else {
            return Err(SkipReason::NoPrice);
        };
        let usage = priced.usage.and_then(|usage| self.inputs.usages.get(place(usage)));
        let home = self.home(priced.unit, priced.tariff, tariff, book, usage);
        let formula = self.formulas.get(usize::from(priced.tariff)).and_then(Option::as_ref);
        let quantities = Quantities::find(self.inputs, &self.wholes, &home, tariff, formula, pieces)?;
        Ok(Known { tariff, book, usage, home, formula, quantities })
    }

    fn home<'h>(&self, unit: u32, number: u16, tariff: &RunTariff, book: &'h PriceBook, usage: Option<&'h RunUsage>) -> Home<'h> {
        let kind = self.inputs.units.kind.get(place(unit)).copied();
        let coefficients = &tariff.rules.coefficients;
        let coefficient = kind.filter(|_| !coefficients.is_empty()).map_or(Quantity::ONE, |kind| tariff.rules.coefficient(kind));
        Home {
            unit,
            book,
            usage,
            knows_heads: self.asks_for_heads.get(usize::from(number)) == Some(&true) && !self.heads.of(unit).is_empty(),
            coefficient: coefficient.scaled(),
        }
    }

    /// Whether a line's usage waits, being less than nothing.
    pub(super) fn waits(&self, priced: &PricedLine) -> bool {
        priced.usage.is_none() && self.metered.get(usize::from(priced.tariff)) == Some(&true)
    }
}
