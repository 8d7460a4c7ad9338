//! Importing readings: choose a file → look at its columns → preview, mend and confirm → done.

mod bad;
mod columns;
mod odd;
mod rail;
mod remarks;
mod state;

use common::metering::Utility;
use common::metering::import::{Preview, SheetFound};
use common::problem::{Args, FieldProblem};
use leptos::prelude::*;

use self::bad::{bad_section, dropped_note};
use self::columns::columns_step;
use self::odd::odd_section;
use self::rail::rail;
use self::state::{Step, Wizard};
use super::{bills_of, utility_name};
use crate::kit::{
    FilePick, Foot, Header, Query, Term, count, equation, icon, icon_sized, icons, link_button, month_of, month_picker,
    primary_link, problem_note, steps,
};
use crate::{session, t, text};

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let month = month_of(query);
    let wizard = Wizard::new(month);
    let body = move || match wizard.step.get() {
        Step::Choose => choose(wizard, query),
        Step::Columns => columns_step(wizard),
        Step::Preview => preview_step(wizard),
        Step::Done => done_step(wizard),
    };
    let titles = ["choose", "columns", "preview", "done"].iter().map(|word| t!(&format!("metering-step-{word}"))).collect();
    let now = Signal::derive(move || match wizard.step.get() {
        Step::Choose => 0,
        Step::Columns => 1,
        Step::Preview => 2,
        Step::Done => 3,
    });
    let template = move || {
        let (community, month) = (session::community(), wizard.month.get());
        let address = format!(
            "/api/metering/readings/template?community={community}&month={month}&unread=true&language={}",
            session::language().tag()
        );
        (wizard.step.get() == Step::Choose).then(|| {
            view! { <a class="btn btn-sm" href=address download="" rel="external">{icon(icons::FILE_DOWN)} {t!("metering-template")}</a> }
        })
    };
    view! {
        {Header::new(t!("metering-import-title")).beside(steps(titles, now)).actions(template).show()}
        {body}
    }
    .into_any()
}

fn choose(wizard: Wizard, query: Query) -> AnyView {
    let utilities = Utility::ALL
        .iter()
        .map(|utility| {
            let utility = *utility;
            view! {
                <option value=utility.word() selected=move || wizard.utility.get() == Some(utility)>{utility_name(utility)}</option>
            }
        })
        .collect_view();
    view! {
        <div class="grid gap-6 border-t border-line px-6 py-6 max-sm:px-4">
            <div class="flex flex-wrap items-end gap-6">
                <div><div class="label-xs mb-1">{t!("metering-month")}</div>{month_picker(query, wizard.month)}</div>
                <label>
                    <div class="label-xs mb-1">{t!("metering-default-day")}</div>
                    <input type="date" class="input input-sm w-40" prop:value=move || wizard.day.get().to_string()
                        on:change=move |event| { if let Ok(day) = event_target_value(&event).parse() { wizard.day.set(day); } } />
                </label>
                <label>
                    <div class="label-xs mb-1">{t!("metering-default-utility")}</div>
                    <select class="select select-sm w-48" on:change=move |event| wizard.utility.set(Utility::from_word(&event_target_value(&event)))>
                        <option value="">{t!("metering-utility-by-sheet")}</option>
                        {utilities}
                    </select>
                </label>
            </div>
            {FilePick::workbook(t!("metering-choose-file"))
                .help(t!("metering-import-what"))
                .kept(state::kept())
                .show(move |file| wizard.read(file.name, file.bytes))}
            {move || wizard.busy.get().then(|| view! { <p role="status" class="text-base text-ink-2">{t!("metering-reading-file")}</p> })}
            {move || wizard.problem.get().map(|problem| problem_note(&problem))}
        </div>
    }
    .into_any()
}

fn preview_step(wizard: Wizard) -> AnyView {
    let body = move || {
        wizard.preview.get().map(|preview| {
            let rail = rail(&preview);
            view! {
                {summary(wizard, &preview)}
                <div class="wizard-cols flex-1">
                    <div class="min-w-0 pb-6">
                        {dropped_note(wizard, &preview)}
                        {bad_section(wizard, &preview)}
                        {odd_section(wizard, &preview)}
                        {(preview.bad == 0 && preview.odd == 0)
                            .then(|| {
                                view! {
                                    <p class="flex items-center gap-2 px-6 py-6 text-base max-sm:px-4">
                                        {icon_sized(icons::CIRCLE_CHECK, 16, "text-success")} {t!("metering-all-good")}
                                    </p>
                                }
                            })}
                    </div>
                    <aside class="px-6 pt-4 pb-6 max-sm:px-4">{rail}</aside>
                </div>
            }
        })
    };
    view! {
        <div class="flex flex-1 flex-col" aria-busy=move || wizard.busy.get().to_string()>{body}</div>
        {foot(wizard)}
    }
    .into_any()
}

/// The file, and the counts as an equation.
fn summary(wizard: Wizard, preview: &Preview) -> AnyView {
    let sheets = preview
        .sheets
        .iter()
        .filter(|sheet| sheet.problem.is_none())
        .map(|sheet| t!("metering-sheet-of", name = sheet_name(sheet), count = count(sheet.rows)))
        .collect::<Vec<_>>()
        .join(&t!("metering-comma"));
    let days = match (preview.first_day, preview.last_day) {
        (Some(first), Some(last)) if first == last => t!("metering-day-one", day = first),
        (Some(first), Some(last)) => t!("metering-days", first = first, last = last),
        _ => String::new(),
    };
    let terms = vec![
        Term::count("", t!("metering-read-rows"), preview.read).class("font-semibold"),
        Term::count("=", t!("metering-ready-rows"), preview.ready).class("font-semibold"),
        Term::count("+", t!("metering-odd-rows"), preview.odd).class(if preview.odd > 0 {
            "font-semibold text-warning"
        } else {
            "font-semibold text-ink-3"
        }),
        Term::count("+", t!("metering-bad-rows"), preview.bad).class(if preview.bad > 0 {
            "font-semibold text-error"
        } else {
            "font-semibold text-ink-3"
        }),
    ];
    view! {
        <div class="flex flex-wrap items-center gap-x-8 gap-y-3 border-y border-line px-6 py-3 max-sm:px-4">
            <div class="flex min-w-0 items-center gap-3 text-sm">
                {icon_sized(icons::FILE_TEXT, 24, "text-ink-2")}
                <div class="min-w-0 leading-5"><div class="truncate font-semibold">{wizard.file_name.get_untracked()}</div><div class="text-xs text-ink-2">{sheets}{days}</div></div>
            </div>
            <div class="ml-auto max-sm:ml-0">{equation(terms)}</div>
        </div>
    }
    .into_any()
}

/// Back, why one can't go on, and the deed.
fn foot(wizard: Wizard) -> AnyView {
    let rows = move || wizard.preview.with(|preview| preview.as_ref().map_or(0, |preview| preview.ready + preview.odd));
    let bad = move || wizard.preview.with(|preview| preview.as_ref().map_or(0, |preview| preview.bad));
    let may = move || bad() == 0 && rows() > 0 && !wizard.busy.get();
    view! {
        {move || wizard.problem.get().map(|problem| {
            let rows = problem.fields.iter().take(5).map(|field| view! { <li>{field.args.get("meter").cloned()} " " {text::of_field(field)}</li> }).collect_view();
            view! { <div class="px-6 pb-3 max-sm:px-4">{problem_note(&problem)} <ul class="mt-1 list-inside list-disc text-sm">{rows}</ul></div> }
        })}
        {Foot::new()
            .back(move || wizard.step.set(Step::Columns))
            .kept(t!("metering-nothing-sent"))
            .why_not(move || (bad() > 0).then(|| t!("metering-bad-left", count = bad())))
            .deeds(view! {
                <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (!may()).to_string()
                    on:click=move |_| { if may() { wizard.import(); } }>
                    {move || t!("metering-import-rows", count = count(rows()))}
                </button>
            })
            .show()}
    }
    .into_any()
}

/// What came of it, and where to go on.
fn done_step(wizard: Wizard) -> AnyView {
    let Some(done) = wizard.done.get_untracked() else { return ().into_any() };
    let month = done.month;
    let number = |number: u64| count(i64::try_from(number).unwrap_or(i64::MAX));
    let read = wizard.preview.with_untracked(|preview| {
        preview.iter().flat_map(|preview| &preview.comparisons).map(|both| both.utility).collect::<Vec<_>>()
    });
    view! {
        <div class="border-t border-line px-6 py-8 max-sm:px-4">
            <p class="flex items-center gap-2 text-lg font-semibold">{icon_sized(icons::CIRCLE_CHECK, 24, "text-success")} {t!("metering-imported", count = number(done.readings))}</p>
            <ul class="mt-3 flex flex-col gap-1 text-base text-ink-2">
                <li>{t!("metering-imported-month", month = month, file = done.file_name)}</li>
                {(done.baselines > 0).then(|| view! { <li>{t!("metering-imported-baselines", count = number(done.baselines))}</li> })}
                {(done.review > 0).then(|| view! { <li>{t!("metering-imported-review", count = number(done.review))} " " <a class="a" href=format!("/metering/readings?month={month}&state=review")>{t!("metering-look")}</a></li> })}
            </ul>
            <div class="mt-6 flex flex-wrap gap-2">
                {link_button(icons::GAUGE, t!("metering-to-readings"), format!("/metering/readings?month={month}"))}
                {bills_of(month, read).map(|bills| link_button(icons::FILE_PLUS, t!("billing-generate"), bills))}
                {primary_link(icons::SPLIT, t!("metering-to-apportion"), format!("/metering/apportion/new?month={month}"))}
            </div>
        </div>
    }
    .into_any()
}

fn of_cell(code: &str, args: &Args) -> String {
    text::of_field(&FieldProblem { field: String::new(), code: code.to_owned(), args: args.clone() })
}

fn sheet_name(sheet: &SheetFound) -> String {
    if sheet.name.is_empty() { t!("metering-sheet") } else { sheet.name.clone() }
}
