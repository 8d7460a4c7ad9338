//! Who set or ended prices of a tariff, and when.

use common::charging::api::{ListPriceEvents, PriceDeed, PriceEvent, PriceScope};
use common::id::TariffId;
use leptos::prelude::*;

use super::words::rate_text;
use crate::api::call;
use crate::kit::{Reload, State, cards, load, moment, section, state_badge, text_or_dash};
use crate::{session, t};

/// The section under the prices.
pub(super) fn price_events(tariff: TariffId, reload: Reload) -> AnyView {
    let community = session::community();
    let events = load(
        move || {
            reload.track();
            call(ListPriceEvents { community, tariff })
        },
        4,
        |events: Vec<PriceEvent>| table(events),
    );
    section(t!("charging-price-events"), (), events)
}

fn table(events: Vec<PriceEvent>) -> AnyView {
    if events.is_empty() {
        return view! { <p class="text-sm text-ink-2">{t!("charging-price-events-none")}</p> }.into_any();
    }
    let rows = events
        .into_iter()
        .map(|event| {
            let place = match (event.scope, &event.place) {
                (PriceScope::Floor { floor, .. }, Some(building)) => {
                    format!("{building} {}", t!("charging-floor", floor = floor))
                }
                (_, Some(place)) => place.clone(),
                (_, None) => t!("charging-scope-community"),
            };
            let span = || match event.to {
                Some(to) => t!("kit-range-from-to", from = event.from, to = to.pred_opt().unwrap_or(to)),
                None => t!("kit-range-from", from = event.from),
            };
            let (deed, days) = match event.deed {
                PriceDeed::Set => (state_badge(State::Done, t!("charging-price-event-set")), span()),
                PriceDeed::Resumed => (state_badge(State::Done, t!("charging-price-event-resumed")), span()),
                PriceDeed::Ended if event.to.is_some_and(|to| to <= event.from) => {
                    (state_badge(State::Void, t!("charging-price-event-withdrawn")), t!("kit-range-from", from = event.from))
                }
                PriceDeed::Ended => {
                    let to = event.to.map(|to| to.pred_opt().unwrap_or(to)).unwrap_or(event.from);
                    let badge = state_badge(State::Void, t!("charging-price-event-ended"));
                    (badge, t!("charging-price-event-last", day = to))
                }
            };
            view! {
                <tr>
                    <td class="whitespace-nowrap">{moment(event.at)}</td>
                    <td>{text_or_dash(event.by.clone())}</td>
                    <td>{deed}</td>
                    <td>{place}</td>
                    <td>{rate_text(&event.rate)}</td>
                    <td class="whitespace-nowrap">{days}</td>
                    <td>{text_or_dash(Some(event.reason.clone()).filter(|reason| !reason.is_empty()))}</td>
                </tr>
            }
        })
        .collect_view();
    cards(view! {
        <table class="table">
            <caption class="sr-only">{t!("charging-price-events")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!("charging-price-event-at")}</th>
                    <th scope="col">{t!("charging-price-event-by")}</th>
                    <th scope="col">{t!("charging-price-event-deed")}</th>
                    <th scope="col">{t!("charging-scope")}</th>
                    <th scope="col">{t!("charging-price")}</th>
                    <th scope="col">{t!("charging-in-force")}</th>
                    <th scope="col">{t!("charging-reason")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    })
}
