//! What stands around the table: export, the bar of what is ticked, the totals.

use std::collections::BTreeSet;
use std::sync::Arc;

use common::problem::Problem;
use leptos::prelude::*;

use super::super::figures::{Term, count, equation_line};
use super::super::icon::icon;
use super::super::icons;
use crate::api::query as as_query;
use crate::t;

pub(super) fn export_link(path: &'static str, asked: Memo<Vec<(String, String)>>, total: Signal<Option<u64>>) -> AnyView {
    let href = move || {
        let mut pairs: Vec<_> = asked.get().into_iter().filter(|(key, _)| !matches!(key.as_str(), "page" | "size")).collect();
        pairs.push(("language".to_owned(), crate::session::language().tag().to_owned()));
        format!("{path}{}", as_query(&pairs))
    };
    view! {
        <a class="btn btn-sm" href=href download="" rel="external">
            {icon(icons::DOWNLOAD)}
            {move || match total.get() {
                Some(total) => t!("kit-export-count", count = count(total)),
                None => t!("kit-export"),
            }}
        </a>
    }
    .into_any()
}

pub(super) fn selection_bar(picked: RwSignal<BTreeSet<String>>, bulk: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    let any = Memo::new(move |_| picked.with(|picked| !picked.is_empty()));
    (move || {
        let bulk = bulk.clone();
        any.get().then(|| {
            view! {
                <div
                    role="toolbar"
                    aria-label=t!("kit-selection")
                    class="no-print sticky top-12 z-20 flex min-h-12 flex-wrap items-center gap-2 border-y border-line bg-pick px-6 py-2 text-sm max-sm:px-4"
                >
                    <span aria-live="polite">{move || t!("kit-selected", count = picked.with(BTreeSet::len))}</span>
                    <button type="button" class="btn btn-ghost btn-xs text-ink-2" on:click=move |_| picked.set(BTreeSet::new())>
                        {t!("kit-selection-clear")}
                    </button>
                    <div class="ml-auto flex flex-wrap items-center gap-2">{move || bulk()}</div>
                </div>
            }
        })
    })
    .into_any()
}

pub(super) fn sum_line(sums: LocalResource<Result<Vec<Term>, Problem>>, total: Signal<Option<u64>>) -> AnyView {
    view! {
        <div class="mx-6 flex min-h-12 flex-wrap items-center gap-x-6 gap-y-1 border-t-3 border-double border-control py-2 text-sm max-sm:mx-4">
            <span class="font-semibold">{t!("kit-total")}</span>
            {move || total.get().map(|total| view! { <span class="text-ink-2">{t!("kit-rows", count = count(total))}</span> })}
            <div class="ml-auto">
                {move || match sums.get() {
                    Some(Ok(terms)) => equation_line(terms),
                    Some(Err(_)) => view! { <span class="text-ink-3">{t!("kit-totals-missing")}</span> }.into_any(),
                    None => view! { <span class="skeleton skeleton-late block h-3 w-64"></span> }.into_any(),
                }}
            </div>
        </div>
    }
    .into_any()
}
