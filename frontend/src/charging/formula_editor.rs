//! The field of a formula: its names complete themselves, what is wrong is underlined as one types.

use common::formula::{Formula, FormulaPlace, FormulaProblem, Names, Suggestion, Variable, suggest, word_before};
use common::text::Language;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::{session, t};

/// Where the formula comes from and goes to.
#[derive(Clone, Copy)]
pub struct FormulaText {
    pub place: FormulaPlace,
    /// The names of the custom number fields that it may speak of.
    pub fields: Signal<Vec<String>>,
    pub text: Signal<String>,
    pub change: Callback<String>,
}

impl FormulaText {
    /// What is wrong with it now; nothing while it is empty.
    pub fn problem(self) -> Option<FormulaProblem> {
        let text = self.text.get();
        (!text.trim().is_empty()).then(|| Formula::read(&text, self.place, &self.fields.get()).err())?
    }

    /// The formula, when it can be read.
    pub fn formula(self) -> Option<Formula> {
        Formula::read(&self.text.get(), self.place, &self.fields.get()).ok()
    }
}

/// What a name is called in the person's language.
pub(super) fn names() -> Names {
    if session::language() == Language::Chinese { Names::Chinese } else { Names::English }
}

/// A variable as the person would type it.
pub(super) fn variable_name(variable: Variable) -> &'static str {
    match names() {
        Names::Chinese => variable.chinese(),
        Names::English => variable.word(),
    }
}

/// A problem of the formula in words, its variable by the name that the person would type.
pub(super) fn formula_said(mut problem: FormulaProblem) -> String {
    if let Some(name) = problem.args.get_mut("variable")
        && let Ok(variable) = name.parse()
    {
        *name = variable_name(variable).to_owned();
    }
    common::text::of_field(session::language(), &problem.of_field("formula"))
}

/// Characters before this many UTF-16 units.
fn characters(text: &str, units: u32) -> usize {
    let before: Vec<u16> = text.encode_utf16().take(usize::try_from(units).unwrap_or(usize::MAX)).collect();
    String::from_utf16_lossy(&before).chars().count()
}

/// UTF-16 units of so many characters.
fn units(text: &str, characters: usize) -> u32 {
    let units: usize = text.chars().take(characters).map(char::len_utf16).sum();
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[derive(Clone, Copy)]
struct Editor {
    of: FormulaText,
    area: NodeRef<html::Textarea>,
    found: RwSignal<Vec<Suggestion>>,
    at: RwSignal<usize>,
}

impl Editor {
    /// The caret, in characters.
    fn caret(self) -> usize {
        let Some(area) = self.area.get_untracked() else { return 0 };
        let units = area.selection_start().ok().flatten().unwrap_or(0);
        characters(&area.value(), units)
    }

    /// Looks for names for the word before the caret; all of them when it was asked for.
    fn look(self, asked: bool) {
        let text = self.of.text.get_untracked();
        let (_, word) = word_before(&text, self.caret());
        let found = if word.is_empty() && !asked {
            Vec::new()
        } else {
            suggest(&word, self.of.place, &self.of.fields.get_untracked(), names())
        };
        // Nothing is offered for a name that is whole.
        let whole = found.len() == 1 && found.first().is_some_and(|one| one.text == word);
        self.at.set(0);
        self.found.set(if whole { Vec::new() } else { found });
    }

    /// Puts the suggestion in the place of the word.
    fn take(self, suggestion: &Suggestion) {
        let text = self.of.text.get_untracked();
        let caret = self.caret();
        let (start, _) = word_before(&text, caret);
        let before: String = text.chars().take(start).collect();
        let after: String = text.chars().skip(caret).collect();
        let new = format!("{before}{}{after}", suggestion.text);
        let caret = units(&new, start + suggestion.caret);
        self.found.set(Vec::new());
        self.of.change.run(new.clone());
        if let Some(area) = self.area.get_untracked() {
            area.set_value(&new);
            // The caret follows what was put in; a field that is gone has none.
            drop(area.focus());
            drop(area.set_selection_range(caret, caret));
        }
    }

    fn keys(self, event: &KeyboardEvent) {
        let many = self.found.with_untracked(Vec::len);
        match event.key().as_str() {
            " " if event.ctrl_key() => self.look(true),
            "ArrowDown" if many > 0 => self.at.update(|at| *at = (*at + 1) % many),
            "ArrowUp" if many > 0 => self.at.update(|at| *at = (*at + many - 1) % many),
            "Enter" | "Tab" if many > 0 && !event.ctrl_key() && !event.shift_key() => {
                let chosen = self.found.with_untracked(|found| found.get(self.at.get_untracked()).cloned());
                if let Some(chosen) = chosen {
                    self.take(&chosen);
                }
            }
            "Escape" if many > 0 => self.found.set(Vec::new()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

/// The field with its suggestions and its problem beneath; its label stands with whoever shows it.
pub fn formula_editor(id: String, of: FormulaText) -> AnyView {
    let editor = Editor { of, area: NodeRef::new(), found: RwSignal::new(Vec::new()), at: RwSignal::new(0) };
    let list = format!("{id}-names");
    let said = format!("{id}-wrong");
    let option = {
        let list = list.clone();
        move |place: usize| format!("{list}-{place}")
    };
    let active = {
        let option = option.clone();
        move || (!editor.found.with(Vec::is_empty)).then(|| option(editor.at.get()))
    };
    let typed = move |event| {
        of.change.run(event_target_value(&event));
        editor.look(false);
    };
    // The same text behind the field, with what is wrong underlined.
    let behind = move || {
        let text = of.text.get();
        let Some(problem) = of.problem() else { return text.into_any() };
        let (from, to) = (usize::from(problem.at.from), usize::from(problem.at.to).max(usize::from(problem.at.from) + 1));
        let part = |from: usize, to: usize| text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>();
        let wrong = part(from, to);
        let wrong = if wrong.is_empty() { " ".to_owned() } else { wrong };
        view! { {part(0, from)} <mark class="formula-wrong">{wrong}</mark> {part(to, usize::MAX)} }.into_any()
    };
    let wrong = move || of.problem().map(formula_said);
    let options = move || {
        let found = editor.found.get();
        let line = |(place, one): (usize, Suggestion)| {
            let (text, note) = (one.text.clone(), one.note.clone());
            view! {
                <div role="option" id=option(place) class="menu-line" class:bg-hover=move || editor.at.get() == place
                    aria-selected=move || (editor.at.get() == place).to_string()
                    on:mousedown=move |event| {
                        event.prevent_default();
                        editor.take(&one);
                    }>
                    <span class="font-mono">{text}</span>
                    <span class="ml-auto pl-4 text-xs text-ink-2">{note}</span>
                </div>
            }
        };
        found.into_iter().enumerate().map(line).collect_view()
    };
    view! {
        <div>
            <div class="relative">
                <div class="formula-behind" aria-hidden="true">{behind}</div>
                <textarea
                    id=id
                    node_ref=editor.area
                    class="textarea formula-text"
                    rows="2"
                    spellcheck="false"
                    autocomplete="off"
                    aria-autocomplete="list"
                    aria-controls=list.clone()
                    aria-activedescendant=active
                    aria-describedby=said.clone()
                    aria-invalid=move || of.problem().is_some().to_string()
                    prop:value=move || of.text.get()
                    on:input=typed
                    on:click=move |_| editor.found.set(Vec::new())
                    on:blur=move |_| editor.found.set(Vec::new())
                    on:keydown=move |event| editor.keys(&event)
                ></textarea>
                <div id=list role="listbox" aria-label=t!("charging-formula-suggestions")
                    class="menu-float absolute top-full right-0 left-0 z-40 mt-1 max-h-64 overflow-y-auto p-1"
                    class:hidden=move || editor.found.with(Vec::is_empty)>
                    {options}
                </div>
            </div>
            <p id=said class="mt-1 text-sm text-error" aria-live="polite">{wrong}</p>
        </div>
    }
    .into_any()
}
