//! Prepayments that pay by themselves what a run bills: what there is of them before it, and what they paid after it.

use std::time::Duration;

use common::billing::api::GetRunInputs;
use common::cashier::api::{GetOffsetAhead, GetRunOffset, OffsetAhead, OffsetState, RestartOffset, RunOffset};
use common::id::BillingRunId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::call;
use crate::kit::{Deed, Reload, button, count, icon_sized, icons, load, moment, problem_note, toast};
use crate::{session, t};

/// Asks what prepayments could pay of a run, where one may see it; `still` says whether that is wanted when the answer is there.
pub(super) fn look(run: &GetRunInputs, known: RwSignal<Option<OffsetAhead>>, still: impl Fn() -> bool + 'static) {
    if !session::may_ask::<GetOffsetAhead>() {
        return;
    }
    let ask = GetOffsetAhead::from(run);
    spawn_local(async move {
        // What can't be told is nothing that the preview waits for.
        let ahead = call(ask).await.ok().filter(|ahead| ahead.units > 0);
        if still() {
            known.try_set(ahead);
        }
    });
}

/// The sentence above a preview.
pub(super) fn ahead(known: RwSignal<Option<OffsetAhead>>) -> AnyView {
    ahead_line(known, "px-6 pt-3 text-base max-sm:px-4")
}

/// The sentence; nothing where there is nothing to set off.
pub(super) fn ahead_line(known: RwSignal<Option<OffsetAhead>>, class: &'static str) -> AnyView {
    let line = move |ahead: OffsetAhead| {
        let words = t!("billing-offset-ahead", units = count(ahead.units), amount = ahead.left_fen);
        view! { <p class=class><span class="flex items-center gap-2">{icon_sized(icons::WALLET, 16, "text-ink-3")} {words}</span></p> }
    };
    (move || known.get().map(line)).into_any()
}

/// What came of it on a run's page; asks again while it is to be done.
pub(super) fn of_run(run: BillingRunId) -> AnyView {
    if !session::may_ask::<GetRunOffset>() {
        return ().into_any();
    }
    let (reload, community) = (Reload::new(), session::community());
    let waits = RwSignal::new(false);
    let timer = set_interval_with_handle(
        move || {
            if waits.try_get_untracked() == Some(true) {
                reload.now();
            }
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let ask = move || {
        reload.track();
        call(GetRunOffset { community, run })
    };
    load(ask, 1, move |offset: RunOffset| {
        waits.set(offset.state == OffsetState::Waits);
        shown(run, &offset, reload)
    })
}

fn shown(run: BillingRunId, offset: &RunOffset, reload: Reload) -> AnyView {
    let paid = (offset.bills > 0).then(|| {
        let (units, bills) = (count(offset.units), count(offset.bills));
        view! {
            <p>
                {t!("billing-offset-paid", units = units, bills = bills, amount = offset.amount_fen)} " "
                <a class="a" href=format!("/cashier/payments?run={run}")>{t!("billing-offset-payments")}</a>
            </p>
        }
    });
    let rest = match offset.state {
        OffsetState::Done => None,
        OffsetState::Waits => Some(view! { <p class="text-ink-2">{t!("billing-offset-waits")}</p> }.into_any()),
        OffsetState::Failed => Some(failed(run, offset, reload)),
    };
    if paid.is_none() && rest.is_none() {
        return ().into_any();
    }
    view! {
        <section class="flex flex-col gap-2 border-b border-line px-6 py-3 text-base max-sm:px-4" aria-label=t!("billing-offset") aria-live="polite">
            {paid}
            {rest}
        </section>
    }
    .into_any()
}

/// Why it failed and when it is tried again, with the way to have it tried at once.
fn failed(run: BillingRunId, offset: &RunOffset, reload: Reload) -> AnyView {
    let deed = Deed::new();
    let again = session::may_ask::<RestartOffset>().then(|| {
        button(icons::ROTATE_CW, t!("billing-offset-again"), move || {
            deed.run(RestartOffset { community: session::community(), run }, move |_| {
                toast(t!("billing-offset-again-done"));
                reload.now();
            });
        })
    });
    let next = offset.next_try.map(|at| view! { <p class="text-ink-2">{t!("billing-offset-failed", at = moment(at))}</p> });
    view! {
        <div class="flex max-w-160 flex-col gap-2">
            {offset.problem.as_ref().map(problem_note)}
            {next}
            <div>{again}</div>
        </div>
    }
    .into_any()
}
