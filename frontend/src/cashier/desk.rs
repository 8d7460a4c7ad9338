//! The cashier desk: one screen, by keyboard alone. Search, tick, choose how it is paid, collect, print.

use common::cashier::api::{Desk, ListMethods, Receipt, SumDay};
use common::permission::Permission;
use gloo::events::{EventListener, EventListenerOptions};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::print::{self, Printer, keep_printing, prints_always};
use super::state::Counter;
use super::{find, household, till, ways};
use crate::api::call;
use crate::kit::{Empty, Paper, big_money, dialog, empty_view, focus_id, icon, icon_sized, icons, money, state_badge, toast};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    document().set_title(&format!("{} · {}", t!("cashier-desk"), t!("kit-product")));
    let counter = Counter::new();
    let community = session::community();
    spawn_local(async move {
        if let Ok(methods) = call(ListMethods { community }).await {
            counter.methods.try_set(methods);
        }
    });
    match untrack(move || counter.asked()) {
        Some(unit) => counter.load(unit, true),
        None => request_animation_frame(|| focus_id("find")),
    }
    let sheet = RwSignal::new(false);
    let printer = Printer::new();
    let collect = move || {
        counter.collect(move |receipt| {
            sheet.set(false);
            toast(t!("cashier-taken", amount = receipt.total_fen, number = receipt.receipt_number));
            if prints_always() {
                printer.print(receipt.payment);
            }
        });
    };
    listen(counter, printer, sheet, collect);
    let may = session::may(Permission::CashierCollect);
    let household = move || match counter.desk.get() {
        Some(desk) => of_household(counter, printer, &desk),
        None => nobody(),
    };
    let right = move || {
        let standing = counter.desk.with(Option::is_some);
        // While the sheet is up, the till is there: a field's id stands once in the page.
        (standing && may && !sheet.get()).then(|| till::till(counter, collect))
    };
    view! {
        <h1 class="sr-only">{t!("cashier-desk")}</h1>
        <div class="desk">
            <section class="flex min-w-0 flex-col border-r border-line max-lg:border-r-0">
                <div class="flex items-center gap-4 px-6 pt-4 pb-4 max-sm:px-4 max-sm:py-3">{find::find(counter)} {shift(counter)}</div>
                {household}
            </section>
            <section class="desk-till flex flex-col px-6 pt-5 max-lg:hidden" aria-label=t!("cashier-collect")>
                {right}
            </section>
        </div>
        {phone_foot(counter, sheet, may)}
        {dialog(sheet, move || t!("cashier-collect"), move || till::till(counter, collect))}
        {counter.letting_go.show(counter)}
        {keys(counter)}
        {counter.waiving.show()}
        {printer.show()}
    }
    .into_any()
}

/// Keys of the whole page. They are caught before anything else hears them, so that `/` finds households here.
fn listen(counter: Counter, printer: Printer, sheet: RwSignal<bool>, collect: impl Fn() + Copy + 'static) {
    let options = EventListenerOptions { phase: gloo::events::EventListenerPhase::Capture, passive: false };
    let listener = EventListener::new_with_options(&document(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if !event.is_composing() && heard(counter, printer, sheet, collect, event) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || drop(listener.try_update_value(Option::take)));
}

fn heard(counter: Counter, printer: Printer, sheet: RwSignal<bool>, collect: impl Fn(), event: &KeyboardEvent) -> bool {
    // A dialog has its own deed, unless it is the till as a sheet, with nothing asked over it.
    let at_till = match document().query_selector_all("dialog[open]").map_or(0, |open| open.length()) {
        0 => true,
        1 => sheet.get_untracked() && event.ctrl_key() && event.key() == "Enter",
        _ => false,
    };
    if !at_till {
        return false;
    }
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let id = target.as_ref().map(web_sys::Element::id).unwrap_or_default();
    let typing = target.is_some_and(|target| {
        let kind = target.get_attribute("type").unwrap_or_default();
        matches!(target.tag_name().as_str(), "TEXTAREA" | "SELECT" | "OPTION")
            || (target.tag_name() == "INPUT" && kind != "checkbox")
    });
    let standing = counter.desk.with_untracked(Option::is_some);
    match event.key().as_str() {
        "Enter" if event.ctrl_key() => collect(),
        "F9" => match counter.last_payment() {
            Some(payment) => printer.print(payment),
            None => return false,
        },
        "Escape" if matches!(id.as_str(), "find" | "part") => return false,
        "Escape" if matches!(id.as_str(), "take-item" | "take-amount") => {
            counter.taking.close();
            focus_id("bills");
        }
        "Escape" if typing => focus_id("bills"),
        "Escape" if standing => counter.next(),
        _ if typing || event.ctrl_key() || event.alt_key() || event.meta_key() => return false,
        "/" => focus_id("find"),
        "a" | "A" if standing => counter.till.update(common::cashier::till::Till::toggle_all),
        "p" | "P" if standing && session::may(Permission::CashierCollect) => return counter.start_taking(),
        "ArrowDown" | "ArrowUp" | "F2" if standing && id != "bills" => focus_id("bills"),
        digit if standing => match digit.parse::<usize>() {
            Ok(place @ 1..=9) => counter.choose(place - 1),
            _ => return false,
        },
        _ => return false,
    }
    true
}

/// What this cashier has taken today.
fn shift(counter: Counter) -> AnyView {
    let community = session::community();
    let me = session::me().map(|me| me.id);
    let day = LocalResource::new(move || {
        counter.taken.track();
        call(SumDay { community, day: None, flows: false })
    });
    let mine = move || {
        let day = day.get()?.ok()?;
        let mine = day.by_cashier.iter().find(|cashier| cashier.cashier == me)?.clone();
        let since = mine.since.map(crate::kit::clock).unwrap_or_default();
        Some(view! {
            <a href="/cashier/day" class="text-right max-lg:hidden">
                <div class="label-xs whitespace-nowrap">{t!("cashier-shift", since = since, count = mine.takings.payments)}</div>
                <div class="text-lg font-semibold">{format!("¥{}", mine.takings.money_in())}</div>
            </a>
        })
    };
    mine.into_any()
}

/// Before anybody came.
fn nobody() -> AnyView {
    let empty = Empty::new(icons::SEARCH, t!("cashier-next-please"), t!("cashier-next-please-text"));
    view! { <div class="border-t border-line px-6 py-10 max-sm:px-4">{empty_view(empty)}</div> }.into_any()
}

fn of_household(counter: Counter, printer: Printer, desk: &Desk) -> AnyView {
    view! {
        {household::head(desk)}
        {move || counter.receipt.get().map(|receipt| just_taken(counter, printer, &receipt))}
        {household::bills(counter, desk)}
        {household::history_link(desk)}
        {history(desk)}
    }
    .into_any()
}

/// The payment that was just taken: the figures one says aloud.
fn just_taken(counter: Counter, printer: Printer, receipt: &Receipt) -> AnyView {
    let payment = receipt.payment;
    let number = receipt.receipt_number.clone();
    let change = receipt.change_fen;
    view! {
        <div role="status" class="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-pick px-6 py-2 text-base max-sm:px-4">
            {icon_sized(icons::CIRCLE_CHECK, 18, "text-success")}
            <span class="font-semibold">{t!("cashier-taken-short", amount = receipt.total_fen)}</span>
            <span class="text-ink-2">{ways(&receipt.methods)}</span>
            {change.is_positive().then(|| view! { <span>{t!("cashier-change")} " " <b>{format!("¥{change}")}</b></span> })}
            <a class="a" href=format!("/cashier/receipt/{payment}")>{number}</a>
            <span class="ml-auto flex gap-2">
                <button type="button" class="btn btn-xs" on:click=move |_| printer.print(payment)>{icon_sized(icons::PRINTER, 14, "")}{t!("cashier-print")}</button>
                <button type="button" class="btn btn-xs" on:click=move |_| counter.next()>{t!("cashier-next")}</button>
            </span>
        </div>
    }
    .into_any()
}

/// The latest payments.
fn history(desk: &Desk) -> AnyView {
    if desk.history.is_empty() {
        return ().into_any();
    }
    let lines = desk
        .history
        .iter()
        .take(4)
        .map(|row| {
            let void = row.state == common::cashier::api::PaymentState::Void;
            view! {
                <li class="flex h-8 items-center gap-4 whitespace-nowrap">
                    <span>{row.day.to_string()}</span>
                    <a class="a" href=format!("/cashier/receipt/{}", row.payment)>{row.receipt_number.clone()}</a>
                    <span class="min-w-0 truncate text-ink-2">{ways(&row.methods)}</span>
                    {void.then(|| state_badge(crate::kit::State::Void, t!("cashier-state-void")))}
                    <span class="num ml-auto" class:line-through=void>{money(row.total_fen)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="mt-auto border-t border-line px-6 pt-3 pb-4 text-sm max-sm:px-4 max-sm:pb-32">
            <h3 class="label-xs">{t!("cashier-history")}</h3>
            <ul class="mt-1">{lines}</ul>
        </section>
    }
    .into_any()
}

/// On a phone the amount stands at the thumb, and the till comes up as a sheet.
fn phone_foot(counter: Counter, sheet: RwSignal<bool>, may: bool) -> AnyView {
    // Whoever owes nothing may still pay ahead.
    let shown = move || {
        may && counter.desk.with(|desk| desk.as_ref().is_some_and(|desk| !desk.bills.is_empty() || !desk.held_items.is_empty()))
    };
    let ready = move || {
        counter.till.with(|till| !till.is_empty())
            || counter.desk.with(|desk| desk.as_ref().is_some_and(|desk| !desk.held_items.is_empty()))
    };
    let words = move || match counter.till.with(|till| till.ticked()) {
        0 => t!("cashier-to-collect"),
        count => t!("cashier-ticked-short", count = count),
    };
    (move || {
        shown().then(|| {
            view! {
                <footer class="desk-foot no-print lg:hidden">
                    <div class="min-w-0">
                        <p class="text-sm text-ink-2">{words}</p>
                        <p class="text-3xl font-semibold">{move || big_money(counter.till.with(|till| till.total()), "")}</p>
                    </div>
                    <button
                        type="button"
                        class="btn btn-lg btn-primary ml-auto px-8"
                        aria-disabled=move || (!ready()).to_string()
                        on:click=move |_| sheet.set(untrack(ready))
                    >
                        {icon(icons::HAND_COINS)}
                        {t!("cashier-collect")}
                    </button>
                </footer>
            }
        })
    })
    .into_any()
}

/// Whether each payment is printed, and on what.
pub(super) fn print_tick() -> AnyView {
    let always = RwSignal::new(prints_always());
    let paper = RwSignal::new(print::paper_of(None));
    view! {
        <label class="flex items-center gap-2">
            <input
                type="checkbox"
                class="checkbox checkbox-xs"
                prop:checked=move || always.get()
                on:change=move |event| {
                    always.set(event_target_checked(&event));
                    keep_printing(always.get_untracked());
                }
            />
            {t!("cashier-print-receipt")}
        </label>
        <button
            type="button"
            class="btn btn-xs btn-ghost px-1 text-ink-2"
            title=t!("cashier-paper")
            on:click=move |_| {
                paper.update(|paper| *paper = if *paper == Paper::A5 { Paper::Roll80 } else { Paper::A5 });
                print::keep(paper.get_untracked());
            }
        >
            {move || t!(print::name(paper.get()))}
        </button>
    }
    .into_any()
}

/// The strip of keys at the foot.
fn keys(counter: Counter) -> AnyView {
    let key = |caps: &[&str], word: String| {
        let caps = caps.iter().map(|cap| view! { <kbd class="kbd">{(*cap).to_owned()}</kbd> }).collect_view();
        view! { <span class="flex items-center gap-1.5 whitespace-nowrap"><span class="flex gap-0.5">{caps}</span>{word}</span> }
    };
    view! {
        <footer
            class="no-print sticky bottom-0 flex h-10 shrink-0 items-center gap-6 overflow-hidden border-t border-line bg-paper px-6 text-xs text-ink-2 max-lg:hidden"
            aria-label=t!("cashier-keys")
        >
            {key(&["/"], t!("cashier-find"))} {key(&["↑", "↓"], t!("cashier-key-move"))} {key(&[t!("cashier-key-space").as_str()], t!("cashier-key-tick"))}
            {key(&["A"], t!("cashier-tick-all"))} {key(&["F2"], t!("cashier-key-part"))} {move || key(&["1", "–", counter.places().len().clamp(1, 9).to_string().as_str()], t!("cashier-key-ways"))}
            {move || (!counter.held_items().is_empty()).then(|| key(&["P"], t!("cashier-take-held")))}
            {key(&["Ctrl", "Enter"], t!("cashier-collect"))} {key(&["F9"], t!("cashier-reprint"))} {key(&["Esc"], t!("cashier-next"))}
        </footer>
    }
    .into_any()
}
