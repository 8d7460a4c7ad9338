//! The server of Anju: one modular monolith, sliced by capability.
//!
//! `app`, `work` and `serve` are the frame; each capability folder holds its tables (nouns) and commands (verbs) and calls
//! another only through what that one's `mod.rs` makes `pub`.

pub mod app;
pub mod bulk;
pub mod database;
pub mod deeds;
pub mod explain;
pub mod export;
pub mod jobs;
pub mod key;
pub mod made;
pub mod moved;
pub mod named;
pub mod numbering;
pub mod openapi;
pub mod problem;
pub mod secret;
pub mod serve;
pub mod settings;
pub mod sign_in;
pub mod spa;
pub mod sql;
pub mod telemetry;
pub mod tidy;
pub mod work;
pub mod workbook;

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

pub mod demo;

pub use app::{App, Buildings, Scope, Stranger, Who};
pub use made::Made;
pub use problem::{Answer, Failure};
pub use serve::Routes;
pub use work::Work;
