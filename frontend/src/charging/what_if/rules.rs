//! The dialog in which other rules of a tariff are tried: formula, rounding, proration, vacancy, coefficients.

use common::billing::what_if::Change;
use common::charging::api::{SaveTariff, TariffView};
use common::id::FeeItemId;
use leptos::prelude::*;

use super::super::tariff_form;
use super::{About, Desk};
use crate::kit::{Ending, Form, button, icons, wide_dialog};
use crate::{session, t};

/// The rules that are tried, in the form in which they are saved.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    desk: Desk,
    open: RwSignal<bool>,
    form: Form<SaveTariff>,
    tariff: StoredValue<TariffView>,
}

impl Rules {
    pub(super) fn new(desk: Desk, fee_item: FeeItemId, tariff: TariffView) -> Self {
        let start = SaveTariff {
            community: session::community(),
            tariff: tariff.id,
            fee_item,
            name: tariff.name.clone(),
            rules: tariff.rules.clone(),
        };
        Self {
            desk,
            open: RwSignal::new(false),
            form: Form::sending(start, tariff_form::stored),
            tariff: StoredValue::new(tariff),
        }
    }

    /// Opens with what is tried, or with what is in force.
    pub(super) fn button(self) -> AnyView {
        let Self { desk, open, form, tariff } = self;
        let id = tariff.with_value(|tariff| tariff.id);
        let tried = move || {
            let of = |change: &Change| match change {
                Change::Rules { tariff, rules } if *tariff == id => Some(rules.clone()),
                _ => None,
            };
            desk.changes.with(|changes| changes.iter().find_map(of))
        };
        let has = Memo::new(move |_| tried().is_some());
        let edit = move || {
            let rules = untrack(tried).unwrap_or_else(|| tariff.with_value(|tariff| tariff.rules.clone()));
            let start = form.draft.with_untracked(Clone::clone);
            form.restart(SaveTariff { rules, ..start });
            open.set(true);
        };
        let back = move || desk.change(About::Rules(id), None);
        view! {
            {button(icons::SLIDERS_HORIZONTAL, t!("charging-what-if-rules"), edit)}
            {move || has.get().then(|| button(icons::UNDO_2, t!("charging-what-if-rules-back"), back))}
        }
        .into_any()
    }

    pub(super) fn show(self) -> AnyView {
        let Self { desk, open, form, tariff } = self;
        let title = move || t!("charging-what-if-rules-of", name = tariff.with_value(|tariff| tariff.name.clone()));
        wide_dialog(open, title, move || {
            let take = move |draft: SaveTariff| {
                let same = tariff.with_value(|tariff| tariff.rules == draft.rules);
                let change = (!same).then_some(Change::Rules { tariff: draft.tariff, rules: draft.rules });
                desk.change(About::Rules(draft.tariff), change);
                open.set(false);
            };
            let ending = Ending::new(t!("charging-what-if-try")).in_dialog().wide().cancel(move || open.set(false));
            view! { <div class="mt-3">{form.show_taking(ending, tariff_form::rules_of_mode(form), take)}</div> }.into_any()
        })
    }
}
