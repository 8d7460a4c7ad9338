//! The first start: whoever comes first becomes the administrator.

use common::organisation::api::MakeFirstAdministrator;
use leptos::prelude::*;

use crate::kit::{Ending, Form};
use crate::{session, t};

/// The form in place of the sign-in.
pub(super) fn form() -> AnyView {
    let form = Form::new(MakeFirstAdministrator::default());
    let fields = view! {
        {form.field("name", t!("organisation-name"), |ask| &mut ask.name).complete("name").focus().show()}
        {form.field("account", t!("organisation-account-name"), |ask| &mut ask.account).complete("username").help(t!("organisation-account-help")).show()}
        {form.field("password", t!("organisation-password"), |ask| &mut ask.password).complete("new-password").secret().help(t!("organisation-password-help")).show()}
    };
    view! {
        <h1 class="text-2xl font-semibold">{t!("organisation-first")}</h1>
        <p class="mt-1 mb-8 text-base text-ink-2">{t!("organisation-first-about")}</p>
        {form.show(Ending::new(t!("organisation-first-make")).full(), fields, session::began)}
    }
    .into_any()
}
