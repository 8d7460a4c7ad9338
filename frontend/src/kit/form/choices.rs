//! The fields of a form that are chosen: one of a few, yes or no, any of a few.

use common::api::Endpoint;
use leptos::prelude::*;

use super::Form;
use super::state::{State, id_of, said};

impl<E> Form<E>
where
    E: Endpoint + Clone + PartialEq + Sync,
{
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
