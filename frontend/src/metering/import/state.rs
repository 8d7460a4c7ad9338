//! What the wizard knows, and its errands: the file is read and checked in the worker.

use common::id::ReadingImportId;
use common::metering::Utility;
use common::metering::api::{ImportReadings, Imported, OpenBook};
use common::metering::import::{Cures, Field, Options, Preview, RowAt};
use common::period::Month;
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use crate::api::call;
use crate::kit::Kept;
use crate::metering::errands::{CheckSheet, ReadSheet, TakeRows};
use crate::{session, worker};

/// The steps of the wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Choose,
    Columns,
    Preview,
    Done,
}

/// The file that was chosen, until it is brought in.
pub(super) fn kept() -> Kept {
    Kept::of("reading-import", session::community())
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
    pub(super) fn new(month: Memo<Month>) -> Self {
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
    pub(super) fn read(self, name: String, bytes: Vec<u8>) {
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
                    kept().forget();
                    self.done.set(Some(done));
                    self.step.set(Step::Done);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}
