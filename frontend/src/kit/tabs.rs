//! Tabs: what is related to a thing, each with its count.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// One tab.
pub struct Tab {
    pub key: &'static str,
    pub title: String,
    pub count: Option<String>,
    pub panel: Box<dyn Fn() -> AnyView + Send + Sync>,
}

impl Tab {
    pub fn new(key: &'static str, title: impl Into<String>, panel: impl Fn() -> AnyView + Send + Sync + 'static) -> Self {
        Self { key, title: title.into(), count: None, panel: Box::new(panel) }
    }

    #[must_use]
    pub fn count(mut self, number: impl TryInto<i64>) -> Self {
        self.count = Some(super::count(number));
        self
    }
}

/// Tabs with their panels; which one is open stands in the URL as `tab`. A panel is drawn when it is opened.
pub fn tabs(label: impl Into<String>, tabs: Vec<Tab>) -> AnyView {
    let first = tabs.first().map_or("", |tab| tab.key);
    let query = super::query::Query::here();
    let open = Memo::new(move |_| query.one("tab"));
    let tabs = StoredValue::new(tabs);
    let key_of = move |open: Option<String>| {
        tabs.with_value(|tabs| tabs.iter().find(|tab| Some(tab.key) == open.as_deref()).map_or(first, |tab| tab.key))
    };
    let heads = tabs.with_value(|tabs| {
        tabs.iter()
            .map(|tab| {
                let key = tab.key;
                let count = tab.count.clone();
                let selected = move || key_of(open.get()) == key;
                view! {
                    <button
                        type="button"
                        role="tab"
                        id=format!("tab-{key}")
                        class="tab"
                        aria-selected=move || selected().to_string()
                        aria-controls="tab-panel"
                        tabindex=move || if selected() { "0" } else { "-1" }
                        on:click=move |_| query.put(&[("tab", (key != first).then_some(key))])
                    >
                        {tab.title.clone()}
                        {count.map(|count| view! { <span class="count font-normal">{count}</span> })}
                    </button>
                }
            })
            .collect_view()
    });
    let keys = |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowRight" | "ArrowLeft")
            && let Some(list) = super::current_target(&event)
        {
            event.prevent_default();
            super::step_focus(&list, "[role=tab]", event.key() == "ArrowRight");
        }
    };
    view! {
        <div role="tablist" aria-label=label.into() class="tabs tabs-border mx-6 flex-nowrap overflow-x-auto pt-1 max-sm:mx-4" on:keydown=keys>{heads}</div>
        <div role="tabpanel" id="tab-panel" aria-labelledby=move || format!("tab-{}", key_of(open.get()))>
            {move || {
                let key = key_of(open.get());
                tabs.with_value(|tabs| tabs.iter().find(|tab| tab.key == key).map(|tab| (tab.panel)()))
            }}
        </div>
    }
    .into_any()
}
