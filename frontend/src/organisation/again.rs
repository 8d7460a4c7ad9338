//! Signing in again in the middle of something: a dialog over the page, which keeps what was typed in it.

use common::organisation::api::SignIn;
use leptos::prelude::*;

use crate::api::here;
use crate::kit::{Ending, Form, leave, leaving_dialog};
use crate::{session, t};

/// The dialog; it opens when the session ends under someone's hands.
pub(super) fn again() -> AnyView {
    let open = session::lapsed();
    Effect::new(move || {
        if !open.get() && session::awaited() {
            session::ended(Some(here()));
        }
    });
    leaving_dialog(
        open,
        || t!("organisation-again-title"),
        move || {
            let account = session::me().map(|me| me.account).unwrap_or_default();
            let form = Form::new(SignIn { account, ..SignIn::default() });
            let fields = view! {
                <p class="text-base text-ink-2">{t!("organisation-again-why")}</p>
                {form.field("account", t!("organisation-account-or-phone"), |ask| &mut ask.account).complete("username").show()}
                {form.field("password", t!("organisation-password"), |ask| &mut ask.password).complete("current-password").secret().focus().show()}
            };
            let give_up = move || {
                if leave::may_leave() {
                    open.set(false);
                }
            };
            let ending = Ending::new(t!("organisation-again")).in_dialog().cancel(give_up);
            view! { <div class="mt-2">{form.show(ending, fields, session::began)}</div> }.into_any()
        },
    )
}
