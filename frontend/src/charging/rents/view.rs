//! One contract: its terms in words, and every rent.

use common::charging::api::{EndRent, RentView, ShowRent};
use common::charging::contract::Contract;
use common::charging::rent::Rent;
use common::id::ChargeId;
use common::permission::Permission;
use common::quantity::Quantity;
use leptos::prelude::*;

use super::super::words::price_text;
use super::schedule::schedule;
use super::{escalation_text, percent, unit_of};
use crate::api::call;
use crate::kit::{
    Ending, Form, Header, Reload, State, danger_button, dash, dialog, facts_wide, icons, link_button, load, moment, section,
    state_badge, text_or_dash, toast,
};
use crate::shell::param_id;
use crate::{session, t};

/// The page.
pub(in crate::charging) fn page() -> AnyView {
    let Some(charge) = param_id::<ChargeId>("charge") else { return crate::shell::not_found() };
    let (community, reload) = (session::community(), Reload::new());
    load(
        move || {
            reload.track();
            call(ShowRent { community, charge })
        },
        10,
        move |view| of(view, reload),
    )
}

fn of(view: RentView, reload: Reload) -> AnyView {
    let (row, today) = (&view.row, session::today());
    let over = row.to.is_some_and(|to| to <= today);
    let state = match (over, row.from > today) {
        (true, _) => state_badge(State::Void, t!("charging-rent-state-ended")),
        (false, true) => state_badge(State::Wait, t!("charging-rent-not-yet")),
        (false, false) => state_badge(State::Done, t!("charging-rent-state-current")),
    };
    let actions = (session::may(Permission::ChargingWrite) && !over).then(|| actions(&view, reload));
    let saved = view.set_by.clone().map(|name| t!("charging-rent-set", name = name, day = moment(view.set_at)));
    let contract = Contract {
        rules: row.rules.clone(),
        rent: row.rent.clone(),
        from: row.from,
        to: row.to,
        kind: view.unit_kind,
        area: view.area,
        handed_over: view.handed_over,
    };
    view! {
        {Header::new(t!("charging-rent-of", unit = row.unit_label)).crumb(t!("charging-rents"), "/charging/rents").beside(state).actions(actions).show()}
        <div class="border-t border-line px-6 py-3 max-sm:px-4">{facts_wide(facts(&view))}</div>
        {section(t!("charging-rent-schedule"), saved.map(|saved| view! { <span class="label-xs">{saved}</span> }), schedule(Some(contract)))}
    }
    .into_any()
}

fn facts(view: &RentView) -> Vec<(String, AnyView)> {
    let (row, unit) = (&view.row, unit_of(&view.row.rules));
    let price = |price| format!("{} {unit}", price_text(price)).into_any();
    let free = row.rent.free.iter().map(|free| t!("charging-rent-free-days", from = free.from, to = free.last_day()));
    let free: Vec<String> = free.collect();
    let unit_link = view! { <a class="a" href=format!("/estate/units/{}", row.unit)>{row.unit_label.clone()}</a> };
    vec![
        (t!("charging-rent-unit"), unit_link.into_any()),
        (t!("charging-tenant"), text_or_dash(row.tenant.clone())),
        (t!("charging-tariff"), format!("{} · {}", row.fee_item_name, row.tariff_name).into_any()),
        (t!("charging-rent-begins"), row.from.to_string().into_any()),
        (t!("charging-rent-last"), text_or_dash(row.to.map(|to| to.pred_opt().unwrap_or(to).to_string()))),
        (t!("charging-rent-first"), price(row.rent.price)),
        (t!("charging-rent-now"), row.now.map_or_else(dash, price)),
        (
            t!("charging-rent-next"),
            text_or_dash(row.next.map(|step| t!("charging-rent-note-step", day = step.day, price = price_text(step.price)))),
        ),
        (t!("charging-rent-free"), text_or_dash((!free.is_empty()).then(|| free.join(&t!("billing-comma"))))),
        (t!("charging-rent-escalation"), text_or_dash(row.rent.escalation.as_ref().map(escalation_text))),
        (t!("charging-rent-turnover"), text_or_dash(row.rent.turnover.map(|share| turnover(&row.rent, share)))),
    ]
}

/// The share, and how it is compared.
fn turnover(rent: &Rent, share: Quantity) -> String {
    let said = [
        t!("charging-rent-turnover-share", share = percent(share.get())),
        t!(&format!("charging-rent-compared-{}", rent.compared)),
        t!(&format!("charging-rent-free-sales-{}", rent.free_sales)),
    ];
    said.join(&t!("billing-comma"))
}

fn actions(view: &RentView, reload: Reload) -> AnyView {
    let (charge, from, label) = (view.row.charge, view.row.from, view.row.unit_label.clone());
    let open = RwSignal::new(false);
    let form = Form::new(EndRent { community: session::community(), charge, to: session::today().max(from) });
    let title = move || t!("charging-rent-end-title", unit = label);
    let ending = dialog(open, title, move || {
        let last = form.custom("to", t!("charging-rent-end-day"), move |id, changed| {
            let shown = move || form.draft.with(|ask| ask.to.pred_opt().unwrap_or(ask.to)).to_string();
            let typed = move |event: leptos::ev::Event| {
                let day = event_target_value(&event).parse::<common::period::Day>().ok();
                if let Some(after) = day.and_then(|day| day.succ_opt()) {
                    form.draft.update(|ask| ask.to = after);
                    changed();
                }
            };
            view! { <input id=id type="date" class="input w-48" prop:value=shown on:change=typed /> }.into_any()
        });
        let ending = Ending::new(t!("charging-rent-end")).danger().in_dialog().cancel(move || open.set(false));
        let done = move |_| {
            open.set(false);
            reload.now();
            toast(t!("charging-rent-ended"));
        };
        let fields = view! { {last} <p class="text-sm text-ink-2">{t!("charging-rent-end-why")}</p> };
        view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
    });
    view! {
        {danger_button(icons::CIRCLE_SLASH, t!("charging-rent-end"), move || open.set(true))}
        {link_button(icons::PENCIL, t!("charging-rent-edit"), format!("/charging/rents/{charge}/edit"))}
        {ending}
    }
    .into_any()
}
