//! When the application breaks: says so, and offers to load it again.

use leptos::prelude::*;

use crate::t;

/// Shows a notice over the page when the application panics; nothing else can run any more then.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show();
    }));
}

fn show() {
    let make = |tag: &str, class: &str, words: &str| {
        let element = document().create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(words));
        Some(element)
    };
    let build = || {
        let notice = make("div", "crashed", "")?;
        notice.set_attribute("role", "alert").ok()?;
        let link = make("a", "btn btn-sm btn-primary", &t!("kit-reload"))?;
        link.set_attribute("href", "").ok()?;
        notice.append_child(make("p", "", &t!("kit-crashed"))?.as_ref()).ok()?;
        notice.append_child(link.as_ref()).ok()?;
        document().body()?.append_child(notice.as_ref()).ok()
    };
    let _shown = build();
}
