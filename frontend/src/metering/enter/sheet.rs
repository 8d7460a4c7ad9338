//! What the lines of the entry page share: what is typed and where one types outlive a table that is drawn anew.

use std::collections::HashMap;

use common::id::MeterId;
use common::metering::api::{ReadingRow, RoundRow};
use common::period::{Day, Month};
use common::quantity::Quantity;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::kit::{Reload, focus_id};

/// A meter that was exchanged, and the figure that was typed for it.
pub(super) type Exchanged = (RoundRow, Option<Quantity>);

/// What the lines of the page share.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub(super) day: RwSignal<Day>,
    pub(super) replacing: RwSignal<Option<Exchanged>>,
    pub(super) correcting: RwSignal<Option<ReadingRow>>,
    pub(super) reload: Reload,
    kept: StoredValue<Kept>,
}

/// What is not saved yet, of one month.
#[derive(Default)]
struct Kept {
    month: Option<Month>,
    typed: HashMap<MeterId, String>,
    at: Option<MeterId>,
}

impl Sheet {
    pub(super) fn new(day: RwSignal<Day>, reload: Reload) -> Self {
        Self {
            day,
            replacing: RwSignal::new(None),
            correcting: RwSignal::new(None),
            reload,
            kept: StoredValue::new(Kept::default()),
        }
    }

    /// A table of this month is drawn: figures typed for another one are over.
    pub(super) fn of_month(self, month: Month) {
        self.kept.update_value(|kept| {
            if kept.month != Some(month) {
                *kept = Kept { month: Some(month), ..Kept::default() };
            }
        });
    }

    pub(super) fn typed(self, meter: MeterId) -> String {
        self.kept.with_value(|kept| kept.typed.get(&meter).cloned().unwrap_or_default())
    }

    pub(super) fn keep(self, meter: MeterId, text: &str) {
        self.kept.update_value(|kept| drop(kept.typed.insert(meter, text.to_owned())));
    }

    /// The page may be gone when it is.
    pub(super) fn saved(self, meter: MeterId) {
        self.kept.try_update_value(|kept| drop(kept.typed.remove(&meter)));
    }

    /// One types at this meter, or nowhere.
    pub(super) fn go_to(self, meter: Option<MeterId>) {
        self.kept.update_value(|kept| kept.at = meter);
    }

    /// Where one typed while these lines were on their way, one goes on; never in the line of another meter.
    pub(super) fn go_on(self, rows: &[RoundRow]) {
        let Some(meter) = self.kept.with_value(|kept| kept.at) else { return };
        let place = rows.iter().position(|row| row.meter == meter);
        if place.is_none() {
            self.go_to(None);
        }
        request_animation_frame(move || match place {
            Some(place) => focus_id(&format!("round-{place}")),
            None => leave_line(),
        });
    }
}

/// The line that one was in is not shown any more: another one stands in its place.
fn leave_line() {
    let active = document().active_element().and_then(|active| active.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(line) = active.filter(|active| active.id().starts_with("round-")) {
        let _left = line.blur();
    }
}
