//! One's own account: who one is here, and a new password.

use common::organisation::api::ChangePassword;
use leptos::prelude::*;

use super::departments::permission_name;
use crate::kit::{Ending, Form, Header, facts, go_with_router, section, toast};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let Some(me) = session::me() else { return ().into_any() };
    let go = go_with_router();
    let form = Form::new(ChangePassword::default());
    let fields = view! {
        {form.field("current", t!("organisation-password-current"), |ask| &mut ask.current).secret().complete("current-password").show()}
        {form.field("new", t!("organisation-password-new"), |ask| &mut ask.new).secret().complete("new-password").help(t!("organisation-password-help")).show()}
    };
    let permissions =
        me.permissions.iter().map(|permission| permission_name(*permission)).collect::<Vec<_>>().join(&t!("kit-comma"));
    let communities = me.communities.iter().map(|community| community.name.clone()).collect::<Vec<_>>().join(&t!("kit-comma"));
    let about = facts(vec![
        (t!("organisation-name"), me.name.into_any()),
        (t!("organisation-account-name"), me.account.into_any()),
        (t!("organisation-department"), me.department.into_any()),
        (t!("organisation-communities"), communities.into_any()),
        (t!("organisation-permissions"), permissions.into_any()),
    ]);
    let done = move |_| {
        toast(t!("organisation-password-changed"));
        go("/");
    };
    view! {
        {Header::new(t!("organisation-account")).show()}
        <div class="max-w-180">
            {section(t!("organisation-account-about"), (), about)}
            {section(t!("organisation-password-change"), (), form.show(Ending::new(t!("organisation-password-change")), fields, done))}
        </div>
    }
    .into_any()
}
