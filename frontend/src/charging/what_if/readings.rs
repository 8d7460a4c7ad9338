//! Whether the months that are tried were read: what goes by usage is nothing before.

use std::collections::BTreeSet;

use common::billing::api::{LastRead, ListLastRead};
use common::charging::api::{FeeItemView, TariffView};
use common::metering::Utility;
use common::period::Month;
use common::problem::Problem;
use leptos::prelude::*;

use super::Desk;
use crate::api::call;
use crate::kit::{button, icons};
use crate::{session, t};

/// What a tariff goes by, where it goes by meters.
fn utility(item: &FeeItemView, tariff: &TariffView) -> Option<Utility> {
    tariff.rules.is_metered().then(|| tariff.rules.metered_kind(item.kind)).and_then(Utility::of_kind)
}

/// When the meters of these fee items were last read.
pub(super) async fn last(items: &[FeeItemView]) -> Result<Vec<LastRead>, Problem> {
    let of = |item: &FeeItemView| item.tariffs.iter().filter_map(|tariff| utility(item, tariff)).collect::<Vec<_>>();
    let utilities: BTreeSet<Utility> = items.iter().flat_map(of).collect();
    if utilities.is_empty() {
        return Ok(Vec::new());
    }
    call(ListLastRead { community: session::community(), utilities: utilities.into_iter().collect() }).await
}

/// In which month a tariff's meters were last read.
pub(super) fn of(read: &[LastRead], item: &FeeItemView, tariff: &TariffView) -> Option<Month> {
    let utility = utility(item, tariff)?;
    read.iter().find(|one| one.utility == utility).map(|one| one.month)
}

/// Says so where the months that are tried come after the last that was read, with the way to that one.
pub(super) fn note(desk: Desk) -> AnyView {
    let note = move || {
        let (item, tariff) = desk.tariff()?;
        utility(&item, &tariff)?;
        let (first, last) = (desk.first.get(), desk.read.with_value(|read| of(read, &item, &tariff)));
        if last.is_some_and(|last| first <= last) {
            return None;
        }
        let words = match last {
            Some(_) => t!("billing-trial-unread", month = first, item = item.name),
            None => t!("billing-trial-never-read", item = item.name),
        };
        let take =
            last.map(|last| button(icons::CALENDAR, t!("billing-trial-take-read", month = last), move || desk.first.set(last)));
        Some(view! {
            <div class="no-print flex flex-wrap items-center gap-3 border-b border-line px-6 py-3 text-base text-warning max-sm:px-4" role="status">
                <span>{words}</span>
                {take}
            </div>
        })
    };
    note.into_any()
}
