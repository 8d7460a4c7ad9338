//! What tiers go by: the time that they are for, and what their bounds are.

use common::charging::tier::{TierScope, Tiers};
use common::estate::api::CountUnits;
use common::quantity::Quantity;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{At, Editor};
use crate::charging::tariff_form::words;
use crate::estate::fields;
use crate::kit::count;
use crate::{session, t};

impl Editor {
    /// Whether the bounds are quantities, or multiples of what stands in a field of each unit.
    fn bounds_by(self, at: At, quota: Option<String>) -> AnyView {
        let now = quota.clone();
        let choices = move || {
            let mut names: Vec<String> =
                self.number_fields.with(|fields| fields.iter().map(|field| field.name.clone()).collect());
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

    /// How many units have no value in the field, with a way to them: their bills could not be made.
    fn blank(self, quota: String) -> AnyView {
        if !session::may_ask::<CountUnits>() {
            return ().into_any();
        }
        let field =
            Memo::new(move |_| self.number_fields.with(|fields| fields.iter().find(|field| field.name == quota).cloned()));
        // Once for each field, however often the terms are drawn and in however many places it is chosen.
        Effect::new(move || {
            let Some(field) = field.get().filter(|field| !self.blanks.with_untracked(|blanks| blanks.contains_key(&field.field)))
            else {
                return;
            };
            self.blanks.update(|blanks| {
                blanks.insert(field.field, None);
            });
            spawn_local(async move {
                let units = fields::blank_units(&field).await.ok();
                self.blanks.try_update(|blanks| match units {
                    Some(units) => blanks.insert(field.field, Some(units)),
                    // To be asked for again when it is chosen again.
                    None => blanks.remove(&field.field),
                });
            });
        });
        let said = move || {
            let field = field.get()?;
            let units = self.blanks.with(|blanks| blanks.get(&field.field).copied()).flatten().filter(|units| *units > 0)?;
            let href = format!("/estate/units?custom={}:", field.field);
            Some(view! {
                <a class="a" href=href target="_blank">{t!("charging-tier-quota-blank", field = field.name, count = count(units))}</a>
            })
        };
        view! { <span aria-live="polite">{said}</span> }.into_any()
    }

    pub(super) fn tier_terms(self, at: At, tiers: &Tiers) -> AnyView {
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
            {tiers.quota.clone().map(|quota| {
                view! {
                    <div class="flex flex-wrap gap-x-2 text-sm text-ink-2">
                        <p>{t!("charging-tier-quota-help")}</p>
                        {self.blank(quota)}
                    </div>
                }
            })}
            {self.problem(format!("{}.quota", at.tiers_field()))}
            {self.problem(format!("{}.year_from", at.tiers_field()))}
            {self.problem(format!("{}.persons_most", at.tiers_field()))}
            {self.problem(at.tiers_field())}
            {self.oddity(at.tiers_field())}
        }
        .into_any()
    }

    /// What is likely to be a slip, as one types.
    fn oddity(self, field: String) -> AnyView {
        let text = move || {
            let odd = self.form.draft.with(|draft| draft.rate.oddities("rate"));
            odd.iter().find(|odd| odd.field == field).map(|odd| common::text::of_field(session::language(), odd))
        };
        view! { <span class="block text-sm text-warning" aria-live="polite">{text}</span> }.into_any()
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
