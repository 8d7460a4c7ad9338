//! A refund as its voucher (退款单): on screen, on A5 and on a roll of 80 mm.

use common::cashier::api::{GetRefund, PrintRefund, Voucher, VoucherLine};
use common::id::RefundId;
use leptos::prelude::*;

use super::paper::{self, Body, Column, Frame, amount, on_page, pair, print_button};
use super::print::{self, paper_choice};
use super::{method_name, ways};
use crate::api::call;
use crate::kit::{Header, Paper, Query, Reload, load, money};
use crate::shell::{not_found, param_id};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(refund) = param_id::<RefundId>("refund") else { return not_found() };
    let query = Query::here();
    let community = session::community();
    let paper = Memo::new(move |_| print::paper_of(query.one("paper")));
    let reload = Reload::new();
    load(
        move || {
            reload.track();
            call(GetRefund { community, refund })
        },
        10,
        move |voucher| show(&voucher, paper, query, reload),
    )
}

fn show(voucher: &Voucher, paper: Memo<Paper>, query: Query, reload: Reload) -> AnyView {
    let refund = voucher.refund;
    let community = session::community();
    let title = format!("{} {}", t!("cashier-voucher"), voucher.number);
    let header = Header::new(title).actions(view! {
        {paper_choice(paper, query)}
        {print_button(PrintRefund { community, refund }, voucher.prints, reload)}
    });
    let shown = voucher.clone();
    on_page(header.show(), paper, move |paper| sheet(&shown, paper))
}

fn sheet(voucher: &Voucher, paper: Paper) -> AnyView {
    if paper == Paper::Roll80 { roll(voucher) } else { a5(voucher) }
}

fn frame(voucher: &Voucher) -> Frame {
    Frame {
        title: t!("cashier-voucher"),
        community: voucher.community_name.clone(),
        number: voucher.number.clone(),
        day: voucher.day,
        at: voucher.at,
        marks: paper::reprinted(voucher.prints).into_iter().collect(),
        unit: voucher.unit_label.clone(),
        person: (t!("cashier-payee"), voucher.payee.clone()),
        by: (t!("cashier-held-by"), voucher.cashier_name.clone()),
        total: voucher.total_fen,
        capitals: voucher.capitals.clone(),
    }
}

fn paid_by(voucher: &Voucher) -> String {
    let way = ways(std::slice::from_ref(&voucher.paid));
    match voucher.paid.reference.as_str() {
        "" => way,
        slip => t!("cashier-with-slip", way = way, slip = slip),
    }
}

fn why(voucher: &Voucher) -> String {
    t!("cashier-line", word = t!("cashier-refund-reason"), value = voucher.reason)
}

fn a5(voucher: &Voucher) -> AnyView {
    let row = |line: &VoucherLine| {
        vec![
            line.fee_item_name.clone().into_any(),
            line.since.to_string().into_any(),
            line.bill_number.clone().into_any(),
            money(line.taken_fen),
            money(line.amount_fen),
            money(line.left_fen),
        ]
    };
    let body = Body {
        way: (t!("cashier-refund-method"), paid_by(voucher)),
        columns: vec![
            Column::Word(t!("cashier-fee-item")),
            Column::Code(t!("cashier-held-since")),
            Column::Code(t!("cashier-bill")),
            Column::Figure(t!("cashier-voucher-taken")),
            Column::Figure(t!("cashier-voucher-now")),
            Column::Figure(t!("cashier-held-left")),
        ],
        rows: voucher.lines.iter().map(row).collect(),
        notes: vec![why(voucher)],
        seals: [t!("cashier-voucher-seal"), t!("cashier-payee-sign")],
    };
    paper::a5(frame(voucher), body)
}

fn roll(voucher: &Voucher) -> AnyView {
    let line = |line: &VoucherLine| {
        view! {
            <li>
                {amount(line.fee_item_name.clone(), line.amount_fen)}
                <div class="receipt-small">{t!("cashier-voucher-of", day = line.since, taken = line.taken_fen, left = line.left_fen)}</div>
            </li>
        }
    };
    let way = method_name(voucher.paid.method, voucher.paid.name.as_deref());
    let slip = (!voucher.paid.reference.is_empty()).then(|| pair(t!("cashier-slip"), voucher.paid.reference.clone()));
    let after = view! {
        {pair(t!("cashier-refund-method"), way)}
        {slip}
        <p>{why(voucher)}</p>
    };
    let end = view! { <p class="mt-6">{t!("cashier-payee-sign")}</p> };
    paper::roll(frame(voucher), voucher.lines.iter().map(line).collect_view().into_any(), after.into_any(), end.into_any())
}
