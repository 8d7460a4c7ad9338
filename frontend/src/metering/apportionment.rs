//! Pools that were shared out: the list, and one of them with its shares.

use common::id::{ApportionmentId, BuildingId};
use common::metering::Utility;
use common::metering::api::{
    ApportionmentPage, ApportionmentRow, ApportionmentState, CancelApportionment, ListApportionments, MasterLoss, ShareRow,
    ShowApportionment, ShowLoss,
};
use common::metering::apportion::Figures;
use common::period::Month;
use common::permission::Permission;
use leptos::prelude::*;

use super::late::Billed;
use super::{buildings, figure, method_name, taken_name, tenths, utility_name};
use crate::api::call;
use crate::kit::{
    Column, Empty, Ending, Filter, Form, Header, List, Query, Reload, State, Term, cards, count, danger_button, dialog, equation,
    facts_wide, icon, icons, link_button, load, money, month_of, month_picker, primary_link, state_badge, toast,
};
use crate::shell::param_id;
use crate::{session, t};

fn state_of(row: &ApportionmentRow) -> AnyView {
    match row.state {
        ApportionmentState::Cancelled => state_badge(State::Void, t!("metering-pool-cancelled")),
        ApportionmentState::Billed => state_badge(State::Done, t!("metering-pool-billed")),
        ApportionmentState::Open if row.billed > 0 => {
            state_badge(State::Part, t!("metering-pool-part", billed = row.billed, units = row.charged))
        }
        ApportionmentState::Open => state_badge(State::Open, t!("metering-pool-open")),
    }
}

/// The losses of the month, and every pool that was shared out.
pub(super) fn list_page() -> AnyView {
    let query = Query::here();
    let month = month_of(query);
    let community = session::community();
    let may_write = session::may(Permission::MeteringWrite);
    let losses = load(
        move || call(ShowLoss { community, month: month.get() }),
        4,
        move |losses| loss_table(&losses, month.get_untracked(), may_write),
    );
    let base = ListApportionments { community, month: None, state: None, page: None, size: None, sort: None };
    let states = ApportionmentState::ALL
        .iter()
        .map(|state| (state.word().to_owned(), t!(&format!("metering-pool-{}", state.word()))))
        .collect();
    let list = List::new("apportionments", base, |row: &ApportionmentRow| row.id.to_string())
        .filter(Filter::one("state", t!("metering-state"), states))
        .column(
            Column::new("metering-pool", |row: &ApportionmentRow| row.name.clone())
                .link(|row| format!("/metering/apportion/{}", row.id)),
        )
        .column(Column::new("metering-month", |row: &ApportionmentRow| row.month.to_string()).sort("month"))
        .column(Column::new("metering-taken", |row: &ApportionmentRow| {
            row.taken.map_or_else(|| t!("metering-typed-amount"), taken_name)
        }))
        .column(Column::new("metering-method", |row: &ApportionmentRow| method_name(row.method)))
        .column(Column::new("metering-fee-item", |row: &ApportionmentRow| row.fee_item_name.clone()).not_on_phone())
        .column(Column::new("metering-units", |row: &ApportionmentRow| row.units.to_string()).num())
        .column(Column::new("metering-quantity", |row: &ApportionmentRow| quantity_of(row)).num())
        .column(Column::new("metering-amount", |row: &ApportionmentRow| money(row.amount)).num().strong().sort("amount"))
        .column(Column::new("metering-state", state_of))
        .export("/api/metering/apportionments/export.xlsx")
        .empty(|| Empty::new(icons::SPLIT, t!("metering-pools-none"), t!("metering-pools-none-why")));
    let actions = move || {
        may_write.then(|| {
            primary_link(icons::SPLIT, t!("metering-apportion-new"), format!("/metering/apportion/new?month={}", month.get()))
        })
    };
    view! {
        {Header::new(t!("metering-apportion")).beside(month_picker(query, month)).actions(actions).show()}
        <div class="border-t border-line">{losses}</div>
        <h2 class="px-6 pt-4 text-lg font-semibold max-sm:px-4">{t!("metering-pools")}</h2>
        {list.show()}
    }
    .into_any()
}

fn quantity_of(row: &ApportionmentRow) -> AnyView {
    match row.utility {
        Some(utility) => view! { {figure(row.quantity)} <span class="label-xs ml-1">{utility.measure()}</span> }.into_any(),
        None => view! { <span class="text-ink-3">"–"</span> }.into_any(),
    }
}

/// Each master meter with where its use went.
fn loss_table(losses: &[MasterLoss], month: common::period::Month, may_write: bool) -> AnyView {
    if losses.is_empty() {
        return view! { <p class="px-6 py-4 text-base text-ink-2 max-sm:px-4">{t!("metering-no-masters")}</p> }.into_any();
    }
    let rows = losses
        .iter()
        .map(|loss| {
            let Figures { master, household, public, loss: lost } = loss.figures;
            let tone = if lost.get().is_sign_negative() && !lost.is_zero() { "num font-semibold text-error" } else { "num font-semibold" };
            let share = |figures: &Figures| (figures.loss.get() * rust_decimal::Decimal::ONE_HUNDRED).checked_div(figures.master.get()).map(|share| format!("{}%", tenths(share)));
            let unread = (loss.unread > 0).then(|| view! { <span class="text-warning">{t!("metering-unread-count", count = loss.unread)}</span> });
            let shared = loss.shared.iter().map(|taken| taken_name(*taken)).collect::<Vec<_>>().join(&t!("kit-comma"));
            view! {
                <tr>
                    <th scope="row" class="font-normal whitespace-nowrap"><a class="a" href=format!("/metering/meters/{}", loss.meter)>{loss.code.clone()}</a> " " <span class="text-ink-2">{loss.place.clone()}</span></th>
                    <td>{utility_name(loss.utility)}</td>
                    <td class="num">{figure(master)}</td>
                    <td class="num">{figure(household)}</td>
                    <td class="num">{figure(public)}</td>
                    <td class=tone>{figure(lost)}</td>
                    <td class="num">{share(&loss.figures)}</td>
                    <td class="num text-ink-2">{share(&loss.before)}</td>
                    <td class="whitespace-nowrap">{unread} {(!shared.is_empty()).then(|| t!("metering-shared-already", what = shared))}</td>
                    <td class="num">
                        {may_write.then(|| view! { <a class="btn btn-xs" href=format!("/metering/apportion/new?month={month}&meter={}", loss.meter)>{t!("metering-apportion-verb")}</a> })}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-loss")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-role-master")}</th>
                        <th scope="col">{t!("metering-utility")}</th>
                        <th scope="col" class="num">{t!("metering-usage-master")}</th>
                        <th scope="col" class="num">{t!("metering-minus-household")}</th>
                        <th scope="col" class="num">{t!("metering-minus-public")}</th>
                        <th scope="col" class="num">{t!("metering-equals-loss")}</th>
                        <th scope="col" class="num">{t!("metering-loss-share")}</th>
                        <th scope="col" class="num">{t!("metering-last-month")}</th>
                        <th scope="col">{t!("metering-state")}</th>
                        <th scope="col"><span class="sr-only">{t!("metering-actions")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}
    }
    .into_any()
}

/// The three figures and what they come to, as an equation.
pub(super) fn figures_equation(figures: &Figures, measure: &'static str) -> AnyView {
    let lost = if figures.loss.get().is_sign_negative() && !figures.loss.is_zero() {
        "font-semibold text-error"
    } else {
        "font-semibold text-primary"
    };
    equation(vec![
        Term::new("", format!("{} {measure}", t!("metering-usage-master")), figure(figures.master)),
        Term::new("−", t!("metering-usage-household"), figure(figures.household)),
        Term::new("−", t!("metering-usage-public"), figure(figures.public)),
        Term::new("=", t!("metering-loss"), figure(figures.loss)).class(lost),
    ])
}

/// One apportionment.
pub(super) fn page() -> AnyView {
    let Some(apportionment) = param_id::<ApportionmentId>("apportionment") else { return crate::shell::not_found() };
    let community = session::community();
    let reload = Reload::new();
    load(
        move || {
            reload.track();
            async move {
                let page = call(ShowApportionment { community, apportionment }).await?;
                let row = &page.apportionment;
                let billed = match row.state {
                    ApportionmentState::Open => Billed::of(row.fee_item, row.month).await?,
                    ApportionmentState::Billed | ApportionmentState::Cancelled => Billed::default(),
                };
                let houses = if page.over.buildings.is_empty() { Vec::new() } else { buildings().await? };
                Ok((page, billed, houses))
            }
        },
        10,
        move |(page, billed, houses)| of(&page, &billed, &houses, reload),
    )
}

/// The share waits for its bill; one of nothing does not.
fn waits(share: &ShareRow) -> bool {
    share.bill.is_none() && !share.amount.is_zero()
}

fn of(page: &ApportionmentPage, billed: &Billed, houses: &[(BuildingId, String)], reload: Reload) -> AnyView {
    let row = &page.apportionment;
    let measure = row.utility.map_or("", common::metering::Utility::measure);
    let cancelling = RwSignal::new(false);
    let may_cancel = session::may(Permission::MeteringWrite) && row.state != ApportionmentState::Cancelled;
    let may_bill = session::may(Permission::BillingGenerate) && row.state == ApportionmentState::Open;
    let late = billed.late(page.shares.iter().filter(|share| waits(share)).map(|share| share.unit.id));
    let bills = |month: Month| format!("/billing/generate?month={month}&fee_item={}", row.fee_item);
    let generate = match late {
        Some(late) if late.all => link_button(icons::FILE_PLUS, t!("billing-generate"), bills(late.next)),
        _ => primary_link(icons::FILE_PLUS, t!("billing-generate"), bills(row.month)),
    };
    let actions = view! {
        {may_cancel.then(|| danger_button(icons::UNDO_2, t!("metering-pool-cancel"), move || cancelling.set(true)))}
        {may_bill.then_some(generate)}
    };
    let mut list = vec![
        (t!("metering-month"), row.month.to_string().into_any()),
        (t!("metering-fee-item"), row.fee_item_name.clone().into_any()),
        (t!("metering-taken"), row.taken.map_or_else(|| t!("metering-typed-amount"), taken_name).into_any()),
        (t!("metering-method"), method_name(row.method).into_any()),
        (t!("metering-done-by"), row.by_name.clone().unwrap_or_default().into_any()),
    ];
    if let Some(price) = row.price {
        list.push((t!("metering-price"), format!("¥{price} / {measure}").into_any()));
    }
    list.extend(who_took_part(page, houses));
    let pool = match row.price {
        Some(price) => vec![
            Term::new("", format!("{} {measure}", t!("metering-quantity")), figure(row.quantity)),
            Term::new("×", t!("metering-price"), price.to_string()),
            Term::result(t!("metering-pool-amount"), row.amount),
        ],
        None => vec![Term { sign: "", ..Term::result(t!("metering-pool-amount"), row.amount) }],
    };
    let (id, units, amount) = (row.id, row.units, row.amount);
    view! {
        {Header::new(row.name.clone()).beside(state_of(row)).actions(actions).show()}
        <div class="flex flex-wrap gap-x-16 gap-y-4 border-y border-line px-6 py-3 max-sm:px-4">
            {page.figures.as_ref().map(|figures| figures_equation(figures, measure))} {equation(pool)}
        </div>
        <div class="px-6 py-3 max-sm:px-4">
            {facts_wide(list)}
            {late.map(|late| view! { <p class="mt-2 flex items-center gap-2 text-sm text-warning">{icon(icons::TRIANGLE_ALERT)} {late.note(row.month)}</p> })}
        </div>
        {shares_table(&page.shares, billed, row.utility)}
        {cancel_dialog(cancelling, id, t!("metering-pool-cancel-title", units = units, amount = amount), reload)}
    }
    .into_any()
}

/// The formula, and which units it was shared out over.
fn who_took_part(page: &ApportionmentPage, houses: &[(BuildingId, String)]) -> Vec<(String, AnyView)> {
    let (row, over) = (&page.apportionment, &page.over);
    let joined = |words: Vec<String>, all: &str| if words.is_empty() { t!(all) } else { words.join(&t!("kit-comma")) };
    let kinds = over.kinds.iter().map(|kind| t!(kind.text_id().as_str())).collect();
    let named = houses.iter().filter(|(id, _)| over.buildings.contains(id)).map(|(_, name)| name.clone()).collect();
    let mut kinds = joined(kinds, "metering-over-kinds-all");
    if over.metered {
        kinds = t!("metering-over-metered", kinds = kinds);
    }
    let vacant = if over.vacant { t!("metering-over-vacant-yes") } else { t!("metering-over-vacant-no") };
    let formula = (!row.formula.is_empty())
        .then(|| (t!("metering-weight-formula"), view! { <code class="break-all">{row.formula.clone()}</code> }.into_any()));
    let over = [
        (t!("metering-over-units"), kinds.into_any()),
        (t!("metering-over-buildings"), joined(named, "metering-all-buildings").into_any()),
        (t!("metering-over-vacant"), vacant.into_any()),
    ];
    formula.into_iter().chain(over).collect()
}

fn shares_table(shares: &[ShareRow], billed: &Billed, utility: Option<Utility>) -> AnyView {
    // An amount that was typed has no quantity.
    let measure = utility.map(Utility::measure);
    let rows = shares
        .iter()
        .map(|share| {
            view! {
                <tr>
                    <td class="whitespace-nowrap"><a class="a" href=format!("/estate/units/{}", share.unit.id)>{share.unit.label.clone()}</a></td>
                    <td class="num max-sm:hidden">{figure(share.weight)}</td>
                    {measure.map(|_| view! { <td class="num">{figure(share.quantity)}</td> })}
                    <td class="num font-semibold">{money(share.amount)}</td>
                    <td class="whitespace-nowrap">
                        {share.bill.map(|bill| view! { <a class="a" href=format!("/billing/bills/{bill}")>{t!("metering-billed")}</a> })}
                        {(waits(share) && billed.has(share.unit.id)).then(|| view! { <span class="text-ink-2">{t!("metering-late")}</span> })}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let weights = common::metering::usage::sum(shares.iter().map(|share| share.weight)).unwrap_or_default();
    let quantities = common::metering::usage::sum(shares.iter().map(|share| share.quantity)).unwrap_or_default();
    let amounts = common::money::Money::sum(shares.iter().map(|share| share.amount)).unwrap_or_default();
    view! {
        <div class="pb-8">
            <table class="table table-sm edge" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-shares")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-unit")}</th>
                        <th scope="col" class="num max-sm:hidden">{t!("metering-weight")}</th>
                        {measure.map(|measure| view! { <th scope="col" class="num">{format!("{} {measure}", t!("metering-share-quantity"))}</th> })}
                        <th scope="col" class="num">{t!("metering-share-amount")}</th>
                        <th scope="col">{t!("metering-bill")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <td>{t!("metering-units-count", count = count(shares.len()))}</td>
                        <td class="num max-sm:hidden">{figure(weights)}</td>
                        {measure.map(|_| view! { <td class="num">{figure(quantities)}</td> })}
                        <td class="num">{money(amounts)}</td>
                        <td></td>
                    </tr>
                </tfoot>
            </table></div>
    }
    .into_any()
}

fn cancel_dialog(open: RwSignal<bool>, apportionment: ApportionmentId, title: String, reload: Reload) -> AnyView {
    let body = move || {
        let form = Form::new(CancelApportionment { community: session::community(), apportionment, reason: String::new() });
        let fields = view! {
            <p class="text-base text-ink-2">{t!("metering-pool-cancel-why")}</p>
            {form.field("reason", t!("metering-reason"), |ask| &mut ask.reason).focus().show()}
        };
        form.show(
            Ending::new(t!("metering-pool-cancel")).danger().cancel(move || open.set(false)).in_dialog(),
            fields,
            move |_| {
                open.set(false);
                toast(t!("metering-pool-cancelled"));
                reload.now();
            },
        )
    };
    dialog(open, move || title.clone(), body)
}
