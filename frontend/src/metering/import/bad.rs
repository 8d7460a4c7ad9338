//! Errors by cell, each with its cure in the row.

use common::metering::import::{BadRow, Cure, Field, Preview};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::of_cell;
use super::state::Wizard;
use crate::kit::{count, icon, icon_sized, icons};
use crate::{session, t};

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
                            <th scope="col">{t!("kit-cell")}</th>
                            <th scope="col">{t!("metering-whereabouts")}</th>
                            <th scope="col">{t!("kit-in-sheet")}</th>
                            <th scope="col">{t!("kit-problem")}</th>
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
            super::remarks::save_reply(&address, bytes, &name).await;
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
