//! What is settled first inside a bill, chosen on the page of the ways to pay.

use common::cashier::api::{GetOrder, SaveOrder};
use common::charging::late_fee::InsideBill;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{Deed, load, toast};
use crate::{session, t};

pub(super) fn choice() -> AnyView {
    let community = session::community();
    let body = load(move || call(GetOrder { community }), 2, radios);
    view! { <section class="mx-6 max-w-160 pb-8 max-sm:mx-4">{body}</section> }.into_any()
}

fn radios(now: InsideBill) -> AnyView {
    let (chosen, deed) = (RwSignal::new(now), Deed::new());
    let may = session::may_ask::<SaveOrder>();
    let pick = move |order: InsideBill| {
        let before = chosen.get_untracked();
        chosen.set(order);
        let ask = SaveOrder { community: session::community(), order };
        deed.run_or(ask, |_| toast(t!("cashier-methods-saved")), move |_| chosen.set(before));
    };
    let lines = InsideBill::ALL
        .iter()
        .map(|order| {
            let order = *order;
            view! {
                <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                    <input
                        type="radio"
                        class="radio radio-xs"
                        name="order"
                        disabled=!may
                        prop:checked=move || chosen.get() == order
                        on:change=move |_| pick(order)
                    />
                    {t!(&format!("cashier-order-{order}"))}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset>
            <legend class="text-base font-semibold">{t!("cashier-order")}</legend>
            <p class="text-sm text-ink-2">{t!("cashier-order-help")}</p>
            <div class="mt-1">{lines}</div>
        </fieldset>
    }
    .into_any()
}
