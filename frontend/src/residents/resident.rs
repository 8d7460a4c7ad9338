//! A resident's page: contacts, what they hold and held, their vehicles.

use common::estate::field::{CustomField, FieldOf};
use common::id::ResidentId;
use common::permission::Permission;
use common::residents::api::{GetResident, RemoveResident, ResidentView, Reveal, Revealed};
use leptos::prelude::*;

use crate::api::call;
use crate::estate::fields;
use crate::kit::{
    Confirm, Deed, Empty, Header, Reload, State, button, danger_button, empty_view, facts_wide, icons, link_button, load,
    section, state_badge, text_or_dash, toast,
};
use crate::shell::param_id;
use crate::{session, shell, t};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(resident) = param_id::<ResidentId>("resident") else { return shell::not_found() };
    let reload = Reload::new();
    let ask = move || {
        reload.track();
        async move {
            let view = call(GetResident { community: session::community(), resident }).await?;
            Ok((view, fields::ask(FieldOf::Resident).await?))
        }
    };
    load(ask, 8, |(resident, fields)| draw(resident, &fields))
}

fn draw(resident: ResidentView, fields: &[CustomField]) -> AnyView {
    let id = resident.resident;
    let removing = Deed::new();
    let go = crate::kit::go_with_router();
    let name = resident.name.clone();
    let remove = move || {
        let (go, told) = (go.clone(), name.clone());
        Confirm::new(t!("residents-remove-title", name = told), t!("residents-remove-why"), t!("estate-remove")).danger().ask(
            move || {
                removing.run(RemoveResident { community: session::community(), resident: id }, move |_| {
                    toast(t!("estate-removed", unit = told));
                    go("/residents");
                });
            },
        );
    };
    let actions = session::may(Permission::ResidentsWrite).then(|| {
        view! {
            {resident.occupancies.is_empty().then(|| danger_button(icons::TRASH_2, t!("estate-remove"), remove))}
            {link_button(icons::PENCIL, t!("estate-edit"), format!("/residents/{id}/edit"))}
        }
    });
    let present = resident.occupancies.iter().any(|held| held.to_day.is_none_or(|to| to > resident.today));
    let state = if present {
        state_badge(State::Done, t!("residents-present"))
    } else {
        state_badge(State::Void, t!("residents-no-unit"))
    };
    view! {
        {Header::new(resident.name.clone()).beside(state).actions(actions).show()}
        {contacts(&resident, fields)}
        {section(t!("residents-holds"), (), holds(&resident))}
        {section(t!("residents-vehicles"), (), cars(&resident))}
    }
    .into_any()
}

fn contacts(resident: &ResidentView, fields: &[CustomField]) -> AnyView {
    let shown = RwSignal::new(None::<Revealed>);
    let looking = Deed::new();
    let id = resident.resident;
    let secrets = resident.phone_masked.is_some() || resident.id_number_masked.is_some();
    let reveal = (secrets && session::may(Permission::ResidentsReveal)).then(|| {
        view! {
            <div class="ml-auto">
                {move || match shown.get() {
                    Some(_) => button(icons::EYE_OFF, t!("residents-hide"), move || shown.set(None)),
                    None => button(icons::EYE, t!("residents-reveal"), move || {
                        looking.run(Reveal { community: session::community(), resident: id }, move |revealed| shown.set(Some(revealed)));
                    }),
                }}
            </div>
        }
    });
    let (phone, number) = (resident.phone_masked.clone(), resident.id_number_masked.clone());
    let phone = move || match shown.get().and_then(|shown| shown.phone) {
        Some(phone) => {
            let href = format!("tel:{}", phone.as_str());
            view! { <a class="a" href=href>{phone.as_str().to_owned()}</a> }.into_any()
        }
        None => text_or_dash(phone.clone()),
    };
    let number = move || match shown.get().and_then(|shown| shown.id_number) {
        Some(number) => number.as_str().to_owned().into_any(),
        None => text_or_dash(number.clone()),
    };
    let mut list = vec![
        (t!("estate-column-name-any"), resident.name.clone().into_any()),
        (t!("estate-column-gender"), text_or_dash(resident.gender.map(|gender| t!(gender.text_id().as_str())))),
        (t!("estate-column-phone"), phone.into_any()),
        (t!("estate-column-id_number"), number.into_any()),
        (t!("estate-column-remark"), text_or_dash(resident.remark.clone())),
    ];
    list.extend(fields::facts(fields, &resident.custom));
    section(t!("residents-contacts"), reveal, facts_wide(list))
}

fn holds(resident: &ResidentView) -> AnyView {
    if resident.occupancies.is_empty() {
        return empty_view(Empty::new(icons::BUILDING_2, t!("residents-no-unit"), t!("residents-no-unit-why")));
    }
    let today = resident.today;
    let rows = resident
        .occupancies
        .iter()
        .map(|held| {
            let left = held.to_day.is_some_and(|to| to <= today);
            let state = if left {
                state_badge(State::Void, t!("residents-left"))
            } else {
                state_badge(State::Done, t!("residents-present"))
            };
            view! {
                <tr>
                    <td><a class="a" href=format!("/estate/units/{}", held.unit)>{held.label.clone()}</a></td>
                    <td data-label=t!("estate-column-role")>{t!(held.role.text_id().as_str())}</td>
                    <td data-label=t!("residents-from")>{held.from_day.to_string()}</td>
                    <td data-label=t!("residents-to")>{text_or_dash(held.to_day.map(|day| day.to_string()))}</td>
                    <td data-label=t!("estate-column-state")>{state}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="overflow-x-auto max-sm:-mx-4">
            <table class="table list" style="--table-edge:0.75rem">
                <thead>
                    <tr>
                        <th scope="col">{t!("estate-unit")}</th>
                        <th scope="col">{t!("estate-column-role")}</th>
                        <th scope="col">{t!("residents-from")}</th>
                        <th scope="col">{t!("residents-to")}</th>
                        <th scope="col">{t!("estate-column-state")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn cars(resident: &ResidentView) -> AnyView {
    if resident.vehicles.is_empty() {
        return view! { <p class="text-sm text-ink-2">{t!("residents-no-vehicle")}</p> }.into_any();
    }
    let lines = resident
        .vehicles
        .iter()
        .map(|car| {
            let parts: Vec<String> = [&car.brand, &car.colour].into_iter().filter(|part| !part.is_empty()).cloned().collect();
            view! {
                <li class="flex min-h-10 items-center gap-3 border-b border-line text-sm">
                    <span class="font-semibold">{car.plate.clone()}</span>
                    <span class="text-ink-2">{parts.join(" ")}</span>
                    <span>{car.label.clone()}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul>{lines}</ul> }.into_any()
}
