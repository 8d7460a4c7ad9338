//! Whether the months that are tried were read: what goes by usage is nothing before.

use std::collections::BTreeSet;

use common::billing::api::{LastRead, ListLastRead};
use common::charging::api::{FeeItemView, TariffView};
use common::charging::tariff::{CycleFrom, TariffRules};
use common::metering::Utility;
use common::period::{Month, Period};
use leptos::prelude::*;

use super::{Desk, months_offered};
use crate::api::call;
use crate::kit::{button, icons};
use crate::{session, t};

/// What a tariff goes by, where it goes by meters.
fn utility(item: &FeeItemView, tariff: &TariffView) -> Option<Utility> {
    tariff.rules.is_metered().then(|| tariff.rules.metered_kind(item.kind)).and_then(Utility::of_kind)
}

/// When the meters of these fee items were last read; `None` where that can't be told, which keeps nobody from trying.
pub(super) async fn last(items: &[FeeItemView]) -> Option<Vec<LastRead>> {
    let of = |item: &FeeItemView| item.tariffs.iter().filter_map(|tariff| utility(item, tariff)).collect::<Vec<_>>();
    let utilities: BTreeSet<Utility> = items.iter().flat_map(of).collect();
    if utilities.is_empty() {
        return Some(Vec::new());
    }
    call(ListLastRead { community: session::community(), utilities: utilities.into_iter().collect() }).await.ok()
}

/// In which month a tariff's meters were last read.
pub(super) fn of(read: &[LastRead], item: &FeeItemView, tariff: &TariffView) -> Option<Month> {
    let utility = utility(item, tariff)?;
    read.iter().find(|one| one.utility == utility).map(|one| one.month)
}

/// The latest so many months of which the last was read, or the latest cycle where a tariff's cycles go by the calendar and these are
/// none; only where a trial may begin with them.
pub(super) fn up_to(last: Month, months: u32, rules: &TariffRules) -> Option<(Month, u32)> {
    let first = |months: u32| last.plus(1 - i32::try_from(months).unwrap_or(1));
    let cycle = rules.cycle.months().max(1);
    let (first, months) = match rules.cycle_from == CycleFrom::Calendar && !rules.fits(first(months), months) {
        true => (rules.cycle.over_by(last, rules.cycle_month), cycle),
        false => (first(months), months),
    };
    months_offered().any(|month| month == first).then_some((first, months))
}

/// Says so where the months that are tried go beyond the last that was read, with the way to those up to it.
pub(super) fn note(desk: Desk) -> AnyView {
    let note = move || {
        let (item, tariff) = desk.tariff()?;
        utility(&item, &tariff)?;
        let last = desk.read.with_value(|read| read.as_ref().map(|read| of(read, &item, &tariff)))?;
        let Period { from, to } = desk.period();
        if last.is_some_and(|last| last.period().to >= to) {
            return None;
        }
        let words = match last {
            Some(last) => t!("billing-trial-unread", month = last.plus(1).max(Month::of(from)), item = item.name),
            None => t!("billing-trial-never-read", item = item.name),
        };
        let read = last.and_then(|last| up_to(last, desk.months.get(), &tariff.rules));
        let take = read.map(|(first, months)| {
            let words = match months {
                1 => t!("billing-trial-take-read", month = first),
                _ => t!("billing-trial-take-read-months", first = first, months = months),
            };
            button(icons::CALENDAR, words, move || {
                desk.first.set(first);
                desk.months.set(months);
            })
        });
        Some(view! {
            <div class="no-print flex flex-wrap items-center gap-3 border-b border-line px-6 py-3 text-base text-warning max-sm:px-4" role="status">
                <span>{words}</span>
                {take}
            </div>
        })
    };
    note.into_any()
}
