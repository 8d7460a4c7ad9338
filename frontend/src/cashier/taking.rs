//! Money taken to be held (收预存、押金): beside the bills or alone, and what a payer leaves here of too much.

use common::cashier::api::HeldItem;
use common::cashier::{HeldKind, Method};
use common::id::{BillId, FeeItemId};
use common::money::Money;
use common::problem::FieldProblem;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use uuid::Uuid;

use super::state::Counter;
use crate::kit::{FieldValue, focus_id, icon_sized, icons, money};
use crate::{t, text};

/// What is being chosen and typed.
#[derive(Clone, Copy)]
pub(super) struct Taking {
    open: RwSignal<bool>,
    item: RwSignal<Option<FeeItemId>>,
    amount: RwSignal<String>,
    /// Who pays it, where that is not the owner.
    pub payer: RwSignal<String>,
    /// The prepayment that keeps what is too much.
    keeper: RwSignal<Option<FeeItemId>>,
}

impl Taking {
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            item: RwSignal::new(None),
            amount: RwSignal::new(String::new()),
            payer: RwSignal::new(String::new()),
            keeper: RwSignal::new(None),
        }
    }

    /// Leaves it, with nothing taken.
    pub(super) fn close(self) {
        self.open.try_set(false);
        self.amount.try_set(String::new());
    }
}

impl Counter {
    /// What money can be taken for, to be held; tracked.
    pub(super) fn held_items(self) -> Vec<HeldItem> {
        self.desk.with(|desk| desk.as_ref().map(|desk| desk.held_items.clone()).unwrap_or_default())
    }

    /// Asks what is to be held, and how much; whether there is anything to choose.
    pub(super) fn start_taking(self) -> bool {
        let items = untrack(move || self.held_items()).len();
        if items > 0 {
            self.taking.open.set(true);
            request_animation_frame(|| focus_id("take-amount"));
        }
        items > 0
    }

    /// What was typed goes into the till.
    fn take(self, item: FeeItemId) {
        match read(&self.taking.amount.get_untracked()) {
            Ok(amount) => {
                // Typed once more, it is more of the same.
                self.till.update(|till| {
                    let all = till.taken(item).checked_add(amount).unwrap_or(amount);
                    till.take(item, new_bill(), all);
                });
                self.taking.close();
                focus_id("bills");
            }
            Err(_) => focus_id("take-amount"),
        }
    }
}

fn new_bill() -> BillId {
    BillId(Uuid::now_v7())
}

fn read(text: &str) -> Result<Money, &'static str> {
    let amount = Money::read(text)?;
    if amount.is_positive() { Ok(amount) } else { Err("not_positive") }
}

/// What an item is called where one chooses: with the only fee item that it pays for.
fn name(item: &HeldItem) -> String {
    match &item.pays_for_name {
        Some(only) => t!("cashier-item-only", item = item.name, only = only),
        None => item.name.clone(),
    }
}

/// A native select among several items, by its id and that of what comes after it; nothing where there is no choice.
fn choice(id: [&'static str; 2], label: String, items: &[HeldItem], chosen: RwSignal<Option<FeeItemId>>) -> Option<AnyView> {
    let [id, next] = id;
    if items.len() < 2 {
        return None;
    }
    let options = items
        .iter()
        .map(|item| {
            let selected = chosen.get_untracked() == Some(item.fee_item);
            view! { <option value=item.fee_item.to_string() selected=selected>{name(item)}</option> }
        })
        .collect_view();
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.ctrl_key() {
            event.prevent_default();
            focus_id(next);
        }
    };
    let choose = move |event| chosen.set(event_target_value(&event).parse().ok());
    Some(
        view! {
            <select id=id class="select select-sm min-w-0 flex-1" aria-label=label on:change=choose on:keydown=keys>
                {options}
            </select>
        }
        .into_any(),
    )
}

/// The chosen item; the first where none of them is chosen.
fn chosen(items: &[HeldItem], chosen: RwSignal<Option<FeeItemId>>) -> Option<FeeItemId> {
    let picked = chosen.get_untracked();
    items.iter().find(|item| picked == Some(item.fee_item)).or_else(|| items.first()).map(|item| item.fee_item)
}

/// The quiet button in the till's head.
pub(super) fn button(counter: Counter) -> AnyView {
    let offered = Memo::new(move |_| !counter.held_items().is_empty());
    let open = counter.taking.open;
    (move || {
        offered.get().then(|| {
            view! {
                <button
                    type="button"
                    class="btn btn-ghost btn-xs"
                    aria-expanded=move || open.get().to_string()
                    on:click=move |_| {
                        if open.get_untracked() {
                            counter.taking.close();
                        } else {
                            counter.start_taking();
                        }
                    }
                >
                    {icon_sized(icons::PLUS, 14, "")}
                    {t!("cashier-take-held")}
                    <kbd class="kbd max-sm:hidden">"P"</kbd>
                </button>
            }
        })
    })
    .into_any()
}

/// What is to be held beside the bills, and the fields in which one says so.
pub(super) fn area(counter: Counter) -> AnyView {
    let items = Memo::new(move |_| counter.held_items());
    let fields = move || counter.taking.open.get().then(|| items.with(|items| fields(counter, items)));
    view! {
        {move || items.with(|items| lines(counter, items))}
        {fields}
    }
    .into_any()
}

fn lines(counter: Counter, items: &[HeldItem]) -> Option<AnyView> {
    let takes = counter.till.with(|till| till.takes());
    let lines = takes
        .iter()
        .map(|take| {
            let item = take.fee_item;
            let name = items.iter().find(|each| each.fee_item == item).map(name).unwrap_or_default();
            let out = t!("cashier-take-out", name = name);
            view! {
                <li class="flex min-h-9 items-center gap-3">
                    <span class="min-w-0">{name}</span>
                    <span class="num ml-auto font-semibold">{money(take.amount_fen)}</span>
                    <button
                        type="button"
                        class="btn btn-ghost btn-xs btn-square"
                        aria-label=out.clone()
                        title=out
                        on:click=move |_| {
                            counter.till.update(|till| till.take(item, new_bill(), Money::ZERO));
                            focus_id("bills");
                        }
                    >
                        {icon_sized(icons::X, 14, "")}
                    </button>
                </li>
            }
        })
        .collect_view();
    let label = t!("cashier-take-held");
    (!takes.is_empty()).then(|| {
        view! {
            <div class="mt-2 rounded-field bg-paper px-3 text-sm">
                <ul aria-label=label>{lines}</ul>
                {payer(counter)}
            </div>
        }
        .into_any()
    })
}

/// Who pays it in, and will get it back: a tenant or a builder says so.
fn payer(counter: Counter) -> AnyView {
    let text = counter.taking.payer;
    let owner = move || counter.desk.with(|desk| desk.as_ref().and_then(|desk| desk.owner.clone())).unwrap_or_default();
    view! {
        <label class="flex min-h-9 items-center gap-3 border-t border-line">
            <span class="text-ink-2">{t!("cashier-payer")}</span>
            <span class="input input-sm ml-auto w-40">
                <input
                    id="take-payer"
                    maxlength="60"
                    autocomplete="off"
                    placeholder=owner
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                />
            </span>
        </label>
    }
    .into_any()
}

fn fields(counter: Counter, items: &[HeldItem]) -> AnyView {
    let Taking { item, amount, .. } = counter.taking;
    let wrong = move || amount.with(|text| if text.trim().is_empty() { None } else { read(text).err() });
    let select = choice(["take-item", "take-amount"], t!("cashier-take-what"), items, item);
    let only = (items.len() == 1).then(|| items.first().map(|item| view! { <span class="min-w-0 flex-1">{name(item)}</span> }));
    let items = items.to_vec();
    let take = move || {
        if let Some(item) = chosen(&items, item) {
            counter.take(item);
        }
    };
    let by_key = take.clone();
    view! {
        <div class="mt-2 rounded-field bg-paper px-3 py-2 text-sm" role="group" aria-label=t!("cashier-take-held")>
            <div class="flex flex-wrap items-center gap-2">
                {select} {only}
                <label class="input input-sm w-32" aria-invalid=move || wrong().is_some().to_string()>
                    <span class="sr-only">{t!("cashier-amount")}</span>
                    <input
                        id="take-amount"
                        class="num text-base"
                        inputmode="decimal"
                        autocomplete="off"
                        placeholder="0.00"
                        prop:value=move || amount.get()
                        on:input=move |event| amount.set(event_target_value(&event))
                        on:keydown=move |event| {
                            if event.key() == "Enter" && !event.ctrl_key() {
                                event.prevent_default();
                                by_key();
                            }
                        }
                    />
                    <span class="text-ink-2">{t!("cashier-yuan")}</span>
                </label>
                <button type="button" class="btn btn-sm" on:click=move |_| take()>{t!("cashier-take-add")}</button>
            </div>
            {move || wrong().map(|code| view! { <p role="alert" class="mt-1 text-right text-error">{text::of_field(&FieldProblem::new("amount_fen", code))}</p> })}
        </div>
    }
    .into_any()
}

/// What a payer brings beyond what is due.
#[derive(Clone, Copy, PartialEq)]
enum Over {
    /// The ways to pay come to more.
    Ways(Money),
    /// Cash would go back.
    Change(Money),
}

impl Over {
    /// Tracked.
    fn of(counter: Counter) -> Option<Self> {
        // What held money can't pay is no money.
        if counter.set_off_too_much().is_some() {
            return None;
        }
        let missing = counter.till.with(|till| till.missing());
        if missing.is_negative() {
            return Some(Self::Ways(Money::from_fen(missing.fen().saturating_abs())));
        }
        counter.change().filter(|change| change.is_positive()).map(Self::Change)
    }

    fn words(self) -> String {
        match self {
            Self::Ways(amount) => t!("cashier-keep-over", amount = amount),
            Self::Change(amount) => t!("cashier-keep-change", amount = amount),
        }
    }

    /// It is held under this item; cash that would have gone back comes in.
    fn keep(self, counter: Counter, item: FeeItemId) {
        let (Self::Ways(amount) | Self::Change(amount)) = self;
        let cash = untrack(move || counter.cash());
        counter.till.update(|till| {
            let before = till.taken(item).fen();
            till.take(item, new_bill(), Money::from_fen(amount.fen().saturating_add(before)));
        });
        // Cash that takes the rest grows with what is taken.
        let follows = counter.till.with_untracked(|till| till.rest() == Some(Method::Cash));
        if matches!(self, Self::Change(_)) && !follows {
            counter.set_amount(Method::Cash, Money::from_fen(cash.fen().saturating_add(amount.fen())));
        }
    }
}

/// Too much money can stay here as a prepayment; only the payer says so.
pub(super) fn keep(counter: Counter) -> AnyView {
    let over = Memo::new(move |_| Over::of(counter));
    let offered = Memo::new(move |_| over.get().is_some());
    let keepers = Memo::new(move |_| {
        let mut items: Vec<HeldItem> = counter.held_items().into_iter().filter(|item| item.kind == HeldKind::Prepaid).collect();
        items.sort_by_key(|item| item.pays_for_name.is_some());
        items
    });
    let keeper = counter.taking.keeper;
    let deed = move |_| {
        let item = keepers.with_untracked(|items| chosen(items, keeper));
        if let (Some(over), Some(item)) = (over.get_untracked(), item) {
            over.keep(counter, item);
            focus_id("bills");
        }
    };
    let choices = move || keepers.with(|items| choice(["keep-in", "keep"], t!("cashier-keep-in"), items, keeper));
    (move || {
        (offered.get() && keepers.with(|items| !items.is_empty())).then(|| {
            view! {
                <div class="mt-1 flex flex-wrap items-center justify-end gap-2">
                    {choices}
                    <button id="keep" type="button" class="btn btn-sm" on:click=deed>
                        {icon_sized(icons::WALLET, 16, "")}
                        {move || over.get().map(Over::words)}
                    </button>
                </div>
            }
        })
    })
    .into_any()
}
