//! A request: what it would change and why, who agreed at which level, and its bill with lines and story.

use common::approvals::api::{
    ApprovalBill, ApprovalChange, ApprovalRow, ApprovalState, ApprovalStep, ApprovalView, GetApproval, Said, Verdict,
    WithdrawApproval,
};
use common::approvals::flow::DeedKind;
use common::billing::api::GetBill;
use common::id::ApprovalId;
use common::permission::Permission;
use leptos::prelude::*;

use super::decide::{Deciding, terms, together, withdraw};
use super::words::{state, title_of};
use crate::api::call;
use crate::kit::{
    Deed, Header, Reload, State, button, cards, danger_button, dash, equation, facts, icons, link_button, load, moment, money,
    primary_button, section, state_badge, text_or_dash, with_rail,
};
use crate::shell::{not_found, param_id};
use crate::{billing, session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(approval) = param_id::<ApprovalId>("approval") else { return not_found() };
    let (reload, community) = (Reload::new(), session::community());
    let (deciding, deed) = (Deciding::new(reload), Deed::new());
    let body = load(
        move || {
            reload.track();
            call(GetApproval { community, approval })
        },
        14,
        move |view: ApprovalView| of_request(&view, deciding, deed, reload),
    );
    view! {
        {body}
        {deciding.show()}
    }
    .into_any()
}

fn of_request(view: &ApprovalView, deciding: Deciding, deed: Deed, reload: Reload) -> AnyView {
    let row = view.approval.clone();
    let (for_refuse, for_agree) = (row.clone(), row.clone());
    let (id, title) = (row.id, title_of(&row));
    let what = title.clone();
    let back = move || {
        let ask = WithdrawApproval { community: session::community(), approval: id, note: String::new() };
        withdraw(ask, what.clone(), deed, reload);
    };
    let actions = view! {
        {view.may_withdraw.then(|| button(icons::UNDO_2, t!("approvals-withdraw"), back))}
        {view.may_decide.then(|| danger_button(icons::CIRCLE_X, t!("approvals-refuse"), move || deciding.ask(&for_refuse, Verdict::Refuse)))}
        {view.may_decide.then(|| primary_button(icons::CHECK, t!("approvals-agree"), move || deciding.ask(&for_agree, Verdict::Agree)))}
    };
    let failed = view.problem.as_ref().map(|problem| {
        let words = t!("approvals-failed", problem = crate::text::of_problem(problem));
        view! { <p role="alert" class="border-t border-line px-6 py-3 text-base text-error max-sm:px-4">{words}</p> }
    });
    let waits = (row.state == ApprovalState::Waiting)
        .then(|| view! { <p class="mt-2 text-sm text-ink-2">{t!("approvals-nothing-yet")}</p> });
    view! {
        {Header::new(title).beside(state(row.state)).actions(actions).show()}
        {failed}
        <section class="border-y border-line px-6 py-4 max-sm:px-4">
            {row.kind.has_amount().then(|| equation(terms(&row)))}
            {together(&row)}
            {waits}
        </section>
        {with_rail(main(view), rail(view))}
    }
    .into_any()
}

fn main(view: &ApprovalView) -> AnyView {
    if view.bills.is_empty() {
        return section(t!("approvals-changes"), subject_link(view), changes(&view.changes));
    }
    match view.approval.kind {
        DeedKind::VoidPayment => return section(t!("approvals-bills"), subject_link(view), table(&view.bills, TO_BILL)),
        DeedKind::Refund => {
            return view! {
                {section(t!("approvals-held"), subject_link(view), table(&view.bills, TO_HELD))}
                {section(t!("approvals-refund-how"), (), changes(&view.changes))}
            }
            .into_any();
        }
        _ => {}
    }
    match view.bills.as_slice() {
        [one] if session::may(Permission::BillingRead) => {
            let (bill, community) = (one.bill, session::community());
            load(
                move || call(GetBill { community, bill }),
                8,
                move |view| {
                    let link = link_button(icons::RECEIPT_TEXT, t!("approvals-to-bill"), format!("/billing/bills/{bill}"));
                    view! {
                        {section(t!("approvals-story"), view! { <span class="no-print ml-auto">{link}</span> }, ())}
                        {billing::bill_lines(&view)}
                        {section(t!("billing-history"), (), billing::bill_history(&view))}
                    }
                    .into_any()
                },
            )
        }
        bills => section(t!("approvals-bills"), (), table(bills, TO_BILL)),
    }
}

/// The way to the scheme or payment, or to what came of a refund.
fn subject_link(view: &ApprovalView) -> AnyView {
    let row = &view.approval;
    // A refund has the id of its request.
    let refund = (row.kind == DeedKind::Refund && row.state == ApprovalState::Agreed).then_some(row.id.0);
    let subject = view.subject.filter(|_| row.kind != DeedKind::Refund);
    let Some(id) = refund.or(subject) else { return ().into_any() };
    let (address, word, may) = match row.kind {
        DeedKind::VoidPayment => (format!("/cashier/receipt/{id}"), t!("approvals-to-receipt"), Permission::CashierRead),
        DeedKind::Refund => (format!("/cashier/refunds/{id}"), t!("approvals-to-voucher"), Permission::CashierRead),
        _ => ("/waivers/schemes".to_owned(), t!("approvals-to-schemes"), Permission::WaiversRead),
    };
    session::may(may)
        .then(|| view! { <span class="no-print ml-auto">{link_button(icons::ARROW_RIGHT, word, address)}</span> })
        .into_any()
}

/// What would change, each line before and after.
fn changes(changes: &[ApprovalChange]) -> AnyView {
    let read = |said: &[Said]| match said {
        [] => dash(),
        said => {
            let words: Vec<String> = said.iter().map(|one| one.read(session::language())).collect();
            words.join(&t!("kit-comma")).into_any()
        }
    };
    let rows = changes
        .iter()
        .map(|change| {
            view! {
                <tr>
                    <th scope="row" class="font-normal whitespace-nowrap text-ink-2">{t!(&change.what)}</th>
                    <td class="text-ink-2">{read(&change.before)}</td>
                    <td class="font-semibold">{read(&change.after)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("approvals-changes")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("approvals-change-what")}</th>
                        <th scope="col">{t!("approvals-change-before")}</th>
                        <th scope="col">{t!("approvals-change-after")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}

/// Where a bill of a request leads, and who may go there.
type To = (&'static str, Permission);
const TO_BILL: To = ("/billing/bills", Permission::BillingRead);
const TO_HELD: To = ("/cashier/held", Permission::CashierRead);

fn table(bills: &[ApprovalBill], (path, needs): To) -> AnyView {
    let may = session::may(needs);
    let rows = bills
        .iter()
        .map(|bill| {
            let number = bill.number.clone();
            let number = match may {
                true => view! { <a class="a" href=format!("{path}/{}", bill.bill)>{number}</a> }.into_any(),
                false => number.into_any(),
            };
            view! {
                <tr>
                    <td>{number}</td>
                    <td>{text_or_dash(bill.unit_label.clone())}</td>
                    <td>{text_or_dash(bill.fee_item_name.clone())}</td>
                    <td>{text_or_dash(bill.month.map(|month| month.to_string()))}</td>
                    <td class="num font-semibold">{money(bill.amount_fen)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("approvals-bills")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("approvals-about")}</th>
                        <th scope="col">{t!("approvals-unit")}</th>
                        <th scope="col">{t!("approvals-fee-item")}</th>
                        <th scope="col">{t!("approvals-month")}</th>
                        <th scope="col" class="num">{t!("approvals-amount")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}

fn rail(view: &ApprovalView) -> AnyView {
    let row = &view.approval;
    let mut list = vec![
        (t!("approvals-reason"), row.reason.clone().into_any()),
        (t!("approvals-asked-by"), row.asked_by.clone().into_any()),
        (t!("approvals-asked-at"), moment(row.asked_at).into_any()),
    ];
    if view.subject.is_some() {
        list.push((t!("approvals-about"), row.number.clone().into_any()));
    } else if let [bill] = view.bills.as_slice() {
        list.push((t!("approvals-about"), bill.number.clone().into_any()));
        list.push((t!("approvals-unit"), text_or_dash(bill.unit_label.clone())));
        list.push((t!("approvals-fee-item"), text_or_dash(bill.fee_item_name.clone())));
        list.push((t!("approvals-month"), text_or_dash(bill.month.map(|month| month.to_string()))));
    }
    if let (Some(note), Some(at)) = (&view.withdrawn, view.ended_at) {
        let said = view! { {moment(at)} " " {note.clone()} };
        list.push((t!("approvals-state-withdrawn"), said.into_any()));
    }
    let steps = view.steps.iter().map(|step| step_line(step, row)).collect_view();
    view! {
        {section(t!("approvals-facts"), (), facts(list))}
        {section(t!("approvals-steps"), (), view! { <ol class="text-base">{steps}</ol> })}
    }
    .into_any()
}

/// A level: who decides, and what they said.
fn step_line(step: &ApprovalStep, row: &ApprovalRow) -> AnyView {
    let waits = row.state == ApprovalState::Waiting && step.level == row.level;
    let look = match step.verdict {
        Some(Verdict::Agree) => State::Done,
        Some(Verdict::Refuse) => State::Void,
        None if waits => State::Wait,
        None => State::Open,
    };
    let word = match step.verdict {
        Some(verdict) => t!(&format!("approvals-step-{verdict}")),
        None if waits => t!("approvals-step-waiting"),
        None => t!("approvals-step-later"),
    };
    let who = match &step.by {
        Some(by) => by.clone(),
        None if step.who.is_empty() => t!("approvals-flow-nobody"),
        None => step.who.join(&t!("kit-comma")),
    };
    let note = (!step.note.is_empty()).then(|| view! { <p class="text-sm text-ink-2">{step.note.clone()}</p> });
    let at = step.at.map(|at| view! { <span class="label-xs">{moment(at)}</span> });
    view! {
        <li class="border-b border-line py-2">
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span class="label-xs">{t!("approvals-step", level = step.level)}</span>
                <span class="font-semibold">{who}</span>
                <span class="ml-auto">{state_badge(look, word)}</span>
            </div>
            {note}
            {at}
        </li>
    }
    .into_any()
}
