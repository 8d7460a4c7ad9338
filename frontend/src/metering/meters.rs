//! The list of meters.

use common::metering::api::MeterRow;
use common::permission::Permission;
use leptos::prelude::*;

use super::{building_choices, figure, figure_or_dash, list_meters, meter_kind, role_name, roles, utilities, whereabouts};
use crate::kit::{
    Column, Empty, Filter, Header, List, State, View, dash, icons, link_button, primary_link, state_badge, text_or_dash,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let may_write = session::may(Permission::MeteringWrite);
    let in_use = vec![("true".to_owned(), t!("metering-in-use")), ("false".to_owned(), t!("metering-taken-out"))];
    let list = List::new("meters", list_meters(), |row: &MeterRow| row.id.to_string())
        .search(t!("metering-search"))
        .filter(Filter::one("utility", t!("metering-utility"), utilities()))
        .filter(Filter::one("role", t!("metering-role"), roles()))
        .filter(Filter::later("building", t!("metering-building"), building_choices))
        .filter(Filter::one("active", t!("metering-state"), in_use))
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(t!("metering-role-household"), "role=household&active=true"))
        .view(View::new(t!("metering-role-public"), "role=public&active=true"))
        .view(View::new(t!("metering-role-master"), "role=master&active=true"))
        .column(
            Column::new("metering-code", |row: &MeterRow| row.code.clone())
                .link(|row| format!("/metering/meters/{}", row.id))
                .sort("code"),
        )
        .column(
            Column::new("metering-whereabouts", |row: &MeterRow| {
                text_or_dash(Some(whereabouts(row.unit.as_ref(), &row.place)).filter(|text| !text.is_empty()))
            })
            .sort("unit"),
        )
        .column(Column::new("metering-utility", |row: &MeterRow| meter_kind(row.utility, row.register)))
        .column(Column::new("metering-role", |row: &MeterRow| role_name(row.role)))
        .column(Column::new("metering-parent", |row: &MeterRow| text_or_dash(row.parent_code.clone())).not_on_phone())
        .column(Column::new("metering-fee-item", |row: &MeterRow| row.fee_item_name.clone()).not_on_phone())
        .column(Column::new("metering-multiplier", |row: &MeterRow| figure(row.multiplier)).num().not_on_phone())
        .column(Column::new("metering-last-day", |row: &MeterRow| {
            row.day.map_or_else(dash, |day| view! { <span class="whitespace-nowrap">{day.to_string()}</span> }.into_any())
        }))
        .column(Column::new("metering-last-value", |row: &MeterRow| figure_or_dash(row.value)).num())
        .column(Column::new("metering-last-usage", |row: &MeterRow| figure_or_dash(row.usage)).num())
        .column(Column::new("metering-state", |row: &MeterRow| match row.active {
            true => state_badge(State::Done, t!("metering-in-use")),
            false => state_badge(State::Void, t!("metering-taken-out")),
        }))
        .export("/api/metering/meters/export.xlsx")
        .empty(move || {
            let empty = Empty::new(icons::GAUGE, t!("metering-meters-none"), t!("metering-meters-none-why"));
            if may_write {
                empty.actions(view! {
                    {link_button(icons::UPLOAD, t!("metering-import-meters"), "/metering/meters/import")}
                    {primary_link(icons::LIST_PLUS, t!("metering-define-many"), "/metering/meters/many")}
                })
            } else {
                empty
            }
        });
    let actions = may_write.then(|| {
        view! {
            {link_button(icons::UPLOAD, t!("metering-import-meters"), "/metering/meters/import")}
            {link_button(icons::LIST_PLUS, t!("metering-define-many"), "/metering/meters/many")}
            {primary_link(icons::PLUS, t!("metering-define"), "/metering/meters/new")}
        }
    });
    view! {
        {Header::new(t!("metering-meters")).actions(actions).show()}
        {list.show()}
    }
    .into_any()
}
