//! What bills show of requests about them, and what is said when a deed waits instead of being done.

use common::approvals::api::{DeedOutcome, WaitingDeed, WithdrawApproval};
use common::approvals::flow::DeedKind;
use common::permission::Permission;
use leptos::prelude::*;

use super::decide::withdraw;
use super::words::kind_text;
use crate::kit::{Deed, Reload, State, mark, state_badge, toast, toast_with};
use crate::{session, t};

/// That something waits, as marks in a list; each says what on being pointed at.
pub fn waiting_badges(kinds: &[DeedKind]) -> AnyView {
    let one = |kind: &DeedKind| {
        let title = t!("approvals-waits", kind = kind_text(*kind));
        view! { <span class="ml-1" title=title>{mark(t!("approvals-state-waiting"), "badge-warning")}</span> }
    };
    kinds.iter().map(one).collect_view().into_any()
}

/// What waits, each in a line over the bill.
pub fn waiting_notes(waits: &[WaitingDeed], reload: Reload) -> AnyView {
    let deed = Deed::new();
    let one = |waiting: &WaitingDeed| {
        let kind = kind_text(waiting.kind);
        let words =
            t!("approvals-waits-text", kind = kind, amount = waiting.amount_fen, by = waiting.asked_by, reason = waiting.reason);
        let (id, amount, of) = (waiting.approval, waiting.amount_fen, waiting.kind);
        let look = session::may(Permission::ApprovalsRead)
            .then(|| view! { <a class="btn btn-xs" href=format!("/approvals/{id}")>{t!("approvals-look")}</a> });
        let back = waiting.mine.then(|| {
            let ask = WithdrawApproval { community: session::community(), approval: id, note: String::new() };
            let back = move |_| withdraw(ask.clone(), of, amount, deed, reload);
            view! { <button type="button" class="btn btn-xs" on:click=back>{t!("approvals-withdraw")}</button> }
        });
        view! {
            <li class="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line px-6 py-2 text-base max-sm:px-4">
                {state_badge(State::Wait, t!("approvals-state-waiting"))}
                <span class="min-w-0 flex-1 basis-60">{words}</span>
                <span class="no-print flex gap-2">{look}{back}</span>
            </li>
        }
    };
    view! { <ul>{waits.iter().map(one).collect_view()}</ul> }.into_any()
}

/// Says what became of a deed: `done` where it is done; else that it waits, with the way to the request.
pub fn done_or_waits(outcome: DeedOutcome, done: String) {
    match outcome.waits {
        None => toast(done),
        Some(id) if session::may(Permission::ApprovalsRead) => {
            toast_with(t!("approvals-submitted"), t!("approvals-look"), format!("/approvals/{id}"));
        }
        Some(_) => toast(t!("approvals-submitted")),
    }
}
