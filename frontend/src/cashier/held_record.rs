//! One prepayment or deposit: what was taken, what became of it, what is left.

use common::cashier::HeldKind;
use common::cashier::api::{GiveBack, HeldDeed, HeldEvent, HeldRow, HeldView, ShowHeld};
use common::id::BillId;
use common::permission::Permission;
use leptos::prelude::*;

use super::give_back::GivingBack;
use super::held::only;
use crate::api::call;
use crate::approvals::waits_link;
use crate::kit::{
    Header, Reload, State, Term, cards, equation, facts, icons, link_button, load, moment, money, primary_button, print_button,
    section, state_badge, text_or_dash, with_rail_below,
};
use crate::shell::{not_found, param_id};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(bill) = param_id::<BillId>("bill") else { return not_found() };
    let (reload, community) = (Reload::new(), session::community());
    let giving = GivingBack::new(reload);
    let body = load(
        move || {
            reload.track();
            call(ShowHeld { community, bill })
        },
        12,
        move |view: HeldView| of_holding(&view, giving),
    );
    view! {
        {body}
        {giving.show()}
    }
    .into_any()
}

fn of_holding(view: &HeldView, giving: GivingBack) -> AnyView {
    let row = &view.row;
    let may_give = session::may_ask::<GiveBack>() && row.left_fen.is_positive() && row.waits.is_none();
    let for_giving = row.clone();
    let to_bill = session::may(Permission::BillingRead)
        .then(|| link_button(icons::RECEIPT_TEXT, t!("cashier-held-to-bill"), format!("/billing/bills/{}", row.bill)));
    let actions = view! {
        {print_button()}
        {to_bill}
        {link_button(icons::HAND_COINS, t!("cashier-held-to-unit"), format!("/cashier?unit={}", row.unit))}
        {may_give.then(|| primary_button(icons::UNDO_2, t!("cashier-give-back"), move || giving.ask(&for_giving)))}
    };
    let terms = vec![
        Term::money("", t!("cashier-held-taken"), row.taken_fen),
        Term::money("−", t!("cashier-held-offset"), row.offset_fen),
        Term::money("−", t!("cashier-held-refunded"), row.refunded_fen),
        Term::result(t!("cashier-held-left"), row.left_fen),
    ];
    let title = format!("{} {}", row.unit_label, row.fee_item_name);
    let rail = section(t!("cashier-held-facts"), (), facts(facts_of(row)));
    view! {
        {Header::new(title).beside(standing(row)).actions(actions).show()}
        <section class="border-y border-line px-6 py-4 max-sm:px-4">{equation(terms)}</section>
        {with_rail_below(section(t!("cashier-held-record"), (), record(&view.events)), rail)}
    }
    .into_any()
}

/// Whether anything is left, and that giving it back waits, with the way to the request.
fn standing(row: &HeldRow) -> AnyView {
    let state = match row.left_fen.is_positive() {
        true => state_badge(State::Part, t!("cashier-held-state-held")),
        false => state_badge(State::Done, t!("cashier-held-state-gone")),
    };
    let waits = row.waits.map(|request| view! { {state_badge(State::Wait, t!("cashier-refund-waits"))} {waits_link(request)} });
    view! { {state} {waits} }.into_any()
}

fn facts_of(row: &HeldRow) -> Vec<(String, AnyView)> {
    let unit = match session::may(Permission::EstateRead) {
        true => view! { <a class="a" href=format!("/estate/units/{}", row.unit)>{row.unit_label.clone()}</a> }.into_any(),
        false => row.unit_label.clone().into_any(),
    };
    let mut list = vec![
        (t!("cashier-unit"), unit),
        (t!("cashier-payer"), text_or_dash(row.payer.clone())),
        (t!("cashier-held-kind"), t!(&format!("cashier-held-{}", row.kind)).into_any()),
        (t!("cashier-fee-item"), row.fee_item_name.clone().into_any()),
        (t!("cashier-held-since"), row.since.to_string().into_any()),
        (t!("cashier-bill"), row.bill_number.clone().into_any()),
    ];
    if row.kind == HeldKind::Prepaid {
        let whom = only(row).unwrap_or_else(|| t!("cashier-held-for-all"));
        list.push((t!("cashier-held-for"), whom.into_any()));
    }
    list
}

/// What happened to it, from old to new, with what each left.
fn record(events: &[HeldEvent]) -> AnyView {
    let rows = events.iter().map(event).collect_view();
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("cashier-held-record")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("cashier-the-day")}</th>
                        <th scope="col">{t!("cashier-held-what")}</th>
                        <th scope="col">{t!("cashier-held-paper")}</th>
                        <th scope="col">{t!("cashier-held-by")}</th>
                        <th scope="col" class="num">{t!("cashier-amount")}</th>
                        <th scope="col" class="num">{t!("cashier-held-left")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}

fn event(event: &HeldEvent) -> AnyView {
    let word = t!(&format!("cashier-held-deed-{}", event.deed.word().replace('_', "-")));
    let sign = match event.deed {
        HeldDeed::Taken | HeldDeed::OffsetBack => "+",
        HeldDeed::TakenBack | HeldDeed::Offset | HeldDeed::Refunded => "−",
    };
    view! {
        <tr>
            <td class="whitespace-nowrap" title=moment(event.at)>{event.day.to_string()}</td>
            <td>{word} {event.paid_fee_item_name.clone().map(|item| view! { <span class="ml-2 text-ink-2">{item}</span> })}</td>
            <td>{papers(event)}</td>
            <td>{text_or_dash(event.by_name.clone())}</td>
            <td class="num">{format!("{sign}{}", event.amount_fen)}</td>
            <td class="num font-semibold">{money(event.left_fen)}</td>
        </tr>
    }
    .into_any()
}

/// The receipt, the bill that was paid, the voucher: each a link for who may see it.
fn papers(event: &HeldEvent) -> AnyView {
    let link = |number: &Option<String>, href: Option<String>| {
        number.clone().map(|number| match href {
            Some(href) => view! { <a class="a mr-3 whitespace-nowrap" href=href>{number}</a> }.into_any(),
            None => view! { <span class="mr-3 whitespace-nowrap">{number}</span> }.into_any(),
        })
    };
    let bill = event.paid_bill.filter(|_| session::may(Permission::BillingRead));
    view! {
        {link(&event.receipt_number, event.payment.map(|payment| format!("/cashier/receipt/{payment}")))}
        {link(&event.paid_bill_number, bill.map(|bill| format!("/billing/bills/{bill}")))}
        {link(&event.refund_number, event.refund.map(|refund| format!("/cashier/refunds/{refund}")))}
    }
    .into_any()
}
