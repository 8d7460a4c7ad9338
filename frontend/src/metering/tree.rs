//! Master meters and what hangs below them: the loss of each level in a month, and of one of them over a year.

use common::metering::api::{MeterTree, ShowTree};
use common::metering::tree::{NodeMonth, TreeNode};
use common::metering::{Role, Utility};
use common::permission::Permission;
use common::quantity::Quantity;
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{figure, figure_or_dash, role_name, tenths, utility_name};
use crate::api::call;
use crate::kit::{
    Chart, Empty, Header, Query, Series, Tone, cards, empty_view, icon_sized, icons, link_button, load, month_picker,
    past_month_of, primary_link, section, sparkline,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let month = past_month_of(query);
    let community = session::community();
    let utility =
        Memo::new(move |_| query.one("utility").and_then(|word| Utility::from_word(&word)).unwrap_or(Utility::Electricity));
    let picker = move || {
        let options = Utility::ALL
            .iter()
            .map(|one| view! { <option value=one.word() prop:selected=move || utility.get() == *one>{utility_name(*one)}</option> })
            .collect_view();
        view! {
            <select class="select select-sm w-28" aria-label=t!("metering-utility")
                on:change=move |event| query.put(&[("utility", Some(&event_target_value(&event))), ("node", None)])>
                {options}
            </select>
        }
    };
    let tree = load(
        move || call(ShowTree { community, utility: utility.get(), month: month.get() }),
        8,
        move |tree: MeterTree| of(tree, query, utility.get_untracked()),
    );
    let beside = view! { <div class="flex flex-wrap items-center gap-2">{picker} {month_picker(query, month)}</div> };
    let actions = link_button(icons::SPLIT, t!("metering-apportion"), "/metering/apportion");
    view! {
        {Header::new(t!("metering-tree")).beside(beside).actions(actions).show()}
        <div class="border-t border-line">{tree}</div>
    }
    .into_any()
}

fn of(tree: MeterTree, query: Query, utility: Utility) -> AnyView {
    if tree.nodes.is_empty() {
        let empty = Empty::new(icons::LIST_TREE, t!("metering-tree-none"), t!("metering-no-masters"));
        let empty = if session::may(Permission::MeteringWrite) {
            empty.actions(primary_link(icons::PLUS, t!("metering-define"), "/metering/meters/new"))
        } else {
            empty
        };
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty)}</div> }.into_any();
    }
    let loose = (tree.loose > 0).then(|| {
        view! {
            <p class="px-6 py-3 text-sm text-ink-2 max-sm:px-4">{t!("metering-tree-loose", count = tree.loose)}</p>
        }
    });
    let chosen = Memo::new(move |_| query.one("node"));
    let rows = tree.nodes.iter().map(|node| row(node, query, chosen)).collect_view();
    let tree = StoredValue::new(tree);
    let year = move || {
        let chosen = chosen.get();
        tree.with_value(|tree| {
            let named = tree.nodes.iter().find(|node| Some(node.meter.to_string()) == chosen);
            let node = named.or_else(|| tree.nodes.iter().find(|node| node.role == Role::Master))?;
            Some(year(node, tree, utility))
        })
    };
    view! {
        {cards(view! {
            <table class="table" style="--table-edge:1.5rem">
                <caption class="sr-only">{t!("metering-tree")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("metering-code")}</th>
                        <th scope="col">{t!("metering-role")}</th>
                        <th scope="col" class="num">{t!("metering-usage")} " " {utility.measure()}</th>
                        <th scope="col" class="num">{t!("metering-minus-household")}</th>
                        <th scope="col" class="num">{t!("metering-tree-below")}</th>
                        <th scope="col" class="num">{t!("metering-equals-loss")}</th>
                        <th scope="col" class="num">{t!("metering-loss-share")}</th>
                        <th scope="col" class="max-sm:hidden">{t!("metering-tree-year")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        })}
        {loose}
        {year}
    }
    .into_any()
}

/// What share of its own usage is lost, in percent.
fn share(month: &NodeMonth) -> Option<Decimal> {
    let (loss, own) = (month.loss?, month.own?);
    (loss.get() * Decimal::ONE_HUNDRED).checked_div(own.get())
}

fn row(node: &TreeNode, query: Query, chosen: Memo<Option<String>>) -> AnyView {
    let now = node.months.last().copied().unwrap_or_default();
    let master = node.role == Role::Master;
    let id = node.meter.to_string();
    let here = {
        let id = id.clone();
        move || chosen.get().as_deref() == Some(id.as_str())
    };
    let lost = |loss: Quantity| loss.get().is_sign_negative() && !loss.is_zero();
    let tone = if now.loss.is_some_and(lost) { "num font-semibold text-error" } else { "num font-semibold" };
    // Nothing read is no sum of zero.
    let sum = move |value: Quantity| figure_or_dash((now.own.is_some() || !value.get().is_zero()).then_some(value));
    let of_master = move |value: Quantity| if master { sum(value).into_any() } else { ().into_any() };
    let households = match node.households {
        0 => of_master(now.households),
        count => view! { {sum(now.households)} <span class="label-xs ml-1">{t!("metering-tree-homes", count = count)}</span> }
            .into_any(),
    };
    let known = node.months.iter().filter_map(|month| tenths(month.loss?.get()).to_i64());
    let line: Vec<i64> = known.collect();
    let indent = format!("padding-left:{}rem", indent_of(node.depth));
    let branch = (node.depth > 0)
        .then(|| view! { <span class="text-ink-3" aria-hidden="true">{icon_sized(icons::CHEVRON_RIGHT, 14, "")}</span> });
    view! {
        <tr class:bg-pick=here>
            <th scope="row" class="font-normal">
                <span class="flex items-center gap-1" style=indent>
                    {branch}
                    <a class="a whitespace-nowrap" href=format!("/metering/meters/{id}")>{node.code.clone()}</a>
                    <span class="text-ink-2">{node.place.clone()}</span>
                    {(!node.active).then(|| view! { <span class="label-xs">{t!("metering-taken-out")}</span> })}
                </span>
            </th>
            <td>{role_name(node.role)}</td>
            <td class="num">{figure_or_dash(now.own)}</td>
            <td class="num">{households}</td>
            <td class="num">{of_master(now.below)}</td>
            <td class=tone>{now.loss.map(figure)}</td>
            <td class="num">{share(&now).map(|share| format!("{}%", tenths(share)))}</td>
            <td class="max-sm:hidden">
                {master.then(|| view! {
                    <button type="button" class="btn btn-ghost btn-sm h-auto px-1" title=t!("metering-tree-show-year")
                        aria-label=t!("metering-tree-show-year-of", meter = node.code.clone())
                        on:click=move |_| query.put(&[("node", Some(&id))])>
                        {sparkline(&line, t!("metering-tree-year"))}
                    </button>
                })}
            </td>
        </tr>
    }
    .into_any()
}

/// One step of the tree, in rem; after six levels it goes no further in.
fn indent_of(depth: u32) -> String {
    let quarters = depth.min(6) * 5;
    format!("{}.{:02}", quarters / 4, quarters % 4 * 25)
}

/// A node's year: what was lost each month, and of how much.
fn year(node: &TreeNode, tree: &MeterTree, utility: Utility) -> AnyView {
    let tenth = |value: Option<Quantity>| value.and_then(|value| (tenths(value.get()) * Decimal::TEN).to_i64());
    let text = |value: Option<Quantity>| value.map_or_else(|| "–".to_owned(), figure);
    let each = |of: fn(&NodeMonth) -> Option<Quantity>| node.months.iter().map(move |month| text(of(month))).collect::<Vec<_>>();
    let percent =
        node.months.iter().map(|month| share(month).map_or_else(|| "–".to_owned(), |share| format!("{}%", tenths(share))));
    let drawn = Chart {
        title: t!("metering-tree-chart", meter = node.code.clone()),
        labels: tree.months.iter().map(|month| month.to_string().get(2..).unwrap_or_default().to_owned()).collect(),
        series: vec![Series {
            name: t!("metering-loss"),
            values: node.months.iter().map(|month| tenth(month.loss)).collect(),
            tone: Tone::Main,
        }],
        say: |tenths| figure(Decimal::new(tenths, 1)),
        goal: None,
        unfinished: None,
        rows: vec![
            (t!("metering-usage"), each(|month| month.own)),
            (t!("metering-minus-household"), each(|month| Some(month.households))),
            (t!("metering-tree-below"), each(|month| Some(month.below))),
            (t!("metering-equals-loss"), each(|month| month.loss)),
            (t!("metering-loss-share"), percent.collect()),
        ],
    };
    let title = t!("metering-tree-year-of", meter = node.code.clone(), place = node.place.clone(), measure = utility.measure());
    section(title, (), view! { <div class="max-w-220">{drawn.bars()}</div> })
}
