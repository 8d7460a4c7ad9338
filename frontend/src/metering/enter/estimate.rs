//! Meters that nobody could read are estimated, after it was said for which.

use common::id::ReadingImportId;
use common::metering::api::EstimateReadings;
use common::period::{Day, Month};
use leptos::prelude::*;
use uuid::Uuid;

use crate::kit::{Confirm, Deed, Query, Reload, button, icons, toast};
use crate::{session, t};

/// Asks first, then estimates what is unread of the building and utility that the page shows.
pub(super) fn estimate_button(query: Query, month: Memo<Month>, day: RwSignal<Day>, reload: Reload) -> AnyView {
    let deed = Deed::new();
    let ask = move || {
        let ask = EstimateReadings {
            community: session::community(),
            estimate: ReadingImportId(Uuid::now_v7()),
            month: month.get_untracked(),
            day: day.get_untracked(),
            building: untrack(|| query.one("building")).and_then(|id| id.parse().ok()),
            utility: untrack(|| query.one("utility")).and_then(|word| word.parse().ok()),
        };
        let title = t!("metering-estimate-title", month = ask.month);
        let why =
            if ask.building.is_some() || ask.utility.is_some() { "metering-estimate-why-part" } else { "metering-estimate-why" };
        Confirm::new(title, t!(why), t!("metering-estimate")).ask(move || {
            deed.run(ask, move |done| {
                toast(t!("metering-estimated-count", made = done.made, left = done.left));
                reload.now();
            });
        });
    };
    button(icons::CALCULATOR, t!("metering-estimate"), ask)
}
