//! The dialog in which a price is set.

use chrono::Datelike;
use common::billing::what_if::Change;
use common::charging::api::{Earlier, PricePlace, PriceScope, SetPrice, TariffView};
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode};
use common::charging::tier::{Tier, TierScope, Tiers};
use common::estate::api::{ListUnits, UnitRow};
use common::id::{BuildingId, PriceId, UnitId};
use common::period::{Day, Month};
use common::quantity::{Price, Quantity};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::prices::{next_month, place_name};
use super::tariff_form::words;
use super::what_if;
use super::words::{price_text, rate_unit};
use crate::api::call;
use crate::kit::{Ending, FieldValue, Form, Reload, button, dialog, icons, toast};
use crate::{session, t};

/// Opens for a place, with the price it has now where there is one.
#[derive(Clone, Copy)]
pub(super) struct PriceForm {
    open: RwSignal<bool>,
    form: Form<SetPrice>,
    reload: Reload,
    tariff: StoredValue<TariffView>,
    kind: FeeItemKind,
    /// Where a price may be set, from the board.
    pub places: RwSignal<Vec<PricePlace>>,
}

impl PriceForm {
    pub(super) fn new(reload: Reload, tariff: TariffView, kind: FeeItemKind) -> Self {
        let form = Form::new(blank(&tariff, PriceScope::Community, None));
        Self {
            open: RwSignal::new(false),
            form,
            reload,
            tariff: StoredValue::new(tariff),
            kind,
            places: RwSignal::new(Vec::new()),
        }
    }

    pub(super) fn open(self, scope: PriceScope, rate: Option<Rate>) {
        self.form.restart(self.tariff.with_value(|tariff| blank(tariff, scope, rate)));
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, form, reload, tariff, kind, places } = self;
        let title = move || t!("charging-price-set-of", name = tariff.with_value(|tariff| tariff.name.clone()));
        dialog(open, title, move || {
            let (unit, usage) = tariff.with_value(|tariff| (rate_unit(&tariff.rules, kind), tariff.rules.mode == Mode::Usage));
            let kept = vec![(Earlier::Ended, t!("charging-earlier-ended")), (Earlier::Kept, t!("charging-earlier-kept"))];
            let loaded = Memo::new(move |_| places.with(|places| !places.is_empty()));
            let fields = view! {
                // Opened before the board has come, the dialog waits for the places that there are.
                {move || loaded.get().then(|| scope_field(form, places))}
                {rate_field(form, unit, usage)}
                <div class="grid grid-cols-2 gap-5">
                    {form.field("from", t!("charging-from"), |ask| &mut ask.from).show()}
                    {form.field("to", t!("charging-to"), |ask| &mut ask.to).help(t!("charging-to-help")).show()}
                </div>
                {form.radios("earlier", t!("charging-earlier"), |ask| &mut ask.earlier, kept)}
                {form.field("reason", t!("charging-reason"), |ask| &mut ask.reason).placeholder(t!("charging-reason-example")).show()}
            };
            let ending = Ending::new(t!("charging-price-set")).in_dialog().cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("charging-price-saved"));
            };
            view! {
                <div class="mt-3">{form.show(ending, fields, done)}</div>
                <p class="mt-2 text-sm">{try_out(form)}</p>
            }
            .into_any()
        })
    }
}

/// A link to what it would come to, with what is typed.
fn try_out(form: Form<SetPrice>) -> AnyView {
    let address = move || {
        form.draft.with(|draft| {
            let SetPrice { tariff, scope, from, to, .. } = *draft;
            what_if::address(tariff, &[Change::Price { tariff, scope, from, to, rate: Some(draft.rate.clone()) }])
        })
    };
    view! { <a class="a" href=address>{t!("charging-what-if-of-draft")}</a> }.into_any()
}

fn blank(tariff: &TariffView, scope: PriceScope, rate: Option<Rate>) -> SetPrice {
    SetPrice {
        community: session::community(),
        tariff: tariff.id,
        price: PriceId(Uuid::now_v7()),
        scope,
        rate: rate.or_else(|| tariff.rate.clone()).unwrap_or(Rate::Flat(Price::ZERO)),
        from: if tariff.rate.is_some() { next_month(session::today()) } else { first_price_from(session::today()) },
        to: None,
        earlier: Earlier::Ended,
        reason: String::new(),
    }
}

/// A first price is in force from the beginning of last month's year, so that the months until now can be billed.
fn first_price_from(today: Day) -> Day {
    let last = Month::of(today).plus(-1).first_day();
    last.with_ordinal(1).unwrap_or(last)
}

/// Community, building or entrance by a select; floor and unit by what is typed.
fn scope_field(form: Form<SetPrice>, places: RwSignal<Vec<PricePlace>>) -> AnyView {
    let start = form.draft.with_untracked(|draft| draft.scope);
    let buildings: Vec<(BuildingId, String)> = places.with_untracked(|places| {
        let of = |place: &PricePlace| match place.scope {
            PriceScope::Building { building } => Some((building, place.name.clone())),
            _ => None,
        };
        places.iter().filter_map(of).collect()
    });
    let options = places.with_untracked(|places| {
        let name = |place: &PricePlace| match place.building.and_then(|id| buildings.iter().find(|(building, _)| *building == id))
        {
            Some((_, building)) => format!("{building} {}", place_name(place)),
            None => place_name(place),
        };
        places.iter().map(|place| (place.scope, name(place))).collect::<Vec<_>>()
    });
    let narrow = RwSignal::new("");
    let choices = StoredValue::new(options.clone());
    let floor = RwSignal::new(String::new());
    let in_building = RwSignal::new(buildings.first().map(|(building, _)| *building));
    form.custom("scope", t!("charging-scope"), move |id, changed| {
        let lines = options
            .iter()
            .enumerate()
            .map(|(place, (scope, name))| view! { <option value=place.to_string() selected=*scope == start>{name.clone()}</option> })
            .collect_view();
        let for_floor = changed.clone();
        let set_floor = move || {
            if let (Some(building), Ok(floor)) = (in_building.get_untracked(), i16::read(&floor.get_untracked())) {
                form.draft.update(|draft| draft.scope = PriceScope::Floor { building, floor });
                for_floor();
            }
        };
        let set_floor = StoredValue::new_local(set_floor);
        let building_lines =
            buildings.iter().map(|(building, name)| view! { <option value=building.to_string()>{name.clone()}</option> }).collect_view();
        let building_lines = StoredValue::new_local(Some(building_lines));
        view! {
            <select
                id=id
                class="select"
                on:change=move |event| {
                    let value = event_target_value(&event);
                    match value.as_str() {
                        "floor" => narrow.set("floor"),
                        "unit" => narrow.set("unit"),
                        place => {
                            narrow.set("");
                            let scope = place.parse::<usize>().ok().and_then(|place| choices.with_value(|choices| choices.get(place).map(|(scope, _)| *scope)));
                            if let Some(scope) = scope {
                                form.draft.update(|draft| draft.scope = scope);
                                changed();
                            }
                        }
                    }
                }
            >
                {lines}
                <option value="floor">{t!("charging-scope-a-floor")}</option>
                <option value="unit">{t!("charging-scope-a-unit")}</option>
            </select>
            <div class="mt-2 flex gap-2" class:hidden=move || narrow.get() != "floor">
                <select
                    class="select"
                    aria-label=t!("charging-scope-building")
                    on:change=move |event| {
                        in_building.set(event_target_value(&event).parse().ok());
                        set_floor.with_value(|set| set());
                    }
                >
                    {building_lines.try_update_value(Option::take)}
                </select>
                <label class="input w-32">
                    <input
                        inputmode="numeric"
                        aria-label=t!("charging-scope-floor")
                        on:input=move |event| {
                            floor.set(event_target_value(&event));
                            set_floor.with_value(|set| set());
                        }
                    />
                    {t!("charging-floor-unit")}
                </label>
            </div>
            {move || (narrow.get() == "unit").then(|| unit_picker(move |unit| form.draft.update(|draft| draft.scope = PriceScope::Unit { unit })))}
        }
        .into_any()
    })
}

/// Finds a unit by what is typed.
pub(super) fn unit_picker(picked: impl Fn(UnitId) + Clone + Send + Sync + 'static) -> AnyView {
    let found = RwSignal::new(Vec::<UnitRow>::new());
    let chosen = RwSignal::new(None::<UnitId>);
    let look = move |text: String| {
        spawn_local(async move {
            let ask = ListUnits {
                community: session::community(),
                search: Some(text),
                building: None,
                entrance: None,
                kind: None,
                state: None,
                page: None,
                size: Some(8),
                sort: None,
            };
            if let Ok(page) = call(ask).await {
                found.try_set(page.rows);
            }
        });
    };
    view! {
        <div class="mt-2">
            <input type="search" class="input" aria-label=t!("charging-scope-unit") placeholder=t!("charging-unit-search") on:input=move |event| look(event_target_value(&event)) />
            <ul class="mt-1" role="listbox" aria-label=t!("charging-scope-unit")>
                {move || {
                    found
                        .get()
                        .into_iter()
                        .map(|row| {
                            let (id, picked) = (row.unit, picked.clone());
                            view! {
                                <li>
                                    <button
                                        type="button"
                                        role="option"
                                        class="menu-line"
                                        aria-selected=move || (chosen.get() == Some(id)).to_string()
                                        on:click=move |_| {
                                            chosen.set(Some(id));
                                            picked(id);
                                        }
                                    >
                                        <span class="menu-check">{crate::kit::icon_sized(icons::CHECK, 14, "")}</span>
                                        {row.label.clone()}
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </div>
    }
    .into_any()
}

/// One price, or a table of tiers for metered usage.
fn rate_field(form: Form<SetPrice>, unit: String, usage: bool) -> AnyView {
    let tiered = Memo::new(move |_| form.draft.with(|draft| matches!(draft.rate, Rate::Tiered(_))));
    let switch = move |tiers: bool| {
        form.draft.update(|draft| {
            draft.rate = match (&draft.rate, tiers) {
                (Rate::Flat(price), true) => Rate::Tiered(Tiers {
                    scope: TierScope::Month,
                    steps: vec![
                        Tier { up_to: Quantity::new(15.into()), price: *price, per_person: None },
                        Tier { up_to: None, price: *price, per_person: None },
                    ],
                    year_from: 1,
                    persons: None,
                }),
                (Rate::Tiered(tiers), false) => Rate::Flat(tiers.steps.first().map_or(Price::ZERO, |step| step.price)),
                (rate, _) => rate.clone(),
            };
        });
    };
    let unit = StoredValue::new(unit);
    view! {
        {usage
            .then(|| {
                view! {
                    <div class="flex gap-5">
                        <label class="flex min-h-8 items-center gap-2 text-base">
                            <input type="radio" class="radio radio-xs" name="rate" prop:checked=move || !tiered.get() on:change=move |_| switch(false) />
                            {t!("charging-rate-flat")}
                        </label>
                        <label class="flex min-h-8 items-center gap-2 text-base">
                            <input type="radio" class="radio radio-xs" name="rate" prop:checked=move || tiered.get() on:change=move |_| switch(true) />
                            {t!("charging-rate-tiered")}
                        </label>
                    </div>
                }
            })}
        {move || if tiered.get() { tier_table(form, unit.get_value()) } else { flat(form, unit.get_value()) }}
    }
    .into_any()
}

fn flat(form: Form<SetPrice>, unit: String) -> AnyView {
    fn at(ask: &mut SetPrice) -> &mut Price {
        if !matches!(ask.rate, Rate::Flat(_)) {
            ask.rate = Rate::Flat(Price::ZERO);
        }
        match &mut ask.rate {
            Rate::Flat(price) => price,
            // Replaced just above.
            _ => unreachable!(),
        }
    }
    form.field("rate.flat", t!("charging-price"), at).unit(unit).show()
}

/// Bounds and prices; what can't be read keeps its last value until it can.
fn tier_table(form: Form<SetPrice>, unit: String) -> AnyView {
    let steps = Memo::new(move |_| {
        form.draft.with(|draft| match &draft.rate {
            Rate::Tiered(tiers) => tiers.steps.len(),
            _ => 0,
        })
    });
    let change = move |place: usize, change: &dyn Fn(&mut Tier)| {
        form.draft.update(|draft| {
            if let Rate::Tiered(tiers) = &mut draft.rate
                && let Some(step) = tiers.steps.get_mut(place)
            {
                change(step);
            }
        });
    };
    let step_at = move |place: usize| {
        form.draft.with_untracked(|draft| match &draft.rate {
            Rate::Tiered(tiers) => tiers.steps.get(place).copied(),
            _ => None,
        })
    };
    let add = move || {
        form.draft.update(|draft| {
            if let Rate::Tiered(tiers) = &mut draft.rate {
                let last = tiers.steps.len().saturating_sub(1);
                let price = tiers.steps.last().map_or(Price::ZERO, |step| step.price);
                tiers.steps.insert(last, Tier { up_to: Some(Quantity::ZERO), price, per_person: None });
            }
        });
    };
    let remove = move |place: usize| {
        form.draft.update(|draft| {
            if let Rate::Tiered(tiers) = &mut draft.rate
                && place < tiers.steps.len()
            {
                tiers.steps.remove(place);
            }
        });
    };
    form.custom("rate.tiered", t!("charging-tiers"), move |id, changed| {
        let rows = move || {
            let last = steps.get().saturating_sub(1);
            (0..steps.get())
                .map(|place| {
                    let step = step_at(place);
                    let bound = step.and_then(|step| step.up_to).map(|bound| bound.to_string()).unwrap_or_default();
                    let price = step.map(|step| price_text(step.price)).unwrap_or_default();
                    let (for_bound, for_price) = (changed.clone(), changed.clone());
                    view! {
                        <tr>
                            <td class="whitespace-nowrap">{t!("charging-tier", no = place + 1)}</td>
                            <td>
                                {if place == last {
                                    t!("charging-tier-open").into_any()
                                } else {
                                    view! {
                                        <input
                                            class="input input-sm num w-24 max-sm:w-20"
                                            inputmode="decimal"
                                            aria-label=t!("charging-tier-bound", no = place + 1)
                                            value=bound
                                            on:input=move |event| {
                                                if let Ok(bound) = Quantity::read(&event_target_value(&event)) {
                                                    change(place, &|step| step.up_to = Some(bound));
                                                    for_bound();
                                                }
                                            }
                                        />
                                    }
                                        .into_any()
                                }}
                            </td>
                            <td>
                                <input
                                    class="input input-sm num w-28 max-sm:w-20"
                                    inputmode="decimal"
                                    aria-label=t!("charging-tier-price", no = place + 1)
                                    value=price
                                    on:input=move |event| {
                                        if let Ok(price) = Price::read(&event_target_value(&event)) {
                                            change(place, &|step| step.price = price);
                                            for_price();
                                        }
                                    }
                                />
                            </td>
                            <td>
                                {(place != last && last > 1)
                                    .then(|| {
                                        view! {
                                            <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=t!("charging-tier-remove") on:click=move |_| remove(place)>
                                                {crate::kit::icon_sized(icons::X, 14, "")}
                                            </button>
                                        }
                                    })}
                            </td>
                        </tr>
                    }
                })
                .collect_view()
        };
        let scope = form.choice("rate.tiered.scope", t!("charging-tier-scope"), tier_scope, words("charging-tier-scope", TierScope::ALL, TierScope::word));
        view! {
            <div class="mb-3">{scope}</div>
            <table class="table" id=id>
                <thead>
                    <tr>
                        <th scope="col">{t!("charging-tier-no")}</th>
                        <th scope="col">{t!("charging-tier-up-to")}</th>
                        <th scope="col">{t!("charging-price")} " " {unit}</th>
                        <th scope="col"><span class="sr-only">{t!("charging-tier-remove")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <div class="mt-2">{button(icons::PLUS, t!("charging-tier-add"), add)}</div>
        }
        .into_any()
    })
}

/// Where the scope of the tiers stands; a price that is no longer tiered has one that nobody sees.
fn tier_scope(ask: &mut SetPrice) -> &mut TierScope {
    if !matches!(ask.rate, Rate::Tiered(_)) {
        ask.rate = Rate::Tiered(Tiers { scope: TierScope::Month, steps: Vec::new(), year_from: 1, persons: None });
    }
    match &mut ask.rate {
        Rate::Tiered(tiers) => &mut tiers.scope,
        // Replaced just above.
        _ => unreachable!(),
    }
}
