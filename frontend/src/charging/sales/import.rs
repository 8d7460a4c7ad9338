//! The sales of a workbook: choose → every problem by cell → import.

use common::charging::api::ImportSales;
use common::charging::import_sales::Checked;
use common::id::SalesImportId;
use common::period::Month;
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::super::errands::ReadSales;
use super::last_month_or;
use crate::kit::{
    ChosenFile, Deed, FilePick, Foot, Header, Kept, Query, Term, cards, cell_problems, count, equation, go_with_router, icon,
    icons, money, month_picker, refused_cells, toast,
};
use crate::{session, t, worker};

/// The page.
pub(in crate::charging) fn page() -> AnyView {
    let (go, query) = (go_with_router(), Query::here());
    let month = last_month_or(query);
    let busy = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Checked>);
    let problem = RwSignal::new(None::<Problem>);
    let import = StoredValue::new(SalesImportId(Uuid::now_v7()));
    let deed = Deed::new();
    let read = move |file: ChosenFile| {
        name.set(file.name);
        problem.set(None);
        busy.set(true);
        import.set_value(SalesImportId(Uuid::now_v7()));
        let errand = ReadSales { file: file.bytes, month: month.get_untracked(), this: Month::of(session::today()) };
        spawn_local(async move {
            let result = worker::ask(errand, |_| ()).await;
            busy.try_set(false);
            match result {
                Ok(checked) => drop(found.try_set(Some(checked))),
                Err(why) => drop(problem.try_set(Some(why))),
            }
        });
    };
    let send = move || {
        let rows = found.with_untracked(|found| found.as_ref().map(|found| found.rows.clone()).unwrap_or_default());
        let (go, back) = (go.clone(), format!("/charging/sales?month={}", month.get_untracked()));
        let ask =
            ImportSales { community: session::community(), import: import.get_value(), file_name: name.get_untracked(), rows };
        deed.run_or(
            ask,
            move |done| {
                kept().forget();
                toast(t!("charging-sales-imported", new = done.new, changed = done.changed, same = done.same));
                go(&back);
            },
            |_| (),
        );
    };
    let send = StoredValue::new_local(send);
    let template = move || {
        let (community, language) = (session::community(), session::language().tag());
        format!("/api/charging/sales/template?community={community}&month={}&language={language}", month.get())
    };
    view! {
        {Header::new(t!("charging-sales-import"))
            .crumb(t!("charging-sales"), "/charging/sales")
            .beside(month_picker(query, month))
            .actions(view! { <a class="btn btn-sm" href=template download="" rel="external">{icon(icons::FILE_DOWN)} {t!("charging-sales-template")}</a> })
            .show()}
        <div class="grid gap-4 border-t border-line px-6 py-6 max-sm:px-4">
            {FilePick::workbook(t!("charging-sales-choose")).help(t!("charging-sales-import-what")).kept(kept()).show(read)}
            {move || busy.get().then(|| view! { <p role="status" class="text-base text-ink-2">{t!("charging-sales-reading")}</p> })}
            {move || problem.get().or_else(|| deed.problem()).map(|problem| refused_cells(&problem))}
        </div>
        {move || found.get().map(|found| {
            let total = found.total;
            let ready = total == 0 && !found.rows.is_empty();
            view! {
                {preview(&found)}
                {Foot::new()
                    .kept(move || name.get())
                    .why_not(move || (total > 0).then(|| t!("charging-sales-bad-left", total = total)))
                    .deeds(view! {
                        <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (!ready || deed.busy()).to_string()
                            on:click=move |_| { if ready { send.with_value(|send| send()); } }>
                            {t!("charging-sales-import-rows", count = count(found.rows.len()))}
                        </button>
                    })
                    .show()}
            }
        })}
    }
    .into_any()
}

/// The file that was chosen, until it is brought in.
fn kept() -> Kept {
    Kept::of("sales-import", session::community())
}

fn preview(found: &Checked) -> AnyView {
    let rows = found
        .rows
        .iter()
        .take(200)
        .map(|row| {
            view! {
                <tr>
                    <td class="whitespace-nowrap">{row.unit.clone()}</td>
                    <td>{row.month.to_string()}</td>
                    <td class="num">{money(row.sales_fen)}</td>
                </tr>
            }
        })
        .collect_view();
    let (bad, blank) = (found.total, found.blank);
    let terms = vec![
        Term::count("", t!("charging-sales-have"), found.rows.len()).class("font-semibold"),
        Term::count("·", t!("charging-sales-bad"), bad).class(if bad > 0 { "font-semibold text-error" } else { "text-ink-3" }),
    ];
    view! {
        <div class="flex flex-wrap items-center gap-x-6 border-y border-line px-6 py-3 max-sm:px-4">
            {equation(terms)}
            {(blank > 0).then(|| view! { <span class="text-sm text-ink-2">{t!("charging-sales-blank", count = blank)}</span> })}
        </div>
        {cell_problems(&found.problems)}
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <thead>
                    <tr>
                        <th scope="col">{t!("charging-sales-unit-code")}</th>
                        <th scope="col">{t!("charging-sales-month")}</th>
                        <th scope="col" class="num">{t!("charging-sales")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}
    }
    .into_any()
}
