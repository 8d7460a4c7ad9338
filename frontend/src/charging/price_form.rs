//! The dialog in which a price is set.

use chrono::Datelike;
use common::billing::what_if::Change;
use common::charging::api::{Earlier, FeeItemView, PricePlace, PriceScope, PriceView, SetPrice, TariffView};
use common::charging::rate::{Rate, SimpleRate};
use common::charging::tariff::FeeItemKind;
use common::estate::api::{ListUnits, UnitRow};
use common::id::{BuildingId, FeeItemId, PriceId, UnitId};
use common::period::{Day, Month};
use common::quantity::Price;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::billed::billed_note;
use super::offer::Offer;
use super::price_home::home_line;
use super::prices::{next_month, place_name};
use super::rate_editor::{first_parts, first_seasons, first_tiers, rate_editor, unfilled, unfilled_fields};
use super::what_if;
use super::words::{rate_text, rate_unit};
use crate::api::call;
use crate::kit::{Confirm, Ending, FieldValue, Form, Reload, icons, toast, wide_dialog};
use crate::{session, t};

/// Opens for a place, with the price it has now where there is one.
#[derive(Clone, Copy)]
pub(super) struct PriceForm {
    open: RwSignal<bool>,
    form: Form<SetPrice>,
    reload: Reload,
    tariff: StoredValue<TariffView>,
    fee_item: FeeItemId,
    fee_item_name: StoredValue<String>,
    kind: FeeItemKind,
    /// Where a price may be set, from the board.
    pub places: RwSignal<Vec<PricePlace>>,
    /// The prices that are there, from the board.
    pub prices: RwSignal<Vec<PriceView>>,
}

impl PriceForm {
    pub(super) fn new(reload: Reload, tariff: TariffView, item: &FeeItemView) -> Self {
        let form = Form::new(blank(&tariff, PriceScope::Community, None));
        Self {
            open: RwSignal::new(false),
            form,
            reload,
            tariff: StoredValue::new(tariff),
            fee_item: item.id,
            fee_item_name: StoredValue::new(item.name.clone()),
            kind: item.kind,
            places: RwSignal::new(Vec::new()),
            prices: RwSignal::new(Vec::new()),
        }
    }

    pub(super) fn open(self, scope: PriceScope, rate: Option<Rate>) {
        self.form.restart(self.tariff.with_value(|tariff| blank(tariff, scope, rate)));
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, form, reload, tariff, fee_item, fee_item_name, kind, places, prices } = self;
        let title = move || t!("charging-price-set-of", name = tariff.with_value(|tariff| tariff.name.clone()));
        wide_dialog(open, title, move || {
            let (unit, offer) = tariff.with_value(|tariff| (rate_unit(&tariff.rules, kind), Offer::of(&tariff.rules)));
            let kept = vec![(Earlier::Ended, t!("charging-earlier-ended")), (Earlier::Kept, t!("charging-earlier-kept"))];
            let loaded = Memo::new(move |_| places.with(|places| !places.is_empty()));
            let fields = view! {
                // Opened before the board has come, the dialog waits for the places that there are.
                {move || loaded.get().then(|| scope_field(form, places))}
                {rate_field(form, fee_item_name.get_value(), unit, offer)}
                <div class="space-y-1">
                    {home_line(form, fee_item, tariff, kind, places)}
                    <p class="text-sm">{try_out(form)}</p>
                </div>
                <div class="grid grid-cols-2 gap-5">
                    {form.field("from", t!("charging-from"), |ask| &mut ask.from).show()}
                    {form.last_day("to", t!("charging-to"), |ask| &mut ask.to).help(t!("charging-to-help")).show()}
                </div>
                {billed_note(form)}
                {form.radios("earlier", t!("charging-earlier"), |ask| &mut ask.earlier, kept)}
                {form.field("reason", t!("charging-reason"), |ask| &mut ask.reason).placeholder(t!("charging-reason-example")).show()}
            };
            let ending = Ending::new(t!("charging-price-set"))
                .in_dialog()
                .wide()
                .ask_first(move || replacing(form, prices))
                .cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("charging-price-saved"));
            };
            view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}

/// Asked before a price takes the place of one that begins on the same day.
fn replacing(form: Form<SetPrice>, prices: RwSignal<Vec<PriceView>>) -> Option<Confirm> {
    form.draft.with_untracked(|draft| {
        let same = |price: &&PriceView| price.scope == draft.scope && price.from == draft.from;
        let replaced = prices.with_untracked(|prices| prices.iter().find(same).map(|price| rate_text(&price.rate)))?;
        (draft.earlier == Earlier::Ended).then(|| {
            let (title, why) =
                (t!("charging-price-replace-title", day = draft.from, price = replaced), t!("charging-price-replace-why"));
            Confirm::new(title, why, t!("charging-price-replace"))
        })
    })
}

/// A link to what it would come to, once its figures are typed.
fn try_out(form: Form<SetPrice>) -> AnyView {
    let address = move || {
        form.draft.with(|draft| {
            let SetPrice { tariff, scope, from, to, .. } = *draft;
            what_if::address(Some(tariff), &[Change::Price { tariff, scope, from, to, rate: Some(draft.rate.clone()) }])
        })
    };
    let typed = Memo::new(move |_| form.draft.with(|draft| unfilled_fields(&draft.rate).is_empty()));
    let link = form.taken_along(address, t!("charging-what-if-of-draft"));
    view! { <span class:hidden=move || !typed.get()>{link}</span> }.into_any()
}

pub(super) fn blank(tariff: &TariffView, scope: PriceScope, rate: Option<Rate>) -> SetPrice {
    SetPrice {
        community: session::community(),
        tariff: tariff.id,
        price: PriceId(Uuid::now_v7()),
        scope,
        rate: rate.or_else(|| tariff.rate.clone()).unwrap_or_else(|| Rate::Flat(unfilled())),
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
                custom: Vec::new(),
                units: Vec::new(),
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

/// One price; or, as far as the tariff takes them, tiers, parts that are added up, or seasons. The first part is called as the fee
/// item is.
pub(super) fn rate_field(form: Form<SetPrice>, fee_item: String, unit: String, offer: Offer) -> AnyView {
    let kind = Memo::new(move |_| form.draft.with(|draft| RateKind::of(&draft.rate)));
    let (unit, fee_item) = (StoredValue::new(unit), StoredValue::new(fee_item));
    // What is still to be typed is asked for at its own field.
    Effect::new(move |before: Option<Vec<String>>| {
        let now = form.draft.with(|draft| unfilled_fields(&draft.rate));
        before.iter().flatten().filter(|field| !now.contains(field)).for_each(|field| form.unreadable(field, None));
        now.iter().for_each(|field| form.unreadable(field, Some("required")));
        now
    });
    let radios = move || {
        let one = |(to, name): (RateKind, &'static str)| {
            let turn = move |_| {
                form.draft.update(|draft| draft.rate = fee_item.with_value(|fee_item| to.made_of(&draft.rate, fee_item)))
            };
            view! {
                <label class="flex min-h-8 items-center gap-2 text-base">
                    <input type="radio" class="radio radio-xs" name="rate" prop:checked=move || kind.get() == to on:change=turn />
                    {t!(if to == RateKind::Parts && offer < Offer::Registers { "charging-rate-parts-named" } else { name })}
                </label>
            }
        };
        RateKind::ALL.into_iter().filter(|(kind, _)| kind.needs() <= offer).map(one).collect_view()
    };
    view! {
        {(offer > Offer::Figure).then(|| view! { <div class="flex flex-wrap gap-x-5">{radios()}</div> })}
        {move || if kind.get() == RateKind::Flat { flat(form, unit.get_value()) } else { rate_editor(form, unit.get_value(), offer) }}
    }
    .into_any()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RateKind {
    Flat,
    Tiered,
    Parts,
    Seasons,
}

impl RateKind {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Flat, "charging-rate-flat"),
        (Self::Tiered, "charging-rate-tiered"),
        (Self::Parts, "charging-rate-parts"),
        (Self::Seasons, "charging-rate-seasons"),
    ];

    fn needs(self) -> Offer {
        match self {
            Self::Flat => Offer::Figure,
            Self::Parts | Self::Seasons => Offer::Parts,
            Self::Tiered => Offer::Tiers,
        }
    }

    fn of(rate: &Rate) -> Self {
        match rate {
            Rate::Flat(_) => Self::Flat,
            Rate::Tiered(_) => Self::Tiered,
            Rate::Parts(_) => Self::Parts,
            Rate::Seasons(_) => Self::Seasons,
        }
    }

    /// A price of this kind that keeps as much of another as it can.
    fn made_of(self, rate: &Rate, fee_item: &str) -> Rate {
        let parts = match rate {
            Rate::Flat(price) => first_parts(fee_item, SimpleRate::Flat(*price)),
            Rate::Tiered(tiers) => first_parts(fee_item, SimpleRate::Tiered(tiers.clone())),
            Rate::Parts(parts) => parts.clone(),
            Rate::Seasons(seasons) => seasons.first().map(|season| season.parts.clone()).unwrap_or_default(),
        };
        let first = parts.first().map(|part| &part.rate);
        let price = match first {
            Some(SimpleRate::Flat(price)) => *price,
            Some(SimpleRate::Tiered(tiers)) => tiers.steps.first().map_or_else(unfilled, |step| step.price),
            None => unfilled(),
        };
        match (self, first) {
            (Self::Flat, _) => Rate::Flat(price),
            (Self::Tiered, Some(SimpleRate::Tiered(tiers))) => Rate::Tiered(tiers.clone()),
            (Self::Tiered, _) => Rate::Tiered(first_tiers(price)),
            (Self::Parts, _) => Rate::Parts(parts),
            (Self::Seasons, _) => Rate::Seasons(first_seasons(&parts)),
        }
    }
}

fn flat(form: Form<SetPrice>, unit: String) -> AnyView {
    fn at(ask: &mut SetPrice) -> &mut Price {
        if !matches!(ask.rate, Rate::Flat(_)) {
            ask.rate = Rate::Flat(unfilled());
        }
        match &mut ask.rate {
            Rate::Flat(price) => price,
            // Replaced just above.
            _ => unreachable!(),
        }
    }
    // What can't be read goes with its field.
    on_cleanup(move || form.unreadable("rate.flat", None));
    form.field_unfilled("rate.flat", t!("charging-price"), at, unfilled()).unit(unit).show()
}
