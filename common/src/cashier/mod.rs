//! Money comes in: ways to pay, what a payment settles and in which order, the postings it leaves behind.

pub mod api;
pub mod held;
pub mod method;
pub mod oldest_first;
pub mod posting;
pub mod settle;
pub mod till;

pub use held::HeldKind;
pub use method::Method;
pub use posting::{Account, Posting};
