//! Who stands at the desk, and what they owe: ticked with the space bar, changed with F2.

use common::approvals::flow::DeedKind;
use common::cashier::HeldKind;
use common::cashier::api::{Desk, DeskUnit, OpenBill, WaiveLateFee};
use common::money::Money;
use common::period::Day;
use common::permission::Permission;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::state::{Counter, select_all};
use crate::approvals::waiting_marks;
use crate::kit::{Empty, FieldValue, State, big_money, dash, empty_view, focus_id, icon, icon_sized, icons, money, state_badge};
use crate::{session, t};

/// The head: who it is, what is open, how long.
pub(super) fn head(desk: &Desk) -> AnyView {
    let late = desk.bills.iter().map(|bill| bill.days_late(desk.today)).max().filter(|days| *days > 0);
    let others = desk.others.len();
    let facts = [
        Some(kind_and_area(&desk.unit)),
        desk.handed_over.map(|day| t!("cashier-handed-over", day = day)),
        (desk.heads > 0).then(|| t!("cashier-heads", count = desk.heads)),
        (others > 0).then(|| {
            t!(
                "cashier-others",
                units = desk.others.iter().take(3).map(|unit| unit.label.clone()).collect::<Vec<_>>().join(&t!("kit-comma")),
                count = others
            )
        }),
    ];
    // With more figures they stand beneath the name on a phone, and wrap beside it.
    let grid =
        if desk.held.is_empty() { "grid-cols-[1fr_auto]" } else { "grid-cols-[minmax(14rem,1fr)_auto] max-sm:grid-cols-1" };
    view! {
        <div class=format!("grid {grid} gap-x-4 gap-y-2 border-y border-line px-6 py-3 max-sm:px-4")>
            <div class="min-w-0">
                <div class="flex flex-wrap items-baseline gap-x-3">
                    <h2 class="text-xl font-semibold">
                        <a class="hover:underline" href=format!("/estate/units/{}", desk.unit.unit)>
                            {desk.unit.label.clone()}
                        </a>
                    </h2>
                    <span class="text-lg">{desk.owner.clone().unwrap_or_else(|| t!("cashier-no-owner"))}</span>
                    <span class="text-sm text-ink-2">{desk.phone_masked.clone()}</span>
                </div>
                <div class="mt-1 flex flex-wrap gap-x-4 text-sm text-ink-2">
                    {facts.into_iter().flatten().map(|fact| view! { <span>{fact}</span> }).collect_view()}
                </div>
            </div>
            <dl class="flex flex-wrap items-start justify-end gap-x-8 gap-y-2 text-right max-sm:justify-start max-sm:gap-x-4">
                <div>
                    <dt class="label-xs">{t!("cashier-all-open")}</dt>
                    <dd class="mt-1 text-xl font-semibold">{big_money(desk.open_fen, "")}</dd>
                </div>
                {desk
                    .late_fee_fen
                    .is_positive()
                    .then(|| {
                        view! {
                            <div>
                                <dt class="label-xs">{t!("cashier-all-late-fee")}</dt>
                                <dd class="mt-1 text-xl font-semibold">{big_money(desk.late_fee_fen, "")}</dd>
                            </div>
                        }
                    })}
                {late
                    .map(|days| {
                        view! {
                            <div>
                                <dt class="label-xs">{t!("cashier-longest")}</dt>
                                <dd class="mt-1 text-xl font-semibold whitespace-nowrap text-error">{t!("cashier-days", count = days)}</dd>
                            </div>
                        }
                    })}
                {HeldKind::ALL.iter().filter_map(|kind| held(desk, *kind)).collect_view()}
            </dl>
        </div>
    }
    .into_any()
}

/// What is left of prepayments or deposits, with the way to their record.
fn held(desk: &Desk, kind: HeldKind) -> Option<AnyView> {
    let of_kind = || desk.held.iter().filter(|held| held.holding.kind == kind && held.holding.left_fen.is_positive());
    let left = Money::sum(of_kind().map(|held| held.holding.left_fen))?;
    // It may all be held of another unit of the owner.
    let holder = of_kind().find(|held| held.unit == desk.unit.unit).or_else(|| of_kind().next())?;
    let href = format!("/cashier/held?unit={}", holder.unit);
    Some(
        view! {
            <div>
                <dt class="label-xs">{t!(&format!("cashier-balance-{kind}"))}</dt>
                <dd class="mt-1 text-xl font-semibold"><a class="hover:underline" href=href>{big_money(left, "")}</a></dd>
            </div>
        }
        .into_any(),
    )
}

fn kind_and_area(unit: &DeskUnit) -> String {
    let kind = t!(format!("unit-kind-{}", unit.kind.replace('_', "-")).as_str());
    match unit.area {
        Some(area) => format!("{kind} {area} {}", t!("kit-square-metre")),
        None => kind,
    }
}

/// How late a bill is, as its state.
pub(super) fn lateness(bill: &OpenBill, today: Day) -> AnyView {
    match bill.days_late(today) {
        days if days > 0 => state_badge(State::Late, t!("cashier-late", count = days)),
        0 => state_badge(State::Open, t!("cashier-due-today")),
        _ => state_badge(State::Open, t!("cashier-not-due")),
    }
}

/// The open bills as a table; a list of cards on a phone.
pub(super) fn bills(counter: Counter, desk: &Desk) -> AnyView {
    if desk.bills.is_empty() {
        let empty = Empty::new(icons::CIRCLE_CHECK, t!("cashier-all-paid"), t!("cashier-all-paid-text"));
        return view! { <div id="bills" tabindex="-1" class="px-6 py-6 outline-none max-sm:px-4">{empty_view(empty)}</div> }
            .into_any();
    }
    let today = desk.today;
    let unit = desk.unit.unit;
    let several = !desk.others.is_empty();
    let with_late = desk.late_fee_fen.is_positive();
    let rows = desk
        .bills
        .iter()
        .cloned()
        .enumerate()
        .map(|(place, bill)| row(counter, place, bill, today, unit, several, with_late))
        .collect_view();
    let all = desk.bills.len();
    let ticked = move || counter.till.with(|till| till.ticked());
    let keys = move |event: KeyboardEvent| list_keys(counter, all, &event);
    view! {
        <div class="relative" id="bills" tabindex="0" role="group" aria-label=t!("cashier-open-bills") on:keydown=keys>
            <table class="table desk-bills" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("cashier-open-bills")}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="w-12">
                            <input
                                type="checkbox"
                                class="checkbox checkbox-xs align-middle"
                                tabindex="-1"
                                aria-label=t!("cashier-tick-all")
                                prop:checked=move || ticked() == all
                                prop:indeterminate=move || (1..all).contains(&ticked())
                                on:change=move |_| counter.till.update(common::cashier::till::Till::toggle_all)
                            />
                        </th>
                        <th scope="col">{t!("cashier-month")}</th>
                        <th scope="col">{t!("cashier-fee-item")}</th>
                        <th scope="col">{t!("cashier-due-day")}</th>
                        <th scope="col">{t!("cashier-state")}</th>
                        <th scope="col" class="num">{t!("cashier-open")}</th>
                        {with_late.then(|| view! { <th scope="col" class="num">{t!("cashier-late-fee")}</th> })}
                        <th scope="col" class="num w-32">{t!("cashier-to-collect")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <td></td>
                        <td colspan="4">
                            {move || t!("cashier-ticked", ticked = ticked(), all = all)}
                            <span class="ml-3 font-normal text-ink-2">{t!("cashier-oldest-first")}</span>
                        </td>
                        <td class="num">{money(desk.open_fen)}</td>
                        {with_late.then(|| view! { <td class="num">{money(desk.late_fee_fen)}</td> })}
                        <td class="num">{move || money(counter.till.with(|till| till.of_bills()))}</td>
                    </tr>
                </tfoot>
            </table>
            {move || earlier(counter)}
            {desk.more.then(|| view! { <p class="px-6 py-2 text-sm text-ink-2">{t!("cashier-more-bills", count = all)}</p> })}
        </div>
    }
    .into_any()
}

/// The refusal to pass an older bill over, with the way out.
fn earlier(counter: Counter) -> Option<AnyView> {
    let passed = counter.till.with(|till| till.passed_over());
    if passed.is_empty() {
        return None;
    }
    let numbers = passed.iter().map(|owed| owed.number.clone()).collect::<Vec<_>>().join(&t!("kit-comma"));
    Some(
        view! {
            <p role="status" class="flex flex-wrap items-center gap-3 border-t border-line bg-paper px-6 py-2 text-sm text-warning max-sm:px-4">
                <span class="min-w-0">{t!("cashier-passed-over", count = passed.len(), numbers = numbers)}</span>
                <button type="button" class="btn btn-xs" on:click=move |_| counter.till.update(|till| till.tick_earlier())>
                    {t!("cashier-tick-earlier")}
                </button>
            </p>
        }
        .into_any(),
    )
}

fn row(
    counter: Counter,
    place: usize,
    bill: OpenBill,
    today: Day,
    unit: common::id::UnitId,
    several: bool,
    with_late: bool,
) -> AnyView {
    let id = bill.bill;
    let paid = Memo::new(move |_| counter.till.with(|till| till.paid(id)));
    let at = move || counter.row.get() == place;
    let editing = move || counter.editing.get() == Some(id);
    let name = format!("{} {}", bill.month, bill.fee_item_name);
    let open = bill.open_fen;
    let whole = bill.whole();
    let elsewhere = several && bill.unit != unit;
    let note = bill.paid_fen.is_positive().then(|| t!("cashier-paid-before", amount = bill.amount_fen, paid = bill.paid_fen));
    let on_phone = bill.late_fee_fen.is_positive().then(|| {
        view! { <span class="label-xs ml-2 sm:hidden">{t!("cashier-late-fee")} " " {late_fee(counter, &bill)}</span> }
    });
    let waived =
        bill.waived_fen.is_positive().then(|| t!("cashier-waived-of", amount = bill.amount_fen, waived = bill.waived_fen));
    let number = bill.number.clone();
    let waits = bill.waits.iter().any(|mark| mark.kind == DeedKind::Waive);
    let waive = (session::may(Permission::BillingWaive) && !waits).then(|| {
        view! {
            <button
                type="button"
                class="btn btn-ghost btn-xs btn-square"
                tabindex="-1"
                aria-label=t!("waivers-waive-title", number = number)
                title=t!("waivers-waive")
                on:click=move |_| counter.waiving.ask(id, number.clone(), open, move || counter.load(unit, false))
            >
                {icon_sized(icons::BADGE_PERCENT, 14, "text-ink-3")}
            </button>
        }
    });
    let amount = move || match (editing(), paid.get()) {
        (true, _) => edit(counter, id, paid.get_untracked().unwrap_or(whole)),
        (false, Some(amount)) if amount < whole => view! { <span class="text-primary">{money(amount)}</span> }.into_any(),
        (false, Some(amount)) => money(amount),
        (false, None) => dash(),
    };
    view! {
        <tr
            id=format!("bill-{place}")
            aria-selected=move || paid.get().is_some().to_string()
            class:desk-at=at
            on:click=move |_| counter.row.set(place)
        >
            <td>
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs align-middle max-sm:checkbox-lg"
                    tabindex="-1"
                    aria-label=name
                    prop:checked=move || paid.get().is_some()
                    on:change=move |_| counter.till.update(|till| till.toggle(id))
                />
            </td>
            <td class="desk-month">{bill.month.to_string()}</td>
            <td class="desk-item font-semibold">
                {bill.fee_item_name.clone()}
                {elsewhere.then(|| view! { <span class="label-xs ml-2 font-normal">{bill.unit_label.clone()}</span> })}
                {bill.payer.clone().map(|payer| view! { <span class="label-xs ml-2 font-normal">{t!("billing-payer-tenant", name = payer)}</span> })}
            </td>
            <td class="desk-due whitespace-nowrap">{bill.due_day.to_string()}</td>
            <td class="desk-state">{lateness(&bill, today)} {waiting_marks(&bill.waits)} {note.into_iter().chain(waived).map(|note| view! { <span class="label-xs ml-2">{note}</span> }).collect_view()} {on_phone}</td>
            <td class="num desk-open">{waive} {money(open)}</td>
            {with_late.then(|| view! { <td class="num desk-late">{late_fee(counter, &bill)}</td> })}
            <td class="num desk-amount font-semibold" on:dblclick=move |_| start_edit(counter, place)>{amount}</td>
        </tr>
    }
    .into_any()
}

/// The late fee of a bill; with the way to let it go, for those who may.
fn late_fee(counter: Counter, bill: &OpenBill) -> AnyView {
    if !bill.late_fee_fen.is_positive() {
        return dash();
    }
    let amount = bill.late_fee_fen;
    if !session::may_ask::<WaiveLateFee>() {
        return money(amount);
    }
    let (bill, word) = (bill.clone(), t!("cashier-waive"));
    view! {
        <button
            type="button"
            class="hover:underline"
            tabindex="-1"
            title=word.clone()
            aria-label=format!("{word} {amount}")
            on:click=move |_| counter.letting_go.ask(&bill)
        >
            {money(amount)}
        </button>
    }
    .into_any()
}

/// The field for a part of a bill.
fn edit(counter: Counter, id: common::id::BillId, amount: Money) -> AnyView {
    let finish = move |text: String| {
        // The field is left with the whole page, too.
        if counter.editing.try_get_untracked() != Some(Some(id)) {
            return;
        }
        if let Ok(amount) = Money::read(&text) {
            counter.till.update(|till| till.pay(id, amount));
        }
        counter.editing.set(None);
        focus_id("bills");
    };
    request_animation_frame(|| {
        focus_id("part");
        select_all("part");
    });
    view! {
        <input
            id="part"
            class="input input-xs num w-24"
            inputmode="decimal"
            aria-label=t!("cashier-part")
            value=amount.yuan().to_string()
            on:keydown=move |event| {
                event.stop_propagation();
                match event.key().as_str() {
                    "Enter" => finish(event_target_value(&event)),
                    "Escape" => {
                        counter.editing.set(None);
                        focus_id("bills");
                    }
                    _ => {}
                }
            }
            on:blur=move |event| finish(event_target_value(&event))
        />
    }
    .into_any()
}

fn start_edit(counter: Counter, place: usize) {
    let bill = counter.desk.with_untracked(|desk| desk.as_ref()?.bills.get(place).map(|bill| bill.bill));
    counter.row.set(place);
    counter.editing.set(bill);
}

/// ↑ ↓ move, space ticks, F2 changes the part.
fn list_keys(counter: Counter, all: usize, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let at = counter.row.get_untracked();
    let bill = move || counter.desk.with_untracked(|desk| desk.as_ref()?.bills.get(at).map(|bill| bill.bill));
    let go = |to: usize| {
        counter.row.set(to);
        if let Some(row) = document().get_element_by_id(&format!("bill-{to}")) {
            row.scroll_into_view_with_bool(false);
        }
    };
    match event.key().as_str() {
        "ArrowDown" => go((at + 1).min(all.saturating_sub(1))),
        "ArrowUp" => go(at.saturating_sub(1)),
        "Home" => go(0),
        "End" => go(all.saturating_sub(1)),
        " " => {
            if let Some(bill) = bill() {
                counter.till.update(|till| till.toggle(bill));
            }
        }
        "F2" => start_edit(counter, at),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// A line that leads to the payments of this household.
pub(super) fn history_link(desk: &Desk) -> AnyView {
    let href = format!("/cashier/payments?unit={}", desk.unit.unit);
    view! {
        <div class="flex gap-2 px-6 py-3 max-sm:px-4">
            <a class="btn btn-sm ml-auto btn-ghost" href=href>
                {icon(icons::HISTORY)}
                {t!("cashier-payments-of", count = desk.payments)}
            </a>
        </div>
    }
    .into_any()
}
