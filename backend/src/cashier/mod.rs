//! The cashier desk: households and what they owe, payments and what they settle, receipts, what is held and given back, the day's takings.

mod bills;
mod collect;
mod day;
mod desk;
mod export;
mod held;
mod import;
mod late_fee;
mod many;
mod methods;
mod order;
mod payment;
mod posting;
mod receipt;
mod refund;
mod void;

pub use many::{OpenInFull, pay_in_full};
pub use refund::of_day as refunds_of_day;

use common::approvals::flow::DeedKind;

use crate::Routes;
use crate::billing::RUN_DONE;
use crate::deeds::Deeds;
use crate::jobs::Registry;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(desk::open_desk)
        .serve(collect::collect)
        .serve(payment::list_payments)
        .serve(payment::sum_payments)
        .serve(payment::list_cashiers)
        .serve(receipt::get_receipt)
        .serve(receipt::print_receipt)
        .serve(void::void_payment)
        .serve(day::sum_day)
        .serve(methods::list_methods)
        .serve(methods::save_methods)
        .serve(late_fee::waive_late_fee)
        .serve(order::get_order)
        .serve(order::save_order)
        .serve(held::list_held)
        .serve(held::sum_held)
        .serve(held::show_held)
        .serve(held::get_offset_ahead)
        .serve(held::get_run_offset)
        .serve(held::restart_offset)
        .serve(refund::give_back)
        .serve(refund::list_refunds)
        .serve(refund::get_refund)
        .serve(refund::print_refund)
        .serve(import::import_bills)
        .outside("/api/cashier/held/export.xlsx", axum::routing::get(held::export))
        .outside("/api/cashier/refunds/export.xlsx", axum::routing::get(refund::export))
        .outside("/api/cashier/payments/export.xlsx", axum::routing::get(export::payments))
}

/// The jobs of this capability.
pub fn jobs(jobs: Registry) -> Registry {
    jobs.on(RUN_DONE, held::run_done).given_up(RUN_DONE, |work, job, problem| Box::pin(held::given_up(work, job, problem)))
}

/// What of this capability may have to wait for approval.
pub fn deeds(deeds: Deeds) -> Deeds {
    deeds
        .on(DeedKind::WaiveLateFee, |work, who, body| Box::pin(late_fee::agreed(work, who, body)))
        .on(DeedKind::VoidPayment, |work, who, body| Box::pin(void::agreed(work, who, body)))
        .on(DeedKind::Refund, |work, who, body| Box::pin(refund::agreed(work, who, body)))
}
