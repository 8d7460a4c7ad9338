//! Departments: each is a name and a set of permissions that its people have.

use common::id::DepartmentId;
use common::organisation::api::{DepartmentRow, ListDepartments, RemoveDepartment, SaveDepartment};
use common::permission::Permission;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::call;
use crate::kit::{Confirm, Deed, Ending, Form, Header, count, danger_button, go_with_router, icons, load, primary_link, toast};
use crate::shell::{not_found, param};
use crate::{session, t};

/// What a permission is called.
pub(super) fn permission_name(permission: Permission) -> String {
    t!(&format!("permission-{}", permission.code().replace('.', "-")))
}

/// The list: short enough for one table.
pub(super) fn list() -> AnyView {
    let may = session::may(Permission::OrganisationWrite);
    let add = may.then(|| primary_link(icons::PLUS, t!("organisation-department-add"), "/organisation/departments/new"));
    let table = load(
        || call(ListDepartments {}),
        6,
        |rows| {
            let lines = rows.iter().map(line).collect_view();
            view! {
                <table class="table list border-t border-line">
                    <caption class="sr-only">{t!("organisation-departments")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("organisation-department")}</th>
                            <th scope="col">{t!("organisation-permissions")}</th>
                            <th scope="col" class="num">{t!("organisation-people")}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            }
        },
    );
    view! {
        {Header::new(t!("organisation-departments")).actions(add).show()}
        {table}
    }
    .into_any()
}

fn line(row: &DepartmentRow) -> AnyView {
    let permissions = if row.permissions.len() == Permission::ALL.len() {
        t!("organisation-permissions-all")
    } else {
        row.permissions.iter().map(|permission| permission_name(*permission)).collect::<Vec<_>>().join(&t!("kit-comma"))
    };
    view! {
        <tr tabindex="-1">
            <td>
                <a class="a" href=format!("/organisation/departments/{}", row.id)>{row.name.clone()}</a>
            </td>
            <td class="list-wide text-ink-2" data-label=t!("organisation-permissions")>{permissions}</td>
            <td class="num" data-label=t!("organisation-people")>
                <a class="a" href=format!("/organisation/employees?department={}", row.id)>{count(row.employees)}</a>
            </td>
        </tr>
    }
    .into_any()
}

/// A new department, or one to change.
pub(super) fn page() -> AnyView {
    let id = param("department");
    if id == "new" {
        return form(SaveDepartment { id: Uuid::now_v7().into(), name: String::new(), permissions: Vec::new() }, None);
    }
    let Ok(id) = id.parse::<DepartmentId>() else { return not_found() };
    load(
        || call(ListDepartments {}),
        8,
        move |rows| match rows.into_iter().find(|row| row.id == id) {
            Some(row) => {
                let people = row.employees;
                form(SaveDepartment { id: row.id, name: row.name, permissions: row.permissions }, Some(people))
            }
            None => not_found(),
        },
    )
}

fn form(start: SaveDepartment, people: Option<u64>) -> AnyView {
    let (id, name) = (start.id, start.name.clone());
    let title = if people.is_some() { name.clone() } else { t!("organisation-department-add") };
    let go = go_with_router();
    let form = Form::new(start);
    let choices = Permission::ALL.iter().map(|permission| (*permission, permission_name(*permission))).collect();
    let fields = view! {
        {form.field("name", t!("organisation-name-of-department"), |ask| &mut ask.name).focus().show()}
        {form.ticks("permissions", t!("organisation-permissions"), |ask| &mut ask.permissions, choices)}
    };
    let removing = Deed::new();
    let remove = people.filter(|_| session::may(Permission::OrganisationWrite)).map(|people| {
        if people > 0 {
            return view! { <span class="label-xs">{t!("organisation-department-remove-people", count = people)}</span> }
                .into_any();
        }
        let go = go.clone();
        danger_button(icons::TRASH_2, t!("organisation-remove"), move || {
            let go = go.clone();
            let (title, why) = (t!("organisation-department-remove", name = name), t!("organisation-department-remove-why"));
            Confirm::new(title, why, t!("organisation-remove")).danger().ask(move || {
                removing.run(RemoveDepartment { department: id }, move |_| {
                    toast(t!("organisation-removed"));
                    go("/organisation/departments");
                });
            });
        })
    });
    let done = move |_| {
        toast(t!("organisation-saved"));
        go("/organisation/departments");
    };
    view! {
        {Header::new(title).actions(remove).show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">{form.show(Ending::new(t!("kit-save")).cancel_to("/organisation/departments"), fields, done)}</div>
    }
    .into_any()
}

/// The departments as choices of a filter or a field.
pub(super) async fn choices() -> Result<Vec<(DepartmentId, String)>, common::problem::Problem> {
    Ok(call(ListDepartments {}).await?.into_iter().map(|row| (row.id, row.name)).collect())
}
