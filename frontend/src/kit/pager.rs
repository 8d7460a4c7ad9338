//! Pages of a list: which rows are shown of how many, rows on a page, first to last page.

use leptos::prelude::*;

use super::figures::count;
use super::icon::icon;
use super::query::Query;
use super::{Look, icons, menu};
use crate::t;

/// The pager; `total` is absent where counting would cost too much, then `more` says whether another page follows.
pub(super) fn pager(query: Query, total: Signal<Option<u64>>, more: Signal<bool>, rows: Signal<usize>, usual: u32) -> AnyView {
    let page = Memo::new(move |_| query.one("page").and_then(|page| page.parse::<u64>().ok()).unwrap_or(1).max(1));
    let size =
        Memo::new(move |_| query.one("size").and_then(|size| size.parse::<u64>().ok()).unwrap_or_else(|| usual.into()).max(1));
    let turn = move |to: u64| query.put(&[("page", (to > 1).then(|| to.to_string()).as_deref())]);
    let range = move || {
        let rows = u64::try_from(rows.get()).unwrap_or(0);
        if rows == 0 {
            return String::new();
        }
        let from = (page.get() - 1) * size.get() + 1;
        let to = from + rows - 1;
        match total.get() {
            Some(total) => t!("kit-range-of", from = count(from), to = count(to), total = count(total)),
            None => t!("kit-range", from = count(from), to = count(to)),
        }
    };
    let sizes = move |_: super::Close| {
        [20_u32, 50, 100, 200]
            .into_iter()
            .map(|size| {
                super::menu_deed(t!("kit-page-size", count = size), move || {
                    query.put(&[("size", (size != usual).then(|| size.to_string()).as_deref()), ("page", None)]);
                })
            })
            .collect_view()
            .into_any()
    };
    let step = move |to: u64, off: bool, shape, label: String| {
        view! {
            <button type="button" class="btn btn-ghost btn-sm btn-square" disabled=off aria-label=label.clone() title=label on:click=move |_| turn(to)>
                {icon(shape)}
            </button>
        }
        .into_any()
    };
    let steps = move || {
        let now = page.get();
        let last = total.get().map(|total| total.div_ceil(size.get()).max(1));
        let numbers = last.map(|last| {
            numbers(now, last)
                .into_iter()
                .map(|number| match number {
                    None => view! { <span class="px-1 text-ink-3">"…"</span> }.into_any(),
                    Some(number) => {
                        let current = number == now;
                        view! {
                            <button
                                type="button"
                                class=if current { "btn btn-sm min-w-8 px-2" } else { "btn btn-ghost btn-sm min-w-8 px-2" }
                                aria-current=current.then_some("page")
                                on:click=move |_| turn(number)
                            >
                                {count(number)}
                            </button>
                        }
                        .into_any()
                    }
                })
                .collect_view()
        });
        let end = last.map_or(!more.get(), |last| now >= last);
        view! {
            {step(now.saturating_sub(1), now <= 1, icons::CHEVRON_LEFT, t!("kit-page-before"))}
            <span class="contents max-sm:hidden">{numbers}</span>
            {step(now + 1, end, icons::CHEVRON_RIGHT, t!("kit-page-next"))}
        }
        .into_any()
    };
    let alone = move || page.get() == 1 && rows.get() == 0;
    view! {
        <nav
            aria-label=t!("kit-pages")
            class="no-print flex min-h-12 flex-wrap items-center gap-1 border-t border-line px-6 text-sm max-sm:px-4"
            class:hidden=alone
        >
            <span class="text-ink-2" aria-live="polite">{range}</span>
            <div class="pager-size ml-2">
                {menu(
                    None,
                    Look { button: "btn btn-ghost btn-sm px-2 text-ink-2", panel: "bottom-full top-auto! mb-1 w-36" },
                    view! { {move || t!("kit-page-size", count = size.get())}{super::icon_sized(icons::CHEVRON_DOWN, 14, "text-ink-3")} },
                    sizes,
                )}
            </div>
            <div class="ml-auto flex items-center gap-1">{steps}</div>
        </nav>
    }
    .into_any()
}

/// 1 … 4 5 6 … 71, with `None` for a gap.
fn numbers(now: u64, last: u64) -> Vec<Option<u64>> {
    let mut numbers = Vec::new();
    let mut before = 0;
    for number in 1..=last.min(100_000) {
        let near = number.abs_diff(now) <= 1
            || number == 1
            || number == last
            || (now <= 3 && number <= 4)
            || (now + 2 >= last && number + 3 >= last);
        if near {
            if number > before + 1 {
                numbers.push(None);
            }
            numbers.push(Some(number));
            before = number;
        }
    }
    numbers
}
