//! Giving held money back: once, whatever happens on the way; and the vouchers of it.

mod export;
mod give;
mod list;
mod voucher;

pub(super) use export::refunds as export;
pub(super) use give::{agreed, give_back};
pub(super) use list::list_refunds;
pub use list::of_day;
pub(super) use voucher::{get_refund, print_refund};
