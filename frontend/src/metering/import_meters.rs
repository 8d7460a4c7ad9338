//! Putting up the meters of a workbook: choose → every problem by cell → import.

use common::id::ReadingImportId;
use common::metering::api::ImportMeters;
use common::metering::import_meters::Checked;
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::errands::ReadMeters;
use super::{role_name, utility_name};
use crate::kit::{
    ChosenFile, Deed, FilePick, Foot, Header, Kept, Term, cards, cell_problems, count, equation, go_with_router, icon, icons,
    refused_cells, toast,
};
use crate::{session, t, worker};

/// The page.
pub(super) fn page() -> AnyView {
    let go = go_with_router();
    let busy = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Checked>);
    let problem = RwSignal::new(None::<Problem>);
    let import = StoredValue::new(ReadingImportId(Uuid::now_v7()));
    let deed = Deed::new();
    let read = move |file: ChosenFile| {
        name.set(file.name);
        problem.set(None);
        busy.set(true);
        import.set_value(ReadingImportId(Uuid::now_v7()));
        spawn_local(async move {
            let result = worker::ask(ReadMeters { file: file.bytes }, |_| ()).await;
            busy.try_set(false);
            match result {
                Ok(checked) => drop(found.try_set(Some(checked))),
                Err(why) => drop(problem.try_set(Some(why))),
            }
        });
    };
    let send = move || {
        let rows = found.with_untracked(|found| found.as_ref().map(|found| found.rows.clone()).unwrap_or_default());
        let go = go.clone();
        let ask =
            ImportMeters { community: session::community(), import: import.get_value(), file_name: name.get_untracked(), rows };
        deed.run_or(
            ask,
            move |done| {
                kept().forget();
                toast(t!("metering-defined", made = count(i64::try_from(done.made).unwrap_or(0)), kept = done.kept));
                go("/metering/meters");
            },
            |_| (),
        );
    };
    let send = StoredValue::new_local(send);
    let template = format!("/api/metering/meters/template?language={}", session::language().tag());
    view! {
        {Header::new(t!("metering-import-meters"))
            .actions(view! { <a class="btn btn-sm" href=template download="" rel="external">{icon(icons::FILE_DOWN)} {t!("metering-meters-template")}</a> })
            .show()}
        <div class="grid gap-4 border-t border-line px-6 py-6 max-sm:px-4">
            {FilePick::workbook(t!("metering-choose-meters-file")).help(t!("metering-import-meters-what")).kept(kept()).show(read)}
            {move || busy.get().then(|| view! { <p role="status" class="text-base text-ink-2">{t!("metering-reading-file")}</p> })}
            {move || problem.get().or_else(|| deed.problem()).map(|problem| refused_cells(&problem))}
        </div>
        {move || found.get().map(|found| {
            let total = found.total;
            let ready = total == 0 && !found.rows.is_empty();
            view! {
                {preview(&found)}
                {Foot::new()
                    .kept(move || name.get())
                    .why_not(move || (total > 0).then(|| t!("metering-bad-left", count = total)))
                    .deeds(view! {
                        <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (!ready || deed.busy()).to_string()
                            on:click=move |_| { if ready { send.with_value(|send| send()); } }>
                            {t!("metering-import-rows", count = count(found.rows.len()))}
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
    Kept::of("meter-import", session::community())
}

fn preview(found: &Checked) -> AnyView {
    let rows = found
        .rows
        .iter()
        .take(50)
        .map(|row| {
            view! {
                <tr>
                    <td class="whitespace-nowrap">{row.code.clone()}</td>
                    <td>{utility_name(row.utility)}</td>
                    <td>{role_name(row.role)}</td>
                    <td>{row.unit.clone().unwrap_or_else(|| row.place.clone())}</td>
                    <td>{row.parent.clone()}</td>
                    <td>{row.fee_item.clone()}</td>
                    <td class="num">{row.multiplier.to_string()}</td>
                    <td class="num">{row.first.map(|first| first.value.to_string())}</td>
                </tr>
            }
        })
        .collect_view();
    let bad = found.total;
    let terms = vec![
        Term::count("", t!("metering-meters"), found.rows.len()).class("font-semibold"),
        Term::count("·", t!("metering-bad-rows"), bad).class(if bad > 0 { "font-semibold text-error" } else { "text-ink-3" }),
    ];
    view! {
        <div class="border-y border-line px-6 py-3 max-sm:px-4">{equation(terms)}</div>
        {cell_problems(&found.problems)}
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-code")}</th><th scope="col">{t!("metering-utility")}</th><th scope="col">{t!("metering-role")}</th>
                        <th scope="col">{t!("metering-whereabouts")}</th><th scope="col">{t!("metering-parent")}</th><th scope="col">{t!("metering-fee-item")}</th>
                        <th scope="col" class="num">{t!("metering-multiplier")}</th><th scope="col" class="num">{t!("metering-first")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}
    }
    .into_any()
}
