//! What is charged: fee items, tariffs, prices in force, and which unit is charged by which tariff.

mod charge;
mod copy;
mod export;
mod fee_item;
mod files;
mod late_fee;
mod price;
mod price_board;
mod price_events;
mod rent;
mod rule_events;
mod sales;
mod tariff;

pub use charge::charged_by;
pub use fee_item::{held_items, offsets_at_generation};
pub use late_fee::late_fee_terms;
pub use price::price_rows;
pub use rent::rents;
pub use sales::sales;
pub use tariff::{Naming, RunningTariff, running_tariffs, tariffs_naming, utilities_of};

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
        .serve(price_board::list_prices)
        .serve(price::set_price)
        .serve(price::end_price)
        .serve(price_events::list_price_events)
        .serve(rule_events::list_rule_events)
        .serve(copy::review_copy)
        .serve(copy::copy_tariffs)
        .serve(charge::list_charges)
        .serve(charge::preview_assign)
        .serve(charge::assign)
        .serve(charge::end_charges)
        .serve(rent::list_rents)
        .serve(rent::show_rent)
        .serve(rent::save_rent)
        .serve(rent::end_rent)
        .serve(sales::list_sales)
        .serve(sales::enter_sales)
        .serve(sales::import_sales)
        .outside("/api/charging/charges/export.xlsx", get(export::charges))
        .outside("/api/charging/prices/export.xlsx", get(price_events::export))
        .outside("/api/charging/rents/export.xlsx", get(files::rents))
        .outside("/api/charging/sales/template", get(files::sales_template))
}
