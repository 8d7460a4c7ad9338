//! Toasts: what was done, with a way to undo or go on; they leave after six seconds, and wait while one points at them.

use common::problem::Problem;
use leptos::prelude::*;

use super::icon::{icon, icon_sized};
use super::icons;
use crate::{t, text};

#[derive(Clone)]
struct Toast {
    id: u32,
    words: String,
    alarm: bool,
    href: Option<(String, String)>,
}

thread_local! {
    static TOASTS: ArcRwSignal<Vec<Toast>> = ArcRwSignal::new(Vec::new());
}

/// Says that something was done: `toast(t!("billing-voided", count = 3))`.
pub fn toast(words: impl Into<String>) {
    add(words.into(), false, None);
}

/// The same with a link to go on: 补打, 看.
pub fn toast_with(words: impl Into<String>, link: impl Into<String>, href: impl Into<String>) {
    add(words.into(), false, Some((link.into(), href.into())));
}

/// Says that something did not work, where no form or list is there to show it.
pub fn toast_problem(problem: &Problem) {
    if problem.code != "aborted" {
        add(text::of_problem(problem), true, None);
    }
}

fn add(words: String, alarm: bool, href: Option<(String, String)>) {
    TOASTS.with(|toasts| {
        toasts.update(|toasts| {
            let id = toasts.last().map_or(0, |last| last.id + 1);
            toasts.push(Toast { id, words, alarm, href });
            if toasts.len() > 4 {
                toasts.remove(0);
            }
        });
    });
}

fn remove(id: u32) {
    TOASTS.with(|toasts| toasts.update(|toasts| toasts.retain(|toast| toast.id != id)));
}

/// Where toasts appear; drawn once, by the shell.
pub fn toast_host() -> AnyView {
    let toasts = RwSignal::from(TOASTS.with(Clone::clone));
    view! {
        <div class="toasts no-print" aria-live="polite">
            <For each=move || toasts.get() key=|toast| toast.id let:toast>
                {draw(toast)}
            </For>
        </div>
    }
    .into_any()
}

fn draw(toast: Toast) -> AnyView {
    let Toast { id, words, alarm, href } = toast;
    let timer = StoredValue::new_local(None);
    let start = move || timer.set_value(Some(gloo::timers::callback::Timeout::new(6_000, move || remove(id))));
    start();
    let shape = if alarm {
        icon_sized(icons::TRIANGLE_ALERT, 18, "text-warning")
    } else {
        icon_sized(icons::CIRCLE_CHECK, 18, "text-success")
    };
    view! {
        <div
            role=if alarm { "alert" } else { "status" }
            class="menu-float flex min-h-12 w-128 max-w-full items-center gap-3 py-2 pr-2 pl-4 text-base leading-6"
            on:mouseenter=move |_| timer.set_value(None)
            on:mouseleave=move |_| start()
        >
            {shape}
            <span class="min-w-0 flex-1">{words}</span>
            {href
                .map(|(word, href)| {
                    view! { <a class="btn btn-ghost btn-sm text-primary" href=href on:click=move |_| remove(id)>{word}</a> }
                })}
            <button type="button" class="btn btn-ghost btn-sm btn-square text-ink-3" aria-label=t!("kit-close") on:click=move |_| remove(id)>
                {icon(icons::X)}
            </button>
        </div>
    }
    .into_any()
}
