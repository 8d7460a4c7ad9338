//! The past of a meter as a sparkline in a table's row.

use common::quantity::Quantity;
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::figure;
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
    let told = values.iter().map(|value| value.map_or_else(|| "–".to_owned(), figure)).collect::<Vec<_>>().join(&t!("kit-comma"));
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

/// The past as grey bars, the present in ochre beside them: as wide as its card.
pub(super) fn past_bars(past: &[Option<Quantity>], present: Quantity) -> AnyView {
    let values: Vec<Option<Decimal>> = past.iter().map(|usage| usage.map(Quantity::get)).chain([Some(present.get())]).collect();
    let most = values.iter().flatten().copied().max().unwrap_or_default();
    let last = values.len().saturating_sub(1);
    let step = 3200 / i64::try_from(values.len().max(1)).unwrap_or(1);
    let bars = (0_i64..)
        .zip(&values)
        .enumerate()
        .filter_map(|(at, (place, value))| {
            let top = height((*value)?, most, 560);
            let fill = if at == last { "var(--chart-2)" } else { "var(--chart-3)" };
            let (x, y, tall) = (px(place * step + 20), px(20 + top), px((560 - top).max(10)));
            Some(view! { <rect x=x y=y width=px(step - 40) height=tall fill=fill /> })
        })
        .collect_view();
    let told = values.iter().map(|value| value.map_or_else(|| "–".to_owned(), figure)).collect::<Vec<_>>().join(&t!("kit-comma"));
    view! {
        <svg viewBox="0 0 320 60" role="img" aria-label=t!("metering-spark", values = told) class="block h-16 w-full" preserveAspectRatio="none">
            <line x1="0" x2="320" y1="59" y2="59" stroke="var(--color-base-300)" />
            {bars}
        </svg>
    }
    .into_any()
}
