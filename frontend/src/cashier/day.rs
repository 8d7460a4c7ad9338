//! 日结: what was taken on a day and what went back, by method, purpose and cashier; what was set off stands apart.

use common::cashier::Method;
use common::cashier::api::{CashierSum, DayTotals, Flow, MethodSum, SumDay, Takings};
use common::money::Money;
use common::period::Day;
use leptos::prelude::*;

use super::method_name;
use crate::api::call;
use crate::kit::{
    Empty, Header, Query, Term, cards, clock, dash, empty_view, equation, icons, link_button, load, money, money_or_dash,
    print_button, section,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let community = session::community();
    let day = Memo::new(move |_| query.one("day").and_then(|day| day.parse::<Day>().ok()));
    let pick = view! {
        <input
            type="date"
            class="input input-sm w-40"
            aria-label=t!("cashier-the-day")
            prop:value=move || day.get().unwrap_or_else(session::today).to_string()
            on:change=move |event| {
                let value = event_target_value(&event);
                query.put(&[("day", Some(value.as_str()).filter(|value| !value.is_empty()))]);
            }
        />
    };
    let header = Header::new(t!("cashier-day")).actions(view! {
        {pick}
        {move || {
            let day = day.get().unwrap_or_else(session::today);
            link_button(icons::RECEIPT_TEXT, t!("cashier-payments"), format!("/cashier/payments?from={day}&to={day}"))
        }}
        {print_button()}
    });
    view! {
        {header.show()}
        {load(move || call(SumDay { community, day: day.get(), flows: true }), 8, |totals| of(&totals))}
    }
    .into_any()
}

fn of(totals: &DayTotals) -> AnyView {
    if totals.is_empty() {
        let empty = Empty::new(icons::COINS, t!("cashier-day-empty", day = totals.day), t!("cashier-day-empty-text"));
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
    }
    let Takings { payments, voided, voided_fen, refunded_fen, .. } = totals.all;
    let refunds: i64 = totals.all.refunded.iter().map(|sum| sum.payments).sum();
    let gross = totals.all.money_in().checked_add(voided_fen).unwrap_or_default();
    let mut terms = vec![
        Term::money("", t!("cashier-day-gross", count = payments + voided), gross),
        Term::money("−", t!("cashier-day-voided", count = voided), voided_fen),
    ];
    if refunds > 0 {
        terms.push(Term::money("−", t!("cashier-day-refunded", count = refunds), refunded_fen));
    }
    let net = if refunds > 0 { t!("cashier-net") } else { t!("cashier-day-net", count = payments) };
    terms.push(Term::result(net, totals.all.net()));
    let set_off = Money::from_fen(totals.set_off.iter().map(|one| one.flow().net().fen()).sum());
    let offset = set_off
        .is_positive()
        .then(|| view! { <p class="mt-2 text-sm text-ink-2">{t!("cashier-offset-besides", amount = set_off)}</p> });
    let numbers = match (&totals.first_number, &totals.last_number) {
        (Some(first), Some(last)) => t!("cashier-day-numbers", day = totals.day, first = first, last = last),
        _ => totals.day.to_string(),
    };
    view! {
        <section class="border-y border-line px-6 py-4 max-sm:px-4">{equation(terms)} {offset} <p class="label-xs mt-2">{numbers}</p></section>
        {flows(totals)}
        {(!totals.by_cashier.is_empty()).then(|| section(t!("cashier-day-by-cashier"), (), table(totals)))}
    }
    .into_any()
}

/// The same money twice, by method and by purpose; then what was set off.
fn flows(totals: &DayTotals) -> AnyView {
    let heads = [t!("cashier-flow-taken"), t!("cashier-voided"), t!("cashier-flow-refunded"), t!("cashier-flow-net")];
    let cells = |flow: Flow| vec![flow.taken_fen, less(flow.voided_fen), less(flow.refunded_fen), flow.net()];
    let methods = totals.by_method.iter().map(|one| (method_name(one.method, one.name.as_deref()), one.flow)).collect();
    let purposes = totals.by_purpose.iter().map(|one| (t!(&format!("cashier-purpose-{}", one.purpose)), one.flow)).collect();
    let ways = totals.set_off.iter().map(|one| (t!(&format!("cashier-set-off-by-{}", one.by)), one.flow())).collect();
    let set_off = [t!("cashier-flow-set-off"), t!("cashier-flow-set-off-back"), t!("cashier-flow-net")];
    let of_set_off = |flow: Flow| vec![flow.taken_fen, less(flow.voided_fen), flow.net()];
    view! {
        {flow_table(t!("cashier-day-by-method"), t!("cashier-method"), &heads, methods, cells)}
        {flow_table(t!("cashier-day-by-purpose"), t!("cashier-purpose"), &heads, purposes, cells)}
        {flow_table(t!("cashier-day-set-off"), t!("cashier-set-off-by"), &set_off, ways, of_set_off)}
    }
    .into_any()
}

fn less(amount: Money) -> Money {
    Money::from_fen(-amount.fen())
}

/// A line for each, and their sum beneath; nothing where there is no line.
fn flow_table(
    title: String,
    head: String,
    heads: &[String],
    rows: Vec<(String, Flow)>,
    cells: fn(Flow) -> Vec<Money>,
) -> Option<AnyView> {
    let sum = Flow::sum(rows.iter().map(|(_, flow)| *flow)).filter(|_| !rows.is_empty())?;
    let amounts = move |flow: Flow| {
        cells(flow).into_iter().map(|amount| view! { <td class="num">{money_or_dash(amount)}</td> }).collect_view()
    };
    let lines = rows.into_iter().map(|(name, flow)| {
        view! {
            <tr>
                <th scope="row" class="font-normal">{name}</th>
                {amounts(flow)}
            </tr>
        }
    });
    let table = view! {
        <table class="table">
            <caption class="sr-only">{title.clone()}</caption>
            <thead>
                <tr>
                    <th scope="col">{head}</th>
                    {heads.iter().map(|head| view! { <th scope="col" class="num">{head.clone()}</th> }).collect_view()}
                </tr>
            </thead>
            <tbody>{lines.collect_view()}</tbody>
            <tfoot>
                <tr>
                    <th scope="row">{t!("kit-total")}</th>
                    {amounts(sum)}
                </tr>
            </tfoot>
        </table>
    };
    Some(section(title, (), view! { <div class="max-sm:-mx-4">{cards(table)}</div> }))
}

/// Methods down, what was given back beneath, cashiers across; each cell an amount, each line and column with its sum.
fn table(totals: &DayTotals) -> AnyView {
    let people = &totals.by_cashier;
    let across = |name: String, cell: &dyn Fn(&Takings) -> AnyView| {
        view! {
            <tr>
                <th scope="row" class="font-normal">{name}</th>
                {people.iter().map(|person| view! { <td class="num">{cell(&person.takings)}</td> }).collect_view()}
                <td class="num font-semibold">{cell(&totals.all)}</td>
            </tr>
        }
        .into_any()
    };
    let taken = totals.all.by_method.iter().map(|sum| {
        across(method_name(sum.method, sum.name.as_deref()), &|takings| of_method(&takings.by_method, sum.method, Way::In))
    });
    let refunded = totals.all.refunded.iter().map(|sum| {
        let name = t!("cashier-refunded-by", method = method_name(sum.method, sum.name.as_deref()));
        across(name, &|takings| of_method(&takings.refunded, sum.method, Way::Out))
    });
    let aside = |name: String, cell: &dyn Fn(&Takings) -> AnyView| {
        let each = people.iter().map(|person| &person.takings).chain([&totals.all]);
        let cells = each.map(|takings| view! { <td class="num text-ink-2">{cell(takings)}</td> }).collect_view();
        view! { <tr><th scope="row" class="font-normal text-ink-2">{name}</th>{cells}</tr> }.into_any()
    };
    let offset = totals.all.offset_fen.is_positive().then(|| {
        aside(t!("cashier-offset-no-money"), &|takings| {
            times(Some(takings.offset_fen).filter(|offset| offset.is_positive()), None)
        })
    });
    let voided = aside(t!("cashier-voided-besides"), &|takings| {
        times((takings.voided > 0).then_some(takings.voided_fen), Some(takings.voided))
    });
    let foot = |takings: &Takings| view! { <td class="num">{times(Some(takings.net()), Some(takings.payments))}</td> };
    let net = if totals.all.refunded.is_empty() { t!("cashier-taken-sum") } else { t!("cashier-net") };
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("cashier-day-by-cashier")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("cashier-method")}</th>
                        {people.iter().map(|person| view! { <th scope="col" class="num">{of_person(person)}</th> }).collect_view()}
                        <th scope="col" class="num">{t!("kit-total")}</th>
                    </tr>
                </thead>
                <tbody>{taken.collect_view()} {refunded.collect_view()} {voided} {offset}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{net}</th>
                        {people.iter().map(|person| foot(&person.takings)).collect_view()}
                        {foot(&totals.all)}
                    </tr>
                </tfoot>
            </table>})}</div>
    }
    .into_any()
}

/// Whether money came in or went out.
#[derive(Clone, Copy)]
enum Way {
    In,
    Out,
}

fn of_method(sums: &[MethodSum], method: Method, way: Way) -> AnyView {
    let sum = sums.iter().find(|sum| sum.method == method);
    let amount = sum.map(|sum| match way {
        Way::In => sum.amount_fen,
        Way::Out => Money::from_fen(-sum.amount_fen.fen()),
    });
    times(amount, sum.map(|sum| sum.payments))
}

/// An amount with how many payments it is of, in columns of their own; a pale dash where there is none.
fn times(amount: Option<Money>, count: Option<i64>) -> AnyView {
    let count = amount.and(count).map(|count| t!("cashier-times", count = count));
    view! {
        {amount.map_or_else(dash, money)}
        <span class="label-xs ml-2 inline-block w-12">{count}</span>
    }
    .into_any()
}

fn of_person(person: &CashierSum) -> String {
    match person.since {
        Some(since) => t!("cashier-since", name = person.name, since = clock(since)),
        None => person.name.clone(),
    }
}
