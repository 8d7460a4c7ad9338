//! What the person chooses: the pool, how it is shared out and over whom.

use common::estate::UnitKind;
use common::formula::FormulaPlace;
use common::id::{BuildingId, FeeItemId, MeterId};
use common::metering::api::{MasterLoss, Over, Source};
use common::metering::apportion::{Method, NegativeLoss, Taken};
use common::money::Money;
use common::period::Month;
use common::quantity::Price;
use leptos::prelude::*;

use crate::charging::{FormulaText, formula_editor};
use crate::kit::{FieldValue, radio_keys};
use crate::metering::{method_name, taken_name, utility_name};
use crate::t;

/// What the page starts from.
#[derive(Clone)]
pub(super) struct Start {
    pub(super) losses: Vec<MasterLoss>,
    pub(super) buildings: Vec<(BuildingId, String)>,
    pub(super) fee_items: Vec<(FeeItemId, String)>,
}

/// What the person chose.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) month: Memo<Month>,
    pub(super) meter: RwSignal<Option<MeterId>>,
    pub(super) taken: RwSignal<Taken>,
    pub(super) negative: RwSignal<bool>,
    pub(super) price: RwSignal<String>,
    pub(super) name: RwSignal<String>,
    pub(super) amount: RwSignal<String>,
    pub(super) fee_item: RwSignal<Option<FeeItemId>>,
    pub(super) method: RwSignal<Method>,
    pub(super) formula: RwSignal<String>,
    /// The custom number fields that it may speak of.
    pub(super) fields: Signal<Vec<String>>,
    pub(super) buildings: RwSignal<Vec<BuildingId>>,
    pub(super) kinds: RwSignal<Vec<UnitKind>>,
    pub(super) metered: RwSignal<bool>,
    pub(super) vacant: RwSignal<bool>,
}

impl Choice {
    pub(super) fn over(self) -> Over {
        Over { buildings: self.buildings.get(), kinds: self.kinds.get(), metered: self.metered.get(), vacant: self.vacant.get() }
    }

    pub(super) fn source(self) -> Option<Source> {
        match self.meter.get() {
            Some(meter) => Some(Source::Meter {
                meter,
                taken: self.taken.get(),
                price: Price::read(&self.price.get()).ok()?,
                negative: if self.negative.get() { NegativeLoss::IsZero } else { NegativeLoss::Stops },
            }),
            None => Some(Source::Amount { name: self.name.get(), amount_fen: Money::read(&self.amount.get()).ok()? }),
        }
    }
}

pub(super) fn form(choice: Choice, start: &Start) -> AnyView {
    let masters = start
        .losses
        .iter()
        .map(|loss| {
            let id = loss.meter;
            let word = format!("{} {} {}", loss.place, utility_name(loss.utility), loss.code);
            view! { <option value=id.to_string() selected=move || choice.meter.get() == Some(id)>{word}</option> }
        })
        .collect_view();
    let items = start
        .fee_items
        .iter()
        .map(|(id, name)| {
            let id = *id;
            view! { <option value=id.to_string() selected=move || choice.fee_item.get() == Some(id)>{name.clone()}</option> }
        })
        .collect_view();
    let losses = StoredValue::new(start.losses.clone());
    let pick = move |event| {
        let meter = event_target_value(&event).parse::<MeterId>().ok();
        if let Some(item) =
            losses.with_value(|losses| losses.iter().find(|loss| Some(loss.meter) == meter).map(|loss| loss.fee_item))
        {
            choice.fee_item.set(Some(item));
        }
        if meter.is_none() {
            choice.metered.set(false);
            if choice.method.get_untracked() == Method::Usage {
                choice.method.set(Method::Area);
            }
        }
        choice.meter.set(meter);
    };
    let price_unit = move |meter: MeterId| {
        let measure =
            losses.with_value(|losses| losses.iter().find(|loss| loss.meter == meter).map_or("", |loss| loss.utility.measure()));
        t!("metering-price-unit", unit = measure)
    };
    let of_meter = move || match choice.meter.get() {
        Some(meter) => view! {
            {segments(t!("metering-taken"), choice.taken, Taken::ALL.iter().map(|taken| (*taken, taken_name(*taken))).collect())}
            {typed("apportion-price", t!("metering-price"), choice.price, price_unit(meter), true)}
            {tick(t!("metering-negative-as-zero"), choice.negative)}
        }
        .into_any(),
        None => view! {
            {typed("apportion-name", t!("metering-pool-name"), choice.name, (), false)}
            {typed("apportion-amount", t!("metering-pool-amount"), choice.amount, t!("metering-yuan"), true)}
        }
        .into_any(),
    };
    let methods = move || {
        let list = Method::ALL.iter().filter(|method| **method != Method::Usage || choice.meter.get().is_some());
        segments(t!("metering-method"), choice.method, list.map(|method| (*method, method_name(*method))).collect())
    };
    let formula = move || {
        (choice.method.get() == Method::Formula).then(|| {
            let of = FormulaText {
                place: FormulaPlace::Weight,
                fields: choice.fields,
                text: choice.formula.into(),
                change: Callback::new(move |text| choice.formula.set(text)),
            };
            view! {
                <div>
                    <label class="text-base font-semibold" for="apportion-formula">{t!("metering-weight-formula")}</label>
                    <div class="mt-1">{formula_editor("apportion-formula".to_owned(), of)}</div>
                    <p class="label-xs mt-1">{t!("metering-weight-formula-help")}</p>
                </div>
            }
        })
    };
    let kinds = UnitKind::ALL.iter().map(|kind| (*kind, t!(kind.text_id().as_str()))).collect();
    view! {
        <div class="flex flex-col gap-4">
            <div>
                <label class="text-base font-semibold" for="apportion-meter">{t!("metering-pool")}</label>
                <select id="apportion-meter" class="select mt-1" on:change=pick>
                    {masters}
                    <option value="" selected=move || choice.meter.get().is_none()>{t!("metering-typed-amount")}</option>
                </select>
            </div>
            {of_meter}
            <div>
                <label class="text-base font-semibold" for="apportion-item">{t!("metering-billed-as")}</label>
                <select id="apportion-item" class="select mt-1" on:change=move |event| choice.fee_item.set(event_target_value(&event).parse().ok())>{items}</select>
            </div>
            {methods}
            {formula}
            {ticks(t!("metering-kinds"), choice.kinds, kinds)}
            {ticks(t!("metering-only-buildings"), choice.buildings, start.buildings.clone())}
            <div>
                {move || choice.meter.get().map(|_| tick(t!("metering-only-metered"), choice.metered))}
                {tick(t!("metering-with-vacant"), choice.vacant)}
            </div>
        </div>
    }
    .into_any()
}

/// A choice of a few words, as a row of buttons.
fn segments<V: Copy + PartialEq + Send + Sync + 'static>(label: String, now: RwSignal<V>, choices: Vec<(V, String)>) -> AnyView {
    let buttons = choices
        .into_iter()
        .map(|(value, word)| {
            view! {
                <button type="button" role="radio" aria-checked=move || (now.get() == value).to_string() on:click=move |_| now.set(value)
                    tabindex=move || if now.get() == value { "0" } else { "-1" }
                    class=move || if now.get() == value { "btn btn-sm join-item z-1 border-primary! bg-pick! text-primary!" } else { "btn btn-sm join-item" }>
                    {word}
                </button>
            }
        })
        .collect_view();
    view! { <div><div class="text-base font-semibold">{label.clone()}</div><div class="join mt-1" role="radiogroup" aria-label=label on:keydown=|event| radio_keys(&event)>{buttons}</div></div> }.into_any()
}

fn tick(label: String, now: RwSignal<bool>) -> AnyView {
    view! {
        <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
            <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || now.get() on:change=move |event| now.set(event_target_checked(&event)) />
            {label}
        </label>
    }
    .into_any()
}

/// Ticks of which several may be set.
fn ticks<V: Copy + PartialEq + Send + Sync + 'static>(
    label: String,
    now: RwSignal<Vec<V>>,
    choices: Vec<(V, String)>,
) -> AnyView {
    let lines = choices
        .into_iter()
        .map(|(value, word)| {
            let change = move |_| {
                now.update(|values| match values.iter().position(|known| *known == value) {
                    Some(place) => drop(values.remove(place)),
                    None => values.push(value),
                });
            };
            view! {
                <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                    <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || now.with(|values| values.contains(&value)) on:change=change />
                    {word}
                </label>
            }
        })
        .collect_view();
    view! { <fieldset><legend class="text-base font-semibold">{label}</legend><div class="flex max-h-40 flex-wrap gap-x-5 overflow-y-auto">{lines}</div></fieldset> }.into_any()
}

fn typed(id: &'static str, label: String, now: RwSignal<String>, unit: impl IntoAny, figures: bool) -> AnyView {
    let (class, keys) = if figures { ("text-right", "decimal") } else { ("", "text") };
    view! {
        <div>
            <label class="block text-base font-semibold" for=id>{label}</label>
            <label class="input mt-1 w-64">
                <input id=id class=class inputmode=keys autocomplete="off" prop:value=move || now.get() on:input=move |event| now.set(event_target_value(&event)) />
                <span class="label-xs whitespace-nowrap">{unit.into_any()}</span>
            </label>
        </div>
    }
    .into_any()
}
