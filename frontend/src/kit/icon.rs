//! Icons: Lucide, 16 px at stroke 1.75, always beside a word; alone only in toolbars, with a title.

use leptos::prelude::*;

/// An icon's shapes; the constants are in [`icons`](super::icons).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon(pub &'static str);

/// The icon at 16 px: `icon(icons::RECEIPT_TEXT)`.
pub fn icon(icon: Icon) -> AnyView {
    icon_sized(icon, 16, "")
}

/// The icon at 12, 14, 16, 18, 24 or 32 px, with classes.
pub fn icon_sized(icon: Icon, size: u32, class: &'static str) -> AnyView {
    let stroke = if size >= 24 { "1.5" } else { "1.75" };
    view! {
        <svg
            class=format!("shrink-0 {class}")
            width=size
            height=size
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width=stroke
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            inner_html=icon.0
        ></svg>
    }
    .into_any()
}
