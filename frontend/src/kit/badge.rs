//! States: a shape and a word, quiet when nothing is left to do.

use leptos::prelude::*;

/// The shape and tone of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not begun: 未收, 待派单. A ring on grey.
    Open,
    /// Under way: 部分已收. A half disc, tinted.
    Part,
    /// Waits for a person: 审核中. A dotted ring, ochre.
    Wait,
    /// Late or missed, someone must act. A diamond, red.
    Late,
    /// Late for a few days only: the same without its ground, so that fresh arrears stay calm.
    FreshLate,
    /// Done. A grey disc.
    Done,
    /// Void or out of use. A grey dash.
    Void,
}

/// A state as a badge: `state_badge(State::Late, t!("billing-late", days = 69))`.
pub fn state_badge(state: State, word: impl Into<String>) -> AnyView {
    let class = match state {
        State::Open => "badge st st-open",
        State::Part => "badge st st-part badge-info",
        State::Wait => "badge st st-wait badge-warning",
        State::Late => "badge st st-late badge-error",
        State::FreshLate => "badge st st-late badge-error badge-plain",
        State::Done => "badge st st-done badge-plain",
        State::Void => "badge st st-void badge-plain",
    };
    view! { <span class=class>{word.into()}</span> }.into_any()
}

/// A word on a tinted ground, for kinds and marks that are no states: `""`, `"badge-warning"`, `"badge-info"` …
pub fn mark(word: impl Into<String>, class: &'static str) -> AnyView {
    view! { <span class=format!("badge {class}")>{word.into()}</span> }.into_any()
}
