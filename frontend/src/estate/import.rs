//! The import of a whole estate: choose a workbook, check its columns, see what comes of it, bring it in.

use common::estate::field::FieldOf;
use common::id::ImportId;
use common::problem::{FieldProblem, Problem};
use common::residents::api::{CheckImport, ImportCheck, ImportEstate, Imported};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::errands::{ReadWorkbook, Summary, TakeDraft};
use super::fields;
use super::import_preview::{checked_columns, preview};
use crate::api::call;
use crate::kit::{
    ChosenFile, FilePick, Foot, Header, Kept, Term, count, equation, icon, icons, link_button, primary_link, problem_note,
    save_file, steps,
};
use crate::{session, t, worker};

/// Where the wizard is, and what it knows by then.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    step: RwSignal<usize>,
    file: StoredValue<Option<ChosenFile>>,
    name: RwSignal<String>,
    /// One id for one file: sent twice, it is brought in once.
    import: StoredValue<ImportId>,
    pub(super) summary: RwSignal<Option<Summary>>,
    pub(super) check: RwSignal<Option<ImportCheck>>,
    done: RwSignal<Option<Imported>>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
}

/// The page.
pub(super) fn page() -> AnyView {
    let wizard = Wizard {
        step: RwSignal::new(0),
        file: StoredValue::new(None),
        name: RwSignal::new(String::new()),
        import: StoredValue::new(ImportId(Uuid::now_v7())),
        summary: RwSignal::new(None),
        check: RwSignal::new(None),
        done: RwSignal::new(None),
        problem: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let titles = vec![t!("estate-step-choose"), t!("estate-step-columns"), t!("estate-step-preview"), t!("estate-step-done")];
    let template = format!("/api/estate/template.xlsx?community={}&language={}", session::community(), session::language().tag());
    let actions = view! {
        <a class="btn btn-sm" href=template download="" rel="external">{icon(icons::DOWNLOAD)} {t!("estate-template")}</a>
    };
    let body = move || match wizard.step.get() {
        0 => choose(wizard),
        1 => columns(wizard),
        2 => look(wizard),
        _ => end(wizard),
    };
    view! {
        {Header::new(t!("estate-import")).beside(steps(titles, wizard.step.into())).actions(actions).show()}
        {move || wizard.problem.get().map(|problem| view! { <div class="px-6 pb-4 max-sm:px-4">{problem_note(&problem)}</div> })}
        {body}
    }
    .into_any()
}

impl Wizard {
    /// Has the worker read the file.
    fn read(self, file: ChosenFile) {
        self.problem.set(None);
        self.busy.set(true);
        self.name.set(file.name.clone());
        self.import.set_value(ImportId(Uuid::now_v7()));
        let bytes = file.bytes.clone();
        self.file.set_value(Some(file));
        spawn_local(async move {
            let read = match fields::ask(FieldOf::Unit).await {
                Ok(fields) => worker::ask(ReadWorkbook { file: bytes, fields }, |_| ()).await,
                Err(problem) => Err(problem),
            };
            if self.busy.try_set(false).is_some() {
                return;
            }
            match read {
                Ok(summary) => {
                    self.check.set(None);
                    self.summary.set(Some(summary));
                    self.step.set(1);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Goes to the preview; a sound draft is compared with what the server has.
    fn compare(self) {
        self.problem.set(None);
        let sound = self.summary.with_untracked(|summary| summary.as_ref().is_some_and(|summary| summary.problem_count == 0));
        if !sound {
            self.step.set(2);
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let checked = match worker::ask(TakeDraft {}, |_| ()).await {
                Ok(draft) => call(CheckImport { community: session::community(), draft }).await,
                Err(problem) => Err(problem),
            };
            if self.busy.try_set(false).is_some() {
                return;
            }
            match checked {
                Ok(check) => {
                    self.check.set(Some(check));
                    self.step.set(2);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Brings it in.
    fn send(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.problem.set(None);
        self.busy.set(true);
        let (import, file_name) = (self.import.get_value(), self.name.get_untracked());
        spawn_local(async move {
            let done = match worker::ask(TakeDraft {}, |_| ()).await {
                Ok(draft) => call(ImportEstate { community: session::community(), import, file_name, draft }).await,
                Err(problem) => Err(problem),
            };
            if self.busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(done) => {
                    kept().forget();
                    self.done.set(Some(done));
                    self.step.set(3);
                }
                Err(problem) if !problem.fields.is_empty() => {
                    // The world moved meanwhile: show what is in the way now.
                    let problem_count = u64::try_from(problem.fields.len()).unwrap_or(0);
                    self.check.update(|check| {
                        let counts = check.take().map(|check| check.counts).unwrap_or_default();
                        *check = Some(ImportCheck { problems: problem.fields.clone(), problem_count, counts });
                    });
                    self.problem.set(Some(Problem { fields: Vec::new(), ..problem }));
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// How many problems are in the way.
    pub(super) fn in_the_way(self) -> u64 {
        let read = self.summary.with(|summary| summary.as_ref().map_or(0, |summary| summary.problem_count));
        read + self.check.with(|check| check.as_ref().map_or(0, |check| check.problem_count))
    }

    /// The server's problems, which the worker could not know.
    pub(super) fn told(self) -> Vec<FieldProblem> {
        self.check.with(|check| check.as_ref().map(|check| check.problems.clone()).unwrap_or_default())
    }

    /// Fetches the workbook with its problems marked, to mend and choose again.
    pub(super) fn save_marked(self) {
        let Some(file) = self.file.get_value() else { return };
        let (community, name, language) = (session::community(), file.name.clone(), session::language());
        spawn_local(async move {
            let query = crate::api::query(&[
                ("community", community.to_string()),
                ("name", name.clone()),
                ("language", language.tag().to_owned()),
            ]);
            let sent = gloo::net::http::Request::post(&format!("/api/residents/import/problems.xlsx{query}"))
                .body(js_sys::Uint8Array::from(file.bytes.as_slice()));
            let answer = match sent {
                Ok(request) => request.send().await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(answer) if answer.ok() => {
                    let short = name.rsplit_once('.').map_or(name.as_str(), |(short, _)| short);
                    let named = format!("{short}-{}.xlsx", t!("residents-problems-file"));
                    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                    save_file(&named, kind, &answer.binary().await.unwrap_or_default());
                }
                Ok(answer) => {
                    let problem =
                        answer.json::<Problem>().await.unwrap_or_else(|error| Problem::new(0, "internal", error.to_string()));
                    self.problem.try_set(Some(problem));
                }
                Err(error) => {
                    self.problem.try_set(Some(Problem::new(0, "offline", error.to_string())));
                }
            }
        });
    }
}

/// The file that was chosen, until it is brought in.
fn kept() -> Kept {
    Kept::of("estate-import", session::community())
}

fn choose(wizard: Wizard) -> AnyView {
    view! {
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">
            {FilePick::workbook(t!("estate-choose-title")).help(t!("estate-choose-help")).kept(kept()).show(move |file| wizard.read(file))}
            {move || wizard.busy.get().then(|| view! { <p role="status" class="mt-4 text-base text-ink-2">{t!("estate-reading")}</p> })}
        </div>
    }
    .into_any()
}

fn columns(wizard: Wizard) -> AnyView {
    let next = move || wizard.compare();
    view! {
        {file_line(wizard, Vec::new())}
        {move || wizard.summary.get().map(|summary| checked_columns(&summary))}
        {Foot::new()
            .back(move || wizard.step.set(0))
            .kept(t!("estate-nothing-sent"))
            .deeds(view! {
                <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || wizard.busy.get().then_some("true") on:click=move |_| next()>
                    {t!("estate-to-preview")}
                </button>
            })
            .show()}
    }
    .into_any()
}

fn look(wizard: Wizard) -> AnyView {
    let why_not = move || {
        let problems = wizard.in_the_way();
        (problems > 0).then(|| t!("estate-still-problems", count = count(problems)))
    };
    let units = wizard.summary.with_untracked(|summary| summary.as_ref().map_or(0, |summary| summary.units));
    let off = move || (wizard.in_the_way() > 0 || wizard.busy.get()).then_some("true");
    let deed = move |_| {
        if off().is_none() {
            wizard.send();
        }
    };
    view! {
        {move || {
            let summary = wizard.summary.get().unwrap_or_default();
            let known = wizard.check.with(|check| check.as_ref().map_or(0, |check| check.counts.known_residents));
            let mut terms = vec![
                Term::count("", t!("estate-column-building"), i64::try_from(summary.buildings).unwrap_or(0)),
                Term::count("", t!("estate-units"), i64::try_from(summary.units).unwrap_or(0)),
                Term::count("", t!("residents-residents"), i64::try_from(summary.residents).unwrap_or(0)),
                Term::count("", t!("residents-vehicles"), i64::try_from(summary.vehicles).unwrap_or(0)),
            ];
            if known > 0 {
                terms.push(Term::count("", t!("residents-known"), known).class("text-ink-2"));
            }
            let problems = wizard.in_the_way();
            let class = if problems > 0 { "text-error font-semibold" } else { "text-ink-3" };
            terms.push(Term::count("", t!("estate-problems"), problems).class(class));
            file_line(wizard, terms)
        }}
        {preview(wizard)}
        {Foot::new()
            .back(move || wizard.step.set(1))
            .kept(t!("estate-nothing-sent"))
            .why_not(why_not)
            .deeds(view! {
                <button type="button" class="btn btn-sm btn-primary" aria-disabled=off on:click=deed>
                    {move || if wizard.busy.get() { t!("estate-sending") } else { t!("estate-send", count = count(i64::try_from(units).unwrap_or(0))) }}
                </button>
            })
            .show()}
    }
    .into_any()
}

fn file_line(wizard: Wizard, terms: Vec<Term>) -> AnyView {
    view! {
        <div class="flex flex-wrap items-center gap-x-6 gap-y-2 border-y border-line px-6 py-3 max-sm:px-4">
            <p class="flex items-center gap-3 text-base font-semibold">{icon(icons::FILE_SPREADSHEET)} {move || wizard.name.get()}</p>
            <div class="ml-auto max-sm:ml-0">{equation(terms)}</div>
        </div>
    }
    .into_any()
}

fn end(wizard: Wizard) -> AnyView {
    let counts = wizard.done.get_untracked().unwrap_or_default().counts;
    let again = move |_| {
        wizard.summary.set(None);
        wizard.check.set(None);
        wizard.step.set(0);
    };
    view! {
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4" role="status">
            <h2 class="text-lg font-semibold">{t!("estate-done-title", count = count(counts.units))}</h2>
            <div class="mt-4">
                {equation(vec![
                    Term::count("", t!("estate-new-buildings"), counts.new_buildings),
                    Term::count("", t!("estate-units"), counts.units),
                    Term::count("", t!("residents-new-residents"), counts.new_residents),
                    Term::count("", t!("residents-known"), counts.known_residents),
                    Term::count("", t!("residents-vehicles"), counts.vehicles),
                ])}
            </div>
            <div class="mt-6 flex flex-wrap gap-2">
                <button type="button" class="btn btn-sm" on:click=again>{icon(icons::UPLOAD)} {t!("estate-import-another")}</button>
                {link_button(icons::USERS, t!("residents-residents"), "/residents")}
                {primary_link(icons::BUILDING_2, t!("estate-see-units"), "/estate/units")}
            </div>
        </div>
    }
    .into_any()
}
