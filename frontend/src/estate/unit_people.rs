//! The people and vehicles of a unit: moving in, moving out, handing over.

use common::cashier::api::{HeldFilter, SumHeld};
use common::estate::api::{UnitOccupancy, UnitView};
use common::id::{OccupancyId, ResidentId, UnitId, VehicleId};
use common::permission::Permission;
use common::residents::Role;
use common::residents::api::{MoveIn, MoveOut, RemoveVehicle, SaveVehicle, TenantsStay, Transfer};
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::call;
use crate::kit::{
    Confirm, Deed, Empty, Ending, Form, Reload, State, button, combobox, dialog, empty_view, icon, icons, primary_button,
    section, state_badge, text_or_dash, toast,
};
use crate::residents::find_residents;
use crate::{session, t};

/// The tab.
pub(super) fn panel(unit: &UnitView, reload: Reload) -> AnyView {
    let (coming, handing, leaving, driving) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let leaver = RwSignal::new(None::<UnitOccupancy>);
    let may = session::may(Permission::ResidentsWrite);
    let actions = may.then(|| {
        let owned = unit.occupancies.iter().any(|held| held.role == Role::Owner);
        view! {
            <div class="ml-auto flex gap-2">
                {owned.then(|| button(icons::REPEAT, t!("residents-transfer"), move || handing.set(true)))}
                {primary_button(icons::USER_PLUS, t!("residents-move-in"), move || coming.set(true))}
            </div>
        }
    });
    let leave = move |held: &UnitOccupancy| {
        leaver.set(Some(held.clone()));
        leaving.set(true);
    };
    let people = if unit.occupancies.is_empty() {
        empty_view(Empty::new(icons::USERS, t!("residents-nobody"), t!("residents-nobody-why")))
    } else {
        table(unit, may, leave)
    };
    let (id, label, today) = (unit.unit, unit.label.clone(), unit.today);
    let new_href = format!("/residents/new?unit={id}");
    let (for_in, for_out, for_transfer, for_car) = (label.clone(), label.clone(), label.clone(), label.clone());
    view! {
        {section(t!("residents-people"), actions, people)}
        {vehicles(unit, may, reload, driving)}
        {dialog(coming, move || t!("residents-move-in-title", unit = for_in), move || {
            let form = Form::new(MoveIn {
                community: session::community(),
                occupancy: OccupancyId(Uuid::now_v7()),
                unit: id,
                resident: None,
                role: Role::Owner,
                from_day: today,
                to_day: None,
            });
            move_in(form, new_href.clone(), coming, reload)
        })}
        {dialog(leaving, move || t!("residents-move-out-title", name = leaver.get().map(|held| held.name).unwrap_or_default(), unit = for_out), move || {
            let Some(held) = leaver.get_untracked() else { return ().into_any() };
            move_out(&held, today, leaving, reload)
        })}
        {dialog(handing, move || t!("residents-transfer-title", unit = for_transfer), move || {
            let form = Form::new(Transfer { community: session::community(), unit: id, day: today, owners: Vec::new(), tenants: TenantsStay::Stay });
            transfer(form, handing, reload)
        })}
        {dialog(driving, move || t!("residents-vehicle-title", unit = for_car), move || vehicle(id, driving, reload))}
    }
    .into_any()
}

fn table(unit: &UnitView, may: bool, leave: impl Fn(&UnitOccupancy) + Copy + 'static) -> AnyView {
    let today = unit.today;
    let rows = unit
        .occupancies
        .iter()
        .map(|held| {
            let state = match held.to_day {
                Some(to) if to <= today => state_badge(State::Void, t!("residents-left")),
                _ if held.from_day > today => state_badge(State::Wait, t!("residents-coming")),
                _ => state_badge(State::Done, t!("residents-present")),
            };
            let act = (may && held.to_day.is_none()).then(|| {
                let held = held.clone();
                view! { <button type="button" class="btn btn-xs" on:click=move |_| leave(&held)>{t!("residents-move-out")}</button> }
            });
            view! {
                <tr>
                    <td><a class="a" href=format!("/residents/{}", held.resident)>{held.name.clone()}</a></td>
                    <td data-label=t!("estate-column-role")>{t!(held.role.text_id().as_str())}</td>
                    <td data-label=t!("estate-column-phone")>{text_or_dash(held.phone_masked.clone())}</td>
                    <td data-label=t!("residents-from")>{held.from_day.to_string()}</td>
                    <td data-label=t!("residents-to")>{text_or_dash(held.to_day.map(|day| day.to_string()))}</td>
                    <td data-label=t!("estate-column-state")>{state}</td>
                    <td class="text-right">{act}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="overflow-x-auto max-sm:-mx-4">
            <table class="table list" style="--table-edge:0.75rem">
                <thead>
                    <tr>
                        <th scope="col">{t!("estate-column-name-any")}</th>
                        <th scope="col">{t!("estate-column-role")}</th>
                        <th scope="col">{t!("estate-column-phone")}</th>
                        <th scope="col">{t!("residents-from")}</th>
                        <th scope="col">{t!("residents-to")}</th>
                        <th scope="col">{t!("estate-column-state")}</th>
                        <th scope="col"><span class="sr-only">{t!("kit-more")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn move_in(form: Form<MoveIn>, new_href: String, open: RwSignal<bool>, reload: Reload) -> AnyView {
    let roles = Role::ALL.iter().map(|role| (*role, t!(role.text_id().as_str()))).collect();
    let fields = view! {
        {form.pick("resident", t!("residents-resident"), |ask| &mut ask.resident, String::new(), find_residents)}
        <p class="-mt-3 text-sm text-ink-2">
            {t!("residents-not-there-yet")} <a class="a" href=new_href>{t!("residents-new")}</a>
        </p>
        {form.radios("role", t!("estate-column-role"), |ask| &mut ask.role, roles)}
        {form.field("from_day", t!("residents-from"), |ask| &mut ask.from_day).width("w-48").show()}
        {form.field("to_day", t!("residents-to"), |ask| &mut ask.to_day).width("w-48").help(t!("residents-to-help")).show()}
    };
    let ending = Ending::new(t!("residents-move-in")).in_dialog().cancel(move || open.set(false));
    form.show(ending, fields, move |_| {
        open.set(false);
        toast(t!("residents-moved-in"));
        reload.now();
    })
}

fn move_out(held: &UnitOccupancy, today: common::period::Day, open: RwSignal<bool>, reload: Reload) -> AnyView {
    let form = Form::new(MoveOut { community: session::community(), occupancy: held.occupancy, to_day: today });
    let fields =
        form.field("to_day", t!("residents-to"), |ask| &mut ask.to_day).width("w-48").help(t!("residents-to-help")).show();
    let ending = Ending::new(t!("residents-move-out")).in_dialog().cancel(move || open.set(false));
    form.show(ending, fields, move |_| {
        open.set(false);
        toast(t!("residents-moved-out"));
        reload.now();
    })
}

fn transfer(form: Form<Transfer>, open: RwSignal<bool>, reload: Reload) -> AnyView {
    let stay = vec![(TenantsStay::Stay, t!("residents-tenants-stay")), (TenantsStay::Leave, t!("residents-tenants-leave"))];
    let unit = form.draft.with_untracked(|ask| ask.unit);
    let fields = view! {
        <p class="text-base text-ink-2">{t!("residents-transfer-why")}</p>
        {still_held(unit)}
        {form.custom("owners", t!("residents-new-owners"), move |id, changed| new_owners(form, id, changed))}
        {form.field("day", t!("residents-transfer-day"), |ask| &mut ask.day).width("w-48").help(t!("residents-transfer-day-help")).show()}
        {form.radios("tenants", t!("role-tenant"), |ask| &mut ask.tenants, stay)}
    };
    let ending = Ending::new(t!("residents-transfer")).in_dialog().cancel(move || open.set(false));
    form.show(ending, fields, move |_| {
        open.set(false);
        toast(t!("residents-transferred"));
        reload.now();
    })
}

/// What the owners so far have paid in and not used: it stays theirs, and is told before somebody else takes over.
fn still_held(unit: UnitId) -> AnyView {
    if !session::may_ask::<SumHeld>() {
        return ().into_any();
    }
    let ask = SumHeld {
        community: session::community(),
        kind: None,
        state: Some(HeldFilter::Held),
        fee_item: None,
        unit: Some(unit),
        from: None,
        to: None,
        search: None,
    };
    let sums = LocalResource::new(move || call(ask.clone()));
    let note = move || {
        let left = sums.get()?.ok()?.left_fen;
        left.is_positive().then(|| {
            view! {
                <p class="flex flex-wrap items-center gap-x-3 rounded-field bg-paper px-3 py-2 text-sm text-warning" role="status">
                    {t!("residents-transfer-held", amount = left)}
                    <a class="a" href=format!("/cashier/held?unit={unit}")>{t!("residents-transfer-held-open")}</a>
                </p>
            }
        })
    };
    note.into_any()
}

/// One field for each new owner; the next appears when asked for.
fn new_owners(form: Form<Transfer>, id: String, changed: std::sync::Arc<dyn Fn() + Send + Sync>) -> AnyView {
    let picked = RwSignal::new(vec![(0_u32, None::<ResidentId>)]);
    let told = move || {
        let owners = picked.with_untracked(|picked| picked.iter().filter_map(|(_, owner)| *owner).collect());
        form.draft.update(|ask| ask.owners = owners);
        changed();
    };
    let line = {
        let told = told.clone();
        move |key: u32| {
            let (told, for_drop) = (told.clone(), told.clone());
            let id = if key == 0 { id.clone() } else { format!("{id}-{key}") };
            let pick = move |owner: Option<ResidentId>| {
                picked.update(|picked| {
                    for (_, held) in picked.iter_mut().filter(|(known, _)| *known == key) {
                        *held = owner;
                    }
                });
                told();
            };
            let drop = move |_| {
                picked.update(|picked| picked.retain(|(known, _)| *known != key));
                for_drop();
            };
            // The first has the label of them all.
            let label = (key > 0).then(|| {
                let of = id.clone();
                view! { <label class="sr-only" for=of>{t!("residents-new-owner", number = key + 1)}</label> }
            });
            view! {
                <div class="mt-1 flex items-center gap-2">
                    {label}
                    <div class="flex-1">{combobox(id, String::new(), t!("residents-search"), find_residents, pick)}</div>
                    {(key > 0).then(|| {
                        let word = t!("estate-remove");
                        view! {
                            <button type="button" class="btn btn-ghost btn-sm btn-square" aria-label=word.clone() title=word on:click=drop>
                                {icon(icons::X)}
                            </button>
                        }
                    })}
                </div>
            }
        }
    };
    let more = move || {
        picked.update(|picked| {
            let next = picked.iter().map(|(key, _)| *key).max().unwrap_or(0) + 1;
            picked.push((next, None));
        });
    };
    view! {
        <For each=move || picked.get() key=|(key, _)| *key children=move |(key, _)| line(key) />
        <div class="mt-2">{button(icons::PLUS, t!("residents-owner-more"), more)}</div>
    }
    .into_any()
}

fn vehicles(unit: &UnitView, may: bool, reload: Reload, driving: RwSignal<bool>) -> AnyView {
    let removing = Deed::new();
    let lines = unit
        .vehicles
        .iter()
        .cloned()
        .map(|car| {
            let remove = may.then(|| {
                let (id, plate) = (car.vehicle, car.plate.clone());
                let deed = move |_| {
                    let told = plate.clone();
                    Confirm::new(t!("residents-remove-vehicle-title", plate = told), t!("residents-remove-vehicle-why"), t!("estate-remove"))
                        .danger()
                        .ask(move || {
                            removing.run(RemoveVehicle { community: session::community(), vehicle: id }, move |_| {
                                toast(t!("estate-removed", unit = told));
                                reload.now();
                            });
                        });
                };
                view! {
                    <button type="button" class="btn btn-ghost btn-xs btn-square ml-auto" aria-label=t!("estate-remove") title=t!("estate-remove") on:click=deed>
                        {icon(icons::X)}
                    </button>
                }
            });
            let parts: Vec<String> = [car.brand, car.colour].into_iter().filter(|part| !part.is_empty()).collect();
            view! {
                <li class="flex min-h-10 items-center gap-3 border-b border-line text-sm">
                    {icon(icons::CAR)} <span class="font-semibold">{car.plate}</span> <span class="text-ink-2">{parts.join(" ")}</span>
                    <span class="text-ink-2">{car.resident_name}</span> {remove}
                </li>
            }
        })
        .collect_view();
    let add = may.then(
        || view! { <div class="ml-auto">{button(icons::PLUS, t!("residents-vehicle-new"), move || driving.set(true))}</div> },
    );
    let body = if unit.vehicles.is_empty() {
        view! { <p class="text-sm text-ink-2">{t!("residents-no-vehicle")}</p> }.into_any()
    } else {
        view! { <ul>{lines}</ul> }.into_any()
    };
    section(t!("residents-vehicles"), add, body)
}

fn vehicle(unit: UnitId, open: RwSignal<bool>, reload: Reload) -> AnyView {
    let form = Form::new(SaveVehicle {
        community: session::community(),
        vehicle: VehicleId(Uuid::now_v7()),
        plate: None,
        brand: String::new(),
        colour: String::new(),
        unit: Some(unit),
        resident: None,
    });
    let fields = view! {
        {form.field("plate", t!("estate-column-plate"), |ask| &mut ask.plate).placeholder("浙A12345").width("w-48").focus().show()}
        {form.field("brand", t!("estate-column-brand"), |ask| &mut ask.brand).show()}
        {form.field("colour", t!("estate-column-colour"), |ask| &mut ask.colour).width("w-48").show()}
        {form.pick("resident", t!("residents-vehicle-owner"), |ask| &mut ask.resident, String::new(), find_residents)}
    };
    let ending = Ending::new(t!("kit-save")).in_dialog().cancel(move || open.set(false));
    form.show(ending, fields, move |_| {
        open.set(false);
        toast(t!("residents-vehicle-saved"));
        reload.now();
    })
}
