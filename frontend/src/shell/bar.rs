//! The top bar: community, search, jobs under way, language, theme, account.

use common::id::EmployeeId;
use common::organisation::api::{JobRow, JobState, ListJobs, SignOut};
use common::text::Language;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::places::entry_of;
use super::search::search;
use crate::api::call;
use crate::kit::{self, Look, icon, icon_sized, icons, menu, menu_deed, menu_link};
use crate::session::{self, Theme};
use crate::{t, worker};

/// The top bar.
pub(super) fn bar(path: Memo<String>) -> AnyView {
    view! {
        <header class="no-print sticky top-0 z-30 flex h-12 shrink-0 items-center gap-2 border-b border-line bg-sheet px-6 max-sm:px-2">
            {communities(path)} {search()}
            <div class="ml-auto flex items-center gap-1">{jobs()} <span class="flex items-center gap-1 max-sm:hidden">{languages()} {themes()}</span> {account()}</div>
        </header>
    }
    .into_any()
}

fn communities(path: Memo<String>) -> AnyView {
    let all = session::me().map(|me| me.communities).unwrap_or_default();
    let go = kit::go_with_router();
    let name = move || session::current_community().map_or_else(|| t!("kit-no-community"), |community| community.name);
    let panel = move |close: kit::Close| {
        let now = session::community();
        let wanted = RwSignal::new(String::new());
        let long = all.len() > 10;
        let all = all.clone();
        let go = go.clone();
        let lines = move || {
            let wanted = wanted.get();
            all.iter()
                .filter(|community| wanted.is_empty() || community.name.contains(&wanted) || community.code.contains(&wanted))
                .map(|community| {
                    let (id, on) = (community.id, community.id == now);
                    let go = go.clone();
                    let choose = move || {
                        close.now();
                        // What this page shows may not exist over there: the list it belongs to does.
                        let path = path.get_untracked();
                        if let Some(entry) = entry_of(&path).filter(|entry| entry.path != path) {
                            go(entry.path);
                        }
                        session::switch_community(id);
                    };
                    let check = on.then(|| icon_sized(icons::CHECK, 14, "ml-auto text-primary"));
                    menu_deed(view! { <span class="truncate">{community.name.clone()}</span>{check} }, choose)
                })
                .collect_view()
        };
        view! {
            {long
                .then(|| {
                    view! {
                        <input
                            type="search"
                            class="input input-sm mb-1"
                            aria-label=t!("kit-search")
                            placeholder=t!("kit-search")
                            autofocus
                            on:input=move |event| wanted.set(event_target_value(&event))
                        />
                    }
                })}
            <div class="max-h-80 overflow-y-auto">{lines}</div>
        }
        .into_any()
    };
    menu(
        None,
        Look { button: "btn btn-ghost btn-sm -ml-2 gap-1.5 px-2 max-sm:ml-0", panel: "left-0 w-60" },
        view! {
            {icon_sized(icons::MAP_PIN, 16, "text-ink-2")}
            <span class="sr-only">{t!("kit-community-switch")}</span>
            <span class="max-w-40 truncate font-semibold">{name}</span>
            {icon_sized(icons::CHEVRONS_UP_DOWN, 14, "text-ink-3")}
        },
        panel,
    )
}

/// What goes on after its request; asked again while something does.
fn jobs() -> AnyView {
    let rows = RwSignal::new(Vec::<JobRow>::new());
    let ask = move || {
        spawn_local(async move {
            if let Ok(found) = call(ListJobs {}).await {
                rows.try_set(found);
            }
        });
    };
    ask();
    let running =
        Memo::new(move |_| rows.with(|rows| rows.iter().any(|job| matches!(job.state, JobState::Queued | JobState::Running))));
    // Every 2 seconds while something runs, else every 20.
    let beat = StoredValue::new_local(0_u32);
    let timer = StoredValue::new_local(gloo::timers::callback::Interval::new(2_000, move || {
        let Some(now) = beat.try_get_value() else { return };
        beat.set_value(now.wrapping_add(1));
        if running.try_get_untracked() == Some(true) || now % 10 == 9 {
            ask();
        }
    }));
    on_cleanup(move || timer.dispose());
    let line = |job: &JobRow| {
        let word = t!(&format!("job-{}", job.kind.replace('.', "-")));
        let state = match job.state {
            JobState::Queued => kit::state_badge(kit::State::Open, t!("kit-job-queued")),
            JobState::Running => view! { <span class="text-ink-2">{done_of(job)}</span> }.into_any(),
            JobState::Done => kit::state_badge(kit::State::Done, t!("kit-job-done")),
            JobState::Failed => kit::state_badge(kit::State::Late, t!("kit-job-failed")),
        };
        let problem = job.problem.as_ref().map(|code| {
            let words = crate::text::of_problem(&common::problem::Problem::new(0, code, code.clone()));
            view! { <p class="text-xs text-error">{words}</p> }
        });
        view! {
            <li class="border-b border-line px-2 py-2 last:border-0">
                <div class="flex items-center gap-2 text-sm">
                    <span class="flex-1">{word}</span>
                    {state}
                </div>
                {(job.state == JobState::Running && job.total > 0)
                    .then(|| view! { <progress class="progress mt-1 w-full text-primary" value=job.done.to_string() max=job.total.to_string()></progress> })}
                {problem}
            </li>
        }
    };
    (move || {
        let now = rows.get();
        let first = now.iter().find(|job| job.state == JobState::Running).or_else(|| now.iter().find(|job| job.state == JobState::Queued)).cloned();
        let failed = now.iter().any(|job| job.state == JobState::Failed);
        if now.is_empty() || (first.is_none() && !failed) {
            return ().into_any();
        }
        let face = match &first {
            Some(job) => view! {
                {ring(job.done, job.total)}
                <span class="max-lg:hidden">{t!(&format!("job-{}", job.kind.replace('.', "-")))}</span>
                <span class="text-ink-2 max-lg:hidden">{done_of(job)}</span>
            }
            .into_any(),
            None => view! { {icon_sized(icons::TRIANGLE_ALERT, 16, "text-warning")}<span class="max-lg:hidden">{t!("kit-job-failed")}</span> }.into_any(),
        };
        let face = view! { <span class="sr-only">{t!("kit-jobs")}</span>{face} };
        menu(None, Look { button: "btn btn-ghost btn-sm gap-2 px-2", panel: "right-0 w-80" }, face, move |_| {
            view! { <ul>{now.iter().map(line).collect_view()}</ul> }.into_any()
        })
    })
    .into_any()
}

fn done_of(job: &JobRow) -> String {
    if job.total > 0 { format!("{} / {}", kit::count(job.done), kit::count(job.total)) } else { String::new() }
}

/// A ring that fills as the work proceeds.
fn ring(done: u64, total: u64) -> AnyView {
    // The circle's length is 37.7; tenths, without floats.
    let filled = (377 * done.min(total)).checked_div(total).unwrap_or(94);
    let dash = format!("{}.{} 40", filled / 10, filled % 10);
    view! {
        <svg width="16" height="16" viewBox="0 0 16 16" class="-rotate-90" aria-hidden="true">
            <circle cx="8" cy="8" r="6" fill="none" stroke="var(--color-base-300)" stroke-width="2.5"></circle>
            <circle cx="8" cy="8" r="6" fill="none" stroke="var(--color-primary)" stroke-width="2.5" stroke-dasharray=dash></circle>
        </svg>
    }
    .into_any()
}

/// The languages, each in its own.
pub fn languages() -> AnyView {
    menu(
        Some(t!("kit-language")),
        Look { button: "btn btn-ghost btn-sm btn-square", panel: "right-0 w-36" },
        icon(icons::LANGUAGES),
        move |close| language_lines(close).into_any(),
    )
}

/// One line for each language.
pub(super) fn language_lines(close: kit::Close) -> impl IntoView {
    Language::ALL
        .into_iter()
        .map(|language| {
            let word = match language {
                Language::Chinese => "中文",
                Language::English => "English",
            };
            let check = (language == session::language()).then(|| icon_sized(icons::CHECK, 14, "ml-auto text-primary"));
            menu_deed(view! { <span lang=language.tag()>{word}</span>{check} }, move || {
                if language != session::language() && kit::leave::may_leave() {
                    close.now();
                    session::speak(language);
                }
            })
        })
        .collect_view()
}

/// Light, dark, or as the device says.
pub fn themes() -> AnyView {
    menu(
        Some(t!("kit-theme")),
        Look { button: "btn btn-ghost btn-sm btn-square", panel: "right-0 w-40" },
        icon(icons::MOON),
        move |close| theme_lines(close).into_any(),
    )
}

/// One line for each theme.
pub(super) fn theme_lines(close: kit::Close) -> impl IntoView {
    [
        (Theme::Light, icons::SUN, "kit-theme-light"),
        (Theme::Dark, icons::MOON, "kit-theme-dark"),
        (Theme::System, icons::MONITOR, "kit-theme-system"),
    ]
    .into_iter()
    .map(|(theme, shape, word)| {
        let check = move || (session::theme() == theme).then(|| icon_sized(icons::CHECK, 14, "ml-auto text-primary"));
        menu_deed(view! { {icon(shape)}{t!(word)}{check} }, move || {
            close.now();
            session::wear(theme);
        })
    })
    .collect_view()
}

fn account() -> AnyView {
    let me = session::me();
    let name = me.as_ref().map(|me| me.name.clone()).unwrap_or_default();
    let department = me.map(|me| me.department).unwrap_or_default();
    let first: String = name.chars().take(1).collect();
    let panel = move |close: kit::Close| {
        view! {
            <p class="px-2 py-1 text-xs text-ink-2">{department.clone()}</p>
            {menu_link(view! { {icon(icons::KEY_ROUND)}{t!("organisation-account")} }, "/account")}
            {menu_deed(view! { {icon(icons::LOG_OUT)}{t!("organisation-sign-out")} }, move || {
                if kit::leave::may_leave() {
                    close.now();
                    sign_out();
                }
            })}
        }
        .into_any()
    };
    menu(
        None,
        Look { button: "btn btn-ghost btn-sm gap-2 px-2", panel: "right-0 w-44" },
        view! {
            <span class="grid size-6 place-items-center rounded-full bg-primary text-xs text-primary-content">{first}</span>
            <span class="max-sm:sr-only">{name}</span>
            <span class="sr-only">{t!("organisation-account")}</span>
        },
        panel,
    )
}

/// Ends the session, here and on the server; asks first where something was not sent yet, which goes with it.
pub(super) fn sign_out() {
    let who = session::me().map(|me| me.id);
    let unsent = who.map_or(0, kit::count_unsent);
    if unsent == 0 {
        return end(who);
    }
    let title = t!("kit-unsent-title", count = kit::count(unsent));
    kit::Confirm::new(title, t!("kit-unsent-why"), t!("organisation-sign-out")).danger().ask(move || end(who));
}

fn end(who: Option<EmployeeId>) {
    spawn_local(async move {
        match call(SignOut {}).await {
            Ok(_) => {
                who.into_iter().for_each(kit::forget_unsent);
                kit::forget_files();
                worker::forget_workers();
                session::ended(Some("/".to_owned()));
            }
            Err(problem) => kit::toast_problem(&problem),
        }
    });
}
