//! A line of the sales: what is typed is saved when one goes on.

use common::charging::api::{EnterSales, SalesRow, UnitSales};
use common::money::Money;
use common::period::Month;
use common::problem::Problem;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rust_decimal::RoundingStrategy;

use crate::api::call;
use crate::kit::{FieldValue as _, State, focus_id, icon, icons, mark, moment, money, money_or_dash, state_badge, text_or_dash};
use crate::{session, t, text};

/// One unit; `now` is what is stored of it.
pub(super) fn line(
    (place, last): (usize, usize),
    row: SalesRow,
    (month, now): (Month, RwSignal<Option<Money>>),
    (billed, may): (bool, bool),
    missing_only: RwSignal<bool>,
) -> AnyView {
    let shown = |amount: Option<Money>| amount.map(|amount| amount.yuan().to_string()).unwrap_or_default();
    let typed = RwSignal::new(shown(row.sales_fen));
    let (busy, saved) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<String>);
    let unit = row.unit;
    let save = move || {
        // A field that goes with its page loses the focus when nothing is there any more.
        let Some(text) = typed.try_get_untracked() else { return };
        let wanted = match Option::<Money>::read(&text) {
            Ok(wanted) => wanted,
            Err(code) => {
                problem.set(Some(text::of_field(&common::problem::FieldProblem::new("sales", code))));
                return;
            }
        };
        problem.set(None);
        if wanted == now.get_untracked() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let ask = EnterSales { community: session::community(), month, rows: vec![UnitSales { unit, sales_fen: wanted }] };
        spawn_local(async move {
            let answer = call(ask).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    now.set(wanted);
                    saved.set(true);
                }
                Err(refused) => problem.set(Some(said(&refused))),
            }
        });
    };
    let keys = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "Enter" | "ArrowDown" => Some((place + 1).min(last)),
            "ArrowUp" => Some(place.saturating_sub(1)),
            _ => None,
        };
        if let Some(to) = to {
            event.prevent_default();
            save();
            focus_id(&format!("sales-{to}"));
        }
    };
    let label = format!("{} {}", row.unit_label, t!("charging-sales-of"));
    let entry = if may {
        view! {
            <input id=format!("sales-{place}") class="input input-sm w-36 text-right max-sm:w-32" inputmode="decimal" autocomplete="off" aria-label=label
                aria-invalid=move || problem.get().is_some().to_string()
                prop:value=move || typed.get()
                on:input=move |event| { saved.set(false); typed.set(event_target_value(&event)); }
                on:keydown=keys
                on:blur=move |_| save() />
        }
        .into_any()
    } else {
        money_or_dash(row.sales_fen)
    };
    let share = row.share.get();
    let amount = move || {
        let sales = now.get()?;
        let fen =
            (rust_decimal::Decimal::from(sales.fen()) * share).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Money::from_yuan(fen / rust_decimal::Decimal::ONE_HUNDRED).map(money)
    };
    let by = row
        .entered_by
        .clone()
        .zip(row.entered_at)
        .map(|(name, at)| t!("charging-sales-entered-by", name = name, day = moment(at)));
    let state = move || {
        if let Some(problem) = problem.get() {
            return view! { <span class="text-error" role="alert">{problem}</span> }.into_any();
        }
        if saved.get() {
            return view! { <span class="inline-flex items-center gap-1 text-ink-2">{icon(icons::CHECK)} {t!("charging-sales-entered")}</span> }.into_any();
        }
        match now.get() {
            None => state_badge(State::Wait, t!("charging-sales-missing")),
            Some(_) => text_or_dash(by.clone()),
        }
    };
    let hidden = move || missing_only.get() && now.get().is_some() && !saved.get();
    view! {
        <tr class:hidden=hidden>
            <th scope="row" class="font-normal whitespace-nowrap"><a class="a" href=format!("/estate/units/{unit}")>{row.unit_label.clone()}</a></th>
            <td>{text_or_dash(row.tenant.clone())}</td>
            <td class="num">{format!("{}%", (share * rust_decimal::Decimal::ONE_HUNDRED).normalize())}</td>
            <td class="num">{entry}</td>
            <td class="num">{amount}</td>
            <td class="text-sm">{state} {billed.then(|| view! { <span class="ml-2">{mark(t!("charging-sales-billed"), "")}</span> })}</td>
        </tr>
    }
    .into_any()
}

fn said(problem: &Problem) -> String {
    problem.fields.first().map_or_else(|| text::of_problem(problem), text::of_field)
}
