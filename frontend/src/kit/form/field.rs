//! A typed field of a form: text, figures, money, a date.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::super::icon::icon;
use super::super::icons;
use super::state::{State, id_of, said};
use crate::t;

/// How a typed field talks to the draft.
pub(super) struct Typed {
    pub(super) input: &'static str,
    pub(super) keys: &'static str,
    pub(super) num: bool,
    pub(super) show: Arc<dyn Fn() -> String + Send + Sync>,
    pub(super) same: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    pub(super) read: Arc<dyn Fn(&str) + Send + Sync>,
}

/// A typed field, to be described further and then put into the view by [`show`](Field::show).
pub struct Field {
    field: String,
    label: String,
    state: State,
    typed: Typed,
    optional: bool,
    unit: Option<String>,
    help: Option<String>,
    placeholder: String,
    complete: &'static str,
    secret: bool,
    lines: u32,
    focus: bool,
    width: &'static str,
}

impl Field {
    pub(super) fn new(field: &str, label: String, state: State, typed: Typed, optional: bool) -> Self {
        state.label(field, &label);
        Self {
            field: field.to_owned(),
            label,
            state,
            typed,
            optional,
            unit: None,
            help: None,
            placeholder: String::new(),
            complete: "off",
            secret: false,
            lines: 1,
            focus: false,
            width: "",
        }
    }

    /// The unit, inside the field: 元, ㎡, 元/㎡.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// Must be filled in, although the request could do without.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.optional = false;
        self
    }

    /// A sentence under the field.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn placeholder(mut self, placeholder: impl Into<String>) -> Self {
        self.placeholder = placeholder.into();
        self
    }

    /// What the browser may fill in: `username`, `current-password`, `new-password`, `name` …
    #[must_use]
    pub fn complete(mut self, complete: &'static str) -> Self {
        self.complete = complete;
        self
    }

    /// A password, with a button to see it.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Several lines of text.
    #[must_use]
    pub fn lines(mut self, lines: u32) -> Self {
        self.lines = lines;
        self
    }

    /// Has the focus when the form appears.
    #[must_use]
    pub fn focus(mut self) -> Self {
        self.focus = true;
        self
    }

    /// A class for its width, where it is to be narrower than the form: `w-40`.
    #[must_use]
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }

    /// Puts it into the view.
    pub fn show(self) -> AnyView {
        let Self { field, label, state, typed, optional, unit, help, placeholder, complete, secret, lines, focus, width } = self;
        let Typed { input, keys, num, show, same, read } = typed;
        let id = id_of(&field);
        let raw = RwSignal::new(untrack(|| show()));
        // Filled by code: the field follows, unless what stands there already means the same.
        Effect::new(move || {
            let now = show();
            if !untrack(|| same(&raw.get_untracked())) && state.unread.with_untracked(BTreeMap::is_empty) {
                raw.set(now);
            }
        });
        let seen = RwSignal::new(false);
        let (for_input, for_blur, for_invalid) = (field.clone(), field.clone(), field.clone());
        let typed = move |value: String| {
            read(&value);
            raw.set(value);
            state.changed(&for_input);
        };
        let left = move |_| state.touch(&for_blur);
        let invalid = move || state.problem_of(&for_invalid).is_some().to_string();
        let about = help.as_ref().map_or_else(|| format!("{id}-said"), |_| format!("{id}-help {id}-said"));
        let control = if lines > 1 {
            view! {
                <textarea
                    id=id.clone()
                    class="textarea mt-1 block min-h-16"
                    rows=lines
                    placeholder=placeholder
                    autofocus=focus
                    aria-invalid=invalid
                    aria-describedby=about
                    prop:value=move || raw.get()
                    on:input=move |event| typed(event_target_value(&event))
                    on:blur=left
                ></textarea>
            }
            .into_any()
        } else {
            let kind = move || if secret && !seen.get() { "password" } else { input };
            view! {
                <label class=format!("input mt-1 {width} {}", if secret { "pr-1" } else { "" })>
                    <input
                        id=id.clone()
                        type=kind
                        inputmode=keys
                        class=if num { "num" } else { "" }
                        placeholder=placeholder
                        autocomplete=complete
                        autofocus=focus
                        aria-invalid=invalid
                        aria-describedby=about
                        prop:value=move || raw.get()
                        on:input=move |event| typed(event_target_value(&event))
                        on:blur=left
                    />
                    {unit.map(|unit| view! { <span class="whitespace-nowrap text-ink-2">{unit}</span> })}
                    {secret
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-ghost btn-sm btn-square"
                                    aria-label=t!("kit-password-show")
                                    aria-pressed=move || seen.get().to_string()
                                    on:click=move |_| seen.update(|seen| *seen = !*seen)
                                >
                                    {move || icon(if seen.get() { icons::EYE_OFF } else { icons::EYE })}
                                </button>
                            }
                        })}
                </label>
            }
            .into_any()
        };
        view! {
            <div>
                <label class="block text-base font-semibold" for=id.clone()>
                    {label}
                    {optional.then(|| view! { <span class="ml-2 text-sm font-normal text-ink-3">{t!("kit-optional")}</span> })}
                </label>
                {control}
                {help.map(|help| view! { <p id=format!("{id}-help") class="mt-1 text-sm text-ink-2">{help}</p> })}
                {said(state, field)}
            </div>
        }
        .into_any()
    }
}
