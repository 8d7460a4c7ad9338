//! A button that opens a small floating panel: filters, more actions, the account menu.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Closes the panel that it was given to.
#[derive(Clone, Copy)]
pub struct Close {
    open: RwSignal<bool>,
    button: Option<NodeRef<html::Button>>,
}

impl Close {
    /// Closes what this signal opens.
    pub fn of(open: RwSignal<bool>) -> Self {
        Self { open, button: None }
    }

    /// What a line opens returns the focus to where it was: the line is gone by then, so it is given to the menu's button before.
    pub fn now(self) {
        if let Some(Some(button)) = self.button.and_then(|button| button.try_get_untracked()) {
            let _focused = button.focus();
        }
        self.open.try_set(false);
    }
}

/// How a menu looks.
#[derive(Clone, Copy, Default)]
pub struct Look {
    /// Classes of the button.
    pub button: &'static str,
    /// Classes of the panel: its width, and `right-0` where it must not leave the screen.
    pub panel: &'static str,
}

/// A button with `face` that opens `panel`. The panel closes on Esc (focus returns), on leaving it, and by [`Close`].
pub fn menu(
    label: Option<String>,
    look: Look,
    face: impl IntoAny,
    panel: impl Fn(Close) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let leave = move |event: FocusEvent| {
        let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        // The page may be gone with the line that was clicked.
        let Some(root) = root.try_get_untracked() else { return };
        let inside = root.is_some_and(|root| next.is_some_and(|next| root.contains(Some(&next))));
        if !inside {
            open.try_set(false);
        }
    };
    let keys = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Escape" if open.get_untracked() => {
                event.stop_propagation();
                event.prevent_default();
                open.set(false);
                if let Some(button) = button.get_untracked() {
                    let _focused = button.focus();
                }
            }
            "ArrowDown" | "ArrowUp" if open.get_untracked() => {
                if let Some(root) = root.get_untracked() {
                    event.prevent_default();
                    super::step_focus(&root, ".menu-float a, .menu-float button, .menu-float input", event.key() == "ArrowDown");
                }
            }
            _ => {}
        };
    };
    let panel = StoredValue::new(panel);
    let (up, drawn) = (RwSignal::new(false), NodeRef::<html::Div>::new());
    // Measured when it is drawn, before it is seen.
    let place = move || {
        up.set(false);
        request_animation_frame(move || {
            let (Some(Some(button)), Some(Some(drawn))) = (button.try_get_untracked(), drawn.try_get_untracked()) else { return };
            up.try_set(opens_up(&button, &drawn));
        });
    };
    view! {
        <div class="relative" node_ref=root on:focusout=leave on:keydown=keys>
            <button
                type="button"
                node_ref=button
                class=look.button
                aria-label=label.clone()
                title=label
                aria-haspopup="true"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| {
                    open.update(|open| *open = !*open);
                    place();
                    // Safari does not focus a button that is clicked; without focus the panel would not know when it is left.
                    if let Some(button) = button.get_untracked() {
                        let _focused = button.focus();
                    }
                }
            >
                {face.into_any()}
            </button>
            {move || {
                open.get()
                    .then(|| {
                        let close = Close { open, button: Some(button) };
                        provide_context(close);
                        view! {
                            <div
                                tabindex="-1"
                                node_ref=drawn
                                class=move || {
                                    let side = if up.get() { "bottom-full mb-1" } else { "top-full mt-1" };
                                    format!("menu-float absolute z-40 p-1 outline-none {side} {}", look.panel)
                                }
                            >
                                {panel.with_value(|panel| panel(close))}
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// Whether there is no room for the panel below the button, and there is above it.
fn opens_up(button: &web_sys::Element, panel: &web_sys::Element) -> bool {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
    let (button, panel) = (button.get_bounding_client_rect(), panel.get_bounding_client_rect());
    panel.bottom() > height && panel.height() < button.top()
}

/// A line of a menu that does something; the menu has done its work then.
pub fn menu_deed(face: impl IntoAny, deed: impl Fn() + 'static) -> AnyView {
    let close = use_context::<Close>();
    let press = move |_| {
        if let Some(close) = close {
            close.now();
        }
        deed();
    };
    view! {
        <button type="button" class="menu-line" on:click=press>
            {face.into_any()}
        </button>
    }
    .into_any()
}

/// A line of a menu that leads somewhere; the menu has done its work then.
pub fn menu_link(face: impl IntoAny, href: impl Into<String>) -> AnyView {
    let close = use_context::<Close>();
    view! {
        <a class="menu-line" href=href.into() on:click=move |_| close.into_iter().for_each(Close::now)>
            {face.into_any()}
        </a>
    }
    .into_any()
}
