//! Who is signed in and how they like it: permissions, the current community, language and theme.
//!
//! One session for the whole application, outside the tree of pages: any page, timer or future may ask it at any time.

use std::cell::RefCell;

use common::id::CommunityId;
use common::organisation::api::{Me, MyCommunity};
use common::period::Day;
use common::permission::Permission;
use common::text::Language;
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

/// How far signing in has come.
#[derive(Clone, PartialEq)]
pub enum Stage {
    /// The server has not said yet.
    Asking,
    /// Nobody is signed in; the address to come back to.
    Out {
        back: Option<String>,
    },
    In(Me),
}

/// Light, dark, or as the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

#[derive(Clone)]
struct Session {
    stage: ArcRwSignal<Stage>,
    community: ArcRwSignal<Option<CommunityId>>,
    language: ArcRwSignal<Language>,
    theme: ArcRwSignal<Theme>,
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

const COMMUNITY: &str = "anju.community";
// These two are read by public/boot.js as plain text before the first paint.
const LANGUAGE: &str = "anju.lang";
const THEME: &str = "anju.theme";

fn session() -> Session {
    SESSION.with_borrow_mut(|session| {
        session
            .get_or_insert_with(|| Session {
                stage: ArcRwSignal::new(Stage::Asking),
                community: ArcRwSignal::new(LocalStorage::get::<CommunityId>(COMMUNITY).ok()),
                language: ArcRwSignal::new(raw(LANGUAGE).and_then(|tag| Language::from_tag(&tag)).unwrap_or_default()),
                theme: ArcRwSignal::new(match raw(THEME).as_deref() {
                    Some("light") => Theme::Light,
                    Some("dark") => Theme::Dark,
                    _ => Theme::System,
                }),
            })
            .clone()
    })
}

fn raw(key: &str) -> Option<String> {
    LocalStorage::raw().get_item(key).ok().flatten()
}

/// Keeps a value in this browser; silently not, where the browser forbids it.
fn keep(key: &str, value: Option<&str>) {
    let storage = LocalStorage::raw();
    let _kept = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

/// How far signing in has come; tracked.
pub fn stage() -> Stage {
    session().stage.get()
}

/// Someone is signed in: keeps the community of last time if it is still in their scope, else takes the first.
pub fn began(me: Me) {
    let session = session();
    let kept = session.community.get_untracked().filter(|kept| me.communities.iter().any(|community| community.id == *kept));
    session.community.set(kept.or_else(|| me.communities.first().map(|community| community.id)));
    session.stage.set(Stage::In(me));
}

/// Nobody is signed in any more; `back` is where to return after signing in again.
pub fn ended(back: Option<String>) {
    let stage = session().stage;
    if !matches!(&*stage.read_untracked(), Stage::Out { .. }) {
        stage.set(Stage::Out { back });
    }
}

/// Who is signed in; not tracked, since pages are drawn anew when it changes.
pub fn me() -> Option<Me> {
    match session().stage.get_untracked() {
        Stage::In(me) => Some(me),
        _ => None,
    }
}

/// Whether whoever is signed in may do this. Hide or explain what they may not; the server refuses it anyway.
pub fn may(permission: Permission) -> bool {
    matches!(&*session().stage.read_untracked(), Stage::In(me) if me.permissions.contains(&permission))
}

/// The community one works in; pages are drawn anew when it changes. Pages that need none must not ask.
pub fn community() -> CommunityId {
    session().community.get_untracked().unwrap_or(CommunityId(uuid::Uuid::nil()))
}

/// The community one works in, tracked; `None` while there is none.
pub fn current_community() -> Option<MyCommunity> {
    let id = session().community.get()?;
    me()?.communities.into_iter().find(|community| community.id == id)
}

/// The name of the community one works in.
pub fn community_name() -> String {
    let id = community();
    me().and_then(|me| me.communities.into_iter().find(|community| community.id == id))
        .map(|community| community.name)
        .unwrap_or_default()
}

/// Works in another community from now on.
pub fn switch_community(id: CommunityId) {
    keep(COMMUNITY, serde_json::to_string(&id).ok().as_deref());
    session().community.set(Some(id));
}

/// The language of the user interface; not tracked, since pages are drawn anew when it changes.
pub fn language() -> Language {
    session().language.get_untracked()
}

/// The language, tracked: for whoever draws pages anew.
pub fn language_signal() -> ArcRwSignal<Language> {
    session().language
}

pub fn speak(language: Language) {
    keep(LANGUAGE, Some(language.tag()));
    if let Some(root) = document().document_element() {
        let _set = root.set_attribute("lang", language.tag());
    }
    session().language.set(language);
}

/// Light, dark, or as the device says; tracked.
pub fn theme() -> Theme {
    session().theme.get()
}

pub fn wear(theme: Theme) {
    keep(
        THEME,
        match theme {
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
            Theme::System => None,
        },
    );
    session().theme.set(theme);
    show_theme();
}

/// Puts the theme on the document; again whenever the device changes its mind.
pub fn show_theme() {
    let dark = match session().theme.get_untracked() {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::System => window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches()),
    };
    if let Some(root) = document().document_element() {
        let _set = root.set_attribute("data-theme", if dark { "anju-dark" } else { "anju" });
    }
}

/// Follows the device from light to dark and back, as long as the application lives.
pub fn watch_device() {
    if let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") {
        gloo::events::EventListener::new(&query, "change", |_| show_theme()).forget();
    }
}

/// Today on this device's calendar: what date fields start with. The server has its own, the community's.
pub fn today() -> Day {
    let now = js_sys::Date::new_0();
    let year = i32::try_from(now.get_full_year()).unwrap_or(2000);
    Day::from_ymd_opt(year, now.get_month() + 1, now.get_date()).unwrap_or_default()
}
