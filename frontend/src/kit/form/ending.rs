//! The end of a form: its buttons, and above its fields what is wrong with them.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::super::blank::problem_note;
use super::super::dialog::Confirm;
use super::super::icon::icon_sized;
use super::super::icons;
use super::state::{State, id_of};
use crate::{t, text};

/// The buttons at the end of a form.
pub struct Ending {
    verb: String,
    danger: bool,
    cancel: Option<Box<dyn Fn()>>,
    wide: bool,
    in_dialog: bool,
    full: bool,
    pub(super) question: Option<Question>,
}

/// What is asked before it is sent, where something is.
pub(super) type Question = Box<dyn Fn() -> Option<Confirm>>;

impl Ending {
    /// The button's word is the verb of the deed: 保存, 生成账单.
    pub fn new(verb: impl Into<String>) -> Self {
        Self { verb: verb.into(), danger: false, cancel: None, wide: false, in_dialog: false, full: false, question: None }
    }

    /// What can't be undone: the button is red.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// What is asked before it is sent, once every field is right; nothing where there is nothing to ask.
    #[must_use]
    pub fn ask_first(mut self, question: impl Fn() -> Option<Confirm> + 'static) -> Self {
        self.question = Some(Box::new(question));
        self
    }

    /// A second button that leaves without doing it.
    #[must_use]
    pub fn cancel(mut self, cancel: impl Fn() + 'static) -> Self {
        self.cancel = Some(Box::new(cancel));
        self
    }

    /// A second button that leads back.
    #[must_use]
    pub fn cancel_to(self, href: impl Into<String>) -> Self {
        let href = href.into();
        let go = super::super::go_with_router();
        self.cancel(move || go(&href))
    }

    /// The fields may take the page's whole width.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// One button as wide as the form, with nothing beside it.
    #[must_use]
    pub fn full(mut self) -> Self {
        self.full = true;
        self
    }

    /// The buttons stand at the right, as in a dialog.
    #[must_use]
    pub fn in_dialog(mut self) -> Self {
        self.in_dialog = true;
        self
    }
}

pub(super) fn frame(state: State, ending: Ending, fields: AnyView, send: Box<dyn Fn()>) -> AnyView {
    let Ending { verb, danger, cancel, wide, in_dialog, full, question: _ } = ending;
    let summary = NodeRef::<html::Div>::new();
    let send = StoredValue::new_local(move || {
        send();
        // What is wrong is said at once to those who don't see it.
        request_animation_frame(move || {
            if let Some(Some(summary)) = summary.try_get_untracked() {
                let _focused = summary.focus();
            }
        });
    });
    // So is what the server says later; a long form may have scrolled away from where it stands.
    let refusal = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<bool>| {
        let now = state.problem.with(Option::is_some) || state.refused.with(|refused| !refused.is_empty());
        // Only when it comes: whoever mends one field of several stays there.
        if now && before != Some(true) {
            request_animation_frame(move || {
                let shown = [refusal, summary].into_iter().find_map(|place| place.try_get_untracked().flatten());
                if let Some(shown) = shown {
                    let _focused = shown.focus();
                }
            });
        }
        now
    });
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            send.with_value(|send| send());
        }
    };
    let problems = move || {
        let tried = state.tried.get() || state.refused.with(|refused| !refused.is_empty());
        let all = if tried { state.all() } else { Vec::new() };
        (!all.is_empty()).then(|| {
            let lines = all
                .iter()
                .map(|problem| {
                    let label = state.labels.with_value(|labels| labels.get(&problem.field).cloned()).unwrap_or_default();
                    let words = text::of_field(problem);
                    let words = if label.is_empty() { words } else { t!("kit-field-problem", field = label, problem = words) };
                    let id = id_of(&problem.field);
                    let to_field = move |event: leptos::ev::MouseEvent| {
                        event.prevent_default();
                        super::super::focus_id(&id);
                    };
                    view! { <li><a class="a" href=format!("#{}", id_of(&problem.field)) on:click=to_field>{words}</a></li> }
                })
                .collect_view();
            view! {
                <div role="alert" tabindex="-1" node_ref=summary class="rounded-field border border-error/40 bg-error/5 px-4 py-3 outline-none">
                    <p class="flex items-center gap-2 text-base font-semibold">
                        {icon_sized(icons::CIRCLE_ALERT, 16, "text-error")} {t!("kit-form-problems", count = all.len())}
                    </p>
                    <ul class="mt-1 pl-6 text-base">{lines}</ul>
                </div>
            }
        })
    };
    let button = match (danger, full) {
        (true, _) => "btn btn-error",
        (_, true) => "btn btn-primary w-full text-base",
        _ => "btn btn-primary",
    };
    let cancel = cancel.map(|cancel| {
        let cancel = move |_| {
            if state.guard.may_drop() {
                cancel();
            }
        };
        view! { <button type="button" class="btn dialog-cancel" on:click=cancel>{t!("kit-cancel")}</button> }
    });
    // One comes to them as they stand: in a dialog the deed is the last, at the right.
    let (before, after) = if in_dialog { (cancel, None) } else { (None, cancel) };
    let hint = (!in_dialog && !full).then(|| {
        view! { <span class="label-xs ml-2 max-sm:hidden"><kbd class="kbd">"Ctrl"</kbd>" "<kbd class="kbd">"Enter"</kbd></span> }
    });
    view! {
        <form
            novalidate
            class=match (wide, in_dialog) {
                (true, _) => "flex flex-col gap-5",
                (_, true) => "mt-4 flex max-w-120 flex-col gap-5",
                _ => "flex max-w-120 flex-col gap-5",
            }
            on:keydown=keys
            on:submit=move |event| {
                event.prevent_default();
                send.with_value(|send| send());
            }
        >
            {problems}
            {move || {
                state.problem.get().map(|problem| {
                    view! { <div tabindex="-1" node_ref=refusal class="outline-none">{problem_note(&problem)}</div> }
                })
            }}
            {fields}
            <div class=if in_dialog { "dialog-deeds flex items-center justify-end gap-2" } else { "flex items-center gap-2" }>
                {before}
                <button type="submit" class=button aria-disabled=move || state.busy.get().then_some("true")>
                    {move || state.busy.get().then(|| view! { <span class="loading loading-spinner loading-xs" aria-hidden="true"></span> })}
                    {verb}
                </button>
                {after}
                {hint}
            </div>
        </form>
    }
    .into_any()
}
