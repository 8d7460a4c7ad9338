//! 系统设置: signing in, departments, employees and their data scope, one's own account.

mod account;
mod again;
mod communities;
mod departments;
mod employees;
mod first;
mod sign_in;

use common::organisation::api::GetMe;
use common::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::call;
use crate::session;
use crate::shell::{Entry, Group, Place};

/// The pages.
pub fn places() -> Vec<Place> {
    let read = |path, view| Place::new(path, view).may(Permission::OrganisationRead).everywhere();
    let write = |path, view| Place::new(path, view).may(Permission::OrganisationWrite).everywhere();
    vec![
        Place::new("/account", account::page).everywhere(),
        read("/organisation/communities", communities::list),
        write("/organisation/communities/:community", communities::page),
        read("/organisation/departments", departments::list),
        write("/organisation/departments/:department", departments::page),
        read("/organisation/employees", employees::list),
        write("/organisation/employees/:employee", employees::page),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    let entry = |rank, title, path| Entry::new(Group::System, rank, title, path, Permission::OrganisationRead);
    vec![
        entry(10, "organisation-communities", "/organisation/communities"),
        entry(20, "organisation-departments", "/organisation/departments"),
        entry(30, "organisation-employees", "/organisation/employees"),
    ]
}

/// Asks the server who is signed in.
pub fn ask_who() {
    spawn_local(async {
        match call(GetMe {}).await {
            Ok(me) => session::began(me),
            Err(_) => session::ended(None),
        }
    });
}

/// The dialog that asks to sign in again, over the page one was at.
pub fn again() -> AnyView {
    again::again()
}

/// What stands there while nobody is signed in.
pub fn outside() -> AnyView {
    sign_in::page()
}
