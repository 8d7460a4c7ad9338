//! What a workbook says before it is sent: its columns, its problems by cell, its first units.

use common::id::FieldId;
use common::problem::Args;
use common::sheet::CellProblem;
use leptos::prelude::*;

use super::errands::{SampleUnit, Summary};
use super::import::Wizard;
use super::{kind_name, unit_state};
use crate::kit::{button, count, dash, icons, section, text_or_dash};
use crate::{session, t};

/// Which columns were understood, sheet by sheet.
pub(super) fn checked_columns(summary: &Summary) -> AnyView {
    let sheets = summary
        .sheets
        .iter()
        .map(|sheet| {
            let rows = sheet
                .columns
                .iter()
                .map(|column| {
                    let own = column.key.parse::<FieldId>().is_ok();
                    let meaning = if own { t!("estate-fields") } else { t!(format!("estate-column-{}", column.key).as_str()) };
                    view! {
                        <tr>
                            <td class="text-ink-2">{column.at.clone()}</td>
                            <td>{column.header.clone()}</td>
                            <td class="font-semibold">{meaning}</td>
                        </tr>
                    }
                })
                .collect_view();
            let ignored = (!sheet.ignored.is_empty()).then(|| {
                view! { <p class="mt-2 text-sm text-ink-2">{t!("estate-ignored", columns = sheet.ignored.join(&t!("kit-comma")))}</p> }
            });
            let title = if sheet.sheet.is_empty() { t!("estate-the-sheet") } else { sheet.sheet.clone() };
            let beside = view! { <span class="count font-normal">{t!("estate-sheet-rows", count = count(sheet.rows))}</span> };
            let table = view! {
                <table class="table table-sm">
                    <thead>
                        <tr>
                            <th scope="col" class="w-40">{t!("estate-cell")}</th>
                            <th scope="col">{t!("estate-header")}</th>
                            <th scope="col">{t!("estate-meaning")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                {ignored}
            };
            section(title, beside, table)
        })
        .collect_view();
    let header = summary.sheets.is_empty().then(|| problems(summary.problems.clone(), summary.problem_count, None));
    view! { {header} <div class="grid grid-cols-2 max-xl:grid-cols-1">{sheets}</div> }.into_any()
}

/// Problems by cell, then the first units.
pub(super) fn preview(wizard: Wizard) -> AnyView {
    let bad = move || {
        let summary = wizard.summary.get().unwrap_or_default();
        let mut list = summary.problems;
        let told = wizard.told().into_iter();
        list.extend(told.map(|told| CellProblem { at: told.field, code: told.code, args: told.args, value: String::new() }));
        let total = wizard.in_the_way();
        (total > 0).then(|| problems(list, total, Some(wizard)))
    };
    let good = move || {
        let summary = wizard.summary.get().unwrap_or_default();
        (!summary.sample.is_empty()).then(|| sample(&summary))
    };
    view! { <div class="flex-1">{bad} {good}</div> }.into_any()
}

fn problems(list: Vec<CellProblem>, total: u64, wizard: Option<Wizard>) -> AnyView {
    let language = session::language();
    let shown = list.len();
    let rows = list
        .into_iter()
        .map(|problem| {
            let CellProblem { at, code, args, value } = problem;
            view! {
                <tr>
                    <td class="font-semibold whitespace-nowrap text-primary">{at}</td>
                    <td data-label=t!("estate-written")>{written(value)}</td>
                    <td class="list-wide" data-label=t!("estate-problem")>{said(language, &code, &args)}</td>
                </tr>
            }
        })
        .collect_view();
    let beside = view! {
        <span class="count font-normal">{count(total)}</span>
        <span class="text-sm text-ink-2">{t!("estate-problems-help")}</span>
        {wizard.map(|wizard| view! { <div class="ml-auto">{button(icons::DOWNLOAD, t!("estate-marked"), move || wizard.save_marked())}</div> })}
    };
    let rest = (u64::try_from(shown).unwrap_or(0) < total)
        .then(|| view! { <p class="mt-2 text-sm text-ink-2">{t!("estate-problems-more", shown = count(i64::try_from(shown).unwrap_or(0)), total = count(total))}</p> });
    let table = view! {
        <div class="overflow-x-auto max-sm:-mx-4">
            <table class="table list" style="--table-edge:0.75rem">
                <thead>
                    <tr>
                        <th scope="col" class="w-48">{t!("estate-cell")}</th>
                        <th scope="col">{t!("estate-written")}</th>
                        <th scope="col">{t!("estate-problem")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {rest}
    };
    section(t!("estate-problems"), beside, table)
}

fn written(value: String) -> AnyView {
    if value.is_empty() { dash() } else { view! { <span class="badge badge-error">{value}</span> }.into_any() }
}

fn said(language: common::text::Language, code: &str, args: &Args) -> String {
    common::text::of_code(language, code, args)
}

fn sample(summary: &Summary) -> AnyView {
    let rows = summary
        .sample
        .iter()
        .cloned()
        .map(|unit| {
            let SampleUnit { at, label, kind, state, area, people } = unit;
            view! {
                <tr>
                    <td class="text-ink-2">{at}</td>
                    <td class="font-semibold" data-label=t!("estate-unit")>{label}</td>
                    <td data-label=t!("estate-column-kind")>{kind_name(kind)}</td>
                    <td data-label=t!("estate-column-state")>{unit_state(state)}</td>
                    <td class="num" data-label=t!("estate-area")>{area.map_or_else(dash, |area| area.to_string().into_any())}</td>
                    <td data-label=t!("residents-people")>{text_or_dash((!people.is_empty()).then(|| people.join(&t!("kit-comma"))))}</td>
                </tr>
            }
        })
        .collect_view();
    let first = summary.sample.len();
    let beside = view! { <span class="text-sm text-ink-2">{t!("estate-first-of", first = first, total = count(i64::try_from(summary.units).unwrap_or(0)))}</span> };
    let table = view! {
        <div class="overflow-x-auto max-sm:-mx-4">
            <table class="table list" style="--table-edge:0.75rem">
                <thead>
                    <tr>
                        <th scope="col">{t!("estate-cell")}</th>
                        <th scope="col">{t!("estate-unit")}</th>
                        <th scope="col">{t!("estate-column-kind")}</th>
                        <th scope="col">{t!("estate-column-state")}</th>
                        <th scope="col" class="num">{t!("estate-area")}</th>
                        <th scope="col">{t!("residents-people")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    section(t!("estate-will-be"), beside, table)
}
