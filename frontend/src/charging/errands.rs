//! What the worker does for charging: reads a workbook of sales.

use common::charging::import_sales;
use common::period::Month;
use common::problem::Problem;
use common::sheet;
use serde::{Deserialize, Serialize};

use crate::worker::{Errand, Tell, Worker};

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
