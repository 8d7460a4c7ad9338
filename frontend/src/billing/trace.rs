//! How a line came about: sentences, a bar to scale, and the table with which one redoes it by hand.

use common::charging::explain::{price, sentences, usage_unit};
use common::charging::tariff::FeeItemKind;
use common::charging::trace::{Basis, Trace, TracedPiece, TracedShare, TracedTier};
use common::money::Money;
use leptos::prelude::*;

use super::trace_share::{share_table, turnover_table};
use crate::kit::cards;
use crate::session;
use crate::t;

/// The trace of a line that comes to `amount`.
pub fn trace_view(trace: &Trace, amount: Money, kind: FeeItemKind) -> AnyView {
    let sentences = sentences(session::language(), trace, amount, kind)
        .into_iter()
        .map(|sentence| view! { <p>{sentence}</p> })
        .collect_view();
    let bar = bar(trace, kind);
    view! {
        <div class="trace">
            <div class="grid grid-cols-2 gap-x-8 gap-y-3 max-lg:grid-cols-1">
                <div class="flex flex-col gap-1 text-sm leading-6">{sentences}</div>
                {bar}
            </div>
            {table(trace, amount, kind)}
        </div>
    }
    .into_any()
}

/// The pieces or tiers as a bar, each as long as its part.
fn bar(trace: &Trace, kind: FeeItemKind) -> Option<AnyView> {
    let tiers: Vec<&TracedTier> = trace.pieces.iter().flat_map(|piece| &piece.tiers).collect();
    // Parts count the same usage each: a bar of them would say nothing.
    let parts: Vec<(i64, String, String)> = if tiers.len() > 1 && tiers.iter().all(|tier| tier.part.is_empty()) {
        tiers
            .iter()
            .map(|tier| {
                (
                    tier.quantity.scaled(),
                    format!("{} {}", tier.quantity, usage_unit(kind)),
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
    let tones = ["bg-primary/25", "bg-primary", "bg-warning", "bg-primary/60", "bg-ink-3"];
    let parts = parts
        .into_iter()
        .zip(tones.into_iter().cycle())
        .map(|((size, over, under), tone)| {
            view! {
                <div style:flex=format!("{} 1 0", size.max(1)) class="min-w-18">
                    <div class="truncate text-xs">{over}</div>
                    <div class=format!("mt-1 h-2.5 {tone}")></div>
                    <div class="label-xs mt-1 truncate">{under}</div>
                </div>
            }
        })
        .collect_view();
    Some(view! { <div class="flex gap-0.5" aria-hidden="true">{parts}</div> }.into_any())
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
    (!trace.pieces.is_empty()).then(|| piece_table(trace, amount))
}

fn share_text(share: TracedShare) -> String {
    match share {
        TracedShare::Months(months) => t!("trace-months", count = months),
        TracedShare::Days(days, of) => format!("{days} / {of}"),
        TracedShare::Whole => t!("trace-whole"),
    }
}

fn piece_table(trace: &Trace, amount: Money) -> AnyView {
    let same = trace.quantity().map(|quantity| quantity.to_string()).unwrap_or_default();
    let yuan = matches!(trace.basis, Basis::Formula { yuan: true, .. });
    let rows = trace
        .pieces
        .iter()
        .map(|piece| {
            let one = piece.price.map(price).unwrap_or_default();
            let quantity = piece.quantity.map_or_else(|| same.clone(), |quantity| quantity.normalize().to_string());
            let mut factors = vec![quantity];
            factors.extend((!yuan).then(|| one.clone()));
            factors.extend(trace.coefficient.map(|coefficient| coefficient.to_string()));
            factors.extend(trace.vacant_rate.filter(|_| piece.vacant).map(|rate| rate.to_string()));
            let product = factors.join(" × ");
            let sum = match piece.share {
                TracedShare::Whole | TracedShare::Months(1) => product,
                TracedShare::Months(months) => format!("{product} × {months}"),
                TracedShare::Days(days, of) => format!("{product} × {days} ÷ {of}"),
            };
            let product = trace.product(piece).map(|product| product.normalize().to_string()).unwrap_or_default();
            view! {
                <tr>
                    <td class="whitespace-nowrap">{t!("kit-range-from-to", from = piece.from, to = piece.to.pred_opt().unwrap_or(piece.to))}</td>
                    <td class="num">{share_text(piece.share)}</td>
                    <td class="num">{one}</td>
                    <td class="text-ink-2">{sum}</td>
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

fn tier_table(trace: &Trace, amount: Money, kind: FeeItemKind) -> AnyView {
    let rows = trace
        .pieces
        .iter()
        .flat_map(|piece| piece.tiers.iter().map(move |tier| (piece, tier)))
        .map(|(piece, tier)| {
            let range = match tier.up_to {
                _ if tier.no == 0 => String::new(),
                Some(up_to) => format!("{}–{up_to}", tier.above),
                None => t!("trace-and-above", bound = tier.above),
            };
            let name = match (tier.part.as_str(), tier.no) {
                ("", no) => t!("charging-tier", no = no),
                (part, 0) => part.to_owned(),
                (part, no) => format!("{part} {}", t!("charging-tier", no = no)),
            };
            let days = match piece.share {
                TracedShare::Days(..) => format!(" ({})", share_text(piece.share)),
                _ => String::new(),
            };
            view! {
                <tr>
                    <td class="whitespace-nowrap">{name}{days}</td>
                    <td class="whitespace-nowrap">{range}</td>
                    <td class="num">{tier.quantity.to_string()}</td>
                    <td class="num">{price(tier.price)}</td>
                    <td class="text-ink-2">{format!("{} × {}", tier.quantity, price(tier.price))}</td>
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
                        <th scope="col">{t!("charging-tier-no")}</th>
                        <th scope="col">{t!("trace-range", unit = usage_unit(kind))}</th>
                        <th scope="col" class="num">{t!("trace-quantity")}</th>
                        <th scope="col" class="num">{t!("charging-price")}</th>
                        <th scope="col">{t!("trace-sum")}</th>
                        <th scope="col" class="num">{t!("billing-money")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t!("kit-total")}</th>
                        <td></td>
                        <td class="num font-semibold">{trace.quantity().map(|quantity| quantity.to_string())}</td>
                        <td colspan="2"></td>
                        <td class="num font-semibold">{amount.to_string()}</td>
                    </tr>
                </tfoot>
            </table>})}</div>
    }
    .into_any()
}
