//! Reading rounds on the desk: their list, how far each is, who reads what, and the sheet of what is left.

pub(super) mod form;
pub(super) mod list;
pub(super) mod plan;
pub(super) mod round;
pub(super) mod sheet;

mod close;

use common::metering::Utility;
use common::metering::api::{MissReason, RoundPart, RoundState, Standing, Tally};
use common::period::Day;
use leptos::prelude::*;

use super::utility_name;
use crate::kit::{State, count, state_badge};
use crate::t;

pub(super) fn round_badge(state: RoundState) -> AnyView {
    match state {
        RoundState::Open => state_badge(State::Part, t!("metering-round-open")),
        RoundState::Closed => state_badge(State::Done, t!("metering-round-closed")),
    }
}

pub(super) fn standing_name(standing: Standing) -> String {
    t!(&format!("metering-standing-{}", standing.word()))
}

pub(super) fn miss_name(reason: MissReason) -> String {
    t!(&format!("metering-miss-{}", reason.word().replace('_', "-")))
}

/// 水、电
pub(super) fn utility_names(utilities: &[Utility]) -> String {
    utilities.iter().map(|utility| utility_name(*utility)).collect::<Vec<_>>().join(&t!("metering-list-comma"))
}

/// 2026-11-24 至 2026-11-28
pub(super) fn days(from: Day, to: Day) -> String {
    t!("metering-round-days", from = from, to = to)
}

/// 3栋, 3栋 1单元, 3栋 其余, or what belongs to no building.
pub(super) fn part_name(part: &RoundPart, divided: Divided) -> String {
    if part.building.is_none() {
        return t!("metering-no-building");
    }
    match (part.entrance.is_some(), divided) {
        (true, _) => format!("{} {}", part.building_name, part.entrance_name),
        (false, Divided::ByEntrance) => t!("metering-round-rest-of", building = part.building_name),
        (false, Divided::Whole) => part.building_name.clone(),
    }
}

/// Whether a building has parts by entrance.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Divided {
    Whole,
    ByEntrance,
}

impl Divided {
    pub(super) fn of(part: &RoundPart, parts: &[RoundPart]) -> Self {
        let entrances = parts.iter().any(|other| other.building == part.building && other.entrance.is_some());
        if entrances { Self::ByEntrance } else { Self::Whole }
    }
}

/// What a bar is cut into, in its order, and the colour of each; what is unread is the ground.
const CUTS: [(Standing, fn(&Tally) -> u64, &str); 4] = [
    (Standing::Read, |tally| tally.read, "var(--chart-1)"),
    (Standing::Estimated, |tally| tally.estimated, "var(--chart-3)"),
    (Standing::Review, |tally| tally.review, "var(--chart-2)"),
    (Standing::Missed, |tally| tally.missed, "var(--color-error)"),
];

/// In words for those who don't see the bar: 已抄 12，待复核 1 …
pub(super) fn tally_words(tally: Tally) -> String {
    let shown = CUTS.iter().map(|(standing, of, _)| (*standing, of(&tally))).chain([(Standing::Unread, tally.unread)]);
    let words: Vec<String> = shown
        .filter(|(_, many)| *many > 0)
        .map(|(standing, many)| format!("{} {}", standing_name(standing), count(many)))
        .collect();
    words.join(&t!("metering-comma"))
}

/// A bar cut to scale: read, estimated, waiting, not accessible.
pub(super) fn tally_bar(tally: Tally) -> AnyView {
    let share = |many: u64| {
        let tenths = many.saturating_mul(1_000).checked_div(tally.meters).unwrap_or(0);
        format!("{}.{}%", tenths / 10, tenths % 10)
    };
    let cuts = CUTS
        .iter()
        .map(|(_, of, colour)| (of(&tally), *colour))
        .filter(|(many, _)| *many > 0)
        .map(|(many, colour)| view! { <span style:width=share(many) style:min-width="2px" style:background=colour></span> })
        .collect_view();
    view! { <div role="img" aria-label=tally_words(tally) class="flex h-2 w-full min-w-16 gap-px overflow-hidden rounded-selector bg-base-300">{cuts}</div> }
        .into_any()
}

/// What the colours of the bars mean.
pub(super) fn legend() -> AnyView {
    let unread = (Standing::Unread, "var(--color-base-300)");
    let marks = CUTS
        .iter()
        .map(|(standing, _, colour)| (*standing, *colour))
        .chain([unread])
        .map(|(standing, colour)| {
            view! {
                <span class="inline-flex items-center gap-1.5">
                    <span class="inline-block size-2 rounded-[2px]" style:background=colour aria-hidden="true"></span>
                    {standing_name(standing)}
                </span>
            }
        })
        .collect_view();
    view! { <p class="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">{marks}</p> }.into_any()
}
