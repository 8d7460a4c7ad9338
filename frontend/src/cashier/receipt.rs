//! A payment as its receipt: on screen, on A5 and on a roll of 80 mm.

use common::approvals::api::DeedOutcome;
use common::cashier::api::{GetReceipt, PaymentState, PrintReceipt, Receipt, ReceiptHolding, ReceiptLine, VoidPayment};
use common::id::PaymentId;
use common::money::Money;
use common::period::Period;
use common::permission::Permission;
use leptos::prelude::*;

use super::paper::{self, Body, Column, Frame, amount, on_page, pair, print_button};
use super::print::{self, paper_choice};
use super::{method_name, taken_by};
use crate::api::call;
use crate::approvals::{done_or_waits, waits_link};
use crate::kit::{
    Ending, Form, Header, Paper, Query, Reload, State, danger_button, dash, dialog, icons, load, moment, money, state_badge,
    text_or_dash,
};
use crate::shell::{not_found, param_id};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(payment) = param_id::<PaymentId>("payment") else { return not_found() };
    let query = Query::here();
    let community = session::community();
    let paper = Memo::new(move |_| print::paper_of(query.one("paper")));
    let reload = Reload::new();
    load(
        move || {
            reload.track();
            call(GetReceipt { community, payment })
        },
        10,
        move |receipt| show(&receipt, paper, query, reload),
    )
}

fn show(receipt: &Receipt, paper: Memo<Paper>, query: Query, reload: Reload) -> AnyView {
    let (payment, community) = (receipt.payment, session::community());
    let (voiding, set_off) = (RwSignal::new(false), receipt.is_set_off());
    let name = if set_off { t!("cashier-set-off-voucher") } else { t!("cashier-receipt") };
    let title = format!("{name} {}", receipt.receipt_number);
    let state = match receipt.state {
        PaymentState::Void => state_badge(State::Void, t!("cashier-state-void")),
        PaymentState::Taken if set_off => state_badge(State::Done, t!("cashier-held-offset")),
        PaymentState::Taken => state_badge(State::Done, t!("cashier-state-taken")),
    };
    let may_void = receipt.may_void && session::may(Permission::CashierVoid);
    let waits = receipt.waits.map(|request| view! { {state_badge(State::Wait, t!("cashier-void-waits"))} {waits_link(request)} });
    let state = view! { {state} {waits} };
    let header = Header::new(title).beside(state).crumb(t!("cashier-payments"), "/cashier/payments").actions(view! {
        {may_void.then(|| danger_button(icons::CIRCLE_SLASH, void_word(set_off), move || voiding.set(true)))}
        {paper_choice(paper, query)}
        {print_button(PrintReceipt { community, payment }, receipt.prints, reload)}
    });
    let for_dialog = receipt.clone();
    let shown = receipt.clone();
    view! {
        {on_page(header.show(), paper, move |paper| sheet(&shown, paper))}
        {dialog(
            voiding,
            {
                let title = if set_off { "cashier-void-title-set-off" } else { "cashier-void-title" };
                let title = t!(title, amount = receipt.total_fen);
                move || title.clone()
            },
            move || void_form(&for_dialog, voiding, reload),
        )}
    }
    .into_any()
}

/// The deed by what it takes back: a payment, or what held money paid.
fn void_word(set_off: bool) -> String {
    t!(if set_off { "cashier-void-set-off" } else { "cashier-void" })
}

fn void_form(receipt: &Receipt, open: RwSignal<bool>, reload: Reload) -> AnyView {
    let form = Form::new(VoidPayment { community: session::community(), payment: receipt.payment, reason: String::new() });
    let bills = receipt.lines.iter().filter(|line| !line.fee_item_kind.is_held());
    let (count, fen) = bills.fold((0, 0), |(count, sum), line| (count + 1, sum + line.amount_fen.fen()));
    let text = match count {
        0 => t!("cashier-void-text-held", number = receipt.receipt_number),
        _ => t!("cashier-void-text", count = count, amount = Money::from_fen(fen), number = receipt.receipt_number),
    };
    let moves_held = receipt.set_off().is_positive() || receipt.lines.iter().any(|line| line.fee_item_kind.is_held());
    form.show(
        Ending::new(void_word(receipt.is_set_off())).danger().cancel(move || open.set(false)).in_dialog(),
        view! {
            <p class="text-base text-ink-2">{text}</p>
            {moves_held.then(|| view! { <p class="text-base text-ink-2">{t!("cashier-void-held")}</p> })}
            {form.field("reason", t!("cashier-void-reason"), |ask| &mut ask.reason).focus().show()}
        },
        move |receipt: Receipt| {
            open.set(false);
            done_or_waits(DeedOutcome { waits: receipt.waits }, t!("cashier-voided-done", number = receipt.receipt_number));
            reload.now();
        },
    )
}

/// The days of a line, both included; a single month as a month. Money that is held is for no period.
fn days(line: &ReceiptLine) -> Option<String> {
    if line.fee_item_kind.is_held() {
        return None;
    }
    let (from, to) = (line.period_from, line.period_to);
    let month = common::period::Month::of(from);
    if month.first_day() == from && month.period().to == to {
        return Some(month.to_string());
    }
    Some(Period { from, to }.to_string())
}

/// The money that came in, where prepayments or deposits paid some.
fn received(receipt: &Receipt) -> Option<Money> {
    receipt.set_off().is_positive().then(|| receipt.received())
}

/// What the paper is: no money that came in is acknowledged where held money paid all of it.
fn title(receipt: &Receipt) -> String {
    if receipt.is_set_off() { t!("cashier-set-off-voucher") } else { t!("cashier-receipt-title") }
}

/// 预存余额（物业费预存 DG202611-000001）.
fn balance_of(held: &ReceiptHolding) -> String {
    let id = format!("cashier-receipt-left-{}", held.kind);
    t!(&id, item = held.fee_item_name, bill = held.bill_number)
}

/// The late fee of a line, which is a line of its own.
fn late_fee_of(line: &ReceiptLine) -> String {
    t!("cashier-late-fee-of", item = line.fee_item_name)
}

fn marks(receipt: &Receipt) -> Vec<String> {
    let void = (receipt.state == PaymentState::Void).then(|| t!("cashier-state-void"));
    paper::reprinted(receipt.prints).into_iter().chain(void).collect()
}

fn paid_by(receipt: &Receipt) -> String {
    receipt
        .methods
        .iter()
        .map(|line| {
            let way = format!("{} {}", method_name(line.method, line.name.as_deref()), line.amount_fen);
            if line.reference.is_empty() { way } else { t!("cashier-with-slip", way = way, slip = line.reference) }
        })
        .collect::<Vec<_>>()
        .join(&t!("cashier-comma"))
}

/// The receipt on its paper.
pub(super) fn sheet(receipt: &Receipt, paper: Paper) -> AnyView {
    if paper == Paper::Roll80 { roll(receipt) } else { a5(receipt) }
}

fn frame(receipt: &Receipt) -> Frame {
    Frame {
        title: title(receipt),
        community: receipt.community_name.clone(),
        number: receipt.receipt_number.clone(),
        day: receipt.day,
        at: receipt.at,
        marks: marks(receipt),
        unit: receipt.unit_label.clone(),
        person: (t!("cashier-payer"), receipt.payer.clone()),
        by: (
            if receipt.is_set_off() { t!("cashier-held-by") } else { t!("cashier-cashier") },
            taken_by(&receipt.cashier_name, &receipt.methods),
        ),
        total: receipt.total_fen,
        capitals: receipt.capitals.clone(),
    }
}

/// Whether it paid for another unit besides.
fn elsewhere(receipt: &Receipt) -> bool {
    receipt.lines.iter().any(|line| line.unit_label != receipt.unit_label)
}

fn a5(receipt: &Receipt) -> AnyView {
    let elsewhere = elsewhere(receipt);
    let row = |line: &ReceiptLine, name: String, billed: AnyView, amount: Money, left: AnyView| {
        let unit = elsewhere.then(|| line.unit_label.clone().into_any());
        let days = text_or_dash(days(line));
        let cells = [
            Some(name.into_any()),
            unit,
            Some(days),
            Some(line.bill_number.clone().into_any()),
            Some(billed),
            Some(money(amount)),
            Some(left),
        ];
        cells.into_iter().flatten().collect()
    };
    let mut rows = Vec::with_capacity(receipt.lines.len());
    for line in &receipt.lines {
        let (principal, late) = (line.principal(), line.late_fee_fen);
        if principal.is_positive() || late.is_zero() {
            rows.push(row(line, line.fee_item_name.clone(), money(line.billed_fen), principal, money(line.left_fen)));
        }
        if late.is_positive() {
            rows.push(row(line, late_fee_of(line), dash(), late, dash()));
        }
    }
    let columns = [
        Some(Column::Word(t!("cashier-fee-item"))),
        elsewhere.then(|| Column::Word(t!("cashier-unit"))),
        Some(Column::Code(t!("cashier-period"))),
        Some(Column::Code(t!("cashier-bill"))),
        Some(Column::Figure(t!("cashier-billed"))),
        Some(Column::Figure(if receipt.is_set_off() { t!("cashier-set-off-now") } else { t!("cashier-paid-now") })),
        Some(Column::Figure(t!("cashier-left"))),
    ];
    let received = received(receipt).map(|received| t!("cashier-received-of", offset = receipt.set_off(), received = received));
    let balances = receipt.held.iter().map(|held| t!("cashier-line", word = balance_of(held), value = held.left_fen));
    let balances = (!receipt.held.is_empty()).then(|| balances.collect::<Vec<_>>().join(&t!("cashier-comma")));
    let note = (!receipt.note.is_empty()).then(|| t!("cashier-line", word = t!("cashier-note"), value = receipt.note));
    let voided = receipt
        .voided
        .as_ref()
        .map(|void| t!("cashier-voided-by", at = moment(void.at), name = void.by_name, reason = void.reason));
    let body = Body {
        way: (t!("cashier-paid-by"), paid_by(receipt)),
        columns: columns.into_iter().flatten().collect(),
        rows,
        notes: [received, balances, note, voided].into_iter().flatten().collect(),
        seals: [t!("cashier-seal"), t!("cashier-payer-sign")],
    };
    paper::a5(frame(receipt), body)
}

fn roll(receipt: &Receipt) -> AnyView {
    let elsewhere = elsewhere(receipt);
    let lines = receipt
        .lines
        .iter()
        .map(|line| {
            let (principal, late) = (line.principal(), line.late_fee_fen);
            let left = line.left_fen.is_positive().then(|| view! { <div class="receipt-small">{t!("cashier-left-of", left = line.left_fen, billed = line.billed_fen)}</div> });
            view! {
                <li>
                    {(principal.is_positive() || late.is_zero()).then(|| amount(line.fee_item_name.clone(), principal))}
                    {late.is_positive().then(|| amount(late_fee_of(line), late))}
                    <div class="receipt-small">{days(line)} {elsewhere.then(|| format!(" {}", line.unit_label))}</div>
                    {left}
                </li>
            }
        })
        .collect_view();
    let methods = receipt
        .methods
        .iter()
        .map(|line| pair(method_name(line.method, line.name.as_deref()), line.amount_fen.to_string()))
        .collect_view();
    let cash = receipt.tendered_fen.map(|tendered| {
        view! {
            {pair(t!("cashier-tendered"), tendered.to_string())}
            {pair(t!("cashier-change"), receipt.change_fen.to_string())}
        }
    });
    let after = view! {
        {methods}
        {received(receipt).map(|received| pair(t!("cashier-received"), received.to_string()))}
        {cash}
        {receipt.held.iter().map(|held| pair(balance_of(held), held.left_fen.to_string())).collect_view()}
    };
    let end = view! { <p class="text-center">{t!("cashier-keep-it")}</p> };
    paper::roll(frame(receipt), lines.into_any(), after.into_any(), end.into_any())
}
