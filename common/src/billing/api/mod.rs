//! Runs and the rules that start them, bills, and what a bill tells about itself.

mod bill;
mod billed;
mod import;
mod run;
mod schedule;

use super::inputs::RunInputs;
use crate::api::{Done, Page};
use crate::approvals::api::DeedOutcome;
use crate::id::UnitId;

pub use bill::*;
pub use billed::*;
pub use import::*;
pub use run::*;
pub use schedule::*;

crate::endpoints! {
    Get  "/api/billing/run-inputs"   GetRunInputs  => RunInputs, Staff may BillingGenerate of community, checked;
    Get  "/api/billing/trial-inputs" GetTrialInputs => RunInputs, Staff may BillingRead of community, checked;
    Get  "/api/billing/trial-inputs/last-read" ListLastRead => Vec<LastRead>, Staff may BillingRead of community;
    Get  "/api/billing/formula-units" ShowFormulaUnits => Vec<FormulaUnit>, Staff may ChargingRead of community, checked;
    Post "/api/billing/runs/generate" Generate     => RunView, Staff may BillingGenerate of community, checked;
    Post "/api/billing/runs/restart" RestartRun    => RunView, Staff may BillingGenerate of community;
    Get  "/api/billing/runs"         ListRuns      => Page<RunView>, Staff may BillingRead of community;
    Get  "/api/billing/runs/run"     GetRun        => RunView, Staff may BillingRead of community;
    Get  "/api/billing/runs/skips"   ListSkips     => Page<SkipRow>, Staff may BillingRead of community;
    Get  "/api/billing/generation-rules" ListGenerationRules => Vec<GenerationRuleView>, Staff may BillingRead of community;
    Post "/api/billing/generation-rules/save" SaveGenerationRule => Done, Staff may BillingGenerate of community whole, checked;
    Get  "/api/billing/calendar"     GetCalendar   => CalendarView, Staff may BillingRead of community, checked;
    Post "/api/billing/occurrences/generate" GenerateOccurrence => RunView, Staff may BillingGenerate of community;
    Post "/api/billing/occurrences/skip" SkipOccurrence => Done, Staff may BillingGenerate of community, checked;
    Post "/api/billing/occurrences/unskip" UnskipOccurrence => Done, Staff may BillingGenerate of community;
    Get  "/api/billing/bills"        ListBills     => Page<BillRow>, Staff may BillingRead of community;
    Get  "/api/billing/bills/totals" GetBillTotals => BillTotals, Staff may BillingRead of community;
    Get  "/api/billing/bills/bill"   GetBill       => BillView, Staff may BillingRead of community;
    Get  "/api/billing/billed"       CountBilled   => BilledCount, Staff may ChargingRead of community;
    Get  "/api/billing/billed/rents" ListBilledRents => Vec<UnitId>, Staff may ChargingRead of community;
    Get  "/api/billing/billed/units" ListBilledUnits => Vec<BilledUnit>, Staff may MeteringRead of community;
    Post "/api/billing/bills/void"   VoidBills     => DeedOutcome, Staff may BillingVoid of community, checked;
    Post "/api/billing/bills/waive"  WaiveBill     => DeedOutcome, Staff may BillingWaive of community, checked;
    Post "/api/billing/bills/waive/take-back" TakeBackWaiver => Done, Staff may BillingWaive of community, checked;
    Post "/api/billing/bills/raise"  RaiseBill     => Raised, Staff may BillingRaise of community, checked;
    Post "/api/billing/import"       ImportBills   => Imported, Staff may BillingImport of community, checked;
}

crate::listing!(ListBills, ListRuns, ListSkips);
