//! 手工开单: one bill for one unit, by hand.

use common::billing::api::{BillTotals, GetBillTotals, RaiseBill};
use common::charging::api::{FeeItemView, ListFeeItems};
use common::estate::api::{GetUnit, ListUnits};
use common::id::{BillId, FeeItemId, UnitId};
use common::money::Money;
use common::period::{Day, Month};
use common::problem::Problem;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::call;
use crate::kit::{
    Empty, Ending, Form, Header, Pick, Query, Term, combobox, empty_view, equation, go_with_router, icons, load, primary_link,
    toast,
};
use crate::{session, t};

/// The page; `?unit=` names whom it is for.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let unit = Query::here().one("unit").and_then(|unit| unit.parse::<UnitId>().ok());
    let ask = move || async move {
        let items = call(ListFeeItems { community }).await?;
        let unit = match unit {
            Some(unit) => Some(call(GetUnit { community, unit }).await?),
            None => None,
        };
        Ok((items, unit.map(|unit| (unit.unit, unit.label))))
    };
    view! {
        {Header::new(t!("billing-raise")).crumb(t!("billing-bills"), "/billing/bills").show()}
        {load(ask, 8, move |(items, unit)| draw(&items, unit))}
    }
    .into_any()
}

fn draw(items: &[FeeItemView], unit: Option<(UnitId, String)>) -> AnyView {
    let items: Vec<(FeeItemId, String)> =
        items.iter().filter(|item| item.active).map(|item| (item.id, item.name.clone())).collect();
    let Some((first, _)) = items.first() else {
        let make = primary_link(icons::PLUS, t!("charging-fee-items"), "/charging/fee-items");
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(Empty::new(icons::TAGS, t!("charging-none"), t!("charging-none-why")).actions(make))}</div> }.into_any();
    };
    let month = Month::of(session::today()).period();
    let form = Form::new(RaiseBill {
        community: session::community(),
        bill: BillId(Uuid::now_v7()),
        unit: unit.as_ref().map_or(UnitId(Uuid::nil()), |(unit, _)| *unit),
        fee_item: *first,
        amount_fen: Money::ZERO,
        period_from: month.from,
        period_to: month.to,
        due_day: session::today(),
        note: String::new(),
    });
    let (back, label) = match unit {
        Some((unit, label)) => (format!("/estate/units/{unit}?tab=bills"), label),
        None => ("/billing/bills".to_owned(), String::new()),
    };
    let fields = view! {
        {form.custom("unit", t!("billing-unit"), move |id, changed| {
            combobox(id, label, t!("billing-raise-find"), find_units, move |picked: Option<UnitId>| {
                form.draft.update(|ask| ask.unit = picked.unwrap_or(UnitId(Uuid::nil())));
                changed();
            })
        })}
        {form.choice("fee_item", t!("billing-fee-item"), |ask| &mut ask.fee_item, items)}
        {form.field("amount_fen", t!("billing-money"), |ask| &mut ask.amount_fen).width("w-48").show()}
        <div class="grid grid-cols-2 gap-5 max-sm:grid-cols-1">
            {form.field("period_from", t!("billing-raise-from"), |ask| &mut ask.period_from).show()}
            {last_day(form)}
        </div>
        {form.field("due_day", t!("billing-due-day"), |ask| &mut ask.due_day).width("w-48").show()}
        {form.field("note", t!("billing-note"), |ask| &mut ask.note).help(t!("billing-raise-note")).lines(2).show()}
        {preview(form)}
    };
    let go = go_with_router();
    let ending = Ending::new(t!("billing-raise")).cancel_to(back);
    view! {
        <div class="border-t border-line px-6 py-5 max-sm:px-4">
            {form.show(ending, fields, move |raised| {
                toast(t!("billing-raise-done", number = raised.number));
                go(&format!("/billing/bills/{}", raised.bill));
            })}
        </div>
    }
    .into_any()
}

/// The last day of the period, which the request names by the day after it.
fn last_day(form: Form<RaiseBill>) -> AnyView {
    form.custom("period_to", t!("billing-raise-to"), move |id, changed| {
        let shown = move || form.draft.with(|ask| ask.period_to.pred_opt().unwrap_or(ask.period_to)).to_string();
        let typed = move |event: leptos::ev::Event| {
            if let Some(after) = event_target_value(&event).parse::<Day>().ok().and_then(|day| day.succ_opt()) {
                form.draft.update(|ask| ask.period_to = after);
                changed();
            }
        };
        view! { <input id=id type="date" class="input w-full" prop:value=shown on:change=typed /> }.into_any()
    })
}

/// What the unit owes now, with this bill, and what it owes then.
fn preview(form: Form<RaiseBill>) -> AnyView {
    let unit = Memo::new(move |_| form.draft.with(|ask| ask.unit));
    let owed = LocalResource::new(move || {
        let unit = unit.get();
        async move {
            if unit.0.is_nil() {
                return None;
            }
            let ask = GetBillTotals {
                community: session::community(),
                state: None,
                from_month: None,
                to_month: None,
                building: None,
                fee_item: None,
                unit: Some(unit),
                source: None,
                search: None,
            };
            call(ask).await.ok()
        }
    });
    (move || {
        let BillTotals { open_fen, .. } = owed.get().flatten()?;
        let amount = form.draft.with(|ask| ask.amount_fen);
        let terms = vec![
            Term::money("", t!("billing-raise-owed"), open_fen),
            Term::money("+", t!("billing-raise-this"), amount),
            Term::result(t!("billing-raise-then"), open_fen.checked_add(amount)?),
        ];
        Some(view! { <div role="status" class="border-t border-line pt-4">{equation(terms)}</div> })
    })
    .into_any()
}

/// Units by room or by who lives there.
pub(super) async fn find_units(text: String) -> Result<Vec<Pick<UnitId>>, Problem> {
    let search = Some(text).filter(|text| !text.is_empty());
    let page = call(ListUnits { search, size: Some(12), ..ListUnits::of(session::community()) }).await?;
    Ok(page.rows.into_iter().map(|row| Pick::new(row.unit, row.label, row.owner.unwrap_or_default())).collect())
}
