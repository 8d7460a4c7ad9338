//! The readings of a month: how far the round is by building, and every reading.

use common::metering::api::{BuildingProgress, ConfirmReadings, ListReadings, Progress, ReadingRow, ReadingState, ShowProgress};
use common::period::Month;
use common::permission::Permission;
use leptos::prelude::*;

use super::{
    building_choices, estimated_mark, figure, figure_or_dash, mark_name, meter_kind, reading_state, role_name, roles, utilities,
    utility_name, whereabouts,
};
use crate::api::call;
use crate::kit::{
    Column, Deed, Empty, Filter, Header, List, Picked, Query, Reload, View, button, count, icon, icons, link_button, load,
    month_of, month_picker, primary_link, toast,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let month = month_of(query);
    let community = session::community();
    let reload = Reload::new();
    let may_write = session::may(Permission::MeteringWrite);
    let actions = move || {
        let month = month.get();
        let template =
            format!("/api/metering/readings/template?community={community}&month={month}&language={}", session::language().tag());
        view! {
            <a class="btn btn-sm" href=template download="" rel="external">{icon(icons::FILE_DOWN)} {t!("metering-template")}</a>
            {may_write.then(|| view! {
                {link_button(icons::PEN_LINE, t!("metering-enter"), format!("/metering/readings/enter?month={month}"))}
                {primary_link(icons::UPLOAD, t!("metering-import"), format!("/metering/readings/import?month={month}"))}
            })}
        }
    };
    let progress = load(
        move || {
            reload.track();
            call(ShowProgress { community, month: month.get(), utility: None })
        },
        5,
        move |progress| table(&progress, month.get_untracked()),
    );
    view! {
        {Header::new(t!("metering-readings")).beside(month_picker(query, month)).actions(actions).show()}
        <div class="border-t border-line">{progress}</div>
        {move || list(month.get(), reload, may_write)}
    }
    .into_any()
}

fn table(progress: &Progress, month: Month) -> AnyView {
    if progress.buildings.is_empty() {
        return ().into_any();
    }
    let lines = progress.buildings.iter().map(|line| row(line, month)).collect_view();
    view! {
        <div class="max-h-96 overflow-y-auto" tabindex="0" role="group" aria-label=t!("metering-progress")>
            <table class="table table-sm edge" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-progress")}</caption>
                <thead class="sticky top-0">
                    <tr>
                        <th scope="col">{t!("metering-building")}</th>
                        <th scope="col">{t!("metering-utility")}</th>
                        <th scope="col" class="w-64 max-sm:w-auto">{t!("metering-progress")}</th>
                        <th scope="col" class="num">{t!("metering-in-review")}</th>
                        <th scope="col" class="num max-sm:hidden">{t!("metering-billed")}</th>
                        <th scope="col" class="num max-sm:hidden">{t!("metering-usage-household")}</th>
                        <th scope="col" class="num max-sm:hidden">{t!("metering-usage-before")}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(line: &BuildingProgress, month: Month) -> AnyView {
    let name = if line.building.is_some() { line.name.clone() } else { t!("metering-no-building") };
    let mut href = format!("/metering/readings/enter?month={month}&utility={}", line.utility.word());
    if let Some(building) = line.building {
        href.push_str(&format!("&building={building}"));
    }
    let told = format!("{} / {}", line.read, line.meters);
    let mut review = format!("/metering/review?month={month}&utility={}", line.utility.word());
    if let Some(building) = line.building {
        review.push_str(&format!("&building={building}"));
    }
    let measure = line.utility.measure();
    view! {
        <tr>
            <th scope="row" class="font-normal whitespace-nowrap"><a class="a" href=href>{name}</a></th>
            <td>{utility_name(line.utility)}</td>
            <td>
                <div class="flex items-center gap-2">
                    <progress class="progress progress-primary w-32 max-sm:w-16" value=line.read max=line.meters aria-label=told.clone()></progress>
                    <span class=if line.read < line.meters { "whitespace-nowrap" } else { "whitespace-nowrap text-ink-2" }>{told}</span>
                </div>
            </td>
            <td class="num">{if line.review > 0 { view! { <a class="a text-warning" href=review>{line.review}</a> }.into_any() } else { view! { <span class="text-ink-3">"–"</span> }.into_any() }}</td>
            <td class="num text-ink-2 max-sm:hidden">{line.billed}</td>
            <td class="num max-sm:hidden">{figure(line.usage)} <span class="label-xs ml-1">{measure}</span></td>
            <td class="num text-ink-2 max-sm:hidden">{figure(line.usage_before)} <span class="label-xs ml-1">{measure}</span></td>
        </tr>
    }
    .into_any()
}

fn list(month: Month, reload: Reload, may_write: bool) -> AnyView {
    let base = ListReadings {
        community: session::community(),
        month: Some(month),
        meter: None,
        building: None,
        role: None,
        utility: None,
        state: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    };
    let states = ReadingState::ALL
        .iter()
        .map(|state| (state.word().to_owned(), t!(&format!("metering-state-{}", state.word()))))
        .collect();
    let confirming = Deed::new();
    let list = List::new("readings", base, |row: &ReadingRow| row.id.to_string())
        .reload(reload)
        .search(t!("metering-search"))
        .filter(Filter::one("utility", t!("metering-utility"), utilities()))
        .filter(Filter::one("role", t!("metering-role"), roles()))
        .filter(Filter::later("building", t!("metering-building"), building_choices))
        .filter(Filter::one("state", t!("metering-state"), states))
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(t!("metering-in-review"), "state=review"))
        .view(View::new(t!("metering-unbilled"), "state=open"))
        .column(
            Column::new("metering-whereabouts", |row: &ReadingRow| whereabouts(row.unit.as_ref(), &row.place))
                .link(|row| format!("/metering/meters/{}", row.meter))
                .sort("unit"),
        )
        .column(Column::new("metering-code", |row: &ReadingRow| row.meter_code.clone()).sort("code"))
        .column(Column::new("metering-utility", |row: &ReadingRow| meter_kind(row.utility, row.register)))
        .column(Column::new("metering-role", |row: &ReadingRow| role_name(row.role)).spare())
        .column(
            Column::new(
                "metering-day",
                |row: &ReadingRow| view! { <span class="whitespace-nowrap">{row.day.to_string()}</span> },
            )
            .sort("day"),
        )
        .column(Column::new("metering-previous", |row: &ReadingRow| figure_or_dash(row.previous)).num())
        .column(Column::new("metering-present", |row: &ReadingRow| figure(row.value)).num())
        .column(Column::new("metering-multiplier", |row: &ReadingRow| figure(row.multiplier)).num().spare())
        .column(
            Column::new("metering-usage", |row: &ReadingRow| match row.usage {
                Some(usage) => figure(usage).into_any(),
                None => view! { <span class="font-normal text-ink-2">{t!("metering-baseline")}</span> }.into_any(),
            })
            .num()
            .strong()
            .sort("usage"),
        )
        .column(Column::new("metering-mark", |row: &ReadingRow| mark_name(row.mark).unwrap_or_default()).not_on_phone())
        .column(Column::new("metering-state", |row: &ReadingRow| {
            view! { {reading_state(row.state, row.odd)} {estimated_mark(row.estimated)} }
        }))
        .column(Column::new("metering-by", |row: &ReadingRow| row.by_name.clone().unwrap_or_default()).spare())
        .export("/api/metering/readings/export.xlsx")
        .empty(move || {
            let empty = Empty::new(icons::GAUGE, t!("metering-readings-none", month = month), t!("metering-readings-none-why"));
            if may_write {
                empty.actions(primary_link(
                    icons::UPLOAD,
                    t!("metering-import"),
                    format!("/metering/readings/import?month={month}"),
                ))
            } else {
                empty
            }
        });
    let list = if may_write {
        list.bulk(move |picked: Picked<ReadingRow>| {
            button(icons::CHECK, t!("metering-confirm"), move || {
                let rows = picked.rows();
                let readings: Vec<_> = rows.iter().filter(|row| row.state == ReadingState::Review).map(|row| row.id).collect();
                if readings.is_empty() {
                    toast(t!("metering-none-to-confirm"));
                    return;
                }
                let told = count(readings.len());
                confirming.run(ConfirmReadings { community: session::community(), readings }, move |_| {
                    picked.clear();
                    reload.now();
                    toast(t!("metering-confirmed-count", count = told));
                });
            })
        })
    } else {
        list
    };
    list.show()
}
