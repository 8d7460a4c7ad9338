//! Communities: the estates under management.

use common::id::CommunityId;
use common::organisation::api::{CommunityRow, ListCommunities, SaveCommunity};
use common::permission::Permission;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::call;
use crate::kit::{
    Empty, Ending, Form, Header, count, empty_view, go_with_router, icons, load, primary_link, text_or_dash, toast,
};
use crate::shell::{not_found, param};
use crate::{session, t};

/// The list.
pub(super) fn list() -> AnyView {
    let may = session::may(Permission::OrganisationWrite);
    let add = may.then(|| primary_link(icons::PLUS, t!("organisation-community-add"), "/organisation/communities/new"));
    let table = load(
        || call(ListCommunities {}),
        4,
        move |rows: Vec<CommunityRow>| {
            if rows.is_empty() {
                let make = t!(if may { "kit-no-community-make" } else { "kit-no-community-ask" });
                return view! { <div class="p-6 max-sm:p-4">{empty_view(Empty::new(icons::MAP_PIN, t!("kit-no-community"), make))}</div> }
                    .into_any();
            }
            let lines = rows.iter().map(line).collect_view();
            view! {
                <table class="table list border-t border-line">
                    <caption class="sr-only">{t!("organisation-communities")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("organisation-community")}</th>
                            <th scope="col">{t!("organisation-community-code")}</th>
                            <th scope="col">{t!("organisation-community-address")}</th>
                            <th scope="col" class="num">{t!("organisation-community-units")}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            }
            .into_any()
        },
    );
    view! {
        {Header::new(t!("organisation-communities")).actions(add).show()}
        {table}
    }
    .into_any()
}

fn line(row: &CommunityRow) -> AnyView {
    view! {
        <tr tabindex="-1">
            <td>
                <a class="a" href=format!("/organisation/communities/{}", row.id)>{row.name.clone()}</a>
            </td>
            <td data-label=t!("organisation-community-code")>{row.code.clone()}</td>
            <td class="list-wide text-ink-2" data-label=t!("organisation-community-address")>{text_or_dash(row.address.clone())}</td>
            <td class="num" data-label=t!("organisation-community-units")>{count(row.units)}</td>
        </tr>
    }
    .into_any()
}

/// A new community, or one to change.
pub(super) fn page() -> AnyView {
    let id = param("community");
    if id == "new" {
        let start = SaveCommunity { id: Uuid::now_v7().into(), code: String::new(), name: String::new(), address: String::new() };
        return form(start, true);
    }
    let Ok(id) = id.parse::<CommunityId>() else { return not_found() };
    load(
        || call(ListCommunities {}),
        6,
        move |rows| match rows.into_iter().find(|row| row.id == id) {
            Some(row) => form(SaveCommunity { id: row.id, code: row.code, name: row.name, address: row.address }, false),
            None => not_found(),
        },
    )
}

fn form(start: SaveCommunity, new: bool) -> AnyView {
    let title = if new { t!("organisation-community-add") } else { start.name.clone() };
    let id = start.id;
    let go = go_with_router();
    let form = Form::new(start);
    let fields = view! {
        {form.field("name", t!("organisation-community-name"), |ask| &mut ask.name).focus().show()}
        {form.field("code", t!("organisation-community-code"), |ask| &mut ask.code).help(t!("organisation-community-code-help")).width("w-48").show()}
        {form.field("address", t!("organisation-community-address"), |ask| &mut ask.address).show()}
    };
    let done = move |_| {
        toast(t!("organisation-saved"));
        // The session's list of communities is the server's: it is asked again, and a new one becomes the current one.
        if new {
            session::switch_community(id);
        }
        super::ask_who();
        go("/organisation/communities");
    };
    view! {
        {Header::new(title).show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">{form.show(Ending::new(t!("kit-save")).cancel_to("/organisation/communities"), fields, done)}</div>
    }
    .into_any()
}
