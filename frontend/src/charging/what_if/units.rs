//! Every unit of a trial, found by its room, its building and which way it changes, and how its bills come about before and after.

use common::billing::plan::{ExplainedBill, SkipReason};
use common::billing::what_if::ExportTrial;
use common::charging::tariff::FeeItemKind;
use common::money::Money;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Desk;
use super::result::signed;
use crate::billing::trial::{ExplainTried, ExplainedItem, TriedOrder, TriedPage, TriedRow, TriedRows, Which};
use crate::billing::{portions_view, reason_text, trace_view, turn};
use crate::kit::{cards, icon, icon_sized, icons, load, money, save_file, toast_problem, wide_dialog};
use crate::waivers::waivers_view;
use crate::{session, t, worker};

/// Rows of a page.
const SIZE: usize = 20;

/// Which units are shown; what is chosen stays when something else is tried.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    search: RwSignal<String>,
    which: RwSignal<Which>,
    building: RwSignal<Option<u32>>,
    order: RwSignal<TriedOrder>,
    pub(super) offset: RwSignal<usize>,
}

impl Shown {
    pub(super) fn new() -> Self {
        Self {
            search: RwSignal::new(String::new()),
            which: RwSignal::new(Which::All),
            building: RwSignal::new(None),
            order: RwSignal::new(TriedOrder::Unit),
            offset: RwSignal::new(0),
        }
    }

    fn ask(self) -> TriedRows {
        TriedRows {
            search: self.search.get(),
            which: self.which.get(),
            building: self.building.get(),
            order: self.order.get(),
            offset: self.offset.get(),
            size: SIZE,
        }
    }

    /// Those of a building, from the first.
    pub(super) fn of_building(self, building: u32) {
        self.offset.set(0);
        self.building.set(Some(building));
    }

    fn is_filtered(self) -> bool {
        self.which.get() != Which::All || self.building.get().is_some() || !self.search.with(String::is_empty)
    }

    fn clear(self) {
        self.offset.set(0);
        self.which.set(Which::All);
        self.building.set(None);
        self.search.set(String::new());
    }
}

/// Takes the whole comparison home as a workbook, which the server writes; of a large community that takes a while.
pub(super) fn export(desk: Desk) -> AnyView {
    let busy = RwSignal::new(false);
    let save = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (changes, shown) = untrack(|| desk.asked());
        let (first, months) = (desk.first.get_untracked(), desk.months.get_untracked());
        let ask = ExportTrial { inputs: desk.inputs(session::community(), first, months), changes, shown };
        let name = format!("{} {first}.xlsx", t!("charging-what-if"));
        let address = format!("/api/billing/trial/export.xlsx?language={}", session::language().tag());
        spawn_local(async move {
            let made = crate::api::make_file(&address, &ask).await;
            busy.try_set(false);
            match made {
                Ok(bytes) => save_file(&name, WORKBOOK, &bytes),
                Err(problem) => toast_problem(&problem),
            }
        });
    };
    view! {
        <button type="button" class="btn btn-sm" aria-disabled=move || busy.get().then_some("true") on:click=save>
            {icon(icons::DOWNLOAD)}
            <span aria-live="polite">{move || if busy.get() { t!("charging-what-if-exporting") } else { t!("kit-export") }}</span>
        </button>
    }
    .into_any()
}

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The units, page by page.
pub(super) fn every(desk: Desk, buildings: &[String]) -> AnyView {
    let shown = desk.list;
    let rows = load(
        move || worker::ask(shown.ask(), |_| ()),
        10,
        move |page: TriedPage| {
            let total = page.total;
            if total == 0 {
                return none(shown);
            }
            view! { {table(desk, t!("charging-what-if-every"), page.rows)} {turn(shown.offset, SIZE, total)} }.into_any()
        },
    );
    let outside = u32::try_from(buildings.len()).unwrap_or(u32::MAX);
    let places = buildings.iter().cloned().chain([t!("billing-outside")]);
    let places =
        std::iter::once((None, t!("charging-what-if-all-buildings"))).chain((0..=outside).map(Some).zip(places)).collect();
    let whiches = vec![
        (Which::All, t!("charging-what-if-all")),
        (Which::More, t!("charging-what-if-more")),
        (Which::Less, t!("charging-what-if-less")),
        (Which::Same, t!("charging-what-if-same")),
    ];
    let orders = vec![
        (TriedOrder::Unit, t!("charging-what-if-by-unit")),
        (TriedOrder::Change, t!("charging-what-if-by-change")),
        (TriedOrder::After, t!("charging-what-if-by-after")),
        (TriedOrder::Before, t!("charging-what-if-by-before")),
    ];
    // Of those that pay more or less, one looks at the most first.
    let which = move |which: Which| {
        shown.offset.set(0);
        if matches!(which, Which::More | Which::Less) {
            shown.order.set(TriedOrder::Change);
        }
    };
    view! {
        <div class="no-print flex flex-wrap gap-2 py-2" role="search" aria-label=t!("charging-what-if-every")>
            <label class="input input-sm w-56 max-sm:w-full">
                {icon_sized(icons::SEARCH, 14, "text-ink-3")}
                <input
                    id="every-unit"
                    type="search"
                    placeholder=t!("charging-charge-search")
                    aria-label=t!("kit-search")
                    prop:value=move || shown.search.get()
                    on:input=move |event| {
                        shown.offset.set(0);
                        shown.search.set(event_target_value(&event));
                    }
                />
            </label>
            {choice(shown.building, t!("estate-column-building"), places, move |_| shown.offset.set(0))}
            {choice(shown.which, t!("charging-what-if-which"), whiches, which)}
            {choice(shown.order, t!("charging-what-if-order"), orders, move |_| shown.offset.set(0))}
        </div>
        {rows}
    }
    .into_any()
}

/// Nobody is found; what is filtered can be let go of.
fn none(shown: Shown) -> AnyView {
    view! {
        <div class="flex flex-wrap items-center gap-3 py-2 text-sm text-ink-2">
            <p>{t!("charging-what-if-none-found")}</p>
            <button type="button" class="btn btn-ghost btn-sm" class:hidden=move || !shown.is_filtered() on:click=move |_| shown.clear()>
                {t!("charging-what-if-filter-clear")}
            </button>
        </div>
    }
    .into_any()
}

/// A choice of few; `chosen` hears of it first.
fn choice<T>(at: RwSignal<T>, label: String, choices: Vec<(T, String)>, chosen: impl Fn(T) + 'static) -> AnyView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let lines = choices
        .iter()
        .enumerate()
        .map(|(place, (value, name))| {
            let value = *value;
            view! { <option value=place.to_string() prop:selected=move || at.get() == value>{name.clone()}</option> }
        })
        .collect_view();
    let choose = move |text: String| {
        if let Some((value, _)) = text.parse().ok().and_then(|place: usize| choices.get(place)) {
            chosen(*value);
            at.set(*value);
        }
    };
    view! {
        <select class="select select-sm w-36 max-sm:grow" aria-label=label on:change=move |event| choose(event_target_value(&event))>
            {lines}
        </select>
    }
    .into_any()
}

/// Units before and after; a click explains.
pub(super) fn table(desk: Desk, caption: String, rows: Vec<TriedRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let change = Money::from_fen(row.after_fen.fen().saturating_sub(row.before_fen.fen()));
            let for_click = row.clone();
            view! {
                <tr>
                    <td>
                        <button
                            type="button"
                            class="a"
                            on:click=move |_| {
                                desk.explained.set(Some(for_click.clone()));
                                desk.explaining.set(true);
                            }
                        >
                            {row.label.clone()}
                        </button>
                    </td>
                    <td class="num">{money(row.before_fen)}</td>
                    <td class="num">{money(row.after_fen)}</td>
                    <td class=if change.is_zero() { "num text-ink-3" } else { "num font-semibold" }>{signed(change)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-unit")}</th>
                        <th scope="col" class="num">{t!("charging-what-if-before")}</th>
                        <th scope="col" class="num">{t!("charging-what-if-after")}</th>
                        <th scope="col" class="num">{t!("billing-change")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}

/// How the bills of the unit that was clicked come about.
pub(super) fn dialog(desk: Desk) -> AnyView {
    let title = move || desk.explained.with(|row| row.as_ref().map(|row| row.label.clone())).unwrap_or_default();
    wide_dialog(desk.explaining, title, move || {
        let Some(row) = desk.explained.get_untracked() else { return ().into_any() };
        let unit = row.unit;
        let link = row
            .unit_id
            .map(|id| view! { <a class="a text-sm" href=format!("/estate/units/{id}")>{t!("charging-what-if-unit")}</a> });
        let change = Money::from_fen(row.after_fen.fen().saturating_sub(row.before_fen.fen()));
        let bills = load(
            move || worker::ask(ExplainTried { unit }, |_| ()),
            8,
            |items: Vec<ExplainedItem>| items.iter().map(one_item).collect_view().into_any(),
        );
        view! {
            <p class="mt-1 mb-3 flex flex-wrap items-center gap-x-4 text-base">
                <span class="num">{format!("{} → {}", row.before_fen, row.after_fen)}</span>
                <b class="num">{signed(change)}</b>
                {link}
            </p>
            {bills}
        }
        .into_any()
    })
}

fn one_item(item: &ExplainedItem) -> AnyView {
    view! {
        <section class="border-t border-line py-3">
            <h3 class="text-base font-semibold">{item.name.clone()}</h3>
            <h4 class="mt-2 text-sm text-ink-2">{t!("charging-what-if-before")}</h4>
            {one_bill(&item.before, item.kind)}
            <h4 class="mt-3 text-sm text-ink-2">{t!("charging-what-if-after")}</h4>
            {one_bill(&item.after, item.kind)}
        </section>
    }
    .into_any()
}

fn one_bill(bill: &Result<ExplainedBill, SkipReason>, kind: FeeItemKind) -> AnyView {
    match bill {
        Ok(bill) => {
            let lines = bill.lines.iter().map(|(amount, trace)| trace_view(trace, *amount, kind)).collect_view();
            view! { {lines} {waivers_view(&bill.waivers)} {portions_view(&bill.portions)} }.into_any()
        }
        Err(reason) => {
            view! { <p class="text-sm">{t!("charging-what-if-no-bill", reason = reason_text(*reason))}</p> }.into_any()
        }
    }
}
