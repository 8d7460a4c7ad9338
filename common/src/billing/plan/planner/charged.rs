//! What a unit is charged of a fee item in the period: by which assignments, and on which of its days.

use super::super::super::inputs::place;
use super::super::SkipReason;
use super::Planner;
use crate::charging::cycle::{Cycles, by_anniversary};
use crate::charging::proration::{Calendar, Span, day_of, union};
use crate::charging::tariff::{CycleFrom, StartsAt, Vacant};
use crate::estate::kind::UnitKind;
use crate::period::{Day, Period};

/// A charge as far as it is charged in the period.
pub(in crate::billing::plan) struct Charged {
    pub(super) tariff: u16,
    pub(super) charge: u32,
    /// All days of the charge, beyond the period too.
    pub(super) reach: Span,
    pub(super) cover: Cover,
    /// The unit's own cycles, where the tariff counts from an anniversary.
    pub(super) cycles: Option<Cycles>,
}

/// Days, in order, none touching the next: nearly always one span, which takes no room of its own.
pub(super) enum Cover {
    One(Span),
    Several(Vec<Span>),
}

impl Cover {
    pub(super) fn spans(&self) -> &[Span] {
        match self {
            Self::One(span) => std::slice::from_ref(span),
            Self::Several(spans) => spans,
        }
    }
}

impl Planner<'_> {
    /// The unit's charges of the fee item, with the days of the period on which they count; `soft` says why there are none.
    pub(super) fn charged(&self, unit: u32, fee_item: u16, found: &mut Vec<Charged>, soft: &mut SkipReason) {
        found.clear();
        for charge in self.charges.of(unit) {
            match self.charged_by(unit, fee_item, *charge) {
                Ok(Some(charged)) => match found.iter_mut().find(|other| self.is_one_line(other, &charged)) {
                    Some(other) => {
                        other.cover = Cover::Several(union(other.cover.spans().iter().chain(charged.cover.spans()).copied()));
                        let Span { from, to } = charged.reach;
                        other.reach = Span { from: other.reach.from.min(from), to: other.reach.to.max(to) };
                    }
                    None => found.push(charged),
                },
                Ok(None) => {}
                Err(reason) => *soft = reason,
            }
        }
    }

    /// Two assignments of one tariff are one line: rounded once. A contract is a line of its own, and so is what is charged once.
    fn is_one_line(&self, one: &Charged, other: &Charged) -> bool {
        let own = |charged: &Charged| {
            self.rents.contains_key(&charged.charge) || charged.cycles.is_some() || self.inputs.is_once(charged.tariff)
        };
        one.tariff == other.tariff && !own(one) && !own(other)
    }

    /// One charge; none where it is of another fee item or other days.
    fn charged_by(&self, unit: u32, fee_item: u16, charge: u32) -> Result<Option<Charged>, SkipReason> {
        let charges = &self.inputs.charges;
        let at = place(charge);
        let (Some(number), Some(from), Some(to)) = (charges.tariff.get(at), charges.from.get(at), charges.to.get(at)) else {
            return Ok(None);
        };
        let Some(tariff) = self.inputs.tariff(*number).filter(|tariff| tariff.fee_item == fee_item) else { return Ok(None) };
        let rules = &tariff.rules;
        let charge_span = Span { from: *from, to: to.unwrap_or(i32::MAX) };
        if rules.cycle.is_once() {
            return self.once(unit, fee_item, (*number, charge), charge_span);
        }
        let handed_over = self.inputs.units.handed_over.get(place(unit)).copied().flatten();
        let mut cycles = None;
        let mut within = self.calendar.period;
        if rules.cycle_from == CycleFrom::Anniversary {
            let anchor = day_of(handed_over.unwrap_or(*from));
            let Some(own) = by_anniversary(rules, self.period, anchor) else {
                return if charge_span.overlap(within).is_some() { Err(SkipReason::OffCycle) } else { Ok(None) };
            };
            within = own.calendar.period;
            cycles = Some(own);
        }
        let Some(mut span) = charge_span.overlap(within) else { return Ok(None) };
        if cycles.is_none() && !self.on_cycle.get(usize::from(*number)).copied().unwrap_or(false) {
            return Err(SkipReason::OffCycle);
        }
        if rules.starts_at == StartsAt::HandOver {
            match handed_over.filter(|day| *day < span.to) {
                Some(day) => span.from = span.from.max(day),
                None => return Err(SkipReason::BeforeHandOver),
            }
        }
        let cover = match rules.vacant {
            Vacant::Charged | Vacant::Reduced => Cover::One(span),
            Vacant::Skipped => Cover::Several(self.lived_in(unit).into_iter().filter_map(|days| days.overlap(span)).collect()),
        };
        if cover.spans().is_empty() {
            return Err(SkipReason::Vacant);
        }
        Ok(Some(Charged { tariff: *number, charge, reach: charge_span, cover, cycles }))
    }

    /// The days on which somebody lived in a unit: it is held then, and its people, where they are counted, are not none.
    pub(super) fn lived_in(&self, unit: u32) -> Vec<Span> {
        let (held, heads) = (&self.inputs.held, &self.inputs.heads);
        let held_on = |row: &u32| Some(Span { from: *held.from.get(place(*row))?, to: *held.to.get(place(*row))? });
        let mut days: Vec<Span> = self.held.of(unit).iter().filter_map(held_on).collect();
        if !self.inputs.units.kind.get(place(unit)).copied().is_some_and(UnitKind::is_lived_in) {
            return days;
        }
        for row in self.heads.of(unit) {
            let at = place(*row);
            let (Some(from), Some(to), Some(0)) = (heads.from.get(at), heads.to.get(at), heads.heads.get(at)) else { continue };
            days = days.into_iter().flat_map(|span| span.without(Span { from: *from, to: *to })).flatten().collect();
        }
        days
    }

    /// The days that charges cover together; what is charged once covers none of them.
    pub(super) fn days_of_all(&self, charged: &[Charged]) -> Vec<Span> {
        let lasting = charged.iter().filter(|charged| !self.inputs.is_once(charged.tariff));
        union(lasting.flat_map(|charged| charged.cover.spans().iter().copied()))
    }

    /// The months of a charge's bill: the run's, or those of its own cycles.
    pub(super) fn calendar_of<'c>(&'c self, charged: &'c Charged) -> &'c Calendar {
        charged.cycles.as_ref().map_or(&self.calendar, |cycles| &cycles.calendar)
    }
}

/// What a bill of these charges is for: the run's period, unless they have cycles of their own.
pub(super) fn bill_period(charged: &[Charged]) -> Option<Period> {
    let own = || charged.iter().filter_map(|charged| charged.cycles.as_ref()).map(|cycles| cycles.period);
    let from: Day = own().map(|period| period.from).min()?;
    let to: Day = own().map(|period| period.to).max()?;
    if own().count() < charged.len() { None } else { Period::new(from, to) }
}
