//! The phone's bottom bar: four places and the rest in a sheet.

use leptos::prelude::*;

use super::bar::{language_lines, sign_out, theme_lines};
use super::nav::{group_icon, of_group};
use super::places::{Entry, Group, entries, entry_of};
use super::waiting::{REQUESTS, figure};
use crate::kit::{icon, icon_sized, icons};
use crate::t;

/// The bar, and the sheet with everything else.
pub(super) fn bottom(path: Memo<String>, waiting: RwSignal<u64>) -> AnyView {
    let entries = entries();
    let sheet = RwSignal::new(false);
    // Whatever was chosen, the sheet has done its work.
    Effect::new(move || {
        path.track();
        sheet.set(false);
    });
    let current = Memo::new(move |_| entry_of(&path.get()).map(|entry| entry.group));
    let places = Group::ALL
        .into_iter()
        .filter(|group| *group != Group::System)
        .filter_map(|group| Some((group, of_group(&entries, group).first()?.path)))
        .take(3)
        .map(|(group, href)| {
            view! {
                <a class="dock-a" href=href aria-current=move || (current.get() == Some(group)).then_some("page")>
                    {icon_sized(group_icon(group), 24, "")}
                    <span>{t!(group.title())}</span>
                </a>
            }
        })
        .collect_view();
    let groups = Group::ALL
        .into_iter()
        .map(|group| (group, of_group(&entries, group)))
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(group, lines)| {
            let line = |line: &Entry| {
                let figure = (line.path == REQUESTS).then(|| figure(waiting, "ml-2"));
                view! { <a class="sheet-a" href=line.path>{t!(line.title)} {figure}</a> }
            };
            let lines = lines.iter().map(line).collect_view();
            view! {
                <section class="border-b border-line py-2">
                    <h3 class="label-xs flex items-center gap-2 px-4 py-1">{icon(group_icon(group))} {t!(group.title())}</h3>
                    <div class="grid grid-cols-2">{lines}</div>
                </section>
            }
            .into_any()
        })
        .collect_view();
    let body = view! {
        {groups}
        <div class="grid grid-cols-2 gap-2 p-4">
            <div class="rounded-field border border-line p-1">{phone_lines(sheet, true)}</div>
            <div class="rounded-field border border-line p-1">{phone_lines(sheet, false)}</div>
            <button type="button" class="btn btn-lg col-span-2" on:click=|_| sign_out()>{icon(icons::LOG_OUT)}{t!("organisation-sign-out")}</button>
        </div>
    };
    view! {
        <div
            class="sheet no-print sm:hidden"
            class:sheet-open=move || sheet.get()
            inert=move || !sheet.get()
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    sheet.set(false);
                }
            }
        >
            {body}
        </div>
        <nav aria-label=t!("kit-navigation") class="dock-bar no-print sm:hidden">
            <a class="dock-a" href="/" aria-current=move || (path.get() == "/").then_some("page")>
                {icon_sized(icons::LAYOUT_DASHBOARD, 24, "")}
                <span>{t!("nav-home")}</span>
            </a>
            {places}
            <button type="button" class="dock-a" aria-expanded=move || sheet.get().to_string() on:click=move |_| sheet.update(|sheet| *sheet = !*sheet)>
                {icon_sized(icons::MENU, 24, "")}
                <span>{t!("kit-more")}</span>
                {figure(waiting, "nav-figure")}
            </button>
        </nav>
    }
    .into_any()
}

fn phone_lines(sheet: RwSignal<bool>, language: bool) -> AnyView {
    let close = crate::kit::Close::of(sheet);
    if language { language_lines(close).into_any() } else { theme_lines(close).into_any() }
}
