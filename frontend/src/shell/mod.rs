//! The shell around every page: navigation, top bar, phone's bottom bar, and what stands there when a page can't.

mod bar;
pub mod chunk;
mod nav;
pub mod offline;
mod panic;
mod phone;
mod places;
mod search;
mod waiting;

use std::cell::Cell;

use common::permission::Permission;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::JsCast;

pub use bar::{languages, themes};
pub use nav::mark;
pub use nav::welcome;
pub use panic::watch_panics;
pub use places::{Entry, Group, Place, param, param_id, trail};
pub use search::Found;
pub use waiting::look_again;

use crate::kit::{self, Empty, icons};
use crate::session::{self, Stage};
use crate::{organisation, t};

/// The whole application, once the router is there.
#[component]
pub fn Frame() -> impl IntoView {
    let location = use_location();
    let navigate = use_navigate();
    let path = location.pathname;
    let outside = Memo::new(move |_| matches!(path.get().as_str(), "/sign-in" | "/start"));
    // Nobody signed in: to the sign-in page, and back afterwards.
    Effect::new(move || {
        let replace = NavigateOptions { replace: true, ..Default::default() };
        match session::stage() {
            Stage::Out { back } if !outside.get() => {
                let back = back.unwrap_or_else(crate::api::here);
                let query = if back == "/" { String::new() } else { crate::api::query(&[("back", back)]) };
                navigate(&format!("/sign-in{query}"), replace);
            }
            Stage::In(_) if outside.get() => {
                let back =
                    kit::query::pairs(&window().location().search().unwrap_or_default()).into_iter().find_map(|(name, value)| {
                        (name == "back" && value.starts_with('/') && !value.starts_with("//")).then_some(value)
                    });
                navigate(back.as_deref().unwrap_or("/"), replace);
            }
            _ => {}
        }
    });
    let language = RwSignal::from(session::language_signal());
    let signed_in = Memo::new(move |_| match session::stage() {
        Stage::Asking => None,
        Stage::Out { .. } => Some(None),
        Stage::In(me) => Some(Some(me.id)),
    });
    move || {
        language.track();
        match signed_in.get() {
            None => ().into_any(),
            Some(None) => organisation::outside(),
            Some(Some(_)) if outside.get() => ().into_any(),
            Some(Some(_)) => inside(path),
        }
    }
}

fn inside(path: Memo<String>) -> AnyView {
    chunk::fetch_ahead(places::entries().iter().map(|entry| entry.path).collect());
    let community = Memo::new(|_| session::current_community().map(|community| community.id));
    let waiting = waiting::waiting(path);
    let page = move || {
        // Read, not only tracked: a memo that nobody read counts as changed when it is first looked at.
        let _drawn_for = community.get();
        let view = places::draw(&path.get());
        settle();
        view
    };
    view! {
        <a href="#main" class="skip-link btn btn-sm btn-primary" rel="external">{t!("kit-skip")}</a>
        {organisation::again()}
        <div class="flex min-h-screen">
            {nav::nav(path, waiting)}
            <div class="flex min-w-0 flex-1 flex-col bg-sheet">
                {bar::bar(path)}
                {offline::bar()}
                <main id="main" tabindex="-1" class="flex min-w-0 flex-1 flex-col outline-none max-sm:pb-16">{page}</main>
            </div>
        </div>
        {phone::bottom(path, waiting)}
        {kit::confirm_host()}
        {kit::toast_host()}
    }
    .into_any()
}

thread_local! {
    /// Whether the page that was opened has no heading yet.
    static UNHEADED: Cell<bool> = const { Cell::new(false) };
}

/// After a page was opened by a link, the focus goes to its heading, unless the page put it somewhere itself.
fn settle() {
    UNHEADED.set(true);
    headed();
}

/// A heading was drawn: of a page that waits for what it shows, some time after the page.
pub fn headed() {
    if !UNHEADED.get() {
        return;
    }
    request_animation_frame(|| {
        let lost = document().active_element().is_none_or(|active| {
            matches!(active.tag_name().as_str(), "BODY" | "HTML") || active.closest("nav").ok().flatten().is_some()
        });
        let heading = document().query_selector("main h1").ok().flatten();
        // Who is elsewhere by now stays there.
        if !lost || heading.is_some() {
            UNHEADED.set(false);
        }
        if let Some(heading) = heading.filter(|_| lost).and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _focused = heading.focus();
        }
    });
}

/// The page of an address that leads nowhere.
pub fn not_found() -> AnyView {
    document().set_title(&t!("kit-not-found"));
    view! {
        <div class="flex flex-wrap items-center gap-6 px-6 py-10 max-sm:px-4">
            <span class="text-3xl font-semibold text-ink-3">"404"</span>
            <div>
                <h1 class="text-base font-semibold" tabindex="-1">{t!("kit-not-found")}</h1>
                <p class="text-base text-ink-2">{t!("kit-not-found-why")}</p>
            </div>
            <div class="flex gap-2">
                <button type="button" class="btn btn-sm" on:click=|_| { let _back = window().history().map(|history| history.back()); }>{t!("kit-back")}</button>
                <a class="btn btn-sm" href="/">{t!("nav-home")}</a>
            </div>
        </div>
    }
    .into_any()
}

fn refused(needs: Permission) -> AnyView {
    let permission = t!(&format!("permission-{}", needs.code().replace('.', "-")));
    refused_for(t!("kit-refused-what", permission = permission), t!("kit-refused-why"))
}

/// The page touches everybody in the community, of which one sees only some buildings.
fn refused_to_a_part() -> AnyView {
    refused_for(t!("kit-refused-part"), t!("kit-refused-part-why"))
}

fn refused_for(what: String, why: String) -> AnyView {
    document().set_title(&t!("kit-refused"));
    view! {
        <div class="p-6 max-sm:p-4">
            <div class="max-w-160 rounded-field border border-line p-4">
                <h1 class="flex items-center gap-2 text-base font-semibold" tabindex="-1">
                    {kit::icon_sized(icons::LOCK, 16, "text-ink-2")} {what}
                </h1>
                <p class="mt-1 text-base text-ink-2">{why}</p>
                <a class="btn btn-sm mt-3" href="/">{t!("nav-home")}</a>
            </div>
        </div>
    }
    .into_any()
}

fn no_community() -> AnyView {
    let may = session::may(Permission::OrganisationWrite);
    let text = if may { t!("kit-no-community-make") } else { t!("kit-no-community-ask") };
    let link = may.then(|| kit::primary_link(icons::PLUS, t!("organisation-community-add"), "/organisation/communities/new"));
    document().set_title(&t!("kit-no-community"));
    view! { <div class="p-6 max-sm:p-4">{kit::empty_view(Empty::new(icons::MAP_PIN, t!("kit-no-community"), text).actions(link))}</div> }.into_any()
}
