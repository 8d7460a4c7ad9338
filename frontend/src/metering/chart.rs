//! Drawings of usages: a sparkline in a table's row, columns on a meter's page.

use common::quantity::Quantity;
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{figure, tenths};
use crate::t;

/// Where a value stands between 0 and the largest, in so many tenths of a pixel from the top.
fn height(value: Decimal, most: Decimal, tall: i64) -> i64 {
    let share = (value * Decimal::from(tall)).checked_div(most).unwrap_or_default();
    tall - share.trunc().to_i64().unwrap_or(0).clamp(0, tall)
}

/// Tenths of a pixel as SVG wants them.
fn px(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The past in grey, the present in ochre: 120 × 24.
pub(super) fn sparkline(past: &[Option<Quantity>], present: Quantity) -> AnyView {
    let values: Vec<Option<Decimal>> = past.iter().map(|usage| usage.map(Quantity::get)).chain([Some(present.get())]).collect();
    let most = values.iter().flatten().copied().max().unwrap_or_default();
    let step = 1120 / i64::try_from(values.len().saturating_sub(1).max(1)).unwrap_or(1);
    let points: Vec<(i64, i64)> = (0_i64..)
        .zip(&values)
        .filter_map(|(place, value)| Some((30 + place * step, 30 + height((*value)?, most, 180))))
        .collect();
    let line = |points: &[(i64, i64)]| points.iter().map(|(x, y)| format!("{},{}", px(*x), px(*y))).collect::<Vec<_>>().join(" ");
    let end = points.get(points.len().saturating_sub(2)..).map(line).unwrap_or_default();
    let (x, y) = points.last().copied().unwrap_or_default();
    let told = values.iter().map(|value| value.map_or_else(|| "–".to_owned(), figure)).collect::<Vec<_>>().join("、");
    view! {
        <svg width="120" height="24" viewBox="0 0 120 24" role="img" aria-label=t!("metering-spark", values = told) class="block">
            <line x1="0" x2="120" y1="21.5" y2="21.5" stroke="var(--color-base-300)" />
            <polyline points=line(&points) fill="none" stroke="var(--chart-3)" stroke-width="1.5" />
            <polyline points=end fill="none" stroke="var(--chart-2)" stroke-width="2" />
            <circle cx=px(x) cy=px(y) r="3" fill="var(--chart-2)" />
        </svg>
    }
    .into_any()
}

/// Usages by month, from old to new, as columns with an axis: at most 24.
pub(super) fn columns(months: &[(String, Quantity)], measure: &'static str) -> AnyView {
    const WIDE: i64 = 9600;
    const TALL: i64 = 1200;
    let most = months.iter().map(|(_, usage)| usage.get()).max().unwrap_or_default();
    let step = WIDE / i64::try_from(months.len().max(1)).unwrap_or(1);
    let bar = (step * 6 / 10).min(360);
    let last = months.len().saturating_sub(1);
    let every = if months.len() > 14 { 3 } else { 1 };
    let bars = months
        .iter()
        .enumerate()
        .map(|(place, (month, usage))| {
            let x = 600 + i64::try_from(place).unwrap_or(0) * step + (step - bar) / 2;
            let y = 200 + height(usage.get(), most, TALL);
            let label = (last - place).is_multiple_of(every).then(|| {
                view! { <text x=px(x + bar / 2) y="160" text-anchor="middle" class="axis">{month.clone()}</text> }
            });
            let figure_above = (place == last || usage.get() == most)
                .then(|| view! { <text x=px(x + bar / 2) y=px(y - 50) text-anchor="middle" class="axis-ink">{figure(*usage)}</text> });
            view! {
                <rect x=px(x) y=px(y) width=px(bar) height=px(200 + TALL - y) fill=if place == last { "var(--chart-1)" } else { "var(--chart-1-soft)" }>
                    <title>{format!("{month} {} {measure}", figure(*usage))}</title>
                </rect>
                {label}
                {figure_above}
            }
        })
        .collect_view();
    let middle = tenths(most / Decimal::TWO);
    view! {
        <svg viewBox="0 0 1040 172" class="block w-full min-w-140" role="img" aria-label=t!("metering-chart")>
            <text x="0" y="12" class="axis">{measure}</text>
            <text x="52" y="26" text-anchor="end" class="axis">{figure(most)}</text>
            <text x="52" y="84" text-anchor="end" class="axis">{figure(middle)}</text>
            <text x="52" y="144" text-anchor="end" class="axis">"0"</text>
            <line x1="60" x2="1020" y1="80" y2="80" stroke="var(--color-base-300)" />
            <line x1="60" x2="1020" y1="140" y2="140" stroke="var(--rule)" />
            {bars}
        </svg>
    }
    .into_any()
}
