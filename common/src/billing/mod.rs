//! Bills: a run over units × fee items × period, planned by the same function in the browser and on the server.

pub mod api;
pub mod inputs;
#[cfg(feature = "sheet")]
pub mod past;
pub mod plan;
pub mod portion;
pub mod schedule;
pub mod what_if;

#[cfg(test)]
mod tests;
