//! Metering (抄表与公摊): meters and their readings, loss of master meters, shares of pools.

pub(crate) mod apportionment;
pub(crate) mod meter;
pub(crate) mod reading;

mod apportion;
mod billed;
mod book;
mod define;
mod enter;
mod estimate;
mod export;
mod files;
mod import;
mod import_meters;
mod last_read;
mod list;
mod locked;
mod loss;
mod over;
mod photo;
mod reread;
mod review;
mod round;
mod rounds;
mod sharers;
mod tree;

pub use billed::{Metered, all_shares, all_usages, latest_usages, shares, usages, used};
pub use last_read::last_read;
pub use locked::{free, hold, mark_billed, mark_charged, settle};
pub(crate) use meter::follow;
pub use over::is_over;

use crate::Routes;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(list::list_meters)
        .serve(list::show_meter)
        .serve(define::define_meter)
        .serve(define::define_meters)
        .serve(import_meters::import_meters)
        .serve(define::retire_meter)
        .serve(round::show_progress)
        .serve(round::list_readings)
        .serve(round::show_round)
        .serve(enter::enter_reading)
        .serve(enter::correct_reading)
        .serve(enter::delete_reading)
        .serve(enter::confirm_readings)
        .serve(review::list_reviews)
        .serve(estimate::estimate_readings)
        .serve(book::open_book)
        .serve(import::import_readings)
        .serve(rounds::view::list_rounds)
        .serve(rounds::view::get_round)
        .serve(rounds::open::get_choices)
        .serve(rounds::open::open_round)
        .serve(rounds::open::assign_round)
        .serve(rounds::close::close_round)
        .serve(rounds::close::reopen_round)
        .serve(rounds::mine::get_my_rounds)
        .serve(rounds::mine::miss_meter)
        .serve(estimate::estimate_reading)
        .serve(reread::list_rereads)
        .serve(reread::send_back)
        .serve(reread::drop_reread)
        .serve(tree::show_tree)
        .serve(loss::show_loss)
        .serve(apportionment::list_apportionments)
        .serve(apportionment::show_apportionment)
        .serve(apportion::show_inputs)
        .serve(apportion::apportion)
        .serve(apportion::cancel_apportionment)
        .outside("/api/metering/readings/template", axum::routing::get(files::reading_template))
        .outside("/api/metering/readings/remarks", axum::routing::post(files::remarks))
        .outside("/api/metering/readings/photo", axum::routing::get(photo::show).post(photo::keep))
        .outside("/api/metering/rereads/photo", axum::routing::get(photo::refused))
        .outside("/api/metering/meters/export.xlsx", axum::routing::get(export::meters))
        .outside("/api/metering/readings/export.xlsx", axum::routing::get(export::readings))
        .outside("/api/metering/apportionments/export.xlsx", axum::routing::get(export::apportionments))
        .outside("/api/metering/meters/template", axum::routing::get(files::meter_template))
}
