//! Nothing here, not yet here, or refused: each says why and offers a way on.

use common::problem::Problem;
use leptos::prelude::*;

use super::icon::{Icon, icon, icon_sized};
use super::icons;
use crate::{t, text};

/// Why there is nothing and what to do first.
pub struct Empty {
    pub icon: Icon,
    pub title: String,
    pub text: String,
    /// Buttons or links, the main one last.
    pub actions: AnyView,
}

impl Empty {
    pub fn new(icon: Icon, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { icon, title: title.into(), text: text.into(), actions: ().into_any() }
    }

    #[must_use]
    pub fn actions(mut self, actions: impl IntoAny) -> Self {
        self.actions = actions.into_any();
        self
    }
}

/// Draws it.
pub fn empty_view(empty: Empty) -> AnyView {
    view! {
        <div class="grid place-items-center rounded-field border border-dashed border-rule px-4 py-10">
            <div class="max-w-90 text-center">
                <span class="mx-auto grid size-12 place-items-center rounded-box bg-pick text-primary">{icon_sized(empty.icon, 24, "")}</span>
                <h2 class="mt-4 text-lg font-semibold">{empty.title}</h2>
                <p class="mt-1 text-base text-ink-2">{empty.text}</p>
                <div class="mt-5 flex flex-wrap justify-center gap-2">{empty.actions}</div>
            </div>
        </div>
    }
    .into_any()
}

/// A problem where something should stand, with a way to try again.
pub fn problem_view(problem: &Problem, again: impl Fn() + 'static) -> AnyView {
    problem_box(problem, Some(Box::new(again)))
}

/// A problem without a way to try again: above a form, in a dialog.
pub fn problem_note(problem: &Problem) -> AnyView {
    problem_box(problem, None)
}

fn problem_box(problem: &Problem, again: Option<Box<dyn Fn()>>) -> AnyView {
    let shape = match problem.status {
        403 => icons::LOCK,
        404 => icons::FILE_QUESTION_MARK,
        0 => icons::WIFI_OFF,
        _ => icons::OCTAGON_ALERT,
    };
    // What happened is the title; why and what next stand beneath.
    let words = text::of_problem(problem);
    let (title, rest) = match words.split_once('。').or_else(|| words.split_once(". ")) {
        Some((title, rest)) if !rest.trim().is_empty() => (title.to_owned(), rest.trim().to_owned()),
        _ => (words.trim_end_matches('。').to_owned(), String::new()),
    };
    let number = problem.request_id.clone().filter(|_| problem.status >= 500);
    view! {
        <div role="alert" class="problem rounded-field border border-line p-4">
            <p class="flex items-start gap-2 text-base font-semibold">
                {icon_sized(shape, 16, "mt-1 text-error")} <span class="min-w-0">{title}</span>
            </p>
            {(!rest.is_empty()).then(|| view! { <p class="mt-1 pl-6 text-base text-ink-2">{rest}</p> })}
            {number.map(|number| view! { <p class="label-xs mt-1 pl-6 select-all">{t!("kit-request-number", number = number)}</p> })}
            {again
                .map(|again| {
                    view! {
                        <div class="mt-3 pl-6">
                            <button type="button" class="btn btn-sm" on:click=move |_| again()>
                                {icon(icons::ROTATE_CW)}
                                {t!("kit-retry")}
                            </button>
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}

/// Bars where text will stand; they appear after 150 ms, and keep their place from the start.
pub fn skeleton_lines(lines: usize) -> AnyView {
    let lines = (0..lines)
        .map(|line| view! { <span class="skeleton block h-3" style:width=format!("{}%", 90 - line % 4 * 12)></span> })
        .collect_view();
    view! { <div class="skeleton-lines skeleton-late flex flex-col gap-4 py-2" aria-hidden="true">{lines}</div> }.into_any()
}

/// Waits for a value, draws skeletons meanwhile, the problem with a retry where it failed, or the value.
///
/// `ask` is run again when a signal it reads changes, and by the retry. The old value stays until the new one is there.
pub fn load<T, F, V>(ask: impl Fn() -> F + 'static, lines: usize, show: impl Fn(T) -> V + Send + 'static) -> AnyView
where
    T: Clone + 'static,
    F: Future<Output = Result<T, Problem>> + 'static,
    V: IntoAny,
{
    let again = RwSignal::new(0_u32);
    let ask = StoredValue::new_local(ask);
    let asked = StoredValue::new_local(None::<F>);
    // A resource that reads both a memo and what that is made of hears no change of the latter; a memo does.
    let turn = Memo::new(move |turn: Option<&u32>| {
        again.track();
        asked.set_value(Some(ask.with_value(|ask| ask())));
        turn.map_or(0, |turn| turn.wrapping_add(1))
    });
    let value = LocalResource::new(move || {
        turn.get();
        let future = asked.try_update_value(Option::take).flatten();
        async move {
            match future {
                Some(future) => future.await,
                None => std::future::pending().await,
            }
        }
    });
    (move || match value.get() {
        None => skeleton_lines(lines),
        Some(Err(problem)) => problem_view(&problem, move || again.update(|again| *again += 1)),
        Some(Ok(value)) => show(value).into_any(),
    })
    .into_any()
}
