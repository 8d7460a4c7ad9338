//! The schemes of a run: which of them reach a bill, and on which days.

use super::super::super::inputs::{RunInputs, RunUnits, place};
use super::super::by_unit::ByUnit;
use crate::charging::price::{At, PriceBook, PriceRow};
use crate::charging::proration::{Span, union};
use crate::charging::rate::Rate;
use crate::money::Money;
use crate::period::{Period, add_months};
use crate::waivers::inputs::{RunScheme, RunWaivers, RunWho};
use crate::waivers::scheme::Relief;

/// The schemes of a run, found by fee item.
pub(in crate::billing::plan) struct Schemes<'a> {
    inputs: &'a RunWaivers,
    /// By fee item, in the order in which they are applied.
    of_item: Vec<Vec<u16>>,
    groups: Vec<ByUnit>,
    /// The other unit price of each scheme that has one.
    pub(super) books: Vec<Option<PriceBook>>,
}

/// A scheme that reaches a bill.
pub(super) struct Reaching<'a> {
    pub(super) place: u16,
    pub(super) scheme: &'a RunScheme,
    /// In order, none touching the next.
    pub(super) spans: Vec<Span>,
    pub(super) groups: Vec<&'a str>,
}

impl<'a> Schemes<'a> {
    /// None where no scheme is in force: then the run does not look for any.
    pub(in crate::billing::plan) fn new(inputs: &'a RunInputs) -> Option<Self> {
        let waivers = &inputs.waivers;
        if waivers.schemes.is_empty() {
            return None;
        }
        let of_item = (0_u16..).zip(&inputs.fee_items).map(|(fee_item, _)| {
            let of = (0_u16..).zip(&waivers.schemes).filter(|(_, scheme)| scheme.fee_items.contains(&fee_item));
            of.map(|(place, _)| place).collect()
        });
        let book = |scheme: &RunScheme| match scheme.relief {
            Relief::Price { price } => {
                let row = PriceRow { at: At::Community, from: i32::MIN, to: None, rate: Rate::Flat(price) };
                Some(PriceBook::new(vec![row]))
            }
            _ => None,
        };
        Some(Self {
            inputs: waivers,
            of_item: of_item.collect(),
            groups: waivers.groups.iter().map(|group| ByUnit::new(inputs.units.id.len(), &group.unit)).collect(),
            books: waivers.schemes.iter().map(book).collect(),
        })
    }

    fn of(&self, fee_item: u16) -> impl Iterator<Item = (u16, &'a RunScheme)> + '_ {
        let places = self.of_item.get(usize::from(fee_item)).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| Some((*place, self.inputs.schemes.get(usize::from(*place))?)))
    }

    /// Whether what is taken off a bill of the fee item depends on the unit's other bills.
    pub(in crate::billing::plan) fn looks_back(&self, fee_item: u16) -> bool {
        self.of(fee_item).any(|(_, scheme)| scheme.year_most_fen.is_some())
    }

    /// Those that reach a bill, in the order in which they are applied.
    pub(super) fn reaching(&self, units: &RunUnits, unit: u32, fee_item: u16, period: Period) -> Vec<Reaching<'a>> {
        let of_unit = |(at, scheme): (u16, &'a RunScheme)| {
            let long =
                scheme.months_least <= 1 || add_months(period.from, scheme.months_least).is_some_and(|end| end <= period.to);
            let days =
                Span { from: scheme.from, to: scheme.to.unwrap_or(i32::MAX) }.overlap(Span::of(period)).filter(|_| long)?;
            let (mut spans, mut groups) = (Vec::new(), Vec::new());
            match &scheme.who {
                RunWho::Everybody => spans.push(days),
                RunWho::Units(units) => spans.extend(units.binary_search(&unit).is_ok().then_some(days)),
                RunWho::Kinds(kinds) => {
                    let kind = units.kind.get(place(unit));
                    spans.extend(kind.is_some_and(|kind| kinds.contains(kind)).then_some(days));
                }
                RunWho::Groups(groups_of) => {
                    for at in groups_of {
                        let Some(group) = self.inputs.groups.get(usize::from(*at)) else { continue };
                        let before = spans.len();
                        spans.extend(self.member_days(*at, unit).filter_map(|span| span.overlap(days)));
                        groups.extend((spans.len() > before && !group.name.is_empty()).then_some(group.name.as_str()));
                    }
                    spans = union(spans.into_iter());
                }
            }
            (!spans.is_empty()).then_some(Reaching { place: at, scheme, spans, groups })
        };
        self.of(fee_item).filter_map(of_unit).collect()
    }

    /// The days on which a member of the group holds the unit.
    fn member_days(&self, group: u16, unit: u32) -> impl Iterator<Item = Span> + '_ {
        let at = usize::from(group);
        let rows = self.groups.get(at).map_or(&[][..], |rows| rows.of(unit));
        let group = self.inputs.groups.get(at);
        rows.iter().filter_map(move |row| {
            let group = group?;
            Some(Span { from: *group.from.get(place(*row))?, to: *group.to.get(place(*row))? })
        })
    }

    /// What may be taken off for the rest of the year, and the most of the year.
    pub(super) fn rest_of_year(scheme: &RunScheme, unit: u32, year: i32, spent: Money) -> Option<(Money, Money)> {
        let most = scheme.year_most_fen?;
        let found = scheme.used.binary_search_by_key(&(unit, year), |(of, year, _)| (*of, *year)).ok();
        let used = found.and_then(|at| scheme.used.get(at)).map_or(Money::ZERO, |(.., used)| *used);
        let rest = most.checked_sub(used)?.checked_sub(spent)?;
        Some((rest.max(Money::ZERO), most))
    }
}
