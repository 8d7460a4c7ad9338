//! The dialog in which a flow is set: its levels, each from an amount on and with those who decide.

use std::sync::Arc;

use common::approvals::api::{Deciders, DecidingDepartment, DecidingEmployee, Former, SaveFlow};
use common::approvals::flow::{DecidedBy, DeedKind, FlowLevel, LEVELS_MOST};
use common::id::{DepartmentId, EmployeeId};
use common::money::Money;
use common::problem::FieldProblem;
use leptos::prelude::*;

use super::words::{gone_badge, kind_text};
use crate::kit::{Ending, FieldValue as _, Form, Reload, button, dialog, focus_id, icon_sized, icons, toast};
use crate::{session, t};

/// Where the levels stand.
const LEVELS: &str = "flow-levels";

/// Opens for the flow of a kind.
#[derive(Clone, Copy)]
pub(super) struct FlowForm {
    open: RwSignal<bool>,
    deciders: StoredValue<Deciders>,
    /// Who was named before and decides nothing any more: shown until taken away.
    former: StoredValue<Vec<Former>>,
    form: Form<SaveFlow>,
    reload: Reload,
}

impl FlowForm {
    pub(super) fn new(reload: Reload) -> Self {
        let start = SaveFlow { community: session::community(), kind: DeedKind::Waive, levels: Vec::new() };
        let deciders = StoredValue::new(Deciders::default());
        Self { open: RwSignal::new(false), deciders, former: StoredValue::default(), form: Form::new(start), reload }
    }

    pub(super) fn offer(self, deciders: Deciders) {
        self.deciders.set_value(deciders);
    }

    pub(super) fn open(self, kind: DeedKind, levels: Vec<FlowLevel>, former: Vec<Former>) {
        let mut once: Vec<Former> = Vec::new();
        for one in former {
            if !once.contains(&one) {
                once.push(one);
            }
        }
        self.former.set_value(once);
        self.form.restart(SaveFlow { community: session::community(), kind, levels });
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, form, reload, .. } = self;
        let title = move || t!("approvals-flow-title", kind = kind_text(form.draft.with(|ask| ask.kind)));
        dialog(open, title, move || {
            let ending = Ending::new(t!("kit-save")).in_dialog().cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("approvals-flow-saved"));
            };
            view! { <div class="mt-2">{form.show(ending, self.levels(), done)}</div> }.into_any()
        })
    }

    fn levels(self) -> AnyView {
        let form = self.form;
        let count = Memo::new(move |_| form.draft.with(|ask| ask.levels.len()));
        form.custom("levels", t!("approvals-flow-levels"), move |id, changed| {
            let changed = StoredValue::new(changed);
            let add = move || {
                form.draft.update(|ask| ask.levels.push(self.next(&ask.levels)));
                changed.with_value(|changed| changed());
            };
            let none = move || {
                (count.get() == 0).then(|| view! { <p class="py-2 text-base text-ink-2">{t!("approvals-flow-none")}</p> })
            };
            let lines = move || (0..count.get()).map(|place| self.level(place, changed)).collect_view();
            let more = move || (count.get() < LEVELS_MOST).then(|| button(icons::PLUS, t!("approvals-flow-add"), add));
            view! { <div id=id><div id=LEVELS tabindex="-1" class="outline-none">{none} {lines} <div class="pt-3">{more}</div></div></div> }.into_any()
        })
    }

    /// One more level, from where the last one begins.
    fn next(self, levels: &[FlowLevel]) -> FlowLevel {
        let department = self.deciders.with_value(|deciders| deciders.departments.first().map(|first| first.id));
        FlowLevel {
            from_fen: levels.last().map_or(Money::ZERO, |last| last.from_fen),
            by: DecidedBy::Department,
            department,
            employees: Vec::new(),
        }
    }

    fn level(self, place: usize, changed: Changed) -> AnyView {
        let form = self.form;
        let number = place + 1;
        let remove = move |_| {
            for place in 0..LEVELS_MOST {
                form.unreadable(&amount_field(place), None);
            }
            form.draft.update(|ask| {
                if place < ask.levels.len() {
                    ask.levels.remove(place);
                }
            });
            changed.with_value(|changed| changed());
            // The button is gone; the keys are still heard in the dialog.
            focus_id(LEVELS);
        };
        let by = Memo::new(move |_| form.draft.with(|ask| ask.levels.get(place).map(|level| level.by)));
        let who = move || match by.get() {
            Some(DecidedBy::Department) => self.department(place, changed),
            Some(DecidedBy::Employees) => self.employees(place, changed),
            None => ().into_any(),
        };
        let one = move |choice: DecidedBy| {
            let choose = move |_| self.change(place, changed, |level| level.by = choice);
            view! {
                <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                    <input
                        type="radio"
                        class="radio radio-xs"
                        name=format!("flow-by-{place}")
                        prop:checked=move || by.get() == Some(choice)
                        on:change=choose
                    />
                    {t!(&format!("approvals-flow-by-{choice}"))}
                </label>
            }
        };
        view! {
            <fieldset class="border-b border-line py-3">
                <legend class="sr-only">{t!("approvals-flow-level", level = number)}</legend>
                <div class="flex items-center gap-3">
                    <span class="font-semibold" aria-hidden="true">{t!("approvals-flow-level", level = number)}</span>
                    {form.draft.with_untracked(|ask| ask.kind.has_amount()).then(|| self.amount(place, changed))}
                    <button type="button" class="btn btn-ghost btn-sm btn-square ml-auto" aria-label=t!("approvals-flow-remove") on:click=remove>
                        {icon_sized(icons::X, 14, "")}
                    </button>
                </div>
                <div class="mt-2 flex flex-wrap gap-x-5" role="group" aria-label=t!("approvals-flow-by")>
                    {DecidedBy::ALL.iter().map(|choice| one(*choice)).collect_view()}
                </div>
                {who}
                {self.problem(place)}
            </fieldset>
        }
        .into_any()
    }

    fn change(self, place: usize, changed: Changed, change: impl FnOnce(&mut FlowLevel)) {
        self.form.draft.update(|ask| {
            if let Some(level) = ask.levels.get_mut(place) {
                change(level);
            }
        });
        changed.with_value(|changed| changed());
    }

    fn amount(self, place: usize, changed: Changed) -> AnyView {
        let form = self.form;
        let start = form.draft.with_untracked(|ask| ask.levels.get(place).map_or(String::new(), |level| level.from_fen.show()));
        let typed = move |event: leptos::ev::Event| match Money::read(&event_target_value(&event)) {
            Ok(amount) => {
                form.unreadable(&amount_field(place), None);
                self.change(place, changed, |level| level.from_fen = amount);
            }
            Err(code) => form.unreadable(&amount_field(place), Some(code)),
        };
        view! {
            <label class="input input-sm w-56 max-sm:w-52">
                <span class="whitespace-nowrap text-ink-2">{t!("approvals-flow-from-fen")}</span>
                <input class="num" inputmode="decimal" title=t!("approvals-flow-from-help") value=start on:input=typed />
                <span class="whitespace-nowrap text-ink-2">{t!("approvals-yuan")}</span>
            </label>
        }
        .into_any()
    }

    fn department(self, place: usize, changed: Changed) -> AnyView {
        let form = self.form;
        let now = move || form.draft.with(|ask| ask.levels.get(place).and_then(|level| level.department));
        let option = move |id: DepartmentId, name: String| {
            view! { <option value=id.to_string() prop:selected=move || now() == Some(id)>{name}</option> }
        };
        let options = self.deciders.with_value(|deciders| {
            let one = |known: &DecidingDepartment| option(known.id, known.name.clone());
            deciders.departments.iter().map(one).collect_view()
        });
        let former = self.former_of(place).into_iter().filter_map(|gone| {
            let why = t!(&format!("approvals-flow-gone-{}", gone.why));
            Some(option(gone.department?, format!("{} {why}", gone.name)))
        });
        let chosen = move |event: leptos::ev::Event| {
            let id = event_target_value(&event).parse().ok();
            self.change(place, changed, |level| level.department = id);
        };
        view! {
            <select class="select mt-1" aria-label=t!("approvals-flow-department") on:change=chosen>
                {move || now().is_none().then(|| view! { <option value="" selected hidden></option> })}
                {former.collect_view()}
                {options}
            </select>
        }
        .into_any()
    }

    fn employees(self, place: usize, changed: Changed) -> AnyView {
        let form = self.form;
        let one = |id: EmployeeId, words: AnyView| {
            let on = move || form.draft.with(|ask| ask.levels.get(place).is_some_and(|level| level.employees.contains(&id)));
            let turn = move |_| {
                self.change(place, changed, |level| match level.employees.iter().position(|known| *known == id) {
                    Some(place) => drop(level.employees.remove(place)),
                    None => level.employees.push(id),
                });
            };
            view! {
                <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                    <input type="checkbox" class="checkbox checkbox-xs" prop:checked=on on:change=turn />
                    {words}
                </label>
            }
        };
        let known = |known: &DecidingEmployee| {
            let words = view! { {known.name.clone()} <span class="label-xs">{known.department.clone()}</span> };
            one(known.id, words.into_any())
        };
        let former = self.former_of(place).into_iter().filter_map(|gone| Some(one(gone.employee?, gone_badge(&gone))));
        let former = former.collect_view();
        let people = self.deciders.with_value(|deciders| deciders.employees.iter().map(known).collect_view());
        view! {
            <div class="mt-1 grid max-h-40 grid-cols-2 gap-x-5 overflow-y-auto max-sm:grid-cols-1" role="group" aria-label=t!("approvals-flow-employees")>
                {former}
                {people}
            </div>
        }
        .into_any()
    }

    /// Who is named at a level and decides nothing any more.
    fn former_of(self, place: usize) -> Vec<Former> {
        let level = self.form.draft.with_untracked(|ask| ask.levels.get(place).cloned());
        let Some(level) = level else { return Vec::new() };
        let here = |one: &Former| match level.by {
            DecidedBy::Department => one.department.is_some() && one.department == level.department,
            DecidedBy::Employees => one.employee.is_some_and(|id| level.employees.contains(&id)),
        };
        self.former.with_value(|former| former.iter().filter(|one| here(one)).cloned().collect())
    }

    /// What is wrong with a level, as one types.
    fn problem(self, place: usize) -> AnyView {
        let text = move || {
            let problems = self.form.draft.with(common::api::Checked::problems);
            let of = format!("levels.{place}.");
            let found = problems.into_iter().find(|problem| problem.field.starts_with(&of));
            let gone = || {
                self.form.draft.track();
                let names: Vec<String> = self.former_of(place).into_iter().map(|one| one.name).collect();
                let problem = FieldProblem::new(of.clone(), "approvals.may_not_decide");
                (!names.is_empty()).then(|| problem.with("names", names.join(&t!("kit-comma"))))
            };
            found.or_else(gone).map(|problem| common::text::of_field(session::language(), &problem))
        };
        view! { <span class="block text-sm text-error" aria-live="polite">{text}</span> }.into_any()
    }
}

/// Tells the form that something was changed.
type Changed = StoredValue<Arc<dyn Fn() + Send + Sync>>;

fn amount_field(place: usize) -> String {
    format!("levels.{place}.from_fen")
}
