//! What a bill is let off, in sentences: as planned, and as it stands in the books.

use common::billing::api::TakeBackWaiver;
use common::billing::plan::ToldWaiver;
use common::id::{CommunityId, WaiverId};
use common::money::Money;
use common::permission::Permission;
use common::waivers::api::{BillWaiver, WaiverState};
use common::waivers::explain::sentences;
use common::waivers::trace::WaiverTrace;
use leptos::prelude::*;
use uuid::Uuid;

use crate::kit::{Ending, Form, Reload, State, dialog, moment, state_badge, toast};
use crate::{session, t};

/// The waivers of a planned bill.
pub fn waivers_view(waivers: &[ToldWaiver]) -> AnyView {
    waivers
        .iter()
        .map(|one| block(one.name.clone(), &one.reason, one.amount_fen, &one.trace, State::Done, ().into_any()))
        .collect_view()
        .into_any()
}

/// The waivers of a bill, each with what may be done about it.
pub fn bill_waivers(community: CommunityId, waivers: &[BillWaiver], reload: Reload) -> AnyView {
    let back = Back::new(community, reload);
    let blocks = waivers
        .iter()
        .map(|one| {
            let (id, amount) = (one.id, one.amount_fen);
            let given = one.state == WaiverState::Given;
            let may = given && one.scheme.is_none() && session::may(Permission::BillingWaive);
            let state = (!given).then(|| {
                state_badge(State::Void, t!(&format!("waivers-state-{}", one.state.word().replace('_', "-"))))
            });
            let why = one.back_reason.as_ref().map(|reason| view! { <p>{t!("waivers-why-back", reason = reason)}</p> });
            let by = one.by.clone().unwrap_or_else(|| t!("billing-by-system"));
            let more = view! {
                {why}
                <p class="label-xs flex flex-wrap items-center gap-x-3">
                    <span>{moment(one.at)} "  " {by}</span>
                    {state}
                    {may.then(|| view! {
                        <button type="button" class="btn btn-xs ml-auto" on:click=move |_| back.ask(id, amount)>{t!("waivers-take-back")}</button>
                    })}
                </p>
            };
            let name = if one.name.is_empty() { t!("waivers-once") } else { one.name.clone() };
            let look = if given { State::Done } else { State::Void };
            block(name, &one.reason, amount, &one.trace, look, more.into_any())
        })
        .collect_view();
    view! { <div class="px-6 py-3 max-sm:px-4">{blocks}</div> {back.show()} }.into_any()
}

fn block(name: String, reason: &str, amount: Money, trace: &WaiverTrace, look: State, more: AnyView) -> AnyView {
    let said =
        sentences(session::language(), trace, amount).into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view();
    let struck = look == State::Void;
    view! {
        <section class="border-b border-line py-3 text-sm">
            <div class="flex items-baseline gap-4 text-base">
                <h3 class="font-semibold">{name}</h3>
                <span class="min-w-0 text-sm text-ink-2">{reason.to_owned()}</span>
                <span class="num ml-auto font-semibold whitespace-nowrap" class:line-through=struck>{format!("−{amount}")}</span>
            </div>
            <div class="mt-1 flex flex-col gap-1 leading-6 text-ink-2">{said} {more}</div>
        </section>
    }
    .into_any()
}

/// The dialog in which a waiver by hand is taken back, with the reason.
#[derive(Clone, Copy)]
struct Back {
    open: RwSignal<bool>,
    amount: RwSignal<Money>,
    form: Form<TakeBackWaiver>,
    reload: Reload,
}

impl Back {
    fn new(community: CommunityId, reload: Reload) -> Self {
        let form = Form::new(TakeBackWaiver { community, waiver: WaiverId(Uuid::nil()), reason: String::new() });
        Self { open: RwSignal::new(false), amount: RwSignal::new(Money::ZERO), form, reload }
    }

    fn ask(self, waiver: WaiverId, amount: Money) {
        self.form.restart(TakeBackWaiver { community: session::community(), waiver, reason: String::new() });
        self.amount.set(amount);
        self.open.set(true);
    }

    fn show(self) -> AnyView {
        let Self { open, amount, form, reload } = self;
        dialog(
            open,
            move || t!("waivers-take-back-title", amount = amount.get()),
            move || {
                let fields = form.field("reason", t!("waivers-take-back-reason"), |ask| &mut ask.reason).focus().show();
                let ending = Ending::new(t!("waivers-take-back")).danger().in_dialog().cancel(move || open.set(false));
                let done = move |_| {
                    open.set(false);
                    reload.now();
                    toast(t!("waivers-taken-back"));
                };
                view! { <div class="mt-2">{form.show(ending, fields, done)}</div> }.into_any()
            },
        )
    }
}
