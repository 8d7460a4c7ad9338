//! Pages and the navigation: what each capability exports, and how an address finds its page.

use common::api::Endpoint;
use common::permission::Permission;
use leptos::prelude::*;

use crate::{session, t};

/// A page: the pattern of its path, how it is drawn, and who may open it.
#[derive(Clone, Copy)]
pub struct Place {
    path: &'static str,
    view: fn() -> AnyView,
    needs: [Option<Permission>; 2],
    whole: bool,
    everywhere: bool,
}

impl Place {
    /// `Place::new("/billing/bills/:bill", bill::page)`: `:bill` is read by [`param`].
    pub const fn new(path: &'static str, view: fn() -> AnyView) -> Self {
        Self { path, view, needs: [None; 2], whole: false, everywhere: false }
    }

    /// Only for those with this permission, and another where it is said twice; others are told so.
    #[must_use]
    pub const fn may(mut self, permission: Permission) -> Self {
        self.needs = [Some(permission), self.needs[0]];
        self
    }

    /// Only for those who may ask this, which the page is for.
    #[must_use]
    pub const fn asks<E: Endpoint>(mut self) -> Self {
        self.needs = [E::NEEDS, self.needs[0]];
        self.whole = E::WHOLE;
        self
    }

    /// Needs no community.
    #[must_use]
    pub const fn everywhere(mut self) -> Self {
        self.everywhere = true;
        self
    }
}

/// The groups of the navigation, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// 资源与住户
    Estate,
    /// 收费
    Charging,
    /// 抄表与公摊
    Metering,
    /// 台账与报表
    Reports,
    /// 系统设置
    System,
}

impl Group {
    pub const ALL: [Self; 5] = [Self::Estate, Self::Charging, Self::Metering, Self::Reports, Self::System];

    /// The id of its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Estate => "nav-estate",
            Self::Charging => "nav-charging",
            Self::Metering => "nav-metering",
            Self::Reports => "nav-reports",
            Self::System => "nav-system",
        }
    }
}

/// A line of the navigation.
#[derive(Clone, Copy)]
pub struct Entry {
    pub group: Group,
    /// Its rank in the group: lines of several capabilities stand in one.
    pub rank: u8,
    /// The id of its title.
    pub title: &'static str,
    pub path: &'static str,
    pub needs: Permission,
}

impl Entry {
    /// `Entry::new(Group::Charging, 20, "billing-bills", "/billing/bills", Permission::BillingRead)`
    pub const fn new(group: Group, rank: u8, title: &'static str, path: &'static str, needs: Permission) -> Self {
        Self { group, rank, title, path, needs }
    }
}

/// What the path's `:names` stand for.
#[derive(Clone)]
struct Params(Vec<(&'static str, String)>);

/// The path of the page that is drawn.
#[derive(Clone)]
struct Shown(String);

/// What `:name` of the page's path stands for; ask while the page is drawn.
pub fn param(name: &str) -> String {
    use_context::<Params>()
        .and_then(|params| params.0.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value))
        .unwrap_or_default()
}

/// What `:name` stands for, as an id; `None` where it is none, and the page is [`not_found`](super::not_found).
pub fn param_id<I: std::str::FromStr>(name: &str) -> Option<I> {
    param(name).parse().ok()
}

/// The lines of the navigation that one may use, in order.
pub(super) fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = crate::app::entries().into_iter().filter(|entry| session::may(entry.needs)).collect();
    entries.sort_by_key(|entry| (entry.group, entry.rank));
    entries
}

/// The navigation's line that a path belongs to: the longest that it starts with.
pub(super) fn entry_of(path: &str) -> Option<Entry> {
    crate::app::entries()
        .into_iter()
        .filter(|entry| path.strip_prefix(entry.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        .max_by_key(|entry| entry.path.len())
}

/// The breadcrumbs that the navigation knows for the page that is shown, and whether that page is the line itself.
pub fn trail() -> (Vec<(String, Option<String>)>, bool) {
    // Not the address: the router writes that only when the page stands.
    let path = use_context::<Shown>().map(|shown| shown.0).unwrap_or_default();
    match entry_of(&path) {
        Some(entry) => {
            (vec![(t!(entry.group.title()), None), (t!(entry.title), Some(entry.path.to_owned()))], entry.path == path)
        }
        None => (Vec::new(), false),
    }
}

/// Draws the page of this path.
pub(super) fn draw(path: &str) -> AnyView {
    let places = match super::chunk::pages(path) {
        Some(Ok(places)) => places,
        Some(Err(instead)) => return instead,
        None => return super::not_found(),
    };
    let Some((place, params)) = places.iter().find_map(|place| Some((place, matched(place.path, path)?))) else {
        return super::not_found();
    };
    if let Some(needs) = place.needs.into_iter().flatten().find(|needs| !session::may(*needs)) {
        return super::refused(needs);
    }
    if !place.everywhere && untrack(session::current_community).is_none() {
        return super::no_community();
    }
    if place.whole && !session::sees_all() {
        return super::refused_to_a_part();
    }
    provide_context(Params(params));
    provide_context(Shown(path.to_owned()));
    // What a page reads while it is drawn is no reason to draw it anew: the first filter would ask for everything once more.
    untrack(place.view)
}

/// The values of a pattern's names, where the path fits it.
fn matched(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut parts = path.trim_matches('/').split('/');
    for wanted in pattern.trim_matches('/').split('/') {
        let part = parts.next()?;
        match wanted.strip_prefix(':') {
            Some(name) if !part.is_empty() => params.push((name, part.to_owned())),
            None if wanted == part => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(params)
}
