//! What bills show of requests about them, and what is said when a deed waits instead of being done.

use common::approvals::api::{
    ApprovalRow, ApprovalState, DeedOutcome, ListApprovals, WaitingDeed, WaitingMark, Whose, WithdrawApproval,
};
use common::approvals::flow::DeedKind;
use common::id::ApprovalId;
use common::permission::Permission;
use leptos::prelude::*;

use super::decide::withdraw;
use super::words::{amount_title, kind_text};
use crate::api::call;
use crate::kit::{Deed, Reload, State, mark, state_badge, toast, toast_with};
use crate::{session, t};

/// That something waits, as marks in a list that lead to the requests; each says what on being pointed at.
pub fn waiting_marks(waits: &[WaitingMark]) -> AnyView {
    let may = session::may(Permission::ApprovalsRead);
    let one = |waiting: &WaitingMark| {
        let title = t!("approvals-waits", kind = kind_text(waiting.kind));
        let word = mark(t!("approvals-state-waiting"), "badge-warning");
        match may {
            true => view! { <a class="ml-1" title=title href=format!("/approvals/{}", waiting.approval)>{word}</a> }.into_any(),
            false => view! { <span class="ml-1" title=title>{word}</span> }.into_any(),
        }
    };
    waits.iter().map(one).collect_view().into_any()
}

/// What waits, each in a line over the bill.
pub fn waiting_notes(waits: &[WaitingDeed], reload: Reload) -> AnyView {
    let deed = Deed::new();
    let one = |waiting: &WaitingDeed| {
        let kind = kind_text(waiting.kind);
        let words =
            t!("approvals-waits-text", kind = kind, amount = waiting.amount_fen, by = waiting.asked_by, reason = waiting.reason);
        let (id, title) = (waiting.approval, amount_title(waiting.kind, waiting.amount_fen));
        let look = waits_link(id);
        let back = waiting.mine.then(|| {
            let ask = WithdrawApproval { community: session::community(), approval: id, note: String::new() };
            let back = move |_| withdraw(ask.clone(), title.clone(), deed, reload);
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

/// The requests of a kind that wait, each in a line over the list of what they are about; nothing for who may not see requests.
pub fn waiting_requests(kind: DeedKind, reload: Reload) -> AnyView {
    if !session::may(Permission::ApprovalsRead) {
        return ().into_any();
    }
    let of = ListApprovals::of(session::community());
    let ask = ListApprovals { whose: Some(Whose::All), state: Some(ApprovalState::Waiting), kind: Some(kind), ..of };
    let waiting = LocalResource::new(move || {
        reload.track();
        let ask = ask.clone();
        async move { call(ask).await.map(|page| page.rows).unwrap_or_default() }
    });
    let one = |row: ApprovalRow| {
        let words = t!("approvals-waits-about", kind = kind_text(row.kind), name = row.number, by = row.asked_by);
        view! {
            <li class="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line px-6 py-2 text-base max-sm:px-4">
                {state_badge(State::Wait, t!("approvals-state-waiting"))}
                <span class="min-w-0 flex-1 basis-60">{words}</span>
                {waits_link(row.id)}
            </li>
        }
    };
    let list = move || waiting.get().map(|rows| rows.into_iter().map(one).collect_view());
    view! { <ul>{list}</ul> }.into_any()
}

/// The way to a request, for who may see it.
pub fn waits_link(request: ApprovalId) -> AnyView {
    session::may(Permission::ApprovalsRead)
        .then(|| view! { <a class="btn btn-xs no-print" href=format!("/approvals/{request}")>{t!("approvals-look")}</a> })
        .into_any()
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
