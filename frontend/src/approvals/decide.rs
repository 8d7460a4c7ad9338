//! The dialog in which one agrees to a request or refuses it, and the question before one's own is withdrawn.

use common::approvals::api::{ApprovalRow, ApprovalState, DecideApproval, Verdict, WithdrawApproval};
use common::id::ApprovalId;
use leptos::prelude::*;
use uuid::Uuid;

use super::words::{id, kind_text, title_of};
use crate::kit::{Confirm, Deed, Ending, Form, Reload, Term, dialog, equation_line, toast};
use crate::shell::look_again;
use crate::{session, t};

/// What the deed does to the amount; nothing where its kind has none.
pub(super) fn terms(row: &ApprovalRow) -> Vec<Term> {
    if !row.kind.has_amount() {
        return Vec::new();
    }
    let id = id(row.kind);
    vec![
        Term::money("", t!(&format!("approvals-before-{id}")), row.before_fen),
        Term::money("−", t!(&format!("approvals-takes-{id}")), row.amount_fen),
        Term::result(t!(&format!("approvals-after-{id}")), row.after_fen),
    ]
}

/// What counted along towards the levels.
pub(super) fn together(row: &ApprovalRow) -> Option<AnyView> {
    let sum = row.amount_fen.checked_add(row.together_fen).filter(|_| row.together_fen.is_positive())?;
    let words = t!(&format!("approvals-together-{}", id(row.kind)), before = row.together_fen, sum = sum);
    Some(view! { <p class="mt-2 text-sm">{words}</p> }.into_any())
}

/// The dialog, opened for a verdict.
#[derive(Clone, Copy)]
pub(super) struct Deciding {
    open: RwSignal<bool>,
    form: Form<DecideApproval>,
    row: RwSignal<Option<ApprovalRow>>,
    reload: Reload,
}

impl Deciding {
    pub(super) fn new(reload: Reload) -> Self {
        let form = Form::new(ask_of(ApprovalId(Uuid::nil()), 1, Verdict::Agree));
        Self { open: RwSignal::new(false), form, row: RwSignal::new(None), reload }
    }

    pub(super) fn ask(self, row: &ApprovalRow, verdict: Verdict) {
        self.form.restart(ask_of(row.id, row.level, verdict));
        self.row.set(Some(row.clone()));
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, form, row, reload } = self;
        let agrees = move || form.draft.with(|ask| ask.verdict == Verdict::Agree);
        let title = move || {
            row.with(|row| {
                let Some(row) = row else { return String::new() };
                let what = title_of(row);
                if agrees() { t!("approvals-agree-title", what = what) } else { t!("approvals-refuse-title", what = what) }
            })
        };
        dialog(open, title, move || {
            let Some(row) = row.get_untracked() else { return ().into_any() };
            let agrees = untrack(agrees);
            let (why, label, verb) = match (agrees, row.level == row.levels) {
                (true, true) => (t!("approvals-agree-last"), t!("approvals-note"), t!("approvals-agree")),
                (true, false) => (t!("approvals-agree-next"), t!("approvals-note"), t!("approvals-agree")),
                (false, _) => (t!("approvals-refuse-why"), t!("approvals-note-refuse"), t!("approvals-refuse")),
            };
            let note = form.field("note", label, |ask| &mut ask.note).lines(2).focus();
            let fields = view! {
                <p class="text-base text-ink-2">{why}</p>
                {row.kind.has_amount().then(|| view! {
                    <div class="border-t-3 border-double border-control pt-3 text-sm">{equation_line(terms(&row))}</div>
                    {together(&row)}
                })}
                {note.show()}
            };
            let ending = Ending::new(verb).in_dialog().cancel(move || {
                open.set(false);
                look_again();
                // What went wrong stands at the request by now.
                reload.now();
            });
            let ending = if agrees { ending } else { ending.danger() };
            let kind = kind_text(row.kind);
            let done = move |decided: common::approvals::api::Decided| {
                open.set(false);
                look_again();
                reload.now();
                toast(match decided.state {
                    ApprovalState::Agreed => t!("approvals-agreed-done", kind = kind),
                    ApprovalState::Waiting => t!("approvals-agreed-next"),
                    ApprovalState::Refused | ApprovalState::Withdrawn => t!("approvals-refused-done"),
                });
            };
            view! { <div class="mt-2">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}

fn ask_of(approval: ApprovalId, level: u32, verdict: Verdict) -> DecideApproval {
    DecideApproval { community: session::community(), approval, level, verdict, note: String::new() }
}

/// Withdraws a request of one's own, after a question.
pub(super) fn withdraw(ask: WithdrawApproval, what: String, deed: Deed, reload: Reload) {
    let title = t!("approvals-withdraw-title", what = what);
    Confirm::new(title, t!("approvals-withdraw-why"), t!("approvals-withdraw")).danger().ask(move || {
        deed.run(ask, move |_| {
            look_again();
            reload.now();
            toast(t!("approvals-withdrawn-done"));
        });
    });
}
