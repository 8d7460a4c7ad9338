//! What is charged: fee items, tariffs, prices and which unit pays by which tariff, and the engine that prices a unit.
//!
//! A line is `round(Σ over pieces of price × quantity × time share)`. The way to it: [`price::PriceBook::terms`] finds
//! the prices of the period, [`proration::cut`] makes pieces with exact time shares, [`line::price`] multiplies and
//! rounds once, [`trace::Trace`] keeps all that is needed to redo it by hand.

pub mod api;
pub mod contract;
pub mod cycle;
pub mod explain;
#[cfg(feature = "sheet")]
pub mod import_sales;
pub mod late_fee;
pub mod line;
pub mod minimum;
pub mod price;
pub mod proration;
pub mod rate;
pub mod rent;
pub mod rules_text;
pub mod season_end;
pub mod tariff;
pub mod tier;
pub mod trace;
pub mod turnover;
pub mod usage;

#[cfg(test)]
mod tests;
