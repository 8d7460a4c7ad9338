//! A refund as its voucher (退款单): on screen, on A5 and on a roll of 80 mm.

use common::cashier::api::{GetRefund, PrintRefund, Voucher, VoucherLine};
use common::id::RefundId;
use leptos::prelude::*;

use super::print::{self, paper_choice};
use super::{method_name, ways};
use crate::api::call;
use crate::kit::{Header, Paper, Query, Reload, icon, icons, load, moment, money, print_sheet};
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
    let word = if voucher.prints > 0 { t!("cashier-reprint") } else { t!("cashier-print") };
    let title = format!("{} {}", t!("cashier-voucher"), voucher.number);
    let header = Header::new(title).actions(view! {
        {paper_choice(paper, query)}
        <button
            type="button"
            class="btn btn-sm btn-primary"
            on:click=move |_| print::counted(PrintRefund { community, refund }, reload)
        >
            {icon(icons::PRINTER)}
            {word}
        </button>
    });
    let shown = voucher.clone();
    view! {
        <div class="no-print">{header.show()}</div>
        <div class="overflow-x-auto px-6 pb-8 max-sm:px-4">{move || sheet(&shown, paper.get())}</div>
    }
    .into_any()
}

fn sheet(voucher: &Voucher, paper: Paper) -> AnyView {
    print_sheet(paper, if paper == Paper::Roll80 { roll(voucher) } else { a5(voucher) })
}

/// That it was printed before.
fn mark(voucher: &Voucher) -> Option<AnyView> {
    let again = voucher.prints.checked_sub(1).filter(|again| *again > 0)?;
    Some(view! { <span class="receipt-mark">{t!("cashier-reprinted", count = again)}</span> }.into_any())
}

fn paid_by(voucher: &Voucher) -> String {
    let way = ways(std::slice::from_ref(&voucher.paid));
    match voucher.paid.reference.as_str() {
        "" => way,
        slip => t!("cashier-with-slip", way = way, slip = slip),
    }
}

/// Half a sheet of A4, lying.
fn a5(voucher: &Voucher) -> AnyView {
    let line = |line: &VoucherLine| {
        view! {
            <tr>
                <td>{line.fee_item_name.clone()}</td>
                <td class="whitespace-nowrap">{line.since.to_string()}</td>
                <td class="whitespace-nowrap">{line.bill_number.clone()}</td>
                <td class="num">{money(line.taken_fen)}</td>
                <td class="num">{money(line.amount_fen)}</td>
                <td class="num">{money(line.left_fen)}</td>
            </tr>
        }
    };
    view! {
        <article class="receipt receipt-a5" data-theme="anju" aria-label=t!("cashier-voucher")>
            <header class="flex items-end">
                <div class="w-1/4 text-sm">{voucher.day.to_string()}</div>
                <div class="flex-1 text-center">
                    <p class="text-base">{voucher.community_name.clone()}</p>
                    <h2 class="text-2xl font-semibold tracking-widest">{t!("cashier-voucher")}</h2>
                </div>
                <div class="w-1/4 text-right text-sm">{mark(voucher)} <div class="whitespace-nowrap">"No. " {voucher.number.clone()}</div></div>
            </header>
            <dl class="receipt-who">
                <div><dt>{t!("cashier-unit")}</dt><dd>{voucher.unit_label.clone()}</dd></div>
                <div><dt>{t!("cashier-payee")}</dt><dd>{voucher.payee.clone()}</dd></div>
                <div><dt>{t!("cashier-refund-method")}</dt><dd>{paid_by(voucher)}</dd></div>
            </dl>
            <table class="receipt-table">
                <thead>
                    <tr>
                        <th scope="col">{t!("cashier-fee-item")}</th>
                        <th scope="col">{t!("cashier-held-since")}</th>
                        <th scope="col">{t!("cashier-bill")}</th>
                        <th scope="col" class="num">{t!("cashier-voucher-taken")}</th>
                        <th scope="col" class="num">{t!("cashier-voucher-now")}</th>
                        <th scope="col" class="num">{t!("cashier-held-left")}</th>
                    </tr>
                </thead>
                <tbody>{voucher.lines.iter().map(line).collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <td colspan="4">{t!("cashier-capitals")} <b class="ml-3">{voucher.capitals.clone()}</b></td>
                        <td class="num font-semibold" colspan="2">"¥" {money(voucher.total_fen)}</td>
                    </tr>
                </tfoot>
            </table>
            <p class="mt-2 text-sm">{t!("cashier-line", word = t!("cashier-refund-reason"), value = voucher.reason)}</p>
            <footer class="receipt-foot">
                <span>{t!("cashier-line", word = t!("cashier-held-by"), value = voucher.cashier_name)}</span>
                <span>{t!("cashier-voucher-seal")}</span>
                <span>{t!("cashier-payee-sign")}</span>
                <span>{moment(voucher.at)}</span>
            </footer>
        </article>
    }
    .into_any()
}

/// A slip from a roll of 80 mm.
fn roll(voucher: &Voucher) -> AnyView {
    let pair = |word: String, value: String| view! { <div class="receipt-pair"><span>{word}</span><span>{value}</span></div> };
    let line = |line: &VoucherLine| {
        view! {
            <li>
                <div class="receipt-pair"><span>{line.fee_item_name.clone()}</span><b>{money(line.amount_fen)}</b></div>
                <div class="receipt-small">{t!("cashier-voucher-of", day = line.since, taken = line.taken_fen, left = line.left_fen)}</div>
            </li>
        }
    };
    let way = method_name(voucher.paid.method, voucher.paid.name.as_deref());
    let slip = (!voucher.paid.reference.is_empty()).then(|| pair(t!("cashier-slip"), voucher.paid.reference.clone()));
    view! {
        <article class="receipt receipt-80" data-theme="anju" aria-label=t!("cashier-voucher")>
            <h2>{voucher.community_name.clone()}<br />{t!("cashier-voucher")}</h2>
            <div class="text-center">{mark(voucher)}</div>
            {pair("No.".to_owned(), voucher.number.clone())}
            {pair(t!("cashier-at"), moment(voucher.at))}
            {pair(t!("cashier-unit"), voucher.unit_label.clone())}
            {pair(t!("cashier-payee"), voucher.payee.clone())}
            <hr />
            <ul>{voucher.lines.iter().map(line).collect_view()}</ul>
            <hr />
            <div class="receipt-pair receipt-total"><span>{t!("kit-total")}</span><b>"¥" {money(voucher.total_fen)}</b></div>
            <p>{voucher.capitals.clone()}</p>
            {pair(t!("cashier-refund-method"), way)}
            {slip}
            <p>{t!("cashier-line", word = t!("cashier-refund-reason"), value = voucher.reason)}</p>
            <hr />
            {pair(t!("cashier-held-by"), voucher.cashier_name.clone())}
            <p class="mt-6">{t!("cashier-payee-sign")}</p>
        </article>
    }
    .into_any()
}
