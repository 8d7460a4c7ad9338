//! The dialog in which part of an open bill is waived, once: from the bill's page and from the desk.

use common::approvals::api::ListFlows;
use common::approvals::flow::{DeedKind, levels_of};
use common::billing::api::WaiveBill;
use common::id::{BillId, WaiverId};
use common::money::Money;
use leptos::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::api::call;
use crate::approvals::done_or_waits;
use crate::kit::{Ending, Form, Term, dialog, equation_line, icon, icons};
use crate::{session, t};

/// How one says how much.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Amount,
    Percent,
}

/// The dialog; the waiver's id is made when it opens, so that two clicks are one waiver.
#[derive(Clone, Copy)]
pub struct Waiving {
    open: RwSignal<bool>,
    number: RwSignal<String>,
    how: RwSignal<How>,
    form: Form<WaiveBill>,
    after: StoredValue<Option<Box<dyn Fn()>>, LocalStorage>,
}

impl Default for Waiving {
    fn default() -> Self {
        Self::new()
    }
}

impl Waiving {
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            number: RwSignal::new(String::new()),
            how: RwSignal::new(How::Amount),
            form: Form::new(blank(BillId(Uuid::nil()), Money::ZERO)),
            after: StoredValue::new_local(None),
        }
    }

    /// Opens it for a bill of which so much is open; `after` runs when something was waived.
    pub fn ask(self, bill: BillId, number: String, open: Money, after: impl Fn() + 'static) {
        self.form.restart(blank(bill, open));
        self.number.set(number);
        self.how.set(How::Amount);
        self.after.set_value(Some(Box::new(after)));
        self.open.set(true);
    }

    pub fn show(self) -> AnyView {
        let Self { open, number, how, form, after } = self;
        dialog(
            open,
            move || t!("waivers-waive-title", number = number.get()),
            move || {
                let fields = view! {
                    {self.ways()}
                    {move || match how.get() {
                        How::Amount => form
                            .field("amount_fen", t!("waivers-waive-money"), |ask| &mut ask.amount_fen)
                            .unit(t!("waivers-yuan"))
                            .required()
                            .focus()
                            .width("w-48")
                            .show(),
                        How::Percent => form
                            .field("percent", t!("waivers-percent"), |ask| &mut ask.percent)
                            .unit("%")
                            .required()
                            .focus()
                            .width("w-48")
                            .show(),
                    }}
                    {form.field("reason", t!("waivers-reason"), |ask| &mut ask.reason).show()}
                    {move || then(form)}
                    {waits(form)}
                };
                let ending = Ending::new(t!("waivers-waive")).in_dialog().cancel(move || open.set(false));
                let done = move |outcome| {
                    open.set(false);
                    let amount = form.draft.with_untracked(WaiveBill::amount).unwrap_or_default();
                    done_or_waits(outcome, t!("waivers-waived", amount = amount));
                    after.with_value(|after| {
                        if let Some(after) = after {
                            after();
                        }
                    });
                };
                view! { <div class="mt-2">{form.show(ending, fields, done)}</div> }.into_any()
            },
        )
    }

    /// By amount or by share: what was typed the other way is forgotten.
    fn ways(self) -> AnyView {
        let Self { how, form, .. } = self;
        let one = move |(way, word): (How, String)| {
            view! {
                <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                    <input
                        type="radio"
                        class="radio radio-xs"
                        name="waive-how"
                        prop:checked=move || how.get() == way
                        on:change=move |_| {
                            form.draft.update(|ask| (ask.amount_fen, ask.percent) = (None, None));
                            how.set(way);
                        }
                    />
                    {word}
                </label>
            }
        };
        let ways = [(How::Amount, t!("waivers-waive-amount")), (How::Percent, t!("waivers-waive-percent"))].into_iter();
        view! {
            <fieldset>
                <legend class="text-base font-semibold">{t!("waivers-waive-how")}</legend>
                <div class="mt-1 flex flex-wrap gap-x-5">{ways.map(one).collect_view()}</div>
            </fieldset>
        }
        .into_any()
    }
}

/// What is open now, what is waived, and what is open then.
fn then(form: Form<WaiveBill>) -> AnyView {
    if form.draft.with(is_too_much) {
        let words = t!("waivers-waive-most", open = form.draft.with(|ask| ask.open_fen));
        return view! { <p class="border-t-3 border-double border-control pt-3 text-sm text-error" aria-live="polite">{words}</p> }
            .into_any();
    }
    let (open, amount) = form.draft.with(|ask| (ask.open_fen, ask.amount().unwrap_or_default()));
    let terms = vec![
        Term::money("", t!("waivers-waive-now"), open),
        Term::money("−", t!("waivers-amount"), amount),
        Term::result(t!("waivers-waive-then"), open.checked_sub(amount).unwrap_or_default()),
    ];
    view! { <div class="border-t-3 border-double border-control pt-3 text-sm" aria-live="polite">{equation_line(terms)}</div> }
        .into_any()
}

/// Whether more is typed than is open: said at once, before the field is left.
fn is_too_much(ask: &WaiveBill) -> bool {
    ask.amount_fen.is_some_and(|amount| amount > ask.open_fen)
        || ask.percent.is_some_and(|percent| percent.get() > Decimal::ONE_HUNDRED)
}

/// Whether the amount waits for approval, for those who may see the flows; what was let off before may add to it on the server.
fn waits(form: Form<WaiveBill>) -> Option<AnyView> {
    session::may_ask::<ListFlows>().then(|| {
        let flows = LocalResource::new(|| call(ListFlows { community: session::community() }));
        let amount = move || form.draft.with(WaiveBill::amount).filter(|amount| amount.is_positive());
        let needed = move |amount: Money| {
            let flows = flows.get()?.ok()?;
            let flow = flows.into_iter().find(|flow| flow.kind == DeedKind::Waive)?;
            Some(levels_of(&flow.levels, amount) > 0)
        };
        let waits = Memo::new(move |_| amount().and_then(needed).unwrap_or(false));
        let note = move || {
            waits.get().then(|| {
                view! { <p class="flex items-center gap-2 text-sm text-warning">{icon(icons::STAMP)} {t!("waivers-waive-waits")}</p> }
            })
        };
        view! { <div aria-live="polite">{note}</div> }.into_any()
    })
}

fn blank(bill: BillId, open: Money) -> WaiveBill {
    WaiveBill {
        community: session::community(),
        waiver: WaiverId(Uuid::now_v7()),
        bill,
        open_fen: open,
        amount_fen: None,
        percent: None,
        reason: String::new(),
    }
}
