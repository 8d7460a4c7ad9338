//! Who works here: communities, departments, employees, their sessions and data scope; the audit log; the jobs.

pub(crate) mod audit;
pub(crate) mod community;
pub(crate) mod data_scope;
pub(crate) mod department;
pub(crate) mod employee;
pub(crate) mod job;
pub(crate) mod session;
pub(crate) mod setting;

mod administer;
mod colleague;
mod export;
mod reach;
mod sign_in;

pub use colleague::{Colleague, who_may};
pub use community::{every, offset, today};
pub use setting::{DEMO, note};
pub use sign_in::{first_administrator, session_for};

use crate::Routes;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(sign_in::get_start)
        .serve_with_session(sign_in::make_first_administrator)
        .serve_with_session(sign_in::sign_in)
        .serve_with_session(sign_in::sign_out)
        .serve(sign_in::get_me)
        .serve(sign_in::change_password)
        .serve(administer::save_community)
        .serve(administer::list_communities)
        .serve(administer::list_departments)
        .serve(administer::save_department)
        .serve(administer::remove_department)
        .serve(administer::list_employees)
        .serve(administer::get_employee)
        .serve(administer::save_employee)
        .serve(job::list_jobs)
        .outside("/api/organisation/employees/export.xlsx", axum::routing::get(export::employees))
}
