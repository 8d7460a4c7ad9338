//! Bills: runs, the rules that start them and the calendar, the list, a bill's own page, one-off bills, voids, and bills of the past.

mod bill;
mod billed;
mod calendar;
mod chunk;
mod done;
mod export;
mod formula_units;
mod generate;
mod inputs;
mod late_fee;
mod list;
mod occurrence;
mod past;
mod payer;
mod portions;
mod raise;
mod rule;
mod run;
mod run_export;
mod schedule;
mod trial_export;
mod void;
mod waive;
mod write;

pub use billed::still_to_bill;
pub use done::{RUN_DONE, RunDone};
pub use export::write_sheet;
pub use inputs::seen_by;
pub use late_fee::{Late, LateFeeOf, late_fees};
pub use past::{Past, PastPaid, look_over, take_over};
pub use payer::{PAYER, payer_of, tenants_owe};
pub use raise::{NewBill, Numbers, raise};
pub use run::sees_run;
pub use void::void_raised;

use axum::routing::{get, post};
use common::approvals::flow::DeedKind;

use crate::Routes;
use crate::deeds::Deeds;
use crate::jobs::Registry;

/// Bills `b` of which something is to be paid, be it only late fee that was charged: the very condition of the partial indexes.
pub const OWING: &str = "(b.open_fen > 0 OR b.late_charged_fen > b.late_paid_fen + b.late_waived_fen)";

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(inputs::get_run_inputs)
        .serve(inputs::get_trial_inputs)
        .serve(inputs::list_last_read)
        .serve(formula_units::show_formula_units)
        .serve(generate::generate)
        .serve(generate::restart_run)
        .serve(run::list_runs)
        .serve(run::get_run)
        .serve(run::list_skips)
        .serve(rule::list_generation_rules)
        .serve(rule::save_generation_rule)
        .serve(calendar::get_calendar)
        .serve(schedule::generate_occurrence)
        .serve(schedule::skip_occurrence)
        .serve(schedule::unskip_occurrence)
        .serve(list::list_bills)
        .serve(list::get_bill_totals)
        .serve(bill::get_bill)
        .serve(billed::count_billed)
        .serve(billed::list_billed_rents)
        .serve(billed::list_billed_units)
        .serve(void::void_bills)
        .serve(waive::waive_bill)
        .serve(waive::take_back_waiver)
        .serve(raise::raise_bill)
        .outside("/api/billing/bills.xlsx", get(export::bills))
        .outside("/api/billing/runs/export.xlsx", get(run_export::runs))
        .outside("/api/billing/runs/skips/export.xlsx", get(run_export::skips))
        .outside("/api/billing/trial/export.xlsx", post(trial_export::trial))
        .outside("/api/billing/import/template", get(export::template))
}

/// The jobs of this capability.
pub fn jobs(jobs: Registry) -> Registry {
    jobs.every_so_often(schedule::tick)
        .on(generate::JOB, generate::run_job)
        .given_up(generate::JOB, |work, job, problem| Box::pin(generate::given_up(work, job, problem)))
}

/// What of this capability may have to wait for approval.
pub fn deeds(deeds: Deeds) -> Deeds {
    deeds
        .on(DeedKind::Waive, |work, who, body| Box::pin(waive::agreed(work, who, body)))
        .on(DeedKind::Void, |work, who, body| Box::pin(void::agreed(work, who, body)))
}
