//! A run: how far it is, what came of it, or what had changed.

use std::time::Duration;

use common::billing::api::{GetRun, ListSkips, RestartRun, RunSkips, RunState, RunUnit, RunView, SkipRow};
use common::billing::plan::SkipReason;
use common::id::BillingRunId;
use common::permission::Permission;
use leptos::prelude::*;

use super::mend;
use super::preview::skip_text;
use crate::api::call;
use crate::kit::{
    Column, Deed, Empty, Header, List, Reload, State, Term, count, equation, icon_sized, icons, link_button, load, moment,
    primary_button, primary_link, problem_note, progress, section, state_badge,
};
use crate::shell::{not_found, param_id};
use crate::{session, t};

/// The page; asks again every half second while the run is under way.
pub(super) fn page() -> AnyView {
    let Some(run) = param_id::<BillingRunId>("run") else { return not_found() };
    let (reload, community) = (Reload::new(), session::community());
    let latest = RwSignal::new(None::<RunView>);
    let timer = set_interval_with_handle(
        move || {
            if latest.try_with_untracked(|latest| latest.as_ref().is_none_or(under_way)).unwrap_or(false) {
                reload.now();
            }
        },
        Duration::from_millis(500),
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    load(
        move || {
            reload.track();
            call(GetRun { community, run })
        },
        8,
        move |view: RunView| {
            latest.set(Some(view.clone()));
            of_run(view, reload)
        },
    )
}

/// Who, or by which rule.
pub(super) fn by_text(run: &RunView) -> String {
    match (&run.created_by, &run.rule) {
        (Some(by), Some(rule)) => t!("billing-run-by-rule", rule = rule, by = by),
        (None, Some(rule)) => t!("billing-run-by-rule", rule = rule, by = t!("billing-by-system")),
        (by, None) => by.clone().unwrap_or_else(|| t!("billing-by-system")),
    }
}

fn under_way(run: &RunView) -> bool {
    matches!(run.state, RunState::Queued | RunState::Running)
}

fn of_run(run: RunView, reload: Reload) -> AnyView {
    let months = super::words::months_text(run.inputs.first, run.inputs.months);
    let title = t!("billing-run-title", month = months, items = super::items_text(&run.fee_items));
    let badge = state_of(run.state);
    let bills = format!("/billing/bills?source={}", run.id);
    let actions =
        (run.state == RunState::Done && run.bills > 0).then(|| primary_link(icons::RECEIPT_TEXT, t!("billing-run-bills"), bills));
    let (by, was_for) = (by_text(&run), was_for(&run));
    let at = moment(run.created_at);
    let body = match run.state {
        RunState::Queued | RunState::Running => {
            let so_far = (run.done, run.total.max(1));
            view! { <div class="max-w-160 px-6 py-8 max-sm:px-4">{progress(t!("billing-generating"), Signal::derive(move || so_far))}<p class="mt-3 text-sm text-ink-2">{t!("billing-may-leave")}</p></div> }.into_any()
        }
        RunState::Done => done(&run),
        RunState::Refused => refused(&run),
        RunState::Failed => failed(&run, reload),
    };
    view! {
        {Header::new(title).crumb(t!("billing-runs"), "/billing/runs").beside(badge).actions(actions).show()}
        <p class="label-xs px-6 pb-1 max-sm:px-4">{t!("billing-run-by", by = by, at = at)}</p>
        {was_for}
        <div class="border-t border-line">{body}</div>
    }
    .into_any()
}

/// The buildings or single units that it was for, each unit with a way to its page.
fn was_for(run: &RunView) -> AnyView {
    let places = if run.inputs.units.is_empty() {
        super::words::places_text(&run.buildings, &[]).into_any()
    } else if run.units.is_empty() {
        t!("billing-units-count", count = count(run.inputs.units.len())).into_any()
    } else {
        let link = |unit: &RunUnit| view! { <a class="a mr-3 inline-block" href=format!("/estate/units/{}", unit.unit)>{unit.label.clone()}</a> };
        run.units.iter().map(link).collect_view().into_any()
    };
    view! { <p class="px-6 pb-3 text-sm max-sm:px-4"><span class="mr-2 text-ink-2">{t!("billing-run-where")}</span> {places}</p> }
        .into_any()
}

pub(super) fn state_of(state: RunState) -> AnyView {
    match state {
        RunState::Queued | RunState::Running => state_badge(State::Part, t!(&format!("billing-run-{state}"))),
        RunState::Done => state_badge(State::Done, t!("billing-run-done")),
        RunState::Refused | RunState::Failed => state_badge(State::Late, t!(&format!("billing-run-{state}"))),
    }
}

fn done(run: &RunView) -> AnyView {
    let skipped: u64 = run.skips.iter().map(|skip| skip.units).sum();
    let terms = vec![
        Term::count("", t!("billing-bills"), run.bills),
        Term { sign: "", ..Term::result(t!("billing-amount"), run.amount_fen) },
        Term::money("−", t!("billing-waived"), run.waived_fen),
        Term::count("", t!("billing-skipped"), skipped).class("text-ink-2"),
    ];
    let reasons = run.skips.iter().map(|skip: &RunSkips| {
        let icon = skip.reason.wants_mending().then(|| icon_sized(icons::TRIANGLE_ALERT, 14, "text-warning"));
        view! {
            <li class="flex items-center gap-2 py-1 text-sm">
                {icon} <span>{format!("{} · {}", skip.fee_item_name, skip_text(skip.reason, skip.kind))}</span>
                <span class="ml-auto">{t!("billing-units-count", count = count(skip.units))}</span>
            </li>
        }
    });
    let reasons = reasons.collect_view();
    let id = run.id;
    let list = (skipped > 0).then(|| {
        let base = ListSkips {
            community: session::community(),
            run: id,
            reason: None,
            fee_item: None,
            page: None,
            size: None,
            sort: None,
        };
        let reasons: Vec<(String, String)> = {
            let mut seen: Vec<_> = run.skips.iter().map(|skip| (skip.reason, skip_text(skip.reason, skip.kind))).collect();
            // One reason may read differently by fee item.
            seen.sort_unstable();
            seen.dedup();
            let words = |all: &[(SkipReason, String)]| all.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" / ");
            seen.chunk_by(|one, next| one.0 == next.0)
                .filter_map(|all| Some((all.first()?.0.word().to_owned(), words(all))))
                .collect()
        };
        List::new("run-skips", base, |row: &SkipRow| format!("{}{}", row.unit, row.fee_item))
            .filter(crate::kit::Filter::one("reason", t!("billing-reason"), reasons))
            .column(
                Column::new("billing-unit", |row: &SkipRow| row.unit_label.clone())
                    .link(|row| mend::of_unit(row.unit, row.reason)),
            )
            .column(Column::new("billing-fee-item", |row: &SkipRow| row.fee_item_name.clone()))
            .column(Column::new("billing-reason", |row: &SkipRow| skip_text(row.reason, Some(row.kind))))
            .export("/api/billing/runs/skips/export.xlsx")
            .empty(|| Empty::new(icons::CIRCLE_CHECK, t!("billing-none-skipped"), ""))
            .show()
    });
    view! {
        <section class="border-b border-line px-6 py-4 max-sm:px-4">{equation(terms)}</section>
        {(run.bills > 0).then(|| super::offset::of_run(run.id))}
        {mend::gaps(run)}
        {section(t!("billing-skipped"), (), view! { <ul class="max-w-120">{reasons}</ul> })}
        {list}
    }
    .into_any()
}

fn refused(run: &RunView) -> AnyView {
    let (difference, address) = (&run.difference, super::occurrence::preview_address(&run.inputs));
    let same = difference.iter().all(|row| (row.seen_bills, row.seen_fen) == (row.now_bills, row.now_fen));
    let rows = difference
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row" class="font-normal">{row.fee_item_name.clone()}</th>
                    <td>{row.building_name.clone().unwrap_or_else(|| t!("billing-outside"))}</td>
                    <td class="num">{count(row.seen_bills)}</td>
                    <td class="num">{row.seen_fen.to_string()}</td>
                    <td class="num">{count(row.now_bills)}</td>
                    <td class="num font-semibold">{row.now_fen.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="px-6 py-4 max-sm:px-4" role="alert">
            <p class="text-base font-semibold">{t!("billing-refused")}</p>
            <p class="mt-1 text-base text-ink-2">{if same { t!("billing-refused-single") } else { t!("billing-refused-why") }}</p>
            <div class="mt-3 overflow-x-auto">
                <table class="table">
                    <caption class="sr-only">{t!("billing-refused")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("billing-fee-item")}</th>
                            <th scope="col">{t!("estate-column-building")}</th>
                            <th scope="col" class="num">{t!("billing-seen-count")}</th>
                            <th scope="col" class="num">{t!("billing-seen-amount")}</th>
                            <th scope="col" class="num">{t!("billing-now-count")}</th>
                            <th scope="col" class="num">{t!("billing-now-amount")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <div class="mt-4">{primary_link(icons::CALCULATOR, t!("billing-preview-again"), address)}</div>
        </div>
    }
    .into_any()
}

fn failed(run: &RunView, reload: Reload) -> AnyView {
    let (id, deed) = (run.id, Deed::new());
    let restart = session::may(Permission::BillingGenerate).then(|| {
        primary_button(icons::ROTATE_CW, t!("billing-restart"), move || {
            deed.run(RestartRun { community: session::community(), run: id }, move |_| reload.now())
        })
    });
    view! {
        <div class="flex max-w-160 flex-col gap-4 px-6 py-6 max-sm:px-4">
            {run.problem.as_ref().map(problem_note)}
            <p class="text-base text-ink-2">{t!("billing-failed-why")}</p>
            <div class="flex gap-2">{link_button(icons::CALCULATOR, t!("billing-preview-again"), super::occurrence::preview_address(&run.inputs))} {restart}</div>
        </div>
    }
    .into_any()
}
