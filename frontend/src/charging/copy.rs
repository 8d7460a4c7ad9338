//! Copying fee items, tariffs and community prices to another community: which, and what they meet there.

use common::charging::api::{CopyLine, CopyState, CopyTariffs, ReviewCopy};
use common::id::{CommunityId, CopyId};
use common::period::Month;
use leptos::prelude::*;
use uuid::Uuid;

use super::words::{rate_text, rate_unit};
use crate::api::call;
use crate::kit::{
    Empty, Ending, Form, Header, State, cards, count, empty_view, go_with_router, icons, load, state_badge, text_or_dash, toast,
};
use crate::session;
use crate::t;

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let others: Vec<(CommunityId, String)> = session::me()
        .map(|me| me.communities)
        .unwrap_or_default()
        .into_iter()
        .filter(|other| other.id != community && other.whole)
        .map(|other| (other.id, other.name))
        .collect();
    let body = match others.first() {
        Some((first, _)) => form(*first, others.clone()),
        None => empty_view(Empty::new(icons::BUILDING_2, t!("charging-copy-nowhere"), t!("charging-copy-nowhere-why"))),
    };
    view! {
        {Header::new(t!("charging-copy")).crumb(t!("charging-prices"), "/charging/prices").show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">
            <p class="mb-4 text-sm text-ink-2">{t!("charging-copy-why")}</p>
            {body}
        </div>
    }
    .into_any()
}

fn form(first: CommunityId, others: Vec<(CommunityId, String)>) -> AnyView {
    let community = session::community();
    let form = Form::new(CopyTariffs {
        community,
        to: first,
        copy: CopyId(Uuid::now_v7()),
        tariffs: Vec::new(),
        from: Month::of(session::today()).first_day(),
    });
    let to = Memo::new(move |_| form.draft.with(|ask| ask.to));
    let lines = load(
        move || {
            // What is picked is of the community that was looked at.
            form.draft.update(|ask| ask.tariffs.clear());
            call(ReviewCopy { community, to: to.get() })
        },
        6,
        move |lines: Vec<CopyLine>| table(form, lines),
    );
    let fields = view! {
        <div class="grid grid-cols-2 gap-5 max-sm:grid-cols-1">
            {form.choice("to", t!("charging-copy-to"), |ask| &mut ask.to, others)}
            {form.field("from", t!("charging-copy-from"), |ask| &mut ask.from).show()}
        </div>
        {form.custom_group("tariffs", t!("charging-copy-which"), move |id, _| view! { <div id=id tabindex="-1">{lines}</div> }.into_any())}
        <p class="text-sm text-ink-2" aria-live="polite">{move || t!("charging-copy-now", count = count(form.draft.with(|ask| ask.tariffs.len())))}</p>
    };
    let go = go_with_router();
    form.show(Ending::new(t!("charging-copy")).cancel_to("/charging/prices").wide(), fields, move |done| {
        toast(t!("charging-copied", items = done.fee_items, tariffs = done.tariffs, prices = done.prices));
        go("/charging/prices");
    })
}

fn table(form: Form<CopyTariffs>, lines: Vec<CopyLine>) -> AnyView {
    let free: Vec<_> = lines.iter().filter(|line| line.state.is_free()).map(|line| line.tariff).collect();
    let any = !free.is_empty();
    let all = free.clone();
    let is_all = move || form.draft.with(|ask| !all.is_empty() && ask.tariffs.len() == all.len());
    let pick_all = move |event: leptos::ev::Event| {
        let picked = if event_target_checked(&event) { free.clone() } else { Vec::new() };
        form.draft.update(|ask| ask.tariffs = picked);
    };
    let rows = lines
        .into_iter()
        .map(|line| {
            let (id, may) = (line.tariff, line.state.is_free());
            let name = format!("{} · {}", line.fee_item_name, line.tariff_name);
            let picked = move || form.draft.with(|ask| ask.tariffs.contains(&id));
            let turn = move |_| {
                form.draft.update(|ask| match ask.tariffs.iter().position(|known| *known == id) {
                    Some(place) => {
                        ask.tariffs.swap_remove(place);
                    }
                    None => ask.tariffs.push(id),
                });
            };
            let word = t!(&format!("charging-copy-state-{}", line.state.word()));
            let state = match line.state {
                CopyState::New | CopyState::Joins => state_badge(State::Open, word),
                CopyState::Taken => state_badge(State::Void, word),
                CopyState::Clash => state_badge(State::Wait, word),
            };
            view! {
                <tr class=if may { "" } else { "text-ink-3" }>
                    <td>
                        <label class="flex min-h-8 items-center gap-3">
                            <input type="checkbox" class="checkbox checkbox-xs" disabled=!may prop:checked=picked on:change=turn />
                            {name}
                        </label>
                    </td>
                    <td>{text_or_dash(line.rate.as_ref().map(|rate| format!("{} {}", rate_text(rate), rate_unit(&line.rules, line.kind))))}</td>
                    <td>{state}</td>
                </tr>
            }
        })
        .collect_view();
    cards(view! {
        <table class="table">
            <caption class="sr-only">{t!("charging-copy-which")}</caption>
            <thead>
                <tr>
                    <th scope="col">
                        <span class="flex items-center gap-3">
                            <input type="checkbox" class="checkbox checkbox-xs" aria-label=t!("charging-copy-all") disabled=!any prop:checked=is_all on:change=pick_all />
                            {t!("charging-tariff")}
                        </span>
                    </th>
                    <th scope="col">{t!("charging-price-today")}</th>
                    <th scope="col">{t!("charging-copy-state")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    })
}
