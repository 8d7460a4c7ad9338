//! Prepayments that pay by themselves what a run bills: what there is of them before it, and what they paid after it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use common::cashier::api::{GetOffsetAhead, GetRunOffset, OffsetAhead, OffsetState, RestartOffset, RunOffset};
use common::id::BillingRunId;
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::errands::SetOffPlanned;
use crate::api::call;
use crate::kit::{Deed, button, count, icon_sized, icons, moment, problem_note, problem_view, toast};
use crate::{session, t, worker};

/// What prepayments could pay of the run that was planned last, where one may see it. What can't be told is left out.
pub(super) async fn ahead(ask: GetOffsetAhead) -> Option<OffsetAhead> {
    if !session::may_ask::<GetOffsetAhead>() {
        return None;
    }
    let left = call(ask).await.ok().filter(|left| !left.is_empty())?;
    worker::ask(SetOffPlanned { left }, |_| {}).await.ok()?
}

/// The sentence above a preview.
pub(super) fn ahead_line(ahead: OffsetAhead) -> AnyView {
    let words = t!("billing-offset-ahead", units = count(ahead.units), amount = ahead.left_fen);
    view! { <p class="px-6 pt-3 text-base max-sm:px-4"><span class="flex items-center gap-2">{icon_sized(icons::WALLET, 16, "text-ink-3")} {words}</span></p> }
        .into_any()
}

/// How soon it is asked again while it is to be done.
const SOON: Duration = Duration::from_secs(1);
/// How long at most where there was no answer; twice as long each time.
const LATE: Duration = Duration::from_secs(60);

/// What is known of a run's set-off, asked for again while it is to be done.
#[derive(Clone, Copy)]
struct Asked {
    run: BillingRunId,
    known: RwSignal<Option<Result<RunOffset, Problem>>>,
    /// Counts what was asked for anew: whoever still asks from before stops.
    turn: StoredValue<u32>,
}

impl Asked {
    /// Asks at once.
    fn now(self) {
        if let Some(turn) = self.turn.try_get_value() {
            self.turn.set_value(turn.wrapping_add(1));
            self.ask(turn.wrapping_add(1), SOON);
        }
    }

    fn wanted(self, turn: u32) -> bool {
        self.turn.try_get_value() == Some(turn)
    }

    fn ask(self, turn: u32, pause: Duration) {
        spawn_local(async move {
            let answer = call(GetRunOffset { community: session::community(), run: self.run }).await;
            if !self.wanted(turn) {
                return;
            }
            let next = match &answer {
                Ok(offset) => (offset.state == OffsetState::Waits).then_some(SOON),
                Err(problem) => (problem.status == 0 || problem.status >= 500).then(|| LATE.min(pause * 2)),
            };
            // What was told already stays when the server is away.
            if answer.is_ok() || self.known.with_untracked(|known| !matches!(known, Some(Ok(_)))) {
                self.known.set(Some(answer));
            }
            if let Some(next) = next {
                let again = move || {
                    if self.wanted(turn) {
                        self.ask(turn, next);
                    }
                };
                set_timeout(again, next);
            }
        });
    }
}

/// Where it stands besides what was paid.
#[derive(Clone, PartialEq)]
enum Stands {
    /// Nobody knows yet, or there is nothing to say.
    Quiet,
    Waits,
    Failed(Option<Problem>, Option<DateTime<Utc>>),
    Unknown(Problem),
}

/// What came of it on a run's page. Only what changes is drawn anew, in a place that stays.
pub(super) fn of_run(run: BillingRunId) -> AnyView {
    if !session::may_ask::<GetRunOffset>() {
        return ().into_any();
    }
    let asked = Asked { run, known: RwSignal::new(None), turn: StoredValue::new(0) };
    asked.now();
    let paid = Memo::new(move |_| {
        asked.known.with(|known| match known {
            Some(Ok(offset)) if offset.bills > 0 => Some((offset.units, offset.bills, offset.amount_fen)),
            _ => None,
        })
    });
    let any_paid = Memo::new(move |_| paid.with(Option::is_some));
    let stands = Memo::new(move |_| {
        asked.known.with(|known| match known {
            None => Stands::Quiet,
            Some(Err(problem)) => Stands::Unknown(problem.clone()),
            Some(Ok(offset)) => match offset.state {
                OffsetState::Done => Stands::Quiet,
                OffsetState::Waits => Stands::Waits,
                OffsetState::Failed => Stands::Failed(offset.problem.clone(), offset.next_try),
            },
        })
    });
    let words = move || {
        paid.get()
            .map(|(units, bills, amount)| t!("billing-offset-paid", units = count(units), bills = count(bills), amount = amount))
    };
    let paid = move || {
        any_paid.get().then(|| {
            view! {
                <div class="flex flex-wrap gap-x-2">
                    <p>{words}</p>
                    <a class="a" href=format!("/cashier/payments?run={run}")>{t!("billing-offset-payments")}</a>
                </div>
            }
        })
    };
    let rest = move || match stands.get() {
        Stands::Quiet => ().into_any(),
        Stands::Waits => view! { <p class="text-ink-2">{t!("billing-offset-waits")}</p> }.into_any(),
        Stands::Failed(problem, next_try) => failed(asked, problem.as_ref(), next_try),
        Stands::Unknown(problem) => problem_view(&problem, move || asked.now()),
    };
    let silent = Memo::new(move |_| !any_paid.get() && stands.with(|stands| *stands == Stands::Quiet));
    view! {
        <section
            class="flex flex-col gap-2 border-b border-line px-6 py-3 text-base max-sm:px-4"
            class:sr-only=silent
            aria-label=t!("billing-offset")
            aria-live="polite"
        >
            {paid}
            {rest}
        </section>
    }
    .into_any()
}

/// Why it failed and when it is tried again, with the way to have it tried at once.
fn failed(asked: Asked, problem: Option<&Problem>, next_try: Option<DateTime<Utc>>) -> AnyView {
    let deed = Deed::new();
    let again = session::may_ask::<RestartOffset>().then(|| {
        button(icons::ROTATE_CW, t!("billing-offset-again"), move || {
            deed.run(RestartOffset { community: session::community(), run: asked.run }, move |_| {
                toast(t!("billing-offset-again-done"));
                asked.now();
            });
        })
    });
    let next = next_try.map(|at| view! { <p class="text-ink-2">{t!("billing-offset-failed", at = moment(at))}</p> });
    view! {
        <div class="flex max-w-160 flex-col gap-2">
            {problem.map(problem_note)}
            {next}
            <div>{again}</div>
        </div>
    }
    .into_any()
}
