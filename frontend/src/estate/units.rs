//! The list of units.

use common::estate::api::{CountUnits, GetTree, ListUnits, UnitCounts, UnitRow};
use common::estate::field::{CustomField, FieldOf};
use common::estate::{UnitKind, UnitState};
use common::permission::Permission;
use common::residents::api::ImportEstate;
use leptos::prelude::*;

use super::{fields, kind_name, unit_state};
use crate::api::call;
use crate::kit::{
    Column, Empty, Filter, Header, List, Term, View, dash, figure, icons, link_button, load, primary_link, text_or_dash,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let (may_write, may_import) = (session::may(Permission::EstateWrite), session::may_ask::<ImportEstate>());
    let actions = may_write.then(|| {
        view! {
            {may_import.then(|| link_button(icons::UPLOAD, t!("estate-import"), "/estate/import"))}
            {primary_link(icons::PLUS, t!("estate-unit-new"), "/estate/units/new")}
        }
    });
    view! {
        {Header::new(t!("estate-units")).actions(actions).show()}
        {load(|| fields::ask(FieldOf::Unit), 12, move |fields| list(fields, may_import))}
    }
    .into_any()
}

fn list(fields: Vec<CustomField>, may_import: bool) -> AnyView {
    let kinds = UnitKind::ALL.iter().map(|kind| (kind.code().to_owned(), kind_name(*kind))).collect();
    let states = UnitState::ALL.iter().map(|state| (state.code().to_owned(), t!(state.text_id().as_str()))).collect();
    let mut list = List::new("units", ListUnits::of(session::community()), |row: &UnitRow| row.unit.to_string())
        .search(t!("estate-search-units"))
        .filter(Filter::later("building", t!("estate-column-building"), buildings))
        .filter(Filter::one("kind", t!("estate-column-kind"), kinds))
        .filter(Filter::one("state", t!("estate-column-state"), states))
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(kind_name(UnitKind::Residence), "kind=residence"))
        .view(View::new(kind_name(UnitKind::Shop), "kind=shop"))
        .view(View::new(kind_name(UnitKind::Parking), "kind=parking"))
        .column(
            Column::new("estate-unit", |row: &UnitRow| row.label.clone())
                .link(|row| format!("/estate/units/{}", row.unit))
                .sort("code"),
        )
        .column(Column::new("estate-code", |row: &UnitRow| row.code.clone()).spare())
        .column(Column::new("estate-column-kind", |row: &UnitRow| kind_name(row.kind)).sort("kind"))
        .column(Column::new("estate-column-state", |row: &UnitRow| unit_state(row.state)).sort("state"))
        .column(
            Column::new("estate-area", |row: &UnitRow| row.billed_area.map_or_else(dash, |area| area.to_string().into_any()))
                .num()
                .sort("billed_area"),
        )
        .column(Column::new("role-owner", |row: &UnitRow| text_or_dash(row.owner.clone())))
        .column(Column::new("estate-column-phone", |row: &UnitRow| text_or_dash(row.phone_masked.clone())))
        .column(
            Column::new("estate-column-heads", |row: &UnitRow| row.heads.map_or_else(dash, |heads| heads.to_string().into_any()))
                .num()
                .not_on_phone(),
        )
        .column(
            Column::new("estate-column-handed_over", |row: &UnitRow| {
                row.handed_over.map_or_else(dash, |day| day.to_string().into_any())
            })
            .sort("handed_over")
            .not_on_phone(),
        )
        .totals::<CountUnits>(totals)
        .export("/api/estate/units/export.xlsx")
        .empty(move || {
            let empty = Empty::new(icons::BUILDING_2, t!("estate-no-units"), t!("estate-no-units-why"));
            if may_import { empty.actions(primary_link(icons::UPLOAD, t!("estate-import"), "/estate/import")) } else { empty }
        });
    for column in fields::columns(&fields, |row: &UnitRow| &row.custom) {
        list = list.column(column);
    }
    fields::filters(fields).fold(list, List::filter).show()
}

/// The buildings of the community, as a filter's choices.
pub async fn buildings() -> Result<Vec<(String, String)>, common::problem::Problem> {
    let tree = call(GetTree { community: session::community() }).await?;
    Ok(tree.buildings.into_iter().map(|building| (building.building.to_string(), building.name)).collect())
}

fn totals(counts: UnitCounts) -> Vec<Term> {
    let count_of = |states: &[UnitState]| -> u64 {
        counts.states.iter().filter(|row| states.contains(&row.state)).map(|row| row.units).sum()
    };
    let lived_in = count_of(&[UnitState::Occupied, UnitState::Let]);
    vec![
        Term::count("", t!("estate-lived-in"), lived_in),
        Term::count("+", t!("estate-not-lived-in"), counts.units - lived_in),
        Term::count("=", t!("estate-units"), counts.units),
        Term::new("", t!("estate-column-billed_area"), format!("{} {}", figure(counts.billed_area), t!("kit-square-metre"))),
    ]
}
