//! How a line came about: sentences, a bar to scale, and the table with which one redoes it by hand.

use common::charging::explain::{
    basis_unit, percent, price, sales_text, sentences, sum_of_piece, tier_bounds, tier_months, total_of_tiers, yuan,
};
use common::charging::tariff::FeeItemKind;
use common::charging::trace::{Basis, Trace, TracedPiece, TracedShare, TracedTier, TracedTurnover};
use common::money::{Money, grouped};
use leptos::prelude::*;

use super::trace_share::{share_table, turnover_table};
use crate::kit::{cards, dash, figure};
use crate::session;
use crate::t;

/// The trace of a line that comes to `amount`.
pub fn trace_view(trace: &Trace, amount: Money, kind: FeeItemKind) -> AnyView {
    let kind = trace.utility.unwrap_or(kind);
    let sentences = sentences(session::language(), trace, amount, kind)
        .into_iter()
        .map(|sentence| view! { <p>{sentence}</p> })
        .collect_view();
    let bar = bar(trace, kind);
    let beside = if bar.is_some() { "grid grid-cols-2 gap-x-8 gap-y-3 max-lg:grid-cols-1" } else { "grid grid-cols-1" };
    view! {
        <div class="trace">
            <div class=beside>
                <div class="flex flex-col gap-1 text-sm leading-6">{sentences}</div>
                {bar}
            </div>
            {table(trace, amount, kind)}
            {trace.turnover.as_ref().map(|turnover| sales_table(turnover, amount))}
        </div>
    }
    .into_any()
}

/// The pieces or tiers as a bar, each as long as its part.
fn bar(trace: &Trace, kind: FeeItemKind) -> Option<AnyView> {
    let tiers: Vec<&TracedTier> = trace.pieces.iter().flat_map(|piece| &piece.tiers).collect();
    let unit = basis_unit(session::language(), &trace.basis, kind);
    // Parts count the same usage each: a bar of them would say nothing.
    let parts: Vec<(i64, String, String)> = if tiers.len() > 1 && tiers.iter().all(|tier| tier.part.is_empty()) {
        tiers
            .iter()
            .map(|tier| {
                (
                    tier.quantity.scaled(),
                    format!("{} {unit}", figure(tier.quantity.get())).trim_end().to_owned(),
                    t!("trace-tier-short", no = tier.no, price = price(tier.price)),
                )
            })
            .collect()
    } else if trace.pieces.len() > 1 {
        let days = |piece: &TracedPiece| (piece.to - piece.from).num_days();
        trace
            .pieces
            .iter()
            .map(|piece| {
                let last = piece.to.pred_opt().unwrap_or(piece.to);
                let over = t!("trace-days-of", from = piece.from.format("%m-%d"), to = last.format("%m-%d"), days = days(piece));
                (days(piece), over, piece.price.map(price).unwrap_or_default())
            })
            .collect()
    } else {
        return None;
    };
    // A few parts have room for their names; many are named over the whole width.
    let (width, least) = match parts.len() {
        ..=3 => ("", "min-w-18"),
        4..=8 => ("col-span-full", "min-w-10"),
        // More of them than a phone is wide would make its page scroll sideways.
        _ => ("col-span-full", "min-w-10 max-sm:min-w-0"),
    };
    let tones = ["bg-primary/25", "bg-primary", "bg-warning", "bg-primary/60", "bg-ink-3"];
    let parts = parts
        .into_iter()
        .zip(tones.into_iter().cycle())
        .map(|((size, over, under), tone)| {
            view! {
                <div style:flex=format!("{} 1 0", size.max(1)) class=least>
                    <div class="truncate text-xs" title=over.clone()>{over.clone()}</div>
                    <div class=format!("mt-1 h-2.5 {tone}")></div>
                    <div class="label-xs mt-1 truncate">{under}</div>
                </div>
            }
        })
        .collect_view();
    Some(view! { <div class=format!("flex min-w-0 gap-0.5 {width}") aria-hidden="true">{parts}</div> }.into_any())
}

fn table(trace: &Trace, amount: Money, kind: FeeItemKind) -> Option<AnyView> {
    match &trace.basis {
        Basis::Share(share) => return Some(share_table(share, amount, kind)),
        Basis::Turnover { sales_fen, share, fixed_fen } => return Some(turnover_table(*sales_fen, *share, *fixed_fen, amount)),
        _ => {}
    }
    if trace.pieces.iter().any(|piece| !piece.tiers.is_empty()) {
        return Some(tier_table(trace, amount, kind));
    }
    (!trace.pieces.is_empty()).then(|| {
        // Beside sales, the pieces come to the rent alone.
        let sum = trace.turnover.as_ref().map_or_else(|| amount.to_string(), |turnover| yuan(turnover.fixed()));
        piece_table(trace, sum, added(trace, amount))
    })
}

/// What a minimum amount adds to what the pieces or tiers come to.
fn added(trace: &Trace, amount: Money) -> Option<String> {
    let added = amount.checked_sub(trace.priced(amount)).filter(|added| added.is_positive())?;
    Some(added.to_string())
}

fn added_row(added: Option<String>, columns: u8) -> Option<AnyView> {
    added.map(|added| {
        view! {
            <tr>
                <th scope="row" class="font-normal">{t!("trace-minimum-added")}</th>
                <td colspan=columns></td>
                <td class="num">{added}</td>
            </tr>
        }
        .into_any()
    })
}

fn share_text(share: TracedShare) -> String {
    match share {
        TracedShare::Months(months) => t!("trace-months", count = months),
        TracedShare::Periods(periods) => t!("trace-periods", count = periods),
        TracedShare::Halves(1) => "1 / 2".to_owned(),
        TracedShare::Halves(_) => t!("trace-months", count = 1),
        TracedShare::Days(days, of) => format!("{days} / {of}"),
        TracedShare::Whole => t!("trace-whole"),
        TracedShare::EachDay(days) => t!("trace-days", count = days),
    }
}

fn piece_table(trace: &Trace, sum: String, added: Option<String>) -> AnyView {
    let rows = trace
        .pieces
        .iter()
        .map(|piece| {
            let one = piece.price.map(price).unwrap_or_default();
            let product = trace.product(piece).map(|product| grouped(product, 2)).unwrap_or_default();
            view! {
                <tr>
                    <td class="whitespace-nowrap">{t!("kit-range-from-to", from = piece.from, to = piece.to.pred_opt().unwrap_or(piece.to))}</td>
                    <td class="num">{share_text(piece.share)}</td>
                    <td class="num">{one}</td>
                    <td class="whitespace-normal text-ink-2">{sum_of_piece(trace, piece)}</td>
                    <td class="num">{product}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="mt-3 max-sm:-mx-4">{cards(view! {
            <table class="table table-plain">
                <caption class="sr-only">{t!("trace-pieces")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("trace-from-to")}</th>
                        <th scope="col" class="num">{t!("trace-time")}</th>
                        <th scope="col" class="num">{t!("charging-price")}</th>
                        <th scope="col">{t!("trace-sum")}</th>
                        <th scope="col" class="num">{t!("trace-product")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    {added_row(added, 3)}
                    <tr>
                        <th scope="row">{if trace.turnover.is_some() { t!("trace-sales-fixed") } else { t!("kit-total") }}</th>
                        <td colspan="3"></td>
                        <td class="num font-semibold">{sum}</td>
                    </tr>
                </tfoot>
            </table>})}</div>
    }
    .into_any()
}

/// Sales × share beside the rent, for each month compared, and which of them is charged.
fn sales_table(turnover: &TracedTurnover, amount: Money) -> AnyView {
    let share = percent(turnover.share);
    let rows = turnover
        .rows
        .iter()
        .map(|row| {
            let part = turnover.part(row);
            let more = part > row.fixed;
            let (of, shown) = match row.sales.is_empty() {
                true => (dash(), dash()),
                false => (sales_text(row).into_any(), yuan(part).into_any()),
            };
            let by = if more { t!("trace-sales-by-share") } else { t!("trace-sales-by-rent") };
            view! {
                <tr>
                    <td class="whitespace-nowrap">{t!("kit-range-from-to", from = row.from, to = row.to.pred_opt().unwrap_or(row.to))}</td>
                    <td class="num whitespace-normal">{of}</td>
                    <td class="num" class:font-semibold=more>{shown}</td>
                    <td class="num" class:font-semibold=!more>{yuan(row.fixed)}</td>
                    <td class="num">
                        {yuan(turnover.larger(row))}
                        <span class="label-xs ml-2">{by}</span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="mt-3 max-sm:-mx-4">{cards(view! {
            <table class="table table-plain">
                <caption class="sr-only">{t!("trace-sales")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("trace-from-to")}</th>
                        <th scope="col" class="num">{t!("trace-sales-of")}</th>
                        <th scope="col" class="num">{t!("trace-sales-part", share = share)}</th>
                        <th scope="col" class="num">{t!("trace-sales-fixed")}</th>
                        <th scope="col" class="num">{t!("trace-sales-charged")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t!("kit-total")}</th>
                        <td colspan="3"></td>
                        <td class="num font-semibold">{amount.to_string()}</td>
                    </tr>
                </tfoot>
            </table>})}</div>
    }
    .into_any()
}

/// The days of a piece, where it is not the only one.
fn days_of(trace: &Trace, piece: &TracedPiece) -> Option<String> {
    let ([first, .., last], to) = (trace.pieces.as_slice(), piece.to.pred_opt().unwrap_or(piece.to)) else { return None };
    // In more than a year, a month and a day say too little.
    let shown = if (last.to - first.from).num_days() > 366 { "%Y-%m-%d" } else { "%m-%d" };
    Some(t!("kit-range-from-to", from = piece.from.format(shown), to = to.format(shown)))
}

fn tier_table(trace: &Trace, amount: Money, kind: FeeItemKind) -> AnyView {
    // Parts without tiers have no range.
    let tiered = trace.pieces.iter().flat_map(|piece| &piece.tiers).any(|tier| tier.no > 0);
    let unit = Some(basis_unit(session::language(), &trace.basis, kind)).filter(|unit| !unit.is_empty());
    let unit = unit.unwrap_or_else(|| "none".to_owned());
    // What was used earlier in the year is told of tiers by the year alone.
    let range = match (trace.before, tier_months(trace)) {
        (Some(_), _) => t!("trace-range-year", unit = unit),
        (None, Some(months)) => t!("trace-range-months", months = months, unit = unit),
        (None, None) => t!("trace-range-month", unit = unit),
    };
    let rows = trace
        .pieces
        .iter()
        .flat_map(|piece| piece.tiers.iter().map(move |tier| (piece, tier)))
        .map(|(piece, tier)| {
            let range = match tier_bounds(trace, tier) {
                _ if tier.no == 0 => String::new(),
                (above, Some(up_to)) => format!("{}–{}", figure(above), figure(up_to)),
                (above, None) => t!("trace-and-above", bound = figure(above)),
            };
            let name = match (tier.part.as_str(), tier.no) {
                ("", no) => t!("charging-tier", no = no),
                (part, 0) => part.to_owned(),
                (part, no) => format!("{part} {}", t!("charging-tier", no = no)),
            };
            let share = matches!(piece.share, TracedShare::Days(..) | TracedShare::Halves(_)).then(|| share_text(piece.share));
            let when: Vec<String> = days_of(trace, piece).into_iter().chain(share).collect();
            let when = if when.is_empty() { String::new() } else { format!(" ({})", when.join(&t!("trace-list-comma"))) };
            view! {
                <tr>
                    <td class="whitespace-nowrap">{name}{when}</td>
                    {tiered.then(|| view! { <td class="whitespace-nowrap">{range}</td> })}
                    <td class="num">{figure(tier.quantity.get())}</td>
                    <td class="num">{price(tier.price)}</td>
                    <td class="text-ink-2">{format!("{} × {}", figure(tier.quantity.get()), price(tier.price))}</td>
                    <td class="num">{tier.amount_fen.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="mt-3 max-sm:-mx-4">{cards(view! {
            <table class="table table-plain">
                <caption class="sr-only">{t!("charging-tiers")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(if tiered { "charging-tier-no" } else { "charging-rate-parts-named" })}</th>
                        {tiered.then(|| view! { <th scope="col">{range}</th> })}
                        <th scope="col" class="num">{t!("trace-quantity")}</th>
                        <th scope="col" class="num">{t!("charging-price")}</th>
                        <th scope="col">{t!("trace-sum")}</th>
                        <th scope="col" class="num">{t!("billing-money")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    {added_row(added(trace, amount), if tiered { 4 } else { 3 })}
                    <tr>
                        <th scope="row">{t!("kit-total")}</th>
                        {tiered.then(|| view! { <td></td> })}
                        <td class="num font-semibold">{total_of_tiers(trace).map(|quantity| figure(quantity.get()))}</td>
                        <td colspan="2"></td>
                        <td class="num font-semibold">{amount.to_string()}</td>
                    </tr>
                </tfoot>
            </table>})}</div>
    }
    .into_any()
}
