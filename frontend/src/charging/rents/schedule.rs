//! Every rent of a contract, bill by bill, computed here by the engine that bills it.

use chrono::Datelike as _;
use common::charging::contract::{BILLS_MOST, Contract, RentBill};
use common::charging::tariff::Mode;
use common::money::Money;
use common::period::{Day, add_months};
use common::quantity::Price;
use leptos::prelude::*;

use super::super::words::price_text;
use crate::kit::{cards, icon_sized, icons, money};
use crate::{session, t};

/// Years that are shown of a contract without an end.
const YEARS: u32 = 5;

/// The table, or why there is none.
pub(super) fn schedule(contract: Option<Contract>) -> AnyView {
    let Some(contract) = contract else { return note(t!("charging-rent-schedule-none")) };
    if contract.rules.mode == Mode::Area && contract.area.is_none() {
        return note(t!("charging-rent-schedule-no-area"));
    }
    let until = add_months(contract.from.max(session::today()), YEARS * 12).unwrap_or(contract.from);
    let bills = contract.bills(until);
    let open = contract.to.is_none().then(|| t!("charging-rent-schedule-open", years = YEARS));
    let turnover = contract.rent.turnover.is_some().then(|| t!("charging-rent-schedule-why"));
    view! {
        {turnover.map(note)}
        {open.map(note)}
        {table(&bills)}
        {(bills.len() >= BILLS_MOST).then(|| note("…".to_owned()))}
    }
    .into_any()
}

fn note(text: String) -> AnyView {
    view! { <p class="py-1 text-sm text-ink-2">{text}</p> }.into_any()
}

fn table(bills: &[RentBill]) -> AnyView {
    let today = session::today();
    let mut last: Option<Price> = None;
    let mut rows = Vec::new();
    for year in bills.chunk_by(|one, other| one.period.from.year() == other.period.from.year()) {
        for bill in year {
            rows.push(row(bill, &mut last, today));
        }
        let Some(first) = year.first() else { continue };
        let sum = Money::sum(year.iter().map(|bill| bill.amount)).unwrap_or(Money::ZERO);
        rows.push(
            view! {
                <tr class="font-semibold">
                    <td>{t!("charging-rent-year-sum", year = first.period.from.year())}</td>
                    <td class="num">{money(sum)}</td>
                    <td></td>
                </tr>
            }
            .into_any(),
        );
    }
    let sum = Money::sum(bills.iter().map(|bill| bill.amount)).unwrap_or(Money::ZERO);
    cards(view! {
        <table class="table">
            <caption class="sr-only">{t!("charging-rent-schedule")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!("charging-rent-period")}</th>
                    <th scope="col" class="num">{t!("charging-rent-amount")}</th>
                    <th scope="col">{t!("charging-rent-note")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot>
                <tr class="font-semibold">
                    <td>{t!("charging-rent-sum")}</td>
                    <td class="num">{money(sum)}</td>
                    <td></td>
                </tr>
            </tfoot>
        </table>
    })
}

/// A bill; `last` is the rent before it, so that a step is seen.
fn row(bill: &RentBill, last: &mut Option<Price>, today: Day) -> AnyView {
    let mut notes = Vec::new();
    let free: i64 = bill.prices.iter().filter(|(_, price)| price.is_zero()).map(|(days, _)| days.days()).sum();
    if bill.part {
        notes.push(t!("charging-rent-note-part", days = bill.period.days()));
    }
    if free > 0 {
        notes.push(t!("charging-rent-note-free", days = free));
    }
    let mut steps = false;
    for (days, price) in bill.prices.iter().filter(|(_, price)| !price.is_zero()) {
        if last.is_some_and(|last| last != *price) {
            steps = true;
            notes.push(t!("charging-rent-note-step", day = days.from, price = price_text(*price)));
        }
        *last = Some(*price);
    }
    let past = if bill.period.to <= today { "text-ink-2" } else { "" };
    let mark = steps.then(|| icon_sized(icons::TRENDING_UP, 14, "mr-1 inline-block text-warning"));
    view! {
        <tr class=past>
            <td class="whitespace-nowrap">{bill.period.to_string()}</td>
            <td class="num">{money(bill.amount)}</td>
            <td class="text-sm">{mark} {notes.join(&t!("billing-comma"))}</td>
        </tr>
    }
    .into_any()
}
