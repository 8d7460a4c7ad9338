//! The form: a draft of the request itself, its fields, and what is wrong with which.
//!
//! A field names its path in the request and says where the value stands in it. Problems come from three sides and look
//! alike: what can't be read, the request's own rules (`Checked`, while typing), the server's answer (by field).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use common::api::Endpoint;
use common::problem::{FieldProblem, Problem};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::blank::problem_note;
use super::icon::{icon, icon_sized};
use super::value::FieldValue;
use super::{icons, leave};
use crate::api::call;
use crate::{t, text};

/// A form over the request `E`; copy it wherever it is needed.
pub struct Form<E: 'static> {
    /// The request as far as it is filled in; change it to fill fields by code.
    pub draft: RwSignal<E>,
    state: State,
}

impl<E> Clone for Form<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Form<E> {}

/// What a form knows besides its draft.
#[derive(Clone, Copy)]
struct State {
    /// Texts that can't be read, by field.
    unread: RwSignal<BTreeMap<String, FieldProblem>>,
    /// The server's answer, by field.
    refused: RwSignal<Vec<FieldProblem>>,
    /// The server's answer as a whole.
    problem: RwSignal<Option<Problem>>,
    /// The request's own rules that are broken now.
    rules: Memo<Vec<FieldProblem>>,
    /// Fields that were left once: their problems may show.
    touched: RwSignal<BTreeSet<String>>,
    /// It was tried to send: all problems show.
    tried: RwSignal<bool>,
    busy: RwSignal<bool>,
    labels: StoredValue<BTreeMap<String, String>>,
    guard: leave::Guard,
}

impl State {
    /// What is wrong with this field, when it may be said already.
    fn problem_of(self, field: &str) -> Option<String> {
        if let Some(refused) =
            self.refused.with(|refused| refused.iter().find(|problem| problem.field == field).map(text::of_field))
        {
            return Some(refused);
        }
        if !self.tried.get() && !self.touched.with(|touched| touched.contains(field)) {
            return None;
        }
        self.unread
            .with(|unread| unread.get(field).map(text::of_field))
            .or_else(|| self.rules.with(|rules| rules.iter().find(|problem| problem.field == field).map(text::of_field)))
    }

    fn all(self) -> Vec<FieldProblem> {
        let mut all: Vec<FieldProblem> = self.unread.with(|unread| unread.values().cloned().collect());
        for problem in self.rules.get().into_iter().chain(self.refused.get()) {
            if all.iter().all(|known| known.field != problem.field) {
                all.push(problem);
            }
        }
        all
    }

    fn label(self, field: &str, label: &str) {
        self.labels.update_value(|labels| {
            labels.insert(field.to_owned(), label.to_owned());
        });
    }

    /// The field was left. Its problem shows a moment later: at once, it would push the button away from under the
    /// pointer that is pressing it.
    fn touch(self, field: &str) {
        let field = field.to_owned();
        gloo::timers::callback::Timeout::new(200, move || {
            self.touched.try_update(|touched| touched.insert(field));
        })
        .forget();
    }

    fn changed(self, field: &str) {
        self.guard.dirty();
        if self.refused.with_untracked(|refused| !refused.is_empty()) {
            self.refused.update(|refused| refused.retain(|problem| problem.field != field));
        }
    }
}

/// The field's id in the document.
fn id_of(field: &str) -> String {
    format!("f-{}", field.replace('.', "-"))
}

impl<E> Form<E>
where
    E: Endpoint + Clone + PartialEq + Sync,
{
    /// A form that starts with this request.
    pub fn new(start: E) -> Self {
        let draft = RwSignal::new(start);
        Self {
            draft,
            state: State {
                unread: RwSignal::default(),
                refused: RwSignal::default(),
                problem: RwSignal::new(None),
                rules: Memo::new(move |_| draft.with(Endpoint::problems)),
                touched: RwSignal::default(),
                tried: RwSignal::new(false),
                busy: RwSignal::new(false),
                labels: StoredValue::default(),
                guard: leave::Guard::new(),
            },
        }
    }

    /// Whether it is being sent.
    pub fn busy(self) -> bool {
        self.state.busy.get()
    }

    /// Starts again with this request: nothing typed, nothing wrong.
    pub fn restart(self, start: E) {
        self.draft.set(start);
        self.state.unread.set(BTreeMap::new());
        self.state.refused.set(Vec::new());
        self.state.problem.set(None);
        self.state.touched.set(BTreeSet::new());
        self.state.tried.set(false);
        self.state.guard.clean();
    }

    fn lens<V: Clone + 'static>(self, at: fn(&mut E) -> &mut V) -> impl Fn() -> Option<V> + Copy + Send + Sync {
        move || {
            self.draft.track();
            self.draft.try_update_untracked(|draft| at(draft).clone())
        }
    }

    /// A field that is typed: text, figures, money, a date or a month, as the type of the value says.
    ///
    /// `form.field("price", t!("charging-price"), |ask| &mut ask.price).unit("元/㎡")`
    pub fn field<V: FieldValue>(self, field: &str, label: impl Into<String>, at: fn(&mut E) -> &mut V) -> Field {
        let get = self.lens(at);
        let name = field.to_owned();
        let state = self.state;
        let draft = self.draft;
        Field::new(
            field,
            label.into(),
            state,
            Typed {
                input: V::INPUT,
                keys: V::KEYS,
                num: V::NUM,
                show: Arc::new(move || get().map(|value| value.show()).unwrap_or_default()),
                // A text that reads as what the draft holds stays as it was typed: `2.50` does not become `2.5` under the hand.
                same: Arc::new(move |text| V::read(text).ok() == get()),
                read: Arc::new(move |text| match V::read(text) {
                    Ok(value) => {
                        state.unread.update(|unread| drop(unread.remove(&name)));
                        draft.update(|draft| *at(draft) = value);
                    }
                    Err(code) => {
                        state.unread.update(|unread| drop(unread.insert(name.clone(), FieldProblem::new(name.clone(), code))))
                    }
                }),
            },
            V::OPTIONAL,
        )
    }

    /// One of a few values, as a native select. For `Option<V>`, offer `(None, …)` as a choice.
    pub fn choice<V>(self, field: &str, label: impl Into<String>, at: fn(&mut E) -> &mut V, choices: Vec<(V, String)>) -> AnyView
    where
        V: Clone + PartialEq + Send + Sync + 'static,
    {
        let get = self.lens(at);
        let words: Vec<String> = choices.iter().map(|(_, word)| word.clone()).collect();
        let values = StoredValue::new(choices.into_iter().map(|(value, _)| value).collect::<Vec<_>>());
        let place = Signal::derive(move || {
            get().and_then(|now| values.with_value(|values| values.iter().position(|value| *value == now)))
        });
        let (state, draft, name) = (self.state, self.draft, field.to_owned());
        let pick = move |place: usize| {
            if let Some(value) = values.with_value(|values| values.get(place).cloned()) {
                draft.update(|draft| *at(draft) = value);
                state.changed(&name);
            }
        };
        select(field, label.into(), state, words, place, Box::new(pick))
    }

    /// One of very few values, all in view, as radio buttons.
    pub fn radios<V>(self, field: &str, label: impl Into<String>, at: fn(&mut E) -> &mut V, choices: Vec<(V, String)>) -> AnyView
    where
        V: Clone + PartialEq + Send + Sync + 'static,
    {
        let get = self.lens(at);
        let (state, draft, name) = (self.state, self.draft, field.to_owned());
        let label = label.into();
        state.label(&name, &label);
        let id = id_of(field);
        let lines = choices
            .into_iter()
            .enumerate()
            .map(|(place, (value, word))| {
                let (value, name, for_checked) = (value.clone(), name.clone(), value);
                let group = id.clone();
                let own = (place == 0).then(|| id.clone());
                view! {
                    <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                        <input
                            type="radio"
                            class="radio radio-xs"
                            id=own
                            name=group
                            prop:checked=move || get().as_ref() == Some(&for_checked)
                            on:change=move |_| {
                                let value = value.clone();
                                draft.update(|draft| *at(draft) = value);
                                state.changed(&name);
                            }
                        />
                        {word}
                    </label>
                }
            })
            .collect_view();
        view! {
            <fieldset>
                <legend class="text-base font-semibold">{label}</legend>
                <div class="mt-1 flex flex-wrap gap-x-5">{lines}</div>
                {said(state, name)}
            </fieldset>
        }
        .into_any()
    }

    /// Yes or no.
    pub fn tick(self, field: &str, label: impl Into<String>, at: fn(&mut E) -> &mut bool) -> AnyView {
        let get = self.lens(at);
        let (state, draft, name) = (self.state, self.draft, field.to_owned());
        let label = label.into();
        state.label(&name, &label);
        let for_change = name.clone();
        view! {
            <div>
                <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                    <input
                        type="checkbox"
                        id=id_of(field)
                        class="checkbox checkbox-xs"
                        prop:checked=move || get().unwrap_or_default()
                        on:change=move |event| {
                            draft.update(|draft| *at(draft) = event_target_checked(&event));
                            state.changed(&for_change);
                        }
                    />
                    {label}
                </label>
                {said(state, name)}
            </div>
        }
        .into_any()
    }

    /// Any of a few values, as tick boxes in columns.
    pub fn ticks<V>(
        self,
        field: &str,
        label: impl Into<String>,
        at: fn(&mut E) -> &mut Vec<V>,
        choices: Vec<(V, String)>,
    ) -> AnyView
    where
        V: Clone + PartialEq + Send + Sync + 'static,
    {
        let get = self.lens(at);
        let (state, draft, name) = (self.state, self.draft, field.to_owned());
        let label = label.into();
        state.label(&name, &label);
        let id = id_of(field);
        let lines = choices
            .into_iter()
            .enumerate()
            .map(|(place, (value, word))| {
                let (for_checked, name) = (value.clone(), name.clone());
                let own = (place == 0).then(|| id.clone());
                view! {
                    <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                        <input
                            type="checkbox"
                            class="checkbox checkbox-xs"
                            id=own
                            prop:checked=move || get().is_some_and(|values| values.contains(&for_checked))
                            on:change=move |_| {
                                draft
                                    .update(|draft| {
                                        let values = at(draft);
                                        match values.iter().position(|known| *known == value) {
                                            Some(place) => drop(values.remove(place)),
                                            None => values.push(value.clone()),
                                        }
                                    });
                                state.changed(&name);
                            }
                        />
                        {word}
                    </label>
                }
            })
            .collect_view();
        view! {
            <fieldset>
                <legend class="text-base font-semibold">{label}</legend>
                <div class="mt-1 grid grid-cols-2 gap-x-5 max-sm:grid-cols-1">{lines}</div>
                {said(state, name)}
            </fieldset>
        }
        .into_any()
    }

    /// A view of one's own for a field (a combobox, a table of tiers): under its label, with its problem beneath. Call
    /// the second argument of `body` when the value was changed.
    pub fn custom(
        self,
        field: &str,
        label: impl Into<String>,
        body: impl FnOnce(String, Arc<dyn Fn() + Send + Sync>) -> AnyView,
    ) -> AnyView {
        let (state, name) = (self.state, field.to_owned());
        let label = label.into();
        state.label(&name, &label);
        let id = id_of(field);
        let changed = {
            let name = name.clone();
            Arc::new(move || state.changed(&name))
        };
        view! {
            <div>
                <label class="text-base font-semibold" for=id.clone()>
                    {label}
                </label>
                <div class="mt-1">{body(id, changed)}</div>
                {said(state, name)}
            </div>
        }
        .into_any()
    }

    /// Sends it, unless a field is wrong; `done` gets the reply while the page is still there.
    pub fn send(self, done: impl FnOnce(E::Reply) + 'static) {
        let state = self.state;
        if state.busy.get_untracked() {
            return;
        }
        state.tried.set(true);
        state.refused.set(Vec::new());
        state.problem.set(None);
        if untrack(|| !state.all().is_empty()) {
            return;
        }
        state.busy.set(true);
        let ask = self.draft.get_untracked();
        spawn_local(async move {
            let result = call(ask).await;
            // The page may be gone by now; then there is nobody to tell.
            if state.busy.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(reply) => {
                    state.guard.clean();
                    state.tried.set(false);
                    done(reply);
                }
                Err(problem) if problem.fields.is_empty() => state.problem.set(Some(problem)),
                Err(problem) => state.refused.set(problem.fields),
            }
        });
    }

    /// The form with its fields, its problems and its buttons; Ctrl+Enter sends.
    pub fn show(self, ending: Ending, fields: impl IntoAny, done: impl Fn(E::Reply) + Clone + 'static) -> AnyView {
        let send = move || self.send(done.clone());
        frame(self.state, ending, fields.into_any(), Box::new(send))
    }
}

/// The buttons at the end of a form.
pub struct Ending {
    verb: String,
    danger: bool,
    cancel: Option<Box<dyn Fn()>>,
    wide: bool,
    in_dialog: bool,
    full: bool,
}

impl Ending {
    /// The button's word is the verb of the deed: 保存, 生成账单.
    pub fn new(verb: impl Into<String>) -> Self {
        Self { verb: verb.into(), danger: false, cancel: None, wide: false, in_dialog: false, full: false }
    }

    /// What can't be undone: the button is red.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// A second button that leaves without doing it.
    #[must_use]
    pub fn cancel(mut self, cancel: impl Fn() + 'static) -> Self {
        self.cancel = Some(Box::new(cancel));
        self
    }

    /// A second button that leads back.
    #[must_use]
    pub fn cancel_to(self, href: impl Into<String>) -> Self {
        let href = href.into();
        let go = super::go_with_router();
        self.cancel(move || go(&href))
    }

    /// The fields may take the page's whole width.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// One button as wide as the form, with nothing beside it.
    #[must_use]
    pub fn full(mut self) -> Self {
        self.full = true;
        self
    }

    /// The buttons stand at the right, as in a dialog.
    #[must_use]
    pub fn in_dialog(mut self) -> Self {
        self.in_dialog = true;
        self
    }
}

fn frame(state: State, ending: Ending, fields: AnyView, send: Box<dyn Fn()>) -> AnyView {
    let Ending { verb, danger, cancel, wide, in_dialog, full } = ending;
    let summary = NodeRef::<html::Div>::new();
    let send = StoredValue::new_local(move || {
        send();
        // What is wrong is said at once to those who don't see it.
        request_animation_frame(move || {
            if let Some(Some(summary)) = summary.try_get_untracked() {
                let _focused = summary.focus();
            }
        });
    });
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            send.with_value(|send| send());
        }
    };
    let problems = move || {
        let tried = state.tried.get() || state.refused.with(|refused| !refused.is_empty());
        let all = if tried { state.all() } else { Vec::new() };
        (!all.is_empty()).then(|| {
            let lines = all
                .iter()
                .map(|problem| {
                    let label = state.labels.with_value(|labels| labels.get(&problem.field).cloned()).unwrap_or_default();
                    let words = text::of_field(problem);
                    let words = if label.is_empty() { words } else { t!("kit-field-problem", field = label, problem = words) };
                    let id = id_of(&problem.field);
                    let to_field = move |event: leptos::ev::MouseEvent| {
                        event.prevent_default();
                        super::focus_id(&id);
                    };
                    view! { <li><a class="a" href=format!("#{}", id_of(&problem.field)) on:click=to_field>{words}</a></li> }
                })
                .collect_view();
            view! {
                <div role="alert" tabindex="-1" node_ref=summary class="rounded-field border border-error/40 bg-error/5 px-4 py-3 outline-none">
                    <p class="flex items-center gap-2 text-base font-semibold">
                        {icon_sized(icons::CIRCLE_ALERT, 16, "text-error")} {t!("kit-form-problems", count = all.len())}
                    </p>
                    <ul class="mt-1 pl-6 text-base">{lines}</ul>
                </div>
            }
        })
    };
    let button = match (danger, full) {
        (true, _) => "btn btn-error",
        (_, true) => "btn btn-primary w-full text-base",
        _ => "btn btn-primary",
    };
    let cancel = cancel.map(|cancel| {
        let cancel = move |_| {
            state.guard.clean();
            cancel();
        };
        view! { <button type="button" class="btn" on:click=cancel>{t!("kit-cancel")}</button> }
    });
    let hint = (!in_dialog && !full).then(|| {
        view! { <span class="label-xs ml-2 max-sm:hidden"><kbd class="kbd">"Ctrl"</kbd>" "<kbd class="kbd">"Enter"</kbd></span> }
    });
    view! {
        <form
            novalidate
            class=match (wide, in_dialog) {
                (true, _) => "flex flex-col gap-5",
                (_, true) => "mt-4 flex max-w-120 flex-col gap-5",
                _ => "flex max-w-120 flex-col gap-5",
            }
            on:keydown=keys
            on:submit=move |event| {
                event.prevent_default();
                send.with_value(|send| send());
            }
        >
            {problems}
            {move || state.problem.get().map(|problem| problem_note(&problem))}
            {fields}
            <div class=if in_dialog { "flex flex-row-reverse items-center gap-2" } else { "flex items-center gap-2" }>
                <button type="submit" class=button aria-disabled=move || state.busy.get().then_some("true")>
                    {move || state.busy.get().then(|| view! { <span class="loading loading-spinner loading-xs" aria-hidden="true"></span> })}
                    {verb}
                </button>
                {cancel}
                {hint}
            </div>
        </form>
    }
    .into_any()
}

/// What is wrong with a field, beneath it.
fn said(state: State, field: String) -> impl Fn() -> AnyView + Send {
    let id = format!("{}-said", id_of(&field));
    move || {
        let words = state.problem_of(&field).map(|words| {
            view! { <p class="mt-1 flex items-start gap-1.5 text-sm text-error">{icon_sized(icons::CIRCLE_ALERT, 14, "mt-[3px]")} {words}</p> }
        });
        view! { <div id=id.clone()>{words}</div> }.into_any()
    }
}

fn select(
    field: &str,
    label: String,
    state: State,
    words: Vec<String>,
    place: Signal<Option<usize>>,
    pick: Box<dyn Fn(usize) + Send + Sync>,
) -> AnyView {
    let name = field.to_owned();
    state.label(&name, &label);
    let options = words
        .into_iter()
        .enumerate()
        .map(|(order, word)| view! { <option value=order.to_string() prop:selected=move || place.get() == Some(order)>{word}</option> })
        .collect_view();
    let (for_invalid, for_blur) = (name.clone(), name.clone());
    view! {
        <div>
            <label class="text-base font-semibold" for=id_of(field)>
                {label}
            </label>
            <select
                id=id_of(field)
                class="select mt-1"
                aria-invalid=move || state.problem_of(&for_invalid).is_some().to_string()
                aria-describedby=format!("{}-said", id_of(field))
                on:blur=move |_| state.touch(&for_blur)
                on:change=move |event| {
                    if let Ok(place) = event_target_value(&event).parse() {
                        pick(place);
                    }
                }
            >
                {move || place.get().is_none().then(|| view! { <option value="" selected hidden></option> })}
                {options}
            </select>
            {said(state, name)}
        </div>
    }
    .into_any()
}

/// How a typed field talks to the draft.
struct Typed {
    input: &'static str,
    keys: &'static str,
    num: bool,
    show: Arc<dyn Fn() -> String + Send + Sync>,
    same: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    read: Arc<dyn Fn(&str) + Send + Sync>,
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
    fn new(field: &str, label: String, state: State, typed: Typed, optional: bool) -> Self {
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
