//! The search of the top bar: pages of the navigation now, and whatever the capabilities find.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::places::entries;
use crate::kit::{icon_sized, icons};
use crate::t;

/// Something found: what it is, its name, and where it is shown.
#[derive(Clone)]
pub struct Found {
    pub kind: String,
    pub title: String,
    pub note: String,
    pub href: String,
}

/// The field and what it found. `/` (where the page has no search of its own) and Ctrl+K lead here.
pub(super) fn search() -> AnyView {
    let field = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let keys = window_event_listener(ev::keydown, move |event| {
        let typing = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()).is_some_and(|target| {
            matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || target.is_content_editable()
        });
        let everywhere = event.key() == "k" && (event.ctrl_key() || event.meta_key());
        if !everywhere && (event.key() != "/" || typing || event.ctrl_key() || event.alt_key() || event.meta_key()) {
            return;
        }
        if document().query_selector("dialog[open]").ok().flatten().is_some() {
            return;
        }
        event.prevent_default();
        let own = document().query_selector("main [data-search]").ok().flatten().filter(|_| !everywhere);
        let target = own
            .and_then(|own| own.dyn_into::<web_sys::HtmlInputElement>().ok())
            .or_else(|| field.get_untracked().map(|field| field.unchecked_into::<web_sys::HtmlInputElement>()));
        if let Some(target) = target {
            let _focused = target.focus();
            target.select();
        }
    });
    on_cleanup(move || keys.remove());
    let found = crate::app::finder(typed.into());
    let pages = move || {
        let wanted = typed.get();
        let wanted = wanted.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        entries()
            .into_iter()
            .map(|entry| Found {
                kind: t!("kit-page"),
                title: t!(entry.title),
                note: t!(entry.group.title()),
                href: entry.path.to_owned(),
            })
            .filter(|found| found.title.to_lowercase().contains(&wanted))
            .take(5)
            .collect::<Vec<_>>()
    };
    let root = NodeRef::<html::Div>::new();
    let leave = move |event: ev::FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if !root.get_untracked().is_some_and(|root| next.is_some_and(|next| root.contains(Some(&next)))) {
            open.set(false);
        }
    };
    let on_keys = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Escape" => {
            open.set(false);
            typed.set(String::new());
        }
        "ArrowDown" | "ArrowUp" => {
            if let Some(root) = root.get_untracked() {
                event.prevent_default();
                crate::kit::step_focus(&root, "input, [data-found]", event.key() == "ArrowDown");
            }
        }
        "Enter" => {
            // In the field, Enter opens the first that was found.
            let in_field = event.target().is_some_and(|target| target.dyn_ref::<web_sys::HtmlInputElement>().is_some());
            let first = root.get_untracked().and_then(|root| root.query_selector("[data-found]").ok().flatten());
            if let Some(first) = first.filter(|_| in_field).and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) {
                event.prevent_default();
                first.click();
            }
        }
        _ => {}
    };
    let results = move || {
        let typed_now = typed.get();
        if !open.get() || typed_now.trim().is_empty() {
            return None;
        }
        let all: Vec<Found> = found.get().into_iter().flatten().chain(pages()).collect();
        let asking = found.get().is_none();
        let lines = all
            .iter()
            .map(|found| {
                view! {
                    <a
                        class="menu-line"
                        data-found=""
                        href=found.href.clone()
                        on:click=move |_| {
                            open.set(false);
                            typed.set(String::new());
                        }
                    >
                        <span class="w-14 shrink-0 text-xs text-ink-3">{found.kind.clone()}</span>
                        <span class="truncate">{found.title.clone()}</span>
                        <span class="ml-auto truncate pl-4 text-xs text-ink-2">{found.note.clone()}</span>
                    </a>
                }
            })
            .collect_view();
        let nothing =
            (all.is_empty() && !asking).then(|| view! { <p class="px-2 py-3 text-sm text-ink-2">{t!("kit-nothing-found")}</p> });
        Some(
            view! { <div class="menu-float absolute top-full right-0 left-0 z-40 mt-1 max-h-[70vh] min-w-72 overflow-y-auto p-1 max-sm:fixed max-sm:inset-x-2 max-sm:top-12" tabindex="-1" role="status">{lines} {nothing}</div> },
        )
    };
    view! {
        <div class="relative ml-2 w-96 max-w-full min-w-0 shrink max-sm:ml-0" role="search" node_ref=root on:focusout=leave on:keydown=on_keys>
            <label class="input input-sm input-quiet">
                <span class="sr-only">{t!("kit-search-all")}</span>
                {icon_sized(icons::SEARCH, 16, "text-ink-3")}
                <input
                    type="search"
                    node_ref=field
                    autocomplete="off"
                    placeholder=t!("kit-search-placeholder")
                    prop:value=move || typed.get()
                    on:focus=move |_| open.set(true)
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        open.set(true);
                    }
                />
                <kbd class="kbd max-lg:hidden">"/"</kbd>
            </label>
            {results}
        </div>
    }
    .into_any()
}
