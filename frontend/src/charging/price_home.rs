//! What a typical home would pay by the price that is typed, beside what it pays now: a line under the price.

use common::billing::api::GetTrialInputs;
use common::billing::what_if::{Change, TypicalHome};
use common::charging::api::{PricePlace, PriceScope, SetPrice, TariffView};
use common::charging::explain::usage_unit;
use common::charging::tariff::{Cycle, FeeItemKind};
use common::charging::trace::{Basis, Trace};
use common::id::{BuildingId, FeeItemId, UnitId};
use common::period::{Day, Month};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::errands::{OpenHomes, TryPrice};
use crate::kit::{Form, figure, icon_sized, icons};
use crate::worker::{self, Download};
use crate::{session, t};

/// Which homes are looked at, and in which month.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Near {
    building: Option<BuildingId>,
    unit: Option<UnitId>,
    first: Month,
    months: u32,
}

/// The line; nothing for those who may not see what is billed, and where nobody gets a bill.
pub(super) fn home_line(
    form: Form<SetPrice>,
    fee_item: FeeItemId,
    tariff: StoredValue<TariffView>,
    kind: FeeItemKind,
    places: RwSignal<Vec<PricePlace>>,
) -> AnyView {
    if !session::may_ask::<GetTrialInputs>() {
        return ().into_any();
    }
    let metered = tariff.with_value(|tariff| tariff.rules.is_metered());
    let (cycle, cycle_month) = tariff.with_value(|tariff| (tariff.rules.cycle, tariff.rules.cycle_month));
    let near = Memo::new(move |_| {
        let (scope, from) = form.draft.with(|draft| (draft.scope, draft.from));
        let (building, unit) = places.with(|places| where_to_look(places, scope));
        Near { building, unit, first: first_month(from, metered, (cycle, cycle_month)), months: cycle.months() }
    });
    // What is known of the homes that were opened last; a price is tried when they are there.
    let opened = RwSignal::new(None::<Near>);
    let home = RwSignal::new(None::<TypicalHome>);
    Effect::new(move |_| {
        let near = near.get();
        let Near { building, unit, first, months } = near;
        let ask = GetTrialInputs { building, unit, ..GetTrialInputs::of(session::community(), first, months, vec![fee_item]) };
        let inputs = Download::of(&ask);
        spawn_local(async move {
            let there = worker::ask_downloading(OpenHomes { inputs }, |_| ()).await.is_ok();
            opened.try_set(there.then_some(near));
        });
    });
    let asked = StoredValue::new(0_u64);
    Effect::new(move |_| {
        let near = near.get();
        let change = form.draft.with(|draft| {
            let SetPrice { tariff, scope, .. } = *draft;
            let sound = draft.rate.problems("rate").is_empty();
            sound.then(|| Change::Price { tariff, scope, from: near.first.first_day(), to: None, rate: Some(draft.rate.clone()) })
        });
        asked.update_value(|asked| *asked += 1);
        let mine = asked.get_value();
        let Some(change) = change.filter(|_| opened.get() == Some(near)) else {
            home.set(None);
            return;
        };
        spawn_local(async move {
            let tried = worker::ask(TryPrice { change }, |_| ()).await.unwrap_or_default();
            if asked.try_with_value(|asked| *asked == mine) == Some(true) {
                home.try_set(tried);
            }
        });
    });
    let said = move || {
        home.get().map(|home| {
            view! {
                <p class="flex items-start gap-1.5 text-sm text-ink-2">
                    {icon_sized(icons::CALCULATOR, 14, "mt-[3px]")} <span>{said(&home, kind)}</span>
                </p>
            }
        })
    };
    view! { <div class="min-h-5" aria-live="polite">{said}</div> }.into_any()
}

/// The first whole cycle that the price would be for; of what is metered, the last one that is over.
fn first_month(from: Day, metered: bool, (cycle, cycle_month): (Cycle, u8)) -> Month {
    let length = i32::try_from(cycle.months().max(1)).unwrap_or(1);
    if metered {
        return cycle.begin(Month::of(session::today()), cycle_month).plus(-length);
    }
    let first = Month::of(from);
    let first = if first.first_day() < from { first.plus(1) } else { first };
    let begun = cycle.begin(first, cycle_month);
    if begun < first { begun.plus(length) } else { begun }
}

/// A building of the place, the one that most of its homes are charged in; or the unit.
fn where_to_look(places: &[PricePlace], scope: PriceScope) -> (Option<BuildingId>, Option<UnitId>) {
    let own = places.iter().find(|place| place.scope == scope).and_then(|place| place.building);
    match scope {
        PriceScope::Building { building } | PriceScope::Floor { building, .. } => (Some(building), None),
        PriceScope::Unit { unit } => (None, Some(unit)),
        PriceScope::Entrance { .. } => (own, None),
        PriceScope::Community => {
            let buildings = places.iter().filter_map(|place| match place.scope {
                PriceScope::Building { building } => Some((place.units, building)),
                _ => None,
            });
            (buildings.max_by_key(|(units, _)| *units).map(|(_, building)| building), None)
        }
    }
}

fn said(home: &TypicalHome, kind: FeeItemKind) -> String {
    let last = home.month.plus(i32::try_from(home.months).unwrap_or(1) - 1);
    let period = match last == home.month {
        true => home.month.to_string(),
        false => t!("kit-range-from-to", from = home.month, to = last),
    };
    let who = match measured(&home.trace, kind) {
        Some(measured) => t!("charging-price-home-of", unit = home.label, measured = measured),
        None => home.label.clone(),
    };
    match home.before_fen {
        Some(before) => t!("charging-price-home", home = who, period = period, after = home.after_fen, before = before),
        None => t!("charging-price-home-new", home = who, period = period, after = home.after_fen),
    }
}

/// What the home's bill is measured by: 89.50 ㎡.
fn measured(trace: &Trace, kind: FeeItemKind) -> Option<String> {
    match &trace.basis {
        Basis::Area { area } => Some(format!("{} {}", figure(area.get()), t!("kit-square-metre"))),
        Basis::Usage { usage, .. } => Some(format!("{} {}", figure(usage.get()), usage_unit(kind)).trim_end().to_owned()),
        Basis::Value { value } => Some(t!("charging-price-home-value", value = figure(value.get()))),
        Basis::Head => {
            let heads = trace.pieces.first().and_then(|piece| piece.quantity)?;
            Some(t!("charging-price-home-heads", heads = heads.normalize()))
        }
        _ => None,
    }
}
