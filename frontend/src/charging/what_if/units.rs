//! Every unit of a trial, found by its room, and how its bills come about before and after.

use common::billing::plan::{ExplainedBill, SkipReason};
use common::charging::tariff::FeeItemKind;
use common::money::Money;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Desk;
use super::result::signed;
use crate::billing::trial::{ExplainTried, ExplainedItem, ExportTried, TriedPage, TriedRow, TriedRows, Which};
use crate::billing::{portions_view, reason_text, trace_view, turn};
use crate::kit::{button, cards, icon_sized, icons, load, money, save_from, toast_problem, wide_dialog};
use crate::waivers::waivers_view;
use crate::{t, worker};

/// Rows of a page.
const SIZE: usize = 20;

/// Takes every unit home, as a file that spreadsheets open.
pub(super) fn export(desk: Desk) -> AnyView {
    let save = move || {
        let heads = vec![
            t!("billing-unit"),
            t!("billing-fee-item"),
            t!("charging-what-if-before"),
            t!("charging-what-if-after"),
            t!("billing-change"),
        ];
        let name = format!("{} {}.csv", t!("charging-what-if"), desk.first.get_untracked());
        spawn_local(async move {
            match worker::ask(ExportTried { heads }, |_| ()).await {
                Ok(address) => save_from(&name, address),
                Err(problem) => toast_problem(&problem),
            }
        });
    };
    button(icons::DOWNLOAD, t!("kit-export"), save)
}

/// The units, page by page.
pub(super) fn every(desk: Desk) -> AnyView {
    let (search, which, offset) = (RwSignal::new(String::new()), RwSignal::new(Which::All), RwSignal::new(0_usize));
    let ask = move || TriedRows { search: search.get(), which: which.get(), offset: offset.get(), size: SIZE };
    let rows = load(
        move || worker::ask(ask(), |_| ()),
        10,
        move |page: TriedPage| {
            let total = page.total;
            if total == 0 {
                return view! { <p class="py-2 text-sm text-ink-2">{t!("charging-what-if-none-found")}</p> }.into_any();
            }
            view! { {table(desk, t!("charging-what-if-every"), page.rows)} {turn(offset, SIZE, total)} }.into_any()
        },
    );
    view! {
        <div class="flex flex-wrap gap-2 py-2">
            <label class="input input-sm w-56">
                {icon_sized(icons::SEARCH, 14, "text-ink-3")}
                <input
                    type="search"
                    placeholder=t!("charging-charge-search")
                    aria-label=t!("kit-search")
                    on:input=move |event| {
                        offset.set(0);
                        search.set(event_target_value(&event));
                    }
                />
            </label>
            <select
                class="select select-sm w-40"
                aria-label=t!("charging-what-if-which")
                on:change=move |event| {
                    offset.set(0);
                    which
                        .set(
                            match event_target_value(&event).as_str() {
                                "more" => Which::More,
                                "less" => Which::Less,
                                "same" => Which::Same,
                                _ => Which::All,
                            },
                        );
                }
            >
                <option value="all">{t!("charging-what-if-all")}</option>
                <option value="more">{t!("charging-what-if-more")}</option>
                <option value="less">{t!("charging-what-if-less")}</option>
                <option value="same">{t!("charging-what-if-same")}</option>
            </select>
        </div>
        {rows}
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
