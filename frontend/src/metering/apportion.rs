//! Sharing a pool out: the figures, the method, the shares as they change under the hand, then the confirmation.

use common::estate::UnitKind;
use common::id::{ApportionmentId, BuildingId, FeeItemId, MeterId};
use common::metering::Utility;
use common::metering::api::{Apportion, Inputs, MasterLoss, Over, SharerRow, ShowInputs, ShowLoss, Source};
use common::metering::apportion::{Method, NegativeLoss, Pool, Share, Sharer, Taken, pool, seen, shares};
use common::money::Money;
use common::period::Month;
use common::problem::Problem;
use common::quantity::{Price, Quantity};
use leptos::prelude::*;
use uuid::Uuid;

use super::apportionment::figures_equation;
use super::readings::{month_of, month_picker};
use super::{buildings, fee_items, figure, method_name, taken_name, utility_name};
use crate::api::call;
use crate::kit::{
    Confirm, Deed, Empty, FieldValue, Header, Query, Term, count, empty_view, equation, go_with_router, icon, icons, load, money,
    primary_link, problem_note, toast,
};
use crate::{session, t};

/// What the page starts from.
#[derive(Clone)]
struct Start {
    losses: Vec<MasterLoss>,
    buildings: Vec<(BuildingId, String)>,
    fee_items: Vec<(FeeItemId, String)>,
}

/// What the person chose.
#[derive(Clone, Copy)]
struct Choice {
    month: Memo<Month>,
    meter: RwSignal<Option<MeterId>>,
    taken: RwSignal<Taken>,
    negative: RwSignal<bool>,
    price: RwSignal<String>,
    name: RwSignal<String>,
    amount: RwSignal<String>,
    fee_item: RwSignal<Option<FeeItemId>>,
    method: RwSignal<Method>,
    buildings: RwSignal<Vec<BuildingId>>,
    kinds: RwSignal<Vec<UnitKind>>,
    metered: RwSignal<bool>,
    vacant: RwSignal<bool>,
}

impl Choice {
    fn over(self) -> Over {
        Over { buildings: self.buildings.get(), kinds: self.kinds.get(), metered: self.metered.get(), vacant: self.vacant.get() }
    }

    fn source(self) -> Option<Source> {
        match self.meter.get() {
            Some(meter) => Some(Source::Meter {
                meter,
                taken: self.taken.get(),
                price: Price::read(&self.price.get()).ok()?,
                negative: if self.negative.get() { NegativeLoss::IsZero } else { NegativeLoss::Stops },
            }),
            None => Some(Source::Amount { name: self.name.get(), amount_fen: Money::read(&self.amount.get()).ok()? }),
        }
    }
}

/// What the choices come to.
#[derive(Clone)]
struct Outcome {
    pool: Pool,
    shares: Vec<Share>,
    seen: String,
}

/// The same functions that the server runs again.
fn outcome(choice: Choice, inputs: &Inputs) -> Option<Result<Outcome, Problem>> {
    let source = choice.source()?;
    let over = choice.over();
    let pool = match (&source, &inputs.figures) {
        (Source::Meter { taken, price, negative, .. }, Some(figures)) => pool(figures, *taken, *price, *negative),
        (Source::Amount { amount_fen, .. }, _) => Ok(Pool { quantity: Quantity::ZERO, amount: *amount_fen }),
        (Source::Meter { .. }, None) => return None,
    };
    let sharers: Vec<Sharer> = inputs.units.iter().filter(|unit| over.includes(unit)).map(SharerRow::sharer).collect();
    let method = choice.method.get();
    Some(pool.and_then(|pool| Ok((pool, shares(pool, method, &sharers)?))).map_err(|no| no.problem()).map(|(pool, shares)| {
        let figures = inputs.figures.as_ref().filter(|_| matches!(source, Source::Meter { .. }));
        Outcome { seen: seen(figures, pool, &shares), pool, shares }
    }))
}

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
    let inputs = RwSignal::new(None::<Result<Inputs, Problem>>);
    let loaded = LocalResource::new(move || {
        call(ShowInputs { community: session::community(), month: month.get_untracked(), meter: choice.meter.get() })
    });
    Effect::new(move || {
        if let Some(result) = loaded.get() {
            if let Ok(found) = &result {
                if let Some(price) = found.last_price {
                    choice.price.set(price.to_string());
                }
                if let Some(method) = found.last_method {
                    choice.method.set(method);
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
    view! {
        <div class="border-y border-line px-6 py-3 max-sm:px-4">{figures} {note}</div>
        <div class="apportion-cols flex-1">
            <div class="px-6 py-4 max-sm:px-4">{form(choice, &start)}</div>
            <div class="min-w-0">{move || preview(result.get(), inputs, utility.get())}</div>
        </div>
        {foot(choice, result)}
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
            what = loss.shared.iter().map(|taken| taken_name(*taken)).collect::<Vec<_>>().join("、")
        ));
    }
    lines
        .into_iter()
        .map(|line| view! { <p class="mt-2 flex items-center gap-2 text-sm text-warning">{icon(icons::TRIANGLE_ALERT)} {line}</p> })
        .collect_view()
        .into_any()
}

/// A choice of a few words, as a row of buttons.
fn segments<V: Copy + PartialEq + Send + Sync + 'static>(label: String, now: RwSignal<V>, choices: Vec<(V, String)>) -> AnyView {
    let buttons = choices
        .into_iter()
        .map(|(value, word)| {
            view! {
                <button type="button" role="radio" aria-checked=move || (now.get() == value).to_string() on:click=move |_| now.set(value)
                    class=move || if now.get() == value { "btn btn-sm join-item z-1 border-primary! bg-pick! text-primary!" } else { "btn btn-sm join-item" }>
                    {word}
                </button>
            }
        })
        .collect_view();
    view! { <div><div class="text-base font-semibold">{label.clone()}</div><div class="join mt-1" role="radiogroup" aria-label=label>{buttons}</div></div> }.into_any()
}

fn tick(label: String, now: RwSignal<bool>) -> AnyView {
    view! {
        <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
            <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || now.get() on:change=move |event| now.set(event_target_checked(&event)) />
            {label}
        </label>
    }
    .into_any()
}

/// Ticks of which several may be set.
fn ticks<V: Copy + PartialEq + Send + Sync + 'static>(
    label: String,
    now: RwSignal<Vec<V>>,
    choices: Vec<(V, String)>,
) -> AnyView {
    let lines = choices
        .into_iter()
        .map(|(value, word)| {
            let change = move |_| {
                now.update(|values| match values.iter().position(|known| *known == value) {
                    Some(place) => drop(values.remove(place)),
                    None => values.push(value),
                });
            };
            view! {
                <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                    <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || now.with(|values| values.contains(&value)) on:change=change />
                    {word}
                </label>
            }
        })
        .collect_view();
    view! { <fieldset><legend class="text-base font-semibold">{label}</legend><div class="flex max-h-40 flex-wrap gap-x-5 overflow-y-auto">{lines}</div></fieldset> }.into_any()
}

fn typed(id: &'static str, label: String, now: RwSignal<String>, unit: impl IntoAny, figures: bool) -> AnyView {
    let (class, keys) = if figures { ("text-right", "decimal") } else { ("", "text") };
    view! {
        <div>
            <label class="block text-base font-semibold" for=id>{label}</label>
            <label class="input mt-1 w-64">
                <input id=id class=class inputmode=keys autocomplete="off" prop:value=move || now.get() on:input=move |event| now.set(event_target_value(&event)) />
                <span class="label-xs whitespace-nowrap">{unit.into_any()}</span>
            </label>
        </div>
    }
    .into_any()
}

fn form(choice: Choice, start: &Start) -> AnyView {
    let masters = start
        .losses
        .iter()
        .map(|loss| {
            let id = loss.meter;
            let word = format!("{} {} {}", loss.place, utility_name(loss.utility), loss.code);
            view! { <option value=id.to_string() selected=move || choice.meter.get() == Some(id)>{word}</option> }
        })
        .collect_view();
    let items = start
        .fee_items
        .iter()
        .map(|(id, name)| {
            let id = *id;
            view! { <option value=id.to_string() selected=move || choice.fee_item.get() == Some(id)>{name.clone()}</option> }
        })
        .collect_view();
    let losses = StoredValue::new(start.losses.clone());
    let pick = move |event| {
        let meter = event_target_value(&event).parse::<MeterId>().ok();
        if let Some(item) =
            losses.with_value(|losses| losses.iter().find(|loss| Some(loss.meter) == meter).map(|loss| loss.fee_item))
        {
            choice.fee_item.set(Some(item));
        }
        if meter.is_none() {
            choice.metered.set(false);
            if choice.method.get_untracked() == Method::Usage {
                choice.method.set(Method::Area);
            }
        }
        choice.meter.set(meter);
    };
    let of_meter = move || match choice.meter.get() {
        Some(_) => view! {
            {segments(t!("metering-taken"), choice.taken, Taken::ALL.iter().map(|taken| (*taken, taken_name(*taken))).collect())}
            {typed("apportion-price", t!("metering-price"), choice.price, t!("metering-price-unit"), true)}
            {tick(t!("metering-negative-as-zero"), choice.negative)}
        }
        .into_any(),
        None => view! {
            {typed("apportion-name", t!("metering-pool-name"), choice.name, (), false)}
            {typed("apportion-amount", t!("metering-pool-amount"), choice.amount, t!("metering-yuan"), true)}
        }
        .into_any(),
    };
    let methods = move || {
        let list = Method::ALL.iter().filter(|method| **method != Method::Usage || choice.meter.get().is_some());
        segments(t!("metering-method"), choice.method, list.map(|method| (*method, method_name(*method))).collect())
    };
    let kinds = UnitKind::ALL.iter().map(|kind| (*kind, t!(kind.text_id().as_str()))).collect();
    view! {
        <div class="flex flex-col gap-4">
            <div>
                <label class="text-base font-semibold" for="apportion-meter">{t!("metering-pool")}</label>
                <select id="apportion-meter" class="select mt-1" on:change=pick>
                    {masters}
                    <option value="" selected=move || choice.meter.get().is_none()>{t!("metering-typed-amount")}</option>
                </select>
            </div>
            {of_meter}
            <div>
                <label class="text-base font-semibold" for="apportion-item">{t!("metering-billed-as")}</label>
                <select id="apportion-item" class="select mt-1" on:change=move |event| choice.fee_item.set(event_target_value(&event).parse().ok())>{items}</select>
            </div>
            {methods}
            {ticks(t!("metering-kinds"), choice.kinds, kinds)}
            {ticks(t!("metering-only-buildings"), choice.buildings, start.buildings.clone())}
            <div>
                {move || choice.meter.get().map(|_| tick(t!("metering-only-metered"), choice.metered))}
                {tick(t!("metering-with-vacant"), choice.vacant)}
            </div>
        </div>
    }
    .into_any()
}

/// How many shares the preview draws.
const DRAWN: usize = 300;

fn preview(
    result: Option<Result<Outcome, Problem>>,
    inputs: RwSignal<Option<Result<Inputs, Problem>>>,
    utility: Option<Utility>,
) -> AnyView {
    let outcome = match result {
        None => {
            return view! { <p class="px-6 py-6 text-base text-ink-2 max-sm:px-4">{t!("metering-preview-waits")}</p> }.into_any();
        }
        Some(Err(problem)) => return view! { <div class="px-6 py-4 max-sm:px-4">{problem_note(&problem)}</div> }.into_any(),
        Some(Ok(outcome)) => outcome,
    };
    let measure = utility.map_or("", Utility::measure);
    let labels: std::collections::HashMap<_, _> = inputs.with_untracked(|inputs| match inputs {
        Some(Ok(inputs)) => inputs.units.iter().map(|unit| (unit.unit.id, unit.unit.label.clone())).collect(),
        _ => std::collections::HashMap::new(),
    });
    let total = outcome.shares.len();
    let weights = common::metering::usage::sum(outcome.shares.iter().map(|share| share.weight)).unwrap_or_default();
    let rows = outcome
        .shares
        .iter()
        .take(DRAWN)
        .map(|share| {
            view! {
                <tr>
                    <td class="whitespace-nowrap">{labels.get(&share.unit).cloned()}</td>
                    <td class="num">{figure(share.weight)}</td>
                    <td class="num">{figure(share.quantity)}</td>
                    <td class="num font-semibold">{money(share.amount)}</td>
                </tr>
            }
        })
        .collect_view();
    let least = outcome.shares.iter().map(|share| share.amount).min().unwrap_or_default();
    let most = outcome.shares.iter().map(|share| share.amount).max().unwrap_or_default();
    let mut terms = Vec::new();
    if utility.is_some() {
        terms.push(Term::new("", format!("{} {measure}", t!("metering-quantity")), figure(outcome.pool.quantity)));
    }
    let sign = if utility.is_some() { "→" } else { "" };
    terms.push(Term { sign, ..Term::result(t!("metering-pool-amount"), outcome.pool.amount) });
    terms.push(Term::count("÷", t!("metering-units"), total));
    view! {
        <div class="px-6 py-4 max-sm:px-4">{equation(terms)} <p class="label-xs mt-2">{t!("metering-share-range", least = least, most = most)}</p></div>
        <div class="overflow-x-auto pb-4">
            <table class="table table-sm edge" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-shares")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-unit")}</th>
                        <th scope="col" class="num">{t!("metering-weight")}</th>
                        <th scope="col" class="num">{format!("{} {measure}", t!("metering-share-quantity"))}</th>
                        <th scope="col" class="num">{t!("metering-share-amount")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <td>{t!("metering-units-count", count = count(total))}</td>
                        <td class="num">{figure(weights)}</td>
                        <td class="num">{figure(outcome.pool.quantity)}</td>
                        <td class="num">{money(outcome.pool.amount)}</td>
                    </tr>
                </tfoot>
            </table>
            {(total > DRAWN).then(|| view! { <p class="label-xs px-6 pt-2 max-sm:px-4">{t!("metering-shares-more", count = count(total - DRAWN))}</p> })}
        </div>
    }
    .into_any()
}

fn foot(choice: Choice, result: Memo<Option<Result<Outcome, Problem>>>) -> AnyView {
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
        let ask = Apportion {
            community: session::community(),
            apportionment: id,
            month: choice.month.get_untracked(),
            source,
            fee_item,
            method: choice.method.get_untracked(),
            over: untrack(|| choice.over()),
            seen: outcome.seen,
        };
        let go = go.clone();
        let units = count(outcome.shares.len());
        let confirm = Confirm::new(
            t!("metering-apportion-confirm", units = units, amount = outcome.pool.amount),
            t!("metering-apportion-confirm-why"),
            t!("metering-apportion-verb"),
        );
        confirm.ask(move || {
            deed.run_or(
                ask,
                move |done| {
                    toast(t!("metering-apportioned", units = done.units, amount = done.amount));
                    go(&format!("/metering/apportion/{}", done.apportionment));
                },
                |_| (),
            );
        });
    });
    view! {
        {move || deed.problem().map(|problem| view! { <div class="px-6 pb-3 max-sm:px-4">{problem_note(&problem)}</div> })}
        <footer class="wizard-foot">
            <span class="label-xs max-sm:hidden">{t!("metering-apportion-foot")}</span>
            <span class="ml-auto"></span>
            <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (!ready()).to_string() on:click=move |_| { if ready() { send.with_value(|send| send()); } }>
                {icon(icons::SPLIT)} {t!("metering-apportion-verb")}
            </button>
        </footer>
    }
    .into_any()
}
