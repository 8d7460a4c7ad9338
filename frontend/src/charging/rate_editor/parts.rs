//! Parts of a price, by the registers of a meter.

use common::charging::rate::{Counted, PARTS_MOST, Rate, RatePart, SimpleRate};
use common::charging::tier::{TierUsage, Tiers};
use leptos::prelude::*;

use super::{At, Editor, first_tiers, unfilled};
use crate::charging::offer::Offer;
use crate::charging::tariff_form::words;
use crate::kit::{button, icons};
use crate::t;

impl Editor {
    pub(super) fn parts(self, season: Option<usize>, parts: &[RatePart]) -> AnyView {
        fn list(rate: &mut Rate, season: Option<usize>) -> Option<&mut Vec<RatePart>> {
            match (rate, season) {
                (Rate::Parts(parts), None) => Some(parts),
                (Rate::Seasons(seasons), Some(season)) => seasons.get_mut(season).map(|season| &mut season.parts),
                _ => None,
            }
        }
        let count = parts.len();
        let one = |(place, part): (usize, &RatePart)| {
            let at = season.map_or(At::Part(place), |season| At::Season(season, place));
            let remove = move |rate: &mut Rate| {
                if let Some(parts) = list(rate, season) {
                    parts.remove(place);
                }
            };
            let remove = (count > 1).then(|| self.remove(t!("charging-rate-part-remove"), remove));
            self.part(at, part, remove.into_any())
        };
        let add = move || {
            self.change(|rate| {
                if let Some(parts) = list(rate, season) {
                    let name = t!("charging-rate-part-name", no = parts.len() + 1);
                    parts.push(RatePart { name, of: Counted::Total, rate: SimpleRate::Flat(unfilled()) });
                }
            });
        };
        view! {
            {parts.iter().enumerate().map(one).collect_view()}
            {(count < PARTS_MOST).then(|| button(icons::PLUS, t!("charging-rate-part-add"), add))}
        }
        .into_any()
    }

    fn part(self, at: At, part: &RatePart, remove: AnyView) -> AnyView {
        let name = self.input(t!("charging-rate-part"), part.name.clone(), "input input-sm w-28", move |rate, text| {
            at.part(rate).into_iter().for_each(|part| text.clone_into(&mut part.name));
            true
        });
        let registers = (self.offer >= Offer::Registers).then(|| self.register_of(at, part.of));
        let tiers = (self.offer >= Offer::Tiers).then(|| self.by_tiers(at, matches!(part.rate, SimpleRate::Tiered(_))));
        let of_all = match &part.rate {
            SimpleRate::Tiered(tiers) if part.of != Counted::Total => Some(self.of_all(at, tiers.usage)),
            _ => None,
        };
        let figures = match &part.rate {
            SimpleRate::Tiered(tiers) => self.tiers(at, tiers),
            SimpleRate::Flat(price) => view! {
                <label class="flex items-center gap-2 text-sm">
                    {self.price_input(&format!("{}.rate.flat", at.field()), t!("charging-price"), *price, "input input-sm num w-28", move |rate, typed| {
                        if let Some(RatePart { rate: SimpleRate::Flat(price), .. }) = at.part(rate) {
                            *price = typed;
                        }
                        true
                    })}
                    {self.unit.get_value()}
                </label>
                {self.problem(format!("{}.rate.flat", at.field()))}
            }
            .into_any(),
        };
        view! {
            <div class="mb-3 space-y-2 border-l-2 border-line pl-3">
                <div class="flex flex-wrap items-center gap-2">
                    {name}
                    {registers}
                    {tiers}
                    {remove}
                </div>
                {self.problem(format!("{}.name", at.field()))}
                {of_all}
                {figures}
            </div>
        }
        .into_any()
    }

    /// Which register of the meter a part counts.
    fn register_of(self, at: At, of: Counted) -> AnyView {
        let counted = words("counted", Counted::ALL, Counted::word)
            .into_iter()
            .map(|(value, name)| view! { <option value=value.word() selected=value == of>{name}</option> })
            .collect_view();
        let count = move |word: String| {
            let chosen = Counted::ALL.iter().find(|value| value.word() == word).copied();
            self.change(|rate| {
                if let (Some(part), Some(chosen)) = (at.part(rate), chosen) {
                    part.of = chosen;
                }
            });
        };
        view! {
            <select class="select select-sm w-20" aria-label=t!("charging-rate-part-of") on:change=move |event| count(event_target_value(&event))>
                {counted}
            </select>
        }
        .into_any()
    }

    /// Turns one figure into tiers and back.
    fn by_tiers(self, at: At, tiered: bool) -> AnyView {
        let turn = move |_| {
            self.change(|rate| {
                if let Some(part) = at.part(rate) {
                    // Where registers have tiers, these are nearly always for all of them.
                    let usage = if part.of == Counted::Total { TierUsage::Own } else { TierUsage::Total };
                    part.rate = match &part.rate {
                        SimpleRate::Flat(price) => SimpleRate::Tiered(Tiers { usage, ..first_tiers(*price) }),
                        SimpleRate::Tiered(tiers) => {
                            SimpleRate::Flat(tiers.steps.first().map_or_else(unfilled, |step| step.price))
                        }
                    };
                }
            });
        };
        view! {
            <label class="flex items-center gap-1 text-sm">
                <input type="checkbox" class="checkbox checkbox-xs" prop:checked=tiered on:change=turn />
                {t!("charging-rate-tiered")}
            </label>
        }
        .into_any()
    }

    /// Whether the bounds of a register's tiers are for all registers together.
    fn of_all(self, at: At, usage: TierUsage) -> AnyView {
        let of_all = usage == TierUsage::Total;
        let turn = move |_| {
            self.change(|rate| {
                if let Some(tiers) = at.tiers(rate) {
                    tiers.usage = if of_all { TierUsage::Own } else { TierUsage::Total };
                }
            });
        };
        view! {
            <label class="flex items-center gap-1 text-sm">
                <input type="checkbox" class="checkbox checkbox-xs" prop:checked=of_all on:change=turn />
                {t!("charging-tier-of-all")}
            </label>
            {of_all.then(|| view! { <p class="text-sm text-ink-2">{t!("charging-tier-of-all-help")}</p> })}
        }
        .into_any()
    }
}
