//! The rules and the contract of Anju: pure functions and plain data, the same in the browser and on the server.
//!
//! Nothing here reads a clock, a file or a database, and no float comes near money, price, quantity or share.
//! The capabilities in reading order: whose estate it is, what needs approval, who lives there, what is charged, what is metered, what is
//! waived, what is billed, what is paid, what is reported.

#[cfg(all(test, target_arch = "wasm32"))]
#[macro_use(test)]
extern crate in_wasm;

pub mod api;
pub mod formula;
pub mod id;
pub mod money;
pub mod period;
pub mod permission;
pub mod person;
pub mod problem;
pub mod quantity;
#[cfg(feature = "sheet")]
pub mod sheet;
pub mod text;
pub mod words;

pub mod organisation;

pub mod estate;

pub mod approvals;

pub mod residents;

pub mod charging;

pub mod metering;

pub mod waivers;

pub mod billing;

pub mod cashier;

pub mod reports;

#[cfg(feature = "scenario")]
pub mod scenario;

/// The table of contents of the whole product: every endpoint of every capability.
pub fn endpoints() -> Vec<api::Listed> {
    [
        organisation::api::endpoints(),
        estate::api::endpoints(),
        approvals::api::endpoints(),
        residents::api::endpoints(),
        charging::api::endpoints(),
        metering::api::endpoints(),
        waivers::api::endpoints(),
        billing::api::endpoints(),
        cashier::api::endpoints(),
        reports::api::endpoints(),
    ]
    .concat()
}
