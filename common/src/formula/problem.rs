//! What is wrong with a formula, and where.

use serde::{Deserialize, Serialize};

use crate::problem::{Args, FieldProblem};

/// Characters `[from, to)` of the formula as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Place {
    pub from: u16,
    pub to: u16,
}

impl Place {
    pub(super) fn new(from: usize, to: usize) -> Self {
        Self { from: u16::try_from(from).unwrap_or(u16::MAX), to: u16::try_from(to).unwrap_or(u16::MAX) }
    }

    /// From the beginning of one to the end of the other.
    pub(super) fn until(self, other: Self) -> Self {
        Self { from: self.from, to: other.to }
    }
}

/// What is wrong with a formula: a code, as of fields, with its message `problem-formula-…`, and the place to underline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FormulaProblem {
    pub code: String,
    pub at: Place,
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
}

impl FormulaProblem {
    pub(super) fn new(code: &str, at: Place) -> Self {
        Self { code: code.to_owned(), at, args: Args::new() }
    }

    pub(super) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same, said of a field of a request; `position` counts from 1.
    pub fn of_field(self, field: impl Into<String>) -> FieldProblem {
        let mut problem = FieldProblem::new(field, &self.code).with("position", self.at.from.saturating_add(1));
        problem.args.extend(self.args);
        problem
    }
}
