//! The figures: strip, collection rate over twelve months, arrears by age, today's takings.

use common::money::Money;
use common::reports::api::{Dashboard, MonthRate};
use leptos::prelude::*;

use super::todo;
use crate::kit::{self, Age, Chart, Figure, Series, Tone, big_money, count, figure_strip, icon_sized, icons};
use crate::t;

/// Everything under the header; while there is no bill yet, what to do first.
pub(super) fn board(dashboard: Dashboard) -> AnyView {
    if dashboard.months.iter().all(|month| month.figures.receivable_fen.is_zero()) && dashboard.takings.payments == 0 {
        return todo::first_steps();
    }
    let strip = figure_strip(strip(&dashboard));
    let rate = rate(&dashboard);
    let ages = ages(&dashboard);
    let takings = takings(&dashboard);
    view! {
        {strip}
        <div class="board flex-1">
            <section class="board-rate px-6 pt-4 pb-3 max-sm:px-4" aria-labelledby="rate">
                <div class="flex min-h-8 flex-wrap items-center gap-2">
                    <h2 id="rate" class="text-lg font-semibold">{t!("home-rate")}</h2>
                    <span class="label-xs mt-0.5">{t!("home-rate-about")}</span>
                </div>
                {rate}
            </section>
            <section class="board-todo px-6 pt-4 pb-2 max-sm:px-4">
                <h2 class="flex min-h-8 items-center text-lg font-semibold">{t!("home-todo")}</h2>
                {todo::list(dashboard.todo)}
            </section>
            <section class="board-ages px-6 pt-4 pb-4 max-sm:px-4">
                <h2 class="flex min-h-8 items-center text-lg font-semibold">{t!("home-ages")}</h2>
                {ages}
            </section>
            <section class="board-takings px-6 pt-4 pb-4 max-sm:px-4">
                <h2 class="flex min-h-8 items-center text-lg font-semibold">{t!("home-takings")}</h2>
                {takings}
            </section>
        </div>
    }
    .into_any()
}

/// Tenths of a percent as text: `81.6`.
fn tenths(per_mille: i64) -> String {
    format!("{}.{}", per_mille / 10, per_mille.abs() % 10)
}

fn strip(dashboard: &Dashboard) -> Vec<Figure> {
    let month = dashboard.this_month;
    let rate = month.per_mille();
    let change = rate.zip(dashboard.last_month_to_date.per_mille()).map(|(now, before)| now - before);
    let rate = match rate {
        Some(rate) => view! { {tenths(rate)}<span class="fen">"%"</span> }.into_any(),
        None => kit::dash(),
    };
    let versus = change.map(|change| {
        let words = t!("home-points", points = tenths(change.abs()));
        view! { <span>{t!("home-versus-day")}</span> {arrow(change, change >= 0, words)} }
    });
    let grown = dashboard.arrears_fen.checked_sub(dashboard.arrears_last_month_fen).unwrap_or_default();
    let growth = (!grown.is_zero()).then(|| {
        let words = format!("¥{}", Money::from_fen(grown.fen().abs()));
        view! { <span>{t!("home-versus-month")}</span> {arrow(grown.fen(), grown.is_negative(), words)} }
    });
    let takings = &dashboard.takings;
    let voided = (takings.voided > 0).then(|| t!("home-voided", count = count(takings.voided), amount = takings.voided_fen));
    let refunded = takings.refunded_fen.is_positive().then(|| t!("home-refunded", amount = takings.refunded_fen));
    vec![
        Figure::new(t!("home-rate-now", month = dashboard.month), rate).note(versus),
        Figure::new(t!("home-receivable", month = dashboard.month), big_money(month.receivable_fen, "")).note(t!(
            "home-billed",
            units = count(dashboard.units_billed),
            bills = count(dashboard.bills)
        )),
        Figure::new(t!("home-arrears"), big_money(dashboard.arrears_fen, ""))
            .note(view! { <span>{t!("home-arrears-units", units = count(dashboard.arrears_units))}</span> {growth} })
            .href("/reports/arrears"),
        Figure::new(t!("home-takings"), big_money(takings.total_fen, ""))
            .note(view! { <span>{t!("home-payments", count = count(takings.payments))}</span> <span>{voided}</span> <span>{refunded}</span> })
            .href("/cashier/day"),
    ]
}

/// A change with its direction, in the colour of what it means.
fn arrow(change: i64, good: bool, words: String) -> AnyView {
    let class =
        if good { "inline-flex items-center gap-0.5 text-success" } else { "inline-flex items-center gap-0.5 text-error" };
    let shape = if change >= 0 { icons::ARROW_UP } else { icons::ARROW_DOWN };
    view! { <span class=class>{icon_sized(shape, 12, "")}{words}</span> }.into_any()
}

fn rate(dashboard: &Dashboard) -> AnyView {
    let months = &dashboard.months;
    let rate = |month: &MonthRate| month.figures.per_mille();
    let last_year = |month: &MonthRate| month.last_year.per_mille();
    // A hundredth of 10,000 yuan is written as a fen is of a yuan.
    let ten_thousand = |amount: Money| Money::from_fen(amount.fen() / 10_000).to_string();
    let mut series = vec![Series { name: t!("home-this-year"), values: months.iter().map(rate).collect(), tone: Tone::Main }];
    if months.iter().any(|month| last_year(month).is_some()) {
        series.insert(0, Series { name: t!("home-last-year"), values: months.iter().map(last_year).collect(), tone: Tone::Past });
    }
    let label = |(place, month): (usize, &MonthRate)| {
        let text = month.month.to_string();
        // The year stands where it begins.
        if place == 0 || text.ends_with("-01") { text } else { text.rsplit('-').next().unwrap_or_default().to_owned() }
    };
    let row = |name: String, cell: &dyn Fn(&MonthRate) -> String| (name, months.iter().map(cell).collect::<Vec<_>>());
    Chart {
        title: t!("home-rate-title"),
        labels: months.iter().enumerate().map(label).collect(),
        series,
        say: |level| format!("{}%", level / 10),
        goal: Some((950, t!("home-goal", percent = 95))),
        unfinished: Some(t!("home-until", day = dashboard.today.format("%m-%d"))),
        rows: vec![
            row("%".to_owned(), &|month| rate(month).map_or_else(|| "–".to_owned(), tenths)),
            row(t!("home-row-receivable"), &|month| ten_thousand(month.figures.receivable_fen)),
            row(t!("home-row-received"), &|month| ten_thousand(month.figures.received_fen)),
        ],
    }
    .lines()
}

fn ages(dashboard: &Dashboard) -> AnyView {
    let rows: Vec<Age> = dashboard
        .ages
        .iter()
        .filter(|sum| sum.age != common::reports::age::Age::NotDue)
        .map(|sum| Age {
            label: t!(&format!("home-age-{}", sum.age.code())),
            note: t!("home-units", count = count(sum.units)),
            amount: sum.open_fen,
        })
        .collect();
    kit::age_bar(t!("home-ages"), rows, t!("home-units", count = count(dashboard.arrears_units)))
}

fn takings(dashboard: &Dashboard) -> AnyView {
    let takings = &dashboard.takings;
    if takings.by_method.is_empty() {
        return view! { <p class="py-2 text-base text-ink-2">{t!("home-takings-none")}</p> }.into_any();
    }
    let rows = takings
        .by_method
        .iter()
        .map(|sum| Age {
            label: crate::cashier::method_name(sum.method, sum.name.as_deref()),
            note: t!("home-payments", count = count(sum.payments)),
            amount: sum.amount_fen,
        })
        .collect();
    kit::amount_bars(t!("home-takings"), rows, t!("home-payments", count = count(takings.payments)))
}
