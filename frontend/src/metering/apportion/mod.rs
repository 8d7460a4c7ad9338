//! Sharing a pool out: the figures, the method, the shares as they change under the hand, then the confirmation.

mod choice;
mod preview;

use common::estate::UnitKind;
use common::id::{ApportionmentId, FeeItemId, MeterId};
use common::metering::Utility;
use common::metering::api::{Apportion, Inputs, MasterLoss, ShowInputs, ShowLoss};
use common::metering::apportion::{Method, Taken};
use common::period::Month;
use common::problem::Problem;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsCast;

use self::choice::{Choice, Start, form};
use self::preview::{Outcome, outcome, preview};
use super::apportionment::figures_equation;
use super::late::{Billed, Late};
use super::{buildings, fee_items, taken_name};
use crate::api::call;
use crate::kit::{
    Confirm, Deed, Empty, Foot, Header, Query, count, empty_view, go_with_router, icon, icons, leave, load, month_of,
    month_picker, primary_link, problem_note, toast,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let month = month_of(query);
    let community = session::community();
    let start = load(
        move || {
            let month = month.get();
            async move {
                Ok(Start {
                    losses: call(ShowLoss { community, month }).await?,
                    buildings: buildings().await?,
                    fee_items: fee_items().await?,
                })
            }
        },
        10,
        move |start| {
            let wanted = query.one("meter").and_then(|id| id.parse::<MeterId>().ok());
            body(start, month, wanted)
        },
    );
    view! {
        {Header::new(t!("metering-apportion-new")).beside(month_picker(query, month)).show()}
        {start}
    }
    .into_any()
}

fn body(start: Start, month: Memo<Month>, wanted: Option<MeterId>) -> AnyView {
    if start.fee_items.is_empty() {
        let empty = Empty::new(icons::TAGS, t!("metering-no-fee-items"), t!("metering-no-fee-items-why"));
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty.actions(primary_link(icons::PLUS, t!("metering-to-fee-items"), "/charging/fee-items")))}</div> }.into_any();
    }
    let first = start.losses.iter().find(|loss| Some(loss.meter) == wanted).or(start.losses.first());
    let choice = Choice {
        month,
        meter: RwSignal::new(first.map(|loss| loss.meter)),
        taken: RwSignal::new(Taken::Both),
        negative: RwSignal::new(false),
        price: RwSignal::new(String::new()),
        name: RwSignal::new(String::new()),
        amount: RwSignal::new(String::new()),
        fee_item: RwSignal::new(first.map(|loss| loss.fee_item).or(start.fee_items.first().map(|(id, _)| *id))),
        method: RwSignal::new(Method::Area),
        formula: RwSignal::new(String::new()),
        fields: crate::estate::fields::formula_names(),
        buildings: RwSignal::new(Vec::new()),
        kinds: RwSignal::new(vec![UnitKind::Residence]),
        metered: RwSignal::new(false),
        vacant: RwSignal::new(true),
    };
    let losses = StoredValue::new(start.losses.clone());
    let utility = Signal::derive(move || {
        let meter = choice.meter.get()?;
        losses.with_value(|losses| losses.iter().find(|loss| loss.meter == meter).map(|loss| loss.utility))
    });
    let items = StoredValue::new(start.fee_items.clone());
    let inputs = RwSignal::new(None::<Result<Inputs, Problem>>);
    let by_formula = Memo::new(move |_| choice.method.get() == Method::Formula);
    let loaded = LocalResource::new(move || {
        let method = by_formula.get().then_some(Method::Formula);
        call(ShowInputs { community: session::community(), month: month.get_untracked(), meter: choice.meter.get(), method })
    });
    // What was chosen last time is taken once for a pool, not again when more is asked of its units.
    let taken_over = StoredValue::new(None::<Option<MeterId>>);
    Effect::new(move || {
        if let Some(result) = loaded.get() {
            let meter = choice.meter.get_untracked();
            let first = taken_over.get_value() != Some(meter);
            taken_over.set_value(Some(meter));
            if let Some(found) = result.as_ref().ok().filter(|_| first) {
                if let Some(price) = found.last_price {
                    choice.price.set(price.to_string());
                }
                let offered = |item: &FeeItemId| items.with_value(|items| items.iter().any(|(id, _)| id == item));
                if let Some(item) = found.last_fee_item.filter(offered) {
                    choice.fee_item.set(Some(item));
                }
                if let Some(method) = found.last_method {
                    choice.method.set(method);
                    choice.formula.set(found.last_formula.clone());
                }
            }
            inputs.set(Some(result));
        }
    });
    let result = Memo::new_with_compare(
        move |_| {
            inputs.with(|inputs| match inputs {
                Some(Ok(inputs)) => outcome(choice, inputs),
                _ => None,
            })
        },
        |_, _| true,
    );
    let billed = LocalResource::new(move || {
        let (fee_item, month) = (choice.fee_item.get(), month.get_untracked());
        async move {
            match fee_item {
                Some(fee_item) => Billed::of(fee_item, month).await,
                None => Ok(Billed::default()),
            }
        }
    });
    let late = Memo::new(move |_| match (billed.get(), result.get()) {
        (Some(Ok(billed)), Some(Ok(outcome))) => {
            billed.late(outcome.shares.iter().filter(|share| !share.amount.is_zero()).map(|share| share.unit))
        }
        _ => None,
    });
    let guard = leave::Guard::new();
    let note =
        move || losses.with_value(|losses| losses.iter().find(|loss| Some(loss.meter) == choice.meter.get()).map(warnings));
    let figures = move || {
        inputs.with(|inputs| match inputs {
            Some(Ok(found)) => {
                found.figures.as_ref().map(|figures| figures_equation(figures, utility.get().map_or("", Utility::measure)))
            }
            Some(Err(problem)) => Some(problem_note(problem)),
            None => None,
        })
    };
    let search = RwSignal::new(String::new());
    // A choice that is a button is no input.
    let chosen = move |event: leptos::ev::MouseEvent| {
        let pressed = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if pressed.is_some_and(|pressed| matches!(pressed.closest("[role=radio]"), Ok(Some(_)))) {
            guard.dirty();
        }
    };
    view! {
        <div class="border-y border-line px-6 py-3 max-sm:px-4">{figures} {note}</div>
        <div class="apportion-cols flex-1">
            <div class="px-6 py-4 max-sm:px-4" on:input=move |_| guard.dirty() on:click=chosen>{form(choice, &start)}</div>
            <div class="min-w-0">{move || preview(result.get(), inputs, utility.get(), search, late.get().map(|late| late.note(month.get_untracked())))}</div>
        </div>
        {foot(choice, result, losses, late, guard)}
    }
    .into_any()
}

fn warnings(loss: &MasterLoss) -> AnyView {
    let mut lines = Vec::new();
    if loss.unread > 0 {
        lines.push(t!("metering-warn-unread", count = loss.unread));
    }
    if loss.review > 0 {
        lines.push(t!("metering-warn-review", count = loss.review));
    }
    if !loss.shared.is_empty() {
        lines.push(t!(
            "metering-warn-shared",
            what = loss.shared.iter().map(|taken| taken_name(*taken)).collect::<Vec<_>>().join(&t!("kit-comma"))
        ));
    }
    lines
        .into_iter()
        .map(|line| view! { <p class="mt-2 flex items-center gap-2 text-sm text-warning">{icon(icons::TRIANGLE_ALERT)} {line}</p> })
        .collect_view()
        .into_any()
}

fn foot(
    choice: Choice,
    result: Memo<Option<Result<Outcome, Problem>>>,
    losses: StoredValue<Vec<MasterLoss>>,
    late: Memo<Option<Late>>,
    guard: leave::Guard,
) -> AnyView {
    let go = go_with_router();
    let deed = Deed::new();
    let id = ApportionmentId(Uuid::now_v7());
    let ready = move || matches!(result.get(), Some(Ok(_))) && !deed.busy();
    let send = StoredValue::new_local(move || {
        let (Some(Ok(outcome)), Some(source), Some(fee_item)) =
            (result.get_untracked(), untrack(|| choice.source()), choice.fee_item.get_untracked())
        else {
            return;
        };
        let meter = choice.meter.get_untracked();
        let (unread, review) = losses.with_value(|losses| {
            let loss = losses.iter().find(|loss| Some(loss.meter) == meter);
            loss.map_or((0, 0), |loss| (loss.unread, loss.review))
        });
        let ask = Apportion {
            community: session::community(),
            apportionment: id,
            month: choice.month.get_untracked(),
            source,
            fee_item,
            method: choice.method.get_untracked(),
            formula: choice.formula.get_untracked(),
            over: untrack(|| choice.over()),
            unread,
            review,
            seen: outcome.seen,
        };
        let go = go.clone();
        let units = count(outcome.shares.len());
        let confirm = Confirm::new(
            t!("metering-apportion-confirm", units = units, amount = outcome.pool.amount),
            late.get_untracked()
                .map_or_else(|| t!("metering-apportion-confirm-why"), |late| late.confirm(choice.month.get_untracked())),
            t!("metering-apportion-verb"),
        );
        confirm.ask(move || {
            deed.run_or(
                ask,
                move |done| {
                    guard.clean();
                    toast(t!("metering-apportioned", units = done.units, amount = done.amount));
                    go(&format!("/metering/apportion/{}", done.apportionment));
                },
                |_| (),
            );
        });
    });
    view! {
        {move || deed.problem().map(|problem| view! { <div class="px-6 pb-3 max-sm:px-4">{problem_note(&problem)}</div> })}
        {Foot::new()
            .kept(t!("metering-apportion-foot"))
            .deeds(view! {
                <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (!ready()).to_string() on:click=move |_| { if ready() { send.with_value(|send| send()); } }>
                    {icon(icons::SPLIT)} {t!("metering-apportion-verb")}
                </button>
            })
            .show()}
    }
    .into_any()
}
