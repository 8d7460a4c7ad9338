//! Approvals (审批): the flow of each kind of deed, and the requests that go through it.

mod ask;
mod counted;
mod decide;
mod export;
mod flow;
mod list;
mod of_bill;
mod step;
mod view;

pub use ask::{Asker, Bill, Draft, Subject, about, asker, submit, waiting_about};
pub use counted::{forget, forget_bills};
pub use list::count_for;
pub use of_bill::{Told, told, waiting, waits};

use crate::Routes;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(list::list_approvals)
        .serve(list::count_approvals)
        .serve(view::get_approval)
        .serve(decide::decide_approval)
        .serve(decide::withdraw_approval)
        .serve(flow::list_flows)
        .serve(flow::save_flow)
        .serve(flow::list_deciders)
        .outside("/api/approvals/export.xlsx", axum::routing::get(export::approvals))
}
