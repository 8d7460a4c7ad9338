//! A round is opened, or its readers and days are set anew.

use common::id::RoundId;
use common::metering::Utility;
use common::metering::api::{AssignRound, GetRound, GetRoundChoices, OpenRound, RoundChoices, RoundPage};
use common::period::Month;
use leptos::prelude::*;
use uuid::Uuid;

use super::plan::Plan;
use super::utility_names;
use crate::api::call;
use crate::kit::{Empty, Ending, Form, Header, empty_view, go_with_router, icons, link_button, load, toast};
use crate::metering::utility_name;
use crate::shell::param_id;
use crate::{session, t};

/// The page of a new round.
pub(in crate::metering) fn new_page() -> AnyView {
    let community = session::community();
    let body = load(move || call(GetRoundChoices { community }), 12, open_form);
    view! {
        {Header::new(t!("metering-round-new")).show()}
        <div class="border-t border-line px-6 pt-4 pb-8 max-sm:px-4">{body}</div>
    }
    .into_any()
}

fn open_form(choices: RoundChoices) -> AnyView {
    if choices.places.is_empty() {
        let empty = Empty::new(icons::GAUGE, t!("metering-meters-none"), t!("metering-meters-none-why"));
        return empty_view(empty.actions(link_button(icons::GAUGE, t!("metering-meters"), "/metering/meters")));
    }
    let there = |utility: &&Utility| choices.places.iter().any(|place| place.utility == **utility);
    let utilities: Vec<Utility> = Utility::ALL.iter().filter(there).copied().collect();
    let today = session::today();
    let round = RoundId(Uuid::now_v7());
    let plan = Plan::new(choices, &[]);
    let form = Form::new(OpenRound {
        community: session::community(),
        round,
        month: Month::of(today),
        utilities: utilities.clone(),
        from: today,
        to: (today + chrono::Days::new(4)).max(today),
        parts: untrack(|| plan.parts(&utilities)),
    });
    let chosen = Signal::derive(move || form.draft.with(|ask| ask.utilities.clone()));
    // The parts follow what is ticked and chosen.
    Effect::new(move || {
        let parts = plan.parts(&chosen.get());
        if form.draft.with_untracked(|ask| ask.parts != parts) {
            form.draft.update(|ask| ask.parts = parts);
        }
    });
    let names = utilities.into_iter().map(|utility| (utility, utility_name(utility))).collect();
    let go = go_with_router();
    let fields = view! {
        <div class="grid grid-cols-3 gap-x-6 gap-y-5 max-sm:grid-cols-1">
            {form.field("month", t!("metering-month"), |ask| &mut ask.month).focus().show()}
            {form.field("from", t!("metering-round-from"), |ask| &mut ask.from).show()}
            {form.field("to", t!("metering-round-to"), |ask| &mut ask.to).show()}
        </div>
        {form.ticks("utilities", t!("metering-utility"), |ask| &mut ask.utilities, names)}
        {form.custom("parts", t!("metering-round-parts"), move |id, changed| plan.show(id, chosen, move || changed()))}
    };
    form.show(Ending::new(t!("metering-round-begin")).wide().cancel_to("/metering/rounds"), fields, move |_| {
        toast(t!("metering-round-opened"));
        go(&format!("/metering/rounds/{round}"));
    })
}

/// The page of a round's readers and days.
pub(in crate::metering) fn assign_page() -> AnyView {
    let Some(round) = param_id::<RoundId>("round") else { return crate::shell::not_found() };
    let community = session::community();
    let both = move || async move {
        let page = call(GetRound { community, round }).await?;
        Ok((page, call(GetRoundChoices { community }).await?))
    };
    let body = load(both, 12, |(page, choices): (RoundPage, RoundChoices)| assign_form(&page, choices));
    view! {
        {Header::new(t!("metering-round-assign")).show()}
        <div class="border-t border-line px-6 pt-4 pb-8 max-sm:px-4">{body}</div>
    }
    .into_any()
}

fn assign_form(page: &RoundPage, choices: RoundChoices) -> AnyView {
    let utilities = page.round.utilities.clone();
    let plan = Plan::new(choices, &page.parts);
    let home = format!("/metering/rounds/{}", page.round.id);
    let form = Form::new(AssignRound {
        community: session::community(),
        round: page.round.id,
        from: page.round.from,
        to: page.round.to,
        parts: untrack(|| plan.parts(&utilities)),
    });
    let chosen = StoredValue::new(utilities.clone());
    Effect::new(move || {
        let parts = chosen.with_value(|utilities| plan.parts(utilities));
        if form.draft.with_untracked(|ask| ask.parts != parts) {
            form.draft.update(|ask| ask.parts = parts);
        }
    });
    let go = go_with_router();
    let fields = view! {
        <p class="text-base text-ink-2">{page.round.month.to_string()} " " {utility_names(&utilities)}</p>
        <div class="grid grid-cols-3 gap-x-6 gap-y-5 max-sm:grid-cols-1">
            {form.field("from", t!("metering-round-from"), |ask| &mut ask.from).focus().show()}
            {form.field("to", t!("metering-round-to"), |ask| &mut ask.to).show()}
        </div>
        {form.custom("parts", t!("metering-round-parts"), move |id, changed| plan.show(id, Signal::derive(move || chosen.get_value()), move || changed()))}
    };
    let cancel = home.clone();
    form.show(Ending::new(t!("kit-save")).wide().cancel_to(cancel), fields, move |_| {
        toast(t!("metering-round-assigned"));
        go(&home);
    })
}
