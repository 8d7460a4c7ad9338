//! Long work: how much of how much, and how long it will still take.

use leptos::prelude::*;

use super::count;
use crate::t;

/// A bar with its counts and the time left; `done` of `total`, from a worker's progress or a job.
pub fn progress(label: impl Into<String>, done: Signal<(u64, u64)>) -> AnyView {
    let label = label.into();
    let started = now();
    let words = move || {
        let (done, total) = done.get();
        if total == 0 { String::new() } else { format!("{} / {}", count(done), count(total)) }
    };
    let left = move || {
        let (done, total) = done.get();
        let spent = now().saturating_sub(started);
        if done == 0 || done >= total || spent < 1_500 {
            return String::new();
        }
        let seconds = spent.saturating_mul(total - done) / done / 1_000;
        if seconds >= 90 {
            t!("kit-minutes-left", count = seconds.div_ceil(60))
        } else {
            t!("kit-seconds-left", count = seconds.max(1))
        }
    };
    view! {
        <div class="flex flex-col gap-2" role="status">
            <div class="flex items-baseline gap-3 text-base">
                <span class="font-semibold">{label.clone()}</span>
                <span class="text-ink-2">{words}</span>
                <span class="label-xs ml-auto">{left}</span>
            </div>
            <progress
                class="progress w-full text-primary"
                aria-label=label
                max=move || done.get().1.max(1).to_string()
                prop:value=move || done.get().0.to_string()
            ></progress>
        </div>
    }
    .into_any()
}

/// Milliseconds on the browser's clock, for durations only.
fn now() -> u64 {
    js_sys::Date::now() as u64
}
