//! Waivers and discounts (减免, 优惠): groups of people, schemes, and what they take off a bill.

pub mod api;
pub mod apply;
pub mod changes;
pub mod explain;
pub mod inputs;
pub mod scheme;
#[cfg(test)]
mod tests;
pub mod trace;
