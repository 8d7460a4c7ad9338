//! Computes the bills of a file and says how each came about: for whoever wants to redo one by hand.
//!
//! The file is a scenario, or what `GET /api/billing/run-inputs` answers; the two are told apart by how they begin.

use std::path::Path;

use common::billing::inputs::RunInputs;
use common::billing::plan::{Outcome, Planner};
use common::scenario::{self, Told};
use common::text::Language;

/// The explanation of every bill and every unit that gets none, and where a scenario states something else.
pub fn explain(file: &Path, language: Language) -> Result<Told, String> {
    let read = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    if !read.trim_start().starts_with('{') {
        return scenario::run(&read, language).map_err(|error| format!("{}: {error}", file.display()));
    }
    let inputs: RunInputs = serde_json::from_str(&read).map_err(|error| format!("{}: {error}", file.display()))?;
    let planner = Planner::new(&inputs);
    let mut said = String::new();
    planner.plan(0..inputs.units.len(), |outcome| {
        said.push_str(&match outcome {
            Outcome::Bill(bill) => scenario::bill_text(&inputs, &planner, &bill, language),
            Outcome::Skip(skip) => scenario::skip_text(&inputs, skip, language),
        });
        said.push('\n');
    });
    Ok(Told { title: String::new(), said, differences: Vec::new() })
}
