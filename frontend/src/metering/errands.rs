//! What the worker does for metering: reads a workbook, keeps it, and checks it against the book as often as it is mended.

use std::cell::RefCell;

use common::metering::book::{Book, NewReading};
use common::metering::import::{Checked, Cures, Index, Options, Preview, check};
use common::metering::import_meters;
use common::problem::Problem;
use common::sheet::{self, Workbook};
use serde::{Deserialize, Serialize};

use crate::worker::{Errand, Tell, Worker};

thread_local! {
    static OPEN: RefCell<Option<(Workbook, Book)>> = const { RefCell::new(None) };
}

/// Reads a workbook of readings, keeps it with the book, and checks it.
#[derive(Serialize, Deserialize)]
pub struct ReadSheet {
    #[serde(with = "crate::worker::bytes")]
    pub file: Vec<u8>,
    pub book: Book,
    pub options: Options,
}

impl Errand for ReadSheet {
    const NAME: &'static str = "metering.read_sheet";
    const WORKER: Worker = Worker::Workbooks;
    type Reply = Preview;
}

/// Checks the kept workbook again, mended.
#[derive(Serialize, Deserialize)]
pub struct CheckSheet {
    pub options: Options,
    pub cures: Cures,
}

impl Errand for CheckSheet {
    const NAME: &'static str = "metering.check_sheet";
    const WORKER: Worker = Worker::Workbooks;
    type Reply = Preview;
}

/// Hands over the readings of the kept workbook, mended: what the import sends.
#[derive(Serialize, Deserialize)]
pub struct TakeRows {
    pub options: Options,
    pub cures: Cures,
}

impl Errand for TakeRows {
    const NAME: &'static str = "metering.take_rows";
    const WORKER: Worker = Worker::Workbooks;
    type Reply = Vec<NewReading>;
}

/// Reads a workbook of meters.
#[derive(Serialize, Deserialize)]
pub struct ReadMeters {
    #[serde(with = "crate::worker::bytes")]
    pub file: Vec<u8>,
}

impl Errand for ReadMeters {
    const NAME: &'static str = "metering.read_meters";
    const WORKER: Worker = Worker::Workbooks;
    type Reply = import_meters::Checked;
}

/// Runs [`ReadSheet`].
///
/// # Errors
/// When the file is no workbook, or too large.
pub fn read_sheet(errand: ReadSheet, tell: &Tell<'_>) -> Result<Preview, Problem> {
    tell(0, 3);
    let workbook = sheet::read(&errand.file)?;
    tell(1, 3);
    let done = check(&workbook, &Index::new(&errand.book), &errand.options, &Cures::default());
    tell(3, 3);
    OPEN.set(Some((workbook, errand.book)));
    Ok(done.preview)
}

/// Runs [`CheckSheet`].
///
/// # Errors
/// When no workbook is open.
pub fn check_sheet(errand: CheckSheet, _: &Tell<'_>) -> Result<Preview, Problem> {
    checked(&errand.options, &errand.cures).map(|done| done.preview)
}

/// Runs [`TakeRows`].
///
/// # Errors
/// When no workbook is open.
pub fn take_rows(errand: TakeRows, _: &Tell<'_>) -> Result<Vec<NewReading>, Problem> {
    checked(&errand.options, &errand.cures).map(|done| done.rows)
}

fn checked(options: &Options, cures: &Cures) -> Result<Checked, Problem> {
    OPEN.with_borrow(|open| {
        let (workbook, book) = open.as_ref().ok_or_else(|| Problem::new(0, "metering.no_sheet", "No workbook is open"))?;
        Ok(check(workbook, &Index::new(book), options, cures))
    })
}

/// Runs [`ReadMeters`].
///
/// # Errors
/// When the file is no workbook, or too large.
pub fn read_meters(errand: ReadMeters, tell: &Tell<'_>) -> Result<import_meters::Checked, Problem> {
    tell(0, 2);
    let workbook = sheet::read(&errand.file)?;
    tell(1, 2);
    Ok(import_meters::check(&workbook))
}
