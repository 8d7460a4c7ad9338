//! 账单: the bills of a community.

use common::billing::api::{BillFilter, BillRow, BillState, BillTotals, GetBillTotals, ListBills, VoidBills};
use common::charging::api::ListFeeItems;
use common::estate::api::GetTree;
use common::money::Money;
use common::permission::Permission;
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::call;
use crate::approvals::{done_or_waits, waiting_marks};
use crate::kit::{
    Column, Empty, Ending, Filter, Form, Header, List, Picked, Reload, State, Term, View, danger_button, dialog, icons,
    link_button, money, money_or_dash, primary_link, state_badge, text_or_dash,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let (reload, voiding) = (Reload::new(), Voiding::new());
    let list = bills(ListBills::of(session::community()), reload)
        .search(t!("billing-search"))
        .filter(Filter::months("from_month", "to_month", t!("billing-months")))
        .filter(Filter::one(
            "state",
            t!("billing-state"),
            BillFilter::ALL
                .iter()
                .filter(|state| **state != BillFilter::All)
                .map(|state| (state.word().to_owned(), t!(&format!("billing-filter-{state}"))))
                .collect(),
        ))
        .filter(Filter::later("building", t!("estate-column-building"), || async move {
            let tree = call(GetTree { community: session::community() }).await?;
            Ok(tree.buildings.into_iter().map(|building| (building.building.to_string(), building.name)).collect())
        }))
        .filter_of::<ListFeeItems>(Filter::later("fee_item", t!("billing-fee-item"), || async move {
            let items = call(ListFeeItems { community: session::community() }).await?;
            Ok(items.into_iter().map(|item| (item.id.to_string(), item.name)).collect())
        }))
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(t!("billing-filter-unpaid"), "state=unpaid"))
        .view(View::new(t!("billing-filter-overdue"), "state=overdue"))
        .view(View::new(t!("billing-filter-overdue90"), "state=overdue90"))
        .totals::<GetBillTotals>(totals)
        .export("/api/billing/bills.xlsx")
        .empty(|| {
            let generate = session::may(Permission::BillingGenerate)
                .then(|| primary_link(icons::PLUS, t!("billing-generate"), "/billing/generate"));
            Empty::new(icons::RECEIPT_TEXT, t!("billing-none"), t!("billing-none-why")).actions(generate)
        });
    let list = if session::may(Permission::BillingVoid) {
        list.bulk(move |picked: Picked<BillRow>| {
            danger_button(icons::CIRCLE_SLASH, t!("billing-void"), move || {
                voiding.ask(picked.rows(), move || {
                    picked.clear();
                    reload.now();
                })
            })
        })
    } else {
        list
    };
    let actions = view! {
        {session::may(Permission::BillingRaise).then(|| link_button(icons::RECEIPT_TEXT, t!("billing-raise"), "/billing/bills/raise"))}
        {session::may(Permission::BillingImport).then(|| link_button(icons::UPLOAD, t!("billing-import"), "/billing/bills/import"))}
        {session::may(Permission::BillingGenerate).then(|| primary_link(icons::PLUS, t!("billing-generate"), "/billing/generate"))}
    };
    view! {
        {Header::new(t!("billing-bills")).actions(actions).show()}
        {list.show()}
        {voiding.show()}
    }
    .into_any()
}

/// A list of bills with the columns that all such lists have.
pub(super) fn bills(base: ListBills, reload: Reload) -> List<BillRow> {
    let of_unit = base.unit.is_some();
    let list =
        List::new(if of_unit { "unit-bills" } else { "bills" }, base, |row: &BillRow| row.id.to_string()).reload(reload).column(
            Column::new("billing-number", |row: &BillRow| row.number.clone())
                .link(|row| format!("/billing/bills/{}", row.id))
                .sort("number"),
        );
    let list = if of_unit {
        list
    } else {
        list.column(Column::new("billing-unit", |row: &BillRow| row.unit_label.clone()).sort("room"))
            .column(Column::new("billing-payer", |row: &BillRow| text_or_dash(row.payer.clone().or_else(|| row.holder.clone()))))
    };
    list.column(Column::new("billing-fee-item", |row: &BillRow| row.fee_item_name.clone()))
        .column(Column::new("billing-period", |row: &BillRow| row.month.to_string()).sort("month"))
        .column(Column::new("billing-due-day", |row: &BillRow| row.due_day.to_string()).sort("due_day"))
        .column(Column::new("billing-amount", |row: &BillRow| money(row.amount_fen)).num().sort("amount_fen"))
        .column(Column::new("billing-waived", |row: &BillRow| money_or_dash(row.waived_fen)).num().not_on_phone())
        .column(Column::new("billing-paid", |row: &BillRow| money_or_dash(row.paid_fen)).num())
        .column(Column::new("billing-open", |row: &BillRow| money_or_dash(row.open_fen)).num().strong().sort("open_fen"))
        .column(Column::new("billing-late-fee", |row: &BillRow| money_or_dash(row.late_fee_fen)).num())
        .column(Column::new("billing-state", |row: &BillRow| view! { {state(row)} {waiting_marks(&row.waits)} }))
}

/// 应收 − 减免 − 实收 = 未收.
pub(super) fn totals(totals: BillTotals) -> Vec<Term> {
    vec![
        Term::new("", t!("billing-totals", bills = crate::kit::count(totals.bills), units = crate::kit::count(totals.units)), ""),
        Term::money("", t!("billing-amount"), totals.amount_fen),
        Term::money("−", t!("billing-waived"), totals.waived_fen),
        Term::money("−", t!("billing-paid"), totals.paid_fen),
        Term::result(t!("billing-open"), totals.open_fen),
    ]
}

/// The one state that matters most: late before part before open.
pub(super) fn state(bill: &BillRow) -> AnyView {
    match (bill.state, bill.overdue_days) {
        (BillState::Void, _) => state_badge(State::Void, t!("billing-state-void")),
        (BillState::Settled, _) => state_badge(State::Done, t!("billing-state-settled")),
        (BillState::Part, 0) => state_badge(State::Part, t!("billing-state-part")),
        (BillState::Open, 0) => state_badge(State::Open, t!("billing-state-open")),
        (_, days @ 1..=30) => state_badge(State::FreshLate, t!("billing-late", days = days)),
        (_, days) => state_badge(State::Late, t!("billing-late", days = days)),
    }
}

/// The dialog in which bills are voided, with the reason.
#[derive(Clone, Copy)]
pub(super) struct Voiding {
    open: RwSignal<bool>,
    form: Form<VoidBills>,
    rows: RwSignal<Vec<BillRow>>,
    after: StoredValue<Option<Box<dyn Fn()>>, LocalStorage>,
}

impl Voiding {
    pub(super) fn new() -> Self {
        let form = Form::new(VoidBills {
            community: session::community(),
            request: Uuid::now_v7().into(),
            bills: Vec::new(),
            reason: String::new(),
        });
        Self { open: RwSignal::new(false), form, rows: RwSignal::new(Vec::new()), after: StoredValue::new_local(None) }
    }

    pub(super) fn ask(self, rows: Vec<BillRow>, after: impl Fn() + 'static) {
        let bills = rows.iter().map(|row| row.id).collect();
        self.form.restart(VoidBills {
            community: session::community(),
            request: Uuid::now_v7().into(),
            bills,
            reason: String::new(),
        });
        self.rows.set(rows);
        self.after.set_value(Some(Box::new(after)));
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, form, rows, after } = self;
        let title = move || {
            let sum = rows.with(|rows| Money::sum(rows.iter().map(|row| row.amount_fen))).unwrap_or_default();
            t!("billing-void-title", count = rows.with(Vec::len), amount = sum)
        };
        dialog(open, title, move || {
            let fields = view! {
                <p class="text-base text-ink-2">{t!("billing-void-why")}</p>
                {form.field("reason", t!("billing-void-reason"), |ask| &mut ask.reason).focus().show()}
            };
            let ending = Ending::new(t!("billing-void")).danger().in_dialog().cancel(move || open.set(false));
            let done = move |outcome| {
                open.set(false);
                done_or_waits(outcome, t!("billing-voided", count = rows.with_untracked(Vec::len)));
                after.with_value(|after| {
                    if let Some(after) = after {
                        after();
                    }
                });
            };
            view! { <div class="mt-2">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}
