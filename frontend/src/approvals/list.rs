//! 审批: what waits for me, what I asked for, and all requests.

use common::approvals::api::{ApprovalCounts, ApprovalRow, ApprovalState, CountApprovals, ListApprovals, Whose};
use common::approvals::flow::DeedKind;
use common::permission::Permission;
use leptos::prelude::*;

use super::words::{about, kind_text, state, state_text, waits_for};
use crate::api::call;
use crate::kit::{Column, Empty, Filter, Header, List, View, dash, icons, link_button, load, moment, money, text_or_dash};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let flows = link_button(icons::GIT_BRANCH, t!("approvals-flows"), "/approvals/flows");
    view! {
        {Header::new(t!("approvals")).actions(flows).show()}
        {load(move || call(CountApprovals { community }), 10, list)}
    }
    .into_any()
}

/// The title of a view with how many wait in it.
fn counted(title: String, count: u64) -> String {
    if count == 0 { title } else { t!("approvals-counted", title = title, count = crate::kit::count(count)) }
}

fn list(counts: ApprovalCounts) -> AnyView {
    let (for_me, by_me) = (counted(t!("approvals-for-me"), counts.for_me), counted(t!("approvals-by-me"), counts.by_me));
    let decides = session::may(Permission::ApprovalsDecide);
    // Where nothing is asked, the server answers with what concerns the caller: the first tab.
    let list = List::new("approvals", ListApprovals::of(session::community()), |row: &ApprovalRow| row.id.to_string())
        .search(t!("approvals-search"))
        .filter(Filter::one("state", t!("approvals-state"), choices(ApprovalState::ALL, state_text)))
        .filter(Filter::one("kind", t!("approvals-kind"), choices(DeedKind::ALL, kind_text)));
    let by_me_query = format!("whose={}", Whose::ByMe);
    let list = if decides {
        list.view(View::new(for_me, "")).view(View::new(by_me, by_me_query))
    } else {
        list.view(View::new(by_me, ""))
    };
    list.view(View::new(t!("approvals-all"), format!("whose={}", Whose::All)))
        // Written by the tabs alone.
        .filter(Filter::own("whose", |_| ().into_any()))
        .column(
            Column::new("approvals-kind", |row: &ApprovalRow| kind_text(row.kind)).link(|row| format!("/approvals/{}", row.id)),
        )
        .column(Column::new("approvals-unit", |row: &ApprovalRow| text_or_dash(row.unit_label.clone())))
        .column(Column::new("approvals-about", about))
        .column(Column::new("approvals-fee-item", |row: &ApprovalRow| text_or_dash(row.fee_item_name.clone())))
        .column(
            Column::new("approvals-month", |row: &ApprovalRow| text_or_dash(row.month.map(|month| month.to_string())))
                .not_on_phone(),
        )
        .column(Column::new("approvals-amount", amount).num().strong().sort("amount_fen"))
        .column(Column::new("approvals-reason", |row: &ApprovalRow| row.reason.clone()).wide())
        .column(Column::new("approvals-asked-by", |row: &ApprovalRow| row.asked_by.clone()))
        .column(Column::new("approvals-asked-at", |row: &ApprovalRow| moment(row.asked_at)).sort("asked_at"))
        .column(Column::new("approvals-waits-for", waits_for).not_on_phone())
        .column(Column::new("approvals-state", |row: &ApprovalRow| state(row.state)))
        .export("/api/approvals/export.xlsx")
        .empty(|| Empty::new(icons::STAMP, t!("approvals-none"), t!("approvals-none-why")))
        .show()
}

fn amount(row: &ApprovalRow) -> AnyView {
    if row.kind.has_amount() { money(row.amount_fen) } else { dash() }
}

fn choices<T: Copy + ToString>(all: &[T], text: fn(T) -> String) -> Vec<(String, String)> {
    all.iter().map(|one| (one.to_string(), text(*one))).collect()
}
