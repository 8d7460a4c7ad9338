//! Forms: a meter, and one meter each for many units.

use common::charging::api::FeeItemView;
use common::charging::rate::Counted;
use common::charging::tariff::FeeItemKind;
use common::estate::UnitKind;
use common::estate::api::ListUnits;
use common::id::{FeeItemId, MeterId, UnitId};
use common::metering::api::{DefineMeter, DefineMeters, FirstReading, ListMeters, MeterRow, ShowMeter};
use common::metering::{Role, Utility};
use common::quantity::Quantity;
use leptos::prelude::*;
use uuid::Uuid;

use super::{active_fee_items, buildings, list_meters, register_name, role_name, utility_name};
use crate::api::call;
use crate::kit::{Ending, Form, Header, count, go_with_router, load, toast};
use crate::shell::param_id;
use crate::{session, t};

/// What the choices of a form are made of.
#[derive(Clone)]
struct Choices {
    fee_items: Vec<FeeItemView>,
    buildings: Vec<(Option<common::id::BuildingId>, String)>,
    masters: Vec<MeterRow>,
}

async fn choices() -> Result<Choices, common::problem::Problem> {
    let masters = call(ListMeters { role: Some(Role::Master), size: Some(200), ..list_meters() }).await?.rows;
    let buildings = buildings().await?.into_iter().map(|(id, name)| (Some(id), name));
    let buildings = std::iter::once((None, t!("metering-no-building"))).chain(buildings).collect();
    Ok(Choices { fee_items: active_fee_items().await?, buildings, masters })
}

impl Choices {
    fn fee_items(&self) -> Vec<(FeeItemId, String)> {
        self.fee_items.iter().map(|item| (item.id, item.name.clone())).collect()
    }

    /// What a meter of this utility is usually charged as: water as the water fee.
    fn usual(&self, utility: Utility) -> FeeItemId {
        let kind = match utility {
            Utility::Water => FeeItemKind::Water,
            Utility::Electricity => FeeItemKind::Electricity,
            Utility::Gas => FeeItemKind::Gas,
            Utility::Heat => FeeItemKind::Heating,
        };
        let usual = self.fee_items.iter().find(|item| item.kind == kind).or(self.fee_items.first());
        usual.map_or(FeeItemId(Uuid::nil()), |item| item.id)
    }
}

/// Runs when the person chooses another utility, not when the form opens.
fn on_utility(utility: impl Fn() -> Utility + Send + Sync + 'static, changed: impl Fn(Utility) + 'static) {
    Effect::new(move |before: Option<Utility>| {
        let now = utility();
        if before.is_some_and(|before| before != now) {
            changed(now);
        }
        now
    });
}

/// What numbers of meters begin with.
fn prefix_of(utility: Utility) -> &'static str {
    match utility {
        Utility::Water => "SB",
        Utility::Electricity => "DB",
        Utility::Gas => "QB",
        Utility::Heat => "RB",
    }
}

fn masters(masters: &[MeterRow], not: Option<MeterId>) -> Vec<(Option<MeterId>, String)> {
    let own = masters
        .iter()
        .filter(|master| Some(master.id) != not)
        .map(|master| (Some(master.id), format!("{} {} {}", master.code, utility_name(master.utility), master.place)));
    std::iter::once((None, t!("metering-no-parent"))).chain(own).collect()
}

fn registers(of: &[Counted]) -> Vec<(Counted, String)> {
    of.iter().map(|register| (*register, register_name(*register))).collect()
}

/// A new meter.
pub(super) fn new_page() -> AnyView {
    let shown = load(choices, 8, |choices| {
        let start = DefineMeter {
            community: session::community(),
            meter: MeterId(Uuid::now_v7()),
            code: String::new(),
            role: Role::Household,
            utility: Utility::Water,
            place: String::new(),
            register: Counted::Total,
            unit: None,
            building: None,
            parent: None,
            fee_item: choices.usual(Utility::Water),
            multiplier: Quantity::ONE,
            digits: 5,
            first: None,
        };
        form(start, String::new(), &choices, t!("metering-define"))
    });
    view! {
        {Header::new(t!("metering-define")).show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">{shown}</div>
    }
    .into_any()
}

/// Changes a meter.
pub(super) fn edit_page() -> AnyView {
    let Some(meter) = param_id::<MeterId>("meter") else { return crate::shell::not_found() };
    let community = session::community();
    let ask = move || async move {
        let page = call(ShowMeter { community, meter }).await?;
        Ok((page.meter, choices().await?))
    };
    let shown = load(ask, 8, move |(row, choices)| {
        let start = DefineMeter {
            community,
            meter,
            code: row.code.clone(),
            role: row.role,
            utility: row.utility,
            place: row.place.clone(),
            register: row.register,
            unit: row.unit.as_ref().map(|unit| unit.id),
            building: row.building,
            parent: row.parent,
            fee_item: row.fee_item,
            multiplier: row.multiplier,
            digits: row.digits,
            first: None,
        };
        let home = row.unit.map(|unit| unit.label).unwrap_or_default();
        form(start, home, &choices, t!("kit-save"))
    });
    view! {
        {Header::new(t!("metering-edit")).show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">{shown}</div>
    }
    .into_any()
}

fn form(start: DefineMeter, home: String, choices: &Choices, verb: String) -> AnyView {
    let go = go_with_router();
    let id = start.meter;
    let is_new = start.code.is_empty();
    let form = Form::new(start);
    let role = Signal::derive(move || form.draft.with(|ask| ask.role));
    if is_new {
        let known = choices.clone();
        on_utility(
            move || form.draft.with(|ask| ask.utility),
            move |now| form.draft.update(|ask| ask.fee_item = known.usual(now)),
        );
    }
    let home_field = form.custom("unit", t!("metering-unit"), move |id, changed| {
        unit_picker(id, home, move |unit| {
            form.draft.update(|ask| ask.unit = unit);
            changed();
        })
    });
    let building = form.choice("building", t!("metering-building"), |ask| &mut ask.building, choices.buildings.clone());
    let place = form.field("place", t!("metering-place"), |ask| &mut ask.place).placeholder(t!("metering-place-like")).show();
    let fields = view! {
        {form.field("code", t!("metering-code"), |ask| &mut ask.code).focus().show()}
        {form.radios("role", t!("metering-role"), |ask| &mut ask.role, Role::ALL.iter().map(|role| (*role, role_name(*role))).collect())}
        {form.radios("utility", t!("metering-utility"), |ask| &mut ask.utility, Utility::ALL.iter().map(|utility| (*utility, utility_name(*utility))).collect())}
        <div class=move || if role.get() == Role::Household { "" } else { "hidden" }>{home_field}</div>
        <div class=move || if role.get() == Role::Household { "hidden" } else { "flex flex-col gap-4" }>{building} {place}</div>
        {form.choice("parent", t!("metering-parent"), |ask| &mut ask.parent, masters(&choices.masters, Some(id)))}
        {form.choice("fee_item", t!("metering-fee-item"), |ask| &mut ask.fee_item, choices.fee_items())}
        {form.choice("register", t!("metering-register"), |ask| &mut ask.register, registers(Counted::ALL))}
        {form.field("multiplier", t!("metering-multiplier"), |ask| &mut ask.multiplier).help(t!("metering-multiplier-help")).width("w-40").show()}
        {form.field("digits", t!("metering-digits"), |ask| &mut ask.digits).help(t!("metering-digits-help")).width("w-40").show()}
        {is_new.then(|| first_fields(move |first| form.draft.update(|ask| ask.first = first)))}
    };
    form.show(Ending::new(verb).cancel_to("/metering/meters"), fields, move |_| {
        toast(t!("metering-saved"));
        go(&format!("/metering/meters/{id}"));
    })
}

/// The baseline: a value and its day, both or neither.
fn first_fields(set: impl Fn(Option<FirstReading>) + Copy + 'static) -> AnyView {
    let value = RwSignal::new(String::new());
    let day = RwSignal::new(session::today().to_string());
    let put = move || {
        let value = value.with_untracked(|value| value.trim().parse::<Quantity>().ok());
        let day = day.with_untracked(|day| day.parse().ok());
        set(value.zip(day).map(|(value, day)| FirstReading { value, day }));
    };
    view! {
        <fieldset>
            <legend class="text-base font-semibold">{t!("metering-first")}</legend>
            <div class="mt-1 flex flex-wrap items-center gap-2">
                <input class="input w-40 text-right" inputmode="decimal" aria-label=t!("metering-first-value") placeholder=t!("metering-first-value")
                    prop:value=move || value.get()
                    on:input=move |event| { value.set(event_target_value(&event)); put(); } />
                <input type="date" class="input w-44" aria-label=t!("metering-first-day") prop:value=move || day.get()
                    on:change=move |event| { day.set(event_target_value(&event)); put(); } />
            </div>
            <p class="label-xs mt-1">{t!("metering-first-help")}</p>
        </fieldset>
    }
    .into_any()
}

/// A field that finds a unit by its room.
fn unit_picker(id: String, start: String, pick: impl Fn(Option<UnitId>) + 'static) -> AnyView {
    let typed = RwSignal::new(start);
    let community = session::community();
    let found = LocalResource::new(move || {
        let text = typed.get().trim().to_owned();
        async move {
            if text.is_empty() {
                return Vec::new();
            }
            let ask = ListUnits { search: Some(text), size: Some(8), ..ListUnits::of(community) };
            call(ask).await.map(|page| page.rows).unwrap_or_default()
        }
    });
    let list_id = format!("{id}-list");
    let options = move || {
        let rows = found.get().unwrap_or_default();
        rows.into_iter().map(|row| view! { <option value=row.label>{row.code}</option> }).collect_view()
    };
    let pick = StoredValue::new_local(pick);
    let touched = StoredValue::new(false);
    // Whoever types a whole room has chosen it, as soon as the server knows it.
    Effect::new(move || {
        let rows = found.get().unwrap_or_default();
        let text = typed.get_untracked();
        if touched.get_value() {
            let unit = rows.iter().find(|row| row.label == text || row.code == text).map(|row| row.unit);
            pick.with_value(|pick| pick(unit));
        }
    });
    view! {
        <input class="input" id=id list=list_id.clone() autocomplete="off" placeholder=t!("metering-unit-find")
            prop:value=move || typed.get()
            on:input=move |event| {
                touched.set_value(true);
                typed.set(event_target_value(&event));
            } />
        <datalist id=list_id>{options}</datalist>
    }
    .into_any()
}

/// One meter each for many units.
pub(super) fn many_page() -> AnyView {
    let go = go_with_router();
    let shown = load(choices, 8, move |choices| {
        let go = go.clone();
        let form = Form::new(DefineMeters {
            community: session::community(),
            utility: Utility::Water,
            fee_item: choices.usual(Utility::Water),
            parent: None,
            prefix: prefix_of(Utility::Water).to_owned(),
            registers: Vec::new(),
            multiplier: Quantity::ONE,
            digits: 5,
            first: None,
            building: None,
            kinds: vec![UnitKind::Residence],
        });
        let known = choices.clone();
        on_utility(
            move || form.draft.with(|ask| ask.utility),
            move |now| {
                form.draft.update(|ask| {
                    ask.fee_item = known.usual(now);
                    if Utility::ALL.iter().any(|utility| ask.prefix == prefix_of(*utility)) {
                        prefix_of(now).clone_into(&mut ask.prefix);
                    }
                });
            },
        );
        let kinds = UnitKind::ALL.iter().map(|kind| (*kind, t!(kind.text_id().as_str()))).collect();
        let buildings: Vec<_> = choices
            .buildings
            .iter()
            .map(|(id, name)| (*id, if id.is_none() { t!("metering-all-buildings") } else { name.clone() }))
            .collect();
        let fields = view! {
            {form.radios("utility", t!("metering-utility"), |ask| &mut ask.utility, Utility::ALL.iter().map(|utility| (*utility, utility_name(*utility))).collect())}
            {form.choice("building", t!("metering-building"), |ask| &mut ask.building, buildings)}
            {form.ticks("kinds", t!("metering-kinds"), |ask| &mut ask.kinds, kinds)}
            {form.field("prefix", t!("metering-prefix"), |ask| &mut ask.prefix).help(t!("metering-prefix-help")).width("w-40").show()}
            {form.choice("fee_item", t!("metering-fee-item"), |ask| &mut ask.fee_item, choices.fee_items())}
            {form.choice("parent", t!("metering-parent"), |ask| &mut ask.parent, masters(&choices.masters, None))}
            {form.ticks("registers", t!("metering-registers"), |ask| &mut ask.registers, registers(Counted::REGISTERS))}
            <p class="label-xs">{t!("metering-registers-help")}</p>
            {form.field("multiplier", t!("metering-multiplier"), |ask| &mut ask.multiplier).width("w-40").show()}
            {form.field("digits", t!("metering-digits"), |ask| &mut ask.digits).width("w-40").show()}
            {first_fields(move |first| form.draft.update(|ask| ask.first = first))}
        };
        form.show(Ending::new(t!("metering-define-many")).cancel_to("/metering/meters"), fields, move |done| {
            toast(t!("metering-defined", made = count(i64::try_from(done.made).unwrap_or(0)), kept = done.kept));
            go("/metering/meters");
        })
    });
    view! {
        {Header::new(t!("metering-define-many")).show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">
            <p class="mb-4 text-base text-ink-2">{t!("metering-define-many-what")}</p>
            {shown}
        </div>
    }
    .into_any()
}
