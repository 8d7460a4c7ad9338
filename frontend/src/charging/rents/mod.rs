//! 租赁合同: the rent contracts, one of them, and its form with every rent foreseen.

mod fields;
mod form;
mod schedule;
mod view;

use common::charging::api::{EXPIRING_DAYS, ListFeeItems, ListRents, RentRow, RentState};
use common::charging::contract::suits;
use common::charging::rent::{EscalateBy, Escalation};
use common::charging::tariff::{FeeItemKind, TariffRules};
use common::estate::api::GetTree;
use common::permission::Permission;
use common::quantity::Price;
use leptos::prelude::*;
use rust_decimal::Decimal;

use super::words::{price_text, rate_unit};
use crate::api::call;
use crate::kit::{Column, Empty, Filter, Header, List, View, dash, icons, primary_link, text_or_dash};
use crate::{session, t};

pub(super) use form::{edit_page, new_page};
pub(super) use view::page as one_page;

/// The page.
pub(super) fn page() -> AnyView {
    let may = session::may(Permission::ChargingWrite);
    let add = || primary_link(icons::PLUS, t!("charging-rent-add"), "/charging/rents/new");
    let ask = ListRents {
        community: session::community(),
        tariff: None,
        building: None,
        unit: None,
        search: None,
        state: None,
        page: None,
        size: None,
        sort: None,
    };
    let list = List::new("rents", ask, |row: &RentRow| row.charge.to_string())
        .search(t!("charging-rent-search"))
        .view(View::new(state_name(RentState::Current), ""))
        .view(View::new(state_name(RentState::Expiring), "state=expiring"))
        .view(View::new(state_name(RentState::Ended), "state=ended"))
        .filter(Filter::one(
            "state",
            t!("charging-state"),
            RentState::ALL.iter().map(|state| (state.word().to_owned(), state_name(*state))).collect(),
        ))
        .filter(Filter::later("tariff", t!("charging-tariff"), || async move {
            let items = call(ListFeeItems { community: session::community() }).await?;
            let tariffs = items.into_iter().flat_map(|item| item.tariffs).filter(|tariff| suits(&tariff.rules));
            Ok(tariffs.map(|tariff| (tariff.id.to_string(), tariff.name)).collect())
        }))
        .filter(Filter::later("building", t!("estate-column-building"), || async move {
            let tree = call(GetTree { community: session::community() }).await?;
            Ok(tree.buildings.into_iter().map(|building| (building.building.to_string(), building.name)).collect())
        }))
        .column(
            Column::new("charging-unit-label", |row: &RentRow| row.unit_label.clone())
                .link(|row| format!("/charging/rents/{}", row.charge))
                .sort("unit"),
        )
        .column(Column::new("charging-tenant", |row: &RentRow| text_or_dash(row.tenant.clone())))
        .column(Column::new("charging-tariff", |row: &RentRow| row.tariff_name.clone()).sort("tariff"))
        .column(Column::new("charging-rent-begins", |row: &RentRow| row.from.to_string()).sort("from"))
        .column(Column::new("charging-rent-last", last_day).sort("to"))
        .column(Column::new("charging-rent-now", now).num().strong())
        .column(Column::new("charging-rent-next", |row: &RentRow| match row.next {
            Some(step) => t!("charging-rent-note-step", day = step.day, price = price_text(step.price)).into_any(),
            None => dash(),
        }))
        .column(
            Column::new("charging-rent-turnover", |row: &RentRow| {
                text_or_dash(row.rent.turnover.map(|share| percent(share.get())))
            })
            .num(),
        )
        .export("/api/charging/rents/export.xlsx")
        .empty(move || Empty::new(icons::STORE, t!("charging-rents-none"), t!("charging-rents-none-why")).actions(may.then(add)));
    view! {
        {Header::new(t!("charging-rents")).actions(may.then(add)).show()}
        {list.show()}
    }
    .into_any()
}

fn state_name(state: RentState) -> String {
    t!(&format!("charging-rent-state-{state}"), days = EXPIRING_DAYS)
}

/// The last day, and how many are left where they are few.
fn last_day(row: &RentRow) -> AnyView {
    let Some(to) = row.to else { return dash() };
    let left = (to - session::today()).num_days();
    let soon = (1..=i64::from(EXPIRING_DAYS)).contains(&left);
    let class = if soon { "ml-2 whitespace-nowrap text-sm text-warning" } else { "hidden" };
    view! {
        <span class="whitespace-nowrap">{to.pred_opt().unwrap_or(to).to_string()}</span>
        <span class=class>{soon.then(|| t!("charging-rent-days-left", days = left))}</span>
    }
    .into_any()
}

fn now(row: &RentRow) -> AnyView {
    match row.now {
        Some(price) => {
            view! { {price_text(price)} <span class="label-xs ml-1 font-normal">{unit_of(&row.rules)}</span> }.into_any()
        }
        None if row.from > session::today() => {
            view! { <span class="font-normal text-ink-2">{t!("charging-rent-not-yet")}</span> }.into_any()
        }
        None => dash(),
    }
}

/// 元/月, 元/㎡·月.
fn unit_of(rules: &TariffRules) -> String {
    rate_unit(rules, FeeItemKind::Rent)
}

/// A share as people read it: `5%`.
fn percent(share: Decimal) -> String {
    format!("{}%", (share * Decimal::ONE_HUNDRED).normalize())
}

/// What an escalation says.
fn escalation_text(escalation: &Escalation) -> String {
    let (months, rate) = (escalation.every_months, percent(escalation.step.get()));
    match (escalation.by, escalation.compounding) {
        (EscalateBy::Rate, true) => t!("charging-rent-escalates-rate", months = months, step = rate),
        (EscalateBy::Rate, false) => t!("charging-rent-escalates-rate-simple", months = months, step = rate),
        (EscalateBy::Amount, _) => {
            t!("charging-rent-escalates-amount", months = months, step = price_text(escalation.step))
        }
    }
}

/// The usual escalation, to begin with: 5 % a year.
fn usual() -> Escalation {
    Escalation { every_months: 12, by: EscalateBy::Rate, step: Price::from_scaled(5_000_000), compounding: true }
}
