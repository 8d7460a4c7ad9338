//! What the worker does for imports: reads the workbook, keeps the draft, hands it over when it is to be sent.

use std::cell::RefCell;

use common::estate::draft::EstateDraft;
use common::estate::field::CustomField;
use common::estate::import::{SheetReading, Source};
use common::problem::Problem;
use common::sheet::CellProblem;
use serde::{Deserialize, Serialize};

use crate::worker::{Errand, Tell, Worker};

/// Reads a workbook; the draft stays with the worker.
#[derive(Serialize, Deserialize)]
pub struct ReadWorkbook {
    #[serde(with = "crate::worker::bytes")]
    pub file: Vec<u8>,
    /// Columns may be named like these.
    pub fields: Vec<CustomField>,
}

/// What was understood of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub source: Source,
    pub sheets: Vec<SheetReading>,
    /// The first of them.
    pub problems: Vec<CellProblem>,
    pub problem_count: u64,
    pub buildings: usize,
    pub units: usize,
    pub residents: usize,
    pub vehicles: usize,
    /// Units that have a problem of their own.
    pub bad_rows: usize,
    /// The first units, as they will stand in the list.
    pub sample: Vec<SampleUnit>,
}

/// A unit of the preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleUnit {
    pub at: String,
    pub label: String,
    pub kind: common::estate::UnitKind,
    pub state: common::estate::UnitState,
    pub area: Option<common::quantity::Quantity>,
    pub people: Vec<String>,
}

/// Hands over the draft of the workbook that was read last.
#[derive(Serialize, Deserialize)]
pub struct TakeDraft {}

impl Errand for ReadWorkbook {
    const NAME: &'static str = "estate.read_workbook";
    const WORKER: Worker = Worker::Workbooks;
    type Reply = Summary;
}

impl Errand for TakeDraft {
    const NAME: &'static str = "estate.take_draft";
    const WORKER: Worker = Worker::Workbooks;
    type Reply = EstateDraft;
}

/// The most problems and the most units that the page shows.
const SHOWN: usize = 500;
const SAMPLE: usize = 30;

thread_local! {
    static DRAFT: RefCell<EstateDraft> = RefCell::default();
}

/// Runs [`ReadWorkbook`], in the worker.
///
/// # Errors
/// When the file is not a workbook or too large.
pub fn read_workbook(errand: ReadWorkbook, _: &Tell<'_>) -> Result<Summary, Problem> {
    let workbook = common::sheet::read(&errand.file)?;
    let mut reading = common::estate::import::read_with(&workbook, &errand.fields);
    let rows: std::collections::BTreeSet<&str> =
        reading.problems.iter().map(|problem| problem.at.trim_end_matches(|letter: char| !letter.is_ascii_digit())).collect();
    let bad_rows = rows.len();
    reading.problems.truncate(SHOWN);
    let draft = reading.draft;
    let summary = Summary {
        source: reading.source,
        sheets: reading.sheets,
        problems: reading.problems,
        problem_count: reading.problem_count,
        buildings: draft.buildings.len(),
        units: draft.units.len(),
        residents: draft.residents.len(),
        vehicles: draft.vehicles.len(),
        bad_rows,
        sample: sample(&draft),
    };
    DRAFT.set(draft);
    Ok(summary)
}

fn sample(draft: &EstateDraft) -> Vec<SampleUnit> {
    draft
        .units
        .iter()
        .take(SAMPLE)
        .enumerate()
        .map(|(place, unit)| SampleUnit {
            at: unit.at.clone(),
            label: draft.label(unit),
            kind: unit.kind,
            state: unit.state,
            area: unit.billed_area,
            people: draft
                .occupancies
                .iter()
                .filter(|held| usize::try_from(held.unit) == Ok(place))
                .filter_map(|held| draft.residents.get(usize::try_from(held.resident).ok()?))
                .map(|resident| resident.name.clone())
                .collect(),
        })
        .collect()
}

/// Runs [`TakeDraft`], in the worker.
///
/// # Errors
/// Never; the type is the errand's.
pub fn take_draft(_: TakeDraft, _: &Tell<'_>) -> Result<EstateDraft, Problem> {
    Ok(DRAFT.with_borrow(Clone::clone))
}
