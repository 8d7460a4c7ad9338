//! What a form knows besides its draft: what can't be read, what the server refused, which fields were left.

use std::collections::{BTreeMap, BTreeSet};

use common::problem::{FieldProblem, Problem};
use leptos::prelude::*;

use super::super::icon::icon_sized;
use super::super::{icons, leave};
use crate::text;

/// What a form knows besides its draft.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// Texts that can't be read, by field.
    pub(super) unread: RwSignal<BTreeMap<String, FieldProblem>>,
    /// The server's answer, by field.
    pub(super) refused: RwSignal<Vec<FieldProblem>>,
    /// The server's answer as a whole.
    pub(super) problem: RwSignal<Option<Problem>>,
    /// The request's own rules that are broken now.
    pub(super) rules: Memo<Vec<FieldProblem>>,
    /// Fields that were left once: their problems may show.
    pub(super) touched: RwSignal<BTreeSet<String>>,
    /// It was tried to send: all problems show.
    pub(super) tried: RwSignal<bool>,
    pub(super) busy: RwSignal<bool>,
    pub(super) labels: StoredValue<BTreeMap<String, String>>,
    pub(super) guard: leave::Guard,
}

impl State {
    /// What is wrong with this field, when it may be said already.
    pub(super) fn problem_of(self, field: &str) -> Option<String> {
        if let Some(refused) =
            self.refused.with(|refused| refused.iter().find(|problem| problem.field == field).map(text::of_field))
        {
            return Some(refused);
        }
        if !self.tried.get() && !self.touched.with(|touched| touched.contains(field)) {
            return None;
        }
        self.unread
            .with(|unread| unread.get(field).map(text::of_field))
            .or_else(|| self.rules.with(|rules| rules.iter().find(|problem| problem.field == field).map(text::of_field)))
    }

    /// Whether every field can be read and keeps the rules, whatever the server said to the last sending.
    pub(super) fn is_right(self) -> bool {
        self.unread.with(BTreeMap::is_empty) && self.rules.with(Vec::is_empty)
    }

    pub(super) fn all(self) -> Vec<FieldProblem> {
        let mut all: Vec<FieldProblem> = self.unread.with(|unread| unread.values().cloned().collect());
        for problem in self.rules.get().into_iter().chain(self.refused.get()) {
            if all.iter().all(|known| known.field != problem.field) {
                all.push(problem);
            }
        }
        all
    }

    pub(super) fn label(self, field: &str, label: &str) {
        self.labels.update_value(|labels| {
            labels.insert(field.to_owned(), label.to_owned());
        });
    }

    /// The field was left. Its problem shows a moment later: at once, it would push the button away from under the
    /// pointer that is pressing it.
    pub(super) fn touch(self, field: &str) {
        let field = field.to_owned();
        gloo::timers::callback::Timeout::new(200, move || {
            self.touched.try_update(|touched| touched.insert(field));
        })
        .forget();
    }

    pub(super) fn changed(self, field: &str) {
        self.guard.dirty();
        if self.refused.with_untracked(|refused| !refused.is_empty()) {
            self.refused.update(|refused| refused.retain(|problem| problem.field != field));
        }
    }
}

/// The field's id in the document.
pub(super) fn id_of(field: &str) -> String {
    format!("f-{}", field.replace('.', "-"))
}

/// What is wrong with a field, beneath it.
pub(super) fn said(state: State, field: String) -> impl Fn() -> AnyView + Send {
    let id = format!("{}-said", id_of(&field));
    move || {
        let words = state.problem_of(&field).map(|words| {
            view! { <p class="mt-1 flex items-start gap-1.5 text-sm text-error">{icon_sized(icons::CIRCLE_ALERT, 14, "mt-[3px]")} {words}</p> }
        });
        view! { <div id=id.clone()>{words}</div> }.into_any()
    }
}
