//! Approvals (审批): which deeds need somebody's consent, from which amount on, and the requests that wait for it.

pub mod api;
pub mod flow;
