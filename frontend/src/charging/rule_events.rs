//! Who made or changed a tariff's rules, and what was changed.

use common::charging::api::{ListRuleEvents, RuleEvent};
use common::charging::rules_text::changes;
use common::charging::tariff::FeeItemKind;
use common::id::TariffId;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{cards, load, moment, section, text_or_dash};
use crate::{session, t};

/// The section under the events of prices.
pub(super) fn rule_events(tariff: TariffId, kind: FeeItemKind) -> AnyView {
    let community = session::community();
    let events = load(move || call(ListRuleEvents { community, tariff }), 2, move |events: Vec<RuleEvent>| table(&events, kind));
    section(t!("charging-rule-events"), (), events)
}

fn table(events: &[RuleEvent], kind: FeeItemKind) -> AnyView {
    if events.is_empty() {
        return view! { <p class="text-sm text-ink-2">{t!("charging-price-events-none")}</p> }.into_any();
    }
    let older = events.iter().skip(1).map(Some).chain([None]);
    let rows = events
        .iter()
        .zip(older)
        .map(|(event, older)| {
            let said = said(event, older, kind).into_iter().map(|one| view! { <li>{one}</li> }).collect_view();
            view! {
                <tr>
                    <td class="whitespace-nowrap">{moment(event.at)}</td>
                    <td class="whitespace-nowrap">{text_or_dash(event.by.clone())}</td>
                    <td><ul class="break-words">{said}</ul></td>
                </tr>
            }
        })
        .collect_view();
    cards(view! {
        <table class="table">
            <caption class="sr-only">{t!("charging-rule-events")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!("charging-price-event-at")}</th>
                    <th scope="col">{t!("charging-price-event-by")}</th>
                    <th scope="col">{t!("charging-rule-event-what")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    })
}

/// What an event changed, a line each.
fn said(event: &RuleEvent, older: Option<&RuleEvent>, kind: FeeItemKind) -> Vec<String> {
    let Some(before) = &event.before else { return vec![t!("charging-rule-event-made")] };
    let renamed = older.filter(|older| older.name != event.name);
    let renamed = renamed.map(|older| t!("charging-rule-event-renamed", name = older.name, after = event.name));
    let changed = changes(session::language(), kind, before, &event.after);
    let changed = changed.into_iter().map(|one| {
        let or_dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        t!("kit-changed", name = one.name, before = or_dash(one.before), after = or_dash(one.after))
    });
    let said: Vec<String> = renamed.into_iter().chain(changed).collect();
    if said.is_empty() { vec![t!("charging-rule-event-nothing")] } else { said }
}
