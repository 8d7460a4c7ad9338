//! 生成记录: every run, with what came of it.

use common::billing::api::{ListRuns, RunSkips, RunState, RunView};
use common::permission::Permission;
use leptos::prelude::*;

use super::preview::skip_text;
use super::run::{by_text, state_of};
use super::words::{months_text, places_text};
use crate::kit::{Column, Empty, Header, List, count, dash, icons, moment, money, primary_link};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let base = ListRuns { community: session::community(), page: None, size: None, sort: None };
    let generate = || {
        session::may(Permission::BillingGenerate)
            .then(|| primary_link(icons::FILE_PLUS, t!("billing-generate"), "/billing/generate"))
    };
    let list = List::new("runs", base, |run: &RunView| run.id.to_string())
        .column(
            Column::new("billing-run", |run: &RunView| months_text(run.inputs.first, run.inputs.months))
                .link(|run| format!("/billing/runs/{}", run.id)),
        )
        .column(Column::new("billing-fee-items", |run: &RunView| super::items_text(&run.fee_items)).wide())
        .column(Column::new("billing-run-where", where_text))
        .column(Column::new("billing-state", |run: &RunView| state_of(run.state)))
        .column(Column::new("billing-bills", |run: &RunView| figure(run, count(run.bills))).num())
        .column(
            Column::new("billing-amount", |run: &RunView| if made(run) { money(run.amount_fen) } else { dash() }).num().strong(),
        )
        .column(Column::new("billing-skipped", skipped).wide())
        .column(Column::new("billing-run-who", |run: &RunView| by_text(run)))
        .column(Column::new("billing-run-when", |run: &RunView| moment(run.created_at)))
        .export("/api/billing/runs/export.xlsx")
        .empty(move || Empty::new(icons::FILE_PLUS, t!("billing-runs-none"), t!("billing-none-why")).actions(generate()));
    view! {
        {Header::new(t!("billing-runs")).actions(generate()).show()}
        {list.show()}
    }
    .into_any()
}

fn where_text(run: &RunView) -> String {
    let units: Vec<String> = run.units.iter().map(|unit| unit.label.clone()).collect();
    match run.inputs.units.len() {
        0 => places_text(&run.buildings, &units),
        // Units that are there no more have no names.
        all if units.is_empty() => t!("billing-units-count", count = count(all)),
        _ => places_text(&[], &units),
    }
}

fn made(run: &RunView) -> bool {
    run.state == RunState::Done
}

fn figure(run: &RunView, figure: String) -> AnyView {
    if made(run) { figure.into_any() } else { dash() }
}

/// How many units, by reason, the most first.
fn skipped(run: &RunView) -> AnyView {
    if !made(run) || run.skips.is_empty() {
        return dash();
    }
    let mut reasons: Vec<(_, u64)> = Vec::new();
    for RunSkips { reason, kind, units, .. } in &run.skips {
        let words = skip_text(*reason, *kind);
        match reasons.iter_mut().find(|(known, _)| *known == words) {
            Some((_, sum)) => *sum += units,
            None => reasons.push((words, *units)),
        }
    }
    reasons.sort_by_key(|(_, units)| std::cmp::Reverse(*units));
    let words: Vec<String> = reasons.into_iter().map(|(words, units)| format!("{words} {}", count(units))).collect();
    words.join(&t!("billing-comma")).into_any()
}
