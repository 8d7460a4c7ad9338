//! What is charged: fee items, tariffs, prices in force, and which unit is charged by which tariff.

mod charge;
mod export;
mod fee_item;
mod late_fee;
mod price;
mod tariff;

pub use late_fee::late_fee_terms;
pub use price::price_rows;
pub use tariff::{RunningTariff, running_tariffs, tariffs_naming};

use axum::routing::get;

use crate::Routes;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(fee_item::list_fee_items)
        .serve(fee_item::save_fee_item)
        .serve(fee_item::retire_fee_item)
        .serve(late_fee::set_late_fee)
        .serve(late_fee::end_late_fee)
        .serve(tariff::save_tariff)
        .serve(tariff::retire_tariff)
        .serve(price::list_prices)
        .serve(price::set_price)
        .serve(price::end_price)
        .serve(charge::list_charges)
        .serve(charge::preview_assign)
        .serve(charge::assign)
        .serve(charge::end_charges)
        .outside("/api/charging/charges/export.xlsx", get(export::charges))
}
