//! Stories of the server against its real router, on SQLite and, with `ANJU_TEST_DATABASE=postgres`, on PostgreSQL.

mod boundaries;
mod contract;
mod organisation;
mod support;
