//! What is charged: fee items, tariffs, prices and which unit pays by which tariff, and the engine that prices a unit.

pub mod api;
pub mod usage;
