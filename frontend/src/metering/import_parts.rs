//! The parts of the import wizard: steps, counts, errors by cell with their cures, oddities with their past, the foot.

use common::metering::import::{BadRow, Cure, Field, OddRow, Preview, SheetFound};
use common::problem::FieldProblem;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::chart::sparkline;
use super::import::{Step, Wizard};
use super::{figure, figure_or_dash, utility_name};
use crate::kit::{Term, button, count, equation, icon, icon_sized, icons, mark, primary_link, problem_note};
use crate::{session, t, text};

/// The steps beside the title.
pub(super) fn head(wizard: Wizard) -> AnyView {
    let steps = [(Step::Choose, "choose"), (Step::Columns, "columns"), (Step::Preview, "preview"), (Step::Done, "done")];
    let steps = (1..)
        .zip(steps)
        .map(|(number, (step, word))| {
            let now = wizard.step;
            let title = t!(&format!("metering-step-{word}"));
            let ball = move || match now.get() {
                at if at > step || (at == Step::Done && step == Step::Done) => {
                    view! { <span class="grid size-6 place-items-center rounded-full bg-pick text-primary">{icon_sized(icons::CHECK, 14, "")}</span> }.into_any()
                }
                at if at == step => {
                    view! { <span class="grid size-6 place-items-center rounded-full bg-primary text-xs font-semibold text-primary-content">{number}</span> }.into_any()
                }
                _ => view! { <span class="grid size-6 place-items-center rounded-full border border-control text-xs">{number}</span> }.into_any(),
            };
            view! {
                {(number > 1).then(|| view! { <li aria-hidden="true" class="h-px w-12 bg-rule max-lg:w-4"></li> })}
                <li
                    class="flex items-center gap-2 text-sm"
                    class:text-ink-2=move || now.get() < step
                    aria-current=move || (now.get() == step).then_some("step")
                >
                    {ball}
                    <span class=move || if now.get() == step { "font-semibold" } else { "max-sm:sr-only" }>{title}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="ml-6 flex items-center gap-3 max-sm:ml-0 max-sm:gap-2">{steps}</ol> }.into_any()
}

/// Where a file is dropped or chosen.
pub(super) fn drop_zone(busy: RwSignal<bool>, take: impl Fn(String, Vec<u8>) + Copy + 'static) -> AnyView {
    let over = RwSignal::new(false);
    let read = move |files: Option<web_sys::FileList>| {
        let Some(file) = files.and_then(|files| files.get(0)) else { return };
        busy.set(true);
        spawn_local(async move {
            let name = file.name();
            let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await;
            if let Ok(buffer) = buffer {
                take(name, js_sys::Uint8Array::new(&buffer).to_vec());
            }
        });
    };
    view! {
        <label
            class="grid cursor-pointer place-items-center rounded-field border border-dashed px-4 py-12 text-center focus-within:outline-2 focus-within:outline-primary"
            class=("border-primary", move || over.get())
            class=("bg-pick", move || over.get())
            class=("border-rule", move || !over.get())
            on:dragover=move |event| { event.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                read(event.data_transfer().and_then(|data| data.files()));
            }
        >
            <input type="file" class="sr-only" accept=".xlsx,.csv,.txt" aria-label=t!("metering-choose-file") prop:disabled=move || busy.get()
                on:change=move |event| {
                    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
                    if let Some(input) = input {
                        read(input.files());
                        // The same file may be chosen again after it was mended.
                        input.set_value("");
                    }
                } />
            <span class="grid size-12 place-items-center rounded-box bg-pick text-primary">{icon_sized(icons::FILE_SPREADSHEET, 24, "")}</span>
            <span class="mt-3 text-lg font-semibold">{move || if busy.get() { t!("metering-reading-file") } else { t!("metering-choose-file") }}</span>
            <span class="mt-1 text-sm text-ink-2">{t!("metering-choose-file-what")}</span>
        </label>
    }
    .into_any()
}

/// The second step: what was understood of each sheet.
pub(super) fn columns_step(wizard: Wizard) -> AnyView {
    let sheets =
        move || wizard.preview.with(|preview| preview.as_ref().map(|preview| preview.sheets.iter().map(sheet).collect_view()));
    let readable = move || {
        wizard
            .preview
            .with(|preview| preview.as_ref().is_some_and(|preview| preview.sheets.iter().any(|sheet| sheet.problem.is_none())))
    };
    view! {
        <div class="flex-1 border-t border-line pb-6">{sheets}</div>
        <footer class="wizard-foot">
            {button(icons::ARROW_LEFT, t!("metering-back"), move || wizard.step.set(Step::Choose))}
            <span class="label-xs min-w-0 truncate">{move || wizard.file_name.get()}</span>
            <span class="ml-auto"></span>
            {move || (!readable()).then(|| view! { <span class="text-sm text-error">{t!("metering-no-sheet-readable")}</span> })}
            <button type="button" class="btn btn-sm btn-primary" prop:disabled=move || !readable() on:click=move |_| wizard.step.set(Step::Preview)>
                {t!("metering-to-preview")}
            </button>
        </footer>
    }
    .into_any()
}

fn sheet(sheet: &SheetFound) -> AnyView {
    let name = if sheet.name.is_empty() { t!("metering-sheet") } else { sheet.name.clone() };
    if let Some(problem) = &sheet.problem {
        return view! {
            <section class="px-6 pt-4 max-sm:px-4">
                <h2 class="text-lg font-semibold text-ink-2">{name}</h2>
                <p class="mt-1 text-sm text-ink-2">{t!("metering-sheet-skipped")} " " {of_cell(&problem.code, &problem.args)}</p>
            </section>
        }
        .into_any();
    }
    let heads = sheet
        .columns
        .iter()
        .map(|column| {
            let known = t!(&format!("metering-column-{}", column.key.replace('_', "-")));
            view! { <th scope="col"><div class="font-semibold text-ink">{known}</div><div>{column.header.clone()} " " <span class="text-ink-3">{column.at.clone()}</span></div></th> }
        })
        .collect_view();
    let rows = sheet
        .sample
        .iter()
        .map(|row| view! { <tr>{row.iter().map(|cell| view! { <td class="whitespace-nowrap">{cell.clone()}</td> }).collect_view()}</tr> })
        .collect_view();
    let ignored = (!sheet.ignored.is_empty()).then(|| t!("metering-ignored", columns = sheet.ignored.join("、")));
    view! {
        <section class="pt-4">
            <h2 class="flex items-baseline gap-2 px-6 text-lg font-semibold max-sm:px-4">
                {name} <span class="label-xs font-normal">{t!("metering-sheet-rows", count = count(sheet.rows))}</span>
                {sheet.utility.map(|utility| mark(utility_name(utility), ""))}
            </h2>
            <div class="mt-2 overflow-x-auto">
                <table class="table table-wrap" style="--table-edge:1.5rem"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
            </div>
            {ignored.map(|ignored| view! { <p class="label-xs px-6 pt-2 max-sm:px-4">{ignored}</p> })}
        </section>
    }
    .into_any()
}

fn of_cell(code: &str, args: &common::problem::Args) -> String {
    text::of_field(&FieldProblem { field: String::new(), code: code.to_owned(), args: args.clone() })
}

/// The file, and the counts as an equation.
pub(super) fn summary(wizard: Wizard, preview: &Preview) -> AnyView {
    let sheets = preview
        .sheets
        .iter()
        .filter(|sheet| sheet.problem.is_none())
        .map(|sheet| {
            let name = if sheet.name.is_empty() { t!("metering-sheet") } else { sheet.name.clone() };
            t!("metering-sheet-of", name = name, count = count(sheet.rows))
        })
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

/// Rows that were left out, with the way back.
pub(super) fn dropped_note(wizard: Wizard, preview: &Preview) -> AnyView {
    let dropped = preview.dropped;
    (dropped > 0)
        .then(|| {
            view! {
                <p class="flex items-center gap-2 px-6 pt-3 text-sm text-ink-2 max-sm:px-4">
                    {t!("metering-dropped", count = dropped)}
                    <button type="button" class="btn btn-xs" on:click=move |_| wizard.mend(|cures| cures.dropped.clear())>{t!("metering-undrop")}</button>
                </p>
            }
        })
        .into_any()
}

/// Errors by cell, each with its cure in the row.
pub(super) fn bad_section(wizard: Wizard, preview: &Preview) -> AnyView {
    if preview.bad == 0 {
        return ().into_any();
    }
    let total = preview.bad;
    let listed = preview.bad_rows.len();
    let all: Vec<_> = preview.bad_rows.iter().map(|row| row.at).collect();
    let rows = preview.bad_rows.iter().map(|row| bad_row(wizard, row)).collect_view();
    let more = usize::try_from(total).unwrap_or(0).saturating_sub(listed);
    view! {
        <section class="pt-4" aria-labelledby="bad-rows">
            <div class="flex min-h-8 flex-wrap items-center gap-2 px-6 max-sm:px-4">
                <h2 id="bad-rows" class="text-lg font-semibold">{t!("metering-bad")}</h2>
                <span class="count">{count(total)}</span>
                <span class="label-xs ml-1">{t!("metering-bad-what", count = total)}</span>
                <div class="ml-auto flex flex-wrap gap-2">
                    <button type="button" class="btn btn-ghost btn-sm" on:click=move |_| { let all = all.clone(); wizard.mend(move |cures| cures.dropped.extend(all)); }>
                        {t!("metering-drop-all", count = listed)}
                    </button>
                    {remarks_button(wizard)}
                </div>
            </div>
            <div class="mt-2 overflow-x-auto">
                <table class="table cards-sm" style="--table-edge:1.5rem">
                    <caption class="sr-only">{t!("metering-bad")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("metering-cell")}</th>
                            <th scope="col">{t!("metering-whereabouts")}</th>
                            <th scope="col">{t!("metering-in-sheet")}</th>
                            <th scope="col">{t!("metering-problem")}</th>
                            <th scope="col">{t!("metering-change-to")}</th>
                            <th scope="col"><span class="sr-only">{t!("metering-drop")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(more > 0).then(|| view! { <p class="px-6 pt-2 text-sm text-ink-2 max-sm:px-4">{t!("metering-more-rows", count = count(more))}</p> })}
        </section>
    }
    .into_any()
}

/// The same workbook with what is wrong, to mend it there.
fn remarks_button(wizard: Wizard) -> AnyView {
    let busy = RwSignal::new(false);
    let fetch = move |_| {
        busy.set(true);
        let options = wizard.options();
        let utility = options.utility.map(|utility| format!("&utility={}", utility.word())).unwrap_or_default();
        let address = format!(
            "/api/metering/readings/remarks?community={}&month={}&day={}&language={}{utility}",
            session::community(),
            options.month,
            options.day,
            session::language().tag()
        );
        let (name, bytes) = (wizard.file_name.get_untracked(), wizard.bytes.get_value());
        spawn_local(async move {
            super::import_rail::save_reply(&address, bytes, &name).await;
            busy.try_set(false);
        });
    };
    view! { <button type="button" class="btn btn-sm" prop:disabled=move || busy.get() on:click=fetch>{icon(icons::DOWNLOAD)} {t!("metering-remarks")}</button> }.into_any()
}

fn bad_row(wizard: Wizard, row: &BadRow) -> AnyView {
    let at = row.at;
    let cell = row.problem.at.clone();
    let shown = (!row.problem.value.is_empty()).then(
        || view! { <span class="rounded-selector bg-error/10 px-1.5 py-0.5 text-error">{row.problem.value.clone()}</span> },
    );
    let label = if row.label.is_empty() { "–".to_owned() } else { row.label.clone() };
    view! {
        <tr>
            <td class="whitespace-nowrap text-primary">{cell.clone()}</td>
            <td class="whitespace-nowrap">{label}</td>
            <td class="whitespace-nowrap">{shown}</td>
            <td class="min-w-48 max-sm:basis-full">{of_cell(&row.problem.code, &row.problem.args)}</td>
            <td class="whitespace-nowrap">{cure(wizard, row)}</td>
            <td class="num">
                <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=t!("metering-drop-row", cell = cell) title=t!("metering-drop")
                    on:click=move |_| wizard.mend(move |cures| cures.dropped.push(at))>
                    {icon_sized(icons::X, 14, "")}
                </button>
            </td>
        </tr>
    }
    .into_any()
}

fn cure(wizard: Wizard, row: &BadRow) -> AnyView {
    let at = row.at;
    match row.cure.clone() {
        Cure::Drop => ().into_any(),
        Cure::Write { field, suggestion } => write_field(wizard, row, field, suggestion),
        Cure::WriteOrRoll { suggestion } => view! {
            {write_field(wizard, row, Field::Value, suggestion)}
            <button type="button" class="btn btn-xs ml-1" on:click=move |_| wizard.mend(move |cures| cures.rolled.push(at))>{t!("metering-mark-rolled")}</button>
        }
        .into_any(),
        Cure::Use { field, code } => {
            let used = code.clone();
            view! { <button type="button" class="btn btn-xs" on:click=move |_| wizard.write(at, field, used.clone())>{t!("metering-use", code = code)}</button> }.into_any()
        }
        Cure::KeepOne { other } => view! {
            <button type="button" class="btn btn-xs" on:click=move |_| wizard.mend(move |cures| cures.dropped.push(at))>{t!("metering-keep-row", row = other.row)}</button>
            <button type="button" class="btn btn-xs ml-1" on:click=move |_| wizard.mend(move |cures| cures.dropped.push(other))>{t!("metering-keep-row", row = at.row)}</button>
        }
        .into_any(),
    }
}

fn write_field(wizard: Wizard, row: &BadRow, field: Field, suggestion: String) -> AnyView {
    let at = row.at;
    let typed = RwSignal::new(suggestion);
    let wide = match field {
        Field::Value => "input input-xs w-24 text-right",
        Field::Day => "input input-xs w-28",
        Field::Code | Field::Unit => "input input-xs w-40",
    };
    let hint = match field {
        Field::Value => t!("metering-present"),
        Field::Day => t!("metering-day"),
        Field::Code => t!("metering-code"),
        Field::Unit => t!("metering-whereabouts"),
    };
    let write = move || {
        let text = typed.get_untracked();
        if !text.trim().is_empty() {
            wizard.write(at, field, text);
        }
    };
    view! {
        <input class=wide autocomplete="off" inputmode=if field == Field::Value { "decimal" } else { "text" } placeholder=hint
            aria-label=t!("metering-change-cell", cell = row.problem.at)
            prop:value=move || typed.get()
            on:input=move |event| typed.set(event_target_value(&event))
            on:keydown=move |event: KeyboardEvent| { if event.key() == "Enter" { event.prevent_default(); write(); } } />
        <button type="button" class="btn btn-xs btn-square ml-1" title=t!("metering-apply") aria-label=t!("metering-apply-to", cell = row.problem.at) on:click=move |_| write()>
            {icon_sized(icons::CHECK, 12, "")}
        </button>
    }
    .into_any()
}

/// Readings unlike their meters' past.
pub(super) fn odd_section(wizard: Wizard, preview: &Preview) -> AnyView {
    if preview.odd == 0 {
        return ().into_any();
    }
    let total = preview.odd;
    let all: Vec<_> = preview.odd_rows.iter().map(|row| row.at).collect();
    let rows = preview.odd_rows.iter().map(|row| odd_row(wizard, row)).collect_view();
    let more = usize::try_from(total).unwrap_or(0).saturating_sub(preview.odd_rows.len());
    let every = all.clone();
    view! {
        <section class="pt-6" aria-labelledby="odd-rows">
            <div class="flex min-h-8 flex-wrap items-center gap-2 px-6 max-sm:px-4">
                <h2 id="odd-rows" class="text-lg font-semibold">{t!("metering-odd")}</h2>
                <span class="count">{count(total)}</span>
                <span class="label-xs ml-1">{t!("metering-odd-what")}</span>
                <div class="ml-auto flex flex-wrap gap-2">
                    <button type="button" class="btn btn-ghost btn-sm" on:click=move |_| { let all = every.clone(); wizard.mend(move |cures| cures.confirmed = all); }>{t!("metering-all-right", count = total)}</button>
                    <button type="button" class="btn btn-sm" on:click=move |_| wizard.mend(|cures| cures.confirmed.clear())>{t!("metering-all-review", count = total)}</button>
                </div>
            </div>
            <div class="mt-2 overflow-x-auto">
                <table class="table cards-sm" style="--table-edge:1.5rem">
                    <caption class="sr-only">{t!("metering-odd")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("metering-cell")}</th>
                            <th scope="col">{t!("metering-whereabouts")}</th>
                            <th scope="col">{t!("metering-twelve-months")}</th>
                            <th scope="col" class="num">{t!("metering-average")}</th>
                            <th scope="col" class="num">{t!("metering-this-time")}</th>
                            <th scope="col" class="num">{t!("metering-times")}</th>
                            <th scope="col">{t!("metering-case")}</th>
                            <th scope="col">{t!("metering-what-to-do")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(more > 0).then(|| view! { <p class="px-6 pt-2 text-sm text-ink-2 max-sm:px-4">{t!("metering-more-odd", count = count(more))}</p> })}
        </section>
    }
    .into_any()
}

fn odd_row(wizard: Wizard, row: &OddRow) -> AnyView {
    let (at, confirmed) = (row.at, row.confirmed);
    let tone = if confirmed { "" } else { "badge-warning" };
    let choice = |on: bool, word: String, deed: Box<dyn Fn()>| {
        let class = if on { "btn btn-xs join-item z-1 border-primary! bg-pick! text-primary!" } else { "btn btn-xs join-item" };
        view! {
            <button type="button" class=class role="radio" aria-checked=on.to_string() on:click=move |_| deed()>
                {on.then(|| icon_sized(icons::CHECK, 12, ""))} {word}
            </button>
        }
    };
    let right = choice(confirmed, t!("metering-right"), Box::new(move || wizard.mend(move |cures| cures.confirmed.push(at))));
    let review = choice(
        !confirmed,
        t!("metering-review"),
        Box::new(move || wizard.mend(move |cures| cures.confirmed.retain(|other| *other != at))),
    );
    view! {
        <tr>
            <td class="whitespace-nowrap text-primary">{row.cell.clone()}</td>
            <td class="whitespace-nowrap">{row.label.clone()}</td>
            <td>{sparkline(&row.past, row.usage)}</td>
            <td class="num text-ink-2">{figure_or_dash(row.average)}</td>
            <td class="num font-semibold">{figure(row.usage)}</td>
            <td class="num">{row.times.map(|times| format!("{times:.1}"))}</td>
            <td class="whitespace-nowrap">{mark(t!(&format!("metering-odd-{}", row.oddity.word())), tone)}</td>
            <td><div class="join" role="radiogroup" aria-label=row.cell.clone()>{right} {review}</div></td>
        </tr>
    }
    .into_any()
}

/// Back, why one can't go on, and the deed.
pub(super) fn foot(wizard: Wizard) -> AnyView {
    let rows = move || wizard.preview.with(|preview| preview.as_ref().map_or(0, |preview| preview.ready + preview.odd));
    let bad = move || wizard.preview.with(|preview| preview.as_ref().map_or(0, |preview| preview.bad));
    let may = move || bad() == 0 && rows() > 0 && !wizard.busy.get();
    view! {
        {move || wizard.problem.get().map(|problem| {
            let rows = problem.fields.iter().take(5).map(|field| view! { <li>{field.args.get("meter").cloned()} " " {text::of_field(field)}</li> }).collect_view();
            view! { <div class="px-6 pb-3 max-sm:px-4">{problem_note(&problem)} <ul class="mt-1 list-inside list-disc text-sm">{rows}</ul></div> }
        })}
        <footer class="wizard-foot">
            {button(icons::ARROW_LEFT, t!("metering-back"), move || wizard.step.set(Step::Columns))}
            <span class="label-xs max-sm:hidden">{t!("metering-nothing-sent")}</span>
            <span class="ml-auto"></span>
            {move || (bad() > 0).then(|| view! {
                <span class="flex items-center gap-2 text-sm text-error">{icon(icons::CIRCLE_ALERT)} {t!("metering-bad-left", count = bad())}</span>
            })}
            <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (!may()).to_string()
                on:click=move |_| { if may() { wizard.import(); } }>
                {move || t!("metering-import-rows", count = count(rows()))}
            </button>
        </footer>
    }
    .into_any()
}

/// What came of it, and where to go on.
pub(super) fn done_step(wizard: Wizard) -> AnyView {
    let Some(done) = wizard.done.get_untracked() else { return ().into_any() };
    let month = done.month;
    let number = |number: u64| count(i64::try_from(number).unwrap_or(i64::MAX));
    view! {
        <div class="border-t border-line px-6 py-8 max-sm:px-4">
            <p class="flex items-center gap-2 text-lg font-semibold">{icon_sized(icons::CIRCLE_CHECK, 24, "text-success")} {t!("metering-imported", count = number(done.readings))}</p>
            <ul class="mt-3 flex flex-col gap-1 text-base text-ink-2">
                <li>{t!("metering-imported-month", month = month, file = done.file_name)}</li>
                {(done.baselines > 0).then(|| view! { <li>{t!("metering-imported-baselines", count = number(done.baselines))}</li> })}
                {(done.review > 0).then(|| view! { <li>{t!("metering-imported-review", count = number(done.review))} " " <a class="a" href=format!("/metering/readings?month={month}&state=review")>{t!("metering-look")}</a></li> })}
            </ul>
            <div class="mt-6 flex flex-wrap gap-2">
                <a class="btn btn-sm" href=format!("/metering/readings?month={month}")>{t!("metering-to-readings")}</a>
                {primary_link(icons::SPLIT, t!("metering-to-apportion"), format!("/metering/apportion/new?month={month}"))}
            </div>
        </div>
    }
    .into_any()
}
