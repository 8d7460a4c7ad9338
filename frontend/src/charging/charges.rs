//! 收费对象: who is charged by what.

use common::charging::api::{ChargeRow, ChargeState, EndCharges, ListCharges, ListFeeItems};
use common::estate::api::GetTree;
use common::estate::kind::UnitKind;
use common::permission::Permission;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{
    Column, Confirm, Deed, Empty, Filter, Header, List, Picked, Query, Reload, danger_button, dash, icons, link_button,
    primary_link, text_or_dash, toast,
};
use crate::{session, t};

/// Everything in force, as the list begins.
pub(super) fn base() -> ListCharges {
    ListCharges {
        community: session::community(),
        fee_item: None,
        tariff: None,
        building: None,
        unit: None,
        search: None,
        state: None,
        page: None,
        size: None,
        sort: None,
    }
}

/// The page.
pub(super) fn page() -> AnyView {
    let may = session::may(Permission::ChargingWrite);
    let (reload, ending) = (Reload::new(), Deed::new());
    let query = Query::here();
    // The tariff that the list is narrowed to is the one that is assigned.
    let assign = move || {
        may.then(|| {
            let tariff = query.one("tariff").map(|tariff| format!("?tariff={tariff}")).unwrap_or_default();
            primary_link(icons::LIST_PLUS, t!("charging-assign"), format!("/charging/charges/assign{tariff}"))
        })
    };
    let list = List::new("charges", base(), |row: &ChargeRow| row.id.to_string())
        .reload(reload)
        .search(t!("charging-charge-search"))
        .filter(Filter::later("tariff", t!("charging-tariff"), || async move {
            let items = call(ListFeeItems { community: session::community() }).await?;
            Ok(items.into_iter().flat_map(|item| item.tariffs).map(|tariff| (tariff.id.to_string(), tariff.name)).collect())
        }))
        .filter(Filter::later("building", t!("estate-column-building"), || async move {
            let tree = call(GetTree { community: session::community() }).await?;
            Ok(tree.buildings.into_iter().map(|building| (building.building.to_string(), building.name)).collect())
        }))
        .filter(Filter::one(
            "state",
            t!("charging-state"),
            ChargeState::ALL.iter().map(|state| (state.word().to_owned(), t!(&format!("charging-state-{state}")))).collect(),
        ))
        .column(
            Column::new("charging-unit-label", |row: &ChargeRow| row.unit_label.clone())
                .link(|row| format!("/estate/units/{}", row.unit))
                .sort("unit"),
        )
        .column(Column::new("charging-unit-kind", |row: &ChargeRow| {
            UnitKind::from_code(&row.unit_kind).map(|kind| t!(&kind.text_id())).unwrap_or_default()
        }))
        .column(Column::new("charging-area", |row: &ChargeRow| text_or_dash(row.billed_area.map(|area| area.to_string()))).num())
        .column(Column::new("charging-fee-item", |row: &ChargeRow| row.fee_item_name.clone()))
        .column(Column::new("charging-tariff", |row: &ChargeRow| row.tariff_name.clone()).sort("tariff"))
        .column(Column::new("charging-from", |row: &ChargeRow| row.from.to_string()).sort("from"))
        .column(Column::new("charging-to", |row: &ChargeRow| match row.to {
            Some(to) => to.pred_opt().unwrap_or(to).to_string().into_any(),
            None => dash(),
        }))
        .export("/api/charging/charges/export.xlsx")
        .empty(move || {
            Empty::new(icons::LIST_CHECKS, t!("charging-charges-none"), t!("charging-charges-none-why")).actions(assign)
        });
    let list = if may {
        list.bulk(move |picked: Picked<ChargeRow>| {
            let one = move || Some(picked.rows()).filter(|rows| rows.len() == 1).and_then(|rows| rows.into_iter().next());
            let make = move || one().map(|row: ChargeRow| link_button(icons::STORE, t!("charging-rent-make"), contract_of(&row)));
            let end = danger_button(icons::CIRCLE_SLASH, t!("charging-end"), move || {
                let charges: Vec<_> = picked.rows().iter().map(|row: &ChargeRow| row.id).collect();
                let to = session::today();
                let ask = EndCharges { community: session::community(), charges, to };
                Confirm::new(
                    t!("charging-end-title", count = ask.charges.len()),
                    t!("charging-end-why", day = to),
                    t!("charging-end"),
                )
                .danger()
                .ask(move || {
                    ending.run(ask, move |done| {
                        picked.clear();
                        reload.now();
                        toast(t!("charging-ended-count", count = done.charges));
                    });
                });
            });
            view! { {make} {end} }
        })
    } else {
        list
    };
    view! {
        {Header::new(t!("charging-charges")).actions(assign).show()}
        {list.show()}
    }
    .into_any()
}

/// Where a charge becomes a contract.
fn contract_of(row: &ChargeRow) -> String {
    let to = row.to.map(|to| format!("&to={to}")).unwrap_or_default();
    format!("/charging/rents/new?charge={}&unit={}&tariff={}&from={}{to}", row.id, row.unit, row.tariff, row.from)
}
