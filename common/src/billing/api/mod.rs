//! Runs, bills, and what a bill tells about itself.

mod bill;
mod billed;
mod import;
mod run;

use super::inputs::RunInputs;
use crate::api::{Done, Page};
use crate::id::UnitId;

pub use bill::*;
pub use billed::*;
pub use import::*;
pub use run::*;

crate::endpoints! {
    Get  "/api/billing/run-inputs"   GetRunInputs  => RunInputs, Staff may BillingGenerate of community, checked;
    Get  "/api/billing/trial-inputs" GetTrialInputs => RunInputs, Staff may BillingRead of community, checked;
    Get  "/api/billing/formula-units" ShowFormulaUnits => Vec<FormulaUnit>, Staff may ChargingRead of community, checked;
    Post "/api/billing/runs/generate" Generate     => RunView, Staff may BillingGenerate of community, checked;
    Post "/api/billing/runs/restart" RestartRun    => RunView, Staff may BillingGenerate of community;
    Get  "/api/billing/runs"         ListRuns      => Page<RunView>, Staff may BillingRead of community;
    Get  "/api/billing/runs/run"     GetRun        => RunView, Staff may BillingRead of community;
    Get  "/api/billing/runs/skips"   ListSkips     => Page<SkipRow>, Staff may BillingRead of community;
    Get  "/api/billing/bills"        ListBills     => Page<BillRow>, Staff may BillingRead of community;
    Get  "/api/billing/bills/totals" GetBillTotals => BillTotals, Staff may BillingRead of community;
    Get  "/api/billing/bills/bill"   GetBill       => BillView, Staff may BillingRead of community;
    Get  "/api/billing/billed"       CountBilled   => BilledCount, Staff may ChargingRead of community;
    Get  "/api/billing/billed/rents" ListBilledRents => Vec<UnitId>, Staff may ChargingRead of community;
    Post "/api/billing/bills/void"   VoidBills     => Done, Staff may BillingVoid of community, checked;
    Post "/api/billing/bills/raise"  RaiseBill     => Raised, Staff may BillingRaise of community, checked;
    Post "/api/billing/import"       ImportBills   => Imported, Staff may BillingImport of community, checked;
}

crate::listing!(ListBills, ListRuns, ListSkips);
