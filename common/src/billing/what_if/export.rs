//! A comparison to take home: what is asked of the server, which plans it by itself.

use serde::{Deserialize, Serialize};

use super::change::Change;
use crate::api::Checked;
use crate::billing::api::GetTrialInputs;
use crate::id::FeeItemId;
use crate::problem::FieldProblem;

/// The most changes that one trial takes.
pub const CHANGES_MOST: usize = 500;

/// The workbook of a trial. What comes back is a file, so that it is no endpoint of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportTrial {
    pub inputs: GetTrialInputs,
    pub changes: Vec<Change>,
    /// Of what is not touched, these fee items are there as well.
    #[serde(default)]
    pub shown: Vec<FeeItemId>,
}

impl Checked for ExportTrial {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = self.inputs.problems();
        if self.changes.len() > CHANGES_MOST {
            problems.push(FieldProblem::new("changes", "too_many").with("most", CHANGES_MOST));
        }
        for (place, change) in self.changes.iter().enumerate() {
            let at = format!("changes.{place}");
            match change {
                Change::Price { rate: Some(rate), .. } => problems.extend(rate.problems(&format!("{at}.rate"))),
                Change::Rules { rules, .. } => problems.extend(rules.problems(&format!("{at}.rules"))),
                Change::Scheme(save) => problems.extend(save.problems().into_iter().map(|mut problem| {
                    problem.field = format!("{at}.{}", problem.field);
                    problem
                })),
                Change::Price { rate: None, .. } | Change::NoScheme { .. } => {}
            }
        }
        problems
    }
}
