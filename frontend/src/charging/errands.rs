//! What the worker does for charging: reads a workbook of sales, and tries a price on a typical home.

use std::cell::RefCell;

use common::billing::inputs::RunInputs;
use common::billing::what_if::{Change, Trial, TypicalHome};
use common::charging::import_sales;
use common::period::Month;
use common::problem::Problem;
use common::sheet;
use serde::{Deserialize, Serialize};

use crate::worker::{Download, Downloads, Errand, Tell, Worker};

/// Reads a workbook of sales.
#[derive(Serialize, Deserialize)]
pub struct ReadSales {
    #[serde(with = "crate::worker::bytes")]
    pub file: Vec<u8>,
    /// For rows without a month.
    pub month: Month,
    /// This month: later ones have no sales yet.
    pub this: Month,
}

impl Errand for ReadSales {
    const NAME: &'static str = "charging.read_sales";
    const WORKER: Worker = Worker::Workbooks;
    type Reply = import_sales::Checked;
}

/// Runs [`ReadSales`].
///
/// # Errors
/// When the file is no workbook, or too large.
pub fn read_sales(errand: ReadSales, tell: &Tell<'_>) -> Result<import_sales::Checked, Problem> {
    tell(0, 2);
    let workbook = sheet::read(&errand.file)?;
    tell(1, 2);
    Ok(import_sales::check(&workbook, errand.month, errand.this))
}

/// Downloads the homes that a price is tried on, and keeps them.
#[derive(Serialize, Deserialize)]
pub struct OpenHomes {
    pub inputs: Download,
}

impl Errand for OpenHomes {
    const NAME: &'static str = "charging.open_homes";
    const WORKER: Worker = Worker::Planner;
    type Reply = ();
}

impl Downloads for OpenHomes {
    fn download(&self) -> &Download {
        &self.inputs
    }
}

/// What a typical one of them would pay.
#[derive(Serialize, Deserialize)]
pub struct TryPrice {
    pub change: Change,
}

impl Errand for TryPrice {
    const NAME: &'static str = "charging.try_price";
    const WORKER: Worker = Worker::Planner;
    type Reply = Option<TypicalHome>;
}

thread_local! {
    static HOMES: RefCell<Option<Trial>> = const { RefCell::new(None) };
}

/// Runs [`OpenHomes`].
///
/// # Errors
/// When the inputs can't be read.
pub fn open_homes(_: OpenHomes, inputs: Vec<u8>, _: &Tell<'_>) -> Result<(), Problem> {
    let inputs = RunInputs::read(&inputs).map_err(|error| Problem::new(0, "unreadable", error.to_string()).with("why", error))?;
    HOMES.set(Some(Trial::new(inputs)));
    Ok(())
}

/// Runs [`TryPrice`]; nothing where no homes are open.
///
/// # Errors
/// When the price is for a place that these homes know nothing of.
pub fn try_price(errand: TryPrice, _: &Tell<'_>) -> Result<Option<TypicalHome>, Problem> {
    HOMES.with_borrow_mut(|homes| homes.as_mut().map_or(Ok(None), |homes| homes.typical(&errand.change)))
}
