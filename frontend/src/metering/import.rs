//! Importing readings: choose a file → look at its columns → preview, mend and confirm → done.

use common::id::ReadingImportId;
use common::metering::Utility;
use common::metering::api::{ImportReadings, Imported, OpenBook};
use common::metering::import::{Cures, Field, Options, Preview, RowAt};
use common::period::Month;
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::errands::{CheckSheet, ReadSheet, TakeRows};
use super::import_parts::{bad_section, columns_step, done_step, dropped_note, foot, head, odd_section, summary};
use super::import_rail::rail;
use super::readings::{month_of, month_picker};
use super::utility_name;
use crate::api::call;
use crate::kit::{Header, Query, icon, icon_sized, icons, problem_note};
use crate::{session, t, worker};

/// The steps of the wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Choose,
    Columns,
    Preview,
    Done,
}

/// What the wizard knows.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    pub(super) step: RwSignal<Step>,
    pub(super) month: Memo<Month>,
    pub(super) utility: RwSignal<Option<Utility>>,
    pub(super) day: RwSignal<common::period::Day>,
    pub(super) file_name: RwSignal<String>,
    /// The file as it came, for the workbook with remarks.
    pub(super) bytes: StoredValue<Vec<u8>>,
    pub(super) preview: RwSignal<Option<Preview>>,
    pub(super) cures: RwSignal<Cures>,
    pub(super) busy: RwSignal<bool>,
    pub(super) problem: RwSignal<Option<Problem>>,
    pub(super) done: RwSignal<Option<Imported>>,
    /// One for the whole wizard: sending twice imports once.
    import: StoredValue<ReadingImportId>,
}

impl Wizard {
    fn new(month: Memo<Month>) -> Self {
        Self {
            step: RwSignal::new(Step::Choose),
            month,
            utility: RwSignal::new(None),
            day: RwSignal::new(session::today()),
            file_name: RwSignal::new(String::new()),
            bytes: StoredValue::new(Vec::new()),
            preview: RwSignal::new(None),
            cures: RwSignal::new(Cures::default()),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            done: RwSignal::new(None),
            import: StoredValue::new(ReadingImportId(Uuid::now_v7())),
        }
    }

    pub(super) fn options(self) -> Options {
        Options {
            month: self.month.get_untracked(),
            utility: self.utility.get_untracked(),
            day: self.day.get_untracked(),
            today: session::today(),
        }
    }

    /// Reads the file in the worker, against the book of the month.
    fn read(self, name: String, bytes: Vec<u8>) {
        self.file_name.set(name);
        self.bytes.set_value(bytes);
        self.cures.set(Cures::default());
        self.import.set_value(ReadingImportId(Uuid::now_v7()));
        self.run(Step::Columns, async move {
            let book = call(OpenBook { community: session::community(), month: self.month.get_untracked() }).await?;
            let file = self.bytes.try_get_value().unwrap_or_default();
            worker::ask(ReadSheet { file, book, options: self.options() }, |_| ()).await
        });
    }

    /// Mends something, and has all of it checked again.
    pub(super) fn mend(self, change: impl FnOnce(&mut Cures)) {
        self.cures.update(change);
        self.check(Step::Preview);
    }

    /// Checks again, with other options or cures.
    pub(super) fn check(self, then: Step) {
        let (options, cures) = (self.options(), self.cures.get_untracked());
        self.run(then, worker::ask(CheckSheet { options, cures }, |_| ()));
    }

    pub(super) fn write(self, at: RowAt, field: Field, text: String) {
        self.mend(move |cures| cures.edits.push((at, field, text)));
    }

    fn run(self, then: Step, work: impl Future<Output = Result<Preview, Problem>> + 'static) {
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let result = work.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(preview) => {
                    self.preview.set(Some(preview));
                    self.step.set(then);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Sends the readings.
    pub(super) fn import(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        let (options, cures) = (self.options(), self.cures.get_untracked());
        let (import, file_name, month) = (self.import.get_value(), self.file_name.get_untracked(), self.month.get_untracked());
        spawn_local(async move {
            let sent = async {
                let rows = worker::ask(TakeRows { options, cures }, |_| ()).await?;
                call(ImportReadings { community: session::community(), import, file_name, month, rows }).await
            };
            let result = sent.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(done) => {
                    self.done.set(Some(done));
                    self.step.set(Step::Done);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let month = month_of(query);
    let wizard = Wizard::new(month);
    let body = move || match wizard.step.get() {
        Step::Choose => choose(wizard, query),
        Step::Columns => columns_step(wizard),
        Step::Preview => preview_step(wizard),
        Step::Done => done_step(wizard),
    };
    view! {
        {Header::new(t!("metering-import-title")).beside(head(wizard)).show()}
        {body}
    }
    .into_any()
}

fn choose(wizard: Wizard, query: Query) -> AnyView {
    let template = move || {
        let (community, month) = (session::community(), wizard.month.get());
        format!(
            "/api/metering/readings/template?community={community}&month={month}&unread=true&language={}",
            session::language().tag()
        )
    };
    let utilities = Utility::ALL
        .iter()
        .map(|utility| {
            let utility = *utility;
            view! {
                <option value=utility.word() selected=move || wizard.utility.get() == Some(utility)>{utility_name(utility)}</option>
            }
        })
        .collect_view();
    view! {
        <div class="grid gap-6 border-t border-line px-6 py-6 max-sm:px-4">
            <div class="flex flex-wrap items-end gap-6">
                <div><div class="label-xs mb-1">{t!("metering-month")}</div>{month_picker(query, wizard.month)}</div>
                <label>
                    <div class="label-xs mb-1">{t!("metering-default-day")}</div>
                    <input type="date" class="input input-sm w-40" prop:value=move || wizard.day.get().to_string()
                        on:change=move |event| { if let Ok(day) = event_target_value(&event).parse() { wizard.day.set(day); } } />
                </label>
                <label>
                    <div class="label-xs mb-1">{t!("metering-default-utility")}</div>
                    <select class="select select-sm w-48" on:change=move |event| wizard.utility.set(Utility::from_word(&event_target_value(&event)))>
                        <option value="">{t!("metering-utility-by-sheet")}</option>
                        {utilities}
                    </select>
                </label>
            </div>
            {super::import_parts::drop_zone(wizard.busy, move |name, bytes| wizard.read(name, bytes))}
            {move || wizard.problem.get().map(|problem| problem_note(&problem))}
            <p class="text-base text-ink-2">
                {t!("metering-import-what")} " "
                <a class="a inline-flex items-center gap-1" href=template download="" rel="external">{icon(icons::FILE_DOWN)} {t!("metering-template")}</a>
            </p>
        </div>
    }
    .into_any()
}

fn preview_step(wizard: Wizard) -> AnyView {
    let body = move || {
        wizard.preview.get().map(|preview| {
            let rail = rail(&preview);
            view! {
                {summary(wizard, &preview)}
                <div class="wizard-cols flex-1">
                    <div class="min-w-0 pb-6">
                        {dropped_note(wizard, &preview)}
                        {bad_section(wizard, &preview)}
                        {odd_section(wizard, &preview)}
                        {(preview.bad == 0 && preview.odd == 0)
                            .then(|| {
                                view! {
                                    <p class="flex items-center gap-2 px-6 py-6 text-base max-sm:px-4">
                                        {icon_sized(icons::CIRCLE_CHECK, 16, "text-success")} {t!("metering-all-good")}
                                    </p>
                                }
                            })}
                    </div>
                    <aside class="px-6 pt-4 pb-6 max-sm:px-4">{rail}</aside>
                </div>
            }
        })
    };
    view! {
        <div class="flex flex-1 flex-col" aria-busy=move || wizard.busy.get().to_string()>{body}</div>
        {foot(wizard)}
    }
    .into_any()
}
