//! The navigation at the left: two levels, 208 px or a rail of 56, only what one may use.

use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

use super::places::{Entry, Group, entries, entry_of};
use super::waiting::{REQUESTS, figure};
use crate::kit::{Icon, icon, icon_sized, icons};
use crate::t;

const RAIL: &str = "anju.rail";
/// The desk wants the width: there it is a rail until the cashier unfolds it.
const DESK: &str = "/cashier";
const DESK_RAIL: &str = "anju.rail.desk";

/// The mark of the product.
pub fn mark(size: u32) -> AnyView {
    view! {
        <svg
            class="shrink-0"
            width=size
            height=size
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2.25"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d="M12 2.5v3M3.5 10.5V6.5h17v4"></path>
            <path d="M8 12h8v9H8z" fill="currentColor" stroke="none"></path>
        </svg>
    }
    .into_any()
}

/// The icon of a group.
pub(super) fn group_icon(group: Group) -> Icon {
    match group {
        Group::Estate => icons::BUILDING_2,
        Group::Charging => icons::RECEIPT_TEXT,
        Group::Metering => icons::GAUGE,
        Group::Reports => icons::CHART_NO_AXES_COLUMN,
        Group::System => icons::SETTINGS,
    }
}

/// The lines of one group that one may use.
pub(super) fn of_group(entries: &[Entry], group: Group) -> Vec<Entry> {
    entries.iter().filter(|entry| entry.group == group).copied().collect()
}

/// The navigation.
pub(super) fn nav(path: Memo<String>, waiting: RwSignal<u64>) -> AnyView {
    let (everywhere, desk) =
        (RwSignal::new(LocalStorage::get(RAIL).unwrap_or(false)), RwSignal::new(LocalStorage::get(DESK_RAIL).unwrap_or(true)));
    let rail = Memo::new(move |_| if path.get() == DESK { desk.get() } else { everywhere.get() });
    let entries = entries();
    let current = Memo::new(move |_| entry_of(&path.get()).map(|entry| (entry.group, entry.path)));
    let groups = Group::ALL
        .into_iter()
        .map(|group| (group, of_group(&entries, group)))
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(group, lines)| group_view(group, lines, current, rail, waiting))
        .collect_view();
    let fold = move |_| {
        let (name, kept) = if path.get_untracked() == DESK { (DESK_RAIL, desk) } else { (RAIL, everywhere) };
        kept.update(|rail| *rail = !*rail);
        let _kept = LocalStorage::set(name, kept.get_untracked());
    };
    view! {
        <nav
            aria-label=t!("kit-navigation")
            class="nav-side no-print sticky top-0 z-20 flex h-screen shrink-0 flex-col border-r border-line bg-paper max-sm:hidden"
            class:nav-rail=move || rail.get()
        >
            <a href="/" aria-label=t!("kit-product") class="nav-mark flex h-12 shrink-0 items-center gap-2 px-4">
                <span class="text-primary">{mark(22)}</span>
                <span class="nav-word text-lg font-semibold tracking-wider">{t!("kit-product")}</span>
            </a>
            <ul class="flex flex-1 flex-col gap-0.5 overflow-y-auto px-2 py-2">
                <li>
                    <a class="nav-a" href="/" title=t!("nav-home") aria-current=move || (path.get() == "/").then_some("page")>
                        {icon(icons::LAYOUT_DASHBOARD)}
                        <span class="nav-word">{t!("nav-home")}</span>
                    </a>
                </li>
                {groups}
            </ul>
            <div class="border-t border-line p-2">
            <button type="button" class="nav-a w-full" aria-pressed=move || rail.get().to_string() title=t!("kit-nav-fold") on:click=fold>
                {move || icon(if rail.get() { icons::PANEL_LEFT_OPEN } else { icons::PANEL_LEFT_CLOSE })}
                <span class="nav-word">{t!("kit-nav-fold")}</span>
            </button>
            </div>
        </nav>
    }
    .into_any()
}

fn group_view(
    group: Group,
    lines: Vec<Entry>,
    current: Memo<Option<(Group, &'static str)>>,
    rail: Memo<bool>,
    waiting: RwSignal<u64>,
) -> AnyView {
    let here = move || current.get().is_some_and(|(now, _)| now == group);
    let open = RwSignal::new(untrack(here));
    Effect::new(move || {
        if here() {
            open.set(true);
        }
    });
    let first = lines.first().map_or("/", |line| line.path);
    let subs = lines
        .iter()
        .map(|line| {
            let path = line.path;
            view! {
                <li>
                    <a class="nav-a nav-sub" href=path aria-current=move || (current.get().is_some_and(|(_, now)| now == path)).then_some("page")>
                        {t!(line.title)}
                        {(path == REQUESTS).then(|| figure(waiting, "ml-auto"))}
                    </a>
                </li>
            }
        })
        .collect_view();
    // Folded, the group bears the figure of its line.
    let bears = lines.iter().any(|line| line.path == REQUESTS);
    let folded = move || (bears && (rail.get() || !open.get())).then(|| figure(waiting, "nav-figure"));
    let title = t!(group.title());
    view! {
        <li class="group/nav relative">
            <button
                type="button"
                class="nav-a nav-group w-full"
                class:nav-here=here
                aria-expanded=move || open.get().to_string()
                title=title.clone()
                on:click=move |_| {
                    if rail.get_untracked() {
                        go_first(first);
                    } else {
                        open.update(|open| *open = !*open);
                    }
                }
            >
                {icon(group_icon(group))}
                <span class="nav-word">{title.clone()}</span>
                {folded}
                <span class="nav-word ml-auto">
                    {move || icon_sized(if open.get() { icons::CHEVRON_DOWN } else { icons::CHEVRON_RIGHT }, 14, "text-ink-3")}
                </span>
            </button>
            <div class="nav-subs" class:nav-open=move || open.get()>
                <div class="nav-fly-title label-xs">{title}</div>
                <ul class="mt-0.5 flex flex-col gap-0.5">{subs}</ul>
            </div>
        </li>
    }
    .into_any()
}

/// On the rail a group's button opens its first page: the router takes the click of a link.
fn go_first(path: &str) {
    use wasm_bindgen::JsCast;
    let Ok(Some(link)) = document().query_selector(&format!("nav a[href='{path}']")) else { return };
    if let Ok(link) = link.dyn_into::<web_sys::HtmlElement>() {
        link.click();
    }
}

/// The first page of whoever sees no figures: where they may go.
pub fn welcome() -> AnyView {
    let entries = entries();
    let groups = Group::ALL
        .into_iter()
        .map(|group| (group, of_group(&entries, group)))
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(group, lines)| {
            let links = lines
                .iter()
                .map(|line| view! { <li><a class="a flex min-h-8 items-center text-base max-sm:min-h-11" href=line.path>{t!(line.title)}</a></li> })
                .collect_view();
            view! {
                <section class="px-6 py-4 max-sm:px-4">
                    <h2 class="flex items-center gap-2 text-lg font-semibold">{icon(group_icon(group))} {t!(group.title())}</h2>
                    <ul class="mt-1 pl-6">{links}</ul>
                </section>
            }
        })
        .collect_view();
    let name = crate::session::me().map(|me| me.name).unwrap_or_default();
    view! {
        <p class="px-6 text-base text-ink-2 max-sm:px-4">{t!("home-welcome", name = name)}{" "}{t!("home-welcome-about")}</p>
        <div class="mt-3 grid grid-cols-4 border-t border-line max-lg:grid-cols-2">{groups}</div>
    }
    .into_any()
}
