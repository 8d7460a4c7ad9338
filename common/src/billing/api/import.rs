//! Bills of the past, taken over from another system.

use serde::{Deserialize, Serialize};

use crate::api::Checked;
use crate::id::{CommunityId, ImportId};
use crate::money::Money;
use crate::period::Day;
use crate::problem::{FieldProblem, text_field};
use crate::words;

/// A bill of the past, as checked in the browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PastBill {
    /// The row in the sheet, for problems.
    pub row: u32,
    /// The unit's code, label or room, as the sheet has it.
    pub unit: String,
    /// The fee item's name or code.
    pub fee_item: String,
    pub period_from: Day,
    /// The first day after the period.
    pub period_to: Day,
    pub amount_fen: Money,
    /// What was paid, and when; nothing for an unpaid bill.
    pub paid_fen: Money,
    pub paid_day: Option<Day>,
    /// The last day of the period where the sheet says nothing.
    #[serde(default)]
    pub due_day: Option<Day>,
    pub cashier: String,
    pub note: String,
}

/// What a row of the sheet names that can't be taken over as it is, so that all that is wrong with it is told at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PastNames {
    pub row: u32,
    /// As in [`PastBill`]; blank where the cell holds nothing that could be looked up.
    pub unit: String,
    pub fee_item: String,
}

/// The most bills of one import.
pub const IMPORT_MOST: usize = 100_000;

words! {
    /// How far an import goes.
    ImportStep {
        /// Everything is checked and nothing is kept.
        Check = "check",
        TakeOver = "take_over",
    }
}

/// Takes bills of the past over, paid and unpaid: all or nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportBills {
    pub community: CommunityId,
    /// Made by the caller: sent twice, it is one import.
    pub import: ImportId,
    pub step: ImportStep,
    pub file_name: String,
    pub bills: Vec<PastBill>,
    /// Rooms and fee items to look up besides; only a check has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<PastNames>,
}

impl Checked for ImportBills {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("file_name", &self.file_name, 200).into_iter().collect();
        let rows = self.bills.len().saturating_add(self.names.len());
        if rows == 0 || rows > IMPORT_MOST || (self.step == ImportStep::TakeOver && !self.names.is_empty()) {
            problems.push(FieldProblem::new("bills", "billing.how_many").with("most", IMPORT_MOST));
        }
        problems
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema), schemars(rename = "ImportedBills"))]
pub struct Imported {
    pub bills: u64,
    pub payments: u64,
    pub amount_fen: Money,
    pub paid_fen: Money,
}
