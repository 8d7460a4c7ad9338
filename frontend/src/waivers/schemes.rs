//! 减免方案: what is taken off, for whom, and what each scheme has cost so far.

use common::approvals::flow::DeedKind;
use common::billing::what_if::Change;
use common::waivers::api::{ListSchemes, SaveScheme, SchemeState, SchemeView, SwitchScheme};
use common::waivers::explain::relief_text;
use common::waivers::scheme::WhoKind;
use leptos::prelude::*;

use super::scheme_form::scheme_start;
use crate::api::call;
use crate::approvals::{done_or_waits, waiting_requests};
use crate::charging::{may_try, trial_address};
use crate::kit::{
    Close, Confirm, Deed, Empty, Header, Look, Reload, State, cards, dash, empty_view, icon, icons, link_button, load, menu,
    menu_deed, menu_link, money, primary_link, state_badge,
};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let (reload, deed, community) = (Reload::new(), Deed::new(), session::community());
    let may = session::may_ask::<SaveScheme>();
    let add = move || {
        view! {
            {may_try().then(|| link_button(icons::FLASK_CONICAL, t!("waivers-try"), trial_address(None, &[])))}
            {may.then(|| primary_link(icons::PLUS, t!("waivers-scheme-add"), "/waivers/schemes/new"))}
        }
        .into_any()
    };
    let list = load(
        move || {
            reload.track();
            call(ListSchemes { community })
        },
        8,
        move |schemes: Vec<SchemeView>| {
            if schemes.is_empty() {
                let empty = Empty::new(icons::BADGE_PERCENT, t!("waivers-schemes-none"), t!("waivers-schemes-none-why"));
                return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty.actions(add()))}</div> }.into_any();
            }
            table(schemes, reload, deed, may)
        },
    );
    view! {
        {Header::new(t!("waivers-schemes")).actions(add()).show()}
        {waiting_requests(DeedKind::Scheme, reload)}
        <div class="border-t border-line pb-8">{list}</div>
    }
    .into_any()
}

fn table(schemes: Vec<SchemeView>, reload: Reload, deed: Deed, may: bool) -> AnyView {
    let rows = schemes.into_iter().map(|scheme| row(scheme, reload, deed, may)).collect_view();
    cards(view! {
        <table class="table" style="--table-edge:1.5rem">
            <caption class="sr-only">{t!("waivers-schemes")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!("waivers-name")}</th>
                    <th scope="col" class="num">{t!("waivers-rank")}</th>
                    <th scope="col">{t!("waivers-relief")}</th>
                    <th scope="col">{t!("waivers-who")}</th>
                    <th scope="col">{t!("waivers-fee-items")}</th>
                    <th scope="col">{t!("waivers-in-force")}</th>
                    <th scope="col">{t!("waivers-state")}</th>
                    <th scope="col" class="num">{t!("waivers-so-far")}</th>
                    <th scope="col"><span class="sr-only">{t!("kit-more")}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    })
}

fn row(scheme: SchemeView, reload: Reload, deed: Deed, may: bool) -> AnyView {
    let id = scheme.id;
    let name = scheme.name.clone();
    let active = scheme.state == SchemeState::Active;
    let switch = move |state, told: String| {
        deed.run(SwitchScheme { community: session::community(), scheme: id, state }, move |outcome| {
            reload.now();
            done_or_waits(outcome, told);
        });
    };
    // What is in force is tried without it, what is stopped with it.
    let other = match scheme.state {
        SchemeState::Active => (t!("waivers-try-without"), Change::NoScheme { scheme: id }),
        SchemeState::Stopped => {
            (t!("waivers-try-with"), Change::Scheme(Box::new(scheme_start(Some(scheme.clone()), scheme.rank))))
        }
    };
    let actions = move |_: Close| {
        let name = name.clone();
        let (word, change) = other.clone();
        view! {
            {may_try().then(|| menu_link(word, trial_address(None, &[change])))}
            {may.then(|| menu_link(t!("waivers-scheme-change"), format!("/waivers/schemes/{id}")))}
            {may.then(|| if active {
                menu_deed(t!("waivers-stop"), move || {
                    Confirm::new(t!("waivers-stop-title", name = name), t!("waivers-stop-why"), t!("waivers-stop"))
                        .ask(move || switch(SchemeState::Stopped, t!("waivers-stopped")));
                })
            } else {
                menu_deed(t!("waivers-start"), move || {
                    switch(SchemeState::Active, t!("waivers-started"));
                })
            })}
        }
        .into_any()
    };
    let link = format!("/waivers/given?scheme={id}");
    let so_far = match scheme.bills {
        0 => dash(),
        _ => view! { <a class="a" href=link>{money(scheme.amount_fen)}</a> }.into_any(),
    };
    let title = if may {
        view! { <a class="a" href=format!("/waivers/schemes/{id}")>{scheme.name.clone()}</a> }.into_any()
    } else {
        scheme.name.clone().into_any()
    };
    view! {
        <tr class=if active { "" } else { "text-ink-3" }>
            <td class="py-1.5">{title} <div class="label-xs">{scheme.reason.clone()}</div></td>
            <td class="num">{scheme.rank}</td>
            <td class="py-1.5">{what(&scheme).into_iter().map(|line| view! { <div>{line}</div> }).collect_view()}</td>
            <td>{who(&scheme)}</td>
            <td>{few(&scheme.fee_item_names)}</td>
            <td class="whitespace-nowrap">{days(&scheme)}</td>
            <td>{state(&scheme)}</td>
            <td class="num">{so_far}</td>
            <td class="w-10">
                {(may || may_try()).then(|| menu(Some(t!("kit-more")), Look { button: "btn btn-ghost btn-sm btn-square", panel: "right-0 w-40" }, icon(icons::ELLIPSIS), actions))}
            </td>
        </tr>
    }
    .into_any()
}

/// What it takes off, from how many months on, and how much at most.
fn what(scheme: &SchemeView) -> Vec<String> {
    let rules = &scheme.rules;
    let more = [
        (rules.months_least > 1).then(|| t!("waivers-ahead", months = rules.months_least)),
        rules.bill_most_fen.map(|most| t!("waivers-cap-bill", most = most)),
        rules.year_most_fen.map(|most| t!("waivers-cap-year", most = most)),
    ];
    std::iter::once(relief_text(session::language(), rules.what())).chain(more.into_iter().flatten()).collect()
}

fn who(scheme: &SchemeView) -> String {
    match scheme.rules.who {
        WhoKind::Everybody => t!("waivers-who-everybody"),
        WhoKind::Groups => few(&scheme.group_names),
        WhoKind::Units => few(&scheme.unit_labels),
        WhoKind::Kinds => few(&scheme.rules.kinds.iter().map(|kind| t!(&kind.text_id())).collect::<Vec<_>>()),
    }
}

/// The first few names, and how many there are.
fn few(names: &[String]) -> String {
    let comma = t!("waivers-comma");
    match names {
        [one, two, _, _, ..] => t!("waivers-who-count", names = [one.as_str(), two.as_str()].join(&comma), count = names.len()),
        few => few.join(&comma),
    }
}

fn days(scheme: &SchemeView) -> String {
    match scheme.to {
        Some(to) => t!("kit-range-from-to", from = scheme.from, to = to.pred_opt().unwrap_or(to)),
        None => t!("waivers-always", from = scheme.from),
    }
}

fn state(scheme: &SchemeView) -> AnyView {
    let today = session::today();
    match scheme.state {
        SchemeState::Stopped => state_badge(State::Void, t!("waivers-state-stopped")),
        SchemeState::Active if scheme.from > today => state_badge(State::Open, t!("waivers-state-later")),
        SchemeState::Active if scheme.to.is_some_and(|to| to <= today) => state_badge(State::Void, t!("waivers-state-over")),
        SchemeState::Active => state_badge(State::Done, t!("waivers-state-active")),
    }
}
