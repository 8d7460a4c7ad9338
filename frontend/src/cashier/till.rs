//! The till: the amount, the ways to pay, what is missing, change, and the one deed.

use common::cashier::Method;
use common::cashier::api::DeskMethod;
use common::cashier::till::Till;
use common::money::Money;
use common::permission::Permission;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::state::{Counter, field_id};
use super::{method_icon, method_name, set_off, taking};
use crate::kit::{FieldValue, big_money, focus_id, icon_sized, icons, money, problem_note};
use crate::{session, t};

/// The whole till.
pub(super) fn till(counter: Counter, collect: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let total = move || counter.till.with(|till| till.total());
    let ways = move || counter.offered().into_iter().enumerate().map(|(place, each)| way(counter, place, &each)).collect_view();
    view! {
        <div class="flex min-h-6 flex-wrap items-center gap-x-3 text-sm text-ink-2">
            <span>{t!("cashier-to-collect")}</span>
            <span>{move || counter.till.with(what)}</span>
            <span class="ml-auto">{taking::button(counter)}</span>
        </div>
        <output class="mt-1 block text-right text-6xl font-semibold tracking-tight max-sm:text-3xl" aria-live="polite">
            {move || big_money(total(), "")}
        </output>
        {move || late_fee(counter)}
        {taking::area(counter)}
        <div class="mt-4 border-t border-line">{ways} {set_off::rows(counter)}</div>
        {balance(counter)}
        {taking::keep(counter)}
        {after(counter)}
        <div class="sticky bottom-0 z-10 mt-auto bg-base-100 pt-4 pb-4">
            {move || counter.problem.get().map(|problem| refused(counter, &problem))}
            {deed(counter, collect)}
        </div>
    }
    .into_any()
}

/// How many bills, and how much more to be held.
fn what(till: &Till) -> String {
    let bills = t!("cashier-bills", count = till.ticked());
    match till.takes().len() {
        0 => bills,
        takes => [bills, t!("cashier-takes", count = takes)].join(&t!("cashier-comma")),
    }
}

/// How much of what is to be collected is late fee.
fn late_fee(counter: Counter) -> Option<AnyView> {
    let order = counter.desk.with(|desk| desk.as_ref().map(|desk| desk.order))?;
    let bills = counter.till.with(Till::bills);
    let late = Money::sum(bills.iter().map(|line| line.laid(order).late)).filter(|late| late.is_positive())?;
    Some(view! { <p class="text-right text-sm text-ink-2">{t!("cashier-late-fee-in", amount = late)}</p> }.into_any())
}

/// One way to pay: its key, its name, its amount; a slip's number where there is one.
fn way(counter: Counter, place: usize, each: &DeskMethod) -> AnyView {
    let method = each.method;
    let name = method_name(method, Some(&each.name));
    let used = move || counter.till.with(|till| till.amount(method).is_positive());
    let needs_slip = matches!(method, Method::Pos | Method::Transfer | Method::Own(_));
    let slip = move || {
        (needs_slip && used()).then(|| {
            view! {
                <label class="input input-xs mx-2 min-w-0 flex-1">
                    <span class="sr-only">{t!("cashier-slip")}</span>
                    <input
                        maxlength="60"
                        placeholder=t!("cashier-slip")
                        prop:value=move || counter.references.with(|texts| texts.get(&method).cloned().unwrap_or_default())
                        on:input=move |event| counter.references.update(|texts| drop(texts.insert(method, event_target_value(&event))))
                    />
                </label>
            }
        })
    };
    view! {
        <div class="flex min-h-12 items-center gap-3 border-b border-line">
            {(place < 9).then(|| view! { <kbd class="kbd max-sm:hidden">{place + 1}</kbd> })}
            <button
                type="button"
                tabindex="-1"
                class="flex min-h-11 items-center gap-3 text-left"
                title=t!("cashier-takes-rest")
                on:click=move |_| {
                    counter.fill(method);
                    focus_id(&field_id(method));
                }
            >
                {icon_sized(method_icon(method), 18, "")}
                <span class="text-base whitespace-nowrap" class:font-semibold=used>{name.clone()}</span>
            </button>
            {slip}
            {amount_field(counter, method, name, move || unreadable(counter, method))}
        </div>
    }
    .into_any()
}

/// Whether what was typed for a way is no amount; tracked.
pub(super) fn unreadable(counter: Counter, way: Method) -> bool {
    let text = counter.texts.with(|texts| texts.get(&way).cloned().unwrap_or_default());
    !text.trim().is_empty() && Money::read(&text).is_err()
}

/// How much comes in one way: Enter fills it, and goes on from one that is filled; arrows go to the ways above and below. Esc leaves
/// it, and a digit then chooses another way.
pub(super) fn amount_field(
    counter: Counter,
    way: Method,
    name: String,
    wrong: impl Fn() -> bool + Send + Sync + 'static,
) -> AnyView {
    let used = move || counter.till.with(|till| till.amount(way).is_positive());
    let keys = move |event: KeyboardEvent| {
        let key = event.key();
        let alone = !event.ctrl_key() && !event.alt_key() && !event.meta_key();
        match key.as_str() {
            // No amount has a letter in it.
            "p" | "P" if alone && session::may(Permission::CashierCollect) => {
                event.prevent_default();
                counter.start_taking();
            }
            "Enter" if !event.ctrl_key() => {
                event.prevent_default();
                if counter.till.with_untracked(|till| till.amount(way).is_zero()) {
                    counter.fill(way);
                } else {
                    // Of a part the next way comes first, by its digit; where nothing is missing, what was handed over of the cash.
                    let cash =
                        counter.till.with_untracked(|till| till.missing().is_zero() && till.amount(Method::Cash).is_positive());
                    focus_id(if cash { "tendered" } else { "bills" });
                }
            }
            "ArrowDown" => step(counter, way, 1, &event),
            "ArrowUp" => step(counter, way, -1, &event),
            _ => {}
        }
    };
    view! {
        <label class="input input-sm ml-auto w-32 shrink-0" aria-invalid=move || wrong().to_string()>
            <span class="sr-only">{t!("cashier-amount-of", method = name)}</span>
            <input
                id=field_id(way)
                class="num text-base"
                class:font-semibold=used
                inputmode="decimal"
                autocomplete="off"
                placeholder="0.00"
                prop:value=move || counter.amount_text(way)
                on:input=move |event| counter.type_amount(way, event_target_value(&event))
                on:keydown=keys
            />
            <span class="text-ink-2">{t!("cashier-yuan")}</span>
        </label>
    }
    .into_any()
}

/// To the way above or below.
fn step(counter: Counter, way: Method, by: isize, event: &KeyboardEvent) {
    event.prevent_default();
    let places = untrack(move || counter.places());
    let here = places.iter().position(|each| *each == way);
    let next = here.and_then(|here| places.get(here.checked_add_signed(by)?).copied());
    if let Some(method) = next {
        focus_id(&field_id(method));
        super::state::select_all(&field_id(method));
    }
}

/// What is missing, and where cash comes in, what goes back.
fn balance(counter: Counter) -> AnyView {
    let missing = move || counter.till.with(|till| till.missing());
    let word = move || if missing().is_negative() { t!("cashier-over") } else { t!("cashier-missing") };
    let figure = move || {
        let missing = missing();
        if missing.is_zero() {
            view! { <span class="inline-flex items-center gap-1.5">{icon_sized(icons::CHECK, 16, "text-success")}"0.00"</span> }
                .into_any()
        } else {
            view! { <span class="font-semibold text-warning">{Money::from_fen(missing.fen().saturating_abs()).to_string()}</span> }.into_any()
        }
    };
    let cash = Memo::new(move |_| counter.cash().is_positive());
    let handed = move || {
        cash.get().then(|| {
            view! {
                <div class="flex h-10 items-center">
                    <dt class="text-ink-2">{t!("cashier-tendered")}</dt>
                    <dd class="ml-auto">
                        <label class="input input-sm w-32" aria-invalid=move || counter.change().is_none().to_string()>
                            <span class="sr-only">{t!("cashier-tendered")}</span>
                            <input
                                id="tendered"
                                class="num text-base"
                                inputmode="decimal"
                                autocomplete="off"
                                placeholder=move || counter.cash().to_string()
                                prop:value=move || counter.tendered.get()
                                on:input=move |event| counter.tendered.set(event_target_value(&event))
                                on:keydown=move |event| {
                                    if event.key() == "Enter" && !event.ctrl_key() {
                                        focus_id("bills");
                                    }
                                }
                            />
                            <span class="text-ink-2">{t!("cashier-yuan")}</span>
                        </label>
                    </dd>
                </div>
                <div class="flex h-10 items-center">
                    <dt>{t!("cashier-change")}</dt>
                    <dd class="num ml-auto text-2xl font-semibold">
                        {move || counter.change().map_or_else(|| "–".to_owned(), |change| format!("¥{change}"))}
                    </dd>
                </div>
            }
        })
    };
    view! {
        <dl class="mt-3 text-base">
            <div class="flex h-8 items-center">
                <dt class="text-ink-2">{word}</dt>
                <dd class="num ml-auto">{figure}</dd>
            </div>
            {handed}
        </dl>
    }
    .into_any()
}

/// What stays open when this is collected.
fn after(counter: Counter) -> AnyView {
    let split = Memo::new(move |_| {
        counter.desk.with(|desk| {
            let desk = desk.as_ref()?;
            let left = |late: bool| {
                let bills = desk.bills.iter().filter(move |bill| (bill.days_late(desk.today) > 0) == late);
                bills
                    .map(|bill| bill.whole().fen() - counter.till.with(|till| till.paid(bill.bill)).unwrap_or_default().fen())
                    .filter(|left| *left > 0)
                    .fold((0_usize, 0_i64), |(count, sum), left| (count + 1, sum + left))
            };
            Some((left(true), left(false)))
        })
    });
    let line = |word: String, (count, sum): (usize, i64)| {
        let figure = if count == 0 {
            view! { <span class="inline-flex items-center gap-1.5">{icon_sized(icons::CHECK, 14, "text-success")}{t!("cashier-none")}</span> }.into_any()
        } else {
            money(Money::from_fen(sum))
        };
        view! {
            <div class="flex h-6">
                <span class="text-ink-2">{word}</span>
                <span class="num ml-auto">{figure}</span>
            </div>
        }
    };
    (move || {
        split.get().map(|(late, due)| {
            view! {
                <div class="mt-3 rounded-field bg-paper px-3 py-2 text-sm">
                    <div class="label-xs leading-6">{t!("cashier-afterwards")}</div>
                    {line(t!("cashier-still-not-due", count = due.0), due)} {line(t!("cashier-still-late", count = late.0), late)}
                </div>
            }
        })
    })
    .into_any()
}

/// What the server said, and the way on.
fn refused(counter: Counter, problem: &common::problem::Problem) -> AnyView {
    let moved = matches!(
        problem.code.as_str(),
        "cashier.already_paid"
            | "cashier.bill_changed"
            | "cashier.late_fee_changed"
            | "cashier.held_changed"
            | "cashier.not_held_item"
            | "cashier.older_first"
            | "cashier.payment_reused"
            | "conflict"
            | "not_found"
    );
    view! {
        <div class="mb-3">
            {problem_note(problem)}
            {moved
                .then(|| {
                    view! {
                        <button type="button" class="btn btn-sm mt-2" on:click=move |_| counter.reload()>
                            {icon_sized(icons::REFRESH_CW, 16, "")}
                            {t!("cashier-reload")}
                        </button>
                    }
                })}
        </div>
    }
    .into_any()
}

/// The deed; while it can't be done it says why.
fn deed(counter: Counter, collect: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let why = Memo::new(move |_| counter.hindrance());
    let words = move || t!("cashier-collect-amount", amount = counter.till.with(|till| till.total()));
    view! {
        <div class="mb-3 flex items-center gap-6 text-sm">
            {super::desk::print_tick()}
            <span class="ml-auto text-ink-2" role="status">
                {move || why.get().map(|(id, amount)| t!(id, amount = amount))}
            </span>
        </div>
        <button
            type="button"
            class="btn btn-primary btn-xl w-full"
            aria-disabled=move || (why.get().is_some() || counter.busy.get()).to_string()
            on:click=move |_| collect()
        >
            {icon_sized(icons::HAND_COINS, 20, "")}
            {words}
            <kbd class="kbd ml-2 max-sm:hidden">"Ctrl"</kbd>
            <kbd class="kbd max-sm:hidden">"Enter"</kbd>
        </button>
    }
    .into_any()
}
