//! The rail of the import's preview: totals against last month, and the meters that have no reading yet.

use common::metering::import::{Comparison, Preview, Totals};
use leptos::prelude::*;
use rust_decimal::Decimal;

use crate::kit::{count, icon_sized, icons, wide_dialog};
use crate::metering::{figure, tenths, utility_name};
use crate::t;

/// Draws it.
pub(super) fn rail(preview: &Preview) -> AnyView {
    let comparisons = preview.comparisons.iter().map(comparison).collect_view();
    let open = RwSignal::new(false);
    let missing = preview.missing;
    let list = StoredValue::new(preview.missing_meters.clone());
    let dialog = wide_dialog(
        open,
        move || t!("metering-missing-title", count = count(missing)),
        move || {
            let rows = list.with_value(|list| {
                list.iter().map(|(code, label)| view! { <tr><td>{code.clone()}</td><td>{label.clone()}</td></tr> }).collect_view()
            });
            view! {
                <div class="max-h-96 overflow-auto">
                    <table class="table table-sm">
                        <thead><tr><th scope="col">{t!("metering-code")}</th><th scope="col">{t!("metering-whereabouts")}</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        },
    );
    view! {
        <h2 class="text-lg font-semibold leading-8">{t!("metering-against-last")}</h2>
        {comparisons}
        {(missing > 0)
            .then(|| {
                view! {
                    <h2 class="mt-6 text-lg font-semibold leading-8">{t!("metering-missing")}</h2>
                    <p class="text-sm">
                        {t!("metering-missing-what", count = count(missing))} " "
                        <button type="button" class="a cursor-pointer" on:click=move |_| open.set(true)>{t!("metering-missing-list")}</button>
                    </p>
                }
            })}
        {dialog}
    }
    .into_any()
}

fn comparison(both: &Comparison) -> AnyView {
    let (before, now) = (&both.before, &both.now);
    let line = |title: String, then: String, this: String, change: AnyView| {
        view! {
            <tr>
                <th scope="row" class="pl-0! font-normal">{title}</th>
                <td class="num text-ink-2">{then}</td>
                <td class="num">{this}</td>
                <td class="num pr-0!">{change}</td>
            </tr>
        }
    };
    let mean = |totals: &Totals| tenths(totals.household.get().checked_div(Decimal::from(totals.homes)).unwrap_or_default());
    let measure = both.utility.measure();
    view! {
        <h3 class="mt-4 flex items-baseline gap-2 text-sm font-semibold">{utility_name(both.utility)} <span class="label-xs font-normal">{measure}</span></h3>
        <table class="table table-sm table-plain">
            <thead>
                <tr>
                    <th scope="col" class="pl-0!"><span class="sr-only">{t!("metering-item")}</span></th>
                    <th scope="col" class="num">{t!("metering-last-month")}</th>
                    <th scope="col" class="num">{t!("metering-this-time-short")}</th>
                    <th scope="col" class="num pr-0!">{t!("metering-difference")}</th>
                </tr>
            </thead>
            <tbody>
                {line(t!("metering-count-meters"), count(before.meters), count(now.meters), by_count(before.meters, now.meters))}
                {line(t!("metering-usage-household"), figure(before.household), figure(now.household), by_share(before.household.get(), now.household.get()))}
                {line(t!("metering-mean-home"), figure(mean(before)), figure(mean(now)), by_share(mean(before), mean(now)))}
                {line(t!("metering-count-zero"), count(before.zero), count(now.zero), by_count(before.zero, now.zero))}
                {(!before.master.is_zero() || !now.master.is_zero())
                    .then(|| line(t!("metering-usage-master"), figure(before.master), figure(now.master), by_share(before.master.get(), now.master.get())))}
            </tbody>
        </table>
        {loss(both, measure)}
    }
    .into_any()
}

fn by_count(before: u32, now: u32) -> AnyView {
    let change = i64::from(now) - i64::from(before);
    match change {
        0 => "0".into_any(),
        change if change > 0 => format!("+{}", count(change)).into_any(),
        change => format!("−{}", count(-change)).into_any(),
    }
}

/// A share in per cent, to one decimal.
fn per_cent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    (part * Decimal::ONE_HUNDRED).checked_div(whole).map(tenths)
}

fn by_share(before: Decimal, now: Decimal) -> AnyView {
    let Some(change) = per_cent(now - before, before) else { return "–".into_any() };
    if change.is_zero() {
        return "0".into_any();
    }
    let arrow = if change.is_sign_positive() { icons::ARROW_UP } else { icons::ARROW_DOWN };
    let told = format!("{}%", change.abs());
    let sign = if change.is_sign_positive() { "+" } else { "−" };
    view! {
        <span class="inline-flex items-center justify-end gap-0.5">
            {icon_sized(arrow, 12, "text-ink-3")} <span class="sr-only">{sign}</span> {told}
        </span>
    }
    .into_any()
}

/// Public use and loss against the master meters; a share that grew by more than half a point is a warning.
fn loss(both: &Comparison, measure: &'static str) -> AnyView {
    let share = |totals: &Totals| totals.shared().and_then(|shared| Some((shared, per_cent(shared, totals.master.get())?)));
    let Some((shared, now)) = share(&both.now) else { return ().into_any() };
    if !both.whole {
        return view! { <p class="mt-2 text-sm text-ink-2">{t!("metering-shared-later")}</p> }.into_any();
    }
    let before = share(&both.before).map(|(_, before)| before);
    let worse = shared.is_sign_negative() || before.is_some_and(|before| now > before + Decimal::new(5, 1));
    let (shape, tone) =
        if worse { (icons::TRIANGLE_ALERT, "mt-0.5 text-warning") } else { (icons::CIRCLE_CHECK, "mt-0.5 text-success") };
    let told = match before {
        Some(before) => t!("metering-shared-both", quantity = figure(shared), measure = measure, now = now, before = before),
        None => t!("metering-shared-now", quantity = figure(shared), measure = measure, now = now),
    };
    view! { <p class="mt-2 flex items-start gap-2 text-sm">{icon_sized(shape, 16, tone)} <span>{told}</span></p> }.into_any()
}
