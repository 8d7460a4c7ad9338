//! A flow: the levels that a deed goes through, each from an amount on.

use serde::{Deserialize, Serialize};

use crate::id::{DepartmentId, EmployeeId};
use crate::money::Money;
use crate::problem::FieldProblem;
use crate::words;

/// The most levels of a flow.
pub const LEVELS_MOST: usize = 4;
/// The most employees that a level names.
const NAMED_MOST: usize = 20;

words! {
    /// What may need approval.
    DeedKind {
        /// Waiving part of an open bill by hand.
        Waive = "waive",
        /// Letting go of late fee.
        WaiveLateFee = "waive_late_fee",
        /// Voiding bills.
        Void = "void",
        /// Taking a payment back.
        VoidPayment = "void_payment",
        /// Giving held money back.
        Refund = "refund",
        /// A new waiver scheme, or a change by which one takes more off.
        Scheme = "scheme",
    }

    /// Who decides at a level.
    DecidedBy {
        /// Anybody of a department.
        Department = "department",
        /// Any of a few people.
        Employees = "employees",
    }
}

impl DeedKind {
    /// Whether what it takes off is known when it is asked for; where it is not, every level decides.
    pub fn has_amount(self) -> bool {
        self != Self::Scheme
    }
}

/// One level of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FlowLevel {
    /// The amount from which it is needed; 0 is always.
    pub from_fen: Money,
    pub by: DecidedBy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub employees: Vec<EmployeeId>,
}

/// How many levels an amount has to pass, from the first on; none where the deed may be done at once.
pub fn levels_of(levels: &[FlowLevel], amount: Money) -> usize {
    levels.iter().take_while(|level| level.from_fen <= amount).count()
}

/// What is wrong with the levels of a flow, by field.
pub(super) fn problems(levels: &[FlowLevel]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if levels.len() > LEVELS_MOST {
        problems.push(FieldProblem::new("levels", "approvals.how_many").with("most", LEVELS_MOST));
    }
    let mut before = Money::ZERO;
    for (place, level) in levels.iter().enumerate() {
        let field = |name: &str| format!("levels.{place}.{name}");
        if level.from_fen.is_negative() {
            problems.push(FieldProblem::new(field("from_fen"), "negative"));
        } else if level.from_fen < before {
            problems.push(FieldProblem::new(field("from_fen"), "approvals.falls").with("before", before));
        }
        before = before.max(level.from_fen);
        match level.by {
            DecidedBy::Department if level.department.is_none() => {
                problems.push(FieldProblem::new(field("department"), "required"));
            }
            DecidedBy::Employees if level.employees.is_empty() => {
                problems.push(FieldProblem::new(field("employees"), "required"));
            }
            DecidedBy::Employees if level.employees.len() > NAMED_MOST => {
                problems.push(FieldProblem::new(field("employees"), "approvals.how_many_people").with("most", NAMED_MOST));
            }
            DecidedBy::Department | DecidedBy::Employees => {}
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn level(from: i64) -> FlowLevel {
        FlowLevel {
            from_fen: Money::from_fen(from),
            by: DecidedBy::Department,
            department: Some(DepartmentId(Uuid::nil())),
            employees: Vec::new(),
        }
    }

    #[test]
    fn an_amount_passes_the_levels_up_to_its_own() {
        let levels = [level(10_000), level(50_000), level(50_000)];
        let counts = [0, 9_999, 10_000, 49_999, 50_000].map(|fen| levels_of(&levels, Money::from_fen(fen)));
        assert_eq!(counts, [0, 0, 1, 1, 3]);
        assert_eq!(levels_of(&[level(0)], Money::from_fen(1)), 1);
    }

    #[test]
    fn levels_rise_and_say_who_decides() {
        let codes = |levels: &[FlowLevel]| problems(levels).into_iter().map(|one| (one.field, one.code)).collect::<Vec<_>>();
        assert_eq!(codes(&[level(0), level(0), level(20_000)]), []);
        assert_eq!(codes(&[level(2), level(1)]), [("levels.1.from_fen".into(), "approvals.falls".into())]);
        assert_eq!(codes(&[level(-1)]), [("levels.0.from_fen".into(), "negative".into())]);
        let nobody = FlowLevel { department: None, ..level(0) };
        assert_eq!(codes(&[nobody]), [("levels.0.department".into(), "required".into())]);
        let nobody = FlowLevel { by: DecidedBy::Employees, ..level(0) };
        assert_eq!(codes(&[nobody]), [("levels.0.employees".into(), "required".into())]);
        assert_eq!(codes(&[0; 5].map(level)), [("levels".into(), "approvals.how_many".into())]);
    }
}
