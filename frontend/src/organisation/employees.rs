//! Employees: who may sign in, in which department, with which data scope.

use common::id::{BuildingId, CommunityId, EmployeeId};
use common::organisation::api::{EmployeeDetail, EmployeeRow, GetEmployee, ListEmployees, SaveEmployee, Scope};
use common::permission::Permission;
use leptos::prelude::*;
use uuid::Uuid;

use super::departments;
use crate::api::call;
use crate::kit::{
    Column, Empty, Ending, Filter, Form, Header, List, State, View, go_with_router, icons, load, primary_link, state_badge,
    text_or_dash, toast,
};
use crate::shell::{not_found, param};
use crate::{session, t};

/// The list.
pub(super) fn list() -> AnyView {
    let may = session::may(Permission::OrganisationWrite);
    let add = move || may.then(|| primary_link(icons::USER_PLUS, t!("organisation-employee-add"), "/organisation/employees/new"));
    let departments =
        || async { Ok(departments::choices().await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect()) };
    let scope = |row: &EmployeeRow| {
        if row.all_communities { t!("organisation-scope-all") } else { t!("organisation-scope-some", count = row.communities) }
    };
    let list = List::new("employees", ListEmployees::default(), |row: &EmployeeRow| row.id.to_string())
        .search(t!("organisation-employees-search"))
        .filter(Filter::later("department", t!("organisation-department"), departments))
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(t!("organisation-employees-active"), "active=true"))
        .view(View::new(t!("organisation-employees-inactive"), "active=false"))
        .column(
            Column::new("organisation-name", |row: &EmployeeRow| row.name.clone())
                .link(|row| format!("/organisation/employees/{}", row.id))
                .sort("name"),
        )
        .column(Column::new("organisation-account-name", |row: &EmployeeRow| row.account.clone()).sort("account"))
        .column(Column::new("organisation-phone", |row: &EmployeeRow| text_or_dash(row.phone.clone())))
        .column(Column::new("organisation-department", |row: &EmployeeRow| row.department.clone()).sort("department"))
        .column(Column::new("organisation-scope", scope))
        .column(Column::new("organisation-state", |row: &EmployeeRow| {
            if row.active {
                state_badge(State::Done, t!("organisation-active"))
            } else {
                state_badge(State::Void, t!("organisation-inactive"))
            }
        }))
        .export("/api/organisation/employees/export.xlsx")
        .empty(move || {
            Empty::new(icons::USERS, t!("organisation-employees-empty"), t!("organisation-employees-empty-why")).actions(add())
        });
    view! {
        {Header::new(t!("organisation-employees")).actions(add()).show()}
        {list.show()}
    }
    .into_any()
}

/// A new employee, or one to change.
pub(super) fn page() -> AnyView {
    let id = param("employee");
    if id == "new" {
        return load(departments::choices, 8, |departments| {
            let Some((first, _)) = departments.first() else { return no_department() };
            let start = SaveEmployee {
                id: Uuid::now_v7().into(),
                account: String::new(),
                name: String::new(),
                phone: None,
                department: *first,
                may_desk: true,
                may_phone: true,
                active: true,
                all_communities: false,
                scopes: vec![],
                password: Some(String::new()),
            };
            form(start, departments, true)
        });
    }
    let Ok(employee) = id.parse::<EmployeeId>() else { return not_found() };
    let ask = move || async move { Ok((call(GetEmployee { employee }).await?, departments::choices().await?)) };
    load(ask, 8, |(employee, departments): (EmployeeDetail, _)| {
        let start = SaveEmployee {
            id: employee.id,
            account: employee.account,
            name: employee.name,
            phone: employee.phone,
            department: employee.department,
            may_desk: employee.may_desk,
            may_phone: employee.may_phone,
            active: employee.active,
            all_communities: employee.all_communities,
            scopes: employee.scopes,
            password: None,
        };
        form(start, departments, false)
    })
}

fn no_department() -> AnyView {
    let link = primary_link(icons::PLUS, t!("organisation-department-add"), "/organisation/departments/new");
    let empty =
        Empty::new(icons::NETWORK, t!("organisation-departments-empty"), t!("organisation-departments-empty-why")).actions(link);
    view! { <div class="p-6 max-sm:p-4">{crate::kit::empty_view(empty)}</div> }.into_any()
}

fn form(start: SaveEmployee, departments: Vec<(common::id::DepartmentId, String)>, new: bool) -> AnyView {
    let title = if new { t!("organisation-employee-add") } else { start.name.clone() };
    let go = go_with_router();
    let form = Form::new(start);
    let password_field = form
        .field("password", if new { t!("organisation-password") } else { t!("organisation-password-new") }, |ask| {
            &mut ask.password
        })
        .secret()
        .complete("new-password")
        .help(if new { t!("organisation-password-help") } else { t!("organisation-password-keep") });
    let password = if new { password_field.required() } else { password_field };
    let everywhere = form.tick("all_communities", t!("organisation-scope-all"), |ask| &mut ask.all_communities);
    let fields = view! {
        {form.field("name", t!("organisation-name"), |ask| &mut ask.name).focus().show()}
        {form.field("account", t!("organisation-account-name"), |ask| &mut ask.account).help(t!("organisation-account-help")).show()}
        {form.field("phone", t!("organisation-phone"), |ask| &mut ask.phone).show()}
        {form.choice("department", t!("organisation-department"), |ask| &mut ask.department, departments)}
        {password.show()}
        <fieldset>
            <legend class="text-base font-semibold">{t!("organisation-sign-in-where")}</legend>
            {form.tick("may_desk", t!("organisation-may-desk"), |ask| &mut ask.may_desk)}
            {form.tick("may_phone", t!("organisation-may-phone"), |ask| &mut ask.may_phone)}
        </fieldset>
        {(!new)
            .then(|| {
                view! {
                    <fieldset>
                        <legend class="text-base font-semibold">{t!("organisation-state")}</legend>
                        {form.tick("active", t!("organisation-active-help"), |ask| &mut ask.active)}
                    </fieldset>
                }
            })}
        {form.custom_group("scopes", t!("organisation-scope"), move |id, changed| view! {
            <div id=id tabindex="-1">
                {everywhere}
                {move || (!form.draft.with(|ask| ask.all_communities)).then(|| scopes(form.draft, changed.clone()))}
            </div>
        }.into_any())}
    };
    let done = move |_| {
        toast(t!("organisation-saved"));
        go("/organisation/employees");
    };
    view! {
        {Header::new(title).show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">{form.show(Ending::new(t!("kit-save")).cancel_to("/organisation/employees"), fields, done)}</div>
    }
    .into_any()
}

/// The communities that the editor sees, each whole or by building.
fn scopes(draft: RwSignal<SaveEmployee>, changed: std::sync::Arc<dyn Fn() + Send + Sync>) -> AnyView {
    let communities = session::me().map(|me| me.communities).unwrap_or_default();
    communities
        .into_iter()
        .map(|community| {
            let id = community.id;
            let changed = changed.clone();
            let on = Memo::new(move |_| draft.with(|ask| ask.scopes.iter().any(|scope| scope.community == id)));
            let toggle = {
                let changed = changed.clone();
                move |_| {
                    draft.update(|ask| {
                        let before = ask.scopes.len();
                        ask.scopes.retain(|scope| scope.community != id);
                        if ask.scopes.len() == before {
                            ask.scopes.push(Scope { community: id, building: None });
                        }
                    });
                    changed();
                }
            };
            view! {
                <div>
                    <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                        <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || on.get() on:change=toggle />
                        {community.name}
                    </label>
                    {move || on.get().then(|| buildings(draft, id, changed.clone()))}
                </div>
            }
        })
        .collect_view()
        .into_any()
}

/// Whether the whole community, or which of its buildings.
fn buildings(draft: RwSignal<SaveEmployee>, community: CommunityId, changed: std::sync::Arc<dyn Fn() + Send + Sync>) -> AnyView {
    use common::estate::api::GetTree;
    let has = move |building: Option<BuildingId>| draft.with(|ask| ask.scopes.contains(&Scope { community, building }));
    let line = move |building: Option<BuildingId>, word: String| {
        let changed = changed.clone();
        let toggle = move |_| {
            draft.update(|ask| {
                let scope = Scope { community, building };
                match ask.scopes.iter().position(|known| *known == scope) {
                    // The last one stays: without it the community would be out of scope, which is its own tick.
                    Some(place) if ask.scopes.iter().filter(|known| known.community == community).count() > 1 => {
                        ask.scopes.remove(place);
                    }
                    Some(_) => {}
                    None => {
                        // The whole community and single buildings exclude each other.
                        ask.scopes
                            .retain(|known| known.community != community || (building.is_some() && known.building.is_some()));
                        ask.scopes.push(scope);
                    }
                }
            });
            changed();
        };
        view! {
            <label class="flex min-h-8 cursor-pointer items-center gap-2 text-sm">
                <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || has(building) on:change=toggle />
                {word}
            </label>
        }
        .into_any()
    };
    let first = line(None, t!("organisation-scope-whole"));
    let rest = load(
        move || call(GetTree { community }),
        2,
        move |tree| tree.buildings.into_iter().map(|building| line(Some(building.building), building.name)).collect_view(),
    );
    view! {
        <div class="ml-6 border-l border-line pl-4">
            {first} <div class="grid grid-cols-3 gap-x-4 max-sm:grid-cols-2">{rest}</div>
        </div>
    }
    .into_any()
}
