//! The second step: what was understood of each sheet.

use common::metering::import::SheetFound;
use leptos::prelude::*;

use super::state::{Step, Wizard};
use super::{of_cell, sheet_name};
use crate::kit::{Foot, count, mark};
use crate::metering::utility_name;
use crate::t;

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
        {Foot::new()
            .back(move || wizard.step.set(Step::Choose))
            .kept(move || wizard.file_name.get())
            .why_not(move || (!readable()).then(|| t!("metering-no-sheet-readable")))
            .deeds(view! {
                <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (!readable()).to_string()
                    on:click=move |_| { if readable() { wizard.step.set(Step::Preview); } }>
                    {t!("metering-to-preview")}
                </button>
            })
            .show()}
    }
    .into_any()
}

fn sheet(sheet: &SheetFound) -> AnyView {
    let name = sheet_name(sheet);
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
    let ignored = (!sheet.ignored.is_empty()).then(|| t!("metering-ignored", columns = sheet.ignored.join(&t!("kit-comma"))));
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
