//! The pages of charging: fee items and tariffs, prices, and who is charged by what.

mod assign;
mod billed;
mod charges;
mod copy;
pub mod errands;
mod fee_item_form;
mod fee_items;
mod formula_editor;
mod formula_fields;
mod formula_units;
mod late_fee;
mod offer;
mod price_events;
mod price_form;
mod price_home;
mod prices;
mod rate_editor;
mod rents;
mod rule_events;
mod sales;
mod tariff_form;
mod what_if;
mod words;

use common::billing::api::GetTrialInputs;
use common::charging::api::CopyTariffs;
use common::permission::Permission;

use crate::shell::{Entry, Group, Place};

pub use formula_editor::{FormulaText, formula_editor};
pub use formula_fields::formula_fields;
pub use what_if::{address as trial_address, may_try};
pub use words::{cycle_text, months_of_year, rate_text, rate_unit};

/// The pages.
pub fn places() -> Vec<Place> {
    vec![
        Place::new("/charging/fee-items", fee_items::page).may(Permission::ChargingRead),
        Place::new("/charging/prices", prices::page).may(Permission::ChargingRead),
        Place::new("/charging/prices/copy", copy::page).asks::<CopyTariffs>(),
        Place::new("/charging/what-if", what_if::page).may(Permission::ChargingRead).asks::<GetTrialInputs>(),
        Place::new("/charging/charges", charges::page).may(Permission::ChargingRead),
        Place::new("/charging/charges/assign", assign::page).may(Permission::ChargingWrite),
        Place::new("/charging/rents", rents::page).may(Permission::ChargingRead),
        Place::new("/charging/rents/new", rents::new_page).may(Permission::ChargingWrite),
        Place::new("/charging/rents/:charge", rents::one_page).may(Permission::ChargingRead),
        Place::new("/charging/rents/:charge/edit", rents::edit_page).may(Permission::ChargingWrite),
        Place::new("/charging/sales", sales::page).may(Permission::ChargingRead),
        Place::new("/charging/sales/import", sales::import_page).may(Permission::ChargingWrite),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![
        Entry::new(Group::Charging, 40, "charging-fee-items", "/charging/fee-items", Permission::ChargingRead),
        Entry::new(Group::Charging, 42, "charging-prices", "/charging/prices", Permission::ChargingRead),
        Entry::new(Group::Charging, 43, "charging-what-if", "/charging/what-if", Permission::BillingRead),
        Entry::new(Group::Charging, 44, "charging-charges", "/charging/charges", Permission::ChargingRead),
        Entry::new(Group::Charging, 46, "charging-rents", "/charging/rents", Permission::ChargingRead),
        Entry::new(Group::Charging, 47, "charging-sales", "/charging/sales", Permission::ChargingRead),
    ]
}
