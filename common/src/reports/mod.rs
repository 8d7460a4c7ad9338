//! What the books say: the ledger, collections, arrears by age, and what needs doing.

pub mod age;
pub mod api;

pub use age::Age;
