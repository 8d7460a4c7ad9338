//! The price that is tried: its figures to be typed over, and the dialog in which tiers, parts and seasons come and go.

use common::charging::api::{FeeItemView, PriceScope, SetPrice, TariffView};
use common::charging::rate::{Rate, RatePart, SimpleRate};
use common::charging::tariff::FeeItemKind;
use common::charging::tier::Tiers;
use common::quantity::{Price, Quantity};
use leptos::prelude::*;

use super::super::offer::Offer;
use super::super::price_form::{blank, rate_field};
use super::super::words::{price_typed, rate_unit};
use crate::kit::{Ending, FieldValue as _, Form, wide_dialog};
use crate::t;

/// The price form's own fields, for one line of the trial at a time.
#[derive(Clone, Copy)]
pub(super) struct RateDialog {
    open: RwSignal<bool>,
    form: Form<SetPrice>,
    tariff: StoredValue<TariffView>,
    fee_item: StoredValue<String>,
    kind: FeeItemKind,
    title: RwSignal<String>,
    taken: StoredValue<Option<Callback<Rate>>>,
}

impl RateDialog {
    pub(super) fn new(tariff: TariffView, item: &FeeItemView) -> Self {
        Self {
            open: RwSignal::new(false),
            form: Form::new(blank(&tariff, PriceScope::Community, None)),
            tariff: StoredValue::new(tariff),
            fee_item: StoredValue::new(item.name.clone()),
            kind: item.kind,
            title: RwSignal::new(String::new()),
            taken: StoredValue::new(None),
        }
    }

    /// The word of what more there is to a price than its figures; none where it is one figure.
    pub(super) fn more(self) -> Option<String> {
        match self.tariff.with_value(|tariff| Offer::of(&tariff.rules)) {
            Offer::Figure => None,
            Offer::Parts => Some(t!("charging-what-if-parts")),
            Offer::Tiers | Offer::Registers => Some(t!("charging-what-if-tiers")),
        }
    }

    /// Opens for a place with what is tried there; `taken` hears what it becomes.
    pub(super) fn open(self, place: String, scope: PriceScope, rate: Rate, taken: impl Fn(Rate) + Send + Sync + 'static) {
        self.form.restart(self.tariff.with_value(|tariff| blank(tariff, scope, Some(rate))));
        self.title.set(place);
        self.taken.set_value(Some(Callback::new(taken)));
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, form, tariff, fee_item, kind, title, taken } = self;
        wide_dialog(
            open,
            move || t!("charging-what-if-tiers-of", place = title.get()),
            move || {
                let (unit, offer) = tariff.with_value(|tariff| (rate_unit(&tariff.rules, kind), Offer::of(&tariff.rules)));
                let take = move |draft: SetPrice| {
                    if let Some(taken) = taken.get_value() {
                        taken.run(draft.rate);
                    }
                    open.set(false);
                };
                let ending = Ending::new(t!("charging-what-if-try")).in_dialog().wide().cancel(move || open.set(false));
                view! { <div class="mt-3">{form.show_taking(ending, rate_field(form, fee_item.get_value(), unit, offer), take)}</div> }.into_any()
            },
        )
    }
}

enum Figure<'a> {
    Price(&'a mut Price),
    Bound(&'a mut Quantity),
}

impl Figure<'_> {
    fn show(&self) -> String {
        match self {
            Self::Price(price) => price_typed(**price),
            Self::Bound(bound) => bound.to_string(),
        }
    }

    fn read(self, text: &str) -> Result<(), &'static str> {
        match self {
            Self::Price(price) => *price = Price::read(text)?,
            Self::Bound(bound) => *bound = Quantity::read(text)?,
        }
        Ok(())
    }
}

/// Every figure with its name, always in the same order.
fn each(rate: &mut Rate, see: &mut dyn FnMut(String, Figure<'_>)) {
    match rate {
        Rate::Flat(price) => see(t!("charging-price"), Figure::Price(price)),
        Rate::Tiered(tiers) => of_tiers("", tiers, see),
        Rate::Parts(parts) => of_parts("", parts, see),
        Rate::Seasons(seasons) => {
            for season in seasons {
                let name = format!("{} ", season.name);
                of_parts(&name, &mut season.parts, see);
            }
        }
    }
}

fn of_parts(before: &str, parts: &mut [RatePart], see: &mut dyn FnMut(String, Figure<'_>)) {
    for part in parts {
        let name = format!("{before}{}", part.name);
        match &mut part.rate {
            SimpleRate::Flat(price) => see(name, Figure::Price(price)),
            SimpleRate::Tiered(tiers) => of_tiers(&format!("{name} "), tiers, see),
        }
    }
}

fn of_tiers(before: &str, tiers: &mut Tiers, see: &mut dyn FnMut(String, Figure<'_>)) {
    let by_quota = tiers.quota.is_some();
    for (place, step) in tiers.steps.iter_mut().enumerate() {
        if let Some(bound) = &mut step.up_to {
            let id = if by_quota { "charging-tier-bound-times" } else { "charging-tier-bound" };
            see(format!("{before}{}", t!(id, no = place + 1)), Figure::Bound(bound));
        }
        see(format!("{before}{}", t!("charging-tier-price", no = place + 1)), Figure::Price(&mut step.price));
    }
}

/// Fields for all figures; `changed` hears of a price that can be read. `name` says whose it is.
pub(super) fn fields(name: &str, start: &Rate, changed: impl Fn(Rate) + Clone + 'static) -> AnyView {
    let mut figures = Vec::new();
    each(&mut start.clone(), &mut |name, figure| figures.push((name, figure.show())));
    let rate = StoredValue::new(start.clone());
    let one = figures.len() == 1;
    let whose = name.to_owned();
    let fields = figures
        .into_iter()
        .enumerate()
        .map(|(place, (label, shown))| {
            let (changed, wrong) = (changed.clone(), RwSignal::new(false));
            let type_over = move |text: String| {
                let mut typed = rate.get_value();
                let mut at = 0;
                let mut read = false;
                each(&mut typed, &mut |_, figure| {
                    if at == place {
                        read = figure.read(&text).is_ok();
                    }
                    at += 1;
                });
                wrong.set(!read);
                if read {
                    rate.set_value(typed.clone());
                    changed(typed);
                }
            };
            let aria = format!("{whose} {label}");
            view! {
                <label class="flex min-h-8 items-center gap-2 text-sm">
                    {(!one).then(|| view! { <span class="grow text-ink-2">{label}</span> })}
                    <input
                        class="input input-sm num w-24"
                        class:input-error=move || wrong.get()
                        inputmode="decimal"
                        aria-label=aria
                        aria-invalid=move || wrong.get().to_string()
                        value=shown
                        on:input=move |event| type_over(event_target_value(&event))
                    />
                </label>
            }
        })
        .collect_view();
    view! { <div class=if one { "" } else { "mt-1 w-full" }>{fields}</div> }.into_any()
}
