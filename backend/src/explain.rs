//! Computes the bills of a file of run inputs and says how each came about: for whoever wants to redo one by hand.
//!
//! The file is what `GET /api/billing/run-inputs` answers.

use std::fmt::Write as _;
use std::path::Path;

use common::billing::inputs::RunInputs;
use common::billing::plan::{Outcome, Planner};
use common::charging::explain::sentences;
use common::text::{Language, text};

/// The explanation of every bill and every unit that gets none.
pub fn explain(file: &Path, language: Language) -> Result<String, String> {
    let read = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let inputs: RunInputs = serde_json::from_slice(&read).map_err(|error| format!("{}: {error}", file.display()))?;
    let planner = Planner::new(&inputs);
    let mut said = String::new();
    planner.plan(0..inputs.units.len(), |outcome| {
        // Writing to a String can't fail.
        let _ = match outcome {
            Outcome::Bill(bill) => {
                let fee_item = inputs.fee_item(bill.fee_item);
                let name = fee_item.map_or("", |item| item.name.as_str());
                let lines = bill.lines.iter().flat_map(|line| {
                    let trace = planner.trace(line);
                    fee_item.map(|item| sentences(language, &trace, line.amount(), item.kind)).unwrap_or_default()
                });
                let lines: String = lines.map(|sentence| format!("    {sentence}\n")).collect();
                writeln!(said, "{}  {name}  {}  ¥{}\n{lines}", inputs.units.label_of(bill.unit), bill.period, bill.amount)
            }
            Outcome::Skip(skip) => {
                let name = inputs.fee_item(skip.fee_item).map_or("", |item| item.name.as_str());
                let reason = text(language, &format!("skip-{}", skip.reason.word().replace('_', "-")));
                writeln!(said, "{}  {name}  – {reason}\n", inputs.units.label_of(skip.unit))
            }
        };
    });
    Ok(said)
}
