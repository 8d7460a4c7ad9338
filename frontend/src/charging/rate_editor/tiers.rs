//! The steps of tiers: bounds and prices.

use common::charging::rate::Rate;
use common::charging::tier::{TIERS_MOST, Tier, Tiers};
use common::quantity::Quantity;
use leptos::prelude::*;

use super::{At, Editor, unfilled};
use crate::kit::{FieldValue as _, button, icons};
use crate::t;

impl Editor {
    /// Bounds and prices, how the bounds grow with people, and the year that they are for.
    pub(super) fn tiers(self, at: At, tiers: &Tiers) -> AnyView {
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
            let field = format!("{}.steps.{place}.price", at.tiers_field());
            let (label, class) = (t!("charging-tier-price", no = place + 1), "input input-sm num w-24 max-sm:w-16");
            let price = self.price_input(&field, label, step.price, class, move |rate, price| {
                at.tiers(rate).and_then(|tiers| tiers.steps.get_mut(place)).map(|step| step.price = price).is_some()
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
                    tiers.steps.insert(last, Tier { up_to: Some(Quantity::ZERO), price: unfilled(), per_person: None });
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
}

fn optional(quantity: Option<Quantity>) -> String {
    quantity.map(|quantity| quantity.to_string()).unwrap_or_default()
}
