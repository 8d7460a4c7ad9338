//! Giving held money back: which of a unit's prepayments and deposits, how much of each, how and to whom.

use common::approvals::api::DeedOutcome;
use common::cashier::Method;
use common::cashier::api::{
    DeskMethod, GiveBack, GivenBack, HeldFilter, HeldRow, ListHeld, ListMethods, REFUND_LINES_MOST, RefundLine,
};
use common::id::{RefundId, UnitId};
use common::money::Money;
use common::problem::FieldProblem;
use leptos::prelude::*;
use uuid::Uuid;

use super::held::only;
use super::method_name;
use super::state::select_all;
use crate::api::call;
use crate::approvals::{done_or_waits, waits_link};
use crate::kit::{
    Confirm, Ending, FieldValue, Form, Reload, State, dialog, focus_id, go_with_router, load, state_badge, toast_with,
};
use crate::{session, t, text};

/// The dialog, opened for one of the unit's holdings.
#[derive(Clone, Copy)]
pub(super) struct GivingBack {
    open: RwSignal<bool>,
    opened: RwSignal<Option<HeldRow>>,
    form: Form<GiveBack>,
    reload: Reload,
}

impl GivingBack {
    pub(super) fn new(reload: Reload) -> Self {
        let form = Form::new(blank(UnitId(Uuid::nil()), String::new()));
        Self { open: RwSignal::new(false), opened: RwSignal::new(None), form, reload }
    }

    /// Starts with all that is left of this one. The refund's id is made here: sent again, it is the same refund.
    pub(super) fn ask(self, row: &HeldRow) {
        self.form.restart(GiveBack { lines: vec![whole(row)], ..blank(row.unit, row.payer.clone()) });
        self.opened.set(Some(row.clone()));
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, opened, form, reload } = self;
        let title = move || {
            let unit = opened.with(|row| row.as_ref().map(|row| row.unit_label.clone())).unwrap_or_default();
            t!("cashier-give-back-title", unit = unit)
        };
        let go = go_with_router();
        dialog(open, title, move || {
            let Some(row) = opened.get_untracked() else { return ().into_any() };
            let go = go.clone();
            let done = move |given: GivenBack| {
                open.set(false);
                reload.now();
                let Some(number) = given.number else {
                    return done_or_waits(DeedOutcome { waits: given.waits }, t!("cashier-given-back-short"));
                };
                let href = format!("/cashier/refunds/{}", given.refund);
                let amount = untrack(|| total(form));
                toast_with(t!("cashier-given-back", amount = amount, number = number), t!("cashier-voucher-open"), &href);
                go(&href);
            };
            let unit = row.unit;
            let body = load(
                move || of_unit(unit),
                8,
                move |(rows, ways): (Vec<HeldRow>, Vec<DeskMethod>)| {
                    let ending = Ending::new(t!("cashier-give-back"))
                        .danger()
                        .in_dialog()
                        .ask_first(move || Some(question(form)))
                        .cancel(move || open.set(false));
                    form.show(ending, fields(form, &row, &rows, &ways), done.clone())
                },
            );
            view! { <div class="mt-2">{body}</div> }.into_any()
        })
    }
}

/// What is left of a unit's prepayments and deposits, and the ways that the desk offers.
async fn of_unit(unit: UnitId) -> Result<(Vec<HeldRow>, Vec<DeskMethod>), common::problem::Problem> {
    let size = u32::try_from(REFUND_LINES_MOST).ok();
    let held =
        call(ListHeld { unit: Some(unit), state: Some(HeldFilter::Held), size, ..ListHeld::of(session::community()) }).await?;
    let ways = call(ListMethods { community: session::community() }).await?;
    Ok((held.rows, ways.into_iter().filter(|way| way.offered).collect()))
}

fn blank(unit: UnitId, payee: String) -> GiveBack {
    GiveBack {
        community: session::community(),
        refund: RefundId(Uuid::now_v7()),
        unit,
        lines: Vec::new(),
        method: Method::Cash,
        reference: String::new(),
        payee,
        reason: String::new(),
    }
}

fn whole(row: &HeldRow) -> RefundLine {
    RefundLine { bill: row.bill, amount_fen: row.left_fen, left_fen: row.left_fen }
}

/// All that goes back; tracked.
fn total(form: Form<GiveBack>) -> Money {
    form.draft.with(|ask| Money::sum(ask.lines.iter().map(|line| line.amount_fen))).unwrap_or_default()
}

/// Money that went out does not come back by itself: it is asked once more, with the figures.
fn question(form: Form<GiveBack>) -> Confirm {
    let (amount, ask) = untrack(|| (total(form), form.draft.get()));
    let title = t!("cashier-give-back-question", amount = amount, payee = ask.payee.trim());
    Confirm::new(title, t!("cashier-give-back-final"), t!("cashier-give-back")).danger()
}

fn fields(form: Form<GiveBack>, opened: &HeldRow, rows: &[HeldRow], ways: &[DeskMethod]) -> AnyView {
    let left = rows.iter().find(|row| row.bill == opened.bill && row.waits.is_none());
    // What was left when the page was drawn may be less by now, and cash may not be offered here.
    form.draft.update(|ask| {
        ask.lines = left.map(whole).into_iter().collect();
        if let Some(first) = ways.first().filter(|_| ways.iter().all(|way| way.method != ask.method)) {
            ask.method = first.method;
        }
    });
    let first = amount_id(opened);
    request_animation_frame(move || {
        focus_id(&first);
        select_all(&first);
    });
    let methods = ways.iter().map(|way| (way.method, method_name(way.method, Some(&way.name)))).collect();
    view! {
        <p class="text-base text-ink-2">{t!("cashier-give-back-text")}</p>
        {lines(form, rows)}
        {form.choice("method", t!("cashier-refund-method"), |ask| &mut ask.method, methods)}
        {slip(form)}
        {form.field("payee", t!("cashier-payee"), |ask| &mut ask.payee).help(t!("cashier-payee-help")).show()}
        {form.field("reason", t!("cashier-refund-reason"), |ask| &mut ask.reason).show()}
    }
    .into_any()
}

/// The number of the slip or transfer, where the way out has one.
fn slip(form: Form<GiveBack>) -> AnyView {
    let has = Memo::new(move |_| form.draft.with(|ask| matches!(ask.method, Method::Pos | Method::Transfer | Method::Own(_))));
    Effect::new(move || {
        if !has.get() {
            form.draft.update(|ask| ask.reference.clear());
        }
    });
    (move || has.get().then(|| form.field("reference", t!("cashier-slip"), |ask| &mut ask.reference).show())).into_any()
}

/// The unit's holdings, each with its tick and its amount, and what they come to.
fn lines(form: Form<GiveBack>, rows: &[HeldRow]) -> AnyView {
    form.custom_group("lines", t!("cashier-give-back-which"), |id, changed| {
        let changed = StoredValue::new(changed);
        let changed = Callback::new(move |()| changed.with_value(|changed| changed()));
        let lines = rows.iter().map(|row| line(form, row, changed)).collect_view();
        view! {
            <div id=id tabindex="-1" class="border-t border-line outline-none">
                {lines}
                <p class="flex items-baseline gap-3 border-t-3 border-double border-control pt-2 text-base" role="status">
                    <span>{t!("kit-total")}</span>
                    <span class="num ml-auto text-lg font-semibold">{move || format!("¥{}", total(form))}</span>
                </p>
            </div>
        }
        .into_any()
    })
}

/// The field of a holding's amount, and its id in the document.
fn field_of(row: &HeldRow) -> String {
    format!("give-back-{}", row.bill)
}

fn amount_id(row: &HeldRow) -> String {
    format!("f-{}", field_of(row))
}

/// One holding: ticked, all that is left goes back unless less is typed.
fn line(form: Form<GiveBack>, row: &HeldRow, changed: Callback<()>) -> AnyView {
    let id = amount_id(row);
    let all = whole(row);
    let given = form.draft.with_untracked(|ask| ask.lines.iter().find(|line| line.bill == all.bill).map(|line| line.amount_fen));
    let typed = RwSignal::new(given.map(|amount| amount.show()).unwrap_or_default());
    let place = Memo::new(move |_| form.draft.with(|ask| ask.lines.iter().position(|line| line.bill == all.bill)));
    let name = StoredValue::new(field_of(row));
    let take = move |text: String| {
        let read = if text.trim().is_empty() { Ok(None) } else { Money::read(&text).map(Some) };
        form.unreadable(&name.get_value(), read.err());
        if let Ok(amount) = read {
            put(form, all, amount);
        }
        typed.set(text);
        changed.run(());
    };
    let wrong = Memo::new(move |_| typed.with(|text| wrong(text, all.left_fen)));
    let about = format!("{id}-said");
    let waits = row.waits;
    let said = {
        let about = about.clone();
        move || view! { <div id=about.clone() class="basis-full text-sm text-error">{wrong.get().map(|code| text::of_field(&FieldProblem::new("", code)))}</div> }
    };
    let what = row.fee_item_name.clone();
    let label = t!("cashier-give-back-amount", item = what, day = row.since);
    view! {
        <div
            id=move || place.get().map(|place| format!("f-lines-{place}-amount_fen"))
            tabindex="-1"
            class="flex flex-wrap items-center gap-x-3 border-b border-line py-2 outline-none"
        >
            <label class="flex min-h-8 min-w-0 flex-1 basis-48 items-center gap-3">
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs"
                    disabled=waits.is_some()
                    prop:checked=move || typed.with(|text| !text.trim().is_empty())
                    on:change=move |event| take(if event_target_checked(&event) { all.left_fen.show() } else { String::new() })
                />
                <span class="min-w-0 text-base">
                    {what} {only(row).map(|only| view! { <span class="label-xs ml-2">{only}</span> })}
                    <span class="block text-sm text-ink-2">{t!("cashier-give-back-left", day = row.since, left = row.left_fen)}</span>
                    <span class="block text-sm text-ink-2">{t!("cashier-line", word = t!("cashier-payer"), value = row.payer)}</span>
                </span>
            </label>
            {match waits {
                Some(request) => view! { {state_badge(State::Wait, t!("cashier-refund-waits"))} {waits_link(request)} }.into_any(),
                None => view! {
                    <label class="input input-sm w-36">
                        <span class="sr-only">{label}</span>
                        <input
                            id=id
                            class="num"
                            inputmode="decimal"
                            autocomplete="off"
                            placeholder="0.00"
                            aria-invalid=move || wrong.get().is_some().to_string()
                            aria-describedby=about
                            prop:value=move || typed.get()
                            on:input=move |event| take(event_target_value(&event))
                        />
                        <span class="text-ink-2">{t!("cashier-yuan")}</span>
                    </label>
                    {said}
                }
                .into_any(),
            }}
        </div>
    }
    .into_any()
}

/// What is wrong with what was typed, as a problem's code.
fn wrong(text: &str, left: Money) -> Option<&'static str> {
    match Money::read(text) {
        _ if text.trim().is_empty() => None,
        Err(code) => Some(code),
        Ok(amount) if !amount.is_positive() => Some("not_positive"),
        Ok(amount) if amount > left => Some("cashier.more_than_held"),
        Ok(_) => None,
    }
}

/// So much of it goes back; nothing takes it out.
fn put(form: Form<GiveBack>, all: RefundLine, amount: Option<Money>) {
    form.draft.update(|ask| match (ask.lines.iter_mut().find(|line| line.bill == all.bill), amount) {
        (Some(line), Some(amount)) => line.amount_fen = amount,
        (None, Some(amount)) => ask.lines.push(RefundLine { amount_fen: amount, ..all }),
        (_, None) => ask.lines.retain(|line| line.bill != all.bill),
    });
}
