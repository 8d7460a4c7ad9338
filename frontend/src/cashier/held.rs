//! 预存与押金: what is held for owners, and what is left of it.

use common::approvals::api::WaitingMark;
use common::approvals::flow::DeedKind;
use common::cashier::HeldKind;
use common::cashier::api::{HeldFilter, HeldRow, HeldSums, ListHeld, SumHeld};
use common::charging::api::ListFeeItems;
use common::id::UnitId;
use leptos::prelude::*;

use crate::api::call;
use crate::approvals::waiting_marks;
use crate::kit::{
    Column, Empty, Filter, Header, List, Query, Term, icons, link_button, linked_chip, money, primary_link, text_or_dash,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let list = List::new("held", ListHeld::of(session::community()), |row: &HeldRow| row.bill.to_string())
        .search(t!("cashier-search-held"))
        .filter(Filter::own("kind", kinds))
        .filter(Filter::own("state", states))
        .usually("state", HeldFilter::Held.word())
        .filter(Filter::own("unit", unit_chip))
        .filter_of::<ListFeeItems>(Filter::later("fee_item", t!("cashier-fee-item"), fee_items))
        .filter(Filter::days("from", "to", t!("cashier-held-since")))
        .column(
            Column::new("cashier-unit", |row: &HeldRow| row.unit_label.clone())
                .link(|row| format!("/cashier/held/{}", row.bill))
                .sort("unit"),
        )
        .column(Column::new("cashier-fee-item", what))
        .column(Column::new("cashier-payer", |row: &HeldRow| text_or_dash(row.payer.clone())))
        .column(Column::new("cashier-held-since", |row: &HeldRow| row.since.to_string()).sort("since"))
        .column(Column::new("cashier-bill", |row: &HeldRow| row.bill_number.clone()).spare())
        .column(Column::new("cashier-held-taken", |row: &HeldRow| money(row.taken_fen)).num().sort("taken_fen"))
        .column(Column::new("cashier-held-offset", |row: &HeldRow| money(row.offset_fen)).num())
        .column(Column::new("cashier-held-refunded", |row: &HeldRow| money(row.refunded_fen)).num())
        .column(Column::new("cashier-held-left", |row: &HeldRow| money(row.left_fen)).num().strong().sort("left_fen"))
        .totals::<SumHeld>(|sums| terms(&sums))
        .export("/api/cashier/held/export.xlsx")
        .empty(|| {
            Empty::new(icons::WALLET, t!("cashier-held-empty"), t!("cashier-held-empty-text")).actions(primary_link(
                icons::HAND_COINS,
                t!("cashier-to-desk"),
                "/cashier",
            ))
        });
    let actions = view! {
        {link_button(icons::UNDO_2, t!("cashier-refunds"), "/cashier/refunds")}
        {primary_link(icons::HAND_COINS, t!("cashier-to-desk"), "/cashier")}
    };
    view! {
        {Header::new(t!("cashier-held")).actions(actions).show()}
        {list.show()}
    }
    .into_any()
}

/// The fee items that money is held under.
async fn fee_items() -> Result<Vec<(String, String)>, common::problem::Problem> {
    let items = call(ListFeeItems { community: session::community() }).await?;
    Ok(items.into_iter().filter(|item| item.kind.is_held()).map(|item| (item.id.to_string(), item.name)).collect())
}

fn kinds(query: Query) -> AnyView {
    let kinds = HeldKind::ALL.iter().map(|kind| (kind.word(), t!(&format!("cashier-held-{kind}"))));
    segments("kind", "", t!("cashier-held-kind"), std::iter::once(("", t!("kit-all"))).chain(kinds).collect(), query)
}

fn states(query: Query) -> AnyView {
    let states = HeldFilter::ALL.iter().map(|state| (state.word(), t!(&format!("cashier-held-state-{state}"))));
    let states = states.chain(std::iter::once(("", t!("kit-all")))).collect();
    segments("state", HeldFilter::Held.word(), t!("cashier-held-state"), states, query)
}

/// A few values side by side, one of them pressed: `usual` is, while the address names none.
fn segments(
    name: &'static str,
    usual: &'static str,
    label: String,
    choices: Vec<(&'static str, String)>,
    query: Query,
) -> AnyView {
    let now = Memo::new(move |_| query.all(name).into_iter().next().unwrap_or_else(|| usual.to_owned()));
    let buttons = choices
        .into_iter()
        .map(|(value, word)| {
            let on = move || now.with(|now| now == value);
            view! {
                <button
                    type="button"
                    class="join-item btn btn-sm"
                    aria-pressed=move || on().to_string()
                    class:bg-pick=on
                    on:click=move |_| query.put(&[(name, Some(value).filter(|value| *value != usual)), ("page", None)])
                >
                    {word}
                </button>
            }
        })
        .collect_view();
    view! { <div class="join" role="group" aria-label=label>{buttons}</div> }.into_any()
}

/// The unit to which a link has narrowed the list, and the way to see all of them again.
fn unit_chip(query: Query) -> AnyView {
    let unit = Memo::new(move |_| query.one("unit").and_then(|unit| unit.parse::<UnitId>().ok()));
    let label = LocalResource::new(move || {
        let unit = unit.get();
        async move { label_of(unit?).await }
    });
    let chip = move || {
        unit.get()?;
        let label = label.get().flatten().unwrap_or_else(|| t!("cashier-held-one-unit"));
        let away = t!("cashier-held-every-unit", unit = label);
        let shown = view! {
            <span>{t!("cashier-unit")}</span>
            <span>{label}</span>
        };
        Some(linked_chip(query, "unit", shown, away))
    };
    chip.into_any()
}

/// What a unit is called, where anything was ever held of it.
async fn label_of(unit: UnitId) -> Option<String> {
    let page = call(ListHeld { unit: Some(unit), size: Some(1), ..ListHeld::of(session::community()) }).await.ok()?;
    page.rows.into_iter().next().map(|row| row.unit_label)
}

/// What it is held for, and that giving it back waits.
fn what(row: &HeldRow) -> AnyView {
    view! { {row.fee_item_name.clone()} {marks(row)} }.into_any()
}

/// That it pays for one fee item alone, and that giving it back waits.
pub(super) fn marks(row: &HeldRow) -> AnyView {
    let waits: Vec<_> = row.waits.map(|approval| WaitingMark { approval, kind: DeedKind::Refund }).into_iter().collect();
    view! {
        {only(row).map(|only| view! { <span class="label-xs ml-2">{only}</span> })}
        {waiting_marks(&waits)}
    }
    .into_any()
}

/// That it pays for one fee item alone.
pub(super) fn only(row: &HeldRow) -> Option<String> {
    row.pays_for_name.as_ref().map(|item| t!("cashier-held-only", item = item))
}

fn terms(sums: &HeldSums) -> Vec<Term> {
    vec![
        Term::money("", t!("cashier-held-taken"), sums.taken_fen),
        Term::money("−", t!("cashier-held-offset"), sums.offset_fen),
        Term::money("−", t!("cashier-held-refunded"), sums.refunded_fen),
        Term::result(t!("cashier-held-left"), sums.left_fen),
    ]
}
