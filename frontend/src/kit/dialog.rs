//! Dialogs: native, so that the focus is trapped and comes back. The title is the size of the deed in figures, the button
//! its verb.

use std::cell::{Cell, RefCell};

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::figures::{Term, equation_line};
use super::icon::icon;
use super::{icons, leave};
use crate::t;

/// A dialog that is open while `open` is; Esc and a click beside it close it. `body` is drawn when it opens; what is changed in it is
/// asked about when it is closed.
pub fn dialog(
    open: RwSignal<bool>,
    title: impl Fn() -> String + Send + Sync + 'static,
    body: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    draw(open, "dialog-box", leave::may_drop_since, Box::new(title), Box::new(body))
}

/// The same, 720 px wide: for tables.
pub fn wide_dialog(
    open: RwSignal<bool>,
    title: impl Fn() -> String + Send + Sync + 'static,
    body: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    draw(open, "dialog-box dialog-wide", leave::may_drop_since, Box::new(title), Box::new(body))
}

/// The same where the page behind is left when it is closed: what was changed there is asked about as well.
pub fn leaving_dialog(
    open: RwSignal<bool>,
    title: impl Fn() -> String + Send + Sync + 'static,
    body: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    draw(open, "dialog-box", |_| leave::may_leave(), Box::new(title), Box::new(body))
}

fn draw(
    open: RwSignal<bool>,
    class: &'static str,
    may_close: fn(&leave::Changed) -> bool,
    title: Box<dyn Fn() -> String + Send + Sync>,
    body: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let id = NEXT.with(|next| {
        next.set(next.get() + 1);
        format!("dialog-{}", next.get())
    });
    // The page behind keeps what was changed there: only what is changed in the dialog is lost with it.
    let before = StoredValue::new(leave::Changed::new());
    let may_close = move || before.with_value(may_close);
    Effect::new(move || {
        let Some(node) = node.get() else { return };
        if open.get() && !node.open() {
            before.set_value(leave::changed());
            let _shown = node.show_modal();
        } else if !open.get() && node.open() {
            node.close();
        }
    });
    // A press on the dialog element itself is one on its backdrop: its box covers the rest.
    let press = move |event: leptos::ev::MouseEvent| {
        let beside = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if beside.is_some() && may_close() {
            open.set(false);
        }
    };
    let cancel = move |event: web_sys::Event| {
        event.prevent_default();
        if may_close() {
            open.set(false);
        }
    };
    // It does what the dialog is for, wherever in it the focus is; a form with the focus has done it by now.
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let does = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        if !does || event.repeat() || event.default_prevented() {
            return;
        }
        let deed = node.get_untracked().and_then(|node| node.query_selector("[type=submit], .dialog-deed").ok().flatten());
        if let Some(deed) = deed.and_then(|deed| deed.dyn_into::<web_sys::HtmlElement>().ok()) {
            event.prevent_default();
            deed.click();
        }
    };
    let label = id.clone();
    let leave = move |_| {
        if may_close() {
            open.set(false);
        }
    };
    view! {
        <dialog node_ref=node class="dialog" aria-labelledby=label on:mousedown=press on:cancel=cancel on:keydown=keys on:close=move |_| open.set(false)>
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <div class=class>
                                <div class="flex items-start gap-2">
                                    <h2 id=id.clone() class="min-w-0 flex-1 text-lg font-semibold">
                                        {title()}
                                    </h2>
                                    // Not beside a button that cancels.
                                    <div class="dialog-close">
                                        <button type="button" class="btn btn-ghost btn-sm btn-square" aria-label=t!("kit-close") title=t!("kit-close") on:click=leave>
                                            {icon(icons::X)}
                                        </button>
                                    </div>
                                </div>
                                {body()}
                            </div>
                        }
                    })
            }}
        </dialog>
    }
    .into_any()
}

/// A question before a deed: what will happen, with figures, and the deed's verb on the button.
pub struct Confirm {
    pub title: String,
    pub text: String,
    pub figures: Vec<Term>,
    pub verb: String,
    pub danger: bool,
}

impl Confirm {
    /// `Confirm::new(t!("billing-void-title", count = 3, amount = sum), t!("…why"), t!("billing-void"))`
    pub fn new(title: impl Into<String>, text: impl Into<String>, verb: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), figures: Vec::new(), verb: verb.into(), danger: false }
    }

    /// It can't be undone: the button is red.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    #[must_use]
    pub fn figures(mut self, figures: Vec<Term>) -> Self {
        self.figures = figures;
        self
    }

    /// Asks; `yes` runs when the person says so.
    pub fn ask(self, yes: impl FnOnce() + 'static) {
        QUESTION.with_borrow_mut(|question| *question = Some((self, Box::new(yes))));
        FRESH.with(|fresh| fresh.set(true));
        gloo::timers::callback::Timeout::new(UNREAD_MS, || FRESH.with(|fresh| fresh.set(false))).forget();
        OPEN.with(|open| open.set(true));
    }
}

/// The second press of a double one meets a question that nobody has read yet: for so long it does nothing.
const UNREAD_MS: u32 = 400;

type Question = Option<(Confirm, Box<dyn FnOnce()>)>;
thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
    static QUESTION: RefCell<Question> = const { RefCell::new(None) };
    static OPEN: ArcRwSignal<bool> = ArcRwSignal::new(false);
    static FRESH: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// Where questions appear; drawn once, by the shell.
pub fn confirm_host() -> AnyView {
    let open = RwSignal::from(OPEN.with(Clone::clone));
    let fresh = RwSignal::from(FRESH.with(Clone::clone));
    let title = || QUESTION.with_borrow(|question| question.as_ref().map(|(ask, _)| ask.title.clone())).unwrap_or_default();
    let body = move || {
        QUESTION.with_borrow_mut(|question| {
            let (ask, _) = question.as_mut()?;
            let figures = std::mem::take(&mut ask.figures);
            let class = if ask.danger { "btn btn-error dialog-deed" } else { "btn btn-primary dialog-deed" };
            let yes = move |_| {
                if fresh.get_untracked() {
                    return;
                }
                let deed = QUESTION.with_borrow_mut(Option::take);
                open.set(false);
                if let Some((_, deed)) = deed {
                    deed();
                }
            };
            Some(
                view! {
                    <p class="mt-1 text-base text-ink-2">{ask.text.clone()}</p>
                    {(!figures.is_empty())
                        .then(|| view! { <div class="mt-3 border-t-3 border-double border-control pt-3 text-sm">{equation_line(figures)}</div> })}
                    <div class="mt-5 flex justify-end gap-2">
                        <button type="button" class="btn dialog-cancel" on:click=move |_| open.set(false)>{t!("kit-cancel")}</button>
                        <button type="button" class=class autofocus aria-disabled=move || fresh.get().then_some("true") on:click=yes>{ask.verb.clone()}</button>
                    </div>
                }
                .into_any(),
            )
        })
        .unwrap_or_else(|| ().into_any())
    };
    // A question holds nothing that is lost, whatever the form behind it does.
    draw(open, "dialog-box", |_| !FRESH.with(ArcRwSignal::get_untracked), Box::new(title), Box::new(body))
}
