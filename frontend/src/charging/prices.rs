//! 单价: the prices of a tariff over the tree of a community, each as a bar in time.

use std::cell::Cell;

use chrono::Datelike;
use common::billing::api::GetTrialInputs;
use common::charging::api::{
    CopyTariffs, EndPrice, FeeItemView, ListFeeItems, ListPrices, PriceBoard, PricePlace, PriceScope, PriceView, TariffView,
};
use common::charging::rate::Rate;
use common::charging::tariff::FeeItemKind;
use common::id::{PriceId, TariffId};
use common::period::{Day, Month, add_days};
use common::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::billed::{billed_from, billed_text};
use super::price_events::price_events;
use super::price_form::PriceForm;
use super::rule_events::rule_events;
use super::what_if;
use super::words::{rate_text, rate_unit, rate_view};
use crate::api::call;
use crate::kit::{
    Confirm, Deed, Empty, Header, Query, Reload, button, cards, count, dash, empty_view, focus_id, icon, icons, link_button,
    load, primary_button, primary_link, section, text_or_dash, toast,
};
use crate::{session, t};

/// Months that the bars show: as many before this month as after it.
const BEFORE: i32 = 9;
const SHOWN: i32 = 15;
/// The id of the choice of a tariff.
const PICK: &str = "price-tariff";

thread_local! {
    /// Whether a tariff was just chosen: the choice is drawn anew with it.
    static PICKED: Cell<bool> = const { Cell::new(false) };
}

/// Whoever chose a tariff stays at the choice, as soon as it is there again.
fn stay() {
    if PICKED.get() && document().get_element_by_id(PICK).is_some() {
        PICKED.set(false);
        focus_id(PICK);
    }
}

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let query = Query::here();
    let chosen = Memo::new(move |_| query.one("tariff"));
    load(
        move || call(ListFeeItems { community }),
        12,
        move |items: Vec<FeeItemView>| {
            let tariffs: Vec<(FeeItemView, TariffView)> = items
                .into_iter()
                .flat_map(|item| item.tariffs.clone().into_iter().map(move |tariff| (item.clone(), tariff)))
                .filter(|(_, tariff)| tariff.active)
                .collect();
            if tariffs.is_empty() {
                let empty = Empty::new(icons::TAGS, t!("charging-none"), t!("charging-prices-none-why"));
                let first = primary_link(icons::PLUS, t!("charging-fee-items"), "/charging/fee-items");
                return view! {
                    {Header::new(t!("charging-prices")).show()}
                    <div class="px-6 py-6 max-sm:px-4">{empty_view(empty.actions(first))}</div>
                }
                .into_any();
            }
            let tariffs = StoredValue::new(tariffs);
            let now = Memo::new(move |_| {
                let chosen = chosen.get();
                tariffs.with_value(|tariffs| {
                    tariffs.iter().position(|(_, tariff)| Some(tariff.id.to_string()) == chosen).unwrap_or(0)
                })
            });
            let chosen_id = move || tariffs.with_value(|tariffs| tariffs.get(now.get()).map(|(_, tariff)| tariff.id));
            let pick = move || {
                let groups = tariffs.with_value(|tariffs| {
                    tariffs
                        .chunk_by(|(one, _), (other, _)| one.id == other.id)
                        .map(|group| {
                            let name = group.first().map(|(item, _)| item.name.clone());
                            let lines = group
                                .iter()
                                .map(|(item, tariff)| {
                                    let id = tariff.id;
                                    let here = move || chosen_id() == Some(id);
                                    view! { <option value=id.to_string() prop:selected=here>{format!("{} · {}", item.name, tariff.name)}</option> }
                                })
                                .collect_view();
                            view! { <optgroup label=name>{lines}</optgroup> }
                        })
                        .collect_view()
                });
                view! {
                    <select
                        id=PICK
                        class="select select-sm w-64 max-sm:w-full"
                        aria-label=t!("charging-tariff")
                        on:change=move |event| {
                            PICKED.set(true);
                            query.put(&[("tariff", Some(&event_target_value(&event)))]);
                        }
                    >
                        {groups}
                    </select>
                }
            };
            view! {
                {move || {
                    request_animation_frame(stay);
                    tariffs.with_value(|tariffs| tariffs.get(now.get()).cloned()).map(|(item, tariff)| of_tariff(&item, &tariff, pick()))
                }}
            }
            .into_any()
        },
    )
}

fn of_tariff(item: &FeeItemView, tariff: &TariffView, pick: impl IntoAny) -> AnyView {
    let (reload, deed, community, id) = (Reload::new(), Deed::new(), session::community(), tariff.id);
    let form = PriceForm::new(reload, tariff.clone(), item);
    let may = session::may(Permission::ChargingWrite);
    let set = may.then(|| primary_button(icons::PLUS, t!("charging-price-set"), move || form.open(PriceScope::Community, None)));
    let copy = session::may_ask::<CopyTariffs>().then(|| link_button(icons::COPY, t!("charging-copy"), "/charging/prices/copy"));
    let export = format!("/api/charging/prices/export.xlsx?community={community}&language={}", session::language().tag());
    let export = view! { <a class="btn btn-sm" href=export download="" rel="external">{icon(icons::DOWNLOAD)} {t!("charging-prices-export")}</a> };
    let try_out = session::may_ask::<GetTrialInputs>()
        .then(|| link_button(icons::FLASK_CONICAL, t!("charging-what-if"), what_if::address(Some(id), &[])));
    let (rules, kind) = (tariff.rules.clone(), item.kind);
    let board = load(
        move || {
            reload.track();
            call(ListPrices { community, tariff: id })
        },
        12,
        move |board: PriceBoard| {
            form.places.set(board.places.clone());
            form.prices.set(board.prices.clone());
            tree(&board, (form, id), deed, reload, may)
        },
    );
    view! {
        {Header::new(t!("charging-prices")).beside(pick).actions(view! { {export} {copy} {try_out} {set} }).show()}
        <p class="flex flex-wrap items-center gap-x-6 gap-y-1 border-t border-line px-6 py-3 text-sm text-ink-2 max-sm:px-4">
            <span>{caption(&rules, kind)}</span>
            <span class="flex items-center gap-2"><i class="price-key" aria-hidden="true"></i>{t!("charging-price-own")}</span>
            <span class="flex items-center gap-2"><i class="price-key-dots" aria-hidden="true"></i>{t!("charging-price-inherited")}</span>
        </p>
        {board}
        <p class="px-6 py-4 text-sm text-ink-2 max-sm:px-4">{t!("charging-price-rule")}</p>
        {price_events(id, reload)}
        {rule_events(id, kind)}
        {form.show()}
    }
    .into_any()
}

fn caption(rules: &common::charging::tariff::TariffRules, kind: FeeItemKind) -> String {
    t!("charging-price-caption", unit = rate_unit(rules, kind), mode = t!(&format!("charging-mode-{}", rules.mode.word())))
}

/// Where a day stands between the first and the last month shown, in hundredths of a per cent.
fn at(day: Day, first: Day, last: Day) -> i64 {
    let (whole, part) = ((last - first).num_days().max(1), (day - first).num_days());
    (part * 10_000 / whole).clamp(0, 10_000)
}

fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn tree(board: &PriceBoard, (form, tariff): (PriceForm, TariffId), deed: Deed, reload: Reload, may: bool) -> AnyView {
    let today = session::today();
    let first = Month::of(today).plus(-BEFORE);
    let (start, end) = (first.first_day(), first.plus(SHOWN).first_day());
    // A building opens where something in it has a price of its own.
    let own = |place: &PricePlace| board.prices.iter().any(|price| price.scope == place.scope);
    let plain = |scope: PriceScope| match scope {
        PriceScope::Building { building } => !board.places.iter().any(|place| place.building == Some(building) && own(place)),
        _ => false,
    };
    let folded = RwSignal::new(
        board.places.iter().map(|place| place.scope).filter(|scope| plain(*scope)).collect::<std::collections::BTreeSet<_>>(),
    );
    let has_children = |place: &PricePlace| match place.scope {
        PriceScope::Building { building } => board.places.iter().any(|other| other.building == Some(building)),
        _ => false,
    };
    let rows = board
        .places
        .iter()
        .map(|place| {
            let own: Vec<PriceView> = board.prices.iter().filter(|price| price.scope == place.scope).cloned().collect();
            let (scope, parent, name) = (place.scope, place.building.map(|building| PriceScope::Building { building }), place_name(place));
            let now = price_today(board, place, today);
            let hidden = move || parent.is_some_and(|parent| folded.with(|folded| folded.contains(&parent)));
            let fold = has_children(place).then(|| {
                view! {
                    <button
                        type="button"
                        class="btn btn-ghost btn-xs btn-square"
                        aria-expanded=move || (!folded.with(|folded| folded.contains(&scope))).to_string()
                        aria-label=name.clone()
                        on:click=move |_| folded.update(|folded| { if !folded.remove(&scope) { folded.insert(scope); } })
                    >
                        {move || crate::kit::icon_sized(if folded.with(|folded| folded.contains(&scope)) { icons::CHEVRON_RIGHT } else { icons::CHEVRON_DOWN }, 14, "text-ink-3")}
                    </button>
                }
            });
            let depth = match (place.scope, place.building) {
                (PriceScope::Community, _) => "pl-0",
                (_, None) => "pl-6",
                _ => "pl-14",
            };
            let strong = if own.is_empty() { "" } else { "font-semibold text-primary" };
            let bars = own.iter().map(|price| bar(price, start, end)).collect_view();
            let set_here = name.clone();
            view! {
                <tr class:hidden=hidden>
                    <td class="price-place">
                        <div class=format!("flex items-center gap-1 {depth}")>
                            {match fold {
                                Some(fold) => fold.into_any(),
                                None => view! { <span class="inline-block w-6"></span> }.into_any(),
                            }}
                            <button type="button" class=format!("min-h-6 min-w-6 text-left hover:underline {strong}") disabled=!may title=t!("charging-price-set-for", name = set_here) on:click=move |_| form.open(scope, None)>
                                {name.clone()}
                            </button>
                            <span class="label-xs shrink-0 whitespace-nowrap">{t!(&format!("charging-scope-{}", scope.kind().word()))}</span>
                        </div>
                    </td>
                    <td class="num">{count(place.units)}</td>
                    <td class="num">{now}</td>
                    <td class="price-track max-sm:hidden">
                        <div class="price-line">
                            <i class="price-today" style:left=percent(at(today, start, end)) aria-hidden="true"></i>
                            {bars}
                        </div>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let months = (0..SHOWN)
        .step_by(3)
        .map(|after| {
            let month = first.plus(after);
            let label = if after == 0 || month.first_day().month() <= 3 {
                month.to_string()
            } else {
                format!("{:02}", month.first_day().month())
            };
            view! { <span class="price-month" style:left=percent(at(month.first_day(), start, end))>{label}</span> }
        })
        .collect_view();
    view! {
        <div class="price-scroll">
            <table class="table price-tree" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("charging-prices")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("charging-scope")}</th>
                        <th scope="col" class="num">{t!("charging-units")}</th>
                        <th scope="col" class="num">{t!("charging-today")}</th>
                        <th scope="col" class="price-track max-sm:hidden"><div class="price-line">
                            {months}
                            <span class="price-now" style:left=percent(at(today, start, end))>{t!("charging-today-day", day = today.format("%m-%d").to_string())}</span>
                        </div></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {every(board, (form, tariff), deed, reload, may)}
    }
    .into_any()
}

fn bar(price: &PriceView, start: Day, end: Day) -> Option<AnyView> {
    let to = price.to.unwrap_or(end);
    if to <= start || price.from >= end {
        return None;
    }
    let (left, right) = (at(price.from, start, end), at(to, start, end));
    let span = span_text(price);
    let label = format!("{} {}", rate_text(&price.rate), price.reason);
    Some(
        view! {
            <span class="price-bar" style:left=percent(left) style:width=percent(right - left) title=format!("{span}  {label}")>
                {label.clone()}
            </span>
        }
        .into_any(),
    )
}

fn span_text(price: &PriceView) -> String {
    match price.to {
        Some(to) => t!("kit-range-from-to", from = price.from, to = to.pred_opt().unwrap_or(to)),
        None => t!("kit-range-from", from = price.from),
    }
}

pub(super) fn place_name(place: &PricePlace) -> String {
    match place.scope {
        PriceScope::Floor { floor, .. } => t!("charging-floor", floor = floor),
        _ => place.name.clone(),
    }
}

/// What a place is called, with its building.
pub(super) fn place_text(board: &PriceBoard, scope: PriceScope) -> String {
    let name = |scope: PriceScope| board.places.iter().find(|place| place.scope == scope);
    let Some(place) = name(scope) else { return t!(&format!("charging-scope-{}", scope.kind().word())) };
    match place.building.and_then(|building| name(PriceScope::Building { building })) {
        Some(building) if !matches!(scope, PriceScope::Unit { .. }) => format!("{} {}", building.name, place_name(place)),
        _ => place_name(place),
    }
}

/// The price of a place today: its own, or the one it takes over. Of more than a figure, that only says from where.
fn price_today(board: &PriceBoard, place: &PricePlace, day: Day) -> AnyView {
    let Some(price) = in_force(board, place, day) else { return dash() };
    let (text, lone) = (rate_text(&price.rate), matches!(price.rate, Rate::Flat(_)));
    if price.scope == place.scope {
        let from_left = if lone { "" } else { "text-left" };
        return view! { <b class=format!("inline-block max-w-full whitespace-normal {from_left}")>{text}</b> }.into_any();
    }
    let words = if lone { text.clone() } else { t!("charging-price-as", place = place_text(board, price.scope)) };
    view! { <span class="inline-block max-w-full whitespace-normal text-ink-2" title=(!lone).then_some(text)>{words}</span> }
        .into_any()
}

/// The price that a place has on a day: its own, of the building around it, or of the community.
fn in_force<'a>(board: &'a PriceBoard, place: &PricePlace, day: Day) -> Option<&'a PriceView> {
    let of = |scope: PriceScope| {
        let on = |price: &&PriceView| price.scope == scope && price.from <= day && price.to.is_none_or(|to| to > day);
        board.prices.iter().filter(on).max_by_key(|price| price.from)
    };
    let around = || place.building.and_then(|building| of(PriceScope::Building { building }));
    of(place.scope).or_else(around).or_else(|| of(PriceScope::Community))
}

/// Whether a wider price is in force on a day where one of this scope is not.
fn has_wider(board: &PriceBoard, scope: PriceScope, day: Day) -> bool {
    let around = |scope: PriceScope| match scope {
        PriceScope::Community => None,
        PriceScope::Building { building } | PriceScope::Floor { building, .. } => Some(building),
        scope => board.places.iter().find(|place| place.scope == scope).and_then(|place| place.building),
    };
    let building = around(scope);
    board.prices.iter().filter(|price| price.from <= day && price.to.is_none_or(|to| to > day)).any(|price| {
        match (scope, price.scope) {
            (PriceScope::Community, _) => false,
            (_, PriceScope::Community) => true,
            (PriceScope::Building { .. }, _) | (_, PriceScope::Unit { .. }) => false,
            (PriceScope::Unit { .. }, wider) | (_, wider @ PriceScope::Building { .. }) => {
                building.is_some() && around(wider) == building
            }
            _ => false,
        }
    })
}

/// What is asked before a price is ended or withdrawn.
#[derive(Clone)]
struct Asked {
    title: String,
    why: String,
    verb: String,
    done: String,
}

impl Asked {
    fn run(
        self,
        (tariff, scope): (TariffId, PriceScope),
        (price, to, until): (PriceId, Day, Option<Day>),
        deed: Deed,
        reload: Reload,
    ) {
        let Self { title, why, verb, done } = self;
        spawn_local(async move {
            // Told before, as far as it can be found out.
            let found = call(billed_from(tariff, scope, to, until)).await.unwrap_or_default();
            let why = if found.bills > 0 { format!("{why} {}", billed_text(to, found)) } else { why };
            Confirm::new(title, why, verb).danger().ask(move || {
                deed.run(EndPrice { community: session::community(), price, to, resumes: true }, move |_| {
                    reload.now();
                    toast(done.clone());
                });
            });
        });
    }
}

/// Every price in the order of its effective date, with what may be done about it.
fn every(board: &PriceBoard, (form, tariff): (PriceForm, TariffId), deed: Deed, reload: Reload, may: bool) -> AnyView {
    let mut prices = board.prices.clone();
    prices.sort_by_key(|price| std::cmp::Reverse(price.from));
    let today = session::today();
    let rows = prices
        .into_iter()
        .map(|price| {
            let name = match price.scope {
                PriceScope::Community => t!("charging-scope-community"),
                scope => place_text(board, scope),
            };
            let live = price.to.is_none_or(|to| to > today);
            let (id, from, scope) = (price.id, price.from, price.scope);
            let (again, until) = (price.clone(), price.to);
            let actions = may.then(|| {
                let shown = rate_text(&price.rate);
                let to = today.max(from);
                // Withdrawn, it leaves its days to the one before it.
                let before = board.prices.iter().find(|before| before.scope == scope && before.to == Some(from));
                let ask_end = Asked {
                    title: t!("charging-price-end-title", name = name, price = shown),
                    why: match has_wider(board, scope, to) {
                        true => t!("charging-price-end-why", day = to.pred_opt().unwrap_or(to)),
                        false => t!("charging-price-end-why-none", day = to.pred_opt().unwrap_or(to)),
                    },
                    verb: t!("charging-end"),
                    done: t!("charging-ended"),
                };
                let ask_withdraw = Asked {
                    title: t!("charging-price-withdraw-title", name = name, price = shown),
                    why: match (before, has_wider(board, scope, from)) {
                        (Some(before), _) => {
                            t!("charging-price-withdraw-why-before", day = from, price = rate_text(&before.rate))
                        }
                        (None, true) => t!("charging-price-withdraw-why", day = from),
                        (None, false) => t!("charging-price-withdraw-why-none", day = from),
                    },
                    verb: t!("charging-price-withdraw"),
                    done: t!("charging-price-withdrawn"),
                };
                let change = live.then(|| {
                    button(icons::PENCIL, t!("charging-price-change"), move || form.open(scope, Some(again.rate.clone())))
                });
                let run = move |asked: Asked, to: Day| asked.run((tariff, scope), (id, to, until), deed, reload);
                // What has not been in force for a day can only be withdrawn.
                let end = (live && from < today)
                    .then(|| button(icons::CIRCLE_SLASH, t!("charging-end"), move || run(ask_end.clone(), to)));
                let withdraw = button(icons::UNDO_2, t!("charging-price-withdraw"), move || run(ask_withdraw.clone(), from));
                view! { <div class="flex justify-end gap-2">{change} {end} {withdraw}</div> }
            });
            view! {
                <tr class=if live { "" } else { "text-ink-3" }>
                    <td class="whitespace-nowrap">{span_text(&price)}</td>
                    <td class="sm:whitespace-nowrap">{name.clone()}</td>
                    <td class="num">{rate_view(&price.rate)}</td>
                    <td>{text_or_dash(price.reason.clone())}</td>
                    <td>{text_or_dash(price.set_by.clone())}</td>
                    <td>{actions}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("charging-price-history")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("charging-in-force")}</th>
                        <th scope="col">{t!("charging-scope")}</th>
                        <th scope="col" class="num">{t!("charging-price")}</th>
                        <th scope="col">{t!("charging-reason")}</th>
                        <th scope="col">{t!("charging-set-by")}</th>
                        <th scope="col"><span class="sr-only">{t!("kit-more")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    };
    section(t!("charging-price-history"), (), table)
}

/// The first of next month: when a new price usually begins.
pub(super) fn next_month(today: Day) -> Day {
    add_days(Month::of(today).period().to, 0).unwrap_or(today)
}
