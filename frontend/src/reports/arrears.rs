//! 欠费账龄: what is late, how long, and whose it is.

use common::charging::api::ListFeeItems;
use common::id::{BuildingId, FeeItemId};
use common::money::Money;
use common::reports::Age;
use common::reports::api::{Arrears, ArrearsGroup, ArrearsRow, AskArrears, AskHeldLate, Grouping, ListArrears};
use leptos::prelude::*;

use super::age_name;
use super::pick::{buildings, fee_items};
use crate::api::call;
use crate::kit::{
    self, Column, Empty, Filter, Header, List, Query, Tab, age_bar, cards, dash, icons, load, money, money_or_dash, print_button,
    tabs, text_or_dash,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    view! {
        {Header::new(t!("reports-arrears")).actions(print_button()).show()}
        {tabs(
            t!("reports-arrears"),
            vec![
                Tab::new("building", t!("reports-by-building"), || groups(Grouping::Building)),
                Tab::new("fee_item", t!("reports-by-fee-item"), || groups(Grouping::FeeItem)),
                Tab::new("units", t!("reports-by-unit"), units),
            ],
        )}
    }
    .into_any()
}

fn groups(by: Grouping) -> AnyView {
    let ask = move || call(AskArrears { community: session::community(), building: None, fee_item: None, by: Some(by) });
    load(ask, 8, move |arrears| show(by, &arrears))
}

fn show(by: Grouping, arrears: &Arrears) -> AnyView {
    if arrears.units == 0 {
        let empty = Empty::new(icons::CIRCLE_CHECK, t!("reports-no-arrears"), t!("reports-no-arrears-text"));
        return view! { <div class="px-6 py-6 max-sm:px-4">{held(arrears.held_fen)} {kit::empty_view(empty)}</div> }.into_any();
    }
    let ages = arrears
        .ages
        .iter()
        .map(|sum| kit::Age { label: age_name(sum.age), note: t!("reports-units", count = sum.units), amount: sum.open_fen })
        .collect();
    let booked = arrears.late_fee_fen.is_positive().then(|| {
        view! { <p class="label-xs">{t!("reports-arrears-late-fee", amount = arrears.late_fee_fen)}</p> }
    });
    view! {
        <section class="max-w-200 px-6 py-4 max-sm:px-4">
            <p class="label-xs">{t!("reports-arrears-note", day = arrears.today, amount = arrears.not_due_fen)}</p>
            {booked}
            {held(arrears.held_fen)}
            {age_bar(t!("reports-arrears"), ages, t!("reports-units", count = arrears.units))}
        </section>
        {table(by, arrears)}
    }
    .into_any()
}

/// That prepayments and deposits are late as well, where there are any and none is named.
fn held(amount: Money) -> Option<impl IntoView> {
    amount.is_positive().then(|| view! { <p class="label-xs">{t!("reports-arrears-held", amount = amount)}</p> })
}

fn table(by: Grouping, arrears: &Arrears) -> AnyView {
    let head = if by == Grouping::FeeItem { t!("reports-fee-item") } else { t!("reports-building") };
    let rows = arrears.rows.iter().map(|row| line(by, row)).collect_view();
    let sums = arrears.ages.iter().map(|sum| view! { <td class="num">{money(sum.open_fen)}</td> }).collect_view();
    view! {
        <div class="border-t border-line">{cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("reports-arrears")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{head}</th>
                        {Age::LATE.into_iter().map(|age| view! { <th scope="col" class="num">{age_name(age)}</th> }).collect_view()}
                        <th scope="col" class="num">{t!("kit-total")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <td>{t!("kit-total")}</td>
                        {sums}
                        <td class="num">{money(arrears.late_fen)}</td>
                    </tr>
                </tfoot>
            </table>})}</div>
    }
    .into_any()
}

fn line(by: Grouping, row: &ArrearsGroup) -> AnyView {
    let name = row.name.clone().unwrap_or_else(|| t!("reports-no-building"));
    let link = match (by, row.building, row.fee_item) {
        (Grouping::FeeItem, _, Some(id)) => Some(format!("/reports/arrears?tab=units&fee_item={id}")),
        (_, Some(id), _) => Some(format!("/reports/arrears?tab=units&building={id}")),
        _ => None,
    };
    let name = match link {
        Some(href) => view! { <a class="a" href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let cells = row
        .ages_fen
        .iter()
        .map(|amount| view! { <td class="num">{if amount.is_zero() { dash() } else { money(*amount) }}</td> })
        .collect_view();
    view! {
        <tr>
            <td>{name}</td>
            {cells}
            <td class="num font-semibold">{money(row.late_fen)}</td>
        </tr>
    }
    .into_any()
}

/// Unit by unit, with a way to the desk.
fn units() -> AnyView {
    let query = Query::here();
    let building = Memo::new(move |_| query.one("building").and_then(|id| id.parse::<BuildingId>().ok()));
    let named = Memo::new(move |_| query.one("fee_item").is_some_and(|id| id.parse::<FeeItemId>().is_ok()));
    let beside = LocalResource::new(move || {
        let (building, named) = (building.get(), named.get());
        // Under a fee item that is named, nothing stands beside.
        async move { if named { None } else { call(AskHeldLate { community: session::community(), building }).await.ok() } }
    });
    let held = move || {
        let shown = beside.get().flatten().and_then(|late| held(late.held_fen));
        shown.map(|shown| view! { <div class="px-6 pt-3 max-sm:px-4">{shown}</div> })
    };
    view! {
        {held}
        {list()}
    }
    .into_any()
}

fn list() -> AnyView {
    let base = ListArrears {
        community: session::community(),
        building: None,
        fee_item: None,
        age: None,
        page: None,
        size: None,
        sort: None,
    };
    let ages = Age::LATE.into_iter().map(|age| (age.code().to_owned(), age_name(age))).collect();
    let mut list = List::new("arrears", base, |row: &ArrearsRow| row.unit.to_string())
        .filter(Filter::one("age", t!("reports-age"), ages))
        .filter(Filter::later("building", t!("reports-building"), buildings))
        .filter_of::<ListFeeItems>(Filter::later("fee_item", t!("reports-fee-item"), fee_items))
        .column(
            Column::new("reports-unit", |row: &ArrearsRow| row.unit_label.clone().into_any())
                .link(|row| format!("/cashier?unit={}", row.unit))
                .sort("unit"),
        )
        .column(Column::new("reports-owner", |row: &ArrearsRow| text_or_dash(row.owner.clone())))
        .column(Column::new("reports-phone", |row: &ArrearsRow| text_or_dash(row.phone_masked.clone())))
        .column(Column::new("reports-bills", |row: &ArrearsRow| row.bills.to_string().into_any()).num())
        .column(
            Column::new("reports-oldest", |row: &ArrearsRow| {
                format!("{} ({})", row.oldest_due, t!("cashier-days", count = row.days_late)).into_any()
            })
            .sort("oldest"),
        );
    for (place, id) in ["reports-age-to30", "reports-age-to90", "reports-age-to180", "reports-age-to365", "reports-age-over365"]
        .into_iter()
        .enumerate()
    {
        list = list.column(
            Column::new(id, move |row: &ArrearsRow| match row.ages_fen.get(place).filter(|amount| !amount.is_zero()) {
                Some(amount) => money(*amount),
                None => dash(),
            })
            .num()
            .not_on_phone(),
        );
    }
    list.column(Column::new("reports-late", |row: &ArrearsRow| money(row.late_fen)).num().strong().sort("late"))
        .column(Column::new("reports-late-fee-due", |row: &ArrearsRow| money_or_dash(row.late_fee_fen)).num())
        .export("/api/reports/arrears/export.xlsx")
        .empty(|| Empty::new(icons::CIRCLE_CHECK, t!("reports-no-arrears"), t!("reports-no-arrears-text")))
        .show()
}
