//! The staff application, in the browser.

pub mod api;
pub mod app;
pub mod kit;
pub mod session;
pub mod shell;
pub mod text;
pub mod worker;

pub mod home;
pub mod organisation;

pub mod estate;
pub mod residents;

pub mod approvals;

pub mod charging;

pub mod metering;

pub mod waivers;

pub mod billing;

pub mod cashier;

pub mod reports;
