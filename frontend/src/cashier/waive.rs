//! Late fee let go at the desk, with its reason.

use common::cashier::api::{OpenBill, WaiveLateFee};
use common::id::{BillId, LateFeeWaiverId};
use common::money::Money;
use leptos::prelude::*;
use uuid::Uuid;

use super::state::Counter;
use crate::approvals::done_or_waits;
use crate::kit::{Ending, Form, dialog};
use crate::{session, t};

/// The dialog, opened for a bill.
#[derive(Clone, Copy)]
pub(super) struct LettingGo {
    open: RwSignal<bool>,
    title: RwSignal<String>,
    form: Form<WaiveLateFee>,
}

impl LettingGo {
    pub(super) fn new() -> Self {
        let form = Form::new(ask_of(BillId(Uuid::nil()), Money::ZERO));
        Self { open: RwSignal::new(false), title: RwSignal::new(String::new()), form }
    }

    /// Starts with all of what is due.
    pub(super) fn ask(self, bill: &OpenBill) {
        self.title.set(t!("cashier-waive-title", item = bill.fee_item_name, month = bill.month));
        self.form.restart(ask_of(bill.bill, bill.late_fee_fen));
        self.open.set(true);
    }

    pub(super) fn show(self, counter: Counter) -> AnyView {
        let Self { open, title, form } = self;
        dialog(
            open,
            move || title.get(),
            move || {
                let late = form.draft.with_untracked(|ask| ask.late_fee_fen);
                let fields = view! {
                    <p class="text-base text-ink-2">{t!("cashier-waive-text", late = late)}</p>
                    {form
                        .field("amount_fen", t!("cashier-waive-amount"), |ask| &mut ask.amount_fen)
                        .unit(t!("cashier-yuan"))
                        .width("w-40")
                        .show()}
                    {form.field("reason", t!("cashier-waive-reason"), |ask| &mut ask.reason).focus().show()}
                };
                let ending = Ending::new(t!("cashier-waive")).danger().in_dialog().cancel(move || open.set(false));
                let done = move |outcome| {
                    open.set(false);
                    done_or_waits(outcome, t!("cashier-waived", amount = form.draft.with_untracked(|ask| ask.amount_fen)));
                    counter.reload();
                };
                view! { <div class="mt-2">{form.show(ending, fields, done)}</div> }.into_any()
            },
        )
    }
}

fn ask_of(bill: BillId, late: Money) -> WaiveLateFee {
    WaiveLateFee {
        community: session::community(),
        waiver: LateFeeWaiverId(Uuid::now_v7()),
        bill,
        amount_fen: late,
        late_fee_fen: late,
        reason: String::new(),
    }
}
