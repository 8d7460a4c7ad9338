//! Waivers and discounts (减免, 优惠): groups of people, schemes, and the record of what was waived.

mod export;
mod given;
mod group;
mod in_force;
mod member;
mod record;
mod scheme;

pub use in_force::{Found, in_force};
pub use record::{Given, NewWaiver, by_hand, given, of_bill, record, take_back, void};

use axum::routing::get;
use common::approvals::flow::DeedKind;

use crate::Routes;
use crate::deeds::Deeds;

/// The endpoints of this capability.
pub fn routes(routes: Routes) -> Routes {
    routes
        .serve(group::list_groups)
        .serve(group::save_group)
        .serve(member::list_members)
        .serve(member::add_member)
        .serve(member::end_member)
        .serve(scheme::list_schemes)
        .serve(scheme::save_scheme)
        .serve(scheme::switch_scheme)
        .serve(given::list_given)
        .serve(given::sum_given)
        .outside("/api/waivers/given/export.xlsx", get(export::given))
}

/// What of this capability may have to wait for approval.
pub fn deeds(deeds: Deeds) -> Deeds {
    deeds.on(DeedKind::Scheme, |work, _, body| Box::pin(scheme::agreed(work, body)))
}
