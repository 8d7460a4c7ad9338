//! A unit's page: everything about it.

use common::billing::api::{BillRow, ListBills};
use common::estate::api::{GetUnit, RemoveUnit, UnitView};
use common::estate::field::{CustomField, FieldOf};
use common::id::UnitId;
use common::permission::Permission;
use leptos::prelude::*;

use super::{fields, kind_name, unit_heads, unit_people, unit_state};
use crate::api::call;
use crate::kit::{
    Column, Confirm, Deed, Empty, Figure, Header, List, Look, Reload, Tab, count, dash, facts_wide, figure_strip, icon, icons,
    link_button, load, menu, menu_deed, money, section, tabs, text_or_dash, toast,
};
use crate::shell::param_id;
use crate::{cashier, metering, session, shell, t};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(unit) = param_id::<UnitId>("unit") else { return shell::not_found() };
    let reload = Reload::new();
    let ask = move || {
        reload.track();
        async move {
            let view = call(GetUnit { community: session::community(), unit }).await?;
            Ok((view, fields::ask(FieldOf::Unit).await?))
        }
    };
    load(ask, 8, move |(view, fields)| draw(view, fields, reload))
}

fn draw(unit: UnitView, fields: Vec<CustomField>, reload: Reload) -> AnyView {
    let present = unit.occupancies.iter().filter(|held| held.to_day.is_none_or(|to| to > unit.today)).count();
    let header = Header::new(unit.label.clone()).beside(unit_state(unit.state)).actions(actions(&unit)).show();
    let figures = figure_strip(figures(&unit));
    let id = unit.unit;
    let mut panels = vec![
        Tab::new("facts", t!("estate-overview"), {
            let unit = unit.clone();
            move || {
                view! { {overview(&unit, &fields)} {cashier::held_of_unit(unit.unit)} {unit_heads::panel(&unit, reload)} }
                    .into_any()
            }
        }),
        Tab::new("people", t!("residents-people"), {
            let unit = unit.clone();
            move || unit_people::panel(&unit, reload)
        })
        .count(i64::try_from(present).unwrap_or(0)),
    ];
    if session::may(Permission::BillingRead) {
        panels.push(Tab::new("bills", t!("estate-bills"), move || bills(id)));
    }
    if session::may(Permission::MeteringRead) {
        panels.push(Tab::new("meters", t!("estate-meters"), move || metering::of_unit(id)));
    }
    view! {
        {header}
        {figures}
        {tabs(unit.label.clone(), panels)}
    }
    .into_any()
}

fn actions(unit: &UnitView) -> AnyView {
    let (id, label) = (unit.unit, unit.label.clone());
    let desk = session::may(Permission::CashierRead)
        .then(|| link_button(icons::WALLET, t!("estate-collect"), format!("/cashier?unit={id}")));
    let raise = session::may(Permission::BillingRaise)
        .then(|| link_button(icons::RECEIPT_TEXT, t!("billing-raise"), format!("/billing/bills/raise?unit={id}")));
    let bill = session::may(Permission::BillingGenerate)
        .then(|| link_button(icons::CALCULATOR, t!("billing-bill-unit"), format!("/billing/generate?unit={id}")));
    let assign = session::may(Permission::ChargingWrite)
        .then(|| link_button(icons::TAGS, t!("charging-assign-unit"), format!("/charging/charges/assign?unit={id}")));
    if !session::may(Permission::EstateWrite) {
        return view! { {assign} {bill} {raise} {desk} }.into_any();
    }
    let removing = Deed::new();
    let go = crate::kit::go_with_router();
    let remove = move || {
        let (go, label) = (go.clone(), label.clone());
        Confirm::new(t!("estate-remove-unit-title", unit = label), t!("estate-remove-unit-why"), t!("estate-remove"))
            .danger()
            .ask(move || {
                removing.run(RemoveUnit { community: session::community(), unit: id }, move |_| {
                    toast(t!("estate-removed", unit = label));
                    go("/estate/units");
                });
            });
    };
    let panel = move |_| {
        let remove = remove.clone();
        menu_deed(
            view! { <span class="flex items-center gap-2 text-error">{icon(icons::TRASH_2)} {t!("estate-remove")}</span> },
            remove,
        )
        .into_any()
    };
    view! {
        {assign}
        {bill}
        {raise}
        {desk}
        {link_button(icons::PENCIL, t!("estate-edit"), format!("/estate/units/{id}/edit"))}
        {menu(
            Some(t!("kit-more")),
            Look { button: "btn btn-sm btn-square", panel: "right-0 w-40" },
            icon(icons::ELLIPSIS),
            panel,
        )}
    }
    .into_any()
}

fn figures(unit: &UnitView) -> Vec<Figure> {
    let area = unit.billed_area.map_or_else(dash, |area| {
        view! { {area.to_string()} <span class="text-base text-ink-2">" "{t!("kit-square-metre")}</span> }.into_any()
    });
    let owners: Vec<&str> = unit
        .occupancies
        .iter()
        .filter(|held| {
            held.role == common::residents::Role::Owner
                && held.from_day <= unit.today
                && held.to_day.is_none_or(|to| to > unit.today)
        })
        .map(|held| held.name.as_str())
        .collect();
    vec![
        Figure::new(t!("estate-column-kind"), kind_name(unit.kind).into_any()),
        Figure::new(t!("estate-column-billed_area"), area),
        Figure::new(t!("role-owner"), text_or_dash((!owners.is_empty()).then(|| owners.join(&t!("kit-comma"))))),
        Figure::new(t!("estate-column-heads"), unit.heads.map_or_else(dash, |heads| count(heads).into_any())),
    ]
}

fn overview(unit: &UnitView, fields: &[CustomField]) -> AnyView {
    let text = |text: &Option<String>| text_or_dash(text.clone());
    let area = |area: Option<common::quantity::Quantity>| {
        area.map_or_else(dash, |area| format!("{area} {}", t!("kit-square-metre")).into_any())
    };
    let day = |day: Option<common::period::Day>| day.map_or_else(dash, |day| day.to_string().into_any());
    let mut list = vec![
        (t!("estate-code"), unit.code.clone().into_any()),
        (t!("estate-column-building"), text(&unit.building_name)),
        (t!("estate-column-entrance"), text(&unit.entrance_name)),
        (t!("estate-column-floor"), unit.floor.map_or_else(dash, |floor| floor.to_string().into_any())),
        (t!("estate-column-room"), unit.room.clone().into_any()),
        (t!("estate-column-billed_area"), area(unit.billed_area)),
        (t!("estate-column-inner_area"), area(unit.inner_area)),
        (t!("estate-column-handed_over"), day(unit.handed_over)),
        (t!("estate-column-property_value"), unit.property_value_fen.map_or_else(dash, money)),
    ];
    if unit.kind.has_rooms() {
        list.push((t!("estate-column-layout"), text(&unit.layout)));
        list.push((t!("estate-column-decoration"), text_or_dash(unit.decoration.map(|word| t!(word.text_id().as_str())))));
    }
    use common::estate::kind::Fact;
    for fact in unit.kind.facts() {
        let facts = &unit.facts;
        list.push(match fact {
            Fact::Lift => (
                t!("estate-column-lift"),
                text_or_dash(facts.lift.map(|yes| if yes { t!("estate-yes") } else { t!("estate-no") })),
            ),
            Fact::Business => (t!("estate-column-business"), text(&facts.business)),
            Fact::Rent => (t!("estate-column-rent"), facts.rent_fen.map_or_else(dash, money)),
            Fact::LeaseFrom => (t!("estate-column-lease_from"), day(facts.lease_from)),
            Fact::LeaseTo => (t!("estate-column-lease_to"), day(facts.lease_to)),
            Fact::Place => (t!("estate-column-place"), text(&facts.place)),
            Fact::Right => (t!("estate-column-right"), text_or_dash(facts.right.map(|word| t!(word.text_id().as_str())))),
        });
    }
    list.push((t!("estate-column-remark"), text(&unit.facts.remark)));
    list.extend(fields::facts(fields.iter().filter(|field| field.is_of(unit.kind)), &unit.custom));
    section(t!("estate-facts"), (), facts_wide(list))
}

fn bills(unit: UnitId) -> AnyView {
    let base = ListBills {
        community: session::community(),
        state: None,
        from_month: None,
        to_month: None,
        building: None,
        fee_item: None,
        unit: Some(unit),
        source: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    };
    List::new("unit-bills", base, |row: &BillRow| row.id.to_string())
        .column(
            Column::new("estate-bill-number", |row: &BillRow| row.number.clone())
                .link(|row| format!("/billing/bills/{}", row.id)),
        )
        .column(Column::new("estate-bill-item", |row: &BillRow| row.fee_item_name.clone()))
        .column(Column::new("estate-bill-month", |row: &BillRow| row.month.to_string()))
        .column(Column::new("estate-bill-due", |row: &BillRow| row.due_day.to_string()))
        .column(Column::new("estate-bill-amount", |row: &BillRow| money(row.amount_fen)).num())
        .column(Column::new("estate-bill-open", |row: &BillRow| money(row.open_fen)).num().strong())
        .empty(|| Empty::new(icons::RECEIPT_TEXT, t!("estate-no-bills"), t!("estate-no-bills-why")))
        .show()
}
