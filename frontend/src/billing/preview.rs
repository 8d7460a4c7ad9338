//! The preview of a run: sums by fee item and building, who is skipped and why, and every bill with how it comes about.

use common::billing::plan::SkipReason;
use common::charging::tariff::FeeItemKind;
use common::money::Money;
use leptos::prelude::*;

use super::errands::{
    ExplainPlanned, Explained, Order, PlannedRow, PlannedRows, Rows, SkipSum, SkippedRow, SkippedRows, Summary,
};
use super::portion::portions_view;
use super::trace::trace_view;
use crate::charging::formula_fields;
use crate::kit::{Term, cards, count, dash, equation, icon_sized, icons, load, money, money_or_dash, section, wide_dialog};
use crate::t;
use crate::waivers::waivers_view;
use crate::worker;

/// Rows of the table of bills.
const SIZE: usize = 20;

/// Draws it.
pub(super) fn show(summary: Summary) -> AnyView {
    let change = Money::from_fen(summary.amount_fen.fen() - summary.before_fen.fen());
    let mut terms = vec![
        Term::count("", t!("billing-bills"), summary.bills),
        Term::money("", t!("billing-before"), summary.before_fen),
        Term::money(if change.is_negative() { "−" } else { "+" }, t!("billing-change"), Money::from_fen(change.fen().abs())),
        Term::result(t!("billing-this-time"), summary.amount_fen),
    ];
    if !summary.waived_fen.is_zero() {
        terms.push(Term::money("−", t!("billing-waived"), summary.waived_fen));
        terms.push(Term::result(t!("billing-to-pay"), less(summary.amount_fen, summary.waived_fen)));
    }
    view! {
        <section class="border-b border-line px-6 py-4 max-sm:px-4">{equation(terms)}</section>
        <div class="grid grid-cols-2 max-xl:grid-cols-1">
            {section(t!("billing-by-fee-item"), (), by_fee_item(&summary))}
            {section(t!("billing-skipped"), (), skipped(&summary))}
        </div>
        {section(t!("billing-by-building"), (), by_building(&summary))}
        {section(t!("billing-every-bill"), (), every_bill(&summary))}
    }
    .into_any()
}

/// What is left to pay.
pub(super) fn less(amount: Money, waived: Money) -> Money {
    Money::from_fen(amount.fen().saturating_sub(waived.fen()))
}

fn by_fee_item(summary: &Summary) -> AnyView {
    let waives = !summary.waived_fen.is_zero();
    let rows = summary
        .fee_items
        .iter()
        .map(|item| {
            let change = item.amount_fen.fen() - item.before_fen.fen();
            view! {
                <tr>
                    <th scope="row" class="font-normal">{item.name.clone()}</th>
                    <td class="num">{count(item.bills)}</td>
                    <td class="num font-semibold">{money_or_dash(item.amount_fen)}</td>
                    {waives.then(|| view! { <td class="num">{money_or_dash(item.waived_fen)}</td> })}
                    <td class="num">{money_or_dash(item.before_fen)}</td>
                    <td class="num">{signed(change)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-by-fee-item")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-fee-item")}</th>
                        <th scope="col" class="num">{t!("billing-count")}</th>
                        <th scope="col" class="num">{t!("billing-this-time")}</th>
                        {waives.then(|| view! { <th scope="col" class="num">{t!("billing-waived")}</th> })}
                        <th scope="col" class="num">{t!("billing-before")}</th>
                        <th scope="col" class="num">{t!("billing-change")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}

fn signed(fen: i64) -> AnyView {
    match fen {
        0 => dash(),
        fen if fen > 0 => format!("+{}", Money::from_fen(fen)).into_any(),
        fen => Money::from_fen(fen).to_string().into_any(),
    }
}

fn by_building(summary: &Summary) -> AnyView {
    let items = &summary.fee_items;
    let rows = summary
        .buildings
        .iter()
        .map(|building| {
            view! {
                <tr>
                    <th scope="row" class="font-normal">{building.name.clone().unwrap_or_else(|| t!("billing-outside"))}</th>
                    <td class="num">{count(building.bills)}</td>
                    {building.amounts.iter().map(|amount| view! { <td class="num">{money_or_dash(*amount)}</td> }).collect_view()}
                    <td class="num font-semibold">{money(building.amount_fen)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-by-building")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("estate-column-building")}</th>
                        <th scope="col" class="num">{t!("billing-count")}</th>
                        {items.iter().map(|item| view! { <th scope="col" class="num">{item.name.clone()}</th> }).collect_view()}
                        <th scope="col" class="num">{t!("kit-total")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t!("kit-total")}</th>
                        <td class="num">{count(summary.bills)}</td>
                        {items.iter().map(|item| view! { <td class="num">{money(item.amount_fen)}</td> }).collect_view()}
                        <td class="num font-semibold">{money(summary.amount_fen)}</td>
                    </tr>
                </tfoot>
            </table>})}</div>
    }
    .into_any()
}

/// What a reason is called.
pub fn reason_text(reason: SkipReason) -> String {
    skip_text(reason, None)
}

/// What it is called for a fee item of a kind.
pub(super) fn skip_text(reason: SkipReason, kind: Option<FeeItemKind>) -> String {
    t!(&reason.text_id(kind))
}

/// What it means.
pub(super) fn why_text(reason: SkipReason, kind: Option<FeeItemKind>) -> String {
    t!(&format!("{}-why", reason.text_id(kind)))
}

/// Whether a fee item had shares of pools a period ago and now has none: nobody has apportioned yet.
fn is_unshared(summary: &Summary, skip: &SkipSum) -> bool {
    skip.kind == Some(FeeItemKind::Apportioned)
        && skip.reason == SkipReason::NoCharge
        && summary.fee_items.iter().any(|item| item.place == skip.fee_item && item.bills == 0 && item.before_bills > 0)
}

/// By reason; what wants mending stands first.
fn skipped(summary: &Summary) -> AnyView {
    if summary.skips.is_empty() {
        return view! { <p class="py-2 text-sm text-ink-2">{t!("billing-none-skipped")}</p> }.into_any();
    }
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<SkipSum>);
    let rows = summary
        .skips
        .iter()
        .map(|skip| {
            let for_click = skip.clone();
            let unshared = is_unshared(summary, skip);
            let mend = skip.reason.wants_mending() || unshared;
            view! {
                <tr>
                    <td>
                        <span class="flex items-center gap-1.5">
                            {mend.then(|| icon_sized(icons::TRIANGLE_ALERT, 14, "text-warning"))}
                            {skip_text(skip.reason, skip.kind)}
                            {unshared.then(|| view! { <a class="a" href="/metering/apportion">{t!("metering-to-apportion")}</a> })}
                        </span>
                    </td>
                    <td>{skip.fee_item_name.clone()}</td>
                    <td class="num">
                        <button
                            type="button"
                            class="a"
                            on:click=move |_| {
                                chosen.set(Some(for_click.clone()));
                                open.set(true);
                            }
                        >
                            {t!("billing-units-count", count = count(skip.units))}
                        </button>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let title = move || {
        chosen
            .with(|chosen| chosen.as_ref().map(|skip| format!("{} · {}", skip.fee_item_name, skip_text(skip.reason, skip.kind))))
            .unwrap_or_default()
    };
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-skipped")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-reason")}</th>
                        <th scope="col">{t!("billing-fee-item")}</th>
                        <th scope="col" class="num">{t!("charging-units")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
        {wide_dialog(open, title, move || chosen.get_untracked().map(|skip| skipped_units(&skip)).unwrap_or_else(|| ().into_any()))}
    }
    .into_any()
}

/// A skipped unit, and which fields it lacks.
fn skipped_unit(row: SkippedRow) -> AnyView {
    let label = row.label;
    let unit = match row.unit {
        Some(unit) => view! { <a class="a" href=format!("/estate/units/{unit}") target="_blank">{label}</a> }.into_any(),
        None => label.into_any(),
    };
    let blank = (!row.blank.is_empty()).then(|| {
        view! { <span class="block text-xs text-ink-2">{t!("billing-skipped-blank", fields = row.blank.join(&t!("kit-comma")))}</span> }
    });
    view! { <div>{unit} {blank}</div> }.into_any()
}

fn skipped_units(skip: &SkipSum) -> AnyView {
    let offset = RwSignal::new(0_usize);
    let (fee_item, reason) = (skip.fee_item, skip.reason);
    let size = 60;
    let body = load(
        move || worker::ask(SkippedRows { fee_item, reason, offset: offset.get(), size }, |_| ()),
        6,
        move |page| {
            let Rows { rows, total } = page;
            let units = rows.into_iter().map(skipped_unit).collect_view();
            view! { <div class="grid grid-cols-4 gap-x-4 gap-y-1 text-sm max-sm:grid-cols-2">{units}</div> {turn(offset, size, total)} }.into_any()
        },
    );
    let asked = matches!(reason, SkipReason::Formula | SkipReason::NoQuota).then(|| formula_fields(skip.fee_item_name.clone()));
    let why = why_text(reason, skip.kind);
    view! { <div class="mt-1 mb-3 text-base text-ink-2">{why} {asked}</div> {body} }.into_any()
}

/// Pages within the worker's rows.
pub fn turn(offset: RwSignal<usize>, size: usize, total: u64) -> AnyView {
    let last = usize::try_from(total).unwrap_or(usize::MAX);
    let from = move || offset.get() + 1;
    let to = move || (offset.get() + size).min(last);
    view! {
        <div class="mt-2 flex min-h-10 items-center gap-2 text-sm text-ink-2" class:hidden=total == 0>
            <span>{move || t!("kit-range-of", from = count(from()), to = count(to()), total = count(total))}</span>
            <button
                type="button"
                class="btn btn-ghost btn-sm btn-square ml-auto"
                aria-label=t!("kit-page-before")
                disabled=move || offset.get() == 0
                on:click=move |_| offset.update(|offset| *offset = offset.saturating_sub(size))
            >
                {icon_sized(icons::CHEVRON_LEFT, 16, "")}
            </button>
            <button
                type="button"
                class="btn btn-ghost btn-sm btn-square"
                aria-label=t!("kit-page-next")
                disabled={move || to() >= last}
                on:click=move |_| offset.update(|offset| *offset += size)
            >
                {icon_sized(icons::CHEVRON_RIGHT, 16, "")}
            </button>
        </div>
    }
    .into_any()
}

fn every_bill(summary: &Summary) -> AnyView {
    let (search, fee_item, order, offset) =
        (RwSignal::new(String::new()), RwSignal::new(None::<u16>), RwSignal::new(Order::Unit), RwSignal::new(0_usize));
    let (open, chosen) = (RwSignal::new(false), RwSignal::new(None::<PlannedRow>));
    let options = summary
        .fee_items
        .iter()
        .map(|item| view! { <option value=item.place.to_string()>{item.name.clone()}</option> })
        .collect_view();
    let ask = move || PlannedRows {
        search: search.get(),
        fee_item: fee_item.get(),
        order: order.get(),
        offset: offset.get(),
        size: SIZE,
    };
    let table = load(move || worker::ask(ask(), |_| ()), 10, move |page: Rows<PlannedRow>| bills(page, offset, open, chosen));
    let title = move || {
        chosen.with(|row| row.as_ref().map(|row| format!("{} · {}", row.unit_label, row.fee_item_name))).unwrap_or_default()
    };
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
                aria-label=t!("billing-fee-item")
                on:change=move |event| {
                    offset.set(0);
                    fee_item.set(event_target_value(&event).parse().ok());
                }
            >
                <option value="">{t!("billing-all-fee-items")}</option>
                {options}
            </select>
            <select
                class="select select-sm w-40"
                aria-label=t!("billing-order")
                on:change=move |event| {
                    offset.set(0);
                    order
                        .set(
                            match event_target_value(&event).as_str() {
                                "change" => Order::Change,
                                "amount" => Order::Amount,
                                _ => Order::Unit,
                            },
                        );
                }
            >
                <option value="unit">{t!("billing-order-unit")}</option>
                <option value="change">{t!("billing-order-change")}</option>
                <option value="amount">{t!("billing-order-amount")}</option>
            </select>
        </div>
        {table}
        {wide_dialog(open, title, move || chosen.get_untracked().map(|row| explain(&row)).unwrap_or_else(|| ().into_any()))}
    }
    .into_any()
}

fn bills(page: Rows<PlannedRow>, offset: RwSignal<usize>, open: RwSignal<bool>, chosen: RwSignal<Option<PlannedRow>>) -> AnyView {
    let total = page.total;
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            let for_click = row.clone();
            let change = row.before_fen.map(|before| row.amount_fen.fen() - before.fen());
            view! {
                <tr>
                    <td>
                        <button
                            type="button"
                            class="a"
                            on:click=move |_| {
                                chosen.set(Some(for_click.clone()));
                                open.set(true);
                            }
                        >
                            {row.unit_label.clone()}
                        </button>
                    </td>
                    <td>{row.fee_item_name.clone()}</td>
                    <td class="num font-semibold">{money(row.amount_fen)}</td>
                    <td class="num">{money_or_dash(row.waived_fen)}</td>
                    <td class="num">{money_or_dash(row.before_fen)}</td>
                    <td class="num">{change.map_or_else(|| t!("billing-new").into_any(), signed)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-every-bill")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-unit")}</th>
                        <th scope="col">{t!("billing-fee-item")}</th>
                        <th scope="col" class="num">{t!("billing-this-time")}</th>
                        <th scope="col" class="num">{t!("billing-waived")}</th>
                        <th scope="col" class="num">{t!("billing-before")}</th>
                        <th scope="col" class="num">{t!("billing-change")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
        {turn(offset, SIZE, total)}
    }
    .into_any()
}

fn explain(row: &PlannedRow) -> AnyView {
    let (unit, fee_item) = (row.unit, row.fee_item);
    load(
        move || worker::ask(ExplainPlanned { unit, fee_item }, |_| ()),
        6,
        |explained: Explained| {
            let lines =
                explained.bill.lines.iter().map(|(amount, trace)| trace_view(trace, *amount, explained.kind)).collect_view();
            view! { {lines} {waivers_view(&explained.bill.waivers)} {portions_view(&explained.bill.portions)} }.into_any()
        },
    )
}
