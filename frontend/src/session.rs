//! Who is signed in and how they like it: permissions, the current community, language and theme.
//!
//! One session for the whole application, outside the tree of pages: any page, timer or future may ask it at any time.

use std::cell::{Cell, RefCell};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use common::api::Endpoint;
use common::id::CommunityId;
use common::organisation::api::{Me, MyCommunity};
use common::period::Day;
use common::permission::Permission;
use common::text::Language;
use gloo::storage::{LocalStorage, SessionStorage, Storage};
use leptos::prelude::*;

use crate::{kit, worker};

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
    /// Whether the session ended under someone's hands, and the requests that wait for them to sign in again.
    static LAPSED: ArcRwSignal<bool> = ArcRwSignal::new(false);
    static WAITING: RefCell<Vec<js_sys::Function>> = const { RefCell::new(Vec::new()) };
    /// How far the server's clock is ahead of this device's, in milliseconds.
    static AHEAD: Cell<i64> = const { Cell::new(0) };
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

const COMMUNITY: &str = "anju.community";
// These two are read by public/boot.js as plain text before the first paint.
const LANGUAGE: &str = "anju.lang";
const THEME: &str = "anju.theme";
/// Who was signed in last in this tab.
const WHO: &str = "anju.who";

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
    forget_others(&me.id.to_string());
    AHEAD.set(me.now.timestamp_millis() - device_clock());
    let session = session();
    let kept = session.community.get_untracked().filter(|kept| me.communities.iter().any(|community| community.id == *kept));
    let community = kept.or_else(|| me.communities.first().map(|community| community.id));
    // Signing in again draws nothing anew that did not change.
    if session.community.get_untracked() != community {
        session.community.set(community);
    }
    session.stage.set(Stage::In(me));
    go_on();
}

/// What another person chose or had computed in this tab is gone when somebody else signs in.
fn forget_others(who: &str) {
    let storage = SessionStorage::raw();
    if storage.get_item(WHO).ok().flatten().as_deref() != Some(who) {
        kit::forget_files();
        worker::forget_workers();
        // A browser that keeps nothing has nothing to forget either.
        drop(storage.set_item(WHO, who));
    }
}

/// Nobody is signed in any more; `back` is where to return after signing in again.
pub fn ended(back: Option<String>) {
    let stage = session().stage;
    if !matches!(&*stage.read_untracked(), Stage::Out { .. }) {
        stage.set(Stage::Out { back });
    }
    go_on();
}

/// The session ended under someone's hands: asks them to sign in again over the page they are at, and waits. Whether the
/// same person is back, so that what they were about can go on.
pub async fn back_again() -> bool {
    let who = me().map(|me| me.id);
    let waiting = js_sys::Promise::new(&mut |go_on, _| WAITING.with_borrow_mut(|waiting| waiting.push(go_on)));
    LAPSED.with(|lapsed| lapsed.set(true));
    let _woken = wasm_bindgen_futures::JsFuture::from(waiting).await;
    who.is_some() && me().map(|me| me.id) == who
}

/// Whether the dialog is open that asks to sign in again.
pub fn lapsed() -> RwSignal<bool> {
    LAPSED.with(|lapsed| RwSignal::from(lapsed.clone()))
}

/// Whether requests wait for someone to sign in again.
pub fn awaited() -> bool {
    WAITING.with_borrow(|waiting| !waiting.is_empty())
}

fn go_on() {
    let waiting = WAITING.with_borrow_mut(std::mem::take);
    LAPSED.with(|lapsed| lapsed.set(false));
    for waiting in waiting {
        let _woken = waiting.call0(&wasm_bindgen::JsValue::UNDEFINED);
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

/// Whether whoever is signed in may ask this: the endpoint's permission, and all buildings of the community where it touches
/// everybody in it.
pub fn may_ask<E: Endpoint>() -> bool {
    E::NEEDS.is_none_or(may) && (!E::WHOLE || sees_all())
}

/// Whether all buildings of the community one works in are in one's data scope.
pub fn sees_all() -> bool {
    let community = community();
    matches!(&*session().stage.read_untracked(), Stage::In(me) if me.communities.iter().any(|one| one.id == community && one.whole))
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

/// Now, by the server's clock.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(device_clock() + AHEAD.get()).unwrap_or_default()
}

/// Today in the community: what date fields start with.
pub fn today() -> Day {
    local(now()).date()
}

/// An instant on the clocks of the community, wherever this device is.
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    let id = community();
    // Where there is no community yet, China's: it has one time zone.
    let minutes = match &*session().stage.read_untracked() {
        Stage::In(me) => me.communities.iter().find(|community| community.id == id).map(|community| community.utc_offset_minutes),
        _ => None,
    };
    at.naive_utc() + TimeDelta::minutes(i64::from(minutes.unwrap_or(480)))
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are whole and small")]
fn device_clock() -> i64 {
    js_sys::Date::now() as i64
}
