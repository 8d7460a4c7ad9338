//! The shares as they change under the hand: the same functions that the server runs again.

use std::collections::HashMap;

use common::id::UnitId;
use common::metering::Utility;
use common::metering::api::{Inputs, SharerRow, Source};
use common::metering::apportion::{Method, Pool, Share, Sharer, pool, seen, shares, weights_formula};
use common::problem::{Problem, list};
use common::quantity::Quantity;
use leptos::prelude::*;

use super::choice::Choice;
use crate::kit::{Term, count, equation, icon, icons, money, problem_note};
use crate::metering::figure;
use crate::t;

/// What the choices come to.
#[derive(Clone)]
pub(super) struct Outcome {
    pub(super) pool: Pool,
    pub(super) shares: Vec<Share>,
    pub(super) seen: String,
}

/// The same functions that the server runs again.
pub(super) fn outcome(choice: Choice, inputs: &Inputs) -> Option<Result<Outcome, Problem>> {
    let source = choice.source()?;
    let over = choice.over();
    let pool = match (&source, &inputs.figures) {
        (Source::Meter { taken, price, negative, .. }, Some(figures)) => pool(figures, *taken, *price, *negative),
        (Source::Amount { amount_fen, .. }, _) => Ok(Pool { quantity: Quantity::ZERO, amount: *amount_fen }),
        (Source::Meter { .. }, None) => return None,
    };
    let sharers: Vec<Sharer> = inputs.units.iter().filter(|unit| over.includes(unit)).map(SharerRow::sharer).collect();
    let method = choice.method.get();
    let formula = match method {
        Method::Formula if choice.formula.with(|text| text.trim().is_empty()) => return None,
        method => weights_formula(method, &choice.formula.get(), &choice.fields.get()),
    };
    let shared = |pool: Pool| Ok((pool, shares(pool, method, formula?.as_ref(), &sharers)?));
    Some(pool.and_then(shared).map_err(|no| labelled(no.problem(), inputs)).map(|(pool, shares)| {
        let figures = inputs.figures.as_ref().filter(|_| matches!(source, Source::Meter { .. }));
        Outcome { seen: seen(figures, pool, &shares), pool, shares }
    }))
}

/// The units that a refusal names by their codes, by what people call them.
fn labelled(mut problem: Problem, inputs: &Inputs) -> Problem {
    let label = |code: &str| {
        let unit = inputs.units.iter().find(|unit| unit.unit.code == code);
        unit.map_or_else(|| code.to_owned(), |unit| unit.unit.label.clone())
    };
    for name in ["unit", "units"] {
        if let Some(codes) = problem.args.get_mut(name) {
            *codes = list(codes.lines().map(label));
        }
    }
    problem
}

/// How many shares the preview draws.
const DRAWN: usize = 300;

pub(super) fn preview(
    result: Option<Result<Outcome, Problem>>,
    inputs: RwSignal<Option<Result<Inputs, Problem>>>,
    utility: Option<Utility>,
    search: RwSignal<String>,
    late: Option<String>,
) -> AnyView {
    let outcome = match result {
        None => {
            return view! { <p class="px-6 py-6 text-base text-ink-2 max-sm:px-4">{t!("metering-preview-waits")}</p> }.into_any();
        }
        Some(Err(problem)) => return view! { <div class="px-6 py-4 max-sm:px-4">{problem_note(&problem)}</div> }.into_any(),
        Some(Ok(outcome)) => outcome,
    };
    // An amount that is typed has no quantity.
    let measure = utility.map(Utility::measure);
    let total = outcome.shares.len();
    let least = outcome.shares.iter().map(|share| share.amount).min().unwrap_or_default();
    let most = outcome.shares.iter().map(|share| share.amount).max().unwrap_or_default();
    let mut terms = Vec::new();
    if let Some(measure) = measure {
        terms.push(Term::new("", format!("{} {measure}", t!("metering-quantity")), figure(outcome.pool.quantity)));
    }
    let sign = if utility.is_some() { "→" } else { "" };
    terms.push(Term { sign, ..Term::result(t!("metering-pool-amount"), outcome.pool.amount) });
    terms.push(Term::count("÷", t!("metering-units"), total));
    let totals = totals(&outcome, utility);
    let shares = StoredValue::new(in_order(outcome.shares, inputs));
    let rows = move || search.with(|text| shares.with_value(|shares| rows(shares, text, utility)));
    view! {
        <div class="px-6 py-4 max-sm:px-4">{equation(terms)} <p class="label-xs mt-2">{t!("metering-share-range", least = least, most = most)}</p>
            {late.map(|late| view! { <p class="mt-2 flex items-center gap-2 text-sm text-warning">{icon(icons::TRIANGLE_ALERT)} {late}</p> })}
        </div>
        <div class="px-6 pb-2 max-sm:px-4">{search_field(search)}</div>
        <div class="overflow-x-auto pb-4">
            <table class="table table-sm edge" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-shares")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-unit")}</th>
                        <th scope="col" class="num">{t!("metering-weight")}</th>
                        {measure.map(|measure| view! { <th scope="col" class="num">{format!("{} {measure}", t!("metering-share-quantity"))}</th> })}
                        <th scope="col" class="num">{t!("metering-share-amount")}</th>
                    </tr>
                </thead>
                <tbody>{totals}</tbody>
                <tbody>{rows}</tbody>
            </table>
            {move || more(shares.with_value(|shares| search.with(|text| found(shares, text).count())))}
        </div>
    }
    .into_any()
}

/// A share with the label of its unit.
type Labelled = (String, Share);

/// The shares as the server sends the units, which is the estate's order; the calculation has its own.
fn in_order(shares: Vec<Share>, inputs: RwSignal<Option<Result<Inputs, Problem>>>) -> Vec<Labelled> {
    let mut shares: HashMap<UnitId, Share> = shares.into_iter().map(|share| (share.unit, share)).collect();
    inputs.with_untracked(|inputs| match inputs {
        Some(Ok(inputs)) => {
            let one = |unit: &SharerRow| Some((unit.unit.label.clone(), shares.remove(&unit.unit.id)?));
            inputs.units.iter().filter_map(one).collect()
        }
        _ => Vec::new(),
    })
}

/// Those whose label has the text in it.
fn found<'a>(shares: &'a [Labelled], text: &'a str) -> impl Iterator<Item = &'a Labelled> {
    let text = text.trim();
    shares.iter().filter(move |(label, _)| label.contains(text))
}

fn rows(shares: &[Labelled], text: &str, utility: Option<Utility>) -> AnyView {
    found(shares, text)
        .take(DRAWN)
        .map(|(label, share)| {
            view! {
                <tr>
                    <td class="whitespace-nowrap">{label.clone()}</td>
                    <td class="num">{figure(share.weight)}</td>
                    {utility.map(|_| view! { <td class="num">{figure(share.quantity)}</td> })}
                    <td class="num font-semibold">{money(share.amount)}</td>
                </tr>
            }
        })
        .collect_view()
        .into_any()
}

/// What all shares come to, above them: it is seen without turning to the end.
fn totals(outcome: &Outcome, utility: Option<Utility>) -> AnyView {
    let weights = common::metering::usage::sum(outcome.shares.iter().map(|share| share.weight)).unwrap_or_default();
    view! {
        <tr class="font-semibold">
            <td>{t!("metering-units-count", count = count(outcome.shares.len()))}</td>
            <td class="num">{figure(weights)}</td>
            {utility.map(|_| view! { <td class="num">{figure(outcome.pool.quantity)}</td> })}
            <td class="num">{money(outcome.pool.amount)}</td>
        </tr>
    }
    .into_any()
}

/// What stands below the rows: that there are more, or that none was found.
fn more(found: usize) -> Option<AnyView> {
    let words = match found {
        0 => t!("metering-shares-none"),
        found if found > DRAWN => t!("metering-shares-more", count = count(found - DRAWN)),
        _ => return None,
    };
    Some(view! { <p class="label-xs px-6 pt-2 max-sm:px-4">{words}</p> }.into_any())
}

fn search_field(search: RwSignal<String>) -> AnyView {
    view! {
        <label class="input input-sm w-56 max-sm:w-full">
            {icon(icons::SEARCH)}
            <input type="search" aria-label=t!("kit-search") placeholder=t!("metering-shares-search") prop:value=move || search.get()
                on:input=move |event| search.set(event_target_value(&event)) />
        </label>
    }
    .into_any()
}
