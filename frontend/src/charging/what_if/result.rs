//! What a trial comes to: the sum, who pays more, the same, less, by how much, and where.

use common::billing::what_if::{BuildingChange, Class, Comparison, Group, Turn};
use common::money::Money;
use leptos::prelude::*;

use super::{Desk, units};
use crate::billing::reason_text;
use crate::billing::trial::{Tried, TriedRow};
use crate::kit::{Chart, Series, Term, Tone, cards, count, equation, focus_id, money, section};
use crate::t;

/// Where the sums stand.
const RESULT: &str = "what-if-result";

/// Draws it.
pub(super) fn show(desk: Desk, tried: Tried) -> AnyView {
    let made = &tried.made;
    let change = Money::from_fen(made.after_fen.fen().saturating_sub(made.before_fen.fen()));
    let terms = vec![
        Term::money("", t!("charging-what-if-before"), made.before_fen),
        Term::money(if change.is_negative() { "−" } else { "+" }, t!("billing-change"), Money::from_fen(change.fen().abs()))
            .class(if change.is_zero() { "text-ink-3" } else { "text-warning" }),
        Term::result(t!("charging-what-if-after"), made.after_fen),
    ];
    let period = move || match desk.months.get() {
        1 => desk.first.get().to_string(),
        many => t!("charging-what-if-period", first = desk.first.get(), months = many),
    };
    let untouched = change.is_zero() && made.more.units + made.less.units == 0 && made.turned.is_empty();
    let chart =
        (!made.classes.is_empty()).then(|| section(t!("charging-what-if-how-much"), same_note(made), chart(&made.classes)));
    view! {
        <section id=RESULT tabindex="-1" class="scroll-mt-14 border-b border-line px-6 py-4 outline-none max-sm:px-4" aria-live="polite">
            <p class="label-xs mb-2">{period} {percent(made)}</p>
            {equation(terms)}
        </section>
        {groups(made)}
        {untouched.then(|| {
            let tries = desk.changes.with_untracked(|changes| !changes.is_empty());
            let words = if tries { t!("charging-what-if-no-difference") } else { t!("charging-what-if-nothing") };
            view! { <p class="px-6 pt-4 text-base text-ink-2 max-sm:px-4">{words}</p> }
        })}
        {chart}
        {turned(&tried)}
        {left_out(&tried)}
        {top(desk, &tried)}
        {by_item(&tried)}
        {by_scheme(&tried)}
        {by_building(desk, &tried)}
        {section(t!("charging-what-if-every"), (), units::every(desk, &tried.buildings))}
    }
    .into_any()
}

/// What it comes to, in a line that stays in view on a phone, where what is tried stands above; it leads to the rest.
pub(super) fn in_view(desk: Desk) -> AnyView {
    let sums =
        move || desk.tried.with(|tried| tried.as_ref()?.as_ref().ok().map(|tried| (tried.made.before_fen, tried.made.after_fen)));
    // The focus alone would bring the sums to the foot of the page, behind this line.
    let look = |_| {
        if let Some(sums) = document().get_element_by_id(RESULT) {
            sums.scroll_into_view();
        }
        focus_id(RESULT);
    };
    let line = move |(before, after): (Money, Money)| {
        let change = Money::from_fen(after.fen().saturating_sub(before.fen()));
        view! {
            <div class="no-print sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-10 flex min-h-12 flex-wrap items-center gap-2 border-t border-line bg-sheet px-4 py-2 text-sm sm:hidden">
                <span class="text-ink-2">{t!("charging-what-if-after")}</span>
                <b class="num">{after.to_string()}</b>
                <span class="num text-ink-2">{signed(change)}</span>
                <button type="button" class="btn btn-sm ml-auto" on:click=look>{t!("charging-what-if-look")}</button>
            </div>
        }
    };
    (move || sums().map(line)).into_any()
}

/// By how many per cent the sum changes, in tenths.
fn percent(made: &Comparison) -> Option<String> {
    let (before, after) = (i128::from(made.before_fen.fen()), i128::from(made.after_fen.fen()));
    let tenths = ((after - before) * 2_000).checked_div(before.abs() * 2).filter(|tenths| *tenths != 0)?;
    let sign = if tenths < 0 { "−" } else { "+" };
    Some(format!(" · {sign}{}.{}%", tenths.abs() / 10, tenths.abs() % 10))
}

/// What a unit of a group pays more on average, to the fen.
fn average(group: Group) -> Option<String> {
    let units = i64::try_from(group.units).ok().filter(|units| *units > 0)?;
    let half = if group.difference_fen.is_negative() { -(units / 2) } else { units / 2 };
    Some(signed(Money::from_fen(group.difference_fen.fen().saturating_add(half) / units)))
}

/// With its sign.
pub(super) fn signed(amount: Money) -> String {
    if amount.is_positive() { format!("+{amount}") } else { amount.to_string() }
}

fn groups(made: &Comparison) -> AnyView {
    let one = |name: String, dot: &'static str, units: u64, note: Option<String>| {
        view! {
            <div class="px-6 py-3 max-sm:px-4">
                <dt class="label-xs flex items-center gap-1.5">
                    {(!dot.is_empty()).then(|| view! { <i class="inline-block size-2 rounded-[2px]" style:background=dot aria-hidden="true"></i> })}
                    {name}
                </dt>
                <dd class="mt-1 text-xl font-semibold whitespace-nowrap">{t!("billing-units-count", count = count(units))}</dd>
                <dd class="label-xs min-h-4">{note.map(|average| t!("charging-what-if-average", amount = average))}</dd>
            </div>
        }
    };
    view! {
        <dl class="figure-strip border-b border-line">
            {one(t!("charging-what-if-more"), "var(--chart-2)", made.more.units, average(made.more))}
            {one(t!("charging-what-if-same"), "", made.same, None)}
            {one(t!("charging-what-if-less"), "var(--chart-1)", made.less.units, average(made.less))}
        </dl>
    }
    .into_any()
}

fn same_note(made: &Comparison) -> Option<AnyView> {
    (made.same > 0).then(|| {
        view! { <span class="text-sm text-ink-2">{t!("charging-what-if-same-left-out", count = count(made.same))}</span> }
            .into_any()
    })
}

/// A bound in yuan, without decimals where there are none.
fn bound(amount: Money) -> String {
    let text = amount.to_string();
    text.strip_suffix(".00").map_or(text.clone(), ToOwned::to_owned)
}

fn range(class: &Class) -> String {
    match (class.from_fen, class.to_fen) {
        (None, Some(to)) => format!("< {}", bound(to)),
        (Some(from), None) => format!("> {}", bound(from)),
        (from, to) => format!("{}–{}", bound(from.unwrap_or_default()), bound(to.unwrap_or_default())),
    }
}

fn chart(classes: &[Class]) -> AnyView {
    let above = |class: &Class| class.from_fen.is_some_and(|from| !from.is_negative());
    let number = |class: &Class| i64::try_from(class.units).unwrap_or(i64::MAX);
    let of = |wanted: bool| classes.iter().map(|class| (above(class) == wanted).then(|| number(class))).collect();
    let both = classes.iter().any(above) && !classes.iter().all(above);
    let mut series = Vec::new();
    if both || classes.iter().all(above) {
        series.push(Series { name: t!("charging-what-if-more"), values: of(true), tone: Tone::Other });
    }
    if both || !classes.iter().any(above) {
        series.push(Series { name: t!("charging-what-if-less"), values: of(false), tone: Tone::Main });
    }
    Chart {
        title: t!("charging-what-if-how-much"),
        labels: classes.iter().map(range).collect(),
        series,
        say: |value| count(value),
        goal: None,
        unfinished: None,
        rows: vec![(t!("charging-units"), classes.iter().map(|class| count(class.units)).collect())],
    }
    .bars()
}

/// Bills that come or go, by reason.
fn turned(tried: &Tried) -> Option<AnyView> {
    if tried.made.turned.is_empty() {
        return None;
    }
    let item = |place: u16| tried.fee_items.get(usize::from(place)).cloned().unwrap_or_default();
    let lines = tried
        .made
        .turned
        .iter()
        .map(|one| {
            let (units, fee_item, reason) = (count(one.units), item(one.fee_item), reason_text(one.reason));
            let words = match one.turn {
                Turn::Newly => t!("charging-what-if-newly", units = units, item = fee_item, reason = reason),
                Turn::NoLonger => t!("charging-what-if-no-longer", units = units, item = fee_item, reason = reason),
            };
            view! { <li>{words}</li> }
        })
        .collect_view();
    let list = view! { <ul class="flex flex-col gap-1 py-1 text-sm">{lines}</ul> };
    Some(section(t!("charging-what-if-turned"), (), list))
}

/// Units that can't be computed, by reason.
fn left_out(tried: &Tried) -> Option<AnyView> {
    let item = |place: u16| tried.fee_items.get(usize::from(place)).cloned().unwrap_or_default();
    let lines = tried.made.left_out.iter().map(|one| {
        let (units, reason) = (count(one.units), reason_text(one.reason));
        view! { <li>{t!("charging-what-if-left-out-line", item = item(one.fee_item), units = units, reason = reason)}</li> }
    });
    (!tried.made.left_out.is_empty()).then(|| {
        let list = view! { <ul class="flex flex-col gap-1 py-1 text-sm">{lines.collect_view()}</ul> };
        section(t!("charging-what-if-left-out"), (), list)
    })
}

/// The largest changes each way.
fn top(desk: Desk, tried: &Tried) -> Option<AnyView> {
    if tried.up.is_empty() && tried.down.is_empty() {
        return None;
    }
    let side = |name: String, rows: &[TriedRow]| {
        (!rows.is_empty()).then(|| {
            let table = units::table(desk, name.clone(), rows.to_vec());
            view! { <div class="min-w-0"><h3 class="pt-1 text-sm text-ink-2">{name}</h3>{table}</div> }
        })
    };
    let both = view! {
        <div class="grid grid-cols-2 gap-x-8 max-xl:grid-cols-1">
            {side(t!("charging-what-if-most-more"), &tried.up)}
            {side(t!("charging-what-if-most-less"), &tried.down)}
        </div>
    };
    Some(section(t!("charging-what-if-top"), (), both))
}

fn by_item(tried: &Tried) -> Option<AnyView> {
    let items = &tried.made.fee_items;
    if items.len() < 2 {
        return None;
    }
    let rows = items
        .iter()
        .map(|item| {
            let name = tried.fee_items.get(usize::from(item.fee_item)).cloned().unwrap_or_default();
            sums(name.into_any(), vec![count(item.bills_after)], item.before_fen, item.after_fen)
        })
        .collect_view();
    Some(section(
        t!("billing-by-fee-item"),
        (),
        sums_table(t!("billing-by-fee-item"), t!("billing-fee-item"), vec![t!("billing-count")], rows),
    ))
}

/// Buildings that are listed before one asks for all.
const BUILDINGS: usize = 30;

/// What schemes take off, by scheme: what a change of one costs, and what a dearer price costs those that are there.
fn by_scheme(tried: &Tried) -> Option<AnyView> {
    let schemes = &tried.made.schemes;
    if schemes.is_empty() {
        return None;
    }
    let rows = schemes
        .iter()
        .zip(&tried.schemes)
        .map(|(scheme, name)| {
            let counts = [scheme.bills_before, scheme.bills_after].map(count).to_vec();
            sums(name.clone().into_any(), counts, scheme.before_fen, scheme.after_fen)
        })
        .collect_view();
    let heads = vec![t!("charging-what-if-bills-before"), t!("charging-what-if-bills-after")];
    let table = sums_table(t!("charging-what-if-waived"), t!("waivers-scheme"), heads, rows);
    let note = view! { <span class="text-sm text-ink-2">{t!("charging-what-if-waived-note")}</span> };
    Some(section(t!("charging-what-if-waived"), note.into_any(), table))
}

fn by_building(desk: Desk, tried: &Tried) -> AnyView {
    let all = StoredValue::new((tried.made.buildings.clone(), tried.buildings.clone()));
    let waives = !tried.made.schemes.is_empty();
    let many = tried.made.buildings.len();
    let whole = RwSignal::new(many <= BUILDINGS);
    let row = move |building: &BuildingChange, names: &[String]| {
        let place = building.building.and_then(|place| usize::try_from(place).ok());
        let name = place.and_then(|place| names.get(place).cloned()).unwrap_or_else(|| t!("billing-outside"));
        let mut counts = [building.units, building.more, building.less].map(count).to_vec();
        if waives {
            counts.extend([building.waived_before_fen, building.waived_after_fen].map(|amount| amount.to_string()));
        }
        let outside = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let at = building.building.unwrap_or(outside);
        let look = move |_| {
            desk.list.of_building(at);
            focus_id("every-unit");
        };
        let name = view! { <button type="button" class="a" on:click=look>{name}</button> }.into_any();
        sums(name, counts, building.before_fen, building.after_fen)
    };
    let rows = move || {
        let most = if whole.get() { usize::MAX } else { BUILDINGS };
        all.with_value(|(buildings, names)| buildings.iter().take(most).map(|building| row(building, names)).collect_view())
    };
    let mut heads = vec![t!("charging-units"), t!("charging-what-if-more"), t!("charging-what-if-less")];
    if waives {
        heads.extend([t!("charging-what-if-waived-before"), t!("charging-what-if-waived-after")]);
    }
    let table = sums_table(t!("billing-by-building"), t!("estate-column-building"), heads, rows);
    let rest = view! {
        <button type="button" class="btn btn-ghost btn-sm no-print" class:hidden=move || whole.get() on:click=move |_| whole.set(true)>
            {t!("charging-what-if-buildings-all", count = count(many))}
        </button>
    };
    section(t!("billing-by-building"), (), view! { {table} {rest} })
}

fn sums(name: AnyView, counts: Vec<String>, before: Money, after: Money) -> impl IntoView {
    let change = Money::from_fen(after.fen().saturating_sub(before.fen()));
    let weight = if change.is_zero() { "num text-ink-3" } else { "num font-semibold" };
    view! {
        <tr>
            <th scope="row" class="font-normal">{name}</th>
            {counts.into_iter().map(|count| view! { <td class="num">{count}</td> }).collect_view()}
            <td class="num">{money(before)}</td>
            <td class="num">{money(after)}</td>
            <td class=weight>{signed(change)}</td>
        </tr>
    }
}

fn sums_table(caption: String, first: String, heads: Vec<String>, rows: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{first}</th>
                        {heads.into_iter().map(|head| view! { <th scope="col" class="num">{head}</th> }).collect_view()}
                        <th scope="col" class="num">{t!("charging-what-if-before")}</th>
                        <th scope="col" class="num">{t!("charging-what-if-after")}</th>
                        <th scope="col" class="num">{t!("billing-change")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    }
    .into_any()
}
