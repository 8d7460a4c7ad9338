//! 我的抄表: what one has to read again, and one's parts of the open rounds, to be walked with a phone.

use common::metering::api::{GetMyRounds, MyRound, MyRounds, RereadRow, RoundPart};
use leptos::prelude::*;

use super::rounds::{Divided, days, part_name, tally_bar, utility_names};
use super::{figure, meter_kind, whereabouts};
use crate::api::call;
use crate::kit::{Empty, Header, State, count, empty_view, icon_sized, icons, link_button, load, section, state_badge};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let body = load(move || call(GetMyRounds { community }), 10, |mine: MyRounds| of(&mine));
    view! {
        {Header::new(t!("metering-mine")).show()}
        <div class="border-t border-line pb-8">{body}</div>
    }
    .into_any()
}

fn of(mine: &MyRounds) -> AnyView {
    if mine.rereads.is_empty() && mine.rounds.is_empty() {
        let empty = Empty::new(icons::CIRCLE_CHECK, t!("metering-mine-none"), t!("metering-mine-none-why"));
        let rounds = link_button(icons::CLIPBOARD_LIST, t!("metering-rounds"), "/metering/rounds");
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(empty.actions(rounds))}</div> }.into_any();
    }
    let again = (!mine.rereads.is_empty()).then(|| {
        let lines = mine.rereads.iter().map(reread).collect_view();
        section(t!("metering-rereads"), view! { <span class="count">{count(mine.rereads.len())}</span> }, list(lines))
    });
    let rounds = mine.rounds.iter().map(round).collect_view();
    view! { <div class="max-w-220">{again} {rounds}</div> }.into_any()
}

fn list(lines: impl IntoAny) -> AnyView {
    view! { <ul class="-mx-2 border-t border-line">{lines.into_any()}</ul> }.into_any()
}

const LINE: &str = "flex min-h-16 items-center gap-3 rounded-field px-2 py-2 hover:bg-hover";

fn reread(task: &RereadRow) -> AnyView {
    let href = format!("/metering/walk?month={}&meter={}&reread={}", task.month, task.meter, task.id);
    let late = task.due < session::today();
    let due = t!("metering-reread-by", day = task.due);
    let due = if late {
        state_badge(State::Late, due)
    } else {
        view! { <span class="text-xs whitespace-nowrap text-ink-2">{due}</span> }.into_any()
    };
    view! {
        <li class="border-b border-line">
            <a href=href class=LINE>
                {icon_sized(icons::ROTATE_CCW, 20, "text-warning")}
                <span class="min-w-0 flex-1">
                    <span class="flex flex-wrap items-baseline gap-x-2">
                        <span class="text-base font-semibold">{whereabouts(task.unit.as_ref(), &task.place)}</span>
                        <span class="label-xs">{meter_kind(task.utility, task.register)} " " {task.meter_code.clone()}</span>
                    </span>
                    <span class="block text-sm text-ink-2">{t!("metering-reread-refused", value = figure(task.refused))} " " {super::rereads::why(task)}</span>
                    {(!task.note.is_empty()).then(|| view! { <span class="block text-sm">{task.note.clone()}</span> })}
                </span>
                {due}
                {icon_sized(icons::CHEVRON_RIGHT, 20, "text-ink-3")}
            </a>
        </li>
    }
    .into_any()
}

fn round(round: &MyRound) -> AnyView {
    let lines = round.parts.iter().map(|part| line(round, part)).collect_view();
    let title = format!("{} {}", round.month, utility_names(&round.utilities));
    let late = round.to < session::today() && round.parts.iter().any(|part| part.tally.left() > 0);
    let when = days(round.from, round.to);
    let when = if late {
        state_badge(State::Late, t!("metering-round-late"))
    } else {
        view! { <span class="text-sm text-ink-2">{when}</span> }.into_any()
    };
    let unsent = super::walk::unsent_of(Some(round.id.0)).count();
    let unsent = (unsent > 0).then(|| state_badge(State::Wait, t!("metering-mine-unsent", count = count(unsent))));
    section(title, view! { {when} {unsent} }, list(lines))
}

fn line(round: &MyRound, part: &RoundPart) -> AnyView {
    let name = part_name(part, Divided::of(part, &round.parts));
    let href = format!("/metering/walk?month={}&round={}&part={}", round.month, round.id, part.id);
    let tally = part.tally;
    let words = match (tally.left(), tally.missed) {
        (0, _) => t!("metering-mine-done"),
        (left, 0) => t!("metering-mine-left", count = count(left)),
        (left, missed) => t!("metering-mine-left-missed", count = count(left), missed = count(missed)),
    };
    let shape = if tally.left() == 0 {
        icon_sized(icons::CIRCLE_CHECK, 20, "text-success")
    } else {
        icon_sized(icons::BUILDING, 20, "text-ink-3")
    };
    view! {
        <li class="border-b border-line">
            <a href=href class=LINE>
                {shape}
                <span class="min-w-0 flex-1">
                    <span class="flex items-baseline justify-between gap-2">
                        <span class="text-base font-semibold">{name}</span>
                        <span class="num text-sm">{count(tally.done())} " / " {count(tally.meters)}</span>
                    </span>
                    <span class="my-1 block">{tally_bar(tally)}</span>
                    <span class="block text-xs text-ink-2">{words}</span>
                </span>
                {icon_sized(icons::CHEVRON_RIGHT, 20, "text-ink-3")}
            </a>
        </li>
    }
    .into_any()
}
