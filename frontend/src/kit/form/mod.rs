//! The form: a draft of the request itself, its fields, and what is wrong with which.
//!
//! A field names its path in the request and says where the value stands in it. Problems come from three sides and look
//! alike: what can't be read, the request's own rules (`Checked`, while typing), the server's answer (by field).

mod choices;
mod ending;
mod field;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use common::api::Endpoint;
use common::period::Day;
use common::problem::FieldProblem;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use self::ending::Ending;
use self::ending::frame;
pub use self::field::Field;
use self::field::Typed;
use self::state::{State, id_of, said};
use super::leave;
use super::value::FieldValue;
use crate::api::call;

/// A form over the request `E`; copy it wherever it is needed.
pub struct Form<E: 'static> {
    /// The request as far as it is filled in; change it to fill fields by code.
    pub draft: RwSignal<E>,
    /// What is sent of what is filled in, where that is not all of it.
    sent: Option<fn(E) -> E>,
    state: State,
}

impl<E> Clone for Form<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Form<E> {}

impl<E> Form<E>
where
    E: Endpoint + Clone + PartialEq + Sync,
{
    /// A form that starts with this request.
    pub fn new(start: E) -> Self {
        Self::made(start, None)
    }

    /// The same where what is filled in is made into what is sent: a field that is not shown keeps what was typed in it.
    pub fn sending(start: E, sent: fn(E) -> E) -> Self {
        Self::made(start, Some(sent))
    }

    fn made(start: E, sent: Option<fn(E) -> E>) -> Self {
        let draft = RwSignal::new(start);
        Self {
            draft,
            sent,
            state: State {
                unread: RwSignal::default(),
                refused: RwSignal::default(),
                problem: RwSignal::new(None),
                rules: Memo::new(move |_| match sent {
                    Some(sent) => sent(draft.get()).problems(),
                    None => draft.with(Endpoint::problems),
                }),
                touched: RwSignal::default(),
                tried: RwSignal::new(false),
                busy: RwSignal::new(false),
                labels: StoredValue::default(),
                guard: leave::Guard::new(),
            },
        }
    }

    /// What is sent as it is filled in now; tracked.
    pub fn ask(self) -> E {
        let draft = self.draft.get();
        match self.sent {
            Some(sent) => sent(draft),
            None => draft,
        }
    }

    /// Whether it is being sent.
    pub fn busy(self) -> bool {
        self.state.busy.get()
    }

    /// A link to a page that takes the draft along in its address: nobody is asked whether it may be lost. Ask for it while the
    /// form is drawn.
    pub fn taken_along(self, address: impl Fn() -> String + Clone + Send + 'static, words: String) -> AnyView {
        let go = super::go_with_router();
        let there = address.clone();
        let follow = move |event: MouseEvent| {
            if !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
                event.prevent_default();
                self.restart(self.draft.get_untracked());
                go(&untrack(&there));
            }
        };
        view! { <a class="a" target="_self" href=address on:click=follow>{words}</a> }.into_any()
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
        self.typed(field, label.into(), at, V::show, V::read)
    }

    /// The same where one value of the draft stands for what is still to be typed: the field is empty then. That it may not stay
    /// so is for the caller to say.
    pub fn field_unfilled<V: FieldValue>(
        self,
        field: &str,
        label: impl Into<String>,
        at: fn(&mut E) -> &mut V,
        unfilled: V,
    ) -> Field {
        let blank = unfilled.clone();
        let shown = move |value: &V| if *value == blank { String::new() } else { value.show() };
        let take = move |text: &str| if text.trim().is_empty() { Ok(unfilled.clone()) } else { V::read(text) };
        self.typed(field, label.into(), at, shown, take)
    }

    /// A last day, as people say it, where the request names the day after it; left blank, there is no end.
    pub fn last_day(self, field: &str, label: impl Into<String>, at: fn(&mut E) -> &mut Option<Day>) -> Field {
        let shown = |to: &Option<Day>| to.and_then(|to| to.pred_opt()).show();
        let take = |text: &str| Option::<Day>::read(text).map(|last| last.and_then(|last| last.succ_opt()));
        self.typed(field, label.into(), at, shown, take)
    }

    fn typed<V: FieldValue>(
        self,
        field: &str,
        label: String,
        at: fn(&mut E) -> &mut V,
        shown: impl Fn(&V) -> String + Send + Sync + 'static,
        take: impl Fn(&str) -> Result<V, &'static str> + Clone + Send + Sync + 'static,
    ) -> Field {
        let get = self.lens(at);
        let same = take.clone();
        let name = field.to_owned();
        let state = self.state;
        let draft = self.draft;
        Field::new(
            field,
            label,
            state,
            Typed {
                input: V::INPUT,
                keys: V::KEYS,
                num: V::NUM,
                show: Arc::new(move || get().map(|value| shown(&value)).unwrap_or_default()),
                // A text that reads as what the draft holds stays as it was typed: `2.50` does not become `2.5` under the hand.
                same: Arc::new(move |text| same(text).ok() == get()),
                read: Arc::new(move |text| match take(text) {
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

    /// A view of one's own for a field (a combobox, a table of tiers): under its label, with its problem beneath. Call
    /// the second argument of `body` when the value was changed.
    pub fn custom(
        self,
        field: &str,
        label: impl Into<String>,
        body: impl FnOnce(String, Arc<dyn Fn() + Send + Sync>) -> AnyView,
    ) -> AnyView {
        let (id, label) = (id_of(field), label.into());
        let changed = self.labelled(field, &label);
        view! {
            <div>
                <label class="text-base font-semibold" for=id.clone()>
                    {label}
                </label>
                <div class="mt-1">{body(id, changed)}</div>
                {said(self.state, field.to_owned())}
            </div>
        }
        .into_any()
    }

    /// The same for a view of several controls of one question, such as radio buttons: the label is the group's.
    pub fn custom_group(
        self,
        field: &str,
        label: impl Into<String>,
        body: impl FnOnce(String, Arc<dyn Fn() + Send + Sync>) -> AnyView,
    ) -> AnyView {
        let label = label.into();
        let changed = self.labelled(field, &label);
        view! {
            <fieldset class="min-w-0">
                <legend class="text-base font-semibold">{label}</legend>
                <div class="mt-1">{body(id_of(field), changed)}</div>
                {said(self.state, field.to_owned())}
            </fieldset>
        }
        .into_any()
    }

    /// Names a control within a view of one's own in the list of problems, which leads to the id that comes back.
    pub fn named(self, field: &str, label: &str) -> String {
        self.state.label(field, label);
        id_of(field)
    }

    /// What is wrong with a control within a view of one's own, when it may be said already.
    pub fn problem_of(self, field: &str) -> Option<String> {
        self.state.problem_of(field)
    }

    /// Names a view of one's own in the list of problems; what comes back is called when its value was changed.
    fn labelled(self, field: &str, label: &str) -> Arc<dyn Fn() + Send + Sync> {
        let (state, name) = (self.state, field.to_owned());
        state.label(&name, label);
        Arc::new(move || state.changed(&name))
    }

    /// What of a view of one's own can't be read, as the code of the problem; it is not sent while there is one.
    pub fn unreadable(self, field: &str, code: Option<&'static str>) {
        self.state.unread.update(|unread| match code {
            Some(code) => drop(unread.insert(field.to_owned(), FieldProblem::new(field, code))),
            None => drop(unread.remove(field)),
        });
    }

    /// What is filled in; none while a field is wrong, which is then said.
    fn taken(self) -> Option<E> {
        self.state.tried.set(true);
        if untrack(|| !self.state.all().is_empty()) {
            return None;
        }
        self.state.guard.clean();
        Some(untrack(|| self.ask()))
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
        let ask = untrack(|| self.ask());
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
    pub fn show(self, mut ending: Ending, fields: impl IntoAny, done: impl Fn(E::Reply) + Clone + 'static) -> AnyView {
        let question = ending.question.take();
        let send = move || {
            let done = done.clone();
            let is_right = untrack(|| self.state.is_right());
            match question.as_ref().filter(|_| is_right).and_then(|question| question()) {
                Some(question) => question.ask(move || self.send(done)),
                None => self.send(done),
            }
        };
        frame(self.state, ending, fields.into_any(), Box::new(send))
    }

    /// The same for what is taken elsewhere than to the server.
    pub fn show_taking(self, ending: Ending, fields: impl IntoAny, take: impl Fn(E) + 'static) -> AnyView {
        let send = move || self.taken().into_iter().for_each(&take);
        frame(self.state, ending, fields.into_any(), Box::new(send))
    }
}
