//! A planned bill as people are told of it.

use serde::{Deserialize, Serialize};

use super::super::planner::Planner;
use super::super::{PlannedBill, PlannedPortion, PlannedWaiver};
use crate::billing::portion::Portion;
use crate::charging::trace::Trace;
use crate::money::Money;
use crate::waivers::trace::WaiverTrace;

/// How a bill comes about: its lines, what is taken off it, and on whom it falls where the unit changes hands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainedBill {
    pub lines: Vec<(Money, Trace)>,
    pub waivers: Vec<ToldWaiver>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub portions: Vec<Portion>,
}

/// A planned waiver as people are told of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToldWaiver {
    pub name: String,
    pub reason: String,
    pub amount_fen: Money,
    pub trace: WaiverTrace,
}

impl Planner<'_> {
    /// How a planned bill comes about.
    pub fn explain(&self, bill: &PlannedBill) -> ExplainedBill {
        ExplainedBill {
            lines: bill.lines.iter().map(|line| (line.amount(), self.trace(line))).collect(),
            waivers: bill.waivers.iter().filter_map(|waiver| self.told(waiver)).collect(),
            portions: bill.portions.iter().map(PlannedPortion::told).collect(),
        }
    }

    fn told(&self, waiver: &PlannedWaiver) -> Option<ToldWaiver> {
        let scheme = self.inputs().waivers.schemes.get(usize::from(waiver.scheme))?;
        Some(ToldWaiver {
            name: scheme.name.clone(),
            reason: scheme.reason.clone(),
            amount_fen: waiver.amount,
            trace: WaiverTrace::Scheme(waiver.trace.clone()),
        })
    }
}
