//! The tiers, parts and seasons of a price, entered as they are published.

use std::collections::BTreeSet;

use common::charging::api::SetPrice;
use common::charging::rate::{Counted, PARTS_MOST, Rate, RatePart, Season, SimpleRate};
use common::charging::tier::{TIERS_MOST, Tier, TierScope, TierUsage, Tiers};
use common::quantity::{Price, Quantity};
use leptos::prelude::*;

use super::offer::Offer;
use super::tariff_form::words;
use super::words::price_typed;
use crate::estate::fields;
use crate::kit::{FieldValue as _, Form, button, icon_sized, icons};
use crate::{session, t};

/// Where in a price something stands.
#[derive(Clone, Copy)]
enum At {
    Whole,
    Part(usize),
    Season(usize, usize),
}

impl At {
    fn part(self, rate: &mut Rate) -> Option<&mut RatePart> {
        match (self, rate) {
            (Self::Part(part), Rate::Parts(parts)) => parts.get_mut(part),
            (Self::Season(season, part), Rate::Seasons(seasons)) => seasons.get_mut(season)?.parts.get_mut(part),
            _ => None,
        }
    }

    fn tiers(self, rate: &mut Rate) -> Option<&mut Tiers> {
        match (self, rate) {
            (Self::Whole, Rate::Tiered(tiers)) => Some(tiers),
            (at, rate) => match &mut at.part(rate)?.rate {
                SimpleRate::Tiered(tiers) => Some(tiers),
                SimpleRate::Flat(_) => None,
            },
        }
    }

    fn field(self) -> String {
        match self {
            Self::Whole => "rate".to_owned(),
            Self::Part(part) => format!("rate.parts.{part}"),
            Self::Season(season, part) => format!("rate.seasons.{season}.parts.{part}"),
        }
    }

    fn tiers_field(self) -> String {
        match self {
            Self::Whole => "rate.tiered".to_owned(),
            at => format!("{}.rate.tiered", at.field()),
        }
    }
}

/// Two tiers to begin with.
pub(super) fn first_tiers(price: Price) -> Tiers {
    let open = Tier { up_to: None, price, per_person: None };
    let first = Tier { up_to: Some(Quantity::from_scaled(150_000)), ..open };
    Tiers::new(TierScope::Month, vec![first, open])
}

/// One part to begin with.
pub(super) fn first_parts(rate: SimpleRate) -> Vec<RatePart> {
    vec![RatePart { name: t!("charging-rate-part-name", no = 1), of: Counted::Total, rate }]
}

/// Two halves of the year, with the same parts, to begin with.
pub(super) fn first_seasons(parts: &[RatePart]) -> Vec<Season> {
    let season = |no: usize, from, to| Season { name: t!("charging-season-name", no = no), from, to, parts: parts.to_vec() };
    vec![season(1, 5, 10), season(2, 11, 4)]
}

/// What decides which fields tiers have besides their steps.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Terms {
    scope: TierScope,
    by_quota: bool,
    /// For tiers of a part.
    of: Counted,
    usage: TierUsage,
}

/// What has rows of its own; the fields are made anew when it changes.
fn shape(rate: &Rate) -> Vec<Vec<(usize, Option<Terms>)>> {
    let tiers = |tiers: &Tiers, of: Counted| {
        let terms = Terms { scope: tiers.scope, by_quota: tiers.quota.is_some(), of, usage: tiers.usage };
        (tiers.steps.len(), Some(terms))
    };
    let parts = |parts: &[RatePart]| {
        let one = |part: &RatePart| match &part.rate {
            SimpleRate::Flat(_) => (0, None),
            SimpleRate::Tiered(steps) => tiers(steps, part.of),
        };
        parts.iter().map(one).collect::<Vec<_>>()
    };
    match rate {
        Rate::Flat(_) => Vec::new(),
        Rate::Tiered(steps) => vec![vec![tiers(steps, Counted::Total)]],
        Rate::Parts(of) => vec![parts(of)],
        Rate::Seasons(seasons) => seasons.iter().map(|season| parts(&season.parts)).collect(),
    }
}

/// The fields of a price that is more than one figure.
pub(super) fn rate_editor(form: Form<SetPrice>, unit: String, offer: Offer) -> AnyView {
    let shape = Memo::new(move |_| form.draft.with(|draft| shape(&draft.rate)));
    form.custom("rate", t!("charging-tiers"), move |id, changed| {
        let editor = Editor {
            form,
            number_fields: fields::formula_names(),
            changed: Callback::new(move |()| changed()),
            unit: StoredValue::new(unit.clone()),
            offer,
            unread: StoredValue::default(),
            next: StoredValue::new(0),
        };
        let body = move || {
            // Read, not only tracked: a memo that nobody read hears of nothing.
            let _drawn = shape.get();
            editor.unread.update_value(BTreeSet::clear);
            form.unreadable("rate", None);
            editor.body()
        };
        on_cleanup(move || form.unreadable("rate", None));
        view! { <div id=id class="space-y-3">{body}</div> }.into_any()
    })
}

#[derive(Clone, Copy)]
struct Editor {
    form: Form<SetPrice>,
    changed: Callback<()>,
    unit: StoredValue<String>,
    offer: Offer,
    /// The custom number fields that a quota may stand in.
    number_fields: Signal<Vec<String>>,
    /// The numbers of the fields that can't be read now.
    unread: StoredValue<BTreeSet<usize>>,
    next: StoredValue<usize>,
}

impl Editor {
    fn change(self, change: impl FnOnce(&mut Rate)) {
        self.form.draft.update(|draft| change(&mut draft.rate));
        self.changed.run(());
    }

    fn body(self) -> AnyView {
        let rate = self.form.draft.with_untracked(|draft| draft.rate.clone());
        match rate {
            Rate::Flat(_) => ().into_any(),
            Rate::Tiered(tiers) => self.tiers(At::Whole, &tiers),
            Rate::Parts(parts) => self.parts(None, &parts),
            Rate::Seasons(seasons) => self.seasons(&seasons),
        }
    }

    /// What is wrong with a field, as one types.
    fn problem(self, field: String) -> AnyView {
        let text = move || {
            let problems = self.form.draft.with(|draft| draft.rate.problems("rate"));
            problems
                .iter()
                .find(|problem| problem.field == field)
                .map(|problem| common::text::of_field(session::language(), problem))
        };
        view! { <span class="block text-sm text-error" aria-live="polite">{text}</span> }.into_any()
    }

    /// A field of one figure or name; `write` says whether it could be read.
    fn input(
        self,
        label: String,
        value: String,
        class: &'static str,
        write: impl Fn(&mut Rate, &str) -> bool + 'static,
    ) -> AnyView {
        let unread = RwSignal::new(false);
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let typed = move |text: String| {
            self.change(|rate| unread.set(!write(rate, &text)));
            self.unread.update_value(|all| match unread.get_untracked() {
                true => all.extend([number]),
                false => all.retain(|other| *other != number),
            });
            self.form.unreadable("rate", self.unread.with_value(|all| (!all.is_empty()).then_some("not_a_number")));
        };
        view! {
            <input
                class=class
                class:input-error=move || unread.get()
                aria-label=label
                aria-invalid=move || unread.get().to_string()
                value=value
                on:input=move |event| typed(event_target_value(&event))
            />
        }
        .into_any()
    }

    fn seasons(self, seasons: &[Season]) -> AnyView {
        let count = seasons.len();
        let one = |(place, season): (usize, &Season)| {
            let at = move |rate: &mut Rate, change: &dyn Fn(&mut Season)| {
                if let Rate::Seasons(seasons) = rate
                    && let Some(season) = seasons.get_mut(place)
                {
                    change(season);
                }
            };
            let month = move |label: String, now: u8, set: fn(&mut Season, u8)| {
                self.input(label, now.to_string(), "input input-sm num w-14", move |rate, text| {
                    let month = text.trim().parse::<u8>().ok().filter(|month| (1..=12).contains(month));
                    at(rate, &|season| month.into_iter().for_each(|month| set(season, month)));
                    month.is_some()
                })
            };
            let name = self.input(t!("charging-season"), season.name.clone(), "input input-sm w-28", move |rate, text| {
                at(rate, &|season| text.clone_into(&mut season.name));
                true
            });
            let remove = move |rate: &mut Rate| {
                if let Rate::Seasons(seasons) = rate {
                    seasons.remove(place);
                }
            };
            view! {
                <section class="border-t border-line pt-3">
                    <div class="mb-2 flex flex-wrap items-center gap-2">
                        {name}
                        {month(t!("charging-season-from"), season.from, |season, month| season.from = month)}
                        "–"
                        {month(t!("charging-season-to"), season.to, |season, month| season.to = month)}
                        {t!("charging-season-months")}
                        {(count > 2).then(|| self.remove(t!("charging-season-remove"), remove))}
                    </div>
                    {self.problem(format!("rate.seasons.{place}.name"))}
                    {self.parts(Some(place), &season.parts)}
                </section>
            }
        };
        let add = move || {
            self.change(|rate| {
                if let Rate::Seasons(seasons) = rate
                    && let Some(last) = seasons.last().cloned()
                {
                    seasons.push(Season { name: t!("charging-season-name", no = seasons.len() + 1), ..last });
                }
            });
        };
        view! {
            {seasons.iter().enumerate().map(one).collect_view()}
            {self.problem("rate.seasons".to_owned())}
            {(count < PARTS_MOST).then(|| button(icons::PLUS, t!("charging-season-add"), add))}
        }
        .into_any()
    }

    fn remove(self, label: String, remove: impl Fn(&mut Rate) + 'static) -> AnyView {
        view! {
            <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=label on:click=move |_| self.change(&remove)>
                {icon_sized(icons::X, 14, "")}
            </button>
        }
        .into_any()
    }

    fn parts(self, season: Option<usize>, parts: &[RatePart]) -> AnyView {
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
                    parts.push(RatePart { name, of: Counted::Total, rate: SimpleRate::Flat(Price::ZERO) });
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
                    {self.input(t!("charging-price"), price_typed(*price), "input input-sm num w-28", move |rate, text| {
                        let read = Price::read(text).ok();
                        if let (Some(RatePart { rate: SimpleRate::Flat(price), .. }), Some(read)) = (at.part(rate), read) {
                            *price = read;
                        }
                        read.is_some()
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
                        SimpleRate::Tiered(tiers) => SimpleRate::Flat(tiers.steps.first().map_or(Price::ZERO, |step| step.price)),
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

    /// Bounds and prices, how the bounds grow with people, and the year that they are for.
    fn tiers(self, at: At, tiers: &Tiers) -> AnyView {
        let count = tiers.steps.len();
        let last = count.saturating_sub(1);
        let by_quota = tiers.quota.is_some();
        let bound_name = if by_quota { "charging-tier-bound-times" } else { "charging-tier-bound" };
        let step_row = |(place, step): (usize, &Tier)| {
            let figure = move |label: String, now: String, set: fn(&mut Tier, &str) -> bool| {
                self.input(label, now, "input input-sm num w-24 max-sm:w-16", move |rate, text| {
                    at.tiers(rate).and_then(|tiers| tiers.steps.get_mut(place)).is_some_and(|step| set(step, text))
                })
            };
            let bound = figure(t!(bound_name, no = place + 1), optional(step.up_to), |step, text| {
                Quantity::read(text).map(|bound| step.up_to = Some(bound)).is_ok()
            });
            let more = figure(t!("charging-tier-per-person-of", no = place + 1), optional(step.per_person), |step, text| {
                let read = if text.trim().is_empty() { Some(None) } else { Quantity::read(text).ok().map(Some) };
                read.map(|more| step.per_person = more).is_some()
            });
            let price = figure(t!("charging-tier-price", no = place + 1), price_typed(step.price), |step, text| {
                Price::read(text).map(|price| step.price = price).is_ok()
            });
            let remove = move |rate: &mut Rate| {
                if let Some(tiers) = at.tiers(rate) {
                    tiers.steps.remove(place);
                }
            };
            let problem = |name: &str| self.problem(format!("{}.steps.{place}.{name}", at.tiers_field()));
            let (bound, more) = if place == last { (t!("charging-tier-open").into_any(), ().into_any()) } else { (bound, more) };
            let more = (!by_quota).then(|| view! { <td>{more} {problem("per_person")}</td> });
            view! {
                <tr>
                    <td class="whitespace-nowrap">{t!("charging-tier", no = place + 1)}</td>
                    <td>{bound} {problem("up_to")}</td>
                    {more}
                    <td>{price} {problem("price")}</td>
                    <td>{(count > 2 && place < last).then(|| self.remove(t!("charging-tier-remove"), remove))}</td>
                </tr>
            }
        };
        let rows = tiers.steps.iter().enumerate().map(step_row).collect_view();
        let add = move || {
            self.change(|rate| {
                if let Some(tiers) = at.tiers(rate) {
                    let last = tiers.steps.len().saturating_sub(1);
                    let price = tiers.steps.last().map_or(Price::ZERO, |step| step.price);
                    tiers.steps.insert(last, Tier { up_to: Some(Quantity::ZERO), price, per_person: None });
                }
            });
        };
        view! {
            {self.tier_terms(at, tiers)}
            <div class="overflow-x-auto">
            <table class="table max-sm:[&_td]:px-1 max-sm:[&_th]:px-1">
                <thead>
                    <tr>
                        <th scope="col">{t!("charging-tier-no")}</th>
                        <th scope="col">{t!(if by_quota { "charging-tier-times" } else { "charging-tier-up-to" })}</th>
                        {(!by_quota).then(|| view! { <th scope="col">{t!("charging-tier-per-person")}</th> })}
                        <th scope="col">{t!("charging-price")} " " {self.unit.get_value()}</th>
                        <th scope="col"><span class="sr-only">{t!("charging-tier-remove")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            </div>
            {(count < TIERS_MOST).then(|| button(icons::PLUS, t!("charging-tier-add"), add))}
        }
        .into_any()
    }

    /// Whether the bounds are quantities, or multiples of what stands in a field of each unit.
    fn bounds_by(self, at: At, quota: Option<String>) -> AnyView {
        let now = quota.clone();
        let choices = move || {
            let mut names = self.number_fields.get();
            // One that was switched off stays what it is.
            names.extend(now.clone().filter(|now| !names.contains(now)));
            let none = names.is_empty().then(|| view! { <option disabled=true>{t!("charging-tier-bounds-none")}</option> });
            let one = |name: String| {
                let chosen = now.as_ref() == Some(&name);
                let said = t!("charging-tier-bounds-quota", field = name);
                view! { <option value=name selected=chosen>{said}</option> }
            };
            let named = names.into_iter().map(one).collect_view();
            view! { {named} {none} }
        };
        let choose = move |name: String| {
            self.change(|rate| {
                if let Some(tiers) = at.tiers(rate) {
                    *tiers = by_quota(tiers, Some(name).filter(|name| !name.is_empty()));
                }
            });
        };
        view! {
            <label class="flex items-center gap-2">
                {t!("charging-tier-bounds")}
                <select class="select select-sm w-56" on:change=move |event| choose(event_target_value(&event))>
                    <option value="" selected=quota.is_none()>{t!("charging-tier-bounds-fixed")}</option>
                    {choices}
                </select>
            </label>
        }
        .into_any()
    }

    fn tier_terms(self, at: At, tiers: &Tiers) -> AnyView {
        let scope = tiers.scope;
        let scopes = words("charging-tier-scope", TierScope::ALL, TierScope::word)
            .into_iter()
            .map(|(value, name)| view! { <option value=value.word() selected=value == scope>{name}</option> })
            .collect_view();
        let choose = move |word: String| {
            let chosen = TierScope::ALL.iter().find(|value| value.word() == word).copied();
            self.change(|rate| {
                if let (Some(tiers), Some(chosen)) = (at.tiers(rate), chosen) {
                    tiers.scope = chosen;
                }
            });
        };
        let year = self.input(
            t!("charging-tier-year-from"),
            tiers.year_from.to_string(),
            "input input-sm num w-14",
            move |rate, text| {
                let month = text.trim().parse::<u8>().ok();
                at.tiers(rate).zip(month).map(|(tiers, month)| tiers.year_from = month).is_some()
            },
        );
        let persons = tiers.persons.map(|persons| persons.to_string()).unwrap_or_default();
        let persons = self.input(t!("charging-tier-persons"), persons, "input input-sm num w-14", move |rate, text| {
            let read = if text.trim().is_empty() { Some(None) } else { text.trim().parse::<u16>().ok().map(Some) };
            at.tiers(rate).zip(read).map(|(tiers, persons)| tiers.persons = persons).is_some()
        });
        let most = tiers.persons_most.map(|most| most.to_string()).unwrap_or_default();
        let most = self.input(t!("charging-tier-persons-most"), most, "input input-sm num w-14", move |rate, text| {
            let read = if text.trim().is_empty() { Some(None) } else { text.trim().parse::<u16>().ok().map(Some) };
            at.tiers(rate).zip(read).map(|(tiers, most)| tiers.persons_most = most).is_some()
        });
        let year = (scope == TierScope::Year)
            .then(|| view! { <label class="flex items-center gap-2">{t!("charging-tier-year-from")} {year}</label> });
        let people = tiers.quota.is_none().then(|| {
            view! {
                <label class="flex items-center gap-2">{t!("charging-tier-persons")} {persons}</label>
                <label class="flex items-center gap-2">{t!("charging-tier-persons-most")} {most}</label>
            }
        });
        view! {
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
                <select class="select select-sm w-32" aria-label=t!("charging-tier-scope") on:change=move |event| choose(event_target_value(&event))>
                    {scopes}
                </select>
                {year}
                {self.bounds_by(at, tiers.quota.clone())}
                {people}
            </div>
            {tiers.quota.is_some().then(|| view! { <p class="text-sm text-ink-2">{t!("charging-tier-quota-help")}</p> })}
            {self.problem(format!("{}.quota", at.tiers_field()))}
            {self.problem(format!("{}.year_from", at.tiers_field()))}
            {self.problem(format!("{}.persons_most", at.tiers_field()))}
            {self.problem(at.tiers_field())}
        }
        .into_any()
    }
}

/// The same tiers by another kind of bounds: the quota itself and a fifth more each, to begin with, without people.
fn by_quota(tiers: &Tiers, quota: Option<String>) -> Tiers {
    let mut steps = tiers.steps.clone();
    if quota.is_some() && tiers.quota.is_none() {
        let (one, fifth) = (Quantity::ONE.scaled(), Quantity::ONE.scaled() / 5);
        for (step, place) in steps.iter_mut().zip(0_i64..) {
            step.up_to = step.up_to.map(|_| Quantity::from_scaled(one + place * fifth));
            step.per_person = None;
        }
    }
    let (persons, persons_most) = if quota.is_some() { (None, None) } else { (tiers.persons, tiers.persons_most) };
    Tiers { steps, quota, persons, persons_most, ..tiers.clone() }
}

fn optional(quantity: Option<Quantity>) -> String {
    quantity.map(|quantity| quantity.to_string()).unwrap_or_default()
}
