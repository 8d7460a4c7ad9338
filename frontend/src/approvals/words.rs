//! What kinds and states are called.

use common::approvals::api::{ApprovalRow, ApprovalState, Former};
use common::approvals::flow::DeedKind;
use common::money::Money;
use leptos::prelude::*;

use crate::kit::{State, mark, state_badge};
use crate::t;

/// A kind as it stands in the ids of texts.
pub(super) fn id(kind: DeedKind) -> String {
    kind.word().replace('_', "-")
}

pub(super) fn kind_text(kind: DeedKind) -> String {
    t!(&format!("approvals-kind-{}", id(kind)))
}

/// What a request is called: its kind, and how much or what it is about.
pub(super) fn title_of(row: &ApprovalRow) -> String {
    match row.kind.has_amount() {
        true => amount_title(row.kind, row.amount_fen),
        false => t!("approvals-title-about", kind = kind_text(row.kind), name = row.number),
    }
}

pub(super) fn amount_title(kind: DeedKind, amount: Money) -> String {
    t!("approvals-title", kind = kind_text(kind), amount = amount)
}

pub(super) fn state_text(state: ApprovalState) -> String {
    t!(&format!("approvals-state-{state}"))
}

pub(super) fn state(state: ApprovalState) -> AnyView {
    let look = match state {
        ApprovalState::Waiting => State::Wait,
        ApprovalState::Agreed => State::Done,
        ApprovalState::Refused | ApprovalState::Withdrawn => State::Void,
    };
    state_badge(look, state_text(state))
}

/// The bill that it is about, or the first of them and how many there are.
pub(super) fn about(row: &ApprovalRow) -> String {
    match row.bills {
        0 | 1 => row.number.clone(),
        // A receipt is one, however many bills it paid.
        _ if row.kind == DeedKind::VoidPayment => row.number.clone(),
        count => t!("approvals-about-more", number = row.number, count = count),
    }
}

/// Who decides next.
pub(super) fn waits_for(row: &ApprovalRow) -> String {
    match row.state {
        ApprovalState::Waiting if row.waits_for.is_empty() => t!("approvals-flow-nobody"),
        _ => row.waits_for.join(&t!("kit-comma")),
    }
}

/// Somebody who is named by a flow and decides nothing any more, with why.
pub(super) fn gone_badge(one: &Former) -> AnyView {
    view! {
        <span class="inline-flex items-baseline gap-1">
            <s class="text-ink-2">{one.name.clone()}</s>
            {mark(t!(&format!("approvals-flow-gone-{}", one.why)), "badge-warning")}
        </span>
    }
    .into_any()
}
