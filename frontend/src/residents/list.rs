//! The list of residents.

use common::estate::field::{CustomField, FieldOf};
use common::permission::Permission;
use common::residents::Role;
use common::residents::api::{ImportEstate, ListResidents, ResidentRow};
use leptos::prelude::*;

use crate::estate::fields;
use crate::kit::{Column, Empty, Filter, Header, List, View, dash, icons, load, primary_link, text_or_dash};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let may_write = session::may(Permission::ResidentsWrite);
    let actions = may_write.then(|| primary_link(icons::USER_PLUS, t!("residents-new"), "/residents/new"));
    view! {
        {Header::new(t!("residents-residents")).actions(actions).show()}
        {load(|| fields::ask(FieldOf::Resident), 12, list)}
    }
    .into_any()
}

fn list(fields: Vec<CustomField>) -> AnyView {
    let roles = Role::ALL.iter().map(|role| (role.code().to_owned(), t!(role.text_id().as_str()))).collect();
    let mut list = List::new("residents", ListResidents::of(session::community()), |row: &ResidentRow| row.resident.to_string())
        .search(t!("residents-search"))
        .filter(Filter::later("building", t!("estate-column-building"), crate::estate::buildings_for_filter))
        .filter(Filter::one("role", t!("estate-column-role"), roles))
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(t!("role-owner"), "role=owner"))
        .view(View::new(t!("role-tenant"), "role=tenant"))
        .column(
            Column::new("estate-column-name-any", |row: &ResidentRow| row.name.clone())
                .link(|row| format!("/residents/{}", row.resident))
                .sort("name"),
        )
        .column(
            Column::new("estate-column-gender", |row: &ResidentRow| {
                text_or_dash(row.gender.map(|gender| t!(gender.text_id().as_str())))
            })
            .not_on_phone(),
        )
        .column(Column::new("estate-column-phone", |row: &ResidentRow| text_or_dash(row.phone_masked.clone())))
        .column(
            Column::new("estate-column-id_number", |row: &ResidentRow| text_or_dash(row.id_number_masked.clone())).not_on_phone(),
        )
        .column(Column::new("residents-holds", units).wide())
        .export("/api/residents/export.xlsx")
        .empty(move || {
            let empty = Empty::new(icons::USERS, t!("residents-none"), t!("residents-none-why"));
            if session::may_ask::<ImportEstate>() {
                empty.actions(primary_link(icons::UPLOAD, t!("estate-import"), "/estate/import"))
            } else {
                empty
            }
        });
    for column in fields::columns(&fields, |row: &ResidentRow| &row.custom) {
        list = list.column(column);
    }
    fields::filters(fields).fold(list, List::filter).show()
}

fn units(row: &ResidentRow) -> AnyView {
    if row.units.is_empty() {
        return dash();
    }
    row.units
        .iter()
        .map(|held| {
            view! {
                <span class="mr-4 inline-block whitespace-nowrap">
                    <a class="hover:text-primary" href=format!("/estate/units/{}", held.unit)>{held.label.clone()}</a>
                    " "
                    <span class="text-ink-2">{t!(held.role.text_id().as_str())}</span>
                </span>
            }
        })
        .collect_view()
        .into_any()
}
