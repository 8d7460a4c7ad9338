//! What the lines of the entry page share: what is typed and where one types outlive a table that is drawn anew.

use std::collections::HashMap;

use common::id::{MeterId, ReadingId};
use common::metering::api::{ReadingRow, RoundRow};
use common::period::{Day, Month};
use common::problem::Problem;
use common::quantity::Quantity;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsCast;

use crate::kit::{Reload, focus_id, leave};

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
    guard: leave::Guard,
}

/// What a line knows besides its meter: the same of a meter and month however often its table is drawn, so that a figure is sent
/// under one id and its answer finds the line that stands there by then.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) id: ReadingId,
    pub(super) typed: ArcRwSignal<String>,
    pub(super) rolled: ArcRwSignal<bool>,
    pub(super) confirmed: ArcRwSignal<bool>,
    pub(super) saved: ArcRwSignal<Option<ReadingRow>>,
    pub(super) problem: ArcRwSignal<Option<Problem>>,
    pub(super) busy: ArcRwSignal<bool>,
}

impl Entry {
    fn blank() -> Self {
        Self {
            id: ReadingId(Uuid::now_v7()),
            typed: ArcRwSignal::new(String::new()),
            rolled: ArcRwSignal::new(false),
            confirmed: ArcRwSignal::new(false),
            saved: ArcRwSignal::new(None),
            problem: ArcRwSignal::new(None),
            busy: ArcRwSignal::new(false),
        }
    }

    /// What is on its way is not lost with the page.
    fn would_be_lost(&self) -> bool {
        !self.busy.get_untracked() && self.typed.with_untracked(|typed| !typed.trim().is_empty())
    }
}

/// What is not saved yet, and where one types.
#[derive(Default)]
struct Kept {
    month: Option<Month>,
    entries: HashMap<(Month, MeterId), Entry>,
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
            guard: leave::Guard::new(),
        }
    }

    /// A table of this month is drawn: in another one than before, one does not type yet.
    pub(super) fn of_month(self, month: Month) {
        self.kept.update_value(|kept| {
            if kept.month.replace(month) != Some(month) {
                kept.at = None;
            }
        });
    }

    /// What is known of this meter's line in this month.
    pub(super) fn entry(self, month: Month, meter: MeterId) -> Entry {
        let mut entry = None;
        self.kept.update_value(|kept| entry = Some(kept.entries.entry((month, meter)).or_insert_with(Entry::blank).clone()));
        entry.unwrap_or_else(Entry::blank)
    }

    /// Something was typed, sent or answered: leaving asks while a figure would be lost. The page may be gone.
    pub(super) fn watch(self) {
        let lost = self.kept.try_with_value(|kept| kept.entries.values().any(Entry::would_be_lost));
        match lost {
            Some(true) => self.guard.dirty(),
            _ => self.guard.clean(),
        }
    }

    /// There is a reading: what was typed for it is over. The page may be gone when it is.
    pub(super) fn saved(self, month: Month, meter: MeterId) {
        self.kept.try_update_value(|kept| drop(kept.entries.remove(&(month, meter))));
        self.watch();
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
