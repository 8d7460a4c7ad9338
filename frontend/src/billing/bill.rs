//! A bill: what is owed and why, its postings, and what happened to it.

use common::approvals::flow::DeedKind;
use common::billing::api::{BillLine, BillSource, BillState, BillView, GetBill};
use common::cashier::api::GetReceipt;
use common::charging::trace::{Basis, Trace};
use common::id::BillId;
use common::money::grouped;
use common::permission::Permission;
use leptos::prelude::*;

use super::late_fee;
use super::list::{Voiding, state};
use super::portion::bill_portions;
use super::trace::trace_view;
use crate::api::call;
use crate::approvals::waiting_notes;
use crate::kit::{
    Header, Reload, Tab, Term, button, cards, danger_button, dash, equation, facts, figure, focus_id, icon_sized, icons,
    link_button, load, moment, money, primary_link, print_button, section, tabs, text_or_dash, with_rail_below,
};
use crate::shell::{not_found, param_id};
use crate::waivers::{Waiving, bill_waivers};
use crate::{session, t};
use common::charging::explain::{split_text, usage_unit};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(bill) = param_id::<BillId>("bill") else { return not_found() };
    let (reload, voiding, waiving, community) = (Reload::new(), Voiding::new(), Waiving::new(), session::community());
    let drawn = StoredValue::new(false);
    let body = load(
        move || {
            reload.track();
            call(GetBill { community, bill })
        },
        14,
        move |view: BillView| {
            if drawn.get_value() {
                request_animation_frame(head_where_lost);
            }
            drawn.set_value(true);
            of_bill(view, voiding, waiving, reload)
        },
    );
    view! {
        {body}
        {voiding.show()}
        {waiving.show()}
    }
    .into_any()
}

/// A deed draws the bill anew, with the button that led to it: the heading takes the focus where nothing has it.
fn head_where_lost() {
    if document().active_element().is_none_or(|active| active.tag_name() == "BODY") {
        focus_id("page-title");
    }
}

fn of_bill(view: BillView, voiding: Voiding, waiving: Waiving, reload: Reload) -> AnyView {
    let bill = view.bill.clone();
    let waits = |kind| bill.waits.iter().any(|mark| mark.kind == kind);
    let may_void = session::may(Permission::BillingVoid)
        && bill.state != BillState::Void
        && bill.paid_fen.is_zero()
        && !waits(DeedKind::Void);
    let held = view.fee_item_kind.is_held();
    let may_waive = session::may(Permission::BillingWaive) && bill.open_fen.is_positive() && !held && !waits(DeedKind::Waive);
    let may_collect =
        session::may(Permission::CashierCollect) && (bill.open_fen.is_positive() || bill.late_fee_fen.is_positive());
    let (for_void, for_waive, unit) = (bill.clone(), bill.clone(), bill.unit);
    let actions = view! {
        {print_button()}
        {may_void.then(|| danger_button(icons::CIRCLE_SLASH, t!("billing-void"), move || voiding.ask(vec![for_void.clone()], move || reload.now())))}
        {may_waive.then(|| button(icons::BADGE_PERCENT, t!("waivers-waive"), move || {
            let bill = &for_waive;
            waiving.ask(bill.id, bill.number.clone(), bill.open_fen, move || reload.now());
        }))}
        {(held && bill.paid_fen.is_positive() && session::may(Permission::CashierRead))
            .then(|| link_button(icons::WALLET, t!("billing-to-held"), format!("/cashier/held/{}", bill.id)))}
        {may_collect.then(|| primary_link(icons::HAND_COINS, t!("billing-collect"), format!("/cashier?unit={unit}")))}
    };
    let mut terms = vec![
        Term::money("", t!("billing-amount"), bill.amount_fen),
        Term::money("−", t!("billing-waived"), bill.waived_fen),
        Term::money("−", t!("billing-paid"), bill.paid_fen),
    ];
    if bill.late_fee_fen.is_positive() {
        terms.push(Term::money("+", t!("billing-late-fee-due"), bill.late_fee_fen));
    }
    let due = bill.open_fen.checked_add(bill.late_fee_fen).unwrap_or(bill.open_fen);
    terms.push(Term::result(if bill.state == BillState::Void { t!("billing-state-void") } else { t!("billing-to-pay") }, due));
    let (for_lines, for_postings) = (view.clone(), view.clone());
    let late = view.late_fee.clone().map(|late| Tab::new("late-fee", t!("billing-late-fee"), move || late_fee::show(&late)));
    let (for_waivers, community) = (view.waivers.clone(), session::community());
    let waivers = (!view.waivers.is_empty()).then(|| {
        let count = for_waivers.len();
        Tab::new("waivers", t!("waivers-of-bill"), move || bill_waivers(community, &for_waivers, reload)).count(count)
    });
    let mut all = vec![Tab::new("lines", t!("billing-lines"), move || lines(&for_lines)).count(view.lines.len())];
    all.extend(waivers);
    all.extend(late);
    all.push(Tab::new("postings", t!("billing-postings"), move || postings(&for_postings)).count(view.postings.len()));
    let main = tabs(t!("billing-bill"), all);
    view! {
        {Header::new(bill.number.clone()).beside(state(&bill)).actions(actions).show()}
        {waiting_notes(&view.waits, reload)}
        <section class="border-y border-line px-6 py-4 max-sm:px-4">{equation(terms)}</section>
        {with_rail_below(main, rail(&view))}
    }
    .into_any()
}

/// The bill's lines, each with how its amount came about.
pub fn lines(view: &BillView) -> AnyView {
    let kind = view.fee_item_kind;
    let rows = view
        .lines
        .iter()
        .map(|line| {
            let (quantity, how) = (quantity_text(view, line), how(view, &line.trace));
            view! {
                <tr class="trace-head">
                    <th scope="row">{view.bill.fee_item_name.clone()}</th>
                    <td>{quantity}</td>
                    <td class="text-ink-2">{how}</td>
                    <td class="num font-semibold">{money(line.amount_fen)}</td>
                </tr>
                <tr class="trace-row"><td colspan="4">{trace_view(&line.trace, line.amount_fen, kind)}</td></tr>
            }
        })
        .collect_view();
    view! {
        <div class="overflow-x-auto px-6 py-3 max-sm:px-4">
            <table class="table trace-table">
                <caption class="sr-only">{t!("billing-lines")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-fee-item")}</th>
                        <th scope="col">{t!("trace-quantity")}</th>
                        <th scope="col">{t!("billing-how")}</th>
                        <th scope="col" class="num">{t!("billing-money")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t!("billing-amount")}</th>
                        <td colspan="2"></td>
                        <td class="num font-semibold">{money(view.bill.amount_fen)}</td>
                    </tr>
                </tfoot>
            </table>
        </div>
        {bill_portions(&view.portions)}
    }
    .into_any()
}

fn quantity_text(view: &BillView, line: &BillLine) -> AnyView {
    match &line.trace.basis {
        Basis::Area { area } => format!("{} {}", figure(area.get()), t!("kit-square-metre")).into_any(),
        Basis::Household => t!("trace-one-household").into_any(),
        Basis::Usage { usage, .. } => {
            format!("{} {}", figure(usage.get()), usage_unit(line.trace.utility.unwrap_or(view.fee_item_kind))).into_any()
        }
        Basis::Share(share) if share.quantity.is_zero() => dash(),
        Basis::Share(share) => {
            format!("{} {}", figure(share.quantity.get()), usage_unit(line.trace.utility.unwrap_or(view.fee_item_kind)))
                .into_any()
        }
        Basis::Value { value } => grouped(value.get(), 0).into_any(),
        Basis::Formula { yuan: true, .. } | Basis::Fixed | Basis::Turnover { .. } | Basis::Given { .. } => dash(),
        Basis::Head | Basis::Formula { .. } => {
            let first = line.trace.pieces.first().and_then(|piece| piece.quantity);
            first.map_or_else(dash, |quantity| figure(quantity).into_any())
        }
    }
}

/// The way of charging; of a share, the way to where it was shared out.
fn how(view: &BillView, trace: &Trace) -> AnyView {
    let words = how_text(view, trace);
    let Basis::Share(share) = &trace.basis else { return words.into_any() };
    match share.apportionment.filter(|_| session::may(Permission::MeteringRead)) {
        Some(id) => view! { <a class="a" href=format!("/metering/apportion/{id}")>{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

/// The way of charging in a few words: 按面积；月中调价，分 2 段.
fn how_text(view: &BillView, trace: &Trace) -> String {
    let mode = match &trace.basis {
        _ if trace.turnover.as_ref().is_some_and(|turnover| turnover.is_more()) => t!("trace-how-turnover"),
        Basis::Area { .. } => t!("charging-mode-area"),
        Basis::Household => t!("charging-mode-household"),
        Basis::Fixed => t!("charging-mode-fixed"),
        Basis::Usage { .. } => t!("charging-mode-usage"),
        Basis::Head => t!("charging-mode-head"),
        Basis::Value { .. } => t!("charging-mode-value"),
        Basis::Formula { .. } => t!("charging-mode-formula"),
        Basis::Turnover { .. } => t!("trace-how-turnover"),
        Basis::Share(share) => t!("trace-how-share", pool = share.pool),
        Basis::Given { .. } => source_text(view),
    };
    split_text(session::language(), trace, &mode)
}

fn postings(view: &BillView) -> AnyView {
    let rows = view
        .postings
        .iter()
        .map(|posting| {
            let what = match (&posting.receipt_number, posting.payment) {
                (Some(number), Some(payment)) => {
                    view! { <a class="a" href=format!("/cashier/receipt/{payment}")>{number.clone()}</a> }.into_any()
                }
                _ => dash(),
            };
            view! {
                <tr>
                    <td class="whitespace-nowrap">{posting.day.to_string()}</td>
                    <td>{account(&posting.debit)}</td>
                    <td>{account(&posting.credit)}</td>
                    <td>{what}</td>
                    <td class="num">{signed(posting.change_fen)}</td>
                    <td class="num font-semibold">{money(posting.balance_fen)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="px-6 py-3 max-sm:px-0">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-postings")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-posted-on")}</th>
                        <th scope="col">{t!("billing-debit")}</th>
                        <th scope="col">{t!("billing-credit")}</th>
                        <th scope="col">{t!("billing-receipt")}</th>
                        <th scope="col" class="num">{t!("billing-change")}</th>
                        <th scope="col" class="num">{t!("billing-balance")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}

fn signed(amount: common::money::Money) -> String {
    if amount.is_positive() { format!("+{amount}") } else { amount.to_string() }
}

/// What an account is called: ours, what is held, or a way to pay.
fn account(code: &str) -> String {
    match code {
        "receivable" => t!("billing-account-receivable"),
        "income" => t!("billing-account-income"),
        "late_fee_receivable" => t!("billing-account-late_fee_receivable"),
        "late_fee_income" => t!("billing-account-late_fee_income"),
        "late_fee_waived" => t!("billing-account-late_fee_waived"),
        "waived" => t!("billing-account-waived"),
        "held_due" => t!("billing-account-held_due"),
        "prepaid" => t!("billing-account-prepaid"),
        "deposit" => t!("billing-account-deposit"),
        method => method.parse().map_or_else(|_| method.to_owned(), |method| crate::cashier::method_name(method, None)),
    }
}

/// Whether it was written with the payment that took the money to be held: it names that payment as its source.
fn is_of_payment(view: &BillView) -> bool {
    view.postings.iter().any(|posting| posting.payment.is_some_and(|payment| payment.0 == view.source_id))
}

/// How the bill came about.
fn source_text(view: &BillView) -> String {
    match view.source {
        BillSource::Run => t!("billing-source-run"),
        BillSource::Raised if is_of_payment(view) => t!("billing-source-held"),
        BillSource::Raised => t!("billing-source-raised"),
        BillSource::Import => t!("billing-source-import"),
    }
}

/// Who pays it: the tenant of its contract, otherwise whoever holds the unit.
fn payer(bill: &common::billing::api::BillRow) -> Option<String> {
    let tenant = bill.payer.as_ref().map(|name| t!("billing-payer-tenant", name = name));
    tenant.or_else(|| bill.holder.clone())
}

fn rail(view: &BillView) -> AnyView {
    let bill = &view.bill;
    let period = t!("kit-range-from-to", from = bill.period_from, to = bill.period_to.pred_opt().unwrap_or(bill.period_to));
    let source = match view.source {
        BillSource::Run => {
            view! { <a class="a" href=format!("/billing/runs/{}", view.source_id)>{source_text(view)}</a> }.into_any()
        }
        BillSource::Raised if is_of_payment(view) && session::may_ask::<GetReceipt>() => {
            view! { <a class="a" href=format!("/cashier/receipt/{}", view.source_id)>{source_text(view)}</a> }.into_any()
        }
        BillSource::Raised | BillSource::Import => source_text(view).into_any(),
    };
    let list = vec![
        (
            t!("billing-unit"),
            view! { <a class="a" href=format!("/estate/units/{}", bill.unit)>{bill.unit_label.clone()}</a> }.into_any(),
        ),
        (t!("billing-payer"), text_or_dash(payer(bill))),
        (t!("billing-holder"), text_or_dash(bill.holder.clone())),
        (t!("billing-fee-item"), bill.fee_item_name.clone().into_any()),
        (t!("charging-tariff"), text_or_dash(view.tariff_name.clone())),
        (t!("billing-period"), period.into_any()),
        (t!("billing-issued-day"), view.issued_day.to_string().into_any()),
        (t!("billing-due-day"), bill.due_day.to_string().into_any()),
        (t!("billing-source"), source),
        (t!("billing-note"), text_or_dash(view.note.clone())),
    ];
    view! {
        {section(t!("billing-facts"), (), facts(list))}
        {section(t!("billing-history"), (), history(view))}
    }
    .into_any()
}

/// What happened to the bill, the latest first.
pub fn history(view: &BillView) -> AnyView {
    let events = view
        .history
        .iter()
        .map(|event| {
            let shape = match event.what.as_str() {
                "paid" | "late_fee_paid" => icons::HAND_COINS,
                "waived" => icons::BADGE_PERCENT,
                "payment_void" | "void" | "waiver_back" => icons::CIRCLE_SLASH,
                what if what.starts_with("approval-") => icons::STAMP,
                _ => icons::FILE_PLUS,
            };
            let amount = event.amount_fen.map(|amount| format!(" ¥{amount}")).unwrap_or_default();
            let what = match event.what.as_str() {
                "raised" => source_text(view),
                what => t!(&format!("bill-event-{}", what.replace('_', "-"))),
            };
            let at = moment(event.at);
            view! {
                <li class="flex gap-3 pb-3">
                    {icon_sized(shape, 16, "mt-1 shrink-0 text-ink-3")}
                    <div class="min-w-0">
                        <div>{what}{amount} " " {event.note.clone()}</div>
                        <div class="label-xs">{at.to_string()} "  " {event.by.clone().unwrap_or_else(|| t!("billing-by-system"))}</div>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="mt-1 text-sm">{events}</ol> }.into_any()
}
