//! Stories of the server against its real router, on SQLite and, with `ANJU_TEST_DATABASE=postgres`, on PostgreSQL.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that meets what it does not expect fails at once")]

mod approvals;
mod billing;
mod boundaries;
mod bulk;
mod cashier;
mod charging;
mod contract;
mod database;
mod day;
mod demo;
mod estate;
mod faults;
mod fields;
mod held;
mod key;
mod late_fees;
mod metering;
mod once;
mod organisation;
mod portions;
mod reports;
mod residents;
mod run_units;
mod schedule;
mod support;
mod waivers;
mod what_if;
