//! A unit's meters, as a tab of its page.

use common::id::UnitId;
use common::metering::api::{ListMeters, MeterRow};
use leptos::prelude::*;

use super::{figure_or_dash, list_meters, meter_kind};
use crate::api::call;
use crate::kit::{Empty, State, dash, empty_view, icons, load, state_badge};
use crate::t;

/// The meters of a unit with their latest readings.
pub fn of_unit(unit: UnitId) -> AnyView {
    load(
        move || call(ListMeters { unit: Some(unit), size: Some(200), ..list_meters() }),
        4,
        |page| {
            if page.rows.is_empty() {
                let empty = Empty::new(icons::GAUGE, t!("metering-unit-none"), t!("metering-unit-none-why"));
                return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
            }
            let rows = page.rows.iter().map(row).collect_view();
            view! {
                <div class="overflow-x-auto">
                    <table class="table" style="--table-edge:1.5rem">
                        <caption class="sr-only">{t!("metering-meters")}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{t!("metering-code")}</th>
                                <th scope="col">{t!("metering-utility")}</th>
                                <th scope="col">{t!("metering-fee-item")}</th>
                                <th scope="col">{t!("metering-last-day")}</th>
                                <th scope="col" class="num">{t!("metering-last-value")}</th>
                                <th scope="col" class="num">{t!("metering-last-usage")}</th>
                                <th scope="col">{t!("metering-state")}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        },
    )
}

fn row(row: &MeterRow) -> impl IntoView + use<> {
    let state = if row.active {
        state_badge(State::Done, t!("metering-in-use"))
    } else {
        state_badge(State::Void, t!("metering-taken-out"))
    };
    view! {
        <tr>
            <td>
                <a class="a whitespace-nowrap" href=format!("/metering/meters/{}", row.id)>{row.code.clone()}</a>
            </td>
            <td>{meter_kind(row.utility, row.register)}</td>
            <td>{row.fee_item_name.clone()}</td>
            <td class="whitespace-nowrap">{row.day.map_or_else(dash, |day| day.to_string().into_any())}</td>
            <td class="num">{figure_or_dash(row.value)}</td>
            <td class="num">{figure_or_dash(row.usage)}</td>
            <td>{state}</td>
        </tr>
    }
}
